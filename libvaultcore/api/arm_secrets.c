/* secrets as resources: their values go in, and never out */

#include "api/arm.h"
#include "api/arm_objects.h"
#include "api/object_handlers.h"
#include "api/secrets.h"
#include "api/secret_json.h"


static void
vc_arm_put_secret(vc_call_t *call, const vc_object_t *object, bool versioned)
{
    const vc_version_t *version;

    version = &object->version;

    vc_arm_put_object_head(call, version, versioned, VC_STR_NULL);

    if (version->has_content_type) {
        vc_buf_literal(&call->out, ",\"contentType\":\"");
        vc_buf_str(&call->out, version->content_type);
        vc_buf_literal(&call->out, "\"");
    }

    vc_arm_put_object_uris(call, version, "secretUri", "");
    vc_buf_literal(&call->out, "}}");
}


static vc_status_t
vc_arm_secret_answer(vc_call_t *call, const vc_object_t *object, int http)
{
    vc_arm_put_secret(call, object, false);

    return vc_arm_json(call, http);
}


vc_status_t
vc_arm_secret_list(vc_call_t *call)
{
    return vc_arm_object_list(call, false, vc_arm_put_secret);
}


vc_status_t
vc_arm_secret_get(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    status = vc_arm_object_begin(call, &objects);

    if (status == VC_OK) {
        status = vc_object_find_version(call, &objects, &object);
    }

    return (status == VC_OK) ? vc_arm_secret_answer(call, &object, 200)
                             : status;
}


static vc_status_t
vc_arm_secret_read(vc_call_t *call, bool must, vc_secret_body_t *out)
{
    json_t     *body;
    vc_status_t status;

    static const char *const names[] = {NULL};

    status = vc_arm_object_body(call, names, &body);
    if (status != VC_OK) {
        return status;
    }

    status = vc_secret_body_parse(call, body,
        must || vc_json_member(body, "value") != NULL, out);
    json_decref(body);

    return status;
}


vc_status_t
vc_arm_secret_put(vc_call_t *call)
{
    vc_object_t      object;
    vc_status_t      status;
    vc_objects_t     objects;
    vc_secret_body_t body;

    status = vc_arm_object_begin(call, &objects);

    if (status == VC_OK) {
        status = vc_object_name_free(call, &objects);
    }

    if (status == VC_OK) {
        status = vc_arm_secret_read(call, true, &body);
    }

    if (status == VC_OK) {
        status = vc_secret_store(call, &objects, &body, &object);
    }

    return (status == VC_OK) ? vc_arm_secret_answer(call, &object,
               vc_version_is_first(&object.version) ? 201 : 200)
                             : status;
}


/* a value that is given makes a new version, which is else as the last one */
static vc_status_t
vc_arm_secret_change(vc_call_t *call, vc_objects_t *objects,
    vc_secret_body_t *body, vc_object_t *object)
{
    vc_status_t status;
    vc_object_t changed;

    changed = *object;
    vc_secret_body_apply(&changed, body);

    status = vc_object_check_dates(call, &changed.version);
    if (status != VC_OK) {
        return status;
    }

    if (body->value.data != NULL) {
        *object = changed;
        object->version.payload = body->value;
        return vc_object_set(objects, object);
    }

    return vc_object_update(objects, call->route.name, object->version.id,
        vc_secret_body_apply, body, object);
}


vc_status_t
vc_arm_secret_patch(vc_call_t *call)
{
    vc_object_t      object;
    vc_status_t      status;
    vc_objects_t     objects;
    vc_secret_body_t body;

    status = vc_arm_object_begin(call, &objects);

    if (status == VC_OK) {
        status = vc_object_find_version(call, &objects, &object);
    }

    if (status == VC_OK) {
        status = vc_arm_secret_read(call, false, &body);
    }

    if (status == VC_OK) {
        status = vc_arm_secret_change(call, &objects, &body, &object);
    }

    return (status == VC_OK) ? vc_arm_secret_answer(call, &object, 200)
                             : vc_object_live_status(call, status);
}
