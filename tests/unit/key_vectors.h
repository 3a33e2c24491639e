/* one key of a known-answer test, and short calls on what computes with it */

#ifndef VC_TEST_KEY_VECTORS_H
#define VC_TEST_KEY_VECTORS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/bn.h>

#include "crypto/key_provider.h"

#define KV_COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* the members of a JWK, as its publisher wrote them; NULL: none */
typedef struct {
    const char *kty, *crv;
    const char *n, *e, *d, *p, *q, *dp, *dq, *qi;
    const char *x, *y;
    const char *k;
} kv_jwk_t;

typedef struct {
    vc_arena_t     *arena;
    vc_ready_key_t *key;
    vc_key_made_t   made;
    vc_key_result_t result;
    vc_error_t      err;
} kv_t;

int kv_setup(void **state);
int kv_teardown(void **state);

/* imports and opens; the key before it is released, the arena reset */
void kv_open(kv_t *kv, const kv_jwk_t *jwk);
/* an oct key from hexadecimal */
void kv_open_oct(kv_t *kv, const char *hex);
/* a PKCS#8 key from its DER */
void kv_open_pkcs8(kv_t *kv, vc_str_t der);

/* bytes in the arena; the test fails if the text is not of that form */
vc_str_t kv_hex(kv_t *kv, const char *text);
vc_str_t kv_base64url(kv_t *kv, const char *text);
/* a copy in the arena that may be changed, with room bytes of zero behind */
uint8_t *kv_copy(kv_t *kv, vc_str_t bytes, size_t room);
vc_str_t kv_join(kv_t *kv, vc_str_t a, vc_str_t b);
/* the first bytes of s */
vc_str_t kv_head(vc_str_t s, size_t len);
/* a copy with the lowest bit of one byte turned */
vc_str_t kv_flip(kv_t *kv, vc_str_t s, size_t at);
/* a number in so many bytes */
vc_str_t kv_number(kv_t *kv, const BIGNUM *number, size_t len);

/* RSA without padding; with_private: m = c^d, else c = m^e.  The block is as
   long as the modulus, and less. */
vc_str_t kv_rsa_raw(kv_t *kv, bool with_private, vc_str_t block);

vc_str_t kv_digest(kv_t *kv, const char *hash, vc_str_t message);
/* with the hash of an algorithm */
vc_str_t kv_message(kv_t *kv, const char *algorithm, const char *message);

void kv_assert_equal(const char *what, vc_str_t found, vc_str_t expected);

/* what is asked, to be completed and run; the answer is kv->result */
vc_key_use_t kv_use(uint32_t operation, const char *algorithm, vc_str_t value);
vc_status_t  kv_run(kv_t *kv, const vc_key_use_t *use);
/* must be VC_OK; source names the vector */
void kv_runs(kv_t *kv, const vc_key_use_t *use, const char *source);
/* must be refused as a bad parameter, in words, without a result */
void kv_refuses(kv_t *kv, const vc_key_use_t *use, const char *source);

/* the value of a computation that must succeed */
vc_str_t kv_value(kv_t *kv, uint32_t operation, const char *algorithm,
    vc_str_t value);
/* whether a signature is valid; a bad one must be no error */
bool kv_verify(kv_t *kv, const char *algorithm, vc_str_t digest,
    vc_str_t signature);

#endif /* VC_TEST_KEY_VECTORS_H */
