/*
 * The algorithms that vault keys compute with (RFC 7518, RFC 8812; the names
 * are those of the Key Vault REST API), as one table.
 */

#ifndef VC_CRYPTO_JWA_H
#define VC_CRYPTO_JWA_H

#include <stdint.h>

#include "base/bytes.h"

typedef enum { VC_KTY_RSA, VC_KTY_EC, VC_KTY_OCT } vc_kty_t;

typedef enum {
    VC_CURVE_NONE,
    VC_CURVE_P256,
    VC_CURVE_P384,
    VC_CURVE_P521,
    VC_CURVE_P256K
} vc_curve_t;

/* the operations of RFC 7517 section 4.3 and Key Vault's two, as bits */
enum {
    VC_KEY_ENCRYPT = 1U << 0,
    VC_KEY_DECRYPT = 1U << 1,
    VC_KEY_SIGN = 1U << 2,
    VC_KEY_VERIFY = 1U << 3,
    VC_KEY_WRAP = 1U << 4,
    VC_KEY_UNWRAP = 1U << 5,
    VC_KEY_IMPORT = 1U << 6,
    VC_KEY_EXPORT = 1U << 7
};

/* how an algorithm works */
typedef enum {
    VC_JWA_RSA1_5,  /* RFC 8017 section 7.2 */
    VC_JWA_OAEP,    /* RFC 8017 section 7.1, MGF1 with the same hash */
    VC_JWA_RSA_SIG, /* RFC 8017 section 8.2, over a digest */
    VC_JWA_RSA_PSS, /* RFC 8017 section 8.1, salt as long as the hash */
    VC_JWA_RSA_RAW, /* RSNULL: PKCS#1 v1.5 padding without a DigestInfo */
    VC_JWA_ECDSA,   /* raw r‖s */
    VC_JWA_GCM,
    VC_JWA_CBC,     /* whole blocks, no padding */
    VC_JWA_CBC_PAD, /* PKCS#7 padding */
    VC_JWA_KW,      /* RFC 3394 */
    VC_JWA_KWP,     /* RFC 5649 */
    VC_JWA_HMAC
} vc_jwa_scheme_t;

typedef struct {
    const char     *name;
    vc_jwa_scheme_t scheme;
    vc_kty_t        kty;
    vc_curve_t      curve;      /* of ECDSA */
    unsigned        key_bits;   /* of an oct key; 0: any */
    const char     *hash;       /* OpenSSL's name; NULL: none */
    size_t          digest;     /* bytes that are signed; 0: not fixed */
    uint32_t        operations; /* VC_KEY_* that it can be used for */
} vc_jwa_t;

#define VC_JWA_COUNT 31

/* the algorithm of a name, matched exactly; NULL: there is none */
const vc_jwa_t *vc_jwa_find(vc_str_t name);
/* the table in order, NULL behind its end; for messages and tests */
const vc_jwa_t *vc_jwa_at(size_t index);
/* where in the table an algorithm stands; it must be one of the table */
size_t vc_jwa_index(const vc_jwa_t *jwa);

/* "RSA", "EC", "oct" */
const char *vc_kty_name(vc_kty_t kty);
/* "P-256", …; NULL for none */
const char *vc_curve_name(vc_curve_t curve);
/* matched exactly; VC_CURVE_NONE: there is none of that name */
vc_curve_t vc_curve_find(vc_str_t name);
/* bytes of a coordinate and of a private scalar: 32, 48, 66, 32 */
size_t vc_curve_size(vc_curve_t curve);

/* "encrypt", "wrapKey", … of one bit, NULL for none; and the bit of a name,
   matched exactly, 0 for none */
const char *vc_key_op_name(uint32_t operation);
uint32_t    vc_key_op_find(vc_str_t name);
/* all operations that a type can do, but import and export: the default */
uint32_t vc_key_ops_of(vc_kty_t kty);

#endif /* VC_CRYPTO_JWA_H */
