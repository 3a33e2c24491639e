/* records in and out, sealed */

#include "store/sealed_internal.h"

#include "base/log.h"


vc_status_t
vc_sealed_damaged(vc_str_t key)
{
    vc_log(VC_LOG_ERROR,
        "store: a record of class '%c' does not open: it is damaged, or was "
        "moved from another place",
        key.len == 0 ? '?' : key.data[0]);

    return VC_UNSEAL_FAILED;
}


vc_status_t
vc_sealed_open_with(vc_cipher_t *cipher, vc_str_t key, vc_str_t sealed,
    vc_arena_t *arena, vc_str_t *out)
{
    size_t      len;
    uint8_t    *plaintext;
    vc_status_t status;

    if (sealed.len < VC_SEALED_OVERHEAD) {
        return vc_sealed_damaged(key);
    }

    plaintext = vc_arena_alloc(arena, sealed.len - VC_SEALED_OVERHEAD);
    if (plaintext == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_cipher_open(cipher, key, sealed, plaintext, &len);

    if (status == VC_UNSEAL_FAILED || status == VC_INVALID) {
        return vc_sealed_damaged(key);
    }

    *out = (vc_str_t){plaintext, len};

    return status;
}


static vc_status_t
vc_session_opening_cipher(vc_session_t *session, const uint8_t *domain,
    vc_str_t sealed, vc_cipher_t **out)
{
    uint32_t    key_id;
    vc_status_t status;

    if (domain == NULL) {
        return vc_session_root(session, out);
    }

    status = vc_sealed_key_id(sealed, &key_id);
    if (status != VC_OK) {
        return VC_UNSEAL_FAILED;
    }

    return vc_domain_opening_cipher(session, domain, key_id, out);
}


vc_status_t
vc_sealed_open(vc_session_t *session, const uint8_t *domain, vc_str_t key,
    vc_str_t sealed, vc_arena_t *arena, vc_str_t *out)
{
    vc_cipher_t *cipher;
    vc_status_t  status;

    if (session->snapshot == NULL) {
        return VC_INVALID;
    }

    status = vc_session_opening_cipher(session, domain, sealed, &cipher);

    if (status == VC_UNSEAL_FAILED) {
        return vc_sealed_damaged(key);
    }

    if (status != VC_OK) {
        return status;
    }

    return vc_sealed_open_with(cipher, key, sealed, arena, out);
}


vc_status_t
vc_sealed_get(vc_session_t *session, const uint8_t *domain, vc_str_t key,
    vc_arena_t *arena, vc_record_t *out)
{
    vc_record_t record;
    vc_status_t status;

    if (session->snapshot == NULL) {
        return VC_INVALID;
    }

    status = vc_snapshot_get(session->snapshot, key, &record);

    if (status == VC_OK) {
        status = vc_sealed_open(session, domain, key, record.payload, arena,
            &record.payload);
    }

    if (status == VC_OK) {
        *out = record;
    }

    return status;
}


vc_status_t
vc_sealed_put_with(vc_session_t *session, vc_cipher_t *cipher,
    const uint8_t *domain, vc_batch_t *batch, vc_str_t key, uint64_t expected,
    vc_str_t plaintext, int64_t due)
{
    static const uint8_t root[VC_DOMAIN_LEN];

    vc_buf_t    sealed;
    vc_key_t    count;
    vc_status_t status;

    vc_buf_init(&sealed, session->scratch, 0);

    status = vc_cipher_seal(cipher, key, plaintext, &sealed);
    if (status != VC_OK) {
        return status;
    }

    count = vc_key_seal_count(domain == NULL ? root : domain);

    vc_batch_put(batch, key, expected, vc_buf_view(&sealed), due);
    vc_batch_count(batch, vc_key_view(&count), 1);

    return VC_OK;
}


static vc_status_t
vc_session_sealing_cipher(vc_session_t *session, const uint8_t *domain,
    vc_batch_t *batch, vc_cipher_t **out, bool *temporary)
{
    if (domain != NULL) {
        return vc_domain_sealing_cipher(session, domain, batch, out, temporary);
    }

    *temporary = false;

    return vc_session_root(session, out);
}


vc_status_t
vc_sealed_put(vc_session_t *session, const uint8_t *domain, vc_batch_t *batch,
    vc_str_t key, uint64_t expected, vc_str_t plaintext, int64_t due)
{
    bool         temporary;
    vc_cipher_t *cipher;
    vc_status_t  status;

    if (batch == NULL) {
        return VC_NO_MEMORY;
    }

    if (session->snapshot == NULL) {
        return VC_INVALID;
    }

    status = vc_session_sealing_cipher(session, domain, batch, &cipher,
        &temporary);
    if (status != VC_OK) {
        return status;
    }

    status = vc_sealed_put_with(session, cipher, domain, batch, key, expected,
        plaintext, due);
    vc_arena_reset(session->scratch);

    if (temporary) {
        vc_cipher_destroy(cipher);
    }

    return status;
}


vc_status_t
vc_sealed_claim(vc_session_t *session, vc_batch_t *batch, const char *set)
{
    vc_key_t    key;
    vc_record_t record;
    vc_status_t status;

    key = vc_key_installation(set);

    status = vc_snapshot_get(session->snapshot, vc_key_view(&key), &record);

    if (status == VC_NOT_FOUND) {
        record.revision = VC_REVISION_NONE;

    } else if (status != VC_OK) {
        return status;
    }

    return vc_sealed_put(session, NULL, batch, vc_key_view(&key),
        record.revision, VC_STR("1"), 0);
}
