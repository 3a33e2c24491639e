/* the answers that secrets are put into */

#include "api/secret_json.h"

#include <string.h>

#define VC_ID_HEX ((size_t) 2 * VC_VERSION_LEN)
/* more than the fixed parts of a bundle and its numbers can take */
#define VC_BUNDLE_ROOM 640


static void
vc_put_id(const vc_call_t *call, vc_buf_t *out, vc_str_t collection,
    const vc_version_t *version, bool versioned)
{
    uint8_t *hex;

    vc_call_base_url(call, out);
    vc_buf_str(out, collection);
    vc_buf_str(out, version->name);

    if (versioned) {
        vc_buf_literal(out, "/");

        hex = vc_buf_reserve(out, VC_ID_HEX);
        if (hex != NULL) {
            vc_hex_encode((char *) hex, version->id, VC_VERSION_LEN);
        }
    }
}


/*
 * The names of recovery levels by api-version: none at first; those of a
 * customized retention since 7.1.
 */
static const char *
vc_recovery_level(const vc_call_t *call)
{
    if (call->route.api_version >= VC_API_7_1) {
        return vc_vault_recovery_level(call->vault);
    }

    return call->vault->purge_protection ? "Recoverable"
                                         : "Recoverable+Purgeable";
}


static void
vc_put_attributes(vc_call_t *call, const vc_version_t *version)
{
    vc_buf_t *out;

    out = &call->out;

    vc_buf_literal(out, ",\"attributes\":{\"enabled\":");
    vc_buf_text(out, version->enabled ? "true" : "false");

    if (version->has_not_before) {
        vc_buf_literal(out, ",\"nbf\":");
        vc_buf_i64(out, version->not_before);
    }

    if (version->has_expires) {
        vc_buf_literal(out, ",\"exp\":");
        vc_buf_i64(out, version->expires);
    }

    vc_buf_literal(out, ",\"created\":");
    vc_buf_i64(out, version->created);
    vc_buf_literal(out, ",\"updated\":");
    vc_buf_i64(out, version->updated);

    if (call->route.api_version >= VC_API_2016_10_01) {
        vc_buf_literal(out, ",\"recoveryLevel\":\"");
        vc_buf_text(out, vc_recovery_level(call));
        vc_buf_literal(out, "\"");
    }

    if (call->route.api_version >= VC_API_7_1) {
        vc_buf_literal(out, ",\"recoverableDays\":");
        vc_buf_i64(out, call->vault->retention_days);
    }

    vc_buf_literal(out, "}");
}


static void
vc_put_tags(vc_call_t *call, const vc_version_t *version)
{
    if (version->tags.len != 0) {
        vc_buf_literal(&call->out, ",\"tags\":");
        vc_buf_str(&call->out, version->tags);
    }
}


static void
vc_put_previous(vc_call_t *call, const vc_version_t *version)
{
    static const uint8_t none[VC_VERSION_LEN];

    uint8_t *hex;

    if (call->route.api_version < VC_API_2025_07_01
        || memcmp(version->previous, none, VC_VERSION_LEN) == 0)
    {
        return;
    }

    vc_buf_literal(&call->out, ",\"previousVersion\":\"");

    hex = vc_buf_reserve(&call->out, VC_ID_HEX);
    if (hex != NULL) {
        vc_hex_encode((char *) hex, version->previous, VC_VERSION_LEN);
    }

    vc_buf_literal(&call->out, "\"");
}


static void
vc_put_deleted(vc_call_t *call, const vc_object_t *object)
{
    vc_buf_t *out;

    if (object->deleted == 0) {
        return;
    }

    out = &call->out;

    vc_buf_literal(out, "\"recoveryId\":\"");
    vc_put_id(call, out, VC_STR("/deletedsecrets/"), &object->version, false);
    vc_buf_literal(out, "\",\"deletedDate\":");
    vc_buf_i64(out, object->deleted);
    vc_buf_literal(out, ",\"scheduledPurgeDate\":");
    vc_buf_i64(out, object->scheduled_purge);
    vc_buf_literal(out, ",");
}


static void
vc_put_content_type(vc_call_t *call, const vc_version_t *version)
{
    if (version->has_content_type) {
        vc_buf_literal(&call->out, "\"contentType\":\"");
        vc_buf_str(&call->out, version->content_type);
        vc_buf_literal(&call->out, "\",");
    }
}


/* makes the buffer grow at most once for one bundle */
static void
vc_make_room(vc_call_t *call, const vc_version_t *version)
{
    size_t room;

    room = VC_BUNDLE_ROOM + version->payload.len + version->content_type.len
           + version->tags.len + 2 * (call->request.host.len + VC_NAME_MAX);

    if (vc_buf_reserve(&call->out, room) != NULL) {
        call->out.len -= room;
    }
}


void
vc_secret_bundle(vc_call_t *call, const vc_object_t *object, bool with_value)
{
    size_t              start;
    const vc_version_t *version;

    version = &object->version;

    vc_make_room(call, version);
    vc_buf_literal(&call->out, "{");
    vc_put_deleted(call, object);

    if (with_value) {
        vc_buf_literal(&call->out, "\"value\":\"");
        vc_buf_str(&call->out, version->payload);
        vc_buf_literal(&call->out, "\",");
    }

    vc_put_content_type(call, version);
    vc_buf_literal(&call->out, "\"id\":\"");

    start = call->out.len;
    vc_put_id(call, &call->out, VC_STR("/secrets/"), version, true);

    if (!call->out.failed) {
        call->record_id.data = call->out.data + start;
        call->record_id.len = call->out.len - start;
    }

    vc_buf_literal(&call->out, "\"");
    vc_put_attributes(call, version);
    vc_put_tags(call, version);
    vc_put_previous(call, version);
    vc_buf_literal(&call->out, "}");
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
    vc_put_attributes(call, &object->version);
    vc_put_tags(call, &object->version);
    vc_buf_literal(&call->out, "}");
}


void
vc_secret_note_id(vc_call_t *call, const vc_version_t *version)
{
    vc_buf_t id;

    vc_buf_init(&id, call->arena, 256);
    vc_put_id(call, &id, VC_STR("/secrets/"), version, true);

    if (!id.failed) {
        call->record_id = vc_buf_view(&id);
    }
}
