/* crypto/jws.h: which key fits which algorithm, and a key's thumbprint */

#include "jws_fixture.h"


static void
test_key_and_algorithm_must_fit(void **state)
{
    size_t        i, k;
    vc_str_t      compact;
    vc_jws_t      jws;
    json_t *const keys[] = {signer.rsa_other, signer.p256, signer.p384};

    (void) state;

    for (i = 0; i < COUNT(algs); i++) {
        compact = sign(*algs[i].key, algs[i].bit, "{}");
        assert_int_equal(vc_jws_parse(signer.arena, compact, &jws, NULL),
            VC_OK);

        for (k = 0; k < COUNT(keys); k++) {
            if (keys[k] != *algs[i].key) {
                assert_int_equal(vc_jws_verify(&jws, keys[k]), VC_UNAUTHORIZED);
            }
        }

        assert_int_equal(vc_jws_verify(&jws, NULL), VC_UNAUTHORIZED);

        /* the other algorithms of the same key must not do either */
        for (k = 0; k < COUNT(algs); k++) {
            jws.alg = algs[k].bit;
            if (k != i) {
                assert_int_equal(vc_jws_verify(&jws, *algs[i].key),
                    VC_UNAUTHORIZED);
            }
        }

        vc_jws_clear(&jws);
    }
}


static void
test_key_members_can_forbid(void **state)
{
    static const struct {
        const char *member;
        const char *json;
        bool        fits;
    } cases[] = {
        {"use", "\"sig\"", true},
        {"use", "\"enc\"", false},
        {"use", "7", false},
        {"alg", "\"RS256\"", true},
        {"alg", "\"PS256\"", false},
        {"alg", "\"RS512\"", false},
        {"alg", "null", false},
        {"key_ops", "[\"verify\"]", true},
        {"key_ops", "[\"encrypt\",\"verify\"]", true},
        {"key_ops", "[\"sign\"]", false},
        {"key_ops", "[]", false},
        {"key_ops", "\"verify\"", false},
        {"kty", "\"EC\"", false},
        {"kty", "\"rsa\"", false},
        {"e", "\"\"", false},
        {"e", "\"AQABAQABAQABAQAB\"", false},
        {"e", "7", false},
        {"n", "\"AQAB\"", false},
        {"n", "\"!\"", false},
        {"n", "\"AAAA\"", false},
        {"x5c", "[\"AAAA\"]", true},
        {"foreign", "{\"a\":1}", true},
    };

    size_t   i;
    json_t  *jwk;
    vc_jws_t jws;

    (void) state;

    assert_int_equal(vc_jws_parse(signer.arena,
                         sign(signer.rsa, VC_ALG_RS256, "{}"), &jws, NULL),
        VC_OK);

    for (i = 0; i < COUNT(cases); i++) {
        jwk = vc_jwk_public(signer.rsa);
        json_object_set_new(jwk, cases[i].member,
            json_loads(cases[i].json, JSON_DECODE_ANY, NULL));

        assert_int_equal(vc_alg_fits_key(VC_ALG_RS256, jwk), cases[i].fits);
        assert_int_equal(vc_jws_verify(&jws, jwk),
            cases[i].fits ? VC_OK : VC_UNAUTHORIZED);
        json_decref(jwk);
    }

    vc_jws_clear(&jws);
}


/* a modulus of 2047 bits, and one of 2048 behind a leading zero */
static void
test_rsa_size_is_counted_in_bits(void **state)
{
    json_t  *jwk;
    vc_str_t n;
    uint8_t  bytes[258];
    vc_buf_t text;

    (void) state;

    assert_true(vc_base64url_decode(signer.arena,
        vc_str(json_string_value(json_object_get(signer.rsa, "n"))), &n));
    assert_int_equal(n.len, 256);

    memcpy(bytes + 2, n.data, n.len);
    bytes[2] = 0x7f;
    bytes[0] = bytes[1] = 0;

    jwk = vc_jwk_public(signer.rsa);
    vc_buf_init(&text, signer.arena, 400);
    vc_base64url_encode(&text, (vc_str_t){bytes, sizeof(bytes)});
    json_object_set_new(jwk, "n",
        json_stringn((const char *) text.data, text.len));
    assert_false(vc_alg_fits_key(VC_ALG_RS256, jwk));

    bytes[2] |= 0x80;
    vc_buf_init(&text, signer.arena, 400);
    vc_base64url_encode(&text, (vc_str_t){bytes, sizeof(bytes)});
    json_object_set_new(jwk, "n",
        json_stringn((const char *) text.data, text.len));
    assert_true(vc_alg_fits_key(VC_ALG_RS256, jwk));

    json_decref(jwk);
}


/* the example of RFC 7638 section 3.1 */
static void
test_thumbprint(void **state)
{
    json_t *jwk;

    (void) state;

    jwk = json_pack("{s:s,s:s,s:s,s:s,s:s}", "kty", "RSA", "n",
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK"
        "7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yB"
        "XArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb"
        "9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f"
        "M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e", "AQAB", "alg", "RS256", "kid", "2011-04-29");
    assert_string_equal(vc_jwk_thumbprint(signer.arena, jwk),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    json_decref(jwk);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_and_algorithm_must_fit),
        cmocka_unit_test(test_key_members_can_forbid),
        cmocka_unit_test(test_rsa_size_is_counted_in_bits),
        cmocka_unit_test(test_thumbprint),
    };

    return cmocka_run_group_tests(tests, jws_set_up, jws_tear_down);
}
