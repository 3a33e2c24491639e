/* a request's life: authenticate, authorize, execute */

#include "api/computation.h"

#include <string.h>

#include "base/clock.h"
#include "crypto/random.h"

#define VC_CALL_ARENA 6144
#define VC_EXECUTE_TRIES 64 /* as many processes can race for one object */


/*
 * The generator takes locks and time for each call of it, so it is asked for
 * many ids at once.  An id is no secret.
 */
static vc_status_t
vc_call_request_id(vc_engine_t *engine, char *out)
{
    vc_status_t status;

    if (engine->random_left < VC_GUID_BYTES) {
        status = vc_random(engine->random, sizeof(engine->random));
        if (status != VC_OK) {
            return status;
        }

        engine->random_left = sizeof(engine->random);
    }

    engine->random_left -= VC_GUID_BYTES;
    vc_random_guid_from(out, engine->random + engine->random_left);

    return VC_OK;
}


/* what a call needs is wiped when it ends, and serves the next one */
static vc_arena_t *
vc_call_take_arena(vc_engine_t *engine)
{
    if (engine->spare_count == 0) {
        return vc_arena_create(VC_CALL_ARENA);
    }

    return engine->spare[--engine->spare_count];
}


static void
vc_call_give_arena(vc_engine_t *engine, vc_arena_t *arena)
{
    if (engine->spare_count == VC_SPARE_ARENAS) {
        vc_arena_destroy(arena);
        return;
    }

    vc_arena_reset(arena);
    engine->spare[engine->spare_count++] = arena;
}


vc_call_t *
vc_call_create(vc_engine_t *engine, const vc_request_t *request)
{
    vc_call_t  *call;
    vc_arena_t *arena;

    arena = vc_call_take_arena(engine);
    if (arena == NULL) {
        return NULL;
    }

    call = vc_arena_alloc(arena, sizeof(vc_call_t));
    if (call == NULL) {
        vc_call_give_arena(engine, arena);
        return NULL;
    }

    memset(call, 0, offsetof(vc_call_t, error));
    vc_error_clear(&call->error);

    if (vc_call_request_id(engine, call->request_id) != VC_OK) {
        vc_call_give_arena(engine, arena);
        return NULL;
    }

    atomic_store_explicit(&engine->quiet, false, memory_order_relaxed);

    call->engine = engine;
    call->arena = arena;
    call->request = *request;
    call->authenticated = VC_AGAIN;
    vc_call_route(call);

    return call;
}


void
vc_call_destroy(vc_call_t *call)
{
    if (call != NULL) {
        vc_call_drop_computation(call);
        vc_principal_release(call->principal);
        vc_call_give_arena(call->engine, call->arena);
    }
}


vc_status_t
vc_call_end(vc_call_t *call, vc_status_t status)
{
    vc_error_t reason;

    if (status == VC_OK) {
        return VC_OK;
    }

    reason = call->error;

    switch (status) {
    case VC_STORE_FULL:
        (void) vc_fail(&call->error, status,
            "The store is full: nothing was written. Reading goes on; the "
            "operator can raise max_size of the store.");
        break;

    case VC_UNAVAILABLE:
    case VC_CONFLICT:
    case VC_AGAIN:
        (void) vc_fail(&call->error, VC_UNAVAILABLE,
            "The service is busy; nothing was written. Try again.");
        break;

    default:
        if (status < VC_BAD_PARAMETER) {
            (void) vc_fail_detail(&call->error, VC_INTERNAL, "%s: %.200s",
                vc_status_name(status),
                reason.detail[0] != '\0' ? reason.detail : reason.message);
        }
    }

    return vc_call_refuse(call);
}


void
vc_call_fail(vc_call_t *call, vc_status_t status, const char *message)
{
    (void) vc_fail(&call->error, status, "%s", message);
    (void) vc_call_refuse(call);
}


vc_status_t
vc_call_authenticate(vc_call_t *call)
{
    vc_status_t status;

    if (!vc_call_needs_caller(call)) {
        call->authenticated = VC_OK;
    }

    if (call->authenticated != VC_AGAIN) {
        return call->authenticated;
    }

    status = vc_session_hold(call->engine->loop->session, &call->error);
    if (status == VC_OK) {
        status = vc_call_verify(call);
    }

    if (status == VC_AGAIN) {
        return VC_AGAIN;
    }

    call->authenticated = vc_call_end(call, status);

    return call->authenticated;
}


void
vc_call_fetch(vc_call_t *call)
{
    vc_error_t err;

    memset(&err, 0, sizeof(err));

    if (call->refresh != NULL
        && vc_authority_refresh(call->refresh, vc_now(), &err) != VC_OK)
    {
        vc_log(VC_LOG_WARN, "the keys of %.*s were not fetched: %s",
            VC_STR_ARG(vc_authority_issuer(call->refresh)), err.message);
    }
}


static vc_status_t
vc_call_refuse_route(vc_call_t *call)
{
    if (call->route_error == NULL) {
        return vc_call_end(call, VC_NO_MEMORY);
    }

    call->error = *call->route_error;

    return vc_call_end(call, call->route_status);
}


vc_status_t
vc_call_authorize(vc_call_t *call)
{
    vc_status_t   status;
    vc_context_t *loop;

    if (call->answered) {
        return call->error.status;
    }

    if (call->route_status != VC_OK) {
        return vc_call_refuse_route(call);
    }

    loop = call->engine->loop;
    call->now = vc_now();

    status = vc_session_hold(loop->session, &call->error);
    if (status == VC_OK) {
        status = vc_call_admit(call, loop);
    }

    /* what the cache gave is good in its snapshot only */
    call->vault = NULL;

    return vc_call_end(call, status);
}


size_t
vc_call_body_limit(const vc_call_t *call)
{
    return (call->operation == NULL || call->answered)
               ? 0
               : call->operation->body_limit;
}


void
vc_call_body_too_large(vc_call_t *call)
{
    (void) vc_fail(&call->error, VC_BODY_TOO_LARGE,
        "The request body is too large: this operation takes at most %zu "
        "bytes.",
        vc_call_body_limit(call));
    (void) vc_call_refuse(call);
}


vc_cost_t
vc_call_cost(const vc_call_t *call)
{
    return (call->operation == NULL) ? VC_COST_LOOP : call->operation->cost;
}


/* the loop holds on to its snapshot until its turn ends, see vc_engine_rest() */
void
vc_call_leave_snapshot(vc_call_t *call)
{
    if (call->context != call->engine->loop) {
        vc_session_end(call->context->session);
    }

    call->vault = NULL;
}


static vc_status_t
vc_call_try(vc_call_t *call)
{
    vc_status_t status;

    vc_error_clear(&call->error);

    status = vc_session_hold(call->context->session, &call->error);
    if (status != VC_OK) {
        return status;
    }

    status = vc_call_admit(call, call->context);

    if (status == VC_OK) {
        vc_buf_init(&call->out, call->arena, 0);

        /* a change comes later than the snapshot of its decision */
        if (call->operation->plane != VC_PLANE_AUTHORITY) {
            vc_session_bind(call->context->session);
        }

        status = call->operation->handler(call);
        vc_session_unbind(call->context->session);
    }

    vc_call_leave_snapshot(call);

    return status;
}


/*
 * Whoever has lost a race tries again alone among this process's calls: many
 * that go on racing for one object would each lose most of their tries.
 */
static vc_status_t
vc_call_retry(vc_call_t *call)
{
    unsigned    tries;
    vc_status_t status;

    status = VC_CONFLICT;

    (void) pthread_mutex_lock(&call->engine->turn);

    for (tries = 1; tries < VC_EXECUTE_TRIES && status == VC_CONFLICT; tries++)
    {
        status = vc_call_try(call);
    }

    (void) pthread_mutex_unlock(&call->engine->turn);

    return (status == VC_CONFLICT) ? VC_UNAVAILABLE : status;
}


/* what was prepared can be of no use any more once a race is lost, so that one
   leads to the other until the call is through */
static vc_status_t
vc_call_finish(vc_call_t *call)
{
    unsigned    turns;
    vc_status_t status;

    status = vc_call_try(call);

    for (turns = 0; turns < VC_EXECUTE_TRIES; turns++) {
        if (status != VC_AGAIN && status != VC_CONFLICT) {
            break;
        }

        status = (status == VC_AGAIN) ? vc_call_try(call) : vc_call_retry(call);
    }

    return status;
}


/* also of what was executed before, and is left to compute */
static vc_status_t
vc_call_execute_in(vc_call_t *call)
{
    if (call->context == NULL) {
        return VC_NO_MEMORY;
    }

    if (call->computation != NULL) {
        if (vc_computation_is_current(call)) {
            return VC_OK;
        }

        vc_call_drop_computation(call);
        call->record_id = VC_STR_NULL;
        call->record_key = VC_STR_NULL;
    }

    return vc_call_finish(call);
}


void
vc_call_execute(vc_call_t *call, vc_str_t body)
{
    bool own;

    if (call->answered) {
        return;
    }

    own = (vc_call_cost(call) != VC_COST_LOOP);
    call->context = own ? vc_engine_context(call->engine) : call->engine->loop;
    call->body = body;
    call->now = vc_now();

    (void) vc_call_end(call, vc_call_execute_in(call));

    if (own && call->context != NULL) {
        vc_engine_context_release(call->engine, call->context);
    }

    call->context = NULL;
}


const vc_response_t *
vc_call_response(const vc_call_t *call)
{
    return &call->response;
}


vc_arena_t *
vc_call_arena(vc_call_t *call)
{
    return call->arena;
}


const char *
vc_call_detail(const vc_call_t *call)
{
    return (call->error.detail[0] == '\0') ? NULL : call->error.detail;
}
