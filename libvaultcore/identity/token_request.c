#include "identity/token_request.h"

#include "identity/claims.h"

#define VC_ASSERTION_TYPE                                                      \
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


/* a parameter that must be there, once */
static vc_grant_t
vc_request_need(vc_token_request_t *request, const char *name, vc_str_t *out)
{
    vc_status_t status;

    status = vc_form_get(&request->form, name, out);
    if (status == VC_OK) {
        return VC_GRANT_OK;
    }

    if (status == VC_INVALID) {
        vc_fail(&request->error, VC_INVALID,
            "The request body contains the parameter '%s' more than once.",
            name);
        return VC_GRANT_BAD_REQUEST;
    }

    vc_fail(&request->error, VC_INVALID,
        "The request body must contain the following parameter: '%s'.", name);

    return VC_GRANT_MISSING_PARAMETER;
}


static vc_grant_t
vc_request_read_grant(vc_token_request_t *request)
{
    char       echo[VC_ECHO_MAX + 1];
    vc_str_t   type;
    vc_grant_t grant;

    grant = vc_request_need(request, "grant_type", &type);
    if (grant != VC_GRANT_OK) {
        return grant;
    }

    if (!vc_str_eq(type, VC_STR("client_credentials"))) {
        vc_fail(&request->error, VC_INVALID,
            "The app requested an unsupported grant type '%s'. Use "
            "'client_credentials'.",
            vc_claim_echo(echo, type));
        return VC_GRANT_BAD_GRANT;
    }

    return vc_request_need(request, "client_id", &request->client_id);
}


static vc_grant_t
vc_request_read_assertion(vc_token_request_t *request)
{
    vc_str_t   type;
    vc_grant_t grant;

    grant = vc_request_need(request, "client_assertion", &request->assertion);
    if (grant != VC_GRANT_OK) {
        return grant;
    }

    grant = vc_request_need(request, "client_assertion_type", &type);
    if (grant != VC_GRANT_OK) {
        return grant;
    }

    if (!vc_str_eq(type, VC_STR(VC_ASSERTION_TYPE))) {
        vc_fail(&request->error, VC_INVALID,
            "The parameter 'client_assertion_type' must be '%s'.",
            VC_ASSERTION_TYPE);
        return VC_GRANT_BAD_REQUEST;
    }

    return VC_GRANT_OK;
}


static vc_grant_t
vc_request_read_credential(vc_token_request_t *request)
{
    vc_str_t    ignored;
    vc_status_t secret, assertion;

    secret = vc_form_get(&request->form, "client_secret", &request->secret);
    assertion = vc_form_get(&request->form, "client_assertion", &ignored);

    if (secret == VC_NOT_FOUND && assertion == VC_NOT_FOUND) {
        vc_fail(&request->error, VC_INVALID,
            "The request body must contain the following parameter: "
            "'client_secret' or 'client_assertion'.");
        return VC_GRANT_MISSING_PARAMETER;
    }

    if (secret != VC_NOT_FOUND && assertion != VC_NOT_FOUND) {
        vc_fail(&request->error, VC_INVALID,
            "The request body must contain one of 'client_secret' and "
            "'client_assertion', not both.");
        return VC_GRANT_BAD_REQUEST;
    }

    return (assertion == VC_NOT_FOUND)
               ? vc_request_need(request, "client_secret", &request->secret)
               : vc_request_read_assertion(request);
}


/* what OpenID Connect would add to a scope has no meaning for a client */
static bool
vc_scope_is_openid(vc_str_t scope)
{
    return vc_str_eq(scope, VC_STR("openid"))
           || vc_str_eq(scope, VC_STR("profile"))
           || vc_str_eq(scope, VC_STR("email"))
           || vc_str_eq(scope, VC_STR("offline_access"));
}


/* the one resource that a scope names, without "/.default" */
static bool
vc_scope_resource(vc_str_t scope, vc_str_t *out)
{
    size_t   n;
    vc_str_t each;

    *out = VC_STR_NULL;

    for (; scope.len != 0; scope.data += n, scope.len -= n) {
        for (n = 0; n < scope.len && scope.data[n] != ' '; n++) {
            /* to the end of this one */
        }

        each = (vc_str_t){scope.data, n};
        n += (n < scope.len) ? 1 : 0;

        if (each.len == 0 || vc_scope_is_openid(each)) {
            continue;
        }

        if (out->len != 0) {
            return false;
        }

        *out = each;
    }

    n = sizeof("/.default") - 1;

    if (out->len > n
        && vc_str_eq((vc_str_t){out->data + out->len - n, n},
            VC_STR("/.default")))
    {
        out->len -= n;
    }

    return out->len != 0;
}


static vc_grant_t
vc_request_read_resource(vc_token_request_t *request)
{
    size_t     i;
    char       echo[VC_ECHO_MAX + 1];
    vc_str_t   scope;
    vc_grant_t grant;

    /* `resource` is what the first version of the endpoint has for `scope` */
    if (vc_form_get(&request->form, "scope", &scope) != VC_NOT_FOUND
        || vc_form_get(&request->form, "resource", &request->resource)
               == VC_NOT_FOUND)
    {
        grant = vc_request_need(request, "scope", &scope);
        if (grant != VC_GRANT_OK) {
            return grant;
        }

        if (!vc_scope_resource(scope, &request->resource)) {
            vc_fail(&request->error, VC_INVALID,
                "The scope '%s' is not valid: it must name one resource, as "
                "in 'https://vault.example.com/.default'.",
                vc_claim_echo(echo, scope));
            return VC_GRANT_BAD_SCOPE;
        }

    } else {
        grant = vc_request_need(request, "resource", &request->resource);
        if (grant != VC_GRANT_OK) {
            return grant;
        }
    }

    for (i = 0; i < request->authority->audience_count; i++) {
        if (vc_address_eq(request->authority->audiences[i], request->resource))
        {
            return VC_GRANT_OK;
        }
    }

    vc_fail(&request->error, VC_INVALID,
        "The resource principal named %s was not found in the tenant named "
        "%.*s.",
        vc_claim_echo(echo, request->resource),
        VC_STR_ARG(request->authority->tenant));

    return VC_GRANT_BAD_RESOURCE;
}


vc_grant_t
vc_request_read(vc_token_request_t *request, vc_str_t body)
{
    vc_grant_t  grant;
    vc_status_t status;

    status = vc_form_parse(request->arena, body, &request->form);
    if (status != VC_OK) {
        vc_fail(&request->error, status,
            "The request body must be application/x-www-form-urlencoded, of "
            "at most %d bytes and %d parameters.",
            VC_FORM_BYTES_MAX, VC_FORM_FIELDS_MAX);
        return (status == VC_INVALID) ? VC_GRANT_BAD_REQUEST : VC_GRANT_FAILED;
    }

    grant = vc_request_read_grant(request);
    if (grant != VC_GRANT_OK) {
        return grant;
    }

    grant = vc_request_read_credential(request);
    if (grant != VC_GRANT_OK) {
        return grant;
    }

    return vc_request_read_resource(request);
}
