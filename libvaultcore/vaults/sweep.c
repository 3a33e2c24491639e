/* what time brings to vaults: their purge, and the removal of their records */

#include <string.h>

#include "vaults/vault.h"
#include "vaults/vault_write.h"

#define VC_SWEEP_STEP 1000


/* a deleted vault whose time has come */
static vc_status_t
vc_vault_sweep_expired(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_str_t key, int64_t now)
{
    vc_vault_t  vault;
    vc_status_t status;

    status = vc_vault_get(session, arena, (vc_str_t){key.data + 1, key.len - 1},
        &vault);
    if (status != VC_OK) {
        return (status == VC_NOT_FOUND) ? VC_OK : status;
    }

    if (vault.deleted != 0 && vault.scheduled_purge <= now) {
        return vc_vault_put_end(session, arena, batch, &vault);
    }

    return VC_OK;
}


/* the next records of a purged vault, and the tombstone when none are left */
static vc_status_t
vc_vault_sweep_purged(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_str_t tombstone)
{
    static const uint8_t classes[] = {'h', 'd', 'w', 'g'};

    size_t       i;
    uint8_t      prefix[1 + VC_DOMAIN_LEN];
    vc_str_t     key, view;
    vc_record_t  record;
    vc_status_t  status;
    vc_cursor_t *cursor;

    view = (vc_str_t){prefix, sizeof(prefix)};
    memcpy(prefix + 1, tombstone.data + 1, VC_DOMAIN_LEN);

    for (i = 0; i < sizeof(classes); i++) {
        prefix[0] = classes[i];

        status = vc_cursor_open(vc_session_snapshot(session), arena, view,
            VC_STR_NULL, &cursor);
        if (status != VC_OK) {
            return status;
        }

        status = vc_cursor_next(cursor, &key, &record);
        vc_cursor_close(cursor);

        if (status == VC_OK) {
            vc_batch_delete_prefix(batch, view, VC_SWEEP_STEP);
            return VC_OK;
        }

        if (status != VC_NOT_FOUND) {
            return status;
        }
    }

    vc_batch_delete(batch, tombstone, VC_REVISION_ANY);

    return VC_OK;
}


vc_status_t
vc_vault_sweep(vc_session_t *session, vc_arena_t *arena, vc_str_t key,
    int64_t now, vc_error_t *err)
{
    vc_batch_t *batch;
    vc_status_t status;

    if (key.len == 0 || (key.data[0] != 'v' && key.data[0] != 't')) {
        return VC_NOT_FOUND;
    }

    batch = vc_batch_create(arena);
    if (batch == NULL) {
        return vc_fail_detail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_session_begin(session, err);
    if (status != VC_OK) {
        return status;
    }

    status = (key.data[0] == 'v')
                 ? vc_vault_sweep_expired(session, arena, batch, key, now)
                 : vc_vault_sweep_purged(session, arena, batch, key);
    vc_session_end(session);

    if (status != VC_OK) {
        return vc_fail_detail(err, status, "a due vault record: %s",
            vc_status_name(status));
    }

    status = vc_store_commit(vc_vaultstore_store(
                                 vc_session_vaultstore(session)),
        batch, NULL, err);

    /* somebody else was first */
    return (status == VC_CONFLICT) ? VC_OK : status;
}
