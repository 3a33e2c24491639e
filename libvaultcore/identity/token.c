#include "identity/token.h"

#include <string.h>

#include "identity/claims.h"
#include "identity/local_principals.h"
#include "identity/token_check.h"
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

    principal->planes = vc_token_check_planes(check);

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

    status = vc_token_check_signed(check, refresh, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_token_check_claims(check, err);
    if (status != VC_OK) {
        return status;
    }

    return vc_token_check_principal(check, out, err);
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

    status = vc_token_check_begin(&check, authorities, session, token, now,
        err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_token_run(&check, out, refresh, err);
    vc_token_check_end(&check);

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
