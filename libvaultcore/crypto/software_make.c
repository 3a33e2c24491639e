/* new keys */

#include "crypto/software.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "crypto/random.h"


/* between two candidates for a prime; 0: no more of them */
static int
vc_generate_goes_on(EVP_PKEY_CTX *context)
{
    bool (**ending)(void) = EVP_PKEY_CTX_get_app_data(context);

    return (*ending == NULL || !(*ending)()) ? 1 : 0;
}


static int
vc_generate_rsa_setup(EVP_PKEY_CTX *context, unsigned bits, BIGNUM *e)
{
    return EVP_PKEY_keygen_init(context) == 1
           && EVP_PKEY_CTX_set_rsa_keygen_bits(context, (int) bits) == 1
           && EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, e) == 1;
}


static EVP_PKEY *
vc_generate_rsa(const vc_key_spec_t *spec, bool (*ending)(void))
{
    BIGNUM       *e;
    uint8_t       bytes[VC_RSA_EXPONENT_BYTES];
    EVP_PKEY     *pkey;
    EVP_PKEY_CTX *context;

    vc_store_be64(bytes, spec->exponent);
    e = BN_bin2bn(bytes, sizeof(bytes), NULL);
    context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    pkey = NULL;

    if (e != NULL && context != NULL
        && vc_generate_rsa_setup(context, spec->bits, e))
    {
        EVP_PKEY_CTX_set_app_data(context, &ending);
        EVP_PKEY_CTX_set_cb(context, vc_generate_goes_on);

        if (EVP_PKEY_generate(context, &pkey) != 1) {
            EVP_PKEY_free(pkey);
            pkey = NULL;
        }
    }

    EVP_PKEY_CTX_free(context);
    BN_free(e);

    return pkey;
}


static vc_status_t
vc_generate_check(const vc_key_spec_t *spec, vc_error_t *err)
{
    uint8_t e[VC_RSA_EXPONENT_BYTES];

    if (spec->kty == VC_KTY_EC) {
        return (vc_curve_group(spec->curve) != NULL)
                   ? VC_OK
                   : vc_fail(err, VC_BAD_PARAMETER, "An EC key needs a curve.");
    }

    if (spec->kty == VC_KTY_OCT) {
        return (spec->bits == 128 || spec->bits == 192 || spec->bits == 256)
                   ? VC_OK
                   : vc_fail(err, VC_BAD_PARAMETER,
                       "An oct key cannot have %u bits; supported are 128, "
                       "192 and 256.",
                       spec->bits);
    }

    if (spec->bits != 2048 && spec->bits != 3072 && spec->bits != 4096) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "An RSA key cannot have %u bits; supported are 2048, 3072 and "
            "4096.",
            spec->bits);
    }

    vc_store_be64(e, spec->exponent);

    return vc_check_exponent(vc_number((vc_str_t){e, sizeof(e)}), err);
}


static vc_status_t
vc_generate_oct(unsigned bits, vc_arena_t *arena, vc_key_parts_t *parts,
    vc_error_t *err)
{
    uint8_t *bytes;

    bytes = vc_arena_alloc(arena, bits / 8);
    if (bytes == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    parts->bytes = (vc_str_t){bytes, bits / 8};

    return (vc_random(bytes, bits / 8) == VC_OK)
               ? VC_OK
               : vc_openssl_failed(err, "random bytes for a key");
}


static vc_status_t
vc_generate_pair(const vc_key_spec_t *spec, bool (*ending)(void),
    vc_arena_t *arena, vc_key_parts_t *parts, vc_error_t *err)
{
    EVP_PKEY   *pkey;
    vc_status_t status;

    pkey = (spec->kty == VC_KTY_RSA) ? vc_generate_rsa(spec, ending)
                                     : EVP_EC_gen(vc_curve_group(spec->curve));

    if (pkey == NULL && ending != NULL && ending()) {
        ERR_clear_error();
        return vc_fail(err, VC_UNAVAILABLE,
            "The service is stopping; no key was made. Try again.");
    }

    if (pkey == NULL) {
        return vc_openssl_failed(err, "making a key");
    }

    status = vc_parts_of_pkey(pkey, arena, parts, err);
    EVP_PKEY_free(pkey);

    return status;
}


vc_status_t
vc_software_generate(const vc_key_spec_t *spec, bool (*ending)(void),
    vc_arena_t *arena, vc_key_made_t *out, vc_error_t *err)
{
    vc_status_t    status;
    vc_key_parts_t parts = {.kty = spec->kty};

    status = vc_generate_check(spec, err);
    if (status != VC_OK) {
        return status;
    }

    parts.curve = (spec->kty == VC_KTY_EC) ? spec->curve : VC_CURVE_NONE;

    status = (spec->kty == VC_KTY_OCT)
                 ? vc_generate_oct(spec->bits, arena, &parts, err)
                 : vc_generate_pair(spec, ending, arena, &parts, err);

    return (status == VC_OK) ? vc_parts_made(&parts, arena, out, err) : status;
}
