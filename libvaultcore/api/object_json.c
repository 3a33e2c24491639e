/* answers about objects, as far as their kinds agree */

#include "api/object_json.h"

#include "api/kinds.h"

#define VC_ID_HEX ((size_t) 2 * VC_VERSION_LEN)
/* more than the fixed parts of a bundle and its numbers can take */
#define VC_BUNDLE_ROOM 640


void
vc_put_room(vc_call_t *call, const vc_version_t *version, size_t more)
{
    size_t room;

    room = VC_BUNDLE_ROOM + more + version->content_type.len + version->tags.len
           + 2 * (call->request.host.len + VC_NAME_MAX);

    if (vc_buf_reserve(&call->out, room) != NULL) {
        call->out.len -= room;
    }
}


void
vc_put_version(vc_buf_t *out, const uint8_t id[VC_VERSION_LEN])
{
    uint8_t *hex;

    hex = vc_buf_reserve(out, VC_ID_HEX);
    if (hex != NULL) {
        vc_hex_encode((char *) hex, id, VC_VERSION_LEN);
    }
}


void
vc_put_id(const vc_call_t *call, vc_buf_t *out, vc_str_t collection,
    const vc_version_t *version, bool versioned)
{
    vc_call_base_url(call, out);
    vc_buf_str(out, collection);
    vc_buf_str(out, version->name);

    if (versioned) {
        vc_buf_literal(out, "/");

        vc_put_version(out, version->id);
    }
}


void
vc_put_own_id(vc_call_t *call, const vc_version_t *version)
{
    size_t start;

    start = call->out.len;
    vc_put_id(call, &call->out, vc_call_kind(call)->collection, version, true);

    if (!call->out.failed) {
        call->record_id.data = call->out.data + start;
        call->record_id.len = call->out.len - start;
    }
}


void
vc_note_id(vc_call_t *call, const vc_version_t *version)
{
    vc_buf_t id;

    vc_buf_init(&id, call->arena, 256);
    vc_put_id(call, &id, vc_call_kind(call)->collection, version, true);

    if (!id.failed) {
        call->record_id = vc_buf_view(&id);
    }
}


void
vc_put_deleted(vc_call_t *call, const vc_object_t *object)
{
    vc_buf_t *out;

    if (object->deleted == 0) {
        return;
    }

    out = &call->out;

    vc_buf_literal(out, "\"recoveryId\":\"");
    vc_put_id(call, out, vc_call_kind(call)->deleted_collection,
        &object->version, false);
    vc_buf_literal(out, "\",\"deletedDate\":");
    vc_buf_i64(out, object->deleted);
    vc_buf_literal(out, ",\"scheduledPurgeDate\":");
    vc_buf_i64(out, object->scheduled_purge);
    vc_buf_literal(out, ",");
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


void
vc_put_attributes(vc_call_t *call, const vc_version_t *version, vc_str_t more)
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

    vc_buf_str(out, more);
    vc_buf_literal(out, "}");
}


void
vc_put_tags(vc_call_t *call, const vc_version_t *version)
{
    if (version->tags.len != 0) {
        vc_buf_literal(&call->out, ",\"tags\":");
        vc_buf_str(&call->out, version->tags);
    }
}
