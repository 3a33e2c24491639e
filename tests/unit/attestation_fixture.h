/*
 * Attestation authorities whose keys are known, tokens that they have signed,
 * and what is said of those.
 */

#ifndef VC_TESTS_ATTESTATION_FIXTURE_H
#define VC_TESTS_ATTESTATION_FIXTURE_H

#include "identity_fixture.h"

#include "identity/attestation.h"

#define ISSUER "https://attest.test"
#define RUNTIME(keys) "{\"keys\":[" keys "]}"

typedef struct {
    vc_arena_t       *arena;
    json_t           *rsa, *other, *target, *small;
    vc_authorities_t *authorities;
} attestation_fixture_t;

extern attestation_fixture_t attester;

/* for a group of tests */
int attestation_set_up(void **state);
int attestation_tear_down(void **state);

/* the public part of a key with the members of a JSON text, as text */
const char *key_with(const json_t *key, const char *members);
/* sets a claim to a JSON text */
void set_json(json_t *claims, const char *name, const char *text);

/* good claims with one replaced by JSON text, or removed if that is NULL; the
   caller's to release.  And a token of them, signed well */
json_t  *claims_but(const char *name, const char *text);
vc_str_t token_but(const char *name, const char *text);

/* as vc_attestation_verify() */
vc_status_t verify(vc_str_t token, vc_attestation_t *out, vc_error_t *err);
void assert_refused(vc_str_t token, vc_status_t expected, const char *message);

#endif /* VC_TESTS_ATTESTATION_FIXTURE_H */
