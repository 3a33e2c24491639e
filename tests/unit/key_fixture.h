/* keys for tests: one of each kind, made once a process */

#ifndef TESTS_KEY_FIXTURE_H
#define TESTS_KEY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <openssl/evp.h>

#include "crypto/key_provider.h"

/* kinds: RSA of 2048 bits, the curves, oct of 128, 192, 256 bits */
#define KEY_KINDS 8
#define KEY_RSA 0
#define KEY_P256 1
#define KEY_P384 2
#define KEY_P521 3
#define KEY_P256K 4
#define KEY_OCT128 5
#define KEY_OCT192 6
#define KEY_OCT256 7

extern const vc_key_spec_t key_specs[KEY_KINDS];

/* group setup and teardown */
int key_fixture_open(void **state);
int key_fixture_close(void **state);

/* where what tests make lies; emptied by key_setup() before each test */
vc_arena_t *key_arena(void);
int         key_setup(void **state);

const vc_key_made_t *key_made(size_t kind);
vc_ready_key_t      *key_ready(size_t kind);

/* asserts that it is made; in the arena */
vc_key_made_t key_make(const vc_key_spec_t *spec);
/* a JWK with all private members; the caller's */
json_t *key_jwk(const vc_key_made_t *made);
/* a string of base64url; the caller's */
json_t *key_base64url(vc_str_t bytes);
/* sets a member to the base64url of bytes */
void key_set(json_t *jwk, const char *name, vc_str_t bytes);
/* the bytes of a base64url member */
vc_str_t key_member(const json_t *jwk, const char *name);
/* the DER of PKCS#8, as OpenSSL writes it; frees pkey */
vc_str_t key_pkcs8(EVP_PKEY *pkey);

vc_status_t key_import(const json_t *jwk, vc_key_made_t *made, vc_error_t *err);
/* one that is refused with these words, and with no value of the member in
   them; frees jwk */
void key_import_refused(json_t *jwk, const char *member, const char *words);

/* one computation, asserted to be well */
vc_key_result_t key_compute(size_t kind, const char *alg, uint32_t operation,
    vc_key_use_t use);
/* one that is refused: the message */
const char *key_refused(size_t kind, const char *alg, uint32_t operation,
    vc_key_use_t use);

#endif /* TESTS_KEY_FIXTURE_H */
