/* identity/local_authority.h: forms, discovery, and the public keys */

#include "local_fixture.h"

#include "identity/form.h"


static void
test_form(void **state)
{
    size_t    i;
    vc_str_t  value;
    vc_buf_t  many;
    vc_form_t form;

    static const char *const bad[] = {"a=%", "a=%4", "a=%4g", "%zz=1", "a=%00",
        "a=%ff", "a=\xff"};

    (void) state;

    assert_int_equal(vc_form_parse(local.f.arena, VC_STR_NULL, &form), VC_OK);
    assert_int_equal(form.count, 0);

    for (i = 0; i < COUNT(bad); i++) {
        assert_int_equal(vc_form_parse(local.f.arena, vc_str(bad[i]), &form),
            VC_INVALID);
    }

    assert_int_equal(vc_form_parse(local.f.arena,
                         VC_STR("&a=1+2%2B3&&b&c=&d=x%3Dy=z&e%20f=%C3%BC&a=2"),
                         &form),
        VC_OK);
    assert_int_equal(form.count, 6);
    assert_int_equal(vc_form_get(&form, "a", &value), VC_INVALID);
    assert_int_equal(vc_form_get(&form, "b", &value), VC_NOT_FOUND);
    assert_int_equal(vc_form_get(&form, "c", &value), VC_NOT_FOUND);
    assert_int_equal(vc_form_get(&form, "z", &value), VC_NOT_FOUND);
    assert_int_equal(vc_form_get(&form, "d", &value), VC_OK);
    assert_true(vc_str_eq(value, VC_STR("x=y=z")));
    assert_int_equal(vc_form_get(&form, "e f", &value), VC_OK);
    assert_true(vc_str_eq(value, VC_STR("\xc3\xbc")));

    vc_buf_init(&many, local.f.arena, 0);
    for (i = 0; i <= VC_FORM_FIELDS_MAX; i++) {
        vc_buf_text(&many, "a=1&");
    }
    assert_int_equal(vc_form_parse(local.f.arena, vc_buf_view(&many), &form),
        VC_INVALID);
    vc_buf_reserve(&many, VC_FORM_BYTES_MAX);
    assert_int_equal(vc_form_parse(local.f.arena, vc_buf_view(&many), &form),
        VC_INVALID);
}


static void
test_discovery(void **state)
{
    size_t      i;
    json_t     *document;
    vc_buf_t    out;
    const char *value;

    static const struct {
        bool        adfs;
        const char *name;
        const char *value;
    } cases[] = {
        {false, "issuer", BASE "/" TENANT "/v2.0"},
        {false, "token_endpoint", BASE "/" TENANT "/oauth2/v2.0/token"},
        {false, "authorization_endpoint",
            BASE "/" TENANT "/oauth2/v2.0/authorize"},
        {false, "jwks_uri", BASE "/" TENANT "/discovery/v2.0/keys"},
        {true, "issuer", BASE "/" TENANT "/v2.0"},
        {true, "token_endpoint", BASE "/adfs/oauth2/token"},
        {true, "authorization_endpoint", BASE "/adfs/oauth2/authorize"},
        {true, "jwks_uri", BASE "/adfs/discovery/keys"},
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        vc_buf_init(&out, local.f.arena, 0);
        vc_local_authority_discovery(&local.authority, cases[i].adfs, &out);
        document = json_loadb((const char *) out.data, out.len,
            JSON_REJECT_DUPLICATES, NULL);
        value = json_string_value(json_object_get(document, cases[i].name));
        assert_non_null(value);
        assert_string_equal(value, cases[i].value);
        assert_true(
            json_is_array(json_object_get(document, "grant_types_supported")));
        json_decref(document);
    }
}


static void
test_key_document(void **state)
{
    json_t     *document, *entry;
    vc_buf_t    out;
    const char *name;
    json_t     *value;

    (void) state;

    vc_buf_init(&out, local.f.arena, 0);
    fixture_begin(&local.f);
    assert_int_equal(vc_local_authority_jwks(local.f.session, local.f.arena,
                         &out),
        VC_OK);
    vc_session_end(local.f.session);

    document = json_loadb((const char *) out.data, out.len,
        JSON_REJECT_DUPLICATES, NULL);
    assert_int_equal(json_array_size(json_object_get(document, "keys")), 1);
    entry = json_array_get(json_object_get(document, "keys"), 0);

    json_object_foreach(entry, name, value)
    {
        assert_non_null(strstr(" kty use alg kid n e ", name));
        assert_true(json_is_string(value));
    }

    assert_int_equal(json_object_size(entry), 6);
    assert_true(vc_alg_fits_key(VC_ALG_RS256, entry));
    assert_string_equal(vc_jwk_thumbprint(local.f.arena, entry),
        json_string_value(json_object_get(entry, "kid")));
    json_decref(document);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_discovery),
        cmocka_unit_test(test_key_document),
    };

    return cmocka_run_group_tests(tests, local_set_up, local_tear_down);
}
