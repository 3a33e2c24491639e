#include "token_fixture.h"

static vc_str_t audiences[] = {
    {(const uint8_t *) AUDIENCE, sizeof(AUDIENCE) - 1},
};

token_fixture_t sts;


static char *
key_set(void)
{
    char   *text;
    size_t  i;
    json_t *list, *jwk, *set;

    struct {
        const char *kid;
        json_t     *key;
    } keys[] = {{"rsa", sts.rsa}, {"ec256", sts.p256}, {"ec384", sts.p384}};

    list = json_array();

    for (i = 0; i < COUNT(keys); i++) {
        jwk = vc_jwk_public(keys[i].key);
        json_object_set_new(jwk, "kid", json_string(keys[i].kid));
        json_array_append_new(list, jwk);
    }

    /* one for a single algorithm */
    jwk = vc_jwk_public(sts.rsa);
    json_object_set_new(jwk, "kid", json_string("rs256-only"));
    json_object_set_new(jwk, "alg", json_string("RS256"));
    json_array_append_new(list, jwk);

    set = json_pack("{s:o}", "keys", list);
    text = json_dumps(set, 0);
    json_decref(set);

    return text;
}


int
token_set_up(void **state)
{
    char                  *text;
    vc_error_t             err;
    vc_authority_options_t options;

    (void) state;

    fixture_open(&sts.f);
    sts.rsa = make_key("RSA");
    sts.rsa_other = make_key("RSA");
    sts.p256 = make_key("P-256");
    sts.p384 = make_key("P-384");

    memset(&options, 0, sizeof(options));
    text = key_set();
    options.issuer = VC_STR(ISSUER);
    options.audiences = audiences;
    options.audience_count = 1;
    options.algorithms = VC_ALG_ALL;
    options.jwks_json = vc_str(text);

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &sts.authorities),
        VC_OK);
    assert_int_equal(vc_authorities_add(sts.authorities, &options, &err),
        VC_OK);

    options.issuer = VC_STR("https://narrow.test");
    options.algorithms = VC_ALG_RS256;
    assert_int_equal(vc_authorities_add(sts.authorities, &options, &err),
        VC_OK);

    options.issuer = VC_STR("https://fetched.test");
    options.jwks_json = VC_STR_NULL;
    options.jwks_url = VC_STR("http://127.0.0.1:1/");
    assert_int_equal(vc_authorities_add(sts.authorities, &options, &err),
        VC_OK);

    free(text);

    return 0;
}


int
token_tear_down(void **state)
{
    (void) state;

    vc_authorities_destroy(sts.authorities);
    json_decref(sts.rsa);
    json_decref(sts.rsa_other);
    json_decref(sts.p256);
    json_decref(sts.p384);
    fixture_close(&sts.f);

    return 0;
}


json_t *
good_claims(void)
{
    return json_pack("{s:s,s:s,s:I,s:I,s:I,s:s,s:s,s:s,s:s}", "iss", ISSUER,
        "aud", AUDIENCE, "exp", (json_int_t) (NOW + 3600), "nbf",
        (json_int_t) NOW, "iat", (json_int_t) NOW, "tid", TENANT, "oid", OBJECT,
        "appid", "app-1", "idtyp", "app");
}


json_t *
claims_but(const char *name, const char *json)
{
    json_t *claims, *value;

    claims = good_claims();

    if (json == NULL) {
        json_object_del(claims, name);
        return claims;
    }

    value = json_loads(json, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    json_object_set_new(claims, name, value);

    return claims;
}


vc_str_t
rsa_token(json_t *claims)
{
    return sign_token(sts.f.arena, sts.rsa, VC_ALG_RS256, "rsa", claims);
}


vc_status_t
verify(vc_str_t token, int64_t now, vc_principal_t **out, vc_error_t *err)
{
    vc_status_t     status;
    vc_authority_t *refresh;

    memset(err, 0, sizeof(*err));

    fixture_begin(&sts.f);
    status = vc_token_verify(sts.authorities, sts.f.session, token, now, out,
        &refresh, err);
    vc_session_end(sts.f.session);

    assert_int_equal(*out != NULL, status == VC_OK);
    assert_int_equal(refresh != NULL, status == VC_AGAIN);

    return status;
}


void
assert_refused(vc_str_t token, const char *message)
{
    vc_error_t      err;
    vc_principal_t *principal;

    assert_int_equal(verify(token, NOW, &principal, &err), VC_UNAUTHORIZED);
    assert_int_equal(err.status, VC_UNAUTHORIZED);

    if (strstr(err.message, message) == NULL) {
        fail_msg("expected \"%s\", got \"%s\"", message, err.message);
    }

    /* never the token itself */
    if (token.len > 40) {
        assert_null(strstr(err.message,
            vc_str_dup(sts.f.arena,
                (vc_str_t){token.data + token.len - 20, 20})));
    }
}


void
assert_accepted(vc_str_t token)
{
    vc_error_t      err;
    vc_principal_t *principal;

    if (verify(token, NOW, &principal, &err) != VC_OK) {
        fail_msg("%s", err.message);
    }

    vc_principal_release(principal);
}
