#include "api/authority_handlers.h"

#include "api/call.h"


/* the first segment is the installation's tenant, or the word adfs */
static bool
vc_authority_is_adfs(const vc_call_t *call)
{
    return vc_str_ieq(call->route.name, VC_STR("adfs"));
}


/* an answer in OAuth's form: its clients read no other */
static vc_status_t
vc_authority_refuse_tenant(vc_call_t *call)
{
    vc_status_t status;

    (void) vc_fail(&call->error, VC_BAD_PARAMETER,
        "AADSTS90002: The tenant in the path is not served here; it must be "
        "%.*s, or the word adfs.",
        VC_STR_ARG(call->engine->local.tenant));

    vc_buf_text(&call->out, "{\"error\":\"invalid_tenant\","
                            "\"error_description\":");
    vc_json_string(&call->out, vc_str(call->error.message));
    vc_buf_text(&call->out, ",\"error_codes\":[90002]}");

    status = vc_call_ok_json(call);
    call->response.status = vc_status_http(VC_BAD_PARAMETER);

    return status;
}


static bool
vc_authority_serves(const vc_call_t *call)
{
    return vc_authority_is_adfs(call)
           || vc_str_ieq(call->route.name, call->engine->local.tenant);
}


vc_status_t
vc_authority_discovery(vc_call_t *call)
{
    if (!vc_authority_serves(call)) {
        return vc_authority_refuse_tenant(call);
    }

    vc_local_authority_discovery(&call->engine->local,
        vc_authority_is_adfs(call), &call->out);

    return vc_call_ok_json(call);
}


vc_status_t
vc_authority_keys(vc_call_t *call)
{
    vc_status_t status;

    if (!vc_authority_serves(call)) {
        return vc_authority_refuse_tenant(call);
    }

    status = vc_local_authority_jwks(call->context->session, call->arena,
        &call->out);
    if (status != VC_OK) {
        return vc_fail_detail(&call->error, status, "signing keys: %s",
            vc_status_name(status));
    }

    return vc_call_ok_json(call);
}


/*
 * The issuer of a federated assertion may have new keys: fetched once, while
 * no snapshot is held, and then the request is answered anew.
 */
static vc_status_t
vc_authority_fetch_issuer(vc_call_t *call, vc_authority_t *issuer)
{
    vc_call_leave_snapshot(call);
    call->prepared = issuer;
    call->refresh = issuer;
    vc_call_fetch(call);

    return VC_AGAIN;
}


vc_status_t
vc_authority_token(vc_call_t *call)
{
    int             http;
    vc_str_t        result;
    vc_status_t     status;
    vc_authority_t *issuer;

    if (!vc_authority_serves(call)) {
        return vc_authority_refuse_tenant(call);
    }

    result = VC_STR_NULL;
    status = vc_local_authority_token(&call->engine->local,
        call->context->session, call->arena, call->body, call->now,
        (call->prepared == NULL) ? &issuer : NULL, &call->out, &http,
        &call->client, &result);

    if (status == VC_AGAIN) {
        return vc_authority_fetch_issuer(call, issuer);
    }

    if (status != VC_OK) {
        return vc_fail_detail(&call->error, status, "token request: %s",
            vc_status_name(status));
    }

    if (http != 200) {
        /* for the record only: the answer is made already */
        (void) vc_fail(&call->error, VC_UNAUTHORIZED, "%.*s",
            VC_STR_ARG(result));
    }

    status = vc_call_ok_json(call);
    call->response.status = http;

    return status;
}
