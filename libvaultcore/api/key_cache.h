/*
 * Keys made ready for use, kept for a while with what their records say: to
 * open and parse a record costs as much as a signature with P-256, and shows
 * the private key to memory each time.  For all threads of a process.
 *
 * A key is found by its record's place and revision, which changes whenever the
 * record does: what is kept of another state is forgotten then.  The cache forgets after VC_KEY_CACHE_SECONDS, when
 * the policy epoch moves, when the version is disabled, when it is full, and
 * when nobody asks for anything.
 */

#ifndef VC_API_KEY_CACHE_H
#define VC_API_KEY_CACHE_H

#include "crypto/key_provider.h"
#include "objects/object.h"
#include "objects/stored_key.h"

#define VC_KEY_CACHE_SECONDS 300
#define VC_KEY_CACHE_SETS 32 /* oct keys take locked memory, which is short */
#define VC_KEY_CACHE_WAYS 4

typedef struct vc_key_cache vc_key_cache_t;

/* which state of a key's record, and when it is asked for */
typedef struct {
    const vc_object_place_t *record;
    uint64_t                 epoch;
    int64_t                  now;
} vc_key_wanted_t;

/* what a record says and the key in it; from the cache without the material
   and all texts but the name, which lies in the structure itself */
typedef struct {
    vc_version_t    version;
    vc_stored_key_t stored;
    vc_ready_key_t *ready;
    uint8_t         name[VC_NAME_MAX];
} vc_kept_key_t;

/* NULL: out of memory */
vc_key_cache_t *vc_key_cache_create(const vc_key_provider_t *provider);
/* NULL is allowed */
void vc_key_cache_destroy(vc_key_cache_t *cache);

/* out->ready: a reference for the caller, who releases it; false: it is not
   kept */
bool vc_key_cache_get(vc_key_cache_t *cache, const vc_key_wanted_t *wanted,
    vc_kept_key_t *out);

/* keeps a reference of its own to key->ready */
void vc_key_cache_put(vc_key_cache_t *cache, const vc_key_wanted_t *wanted,
    const vc_kept_key_t *key);

/* forgets one version, and everything */
void vc_key_cache_drop(vc_key_cache_t *cache,
    const uint8_t version[VC_VERSION_LEN]);
void vc_key_cache_clear(vc_key_cache_t *cache);
/* forgets those whose time is over, which need not be asked for ever again */
void vc_key_cache_expire(vc_key_cache_t *cache, int64_t now);

#endif /* VC_API_KEY_CACHE_H */
