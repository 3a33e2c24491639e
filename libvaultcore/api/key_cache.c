#include "api/key_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint8_t         domain[VC_DOMAIN_LEN];
    uint8_t         version[VC_VERSION_LEN];
    uint64_t        epoch;
    int64_t         expires;
    vc_ready_key_t *key; /* NULL: free */
} vc_key_slot_t;

struct vc_key_cache {
    const vc_key_provider_t *provider;
    pthread_mutex_t          lock;
    uint8_t                  turn[VC_KEY_CACHE_SETS];
    vc_key_slot_t            slots[VC_KEY_CACHE_SETS][VC_KEY_CACHE_WAYS];
};


vc_key_cache_t *
vc_key_cache_create(const vc_key_provider_t *provider)
{
    vc_key_cache_t *cache;

    cache = calloc(1, sizeof(vc_key_cache_t));

    if (cache != NULL) {
        cache->provider = provider;
        (void) pthread_mutex_init(&cache->lock, NULL);
    }

    return cache;
}


void
vc_key_cache_destroy(vc_key_cache_t *cache)
{
    if (cache != NULL) {
        vc_key_cache_clear(cache);
        (void) pthread_mutex_destroy(&cache->lock);
        free(cache);
    }
}


static void
vc_key_slot_free(vc_key_cache_t *cache, vc_key_slot_t *slot)
{
    cache->provider->release(slot->key);
    slot->key = NULL;
}


/* version ids are random: any of their bytes choose a set */
static size_t
vc_key_cache_set(const uint8_t version[VC_VERSION_LEN])
{
    return version[0] % VC_KEY_CACHE_SETS;
}


/* the slot of a version; NULL: it is not kept */
static vc_key_slot_t *
vc_key_cache_find(vc_key_cache_t *cache, const uint8_t version[VC_VERSION_LEN])
{
    size_t         i;
    vc_key_slot_t *set;

    set = cache->slots[vc_key_cache_set(version)];

    for (i = 0; i < VC_KEY_CACHE_WAYS; i++) {
        if (set[i].key != NULL
            && memcmp(set[i].version, version, VC_VERSION_LEN) == 0) {
            return &set[i];
        }
    }

    return NULL;
}


vc_ready_key_t *
vc_key_cache_get(vc_key_cache_t *cache, const vc_key_place_t *place)
{
    vc_key_slot_t  *slot;
    vc_ready_key_t *key;

    key = NULL;
    (void) pthread_mutex_lock(&cache->lock);

    slot = vc_key_cache_find(cache, place->version);

    if (slot != NULL) {
        if (slot->epoch == place->epoch && place->now < slot->expires
            && memcmp(slot->domain, place->domain, VC_DOMAIN_LEN) == 0)
        {
            key = cache->provider->retain(slot->key);

        } else {
            vc_key_slot_free(cache, slot);
        }
    }

    (void) pthread_mutex_unlock(&cache->lock);

    return key;
}


/* a free slot, or the one whose turn it is */
static vc_key_slot_t *
vc_key_cache_room(vc_key_cache_t *cache, const uint8_t version[VC_VERSION_LEN])
{
    size_t         i, set;
    vc_key_slot_t *slot;

    slot = vc_key_cache_find(cache, version);
    set = vc_key_cache_set(version);

    for (i = 0; slot == NULL && i < VC_KEY_CACHE_WAYS; i++) {
        if (cache->slots[set][i].key == NULL) {
            slot = &cache->slots[set][i];
        }
    }

    if (slot == NULL) {
        slot = &cache->slots[set][cache->turn[set]++ % VC_KEY_CACHE_WAYS];
    }

    vc_key_slot_free(cache, slot);

    return slot;
}


void
vc_key_cache_put(vc_key_cache_t *cache, const vc_key_place_t *place,
    vc_ready_key_t *key)
{
    vc_key_slot_t *slot;

    (void) pthread_mutex_lock(&cache->lock);

    slot = vc_key_cache_room(cache, place->version);
    memcpy(slot->domain, place->domain, VC_DOMAIN_LEN);
    memcpy(slot->version, place->version, VC_VERSION_LEN);
    slot->epoch = place->epoch;
    slot->expires = place->now + VC_KEY_CACHE_SECONDS;
    slot->key = cache->provider->retain(key);

    (void) pthread_mutex_unlock(&cache->lock);
}


void
vc_key_cache_drop(vc_key_cache_t *cache, const uint8_t version[VC_VERSION_LEN])
{
    vc_key_slot_t *slot;

    (void) pthread_mutex_lock(&cache->lock);

    slot = vc_key_cache_find(cache, version);
    if (slot != NULL) {
        vc_key_slot_free(cache, slot);
    }

    (void) pthread_mutex_unlock(&cache->lock);
}


void
vc_key_cache_expire(vc_key_cache_t *cache, int64_t now)
{
    size_t         i;
    vc_key_slot_t *slot;

    (void) pthread_mutex_lock(&cache->lock);

    for (i = 0; i < VC_KEY_CACHE_SETS * VC_KEY_CACHE_WAYS; i++) {
        slot = &cache->slots[i / VC_KEY_CACHE_WAYS][i % VC_KEY_CACHE_WAYS];

        /* the clock may have been set back */
        if (now >= slot->expires || slot->expires - now > VC_KEY_CACHE_SECONDS)
        {
            vc_key_slot_free(cache, slot);
        }
    }

    (void) pthread_mutex_unlock(&cache->lock);
}


void
vc_key_cache_clear(vc_key_cache_t *cache)
{
    size_t i;

    (void) pthread_mutex_lock(&cache->lock);

    for (i = 0; i < VC_KEY_CACHE_SETS * VC_KEY_CACHE_WAYS; i++) {
        vc_key_slot_free(cache,
            &cache->slots[i / VC_KEY_CACHE_WAYS][i % VC_KEY_CACHE_WAYS]);
    }

    (void) pthread_mutex_unlock(&cache->lock);
}
