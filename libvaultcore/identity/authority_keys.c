/* an authority's keys: looked up, fetched, and read from the store */

#include <stdlib.h>

#include "base/log.h"
#include "crypto/random.h"
#include "identity/authority_state.h"
#include "identity/jwks.h"
#include "identity/local_authority.h"

#define VC_REFRESH_INTERVAL 3600 /* seconds, less up to VC_REFRESH_JITTER */
#define VC_REFRESH_JITTER 600
#define VC_FETCH_WAITERS_MAX 8


static void
vc_authority_set_keys(vc_authority_t *authority, json_t *keys)
{
    json_decref(authority->keys);
    authority->keys = keys;
}


static bool
vc_authority_local_is_fresh(vc_authority_t *authority, uint64_t epoch)
{
    bool fresh;

    (void) pthread_mutex_lock(&authority->lock);
    fresh = authority->keys != NULL && authority->epoch == epoch;
    (void) pthread_mutex_unlock(&authority->lock);

    return fresh;
}


static vc_status_t
vc_authority_load_local(vc_authority_t *authority, vc_session_t *session)
{
    json_t     *keys;
    uint64_t    epoch;
    vc_arena_t *arena;
    vc_status_t status;

    epoch = vc_snapshot_epoch(vc_session_snapshot(session));

    if (vc_authority_local_is_fresh(authority, epoch)) {
        return VC_OK;
    }

    arena = vc_arena_create(8192);
    if (arena == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_local_authority_keys(session, arena, &keys);
    vc_arena_destroy(arena);

    if (status != VC_OK) {
        return status;
    }

    (void) pthread_mutex_lock(&authority->lock);
    vc_authority_set_keys(authority, keys);
    authority->epoch = epoch;
    (void) pthread_mutex_unlock(&authority->lock);

    return VC_OK;
}


/* with the lock held; a clock that was set back does not forbid a fetch */
static bool
vc_authority_within_floor(const vc_authority_t *authority, int64_t now)
{
    return authority->attempted && now >= authority->last_attempt
           && now - authority->last_attempt < authority->floor;
}


vc_status_t
vc_authority_key(vc_authority_t *authority, vc_session_t *session, vc_str_t kid,
    int64_t now, json_t **out)
{
    vc_status_t status;

    *out = NULL;

    if (authority->local) {
        status = (session == NULL)
                     ? VC_INVALID
                     : vc_authority_load_local(authority, session);
        if (status != VC_OK) {
            return status;
        }
    }

    (void) pthread_mutex_lock(&authority->lock);

    *out = json_incref(vc_jwks_find(authority->keys, kid));

    if (*out != NULL) {
        status = VC_OK;

    } else if (authority->jwks_url == NULL
               || (!authority->fetching
                   && vc_authority_within_floor(authority, now)))
    {
        /* without any key nobody can say that this one does not exist */
        status = (authority->jwks_url != NULL
                     && json_array_size(authority->keys) == 0)
                     ? VC_ISSUER_UNAVAILABLE
                     : VC_NOT_FOUND;

    } else {
        status = VC_AGAIN;
    }

    (void) pthread_mutex_unlock(&authority->lock);

    return status;
}


static vc_status_t
vc_authority_fetch(const vc_authority_t *authority, json_t **keys,
    vc_error_t *err)
{
    vc_buf_t    text;
    vc_arena_t *arena;
    vc_status_t status;

    arena = vc_arena_create(16384);
    if (arena == NULL) {
        return vc_fail(err, VC_UNAVAILABLE, "out of memory");
    }

    vc_buf_init(&text, arena, 8192);

    status = vc_jwks_fetch(authority->jwks_url, authority->ca_file, &text, err);

    if (status == VC_OK
        && vc_jwks_parse(vc_buf_view(&text), authority->algorithms, keys, err)
               != VC_OK)
    {
        err->status = VC_UNAVAILABLE;
        status = VC_UNAVAILABLE;
    }

    vc_arena_destroy(arena);

    return status;
}


/* spread over time, lest all workers ask an issuer at the same moment */
static int64_t
vc_authority_next_refresh(int64_t now)
{
    uint32_t jitter;

    if (vc_random(&jitter, sizeof(jitter)) != VC_OK) {
        jitter = 0;
    }

    return now + VC_REFRESH_INTERVAL - (int64_t) (jitter % VC_REFRESH_JITTER);
}


static void
vc_authority_fetch_done(vc_authority_t *authority, json_t *keys, int64_t now)
{
    (void) pthread_mutex_lock(&authority->lock);

    if (keys != NULL) {
        vc_authority_set_keys(authority, keys);
    }

    authority->attempt_good = keys != NULL;
    authority->next_refresh = authority->attempt_good
                                  ? vc_authority_next_refresh(now)
                                  : now + authority->floor;
    authority->fetching = false;
    (void) pthread_cond_broadcast(&authority->fetched);

    (void) pthread_mutex_unlock(&authority->lock);
}


/* with the lock held: waits for the fetch of another thread */
static vc_status_t
vc_authority_await(vc_authority_t *authority)
{
    if (authority->waiters >= VC_FETCH_WAITERS_MAX) {
        return VC_UNAVAILABLE;
    }

    authority->waiters++;

    while (authority->fetching) {
        (void) pthread_cond_wait(&authority->fetched, &authority->lock);
    }

    authority->waiters--;

    return authority->attempt_good ? VC_OK : VC_UNAVAILABLE;
}


/* VC_AGAIN: the fetch is this thread's to do */
static vc_status_t
vc_authority_claim_fetch(vc_authority_t *authority, int64_t now)
{
    vc_status_t status;

    (void) pthread_mutex_lock(&authority->lock);

    if (authority->fetching) {
        status = vc_authority_await(authority);

    } else if (vc_authority_within_floor(authority, now)) {
        status = authority->attempt_good ? VC_OK : VC_UNAVAILABLE;

    } else {
        authority->fetching = true;
        authority->attempted = true;
        authority->last_attempt = now;
        status = VC_AGAIN;
    }

    (void) pthread_mutex_unlock(&authority->lock);

    return status;
}


vc_status_t
vc_authority_refresh(vc_authority_t *authority, int64_t now, vc_error_t *err)
{
    json_t     *keys;
    vc_error_t  reason;
    vc_status_t status;

    if (authority->jwks_url == NULL) {
        return VC_OK;
    }

    status = vc_authority_claim_fetch(authority, now);
    if (status == VC_OK) {
        return VC_OK;
    }

    if (status != VC_AGAIN) {
        return vc_fail(err, status,
            "The keys of the token's issuer cannot be fetched at present; "
            "try again later.");
    }

    keys = NULL;
    status = vc_authority_fetch(authority, &keys, &reason);
    vc_authority_fetch_done(authority, keys, now);

    if (status != VC_OK) {
        vc_log(VC_LOG_WARN, "the keys of %.*s could not be fetched: %s",
            VC_STR_ARG(authority->issuer), reason.message);
        vc_fail(err, status,
            "The keys of the token's issuer cannot be fetched at present; "
            "try again later.");
    }

    return status;
}


bool
vc_authority_refresh_due(const vc_authority_t *authority, int64_t now)
{
    bool             due;
    pthread_mutex_t *lock;

    if (authority->jwks_url == NULL) {
        return false;
    }

    lock = (pthread_mutex_t *) &authority->lock;

    (void) pthread_mutex_lock(lock);
    due = !authority->fetching
          && (now >= authority->next_refresh
              || authority->next_refresh - now > VC_REFRESH_INTERVAL);
    (void) pthread_mutex_unlock(lock);

    return due;
}
