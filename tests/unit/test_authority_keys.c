/* identity/authority.h: keys by file, by address, and of the store */

#include "issuer_fixture.h"

#include "identity/jwks.h"
#include "identity/local_authority.h"


/* unusable and secret parts of a key set are left out */
static void
test_key_set(void **state)
{
    char      *text;
    json_t    *set, *keys, *jwk;
    vc_error_t err;

    (void) state;

    set = json_pack("{s:[o,o,o,o]}", "keys", json_deep_copy(issuer.rsa),
        json_deep_copy(issuer.p256), vc_jwk_public(issuer.rsa_next),
        json_null());
    json_object_set_new(json_array_get(json_object_get(set, "keys"), 0), "kid",
        json_string("private"));
    json_object_set_new(json_array_get(json_object_get(set, "keys"), 1), "kid",
        json_string("curve"));
    text = json_dumps(set, 0);

    assert_int_equal(vc_jwks_parse(vc_str(text), VC_ALG_RS256 | VC_ALG_ES256,
                         &keys, &err),
        VC_OK);
    assert_int_equal(json_array_size(keys), 2); /* the third has no id */
    jwk = vc_jwks_find(keys, VC_STR("private"));
    assert_non_null(jwk);
    assert_null(json_object_get(jwk, "d"));
    assert_non_null(vc_jwks_find(keys, VC_STR("curve")));
    assert_null(vc_jwks_find(keys, VC_STR("curv")));
    assert_null(vc_jwks_find(keys, VC_STR("Curve")));
    assert_null(vc_jwks_find(keys, VC_STR_NULL));
    json_decref(keys);

    assert_int_equal(vc_jwks_parse(vc_str(text), VC_ALG_ES256, &keys, &err),
        VC_OK);
    assert_int_equal(json_array_size(keys), 1);
    json_decref(keys);

    free(text);
    json_decref(set);
}


static void
test_keys_by_file(void **state)
{
    vc_error_t             err;
    vc_authority_t        *authority;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    options = file_options(issuer.rsa);
    authorities = authorities_with(&options, 0);
    authority = vc_authorities_at(authorities, 0);

    assert_key(authority, "k1", NOW, VC_OK);
    assert_key(authority, "k2", NOW, VC_NOT_FOUND); /* no fetch would help */
    assert_false(vc_authority_refresh_due(authority, NOW));
    assert_int_equal(vc_authority_refresh(authority, NOW, &err), VC_OK);

    vc_authorities_destroy(authorities);
}


static void
test_keys_by_address(void **state)
{
    int                    before;
    vc_error_t             err;
    vc_authority_t        *authority;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    serve_keys(issuer.rsa, "k1");
    options = url_options();
    authorities = authorities_with(&options, 30);
    authority = vc_authorities_at(authorities, 0);
    before = issuer.requests;

    assert_true(vc_authority_refresh_due(authority, NOW));
    assert_key(authority, "k1", NOW, VC_AGAIN);
    assert_int_equal(vc_authority_refresh(authority, NOW, &err), VC_OK);
    assert_key(authority, "k1", NOW, VC_OK);
    assert_int_equal(issuer.requests - before, 1);
    assert_false(vc_authority_refresh_due(authority, NOW + 60));

    /* unknown ids do not cause a fetch before the floor has passed */
    assert_key(authority, "k2", NOW + 1, VC_NOT_FOUND);
    assert_key(authority, "k2", NOW + 29, VC_NOT_FOUND);
    assert_int_equal(vc_authority_refresh(authority, NOW + 29, &err), VC_OK);
    assert_int_equal(issuer.requests - before, 1);

    /* the issuer has changed its keys */
    serve_keys(issuer.rsa_next, "k2");
    assert_key(authority, "k2", NOW + 30, VC_AGAIN);
    assert_int_equal(vc_authority_refresh(authority, NOW + 30, &err), VC_OK);
    assert_key(authority, "k2", NOW + 30, VC_OK);
    assert_key(authority, "k1", NOW + 31, VC_NOT_FOUND);
    assert_int_equal(issuer.requests - before, 2);

    /* within an hour it is time for a look anyway */
    assert_true(vc_authority_refresh_due(authority, NOW + 30 + 3600));
    /* and after a clock was set back by a day */
    assert_true(vc_authority_refresh_due(authority, NOW - 86400));
    assert_key(authority, "k3", NOW - 86400, VC_AGAIN);

    vc_authorities_destroy(authorities);
}


static void
test_local_keys(void **state)
{
    char              kid[64], next[64];
    json_t           *jwk;
    vc_error_t        err;
    vc_authority_t   *authority;
    vc_authorities_t *authorities;

    (void) state;

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &authorities),
        VC_OK);
    assert_int_equal(vc_authorities_add_local(authorities,
                         VC_STR("https://l.test"), VC_STR_NULL,
                         issuer.audiences, 2, &err),
        VC_OK);
    authority = vc_authorities_at(authorities, 0);
    assert_false(vc_authority_refresh_due(authority, NOW));
    assert_key(authority, "k", NOW, VC_INVALID); /* no session */

    fixture_begin(&issuer.f);
    assert_int_equal(vc_authority_key(authority, issuer.f.session, VC_STR("k"),
                         NOW, &jwk),
        VC_NOT_FOUND);
    vc_session_end(issuer.f.session);

    assert_int_equal(vc_local_authority_rotate(issuer.f.session, issuer.f.arena,
                         kid, sizeof(kid), &err),
        VC_OK);
    fixture_begin(&issuer.f);
    assert_int_equal(vc_authority_key(authority, issuer.f.session, vc_str(kid),
                         NOW, &jwk),
        VC_OK);
    json_decref(jwk);
    vc_session_end(issuer.f.session);

    /* both are good after the next rotation */
    assert_int_equal(vc_local_authority_rotate(issuer.f.session, issuer.f.arena,
                         next, sizeof(next), &err),
        VC_OK);
    assert_string_not_equal(kid, next);
    fixture_begin(&issuer.f);
    assert_int_equal(vc_authority_key(authority, issuer.f.session, vc_str(next),
                         NOW, &jwk),
        VC_OK);
    assert_null(json_object_get(jwk, "d"));
    json_decref(jwk);
    assert_int_equal(vc_authority_key(authority, issuer.f.session, vc_str(kid),
                         NOW, &jwk),
        VC_OK);
    json_decref(jwk);
    vc_session_end(issuer.f.session);

    vc_authorities_destroy(authorities);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_key_set),
        cmocka_unit_test(test_keys_by_file),
        cmocka_unit_test(test_keys_by_address),
        cmocka_unit_test(test_local_keys),
    };

    return cmocka_run_group_tests(tests, issuer_set_up, issuer_tear_down);
}
