/* identity/token.h: whose claims are taken, and the principal they make */

#include "token_fixture.h"


static void
test_claims(void **state)
{
    static const struct {
        const char *name;
        const char *json;    /* NULL: without it */
        const char *message; /* NULL: accepted */
    } cases[] = {
        {"iss", NULL, "AKV10032: Invalid issuer. Expected one of " ISSUER},
        {"iss", "\"https://evil.test/\"", ", found https://evil.test/."},
        {"iss", "\"https://sts.test/" TENANT "\"", "AKV10032"},
        {"iss", "[\"" ISSUER "\"]", "AKV10032"},
        {"iss", "\"a\\r\\nb\\\"c\"", "found a??b\"c."},
        {"aud", NULL, "AKV10022"},
        {"aud", "\"https://management.azure.com/\"",
            "AKV10022: Invalid audience. Expected https://vault.test, found: "
            "https://management.azure.com/."},
        {"aud", "\"https://vault.test/\"", NULL},
        {"aud", "\"https://vault.test.evil/\"", "AKV10022"},
        {"aud", "[]", "AKV10022"},
        {"aud", "[\"https://a\",\"https://b\"]", "found: https://a."},
        {"aud", "[\"https://a\",\"https://vault.test\"]", NULL},
        {"aud", "[[\"https://vault.test\"]]", "AKV10022"},
        {"aud", "{\"a\":\"https://vault.test\"}", "AKV10022"},
        {"exp", NULL, "AKV10003"},
        {"exp", "\"1800003600\"", "AKV10003"},
        {"exp", "null", "AKV10003"},
        {"exp", "1e300", "AKV10003"},
        {"exp", "1800003600.5", NULL},
        {"exp", "253402300799", NULL},
        {"exp", "1799999941", NULL}, /* within the leeway */
        {"exp", "1799999940", "AKV10004"},
        {"exp", "0", "AKV10004"},
        {"exp", "-5", "AKV10004"},
        {"nbf", NULL, NULL},
        {"nbf", "1800000060", NULL},
        {"nbf", "1800000061", "AKV10005"},
        {"nbf", "1799990000.25", NULL},
        {"nbf", "\"x\"", "AKV10003"},
        {"iat", NULL, NULL},
        {"iat", "1800086400", "AKV10005"},
        {"iat", "false", "AKV10003"},
        {"tid", NULL, NULL},
        {"tid", "\"99999999-2222-3333-4444-555555555555\"", "AKV10034"},
        {"tid", "7", "AKV10034"},
        {"oid", NULL, "AKV10007"},
        {"oid", "\"\"", "AKV10007"},
        {"oid", "7", "AKV10007"},
        {"oid", "\"a\\nb\"", "AKV10007"},
        {"groups", "7", NULL},
        {"appid", "7", NULL},
    };

    size_t i;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        if (cases[i].message == NULL) {
            assert_accepted(
                rsa_token(claims_but(cases[i].name, cases[i].json)));
            continue;
        }

        assert_refused(rsa_token(claims_but(cases[i].name, cases[i].json)),
            cases[i].message);
    }
}


/* what an unverified token claims is cut short and made printable */
static void
test_echo_is_bounded(void **state)
{
    char            big[3000];
    json_t         *claims;
    vc_error_t      err;
    vc_principal_t *principal;

    (void) state;

    memset(big, 'x', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    claims = good_claims();
    json_object_set_new(claims, "iss", json_string(big));
    assert_int_equal(verify(rsa_token(claims), NOW, &principal, &err),
        VC_UNAUTHORIZED);
    big[201] = '\0';
    assert_null(strstr(err.message, big));
    big[200] = '\0';
    assert_non_null(strstr(err.message, big));
}


static void
test_principal(void **state)
{
    char            text[8192];
    json_t         *claims, *record, *groups;
    size_t          i;
    vc_buf_t        buf;
    vc_error_t      err;
    vc_principal_t *p;

    (void) state;

    claims = good_claims();
    json_object_set_new(claims, "tid",
        json_string("11111111-2222-3333-4444-555555555555"));
    json_object_set_new(claims, "exp", json_real(1800003600.75));
    json_object_set_new(claims, "xms_az_nwperimid",
        json_loads("[\"p1\"]", 0, NULL));
    json_object_set_new(claims, "upn", json_string("Zoë \"Z\""));
    json_object_set_new(claims, "scp",
        json_loads("{\"a\":1}", 0, NULL)); /* of a form that is not shown */
    json_object_set_new(claims, "secret", json_string("not for records"));

    assert_int_equal(verify(rsa_token(claims), NOW, &p, &err), VC_OK);
    assert_true(vc_str_eq(p->tenant, VC_STR(TENANT)));
    assert_true(vc_str_eq(p->object_id, VC_STR(OBJECT)));
    assert_true(vc_str_eq(p->application_id, VC_STR("app-1")));
    assert_true(vc_str_eq(p->issuer, VC_STR(ISSUER)));
    assert_true(p->expires == NOW + 3600);
    assert_false(p->user);
    assert_false(p->has_groups);
    assert_false(p->local);
    assert_int_equal(p->generation, 0);
    assert_int_equal(p->references, 1);

    record = json_loadb((const char *) p->record_claims.data,
        p->record_claims.len, 0, NULL);
    assert_non_null(record);
    assert_string_equal(json_string_value(json_object_get(record, "exp")),
        "1800003600");
    assert_string_equal(json_string_value(json_object_get(record, "iat")),
        "1800000000");
    assert_string_equal(json_string_value(json_object_get(record, "upn")),
        "Zoë \"Z\"");
    assert_int_equal(json_array_size(
                         json_object_get(record, "xms_az_nwperimid")),
        1);
    assert_null(json_object_get(record, "scp"));
    assert_null(json_object_get(record, "secret"));
    json_decref(record);

    vc_buf_init(&buf, sts.f.arena, 0);
    vc_principal_describe(p, &buf);
    assert_true(vc_str_eq(vc_buf_view(&buf),
        VC_STR("appid=app-1;oid=" OBJECT ";iss=" ISSUER)));

    assert_ptr_equal(vc_principal_hold(p), p);
    vc_principal_release(p);
    vc_principal_release(p);
    vc_principal_release(NULL);

    /* a user with many groups, some of no form, and a claim without an end */
    memset(text, 'u', sizeof(text) - 1);
    text[5000] = '\0';
    claims = claims_but("scp", "\"user_impersonation\"");
    groups = json_array();
    json_array_append_new(groups, json_integer(7));
    for (i = 0; i < 300; i++) {
        json_array_append_new(groups, json_string("g"));
    }
    json_object_set_new(claims, "groups", groups);
    json_object_set_new(claims, "unique_name", json_string(text));
    json_object_set_new(claims, "appid", json_null());
    json_object_set_new(claims, "azp", json_string("app-2"));

    assert_int_equal(verify(rsa_token(claims), NOW, &p, &err), VC_OK);
    assert_true(p->user);
    assert_true(p->has_groups);
    assert_int_equal(p->group_count, 200);
    assert_true(vc_str_eq(p->groups[199], VC_STR("g")));
    assert_true(vc_str_eq(p->application_id, VC_STR("app-2")));
    assert_true(p->record_claims.len <= 4096);
    record = json_loadb((const char *) p->record_claims.data,
        p->record_claims.len, 0, NULL);
    assert_null(json_object_get(record, "unique_name"));
    assert_non_null(json_object_get(record, "scp"));
    json_decref(record);

    buf.len = 0;
    vc_principal_describe(p, &buf);
    assert_non_null(strstr(vc_str_dup(sts.f.arena, vc_buf_view(&buf)),
        ";numgroups=200;iss="));
    vc_principal_release(p);

    /* more groups than a token can name; no oid but a sub */
    claims = claims_but("_claim_names", "{\"groups\":\"src1\"}");
    json_object_del(claims, "oid");
    json_object_set_new(claims, "sub", json_string("service-account"));
    assert_int_equal(verify(rsa_token(claims), NOW, &p, &err), VC_OK);
    assert_true(p->has_groups);
    assert_int_equal(p->group_count, 0);
    assert_true(vc_str_eq(p->object_id, VC_STR("service-account")));
    vc_principal_release(p);
}


/* the keys have to be fetched first */
static void
test_again(void **state)
{
    vc_error_t      err;
    vc_principal_t *principal;

    (void) state;

    assert_int_equal(verify(rsa_token(
                                claims_but("iss", "\"https://fetched.test\"")),
                         NOW, &principal, &err),
        VC_AGAIN);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_echo_is_bounded),
        cmocka_unit_test(test_principal),
        cmocka_unit_test(test_again),
    };

    return cmocka_run_group_tests(tests, token_set_up, token_tear_down);
}
