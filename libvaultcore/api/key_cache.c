#include "api/key_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define VC_KEY_HASHED 16

typedef struct {
    vc_object_place_t record;
    uint64_t          epoch;
    int64_t           expires;
    vc_kept_key_t     key; /* .ready NULL: the slot is free */
} vc_key_slot_t;

struct vc_key_cache {
    const vc_key_provider_t *provider;
    pthread_mutex_t          lock;
    unsigned                 turn; /* which of a full set gives way */
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
    cache->provider->release(slot->key.ready);
    slot->key.ready = NULL;
}


/* FNV-1a of the key's end, where names and ids differ */
static vc_key_slot_t *
vc_key_cache_set(vc_key_cache_t *cache, const vc_key_t *key)
{
    size_t   i;
    uint32_t hash;

    hash = 2166136261U;
    i = (key->len > VC_KEY_HASHED) ? key->len - VC_KEY_HASHED : 0;

    for (/* void */; i < key->len; i++) {
        hash = (hash ^ key->data[i]) * 16777619U;
    }

    return cache->slots[hash % VC_KEY_CACHE_SETS];
}


/* the slot of a record, in whichever state; NULL: it has none */
static vc_key_slot_t *
vc_key_cache_find(vc_key_cache_t *cache, const vc_key_t *key)
{
    size_t         i;
    vc_key_slot_t *set;

    set = vc_key_cache_set(cache, key);

    for (i = 0; i < VC_KEY_CACHE_WAYS; i++) {
        if (set[i].key.ready != NULL
            && vc_str_eq(vc_key_view(&set[i].record.key), vc_key_view(key)))
        {
            return &set[i];
        }
    }

    return NULL;
}


bool
vc_key_cache_get(vc_key_cache_t *cache, const vc_key_wanted_t *wanted,
    vc_kept_key_t *out)
{
    bool           found;
    vc_key_slot_t *slot;

    found = false;
    (void) pthread_mutex_lock(&cache->lock);

    slot = vc_key_cache_find(cache, &wanted->record->key);

    if (slot != NULL) {
        if (slot->record.revision == wanted->record->revision
            && slot->epoch == wanted->epoch && wanted->now < slot->expires)
        {
            found = true;
            *out = slot->key;
            out->version.name.data = out->name;
            (void) cache->provider->retain(slot->key.ready);

        } else {
            vc_key_slot_free(cache, slot);
        }
    }

    (void) pthread_mutex_unlock(&cache->lock);

    return found;
}


/* a free slot, or the one whose turn it is */
static vc_key_slot_t *
vc_key_cache_room(vc_key_cache_t *cache, const vc_key_t *key)
{
    size_t         i;
    vc_key_slot_t *slot, *set;

    slot = vc_key_cache_find(cache, key);
    set = vc_key_cache_set(cache, key);

    for (i = 0; slot == NULL && i < VC_KEY_CACHE_WAYS; i++) {
        if (set[i].key.ready == NULL) {
            slot = &set[i];
        }
    }

    if (slot == NULL) {
        slot = &set[cache->turn++ % VC_KEY_CACHE_WAYS];
    }

    vc_key_slot_free(cache, slot);

    return slot;
}


/* what has no fixed length lies in somebody's arena */
static void
vc_key_slot_fill(vc_key_slot_t *slot, const vc_kept_key_t *key)
{
    slot->key.version = key->version;
    slot->key.stored = key->stored;
    slot->key.ready = key->ready;
    memcpy(slot->key.name, key->version.name.data, key->version.name.len);

    slot->key.version.content_type = VC_STR_NULL;
    slot->key.version.tags = VC_STR_NULL;
    slot->key.version.payload = VC_STR_NULL;

    slot->key.stored.release_content_type = VC_STR_NULL;
    slot->key.stored.release_policy = VC_STR_NULL;
    slot->key.stored.public_members = VC_STR_NULL;
    slot->key.stored.material = VC_STR_NULL;
}


void
vc_key_cache_put(vc_key_cache_t *cache, const vc_key_wanted_t *wanted,
    const vc_kept_key_t *key)
{
    vc_key_slot_t *slot;

    (void) pthread_mutex_lock(&cache->lock);

    slot = vc_key_cache_room(cache, &wanted->record->key);
    slot->record = *wanted->record;
    slot->epoch = wanted->epoch;
    slot->expires = wanted->now + VC_KEY_CACHE_SECONDS;
    vc_key_slot_fill(slot, key);
    (void) cache->provider->retain(key->ready);

    (void) pthread_mutex_unlock(&cache->lock);
}


/* each slot, with the lock held */
static vc_key_slot_t *
vc_key_cache_slot(vc_key_cache_t *cache, size_t i)
{
    return &cache->slots[i / VC_KEY_CACHE_WAYS][i % VC_KEY_CACHE_WAYS];
}


void
vc_key_cache_drop(vc_key_cache_t *cache, const uint8_t version[VC_VERSION_LEN])
{
    size_t         i;
    vc_key_slot_t *slot;

    (void) pthread_mutex_lock(&cache->lock);

    for (i = 0; i < VC_KEY_CACHE_SETS * VC_KEY_CACHE_WAYS; i++) {
        slot = vc_key_cache_slot(cache, i);

        if (memcmp(slot->key.version.id, version, VC_VERSION_LEN) == 0) {
            vc_key_slot_free(cache, slot);
        }
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
        slot = vc_key_cache_slot(cache, i);

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
        vc_key_slot_free(cache, vc_key_cache_slot(cache, i));
    }

    (void) pthread_mutex_unlock(&cache->lock);
}
