/* keys that come wrapped, and keys that leave so */

#include "crypto/rsa_aes_wrap.h"
#include "crypto/software.h"

/* a target's key comes from somebody else's hardware */
#define VC_TARGET_BITS_MAX 8192

static const struct {
    const char *enc;
    const char *hash;
} vc_release_encs[] = {
    {"CKM_RSA_AES_KEY_WRAP", "SHA1"},
    {"RSA_AES_KEY_WRAP_256", "SHA256"},
    {"RSA_AES_KEY_WRAP_384", "SHA384"},
};

#define VC_RELEASE_ENCS (sizeof(vc_release_encs) / sizeof(vc_release_encs[0]))


vc_status_t
vc_software_unwrap_transfer(vc_ready_key_t *key, vc_str_t ciphertext,
    vc_arena_t *arena, vc_str_t *pkcs8, vc_error_t *err)
{
    if (key->spec.kty != VC_KTY_RSA) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "A key for import is wrapped with an RSA key; this is an %s key.",
            vc_kty_name(key->spec.kty));
    }

    return vc_rsa_aes_unwrap(key->pkey, "SHA1", ciphertext, arena, pkcs8, err);
}


static const char *
vc_release_hash(vc_str_t enc)
{
    size_t i;

    for (i = 0; i < VC_RELEASE_ENCS; i++) {
        if (vc_str_eq(enc, vc_str(vc_release_encs[i].enc))) {
            return vc_release_encs[i].hash;
        }
    }

    return NULL;
}


static vc_status_t
vc_release_target(const json_t *target, vc_arena_t *arena, EVP_PKEY **out,
    vc_error_t *err)
{
    unsigned       bits;
    vc_status_t    status;
    vc_key_parts_t parts;

    status = vc_jwk_rsa_public(target, VC_TARGET_BITS_MAX, arena, &parts, err);
    if (status != VC_OK) {
        return status;
    }

    bits = vc_number_bits(parts.rsa[VC_RSA_N]);

    if (bits < VC_RSA_BITS_MIN || bits > VC_TARGET_BITS_MAX) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The RSA key that the release is for has %u bits; it must have "
            "%d to %d.",
            bits, VC_RSA_BITS_MIN, VC_TARGET_BITS_MAX);
    }

    if ((parts.rsa[VC_RSA_N].data[parts.rsa[VC_RSA_N].len - 1] & 1) == 0) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The modulus 'n' of the RSA key that the release is for is even.");
    }

    status = vc_check_exponent(parts.rsa[VC_RSA_E], err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_parts_pkey(&parts, arena, out, err);

    return (status == VC_INVALID) ? vc_fail(err, VC_BAD_PARAMETER,
               "The JSON Web Key that the release is for is no RSA key.")
                                  : status;
}


vc_status_t
vc_software_wrap_release(const vc_key_spec_t *spec, vc_str_t material,
    const json_t *target, vc_str_t enc, vc_arena_t *arena, vc_str_t *out,
    vc_error_t *err)
{
    char        shown[48];
    EVP_PKEY   *pkey;
    const char *hash;
    vc_status_t status;

    (void) spec; /* the material is what is wrapped, whatever the key */

    hash = vc_release_hash(enc);
    if (hash == NULL) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The value '%s' of 'enc' is not supported; supported are "
            "CKM_RSA_AES_KEY_WRAP, RSA_AES_KEY_WRAP_256 and "
            "RSA_AES_KEY_WRAP_384.",
            vc_str_printable(enc, shown, sizeof(shown)));
    }

    status = vc_release_target(target, arena, &pkey, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_rsa_aes_wrap(pkey, hash, material, arena, out, err);
    EVP_PKEY_free(pkey);

    return status;
}
