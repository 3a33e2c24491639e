/* what every signed token must satisfy, whatever it is for */

#include "identity/token_check.h"

#include <string.h>

#include "identity/claims.h"
#include "identity/token.h"


static vc_status_t
vc_token_parse(vc_token_check_t *check, vc_str_t token, vc_error_t *err)
{
    vc_error_t  reason;
    vc_status_t status;

    status = vc_jws_parse(check->arena, token, &check->jws, &reason);

    if (status == VC_INVALID) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10001: The token is malformed: %s. Expected a signed JSON Web "
            "Token in compact form.",
            reason.message);
    }

    return (status == VC_OK) ? VC_OK : vc_fail(err, status, "out of memory");
}


vc_status_t
vc_token_check_begin(vc_token_check_t *check, vc_authorities_t *authorities,
    vc_session_t *session, vc_str_t token, int64_t now, vc_error_t *err)
{
    vc_status_t status;

    memset(check, 0, sizeof(*check));
    check->authorities = authorities;
    check->session = session;
    check->now = now;
    check->arena = vc_arena_create(8192);
    if (check->arena == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_token_parse(check, token, err);
    if (status != VC_OK) {
        vc_arena_destroy(check->arena);
    }

    return status;
}


void
vc_token_check_end(vc_token_check_t *check)
{
    vc_jws_clear(&check->jws);
    vc_arena_destroy(check->arena);
}


/* an issuer whose tokens are not for this is as one that is unknown */
static vc_authority_t *
vc_token_issuer(const vc_token_check_t *check, vc_str_t issuer)
{
    vc_authority_t *authority;

    authority = (issuer.len == 0)
                    ? NULL
                    : vc_authorities_find(check->authorities, issuer);

    if (authority == NULL) {
        return NULL;
    }

    return (check->federation ? vc_authority_federates(authority)
                              : vc_authority_gives_access(authority))
               ? authority
               : NULL;
}


static vc_status_t
vc_token_find_authority(vc_token_check_t *check, vc_error_t *err)
{
    char     echo[VC_ECHO_MAX + 1];
    vc_buf_t issuers;
    vc_str_t issuer;

    issuer = vc_claim_text(check->jws.claims, "iss");

    check->authority = vc_token_issuer(check, issuer);
    if (check->authority != NULL) {
        return VC_OK;
    }

    vc_buf_init(&issuers, check->arena, 256);
    vc_authorities_list_issuers(check->authorities, VC_STR_NULL, &issuers);

    return vc_fail(err, VC_UNAUTHORIZED,
        "AKV10032: Invalid issuer. Expected one of %.*s, found %s.",
        VC_STR_ARG(issuers), vc_claim_echo(echo, issuer));
}


static void
vc_token_list_algorithms(uint32_t algorithms, vc_buf_t *out)
{
    uint32_t    bit;
    const char *separator;

    separator = "";

    for (bit = 1; bit <= VC_ALG_ALL; bit <<= 1) {
        if ((algorithms & bit) != 0) {
            vc_buf_text(out, separator);
            vc_buf_text(out, vc_alg_name(bit));
            separator = ", ";
        }
    }
}


static vc_status_t
vc_token_check_header(vc_token_check_t *check, vc_error_t *err)
{
    char        echo[VC_ECHO_MAX + 1];
    uint32_t    algorithms;
    vc_buf_t    names;
    const char *foreign;

    foreign = vc_jws_foreign_key(&check->jws);
    if (foreign != NULL && !(check->jku_ignored && strcmp(foreign, "jku") == 0))
    {
        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10043: The token's header carries '%s', which is never "
            "followed. Expected a 'kid' that names a key of the issuer.",
            foreign);
    }

    algorithms = vc_authority_algorithms(check->authority);

    if ((check->jws.alg & algorithms) == 0) {
        vc_buf_init(&names, check->arena, 64);
        vc_token_list_algorithms(algorithms, &names);

        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10042: Invalid signature algorithm. Expected one of %.*s, "
            "found %s.",
            VC_STR_ARG(names),
            vc_claim_echo(echo, vc_claim_text(check->jws.header, "alg")));
    }

    if (check->jws.kid.len == 0) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10044: The token's header has no 'kid'. Expected the id of "
            "the issuer's key that signed it.");
    }

    return VC_OK;
}


static vc_status_t
vc_token_check_signature(vc_token_check_t *check, vc_authority_t **refresh,
    vc_error_t *err)
{
    json_t     *jwk;
    vc_status_t status;

    status = vc_authority_key(check->authority, check->session, check->jws.kid,
        check->now, &jwk);

    if (status == VC_AGAIN) {
        *refresh = check->authority;
        return status;
    }

    if (status == VC_ISSUER_UNAVAILABLE) {
        return vc_fail(err, status,
            "The keys of the token's issuer cannot be had now. Try again.");
    }

    if (status == VC_NOT_FOUND) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10046: Unable to resolve the key used for signature "
            "validation. Expected a 'kid' that names a key of the issuer.");
    }

    if (status != VC_OK) {
        return vc_fail_detail(err, status,
            "the keys of an authority cannot be read: %s",
            vc_status_name(status));
    }

    status = vc_jws_verify(&check->jws, jwk);
    json_decref(jwk);

    if (status == VC_UNAUTHORIZED) {
        return vc_fail(err, status,
            "AKV10047: The token's signature is not valid for the key and "
            "the algorithm that its header names.");
    }

    return (status == VC_OK) ? VC_OK : vc_fail(err, status, "out of memory");
}


vc_status_t
vc_token_check_signed(vc_token_check_t *check, vc_authority_t **refresh,
    vc_error_t *err)
{
    vc_status_t status;

    status = vc_token_find_authority(check, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_token_check_header(check, err);
    if (status != VC_OK) {
        return status;
    }

    return vc_token_check_signature(check, refresh, err);
}


static bool
vc_token_accepts(const void *authority, vc_str_t audience)
{
    return vc_authority_accepts(authority, audience);
}


vc_status_t
vc_token_check_audience(const vc_token_check_t *check, vc_error_t *err)
{
    char          echo[VC_ECHO_MAX + 1];
    vc_buf_t      audiences;
    const json_t *found;

    if (vc_claim_audience(check->jws.claims, vc_token_accepts,
            check->authority)) {
        return VC_OK;
    }

    vc_buf_init(&audiences, check->arena, 256);
    vc_authority_list_audiences(check->authority,
        VC_FOR_DATA | VC_FOR_MANAGEMENT, &audiences);

    found = json_object_get(check->jws.claims, "aud");
    if (json_is_array(found)) {
        found = json_array_get(found, 0);
    }

    return vc_fail(err, VC_UNAUTHORIZED,
        "AKV10022: Invalid audience. Expected %.*s, found: %s.",
        VC_STR_ARG(audiences),
        vc_claim_echo(echo,
            (vc_str_t){(const uint8_t *) json_string_value(found),
                json_string_length(found)}));
}


static bool
vc_token_is_for_data(const void *authority, vc_str_t audience)
{
    return (vc_authority_planes(authority, audience) & VC_FOR_DATA) != 0;
}


static bool
vc_token_is_for_management(const void *authority, vc_str_t audience)
{
    return (vc_authority_planes(authority, audience) & VC_FOR_MANAGEMENT) != 0;
}


unsigned
vc_token_check_planes(const vc_token_check_t *check)
{
    unsigned      planes;
    const json_t *claims;

    claims = check->jws.claims;
    planes = 0;

    if (vc_claim_audience(claims, vc_token_is_for_data, check->authority)) {
        planes |= VC_FOR_DATA;
    }

    if (vc_claim_audience(claims, vc_token_is_for_management, check->authority))
    {
        planes |= VC_FOR_MANAGEMENT;
    }

    return planes;
}


vc_status_t
vc_token_check_times(const vc_token_check_t *check, vc_error_t *err)
{
    int64_t       expires, not_before, issued;
    const json_t *claims;

    claims = check->jws.claims;
    not_before = check->now;
    issued = check->now;

    if (vc_claim_time(claims, "exp", &expires) != VC_TIME_GOOD
        || vc_claim_time(claims, "nbf", &not_before) == VC_TIME_BAD
        || vc_claim_time(claims, "iat", &issued) == VC_TIME_BAD)
    {
        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10003: The token's times are not valid. Expected 'exp', and "
            "where present 'nbf' and 'iat', as seconds since 1970.");
    }

    if (expires <= check->now - VC_TOKEN_LEEWAY) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10004: The token has expired. Expected an 'exp' in the "
            "future; request a new token.");
    }

    if (not_before > check->now + VC_TOKEN_LEEWAY
        || issued > check->now + VC_TOKEN_LEEWAY)
    {
        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10005: The token is not yet valid. Expected 'nbf' and 'iat' "
            "in the past; the clocks of issuer and vault may differ by %d "
            "seconds.",
            VC_TOKEN_LEEWAY);
    }

    return VC_OK;
}
