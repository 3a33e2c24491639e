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


/*
 * The numbers of an RSA key for a calculation.  All belong to the context,
 * which clears what it lent: EVP_PKEY_check() frees copies of dq and qi
 * without clearing them, so a key is not examined by it.
 */
typedef struct {
    BN_CTX *context;
    BIGNUM *part[VC_RSA_PARTS];
    BIGNUM *p1; /* p - 1 */
    BIGNUM *q1; /* q - 1 */
    BIGNUM *result;
} vc_rsa_numbers_t;


static bool
vc_rsa_numbers_begin(const vc_key_parts_t *parts, vc_rsa_numbers_t *out)
{
    size_t i;

    out->context = BN_CTX_new();
    if (out->context == NULL) {
        return false;
    }

    BN_CTX_start(out->context);

    for (i = 0; i < VC_RSA_PARTS; i++) {
        out->part[i] = BN_CTX_get(out->context);

        if (out->part[i] == NULL
            || BN_bin2bn(parts->rsa[i].data, (int) parts->rsa[i].len,
                   out->part[i])
                   == NULL)
        {
            return false;
        }
    }

    out->p1 = BN_CTX_get(out->context);
    out->q1 = BN_CTX_get(out->context);
    out->result = BN_CTX_get(out->context);

    /* when one fails, so do those after it */
    return out->result != NULL
           && BN_sub(out->p1, out->part[VC_RSA_P], BN_value_one()) == 1
           && BN_sub(out->q1, out->part[VC_RSA_Q], BN_value_one()) == 1;
}


static void
vc_rsa_numbers_end(vc_rsa_numbers_t *numbers)
{
    if (numbers->context != NULL) {
        BN_CTX_end(numbers->context);
        BN_CTX_free(numbers->context);
    }
}


/* of this and what follows: 1 yes, 0 no, -1 it could not be calculated */
static int
vc_rsa_is_product(const vc_rsa_numbers_t *numbers)
{
    if (BN_mul(numbers->result, numbers->part[VC_RSA_P],
            numbers->part[VC_RSA_Q], numbers->context)
        != 1)
    {
        return -1;
    }

    return BN_cmp(numbers->result, numbers->part[VC_RSA_N]) == 0;
}


/* whether a times b is 1 modulo m */
static int
vc_rsa_is_inverse(const vc_rsa_numbers_t *numbers, const BIGNUM *a,
    const BIGNUM *b, const BIGNUM *m)
{
    if (BN_mod_mul(numbers->result, a, b, m, numbers->context) != 1) {
        return -1;
    }

    return BN_is_one(numbers->result);
}


/* whether a is d modulo m */
static int
vc_rsa_is_reduced(const vc_rsa_numbers_t *numbers, const BIGNUM *a,
    const BIGNUM *m)
{
    if (BN_mod(numbers->result, numbers->part[VC_RSA_D], m, numbers->context)
        != 1) {
        return -1;
    }

    return BN_cmp(numbers->result, a) == 0;
}


/* RFC 8017 section 3.2; the primes last, which take long */
static int
vc_rsa_is_consistent(const vc_rsa_numbers_t *numbers)
{
    int            rc;
    BIGNUM *const *part;

    part = numbers->part;

    if (BN_cmp(part[VC_RSA_QI], part[VC_RSA_P]) >= 0) {
        return 0;
    }

    rc = vc_rsa_is_inverse(numbers, part[VC_RSA_E], part[VC_RSA_D],
        numbers->p1);

    if (rc == 1) {
        rc = vc_rsa_is_inverse(numbers, part[VC_RSA_E], part[VC_RSA_D],
            numbers->q1);
    }

    if (rc == 1) {
        rc = vc_rsa_is_inverse(numbers, part[VC_RSA_QI], part[VC_RSA_Q],
            part[VC_RSA_P]);
    }

    if (rc == 1) {
        rc = vc_rsa_is_reduced(numbers, part[VC_RSA_DP], numbers->p1);
    }

    if (rc == 1) {
        rc = vc_rsa_is_reduced(numbers, part[VC_RSA_DQ], numbers->q1);
    }

    if (rc == 1) {
        rc = BN_check_prime(part[VC_RSA_P], numbers->context, NULL);
    }

    return (rc == 1) ? BN_check_prime(part[VC_RSA_Q], numbers->context, NULL)
                     : rc;
}


static vc_status_t
vc_rsa_examine(const vc_rsa_numbers_t *numbers, vc_error_t *err)
{
    int rc;

    rc = vc_rsa_is_product(numbers);

    if (rc == 0) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The numbers of the RSA key do not belong together: 'n' is not "
            "the product of 'p' and 'q'.");
    }

    if (rc == 1) {
        rc = vc_rsa_is_consistent(numbers);
    }

    if (rc == 0) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The numbers of the RSA key do not belong together: 'p' and 'q' "
            "must be primes, and 'd', 'dp', 'dq' and 'qi' those that follow "
            "from them and 'e'.");
    }

    return (rc == 1) ? VC_OK : vc_openssl_failed(err, "checking an RSA key");
}


static vc_status_t
vc_check_rsa(const vc_key_parts_t *parts, vc_error_t *err)
{
    vc_status_t      status;
    vc_rsa_numbers_t numbers;

    status = vc_check_rsa_sizes(parts, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_rsa_numbers_begin(parts, &numbers)
                 ? vc_rsa_examine(&numbers, err)
                 : vc_fail(err, VC_NO_MEMORY, "out of memory");
    vc_rsa_numbers_end(&numbers);

    return status;
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


/* OpenSSL's own examination: the scalar's range, and that the point is its */
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

    if (rc != 1) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The private number 'd' of the EC key is zero, or not below the "
            "order of the curve %s, or the point ('x', 'y') does not belong "
            "to it.",
            vc_curve_name(parts->curve));
    }

    return VC_OK;
}


static vc_status_t
vc_check_ec(const vc_key_parts_t *parts, vc_arena_t *arena, vc_error_t *err)
{
    EVP_PKEY   *pkey;
    vc_status_t status;

    status = vc_parts_pkey(parts, arena, &pkey, err);

    if (status == VC_INVALID) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "('x', 'y') of the EC key is no point of the curve %s, or 'd' is "
            "no number that is used with it.",
            vc_curve_name(parts->curve));
    }

    if (status != VC_OK) {
        return status;
    }

    status = vc_check_pkey(parts, pkey, err);
    EVP_PKEY_free(pkey);

    return status;
}


vc_status_t
vc_check_parts(const vc_key_parts_t *parts, vc_arena_t *arena, vc_error_t *err)
{
    switch (parts->kty) {
    case VC_KTY_RSA:
        return vc_check_rsa(parts, err);
    case VC_KTY_EC:
        return vc_check_ec(parts, arena, err);
    default:
        return vc_check_oct(parts, err);
    }
}
