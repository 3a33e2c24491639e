/* new versions, and changes of a version in place */

#include <string.h>

#include "crypto/random.h"
#include "objects/object_record.h"


/* the first version of a new name */
static vc_status_t
vc_object_set_first(vc_objects_t *objects, vc_batch_t *batch,
    vc_version_t *version)
{
    vc_status_t       status;
    vc_object_place_t deleted;

    status = vc_object_place(objects, 'd', version->name, NULL, &deleted);
    if (status != VC_NOT_FOUND) {
        return (status == VC_OK) ? VC_OBJECT_DELETED : status;
    }

    memset(version->previous, 0, VC_VERSION_LEN);

    vc_batch_expect(batch, vc_key_view(&deleted.key), VC_REVISION_NONE);

    return VC_OK;
}


/* the version that was current becomes an earlier one; the policy stays with
   the current one */
static vc_status_t
vc_object_set_next(vc_objects_t *objects, vc_batch_t *batch, vc_object_t *head,
    vc_object_t *object)
{
    vc_key_t key;

    memcpy(object->version.previous, head->version.id, VC_VERSION_LEN);
    object->version.name = head->version.name;
    object->policy = head->policy;
    head->policy = VC_STR_NULL;

    key = vc_object_version_key(objects, head->version.name, head->version.id);

    return vc_object_put(objects, batch, &key, VC_REVISION_NONE, head);
}


static vc_status_t
vc_object_set_current(vc_objects_t *objects, vc_batch_t *batch,
    uint64_t expected, vc_object_t *object)
{
    vc_key_t    key;
    vc_status_t status;

    status = vc_random(object->version.id, VC_VERSION_LEN);
    if (status != VC_OK) {
        return status;
    }

    object->version.created = objects->now;
    object->version.updated = objects->now;

    key = vc_object_key(objects, 'h', object->version.name);

    return vc_object_put(objects, batch, &key, expected, object);
}


vc_status_t
vc_object_set(vc_objects_t *objects, vc_object_t *object)
{
    bool        first;
    vc_batch_t *batch;
    vc_object_t head;
    vc_status_t status;

    status = vc_object_get(objects, 'h', object->version.name, &head);
    if (status != VC_OK && status != VC_NOT_FOUND) {
        return status;
    }

    first = (status == VC_NOT_FOUND);

    batch = vc_object_batch(objects);
    if (batch == NULL) {
        return VC_NO_MEMORY;
    }

    status = first ? vc_object_set_first(objects, batch, &object->version)
                   : vc_object_set_next(objects, batch, &head, object);

    if (status == VC_OK) {
        status = vc_object_set_current(objects, batch,
            first ? VC_REVISION_NONE : head.revision, object);
    }

    return (status == VC_OK)
               ? vc_object_commit(objects, batch, &object->revision)
               : status;
}


/* what no change may touch stays as it was read */
static void
vc_object_edit(const vc_objects_t *objects, vc_object_change_t change,
    void *data, vc_object_t *object)
{
    vc_version_t before;

    before = object->version;
    change(object, data);

    memcpy(object->version.id, before.id, VC_VERSION_LEN);
    memcpy(object->version.previous, before.previous, VC_VERSION_LEN);
    object->version.name = before.name;
    object->version.created = before.created;
    object->version.updated = objects->now;
}


/*
 * The version to change, and the key of its record.  An earlier version may
 * change only as long as its object is live: the head must stay as it is.
 */
static vc_status_t
vc_object_find(vc_objects_t *objects, vc_batch_t *batch, vc_str_t name,
    const uint8_t *id, vc_key_t *key, vc_object_t *out)
{
    uint8_t     wanted[VC_VERSION_LEN] = {0}; /* id may lie in *out */
    vc_key_t    head;
    vc_status_t status;

    if (id != NULL) {
        memcpy(wanted, id, VC_VERSION_LEN);
    }

    head = vc_object_key(objects, 'h', name);
    *key = head;

    status = vc_object_get(objects, 'h', name, out);
    if (status != VC_OK || id == NULL
        || memcmp(out->version.id, wanted, VC_VERSION_LEN) == 0)
    {
        return status;
    }

    vc_batch_expect(batch, vc_key_view(&head), out->revision);
    *key = vc_object_version_key(objects, name, wanted);

    return vc_object_read(objects, key, out);
}


vc_status_t
vc_object_update(vc_objects_t *objects, vc_str_t name, const uint8_t *id,
    vc_object_change_t change, void *data, vc_object_t *out)
{
    vc_key_t    key;
    vc_batch_t *batch;
    vc_status_t status;

    if (!vc_object_name_valid(name)) {
        return VC_INVALID;
    }

    batch = vc_object_batch(objects);
    if (batch == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_object_find(objects, batch, name, id, &key, out);
    if (status != VC_OK) {
        return status;
    }

    vc_object_edit(objects, change, data, out);

    status = vc_object_put(objects, batch, &key, out->revision, out);
    if (status != VC_OK) {
        return status;
    }

    return vc_object_commit(objects, batch, &out->revision);
}


vc_status_t
vc_object_set_policy(vc_objects_t *objects, vc_str_t name, vc_str_t policy,
    vc_object_t *out)
{
    vc_key_t    key;
    vc_batch_t *batch;
    vc_status_t status;

    status = vc_object_get(objects, 'h', name, out);
    if (status != VC_OK) {
        return status;
    }

    batch = vc_object_batch(objects);
    if (batch == NULL) {
        return VC_NO_MEMORY;
    }

    out->policy = policy;
    key = vc_object_key(objects, 'h', name);

    status = vc_object_put(objects, batch, &key, out->revision, out);
    if (status != VC_OK) {
        return status;
    }

    return vc_object_commit(objects, batch, &out->revision);
}
