/* identity/attestation.h: whose word counts, and for which key */

#include "identity_fixture.h"

#include <jose/jws.h>

#include "identity/attestation.h"

#define ISSUER "https://attest.test"
#define RUNTIME(keys) "{\"keys\":[" keys "]}"

static vc_arena_t       *arena;
static json_t           *rsa, *other, *target, *small;
static vc_authorities_t *authorities;


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

    assert_int_equal(vc_authorities_add(authorities, &options, &err), VC_OK);
}


static int
set_up(void **state)
{
    char   *text;
    json_t *jwk, *set;

    (void) state;

    vc_json_secure_memory();
    arena = vc_arena_create(8192);
    rsa = make_key("RSA");
    other = make_key("RSA");
    target = make_key("RSA");
    /* 129 bytes of a modulus: libjose would make none so small */
    small = json_pack("{s:s,s:s#,s:s}", "kty", "RSA", "n",
        json_string_value(json_object_get(target, "n")), 172, "e", "AQAB");
    assert_non_null(small);

    jwk = vc_jwk_public(rsa);
    json_object_set_new(jwk, "kid", json_string("k1"));
    set = json_pack("{s:[o]}", "keys", jwk);
    text = json_dumps(set, 0);
    json_decref(set);

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &authorities),
        VC_OK);
    add_authority(ISSUER, text, NULL, NULL);
    add_authority("https://strict.test", text, NULL, "https://vault.test");
    add_authority("https://fetched.test", NULL, "http://127.0.0.1:1/", NULL);
    free(text);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    vc_authorities_destroy(authorities);
    json_decref(rsa);
    json_decref(other);
    json_decref(target);
    json_decref(small);
    vc_arena_destroy(arena);

    return 0;
}


/* the public part of a key with the members of a JSON text, as text */
static const char *
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
    kept = vc_str_dup(arena, vc_str(text));
    free(text);

    return kept;
}


static void
set_json(json_t *claims, const char *name, const char *text)
{
    json_t *value;

    value = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    json_object_set_new(claims, name, value);
}


/* good ones with one replaced by JSON text, or removed if that is NULL */
static json_t *
claims_but(const char *name, const char *text)
{
    json_t  *claims;
    vc_buf_t runtime;

    claims = json_pack("{s:s,s:I,s:I,s:I,s:s}", "iss", ISSUER, "exp",
        (json_int_t) (NOW + 3600), "nbf", (json_int_t) NOW, "iat",
        (json_int_t) NOW, "x-ms-attestation-type", "sevsnpvm");

    vc_buf_init(&runtime, arena, 1024);
    vc_buf_printf(&runtime, RUNTIME("%s"),
        key_with(target, "{\"kid\":\"t\",\"key_ops\":[\"encrypt\"]}"));
    vc_buf_u8(&runtime, '\0');
    set_json(claims, "x-ms-runtime", (const char *) runtime.data);

    if (name != NULL && text == NULL) {
        json_object_del(claims, name);

    } else if (name != NULL) {
        set_json(claims, name, text);
    }

    return claims;
}


static vc_str_t
token_but(const char *name, const char *text)
{
    return sign_token(arena, rsa, VC_ALG_RS256, "k1", claims_but(name, text));
}


/* good claims, signed well under the header of that JSON text */
static vc_str_t
token_with_header(const char *header)
{
    char    *claims;
    json_t  *value, *jws, *signature;
    vc_buf_t token;
    const char *protected;

    value = claims_but(NULL, NULL);
    claims = json_dumps(value, 0);
    json_decref(value);

    vc_buf_init(&token, arena, 1024);
    vc_base64url_encode(&token, vc_str(claims));
    free(claims);

    jws = json_pack("{s:s%}", "payload", token.data, token.len);
    signature = json_object();
    set_json(signature, "protected", header);
    assert_true(jose_jws_sig(NULL, jws, signature, rsa));
    json_decref(signature);

    protected = json_string_value(json_object_get(jws, "protected"));
    token.len = 0;
    vc_buf_printf(&token, "%s.%s.%s", protected,
        json_string_value(json_object_get(jws, "payload")),
        json_string_value(json_object_get(jws, "signature")));
    json_decref(jws);

    return vc_buf_view(&token);
}


static vc_status_t
verify(vc_str_t token, vc_attestation_t *out, vc_error_t *err)
{
    vc_status_t     status;
    vc_authority_t *refresh;

    memset(err, 0, sizeof(*err));
    status = vc_attestation_verify(authorities, token, NOW, out, &refresh, err);

    assert_int_equal(out->claims != NULL, status == VC_OK);
    assert_int_equal(out->target != NULL, status == VC_OK);
    assert_int_equal(refresh != NULL, status == VC_AGAIN);

    return status;
}


static void
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


static void
assert_accepted(vc_str_t token)
{
    vc_error_t       err;
    vc_attestation_t attestation;

    if (verify(token, &attestation, &err) != VC_OK) {
        fail_msg("%s", err.message);
    }

    vc_attestation_clear(&attestation);
    assert_null(attestation.claims);
    vc_attestation_clear(&attestation);
}


static void
test_misuse(void **state)
{
    size_t            i;
    vc_str_t          token;
    vc_error_t        err;
    vc_authority_t   *refresh;
    vc_attestation_t  attestation;
    vc_authorities_t *nobody;

    static const char *const malformed[] = {"", "hello", "a.b", "..",
        "eyJhbGciOiJSUzI1NiJ9.e30", "eyJhbGciOiJSUzI1NiJ9.W10.AAAA"};

    (void) state;

    for (i = 0; i < COUNT(malformed); i++) {
        assert_refused(vc_str(malformed[i]), VC_BAD_PARAMETER, "malformed");
    }

    token = token_but(NULL, NULL);
    assert_accepted(token);
    assert_refused((vc_str_t){token.data, token.len / 2}, VC_BAD_PARAMETER,
        "malformed");

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &nobody), VC_OK);
    assert_int_equal(vc_attestation_verify(nobody, token, NOW, &attestation,
                         &refresh, &err),
        VC_ACCESS_DENIED);
    assert_non_null(strstr(err.message, "trusts no attestation authority"));
    assert_int_equal(vc_attestation_verify(nobody, token, NOW, &attestation,
                         &refresh, NULL),
        VC_ACCESS_DENIED);
    vc_authorities_destroy(nobody);
}


static void
test_headers(void **state)
{
    static const struct {
        const char *header;
        const char *message; /* NULL: accepted */
    } cases[] = {
        {"{\"alg\":\"RS256\",\"kid\":\"k1\"}", NULL},
        {"{\"alg\":\"PS256\",\"kid\":\"k1\"}", NULL},
        /* looked for nowhere: nobody listens there */
        {"{\"alg\":\"RS256\",\"kid\":\"k1\",\"jku\":\"http://127.0.0.1:1/\"}",
            NULL},
        {"{\"alg\":\"RS256\",\"kid\":\"k1\",\"x5u\":\"https://e\"}", "'x5u'"},
        {"{\"alg\":\"RS256\",\"kid\":\"k1\",\"jku\":\"https://e\","
         "\"x5u\":\"https://e\"}",
            "'x5u'"},
        {"{\"alg\":\"RS256\",\"kid\":\"k1\",\"jwk\":{}}", "'jwk'"},
        {"{\"alg\":\"RS512\",\"kid\":\"k1\"}", "AKV10042"},
        {"{\"alg\":\"RS256\"}", "AKV10044"},
        {"{\"alg\":\"RS256\",\"kid\":\"\"}", "AKV10044"},
        {"{\"alg\":\"RS256\",\"kid\":\"k2\"}", "AKV10046"},
    };

    size_t i;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        if (cases[i].message == NULL) {
            assert_accepted(token_with_header(cases[i].header));
            continue;
        }

        assert_refused(token_with_header(cases[i].header), VC_ACCESS_DENIED,
            cases[i].message);
    }

    /* these parts are no token of ours at all */
    assert_refused(token_with_header(
                       "{\"alg\":\"RS256\",\"kid\":\"k1\",\"crit\":[\"x\"]}"),
        VC_BAD_PARAMETER, "'crit'");
}


static void
test_forged(void **state)
{
    char    *claims;
    json_t  *value;
    uint8_t *altered;
    vc_str_t token;

    (void) state;

    assert_refused(sign_token(arena, other, VC_ALG_RS256, "k1",
                       claims_but(NULL, NULL)),
        VC_ACCESS_DENIED, "AKV10047");

    token = token_but(NULL, NULL);
    altered = (uint8_t *) vc_str_dup(arena, token);
    altered[token.len - 3] = (altered[token.len - 3] == 'A') ? 'B' : 'A';
    assert_refused((vc_str_t){altered, token.len}, VC_ACCESS_DENIED,
        "AKV10047");

    /* signed by nobody */
    value = claims_but(NULL, NULL);
    claims = json_dumps(value, 0);
    json_decref(value);
    assert_refused(raw_token(arena, "{\"alg\":\"none\"}", claims, ""),
        VC_ACCESS_DENIED, "AKV10042");
    assert_refused(raw_token(arena, "{\"alg\":\"none\",\"kid\":\"k1\"}", claims,
                       ""),
        VC_ACCESS_DENIED, "AKV10042");
    assert_refused(raw_token(arena, "{\"alg\":\"HS256\",\"kid\":\"k1\"}",
                       claims, "AAAA"),
        VC_ACCESS_DENIED, "AKV10042");
    assert_refused(raw_token(arena, "{\"alg\":\"RS256\",\"kid\":\"k1\"}",
                       claims, ""),
        VC_ACCESS_DENIED, "AKV10047");
    free(claims);
}


static void
test_claims(void **state)
{
    static const struct {
        const char *name;
        const char *json;    /* NULL: without it */
        const char *message; /* NULL: accepted */
    } cases[] = {
        {"iss", NULL, "AKV10032: Invalid issuer. Expected one of " ISSUER},
        {"iss", "\"https://evil.test\"", ", found https://evil.test."},
        {"iss", "\"" ISSUER "/\"", "AKV10032"},
        {"iss", "[\"" ISSUER "\"]", "AKV10032"}, {"exp", NULL, "AKV10003"},
        {"exp", "\"1800003600\"", "AKV10003"},
        {"exp", "1799999941", NULL}, /* within the leeway */
        {"exp", "1799999940", "AKV10004: The token has expired"},
        {"nbf", NULL, NULL}, {"nbf", "1800000060", NULL},
        {"nbf", "1800000061", "AKV10005"}, {"iat", "1800086400", "AKV10005"},
        {"aud", "\"https://anybody.test\"", NULL}, /* none is asked for */
        {"tid", "\"another tenant\"", NULL},       /* of a principal only */
    };

    size_t i;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        if (cases[i].message == NULL) {
            assert_accepted(token_but(cases[i].name, cases[i].json));
            continue;
        }

        assert_refused(token_but(cases[i].name, cases[i].json),
            VC_ACCESS_DENIED, cases[i].message);
    }
}


static vc_str_t
strict_token(const char *audience)
{
    json_t *claims;

    claims = claims_but("iss", "\"https://strict.test\"");

    if (audience != NULL) {
        set_json(claims, "aud", audience);
    }

    return sign_token(arena, rsa, VC_ALG_RS256, "k1", claims);
}


static void
test_audience(void **state)
{
    (void) state;

    assert_refused(strict_token(NULL), VC_ACCESS_DENIED, "AKV10022");
    assert_refused(strict_token("\"https://other.test\""), VC_ACCESS_DENIED,
        "AKV10022: Invalid audience. Expected https://vault.test, found: "
        "https://other.test.");
    assert_accepted(strict_token("\"https://vault.test/\""));
    assert_accepted(
        strict_token("[\"https://other.test\",\"https://vault.test\"]"));
}


/* the keys have to be fetched first */
static void
test_again(void **state)
{
    vc_error_t       err;
    vc_attestation_t attestation;

    (void) state;

    assert_int_equal(verify(token_but("iss", "\"https://fetched.test\""),
                         &attestation, &err),
        VC_AGAIN);
}


static void
assert_target(const char *name, const char *claim, const char *kid)
{
    vc_error_t       err;
    vc_attestation_t attestation;

    if (verify(token_but(name, claim), &attestation, &err) != VC_OK) {
        fail_msg("%s: %s", claim, err.message);
    }

    assert_true(vc_str_eq(attestation.issuer, VC_STR(ISSUER)));
    assert_string_equal(json_string_value(json_object_get(attestation.claims,
                            "x-ms-attestation-type")),
        "sevsnpvm");
    assert_string_equal(json_string_value(
                            json_object_get(attestation.target, "kid")),
        kid);
    assert_int_equal(json_object_size(attestation.target), 4);
    assert_true(json_equal(json_object_get(attestation.target, "n"),
        json_object_get(target, "n")));
    vc_attestation_clear(&attestation);
}


static void
test_targets(void **state)
{
    static const char *const unfit[] = {"{}", "{\"use\":\"sig\"}",
        "{\"key_ops\":[]}", "{\"key_ops\":\"encrypt\"}",
        "{\"key_ops\":[\"verify\",7]}",
        "{\"use\":\"sig\",\"key_ops\":[\"encrypt\"]}",
        "{\"use\":\"enc\",\"key_ops\":[\"verify\"]}",
        "{\"use\":7,\"key_ops\":[\"encrypt\"]}",
        "{\"use\":\"enc\",\"kty\":\"EC\"}", "{\"use\":\"enc\",\"n\":7}",
        "{\"use\":\"enc\",\"n\":\"!\"}", "{\"use\":\"enc\",\"e\":\"\"}"};
    static const char *const none[] = {"null", "{}", "[]", "7", "{\"keys\":{}}",
        "{\"keys\":[]}", "{\"keys\":[7,null,[],{}]}", "{\"keys\":\"x\"}"};

    char        text[4096];
    size_t      i;
    const char *good;

    (void) state;

    assert_refused(token_but("x-ms-runtime", NULL), VC_BAD_PARAMETER,
        "names no key to release to");

    for (i = 0; i < COUNT(none); i++) {
        assert_refused(token_but("x-ms-runtime", none[i]), VC_BAD_PARAMETER,
            "x-ms-runtime.keys an RSA key of 2048 bits or more");
    }

    good = key_with(target, "{\"kid\":\"t\",\"use\":\"enc\",\"alg\":\"x\"}");

    for (i = 0; i < COUNT(unfit); i++) {
        (void) snprintf(text, sizeof(text), RUNTIME("%s"),
            key_with(target, unfit[i]));
        assert_refused(token_but("x-ms-runtime", text), VC_BAD_PARAMETER,
            "names no key");

        /* one that is unfit stands in nobody's way */
        (void) snprintf(text, sizeof(text), RUNTIME("%s,%s"),
            key_with(target, unfit[i]), good);
        assert_target("x-ms-runtime", text, "t");
    }

    (void) snprintf(text, sizeof(text), RUNTIME("%s"),
        key_with(small, "{\"use\":\"enc\"}"));
    assert_refused(token_but("x-ms-runtime", text), VC_BAD_PARAMETER,
        "2048 bits");

    /* the first that fits */
    (void) snprintf(text, sizeof(text), RUNTIME("%s,%s"),
        key_with(target,
            "{\"kid\":\"u\",\"key_ops\":[\"wrapKey\",\"encrypt\"]}"),
        key_with(other, "{\"kid\":\"v\",\"use\":\"enc\"}"));
    assert_target("x-ms-runtime", text, "u");

    (void) snprintf(text, sizeof(text), "[%s]", good);
    assert_target("x-ms-runtime.keys", text, "t");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_forged),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_audience),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_targets),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
