/*
 * What the files of the software provider share: the numbers that a key
 * consists of, their DER, and the algorithms over a ready key.
 *
 *     JWK ─┐                        ┌→ material and public members
 *     DER ─┼→ vc_key_parts_t ───────┤
 *     new ─┘  (checked if foreign)  └→ EVP_PKEY → vc_ready_key_t
 *
 * Numbers pass from one form to another in arenas only, because what OpenSSL's
 * encoders and decoders free is not always wiped.
 */

#ifndef VC_CRYPTO_SOFTWARE_H
#define VC_CRYPTO_SOFTWARE_H

#include <stdatomic.h>

#include <openssl/evp.h>

#include "crypto/key_provider.h"

#define VC_RSA_BITS_MIN 2048
#define VC_RSA_BITS_MAX 4096
#define VC_RSA_EXPONENT_BYTES 8
#define VC_CURVE_BYTES_MAX 66
/* no private key of these kinds is longer in PKCS#8 */
#define VC_PKCS8_MAX 8192

/* the numbers of an RSA key, as RFC 7518 section 6.3 names them */
typedef enum {
    VC_RSA_N,
    VC_RSA_E,
    VC_RSA_D,
    VC_RSA_P,
    VC_RSA_Q,
    VC_RSA_DP,
    VC_RSA_DQ,
    VC_RSA_QI,
    VC_RSA_PARTS
} vc_rsa_part_t;

/* "n", "e", … */
extern const char *const vc_rsa_part_names[VC_RSA_PARTS];

/*
 * A key as its numbers, in network order.  Those of RSA have no leading zeros
 * (so no bytes at all: zero, or not there), those of EC the curve's length.
 */
typedef struct {
    vc_kty_t   kty;
    vc_curve_t curve;
    vc_str_t   rsa[VC_RSA_PARTS];
    vc_str_t   x, y, d;
    vc_str_t   bytes; /* of oct */
} vc_key_parts_t;

struct vc_ready_key {
    atomic_uint   references;
    vc_key_spec_t spec;
    EVP_PKEY     *pkey;  /* RSA, EC */
    uint8_t      *bytes; /* oct: in locked memory */
    /*
     * One context for each algorithm and direction (1: with the private key),
     * made with its first use and copied for each: that costs a fraction of
     * setting one up, and a context that nobody changes can be shared.
     */
    _Atomic(EVP_PKEY_CTX *) contexts[VC_JWA_COUNT][2];
};

/* the one answer to a ciphertext that does not decrypt, whatever the reason:
   each further word would help whoever makes ciphertexts up */
vc_status_t vc_not_decrypted(vc_error_t *err);

/* VC_CRYPTO, with OpenSSL's reason for the operator; empties its queue */
vc_status_t vc_openssl_failed(vc_error_t *err, const char *what);

/* "RSA key of 2048 bits", "EC key on curve P-256", "oct key of 128 bits" */
const char *vc_key_describe(const vc_key_spec_t *spec, char *out, size_t size);


/* --- software_parts.c: numbers ↔ EVP_PKEY, numbers → what is kept --------- */

/* of what is in parts; sizes that have not been checked are fine */
vc_key_spec_t vc_parts_spec(const vc_key_parts_t *parts);
/* the view without leading zeros */
vc_str_t vc_number(vc_str_t bytes);
unsigned vc_number_bits(vc_str_t number);

/*
 * The key of RSA or EC parts; the caller frees it.  It has a private half if
 * d is there.  VC_INVALID: OpenSSL takes the numbers for no key, for example a
 * point that is not on its curve.
 */
vc_status_t vc_parts_pkey(const vc_key_parts_t *parts, vc_arena_t *arena,
    EVP_PKEY **out, vc_error_t *err);
/* the numbers of a private key that was generated; parts->kty and curve say
   of which kind */
vc_status_t vc_parts_of_pkey(EVP_PKEY *pkey, vc_arena_t *arena,
    vc_key_parts_t *parts, vc_error_t *err);
/* x and y from a point in any form of SEC 1 section 2.3.3, or, if it has no
   bytes, from d.  VC_INVALID: no such point. */
vc_status_t vc_parts_point(vc_key_parts_t *parts, vc_str_t point,
    vc_arena_t *arena);
vc_status_t vc_parts_made(const vc_key_parts_t *parts, vc_arena_t *arena,
    vc_key_made_t *out, vc_error_t *err);
/* OpenSSL's name of a curve */
const char *vc_curve_group(vc_curve_t curve);


/* --- software_der.c, software_pkcs8.c: PKCS#8 (RFC 5208, 5915, 8017) ------ */

/* VC_NO_MEMORY */
vc_status_t vc_pkcs8_write(const vc_key_parts_t *parts, vc_arena_t *arena,
    vc_str_t *der);
/*
 * Strict DER; the numbers are not checked.  VC_INVALID, with words for the
 * client: another form, another kind of key, explicit curve parameters.
 * What parts shows lies in der or in the arena.
 */
vc_status_t vc_pkcs8_read(vc_str_t der, vc_arena_t *arena,
    vc_key_parts_t *parts, vc_error_t *err);


/* --- software_jwk.c ------------------------------------------------------- */

/* VC_BAD_PARAMETER unless each private member is there and well formed; the
   numbers are not checked */
vc_status_t vc_jwk_parts(const json_t *jwk, vc_arena_t *arena,
    vc_key_parts_t *parts, vc_error_t *err);
/* n and e of a public RSA key, of bits_max at most; likewise */
vc_status_t vc_jwk_rsa_public(const json_t *jwk, size_t bits_max,
    vc_arena_t *arena, vc_key_parts_t *parts, vc_error_t *err);


/* --- software_check.c ----------------------------------------------------- */

/* VC_BAD_PARAMETER unless e is one that a key can have */
vc_status_t vc_check_exponent(vc_str_t e, vc_error_t *err);
/* VC_BAD_PARAMETER unless the numbers are of a size that is supported and one
   consistent key */
vc_status_t vc_check_parts(const vc_key_parts_t *parts, vc_arena_t *arena,
    vc_error_t *err);


/* --- software_make.c ------------------------------------------------------ */

vc_status_t vc_software_generate(const vc_key_spec_t *spec,
    bool (*ending)(void), vc_arena_t *arena, vc_key_made_t *out,
    vc_error_t *err);


/* --- software_use.c: what may be computed, and the way to it -------------- */

vc_status_t vc_software_compute(vc_ready_key_t *key, const vc_key_use_t *use,
    vc_arena_t *arena, vc_key_result_t *out, vc_error_t *err);
/* VC_BAD_PARAMETER, for a length of bytes that must be another */
vc_status_t vc_wrong_length(const char *member, size_t len, const char *needs,
    size_t bytes, vc_error_t *err);
/* a copy of the key's context for the use; the caller frees it */
vc_status_t vc_key_context(vc_ready_key_t *key, const vc_key_use_t *use,
    EVP_PKEY_CTX **out, vc_error_t *err);


/* --- software_rsa.c, software_ec.c, software_aes.c, software_hmac.c ------- */

/* sets padding and digest of a new context up; 1 on success */
int vc_rsa_prepare(EVP_PKEY_CTX *context, const vc_jwa_t *jwa, bool private);

/* the use has been checked against the key, lengths of value excepted */
typedef vc_status_t vc_compute_pt(vc_ready_key_t *key, const vc_key_use_t *use,
    vc_arena_t *arena, vc_key_result_t *out, vc_error_t *err);

vc_compute_pt vc_rsa_compute;
vc_compute_pt vc_ec_compute;
vc_compute_pt vc_aes_compute;
vc_compute_pt vc_aes_wrap_compute;
vc_compute_pt vc_hmac_compute;

/* fetched once a process; NULL if OpenSSL does not have it */
const EVP_CIPHER *vc_aes_cipher(vc_jwa_scheme_t scheme, unsigned bits);

/* RFC 5649 (padded) or RFC 3394; the length of value has been checked */
vc_status_t vc_aes_wrap(vc_str_t key, bool padded, vc_str_t value,
    vc_arena_t *arena, vc_str_t *out, vc_error_t *err);
/* vc_not_decrypted() for all that is wrong with value */
vc_status_t vc_aes_unwrap(vc_str_t key, bool padded, vc_str_t value,
    vc_arena_t *arena, vc_str_t *out, vc_error_t *err);


/* --- software_transfer.c -------------------------------------------------- */

vc_status_t vc_software_unwrap_transfer(vc_ready_key_t *key,
    vc_str_t ciphertext, vc_arena_t *arena, vc_str_t *pkcs8, vc_error_t *err);
vc_status_t vc_software_wrap_release(const vc_key_spec_t *spec,
    vc_str_t material, const json_t *target, vc_str_t enc, vc_arena_t *arena,
    vc_str_t *out, vc_error_t *err);

#endif /* VC_CRYPTO_SOFTWARE_H */
