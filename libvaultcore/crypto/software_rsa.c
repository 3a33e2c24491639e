/* RSA (RFC 8017) with a ready key */

#include "crypto/software.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

/* RFC 8017 section 7.2.1: 00 02, eight bytes that are not zero, 00 */
#define VC_PKCS1_OVERHEAD 11


static int
vc_rsa_set_padding(EVP_PKEY_CTX *context, const vc_jwa_t *jwa, bool private)
{
    switch (jwa->scheme) {
    case VC_JWA_OAEP:
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING);
    case VC_JWA_RSA_PSS:
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING);
    case VC_JWA_RSA1_5:
        /* the padding is taken off here, see vc_pkcs1_open() */
        return EVP_PKEY_CTX_set_rsa_padding(context,
            private ? RSA_NO_PADDING : RSA_PKCS1_PADDING);
    default:
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING);
    }
}


static int
vc_rsa_set_hash(EVP_PKEY_CTX *context, const vc_jwa_t *jwa)
{
    OSSL_PARAM  params[2];
    const char *name;

    name = (jwa->scheme == VC_JWA_OAEP) ? OSSL_ASYM_CIPHER_PARAM_OAEP_DIGEST
                                        : OSSL_SIGNATURE_PARAM_DIGEST;
    params[0] = OSSL_PARAM_construct_utf8_string(name,
        (char *) (uintptr_t) jwa->hash, 0);
    params[1] = OSSL_PARAM_construct_end();

    return EVP_PKEY_CTX_set_params(context, params);
}


static int
vc_rsa_init(EVP_PKEY_CTX *context, const vc_jwa_t *jwa, bool private)
{
    if ((jwa->operations & VC_KEY_SIGN) != 0) {
        return private ? EVP_PKEY_sign_init(context)
                       : EVP_PKEY_verify_init(context);
    }

    return private ? EVP_PKEY_decrypt_init(context)
                   : EVP_PKEY_encrypt_init(context);
}


int
vc_rsa_prepare(EVP_PKEY_CTX *context, const vc_jwa_t *jwa, bool private)
{
    if (vc_rsa_init(context, jwa, private) != 1
        || vc_rsa_set_padding(context, jwa, private) != 1
        || (jwa->hash != NULL && vc_rsa_set_hash(context, jwa) != 1))
    {
        return 0;
    }

    return (jwa->scheme == VC_JWA_RSA_PSS)
               ? EVP_PKEY_CTX_set_rsa_pss_saltlen(context,
                   RSA_PSS_SALTLEN_DIGEST)
               : 1;
}


/* all ones if a is zero, else zero, without a branch */
static size_t
vc_mask_zero(size_t a)
{
    return (size_t) 0 - ((~a & (a - 1)) >> (sizeof(size_t) * 8 - 1));
}


/* all ones if a < b, both far below the half of what they can hold */
static size_t
vc_mask_less(size_t a, size_t b)
{
    return (size_t) 0 - ((a - b) >> (sizeof(size_t) * 8 - 1));
}


/*
 * RFC 8017 section 7.2.2 step 3.  Every byte is looked at in the same way; what
 * was found becomes a branch only once, when it is known to the caller anyway.
 */
static bool
vc_pkcs1_open(const uint8_t *padded, size_t len, vc_str_t *message)
{
    size_t i, zero, bad, found, end;

    bad = ~vc_mask_zero(padded[0]) | ~vc_mask_zero((size_t) padded[1] ^ 2);
    found = 0;
    end = 0;

    for (i = 2; i < len; i++) {
        zero = vc_mask_zero(padded[i]);
        end |= i & zero & ~found;
        found |= zero;
    }

    bad |= ~found | vc_mask_less(end, VC_PKCS1_OVERHEAD - 1);

    if (bad != 0) {
        return false;
    }

    *message = (vc_str_t){padded + end + 1, len - end - 1};

    return true;
}


static vc_status_t
vc_rsa_decrypt(EVP_PKEY_CTX *context, const vc_key_use_t *use, size_t size,
    vc_arena_t *arena, vc_key_result_t *out, vc_error_t *err)
{
    size_t   len;
    uint8_t *bytes;

    if (use->value.len != size) {
        return vc_wrong_length("value", use->value.len, use->jwa->name, size,
            err);
    }

    bytes = vc_arena_alloc(arena, size);
    if (bytes == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    len = size;

    if (EVP_PKEY_decrypt(context, bytes, &len, use->value.data, use->value.len)
        != 1)
    {
        return vc_not_decrypted(err);
    }

    if (use->jwa->scheme == VC_JWA_RSA1_5) {
        return vc_pkcs1_open(bytes, len, &out->value) ? VC_OK
                                                      : vc_not_decrypted(err);
    }

    out->value = (vc_str_t){bytes, len};

    return VC_OK;
}


/* how much fits: RFC 8017 sections 7.1.1, 7.2.1, 8.2.1 */
static size_t
vc_rsa_room(const vc_jwa_t *jwa, size_t size)
{
    if (jwa->scheme != VC_JWA_OAEP) {
        return size - VC_PKCS1_OVERHEAD;
    }

    return size - 2 - 2 * ((strcmp(jwa->hash, "SHA1") == 0) ? 20U : 32U);
}


/* OpenSSL does not verify a signature over nothing */
static vc_status_t
vc_rsa_check_room(const vc_key_use_t *use, size_t size, vc_error_t *err)
{
    size_t least, most;

    least = (use->jwa->scheme == VC_JWA_RSA_RAW) ? 1 : 0;
    most = vc_rsa_room(use->jwa, size);

    if (use->jwa->digest != 0
        || (use->value.len >= least && use->value.len <= most))
    {
        return VC_OK;
    }

    return vc_fail(err, VC_BAD_PARAMETER,
        "Invalid length of '%s': %zu bytes. %s with a key of %zu bits takes "
        "%zu to %zu bytes, encoded with base64url.",
        (use->operation == VC_KEY_VERIFY) ? "digest" : "value", use->value.len,
        use->jwa->name, size * 8, least, most);
}


/* encrypts, or signs */
static vc_status_t
vc_rsa_transform(EVP_PKEY_CTX *context, const vc_key_use_t *use, size_t size,
    vc_arena_t *arena, vc_key_result_t *out, vc_error_t *err)
{
    int         rc;
    size_t      len;
    uint8_t    *bytes;
    const char *value;

    bytes = vc_arena_alloc(arena, size);
    if (bytes == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    len = size;
    value = (use->value.len == 0) ? "" : (const char *) use->value.data;

    rc = (use->operation == VC_KEY_SIGN)
             ? EVP_PKEY_sign(context, bytes, &len, (const uint8_t *) value,
                 use->value.len)
             : EVP_PKEY_encrypt(context, bytes, &len, (const uint8_t *) value,
                 use->value.len);

    if (rc != 1) {
        return vc_openssl_failed(err, "computing with an RSA key");
    }

    out->value = (vc_str_t){bytes, len};

    return VC_OK;
}


static vc_status_t
vc_rsa_verify(EVP_PKEY_CTX *context, const vc_key_use_t *use, size_t size,
    vc_key_result_t *out)
{
    out->valid = use->signature.len == size
                 && EVP_PKEY_verify(context, use->signature.data, size,
                        use->value.data, use->value.len)
                        == 1;
    ERR_clear_error();

    return VC_OK;
}


static vc_status_t
vc_rsa_dispatch(EVP_PKEY_CTX *context, const vc_key_use_t *use, size_t size,
    vc_arena_t *arena, vc_key_result_t *out, vc_error_t *err)
{
    switch (use->operation) {
    case VC_KEY_DECRYPT:
    case VC_KEY_UNWRAP:
        return vc_rsa_decrypt(context, use, size, arena, out, err);
    case VC_KEY_VERIFY:
        return vc_rsa_verify(context, use, size, out);
    default:
        return vc_rsa_transform(context, use, size, arena, out, err);
    }
}


vc_status_t
vc_rsa_compute(vc_ready_key_t *key, const vc_key_use_t *use, vc_arena_t *arena,
    vc_key_result_t *out, vc_error_t *err)
{
    size_t        size;
    vc_status_t   status;
    EVP_PKEY_CTX *context;

    size = key->spec.bits / 8;

    if ((use->operation & (VC_KEY_DECRYPT | VC_KEY_UNWRAP)) == 0) {
        status = vc_rsa_check_room(use, size, err);
        if (status != VC_OK) {
            return status;
        }
    }

    status = vc_key_context(key, use, &context, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_rsa_dispatch(context, use, size, arena, out, err);
    EVP_PKEY_CTX_free(context);

    return status;
}
