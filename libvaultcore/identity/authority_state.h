/* What the authority*.c files share; nobody else includes it. */

#ifndef VC_IDENTITY_AUTHORITY_STATE_H
#define VC_IDENTITY_AUTHORITY_STATE_H

#include <pthread.h>

#include "identity/authority.h"

struct vc_authority {
    vc_str_t    issuer;
    vc_str_t    tenant;
    vc_str_t    login_url;
    vc_str_t   *audiences;
    size_t      audience_count;
    vc_str_t    management; /* empty: there is no management plane */
    uint32_t    algorithms;
    bool        local;
    bool        federation;
    int64_t     floor;
    char       *jwks_url; /* NULL: nothing to fetch */
    char       *ca_file;  /* NULL: the system's */
    vc_arena_t *arena;    /* holds all of this */

    pthread_mutex_t lock; /* for what follows; never held for long */
    pthread_cond_t  fetched;
    json_t         *keys;  /* an array, replaced as a whole */
    uint64_t        epoch; /* of the snapshot that local keys come from */
    bool            fetching;
    bool            attempted;
    bool            attempt_good;
    unsigned        waiters;
    int64_t         last_attempt;
    int64_t         next_refresh;
};

/* issuer, tenant, audiences and algorithms, but not the keys */
vc_status_t vc_authority_check_names(const vc_authority_options_t *options,
    vc_error_t *err) VC_MUST_CHECK;

/* the options' algorithms, or those that stand for 0 */
uint32_t vc_authority_option_algorithms(const vc_authority_options_t *options);

/* checks all; *keys gets a JWKS file's keys (the caller's), or NULL */
vc_status_t vc_authority_read_options(const vc_authority_options_t *options,
    json_t **keys, vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_IDENTITY_AUTHORITY_STATE_H */
