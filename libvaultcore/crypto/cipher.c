#include "crypto/cipher.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "crypto/random.h"

#define VC_SEALED_FORMAT 1
#define VC_SEALED_HEAD (1 + 4)
#define VC_NONCE_LEN 12
#define VC_TAG_LEN 16
#define VC_SEALED_MAX ((size_t) INT_MAX)
#define VC_BOUND_MAX (VC_SEALED_HEAD + VC_PLACE_MAX)


/*
 * One context for each direction, its key set once: a record then costs only
 * a new nonce.
 */
struct vc_cipher {
    EVP_CIPHER_CTX *sealing;
    EVP_CIPHER_CTX *opening;
    uint32_t        key_id;
    uint8_t         key[VC_KEY_LEN];
};


vc_status_t
vc_cipher_create(const uint8_t key[VC_KEY_LEN], uint32_t key_id,
    vc_cipher_t **out)
{
    vc_cipher_t *cipher;

    cipher = calloc(1, sizeof(vc_cipher_t));
    if (cipher == NULL) {
        return VC_NO_MEMORY;
    }

    cipher->key_id = key_id;
    memcpy(cipher->key, key, VC_KEY_LEN);
    *out = cipher;

    return VC_OK;
}


void
vc_cipher_destroy(vc_cipher_t *cipher)
{
    if (cipher == NULL) {
        return;
    }

    EVP_CIPHER_CTX_free(cipher->sealing);
    EVP_CIPHER_CTX_free(cipher->opening);
    vc_wipe(cipher, sizeof(vc_cipher_t));
    free(cipher);
}


uint32_t
vc_cipher_key_id(const vc_cipher_t *cipher)
{
    return cipher->key_id;
}


static vc_status_t
vc_cipher_context(vc_cipher_t *cipher, EVP_CIPHER_CTX **slot, int sealing)
{
    EVP_CIPHER_CTX *ctx;

    if (*slot != NULL) {
        return VC_OK;
    }

    ctx = EVP_CIPHER_CTX_new();
    if (ctx == NULL) {
        return VC_NO_MEMORY;
    }

    if (EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, cipher->key, NULL,
            sealing)
        != 1)
    {
        EVP_CIPHER_CTX_free(ctx);
        return VC_CRYPTO;
    }

    *slot = ctx;

    return VC_OK;
}


/* the associated data: the head of the record, then its place */
static int
vc_cipher_bind(EVP_CIPHER_CTX *ctx, const uint8_t *head, vc_str_t place)
{
    int     n;
    uint8_t bound[VC_BOUND_MAX];

    memcpy(bound, head, VC_SEALED_HEAD);

    if (place.len != 0) {
        memcpy(bound + VC_SEALED_HEAD, place.data, place.len);
    }

    return EVP_CipherUpdate(ctx, NULL, &n, bound,
        (int) (VC_SEALED_HEAD + place.len));
}


/* an empty part must not reach OpenSSL, to which NULL means something else */
static int
vc_cipher_update(EVP_CIPHER_CTX *ctx, uint8_t *out, const uint8_t *in,
    size_t len)
{
    int n;

    return len == 0 || EVP_CipherUpdate(ctx, out, &n, in, (int) len) == 1;
}


static vc_status_t
vc_cipher_encrypt(EVP_CIPHER_CTX *ctx, vc_str_t place, vc_str_t plaintext,
    uint8_t *record)
{
    int      n;
    uint8_t *nonce, *body, *tag;

    nonce = record + VC_SEALED_HEAD;
    body = nonce + VC_NONCE_LEN;
    tag = body + plaintext.len;

    if (vc_random(nonce, VC_NONCE_LEN) != VC_OK
        || EVP_CipherInit_ex(ctx, NULL, NULL, NULL, nonce, -1) != 1
        || vc_cipher_bind(ctx, record, place) != 1
        || !vc_cipher_update(ctx, body, plaintext.data, plaintext.len)
        || EVP_CipherFinal_ex(ctx, tag, &n) != 1
        || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, VC_TAG_LEN, tag)
               != 1)
    {
        return VC_CRYPTO;
    }

    return VC_OK;
}


vc_status_t
vc_cipher_seal(vc_cipher_t *cipher, vc_str_t place, vc_str_t plaintext,
    vc_buf_t *out)
{
    size_t      len;
    uint8_t    *record;
    vc_status_t status;

    if (plaintext.len > VC_SEALED_MAX - VC_SEALED_OVERHEAD
        || place.len > VC_PLACE_MAX)
    {
        return VC_INVALID;
    }

    status = vc_cipher_context(cipher, &cipher->sealing, 1);
    if (status != VC_OK) {
        return status;
    }

    len = plaintext.len + VC_SEALED_OVERHEAD;

    record = vc_buf_reserve(out, len);
    if (record == NULL) {
        return VC_NO_MEMORY;
    }

    record[0] = VC_SEALED_FORMAT;
    vc_store_be32(record + 1, cipher->key_id);

    status = vc_cipher_encrypt(cipher->sealing, place, plaintext, record);
    if (status != VC_OK) {
        vc_wipe(record, len);
        out->len -= len;
    }

    return status;
}


static vc_status_t
vc_cipher_decrypt(EVP_CIPHER_CTX *ctx, vc_str_t place, vc_str_t sealed,
    uint8_t *out, size_t len)
{
    int            n;
    uint8_t        tag[VC_TAG_LEN], rest[16];
    OSSL_PARAM     parameters[2];
    const uint8_t *nonce, *body;

    nonce = sealed.data + VC_SEALED_HEAD;
    body = nonce + VC_NONCE_LEN;
    memcpy(tag, body + len, VC_TAG_LEN);

    parameters[0] =
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag,
            VC_TAG_LEN);
    parameters[1] = OSSL_PARAM_construct_end();

    if (EVP_DecryptInit_ex2(ctx, NULL, NULL, nonce, parameters) != 1
        || vc_cipher_bind(ctx, sealed.data, place) != 1
        || !vc_cipher_update(ctx, out, body, len))
    {
        return VC_CRYPTO;
    }

    return (EVP_CipherFinal_ex(ctx, rest, &n) == 1) ? VC_OK : VC_UNSEAL_FAILED;
}


vc_status_t
vc_cipher_open(vc_cipher_t *cipher, vc_str_t place, vc_str_t sealed,
    uint8_t *out, size_t *len)
{
    size_t      n;
    uint32_t    key_id;
    vc_status_t status;

    *len = 0;

    if (vc_sealed_key_id(sealed, &key_id) != VC_OK || key_id != cipher->key_id
        || place.len > VC_PLACE_MAX)
    {
        return VC_INVALID;
    }

    status = vc_cipher_context(cipher, &cipher->opening, 0);
    if (status != VC_OK) {
        return status;
    }

    n = sealed.len - VC_SEALED_OVERHEAD;

    status = vc_cipher_decrypt(cipher->opening, place, sealed, out, n);
    if (status != VC_OK) {
        vc_wipe(out, n);
        return status;
    }

    *len = n;

    return VC_OK;
}


vc_status_t
vc_sealed_key_id(vc_str_t sealed, uint32_t *key_id)
{
    if (sealed.len < VC_SEALED_OVERHEAD || sealed.len > VC_SEALED_MAX
        || sealed.data[0] != VC_SEALED_FORMAT)
    {
        return VC_INVALID;
    }

    *key_id = vc_load_be32(sealed.data + 1);

    return VC_OK;
}
