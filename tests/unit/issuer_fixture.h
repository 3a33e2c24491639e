/*
 * An issuer with a tiny HTTP server for its keys, which can fail in many ways,
 * and authorities that trust it.
 */

#ifndef VC_TESTS_ISSUER_FIXTURE_H
#define VC_TESTS_ISSUER_FIXTURE_H

#include "identity_fixture.h"

#include <stdatomic.h>

#include "identity/authority.h"

/* what the server does with a request */
typedef enum {
    SERVE_KEYS,
    SERVE_SLOWLY,
    SERVE_GARBAGE,
    SERVE_ERROR,
    SERVE_REDIRECT,
    SERVE_HUGE,
    SERVE_ENDLESS,
    SERVE_NOTHING,
    SERVE_SILENCE
} serve_t;

typedef struct {
    fixture_t   f;
    json_t     *rsa, *rsa_next, *p256;
    vc_str_t    audiences[2];
    int         port;
    _Atomic int serving; /* serve_t */
    _Atomic int requests;
} issuer_fixture_t;

extern issuer_fixture_t issuer;

/* for a group of tests */
int issuer_set_up(void **state);
int issuer_tear_down(void **state);

/* a JWKS of one public key; the caller's to free */
char *keys_document(const json_t *jwk, const char *kid);
/* from now on the server answers with this key */
void serve_keys(const json_t *jwk, const char *kid);

/* an authority whose keys the server has, and one whose only key is "k1" */
vc_authority_options_t url_options(void);
vc_authority_options_t file_options(const json_t *jwk);
vc_authorities_t      *authorities_with(const vc_authority_options_t *options,
         int64_t                                                      floor);

/* what vc_authority_key() says of a key at a moment */
void assert_key(vc_authority_t *authority, const char *kid, int64_t now,
    vc_status_t expected);

#endif /* VC_TESTS_ISSUER_FIXTURE_H */
