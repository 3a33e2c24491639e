/* new versions of keys: made off the snapshot, then stored */

#include "api/key_store.h"

#include <string.h>

#include "api/key_compute.h"
#include "api/object_handlers.h"

#define VC_EXCHANGE_SECONDS (2 * 86400)


vc_status_t
vc_key_prepared(vc_call_t *call, const vc_key_made_t *made)
{
    vc_key_made_t *kept;

    kept = vc_arena_alloc(call->arena, sizeof(vc_key_made_t));
    if (kept == NULL) {
        return VC_NO_MEMORY;
    }

    *kept = *made;
    call->prepared = kept;

    return VC_AGAIN;
}


vc_status_t
vc_key_put_payload(vc_arena_t *arena, const vc_stored_key_t *key,
    vc_version_t *version)
{
    vc_buf_t payload;

    vc_buf_init(&payload, arena,
        64 + key->material.len + key->public_members.len
            + key->release_policy.len + key->release_content_type.len);
    vc_stored_key_encode(key, &payload);
    version->payload = vc_buf_view(&payload);

    return payload.failed ? VC_NO_MEMORY : VC_OK;
}


vc_status_t
vc_key_store(vc_call_t *call, vc_objects_t *objects, const vc_key_made_t *made,
    const vc_key_body_t *body, bool imported, vc_str_t policy,
    vc_object_t *object)
{
    vc_status_t     status;
    vc_stored_key_t key;

    memset(&key, 0, sizeof(key));
    key.spec = made->spec;
    key.material = made->material;
    key.public_members = made->public_members;
    key.operations = vc_key_ops_of(made->spec.kty);
    key.imported = imported;

    status = vc_key_body_apply(call, body, &key);
    if (status != VC_OK) {
        return status;
    }

    memset(object, 0, sizeof(*object));
    object->policy = policy;
    object->version.name = call->route.name;
    object->version.enabled = true;
    vc_object_body_apply(&object->version, &body->common);

    /* what unwraps transfer files is for one transfer */
    if (vc_stored_key_is_exchange(&key) && !object->version.has_expires) {
        object->version.has_expires = true;
        object->version.expires = call->now + VC_EXCHANGE_SECONDS;
    }

    status = vc_object_check_dates(call, &object->version);

    if (status == VC_OK) {
        status = vc_key_put_payload(call->arena, &key, &object->version);
    }

    if (status == VC_OK) {
        status = vc_object_set(objects, object);
    }

    return (status == VC_OBJECT_DELETED) ? vc_object_is_deleted(call) : status;
}


vc_status_t
vc_key_store_new(vc_call_t *call, vc_objects_t *objects,
    const vc_key_made_t *made, const vc_key_body_t *body, bool imported)
{
    vc_object_t object;
    vc_status_t status;

    status = vc_key_store(call, objects, made, body, imported, VC_STR_NULL,
        &object);

    return (status == VC_OK) ? vc_object_answer(call, &object) : status;
}


/*
 * Whether the body can be done at all is asked before a key is made for it,
 * which takes long.
 */
static vc_status_t
vc_key_check_body(vc_call_t *call, const vc_key_spec_t *spec,
    const vc_key_body_t *body)
{
    vc_version_t    version;
    vc_stored_key_t key;
    vc_status_t     status;

    memset(&key, 0, sizeof(key));
    memset(&version, 0, sizeof(version));
    key.spec = *spec;
    key.operations = vc_key_ops_of(spec->kty);
    vc_object_body_apply(&version, &body->common);

    status = vc_key_body_apply(call, body, &key);

    return (status == VC_OK) ? vc_object_check_dates(call, &version) : status;
}


vc_status_t
vc_key_make(vc_call_t *call, const vc_key_spec_t *spec,
    const vc_key_body_t *body)
{
    vc_status_t   status;
    vc_key_made_t made;

    status = vc_key_check_body(call, spec, body);
    if (status != VC_OK) {
        return status;
    }

    vc_call_leave_snapshot(call);

    status = vc_key_generate(call->engine, spec, call->arena, &made,
        &call->error);

    return (status == VC_OK) ? vc_key_prepared(call, &made) : status;
}
