/* an attestation authority, an attested environment with its key, and keys
   that are released to it; on top of the requests of secret_fixture.h */

#ifndef TESTS_RELEASE_FIXTURE_H
#define TESTS_RELEASE_FIXTURE_H

#include "engine_fixture.h"
#include "secret_fixture.h"
#include "wrap_fixture.h"

#define RELEASE_ISSUER "https://attest.test"
#define RELEASE_STRICT "https://strict.test"   /* wants RELEASE_AUDIENCE */
#define RELEASE_FETCHED "https://fetched.test" /* its keys cannot be had */
#define RELEASE_AUDIENCE "https://vault.test"

typedef struct {
    vc_arena_t *arena;
    json_t     *signer;   /* the authorities', kid "a1" */
    json_t     *stranger; /* nobody trusts it */
    json_t     *target;   /* the environment's */
    EVP_PKEY   *target_key;
} release_fixture_t;

extern release_fixture_t releases;

/* group setup and teardown; an engine that trusts the issuers above */
int release_setup(void **state);
int release_teardown(void **state);

/* claims that are good now, with one replaced by JSON text, removed (text
   NULL), or as they are (name NULL); the caller's */
json_t *release_claims(const char *name, const char *text);
/* signed by a key; takes over claims; in the arena */
const char *release_token(const json_t *key, const char *kid, json_t *claims);
/* the common case */
const char *release_token_but(const char *name, const char *text);

/* release_policy with these words of an attested claim, as a body's member:
   "release_policy":{…}; immutable: "true" or "false" */
const char *release_policy(const char *issuer, const char *equals,
    const char *immutable);
/* makes an exportable key of RELEASE_ISSUER and x-ms-attestation-type sevsnpvm;
   more: members of the body, as ",…" */
void release_make(const char *name, const char *kty, const char *more);

/* the body of a release; more: ",…" */
const char *release_body(const char *token, const char *more);

/* a released key: the JWS is checked with the local authority's public keys */
typedef struct {
    json_t  *claims; /* of the JWS; the caller's */
    json_t  *file;   /* key_hsm, decoded; the caller's */
    vc_str_t wrapped;
} released_t;

/* of an answer to a release */
released_t release_read(const answer_t *answer);
void       release_clear(released_t *released);

#endif /* TESTS_RELEASE_FIXTURE_H */
