/*
 * The keys of a domain: one record, sealed in the root domain, that lists
 * them from the oldest to the newest, each as
 *
 *     key id (4) | created (8) | key (32)
 */

#include "store/sealed_internal.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "crypto/random.h"

#define VC_DOMAIN_KEY_LEN (4 + 8 + VC_KEY_LEN)
#define VC_SEAL_LIMIT (UINT64_C(1) << 28)

uint64_t vc_seal_limit = VC_SEAL_LIMIT;


/* opens a list into the session's scratch arena */
static vc_status_t
vc_domain_unwrap(vc_session_t *session, vc_str_t key, vc_str_t sealed,
    vc_str_t *list)
{
    vc_cipher_t *root;
    vc_status_t  status;

    status = vc_session_root(session, &root);
    if (status != VC_OK) {
        return status;
    }

    status = vc_sealed_open_with(root, key, sealed, session->scratch, list);
    if (status != VC_OK) {
        return status;
    }

    if (list->len == 0 || list->len % VC_DOMAIN_KEY_LEN != 0) {
        return vc_sealed_damaged(key);
    }

    return VC_OK;
}


static vc_status_t
vc_domain_load(vc_session_t *session, const uint8_t domain[VC_DOMAIN_LEN],
    vc_str_t *list, uint64_t *revision)
{
    vc_key_t    key;
    vc_record_t record;
    vc_status_t status;

    key = vc_key_sealing(domain);

    status = vc_snapshot_get(session->snapshot, vc_key_view(&key), &record);
    if (status != VC_OK) {
        return status;
    }

    *revision = record.revision;

    return vc_domain_unwrap(session, vc_key_view(&key), record.payload, list);
}


static uint32_t
vc_domain_newest_id(vc_str_t list)
{
    return vc_load_be32(list.data + list.len - VC_DOMAIN_KEY_LEN);
}


static vc_status_t
vc_domain_make_cipher(vc_str_t list, uint32_t key_id, vc_cipher_t **out)
{
    size_t         i;
    const uint8_t *entry;

    for (i = 0; i < list.len; i += VC_DOMAIN_KEY_LEN) {
        entry = list.data + i;

        if (vc_load_be32(entry) == key_id) {
            return vc_cipher_create(entry + 4 + 8, key_id, out);
        }
    }

    return VC_UNSEAL_FAILED;
}


/* a cipher of the domain, kept from now on; newest: key_id is not looked at */
static vc_status_t
vc_domain_ready_cipher(vc_session_t *session,
    const uint8_t domain[VC_DOMAIN_LEN], uint32_t key_id, bool newest,
    vc_cipher_t **out)
{
    vc_str_t     list;
    uint32_t     newest_id;
    uint64_t     revision;
    vc_cipher_t *cipher;
    vc_status_t  status;

    status = vc_domain_load(session, domain, &list, &revision);

    if (status == VC_OK) {
        newest_id = vc_domain_newest_id(list);
        if (newest) {
            key_id = newest_id;
        }

        status = vc_domain_make_cipher(list, key_id, &cipher);

        if (status == VC_OK) {
            vc_session_keep_cipher(session, domain, cipher,
                key_id == newest_id);
            *out = cipher;
        }
    }

    vc_arena_reset(session->scratch);

    return status;
}


vc_status_t
vc_domain_opening_cipher(vc_session_t *session,
    const uint8_t domain[VC_DOMAIN_LEN], uint32_t key_id, vc_cipher_t **out)
{
    *out = vc_session_find_cipher(session, domain, key_id);
    if (*out != NULL) {
        return VC_OK;
    }

    return vc_domain_ready_cipher(session, domain, key_id, false, out);
}


/* appends a new key to a list and puts the list into the batch */
static vc_status_t
vc_domain_put_key(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    const uint8_t domain[VC_DOMAIN_LEN], vc_str_t list, uint64_t expected)
{
    uint8_t     *fresh;
    vc_buf_t     longer;
    vc_key_t     key;
    vc_cipher_t *root;
    vc_status_t  status;

    status = vc_session_root(session, &root);
    if (status != VC_OK) {
        return status;
    }

    vc_buf_init(&longer, arena, list.len + VC_DOMAIN_KEY_LEN);
    vc_buf_str(&longer, list);
    vc_buf_u32(&longer, (list.len == 0) ? 1 : vc_domain_newest_id(list) + 1);
    vc_buf_u64(&longer, (uint64_t) vc_now());

    fresh = vc_buf_reserve(&longer, VC_KEY_LEN);
    if (fresh == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_random(fresh, VC_KEY_LEN);
    if (status != VC_OK) {
        return status;
    }

    key = vc_key_sealing(domain);

    return vc_sealed_put_with(session, root, NULL, batch, vc_key_view(&key),
        expected, vc_buf_view(&longer), 0);
}


vc_status_t
vc_domain_replace_key(vc_session_t *session, vc_batch_t *batch,
    const uint8_t domain[VC_DOMAIN_LEN], uint32_t *key_id)
{
    uint8_t     zero[8] = {0};
    vc_key_t    count;
    vc_str_t    list;
    uint64_t    revision;
    vc_status_t status;

    status = vc_domain_load(session, domain, &list, &revision);

    if (status == VC_OK) {
        status = vc_domain_put_key(session, session->scratch, batch, domain,
            list, revision);
    }

    if (status == VC_OK) {
        count = vc_key_seal_count(domain);
        vc_batch_put(batch, vc_key_view(&count), VC_REVISION_ANY,
            (vc_str_t){zero, sizeof(zero)}, 0);
        *key_id = vc_domain_newest_id(list) + 1;
    }

    vc_arena_reset(session->scratch);

    return status;
}


static vc_status_t
vc_domain_worn(vc_session_t *session, const uint8_t domain[VC_DOMAIN_LEN],
    bool *worn)
{
    vc_key_t    key;
    vc_record_t count;
    vc_status_t status;

    key = vc_key_seal_count(domain);
    *worn = false;

    status = vc_snapshot_get(session->snapshot, vc_key_view(&key), &count);

    if (status == VC_NOT_FOUND) {
        return VC_OK;
    }

    if (status == VC_OK) {
        *worn = count.payload.len != 8
                || vc_load_be64(count.payload.data) > vc_seal_limit;
    }

    return status;
}


/* the newest key of a list that this batch itself brings */
static vc_status_t
vc_domain_pending_cipher(vc_session_t *session, vc_str_t key, vc_str_t sealed,
    vc_cipher_t **out)
{
    vc_str_t    list;
    vc_status_t status;

    status = vc_domain_unwrap(session, key, sealed, &list);

    if (status == VC_OK) {
        status = vc_domain_make_cipher(list, vc_domain_newest_id(list), out);
    }

    vc_arena_reset(session->scratch);

    return status;
}


vc_status_t
vc_domain_sealing_cipher(vc_session_t *session,
    const uint8_t domain[VC_DOMAIN_LEN], vc_batch_t *batch, vc_cipher_t **out,
    bool *temporary)
{
    bool        worn;
    uint32_t    fresh;
    vc_key_t    key;
    vc_str_t    pending;
    vc_status_t status;

    *temporary = false;
    key = vc_key_sealing(domain);
    pending = VC_STR_NULL;

    if (batch->sealing_keys) {
        pending = vc_batch_pending(batch, vc_key_view(&key));
    }

    if (pending.data == NULL) {
        status = vc_domain_worn(session, domain, &worn);

        if (status == VC_OK && worn) {
            status = vc_domain_replace_key(session, batch, domain, &fresh);
            pending = vc_batch_pending(batch, vc_key_view(&key));
            vc_log(VC_LOG_NOTICE,
                "store: a sealing key has sealed enough and is replaced");
        }

        if (status != VC_OK) {
            return status;
        }
    }

    if (pending.data != NULL) {
        *temporary = true;
        return vc_domain_pending_cipher(session, vc_key_view(&key), pending,
            out);
    }

    *out = vc_session_find_newest(session, domain);
    if (*out != NULL) {
        return VC_OK;
    }

    return vc_domain_ready_cipher(session, domain, 0, true, out);
}


vc_status_t
vc_domain_create(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    const uint8_t domain[VC_DOMAIN_LEN])
{
    static const uint8_t root[VC_DOMAIN_LEN];

    vc_status_t status;

    if (batch == NULL) {
        return VC_NO_MEMORY;
    }

    /* the id under which the seals of the root domain are counted */
    if (memcmp(domain, root, VC_DOMAIN_LEN) == 0) {
        return VC_INVALID;
    }

    status = vc_domain_put_key(session, arena, batch, domain, VC_STR_NULL,
        VC_REVISION_NONE);
    vc_arena_reset(session->scratch);

    return status;
}


void
vc_domain_destroy(vc_batch_t *batch, const uint8_t domain[VC_DOMAIN_LEN])
{
    vc_key_t key;

    key = vc_key_sealing(domain);
    vc_batch_delete(batch, vc_key_view(&key), VC_REVISION_ANY);

    key = vc_key_seal_count(domain);
    vc_batch_delete(batch, vc_key_view(&key), VC_REVISION_ANY);
}
