/* The local authority's signing keys: private JWKs, sealed in the store. */

#ifndef VC_IDENTITY_SIGNING_KEYS_H
#define VC_IDENTITY_SIGNING_KEYS_H

#include "identity/local_authority.h"

typedef struct {
    int64_t  created;
    vc_str_t kid;    /* NUL-terminated, in the arena */
    vc_key_t place;  /* in the store */
    vc_str_t sealed; /* as it lies there; the snapshot's */
} vc_signing_key_t;

/* all of them, the oldest first, in the arena; inside the snapshot */
vc_status_t vc_signing_keys_list(vc_session_t *session, vc_arena_t *arena,
    vc_signing_key_t **out, size_t *count) VC_MUST_CHECK;

/* the private JWK, the caller's; VC_UNSEAL_FAILED, VC_INVALID */
vc_status_t vc_signing_key_open(vc_session_t *session, vc_arena_t *arena,
    const vc_signing_key_t *key, json_t **out) VC_MUST_CHECK;

#endif /* VC_IDENTITY_SIGNING_KEYS_H */
