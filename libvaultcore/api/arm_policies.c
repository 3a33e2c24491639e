/* access policies in bodies, and the resource accessPolicies of a vault */

#include <string.h>

#include "api/arm_handlers.h"
#include "api/arm_vault.h"
#include "api/object_body.h"

/* a list of policies that is being made */
typedef struct {
    vc_policy_t *items;
    size_t       count;
    size_t       room;
} vc_policies_t;

typedef enum {
    VC_POLICIES_ADD,
    VC_POLICIES_REPLACE,
    VC_POLICIES_REMOVE
} vc_policies_kind_t;


static vc_status_t
vc_policy_read_guid(vc_call_t *call, const json_t *entry, const char *name,
    bool required, char *out)
{
    char        member[64];
    vc_buf_t    text;
    vc_str_t    value;
    vc_status_t status;

    value = VC_STR_NULL;
    status = vc_arm_member_text(call, entry, name, &value);

    if (status != VC_OK || (value.data == NULL && !required)) {
        return status;
    }

    if (value.data != NULL && vc_guid_valid(value)) {
        memcpy(out, value.data, VC_GUID_LEN);
        return VC_OK;
    }

    vc_buf_fixed(&text, member, sizeof(member));
    vc_buf_printf(&text, "accessPolicies.%s", name);
    vc_buf_u8(&text, '\0');

    return vc_arm_bad_property(call, member, "it must be a GUID");
}


static vc_status_t
vc_policy_read_family(vc_call_t *call, const json_t *names, vc_family_t family,
    uint32_t *out)
{
    char     shown[48];
    size_t   i;
    json_t  *name;
    uint32_t bits;

    if (names != NULL && !json_is_array(names)) {
        return vc_arm_bad_property(call, "accessPolicies.permissions",
            "keys, secrets, certificates and storage must be arrays of names");
    }

    json_array_foreach(names, i, name)
    {
        bits = json_is_string(name)
                   ? vc_permission_parse(family, vc_json_text(name))
                   : 0;

        if (bits == 0) {
            return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
                "The property \"accessPolicies.permissions.%s\" is invalid: "
                "'%s' is not one of its permissions.",
                vc_family_name(family),
                vc_str_printable(vc_json_text(name), shown, sizeof(shown)));
        }

        *out |= bits;
    }

    return VC_OK;
}


static vc_status_t
vc_policy_read(vc_call_t *call, const json_t *entry, const char *tenant,
    vc_policy_t *out)
{
    char          own[VC_GUID_LEN + 1];
    unsigned      i;
    vc_status_t   status;
    const json_t *permissions;

    memset(out, 0, sizeof(*out));
    memset(own, 0, sizeof(own));
    permissions = vc_json_member(entry, "permissions");

    if (!json_is_object(permissions)) {
        return vc_arm_bad_property(call, "accessPolicies",
            "each entry must be an object with tenantId, objectId and "
            "permissions");
    }

    status = vc_policy_read_guid(call, entry, "tenantId", true, own);

    if (status == VC_OK && !vc_str_ieq(vc_str(own), vc_str(tenant))) {
        return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
            "An access policy has the tenantId '%s'; it must be that of the "
            "vault, '%s'.",
            own, tenant);
    }

    if (status == VC_OK) {
        status = vc_policy_read_guid(call, entry, "objectId", true,
            out->object_id);
    }

    if (status == VC_OK) {
        status = vc_policy_read_guid(call, entry, "applicationId", false,
            out->application_id);
    }

    for (i = 0; status == VC_OK && i < VC_FAMILY_COUNT; i++) {
        status = vc_policy_read_family(call,
            vc_json_member(permissions, vc_family_name((vc_family_t) i)),
            (vc_family_t) i, &out->permissions[i]);
    }

    return status;
}


static vc_policy_t *
vc_policies_find(const vc_policies_t *policies, const vc_policy_t *who)
{
    size_t i;

    for (i = 0; i < policies->count; i++) {
        if (vc_str_ieq(vc_str(policies->items[i].object_id),
                vc_str(who->object_id))
            && vc_str_ieq(vc_str(policies->items[i].application_id),
                vc_str(who->application_id)))
        {
            return &policies->items[i];
        }
    }

    return NULL;
}


static bool
vc_policy_is_nothing(const vc_policy_t *policy)
{
    unsigned i;
    uint32_t all;

    for (all = 0, i = 0; i < VC_FAMILY_COUNT; i++) {
        all |= policy->permissions[i];
    }

    return all == 0;
}


static vc_status_t
vc_policies_too_many(vc_call_t *call)
{
    return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
        "The property \"accessPolicies\" is invalid: a vault can have at most "
        "%d entries.",
        VC_POLICIES_MAX);
}


/* properties.accessPolicies as it stands; no principal may be there twice */
static vc_status_t
vc_policies_parse(vc_call_t *call, const json_t *properties, const char *tenant,
    vc_policies_t *out)
{
    size_t        i;
    json_t       *entry;
    vc_policy_t   policy;
    vc_status_t   status;
    const json_t *entries;

    entries = vc_json_member(properties, "accessPolicies");

    if (!json_is_array(entries)) {
        return vc_arm_bad_property(call, "accessPolicies",
            "it must be an array");
    }

    if (json_array_size(entries) > VC_POLICIES_MAX) {
        return vc_policies_too_many(call);
    }

    out->count = 0;
    out->room = json_array_size(entries);
    out->items = vc_arena_calloc(call->arena,
        (out->room + 1) * sizeof(vc_policy_t));
    if (out->items == NULL) {
        return VC_NO_MEMORY;
    }

    json_array_foreach(entries, i, entry)
    {
        status = vc_policy_read(call, entry, tenant, &policy);
        if (status != VC_OK) {
            return status;
        }

        if (vc_policies_find(out, &policy) != NULL) {
            return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
                "The property \"accessPolicies\" is invalid: the objectId "
                "'%s' is there twice with the same applicationId; put its "
                "permissions into one entry.",
                policy.object_id);
        }

        out->items[out->count++] = policy;
    }

    return VC_OK;
}


vc_status_t
vc_arm_policies_read(vc_call_t *call, const json_t *properties,
    vc_vault_t *vault)
{
    vc_status_t   status;
    vc_policies_t policies;

    status = vc_policies_parse(call, properties, vault->tenant, &policies);

    if (status == VC_OK) {
        vault->policies = policies.items;
        vault->policy_count = policies.count;
    }

    return status;
}


static void
vc_policy_merge(vc_policies_kind_t kind, const vc_policy_t *change,
    vc_policy_t *stored)
{
    unsigned i;

    for (i = 0; i < VC_FAMILY_COUNT; i++) {
        switch (kind) {
        case VC_POLICIES_ADD:
            stored->permissions[i] |= change->permissions[i];
            break;
        case VC_POLICIES_REPLACE:
            stored->permissions[i] = change->permissions[i];
            break;
        case VC_POLICIES_REMOVE:
            stored->permissions[i] &= ~change->permissions[i];
            break;
        }
    }
}


/* the vault's policies, changed; those left without permission are gone */
static vc_status_t
vc_policies_merge(vc_call_t *call, vc_policies_kind_t kind,
    const vc_policies_t *changes, vc_vault_t *vault)
{
    size_t        i, kept;
    vc_policy_t  *stored;
    vc_policies_t merged;

    merged.count = vault->policy_count;
    merged.room = vault->policy_count + changes->count;
    merged.items = vc_arena_calloc(call->arena,
        (merged.room + 1) * sizeof(vc_policy_t));
    if (merged.items == NULL) {
        return VC_NO_MEMORY;
    }

    for (i = 0; i < vault->policy_count; i++) {
        merged.items[i] = vault->policies[i];
    }

    for (i = 0; i < changes->count; i++) {
        stored = vc_policies_find(&merged, &changes->items[i]);

        if (stored != NULL) {
            vc_policy_merge(kind, &changes->items[i], stored);

        } else if (kind != VC_POLICIES_REMOVE) {
            merged.items[merged.count++] = changes->items[i];
        }
    }

    for (i = 0, kept = 0; i < merged.count; i++) {
        if (!vc_policy_is_nothing(&merged.items[i])) {
            merged.items[kept++] = merged.items[i];
        }
    }

    vault->policies = merged.items;
    vault->policy_count = kept;

    return (kept > VC_POLICIES_MAX) ? vc_policies_too_many(call) : VC_OK;
}


static vc_status_t
vc_policies_kind(vc_call_t *call, vc_policies_kind_t *out)
{
    char                     shown[32];
    size_t                   i;
    static const char *const names[] = {"add", "replace", "remove"};

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (vc_str_ieq(call->arm->name, vc_str(names[i]))) {
            *out = (vc_policies_kind_t) i;
            return VC_OK;
        }
    }

    return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
        "The operation '%s' on access policies is not supported; it must be "
        "add, replace or remove.",
        vc_str_printable(call->arm->name, shown, sizeof(shown)));
}


static vc_status_t
vc_policies_apply(vc_call_t *call, vc_vault_t *vault)
{
    json_t            *body;
    vc_status_t        status;
    vc_policies_t      changes;
    vc_policies_kind_t kind;

    kind = VC_POLICIES_ADD;
    status = vc_policies_kind(call, &kind);

    if (status == VC_OK) {
        status = vc_arm_body(call, &body);
    }

    if (status != VC_OK) {
        return status;
    }

    status = vc_policies_parse(call, vc_json_member(body, "properties"),
        vault->tenant, &changes);
    json_decref(body);

    return (status == VC_OK) ? vc_policies_merge(call, kind, &changes, vault)
                             : status;
}


vc_status_t
vc_arm_vault_policies(vc_call_t *call)
{
    vc_buf_t   *out;
    vc_vault_t  vault;
    vc_status_t status;

    vault = *call->arm->vault;
    status = vc_policies_apply(call, &vault);

    if (status == VC_OK) {
        status = vc_arm_vault_store(call, &vault);
    }

    if (status != VC_OK) {
        return status;
    }

    out = &call->out;
    vc_buf_text(out, "{\"id\":\"");
    vc_buf_str(out, call->arm->scope);
    vc_buf_text(out, "/accessPolicies/\",\"type\":"
                     "\"Microsoft.KeyVault/vaults/accessPolicies\","
                     "\"location\":");
    vc_json_string(out, vault.location);
    vc_buf_text(out, ",\"properties\":{\"accessPolicies\":");
    vc_arm_put_policies(&vault, out);
    vc_buf_text(out, "}}");

    return vc_arm_json(call, 200);
}
