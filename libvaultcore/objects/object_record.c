#include "objects/object_record.h"

#include <string.h>

#define VC_RECORD_FORMAT 1
#define VC_RECORD_FIXED (2 + 2 * VC_VERSION_LEN + 6 * 8 + 5 * 4)

enum {
    VC_RECORD_ENABLED = 1U << 0,
    VC_RECORD_NOT_BEFORE = 1U << 1,
    VC_RECORD_EXPIRES = 1U << 2,
    VC_RECORD_CONTENT_TYPE = 1U << 3,
    VC_RECORD_DELETED = 1U << 4,
    VC_RECORD_POLICY = 1U << 5,
    VC_RECORD_FLAGS = (1U << 6) - 1
};


static uint8_t
vc_record_flags(const vc_object_t *object)
{
    unsigned flags;

    flags = object->version.enabled ? VC_RECORD_ENABLED : 0U;
    flags |= object->version.has_not_before ? VC_RECORD_NOT_BEFORE : 0U;
    flags |= object->version.has_expires ? VC_RECORD_EXPIRES : 0U;
    flags |= object->version.has_content_type ? VC_RECORD_CONTENT_TYPE : 0U;
    flags |= (object->deleted != 0) ? VC_RECORD_DELETED : 0U;
    flags |= (object->policy.len != 0) ? VC_RECORD_POLICY : 0U;

    return (uint8_t) flags;
}


static void
vc_record_put_time(vc_buf_t *out, bool present, int64_t value)
{
    if (present) {
        vc_buf_u64(out, (uint64_t) value);
    }
}


void
vc_object_encode(const vc_object_t *object, vc_buf_t *out)
{
    const vc_version_t *version;

    version = &object->version;

    vc_buf_u8(out, VC_RECORD_FORMAT);
    vc_buf_u8(out, vc_record_flags(object));
    vc_buf_put(out, version->id, VC_VERSION_LEN);
    vc_buf_put(out, version->previous, VC_VERSION_LEN);
    vc_record_put_time(out, true, version->created);
    vc_record_put_time(out, true, version->updated);
    vc_record_put_time(out, version->has_not_before, version->not_before);
    vc_record_put_time(out, version->has_expires, version->expires);
    vc_record_put_time(out, object->deleted != 0, object->deleted);
    vc_record_put_time(out, object->deleted != 0, object->scheduled_purge);
    vc_buf_block(out, version->name);
    vc_buf_block(out, version->content_type);
    vc_buf_block(out, version->tags);
    vc_buf_block(out, version->payload);

    if (object->policy.len != 0) {
        vc_buf_block(out, object->policy);
    }
}


static bool
vc_record_read_id(vc_reader_t *r, uint8_t id[VC_VERSION_LEN])
{
    vc_str_t bytes;

    if (!vc_read_bytes(r, VC_VERSION_LEN, &bytes)) {
        return false;
    }

    memcpy(id, bytes.data, VC_VERSION_LEN);

    return true;
}


static bool
vc_record_read_time(vc_reader_t *r, bool present, int64_t *out)
{
    return !present || vc_read_i64(r, out);
}


static bool
vc_record_read_times(vc_reader_t *r, unsigned flags, vc_object_t *out)
{
    bool          deleted;
    vc_version_t *version;

    version = &out->version;
    version->enabled = (flags & VC_RECORD_ENABLED) != 0;
    version->has_not_before = (flags & VC_RECORD_NOT_BEFORE) != 0;
    version->has_expires = (flags & VC_RECORD_EXPIRES) != 0;
    version->has_content_type = (flags & VC_RECORD_CONTENT_TYPE) != 0;
    deleted = (flags & VC_RECORD_DELETED) != 0;

    return vc_record_read_time(r, true, &version->created)
           && vc_record_read_time(r, true, &version->updated)
           && vc_record_read_time(r, version->has_not_before,
               &version->not_before)
           && vc_record_read_time(r, version->has_expires, &version->expires)
           && vc_record_read_time(r, deleted, &out->deleted)
           && vc_record_read_time(r, deleted, &out->scheduled_purge)
           && deleted == (out->deleted != 0);
}


static bool
vc_record_read_policy(vc_reader_t *r, unsigned flags, vc_object_t *out)
{
    return (flags & VC_RECORD_POLICY) == 0
           || (vc_read_block(r, &out->policy) && out->policy.len != 0);
}


vc_status_t
vc_object_decode(vc_str_t record, vc_object_t *out)
{
    uint8_t       format, flags;
    vc_reader_t   r;
    vc_version_t *version;

    memset(out, 0, sizeof(*out));
    version = &out->version;
    r = vc_reader(record);

    if (!vc_read_u8(&r, &format) || format != VC_RECORD_FORMAT
        || !vc_read_u8(&r, &flags) || (flags & ~VC_RECORD_FLAGS) != 0
        || !vc_record_read_id(&r, version->id)
        || !vc_record_read_id(&r, version->previous)
        || !vc_record_read_times(&r, flags, out)
        || !vc_read_block(&r, &version->name)
        || !vc_read_block(&r, &version->content_type)
        || !vc_read_block(&r, &version->tags)
        || !vc_read_block(&r, &version->payload)
        || !vc_record_read_policy(&r, flags, out) || !vc_read_done(&r)
        || !vc_object_name_valid(version->name))
    {
        return VC_INVALID;
    }

    return VC_OK;
}


vc_key_t
vc_object_key(const vc_objects_t *objects, uint8_t state, vc_str_t name)
{
    return vc_key_object(state, objects->vault->domain, (uint8_t) objects->kind,
        name);
}


vc_key_t
vc_object_version_key(const vc_objects_t *objects, vc_str_t name,
    const uint8_t *id)
{
    return vc_key_version(objects->vault->domain, (uint8_t) objects->kind, name,
        id);
}


vc_batch_t *
vc_object_batch(const vc_objects_t *objects)
{
    vc_key_t    key;
    vc_batch_t *batch;

    batch = vc_batch_create(objects->arena);
    if (batch == NULL) {
        return NULL;
    }

    key = vc_key_vault(vc_str(objects->vault->name));
    vc_batch_expect(batch, vc_key_view(&key), objects->vault->revision);

    return batch;
}


int64_t
vc_object_due(const vc_objects_t *objects, const vc_key_t *key,
    const vc_object_t *object)
{
    if (key->data[0] != 'h' || objects->due == NULL) {
        return object->scheduled_purge;
    }

    return objects->due(object);
}


vc_status_t
vc_object_put(const vc_objects_t *objects, vc_batch_t *batch,
    const vc_key_t *key, uint64_t expected, const vc_object_t *object)
{
    vc_buf_t            plain;
    const vc_version_t *version;

    version = &object->version;

    vc_buf_init(&plain, objects->arena,
        VC_RECORD_FIXED + version->name.len + version->content_type.len
            + version->tags.len + version->payload.len + object->policy.len);
    vc_object_encode(object, &plain);

    if (plain.failed) {
        return VC_NO_MEMORY;
    }

    return vc_sealed_put(objects->session, objects->vault->domain, batch,
        vc_key_view(key), expected, vc_buf_view(&plain),
        vc_object_due(objects, key, object));
}


vc_status_t
vc_object_commit(const vc_objects_t *objects, vc_batch_t *batch,
    uint64_t *revision)
{
    return vc_session_commit(objects->session, batch, revision, objects->err);
}
