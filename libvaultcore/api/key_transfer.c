/*
 * Keys that come in a transfer file ("bring your own key"): wrapped outside
 * for an exchange key of this vault, whose one operation is import.
 */

#include "api/key_compute.h"
#include "api/key_store.h"
#include "api/object_handlers.h"
#include "objects/byok.h"


static vc_status_t
vc_transfer_refuse(vc_call_t *call, const char *why)
{
    return vc_fail(&call->error, VC_BAD_PARAMETER,
        "Property key.key_hsm has invalid value\r\n%s", why);
}


/* takes what stands before the next '/' off the end of rest */
static vc_str_t
vc_transfer_tail(vc_str_t *rest)
{
    size_t   i;
    vc_str_t tail;

    for (i = rest->len; i > 0 && rest->data[i - 1] != '/'; i--) {
        /* nothing */
    }

    tail = (vc_str_t){rest->data + i, rest->len - i};
    rest->len = (i == 0) ? 0 : i - 1;

    return tail;
}


/* the exchange key that the file names, as "https://…/keys/{name}/{version}" */
static vc_status_t
vc_transfer_find(vc_call_t *call, vc_objects_t *objects, vc_str_t kid,
    vc_object_t *out)
{
    uint8_t     id[VC_VERSION_LEN];
    vc_str_t    rest, version, name;
    vc_buf_t    base;
    vc_status_t status;

    vc_buf_init(&base, call->arena, 256);
    vc_call_base_url(call, &base);
    vc_buf_literal(&base, "/keys");

    rest = kid;
    version = vc_transfer_tail(&rest);
    name = vc_transfer_tail(&rest);

    if (base.failed) {
        return VC_NO_MEMORY;
    }

    if (!vc_str_ieq(rest, vc_buf_view(&base))
        || !vc_hex_decode(id, VC_VERSION_LEN, version))
    {
        return vc_transfer_refuse(call,
            "header.kid of the transfer file must be the full id, with the "
            "version, of a key in this vault.");
    }

    status = vc_object_get_version(objects, name, id, out);

    return (status == VC_NOT_FOUND || status == VC_INVALID)
               ? vc_transfer_refuse(call,
                   "There is no key with the id that header.kid of the "
                   "transfer file names.")
               : status;
}


static vc_status_t
vc_transfer_check(vc_call_t *call, const vc_object_t *object,
    const vc_stored_key_t *key)
{
    if (!vc_stored_key_is_exchange(key)) {
        return vc_transfer_refuse(call,
            "header.kid of the transfer file must name a key whose one "
            "operation is import.");
    }

    if (!object->version.enabled
        || (object->version.has_not_before
            && call->now < object->version.not_before)
        || (object->version.has_expires
            && call->now >= object->version.expires))
    {
        return vc_transfer_refuse(call,
            "The exchange key that header.kid of the transfer file names is "
            "disabled, expired or not valid yet; make a new one.");
    }

    return VC_OK;
}


/* key_hsm is the whole file in base64 */
static vc_status_t
vc_transfer_read(vc_call_t *call, const json_t *jwk, vc_byok_t *out)
{
    json_t *member;

    member = vc_json_member(jwk, "key_hsm");

    if (!json_is_string(member)) {
        return vc_transfer_refuse(call,
            "It must be a transfer file in base64.");
    }

    return vc_byok_parse(vc_json_text(member), call->arena, out, &call->error);
}


/* the key that came is of the type that was said to come */
static vc_status_t
vc_transfer_check_type(vc_call_t *call, const json_t *jwk,
    const vc_key_made_t *made)
{
    vc_kty_t    kty;
    vc_status_t status;

    status = vc_key_kty_read(call, jwk, "key.kty", &kty);

    if (status == VC_OK && kty != made->spec.kty) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property key.kty has invalid value\r\nThe key in the transfer "
            "file is of type %s.",
            vc_kty_name(made->spec.kty));
    }

    return status;
}


vc_status_t
vc_key_transfer(vc_call_t *call, vc_objects_t *objects, const json_t *jwk,
    vc_key_made_t *out)
{
    vc_byok_t       file;
    vc_object_t     exchange;
    vc_status_t     status;
    vc_ready_key_t *ready;
    vc_stored_key_t key;

    status = vc_transfer_read(call, jwk, &file);

    if (status == VC_OK) {
        status = vc_transfer_find(call, objects, file.kid, &exchange);
    }

    if (status == VC_OK) {
        status = vc_stored_key_decode(exchange.version.payload, &key);
    }

    if (status == VC_OK) {
        status = vc_transfer_check(call, &exchange, &key);
    }

    if (status == VC_OK) {
        status = call->engine->keys->open(&key.spec, key.material, &ready,
            &call->error);
    }

    if (status != VC_OK) {
        return status;
    }

    vc_call_leave_snapshot(call);

    status = vc_key_import_transfer(call, ready, file.ciphertext, out);
    call->engine->keys->release(ready);

    return (status == VC_OK) ? vc_transfer_check_type(call, jwk, out) : status;
}
