#include "identity/token.h"

#include <string.h>

#include "crypto/jws.h"
#include "identity/claims.h"
#include "identity/local_principals.h"
#include "identity/token_principal.h"


static vc_status_t
vc_token_missing(vc_error_t *err)
{
    return vc_fail(err, VC_UNAUTHORIZED,
        "AKV10000: Request is missing a Bearer or PoP token.");
}


vc_status_t
vc_token_from_header(vc_str_t authorization, vc_str_t *token, vc_error_t *err)
{
    vc_str_t scheme, rest;

    *token = VC_STR_NULL;
    scheme = (vc_str_t){authorization.data, sizeof("Bearer ") - 1};

    if (authorization.len <= scheme.len
        || !vc_str_ieq(scheme, VC_STR("Bearer "))) {
        return vc_token_missing(err);
    }

    rest.data = authorization.data + scheme.len;
    rest.len = authorization.len - scheme.len;

    while (rest.len != 0 && rest.data[0] == ' ') {
        rest.data++;
        rest.len--;
    }

    while (rest.len != 0 && rest.data[rest.len - 1] == ' ') {
        rest.len--;
    }

    /* what else cannot stand in a token is found where it is taken apart */
    if (rest.len == 0 || memchr(rest.data, ' ', rest.len) != NULL) {
        return vc_token_missing(err);
    }

    *token = rest;

    return VC_OK;
}


typedef struct {
    vc_authorities_t *authorities;
    vc_authority_t   *authority;
    vc_session_t     *session;
    vc_arena_t       *arena; /* of the verification, not of the principal */
    int64_t           now;
    vc_jws_t          jws;
} vc_token_check_t;


static vc_status_t
vc_token_find_authority(vc_token_check_t *check, vc_error_t *err)
{
    char     echo[VC_ECHO_MAX + 1];
    vc_buf_t issuers;
    vc_str_t issuer;

    issuer = vc_claim_text(check->jws.claims, "iss");

    check->authority = (issuer.len == 0)
                           ? NULL
                           : vc_authorities_find(check->authorities, issuer);
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
    if (foreign != NULL) {
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


static bool
vc_token_accepts(const void *authority, vc_str_t audience)
{
    return vc_authority_accepts(authority, audience);
}


static vc_status_t
vc_token_check_audience(vc_token_check_t *check, vc_error_t *err)
{
    char          echo[VC_ECHO_MAX + 1];
    vc_buf_t      audiences;
    const json_t *found;

    if (vc_claim_audience(check->jws.claims, vc_token_accepts,
            check->authority)) {
        return VC_OK;
    }

    vc_buf_init(&audiences, check->arena, 256);
    vc_authority_list_audiences(check->authority, &audiences);

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


static vc_status_t
vc_token_check_times(vc_token_check_t *check, vc_error_t *err)
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


static vc_status_t
vc_token_check_claims(vc_token_check_t *check, vc_error_t *err)
{
    char          echo[VC_ECHO_MAX + 1];
    vc_str_t      expected;
    vc_status_t   status;
    const json_t *tenant;

    status = vc_token_check_audience(check, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_token_check_times(check, err);
    if (status != VC_OK) {
        return status;
    }

    tenant = json_object_get(check->jws.claims, "tid");
    expected = vc_authority_tenant(check->authority);

    if (tenant != NULL
        && !vc_str_ieq(vc_claim_text(check->jws.claims, "tid"), expected))
    {
        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10034: Invalid tenant. Expected %.*s, found %s.",
            VC_STR_ARG(expected),
            vc_claim_echo(echo, vc_claim_text(check->jws.claims, "tid")));
    }

    return VC_OK;
}


static vc_status_t
vc_token_check_principal(vc_token_check_t *check, vc_principal_t **out,
    vc_error_t *err)
{
    vc_status_t     status;
    vc_principal_t *principal;

    status = vc_principal_from_claims(check->authority, check->jws.claims,
        &principal, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_token_recheck(principal, check->session, check->now, err);
    if (status != VC_OK) {
        vc_principal_release(principal);
        return status;
    }

    *out = principal;

    return VC_OK;
}


static vc_status_t
vc_token_run(vc_token_check_t *check, vc_principal_t **out,
    vc_authority_t **refresh, vc_error_t *err)
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

    status = vc_token_check_signature(check, refresh, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_token_check_claims(check, err);
    if (status != VC_OK) {
        return status;
    }

    return vc_token_check_principal(check, out, err);
}


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
vc_token_verify(vc_authorities_t *authorities, vc_session_t *session,
    vc_str_t token, int64_t now, vc_principal_t **out, vc_authority_t **refresh,
    vc_error_t *err)
{
    vc_status_t      status;
    vc_token_check_t check;

    *out = NULL;
    *refresh = NULL;

    memset(&check, 0, sizeof(check));
    check.authorities = authorities;
    check.session = session;
    check.now = now;
    check.arena = vc_arena_create(8192);
    if (check.arena == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_token_parse(&check, token, err);

    if (status == VC_OK) {
        status = vc_token_run(&check, out, refresh, err);
        vc_jws_clear(&check.jws);
    }

    vc_arena_destroy(check.arena);

    return status;
}


static vc_status_t
vc_token_revoked(vc_error_t *err)
{
    return vc_fail(err, VC_UNAUTHORIZED,
        "AKV10006: The token is no longer valid: its application was deleted "
        "or its secret was reset since. Request a new token.");
}


static vc_status_t
vc_token_recheck_local(const vc_principal_t *principal, vc_session_t *session,
    vc_error_t *err)
{
    bool                 same;
    vc_arena_t          *arena;
    vc_status_t          status;
    vc_local_principal_t stored;

    arena = vc_arena_create(4096);
    if (arena == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_local_principal_get(session, arena, principal->application_id,
        &stored);
    same = status == VC_OK && stored.generation == principal->generation
           && vc_str_eq(vc_str(stored.object_id), principal->object_id);

    if (status == VC_OK) {
        vc_local_principal_clear(&stored);
    }

    vc_arena_destroy(arena);

    if (status != VC_OK && status != VC_NOT_FOUND) {
        return vc_fail_detail(err, status, "a principal cannot be read: %s",
            vc_status_name(status));
    }

    return same ? VC_OK : vc_token_revoked(err);
}


vc_status_t
vc_token_recheck(const vc_principal_t *principal, vc_session_t *session,
    int64_t now, vc_error_t *err)
{
    if (principal->expires <= now - VC_TOKEN_LEEWAY) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10004: The token has expired. Expected an 'exp' in the "
            "future; request a new token.");
    }

    return principal->local ? vc_token_recheck_local(principal, session, err)
                            : VC_OK;
}
