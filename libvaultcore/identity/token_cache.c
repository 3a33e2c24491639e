/* outcomes of tokens, kept by their SHA-256: a hit costs one digest */

#include "identity/token.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "crypto/digest.h"

#define VC_CACHE_ENTRIES_DEFAULT 4096
#define VC_CACHE_ENTRIES_MAX (1U << 20)
#define VC_CACHE_NONE UINT32_MAX


typedef struct {
    uint8_t         digest[VC_SHA256_LEN];
    vc_principal_t *principal;    /* NULL: free */
    uint64_t        epoch;        /* of the snapshot that it was checked in */
    uint32_t        chain;        /* the next in the bucket, or free */
    uint32_t        newer, older; /* by last use */
} vc_cache_entry_t;

struct vc_token_cache {
    EVP_MD           *md;
    EVP_MD_CTX       *context;
    vc_cache_entry_t *entries;
    uint32_t         *buckets;
    uint32_t          mask; /* buckets less one */
    uint32_t          free;
    uint32_t          newest, oldest;
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

    /* fetched once: looking an algorithm up costs more than a digest */
    cache->md = EVP_MD_fetch(NULL, "SHA256", NULL);
    cache->context = EVP_MD_CTX_new();
    cache->entries = calloc(entries, sizeof(vc_cache_entry_t));
    cache->buckets = calloc(buckets, sizeof(uint32_t));
    cache->mask = buckets - 1;
    cache->newest = VC_CACHE_NONE;

    if (cache->md == NULL || cache->context == NULL || cache->entries == NULL
        || cache->buckets == NULL)
    {
        vc_token_cache_destroy(cache);
        return VC_NO_MEMORY;
    }

    vc_cache_empty(cache, entries);
    *out = cache;

    return VC_OK;
}


static uint32_t *
vc_cache_bucket(vc_token_cache_t *cache, const uint8_t *digest)
{
    return &cache->buckets[vc_load_be32(digest) & cache->mask];
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

    for (link = vc_cache_bucket(cache, entry->digest); *link != index;
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
    EVP_MD_CTX_free(cache->context);
    EVP_MD_free(cache->md);
    free(cache->entries);
    free(cache->buckets);
    free(cache);
}


static uint32_t
vc_cache_find(vc_token_cache_t *cache, const uint8_t *digest)
{
    uint32_t index;

    for (index = *vc_cache_bucket(cache, digest); index != VC_CACHE_NONE;
         index = cache->entries[index].chain)
    {
        if (vc_equal_secret(cache->entries[index].digest, digest,
                VC_SHA256_LEN)) {
            break;
        }
    }

    return index;
}


static void
vc_cache_add(vc_token_cache_t *cache, const uint8_t *digest,
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

    memcpy(entry->digest, digest, VC_SHA256_LEN);
    entry->principal = vc_principal_hold(principal);
    entry->epoch = epoch;

    bucket = vc_cache_bucket(cache, digest);
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


static bool
vc_cache_digest(vc_token_cache_t *cache, vc_str_t token, uint8_t *digest)
{
    unsigned len;

    return EVP_DigestInit_ex2(cache->context, cache->md, NULL) == 1
           && EVP_DigestUpdate(cache->context, token.data, token.len) == 1
           && EVP_DigestFinal_ex(cache->context, digest, &len) == 1;
}


vc_status_t
vc_token_cache_verify(vc_token_cache_t *cache, vc_authorities_t *authorities,
    vc_session_t *session, vc_str_t token, int64_t now, vc_principal_t **out,
    vc_authority_t **refresh, vc_error_t *err)
{
    uint8_t     digest[VC_SHA256_LEN];
    uint32_t    index;
    uint64_t    epoch;
    vc_status_t status;

    *out = NULL;
    *refresh = NULL;

    /* too long a token is refused in one place, and is not worth a digest */
    if (token.len > VC_TOKEN_MAX) {
        return vc_token_verify(authorities, session, token, now, out, refresh,
            err);
    }

    if (!vc_cache_digest(cache, token, digest)) {
        return vc_fail_detail(err, VC_CRYPTO, "SHA-256 of a token failed");
    }

    epoch = vc_snapshot_epoch(vc_session_snapshot(session));
    index = vc_cache_find(cache, digest);

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
        vc_cache_add(cache, digest, *out, epoch);
    }

    return status;
}
