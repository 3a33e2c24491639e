/* vaults as resources: made, changed, read, deleted */

#include <string.h>

#include "api/arm_handlers.h"
#include "api/arm_vault.h"
#include "api/object_body.h"


/* object ids of other issuers need not be GUIDs; those are not noted */
static void
vc_arm_note_who(const vc_call_t *call, char out[VC_GUID_LEN + 1])
{
    memset(out, 0, VC_GUID_LEN + 1);

    if (vc_guid_valid(call->principal->object_id)) {
        memcpy(out, call->principal->object_id.data, VC_GUID_LEN);
    }
}


vc_status_t
vc_arm_vault_store(vc_call_t *call, vc_vault_t *vault)
{
    vc_status_t status;

    vault->modified = call->now;
    vc_arm_note_who(call, vault->modified_by);

    if (vault->revision == VC_REVISION_NONE) {
        vault->created = call->now;
        vc_arm_note_who(call, vault->created_by);
    }

    vc_call_leave_snapshot(call);
    status = vc_vault_replace(call->context->session, call->arena, vault,
        &call->error);

    /* the group was deleted meanwhile; the next try finds it so */
    return (status == VC_NOT_FOUND) ? VC_CONFLICT : status;
}


static vc_status_t
vc_vault_answer(vc_call_t *call, const vc_vault_t *vault, int http)
{
    vc_arm_put_vault(call, vault, &call->out);

    return vc_arm_json(call, http);
}


static vc_status_t
vc_vault_bad_name(vc_call_t *call)
{
    char shown[64];

    return vc_fail(&call->error, VC_ARM_BAD_VAULT_NAME,
        "The vault name '%s' is invalid. A vault's name must have 3 to 24 "
        "letters, digits and hyphens, begin with a letter, end with a letter "
        "or a digit, and have no two hyphens in a row.",
        vc_str_printable(call->arm->vault_name, shown, sizeof(shown)));
}


static vc_status_t
vc_vault_exists(vc_call_t *call)
{
    return vc_fail(&call->error, VC_ARM_VAULT_EXISTS,
        "The vault name '%s' is already in use. Vault names are globaly "
        "unique so it is possible that the name is already taken. If you are "
        "sure that the vault name was not taken then it is possible that a "
        "vault with the same name was recently deleted but not purged after "
        "being placed in a recoverable state. Then recover or purge it first.",
        call->arm->taken->name);
}


/* a new vault has the name that the path has */
static vc_status_t
vc_vault_begin(vc_call_t *call, vc_vault_t *vault)
{
    const vc_arm_t *arm;

    arm = call->arm;
    memset(vault, 0, sizeof(*vault));

    if (arm->taken != NULL) {
        return vc_vault_exists(call);
    }

    if (!vc_vault_name_valid(arm->vault_name)) {
        return vc_vault_bad_name(call);
    }

    vault->revision = VC_REVISION_NONE;
    memcpy(vault->name, arm->vault_name.data, arm->vault_name.len);
    memcpy(vault->group, arm->resource_group->name, sizeof(vault->group));

    return VC_OK;
}


static vc_status_t
vc_vault_create_or_change(vc_call_t *call, const json_t *body)
{
    bool        is_new;
    vc_vault_t  vault;
    vc_status_t status;

    /* what was meant as a create does not become a change when another create
       was first */
    is_new = (call->arm->vault == NULL || call->arm->was_free);
    status = VC_OK;

    if (is_new) {
        status = vc_vault_begin(call, &vault);

    } else {
        vault = *call->arm->vault;
    }

    if (status == VC_OK) {
        status = vc_arm_vault_read(call, body, true, &vault);
    }

    if (status != VC_OK) {
        return status;
    }

    status = vc_arm_vault_store(call, &vault);

    return (status == VC_OK) ? vc_vault_answer(call, &vault, is_new ? 201 : 200)
                             : status;
}


/* a deleted vault keeps what it had: nothing of the body is put into it */
static vc_status_t
vc_vault_bring_back(vc_call_t *call, const json_t *body)
{
    vc_str_t    location;
    vc_vault_t  vault;
    vc_status_t status;

    vault = *call->arm->taken;

    if (!vc_str_ieq(call->arm->group, vc_str(vault.group))) {
        return vc_fail(&call->error, VC_ARM_CONFLICT,
            "The deleted vault '%s' was in the resource group '%s'; it can be "
            "recovered only there.",
            vault.name, vault.group);
    }

    status = vc_arm_member_location(call, body, vault.name, vault.location,
        &location);
    if (status != VC_OK) {
        return status;
    }

    /* the group can be another of the same name, spelled otherwise */
    memcpy(vault.group, call->arm->resource_group->name, sizeof(vault.group));
    vault.deleted = 0;
    vault.scheduled_purge = 0;
    status = vc_arm_vault_store(call, &vault);

    return (status == VC_OK) ? vc_vault_answer(call, &vault, 200) : status;
}


/* who asks again to recover a vault has not seen that it was done: what else
   the body says is ignored now as it was then */
static vc_status_t
vc_vault_is_back(vc_call_t *call, const json_t *body)
{
    vc_str_t          location;
    vc_status_t       status;
    const vc_vault_t *vault;

    vault = call->arm->vault;
    status = vc_arm_member_location(call, body, vault->name, vault->location,
        &location);

    return (status == VC_OK) ? vc_vault_answer(call, vault, 200) : status;
}


static vc_status_t
vc_vault_read_mode(vc_call_t *call, const json_t *body, bool *recover)
{
    vc_str_t    mode;
    vc_status_t status;

    mode = VC_STR("default");
    status = vc_arm_member_text(call, vc_json_member(body, "properties"),
        "createMode", &mode);
    *recover = vc_str_ieq(mode, VC_STR("recover"));

    if (status == VC_OK && !*recover && !vc_str_ieq(mode, VC_STR("default"))) {
        return vc_arm_bad_property(call, "createMode",
            "it must be \"default\" or \"recover\"");
    }

    return status;
}


static vc_status_t
vc_vault_put_body(vc_call_t *call, const json_t *body)
{
    bool              recover;
    vc_str_t          location;
    vc_status_t       status;
    const vc_vault_t *taken;

    taken = call->arm->taken;

    status = vc_vault_read_mode(call, body, &recover);
    if (status != VC_OK) {
        return status;
    }

    if (recover && call->arm->vault != NULL) {
        return vc_vault_is_back(call, body);
    }

    if (recover && (taken == NULL || taken->deleted == 0)) {
        return vc_fail(&call->error, VC_ARM_NO_DELETED_VAULT,
            "There is no deleted vault of this name to recover; leave "
            "createMode out to make a new one.");
    }

    if (taken == NULL || call->arm->vault != NULL) {
        return vc_vault_create_or_change(call, body);
    }

    if (taken->deleted == 0) {
        return vc_vault_exists(call);
    }

    if (recover) {
        return vc_vault_bring_back(call, body);
    }

    status = vc_arm_member_location(call, body, taken->name, VC_STR_NULL,
        &location);
    if (status != VC_OK) {
        return status;
    }

    if (!vc_str_eq(location, taken->location)) {
        return vc_vault_exists(call);
    }

    return vc_fail(&call->error, VC_ARM_CONFLICT,
        "A vault with the same name already exists in deleted state. You need "
        "to either recover or purge existing key vault. Follow this link "
        "https://go.microsoft.com/fwlink/?linkid=2149745 for more information "
        "on soft delete.");
}


vc_status_t
vc_arm_vault_put(vc_call_t *call)
{
    json_t     *body;
    vc_status_t status;

    status = vc_arm_body(call, &body);

    if (status == VC_OK) {
        status = vc_vault_put_body(call, body);
        json_decref(body);
    }

    return status;
}


vc_status_t
vc_arm_vault_patch(vc_call_t *call)
{
    json_t     *body;
    vc_vault_t  vault;
    vc_status_t status;

    vault = *call->arm->vault;

    status = vc_arm_body(call, &body);
    if (status != VC_OK) {
        return status;
    }

    status = vc_arm_vault_read(call, body, false, &vault);

    if (status == VC_OK) {
        status = vc_arm_vault_store(call, &vault);
    }

    json_decref(body);

    return (status == VC_OK) ? vc_vault_answer(call, &vault, 200) : status;
}


vc_status_t
vc_arm_vault_get(vc_call_t *call)
{
    return vc_vault_answer(call, call->arm->vault, 200);
}


vc_status_t
vc_arm_vault_delete(vc_call_t *call)
{
    vc_vault_t  vault;
    vc_status_t status;

    if (call->arm->vault == NULL) {
        return vc_arm_empty(call, 204);
    }

    vault = *call->arm->vault;
    vc_vault_mark_deleted(&vault, call->now);
    status = vc_arm_vault_store(call, &vault);

    return (status == VC_OK) ? vc_arm_empty(call, 200) : status;
}


static vc_status_t
vc_vault_name_answer(vc_call_t *call, vc_str_t name, bool taken)
{
    bool      valid;
    vc_buf_t *out;

    out = &call->out;
    valid = vc_vault_name_valid(name);

    if (valid && !taken) {
        vc_buf_text(out, "{\"nameAvailable\":true}");
        return vc_arm_json(call, 200);
    }

    vc_buf_text(out, "{\"nameAvailable\":false,\"reason\":\"");
    vc_buf_text(out, valid ? "AlreadyExists" : "AccountNameInvalid");
    vc_buf_text(out, "\",\"message\":\"");
    vc_buf_text(out,
        valid ? "The vault name is already in use, perhaps by a deleted vault "
                "that was not purged."
              : "A vault's name must have 3 to 24 letters, digits and hyphens, "
                "begin with a letter, end with a letter or a digit, and have "
                "no two hyphens in a row.");
    vc_buf_text(out, "\"}");

    return vc_arm_json(call, 200);
}


static vc_status_t
vc_vault_check_name(vc_call_t *call, const json_t *body)
{
    vc_str_t    name, type;
    vc_vault_t  vault;
    vc_status_t status;

    name = VC_STR_NULL;
    type = VC_STR_NULL;
    status = vc_arm_member_text(call, body, "name", &name);

    if (status == VC_OK) {
        status = vc_arm_member_text(call, body, "type", &type);
    }

    if (status != VC_OK) {
        return status;
    }

    if (name.data == NULL
        || !vc_str_ieq(type, VC_STR("Microsoft.KeyVault/vaults"))) {
        return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
            "The body must be {\"name\":\"…\",\"type\":"
            "\"Microsoft.KeyVault/vaults\"}.");
    }

    status = vc_vault_get(call->context->session, call->arena, name, &vault);

    return (status == VC_OK || status == VC_NOT_FOUND)
               ? vc_vault_name_answer(call, name, status == VC_OK)
               : status;
}


vc_status_t
vc_arm_check_name(vc_call_t *call)
{
    json_t     *body;
    vc_status_t status;

    status = vc_arm_body(call, &body);

    if (status == VC_OK) {
        status = vc_vault_check_name(call, body);
        json_decref(body);
    }

    return status;
}
