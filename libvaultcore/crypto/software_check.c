/* whether the numbers that somebody brought are a key */

#include "crypto/software.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>


static bool
vc_is_odd(vc_str_t number)
{
    return number.len != 0 && (number.data[number.len - 1] & 1) != 0;
}


vc_status_t
vc_check_exponent(vc_str_t e, vc_error_t *err)
{
    if (e.len > VC_RSA_EXPONENT_BYTES) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The public exponent 'e' of the RSA key has more than 64 bits.");
    }

    if (!vc_is_odd(e) || (e.len == 1 && e.data[0] == 1)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The public exponent 'e' of the RSA key must be odd and at least "
            "3.");
    }

    return VC_OK;
}


/* what each number has by itself; before anything that takes time */
static vc_status_t
vc_check_rsa_sizes(const vc_key_parts_t *parts, vc_error_t *err)
{
    size_t   i;
    unsigned bits;

    for (i = 0; i < VC_RSA_PARTS; i++) {
        if (parts->rsa[i].len == 0) {
            return vc_fail(err, VC_BAD_PARAMETER,
                "The number '%s' of the RSA key is zero.",
                vc_rsa_part_names[i]);
        }
    }

    bits = vc_number_bits(parts->rsa[VC_RSA_N]);

    if (bits != 2048 && bits != 3072 && bits != 4096) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The RSA key has %u bits; supported are 2048, 3072 and 4096.",
            bits);
    }

    if (!vc_is_odd(parts->rsa[VC_RSA_N])) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The modulus 'n' of the RSA key is even.");
    }

    for (i = VC_RSA_P; i <= VC_RSA_Q; i++) {
        if (vc_number_bits(parts->rsa[i]) != bits / 2
            || !vc_is_odd(parts->rsa[i])) {
            return vc_fail(err, VC_BAD_PARAMETER,
                "The prime '%s' of the RSA key must be odd and have %u bits, "
                "half as many as 'n'.",
                vc_rsa_part_names[i], bits / 2);
        }
    }

    for (i = VC_RSA_D; i < VC_RSA_PARTS; i++) {
        if (parts->rsa[i].len > bits / ((i == VC_RSA_D) ? 8 : 16)) {
            return vc_fail(err, VC_BAD_PARAMETER,
                "The number '%s' of the RSA key is too large for this key.",
                vc_rsa_part_names[i]);
        }
    }

    return vc_check_exponent(parts->rsa[VC_RSA_E], err);
}


/* cheap, and tells most keys that are none from those that may be */
static vc_status_t
vc_check_rsa_product(const vc_key_parts_t *parts, vc_error_t *err)
{
    int         differs;
    BIGNUM     *n, *p, *q, *product;
    BN_CTX     *context;
    vc_status_t status;

    context = BN_CTX_new();
    n = BN_bin2bn(parts->rsa[VC_RSA_N].data, (int) parts->rsa[VC_RSA_N].len,
        NULL);
    p = BN_bin2bn(parts->rsa[VC_RSA_P].data, (int) parts->rsa[VC_RSA_P].len,
        NULL);
    q = BN_bin2bn(parts->rsa[VC_RSA_Q].data, (int) parts->rsa[VC_RSA_Q].len,
        NULL);
    product = BN_new();

    if (context == NULL || n == NULL || p == NULL || q == NULL
        || product == NULL || BN_mul(product, p, q, context) != 1)
    {
        status = vc_fail(err, VC_NO_MEMORY, "out of memory");

    } else {
        differs = BN_cmp(product, n);
        status = (differs == 0)
                     ? VC_OK
                     : vc_fail(err, VC_BAD_PARAMETER,
                         "The numbers of the RSA key do not belong together: "
                         "'n' is not the product of 'p' and 'q'.");
    }

    BN_clear_free(product);
    BN_clear_free(q);
    BN_clear_free(p);
    BN_free(n);
    BN_CTX_free(context);

    return status;
}


static vc_status_t
vc_check_rsa(const vc_key_parts_t *parts, vc_error_t *err)
{
    vc_status_t status;

    status = vc_check_rsa_sizes(parts, err);

    return (status == VC_OK) ? vc_check_rsa_product(parts, err) : status;
}


static vc_status_t
vc_check_oct(const vc_key_parts_t *parts, vc_error_t *err)
{
    size_t len;

    len = parts->bytes.len;

    if (len != 16 && len != 24 && len != 32) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The member 'k' of the JSON Web Key has %zu bytes; supported are "
            "16, 24 and 32.",
            len);
    }

    return VC_OK;
}


static vc_status_t
vc_inconsistent(const vc_key_parts_t *parts, vc_error_t *err)
{
    if (parts->kty == VC_KTY_EC) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The private number 'd' of the EC key is zero, or not below the "
            "order of the curve %s, or the point ('x', 'y') does not belong "
            "to it.",
            vc_curve_name(parts->curve));
    }

    return vc_fail(err, VC_BAD_PARAMETER,
        "The numbers of the RSA key do not belong together: 'p' and 'q' must "
        "be primes, and 'd', 'dp', 'dq' and 'qi' those that follow from them "
        "and 'e'.");
}


/* OpenSSL's own examination: primes, pairs, ranges */
static vc_status_t
vc_check_pkey(const vc_key_parts_t *parts, EVP_PKEY *pkey, vc_error_t *err)
{
    int           rc;
    EVP_PKEY_CTX *context;

    context = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    if (context == NULL) {
        return vc_openssl_failed(err, "preparing to check a key");
    }

    rc = EVP_PKEY_check(context);
    EVP_PKEY_CTX_free(context);
    ERR_clear_error();

    return (rc == 1) ? VC_OK : vc_inconsistent(parts, err);
}


static vc_status_t
vc_no_key(const vc_key_parts_t *parts, vc_error_t *err)
{
    if (parts->kty == VC_KTY_EC) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "('x', 'y') of the EC key is no point of the curve %s, or 'd' is "
            "no number that is used with it.",
            vc_curve_name(parts->curve));
    }

    return vc_inconsistent(parts, err);
}


vc_status_t
vc_check_parts(const vc_key_parts_t *parts, vc_arena_t *arena, vc_error_t *err)
{
    EVP_PKEY   *pkey;
    vc_status_t status;

    if (parts->kty == VC_KTY_OCT) {
        return vc_check_oct(parts, err);
    }

    if (parts->kty == VC_KTY_RSA) {
        status = vc_check_rsa(parts, err);
        if (status != VC_OK) {
            return status;
        }
    }

    status = vc_parts_pkey(parts, arena, &pkey, err);
    if (status != VC_OK) {
        return (status == VC_INVALID) ? vc_no_key(parts, err) : status;
    }

    status = vc_check_pkey(parts, pkey, err);
    EVP_PKEY_free(pkey);

    return status;
}
