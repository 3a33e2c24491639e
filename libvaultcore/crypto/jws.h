/*
 * JSON Web Keys and signatures (RFC 7515, 7517, 7518) over libjose.
 *
 * Verification names one algorithm and one key: nothing in a token chooses
 * its own rules.  Header members that point elsewhere (jku, x5u, jwk, x5c as
 * a key source) are never followed, `crit` is refused.
 */

#ifndef VC_CRYPTO_JWS_H
#define VC_CRYPTO_JWS_H

#include <stdint.h>

#include <jansson.h>

#include "base/bytes.h"

/* the algorithms that a token may use, as bits */
enum {
    VC_ALG_RS256 = 1U << 0,
    VC_ALG_RS384 = 1U << 1,
    VC_ALG_RS512 = 1U << 2,
    VC_ALG_PS256 = 1U << 3,
    VC_ALG_PS384 = 1U << 4,
    VC_ALG_PS512 = 1U << 5,
    VC_ALG_ES256 = 1U << 6,
    VC_ALG_ES384 = 1U << 7,
    VC_ALG_ALL = (1U << 8) - 1
};

/* the bit of an algorithm's RFC 7518 name, 0 if it is none of the above */
uint32_t vc_alg_parse(vc_str_t name);
/* NULL if bit is not exactly one of the above */
const char *vc_alg_name(uint32_t bit);
/* whether a public JWK (kty, crv, size) can be used with the algorithm:
   RSA of 2048 bits or more, P-256 with ES256, P-384 with ES384; and neither
   `use` nor `key_ops` nor `alg` of the key forbids it */
bool vc_alg_fits_key(uint32_t bit, const json_t *jwk);

/*
 * A compact JWS taken apart, nothing of it verified yet.  The JSON values
 * belong to the caller: vc_jws_clear().
 */
typedef struct {
    vc_str_t compact; /* as given; the caller keeps the bytes alive */
    json_t  *header;
    json_t  *claims;
    uint32_t alg; /* 0 if it is none of ours ("none", HS256, …) */
    vc_str_t kid; /* into header; .data NULL when absent */
} vc_jws_t;

/*
 * VC_INVALID, with the reason in err, unless it is three base64url parts, the
 * first two JSON objects without repeated members and nested no deeper than
 * 16, at most 16 KiB in all, without `crit` and without `b64`.
 */
vc_status_t vc_jws_parse(vc_arena_t *arena, vc_str_t compact, vc_jws_t *out,
    vc_error_t *err) VC_MUST_CHECK;
void        vc_jws_clear(vc_jws_t *jws);

/* the header member with which a JWS brings its own key or says where to
   fetch it ("jwk", "x5u", "jku", in that order), NULL if there is none */
const char *vc_jws_foreign_key(const vc_jws_t *jws);

/* VC_OK if the signature is good under this key and jws->alg;
   VC_UNAUTHORIZED if not or the key does not fit; VC_NO_MEMORY */
vc_status_t vc_jws_verify(const vc_jws_t *jws, const json_t *jwk) VC_MUST_CHECK;

/* appends the compact form, header {"alg","typ":"JWT","kid"} */
vc_status_t vc_jws_sign(const json_t *private_jwk, uint32_t alg,
    const char *kid, const json_t *claims, vc_buf_t *out) VC_MUST_CHECK;

/* a new RSA key pair as a private JWK; VC_CRYPTO. Slow: off the event loop. */
vc_status_t vc_jwk_generate_rsa(unsigned bits, json_t **out) VC_MUST_CHECK;

/* a copy without the private members, NULL when out of memory */
json_t *vc_jwk_public(const json_t *jwk);

/* RFC 7638 SHA-256 thumbprint, base64url; NULL on failure */
char *vc_jwk_thumbprint(vc_arena_t *arena, const json_t *jwk);

/*
 * The public key of a PEM certificate as a JWK, and the certificate's
 * thumbprints over its DER form, base64url (RFC 7515 sections 4.1.7, 4.1.8).
 */
typedef struct {
    json_t *jwk;          /* the caller's */
    char    x5t[28];      /* SHA-1, NUL-terminated */
    char    x5t_s256[44]; /* SHA-256, NUL-terminated */
    int64_t not_before, not_after;
} vc_certificate_key_t;

vc_status_t vc_certificate_key(vc_str_t pem, vc_certificate_key_t *out,
    vc_error_t *err) VC_MUST_CHECK;

/* appends the compact text of a value; a failure shows in out->failed */
void vc_json_write(const json_t *value, vc_buf_t *out);

/*
 * Makes jansson (for the whole process) wipe what it frees: token claims,
 * request bodies and private JWKs pass through it.  Call it once, before any
 * other use of jansson.
 */
void vc_json_secure_memory(void);

#endif /* VC_CRYPTO_JWS_H */
