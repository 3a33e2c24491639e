#include "vaults/vault_write.h"

#include "vaults/installation.h"
#include "vaults/vault_codec.h"

#define VC_SECONDS_PER_DAY 86400


void
vc_vault_stamp(vc_vault_t *vault, int64_t now)
{
    vault->modified = now;
    vault->modified_by[0] = '\0';
}


void
vc_vault_mark_deleted(vc_vault_t *vault, int64_t now)
{
    vault->deleted = now;
    vault->scheduled_purge =
        now + (int64_t) vault->retention_days * VC_SECONDS_PER_DAY;
}


/* who had roles at a vault has none at the one that is recovered */
static void
vc_vault_drop_roles(vc_batch_t *batch, const vc_vault_t *vault)
{
    vc_key_t key;

    key = vc_key_vault_roles(vault->domain);
    vc_batch_delete_prefix(batch, vc_key_view(&key), 0);
}


vc_status_t
vc_vault_put(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    const vc_vault_t *vault)
{
    vc_key_t key;
    vc_buf_t plain;

    vc_buf_init(&plain, arena, 512);
    vc_vault_encode(vault, &plain);

    if (plain.failed) {
        return VC_NO_MEMORY;
    }

    if (vault->deleted != 0) {
        vc_vault_drop_roles(batch, vault);
    }

    key = vc_key_vault(vc_str(vault->name));

    return vc_sealed_put(session, NULL, batch, vc_key_view(&key),
        vault->revision, vc_buf_view(&plain), vault->scheduled_purge);
}


/* a new vault of the same name is not locked */
static vc_status_t
vc_vault_drop_locks(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    const vc_vault_t *vault)
{
    vc_buf_t          scope;
    vc_key_t          key;
    vc_status_t       status;
    vc_installation_t installation;

    status = vc_installation_get(session, arena, &installation);
    if (status != VC_OK) {
        return status;
    }

    vc_buf_init(&scope, arena, 256);
    vc_vault_resource_id(vault, vc_str(installation.id), &scope);
    if (scope.failed) {
        return VC_NO_MEMORY;
    }

    key = vc_key_lock(vc_buf_view(&scope), VC_STR_NULL);
    vc_batch_delete_prefix(batch, vc_key_view(&key), 0);

    return VC_OK;
}


vc_status_t
vc_vault_put_end(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    const vc_vault_t *vault)
{
    vc_key_t key;

    key = vc_key_vault(vc_str(vault->name));
    vc_batch_delete(batch, vc_key_view(&key), vault->revision);
    vc_domain_destroy(batch, vault->domain);
    vc_vault_drop_roles(batch, vault);

    key = vc_key_tombstone(vault->domain);
    vc_batch_put(batch, vc_key_view(&key), VC_REVISION_ANY, VC_STR_NULL, 1);

    return vc_vault_drop_locks(session, arena, batch, vault);
}
