/* keys as objects: make, import, read, change */

#include "api/keys.h"

#include <string.h>

#include "api/key_cache.h"
#include "api/key_compute.h"
#include "api/key_store.h"
#include "api/kinds.h"
#include "api/object_handlers.h"
#include "crypto/random.h"

#define VC_RANDOM_MAX 128


/* --- create -------------------------------------------------------------------------- */

static vc_status_t
vc_key_create_read(vc_call_t *call, vc_key_spec_t *spec, vc_key_body_t *out)
{
    json_t     *body;
    vc_status_t status;

    status = vc_call_json(call, &body);
    if (status != VC_OK) {
        return status;
    }

    status = vc_key_spec_read(call, body, spec);

    if (status == VC_OK) {
        status = vc_key_body_read(call, body, body, out);
    }

    json_decref(body);

    return status;
}


vc_status_t
vc_key_create(vc_call_t *call)
{
    vc_status_t   status;
    vc_objects_t  objects;
    vc_key_body_t body;
    vc_key_spec_t spec;

    objects = vc_call_objects(call);

    status = vc_object_name_free(call, &objects);

    if (status == VC_OK) {
        status = vc_key_create_read(call, &spec, &body);
    }

    if (status != VC_OK) {
        return status;
    }

    return (call->prepared == NULL)
               ? vc_key_make(call, &spec, &body)
               : vc_key_store_new(call, &objects, call->prepared, &body, false);
}


/* --- import ---------------------------------------------------------------------- */

static bool
vc_key_says_no(const json_t *body, const char *name)
{
    json_t *member;

    member = vc_json_member(body, name);

    return member == NULL || json_is_false(member);
}


static vc_status_t
vc_key_import_check(vc_call_t *call, const json_t *body, const json_t *jwk)
{
    vc_kty_t kty;

    if (!json_is_object(jwk)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property key has invalid value\r\nIt must be present, and a JSON "
            "Web Key with its private members.");
    }

    if (!vc_key_says_no(body, "Hsm") || !vc_key_says_no(body, "hsm")) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property Hsm has invalid value\r\nThis service has no hardware "
            "security module; leave it out, or false.");
    }

    return vc_key_kty_read(call, jwk, "key.kty", &kty);
}


/* makes the key of the body */
static vc_status_t
vc_key_import_make(vc_call_t *call, vc_objects_t *objects, const json_t *jwk)
{
    vc_status_t   status;
    vc_key_made_t made;

    if (vc_json_member(jwk, "key_hsm") != NULL) {
        status = vc_key_transfer(call, objects, jwk, &made);

    } else {
        vc_call_leave_snapshot(call);
        status = vc_key_import_jwk(call, jwk, &made);
    }

    return (status == VC_OK) ? vc_key_prepared(call, &made) : status;
}


static vc_status_t
vc_key_import_body(vc_call_t *call, vc_objects_t *objects, const json_t *body)
{
    json_t       *jwk;
    vc_status_t   status;
    vc_key_body_t wanted;

    jwk = vc_json_member(body, "key");

    status = vc_key_import_check(call, body, jwk);

    if (status == VC_OK) {
        status = vc_key_body_read(call, body, jwk, &wanted);
    }

    if (status != VC_OK) {
        return status;
    }

    return (call->prepared == NULL)
               ? vc_key_import_make(call, objects, jwk)
               : vc_key_store_new(call, objects, call->prepared, &wanted, true);
}


vc_status_t
vc_key_import(vc_call_t *call)
{
    json_t      *body;
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call);

    status = vc_object_name_free(call, &objects);

    if (status == VC_OK) {
        status = vc_call_json(call, &body);
    }

    if (status != VC_OK) {
        return status;
    }

    status = vc_key_import_body(call, &objects, body);
    json_decref(body);

    return status;
}


/* --- reading and changing ----------------------------------------------------------- */

vc_status_t
vc_key_get(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call);

    status = vc_object_find_version(call, &objects, &object);

    return (status == VC_OK) ? vc_object_answer(call, &object) : status;
}


/* what the body makes of a version, whole and checked */
static vc_status_t
vc_key_change(vc_call_t *call, const vc_key_body_t *body, vc_object_t *object)
{
    vc_status_t     status;
    vc_stored_key_t key, before;

    status = vc_stored_key_decode(object->version.payload, &key);
    if (status != VC_OK) {
        return status;
    }

    before = key;

    if (before.has_release_policy && before.immutable
        && body->has_release_policy) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property release_policy has invalid value\r\nThe key's release "
            "policy is immutable; leave it out.");
    }

    status = vc_key_body_apply(call, body, &key);
    if (status != VC_OK) {
        return status;
    }

    /* else a key that transfers were made for could be made to decrypt, and
       one that was never to leave could be released */
    if (vc_stored_key_is_exchange(&before) != vc_stored_key_is_exchange(&key)
        || before.exportable != key.exportable)
    {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property %s has invalid value\r\nWhether a key is exportable, or "
            "has the one operation import, is said when it is made and cannot "
            "be changed.",
            (before.exportable != key.exportable) ? "attributes.exportable"
                                                  : "key_ops");
    }

    vc_object_body_apply(&object->version, &body->common);

    status = vc_object_check_dates(call, &object->version);

    return (status == VC_OK)
               ? vc_key_put_payload(call->arena, &key, &object->version)
               : status;
}


static vc_status_t
vc_key_update_read(vc_call_t *call, vc_key_body_t *out)
{
    json_t     *body;
    vc_status_t status;

    status = vc_call_json(call, &body);
    if (status != VC_OK) {
        return status;
    }

    status = vc_key_body_read(call, body, body, out);
    json_decref(body);

    return status;
}


/* of vc_object_update(): data is the version as it shall be */
static void
vc_key_replace(vc_object_t *object, void *data)
{
    object->version = *(const vc_version_t *) data;
}


vc_status_t
vc_key_update(vc_call_t *call)
{
    vc_object_t   object;
    vc_status_t   status;
    vc_objects_t  objects;
    vc_version_t  changed;
    vc_key_body_t body;

    objects = vc_call_objects(call);

    status = vc_object_find_version(call, &objects, &object);

    if (status == VC_OK) {
        status = vc_key_update_read(call, &body);
    }

    if (status == VC_OK) {
        status = vc_key_change(call, &body, &object);
    }

    if (status != VC_OK) {
        return status;
    }

    changed = object.version;

    status = vc_object_update(&objects, call->route.name, changed.id,
        vc_key_replace, &changed, &object);
    if (status != VC_OK) {
        return vc_object_live_status(call, status);
    }

    if (!object.version.enabled) {
        vc_key_cache_drop(call->engine->key_cache, object.version.id);
    }

    return vc_object_answer(call, &object);
}


vc_status_t
vc_key_attest(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call);

    status = vc_object_find_version(call, &objects, &object);
    if (status != VC_OK) {
        return status;
    }

    return vc_fail(&call->error, VC_BAD_PARAMETER,
        "This key is kept in software, and nothing can attest it; only keys of "
        "a hardware security module have an attestation.");
}


/* --- random bytes ------------------------------------------------------------------- */

vc_status_t
vc_random_bytes(vc_call_t *call)
{
    json_t     *body, *member;
    uint8_t     bytes[VC_RANDOM_MAX];
    json_int_t  count;
    vc_status_t status;

    status = vc_call_json(call, &body);
    if (status != VC_OK) {
        return status;
    }

    member = json_object_get(body, "count");
    count = json_is_integer(member) ? json_integer_value(member) : 0;
    json_decref(body);

    if (count < 1 || count > VC_RANDOM_MAX) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "GetRandomBytesRequest: count cannot be greater than %d or less "
            "than 1",
            VC_RANDOM_MAX);
    }

    status = vc_random(bytes, (size_t) count);
    if (status != VC_OK) {
        return status;
    }

    vc_buf_text(&call->out, "{\"value\":\"");
    vc_base64url_encode(&call->out, (vc_str_t){bytes, (size_t) count});
    vc_buf_text(&call->out, "\"}");
    vc_wipe(bytes, sizeof(bytes));

    return vc_call_ok_json(call);
}
