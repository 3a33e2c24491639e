/*
 * Bearer tokens: a JWT (RFC 7519) signed by a trusted authority.
 */

#ifndef VC_IDENTITY_TOKEN_H
#define VC_IDENTITY_TOKEN_H

#include <stdint.h>

#include "identity/authority.h"
#include "identity/principal.h"

#define VC_TOKEN_MAX 16384
#define VC_TOKEN_LEEWAY 60 /* seconds, for exp and nbf */

/*
 * The token of an Authorization header ("Bearer …", scheme without regard to
 * case).  VC_UNAUTHORIZED with AKV10000 if there is none.
 */
vc_status_t vc_token_from_header(vc_str_t authorization, vc_str_t *token,
    vc_error_t *err) VC_MUST_CHECK;

/*
 * Verifies a token: form, issuer, algorithm, key, signature, audience, times,
 * tenant, and for the local authority that the principal still exists and its
 * generation is the token's.  The session needs a snapshot.
 *
 * VC_OK: *out, one reference, the caller's.  VC_AGAIN: *refresh is the
 * authority whose keys must be fetched first.  VC_UNAUTHORIZED: err->message
 * is Key Vault's ("AKV10022: Invalid audience. …").  VC_ISSUER_UNAVAILABLE:
 * its issuer's keys could not be fetched yet.  VC_NO_MEMORY, VC_IO.
 */
vc_status_t vc_token_verify(vc_authorities_t *authorities,
    vc_session_t *session, vc_str_t token, int64_t now, vc_principal_t **out,
    vc_authority_t **refresh, vc_error_t *err) VC_MUST_CHECK;

/*
 * Whether a principal verified earlier is still good: not expired and, if it
 * is local, still there with the same generation.  VC_OK, VC_UNAUTHORIZED.
 */
vc_status_t vc_token_recheck(const vc_principal_t *principal,
    vc_session_t *session, int64_t now, vc_error_t *err) VC_MUST_CHECK;


/*
 * Outcomes of tokens, kept under the token's fingerprint until they expire, for
 * one thread.  Bounded: the entry unused for longest makes room.
 */
typedef struct vc_token_cache vc_token_cache_t;

vc_status_t vc_token_cache_create(size_t entries, vc_token_cache_t **out)
    VC_MUST_CHECK;
void vc_token_cache_destroy(vc_token_cache_t *cache);
void vc_token_cache_clear(vc_token_cache_t *cache);

/*
 * As vc_token_verify(), through the cache.  When the snapshot's policy epoch
 * is not the one at which an entry was last checked, a local principal is
 * checked again.
 */
vc_status_t vc_token_cache_verify(vc_token_cache_t *cache,
    vc_authorities_t *authorities, vc_session_t *session, vc_str_t token,
    int64_t now, vc_principal_t **out, vc_authority_t **refresh,
    vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_IDENTITY_TOKEN_H */
