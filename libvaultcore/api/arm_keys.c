/* keys as resources: made once, and looked at */

#include "api/arm.h"
#include "api/arm_objects.h"
#include "api/key_json.h"
#include "api/key_store.h"
#include "api/object_handlers.h"
#include "objects/key_policy.h"

/* keyUri names the port also where it is the scheme's */
#define VC_ARM_KEY_PORT ":443"


/* --- answers ------------------------------------------------------------------ */

static void
vc_arm_put_key_rotation(vc_call_t *call, const vc_object_t *object)
{
    vc_key_policy_t policy;

    if (vc_key_policy_decode(object->policy, &policy) != VC_OK) {
        call->out.failed = true;
        return;
    }

    if (policy.has_rotation) {
        vc_buf_literal(&call->out, ",\"rotationPolicy\":{");
        vc_rotation_json(&policy.rotation, true, &call->out);
        vc_buf_literal(&call->out, "}");
    }
}


static void
vc_arm_put_key_kind(vc_buf_t *out, const vc_stored_key_t *key)
{
    vc_buf_printf(out,
        ",\"kty\":\"%s\",\"keyOps\":", vc_kty_name(key->spec.kty));
    vc_key_put_operations(out, key->operations);

    if (key->spec.kty == VC_KTY_EC) {
        vc_buf_printf(out, ",\"curveName\":\"%s\"",
            vc_curve_name(key->spec.curve));

    } else {
        vc_buf_literal(out, ",\"keySize\":");
        vc_buf_i64(out, key->spec.bits);
    }
}


static void
vc_arm_put_key(vc_call_t *call, const vc_object_t *object, bool versioned)
{
    char            text[128];
    vc_buf_t        more;
    vc_stored_key_t key;

    if (vc_stored_key_decode(object->version.payload, &key) != VC_OK) {
        call->out.failed = true;
        return;
    }

    vc_buf_fixed(&more, text, sizeof(text));
    vc_buf_printf(&more, ",\"recoveryLevel\":\"%s\",\"exportable\":%s",
        vc_vault_recovery_level(call->vault),
        key.exportable ? "true" : "false");

    vc_arm_put_object_head(call, &object->version, versioned,
        vc_buf_view(&more));
    vc_arm_put_key_kind(&call->out, &key);
    vc_arm_put_object_uris(call, &object->version, "keyUri", VC_ARM_KEY_PORT);

    if (!versioned) {
        vc_arm_put_key_rotation(call, object);
    }

    vc_key_put_release_policy(call, &key);
    vc_buf_literal(&call->out, "}}");
}


static vc_status_t
vc_arm_key_answer(vc_call_t *call, const vc_object_t *object, int http)
{
    vc_arm_put_key(call, object, call->route.version.len != 0);

    return vc_arm_json(call, http);
}


vc_status_t
vc_arm_key_list(vc_call_t *call)
{
    return vc_arm_object_list(call, false, vc_arm_put_key);
}


vc_status_t
vc_arm_key_version_list(vc_call_t *call)
{
    return vc_arm_object_list(call, true, vc_arm_put_key);
}


vc_status_t
vc_arm_key_get(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    status = vc_arm_object_begin(call, &objects);

    if (status == VC_OK) {
        status = vc_object_find_version(call, &objects, &object);
    }

    return (status == VC_OK) ? vc_arm_key_answer(call, &object, 200) : status;
}


/* --- making one --------------------------------------------------------------- */

typedef struct {
    vc_key_spec_t spec;
    vc_key_body_t body;
    vc_str_t      policy; /* of rotation, in its stored form; empty: none */
} vc_arm_key_body_t;


static vc_status_t
vc_arm_key_read_rotation(vc_call_t *call, const json_t *body,
    vc_arm_key_body_t *out)
{
    vc_buf_t        text;
    vc_status_t     status;
    const json_t   *rotation;
    vc_key_policy_t policy;

    out->policy = VC_STR_NULL;
    rotation = vc_json_member(body, "rotationPolicy");

    if (rotation == NULL) {
        return VC_OK;
    }

    if (!json_is_object(rotation)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property rotationPolicy has invalid value\r\nIt must be an "
            "object.");
    }

    status = vc_key_policy_decode(VC_STR_NULL, &policy);

    if (status == VC_OK) {
        status = vc_rotation_parse(rotation, &policy.rotation, &call->error);
    }

    if (status != VC_OK) {
        return status;
    }

    policy.has_rotation = true;
    policy.rotation.created = call->now;
    policy.rotation.updated = call->now;

    vc_buf_init(&text, call->arena, 128);
    vc_key_policy_encode(&policy, &text);
    out->policy = vc_buf_view(&text);

    return text.failed ? VC_NO_MEMORY : VC_OK;
}


static vc_status_t
vc_arm_key_read(vc_call_t *call, vc_arm_key_body_t *out)
{
    json_t     *body;
    vc_status_t status;

    static const char *const names[] = {"keyOps", "key_ops", "keySize",
        "key_size", "curveName", "crv", NULL};

    status = vc_arm_object_body(call, names, &body);
    if (status != VC_OK) {
        return status;
    }

    status = vc_key_spec_read(call, body, &out->spec);

    if (status == VC_OK) {
        status = vc_key_body_read(call, body, body, &out->body);
    }

    if (status == VC_OK) {
        status = vc_arm_key_read_rotation(call, body, out);
    }

    json_decref(body);

    return vc_arm_object_rename(call, status, names);
}


static vc_status_t
vc_arm_key_make(vc_call_t *call, vc_objects_t *objects)
{
    vc_object_t       object;
    vc_status_t       status;
    vc_arm_key_body_t wanted;

    status = vc_object_name_free(call, objects);

    if (status == VC_OK) {
        status = vc_arm_key_read(call, &wanted);
    }

    if (status != VC_OK) {
        return status;
    }

    if (call->prepared == NULL) {
        return vc_key_make(call, &wanted.spec, &wanted.body);
    }

    status = vc_key_store(call, objects, call->prepared, &wanted.body, false,
        wanted.policy, &object);

    return (status == VC_OK) ? vc_arm_key_answer(call, &object, 200) : status;
}


vc_status_t
vc_arm_key_put(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    status = vc_arm_object_begin(call, &objects);

    if (status == VC_OK) {
        status = vc_object_get(&objects, 'h', call->route.name, &object);
    }

    if (status == VC_NOT_FOUND) {
        return vc_arm_key_make(call, &objects);
    }

    return (status == VC_OK) ? vc_arm_key_answer(call, &object, 200) : status;
}
