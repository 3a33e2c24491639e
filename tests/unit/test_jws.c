/* crypto/jws.h: algorithms, compact signatures, and what is none */

#include "jws_fixture.h"

#include "crypto/digest.h"


static void
test_misuse(void **state)
{
    json_t  *key, *claims;
    vc_buf_t out;
    vc_jws_t jws;

    (void) state;

    vc_buf_init(&out, signer.arena, 64);
    claims = json_object();

    assert_int_equal(vc_alg_parse(VC_STR_NULL), 0);
    assert_null(vc_alg_name(0));
    assert_null(vc_alg_name(VC_ALG_RS256 | VC_ALG_PS256));
    assert_null(vc_alg_name(VC_ALG_ALL + 1));
    assert_false(vc_alg_fits_key(VC_ALG_RS256, NULL));
    assert_false(vc_alg_fits_key(0, signer.rsa));

    assert_int_equal(vc_jwk_generate_rsa(0, &key), VC_INVALID);
    assert_int_equal(vc_jwk_generate_rsa(1024, &key), VC_INVALID);
    assert_int_equal(vc_jwk_generate_rsa(1U << 20, &key), VC_INVALID);
    assert_null(key);

    assert_int_equal(vc_jws_sign(signer.rsa, 0, "k", claims, &out), VC_INVALID);
    assert_int_equal(vc_jws_sign(signer.rsa, VC_ALG_RS256, NULL, claims, &out),
        VC_INVALID);
    assert_int_equal(vc_jws_sign(signer.rsa, VC_ALG_RS256, "k", NULL, &out),
        VC_INVALID);
    assert_int_not_equal(vc_jws_sign(NULL, VC_ALG_RS256, "k", claims, &out),
        VC_OK);
    assert_int_not_equal(vc_jws_sign(signer.p256, VC_ALG_RS256, "k", claims,
                             &out),
        VC_OK);
    assert_int_equal(out.len, 0);

    assert_int_equal(vc_jws_parse(signer.arena, VC_STR_NULL, &jws, NULL),
        VC_INVALID);
    assert_null(jws.header);
    assert_null(jws.claims);

    assert_null(vc_jwk_public(NULL));
    assert_null(vc_jwk_thumbprint(signer.arena, claims));

    json_decref(claims);
}


static void
test_algorithm_names(void **state)
{
    static const char *const foreign[] = {"none", "HS256", "HS512", "RS1",
        "ES512", "ES256K", "EdDSA", "rs256", "RS256 ", ""};

    size_t i;

    (void) state;

    for (i = 0; i < COUNT(algs); i++) {
        assert_int_equal(vc_alg_parse(vc_str(algs[i].name)), algs[i].bit);
        assert_string_equal(vc_alg_name(algs[i].bit), algs[i].name);
    }

    for (i = 0; i < COUNT(foreign); i++) {
        assert_int_equal(vc_alg_parse(vc_str(foreign[i])), 0);
    }
}


static void
test_sign_and_verify(void **state)
{
    size_t i;
    json_t *public;
    vc_str_t   compact;
    vc_jws_t   jws;
    vc_error_t err;

    (void) state;

    for (i = 0; i < COUNT(algs); i++) {
        compact = sign(*algs[i].key, algs[i].bit, "{\"sub\":\"me\"}");
        public = vc_jwk_public(*algs[i].key);
        assert_non_null(public);
        assert_null(json_object_get(public, "d"));
        assert_null(json_object_get(public, "p"));
        assert_true(vc_alg_fits_key(algs[i].bit, public));

        assert_int_equal(vc_jws_parse(signer.arena, compact, &jws, &err),
            VC_OK);
        assert_int_equal(jws.alg, algs[i].bit);
        assert_true(vc_str_eq(jws.kid, VC_STR("key-1")));
        assert_string_equal(json_string_value(
                                json_object_get(jws.header, "typ")),
            "JWT");
        assert_string_equal(json_string_value(
                                json_object_get(jws.claims, "sub")),
            "me");
        assert_null(vc_jws_foreign_key(&jws));
        assert_int_equal(vc_jws_verify(&jws, public), VC_OK);

        vc_jws_clear(&jws);
        assert_null(jws.header);
        json_decref(public);
    }
}


/* every single part of a signed token counts */
static void
test_tampering(void **state)
{
    size_t   i, k, dots;
    uint8_t *copy;
    vc_str_t compact;
    vc_jws_t jws;

    (void) state;

    for (i = 0; i < COUNT(algs); i++) {
        compact = sign(*algs[i].key, algs[i].bit,
            "{\"sub\":\"me\",\"exp\":1234567890}");

        for (k = 3, dots = 0; k < compact.len; k += 7) {
            copy = (uint8_t *) vc_str_dup(signer.arena, compact);
            if (copy[k] == '.') {
                dots++;
                continue;
            }

            copy[k] = (copy[k] == 'A') ? 'B' : 'A';

            if (vc_jws_parse(signer.arena, (vc_str_t){copy, compact.len}, &jws,
                    NULL)
                == VC_OK)
            {
                assert_int_equal(vc_jws_verify(&jws, *algs[i].key),
                    VC_UNAUTHORIZED);
                vc_jws_clear(&jws);
            }
        }
    }
}


static void
test_malformed(void **state)
{
    static const char good[] = "{\"alg\":\"RS256\",\"kid\":\"k\"}";

    static const struct {
        const char *header;
        const char *claims;
        const char *signature;
        const char *reason; /* NULL: it is parsed */
    } cases[] = {
        {good, "{}", "AAAA", NULL},
        {good, "{}", "", NULL},
        {"{\"alg\":\"none\"}", "{}", "", NULL},
        {"{\"alg\":\"HS256\"}", "{}", "AAAA", NULL},
        {"{\"alg\":\"RS256\",\"jku\":\"https://evil\"}", "{}", "AAAA", NULL},
        {good, "{}", "A", "signature"},
        {good, "{}", "AA+/", "signature"},
        {good, "{}", "AA==", "three"},
        {good, "{}", "AAAA.AAAA", "three"},
        {"", "{}", "AAAA", "header"},
        {good, "", "AAAA", "claims"},
        {"[]", "{}", "AAAA", "header"},
        {"7", "{}", "AAAA", "header"},
        {good, "[]", "AAAA", "claims"},
        {good, "null", "AAAA", "claims"},
        {good, "{\"a\":1,\"a\":2}", "AAAA", "distinct"},
        {"{\"alg\":\"none\",\"alg\":\"RS256\"}", "{}", "AAAA", "distinct"},
        {good, "{\"a\":{\"b\":1,\"b\":2}}", "AAAA", "distinct"},
        {good, "{} {}", "AAAA", "claims"},
        {good, "{\"a\":\"\\u0000\"}", "AAAA", "claims"},
        {good, "{\"a\":99999999999999999999}", "AAAA", "claims"},
        {good, "{\"a\":\"\xff\"}", "AAAA", "claims"},
        {"{\"kid\":\"k\"}", "{}", "AAAA", "'alg'"},
        {"{\"alg\":256}", "{}", "AAAA", "'alg'"},
        {"{\"alg\":\"RS256\",\"kid\":1}", "{}", "AAAA", "'kid'"},
        {"{\"alg\":\"RS256\",\"crit\":[\"exp\"]}", "{}", "AAAA", "'crit'"},
        {"{\"alg\":\"RS256\",\"crit\":null}", "{}", "AAAA", "'crit'"},
        {"{\"alg\":\"RS256\",\"b64\":true}", "{}", "AAAA", "'b64'"},
        /* 16 levels, and 17 */
        {good, "{\"a\":[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}", "AAAA", NULL},
        {good, "{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", "AAAA", "deeper"},
    };

    static const char *const raw[] = {".", "..", "...", "abc", "a.b", "e30.e30",
        ".e30.", "e30..", "e30=.e30.AAAA"};

    size_t      i;
    vc_jws_t    jws;
    vc_error_t  err;
    vc_status_t status;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        memset(&err, 0, sizeof(err));
        status = vc_jws_parse(signer.arena,
            raw_token(signer.arena, cases[i].header, cases[i].claims,
                cases[i].signature),
            &jws, &err);

        if (cases[i].reason == NULL) {
            assert_int_equal(status, VC_OK);
            vc_jws_clear(&jws);
            continue;
        }

        assert_int_equal(status, VC_INVALID);
        assert_null(jws.header);
        assert_null(jws.claims);
        if (strstr(err.message, cases[i].reason) == NULL) {
            fail_msg("case %zu: \"%s\"", i, err.message);
        }
    }

    for (i = 0; i < COUNT(raw); i++) {
        assert_int_equal(vc_jws_parse(signer.arena, vc_str(raw[i]), &jws, NULL),
            VC_INVALID);
    }
}


static void
test_length_limit(void **state)
{
    size_t     i;
    uint8_t   *text;
    vc_jws_t   jws;
    vc_str_t   whole;
    vc_error_t err;

    (void) state;

    /* 64 KB of what could be a token */
    text = vc_arena_alloc(signer.arena, 65536);
    memset(text, 'A', 65536);
    text[10] = text[20] = '.';
    assert_int_equal(vc_jws_parse(signer.arena, (vc_str_t){text, 65536}, &jws,
                         &err),
        VC_INVALID);
    assert_non_null(strstr(err.message, "65536"));

    /* a good one, cut at every length, is never good */
    whole = sign(signer.rsa, VC_ALG_RS256, "{\"a\":1}");
    for (i = 0; i < whole.len; i++) {
        if (vc_jws_parse(signer.arena, (vc_str_t){whole.data, i}, &jws, NULL)
            == VC_OK) {
            assert_int_equal(vc_jws_verify(&jws, signer.rsa), VC_UNAUTHORIZED);
            vc_jws_clear(&jws);
        }
    }
}


static void
test_foreign_keys(void **state)
{
    static const char *const headers[] = {
        "{\"alg\":\"RS256\",\"jku\":\"https://evil.test/keys\"}",
        "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\"}}",
        "{\"alg\":\"RS256\",\"x5u\":\"https://evil.test/cert\"}",
    };

    size_t   i;
    vc_jws_t jws;

    (void) state;

    for (i = 0; i < COUNT(headers); i++) {
        assert_int_equal(vc_jws_parse(signer.arena,
                             raw_token(signer.arena, headers[i], "{}", "AAAA"),
                             &jws, NULL),
            VC_OK);
        assert_non_null(vc_jws_foreign_key(&jws));
        assert_non_null(strstr(headers[i], vc_jws_foreign_key(&jws)));
        vc_jws_clear(&jws);
    }
}


static vc_str_t
base64url(const char *text)
{
    vc_buf_t buf;

    vc_buf_init(&buf, signer.arena, 64);
    vc_base64url_encode(&buf, vc_str(text));

    return vc_buf_view(&buf);
}


/* the classic: the public key as the secret of an HMAC */
static void
test_hmac_with_public_key(void **state)
{
    uint8_t  mac[VC_SHA256_LEN];
    vc_jws_t jws;
    vc_buf_t token;
    vc_str_t n;

    (void) state;

    vc_buf_init(&token, signer.arena, 128);
    vc_buf_str(&token, base64url("{\"alg\":\"HS256\",\"kid\":\"key-1\"}"));
    vc_buf_u8(&token, '.');
    vc_buf_str(&token, base64url("{\"sub\":\"me\"}"));

    assert_true(vc_base64url_decode(signer.arena,
        vc_str(json_string_value(json_object_get(signer.rsa, "n"))), &n));
    assert_int_equal(vc_hmac_sha256(n.data, vc_buf_view(&token), mac), VC_OK);

    vc_buf_u8(&token, '.');
    vc_base64url_encode(&token, (vc_str_t){mac, sizeof(mac)});

    assert_int_equal(vc_jws_parse(signer.arena, vc_buf_view(&token), &jws,
                         NULL),
        VC_OK);
    assert_int_equal(jws.alg, 0);
    assert_int_equal(vc_jws_verify(&jws, signer.rsa), VC_UNAUTHORIZED);
    jws.alg = VC_ALG_RS256;
    assert_int_equal(vc_jws_verify(&jws, signer.rsa), VC_UNAUTHORIZED);
    vc_jws_clear(&jws);
}


static void
test_json_write(void **state)
{
    json_t  *value;
    vc_buf_t out;

    (void) state;

    value = json_pack("{s:[i,s]}", "a", 1, "b");
    vc_buf_init(&out, signer.arena, 4);
    vc_json_write(value, &out);
    assert_true(vc_str_eq(vc_buf_view(&out), VC_STR("{\"a\":[1,\"b\"]}")));
    json_decref(value);

    vc_json_write(NULL, &out);
    assert_true(out.failed);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_algorithm_names),
        cmocka_unit_test(test_sign_and_verify),
        cmocka_unit_test(test_tampering),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_length_limit),
        cmocka_unit_test(test_foreign_keys),
        cmocka_unit_test(test_hmac_with_public_key),
        cmocka_unit_test(test_json_write),
    };

    return cmocka_run_group_tests(tests, jws_set_up, jws_tear_down);
}
