/* vaults as the management plane shows them */

#include "api/arm_vault.h"


static void
vc_put_flag(vc_buf_t *out, const char *name, bool value)
{
    vc_buf_printf(out, ",\"%s\":%s", name, value ? "true" : "false");
}


static void
vc_put_permissions(const vc_policy_t *policy, vc_buf_t *out)
{
    size_t      i;
    unsigned    family;
    const char *name, *separator;

    vc_buf_text(out, "{");

    for (family = 0; family < VC_FAMILY_COUNT; family++) {
        vc_buf_printf(out, "%s\"%s\":[", family == 0 ? "" : ",",
            vc_family_name((vc_family_t) family));
        separator = "";

        for (i = 0; (name = vc_permission_at((vc_family_t) family, i)) != NULL;
             i++) {
            if ((policy->permissions[family] & 1U << i) != 0) {
                vc_buf_printf(out, "%s\"%s\"", separator, name);
                separator = ",";
            }
        }

        vc_buf_text(out, "]");
    }

    vc_buf_text(out, "}");
}


void
vc_arm_put_policies(const vc_vault_t *vault, vc_buf_t *out)
{
    size_t             i;
    const vc_policy_t *policy;

    vc_buf_text(out, "[");

    for (i = 0; i < vault->policy_count; i++) {
        policy = &vault->policies[i];
        vc_buf_printf(out, "%s{\"tenantId\":\"%s\",\"objectId\":\"%s\",",
            i == 0 ? "" : ",", vault->tenant, policy->object_id);

        if (policy->application_id[0] != '\0') {
            vc_buf_printf(out, "\"applicationId\":\"%s\",",
                policy->application_id);
        }

        vc_buf_text(out, "\"permissions\":");
        vc_put_permissions(policy, out);
        vc_buf_text(out, "}");
    }

    vc_buf_text(out, "]");
}


static void
vc_put_network(const vc_network_t *network, vc_buf_t *out)
{
    size_t i;

    if (!network->has_rules) {
        return;
    }

    vc_buf_printf(out,
        ",\"networkAcls\":{\"bypass\":\"%s\",\"defaultAction\":\"%s\","
        "\"ipRules\":[",
        network->bypass ? "AzureServices" : "None",
        network->deny ? "Deny" : "Allow");

    for (i = 0; i < network->range_count; i++) {
        vc_buf_text(out, i == 0 ? "{\"value\":\"" : ",{\"value\":\"");
        vc_range_text(&network->ranges[i], out);
        vc_buf_text(out, "\"}");
    }

    vc_buf_text(out, "],\"virtualNetworkRules\":");
    vc_buf_str(out, network->virtual_rules.len == 0 ? VC_STR("[]")
                                                    : network->virtual_rules);
    vc_buf_text(out, "}");
}


static void
vc_put_enabled_for(const vc_vault_t *vault, vc_buf_t *out)
{
    if ((vault->enabled_for_said & VC_FOR_DEPLOYMENT) != 0) {
        vc_put_flag(out, "enabledForDeployment",
            (vault->enabled_for & VC_FOR_DEPLOYMENT) != 0);
    }

    if ((vault->enabled_for_said & VC_FOR_DISK_ENCRYPTION) != 0) {
        vc_put_flag(out, "enabledForDiskEncryption",
            (vault->enabled_for & VC_FOR_DISK_ENCRYPTION) != 0);
    }

    if ((vault->enabled_for_said & VC_FOR_TEMPLATES) != 0) {
        vc_put_flag(out, "enabledForTemplateDeployment",
            (vault->enabled_for & VC_FOR_TEMPLATES) != 0);
    }
}


/* who is known by object id only, not what kind of principal it is */
static void
vc_put_system_data(const vc_vault_t *vault, vc_buf_t *out)
{
    vc_buf_text(out, "{");

    if (vault->created_by[0] != '\0') {
        vc_buf_printf(out, "\"createdBy\":\"%s\",", vault->created_by);
    }

    if (vault->modified_by[0] != '\0') {
        vc_buf_printf(out, "\"lastModifiedBy\":\"%s\",", vault->modified_by);
    }

    vc_buf_text(out, "\"createdAt\":\"");
    vc_arm_put_time(out, vault->created);
    vc_buf_text(out, "\",\"lastModifiedAt\":\"");
    vc_arm_put_time(out,
        vault->modified != 0 ? vault->modified : vault->created);
    vc_buf_text(out, "\"}");
}


static void
vc_put_properties(const vc_call_t *call, const vc_vault_t *vault, vc_buf_t *out)
{
    vc_buf_printf(out,
        "{\"sku\":{\"family\":\"A\",\"name\":\"%s\"},\"tenantId\":\"%s\"",
        vault->premium ? "premium" : "standard", vault->tenant);
    vc_put_network(&vault->network, out);
    vc_buf_text(out, ",\"accessPolicies\":");
    vc_arm_put_policies(vault, out);
    vc_put_enabled_for(vault, out);
    vc_put_flag(out, "enableSoftDelete", true);
    vc_buf_printf(out, ",\"softDeleteRetentionInDays\":%d",
        vault->retention_days);
    vc_put_flag(out, "enableRbacAuthorization", vault->rbac);

    if (vault->purge_protection) {
        vc_put_flag(out, "enablePurgeProtection", true);
    }

    vc_buf_printf(out,
        ",\"vaultUri\":\"https://%s.%.*s/\",\"provisioningState\":"
        "\"Succeeded\",\"publicNetworkAccess\":\"%s\"}",
        vault->name, VC_STR_ARG(call->engine->options->management.vault_domain),
        vault->network.public_disabled ? "Disabled" : "Enabled");
}


static void
vc_put_tags_or_none(const vc_vault_t *vault, vc_buf_t *out)
{
    vc_buf_text(out, "\"tags\":");
    vc_buf_str(out, vault->tags.len == 0 ? VC_STR("{}") : vault->tags);
}


void
vc_arm_put_vault_head(const vc_call_t *call, const vc_vault_t *vault,
    vc_buf_t *out)
{
    vc_buf_text(out, "\"id\":\"");
    vc_vault_resource_id(vault, vc_str(call->engine->installation.id), out);
    vc_buf_printf(out,
        "\",\"name\":\"%s\",\"type\":\"Microsoft.KeyVault/vaults\","
        "\"location\":\"%.*s\",",
        vault->name, VC_STR_ARG(vault->location));
    vc_put_tags_or_none(vault, out);
}


void
vc_arm_put_vault(const vc_call_t *call, const vc_vault_t *vault, vc_buf_t *out)
{
    vc_buf_text(out, "{");
    vc_arm_put_vault_head(call, vault, out);
    vc_buf_text(out, ",\"systemData\":");
    vc_put_system_data(vault, out);
    vc_buf_text(out, ",\"properties\":");
    vc_put_properties(call, vault, out);
    vc_buf_text(out, "}");
}


void
vc_arm_put_deleted(const vc_call_t *call, const vc_vault_t *vault,
    vc_buf_t *out)
{
    const char *subscription;

    subscription = call->engine->installation.id;

    vc_buf_printf(out,
        "{\"id\":\"/subscriptions/%s/providers/Microsoft.KeyVault/locations/"
        "%.*s/deletedVaults/%s\",\"name\":\"%s\",\"type\":"
        "\"Microsoft.KeyVault/deletedVaults\",\"properties\":{\"vaultId\":\"",
        subscription, VC_STR_ARG(vault->location), vault->name, vault->name);
    vc_vault_resource_id(vault, vc_str(subscription), out);
    vc_buf_printf(out, "\",\"location\":\"%.*s\",",
        VC_STR_ARG(vault->location));
    vc_put_tags_or_none(vault, out);
    vc_buf_text(out, ",\"deletionDate\":\"");
    vc_arm_put_time(out, vault->deleted);
    vc_buf_text(out, "\",\"scheduledPurgeDate\":\"");
    vc_arm_put_time(out, vault->scheduled_purge);
    vc_buf_text(out, "\"");

    if (vault->purge_protection) {
        vc_put_flag(out, "purgeProtectionEnabled", true);
    }

    vc_buf_text(out, "}}");
}
