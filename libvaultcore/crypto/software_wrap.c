/* AES key wrap: RFC 3394, and with padding RFC 5649 */

#include "crypto/software.h"

#include <openssl/err.h>

#define VC_KW_UNIT 8
#define VC_KW_MIN 16
#define VC_KW_MAX 8192


static int
vc_wrap_run(EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher, vc_str_t key,
    vc_str_t value, int wrap, uint8_t *bytes, int *n)
{
    int last;

    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);

    return EVP_CipherInit_ex2(context, cipher, key.data, NULL, wrap, NULL) == 1
           && EVP_CipherUpdate(context, bytes, n, value.data, (int) value.len)
                  == 1
           && EVP_CipherFinal_ex(context, bytes + *n, &last) == 1;
}


static vc_status_t
vc_wrap_either(vc_str_t key, bool padded, vc_str_t value, int wrap,
    vc_arena_t *arena, vc_str_t *out, vc_error_t *err)
{
    int               n, rc;
    uint8_t          *bytes;
    EVP_CIPHER_CTX   *context;
    const EVP_CIPHER *cipher;

    cipher = vc_aes_cipher(padded ? VC_JWA_KWP : VC_JWA_KW,
        (unsigned) key.len * 8);
    if (cipher == NULL) {
        return vc_openssl_failed(err, "preparing AES key wrap");
    }

    bytes = vc_arena_alloc(arena, value.len + 2 * VC_KW_UNIT);
    context = EVP_CIPHER_CTX_new();

    if (bytes == NULL || context == NULL) {
        EVP_CIPHER_CTX_free(context);
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    rc = vc_wrap_run(context, cipher, key, value, wrap, bytes, &n);
    EVP_CIPHER_CTX_free(context);

    if (rc != 1) {
        vc_wipe(bytes, value.len + 2 * VC_KW_UNIT);
        return wrap ? vc_openssl_failed(err, "AES key wrap")
                    : vc_not_decrypted(err);
    }

    *out = (vc_str_t){bytes, (size_t) n};

    return VC_OK;
}


vc_status_t
vc_aes_wrap(vc_str_t key, bool padded, vc_str_t value, vc_arena_t *arena,
    vc_str_t *out, vc_error_t *err)
{
    return vc_wrap_either(key, padded, value, 1, arena, out, err);
}


vc_status_t
vc_aes_unwrap(vc_str_t key, bool padded, vc_str_t value, vc_arena_t *arena,
    vc_str_t *out, vc_error_t *err)
{
    return vc_wrap_either(key, padded, value, 0, arena, out, err);
}


/* RFC 3394 wraps at least two units; RFC 5649 anything, and makes two */
static vc_status_t
vc_wrap_check(const vc_key_use_t *use, bool padded, vc_error_t *err)
{
    size_t least, unit, most;

    least = VC_KW_MIN;
    unit = VC_KW_UNIT;
    most = VC_KW_MAX;

    if (use->operation == VC_KEY_UNWRAP) {
        least += padded ? 0 : VC_KW_UNIT;
        most += VC_KW_UNIT;

    } else if (padded) {
        least = 1;
        unit = 1;
    }

    if (use->value.len >= least && use->value.len <= most
        && use->value.len % unit == 0)
    {
        return VC_OK;
    }

    return vc_fail(err, VC_BAD_PARAMETER,
        "Invalid length of 'value': %zu bytes. To %s with %s requires %zu to "
        "%zu bytes%s, encoded with base64url.",
        use->value.len, vc_key_op_name(use->operation), use->jwa->name, least,
        most, (unit == 1) ? "" : ", a multiple of 8");
}


vc_status_t
vc_aes_wrap_compute(vc_ready_key_t *key, const vc_key_use_t *use,
    vc_arena_t *arena, vc_key_result_t *out, vc_error_t *err)
{
    bool        padded;
    vc_str_t    bytes;
    vc_status_t status;

    padded = use->jwa->scheme == VC_JWA_KWP;

    status = vc_wrap_check(use, padded, err);
    if (status != VC_OK) {
        return status;
    }

    bytes = (vc_str_t){key->bytes, key->spec.bits / 8};

    return vc_wrap_either(bytes, padded, use->value,
        use->operation == VC_KEY_WRAP, arena, &out->value, err);
}
