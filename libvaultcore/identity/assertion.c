#include "identity/assertion.h"

#include <string.h>

#include "identity/claims.h"

#define VC_ASSERTION_LIFETIME_MAX 86400 /* seconds */
/* the clients' clocks are not ours, and their assertions live for minutes */
#define VC_ASSERTION_LEEWAY 300


static bool
vc_certificate_is(const vc_principal_certificate_t *certificate,
    const char *header, vc_str_t id)
{
    if (strcmp(header, "x5t") != 0
        && vc_str_eq(id, vc_str(certificate->x5t_s256))) {
        return true;
    }

    return strcmp(header, "x5t#S256") != 0
           && vc_str_eq(id, vc_str(certificate->x5t));
}


static const vc_principal_certificate_t *
vc_assertion_find_by(const vc_jws_t *jws, const char *header,
    const vc_local_principal_t *principal)
{
    size_t   i;
    vc_str_t id;

    id = vc_claim_text(jws->header, header);

    /* MSAL for Python pads the thumbprint */
    while (id.len != 0 && id.data[id.len - 1] == '=') {
        id.len--;
    }

    for (i = 0; i < principal->certificate_count; i++) {
        if (vc_certificate_is(&principal->certificates[i], header, id)) {
            return &principal->certificates[i];
        }
    }

    return NULL;
}


/* the certificate that the header names; the first of these members counts */
static const vc_principal_certificate_t *
vc_assertion_certificate(const vc_jws_t *jws,
    const vc_local_principal_t *principal)
{
    static const char *const names[] = {"x5t#S256", "x5t", "kid"};

    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (json_object_get(jws->header, names[i]) != NULL) {
            return vc_assertion_find_by(jws, names[i], principal);
        }
    }

    return NULL;
}


/* verifies under a key of our own, for the time that it takes */
static vc_status_t
vc_assertion_verify_nothing(vc_session_t *session, vc_arena_t *arena,
    const vc_jws_t *jws)
{
    json_t     *keys, *jwk;
    vc_status_t status;

    status = vc_local_authority_keys(session, arena, &keys);
    if (status != VC_OK) {
        return status;
    }

    jwk = json_array_get(keys, 0);

    if (jwk != NULL) {
        (void) json_object_del(jwk, "alg");
        status = vc_jws_verify(jws, jwk);
    }

    json_decref(keys);

    return (status == VC_NO_MEMORY) ? status : VC_UNAUTHORIZED;
}


static vc_status_t
vc_assertion_verify_signature(vc_session_t *session, vc_arena_t *arena,
    const vc_jws_t *jws, const vc_local_principal_t *principal, int64_t now,
    vc_error_t *err)
{
    vc_status_t                       status;
    const vc_principal_certificate_t *certificate;

    certificate = (principal == NULL)
                      ? NULL
                      : vc_assertion_certificate(jws, principal);

    if (certificate == NULL) {
        status = vc_assertion_verify_nothing(session, arena, jws);
        return vc_fail(err, status,
            "the certificate that its header names by 'x5t#S256', 'x5t' or "
            "'kid' is not registered for the application");
    }

    status = vc_jws_verify(jws, certificate->jwk);
    if (status != VC_OK) {
        return vc_fail(err, status, "its signature is not good");
    }

    if (certificate->not_after < now) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "the certificate whose key signed it has expired");
    }

    return VC_OK;
}


static vc_status_t
vc_assertion_check_times(const json_t *claims, int64_t now, vc_error_t *err)
{
    int64_t expires, not_before, issued;

    if (vc_claim_time(claims, "exp", &expires) != VC_TIME_GOOD) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "it needs an 'exp', a number of seconds since 1970");
    }

    if (expires <= now - VC_ASSERTION_LEEWAY) {
        return vc_fail(err, VC_UNAUTHORIZED, "it has expired");
    }

    if (expires > now + VC_ASSERTION_LIFETIME_MAX + VC_ASSERTION_LEEWAY) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "its 'exp' is more than %d seconds ahead",
            VC_ASSERTION_LIFETIME_MAX);
    }

    not_before = now;
    issued = now;

    if (vc_claim_time(claims, "nbf", &not_before) == VC_TIME_BAD
        || vc_claim_time(claims, "iat", &issued) == VC_TIME_BAD
        || not_before > now + VC_ASSERTION_LEEWAY)
    {
        return vc_fail(err, VC_UNAUTHORIZED,
            "it is not yet valid: 'nbf' and 'iat', when present, must be "
            "numbers of seconds since 1970, 'nbf' in the past");
    }

    return VC_OK;
}


/* takes `head` and a slash off the front */
static bool
vc_address_below(vc_str_t *address, vc_str_t head)
{
    if (address->len <= head.len || address->data[head.len] != '/'
        || !vc_str_ieq((vc_str_t){address->data, head.len}, head))
    {
        return false;
    }

    address->data += head.len + 1;
    address->len -= head.len + 1;

    return true;
}


/* one of our token endpoints, or our issuer */
static bool
vc_assertion_accepts(const void *data, vc_str_t audience)
{
    const vc_local_authority_t *authority;

    authority = data;

    if (!vc_address_below(&audience, authority->base_url)) {
        return false;
    }

    if (vc_address_below(&audience, authority->tenant)) {
        return vc_address_eq(audience, VC_STR("oauth2/v2.0/token"))
               || vc_address_eq(audience, VC_STR("oauth2/token"))
               || vc_address_eq(audience, VC_STR("v2.0"));
    }

    return vc_address_eq(audience, VC_STR("adfs/oauth2/token"));
}


static vc_status_t
vc_assertion_check_claims(const vc_local_authority_t *authority,
    const json_t *claims, vc_str_t client_id, int64_t now, vc_error_t *err)
{
    if (!vc_str_ieq(vc_claim_text(claims, "iss"), client_id)
        || !vc_str_ieq(vc_claim_text(claims, "sub"), client_id))
    {
        return vc_fail(err, VC_UNAUTHORIZED,
            "its 'iss' and its 'sub' must both be the client id");
    }

    if (!vc_claim_audience(claims, vc_assertion_accepts, authority)) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "its 'aud' must be the token endpoint, "
            "%.*s/%.*s/oauth2/v2.0/token",
            VC_STR_ARG(authority->base_url), VC_STR_ARG(authority->tenant));
    }

    return vc_assertion_check_times(claims, now, err);
}


static vc_status_t
vc_assertion_check(const vc_local_authority_t *authority, vc_session_t *session,
    vc_arena_t *arena, const vc_jws_t *jws, vc_str_t client_id,
    const vc_local_principal_t *principal, int64_t now, vc_error_t *err)
{
    vc_status_t status;

    if (jws->alg != VC_ALG_RS256 && jws->alg != VC_ALG_PS256) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "it must be signed with RS256 or PS256");
    }

    if (vc_jws_foreign_key(jws) != NULL) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "its header carries '%s', which is not followed",
            vc_jws_foreign_key(jws));
    }

    status = vc_assertion_verify_signature(session, arena, jws, principal, now,
        err);
    if (status != VC_OK) {
        return status;
    }

    return vc_assertion_check_claims(authority, jws->claims, client_id, now,
        err);
}


vc_status_t
vc_assertion_verify(const vc_local_authority_t *authority,
    vc_session_t *session, vc_arena_t *arena, vc_str_t assertion,
    vc_str_t client_id, const vc_local_principal_t *principal, int64_t now,
    vc_error_t *err)
{
    vc_jws_t    jws;
    vc_status_t status;

    status = vc_jws_parse(arena, assertion, &jws, err);

    if (status == VC_INVALID) {
        err->status = VC_UNAUTHORIZED;
        return VC_UNAUTHORIZED;
    }

    if (status != VC_OK) {
        return status;
    }

    status = vc_assertion_check(authority, session, arena, &jws, client_id,
        principal, now, err);
    vc_jws_clear(&jws);

    return status;
}
