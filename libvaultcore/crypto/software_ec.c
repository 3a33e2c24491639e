/* ECDSA (FIPS 186-5) over a digest, with signatures as RFC 7518 section 3.4
   has them: r and s, each as long as a coordinate */

#include "crypto/software.h"

#include <string.h>

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>

/* the DER of two numbers of 66 bytes */
#define VC_EC_DER_MAX 160


/*
 * The number at *at, which then moves behind it, into size bytes.  What comes
 * from OpenSSL is DER and no secret: it is copied, which the functions for
 * numbers take ten times as long for.
 */
static bool
vc_ec_number(const uint8_t **at, const uint8_t *end, uint8_t *out, size_t size)
{
    int            tag, class;
    long           len;
    const uint8_t *digits;

    if ((ASN1_get_object(at, &len, &tag, &class, end - *at) & 0x80) != 0
        || tag != V_ASN1_INTEGER)
    {
        return false;
    }

    digits = *at;
    *at += len;

    while (digits < *at && *digits == 0) {
        digits++;
    }

    if ((size_t) (*at - digits) > size) {
        return false;
    }

    memset(out, 0, size);
    memcpy(out + size - (*at - digits), digits, (size_t) (*at - digits));

    return true;
}


static vc_status_t
vc_ec_raw(const uint8_t *der, size_t len, size_t size, vc_arena_t *arena,
    vc_str_t *out, vc_error_t *err)
{
    int            tag, class;
    long           inside;
    uint8_t       *raw;
    const uint8_t *end;

    raw = vc_arena_alloc(arena, 2 * size);
    if (raw == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    end = der + len;

    if ((ASN1_get_object(&der, &inside, &tag, &class, (long) len) & 0x80) != 0
        || tag != V_ASN1_SEQUENCE || !vc_ec_number(&der, end, raw, size)
        || !vc_ec_number(&der, end, raw + size, size) || der != end)
    {
        return vc_openssl_failed(err, "reading a signature");
    }

    *out = (vc_str_t){raw, 2 * size};

    return VC_OK;
}


static vc_status_t
vc_ec_sign(EVP_PKEY_CTX *context, const vc_key_use_t *use, size_t size,
    vc_arena_t *arena, vc_key_result_t *out, vc_error_t *err)
{
    size_t  len;
    uint8_t der[VC_EC_DER_MAX];

    len = sizeof(der);

    if (EVP_PKEY_sign(context, der, &len, use->value.data, use->value.len) != 1)
    {
        return vc_openssl_failed(err, "signing with an EC key");
    }

    return vc_ec_raw(der, len, size, arena, &out->value, err);
}


/* the DER of a raw signature into der; 0: out of memory */
static size_t
vc_ec_der(vc_str_t raw, uint8_t *der)
{
    int        len, half;
    BIGNUM    *r, *s;
    uint8_t   *at;
    ECDSA_SIG *signature;

    half = (int) raw.len / 2;
    r = BN_bin2bn(raw.data, half, NULL);
    s = BN_bin2bn(raw.data + half, half, NULL);
    signature = ECDSA_SIG_new();

    if (r == NULL || s == NULL || signature == NULL
        || ECDSA_SIG_set0(signature, r, s) != 1)
    {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(signature);
        return 0;
    }

    at = der;
    len = i2d_ECDSA_SIG(signature, &at);
    ECDSA_SIG_free(signature);

    return (len > 0) ? (size_t) len : 0;
}


static vc_status_t
vc_ec_verify(EVP_PKEY_CTX *context, const vc_key_use_t *use,
    vc_key_result_t *out, vc_error_t *err)
{
    size_t  len;
    uint8_t der[VC_EC_DER_MAX];

    len = vc_ec_der(use->signature, der);
    if (len == 0) {
        return vc_openssl_failed(err, "reading a signature");
    }

    out->valid = EVP_PKEY_verify(context, der, len, use->value.data,
                     use->value.len)
                 == 1;
    ERR_clear_error();

    return VC_OK;
}


vc_status_t
vc_ec_compute(vc_ready_key_t *key, const vc_key_use_t *use, vc_arena_t *arena,
    vc_key_result_t *out, vc_error_t *err)
{
    size_t        size;
    vc_status_t   status;
    EVP_PKEY_CTX *context;

    size = vc_curve_size(key->spec.curve);

    /* of another length: a signature that is not good */
    if (use->operation == VC_KEY_VERIFY && use->signature.len != 2 * size) {
        return VC_OK;
    }

    status = vc_key_context(key, use, &context, err);
    if (status != VC_OK) {
        return status;
    }

    status = (use->operation == VC_KEY_SIGN)
                 ? vc_ec_sign(context, use, size, arena, out, err)
                 : vc_ec_verify(context, use, out, err);
    EVP_PKEY_CTX_free(context);

    return status;
}
