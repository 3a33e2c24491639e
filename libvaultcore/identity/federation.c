#include "identity/federation.h"

#include <string.h>

#include "identity/claims.h"
#include "identity/token_check.h"


bool
vc_federation_concerns(const vc_token_request_t *request)
{
    vc_jws_t        jws;
    vc_str_t        issuer;
    vc_error_t      err;
    vc_authority_t *authority;

    if (request->authority->authorities == NULL
        || vc_jws_parse(request->arena, request->assertion, &jws, &err)
               != VC_OK)
    {
        return false;
    }

    issuer = vc_claim_text(jws.claims, "iss");
    authority = vc_authorities_find(request->authority->authorities, issuer);
    vc_jws_clear(&jws);

    return authority != NULL && vc_authority_federates(authority);
}


/* the checks are those of access tokens; their codes mean nothing here */
static vc_grant_t
vc_federation_refuse(vc_token_request_t *request, const vc_error_t *reason)
{
    const char *text;

    text = reason->message;

    if (strncmp(text, "AKV", 3) == 0 && strstr(text, ": ") != NULL) {
        text = strstr(text, ": ") + 2;
    }

    vc_fail(&request->error, VC_UNAUTHORIZED,
        "Client assertion failed validation: %s", text);

    return VC_GRANT_BAD_ASSERTION;
}


static vc_grant_t
vc_federation_check_token(vc_token_request_t *request, vc_token_check_t *check,
    vc_authority_t **refresh)
{
    vc_error_t  reason;
    vc_status_t status;

    vc_error_clear(&reason);
    check->federation = true;

    status = vc_token_check_signed(check, refresh, &reason);

    if (status == VC_OK) {
        status = vc_token_check_times(check, &reason);
    }

    switch (status) {
    case VC_OK:
        return VC_GRANT_OK;
    case VC_AGAIN:
        return VC_GRANT_WAIT;
    case VC_UNAUTHORIZED:
        return vc_federation_refuse(request, &reason);
    case VC_ISSUER_UNAVAILABLE:
        return VC_GRANT_UNAVAILABLE;
    default:
        return vc_request_broken(request, "an assertion cannot be checked",
            status);
    }
}


static bool
vc_federation_audience_is(const void *trust, vc_str_t audience)
{
    return vc_str_eq(((const vc_trust_t *) trust)->audience, audience);
}


/* how far an assertion comes with one credential */
static vc_grant_t
vc_federation_match(const vc_trust_t *trust, const json_t *claims)
{
    if (!vc_str_eq(trust->issuer, vc_claim_text(claims, "iss"))) {
        return VC_GRANT_NO_TRUST_OF_ISSUER;
    }

    if (!vc_str_eq(trust->subject, vc_claim_text(claims, "sub"))) {
        return VC_GRANT_NO_TRUST_OF_SUBJECT;
    }

    return vc_claim_audience(claims, vc_federation_audience_is, trust)
               ? VC_GRANT_OK
               : VC_GRANT_NO_TRUST_OF_AUDIENCE;
}


/* what is wrong with the one that came closest */
static vc_grant_t
vc_federation_find_trust(vc_token_request_t *request, const json_t *claims)
{
    char        echo[VC_ECHO_MAX + 1];
    size_t      i;
    vc_grant_t  grant, closest;
    const char *claim, *what;

    closest = VC_GRANT_NO_TRUST_OF_ISSUER;

    for (i = 0; i < request->principal.trust_count; i++) {
        grant = vc_federation_match(&request->principal.trusts[i], claims);

        if (grant == VC_GRANT_OK) {
            return grant;
        }

        if (grant > closest) {
            closest = grant;
        }
    }

    claim = (closest == VC_GRANT_NO_TRUST_OF_ISSUER) ? "iss" : "sub";
    what = (closest == VC_GRANT_NO_TRUST_OF_ISSUER) ? "issuer" : "subject";

    if (closest == VC_GRANT_NO_TRUST_OF_AUDIENCE) {
        vc_fail(&request->error, VC_UNAUTHORIZED,
            "No matching federated identity record found for the audience of "
            "the presented assertion. Its 'aud' must be that of the federated "
            "credential, as a rule '%s'.",
            VC_TRUST_AUDIENCE);

    } else {
        vc_fail(&request->error, VC_UNAUTHORIZED,
            "No matching federated identity record found for presented "
            "assertion %s '%s'. It is compared byte for byte with the "
            "federated credentials of the application '%s'.",
            what, vc_claim_echo(echo, vc_claim_text(claims, claim)),
            request->principal.client_id);
    }

    return closest;
}


vc_grant_t
vc_federation_check(vc_token_request_t *request, vc_authority_t **refresh)
{
    vc_grant_t       grant;
    vc_error_t       reason;
    vc_status_t      status;
    vc_token_check_t check;

    status = vc_token_check_begin(&check, request->authority->authorities,
        request->session, request->assertion, request->now, &reason);

    if (status != VC_OK) {
        return (status == VC_UNAUTHORIZED)
                   ? vc_federation_refuse(request, &reason)
                   : vc_request_broken(request,
                       "an assertion cannot be checked", status);
    }

    grant = vc_federation_check_token(request, &check, refresh);

    if (request->known && grant == VC_GRANT_OK) {
        grant = vc_federation_find_trust(request, check.jws.claims);
    }

    vc_token_check_end(&check);

    return grant;
}
