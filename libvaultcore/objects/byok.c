#include "objects/byok.h"

#include <jansson.h>


static vc_status_t
vc_byok_refuse(vc_error_t *err, const char *rule)
{
    return vc_fail(err, VC_BAD_PARAMETER,
        "Property key.key_hsm has invalid value\r\n%s", rule);
}


static vc_status_t
vc_byok_no_memory(vc_error_t *err)
{
    return vc_fail_detail(err, VC_NO_MEMORY,
        "out of memory for a transfer file");
}


/* either alphabet of base64, broken into lines or not, as base64url */
static vc_status_t
vc_byok_decode(vc_str_t text, vc_arena_t *arena, vc_str_t *out, vc_error_t *err)
{
    char    *plain;
    size_t   i;
    vc_str_t url;

    plain = vc_arena_alloc(arena, text.len);
    if (plain == NULL) {
        return vc_byok_no_memory(err);
    }

    url = (vc_str_t){(const uint8_t *) plain, 0};

    for (i = 0; i < text.len; i++) {
        switch (text.data[i]) {
        case '\r':
        case '\n':
            break;
        case '+':
            plain[url.len++] = '-';
            break;
        case '/':
            plain[url.len++] = '_';
            break;
        default:
            plain[url.len++] = (char) text.data[i];
            break;
        }
    }

    if (!vc_base64url_decode(arena, url, out)) {
        return vc_byok_refuse(err,
            "It must be the whole transfer file in base64 or base64url.");
    }

    return VC_OK;
}


static vc_str_t
vc_byok_member(const json_t *object, const char *name)
{
    const json_t *value;

    value = json_object_get(object, name);

    return (vc_str_t){(const uint8_t *) json_string_value(value),
        json_string_length(value)};
}


static vc_status_t
vc_byok_check_header(const json_t *file, vc_error_t *err)
{
    size_t        length;
    const json_t *header;

    header = json_object_get(file, "header");

    if (!vc_str_eq(vc_byok_member(file, "schema_version"), VC_STR("1.0.0"))) {
        return vc_byok_refuse(err,
            "The transfer file's schema_version must be \"1.0.0\".");
    }

    if (!vc_str_eq(vc_byok_member(header, "alg"), VC_STR("dir"))) {
        return vc_byok_refuse(err,
            "The transfer file's header.alg must be \"dir\".");
    }

    if (!vc_str_eq(vc_byok_member(header, "enc"),
            VC_STR("CKM_RSA_AES_KEY_WRAP"))) {
        return vc_byok_refuse(err, "The transfer file's header.enc must be "
                                   "\"CKM_RSA_AES_KEY_WRAP\".");
    }

    length = vc_byok_member(header, "kid").len;

    if (length == 0 || length > VC_BYOK_KID_MAX) {
        return vc_byok_refuse(err,
            "The transfer file's header.kid must be a string of 1 to 1024 "
            "bytes: the identifier of the key exchange key.");
    }

    return VC_OK;
}


static vc_status_t
vc_byok_read(const json_t *file, vc_arena_t *arena, vc_byok_t *out,
    vc_error_t *err)
{
    vc_status_t status;

    status = vc_byok_check_header(file, err);
    if (status != VC_OK) {
        return status;
    }

    if (!vc_base64url_decode(arena, vc_byok_member(file, "ciphertext"),
            &out->ciphertext)
        || out->ciphertext.len == 0
        || out->ciphertext.len > VC_BYOK_CIPHERTEXT_MAX)
    {
        return vc_byok_refuse(err,
            "The transfer file's ciphertext must be base64url of 1 to 8192 "
            "bytes.");
    }

    out->kid = vc_str_copy(arena,
        vc_byok_member(json_object_get(file, "header"), "kid"));

    return (out->kid.data == NULL) ? vc_byok_no_memory(err) : VC_OK;
}


vc_status_t
vc_byok_parse(vc_str_t key_hsm, vc_arena_t *arena, vc_byok_t *out,
    vc_error_t *err)
{
    json_t      *file;
    vc_str_t     text;
    vc_status_t  status;
    json_error_t why;

    *out = (vc_byok_t){VC_STR_NULL, VC_STR_NULL};

    if (key_hsm.len == 0 || key_hsm.len > VC_BYOK_TEXT_MAX) {
        return vc_byok_refuse(err,
            "It must be the whole transfer file in base64, of 1 to 32768 "
            "characters.");
    }

    status = vc_byok_decode(key_hsm, arena, &text, err);
    if (status != VC_OK) {
        return status;
    }

    file = json_loadb((const char *) text.data, text.len,
        JSON_REJECT_DUPLICATES, &why);

    if (file == NULL && json_error_code(&why) == json_error_out_of_memory) {
        return vc_byok_no_memory(err);
    }

    if (!json_is_object(file)) {
        json_decref(file);
        return vc_byok_refuse(err,
            "What its base64 holds must be a transfer file: a JSON object "
            "with distinct members.");
    }

    status = vc_byok_read(file, arena, out, err);
    json_decref(file);

    return status;
}
