#include "crypto/jws.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <jose/b64.h>
#include <jose/jws.h>
#include <openssl/err.h>

#include "crypto/jws_quiet.h"

#define VC_JWS_MAX 16384
#define VC_JWS_DEPTH 16


static void
vc_quiet_error(void *misc, const char *file, int line, uint64_t err,
    const char *fmt, va_list args)
{
    (void) misc;
    (void) file;
    (void) line;
    (void) err;
    (void) fmt;
    (void) args;
}


void
vc_quiet_begin(vc_quiet_t *quiet)
{
    (void) ERR_set_mark();

    quiet->cfg = jose_cfg();
    if (quiet->cfg != NULL) {
        jose_cfg_set_err_func(quiet->cfg, vc_quiet_error, NULL);
    }
}


void
vc_quiet_end(vc_quiet_t *quiet)
{
    if (quiet->cfg != NULL) {
        jose_cfg_decref(quiet->cfg);
        quiet->cfg = NULL;
    }

    (void) ERR_pop_to_mark();
}


static void *
vc_json_malloc(size_t size)
{
    return malloc(size);
}


static void
vc_json_free(void *p)
{
    if (p != NULL) {
        vc_wipe(p, malloc_usable_size(p));
        free(p);
    }
}


void
vc_json_secure_memory(void)
{
    json_set_alloc_funcs(vc_json_malloc, vc_json_free);

    /* here, because making the seed later is not safe between threads */
    json_object_seed(0);
}


static int
vc_json_write_part(const char *data, size_t n, void *buf)
{
    vc_buf_put(buf, data, n);

    return ((vc_buf_t *) buf)->failed ? -1 : 0;
}


void
vc_json_write(const json_t *value, vc_buf_t *out)
{
    if (json_dump_callback(value, vc_json_write_part, out, JSON_COMPACT) != 0) {
        out->failed = true;
    }
}


/* whether no array or object lies deeper than `left` levels */
static bool
vc_json_is_shallow(const json_t *value, unsigned left)
{
    size_t      i;
    json_t     *member;
    const char *name;

    if (!json_is_object(value) && !json_is_array(value)) {
        return true;
    }

    if (left == 0) {
        return false;
    }

    json_array_foreach(value, i, member)
    {
        if (!vc_json_is_shallow(member, left - 1)) {
            return false;
        }
    }

    json_object_foreach((json_t *) value, name, member)
    {
        if (!vc_json_is_shallow(member, left - 1)) {
            return false;
        }
    }

    return true;
}


typedef struct {
    vc_str_t header, claims, signature;
} vc_jws_parts_t;


/* takes what stands before the next dot, or all of the rest if none may be */
static bool
vc_jws_part(vc_str_t *rest, bool last, vc_str_t *part)
{
    const uint8_t *dot;

    dot = (rest->len == 0) ? NULL : memchr(rest->data, '.', rest->len);

    if (last) {
        *part = *rest;
        return dot == NULL;
    }

    if (dot == NULL) {
        return false;
    }

    part->data = rest->data;
    part->len = (size_t) (dot - rest->data);
    rest->data = dot + 1;
    rest->len -= part->len + 1;

    return true;
}


static bool
vc_jws_split(vc_str_t compact, vc_jws_parts_t *parts)
{
    return vc_jws_part(&compact, false, &parts->header)
           && vc_jws_part(&compact, false, &parts->claims)
           && vc_jws_part(&compact, true, &parts->signature);
}


static vc_status_t
vc_jws_decode(vc_arena_t *arena, vc_str_t text, const char *what, json_t **out,
    vc_error_t *err)
{
    json_t      *value;
    vc_str_t     bytes;
    json_error_t error;

    if (text.len == 0 || !vc_base64url_decode(arena, text, &bytes)) {
        return vc_fail(err, VC_INVALID, "its %s is not base64url", what);
    }

    value = json_loadb((const char *) bytes.data, bytes.len,
        JSON_REJECT_DUPLICATES, &error);

    if (value == NULL && json_error_code(&error) == json_error_out_of_memory) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    if (!json_is_object(value) || !vc_json_is_shallow(value, VC_JWS_DEPTH)) {
        json_decref(value);
        return vc_fail(err, VC_INVALID,
            "its %s is not a JSON object with distinct members, nested no "
            "deeper than %d",
            what, VC_JWS_DEPTH);
    }

    *out = value;

    return VC_OK;
}


static uint32_t
vc_jws_header_alg(const json_t *header)
{
    const char *alg;

    alg = json_string_value(json_object_get(header, "alg"));

    return vc_alg_parse(vc_str(alg));
}


static vc_status_t
vc_jws_read_header(vc_jws_t *jws, vc_error_t *err)
{
    json_t *kid;

    if (json_object_get(jws->header, "crit") != NULL) {
        return vc_fail(err, VC_INVALID,
            "its header carries 'crit', and no extension is supported");
    }

    if (json_object_get(jws->header, "b64") != NULL) {
        return vc_fail(err, VC_INVALID,
            "its header carries 'b64', which is not supported");
    }

    kid = json_object_get(jws->header, "kid");

    if (!json_is_string(json_object_get(jws->header, "alg"))) {
        return vc_fail(err, VC_INVALID,
            "its header has no 'alg', which must be a string");
    }

    if (kid != NULL && !json_is_string(kid)) {
        return vc_fail(err, VC_INVALID, "its header's 'kid' is not a string");
    }

    jws->alg = vc_jws_header_alg(jws->header);
    jws->kid = vc_str(json_string_value(kid));

    return VC_OK;
}


static vc_status_t
vc_jws_read(vc_arena_t *arena, const vc_jws_parts_t *parts, vc_jws_t *out,
    vc_error_t *err)
{
    vc_str_t    signature;
    vc_status_t status;

    if (!vc_base64url_decode(arena, parts->signature, &signature)) {
        return vc_fail(err, VC_INVALID, "its signature is not base64url");
    }

    status = vc_jws_decode(arena, parts->header, "header", &out->header, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_jws_decode(arena, parts->claims, "claims", &out->claims, err);
    if (status != VC_OK) {
        return status;
    }

    return vc_jws_read_header(out, err);
}


vc_status_t
vc_jws_parse(vc_arena_t *arena, vc_str_t compact, vc_jws_t *out,
    vc_error_t *err)
{
    vc_status_t    status;
    vc_jws_parts_t parts;

    memset(out, 0, sizeof(*out));

    if (compact.len > VC_JWS_MAX) {
        return vc_fail(err, VC_INVALID,
            "it has %zu bytes, and at most %d are accepted", compact.len,
            VC_JWS_MAX);
    }

    /* the decoder allows padding, RFC 7515 does not */
    if (compact.len == 0 || memchr(compact.data, '=', compact.len) != NULL
        || !vc_jws_split(compact, &parts))
    {
        return vc_fail(err, VC_INVALID,
            "it is not three base64url parts separated by dots");
    }

    out->compact = compact;

    status = vc_jws_read(arena, &parts, out, err);
    if (status != VC_OK) {
        vc_jws_clear(out);
    }

    return status;
}


void
vc_jws_clear(vc_jws_t *jws)
{
    json_decref(jws->header);
    json_decref(jws->claims);
    memset(jws, 0, sizeof(*jws));
}


const char *
vc_jws_foreign_key(const vc_jws_t *jws)
{
    static const char *const names[] = {"jwk", "x5u", "jku"};

    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (json_object_get(jws->header, names[i]) != NULL) {
            return names[i];
        }
    }

    return NULL;
}


static bool
vc_json_set_str(json_t *object, const char *name, vc_str_t value)
{
    return json_object_set_new(object, name,
               json_stringn((const char *) value.data, value.len))
           == 0;
}


/* RFC 7515 section 7.2.2 */
static json_t *
vc_jws_flattened(vc_str_t compact)
{
    json_t        *jws;
    vc_jws_parts_t parts;

    if (!vc_jws_split(compact, &parts)) {
        return NULL;
    }

    jws = json_object();

    if (jws == NULL || !vc_json_set_str(jws, "protected", parts.header)
        || !vc_json_set_str(jws, "payload", parts.claims)
        || !vc_json_set_str(jws, "signature", parts.signature))
    {
        json_decref(jws);
        return NULL;
    }

    return jws;
}


/* the key's numbers: nothing else of a key is looked at */
static json_t *
vc_jws_bare_key(const json_t *jwk)
{
    static const char *const names[] = {"kty", "n", "e", "crv", "x", "y"};

    size_t  i;
    json_t *key, *value;

    key = json_object();

    for (i = 0; key != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
        value = json_object_get(jwk, names[i]);

        if (value != NULL && json_object_set(key, names[i], value) != 0) {
            json_decref(key);
            return NULL;
        }
    }

    return key;
}


vc_status_t
vc_jws_verify(const vc_jws_t *jws, const json_t *jwk)
{
    json_t     *flattened, *key;
    vc_quiet_t  quiet;
    vc_status_t status;

    /* libjose goes by the header alone, so this is where the two must agree */
    if (jws->alg != vc_jws_header_alg(jws->header)
        || !vc_alg_fits_key(jws->alg, jwk))
    {
        return VC_UNAUTHORIZED;
    }

    flattened = vc_jws_flattened(jws->compact);
    key = vc_jws_bare_key(jwk);
    status = VC_NO_MEMORY;

    if (flattened != NULL && key != NULL) {
        vc_quiet_begin(&quiet);
        status = jose_jws_ver(quiet.cfg, flattened, NULL, key, false)
                     ? VC_OK
                     : VC_UNAUTHORIZED;
        vc_quiet_end(&quiet);
    }

    json_decref(flattened);
    json_decref(key);

    return status;
}


/* appends protected "." payload "." signature */
static vc_status_t
vc_jws_write(const json_t *jws, vc_buf_t *out)
{
    static const char *const names[] = {"protected", "payload", "signature"};

    size_t      i;
    const char *part;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        part = json_string_value(json_object_get(jws, names[i]));
        if (part == NULL) {
            return VC_CRYPTO;
        }

        if (i != 0) {
            vc_buf_u8(out, '.');
        }

        vc_buf_text(out, part);
    }

    return out->failed ? VC_NO_MEMORY : VC_OK;
}


vc_status_t
vc_jws_sign(const json_t *private_jwk, uint32_t alg, const char *kid,
    const json_t *claims, vc_buf_t *out)
{
    json_t     *jws, *header;
    vc_quiet_t  quiet;
    vc_status_t status;

    if (vc_alg_name(alg) == NULL || kid == NULL || !json_is_object(claims)) {
        return VC_INVALID;
    }

    header = json_pack("{s:{s:s,s:s,s:s}}", "protected", "alg",
        vc_alg_name(alg), "typ", "JWT", "kid", kid);
    jws = json_pack("{s:o}", "payload", jose_b64_enc_dump(claims));
    status = VC_NO_MEMORY;

    if (header != NULL && jws != NULL) {
        vc_quiet_begin(&quiet);
        status = jose_jws_sig(quiet.cfg, jws, header, private_jwk)
                     ? vc_jws_write(jws, out)
                     : VC_CRYPTO;
        vc_quiet_end(&quiet);
    }

    json_decref(header);
    json_decref(jws);

    return status;
}
