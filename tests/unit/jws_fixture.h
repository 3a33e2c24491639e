/* keys for every algorithm of crypto/jws.h, and tokens that they sign */

#ifndef VC_TESTS_JWS_FIXTURE_H
#define VC_TESTS_JWS_FIXTURE_H

#include "identity_fixture.h"

typedef struct {
    json_t     *rsa, *rsa_other, *p256, *p384;
    vc_arena_t *arena;
} jws_fixture_t;

typedef struct {
    const char *name;
    uint32_t    bit;
    json_t    **key;
} signing_alg_t;

extern jws_fixture_t       signer;
extern const signing_alg_t algs[8]; /* all there are */

/* for a group of tests */
int jws_set_up(void **state);
int jws_tear_down(void **state);

/* in the arena; names the key "key-1" */
vc_str_t sign(const json_t *jwk, uint32_t alg, const char *claims_text);

#endif /* VC_TESTS_JWS_FIXTURE_H */
