/* identity/token.h: verification, its refusals, and the cache of outcomes */

#include "identity_fixture.h"

#include "crypto/digest.h"
#include "identity/local_authority.h"
#include "identity/local_principals.h"
#include "identity/token.h"

#define ISSUER "https://sts.test/" TENANT "/"
#define AUDIENCE "https://vault.test"
#define OBJECT "99999999-0000-1111-2222-333333333333"

static fixture_t         f;
static json_t           *rsa, *rsa_other, *p256, *p384;
static vc_authorities_t *authorities;
static vc_str_t          audiences[] = {
             {(const uint8_t *) AUDIENCE, sizeof(AUDIENCE) - 1},
};


static char *
key_set(void)
{
    char   *text;
    size_t  i;
    json_t *list, *jwk, *set;

    struct {
        const char *kid;
        json_t     *key;
    } keys[] = {{"rsa", rsa}, {"ec256", p256}, {"ec384", p384}};

    list = json_array();

    for (i = 0; i < COUNT(keys); i++) {
        jwk = vc_jwk_public(keys[i].key);
        json_object_set_new(jwk, "kid", json_string(keys[i].kid));
        json_array_append_new(list, jwk);
    }

    /* one for a single algorithm */
    jwk = vc_jwk_public(rsa);
    json_object_set_new(jwk, "kid", json_string("rs256-only"));
    json_object_set_new(jwk, "alg", json_string("RS256"));
    json_array_append_new(list, jwk);

    set = json_pack("{s:o}", "keys", list);
    text = json_dumps(set, 0);
    json_decref(set);

    return text;
}


static int
set_up(void **state)
{
    char                  *text;
    vc_error_t             err;
    vc_authority_options_t options;

    (void) state;

    fixture_open(&f);
    rsa = make_key("RSA");
    rsa_other = make_key("RSA");
    p256 = make_key("P-256");
    p384 = make_key("P-384");

    memset(&options, 0, sizeof(options));
    text = key_set();
    options.issuer = VC_STR(ISSUER);
    options.audiences = audiences;
    options.audience_count = 1;
    options.algorithms = VC_ALG_ALL;
    options.jwks_json = vc_str(text);

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &authorities),
        VC_OK);
    assert_int_equal(vc_authorities_add(authorities, &options, &err), VC_OK);

    options.issuer = VC_STR("https://narrow.test");
    options.algorithms = VC_ALG_RS256;
    assert_int_equal(vc_authorities_add(authorities, &options, &err), VC_OK);

    options.issuer = VC_STR("https://fetched.test");
    options.jwks_json = VC_STR_NULL;
    options.jwks_url = VC_STR("http://127.0.0.1:1/");
    assert_int_equal(vc_authorities_add(authorities, &options, &err), VC_OK);

    free(text);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    vc_authorities_destroy(authorities);
    json_decref(rsa);
    json_decref(rsa_other);
    json_decref(p256);
    json_decref(p384);
    fixture_close(&f);

    return 0;
}


static json_t *
good_claims(void)
{
    return json_pack("{s:s,s:s,s:I,s:I,s:I,s:s,s:s,s:s,s:s}", "iss", ISSUER,
        "aud", AUDIENCE, "exp", (json_int_t) (NOW + 3600), "nbf",
        (json_int_t) NOW, "iat", (json_int_t) NOW, "tid", TENANT, "oid", OBJECT,
        "appid", "app-1", "idtyp", "app");
}


/* good claims with one replaced by JSON text, or removed if that is NULL */
static json_t *
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


static vc_status_t
verify(vc_str_t token, int64_t now, vc_principal_t **out, vc_error_t *err)
{
    vc_status_t     status;
    vc_authority_t *refresh;

    memset(err, 0, sizeof(*err));

    fixture_begin(&f);
    status = vc_token_verify(authorities, f.session, token, now, out, &refresh,
        err);
    vc_session_end(f.session);

    assert_int_equal(*out != NULL, status == VC_OK);
    assert_int_equal(refresh != NULL, status == VC_AGAIN);

    return status;
}


static void
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
            vc_str_dup(f.arena, (vc_str_t){token.data + token.len - 20, 20})));
    }
}


static void
assert_accepted(vc_str_t token)
{
    vc_error_t      err;
    vc_principal_t *principal;

    if (verify(token, NOW, &principal, &err) != VC_OK) {
        fail_msg("%s", err.message);
    }

    vc_principal_release(principal);
}


static vc_str_t
rsa_token(json_t *claims)
{
    return sign_token(f.arena, rsa, VC_ALG_RS256, "rsa", claims);
}


static void
test_header(void **state)
{
    size_t     i;
    vc_str_t   token;
    vc_error_t err;

    static const char *const missing[] = {"", "Bearer", "Bearer ", "Bearer   ",
        "Basic YTpi", "Bearertoken", "bearer a b", "PoP abc", " Bearer a"};
    static const char *const odd[] = {"Bearer a\tb", "Bearer \x01",
        "Bearer a\x80"};
    static const char *const good[] = {"Bearer abc.def", "bearer abc.def",
        "BEARER  abc.def", "Bearer abc.def "};

    (void) state;

    assert_int_equal(vc_token_from_header(VC_STR_NULL, &token, &err),
        VC_UNAUTHORIZED);

    for (i = 0; i < COUNT(missing); i++) {
        assert_int_equal(vc_token_from_header(vc_str(missing[i]), &token, &err),
            VC_UNAUTHORIZED);
        assert_string_equal(err.message,
            "AKV10000: Request is missing a Bearer or PoP token.");
        assert_int_equal(token.len, 0);
    }

    /* what cannot stand in a token is refused as a token */
    for (i = 0; i < COUNT(odd); i++) {
        assert_int_equal(vc_token_from_header(vc_str(odd[i]), &token, &err),
            VC_OK);
        assert_refused(token, "");
    }

    for (i = 0; i < COUNT(good); i++) {
        assert_int_equal(vc_token_from_header(vc_str(good[i]), &token, &err),
            VC_OK);
        assert_true(vc_str_eq(token, VC_STR("abc.def")));
    }
}


static void
test_every_algorithm(void **state)
{
    size_t i;

    struct {
        uint32_t    alg;
        const char *kid;
        json_t     *key;
    } cases[] = {
        {VC_ALG_RS256, "rsa", rsa},
        {VC_ALG_RS384, "rsa", rsa},
        {VC_ALG_RS512, "rsa", rsa},
        {VC_ALG_PS256, "rsa", rsa},
        {VC_ALG_PS384, "rsa", rsa},
        {VC_ALG_PS512, "rsa", rsa},
        {VC_ALG_ES256, "ec256", p256},
        {VC_ALG_ES384, "ec384", p384},
        {VC_ALG_RS256, "rs256-only", rsa},
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        assert_accepted(sign_token(f.arena, cases[i].key, cases[i].alg,
            cases[i].kid, good_claims()));
    }
}


static void
test_keys_and_algorithms_must_match(void **state)
{
    (void) state;

    /* signed by another key of that name */
    assert_refused(sign_token(f.arena, rsa_other, VC_ALG_RS256, "rsa",
                       good_claims()),
        "AKV10047");
    /* signed well, but naming a key of another kind */
    assert_refused(sign_token(f.arena, rsa, VC_ALG_RS256, "ec256",
                       good_claims()),
        "AKV10047");
    assert_refused(sign_token(f.arena, p256, VC_ALG_ES256, "ec384",
                       good_claims()),
        "AKV10047");
    assert_refused(sign_token(f.arena, p384, VC_ALG_ES384, "ec256",
                       good_claims()),
        "AKV10047");
    /* the key is for RS256 alone */
    assert_refused(sign_token(f.arena, rsa, VC_ALG_PS256, "rs256-only",
                       good_claims()),
        "AKV10047");
    /* so is the authority */
    assert_refused(sign_token(f.arena, rsa, VC_ALG_PS256, "rsa",
                       claims_but("iss", "\"https://narrow.test\"")),
        "AKV10042: Invalid signature algorithm. Expected one of RS256, found "
        "PS256.");
    assert_accepted(sign_token(f.arena, rsa, VC_ALG_RS256, "rsa",
        claims_but("iss", "\"https://narrow.test\"")));

    assert_refused(sign_token(f.arena, rsa, VC_ALG_RS256, "unknown",
                       good_claims()),
        "AKV10046: Unable to resolve the key used for signature validation.");
    assert_refused(sign_token(f.arena, rsa, VC_ALG_RS256, "RSA", good_claims()),
        "AKV10046");
    assert_refused(sign_token(f.arena, rsa, VC_ALG_RS256, "", good_claims()),
        "AKV10044");
}


static void
test_malformed(void **state)
{
    char    *claims;
    size_t   i;
    uint8_t *big;
    vc_str_t token;
    json_t  *value;

    static const struct {
        const char *header;
        const char *message;
    } headers[] = {
        {"{\"alg\":\"none\"}", "AKV10042"},
        {"{\"alg\":\"None\",\"kid\":\"rsa\"}", "AKV10042"},
        {"{\"alg\":\"HS256\",\"kid\":\"rsa\"}", "AKV10042"},
        {"{\"alg\":\"\\r\\n\",\"kid\":\"rsa\"}", "found ??."},
        {"{\"alg\":\"RS256\"}", "AKV10044"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"jku\":\"https://e\"}", "'jku'"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"x5u\":\"https://e\"}", "'x5u'"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"jwk\":{}}", "'jwk'"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"jku\":\"\",\"jwk\":{}}",
            "'jwk'"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"crit\":[\"b64\"]}", "'crit'"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"b64\":false}", "'b64'"},
        {"{\"alg\":\"RS256\",\"kid\":7}", "AKV10001"},
        {"{}", "AKV10001"},
        {"x", "AKV10001"},
    };

    (void) state;

    value = good_claims();
    claims = json_dumps(value, 0);
    json_decref(value);

    for (i = 0; i < COUNT(headers); i++) {
        assert_refused(raw_token(f.arena, headers[i].header, claims, ""),
            headers[i].message);
        assert_refused(raw_token(f.arena, headers[i].header, claims, "AAAA"),
            headers[i].message);
    }

    free(claims);

    assert_refused(VC_STR_NULL, "AKV10001");
    assert_refused(VC_STR("hello"), "AKV10001");

    big = vc_arena_alloc(f.arena, 65536);
    memset(big, 'A', 65536);
    assert_refused((vc_str_t){big, 65536}, "16384");

    token = rsa_token(good_claims());
    assert_accepted(token);

    for (i = 1; i < token.len; i += 13) {
        assert_refused((vc_str_t){token.data, token.len - i}, "AKV100");
    }
}


/* the public key, which everybody has, as the secret of an HMAC */
static void
test_hmac_with_public_key(void **state)
{
    char    *claims;
    uint8_t  key[32], mac[VC_SHA256_LEN];
    json_t  *value;
    vc_buf_t token;
    vc_str_t n;

    (void) state;

    value = good_claims();
    claims = json_dumps(value, 0);
    json_decref(value);

    assert_true(vc_base64url_decode(f.arena,
        vc_str(json_string_value(json_object_get(rsa, "n"))), &n));
    memcpy(key, n.data, sizeof(key));

    vc_buf_init(&token, f.arena, 1024);
    vc_base64url_encode(&token, VC_STR("{\"alg\":\"HS256\",\"kid\":\"rsa\"}"));
    vc_buf_u8(&token, '.');
    vc_base64url_encode(&token, vc_str(claims));
    assert_int_equal(vc_hmac_sha256(key, vc_buf_view(&token), mac), VC_OK);
    vc_buf_u8(&token, '.');
    vc_base64url_encode(&token, (vc_str_t){mac, sizeof(mac)});

    assert_refused(vc_buf_view(&token), "AKV10042");
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

    vc_buf_init(&buf, f.arena, 0);
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
    assert_non_null(
        strstr(vc_str_dup(f.arena, vc_buf_view(&buf)), ";numgroups=200;iss="));
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


/* --- the cache */

static vc_status_t
cached(vc_token_cache_t *cache, vc_str_t token, int64_t now,
    vc_principal_t **out)
{
    vc_error_t      err;
    vc_status_t     status;
    vc_authority_t *refresh;

    fixture_begin(&f);
    status = vc_token_cache_verify(cache, authorities, f.session, token, now,
        out, &refresh, &err);
    vc_session_end(f.session);

    return status;
}


static void
test_cache(void **state)
{
    size_t            i, k;
    vc_str_t          tokens[5];
    json_t           *claims;
    vc_principal_t   *first, *again;
    vc_token_cache_t *cache;

    (void) state;

    assert_int_equal(vc_token_cache_create((size_t) 1 << 30, &cache),
        VC_INVALID);
    vc_token_cache_destroy(NULL);
    assert_int_equal(vc_token_cache_create(3, &cache), VC_OK);

    for (i = 0; i < COUNT(tokens); i++) {
        claims = good_claims();
        json_object_set_new(claims, "uti", json_integer((json_int_t) i));
        tokens[i] = rsa_token(claims);
    }

    /* a hit is the same object */
    assert_int_equal(cached(cache, tokens[0], NOW, &first), VC_OK);
    assert_int_equal(first->references, 2);
    assert_int_equal(cached(cache, tokens[0], NOW, &again), VC_OK);
    assert_ptr_equal(first, again);
    assert_int_equal(first->references, 3);
    vc_principal_release(again);

    /* three fit; the one unused for longest makes room */
    for (i = 1; i < 3; i++) {
        assert_int_equal(cached(cache, tokens[i], NOW, &again), VC_OK);
        vc_principal_release(again);
    }

    assert_int_equal(cached(cache, tokens[0], NOW, &again), VC_OK);
    vc_principal_release(again);
    assert_int_equal(cached(cache, tokens[3], NOW, &again), VC_OK);
    vc_principal_release(again);
    assert_int_equal(first->references, 2); /* 0 is in, 1 is out */
    assert_int_equal(cached(cache, tokens[4], NOW, &again), VC_OK);
    vc_principal_release(again);
    assert_int_equal(cached(cache, tokens[1], NOW, &again), VC_OK);
    vc_principal_release(again);
    assert_int_equal(first->references, 1); /* now 0 is out */
    vc_principal_release(first);

    /* whatever the order of use */
    for (i = 0; i < 200; i++) {
        for (k = 0; k < COUNT(tokens); k++) {
            assert_int_equal(cached(cache, tokens[(i * k) % COUNT(tokens)], NOW,
                                 &again),
                VC_OK);
            vc_principal_release(again);
        }
    }

    vc_token_cache_clear(cache);
    assert_int_equal(cached(cache, tokens[0], NOW, &again), VC_OK);
    assert_int_equal(again->references, 2);
    vc_token_cache_destroy(cache);
    assert_int_equal(again->references, 1);
    vc_principal_release(again);
}


static void
test_cache_and_time(void **state)
{
    uint8_t          *altered;
    vc_str_t          token;
    vc_principal_t   *principal;
    vc_token_cache_t *cache;

    (void) state;

    assert_int_equal(vc_token_cache_create(0, &cache), VC_OK);
    token = rsa_token(good_claims());

    assert_int_equal(cached(cache, token, NOW, &principal), VC_OK);
    vc_principal_release(principal);
    assert_int_equal(cached(cache, token, NOW + 3659, &principal), VC_OK);
    vc_principal_release(principal);
    assert_int_equal(cached(cache, token, NOW + 3660, &principal),
        VC_UNAUTHORIZED);
    assert_null(principal);
    /* it was dropped, and is not taken back */
    assert_int_equal(cached(cache, token, NOW + 3660, &principal),
        VC_UNAUTHORIZED);

    /* a token that differs in its last character is another token */
    assert_int_equal(cached(cache, token, NOW, &principal), VC_OK);
    vc_principal_release(principal);
    altered = (uint8_t *) vc_str_dup(f.arena, token);
    altered[token.len - 3] ^= 1;
    assert_int_equal(cached(cache, (vc_str_t){altered, token.len}, NOW,
                         &principal),
        VC_UNAUTHORIZED);
    assert_int_equal(cached(cache, (vc_str_t){altered, 0}, NOW, &principal),
        VC_UNAUTHORIZED);

    vc_token_cache_destroy(cache);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_every_algorithm),
        cmocka_unit_test(test_keys_and_algorithms_must_match),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_hmac_with_public_key),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_echo_is_bounded),
        cmocka_unit_test(test_principal),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_cache),
        cmocka_unit_test(test_cache_and_time),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
