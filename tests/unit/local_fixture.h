/*
 * A local authority with one principal, which has a client secret and two
 * certificates; what its token endpoint answers, and what that is worth.
 */

#ifndef VC_TESTS_LOCAL_FIXTURE_H
#define VC_TESTS_LOCAL_FIXTURE_H

#include "identity_fixture.h"

#include "identity/local_authority.h"
#include "identity/local_principals.h"
#include "identity/token.h"

#define BASE "https://login.test:8443"
#define RESOURCE "https://vault.test:8443"
#define NOBODY "00000000-0000-0000-0000-000000000001"
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

typedef struct {
    fixture_t            f;
    vc_str_t             audiences[2];
    vc_local_authority_t authority;
    vc_local_principal_t app;
    char                 secret[VC_CLIENT_SECRET_LEN + 1];
    /* of the principal's certificates, the second one expired; and of nobody */
    EVP_PKEY *key, *expired_key, *other_key;
    json_t   *jwk, *expired_jwk, *other_jwk;
} local_fixture_t;

extern local_fixture_t local;

/* for a group of tests */
int local_set_up(void **state);
int local_tear_down(void **state);

/* what the token endpoint has answered */
typedef struct {
    int      http;
    json_t  *json;
    vc_str_t client, result;
} answer_t;

answer_t ask_at(vc_str_t body, int64_t now);
answer_t ask(const char *fmt, ...) VC_PRINTF(1, 2);

/* both release the answer */
void assert_answer(answer_t answer, int http, const char *error, int code,
    const char *text);
/* the access token of a good answer, in the arena */
vc_str_t token_of(answer_t answer);

vc_str_t token_by_secret(void);

/* who trusts the local authority; the caller's to destroy */
vc_authorities_t *make_authorities(void);
/* on a snapshot of its own; as vc_token_verify() */
vc_status_t verify(vc_authorities_t *authorities, vc_str_t token, int64_t now,
    vc_principal_t **out, vc_error_t *err);

#endif /* VC_TESTS_LOCAL_FIXTURE_H */
