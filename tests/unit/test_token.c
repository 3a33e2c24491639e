/* identity/token.h: headers, keys and signatures, and their refusals */

#include "token_fixture.h"

#include "crypto/digest.h"


static void
test_header(void **state)
{
    size_t     i;
    vc_str_t   token;
    vc_error_t err;

    static const char *const missing[] = {"", "Bearer", "Bearer ", "Bearer   ",
        "Basic YTpi", "Bearertoken", "bearer a b", "PoP abc", " Bearer a"};
    static const char *const odd[] = {"Bearer a\tb", "Bearer \x01",
        "Bearer a\x80"};
    static const char *const good[] = {"Bearer abc.def", "bearer abc.def",
        "BEARER  abc.def", "Bearer abc.def "};

    (void) state;

    assert_int_equal(vc_token_from_header(VC_STR_NULL, &token, &err),
        VC_UNAUTHORIZED);

    for (i = 0; i < COUNT(missing); i++) {
        assert_int_equal(vc_token_from_header(vc_str(missing[i]), &token, &err),
            VC_UNAUTHORIZED);
        assert_string_equal(err.message,
            "AKV10000: Request is missing a Bearer or PoP token.");
        assert_int_equal(token.len, 0);
    }

    /* what cannot stand in a token is refused as a token */
    for (i = 0; i < COUNT(odd); i++) {
        assert_int_equal(vc_token_from_header(vc_str(odd[i]), &token, &err),
            VC_OK);
        assert_refused(token, "");
    }

    for (i = 0; i < COUNT(good); i++) {
        assert_int_equal(vc_token_from_header(vc_str(good[i]), &token, &err),
            VC_OK);
        assert_true(vc_str_eq(token, VC_STR("abc.def")));
    }
}


static void
test_every_algorithm(void **state)
{
    size_t i;

    struct {
        uint32_t    alg;
        const char *kid;
        json_t     *key;
    } cases[] = {
        {VC_ALG_RS256, "rsa", sts.rsa},
        {VC_ALG_RS384, "rsa", sts.rsa},
        {VC_ALG_RS512, "rsa", sts.rsa},
        {VC_ALG_PS256, "rsa", sts.rsa},
        {VC_ALG_PS384, "rsa", sts.rsa},
        {VC_ALG_PS512, "rsa", sts.rsa},
        {VC_ALG_ES256, "ec256", sts.p256},
        {VC_ALG_ES384, "ec384", sts.p384},
        {VC_ALG_RS256, "rs256-only", sts.rsa},
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        assert_accepted(sign_token(sts.f.arena, cases[i].key, cases[i].alg,
            cases[i].kid, good_claims()));
    }
}


static void
test_keys_and_algorithms_must_match(void **state)
{
    (void) state;

    /* signed by another key of that name */
    assert_refused(sign_token(sts.f.arena, sts.rsa_other, VC_ALG_RS256, "rsa",
                       good_claims()),
        "AKV10047");
    /* signed well, but naming a key of another kind */
    assert_refused(sign_token(sts.f.arena, sts.rsa, VC_ALG_RS256, "ec256",
                       good_claims()),
        "AKV10047");
    assert_refused(sign_token(sts.f.arena, sts.p256, VC_ALG_ES256, "ec384",
                       good_claims()),
        "AKV10047");
    assert_refused(sign_token(sts.f.arena, sts.p384, VC_ALG_ES384, "ec256",
                       good_claims()),
        "AKV10047");
    /* the key is for RS256 alone */
    assert_refused(sign_token(sts.f.arena, sts.rsa, VC_ALG_PS256, "rs256-only",
                       good_claims()),
        "AKV10047");
    /* so is the authority */
    assert_refused(sign_token(sts.f.arena, sts.rsa, VC_ALG_PS256, "rsa",
                       claims_but("iss", "\"https://narrow.test\"")),
        "AKV10042: Invalid signature algorithm. Expected one of RS256, found "
        "PS256.");
    assert_accepted(sign_token(sts.f.arena, sts.rsa, VC_ALG_RS256, "rsa",
        claims_but("iss", "\"https://narrow.test\"")));

    assert_refused(sign_token(sts.f.arena, sts.rsa, VC_ALG_RS256, "unknown",
                       good_claims()),
        "AKV10046: Unable to resolve the key used for signature validation.");
    assert_refused(sign_token(sts.f.arena, sts.rsa, VC_ALG_RS256, "RSA",
                       good_claims()),
        "AKV10046");
    assert_refused(sign_token(sts.f.arena, sts.rsa, VC_ALG_RS256, "",
                       good_claims()),
        "AKV10044");
}


static void
test_malformed(void **state)
{
    char    *claims;
    size_t   i;
    uint8_t *big;
    vc_str_t token;
    json_t  *value;

    static const struct {
        const char *header;
        const char *message;
    } headers[] = {
        {"{\"alg\":\"none\"}", "AKV10042"},
        {"{\"alg\":\"None\",\"kid\":\"rsa\"}", "AKV10042"},
        {"{\"alg\":\"HS256\",\"kid\":\"rsa\"}", "AKV10042"},
        {"{\"alg\":\"\\r\\n\",\"kid\":\"rsa\"}", "found ??."},
        {"{\"alg\":\"RS256\"}", "AKV10044"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"jku\":\"https://e\"}", "'jku'"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"x5u\":\"https://e\"}", "'x5u'"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"jwk\":{}}", "'jwk'"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"jku\":\"\",\"jwk\":{}}",
            "'jwk'"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"crit\":[\"b64\"]}", "'crit'"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"b64\":false}", "'b64'"},
        {"{\"alg\":\"RS256\",\"kid\":7}", "AKV10001"},
        {"{}", "AKV10001"},
        {"x", "AKV10001"},
    };

    (void) state;

    value = good_claims();
    claims = json_dumps(value, 0);
    json_decref(value);

    for (i = 0; i < COUNT(headers); i++) {
        assert_refused(raw_token(sts.f.arena, headers[i].header, claims, ""),
            headers[i].message);
        assert_refused(raw_token(sts.f.arena, headers[i].header, claims,
                           "AAAA"),
            headers[i].message);
    }

    free(claims);

    assert_refused(VC_STR_NULL, "AKV10001");
    assert_refused(VC_STR("hello"), "AKV10001");

    big = vc_arena_alloc(sts.f.arena, 65536);
    memset(big, 'A', 65536);
    assert_refused((vc_str_t){big, 65536}, "16384");

    token = rsa_token(good_claims());
    assert_accepted(token);

    for (i = 1; i < token.len; i += 13) {
        assert_refused((vc_str_t){token.data, token.len - i}, "AKV100");
    }
}


/* the public key, which everybody has, as the secret of an HMAC */
static void
test_hmac_with_public_key(void **state)
{
    char    *claims;
    uint8_t  key[32], mac[VC_SHA256_LEN];
    json_t  *value;
    vc_buf_t token;
    vc_str_t n;

    (void) state;

    value = good_claims();
    claims = json_dumps(value, 0);
    json_decref(value);

    assert_true(vc_base64url_decode(sts.f.arena,
        vc_str(json_string_value(json_object_get(sts.rsa, "n"))), &n));
    memcpy(key, n.data, sizeof(key));

    vc_buf_init(&token, sts.f.arena, 1024);
    vc_base64url_encode(&token, VC_STR("{\"alg\":\"HS256\",\"kid\":\"rsa\"}"));
    vc_buf_u8(&token, '.');
    vc_base64url_encode(&token, vc_str(claims));
    assert_int_equal(vc_hmac_sha256(key, vc_buf_view(&token), mac), VC_OK);
    vc_buf_u8(&token, '.');
    vc_base64url_encode(&token, (vc_str_t){mac, sizeof(mac)});

    assert_refused(vc_buf_view(&token), "AKV10042");
    free(claims);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_every_algorithm),
        cmocka_unit_test(test_keys_and_algorithms_must_match),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_hmac_with_public_key),
    };

    return cmocka_run_group_tests(tests, token_set_up, token_tear_down);
}
