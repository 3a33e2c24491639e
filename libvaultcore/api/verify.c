/* who calls: a token or a client certificate, and whether it is for this plane */

#include <string.h>

#include "api/call.h"
#include "base/clock.h"
#include "identity/certificate.h"


/* the vault's tenant, for the challenge; unknown vaults have none */
static void
vc_call_note_tenant(vc_call_t *call)
{
    const vc_vault_t *vault;
    vc_context_t     *loop;

    loop = call->engine->loop;

    if (call->route.vault.len != 0
        && vc_vault_cache_get(loop->vaults, loop->session, call->route.vault,
               &vault)
               == VC_OK)
    {
        memcpy(call->vault_tenant, vault->tenant, sizeof(call->vault_tenant));
    }
}


/* a token is for vaults or for managing them, as its audience says */
static vc_status_t
vc_call_check_plane(vc_call_t *call)
{
    unsigned        wanted;
    vc_buf_t        audiences;
    vc_authority_t *authority;

    wanted = (call->request.plane == VC_PLANE_DATA) ? VC_FOR_DATA
                                                    : VC_FOR_MANAGEMENT;

    if ((call->principal->planes & wanted) != 0) {
        return VC_OK;
    }

    vc_buf_init(&audiences, call->arena, 256);
    authority = vc_authorities_find(call->engine->authorities,
        call->principal->issuer);

    if (authority != NULL) {
        vc_authority_list_audiences(authority, wanted, &audiences);
    }

    vc_principal_release(call->principal);
    call->principal = NULL;

    return vc_fail(&call->error, VC_UNAUTHORIZED,
        "AKV10022: Invalid audience. Expected %.*s, found that of %s.",
        VC_STR_ARG(audiences),
        wanted == VC_FOR_DATA ? "the management plane" : "a vault");
}


static vc_status_t
vc_call_trust_certificate(vc_call_t *call)
{
    const vc_request_t *request;

    request = &call->request;

    return vc_principal_from_certificate(request->certificate_principal,
        request->certificate_tenant.len != 0
            ? request->certificate_tenant
            : vc_str(call->engine->installation.tenant),
        request->certificate_thumbprint, &call->principal, &call->error);
}


vc_status_t
vc_call_verify(vc_call_t *call)
{
    vc_str_t      token;
    vc_engine_t  *engine;
    vc_status_t   status;
    vc_session_t *session;

    engine = call->engine;
    session = engine->loop->session;

    if (call->request.authorization.len == 0
        && call->request.certificate_principal.len != 0)
    {
        status = vc_call_trust_certificate(call);
        call->epoch = vc_snapshot_epoch(vc_session_snapshot(session));
        return status;
    }

    status = vc_token_from_header(call->request.authorization, &token,
        &call->error);

    if (status == VC_OK) {
        status = vc_token_cache_verify(engine->tokens, engine->authorities,
            session, token, vc_now(), &call->principal, &call->refresh,
            &call->error);
    }

    call->epoch = vc_snapshot_epoch(vc_session_snapshot(session));

    if (status == VC_OK) {
        status = vc_call_check_plane(call);
    }

    if (status == VC_UNAUTHORIZED) {
        vc_call_note_tenant(call);
    }

    return status;
}
