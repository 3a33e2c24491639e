/*
 * A local authority with one principal, "app", that trusts the issuers of a
 * cluster; what the token endpoint says of their assertions.
 */

#ifndef VC_TESTS_FEDERATION_FIXTURE_H
#define VC_TESTS_FEDERATION_FIXTURE_H

#include "identity_fixture.h"

#include "identity/local_authority.h"
#include "identity/local_principals.h"
#include "identity/token.h"

#define RESOURCE "https://vault.test"
#define ISSUER "https://cluster.test"
#define SUBJECT "system:serviceaccount:shop:checkout"

typedef struct {
    fixture_t            f;
    vc_str_t             resources[1];
    vc_authorities_t    *authorities;
    vc_local_authority_t authority;
    vc_local_principal_t app;
    json_t              *rsa, *other;
} federation_fixture_t;

extern federation_fixture_t cluster;

/* for a group of tests */
int federation_set_up(void **state);
int federation_tear_down(void **state);

/* adds one to the principal's trusts; the audience may be NULL */
vc_status_t trust(const char *name, const char *issuer, const char *subject,
    const char *audience);

/* the claims of a good assertion, with changes; null takes one out */
vc_str_t assertion(const json_t *key, const char *kid, const char *changes);

/* as vc_local_authority_token(), on a snapshot of its own */
vc_status_t ask(const char *client_id, vc_str_t token, vc_authority_t **refresh,
    int *http, vc_str_t *result, vc_buf_t *out);
/* with an AADSTS code, and words of its description */
void assert_refused(const char *client_id, vc_str_t token, int code,
    const char *words);
/* a token of the principal, which is accepted */
void assert_granted(vc_str_t assertion_token);

#endif /* VC_TESTS_FEDERATION_FIXTURE_H */
