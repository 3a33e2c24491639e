/*
 * The inside of an engine: what a process shares, and what each thread has.
 */

#ifndef VC_API_ENGINE_H
#define VC_API_ENGINE_H

#include <pthread.h>
#include <stdatomic.h>

#include "api/key_cache.h"
#include "identity/token.h"
#include "vaultcore.h"

/* wiped arenas that are kept for calls to come */
#define VC_SPARE_ARENAS 64

/* one thread's session and what it keeps with it */
typedef struct vc_context vc_context_t;

struct vc_context {
    vc_context_t     *next; /* in the engine's list of free ones */
    vc_session_t     *session;
    vc_vault_cache_t *vaults;
};

struct vc_engine {
    const vc_engine_options_t *options;
    vc_vaultstore_t           *store;
    vc_installation_t          installation;
    vc_authorities_t          *authorities;
    vc_authorities_t          *attestations; /* who attests environments */
    vc_local_authority_t       local;        /* base_url empty: there is none */
    char                       region[64];
    vc_arena_t                *arena; /* what lives as long as the engine */
    uint8_t                    paging_key[VC_KEY_LEN];

    /* the event loop's */
    vc_context_t     *loop;
    vc_token_cache_t *tokens;
    _Atomic int64_t   readers_checked;
    _Atomic size_t stuck; /* the first due records: they were not handled … */
    _Atomic uint64_t stuck_until; /* … and are left alone until then, in ns */
    uint8_t          random[1024]; /* request ids to come … */
    size_t           random_left;  /* … in its first bytes */
    vc_arena_t      *spare[VC_SPARE_ARENAS];
    size_t           spare_count;

    /* keys: who computes, and those made ready; for all threads */
    const vc_key_provider_t *keys;
    vc_key_cache_t          *key_cache;

    /* the other threads' */
    pthread_mutex_t lock;
    vc_context_t   *free_contexts;
    atomic_bool     quiet; /* nobody asks: contexts given back forget keys */
    pthread_mutex_t turn;  /* held by the call that tries a change again */
};

/* a context for a thread other than the loop; NULL when out of memory */
vc_context_t *vc_engine_context(vc_engine_t *engine);
void vc_engine_context_release(vc_engine_t *engine, vc_context_t *context);

#endif /* VC_API_ENGINE_H */
