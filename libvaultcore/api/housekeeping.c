/* what time brings: due records, refreshes of JWKS, stale readers, old keys */

#include "api/engine.h"

#include <string.h>

#include "api/key_chore.h"
#include "base/clock.h"
#include "objects/object.h"

#define VC_READERS_INTERVAL 60 /* seconds */
#define VC_DUE_STEP 64
#define VC_DUE_ROUNDS 100
#define VC_STUCK_NS (60 * UINT64_C(1000000000))


static bool
vc_engine_refresh_due(vc_authorities_t *authorities, int64_t now)
{
    size_t          i;
    vc_authority_t *authority;

    for (i = 0; (authority = vc_authorities_at(authorities, i)) != NULL; i++) {
        if (vc_authority_refresh_due(authority, now)) {
            return true;
        }
    }

    return false;
}


static bool
vc_engine_ending(const vc_engine_t *engine)
{
    return engine->options->ending != NULL && engine->options->ending();
}


/*
 * How many of the first due records are not to be tried now.  What could not
 * be handled stays due, ahead of what comes later: if it were tried with every
 * tick, it would keep the others from their turn.
 */
static size_t
vc_engine_stuck(vc_engine_t *engine)
{
    return (vc_monotonic_ns() < atomic_load(&engine->stuck_until))
               ? atomic_load(&engine->stuck)
               : 0;
}


/* the keys of due records; 0 also when there is no memory to look */
static size_t
vc_engine_due(vc_session_t *session, vc_arena_t *arena, vc_str_t *keys,
    size_t max, size_t skip, int64_t now)
{
    size_t count;

    if (vc_session_begin(session, NULL) != VC_OK) {
        return 0;
    }

    if (vc_snapshot_due(vc_session_snapshot(session), now, skip, arena, keys,
            max, &count)
        != VC_OK)
    {
        count = 0;
    }

    vc_session_end(session);

    return count;
}


bool
vc_engine_housekeeping_due(vc_engine_t *engine)
{
    size_t      count;
    int64_t     now;
    vc_str_t    key;
    vc_arena_t *arena;

    now = vc_now();

    if (now - engine->readers_checked >= VC_READERS_INTERVAL
        || vc_engine_refresh_due(engine->authorities, now)
        || vc_engine_refresh_due(engine->attestations, now))
    {
        return true;
    }

    arena = vc_arena_create(256);
    if (arena == NULL) {
        return false;
    }

    /* a timer can come in a turn in which calls hold the snapshot */
    vc_engine_rest(engine);
    count = vc_engine_due(engine->loop->session, arena, &key, 1,
        vc_engine_stuck(engine), now);
    vc_arena_destroy(arena);

    return count != 0;
}


/* false: the record stays as it is, and due */
static bool
vc_engine_sweep_one(vc_engine_t *engine, vc_context_t *context,
    vc_arena_t *arena, vc_str_t key, int64_t now)
{
    vc_error_t  err;
    vc_status_t status;

    memset(&err, 0, sizeof(err));
    status = vc_object_sweep(context->session, arena, key, now, &err);

    if (status == VC_NOT_FOUND) {
        status = vc_key_chore(engine, context, arena, key, now, &err);
    }

    if (status == VC_NOT_FOUND) {
        status = vc_vault_sweep(context->session, arena, key, now, &err);
    }

    if (status != VC_OK && !vc_engine_ending(engine)) {
        vc_log(VC_LOG_ERROR, "a due record could not be handled: %s %s",
            vc_status_name(status), err.detail);
    }

    return status == VC_OK;
}


static void
vc_engine_sweep(vc_engine_t *engine, vc_context_t *context, int64_t now)
{
    bool        anew;
    size_t      i, count, round, stuck;
    vc_str_t    keys[VC_DUE_STEP];
    vc_arena_t *arena;

    arena = vc_arena_create(8192);
    if (arena == NULL) {
        return;
    }

    stuck = vc_engine_stuck(engine);
    anew = (stuck == 0);

    for (round = 0; round < VC_DUE_ROUNDS; round++) {
        vc_arena_reset(arena);
        count = vc_engine_due(context->session, arena, keys, VC_DUE_STEP, stuck,
            now);

        for (i = 0; i < count && !vc_engine_ending(engine); i++) {
            if (!vc_engine_sweep_one(engine, context, arena, keys[i], now)) {
                stuck++;
            }
        }

        if (i < VC_DUE_STEP) {
            break;
        }
    }

    vc_arena_destroy(arena);
    atomic_store(&engine->stuck, stuck);

    if (anew) {
        atomic_store(&engine->stuck_until, vc_monotonic_ns() + VC_STUCK_NS);
    }
}


static void
vc_engine_refresh(vc_authorities_t *authorities, int64_t now)
{
    size_t          i;
    vc_error_t      err;
    vc_authority_t *authority;

    for (i = 0; (authority = vc_authorities_at(authorities, i)) != NULL; i++) {
        memset(&err, 0, sizeof(err));

        if (vc_authority_refresh_due(authority, now)
            && vc_authority_refresh(authority, now, &err) != VC_OK)
        {
            vc_log(VC_LOG_WARN, "the keys of %.*s were not refreshed: %s",
                VC_STR_ARG(vc_authority_issuer(authority)), err.message);
        }
    }
}


void
vc_engine_housekeeping_run(vc_engine_t *engine)
{
    int64_t       now;
    vc_context_t *context;

    now = vc_now();
    context = vc_engine_context(engine);

    if (context == NULL) {
        return;
    }

    if (now - engine->readers_checked >= VC_READERS_INTERVAL) {
        engine->readers_checked = now;
        vc_store_check_readers(vc_vaultstore_store(engine->store));
        vc_key_cache_expire(engine->key_cache, now);
    }

    vc_engine_sweep(engine, context, now);
    vc_engine_context_release(engine, context);
    vc_engine_refresh(engine->authorities, now);
    vc_engine_refresh(engine->attestations, now);
}
