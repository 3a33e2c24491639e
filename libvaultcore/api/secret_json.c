/* the answers that secrets are put into */

#include "api/secret_json.h"

#include "api/object_json.h"


static void
vc_put_content_type(vc_call_t *call, const vc_version_t *version)
{
    if (version->has_content_type) {
        vc_buf_literal(&call->out, "\"contentType\":\"");
        vc_buf_str(&call->out, version->content_type);
        vc_buf_literal(&call->out, "\",");
    }
}


static void
vc_put_previous(vc_call_t *call, const vc_version_t *version)
{
    if (call->route.api_version < VC_API_2025_07_01
        || vc_version_is_first(version)) {
        return;
    }

    vc_buf_literal(&call->out, ",\"previousVersion\":\"");
    vc_put_version(&call->out, version->previous);
    vc_buf_literal(&call->out, "\"");
}


static void
vc_secret_put(vc_call_t *call, const vc_object_t *object, bool with_value)
{
    const vc_version_t *version;

    version = &object->version;

    vc_put_room(call, version, with_value ? version->payload.len : 0);
    vc_buf_literal(&call->out, "{");
    vc_put_deleted(call, object);

    if (with_value) {
        vc_buf_literal(&call->out, "\"value\":\"");
        vc_buf_str(&call->out, version->payload);
        vc_buf_literal(&call->out, "\",");
    }

    vc_put_content_type(call, version);
    vc_buf_literal(&call->out, "\"id\":\"");
    vc_put_own_id(call, version);
    vc_buf_literal(&call->out, "\"");
    vc_put_attributes(call, version, VC_STR_NULL);
    vc_put_tags(call, version);
    vc_put_previous(call, version);
    vc_buf_literal(&call->out, "}");
}


void
vc_secret_bundle(vc_call_t *call, const vc_object_t *object)
{
    vc_secret_put(call, object, false);
}


void
vc_secret_bundle_with_value(vc_call_t *call, const vc_object_t *object)
{
    vc_secret_put(call, object, true);
}


void
vc_secret_item(vc_call_t *call, const vc_object_t *object, bool versioned)
{
    vc_buf_literal(&call->out, "{");
    vc_put_deleted(call, object);
    vc_put_content_type(call, &object->version);
    vc_buf_literal(&call->out, "\"id\":\"");
    vc_put_id(call, &call->out, VC_STR("/secrets/"), &object->version,
        versioned);
    vc_buf_literal(&call->out, "\"");
    vc_put_attributes(call, &object->version, VC_STR_NULL);
    vc_put_tags(call, &object->version);
    vc_buf_literal(&call->out, "}");
}
