/* request bodies: JSON objects, read strictly */

#include "api/call.h"

#define VC_JSON_DEPTH_MAX 32


/*
 * How deep arrays and objects are nested, found before anything is parsed: the
 * parser, and what frees its result, work by recursion.
 */
static size_t
vc_json_depth(vc_str_t text)
{
    bool    quoted;
    size_t  i, depth, deepest;
    uint8_t c;

    quoted = false;
    depth = 0;
    deepest = 0;

    for (i = 0; i < text.len; i++) {
        c = text.data[i];

        if (quoted) {
            i += (c == '\\') ? 1 : 0;
            quoted = (c != '"');
            continue;
        }

        if (c == '"') {
            quoted = true;

        } else if (c == '{' || c == '[') {
            depth++;
            deepest = (depth > deepest) ? depth : deepest;

        } else if ((c == '}' || c == ']') && depth != 0) {
            depth--;
        }
    }

    return deepest;
}


/* says what is wrong without a byte of the body, which may be a secret's */
static vc_status_t
vc_json_refuse(vc_error_t *err, const json_error_t *why)
{
    switch (json_error_code(why)) {
    case json_error_out_of_memory:
        return vc_fail_detail(err, VC_NO_MEMORY, "out of memory for a body");

    case json_error_duplicate_key:
        return vc_fail(err, VC_BAD_PARAMETER,
            "The request body names a member of an object twice (line %d, "
            "column %d); each may stand there once.",
            why->line, why->column);

    case json_error_null_character:
    case json_error_null_byte_in_key:
        return vc_fail(err, VC_BAD_PARAMETER,
            "The request body has a NUL character in a string (line %d, "
            "column %d); strings must be without it.",
            why->line, why->column);

    case json_error_numeric_overflow:
        return vc_fail(err, VC_BAD_PARAMETER,
            "The request body has a number that is too large (line %d, "
            "column %d); numbers are integers of 64 bits.",
            why->line, why->column);

    default:
        return vc_fail(err, VC_BAD_PARAMETER,
            "The request body is not valid JSON (line %d, column %d); it must "
            "be one JSON object.",
            why->line, why->column);
    }
}


vc_status_t
vc_call_json(vc_call_t *call, json_t **out)
{
    json_t      *json;
    vc_status_t  status;
    json_error_t why;

    if (call->body.len == 0) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "The request body is empty; it must be a JSON object.");
    }

    if (!vc_utf8_valid(call->body)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "The request body is not UTF-8; it must be a JSON object in "
            "UTF-8.");
    }

    if (vc_json_depth(call->body) > VC_JSON_DEPTH_MAX) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "The request body is nested too deeply; %d levels are allowed.",
            VC_JSON_DEPTH_MAX);
    }

    json = json_loadb((const char *) call->body.data, call->body.len,
        JSON_REJECT_DUPLICATES, &why);
    if (json == NULL) {
        status = vc_json_refuse(&call->error, &why);
        vc_wipe(&why, sizeof(why));
        return status;
    }

    if (!json_is_object(json)) {
        json_decref(json);
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "The request body is not a JSON object, as it must be.");
    }

    *out = json;

    return VC_OK;
}
