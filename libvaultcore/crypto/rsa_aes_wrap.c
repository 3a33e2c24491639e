#include "crypto/rsa_aes_wrap.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "crypto/random.h"
#include "crypto/software.h"

#define VC_EPHEMERAL_LEN 32
#define VC_KWP_MIN 16
#define VC_KWP_UNIT 8


/* a context for OAEP; NULL on failure */
static EVP_PKEY_CTX *
vc_oaep_context(EVP_PKEY *pkey, const char *hash, bool encrypt)
{
    OSSL_PARAM    params[2];
    EVP_PKEY_CTX *context;

    params[0] =
        OSSL_PARAM_construct_utf8_string(OSSL_ASYM_CIPHER_PARAM_OAEP_DIGEST,
            (char *) (uintptr_t) hash, 0);
    params[1] = OSSL_PARAM_construct_end();

    context = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);

    if (context == NULL
        || (encrypt ? EVP_PKEY_encrypt_init(context)
                    : EVP_PKEY_decrypt_init(context))
               != 1
        || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) != 1
        || EVP_PKEY_CTX_set_params(context, params) != 1)
    {
        EVP_PKEY_CTX_free(context);
        return NULL;
    }

    return context;
}


static vc_status_t
vc_wrap_ephemeral(EVP_PKEY *target, const char *hash, vc_str_t key,
    vc_buf_t *out, vc_error_t *err)
{
    int           rc;
    size_t        len;
    uint8_t      *bytes;
    EVP_PKEY_CTX *context;

    len = (size_t) EVP_PKEY_get_size(target);

    bytes = vc_buf_reserve(out, len);
    if (bytes == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    context = vc_oaep_context(target, hash, true);
    rc = (context == NULL)
             ? 0
             : EVP_PKEY_encrypt(context, bytes, &len, key.data, key.len);
    EVP_PKEY_CTX_free(context);

    return (rc == 1) ? VC_OK : vc_openssl_failed(err, "wrapping for release");
}


vc_status_t
vc_rsa_aes_wrap(EVP_PKEY *target, const char *hash, vc_str_t data,
    vc_arena_t *arena, vc_str_t *out, vc_error_t *err)
{
    uint8_t    *ephemeral;
    vc_buf_t    both;
    vc_str_t    key, wrapped;
    vc_status_t status;

    ephemeral = vc_arena_alloc(arena, VC_EPHEMERAL_LEN);
    if (ephemeral == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    if (vc_random(ephemeral, VC_EPHEMERAL_LEN) != VC_OK) {
        return vc_openssl_failed(err, "random bytes for a key");
    }

    key = (vc_str_t){ephemeral, VC_EPHEMERAL_LEN};
    vc_buf_init(&both, arena, 0);

    status = vc_wrap_ephemeral(target, hash, key, &both, err);
    if (status == VC_OK) {
        status = vc_aes_wrap(key, true, data, arena, &wrapped, err);
    }

    vc_wipe(ephemeral, VC_EPHEMERAL_LEN);

    if (status != VC_OK) {
        return status;
    }

    vc_buf_str(&both, wrapped);
    *out = vc_buf_view(&both);

    return both.failed ? vc_fail(err, VC_NO_MEMORY, "out of memory") : VC_OK;
}


/* room is as long as the modulus; *key gets what the AES key is of it */
static vc_status_t
vc_unwrap_ephemeral(EVP_PKEY *pkey, const char *hash, vc_str_t wrapped,
    uint8_t *room, vc_str_t *key, vc_error_t *err)
{
    int           rc;
    size_t        len;
    EVP_PKEY_CTX *context;

    context = vc_oaep_context(pkey, hash, false);
    if (context == NULL) {
        return vc_openssl_failed(err, "preparing an RSA key");
    }

    len = wrapped.len;
    rc = EVP_PKEY_decrypt(context, room, &len, wrapped.data, wrapped.len);
    EVP_PKEY_CTX_free(context);

    if (rc != 1 || (len != 16 && len != 24 && len != 32)) {
        return vc_not_decrypted(err);
    }

    *key = (vc_str_t){room, len};

    return VC_OK;
}


vc_status_t
vc_rsa_aes_unwrap(EVP_PKEY *key, const char *hash, vc_str_t wrapped,
    vc_arena_t *arena, vc_str_t *out, vc_error_t *err)
{
    size_t      size;
    uint8_t    *room;
    vc_str_t    first, second, ephemeral;
    vc_status_t status;

    size = (size_t) EVP_PKEY_get_size(key);

    if (wrapped.len < size + VC_KWP_MIN
        || (wrapped.len - size) % VC_KWP_UNIT != 0
        || wrapped.len - size > VC_PKCS8_MAX + VC_KWP_UNIT)
    {
        return vc_not_decrypted(err);
    }

    room = vc_arena_alloc(arena, size);
    if (room == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    first = (vc_str_t){wrapped.data, size};
    second = (vc_str_t){wrapped.data + size, wrapped.len - size};

    status = vc_unwrap_ephemeral(key, hash, first, room, &ephemeral, err);
    if (status == VC_OK) {
        status = vc_aes_unwrap(ephemeral, true, second, arena, out, err);
    }

    vc_wipe(room, size);

    return status;
}
