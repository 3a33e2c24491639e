/* exchange keys, and the transfer files that are made for them outside; on top
   of the requests of secret_fixture.h */

#ifndef TESTS_TRANSFER_FIXTURE_H
#define TESTS_TRANSFER_FIXTURE_H

#include "engine_fixture.h"
#include "secret_fixture.h"
#include "wrap_fixture.h"

#define TRANSFER_TARGET "/keys/kek/create"
#define TRANSFER_KEY "{\"kty\":\"RSA\",\"key_ops\":[\"import\"]}"

/* "AAEC…": 32 bytes that are signed */
#define TRANSFER_DIGEST "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define TRANSFER_DIGEST_LEN 32

typedef struct {
    vc_arena_t *arena;
    EVP_PKEY   *rsa; /* keys that are brought */
    EVP_PKEY   *ec;
} transfer_fixture_t;

extern transfer_fixture_t transfers;

/* group setup and teardown */
int transfer_setup(void **state);
int transfer_teardown(void **state);

typedef struct {
    char      kid[256];
    EVP_PKEY *key; /* public; the caller's */
} exchange_t;

/* a new version of kek, and the key of any answer that is a bundle */
exchange_t transfer_exchange(void);
exchange_t transfer_exchange_of(const answer_t *answer);

/* the DER of PKCS#8; all that follows lies in the arena */
vc_str_t transfer_pkcs8(EVP_PKEY *key);
/* a transfer file in base64url */
const char *transfer_file(const char *kid, vc_str_t ciphertext);
/* the body of an import */
const char *transfer_body(const char *kty, const char *file);
/* the same of a good file */
const char *transfer_body_for(const char *kty, const exchange_t *exchange,
    EVP_PKEY *key);

#endif /* TESTS_TRANSFER_FIXTURE_H */
