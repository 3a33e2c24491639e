/* identity/local_authority.h: tokens for what a certificate has signed */

#include "local_fixture.h"

#define RS256_X5T "\"alg\":\"RS256\",\"x5t\":\""
#define PS256_X5T_S256 "\"alg\":\"PS256\",\"x5t#S256\":\""


static json_t *
assertion_claims(void)
{
    return json_pack("{s:s,s:s,s:s,s:f,s:f,s:s}", "aud",
        BASE "/" TENANT "/oauth2/v2.0/token", "iss", local.app.client_id, "sub",
        local.app.client_id, "exp", (double) NOW + 600.25, "iat",
        (double) NOW + 0.25, "jti", "1");
}


static json_t *
assertion_but(const char *name, json_t *value)
{
    json_t *claims;

    claims = assertion_claims();

    if (value == NULL) {
        json_object_del(claims, name);

    } else {
        json_object_set_new(claims, name, value);
    }

    return claims;
}


/* signed by OpenSSL alone, with any header; takes over claims */
static vc_str_t
assertion(EVP_PKEY *pkey, const char *header, bool pss, json_t *claims)
{
    char         *text;
    size_t        n;
    uint8_t       signature[512];
    vc_buf_t      out;
    EVP_MD_CTX   *context;
    EVP_PKEY_CTX *options;

    text = json_dumps(claims, JSON_COMPACT);
    json_decref(claims);

    vc_buf_init(&out, local.f.arena, 2048);
    vc_base64url_encode(&out, vc_str(header));
    vc_buf_u8(&out, '.');
    vc_base64url_encode(&out, vc_str(text));
    free(text);

    context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(context, &options, EVP_sha256(), NULL,
                         pkey),
        1);

    if (pss) {
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    }

    n = sizeof(signature);
    assert_int_equal(EVP_DigestSign(context, signature, &n, out.data, out.len),
        1);
    EVP_MD_CTX_free(context);

    vc_buf_u8(&out, '.');
    vc_base64url_encode(&out, (vc_str_t){signature, n});

    return vc_buf_view(&out);
}


static answer_t
ask_with(vc_str_t assertion_text)
{
    return ask("grant_type=client_credentials&client_id=%s&scope=" RESOURCE
               "/.default&client_assertion_type=" ASSERTION_TYPE
               "&client_assertion=%.*s",
        local.app.client_id, VC_STR_ARG(assertion_text));
}


static const char *
header_for(const char *fmt, const char *value)
{
    vc_buf_t buf;

    vc_buf_init(&buf, local.f.arena, 128);
    vc_buf_text(&buf, "{\"typ\":\"JWT\",");
    vc_buf_text(&buf, fmt);
    vc_buf_text(&buf, value);
    vc_buf_text(&buf, "\"}");
    vc_buf_u8(&buf, '\0');

    return (const char *) buf.data;
}


static void
test_good_assertions(void **state)
{
    size_t            i;
    char             *padded;
    vc_jws_t          jws;
    vc_str_t          token;
    json_t           *list;
    vc_error_t        err;
    vc_principal_t   *p;
    vc_authorities_t *authorities;

    static const char *const addresses[] = {
        BASE "/" TENANT "/oauth2/v2.0/token",
        BASE "/" TENANT "/oauth2/v2.0/token/",
        BASE "/" TENANT "/oauth2/token",
        BASE "/" TENANT "/v2.0",
        BASE "/adfs/oauth2/token",
        BASE "/adfs/oauth2/token/",
    };

    (void) state;

    authorities = make_authorities();

    /* as MSAL for Python sends it: padded, and with fractional times */
    padded = vc_str_dup(local.f.arena, VC_STR("012345678901234567890123456="));
    memcpy(padded, local.app.certificates[0].x5t, 27);
    token = token_of(ask_with(assertion(local.key,
        header_for(RS256_X5T, padded), false, assertion_claims())));
    assert_int_equal(verify(authorities, token, NOW, &p, &err), VC_OK);
    vc_principal_release(p);

    assert_int_equal(vc_jws_parse(local.f.arena, token, &jws, &err), VC_OK);
    assert_string_equal(json_string_value(
                            json_object_get(jws.claims, "appidacr")),
        "2");
    vc_jws_clear(&jws);

    /* as JavaScript does, with a chain that nobody looks at */
    (void) token_of(ask_with(assertion(local.key,
        header_for("\"x5c\":[\"AAAA\"]," PS256_X5T_S256,
            local.app.certificates[0].x5t_s256),
        true, assertion_but("nbf", json_integer(NOW + 200)))));

    /* by kid, either thumbprint */
    (void) token_of(ask_with(assertion(local.key,
        header_for("\"alg\":\"RS256\",\"kid\":\"",
            local.app.certificates[0].x5t),
        false, assertion_claims())));
    (void) token_of(ask_with(assertion(local.key,
        header_for("\"alg\":\"PS256\",\"kid\":\"",
            local.app.certificates[0].x5t_s256),
        true, assertion_claims())));

    for (i = 0; i < COUNT(addresses); i++) {
        (void) token_of(ask_with(assertion(local.key,
            header_for(RS256_X5T, local.app.certificates[0].x5t), false,
            assertion_but("aud", json_string(addresses[i])))));
    }

    list = json_pack("[s,s]", "https://other.test", addresses[0]);
    (void) token_of(ask_with(assertion(local.key,
        header_for(RS256_X5T, local.app.certificates[0].x5t), false,
        assertion_but("aud", list))));

    vc_authorities_destroy(authorities);
}


static void
assert_bad_assertion(vc_str_t text, const char *reason)
{
    answer_t answer;

    answer = ask_with(text);
    assert_true(vc_str_eq(answer.client, vc_str(local.app.client_id)));
    assert_answer(answer, 401, "invalid_client", 700027, reason);
}


static void
test_bad_assertion_claims(void **state)
{
    size_t      i;
    const char *header;

    struct {
        const char *name;
        json_t     *value;
        const char *reason;
    } cases[] = {
        {"exp", NULL, "'exp'"},
        {"exp", json_string("1800000600"), "'exp'"},
        {"exp", json_integer(NOW - 300), "expired"},
        {"exp", json_real((double) NOW - 1000.5), "expired"},
        {"exp", json_integer(NOW + 86400 + 301), "ahead"},
        {"nbf", json_integer(NOW + 301), "not yet valid"},
        {"nbf", json_string("x"), "not yet valid"},
        {"iat", json_null(), "not yet valid"},
        {"aud", NULL, "'aud'"},
        {"aud", json_string(BASE), "'aud'"},
        {"aud", json_string(BASE "/"), "'aud'"},
        {"aud",
            json_string("https://login.microsoftonline.com/" TENANT
                        "/oauth2/v2.0/token"),
            "'aud'"},
        {"aud", json_string(BASE "/" NOBODY "/oauth2/v2.0/token"), "'aud'"},
        {"aud", json_string(BASE ".evil.test/" TENANT "/oauth2/v2.0/token"),
            "'aud'"},
        {"aud", json_string(BASE "/" TENANT "/oauth2/v2.0/token/x"), "'aud'"},
        {"aud", json_string(BASE "/" TENANT "/adfs/oauth2/token"), "'aud'"},
        {"iss", NULL, "'iss'"},
        {"iss", json_string(NOBODY), "'iss'"},
        {"sub", NULL, "'sub'"},
        {"sub", json_string(NOBODY), "'sub'"},
    };

    (void) state;

    header = header_for(RS256_X5T, local.app.certificates[0].x5t);

    for (i = 0; i < COUNT(cases); i++) {
        assert_bad_assertion(assertion(local.key, header, false,
                                 assertion_but(cases[i].name, cases[i].value)),
            cases[i].reason);
    }
}


static void
test_bad_assertion_headers(void **state)
{
    char                 unknown[28];
    vc_certificate_key_t other;

    (void) state;

    assert_bad_assertion(VC_STR("abc"), "three");
    assert_bad_assertion(VC_STR("e30.e30."), "'alg'");

    /* the thumbprint of a certificate that somebody else has */
    assert_int_equal(vc_certificate_key(make_certificate(local.f.arena,
                                            local.other_key, 4900000000),
                         &other, NULL),
        VC_OK);
    json_decref(other.jwk);
    memcpy(unknown, other.x5t, sizeof(unknown));
    assert_bad_assertion(assertion(local.other_key,
                             header_for(RS256_X5T, unknown), false,
                             assertion_claims()),
        "not registered");
    assert_bad_assertion(assertion(local.key, header_for(RS256_X5T, unknown),
                             false, assertion_claims()),
        "not registered");

    /* ours, but signed by another key */
    assert_bad_assertion(assertion(local.other_key,
                             header_for(RS256_X5T,
                                 local.app.certificates[0].x5t),
                             false, assertion_claims()),
        "signature");
    /* the other certificate of the same application */
    assert_bad_assertion(assertion(local.key,
                             header_for(RS256_X5T,
                                 local.app.certificates[1].x5t),
                             false, assertion_claims()),
        "signature");
    /* signed one way, named the other */
    assert_bad_assertion(assertion(local.key,
                             header_for(RS256_X5T,
                                 local.app.certificates[0].x5t),
                             true, assertion_claims()),
        "signature");
    /* its certificate is out of date */
    assert_bad_assertion(assertion(local.expired_key,
                             header_for(RS256_X5T,
                                 local.app.certificates[1].x5t),
                             false, assertion_claims()),
        "certificate whose key signed it has expired");
    /* a SHA-256 thumbprint under the name of the SHA-1 one */
    assert_bad_assertion(assertion(local.key,
                             header_for(RS256_X5T,
                                 local.app.certificates[0].x5t_s256),
                             false, assertion_claims()),
        "not registered");
    assert_bad_assertion(assertion(local.key, header_for("\"alg\":\"RS256", ""),
                             false, assertion_claims()),
        "not registered");

    assert_bad_assertion(assertion(local.key,
                             header_for("\"alg\":\"RS512\",\"x5t\":\"",
                                 local.app.certificates[0].x5t),
                             false, assertion_claims()),
        "RS256 or PS256");
    assert_bad_assertion(assertion(local.key,
                             header_for("\"alg\":\"none\",\"x5t\":\"",
                                 local.app.certificates[0].x5t),
                             false, assertion_claims()),
        "RS256 or PS256");
    assert_bad_assertion(assertion(local.key,
                             header_for("\"jku\":\"https://e\"," RS256_X5T,
                                 local.app.certificates[0].x5t),
                             false, assertion_claims()),
        "'jku'");
    assert_bad_assertion(assertion(local.key,
                             header_for("\"crit\":[]," RS256_X5T,
                                 local.app.certificates[0].x5t),
                             false, assertion_claims()),
        "'crit'");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_assertions),
        cmocka_unit_test(test_bad_assertion_claims),
        cmocka_unit_test(test_bad_assertion_headers),
    };

    return cmocka_run_group_tests(tests, local_set_up, local_tear_down);
}
