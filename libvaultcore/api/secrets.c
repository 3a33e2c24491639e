#include "api/secrets.h"

#include <string.h>

#include "api/kinds.h"
#include "api/object_handlers.h"
#include "api/object_json.h"
#include "api/secret_json.h"


vc_status_t
vc_secret_store(vc_call_t *call, vc_objects_t *objects, vc_secret_body_t *body,
    vc_object_t *out)
{
    vc_status_t status;

    memset(out, 0, sizeof(*out));
    out->version.name = call->route.name;
    out->version.enabled = true;
    out->version.payload = body->value;
    vc_secret_body_apply(out, body);

    status = vc_object_check_dates(call, &out->version);
    if (status != VC_OK) {
        return status;
    }

    status = vc_object_set(objects, out);

    return (status == VC_OBJECT_DELETED) ? vc_object_is_deleted(call) : status;
}


vc_status_t
vc_secret_set(vc_call_t *call)
{
    vc_object_t      object;
    vc_status_t      status;
    vc_objects_t     objects;
    vc_secret_body_t body;

    objects = vc_call_objects(call);

    /* what state the name is in comes before what the body says */
    status = vc_object_name_free(call, &objects);

    if (status == VC_OK) {
        status = vc_secret_body_read(call, true, &body);
    }

    if (status == VC_OK) {
        status = vc_secret_store(call, &objects, &body, &object);
    }

    if (status != VC_OK) {
        return status;
    }

    vc_secret_bundle_with_value(call, &object);

    return vc_call_ok_json(call);
}


vc_status_t
vc_secret_get(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call);

    status = vc_object_find_version(call, &objects, &object);
    if (status != VC_OK) {
        return status;
    }

    if (!object.version.enabled) {
        vc_note_id(call, &object.version);
        return vc_fail(&call->error, VC_SECRET_DISABLED,
            "Operation get is not allowed on a disabled secret.");
    }

    if (call->route.out_content_type.len != 0
        && call->route.api_version >= VC_API_2025_07_01)
    {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Parameter outContentType has invalid value\r\nThis secret does "
            "not belong to a certificate, so it cannot be converted; leave "
            "the parameter out.");
    }

    vc_secret_bundle_with_value(call, &object);

    return vc_call_ok_json(call);
}


vc_status_t
vc_secret_update(vc_call_t *call)
{
    vc_object_t      object;
    vc_status_t      status;
    vc_objects_t     objects;
    vc_object_t      changed;
    vc_secret_body_t body;

    objects = vc_call_objects(call);

    status = vc_object_find_version(call, &objects, &object);
    if (status != VC_OK) {
        return status;
    }

    status = vc_secret_body_read(call, false, &body);
    if (status != VC_OK) {
        return status;
    }

    changed = object;
    vc_secret_body_apply(&changed, &body);

    status = vc_object_check_dates(call, &changed.version);
    if (status != VC_OK) {
        return status;
    }

    status = vc_object_update(&objects, call->route.name, object.version.id,
        vc_secret_body_apply, &body, &object);
    if (status != VC_OK) {
        return vc_object_live_status(call, status);
    }

    return vc_object_answer(call, &object);
}
