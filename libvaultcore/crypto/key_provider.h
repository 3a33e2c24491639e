/*
 * Where keys live and compute.  There is one provider, software: private keys
 * are sealed records, and OpenSSL computes.  A hardware module is another set
 * of these functions; nothing above this header knows the difference.
 */

#ifndef VC_CRYPTO_KEY_PROVIDER_H
#define VC_CRYPTO_KEY_PROVIDER_H

#include <jansson.h>

#include "crypto/jwa.h"

/* what a key is, without its bytes */
typedef struct {
    vc_kty_t   kty;
    vc_curve_t curve;    /* of EC */
    unsigned   bits;     /* of RSA and oct */
    uint64_t   exponent; /* of RSA, odd and at least 3 */
} vc_key_spec_t;

/* a key as it is kept; both lie in the arena of whoever asked for it */
typedef struct {
    vc_key_spec_t spec;
    /* what is sealed: private, and in the provider's own form (software: DER
       of PKCS#8 for RSA and EC, the bytes of an oct key) */
    vc_str_t material;
    /* the public members of its JWK as the inside of a JSON object:
       "n":"…","e":"AQAB", or "crv":"P-256","x":"…","y":"…", or nothing */
    vc_str_t public_members;
} vc_key_made_t;

/* a key made ready for use; any number of threads may use it at a time */
typedef struct vc_ready_key vc_ready_key_t;

/* one computation; the operation is one VC_KEY_* bit */
typedef struct {
    uint32_t        operation;
    const vc_jwa_t *jwa;
    vc_str_t        value;     /* plaintext, ciphertext, or digest */
    vc_str_t        signature; /* of verify */
    vc_str_t        iv;        /* .data NULL: none was given */
    vc_str_t        aad;
    vc_str_t        tag;
} vc_key_use_t;

typedef struct {
    vc_str_t value; /* in the arena */
    vc_str_t iv;    /* GCM, CBC: what was used */
    vc_str_t tag;   /* GCM encrypt */
    bool     valid; /* of verify */
} vc_key_result_t;

/*
 * Errors of all: VC_BAD_PARAMETER with words for the client; VC_CRYPTO with a
 * detail for the operator; VC_NO_MEMORY.  Results lie in the arena.
 */
typedef struct {
    const char *name; /* "software" */
    unsigned    hsm_platform;

    /*
     * VC_BAD_PARAMETER: a size, curve or exponent that it does not make.  Slow
     * for RSA: off the event loop.  Asks ending again and again meanwhile, and
     * gives up with VC_UNAVAILABLE when it is true; NULL: it never is.
     */
    vc_status_t (*generate)(const vc_key_spec_t *spec, bool (*ending)(void),
        vc_arena_t *arena, vc_key_made_t *out, vc_error_t *err);

    /* a JWK with its private members, checked to be one consistent key */
    vc_status_t (*import_jwk)(const json_t *jwk, vc_arena_t *arena,
        vc_key_made_t *out, vc_error_t *err);

    /* the DER of a PKCS#8 PrivateKeyInfo (RFC 5208), checked likewise */
    vc_status_t (*import_pkcs8)(vc_str_t der, vc_arena_t *arena,
        vc_key_made_t *out, vc_error_t *err);

    /*
     * material → ready.  VC_INVALID: it is no material of this provider, or
     * of another key than spec says.  VC_NO_MEMORY also when there is no more
     * locked memory, which each ready oct key takes a block of (secmem.h).
     */
    vc_status_t (*open)(const vc_key_spec_t *spec, vc_str_t material,
        vc_ready_key_t **out, vc_error_t *err);

    /* wipes; when the last reference is given back.  NULL is allowed. */
    void (*release)(vc_ready_key_t *key);
    vc_ready_key_t *(*retain)(vc_ready_key_t *key);

    /* the algorithm is checked against the key, sizes, iv and tag likewise */
    vc_status_t (*compute)(vc_ready_key_t *key, const vc_key_use_t *use,
        vc_arena_t *arena, vc_key_result_t *out, vc_error_t *err);

    /*
     * CKM_RSA_AES_KEY_WRAP backwards (PKCS#11 v2.40 section 2.1.21): the
     * PKCS#8 key of a transfer file that was made for this RSA key, with
     * SHA-1.  One answer for all that can be wrong with the ciphertext.
     */
    vc_status_t (*unwrap_transfer)(vc_ready_key_t *key, vc_str_t ciphertext,
        vc_arena_t *arena, vc_str_t *pkcs8, vc_error_t *err);

    /*
     * The same forwards, for a release: this material (PKCS#8, or the bytes of
     * an oct key) for the public RSA key of a JWK.  enc is
     * CKM_RSA_AES_KEY_WRAP (SHA-1), RSA_AES_KEY_WRAP_256 or
     * RSA_AES_KEY_WRAP_384.
     */
    vc_status_t (*wrap_release)(const vc_key_spec_t *spec, vc_str_t material,
        const json_t *target, vc_str_t enc, vc_arena_t *arena, vc_str_t *out,
        vc_error_t *err);
} vc_key_provider_t;

extern const vc_key_provider_t vc_key_software;

#endif /* VC_CRYPTO_KEY_PROVIDER_H */
