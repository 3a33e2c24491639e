#include "api/key_json.h"

#include "api/kinds.h"
#include "api/object_json.h"

#define VC_KEY_PROPERTIES_ROOM 256


/* ["sign","verify"] */
void
vc_key_put_operations(vc_buf_t *out, uint32_t operations)
{
    bool     first;
    uint32_t bit;

    first = true;
    vc_buf_literal(out, "[");

    for (bit = 1; bit <= VC_KEY_EXPORT; bit <<= 1) {
        if ((operations & bit) != 0) {
            vc_buf_text(out, first ? "\"" : ",\"");
            vc_buf_text(out, vc_key_op_name(bit));
            vc_buf_literal(out, "\"");
            first = false;
        }
    }

    vc_buf_literal(out, "]");
}


/*
 * An oct key's bundle is without key_ops: it has no material either, and a
 * client that finds its operation there takes the bundle for the whole key
 * and computes by itself, Azure's for Python with random bytes.
 */
static void
vc_put_jwk(vc_call_t *call, const vc_version_t *version,
    const vc_stored_key_t *key)
{
    vc_buf_t *out;

    out = &call->out;

    vc_buf_literal(out, "\"key\":{\"kid\":\"");
    vc_put_own_id(call, version);
    vc_buf_literal(out, "\",\"kty\":\"");
    vc_buf_text(out, vc_kty_name(key->spec.kty));
    vc_buf_literal(out, "\"");

    if (key->spec.kty != VC_KTY_OCT) {
        vc_buf_literal(out, ",\"key_ops\":");
        vc_key_put_operations(out, key->operations);
    }

    if (key->public_members.len != 0) {
        vc_buf_literal(out, ",");
        vc_buf_str(out, key->public_members);
    }

    vc_buf_literal(out, "}");
}


/* what the attributes of keys have beyond those of all objects */
static void
vc_put_key_attributes(vc_call_t *call, const vc_version_t *version,
    const vc_stored_key_t *key)
{
    char     text[64];
    vc_buf_t more;

    vc_buf_fixed(&more, text, sizeof(text));

    if (call->route.api_version >= VC_API_7_3) {
        vc_buf_text(&more,
            key->exportable ? ",\"exportable\":true" : ",\"exportable\":false");
    }

    if (call->route.api_version >= VC_API_7_5) {
        vc_buf_literal(&more, ",\"hsmPlatform\":\"");
        vc_buf_i64(&more, call->engine->keys->hsm_platform);
        vc_buf_literal(&more, "\"");
    }

    vc_put_attributes(call, version, vc_buf_view(&more));
}


void
vc_key_put_release_policy(vc_call_t *call, const vc_stored_key_t *key)
{
    vc_buf_t *out;

    if (!key->has_release_policy) {
        return;
    }

    out = &call->out;

    vc_buf_literal(out, ",\"release_policy\":{\"contentType\":\"");
    vc_buf_str(out, key->release_content_type);
    vc_buf_literal(out, "\",\"data\":\"");
    vc_base64url_encode(out, key->release_policy);
    vc_buf_literal(out, "\"");

    if (call->route.api_version >= VC_API_7_3) {
        vc_buf_text(out,
            key->immutable ? ",\"immutable\":true" : ",\"immutable\":false");
    }

    vc_buf_literal(out, "}");
}


void
vc_key_bundle(vc_call_t *call, const vc_object_t *object)
{
    vc_stored_key_t     key;
    const vc_version_t *version;

    version = &object->version;

    if (vc_stored_key_decode(version->payload, &key) != VC_OK) {
        call->out.failed = true;
        return;
    }

    vc_put_room(call, version,
        key.public_members.len + 2 * key.release_policy.len);
    vc_buf_literal(&call->out, "{");
    vc_put_deleted(call, object);
    vc_put_jwk(call, version, &key);
    vc_put_key_attributes(call, version, &key);
    vc_put_tags(call, version);
    vc_key_put_release_policy(call, &key);
    vc_buf_literal(&call->out, "}");

    vc_key_note(call, &key);
}


void
vc_key_item(vc_call_t *call, const vc_object_t *object, bool versioned)
{
    vc_stored_key_t key;

    if (vc_stored_key_decode(object->version.payload, &key) != VC_OK) {
        call->out.failed = true;
        return;
    }

    vc_buf_literal(&call->out, "{");
    vc_put_deleted(call, object);
    vc_buf_literal(&call->out, "\"kid\":\"");
    vc_put_id(call, &call->out, vc_call_kind(call)->collection,
        &object->version, versioned);
    vc_buf_literal(&call->out, "\"");
    vc_put_key_attributes(call, &object->version, &key);
    vc_put_tags(call, &object->version);
    vc_buf_literal(&call->out, "}");
}


void
vc_key_note(vc_call_t *call, const vc_stored_key_t *key)
{
    vc_buf_t text;

    vc_buf_init(&text, call->arena, VC_KEY_PROPERTIES_ROOM);
    vc_buf_literal(&text, "{\"type\":\"");
    vc_buf_text(&text, vc_kty_name(key->spec.kty));

    if (key->spec.kty == VC_KTY_EC) {
        vc_buf_literal(&text, "\",\"curve\":\"");
        vc_buf_text(&text, vc_curve_name(key->spec.curve));
        vc_buf_literal(&text, "\"");

    } else {
        vc_buf_literal(&text, "\",\"size\":");
        vc_buf_i64(&text, key->spec.bits);
    }

    vc_buf_literal(&text, ",\"operations\":");
    vc_key_put_operations(&text, key->operations);
    vc_buf_literal(&text, "}");

    if (!text.failed) {
        call->record_key = vc_buf_view(&text);
    }
}
