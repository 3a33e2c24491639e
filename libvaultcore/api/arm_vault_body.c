/* what a body says of a vault, and what of it may be said */

#include "api/arm_vault.h"
#include "api/object_body.h"

#define VC_RBAC_DEFAULT_SINCE "2026-02-01"

/* a body on its way into a vault */
typedef struct {
    vc_call_t    *call;
    const json_t *body;
    const json_t *properties; /* NULL: a PATCH without */
    vc_vault_t   *vault;
    bool          whole; /* PUT: what is required must be there */
    bool          is_new;
    bool          other_tenant; /* than the stored one */
} vc_vault_body_t;


static vc_status_t
vc_body_properties(vc_vault_body_t *b)
{
    b->properties = vc_json_member(b->body, "properties");

    if (b->properties == NULL && b->whole) {
        return vc_fail(&b->call->error, VC_ARM_BAD_REQUEST,
            "The property \"properties\" is missing; a vault needs it, with "
            "tenantId, sku and accessPolicies.");
    }

    if (b->properties != NULL && !json_is_object(b->properties)) {
        return vc_arm_bad_property(b->call, "properties",
            "it must be an object");
    }

    return VC_OK;
}


static vc_status_t
vc_body_tenant(vc_vault_body_t *b)
{
    size_t      i;
    vc_str_t    tenant;
    vc_status_t status;

    tenant = VC_STR_NULL;
    status = vc_arm_member_text(b->call, b->properties, "tenantId", &tenant);

    if (status != VC_OK || (tenant.data == NULL && !b->whole)) {
        return status;
    }

    if (tenant.data == NULL || !vc_guid_valid(tenant)) {
        return vc_arm_bad_property(b->call, "tenantId",
            "it is required and must be a GUID");
    }

    b->other_tenant = !vc_str_ieq(tenant, vc_str(b->vault->tenant));

    for (i = 0; i < tenant.len; i++) {
        b->vault->tenant[i] = (char) ((tenant.data[i] >= 'A')
                                          ? tenant.data[i] | 0x20
                                          : tenant.data[i]);
    }

    return VC_OK;
}


static vc_status_t
vc_body_sku(vc_vault_body_t *b)
{
    vc_str_t      name, family;
    vc_status_t   status;
    const json_t *sku;

    sku = vc_json_member(b->properties, "sku");
    name = VC_STR_NULL;
    family = VC_STR_NULL;

    if (sku == NULL && !b->whole) {
        return VC_OK;
    }

    status = vc_arm_member_text(b->call, sku, "name", &name);
    if (status == VC_OK) {
        status = vc_arm_member_text(b->call, sku, "family", &family);
    }

    if (status != VC_OK) {
        return status;
    }

    b->vault->premium = vc_str_ieq(name, VC_STR("premium"));

    if (!vc_str_ieq(family, VC_STR("A"))
        || (!b->vault->premium && !vc_str_ieq(name, VC_STR("standard"))))
    {
        return vc_fail(&b->call->error, VC_ARM_BAD_SKU,
            "The property \"sku\" is required, with the family \"A\" and the "
            "name \"standard\" or \"premium\".");
    }

    return VC_OK;
}


static vc_status_t
vc_body_soft_delete(vc_vault_body_t *b)
{
    bool        said, on;
    vc_status_t status;

    status = vc_arm_member_flag(b->call, b->properties, "enableSoftDelete",
        &said, &on);

    if (status != VC_OK || !said) {
        return status;
    }

    if (!on) {
        return vc_fail(&b->call->error, VC_ARM_BAD_REQUEST,
            "The property \"enableSoftDelete\" can be set to false only for "
            "creating new vault. Enabling the 'soft delete' functionality is "
            "an irreversible action, and all vaults have it here.");
    }

    b->vault->soft_delete_said = true;

    return VC_OK;
}


static vc_status_t
vc_body_retention(vc_vault_body_t *b)
{
    json_int_t    days;
    const json_t *value;

    value = vc_json_member(b->properties, "softDeleteRetentionInDays");

    if (value == NULL) {
        if (b->is_new) {
            b->vault->retention_days = VC_RETENTION_MAX;
        }

        return VC_OK;
    }

    days = json_integer_value(value);

    if (!json_is_integer(value) || days < VC_RETENTION_MIN
        || days > VC_RETENTION_MAX)
    {
        return vc_arm_bad_property(b->call, "softDeleteRetentionInDays",
            "it must be an integer from 7 to 90");
    }

    if (!b->is_new && days != b->vault->retention_days) {
        return vc_fail(&b->call->error, VC_ARM_BAD_REQUEST,
            "The property \"softDeleteRetentionInDays\" has been set already "
            "and it can't be modified; it is %d.",
            b->vault->retention_days);
    }

    b->vault->retention_days = (int) days;

    return VC_OK;
}


static vc_status_t
vc_body_purge_protection(vc_vault_body_t *b)
{
    bool        said, on;
    vc_status_t status;

    status = vc_arm_member_flag(b->call, b->properties, "enablePurgeProtection",
        &said, &on);

    if (status != VC_OK || !said) {
        return status;
    }

    if (!on) {
        return vc_fail(&b->call->error, VC_ARM_BAD_REQUEST,
            "The property \"enablePurgeProtection\" cannot be set to false. "
            "Enabling the purge protection for a vault is an irreversible "
            "action.");
    }

    b->vault->purge_protection = true;

    return VC_OK;
}


static vc_status_t
vc_body_rbac(vc_vault_body_t *b)
{
    bool        said;
    vc_status_t status;

    status = vc_arm_member_flag(b->call, b->properties,
        "enableRbacAuthorization", &said, &b->vault->rbac);

    if (status == VC_OK && !said && b->is_new) {
        b->vault->rbac = vc_arm_version_is_from(b->call, VC_RBAC_DEFAULT_SINCE);
    }

    return status;
}


static vc_status_t
vc_body_enabled_for(vc_vault_body_t *b)
{
    static const struct {
        const char *name;
        uint8_t     flag;
    } properties[] = {
        {"enabledForDeployment", VC_FOR_DEPLOYMENT},
        {"enabledForDiskEncryption", VC_FOR_DISK_ENCRYPTION},
        {"enabledForTemplateDeployment", VC_FOR_TEMPLATES},
    };

    bool        said, on;
    size_t      i;
    uint8_t     flag;
    vc_status_t status;

    for (i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
        status = vc_arm_member_flag(b->call, b->properties, properties[i].name,
            &said, &on);

        if (status != VC_OK) {
            return status;
        }

        if (said) {
            flag = properties[i].flag;
            b->vault->enabled_for_said |= flag;
            b->vault->enabled_for = (uint8_t) (on ? b->vault->enabled_for | flag
                                                  : b->vault->enabled_for
                                                        & ~(unsigned) flag);
        }
    }

    return VC_OK;
}


static vc_status_t
vc_body_policies(vc_vault_body_t *b)
{
    if (vc_json_member(b->properties, "accessPolicies") != NULL) {
        return vc_arm_policies_read(b->call, b->properties, b->vault);
    }

    /* object ids of one tenant mean nothing in another, or somebody else */
    if (b->other_tenant && !b->whole && b->vault->policy_count != 0) {
        return vc_fail(&b->call->error, VC_ARM_BAD_REQUEST,
            "The property \"accessPolicies\" is missing; a vault that comes to "
            "another tenant needs them anew, with that tenantId, and they can "
            "be an empty array.");
    }

    if (b->whole && !b->vault->rbac) {
        return vc_fail(&b->call->error, VC_ARM_BAD_REQUEST,
            "The property \"accessPolicies\" is missing; it is required, and "
            "can be an empty array, unless enableRbacAuthorization is true.");
    }

    if (b->whole) {
        b->vault->policy_count = 0;
    }

    return VC_OK;
}


static vc_status_t
vc_body_tags(vc_vault_body_t *b)
{
    if (b->whole) {
        b->vault->tags = VC_STR_NULL;
    }

    return vc_arm_member_tags(b->call, b->body, &b->vault->tags);
}


static vc_status_t
vc_body_location(vc_vault_body_t *b)
{
    return vc_arm_member_location(b->call, b->body, b->vault->name,
        b->vault->location, &b->vault->location);
}


static vc_status_t
vc_body_network(vc_vault_body_t *b)
{
    return vc_arm_network_read(b->call, b->properties, b->whole,
        &b->vault->network);
}


/*
 * Which model decides, and whose object ids its roles name, is a matter of who
 * gives roles: else whoever may write a vault would have its content at once.
 * Who may give some roles only is not enough.
 */
static vc_status_t
vc_body_check_model(vc_vault_body_t *b)
{
    vc_call_t        *call;
    const vc_vault_t *before;

    call = b->call;
    before = call->arm->vault;

    if (b->is_new
        || (b->vault->rbac == before->rbac
            && (!before->rbac
                || vc_str_ieq(vc_str(b->vault->tenant),
                    vc_str(before->tenant)))))
    {
        return VC_OK;
    }

    if (vc_roles_decide_assignment(call->principal, call->arm->grants,
            VC_STR(VC_ASSIGNMENT_WRITE), call->arm->scope,
            VC_STR(VC_ROLE_OWNER))
        != NULL)
    {
        return VC_OK;
    }

    call->granted = false;

    return vc_arm_forbid(call, VC_ASSIGNMENT_WRITE, call->arm->scope);
}


vc_status_t
vc_arm_vault_read(vc_call_t *call, const json_t *body, bool whole,
    vc_vault_t *vault)
{
    /* in this order: policies need to know the tenant, and whether roles
       decide */
    static vc_status_t (*const steps[])(
        vc_vault_body_t *) = {vc_body_properties, vc_body_location,
        vc_body_tenant, vc_body_sku, vc_body_soft_delete, vc_body_retention,
        vc_body_purge_protection, vc_body_rbac, vc_body_check_model,
        vc_body_policies, vc_body_enabled_for, vc_body_network, vc_body_tags};

    size_t          i;
    vc_status_t     status;
    vc_vault_body_t b;

    b = (vc_vault_body_t){call, body, NULL, vault, whole,
        vault->revision == VC_REVISION_NONE, false};
    status = VC_OK;

    for (i = 0; status == VC_OK && i < sizeof(steps) / sizeof(steps[0]); i++) {
        status = steps[i](&b);
    }

    return status;
}
