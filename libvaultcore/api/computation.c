#include "api/computation.h"


vc_computes_t
vc_call_computes(const vc_call_t *call)
{
    if (call->computation == NULL || call->answered) {
        return VC_COMPUTES_NOTHING;
    }

    return call->computation->is_long ? VC_COMPUTES_LONG : VC_COMPUTES_SHORT;
}


bool
vc_computation_is_current(vc_call_t *call)
{
    bool          same;
    vc_session_t *session;

    session = call->context->session;

    same = vc_session_hold(session, &call->error) == VC_OK
           && vc_snapshot_revision(vc_session_snapshot(session))
                  == call->computation->revision
           && call->now < call->computation->valid_until;
    vc_call_leave_snapshot(call);

    return same;
}


void
vc_call_compute(vc_call_t *call)
{
    vc_computation_t *computation;

    computation = call->computation;

    computation->status = call->engine->keys->compute(computation->key,
        &computation->use, call->arena, &computation->result, &call->error);
}


void
vc_call_drop_computation(vc_call_t *call)
{
    if (call->computation != NULL) {
        call->engine->keys->release(call->computation->key);
        call->computation = NULL;
    }
}


void
vc_call_conclude(vc_call_t *call)
{
    vc_status_t status;

    status = call->computation->status;

    if (status == VC_OK) {
        status = vc_computation_answer(call, call->computation);
    }

    vc_call_drop_computation(call);
    (void) vc_call_end(call, status);
}
