#include "crypto/jwa.h"

#define VC_CIPHERING (VC_KEY_ENCRYPT | VC_KEY_DECRYPT)
#define VC_SIGNING (VC_KEY_SIGN | VC_KEY_VERIFY)
#define VC_WRAPPING (VC_KEY_WRAP | VC_KEY_UNWRAP)

#define RSA_CIPHER(name, scheme, hash)                                         \
    {                                                                          \
        name, scheme, VC_KTY_RSA, VC_CURVE_NONE, 0, hash, 0,                   \
            VC_CIPHERING | VC_WRAPPING                                         \
    }
#define RSA_SIGNATURE(name, scheme, hash, digest)                              \
    {                                                                          \
        name, scheme, VC_KTY_RSA, VC_CURVE_NONE, 0, hash, digest, VC_SIGNING   \
    }
#define ECDSA(name, curve, hash, digest)                                       \
    {                                                                          \
        name, VC_JWA_ECDSA, VC_KTY_EC, curve, 0, hash, digest, VC_SIGNING      \
    }
#define AES(name, scheme, bits, operations)                                    \
    {                                                                          \
        name, scheme, VC_KTY_OCT, VC_CURVE_NONE, bits, NULL, 0, operations     \
    }
#define HMAC(name, hash, digest)                                               \
    {                                                                          \
        name, VC_JWA_HMAC, VC_KTY_OCT, VC_CURVE_NONE, 0, hash, digest,         \
            VC_SIGNING                                                         \
    }

static const vc_jwa_t vc_jwa_table[] = {
    RSA_CIPHER("RSA1_5", VC_JWA_RSA1_5, NULL),
    RSA_CIPHER("RSA-OAEP", VC_JWA_OAEP, "SHA1"),
    RSA_CIPHER("RSA-OAEP-256", VC_JWA_OAEP, "SHA256"),
    RSA_SIGNATURE("RS256", VC_JWA_RSA_SIG, "SHA256", 32),
    RSA_SIGNATURE("RS384", VC_JWA_RSA_SIG, "SHA384", 48),
    RSA_SIGNATURE("RS512", VC_JWA_RSA_SIG, "SHA512", 64),
    RSA_SIGNATURE("PS256", VC_JWA_RSA_PSS, "SHA256", 32),
    RSA_SIGNATURE("PS384", VC_JWA_RSA_PSS, "SHA384", 48),
    RSA_SIGNATURE("PS512", VC_JWA_RSA_PSS, "SHA512", 64),
    RSA_SIGNATURE("RSNULL", VC_JWA_RSA_RAW, NULL, 0),
    ECDSA("ES256", VC_CURVE_P256, "SHA256", 32),
    ECDSA("ES384", VC_CURVE_P384, "SHA384", 48),
    ECDSA("ES512", VC_CURVE_P521, "SHA512", 64),
    ECDSA("ES256K", VC_CURVE_P256K, "SHA256", 32),
    AES("A128GCM", VC_JWA_GCM, 128, VC_CIPHERING),
    AES("A192GCM", VC_JWA_GCM, 192, VC_CIPHERING),
    AES("A256GCM", VC_JWA_GCM, 256, VC_CIPHERING),
    AES("A128CBC", VC_JWA_CBC, 128, VC_CIPHERING),
    AES("A192CBC", VC_JWA_CBC, 192, VC_CIPHERING),
    AES("A256CBC", VC_JWA_CBC, 256, VC_CIPHERING),
    AES("A128CBCPAD", VC_JWA_CBC_PAD, 128, VC_CIPHERING),
    AES("A192CBCPAD", VC_JWA_CBC_PAD, 192, VC_CIPHERING),
    AES("A256CBCPAD", VC_JWA_CBC_PAD, 256, VC_CIPHERING),
    AES("A128KW", VC_JWA_KW, 128, VC_WRAPPING),
    AES("A192KW", VC_JWA_KW, 192, VC_WRAPPING),
    AES("A256KW", VC_JWA_KW, 256, VC_WRAPPING),
    AES("CKM_AES_KEY_WRAP", VC_JWA_KW, 0, VC_WRAPPING),
    AES("CKM_AES_KEY_WRAP_PAD", VC_JWA_KWP, 0, VC_WRAPPING),
    HMAC("HS256", "SHA256", 32),
    HMAC("HS384", "SHA384", 48),
    HMAC("HS512", "SHA512", 64),
};

_Static_assert(sizeof(vc_jwa_table) / sizeof(vc_jwa_table[0]) == VC_JWA_COUNT,
    "VC_JWA_COUNT is the table's length");

static const struct {
    const char *name;
    size_t      size;
} vc_curves[] = {
    [VC_CURVE_NONE] = {NULL, 0},
    [VC_CURVE_P256] = {"P-256", 32},
    [VC_CURVE_P384] = {"P-384", 48},
    [VC_CURVE_P521] = {"P-521", 66},
    [VC_CURVE_P256K] = {"P-256K", 32},
};

#define VC_CURVE_COUNT (sizeof(vc_curves) / sizeof(vc_curves[0]))

/* in the order of the bits */
static const char *const vc_key_op_names[] = {"encrypt", "decrypt", "sign",
    "verify", "wrapKey", "unwrapKey", "import", "export"};

#define VC_KEY_OP_COUNT (sizeof(vc_key_op_names) / sizeof(vc_key_op_names[0]))


const vc_jwa_t *
vc_jwa_find(vc_str_t name)
{
    size_t i;

    for (i = 0; i < VC_JWA_COUNT; i++) {
        if (vc_str_eq(name, vc_str(vc_jwa_table[i].name))) {
            return &vc_jwa_table[i];
        }
    }

    return NULL;
}


const vc_jwa_t *
vc_jwa_at(size_t index)
{
    return (index < VC_JWA_COUNT) ? &vc_jwa_table[index] : NULL;
}


size_t
vc_jwa_index(const vc_jwa_t *jwa)
{
    return (size_t) (jwa - vc_jwa_table);
}


const char *
vc_kty_name(vc_kty_t kty)
{
    switch (kty) {
    case VC_KTY_RSA:
        return "RSA";
    case VC_KTY_EC:
        return "EC";
    default:
        return "oct";
    }
}


const char *
vc_curve_name(vc_curve_t curve)
{
    return ((size_t) curve < VC_CURVE_COUNT) ? vc_curves[curve].name : NULL;
}


vc_curve_t
vc_curve_find(vc_str_t name)
{
    size_t i;

    for (i = VC_CURVE_NONE + 1; i < VC_CURVE_COUNT; i++) {
        if (vc_str_eq(name, vc_str(vc_curves[i].name))) {
            return (vc_curve_t) i;
        }
    }

    return VC_CURVE_NONE;
}


size_t
vc_curve_size(vc_curve_t curve)
{
    return ((size_t) curve < VC_CURVE_COUNT) ? vc_curves[curve].size : 0;
}


const char *
vc_key_op_name(uint32_t operation)
{
    size_t i;

    for (i = 0; i < VC_KEY_OP_COUNT; i++) {
        if (operation == 1U << i) {
            return vc_key_op_names[i];
        }
    }

    return NULL;
}


uint32_t
vc_key_op_find(vc_str_t name)
{
    size_t i;

    for (i = 0; i < VC_KEY_OP_COUNT; i++) {
        if (vc_str_eq(name, vc_str(vc_key_op_names[i]))) {
            return 1U << i;
        }
    }

    return 0;
}


uint32_t
vc_key_ops_of(vc_kty_t kty)
{
    return (kty == VC_KTY_EC) ? VC_SIGNING
                              : VC_CIPHERING | VC_SIGNING | VC_WRAPPING;
}
