/* identity/local_authority.h: tokens for a client secret */

#include "local_fixture.h"


static void
test_bad_requests(void **state)
{
    size_t i;

    static const struct {
        const char *body;
        const char *error;
        int         code;
        const char *text;
    } cases[] = {
        {"", "invalid_request", 900144, "'grant_type'"},
        {"%", "invalid_request", 90023, "x-www-form-urlencoded"},
        {"grant_type=client_credentials&grant_type=client_credentials",
            "invalid_request", 90023, "'grant_type' more than once"},
        {"grant_type=password&client_id=x", "unsupported_grant_type", 70003,
            "'password'"},
        {"grant_type=a%0d%0ab", "unsupported_grant_type", 70003, "'a??b'"},
        {"grant_type=client_credentials", "invalid_request", 900144,
            "'client_id'"},
        {"grant_type=client_credentials&client_id=x&scope=y", "invalid_request",
            900144, "'client_secret'"},
        {"grant_type=client_credentials&client_id=x&client_secret=",
            "invalid_request", 900144, "'client_secret'"},
        {"grant_type=client_credentials&client_id=x&client_secret=s",
            "invalid_request", 900144, "'scope'"},
        {"grant_type=client_credentials&client_id=x&client_secret=s"
         "&client_assertion=a&scope=y",
            "invalid_request", 90023, "not both"},
        {"grant_type=client_credentials&client_id=x&client_assertion=a"
         "&scope=y",
            "invalid_request", 900144, "'client_assertion_type'"},
        {"grant_type=client_credentials&client_id=x&client_assertion=a"
         "&client_assertion_type=saml&scope=y",
            "invalid_request", 90023, "jwt-bearer"},
        {"grant_type=client_credentials&client_id=x&client_secret=s"
         "&scope=a+b",
            "invalid_scope", 70011, "one resource"},
        {"grant_type=client_credentials&client_id=x&client_secret=s"
         "&scope=openid",
            "invalid_scope", 70011, "one resource"},
        {"grant_type=client_credentials&client_id=x&client_secret=s"
         "&scope=https://vault.azure.net/.default",
            "invalid_resource", 500011,
            "named https://vault.azure.net was not found"},
        {"grant_type=client_credentials&client_id=x&client_secret=s"
         "&scope=/.default",
            "invalid_resource", 500011, "/.default"},
        {"grant_type=client_credentials&client_id=x&client_secret=s"
         "&resource=https://other.test",
            "invalid_resource", 500011, "https://other.test"},
        /* unknown clients: of the right form, and of any other */
        {"grant_type=client_credentials&client_id=" NOBODY "&client_secret=s"
         "&scope=" RESOURCE "/.default",
            "unauthorized_client", 700016, NOBODY},
        {"grant_type=client_credentials&client_id=app&client_secret=s"
         "&scope=" RESOURCE "/.default",
            "unauthorized_client", 700016, "'app'"},
        {"grant_type=client_credentials&client_id=" NOBODY
         "&client_assertion=a.b.c&client_assertion_type=" ASSERTION_TYPE
         "&scope=" RESOURCE "/.default",
            "unauthorized_client", 700016, NOBODY},
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        answer_t answer = ask_at(vc_str(cases[i].body), NOW);

        assert_int_equal(answer.client.len, 0);
        assert_answer(answer, 400, cases[i].error, cases[i].code,
            cases[i].text);
    }
}


static void
test_wrong_secret(void **state)
{
    answer_t answer;

    (void) state;

    answer = ask("grant_type=client_credentials&client_id=%s&client_secret="
                 "%.42s&scope=" RESOURCE "/.default",
        local.app.client_id, local.secret);
    assert_true(vc_str_eq(answer.client, vc_str(local.app.client_id)));
    assert_null(strstr(json_string_value(
                           json_object_get(answer.json, "error_description")),
        "secret="));
    assert_answer(answer, 401, "invalid_client", 7000215,
        "Invalid client secret");
}


static void
test_token_by_secret(void **state)
{
    size_t            i;
    vc_jws_t          jws;
    vc_str_t          token;
    vc_error_t        err;
    vc_principal_t   *p;
    vc_authorities_t *authorities;

    static const char *const scopes[] = {
        "scope=" RESOURCE "/.default",
        "scope=" RESOURCE "//.default",
        "scope=openid+" RESOURCE "/.default+offline_access",
        "scope=" RESOURCE,
        "resource=" RESOURCE,
        "resource=" RESOURCE "/",
        "scope=https://management.test:8443//.default",
        "scope=https://management.test:8443/.default&resource=ignored",
        "scope=" RESOURCE "/.default&client_info=1&x-client-sku=MSAL&"
        "claims=%7B%22access_token%22%3A%7B%7D%7D",
    };

    (void) state;

    authorities = make_authorities();

    for (i = 0; i < COUNT(scopes); i++) {
        token = token_of(ask("grant_type=client_credentials&client_id=%s&"
                             "client_secret=%s&%s",
            local.app.client_id, local.secret, scopes[i]));

        assert_int_equal(verify(authorities, token, NOW, &p, &err), VC_OK);
        assert_true(p->local);
        assert_true(p->generation == local.app.generation);
        assert_true(vc_str_eq(p->object_id, vc_str(local.app.object_id)));
        assert_true(vc_str_eq(p->application_id, vc_str(local.app.client_id)));
        assert_true(p->expires == NOW + 3600);
        assert_false(p->user);
        vc_principal_release(p);
    }

    /* what stands in it */
    token = token_by_secret();
    assert_int_equal(vc_jws_parse(local.f.arena, token, &jws, &err), VC_OK);
    assert_int_equal(jws.alg, VC_ALG_RS256);
    assert_int_equal(jws.kid.len, 43);
    assert_string_equal(json_string_value(json_object_get(jws.claims, "aud")),
        RESOURCE);
    assert_string_equal(json_string_value(json_object_get(jws.claims, "iss")),
        BASE "/" TENANT "/v2.0");
    assert_string_equal(json_string_value(json_object_get(jws.claims, "tid")),
        TENANT);
    assert_string_equal(json_string_value(json_object_get(jws.claims, "sub")),
        local.app.object_id);
    assert_string_equal(json_string_value(json_object_get(jws.claims, "azp")),
        local.app.client_id);
    assert_string_equal(json_string_value(
                            json_object_get(jws.claims, "appidacr")),
        "1");
    assert_string_equal(json_string_value(json_object_get(jws.claims, "idtyp")),
        "app");
    assert_int_equal(json_integer_value(json_object_get(jws.claims, "nbf")),
        NOW);
    assert_true(json_string_length(json_object_get(jws.claims, "uti")) >= 20);
    vc_jws_clear(&jws);

    vc_authorities_destroy(authorities);
}


/* no key, no token: said plainly, without a reason for strangers */
static void
test_no_signing_key(void **state)
{
    fixture_t            whole;
    answer_t             answer;
    vc_error_t           err;
    vc_principal_spec_t  spec;
    vc_local_principal_t out, kept;
    char                 kept_secret[sizeof(local.secret)];

    (void) state;

    whole = local.f;
    kept = local.app;
    memcpy(kept_secret, local.secret, sizeof(local.secret));
    fixture_open(&local.f);

    memset(&spec, 0, sizeof(spec));
    spec.name = VC_STR("app");
    spec.with_secret = true;
    assert_int_equal(vc_local_principal_create(local.f.session, local.f.arena,
                         &spec, &out, local.secret, &err),
        VC_OK);
    answer = ask("grant_type=client_credentials&client_id=%s&client_secret=%s"
                 "&scope=" RESOURCE "/.default",
        out.client_id, local.secret);
    assert_answer(answer, 500, "server_error", 90002, "unavailable");
    vc_local_principal_clear(&out);

    fixture_close(&local.f);
    local.f = whole;
    local.app = kept;
    memcpy(local.secret, kept_secret, sizeof(local.secret));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_requests),
        cmocka_unit_test(test_wrong_secret),
        cmocka_unit_test(test_token_by_secret),
        cmocka_unit_test(test_no_signing_key),
    };

    return cmocka_run_group_tests(tests, local_set_up, local_tear_down);
}
