/* who may: the vault, the decision, and what was decided before */

#include <string.h>

#include "api/call.h"


/*
 * Whether the same was granted to this token before, in the same vault and
 * policy epoch: a vault can have a thousand policies, and clients ask again.
 * Only the loop asks and notes: principals are its own.
 */
static bool
vc_call_granted_before(const vc_call_t *call, const vc_context_t *context)
{
    const vc_granted_t *granted;

    granted = &call->principal->granted;

    return context == call->engine->loop
           && granted->epoch
                  == vc_snapshot_epoch(vc_session_snapshot(context->session))
           && (granted->permissions & call->operation->permission) != 0
           && granted->family == call->operation->family
           && memcmp(granted->vault, call->vault->domain, VC_DOMAIN_LEN) == 0;
}


static void
vc_call_note_granted(vc_call_t *call, const vc_context_t *context)
{
    uint64_t      epoch;
    vc_granted_t *granted;

    if (context != call->engine->loop) {
        return;
    }

    granted = &call->principal->granted;
    epoch = vc_snapshot_epoch(vc_session_snapshot(context->session));

    if (granted->epoch != epoch || granted->family != call->operation->family
        || memcmp(granted->vault, call->vault->domain, VC_DOMAIN_LEN) != 0)
    {
        granted->epoch = epoch;
        granted->family = call->operation->family;
        granted->permissions = 0;
        memcpy(granted->vault, call->vault->domain, VC_DOMAIN_LEN);
    }

    granted->permissions |= call->operation->permission;
}


/* finds the vault and decides, in the snapshot of a context */
static vc_status_t
vc_call_decide(vc_call_t *call, vc_context_t *context)
{
    vc_str_t            name;
    vc_status_t         status;
    vc_access_request_t request;

    name = call->route.vault;
    status = (name.len == 0) ? VC_NOT_FOUND
                             : vc_vault_cache_get(context->vaults,
                                 context->session, name, &call->vault);

    if (status == VC_NOT_FOUND) {
        return vc_fail(&call->error, VC_VAULT_NOT_FOUND,
            "There is no vault at this address; the first label of the host "
            "name must be the name of a vault.");
    }

    if (status != VC_OK) {
        return vc_fail_detail(&call->error, status, "the vault's record");
    }

    memcpy(call->vault_tenant, call->vault->tenant, sizeof(call->vault_tenant));
    call->decided = true;
    call->granted = vc_call_granted_before(call, context);

    if (call->granted) {
        return VC_OK;
    }

    request.vault = call->vault->name;
    request.region = call->engine->region;
    request.tenant = call->vault->tenant;
    request.policies = call->vault->policies;
    request.policy_count = call->vault->policy_count;
    request.family = call->operation->family;
    request.permission = call->operation->permission;

    status = vc_access_decide(call->principal, &request, &call->error);
    call->granted = (status == VC_OK);

    if (call->granted) {
        vc_call_note_granted(call, context);
    }

    return status;
}


/* an authenticated principal may be gone since: asked when the epoch moved */
static vc_status_t
vc_call_recheck(vc_call_t *call, vc_context_t *context)
{
    uint64_t    epoch;
    vc_status_t status;

    epoch = vc_snapshot_epoch(vc_session_snapshot(context->session));

    if (epoch == call->epoch) {
        return VC_OK;
    }

    status = vc_token_recheck(call->principal, context->session, call->now,
        &call->error);

    if (status == VC_OK) {
        call->epoch = epoch;
    }

    return status;
}


vc_status_t
vc_call_admit(vc_call_t *call, vc_context_t *context)
{
    vc_status_t status;

    call->vault = NULL;

    if (call->operation->plane != VC_PLANE_DATA) {
        return VC_OK;
    }

    status = vc_call_recheck(call, context);

    return (status == VC_OK) ? vc_call_decide(call, context) : status;
}
