/* the end of a resource group, and of the vaults in it */

#include <string.h>

#include "base/clock.h"
#include "vaults/installation.h"
#include "vaults/small_records.h"
#include "vaults/vault_write.h"

/* a deletion, as it goes through the vaults */
typedef struct {
    vc_session_t     *session;
    vc_arena_t       *arena;
    vc_batch_t       *batch;
    vc_str_t          name;
    vc_installation_t installation;
    vc_lock_t        *lock; /* what is in the way */
} vc_group_end_t;


/* VC_ARM_LOCKED: there is one, which end->lock becomes */
static vc_status_t
vc_group_find_lock(const vc_group_end_t *end, const vc_buf_t *scope)
{
    vc_status_t status;

    if (scope->failed) {
        return VC_NO_MEMORY;
    }

    status = vc_lock_find(end->session, end->arena, vc_buf_view(scope), true,
        end->lock);

    if (status == VC_NOT_FOUND) {
        return VC_OK;
    }

    return (status == VC_OK) ? VC_ARM_LOCKED : status;
}


static vc_status_t
vc_group_end_vault(const vc_vault_t *found, void *data)
{
    vc_buf_t        scope;
    vc_vault_t      vault;
    vc_status_t     status;
    vc_group_end_t *end;

    end = data;

    if (found->deleted != 0 || !vc_str_ieq(vc_str(found->group), end->name)) {
        return VC_OK;
    }

    vault = *found;
    vc_buf_init(&scope, end->arena, 256);
    vc_vault_resource_id(&vault, vc_str(end->installation.id), &scope);

    status = vc_group_find_lock(end, &scope);
    if (status != VC_OK) {
        return status;
    }

    vc_vault_stamp(&vault, vc_now());
    vc_vault_mark_deleted(&vault, vault.modified);

    return vc_vault_put(end->session, end->arena, end->batch, &vault);
}


/* who has roles at the group ends with it, and so does a lock that came too
   late to be found */
static vc_status_t
vc_group_drop_scope(vc_group_end_t *end, const char *name)
{
    vc_buf_t    scope;
    vc_key_t    roles, locks;
    vc_status_t status;

    vc_buf_init(&scope, end->arena, 256);
    vc_buf_printf(&scope, "/subscriptions/%s/resourceGroups/%s",
        end->installation.id, name);

    status = vc_group_find_lock(end, &scope);
    if (status != VC_OK) {
        return status;
    }

    roles = vc_key_scope_roles(vc_buf_view(&scope));
    vc_batch_delete_prefix(end->batch, vc_key_view(&roles), 0);
    locks = vc_key_lock(vc_buf_view(&scope), VC_STR_NULL);
    vc_batch_delete_prefix(end->batch, vc_key_view(&locks), 0);

    return VC_OK;
}


static vc_status_t
vc_group_try_delete(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    void *data, vc_error_t *err)
{
    vc_key_t        key;
    vc_group_t      group;
    vc_status_t     status;
    vc_group_end_t *end;

    end = data;
    end->session = session;
    end->arena = arena;
    end->batch = batch;

    status = vc_group_get(session, arena, end->name, &group);
    if (status != VC_OK) {
        return status;
    }

    if (vc_group_is_default(end->name)) {
        return vc_fail(err, VC_OBJECT_CONFLICT,
            "The resource group %s is always there.", group.name);
    }

    status = vc_installation_get(session, arena, &end->installation);

    if (status == VC_OK) {
        status = vc_group_drop_scope(end, group.name);
    }

    if (status == VC_OK) {
        status = vc_vault_each(session, arena, vc_group_end_vault, end);
    }

    if (status != VC_OK) {
        return status;
    }

    key = vc_key_group(end->name);
    vc_batch_delete(batch, vc_key_view(&key), group.revision);

    return VC_OK;
}


vc_status_t
vc_group_delete(vc_session_t *session, vc_arena_t *arena, vc_str_t name,
    vc_lock_t *lock, vc_error_t *err)
{
    uint64_t       revision;
    vc_group_end_t end;

    memset(&end, 0, sizeof(end));
    end.name = name;
    end.lock = lock;

    return vc_small_change(session, arena, "resource group",
        vc_group_try_delete, &end, &revision, err);
}
