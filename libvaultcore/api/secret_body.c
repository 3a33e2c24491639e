/* what request bodies say of a secret */

#include "api/secret_json.h"

#include <string.h>


static vc_status_t
vc_secret_read_value(vc_call_t *call, const json_t *body, vc_secret_body_t *out)
{
    const json_t *value;

    value = vc_json_member(body, "value");

    if (!json_is_string(value)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property value has invalid value\r\nIt must be present, and a "
            "string of at most %d bytes of UTF-8.",
            VC_SECRET_VALUE_MAX);
    }

    if (json_string_length(value) > VC_SECRET_VALUE_MAX) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property value has invalid value\r\nIt has %zu bytes of UTF-8; "
            "at most %d are allowed.",
            json_string_length(value), VC_SECRET_VALUE_MAX);
    }

    return vc_json_keep(call, vc_json_text(value), &out->value);
}


static vc_status_t
vc_secret_read_content_type(vc_call_t *call, const json_t *body,
    vc_secret_body_t *out)
{
    const json_t *content_type;

    content_type = vc_json_member(body, "contentType");
    if (content_type == NULL) {
        return VC_OK;
    }

    if (!json_is_string(content_type)
        || vc_utf8_count(vc_json_text(content_type)) > VC_CONTENT_TYPE_MAX)
    {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property contentType has invalid value\r\nIt must be a string "
            "of at most %d characters.",
            VC_CONTENT_TYPE_MAX);
    }

    out->has_content_type = true;

    return vc_json_keep(call, vc_json_text(content_type), &out->content_type);
}


vc_status_t
vc_secret_body_parse(vc_call_t *call, const json_t *body, bool with_value,
    vc_secret_body_t *out)
{
    vc_status_t status;

    memset(out, 0, sizeof(*out));
    status = with_value ? vc_secret_read_value(call, body, out) : VC_OK;

    if (status == VC_OK) {
        status = vc_secret_read_content_type(call, body, out);
    }

    return (status == VC_OK) ? vc_object_body_read(call, body, &out->common)
                             : status;
}


vc_status_t
vc_secret_body_read(vc_call_t *call, bool with_value, vc_secret_body_t *out)
{
    json_t     *body;
    vc_status_t status;

    status = vc_call_json(call, &body);
    if (status != VC_OK) {
        return status;
    }

    status = vc_secret_body_parse(call, body, with_value, out);
    json_decref(body);

    return status;
}


void
vc_secret_body_apply(vc_object_t *object, void *data)
{
    const vc_secret_body_t *body;

    body = data;

    if (body->has_content_type) {
        object->version.has_content_type = true;
        object->version.content_type = body->content_type;
    }

    vc_object_body_apply(&object->version, &body->common);
}
