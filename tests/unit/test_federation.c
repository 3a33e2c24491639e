/* identity/federation.h: tokens of other issuers in place of a secret */

#include "federation_fixture.h"

#define NOBODY "00000000-0000-0000-0000-000000000001"


static void
test_exchange(void **state)
{
    vc_str_t token;

    (void) state;

    token = assertion(cluster.rsa, "k1", "{}");
    assert_granted(token);
    /* an assertion can be used again */
    assert_granted(token);
    assert_granted(
        assertion(cluster.rsa, "k1", "{\"aud\":\"" VC_TRUST_AUDIENCE "\"}"));
    assert_granted(assertion(cluster.rsa, "k1",
        "{\"sub\":\"another\",\"aud\":\"https://own.test\"}"));
    assert_granted(
        assertion(cluster.rsa, "k1", "{\"iss\":\"https://both.test\"}"));
}


static void
test_wrong_assertions(void **state)
{
    size_t i;

    static const struct {
        const char *changes;
        int         code;
        const char *words;
    } cases[] = {
        {"{\"sub\":\"system:serviceaccount:shop:Checkout\"}", 700213,
            "assertion subject 'system:serviceaccount:shop:Checkout'"},
        {"{\"sub\":null}", 700213, "assertion subject ''"},
        {"{\"sub\":7}", 700213, "assertion subject ''"},
        {"{\"aud\":\"https://own.test\"}", 700212, "audience"},
        {"{\"aud\":\"" VC_TRUST_AUDIENCE "/\"}", 700212, VC_TRUST_AUDIENCE},
        {"{\"aud\":null}", 700212, "audience"},
        {"{\"sub\":\"another\"}", 700212, "audience"},
        {"{\"exp\":1799999940}", 700027, "has expired"},
        {"{\"exp\":null}", 700027, "'exp'"},
        {"{\"nbf\":1800000061}", 700027, "not yet valid"},
        /* issuers without federation, or that nobody knows */
        {"{\"iss\":\"https://access.test\"}", 700027, "federation"},
        {"{\"iss\":\"https://unknown.test\"}", 700027, "federation"},
        {"{\"iss\":null}", 700027, "federation"},
        {"{\"iss\":\"" ISSUER "/\"}", 700027, "federation"},
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        assert_refused(cluster.app.client_id,
            assertion(cluster.rsa, "k1", cases[i].changes), cases[i].code,
            cases[i].words);
    }

    /* a sound token proves nothing for an application that is not there */
    assert_refused(NOBODY, assertion(cluster.rsa, "k1", "{}"), 700016,
        "not found");
    assert_refused(NOBODY, assertion(cluster.other, "k1", "{}"), 700027,
        "signature");
}


static void
test_wrong_signatures(void **state)
{
    (void) state;

    assert_refused(cluster.app.client_id, assertion(cluster.other, "k1", "{}"),
        700027, "signature");
    assert_refused(cluster.app.client_id, assertion(cluster.rsa, "k2", "{}"),
        700027, "'kid'");
    assert_refused(cluster.app.client_id,
        raw_token(cluster.f.arena, "{\"alg\":\"none\",\"kid\":\"k1\"}",
            "{\"iss\":\"" ISSUER "\",\"sub\":\"" SUBJECT "\"}", ""),
        700027, "algorithm");
    assert_refused(cluster.app.client_id,
        raw_token(cluster.f.arena,
            "{\"alg\":\"RS256\",\"kid\":\"k1\",\"jku\":\"https://e\"}",
            "{\"iss\":\"" ISSUER "\",\"sub\":\"" SUBJECT "\"}", "AA"),
        700027, "'jku'");
}


/* the endpoint's caller fetches, once; then the answer says to try again */
static void
test_keys_to_fetch(void **state)
{
    int             http;
    vc_str_t        result, token;
    vc_buf_t        out;
    vc_authority_t *refresh;

    (void) state;

    token = assertion(cluster.rsa, "k1", "{\"iss\":\"https://fetched.test\"}");
    refresh = NULL;
    assert_int_equal(ask(cluster.app.client_id, token, &refresh, &http, &result,
                         &out),
        VC_AGAIN);
    assert_ptr_equal(refresh, vc_authorities_find(cluster.authorities,
                                  VC_STR("https://fetched.test")));

    assert_int_equal(ask(cluster.app.client_id, token, NULL, &http, &result,
                         &out),
        VC_OK);
    assert_int_equal(http, 503);
    assert_non_null(strstr(vc_str_dup(cluster.f.arena, vc_buf_view(&out)),
        "\"temporarily_unavailable\""));
}


/* what is for federation only is no access token, nor named as its issuer */
static void
test_no_access_token(void **state)
{
    size_t          i;
    vc_str_t        token;
    vc_error_t      err;
    vc_principal_t *principal;
    vc_authority_t *refresh;

    static const char *const audiences[] = {RESOURCE, VC_TRUST_AUDIENCE, ""};

    (void) state;

    for (i = 0; i < COUNT(audiences); i++) {
        token = sign_token(cluster.f.arena, cluster.rsa, VC_ALG_RS256, "k1",
            json_pack("{s:s,s:s,s:s,s:I}", "iss", ISSUER, "sub", SUBJECT, "aud",
                audiences[i], "exp", (json_int_t) NOW + 600));
        fixture_begin(&cluster.f);
        assert_int_equal(vc_token_verify(cluster.authorities, cluster.f.session,
                             token, NOW, &principal, &refresh, &err),
            VC_UNAUTHORIZED);
        vc_session_end(cluster.f.session);
        assert_non_null(strstr(err.message, "AKV10032"));
        assert_null(strstr(err.message, "one of " ISSUER));
        assert_non_null(strstr(err.message, "https://both.test"));
    }

    token = sign_token(cluster.f.arena, cluster.rsa, VC_ALG_RS256, "k1",
        json_pack("{s:s,s:s,s:s,s:I}", "iss", "https://both.test", "sub",
            SUBJECT, "aud", RESOURCE, "exp", (json_int_t) NOW + 600));
    fixture_begin(&cluster.f);
    assert_int_equal(vc_token_verify(cluster.authorities, cluster.f.session,
                         token, NOW, &principal, &refresh, &err),
        VC_OK);
    vc_session_end(cluster.f.session);
    vc_principal_release(principal);

    /* nor the one that a challenge sends clients to */
    assert_ptr_equal(vc_authorities_of_tenant(cluster.authorities,
                         VC_STR(TENANT)),
        vc_authorities_find(cluster.authorities, VC_STR("https://both.test")));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exchange),
        cmocka_unit_test(test_wrong_assertions),
        cmocka_unit_test(test_wrong_signatures),
        cmocka_unit_test(test_keys_to_fetch),
        cmocka_unit_test(test_no_access_token),
    };

    return cmocka_run_group_tests(tests, federation_set_up,
        federation_tear_down);
}
