/* delete, recover and purge, by hand and at the scheduled time */

#include "objects/object_record.h"

#define VC_SECONDS_PER_DAY 86400
#define VC_OBJECT_KEY_NAME (1 + VC_DOMAIN_LEN + 1)


/* the record changes its key, and with it its seal: the key is part of it */
static vc_status_t
vc_object_move(vc_objects_t *objects, uint8_t from, uint8_t to,
    vc_object_t *object)
{
    vc_key_t    source, target;
    vc_batch_t *batch;
    vc_status_t status;

    batch = vc_object_batch(objects);
    if (batch == NULL) {
        return VC_NO_MEMORY;
    }

    source = vc_object_key(objects, from, object->version.name);
    target = vc_object_key(objects, to, object->version.name);

    vc_batch_delete(batch, vc_key_view(&source), object->revision);

    status = vc_object_put(objects, batch, &target, VC_REVISION_NONE, object);
    if (status != VC_OK) {
        return status;
    }

    return vc_object_commit(objects, batch, &object->revision);
}


vc_status_t
vc_object_delete(vc_objects_t *objects, vc_str_t name, vc_object_t *out)
{
    vc_status_t status;

    status = vc_object_get(objects, 'h', name, out);
    if (status != VC_OK) {
        return status;
    }

    out->deleted = objects->now;
    out->scheduled_purge = objects->now
                           + (int64_t) objects->vault->retention_days
                                 * VC_SECONDS_PER_DAY;

    return vc_object_move(objects, 'h', 'd', out);
}


vc_status_t
vc_object_recover(vc_objects_t *objects, vc_str_t name, vc_object_t *out)
{
    vc_status_t status;

    status = vc_object_get(objects, 'd', name, out);
    if (status != VC_OK) {
        return status;
    }

    out->deleted = 0;
    out->scheduled_purge = 0;

    return vc_object_move(objects, 'd', 'h', out);
}


vc_status_t
vc_object_purge(vc_objects_t *objects, vc_str_t name)
{
    vc_key_t          versions;
    vc_batch_t       *batch;
    vc_status_t       status;
    vc_object_place_t deleted;

    status = vc_object_place(objects, 'd', name, NULL, &deleted);
    if (status != VC_OK) {
        return status;
    }

    if (objects->vault->purge_protection) {
        return vc_fail(objects->err, VC_PURGE_PROTECTED,
            "Operation \"purge\" is not allowed because purge protection is "
            "enabled for this vault. Key Vault service will automatically "
            "purge it after the retention period has passed.");
    }

    batch = vc_object_batch(objects);
    if (batch == NULL) {
        return VC_NO_MEMORY;
    }

    versions = vc_object_version_key(objects, name, NULL);

    vc_batch_delete(batch, vc_key_view(&deleted.key), deleted.revision);
    vc_batch_delete_prefix(batch, vc_key_view(&versions), 0);

    return vc_object_commit(objects, batch, NULL);
}


static bool
vc_object_key_deleted(vc_str_t key)
{
    return key.len > VC_OBJECT_KEY_NAME
           && key.len <= VC_OBJECT_KEY_NAME + VC_NAME_MAX && key.data[0] == 'd';
}


/* VC_NOT_FOUND: there is nothing to do (any more) */
static vc_status_t
vc_object_purge_due(vc_session_t *session, vc_str_t key, int64_t now,
    uint64_t *revision, vc_error_t *err)
{
    vc_record_t record;
    vc_status_t status;

    status = vc_session_begin(session, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_snapshot_get(vc_session_snapshot(session), key, &record);
    vc_session_end(session);

    if (status == VC_OK && (record.due == 0 || record.due > now)) {
        return VC_NOT_FOUND;
    }

    if (status == VC_OK) {
        *revision = record.revision;
    }

    return status;
}


vc_status_t
vc_object_sweep(vc_session_t *session, vc_arena_t *arena, vc_str_t key,
    int64_t now, vc_error_t *err)
{
    uint64_t    revision;
    vc_str_t    name;
    vc_key_t    versions;
    vc_batch_t *batch;
    vc_status_t status;

    if (!vc_object_key_deleted(key)) {
        return VC_NOT_FOUND;
    }

    status = vc_object_purge_due(session, key, now, &revision, err);
    if (status != VC_OK) {
        return (status == VC_NOT_FOUND) ? VC_OK : status;
    }

    batch = vc_batch_create(arena);
    if (batch == NULL) {
        return VC_NO_MEMORY;
    }

    name = (vc_str_t){key.data + VC_OBJECT_KEY_NAME,
        key.len - VC_OBJECT_KEY_NAME};
    versions = vc_key_version(key.data + 1, key.data[1 + VC_DOMAIN_LEN], name,
        NULL);

    vc_batch_delete(batch, key, revision);
    vc_batch_delete_prefix(batch, vc_key_view(&versions), 0);

    status = vc_store_commit(vc_vaultstore_store(
                                 vc_session_vaultstore(session)),
        batch, NULL, err);

    /* somebody else has recovered or purged it */
    return (status == VC_CONFLICT) ? VC_OK : status;
}
