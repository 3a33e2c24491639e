/* identity/attestation.h: whose word counts */

#include "attestation_fixture.h"

#include <jose/jws.h>


/* good claims, signed well under the header of that JSON text */
static vc_str_t
token_with_header(const char *header)
{
    char    *claims;
    json_t  *value, *jws, *signature;
    vc_buf_t token;
    const char *protected;

    value = claims_but(NULL, NULL);
    claims = json_dumps(value, 0);
    json_decref(value);

    vc_buf_init(&token, attester.arena, 1024);
    vc_base64url_encode(&token, vc_str(claims));
    free(claims);

    jws = json_pack("{s:s%}", "payload", token.data, token.len);
    signature = json_object();
    set_json(signature, "protected", header);
    assert_true(jose_jws_sig(NULL, jws, signature, attester.rsa));
    json_decref(signature);

    protected = json_string_value(json_object_get(jws, "protected"));
    token.len = 0;
    vc_buf_printf(&token, "%s.%s.%s", protected,
        json_string_value(json_object_get(jws, "payload")),
        json_string_value(json_object_get(jws, "signature")));
    json_decref(jws);

    return vc_buf_view(&token);
}


static void
assert_accepted(vc_str_t token)
{
    vc_error_t       err;
    vc_attestation_t attestation;

    if (verify(token, &attestation, &err) != VC_OK) {
        fail_msg("%s", err.message);
    }

    vc_attestation_clear(&attestation);
    assert_null(attestation.claims);
    vc_attestation_clear(&attestation);
}


static void
test_misuse(void **state)
{
    size_t            i;
    vc_str_t          token;
    vc_error_t        err;
    vc_authority_t   *refresh;
    vc_attestation_t  attestation;
    vc_authorities_t *nobody;

    static const char *const malformed[] = {"", "hello", "a.b", "..",
        "eyJhbGciOiJSUzI1NiJ9.e30", "eyJhbGciOiJSUzI1NiJ9.W10.AAAA"};

    (void) state;

    for (i = 0; i < COUNT(malformed); i++) {
        assert_refused(vc_str(malformed[i]), VC_BAD_PARAMETER, "malformed");
    }

    token = token_but(NULL, NULL);
    assert_accepted(token);
    assert_refused((vc_str_t){token.data, token.len / 2}, VC_BAD_PARAMETER,
        "malformed");

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &nobody), VC_OK);
    assert_int_equal(vc_attestation_verify(nobody, token, NOW, &attestation,
                         &refresh, &err),
        VC_ACCESS_DENIED);
    assert_non_null(strstr(err.message, "trusts no attestation authority"));
    assert_int_equal(vc_attestation_verify(nobody, token, NOW, &attestation,
                         &refresh, NULL),
        VC_ACCESS_DENIED);
    vc_authorities_destroy(nobody);
}


static void
test_headers(void **state)
{
    static const struct {
        const char *header;
        const char *message; /* NULL: accepted */
    } cases[] = {
        {"{\"alg\":\"RS256\",\"kid\":\"k1\"}", NULL},
        {"{\"alg\":\"PS256\",\"kid\":\"k1\"}", NULL},
        /* looked for nowhere: nobody listens there */
        {"{\"alg\":\"RS256\",\"kid\":\"k1\",\"jku\":\"http://127.0.0.1:1/\"}",
            NULL},
        {"{\"alg\":\"RS256\",\"kid\":\"k1\",\"x5u\":\"https://e\"}", "'x5u'"},
        {"{\"alg\":\"RS256\",\"kid\":\"k1\",\"jku\":\"https://e\","
         "\"x5u\":\"https://e\"}",
            "'x5u'"},
        {"{\"alg\":\"RS256\",\"kid\":\"k1\",\"jwk\":{}}", "'jwk'"},
        {"{\"alg\":\"RS512\",\"kid\":\"k1\"}", "AKV10042"},
        {"{\"alg\":\"RS256\"}", "AKV10044"},
        {"{\"alg\":\"RS256\",\"kid\":\"\"}", "AKV10044"},
        {"{\"alg\":\"RS256\",\"kid\":\"k2\"}", "AKV10046"},
    };

    size_t i;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        if (cases[i].message == NULL) {
            assert_accepted(token_with_header(cases[i].header));
            continue;
        }

        assert_refused(token_with_header(cases[i].header), VC_ACCESS_DENIED,
            cases[i].message);
    }

    /* these parts are no token of ours at all */
    assert_refused(token_with_header(
                       "{\"alg\":\"RS256\",\"kid\":\"k1\",\"crit\":[\"x\"]}"),
        VC_BAD_PARAMETER, "'crit'");
}


static void
test_forged(void **state)
{
    char    *claims;
    json_t  *value;
    uint8_t *altered;
    vc_str_t token;

    (void) state;

    assert_refused(sign_token(attester.arena, attester.other, VC_ALG_RS256,
                       "k1", claims_but(NULL, NULL)),
        VC_ACCESS_DENIED, "AKV10047");

    token = token_but(NULL, NULL);
    altered = (uint8_t *) vc_str_dup(attester.arena, token);
    altered[token.len - 3] = (altered[token.len - 3] == 'A') ? 'B' : 'A';
    assert_refused((vc_str_t){altered, token.len}, VC_ACCESS_DENIED,
        "AKV10047");

    /* signed by nobody */
    value = claims_but(NULL, NULL);
    claims = json_dumps(value, 0);
    json_decref(value);
    assert_refused(raw_token(attester.arena, "{\"alg\":\"none\"}", claims, ""),
        VC_ACCESS_DENIED, "AKV10042");
    assert_refused(raw_token(attester.arena,
                       "{\"alg\":\"none\",\"kid\":\"k1\"}", claims, ""),
        VC_ACCESS_DENIED, "AKV10042");
    assert_refused(raw_token(attester.arena,
                       "{\"alg\":\"HS256\",\"kid\":\"k1\"}", claims, "AAAA"),
        VC_ACCESS_DENIED, "AKV10042");
    assert_refused(raw_token(attester.arena,
                       "{\"alg\":\"RS256\",\"kid\":\"k1\"}", claims, ""),
        VC_ACCESS_DENIED, "AKV10047");
    free(claims);
}


static void
test_claims(void **state)
{
    static const struct {
        const char *name;
        const char *json;    /* NULL: without it */
        const char *message; /* NULL: accepted */
    } cases[] = {
        {"iss", NULL, "AKV10032: Invalid issuer. Expected one of " ISSUER},
        {"iss", "\"https://evil.test\"", ", found https://evil.test."},
        {"iss", "\"" ISSUER "/\"", "AKV10032"},
        {"iss", "[\"" ISSUER "\"]", "AKV10032"}, {"exp", NULL, "AKV10003"},
        {"exp", "\"1800003600\"", "AKV10003"},
        {"exp", "1799999941", NULL}, /* within the leeway */
        {"exp", "1799999940", "AKV10004: The token has expired"},
        {"nbf", NULL, NULL}, {"nbf", "1800000060", NULL},
        {"nbf", "1800000061", "AKV10005"}, {"iat", "1800086400", "AKV10005"},
        {"aud", "\"https://anybody.test\"", NULL}, /* none is asked for */
        {"tid", "\"another tenant\"", NULL},       /* of a principal only */
    };

    size_t i;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        if (cases[i].message == NULL) {
            assert_accepted(token_but(cases[i].name, cases[i].json));
            continue;
        }

        assert_refused(token_but(cases[i].name, cases[i].json),
            VC_ACCESS_DENIED, cases[i].message);
    }
}


static vc_str_t
strict_token(const char *audience)
{
    json_t *claims;

    claims = claims_but("iss", "\"https://strict.test\"");

    if (audience != NULL) {
        set_json(claims, "aud", audience);
    }

    return sign_token(attester.arena, attester.rsa, VC_ALG_RS256, "k1", claims);
}


static void
test_audience(void **state)
{
    (void) state;

    assert_refused(strict_token(NULL), VC_ACCESS_DENIED, "AKV10022");
    assert_refused(strict_token("\"https://other.test\""), VC_ACCESS_DENIED,
        "AKV10022: Invalid audience. Expected https://vault.test, found: "
        "https://other.test.");
    assert_accepted(strict_token("\"https://vault.test/\""));
    assert_accepted(
        strict_token("[\"https://other.test\",\"https://vault.test\"]"));
}


/* the keys have to be fetched first */
static void
test_again(void **state)
{
    vc_error_t       err;
    vc_attestation_t attestation;

    (void) state;

    assert_int_equal(verify(token_but("iss", "\"https://fetched.test\""),
                         &attestation, &err),
        VC_AGAIN);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_forged),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_audience),
        cmocka_unit_test(test_again),
    };

    return cmocka_run_group_tests(tests, attestation_set_up,
        attestation_tear_down);
}
