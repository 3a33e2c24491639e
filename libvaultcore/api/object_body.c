/* what request bodies say of any kind of object */

#include "api/object_body.h"

#include <string.h>


json_t *
vc_json_member(const json_t *object, const char *name)
{
    json_t *member;

    member = json_object_get(object, name);

    return json_is_null(member) ? NULL : member;
}


vc_str_t
vc_json_text(const json_t *string)
{
    return (vc_str_t){(const uint8_t *) json_string_value(string),
        json_string_length(string)};
}


size_t
vc_utf8_count(vc_str_t text)
{
    size_t i, count;

    count = 0;

    for (i = 0; i < text.len; i++) {
        count += ((text.data[i] & 0xc0) != 0x80) ? 1 : 0;
    }

    return count;
}


vc_status_t
vc_json_keep(vc_call_t *call, vc_str_t text, vc_str_t *out)
{
    vc_buf_t escaped;

    vc_buf_init(&escaped, call->arena, text.len + 16);
    vc_json_escape(&escaped, text);
    *out = vc_buf_view(&escaped);

    return escaped.failed ? VC_NO_MEMORY : VC_OK;
}


static vc_status_t
vc_object_read_date(vc_call_t *call, const json_t *attributes, const char *name,
    vc_date_change_t *change, int64_t *out)
{
    const json_t *date;

    date = json_object_get(attributes, name);

    if (date == NULL) {
        *change = VC_DATE_KEEP;
        return VC_OK;
    }

    if (json_is_null(date)) {
        *change = VC_DATE_CLEAR;
        return VC_OK;
    }

    if (!json_is_integer(date)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property attributes.%s has invalid value\r\nIt must be an "
            "integer, in seconds since 1970-01-01 UTC.",
            name);
    }

    *change = VC_DATE_SET;
    *out = json_integer_value(date);

    return VC_OK;
}


static vc_status_t
vc_object_read_attributes(vc_call_t *call, const json_t *body,
    vc_object_body_t *out)
{
    vc_status_t   status;
    const json_t *attributes, *enabled;

    attributes = vc_json_member(body, "attributes");
    if (attributes == NULL) {
        return VC_OK;
    }

    if (!json_is_object(attributes)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property attributes has invalid value\r\nIt must be an object.");
    }

    enabled = vc_json_member(attributes, "enabled");
    if (enabled != NULL && !json_is_boolean(enabled)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property attributes.enabled has invalid value\r\nIt must be true "
            "or false.");
    }

    out->has_enabled = (enabled != NULL);
    out->enabled = json_is_true(enabled);

    status = vc_object_read_date(call, attributes, "nbf",
        &out->not_before_change, &out->not_before);
    if (status != VC_OK) {
        return status;
    }

    return vc_object_read_date(call, attributes, "exp", &out->expires_change,
        &out->expires);
}


static bool
vc_tag_valid(const char *name, const json_t *value)
{
    return vc_utf8_count(vc_str(name)) <= VC_TAG_MAX && json_is_string(value)
           && vc_utf8_count(vc_json_text(value)) <= VC_TAG_MAX;
}


static vc_status_t
vc_object_keep_tags(vc_call_t *call, json_t *tags, vc_object_body_t *out)
{
    json_t     *value;
    vc_buf_t    text;
    const char *name;

    vc_buf_init(&text, call->arena, 256);

    json_object_foreach(tags, name, value)
    {
        if (!vc_tag_valid(name, value)) {
            return vc_fail(&call->error, VC_BAD_PARAMETER,
                "Property tags has invalid value\r\nEach tag must be a string "
                "of at most %d characters, and so must its name.",
                VC_TAG_MAX);
        }

        vc_buf_text(&text, (text.len == 0) ? "{" : ",");
        vc_json_string(&text, vc_str(name));
        vc_buf_text(&text, ":");
        vc_json_string(&text, vc_json_text(value));
    }

    if (text.len != 0) {
        vc_buf_text(&text, "}");
    }

    out->has_tags = true;
    out->tags = vc_buf_view(&text);

    return text.failed ? VC_NO_MEMORY : VC_OK;
}


static vc_status_t
vc_object_read_tags(vc_call_t *call, const json_t *body, vc_object_body_t *out)
{
    json_t *tags;

    tags = vc_json_member(body, "tags");
    if (tags == NULL) {
        return VC_OK;
    }

    if (!json_is_object(tags)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property tags has invalid value\r\nIt must be an object whose "
            "members are strings.");
    }

    if (json_object_size(tags) > VC_TAGS_MAX) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property tags has invalid value\r\nThere are %zu tags; at most "
            "%d are allowed.",
            json_object_size(tags), VC_TAGS_MAX);
    }

    return vc_object_keep_tags(call, tags, out);
}


vc_status_t
vc_object_body_read(vc_call_t *call, const json_t *body, vc_object_body_t *out)
{
    vc_status_t status;

    memset(out, 0, sizeof(*out));

    status = vc_object_read_attributes(call, body, out);

    return (status == VC_OK) ? vc_object_read_tags(call, body, out) : status;
}


void
vc_object_body_apply(vc_version_t *version, const vc_object_body_t *body)
{
    if (body->has_enabled) {
        version->enabled = body->enabled;
    }

    if (body->not_before_change != VC_DATE_KEEP) {
        version->has_not_before = (body->not_before_change == VC_DATE_SET);
        version->not_before = body->not_before;
    }

    if (body->expires_change != VC_DATE_KEEP) {
        version->has_expires = (body->expires_change == VC_DATE_SET);
        version->expires = body->expires;
    }

    if (body->has_tags) {
        version->tags = body->tags;
    }
}


vc_status_t
vc_object_check_dates(vc_call_t *call, const vc_version_t *version)
{
    if (version->has_not_before && version->has_expires
        && version->not_before >= 0 && version->expires >= 0
        && version->expires < version->not_before)
    {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property attributes has invalid value\r\nexp must not be before "
            "nbf.");
    }

    return VC_OK;
}
