/*
 * Authorities whose keys are known, tokens that they have signed, and what is
 * said of those.
 */

#ifndef VC_TESTS_TOKEN_FIXTURE_H
#define VC_TESTS_TOKEN_FIXTURE_H

#include "identity_fixture.h"

#include "identity/token.h"

#define ISSUER "https://sts.test/" TENANT "/"
#define AUDIENCE "https://vault.test"
#define OBJECT "99999999-0000-1111-2222-333333333333"

typedef struct {
    fixture_t         f;
    json_t           *rsa, *rsa_other, *p256, *p384;
    vc_authorities_t *authorities;
} token_fixture_t;

extern token_fixture_t sts;

/* for a group of tests */
int token_set_up(void **state);
int token_tear_down(void **state);

/* the caller's to release */
json_t *good_claims(void);
/* good claims with one replaced by JSON text, or removed if that is NULL */
json_t *claims_but(const char *name, const char *json);

/* signed well; takes over claims */
vc_str_t rsa_token(json_t *claims);

/* on a snapshot of its own; as vc_token_verify() */
vc_status_t verify(vc_str_t token, int64_t now, vc_principal_t **out,
    vc_error_t *err);
/* that it is, with a message that has these words and not the token */
void assert_refused(vc_str_t token, const char *message);
void assert_accepted(vc_str_t token);

#endif /* VC_TESTS_TOKEN_FIXTURE_H */
