/* identity/authority.h: options, and who is found by what */

#include "issuer_fixture.h"


static void
test_misuse(void **state)
{
    vc_authorities_t *authorities;

    (void) state;

    assert_int_equal(vc_authorities_create(VC_STR_NULL, 0, &authorities),
        VC_INVALID);
    assert_int_equal(vc_authorities_create(VC_STR("tenant"), 0, &authorities),
        VC_INVALID);
    assert_int_equal(vc_authorities_create(VC_STR(TENANT), -1, &authorities),
        VC_INVALID);
    vc_authorities_destroy(NULL);

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &authorities),
        VC_OK);
    assert_null(vc_authorities_at(authorities, 0));
    assert_null(vc_authorities_find(authorities, VC_STR_NULL));
    assert_null(vc_authorities_of_tenant(authorities, VC_STR(TENANT)));
    vc_authorities_destroy(authorities);
}


static void
test_options_are_checked(void **state)
{
    size_t                 i;
    vc_str_t               empty;
    vc_error_t             err;
    vc_authority_options_t options;

    static const char *const urls[] = {"http://example.test/keys",
        "ftp://127.0.0.1/keys", "file:///etc/passwd", "127.0.0.1/keys", "",
        "https://", "http://127.0.0.1.example.test/", "http://127.0.0.2/",
        "http://127.0.0.1@example.test/", "http://localhost.example.test/",
        "https://user:pass@example.test/"};
    static const char *const good_urls[] = {"https://example.test/keys",
        "HTTPS://example.test:8443/a?b=c", "http://localhost:80/keys",
        "http://[::1]:8080/keys", "http://127.0.0.1"};
    static const char *const documents[] = {"{}", "[]", "x", "{\"keys\":{}}",
        "{\"keys\":[]}", "{\"keys\":[7,null,{}]}",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"a\"}]}"};

    (void) state;

    options = file_options(issuer.rsa);
    assert_int_equal(vc_authority_check(&options, &err), VC_OK);

    options.issuer = VC_STR_NULL;
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    assert_non_null(strstr(err.message, "issuer"));

    options = file_options(issuer.rsa);
    options.tenant = VC_STR("contoso.example");
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    assert_non_null(strstr(err.message, "GUID"));

    options = file_options(issuer.rsa);
    options.audience_count = 0;
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    options.audience_optional = true;
    assert_int_equal(vc_authority_check(&options, &err), VC_OK);
    options.audience_count = 1;
    empty = VC_STR_NULL;
    options.audiences = &empty;
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);

    options = file_options(issuer.rsa);
    options.algorithms = VC_ALG_ALL + 1;
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    options.algorithms = VC_ALG_ES256; /* which an RSA key does not serve */
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);

    options = file_options(issuer.rsa);
    options.jwks_url = VC_STR("https://example.test/keys");
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    options.jwks_json = VC_STR_NULL;
    assert_int_equal(vc_authority_check(&options, &err), VC_OK);
    options.ca_file = VC_STR("/nonexistent/ca.pem");
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);

    for (i = 0; i < COUNT(urls); i++) {
        options = url_options();
        options.jwks_url = vc_str(urls[i]);
        assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    }

    for (i = 0; i < COUNT(good_urls); i++) {
        options.jwks_url = vc_str(good_urls[i]);
        assert_int_equal(vc_authority_check(&options, &err), VC_OK);
    }

    for (i = 0; i < COUNT(documents); i++) {
        options = file_options(issuer.rsa);
        options.jwks_json = vc_str(documents[i]);
        assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    }
}


static void
test_lookup(void **state)
{
    vc_buf_t               buf;
    vc_error_t             err;
    vc_authority_t        *authority;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    options = file_options(issuer.rsa);
    authorities = authorities_with(&options, 0);
    assert_int_equal(vc_authorities_add(authorities, &options, &err),
        VC_CONFLICT);
    assert_int_equal(vc_authorities_add_local(authorities, options.issuer,
                         VC_STR_NULL, issuer.audiences, 2, &err),
        VC_CONFLICT);

    options.issuer = VC_STR("https://login.other.test/x/v2.0");
    options.tenant = VC_STR("AAAAAAAA-2222-3333-4444-555555555555");
    assert_int_equal(vc_authorities_add(authorities, &options, &err), VC_OK);
    assert_int_equal(vc_authorities_add_local(authorities,
                         VC_STR("https://login.test:8443/" TENANT "/v2.0"),
                         VC_STR("https://login.test:8443"), issuer.audiences, 1,
                         &err),
        VC_OK);

    authority = vc_authorities_find(authorities,
        VC_STR("https://issuer.test/"));
    assert_ptr_equal(authority, vc_authorities_at(authorities, 0));
    assert_null(
        vc_authorities_find(authorities, VC_STR("https://issuer.test")));
    assert_null(
        vc_authorities_find(authorities, VC_STR("https://ISSUER.test/")));
    assert_ptr_equal(authority,
        vc_authorities_of_tenant(authorities, VC_STR(TENANT)));
    assert_false(vc_authority_is_local(authority));
    assert_true(vc_str_eq(vc_authority_login_url(authority),
        VC_STR("https://issuer.test/" TENANT)));
    assert_int_equal(vc_authority_algorithms(authority),
        VC_ALG_RS256 | VC_ALG_PS256 | VC_ALG_ES256);

    assert_true(vc_authority_accepts(authority, VC_STR("https://vault.test")));
    assert_true(vc_authority_accepts(authority, VC_STR("https://vault.test/")));
    assert_true(vc_authority_accepts(authority, issuer.audiences[1]));
    assert_false(
        vc_authority_accepts(authority, VC_STR("https://vault.test//")));
    assert_false(vc_authority_accepts(authority, VC_STR("https://vault.tes")));
    assert_false(vc_authority_accepts(authority, VC_STR_NULL));
    assert_false(vc_authority_accepts(authority, VC_STR("/")));

    authority = vc_authorities_at(authorities, 1);
    assert_true(vc_str_eq(vc_authority_tenant(authority),
        VC_STR("aaaaaaaa-2222-3333-4444-555555555555")));
    assert_ptr_equal(authority,
        vc_authorities_of_tenant(authorities,
            VC_STR("aaaaAAAA-2222-3333-4444-555555555555")));
    assert_true(vc_str_eq(vc_authority_login_url(authority),
        VC_STR("https://login.other.test/"
               "aaaaaaaa-2222-3333-4444-555555555555")));

    authority = vc_authorities_at(authorities, 2);
    assert_true(vc_authority_is_local(authority));
    assert_true(vc_str_eq(vc_authority_login_url(authority),
        VC_STR("https://login.test:8443/" TENANT)));
    assert_null(vc_authorities_at(authorities, 3));

    vc_buf_init(&buf, issuer.f.arena, 0);
    vc_authorities_list_issuers(authorities, VC_STR(TENANT), &buf);
    assert_true(vc_str_eq(vc_buf_view(&buf),
        VC_STR("https://issuer.test/, "
               "https://login.test:8443/" TENANT "/v2.0")));
    buf.len = 0;
    vc_authorities_list_issuers(authorities, VC_STR_NULL, &buf);
    assert_non_null(
        strstr(vc_str_dup(issuer.f.arena, vc_buf_view(&buf)), "other"));
    buf.len = 0;
    vc_authority_list_audiences(vc_authorities_at(authorities, 0), VC_FOR_DATA,
        &buf);
    assert_true(vc_str_eq(vc_buf_view(&buf),
        VC_STR("https://vault.test, "
               "cfa8b339-82a2-471a-a3c9-0fc0be7a4093")));

    vc_authorities_destroy(authorities);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_lookup),
    };

    return cmocka_run_group_tests(tests, issuer_set_up, issuer_tear_down);
}
