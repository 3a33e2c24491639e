#include "attestation_fixture.h"

attestation_fixture_t attester;


static void
add_authority(const char *issuer, const char *jwks, const char *url,
    const char *audience)
{
    vc_str_t               audiences[1];
    vc_error_t             err;
    vc_authority_options_t options;

    memset(&options, 0, sizeof(options));
    audiences[0] = vc_str(audience);
    options.issuer = vc_str(issuer);
    options.audiences = audiences;
    options.audience_count = (audience == NULL) ? 0 : 1;
    options.audience_optional = true;
    options.jwks_json = vc_str(jwks);
    options.jwks_url = vc_str(url);

    assert_int_equal(vc_authorities_add(attester.authorities, &options, &err),
        VC_OK);
}


int
attestation_set_up(void **state)
{
    char   *text;
    json_t *jwk, *set;

    (void) state;

    vc_json_secure_memory();
    attester.arena = vc_arena_create(8192);
    attester.rsa = make_key("RSA");
    attester.other = make_key("RSA");
    attester.target = make_key("RSA");
    /* 129 bytes of a modulus: libjose would make none so small */
    attester.small = json_pack("{s:s,s:s#,s:s}", "kty", "RSA", "n",
        json_string_value(json_object_get(attester.target, "n")), 172, "e",
        "AQAB");
    assert_non_null(attester.small);

    jwk = vc_jwk_public(attester.rsa);
    json_object_set_new(jwk, "kid", json_string("k1"));
    set = json_pack("{s:[o]}", "keys", jwk);
    text = json_dumps(set, 0);
    json_decref(set);

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0,
                         &attester.authorities),
        VC_OK);
    add_authority(ISSUER, text, NULL, NULL);
    add_authority("https://strict.test", text, NULL, "https://vault.test");
    add_authority("https://fetched.test", NULL, "http://127.0.0.1:1/", NULL);
    free(text);

    return 0;
}


int
attestation_tear_down(void **state)
{
    (void) state;

    vc_authorities_destroy(attester.authorities);
    json_decref(attester.rsa);
    json_decref(attester.other);
    json_decref(attester.target);
    json_decref(attester.small);
    vc_arena_destroy(attester.arena);

    return 0;
}


const char *
key_with(const json_t *key, const char *members)
{
    char       *text;
    json_t     *jwk, *more;
    const char *kept;

    jwk = vc_jwk_public(key);
    json_object_del(jwk, "key_ops");
    json_object_del(jwk, "use");
    json_object_del(jwk, "alg");
    more = json_loads(members, 0, NULL);
    assert_non_null(more);
    assert_int_equal(json_object_update(jwk, more), 0);
    json_decref(more);

    text = json_dumps(jwk, 0);
    json_decref(jwk);
    kept = vc_str_dup(attester.arena, vc_str(text));
    free(text);

    return kept;
}


void
set_json(json_t *claims, const char *name, const char *text)
{
    json_t *value;

    value = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    json_object_set_new(claims, name, value);
}


json_t *
claims_but(const char *name, const char *text)
{
    json_t  *claims;
    vc_buf_t runtime;

    claims = json_pack("{s:s,s:I,s:I,s:I,s:s}", "iss", ISSUER, "exp",
        (json_int_t) (NOW + 3600), "nbf", (json_int_t) NOW, "iat",
        (json_int_t) NOW, "x-ms-attestation-type", "sevsnpvm");

    vc_buf_init(&runtime, attester.arena, 1024);
    vc_buf_printf(&runtime, RUNTIME("%s"),
        key_with(attester.target, "{\"kid\":\"t\",\"key_ops\":[\"encrypt\"]}"));
    vc_buf_u8(&runtime, '\0');
    set_json(claims, "x-ms-runtime", (const char *) runtime.data);

    if (name != NULL && text == NULL) {
        json_object_del(claims, name);

    } else if (name != NULL) {
        set_json(claims, name, text);
    }

    return claims;
}


vc_str_t
token_but(const char *name, const char *text)
{
    return sign_token(attester.arena, attester.rsa, VC_ALG_RS256, "k1",
        claims_but(name, text));
}


vc_status_t
verify(vc_str_t token, vc_attestation_t *out, vc_error_t *err)
{
    vc_status_t     status;
    vc_authority_t *refresh;

    memset(err, 0, sizeof(*err));
    status = vc_attestation_verify(attester.authorities, token, NOW, out,
        &refresh, err);

    assert_int_equal(out->claims != NULL, status == VC_OK);
    assert_int_equal(out->target != NULL, status == VC_OK);
    assert_int_equal(refresh != NULL, status == VC_AGAIN);

    return status;
}


void
assert_refused(vc_str_t token, vc_status_t expected, const char *message)
{
    vc_error_t       err;
    vc_status_t      status;
    vc_attestation_t attestation;

    status = verify(token, &attestation, &err);

    if (status != expected || err.status != expected
        || strstr(err.message, "The attestation token ") == NULL
        || strstr(err.message, message) == NULL)
    {
        fail_msg("expected \"%s\", got %s, \"%s\"", message,
            vc_status_name(status), err.message);
    }

    vc_attestation_clear(&attestation);
}
