/* the local authority's answer to a token request (RFC 6749 section 4.4) */

#include "identity/local_authority.h"

#include <stdio.h>
#include <time.h>

#include "base/log.h"
#include "crypto/jws.h"
#include "crypto/password.h"
#include "crypto/random.h"
#include "identity/assertion.h"
#include "identity/claims.h"
#include "identity/federation.h"
#include "identity/token_request.h"


static const struct {
    int         http;
    int         code;  /* the number in AADSTS… */
    const char *error; /* RFC 6749 section 5.2 */
} vc_grant_table[] = {
    [VC_GRANT_BAD_REQUEST] = {400, 90023, "invalid_request"},
    [VC_GRANT_MISSING_PARAMETER] = {400, 900144, "invalid_request"},
    [VC_GRANT_BAD_GRANT] = {400, 70003, "unsupported_grant_type"},
    [VC_GRANT_BAD_SCOPE] = {400, 70011, "invalid_scope"},
    [VC_GRANT_BAD_RESOURCE] = {400, 500011, "invalid_resource"},
    [VC_GRANT_UNKNOWN_CLIENT] = {400, 700016, "unauthorized_client"},
    /* MSAL repeats an answer of 400 for a minute without asking again */
    [VC_GRANT_BAD_SECRET] = {401, 7000215, "invalid_client"},
    [VC_GRANT_BAD_ASSERTION] = {401, 700027, "invalid_client"},
    [VC_GRANT_NO_TRUST_OF_ISSUER] = {401, 700211, "invalid_client"},
    [VC_GRANT_NO_TRUST_OF_SUBJECT] = {401, 700213, "invalid_client"},
    [VC_GRANT_NO_TRUST_OF_AUDIENCE] = {401, 700212, "invalid_client"},
    [VC_GRANT_UNAVAILABLE] = {503, 90033, "temporarily_unavailable"},
    [VC_GRANT_FAILED] = {500, 90002, "server_error"},
};


vc_grant_t
vc_request_broken(vc_token_request_t *request, const char *what,
    vc_status_t status)
{
    vc_log(VC_LOG_ERROR, "a token request failed: %s: %s", what,
        vc_status_name(status));
    vc_fail(&request->error, status,
        "The service is temporarily unavailable. Try again later.");

    return VC_GRANT_FAILED;
}


static vc_grant_t
vc_request_find_client(vc_token_request_t *request)
{
    vc_status_t status;

    status = vc_local_principal_get(request->session, request->arena,
        request->client_id, &request->principal);

    if (status != VC_OK && status != VC_NOT_FOUND) {
        return vc_request_broken(request, "a principal cannot be read", status);
    }

    request->known = (status == VC_OK);

    return VC_GRANT_OK;
}


static vc_grant_t
vc_request_unknown_client(vc_token_request_t *request)
{
    char echo[VC_ECHO_MAX + 1];

    vc_fail(&request->error, VC_UNAUTHORIZED,
        "Application with identifier '%s' was not found in the directory "
        "'%.*s'.",
        vc_claim_echo(echo, request->client_id),
        VC_STR_ARG(request->authority->tenant));

    return VC_GRANT_UNKNOWN_CLIENT;
}


static vc_grant_t
vc_request_check_secret(vc_token_request_t *request)
{
    /* a hash of nothing, at the usual cost: it takes the time of a real one */
    static const uint8_t nothing[57] =
        {[16] = 14, [20] = 8, [24] = 1, [28] = 0xaa};

    bool        real;
    vc_str_t    hash;
    vc_status_t status;

    real = request->known && request->principal.secret_hash.len != 0;
    hash = real ? request->principal.secret_hash
                : (vc_str_t){nothing, sizeof(nothing)};

    status = vc_password_verify(request->secret, hash);

    if (status != VC_OK && status != VC_UNAUTHORIZED) {
        return vc_request_broken(request, "a secret cannot be checked", status);
    }

    if (!request->known) {
        return vc_request_unknown_client(request);
    }

    if (status != VC_OK || !real) {
        vc_fail(&request->error, VC_UNAUTHORIZED,
            "Invalid client secret provided. Ensure the secret being sent in "
            "the request is the client secret value, for app '%s'.",
            request->principal.client_id);
        return VC_GRANT_BAD_SECRET;
    }

    return VC_GRANT_OK;
}


static vc_grant_t
vc_request_check_assertion(vc_token_request_t *request)
{
    vc_error_t  reason;
    vc_status_t status;

    status = vc_assertion_verify(request->authority, request->session,
        request->arena, request->assertion, request->client_id,
        request->known ? &request->principal : NULL, request->now, &reason);

    if (status != VC_OK && status != VC_UNAUTHORIZED) {
        return vc_request_broken(request, "an assertion cannot be checked",
            status);
    }

    if (!request->known) {
        return vc_request_unknown_client(request);
    }

    if (status != VC_OK) {
        vc_fail(&request->error, status,
            "Client assertion failed validation: %s. If it is another "
            "issuer's token, that issuer must be configured for federation.",
            reason.message);
        return VC_GRANT_BAD_ASSERTION;
    }

    return VC_GRANT_OK;
}


static vc_grant_t
vc_request_check_federated(vc_token_request_t *request,
    vc_authority_t **refresh)
{
    vc_grant_t      grant;
    vc_authority_t *wanted;

    wanted = NULL;
    grant = vc_federation_check(request, &wanted);

    if (grant == VC_GRANT_WAIT && refresh != NULL) {
        *refresh = wanted;
        return grant;
    }

    if (grant == VC_GRANT_WAIT || grant == VC_GRANT_UNAVAILABLE) {
        vc_fail(&request->error, VC_UNAVAILABLE,
            "The keys of the assertion's issuer cannot be had now. Try again.");
        return VC_GRANT_UNAVAILABLE;
    }

    return (grant == VC_GRANT_OK && !request->known)
               ? vc_request_unknown_client(request)
               : grant;
}


static vc_grant_t
vc_request_check_credential(vc_token_request_t *request,
    vc_authority_t **refresh)
{
    if (request->assertion.len == 0) {
        return vc_request_check_secret(request);
    }

    return vc_federation_concerns(request)
               ? vc_request_check_federated(request, refresh)
               : vc_request_check_assertion(request);
}


static json_t *
vc_request_claims(const vc_token_request_t *request, const char *uti)
{
    char                        generation[24];
    json_t                     *claims;
    vc_buf_t                    issuer;
    const vc_local_principal_t *p;
    const vc_local_authority_t *authority;

    p = &request->principal;
    authority = request->authority;

    vc_buf_init(&issuer, request->arena, 256);
    vc_local_authority_issuer(authority, &issuer);
    if (issuer.failed) {
        return NULL;
    }

    (void) snprintf(generation, sizeof(generation), "%llu",
        (unsigned long long) p->generation);

    claims = json_pack("{s:s%,s:s%,s:I,s:I,s:I,s:s,s:s,s:s,s:s,s:s,s:s}", "aud",
        (const char *) request->resource.data, request->resource.len, "iss",
        (const char *) issuer.data, issuer.len, "iat",
        (json_int_t) request->now, "nbf", (json_int_t) request->now, "exp",
        (json_int_t) (request->now + authority->token_lifetime), "appid",
        p->client_id, "azp", p->client_id, "appidacr",
        request->assertion.len != 0 ? "2" : "1", "idtyp", "app", "oid",
        p->object_id, "sub", p->object_id);

    if (claims == NULL
        || json_object_set_new(claims, "tid",
               json_stringn((const char *) authority->tenant.data,
                   authority->tenant.len))
               != 0
        || json_object_set_new(claims, "uti", json_string(uti)) != 0
        || json_object_set_new(claims, "ver", json_string("1.0")) != 0
        || json_object_set_new(claims, "vc_gen", json_string(generation)) != 0)
    {
        json_decref(claims);
        return NULL;
    }

    return claims;
}


static vc_status_t
vc_request_sign(vc_token_request_t *request, const char *uti, vc_buf_t *token)
{
    json_t     *claims;
    vc_status_t status;

    claims = vc_request_claims(request, uti);
    if (claims == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_local_authority_sign(request->session, request->arena, claims,
        token);
    json_decref(claims);

    return status;
}


static vc_grant_t
vc_request_issue(vc_token_request_t *request, vc_buf_t *token)
{
    uint8_t     bytes[16];
    vc_buf_t    uti;
    vc_status_t status;

    status = vc_random(bytes, sizeof(bytes));
    if (status != VC_OK) {
        return vc_request_broken(request, "no random bytes", status);
    }

    vc_buf_init(&uti, request->arena, 32);
    vc_base64url_encode(&uti, (vc_str_t){bytes, sizeof(bytes)});
    vc_buf_u8(&uti, '\0');
    if (uti.failed) {
        return vc_request_broken(request, "the token", VC_NO_MEMORY);
    }

    status = vc_request_sign(request, (const char *) uti.data, token);
    if (status != VC_OK) {
        return vc_request_broken(request, "the token cannot be signed", status);
    }

    return VC_GRANT_OK;
}


static vc_grant_t
vc_request_answer(vc_token_request_t *request, vc_str_t body,
    vc_authority_t **refresh, vc_buf_t *token)
{
    vc_grant_t grant;

    grant = vc_request_read(request, body);
    if (grant != VC_GRANT_OK) {
        return grant;
    }

    grant = vc_request_find_client(request);
    if (grant != VC_GRANT_OK) {
        return grant;
    }

    grant = vc_request_check_credential(request, refresh);
    if (grant != VC_GRANT_OK) {
        return grant;
    }

    return vc_request_issue(request, token);
}


static void
vc_token_answer(const vc_token_request_t *request, const vc_buf_t *token,
    vc_buf_t *out)
{
    int64_t lifetime;

    /* a second less than `exp` says: the answer needs time to arrive */
    lifetime = request->authority->token_lifetime - 1;

    vc_buf_text(out, "{\"token_type\":\"Bearer\",\"expires_in\":");
    vc_buf_i64(out, lifetime);
    vc_buf_text(out, ",\"ext_expires_in\":");
    vc_buf_i64(out, lifetime);
    vc_buf_text(out, ",\"access_token\":\"");
    vc_buf_str(out, vc_buf_view(token));
    vc_buf_text(out, "\"}");
}


static void
vc_buf_guid(vc_buf_t *out)
{
    char guid[VC_GUID_LEN];

    if (vc_random_guid(guid) != VC_OK) {
        out->failed = true;
        return;
    }

    vc_buf_put(out, guid, sizeof(guid));
}


/* "AADSTS<n>: …" in the arena */
static vc_str_t
vc_token_refusal_text(const vc_token_request_t *request, vc_grant_t grant)
{
    vc_buf_t text;

    vc_buf_init(&text, request->arena, 256);
    vc_buf_printf(&text, "AADSTS%d: %s", vc_grant_table[grant].code,
        request->error.message);

    return text.failed ? VC_STR_NULL : vc_buf_view(&text);
}


static void
vc_token_refuse(const vc_token_request_t *request, vc_grant_t grant,
    vc_str_t text, vc_buf_t *out)
{
    char      stamp[32];
    time_t    now;
    struct tm tm;

    now = (time_t) request->now;

    if (gmtime_r(&now, &tm) == NULL
        || strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M:%SZ", &tm) == 0)
    {
        stamp[0] = '\0';
    }

    vc_buf_text(out, "{\"error\":\"");
    vc_buf_text(out, vc_grant_table[grant].error);
    vc_buf_text(out, "\",\"error_description\":");
    vc_json_string(out, text);
    vc_buf_text(out, ",\"error_codes\":[");
    vc_buf_i64(out, vc_grant_table[grant].code);
    vc_buf_text(out, "],\"timestamp\":\"");
    vc_buf_text(out, stamp);
    vc_buf_text(out, "\",\"trace_id\":\"");
    vc_buf_guid(out);
    vc_buf_text(out, "\",\"correlation_id\":\"");
    vc_buf_guid(out);
    vc_buf_text(out, "\"}");
}


static vc_status_t
vc_token_run(vc_token_request_t *request, vc_str_t body,
    vc_authority_t **refresh, vc_buf_t *out, int *http, vc_str_t *client,
    vc_str_t *result)
{
    vc_buf_t   token;
    vc_grant_t grant;

    vc_buf_init(&token, request->arena, 2048);

    grant = vc_request_answer(request, body, refresh, &token);

    if (request->known) {
        *client = vc_str_copy(request->arena,
            vc_str(request->principal.client_id));
        vc_local_principal_clear(&request->principal);
    }

    if (grant == VC_GRANT_WAIT) {
        return VC_AGAIN;
    }

    if (grant == VC_GRANT_OK) {
        *http = 200;
        vc_token_answer(request, &token, out);

    } else {
        *http = vc_grant_table[grant].http;
        *result = vc_token_refusal_text(request, grant);
        vc_token_refuse(request, grant, *result, out);
    }

    return out->failed ? VC_NO_MEMORY : VC_OK;
}


vc_status_t
vc_local_authority_token(const vc_local_authority_t *authority,
    vc_session_t *session, vc_arena_t *arena, vc_str_t body, int64_t now,
    vc_authority_t **refresh, vc_buf_t *out, int *http, vc_str_t *client,
    vc_str_t *result)
{
    vc_token_request_t *request;

    *http = 500;
    *client = VC_STR_NULL;
    *result = VC_STR_NULL;

    request = vc_arena_calloc(arena, sizeof(*request));
    if (request == NULL) {
        return VC_NO_MEMORY;
    }

    request->authority = authority;
    request->session = session;
    request->arena = arena;
    request->now = now;

    return vc_token_run(request, body, refresh, out, http, client, result);
}
