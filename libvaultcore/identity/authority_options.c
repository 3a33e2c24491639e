/* what the configuration says of an authority, checked */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "crypto/jws.h"
#include "identity/authority_state.h"
#include "identity/jwks.h"

#define VC_ALG_DEFAULT (VC_ALG_RS256 | VC_ALG_PS256 | VC_ALG_ES256)


vc_status_t
vc_authority_check_names(const vc_authority_options_t *options, vc_error_t *err)
{
    size_t i;

    if (options->issuer.len == 0 || !vc_utf8_valid(options->issuer)) {
        return vc_fail(err, VC_INVALID,
            "An authority needs the name of its issuer, as it stands in the "
            "\"iss\" of its tokens.");
    }

    if (options->tenant.len != 0 && !vc_guid_valid(options->tenant)) {
        return vc_fail(err, VC_INVALID,
            "The tenant of an authority must be a GUID such as "
            "00000000-0000-0000-0000-000000000000.");
    }

    for (i = 0; i < options->audience_count; i++) {
        if (options->audiences[i].len == 0) {
            break;
        }
    }

    if ((options->audience_count == 0 && !options->audience_optional
            && !options->federation)
        || i < options->audience_count)
    {
        return vc_fail(err, VC_INVALID,
            "An authority needs one or more audiences, none of them empty, or "
            "federation.");
    }

    if ((options->algorithms & ~(uint32_t) VC_ALG_ALL) != 0) {
        return vc_fail(err, VC_INVALID,
            "An authority's algorithms can be RS256, RS384, RS512, PS256, "
            "PS384, PS512, ES256 and ES384.");
    }

    return VC_OK;
}


uint32_t
vc_authority_option_algorithms(const vc_authority_options_t *options)
{
    return (options->algorithms == 0) ? VC_ALG_DEFAULT : options->algorithms;
}


static vc_status_t
vc_authority_check_url(vc_arena_t *arena, const vc_authority_options_t *options,
    vc_error_t *err)
{
    char *url, *ca_file;

    url = vc_str_dup(arena, options->jwks_url);
    ca_file = vc_str_dup(arena, options->ca_file);

    if (url == NULL || ca_file == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    if (strlen(url) != options->jwks_url.len || !vc_jwks_url_valid(url)) {
        return vc_fail(err, VC_INVALID,
            "The address of a key set must begin with https://, or with "
            "http:// and 127.0.0.1, [::1] or localhost.");
    }

    if (ca_file[0] != '\0' && access(ca_file, R_OK) != 0) {
        return vc_fail(err, VC_INVALID,
            "The CA file \"%s\" cannot be read: %s.", ca_file, strerror(errno));
    }

    return VC_OK;
}


/* keys: those of a JWKS file, NULL if they come by URL */
static vc_status_t
vc_authority_check_keys(vc_arena_t *arena,
    const vc_authority_options_t *options, json_t **keys, vc_error_t *err)
{
    *keys = NULL;

    if ((options->jwks_json.len == 0) == (options->jwks_url.len == 0)) {
        return vc_fail(err, VC_INVALID,
            "An authority needs its keys either by a JWKS file or by a JWKS "
            "address, one of the two.");
    }

    if (options->jwks_url.len != 0) {
        return vc_authority_check_url(arena, options, err);
    }

    return vc_jwks_parse(options->jwks_json,
        vc_authority_option_algorithms(options), keys, err);
}


vc_status_t
vc_authority_read_options(const vc_authority_options_t *options, json_t **keys,
    vc_error_t *err)
{
    vc_arena_t *arena;
    vc_status_t status;

    *keys = NULL;

    status = vc_authority_check_names(options, err);
    if (status != VC_OK) {
        return status;
    }

    arena = vc_arena_create(1024);
    if (arena == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_authority_check_keys(arena, options, keys, err);
    vc_arena_destroy(arena);

    return status;
}


vc_status_t
vc_authority_check(const vc_authority_options_t *options, vc_error_t *err)
{
    json_t     *keys;
    vc_status_t status;

    status = vc_authority_read_options(options, &keys, err);
    json_decref(keys);

    return status;
}
