/* outcomes of tokens, kept by their fingerprints */

#include "identity/token.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/fingerprint.h"

#define VC_CACHE_ENTRIES_DEFAULT 4096
#define VC_CACHE_ENTRIES_MAX (1U << 20)
#define VC_CACHE_NONE UINT32_MAX


typedef struct {
    uint8_t         fingerprint[VC_FINGERPRINT_LEN];
    vc_principal_t *principal;    /* NULL: free */
    uint64_t        epoch;        /* of the snapshot that it was checked in */
    uint32_t        chain;        /* the next in the bucket, or free */
    uint32_t        newer, older; /* by last use */
} vc_cache_entry_t;

struct vc_token_cache {
    vc_fingerprinter_t *fingerprinter;
    vc_cache_entry_t   *entries;
    uint32_t           *buckets;
    uint32_t            mask; /* buckets less one */
    uint32_t            free;
    uint32_t            newest, oldest;
};


static uint32_t
vc_cache_buckets(size_t entries)
{
    uint32_t n;

    for (n = 16; n < entries; n <<= 1) {
        /* to the power of two that is enough */
    }

    return n;
}


/* all free, in the order of the table */
static void
vc_cache_empty(vc_token_cache_t *cache, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        cache->entries[i].chain = (i + 1 == count) ? VC_CACHE_NONE
                                                   : (uint32_t) (i + 1);
    }

    for (i = 0; i <= cache->mask; i++) {
        cache->buckets[i] = VC_CACHE_NONE;
    }

    cache->free = 0;
    cache->newest = VC_CACHE_NONE;
    cache->oldest = VC_CACHE_NONE;
}


vc_status_t
vc_token_cache_create(size_t entries, vc_token_cache_t **out)
{
    uint32_t          buckets;
    vc_status_t       status;
    vc_token_cache_t *cache;

    *out = NULL;

    if (entries == 0) {
        entries = VC_CACHE_ENTRIES_DEFAULT;
    }

    if (entries > VC_CACHE_ENTRIES_MAX) {
        return VC_INVALID;
    }

    cache = calloc(1, sizeof(vc_token_cache_t));
    if (cache == NULL) {
        return VC_NO_MEMORY;
    }

    buckets = vc_cache_buckets(entries);

    cache->entries = calloc(entries, sizeof(vc_cache_entry_t));
    cache->buckets = calloc(buckets, sizeof(uint32_t));
    cache->mask = buckets - 1;
    cache->newest = VC_CACHE_NONE;

    status = (cache->entries == NULL || cache->buckets == NULL)
                 ? VC_NO_MEMORY
                 : vc_fingerprinter_create(&cache->fingerprinter);

    if (status != VC_OK) {
        vc_token_cache_destroy(cache);
        return status;
    }

    vc_cache_empty(cache, entries);
    *out = cache;

    return VC_OK;
}


static uint32_t *
vc_cache_bucket(vc_token_cache_t *cache, const uint8_t *fingerprint)
{
    return &cache->buckets[vc_load_be32(fingerprint) & cache->mask];
}


/* takes an entry out of the order of use */
static void
vc_cache_unlink(vc_token_cache_t *cache, const vc_cache_entry_t *entry)
{
    if (entry->newer == VC_CACHE_NONE) {
        cache->newest = entry->older;

    } else {
        cache->entries[entry->newer].older = entry->older;
    }

    if (entry->older == VC_CACHE_NONE) {
        cache->oldest = entry->newer;

    } else {
        cache->entries[entry->older].newer = entry->newer;
    }
}


static void
vc_cache_link_newest(vc_token_cache_t *cache, uint32_t index)
{
    vc_cache_entry_t *entry;

    entry = &cache->entries[index];
    entry->newer = VC_CACHE_NONE;
    entry->older = cache->newest;

    if (cache->newest == VC_CACHE_NONE) {
        cache->oldest = index;

    } else {
        cache->entries[cache->newest].newer = index;
    }

    cache->newest = index;
}


static void
vc_cache_used(vc_token_cache_t *cache, uint32_t index)
{
    if (cache->newest != index) {
        vc_cache_unlink(cache, &cache->entries[index]);
        vc_cache_link_newest(cache, index);
    }
}


static void
vc_cache_drop(vc_token_cache_t *cache, uint32_t index)
{
    uint32_t         *link;
    vc_cache_entry_t *entry;

    entry = &cache->entries[index];
    vc_cache_unlink(cache, entry);

    for (link = vc_cache_bucket(cache, entry->fingerprint); *link != index;
         link = &cache->entries[*link].chain)
    {
        /* it is in its bucket's chain */
    }

    *link = entry->chain;

    vc_principal_release(entry->principal);
    vc_wipe(entry, sizeof(*entry));
    entry->chain = cache->free;
    cache->free = index;
}


void
vc_token_cache_clear(vc_token_cache_t *cache)
{
    while (cache->newest != VC_CACHE_NONE) {
        vc_cache_drop(cache, cache->newest);
    }
}


void
vc_token_cache_destroy(vc_token_cache_t *cache)
{
    if (cache == NULL) {
        return;
    }

    vc_token_cache_clear(cache);
    vc_fingerprinter_destroy(cache->fingerprinter);
    free(cache->entries);
    free(cache->buckets);
    free(cache);
}


static uint32_t
vc_cache_find(vc_token_cache_t *cache, const uint8_t *fingerprint)
{
    uint32_t index;

    for (index = *vc_cache_bucket(cache, fingerprint); index != VC_CACHE_NONE;
         index = cache->entries[index].chain)
    {
        if (vc_equal_secret(cache->entries[index].fingerprint, fingerprint,
                VC_FINGERPRINT_LEN))
        {
            break;
        }
    }

    return index;
}


static void
vc_cache_add(vc_token_cache_t *cache, const uint8_t *fingerprint,
    vc_principal_t *principal, uint64_t epoch)
{
    uint32_t          index, *bucket;
    vc_cache_entry_t *entry;

    if (cache->free == VC_CACHE_NONE) {
        vc_cache_drop(cache, cache->oldest);
    }

    index = cache->free;
    entry = &cache->entries[index];
    cache->free = entry->chain;

    memcpy(entry->fingerprint, fingerprint, VC_FINGERPRINT_LEN);
    entry->principal = vc_principal_hold(principal);
    entry->epoch = epoch;

    bucket = vc_cache_bucket(cache, fingerprint);
    entry->chain = *bucket;
    *bucket = index;
    vc_cache_link_newest(cache, index);
}


/* an entry is as good as a verification if nothing has changed since */
static vc_status_t
vc_cache_check(vc_cache_entry_t *entry, vc_session_t *session, uint64_t epoch,
    int64_t now, vc_error_t *err)
{
    vc_status_t status;

    if (entry->epoch == epoch
        && entry->principal->expires > now - VC_TOKEN_LEEWAY) {
        return VC_OK;
    }

    status = vc_token_recheck(entry->principal, session, now, err);
    if (status == VC_OK) {
        entry->epoch = epoch;
    }

    return status;
}


vc_status_t
vc_token_cache_verify(vc_token_cache_t *cache, vc_authorities_t *authorities,
    vc_session_t *session, vc_str_t token, int64_t now, vc_principal_t **out,
    vc_authority_t **refresh, vc_error_t *err)
{
    uint8_t     fingerprint[VC_FINGERPRINT_LEN];
    uint32_t    index;
    uint64_t    epoch;
    vc_status_t status;

    *out = NULL;
    *refresh = NULL;

    /* too long a token is refused in one place, and is not worth a
       fingerprint */
    if (token.len > VC_TOKEN_MAX) {
        return vc_token_verify(authorities, session, token, now, out, refresh,
            err);
    }

    status = vc_fingerprint(cache->fingerprinter, token, fingerprint);
    if (status != VC_OK) {
        return vc_fail_detail(err, status, "a token has no fingerprint");
    }

    epoch = vc_snapshot_epoch(vc_session_snapshot(session));
    index = vc_cache_find(cache, fingerprint);

    if (index != VC_CACHE_NONE) {
        status = vc_cache_check(&cache->entries[index], session, epoch, now,
            err);

        if (status != VC_OK) {
            vc_cache_drop(cache, index);
            return status;
        }

        vc_cache_used(cache, index);
        *out = vc_principal_hold(cache->entries[index].principal);

        return VC_OK;
    }

    status = vc_token_verify(authorities, session, token, now, out, refresh,
        err);
    if (status == VC_OK) {
        vc_cache_add(cache, fingerprint, *out, epoch);
    }

    return status;
}
