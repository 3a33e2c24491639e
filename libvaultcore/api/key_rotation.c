/* rotation: its policy, and a new version by hand */

#include <string.h>

#include "api/key_compute.h"
#include "api/key_json.h"
#include "api/key_rotation.h"
#include "api/key_store.h"
#include "api/keys.h"
#include "api/kinds.h"
#include "api/object_handlers.h"
#include "api/object_json.h"


vc_status_t
vc_key_rotate_version(const vc_object_t *head, const vc_key_made_t *made,
    const vc_objects_t *objects, vc_object_t *out)
{
    vc_status_t     status;
    vc_key_policy_t policy;
    vc_stored_key_t key;

    status = vc_stored_key_decode(head->version.payload, &key);

    if (status == VC_OK) {
        status = vc_key_policy_decode(head->policy, &policy);
    }

    if (status != VC_OK) {
        return status;
    }

    key.material = made->material;
    key.public_members = made->public_members;

    memset(out, 0, sizeof(*out));
    out->version.name = head->version.name;
    out->version.enabled = true;
    out->version.tags = head->version.tags;
    out->version.expires = vc_rotation_expiry(&policy.rotation, objects->now);
    out->version.has_expires = (out->version.expires != 0);

    return vc_key_put_payload(objects->arena, &key, &out->version);
}


bool
vc_key_spec_same(const vc_key_spec_t *a, const vc_key_spec_t *b)
{
    return a->kty == b->kty && a->curve == b->curve && a->bits == b->bits
           && a->exponent == b->exponent;
}


/* only what was made here can be made again */
static vc_status_t
vc_key_rotatable(vc_call_t *call, const vc_stored_key_t *key)
{
    if (key->imported) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "The key's material was imported, so this service cannot rotate "
            "it; import the new version.");
    }

    if (vc_stored_key_is_exchange(key)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "A key with the operation import is for one transfer and cannot "
            "be rotated; create a new one.");
    }

    return VC_OK;
}


/* the current version, if it can be rotated */
static vc_status_t
vc_key_rotate_find(vc_call_t *call, vc_objects_t *objects, vc_object_t *head,
    vc_stored_key_t *key)
{
    vc_status_t status;

    status = vc_object_get(objects, 'h', call->route.name, head);

    if (status == VC_OK) {
        status = vc_stored_key_decode(head->version.payload, key);
    }

    return (status == VC_OK) ? VC_OK : vc_object_live_status(call, status);
}


vc_status_t
vc_key_rotate(vc_call_t *call)
{
    vc_object_t     head, next;
    vc_status_t     status;
    vc_objects_t    objects;
    vc_key_made_t   made, *prepared;
    vc_stored_key_t key;

    objects = vc_call_objects(call);

    status = vc_key_rotate_find(call, &objects, &head, &key);

    if (status == VC_OK) {
        status = vc_key_rotatable(call, &key);
    }

    if (status != VC_OK) {
        return status;
    }

    prepared = call->prepared;

    /* another kind of key can stand there since it was made */
    if (prepared == NULL || !vc_key_spec_same(&prepared->spec, &key.spec)) {
        vc_call_leave_snapshot(call);

        status = vc_key_generate(call->engine, &key.spec, call->arena, &made,
            &call->error);

        return (status == VC_OK) ? vc_key_prepared(call, &made) : status;
    }

    status = vc_key_rotate_version(&head, prepared, &objects, &next);

    if (status == VC_OK) {
        status = vc_object_set(&objects, &next);
    }

    return (status == VC_OK) ? vc_object_answer(call, &next) : status;
}


/* --- the policy ----------------------------------------------------------------------- */

static vc_status_t
vc_key_rotation_answer(vc_call_t *call, const vc_object_t *head,
    const vc_rotation_policy_t *policy)
{
    vc_buf_t *out;

    out = &call->out;

    vc_buf_literal(out, "{\"id\":\"");
    vc_put_id(call, out, vc_call_kind(call)->collection, &head->version, false);
    vc_buf_literal(out, "/rotationpolicy\",");
    vc_rotation_json(policy, false, out);
    vc_buf_literal(out, "}");

    return vc_call_ok_json(call);
}


vc_status_t
vc_key_get_rotation(vc_call_t *call)
{
    vc_object_t     head;
    vc_status_t     status;
    vc_objects_t    objects;
    vc_key_policy_t policy;
    vc_stored_key_t key;

    objects = vc_call_objects(call);

    status = vc_key_rotate_find(call, &objects, &head, &key);

    if (status == VC_OK) {
        status = vc_key_policy_decode(head.policy, &policy);
    }

    return (status == VC_OK)
               ? vc_key_rotation_answer(call, &head, &policy.rotation)
               : status;
}


static vc_status_t
vc_key_rotation_read(vc_call_t *call, vc_rotation_policy_t *out)
{
    json_t     *body;
    vc_status_t status;

    status = vc_call_json(call, &body);
    if (status != VC_OK) {
        return status;
    }

    status = vc_rotation_parse(body, out, &call->error);
    json_decref(body);

    return status;
}


vc_status_t
vc_key_set_rotation(vc_call_t *call)
{
    vc_buf_t             encoded;
    vc_object_t          head;
    vc_status_t          status;
    vc_objects_t         objects;
    vc_key_policy_t      policy;
    vc_stored_key_t      key;
    vc_rotation_policy_t wanted;

    objects = vc_call_objects(call);

    status = vc_key_rotate_find(call, &objects, &head, &key);

    if (status == VC_OK) {
        status = vc_key_rotation_read(call, &wanted);
    }

    if (status == VC_OK && wanted.has_rotate) {
        status = vc_key_rotatable(call, &key);
    }

    if (status == VC_OK) {
        status = vc_key_policy_decode(head.policy, &policy);
    }

    if (status != VC_OK) {
        return status;
    }

    wanted.created = policy.has_rotation ? policy.rotation.created : call->now;
    wanted.updated = call->now;
    policy.has_rotation = true;
    policy.rotation = wanted;

    vc_buf_init(&encoded, call->arena, 128);
    vc_key_policy_encode(&policy, &encoded);

    if (encoded.failed) {
        return VC_NO_MEMORY;
    }

    status = vc_object_set_policy(&objects, call->route.name,
        vc_buf_view(&encoded), &head);

    return (status == VC_OK) ? vc_key_rotation_answer(call, &head, &wanted)
                             : vc_object_live_status(call, status);
}
