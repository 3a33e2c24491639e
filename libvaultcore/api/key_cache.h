/*
 * Keys made ready for use, kept for a while: parsing one costs more than a
 * signature with P-256.  For all threads of a process.
 *
 * A key is found by its vault and its version, which never gets other
 * material.  What the version may be used for is in its record, which each
 * operation reads; the cache only forgets: after VC_KEY_CACHE_SECONDS, when
 * the policy epoch moves, when the version is disabled, when it is full, and
 * when nobody asks for anything.
 */

#ifndef VC_API_KEY_CACHE_H
#define VC_API_KEY_CACHE_H

#include "crypto/key_provider.h"
#include "store/keys.h"

#define VC_KEY_CACHE_SECONDS 300
#define VC_KEY_CACHE_SETS 32 /* oct keys take locked memory, which is short */
#define VC_KEY_CACHE_WAYS 4

typedef struct vc_key_cache vc_key_cache_t;

/* which key, and in which state of the store */
typedef struct {
    const uint8_t *domain;  /* the vault's: VC_DOMAIN_LEN bytes */
    const uint8_t *version; /* VC_VERSION_LEN bytes */
    uint64_t       epoch;
    int64_t        now;
} vc_key_place_t;

/* NULL: out of memory */
vc_key_cache_t *vc_key_cache_create(const vc_key_provider_t *provider);
/* NULL is allowed */
void vc_key_cache_destroy(vc_key_cache_t *cache);

/* a reference for the caller, who releases it; NULL: it is not kept */
vc_ready_key_t *vc_key_cache_get(vc_key_cache_t *cache,
    const vc_key_place_t *place);

/* keeps a reference of its own */
void vc_key_cache_put(vc_key_cache_t *cache, const vc_key_place_t *place,
    vc_ready_key_t *key);

/* forgets one version, and everything */
void vc_key_cache_drop(vc_key_cache_t *cache,
    const uint8_t version[VC_VERSION_LEN]);
void vc_key_cache_clear(vc_key_cache_t *cache);
/* forgets those whose time is over, which need not be asked for ever again */
void vc_key_cache_expire(vc_key_cache_t *cache, int64_t now);

#endif /* VC_API_KEY_CACHE_H */
