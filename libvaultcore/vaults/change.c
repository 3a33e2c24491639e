/* the calls that change a vault */

#include <string.h>

#include "base/clock.h"
#include "vaults/vault.h"
#include "vaults/vault_write.h"

#define VC_CHANGE_TRIES 16

/*
 * One attempt at a change: edits the vault (VC_OK, or a refusal), on the
 * session's snapshot, and may add to the batch beside the vault's own record.
 */
typedef vc_status_t (*vc_vault_edit_t)(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_vault_t *vault, const void *data, vc_error_t *err);


static vc_status_t
vc_vault_try(vc_session_t *session, vc_arena_t *arena, vc_str_t name,
    vc_vault_edit_t edit, const void *data, vc_vault_t *out, vc_error_t *err)
{
    vc_batch_t *batch;
    vc_status_t status;

    batch = vc_batch_create(arena);
    if (batch == NULL) {
        return vc_fail_detail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_session_begin(session, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_vault_get(session, arena, name, out);

    if (status == VC_NOT_FOUND) {
        status = vc_fail(err, VC_VAULT_NOT_FOUND,
            "A vault with the name %.*s was not found.", VC_STR_ARG(name));

    } else if (status != VC_OK) {
        status = vc_fail_detail(err, status, "the vault's record: %s",
            vc_status_name(status));

    } else {
        vc_vault_stamp(out, vc_now());
        status = edit(session, arena, batch, out, data, err);
    }

    vc_session_end(session);

    if (status != VC_OK) {
        return status;
    }

    return vc_session_commit(session, batch, &out->revision, err);
}


static vc_status_t
vc_vault_change(vc_session_t *session, vc_arena_t *arena, vc_str_t name,
    vc_vault_edit_t edit, const void *data, vc_vault_t *out, vc_error_t *err)
{
    unsigned    tries;
    vc_status_t status;

    for (tries = 0; tries < VC_CHANGE_TRIES; tries++) {
        status = vc_vault_try(session, arena, name, edit, data, out, err);

        if (status != VC_CONFLICT) {
            return status;
        }
    }

    return vc_fail(err, VC_OBJECT_CONFLICT,
        "The vault %.*s is being changed by others at the same time; try "
        "again.",
        VC_STR_ARG(name));
}


static vc_status_t
vc_vault_edit_delete(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_vault_t *vault, const void *data, vc_error_t *err)
{
    (void) data;

    if (vault->deleted != 0) {
        return vc_fail(err, VC_VAULT_NOT_FOUND,
            "The vault %s is deleted already.", vault->name);
    }

    vc_vault_mark_deleted(vault, vault->modified);

    return vc_vault_put(session, arena, batch, vault);
}


vc_status_t
vc_vault_delete(vc_session_t *session, vc_arena_t *arena, vc_str_t name,
    vc_vault_t *out, vc_error_t *err)
{
    return vc_vault_change(session, arena, name, vc_vault_edit_delete, NULL,
        out, err);
}


static vc_status_t
vc_vault_edit_recover(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_vault_t *vault, const void *data, vc_error_t *err)
{
    vc_status_t status;

    (void) data;

    if (vault->deleted == 0) {
        return vc_fail(err, VC_OBJECT_CONFLICT,
            "The vault %s is not deleted: there is nothing to recover.",
            vault->name);
    }

    vault->deleted = 0;
    vault->scheduled_purge = 0;

    status = vc_group_enter(session, arena, batch, vc_str(vault->group),
        vault->location);

    if (status == VC_OK) {
        status = vc_vault_put(session, arena, batch, vault);
    }

    return (status == VC_OK)
               ? VC_OK
               : vc_fail_detail(err, status, "the vault could not be put: %s",
                   vc_status_name(status));
}


vc_status_t
vc_vault_recover(vc_session_t *session, vc_arena_t *arena, vc_str_t name,
    vc_vault_t *out, vc_error_t *err)
{
    return vc_vault_change(session, arena, name, vc_vault_edit_recover, NULL,
        out, err);
}


static vc_status_t
vc_vault_edit_purge(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    vc_vault_t *vault, const void *data, vc_error_t *err)
{
    (void) data;

    if (vault->deleted == 0) {
        return vc_fail(err, VC_OBJECT_CONFLICT,
            "The vault %s is not deleted; delete it first.", vault->name);
    }

    if (vault->purge_protection) {
        return vc_fail(err, VC_PURGE_PROTECTED,
            "Operation \"purge\" is not allowed because purge protection is "
            "enabled for this vault. Key Vault service will automatically "
            "purge it after the retention period has passed.");
    }

    return vc_vault_put_end(session, arena, batch, vault);
}


vc_status_t
vc_vault_purge(vc_session_t *session, vc_arena_t *arena, vc_str_t name,
    vc_error_t *err)
{
    vc_vault_t vault;

    return vc_vault_change(session, arena, name, vc_vault_edit_purge, NULL,
        &vault, err);
}


static vc_status_t
vc_vault_edit_key(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    vc_vault_t *vault, const void *data, vc_error_t *err)
{
    uint32_t *const *key_id = data;

    (void) arena;

    if (vault->deleted != 0) {
        return vc_fail(err, VC_VAULT_NOT_FOUND, "The vault %s is deleted.",
            vault->name);
    }

    return vc_domain_replace_key(session, batch, vault->domain, *key_id);
}


vc_status_t
vc_vault_rotate_key(vc_session_t *session, vc_arena_t *arena, vc_str_t name,
    uint32_t *key_id, vc_error_t *err)
{
    vc_vault_t vault;

    return vc_vault_change(session, arena, name, vc_vault_edit_key, &key_id,
        &vault, err);
}


typedef struct {
    vc_str_t        object_id;
    vc_str_t        application_id;
    const uint32_t *permissions;
} vc_policy_change_t;


/* the entry's place; vault->policy_count if there is none */
static size_t
vc_policy_find(const vc_vault_t *vault, const vc_policy_change_t *change)
{
    size_t i;

    for (i = 0; i < vault->policy_count; i++) {
        if (vc_str_ieq(vc_str(vault->policies[i].object_id), change->object_id)
            && vc_str_ieq(vc_str(vault->policies[i].application_id),
                change->application_id))
        {
            break;
        }
    }

    return i;
}


static bool
vc_policy_is_empty(const vc_policy_change_t *change)
{
    unsigned i;
    uint32_t all;

    for (all = 0, i = 0; i < VC_FAMILY_COUNT; i++) {
        all |= change->permissions[i];
    }

    return all == 0;
}


static vc_status_t
vc_vault_edit_policy(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_vault_t *vault, const void *data, vc_error_t *err)
{
    size_t                    at;
    vc_policy_t              *policies;
    const vc_policy_change_t *change;

    change = data;
    at = vc_policy_find(vault, change);

    if (vault->deleted != 0) {
        return vc_fail(err, VC_VAULT_NOT_FOUND, "The vault %s is deleted.",
            vault->name);
    }

    policies = vc_arena_calloc(arena,
        (vault->policy_count + 1) * sizeof(vc_policy_t));
    if (policies == NULL) {
        return vc_fail_detail(err, VC_NO_MEMORY, "out of memory");
    }

    if (vault->policy_count != 0) {
        memcpy(policies, vault->policies,
            vault->policy_count * sizeof(vc_policy_t));
    }

    vault->policies = policies;

    if (vc_policy_is_empty(change)) {
        if (at < vault->policy_count) {
            policies[at] = policies[--vault->policy_count];
        }

        return vc_vault_put(session, arena, batch, vault);
    }

    if (at == vault->policy_count) {
        if (at == VC_POLICIES_MAX) {
            return vc_fail(err, VC_BAD_PARAMETER,
                "The vault %s has %d access policies, as many as it can have.",
                vault->name, VC_POLICIES_MAX);
        }

        vault->policy_count++;
        memcpy(policies[at].object_id, change->object_id.data, VC_GUID_LEN);

        if (change->application_id.len != 0) {
            memcpy(policies[at].application_id, change->application_id.data,
                VC_GUID_LEN);
        }
    }

    memcpy(policies[at].permissions, change->permissions,
        sizeof(policies[at].permissions));

    return vc_vault_put(session, arena, batch, vault);
}


vc_status_t
vc_vault_set_policy(vc_session_t *session, vc_arena_t *arena, vc_str_t name,
    vc_str_t object_id, vc_str_t application_id,
    const uint32_t permissions[VC_FAMILY_COUNT], vc_vault_t *out,
    vc_error_t *err)
{
    vc_policy_change_t change;

    if (!vc_guid_valid(object_id)
        || (application_id.len != 0 && !vc_guid_valid(application_id)))
    {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The object id and the application id must be GUIDs.");
    }

    change.object_id = object_id;
    change.application_id = application_id;
    change.permissions = permissions;

    return vc_vault_change(session, arena, name, vc_vault_edit_policy, &change,
        out, err);
}
