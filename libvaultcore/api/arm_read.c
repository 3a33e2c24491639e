#include "api/arm_read.h"

#include "api/arm.h"
#include "api/object_body.h"


const json_t *
vc_arm_read_member(const vc_arm_reader_t *reader, const char *name)
{
    json_t       *value;
    const char   *key;
    const json_t *exact;

    exact = vc_json_member(reader->object, name);
    if (exact != NULL) {
        return exact;
    }

    json_object_foreach((json_t *) reader->object, key, value)
    {
        if (!json_is_null(value) && vc_str_ieq(vc_str(key), vc_str(name))) {
            return value;
        }
    }

    return NULL;
}


vc_status_t
vc_arm_read_refuse(const vc_arm_reader_t *reader, const char *name,
    const char *wanted)
{
    return vc_fail(reader->err, VC_BAD_PARAMETER,
        "Property %s%s has invalid value. It must be %s.", reader->where, name,
        wanted);
}


vc_status_t
vc_arm_read_properties(vc_arena_t *arena, const json_t *body,
    vc_arm_reader_t *out, vc_error_t *err)
{
    *out = (vc_arm_reader_t){arena, body, "", err};

    if (!json_is_object(json_object_get(body, "properties"))) {
        return vc_arm_read_refuse(out, "properties", "there, and an object");
    }

    out->object = json_object_get(body, "properties");
    out->where = "properties.";

    return VC_OK;
}


vc_status_t
vc_arm_read_text(const vc_arm_reader_t *reader, const char *name, bool required,
    size_t max, vc_str_t *out)
{
    const json_t *member;

    *out = VC_STR_NULL;
    member = vc_arm_read_member(reader, name);

    if (member == NULL && !required) {
        return VC_OK;
    }

    if (!json_is_string(member) || json_string_length(member) > max
        || (required && json_string_length(member) == 0))
    {
        return vc_fail(reader->err, VC_BAD_PARAMETER,
            "Property %s%s has invalid value. It must be %sa string of at most "
            "%zu bytes.",
            reader->where, name, required ? "there, and " : "", max);
    }

    *out = vc_str_copy(reader->arena, vc_json_text(member));

    return (out->data == NULL) ? VC_NO_MEMORY : VC_OK;
}


bool
vc_arm_guid(vc_str_t text, char out[VC_GUID_LEN + 1])
{
    size_t  i;
    uint8_t c;

    if (!vc_guid_valid(text)) {
        return false;
    }

    for (i = 0; i < VC_GUID_LEN; i++) {
        c = text.data[i];
        out[i] = (char) ((c >= 'A' && c <= 'F') ? (c | 0x20) : c);
    }

    out[VC_GUID_LEN] = '\0';

    return true;
}


vc_status_t
vc_arm_read_guid(const vc_arm_reader_t *reader, const char *name,
    char out[VC_GUID_LEN + 1])
{
    const json_t *member;

    member = vc_arm_read_member(reader, name);

    if (!json_is_string(member) || !vc_arm_guid(vc_json_text(member), out)) {
        return vc_arm_read_refuse(reader, name,
            "there, and a GUID like 01234567-89ab-cdef-0123-456789abcdef");
    }

    return VC_OK;
}


vc_status_t
vc_arm_read_array(const vc_arm_reader_t *reader, const char *name,
    const json_t **out)
{
    *out = vc_arm_read_member(reader, name);

    if (*out != NULL && !json_is_array(*out)) {
        return vc_arm_read_refuse(reader, name, "an array");
    }

    return VC_OK;
}


vc_status_t
vc_arm_read_bool(const vc_arm_reader_t *reader, const char *name, bool fallback,
    bool *out)
{
    const json_t *member;

    member = vc_arm_read_member(reader, name);

    if (member != NULL && !json_is_boolean(member)) {
        return vc_arm_read_refuse(reader, name, "true or false");
    }

    *out = (member == NULL) ? fallback : json_is_true(member);

    return VC_OK;
}


static int
vc_arm_put_piece(const char *piece, size_t len, void *data)
{
    vc_buf_t *out;

    out = data;
    vc_buf_put(out, piece, len);

    return out->failed ? -1 : 0;
}


void
vc_arm_put_json(vc_buf_t *out, const json_t *json)
{
    if (json_dump_callback(json, vc_arm_put_piece, out,
            JSON_COMPACT | JSON_ENCODE_ANY)
        != 0)
    {
        out->failed = true;
    }
}


void
vc_arm_put_date(vc_buf_t *out, int64_t seconds)
{
    if (seconds == 0) {
        vc_buf_literal(out, "null");
        return;
    }

    vc_buf_literal(out, "\"");
    vc_arm_put_time(out, seconds);
    vc_buf_literal(out, "\"");
}
