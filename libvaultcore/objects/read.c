/* objects as they are read: names, one object, one version */

#include <string.h>

#include "objects/object_record.h"


bool
vc_object_name_valid(vc_str_t name)
{
    return name.len != 0 && name.len <= VC_NAME_MAX
           && vc_str_is(name, VC_BYTE_NAME);
}


bool
vc_version_is_first(const vc_version_t *version)
{
    static const uint8_t none[VC_VERSION_LEN];

    return memcmp(version->previous, none, VC_VERSION_LEN) == 0;
}


vc_status_t
vc_object_read(const vc_objects_t *objects, const vc_key_t *key,
    vc_object_t *out)
{
    vc_record_t record;
    vc_status_t status;

    status = vc_sealed_get(objects->session, objects->vault->domain,
        vc_key_view(key), objects->arena, &record);
    if (status != VC_OK) {
        return status;
    }

    status = vc_object_decode(record.payload, out);
    out->revision = record.revision;

    return status;
}


vc_status_t
vc_object_place(const vc_objects_t *objects, uint8_t state, vc_str_t name,
    const uint8_t *id, vc_object_place_t *out)
{
    vc_record_t record;
    vc_status_t status;

    if (!vc_object_name_valid(name)) {
        return VC_INVALID;
    }

    out->key = (id == NULL) ? vc_object_key(objects, state, name)
                            : vc_object_version_key(objects, name, id);

    status = vc_snapshot_get(vc_session_snapshot(objects->session),
        vc_key_view(&out->key), &record);

    if (status == VC_OK) {
        out->revision = record.revision;
    }

    return status;
}


vc_status_t
vc_object_get(vc_objects_t *objects, uint8_t state, vc_str_t name,
    vc_object_t *out)
{
    vc_key_t key;

    if (!vc_object_name_valid(name)) {
        return VC_INVALID;
    }

    key = vc_object_key(objects, state, name);

    return vc_object_read(objects, &key, out);
}


vc_status_t
vc_object_get_version(vc_objects_t *objects, vc_str_t name,
    const uint8_t id[VC_VERSION_LEN], vc_object_t *out)
{
    uint8_t     wanted[VC_VERSION_LEN]; /* id may lie in *out */
    vc_key_t    key;
    vc_status_t status;

    memcpy(wanted, id, VC_VERSION_LEN);

    /* the versions of a deleted object stay where they are, so the head comes
       first in any case */
    status = vc_object_get(objects, 'h', name, out);
    if (status != VC_OK || memcmp(out->version.id, wanted, VC_VERSION_LEN) == 0)
    {
        return status;
    }

    key = vc_object_version_key(objects, name, wanted);

    return vc_object_read(objects, &key, out);
}
