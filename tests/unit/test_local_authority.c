/* identity/local_authority.h: discovery, keys, and the token endpoint */

#include "identity_fixture.h"

#include "base/clock.h"
#include "identity/form.h"
#include "identity/local_authority.h"
#include "identity/local_principals.h"
#include "identity/token.h"

#define BASE "https://login.test:8443"
#define RESOURCE "https://vault.test:8443"
#define NOBODY "00000000-0000-0000-0000-000000000001"
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

static fixture_t            f;
static vc_str_t             audiences[2];
static vc_local_authority_t authority;
static vc_local_principal_t app;
static char                 secret[VC_CLIENT_SECRET_LEN + 1];
static EVP_PKEY            *key, *expired_key, *other_key;
static json_t              *jwk, *expired_jwk, *other_jwk;


/* a private JWK of an OpenSSL key, so that both sides sign with the same */
static json_t *
private_jwk(EVP_PKEY *pkey)
{
    static const struct {
        const char *jwk;
        const char *param;
    } names[] = {{"n", "n"}, {"e", "e"}, {"d", "d"}, {"p", "rsa-factor1"},
        {"q", "rsa-factor2"}, {"dp", "rsa-exponent1"}, {"dq", "rsa-exponent2"},
        {"qi", "rsa-coefficient1"}};

    size_t   i;
    json_t  *out;
    BIGNUM  *number;
    uint8_t  bytes[512];
    vc_buf_t text;

    out = json_pack("{s:s}", "kty", "RSA");

    for (i = 0; i < COUNT(names); i++) {
        number = NULL;
        assert_int_equal(EVP_PKEY_get_bn_param(pkey, names[i].param, &number),
            1);
        vc_buf_init(&text, f.arena, 400);
        vc_base64url_encode(&text,
            (vc_str_t){bytes, (size_t) BN_bn2bin(number, bytes)});
        json_object_set_new(out, names[i].jwk,
            json_stringn((const char *) text.data, text.len));
        BN_clear_free(number);
    }

    return out;
}


static int
set_up(void **state)
{
    char                kid[64];
    vc_str_t            certificates[2];
    vc_error_t          err;
    vc_principal_spec_t spec;

    (void) state;

    fixture_open(&f);

    audiences[0] = VC_STR(RESOURCE);
    audiences[1] = VC_STR("https://management.test:8443/");
    authority.base_url = VC_STR(BASE);
    authority.tenant = VC_STR(TENANT);
    authority.audiences = audiences;
    authority.audience_count = 2;
    authority.token_lifetime = VC_TOKEN_LIFETIME;

    key = EVP_RSA_gen(2048);
    expired_key = EVP_RSA_gen(2048);
    other_key = EVP_RSA_gen(2048);
    jwk = private_jwk(key);
    expired_jwk = private_jwk(expired_key);
    other_jwk = private_jwk(other_key);

    memset(&spec, 0, sizeof(spec));
    spec.name = VC_STR("app");
    spec.with_secret = true;
    spec.certificates = certificates;
    spec.certificate_count = 2;
    certificates[0] = make_certificate(f.arena, key, 4900000000);
    certificates[1] = make_certificate(f.arena, expired_key, NOW - 1);

    assert_int_equal(vc_local_authority_rotate(f.session, f.arena, kid,
                         sizeof(kid), &err),
        VC_OK);
    assert_int_equal(vc_local_principal_create(f.session, f.arena, &spec, &app,
                         secret, &err),
        VC_OK);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    vc_local_principal_clear(&app);
    json_decref(jwk);
    json_decref(expired_jwk);
    json_decref(other_jwk);
    EVP_PKEY_free(key);
    EVP_PKEY_free(expired_key);
    EVP_PKEY_free(other_key);
    fixture_close(&f);

    return 0;
}


/* --- asking for tokens */

typedef struct {
    int      http;
    json_t  *json;
    vc_str_t client, result;
} answer_t;


static answer_t
ask_at(vc_str_t body, int64_t now)
{
    answer_t answer;
    vc_buf_t out;

    vc_buf_init(&out, f.arena, 0);
    fixture_begin(&f);
    assert_int_equal(vc_local_authority_token(&authority, f.session, f.arena,
                         body, now, NULL, &out, &answer.http, &answer.client,
                         &answer.result),
        VC_OK);
    vc_session_end(f.session);

    answer.json = json_loadb((const char *) out.data, out.len,
        JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(answer.json);
    assert_int_equal(answer.http == 200, answer.result.len == 0);

    return answer;
}


static answer_t ask(const char *fmt, ...) VC_PRINTF(1, 2);

static answer_t
ask(const char *fmt, ...)
{
    char    body[20000];
    va_list args;

    va_start(args, fmt);
    assert_in_range(vsnprintf(body, sizeof(body), fmt, args), 0,
        sizeof(body) - 1);
    va_end(args);

    return ask_at(vc_str(body), NOW);
}


static void
assert_answer(answer_t answer, int http, const char *error, int code,
    const char *text)
{
    char        head[32];
    const char *description;

    description = json_string_value(
        json_object_get(answer.json, "error_description"));
    (void) snprintf(head, sizeof(head), "AADSTS%d: ", code);

    if (answer.http != http || description == NULL
        || strncmp(description, head, strlen(head)) != 0
        || strstr(description, text) == NULL)
    {
        fail_msg("expected %d %s%s, got %d %s", http, head, text, answer.http,
            description == NULL ? "a token" : description);
    }

    assert_string_equal(json_string_value(
                            json_object_get(answer.json, "error")),
        error);
    assert_int_equal(json_integer_value(
                         json_array_get(json_object_get(answer.json,
                                            "error_codes"),
                             0)),
        code);
    assert_true(vc_guid_valid(vc_str(
        json_string_value(json_object_get(answer.json, "correlation_id")))));
    assert_true(vc_guid_valid(
        vc_str(json_string_value(json_object_get(answer.json, "trace_id")))));
    assert_string_equal(json_string_value(
                            json_object_get(answer.json, "timestamp")),
        "2027-01-15 08:00:00Z");
    assert_true(vc_str_eq(answer.result, vc_str(description)));
    assert_null(json_object_get(answer.json, "access_token"));
    json_decref(answer.json);
}


/* the access token of a good answer, in the arena */
static vc_str_t
token_of(answer_t answer)
{
    char *token;

    if (answer.http != 200) {
        fail_msg("%.*s", VC_STR_ARG(answer.result));
    }

    assert_string_equal(json_string_value(
                            json_object_get(answer.json, "token_type")),
        "Bearer");
    assert_int_equal(json_integer_value(
                         json_object_get(answer.json, "expires_in")),
        3599);
    assert_int_equal(json_integer_value(
                         json_object_get(answer.json, "ext_expires_in")),
        3599);
    assert_true(vc_str_eq(answer.client, vc_str(app.client_id)));

    token = vc_str_dup(f.arena,
        vc_str(
            json_string_value(json_object_get(answer.json, "access_token"))));
    json_decref(answer.json);

    return vc_str(token);
}


static vc_str_t
token_by_secret(void)
{
    return token_of(ask("client_id=%s&grant_type=client_credentials&"
                        "client_secret=%s&scope=%s%%2F.default",
        app.client_id, secret, "https%3A%2F%2Fvault.test%3A8443"));
}


static vc_authorities_t *
make_authorities(void)
{
    vc_buf_t          issuer;
    vc_error_t        err;
    vc_authorities_t *authorities;

    vc_buf_init(&issuer, f.arena, 0);
    vc_local_authority_issuer(&authority, &issuer);
    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &authorities),
        VC_OK);
    assert_int_equal(vc_authorities_add_local(authorities, vc_buf_view(&issuer),
                         VC_STR_NULL, audiences, 2, &err),
        VC_OK);

    return authorities;
}


static vc_status_t
verify(vc_authorities_t *authorities, vc_str_t token, int64_t now,
    vc_principal_t **out, vc_error_t *err)
{
    vc_status_t     status;
    vc_authority_t *refresh;

    fixture_begin(&f);
    status = vc_token_verify(authorities, f.session, token, now, out, &refresh,
        err);
    vc_session_end(f.session);

    return status;
}


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

    assert_int_equal(vc_form_parse(f.arena, VC_STR_NULL, &form), VC_OK);
    assert_int_equal(form.count, 0);

    for (i = 0; i < COUNT(bad); i++) {
        assert_int_equal(vc_form_parse(f.arena, vc_str(bad[i]), &form),
            VC_INVALID);
    }

    assert_int_equal(vc_form_parse(f.arena,
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

    vc_buf_init(&many, f.arena, 0);
    for (i = 0; i <= VC_FORM_FIELDS_MAX; i++) {
        vc_buf_text(&many, "a=1&");
    }
    assert_int_equal(vc_form_parse(f.arena, vc_buf_view(&many), &form),
        VC_INVALID);
    vc_buf_reserve(&many, VC_FORM_BYTES_MAX);
    assert_int_equal(vc_form_parse(f.arena, vc_buf_view(&many), &form),
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
        vc_buf_init(&out, f.arena, 0);
        vc_local_authority_discovery(&authority, cases[i].adfs, &out);
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

    vc_buf_init(&out, f.arena, 0);
    fixture_begin(&f);
    assert_int_equal(vc_local_authority_jwks(f.session, f.arena, &out), VC_OK);
    vc_session_end(f.session);

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
    assert_string_equal(vc_jwk_thumbprint(f.arena, entry),
        json_string_value(json_object_get(entry, "kid")));
    json_decref(document);
}


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
        app.client_id, secret);
    assert_true(vc_str_eq(answer.client, vc_str(app.client_id)));
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
            app.client_id, secret, scopes[i]));

        assert_int_equal(verify(authorities, token, NOW, &p, &err), VC_OK);
        assert_true(p->local);
        assert_true(p->generation == app.generation);
        assert_true(vc_str_eq(p->object_id, vc_str(app.object_id)));
        assert_true(vc_str_eq(p->application_id, vc_str(app.client_id)));
        assert_true(p->expires == NOW + 3600);
        assert_false(p->user);
        vc_principal_release(p);
    }

    /* what stands in it */
    token = token_by_secret();
    assert_int_equal(vc_jws_parse(f.arena, token, &jws, &err), VC_OK);
    assert_int_equal(jws.alg, VC_ALG_RS256);
    assert_int_equal(jws.kid.len, 43);
    assert_string_equal(json_string_value(json_object_get(jws.claims, "aud")),
        RESOURCE);
    assert_string_equal(json_string_value(json_object_get(jws.claims, "iss")),
        BASE "/" TENANT "/v2.0");
    assert_string_equal(json_string_value(json_object_get(jws.claims, "tid")),
        TENANT);
    assert_string_equal(json_string_value(json_object_get(jws.claims, "sub")),
        app.object_id);
    assert_string_equal(json_string_value(json_object_get(jws.claims, "azp")),
        app.client_id);
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


/* --- assertions */

static json_t *
assertion_claims(void)
{
    return json_pack("{s:s,s:s,s:s,s:f,s:f,s:s}", "aud",
        BASE "/" TENANT "/oauth2/v2.0/token", "iss", app.client_id, "sub",
        app.client_id, "exp", (double) NOW + 600.25, "iat", (double) NOW + 0.25,
        "jti", "1");
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

    vc_buf_init(&out, f.arena, 2048);
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
        app.client_id, VC_STR_ARG(assertion_text));
}


static const char *
header_for(const char *fmt, const char *value)
{
    vc_buf_t buf;

    vc_buf_init(&buf, f.arena, 128);
    vc_buf_text(&buf, "{\"typ\":\"JWT\",");
    vc_buf_text(&buf, fmt);
    vc_buf_text(&buf, value);
    vc_buf_text(&buf, "\"}");
    vc_buf_u8(&buf, '\0');

    return (const char *) buf.data;
}


#define RS256_X5T "\"alg\":\"RS256\",\"x5t\":\""
#define PS256_X5T_S256 "\"alg\":\"PS256\",\"x5t#S256\":\""


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
    padded = vc_str_dup(f.arena, VC_STR("012345678901234567890123456="));
    memcpy(padded, app.certificates[0].x5t, 27);
    token = token_of(ask_with(assertion(key, header_for(RS256_X5T, padded),
        false, assertion_claims())));
    assert_int_equal(verify(authorities, token, NOW, &p, &err), VC_OK);
    vc_principal_release(p);

    assert_int_equal(vc_jws_parse(f.arena, token, &jws, &err), VC_OK);
    assert_string_equal(json_string_value(
                            json_object_get(jws.claims, "appidacr")),
        "2");
    vc_jws_clear(&jws);

    /* as JavaScript does, with a chain that nobody looks at */
    (void) token_of(ask_with(assertion(key,
        header_for("\"x5c\":[\"AAAA\"]," PS256_X5T_S256,
            app.certificates[0].x5t_s256),
        true, assertion_but("nbf", json_integer(NOW + 200)))));

    /* by kid, either thumbprint */
    (void) token_of(ask_with(assertion(key,
        header_for("\"alg\":\"RS256\",\"kid\":\"", app.certificates[0].x5t),
        false, assertion_claims())));
    (void) token_of(ask_with(assertion(key,
        header_for("\"alg\":\"PS256\",\"kid\":\"",
            app.certificates[0].x5t_s256),
        true, assertion_claims())));

    for (i = 0; i < COUNT(addresses); i++) {
        (void) token_of(ask_with(
            assertion(key, header_for(RS256_X5T, app.certificates[0].x5t),
                false, assertion_but("aud", json_string(addresses[i])))));
    }

    list = json_pack("[s,s]", "https://other.test", addresses[0]);
    (void) token_of(
        ask_with(assertion(key, header_for(RS256_X5T, app.certificates[0].x5t),
            false, assertion_but("aud", list))));

    vc_authorities_destroy(authorities);
}


static void
assert_bad_assertion(vc_str_t text, const char *reason)
{
    answer_t answer;

    answer = ask_with(text);
    assert_true(vc_str_eq(answer.client, vc_str(app.client_id)));
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

    header = header_for(RS256_X5T, app.certificates[0].x5t);

    for (i = 0; i < COUNT(cases); i++) {
        assert_bad_assertion(assertion(key, header, false,
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
    assert_int_equal(vc_certificate_key(make_certificate(f.arena, other_key,
                                            4900000000),
                         &other, NULL),
        VC_OK);
    json_decref(other.jwk);
    memcpy(unknown, other.x5t, sizeof(unknown));
    assert_bad_assertion(assertion(other_key, header_for(RS256_X5T, unknown),
                             false, assertion_claims()),
        "not registered");
    assert_bad_assertion(assertion(key, header_for(RS256_X5T, unknown), false,
                             assertion_claims()),
        "not registered");

    /* ours, but signed by another key */
    assert_bad_assertion(assertion(other_key,
                             header_for(RS256_X5T, app.certificates[0].x5t),
                             false, assertion_claims()),
        "signature");
    /* the other certificate of the same application */
    assert_bad_assertion(assertion(key,
                             header_for(RS256_X5T, app.certificates[1].x5t),
                             false, assertion_claims()),
        "signature");
    /* signed one way, named the other */
    assert_bad_assertion(assertion(key,
                             header_for(RS256_X5T, app.certificates[0].x5t),
                             true, assertion_claims()),
        "signature");
    /* its certificate is out of date */
    assert_bad_assertion(assertion(expired_key,
                             header_for(RS256_X5T, app.certificates[1].x5t),
                             false, assertion_claims()),
        "certificate whose key signed it has expired");
    /* a SHA-256 thumbprint under the name of the SHA-1 one */
    assert_bad_assertion(assertion(key,
                             header_for(RS256_X5T,
                                 app.certificates[0].x5t_s256),
                             false, assertion_claims()),
        "not registered");
    assert_bad_assertion(assertion(key, header_for("\"alg\":\"RS256", ""),
                             false, assertion_claims()),
        "not registered");

    assert_bad_assertion(assertion(key,
                             header_for("\"alg\":\"RS512\",\"x5t\":\"",
                                 app.certificates[0].x5t),
                             false, assertion_claims()),
        "RS256 or PS256");
    assert_bad_assertion(assertion(key,
                             header_for("\"alg\":\"none\",\"x5t\":\"",
                                 app.certificates[0].x5t),
                             false, assertion_claims()),
        "RS256 or PS256");
    assert_bad_assertion(assertion(key,
                             header_for("\"jku\":\"https://e\"," RS256_X5T,
                                 app.certificates[0].x5t),
                             false, assertion_claims()),
        "'jku'");
    assert_bad_assertion(assertion(key,
                             header_for("\"crit\":[]," RS256_X5T,
                                 app.certificates[0].x5t),
                             false, assertion_claims()),
        "'crit'");
}


/* --- the life of a token */

/* claims as the local authority would make them, but for one */
static vc_status_t
verify_forged(vc_authorities_t *authorities, const char *name, json_t *value)
{
    vc_jws_t        jws;
    json_t         *claims;
    vc_str_t        token;
    vc_error_t      err;
    vc_status_t     status;
    vc_principal_t *p;

    assert_int_equal(vc_jws_parse(f.arena, token_by_secret(), &jws, &err),
        VC_OK);
    claims = json_deep_copy(jws.claims);
    json_object_set_new(claims, name, value);
    token = sign_token(f.arena, jwk, VC_ALG_RS256, vc_str_dup(f.arena, jws.kid),
        claims);
    vc_jws_clear(&jws);

    status = verify(authorities, token, NOW, &p, &err);
    if (status == VC_OK) {
        vc_principal_release(p);
    }

    return status;
}


static void
test_forged_tokens(void **state)
{
    vc_authorities_t *authorities;

    (void) state;

    authorities = make_authorities();
    /* the right kid, another key */
    assert_int_equal(verify_forged(authorities, "uti", json_string("x")),
        VC_UNAUTHORIZED);
    assert_int_equal(verify_forged(authorities, "iss",
                         json_string("https://sts.test/")),
        VC_UNAUTHORIZED);
    vc_authorities_destroy(authorities);
}


static vc_status_t
cached(vc_token_cache_t *cache, vc_authorities_t *authorities, vc_str_t token,
    vc_principal_t **out, vc_error_t *err)
{
    vc_status_t     status;
    vc_authority_t *refresh;

    fixture_begin(&f);
    status = vc_token_cache_verify(cache, authorities, f.session, token, NOW,
        out, &refresh, err);
    vc_session_end(f.session);

    return status;
}


/* a reset secret and a deleted principal end their tokens at once */
static void
test_revocation(void **state)
{
    char                 other_secret[VC_CLIENT_SECRET_LEN + 1];
    vc_str_t             token, old_token;
    vc_error_t           err;
    vc_principal_t      *p, *kept;
    vc_authorities_t    *authorities;
    vc_token_cache_t    *cache;
    vc_principal_spec_t  spec;
    vc_local_principal_t other, after;

    (void) state;

    authorities = make_authorities();
    assert_int_equal(vc_token_cache_create(8, &cache), VC_OK);
    old_token = token_by_secret();
    assert_int_equal(cached(cache, authorities, old_token, &kept, &err), VC_OK);

    /* a change elsewhere moves the epoch, and the entry is checked again */
    memset(&spec, 0, sizeof(spec));
    spec.name = VC_STR("another");
    spec.with_secret = true;
    assert_int_equal(vc_local_principal_create(f.session, f.arena, &spec,
                         &other, other_secret, &err),
        VC_OK);
    assert_int_equal(cached(cache, authorities, old_token, &p, &err), VC_OK);
    assert_ptr_equal(p, kept);
    vc_principal_release(p);

    assert_int_equal(vc_local_principal_reset_secret(f.session, f.arena,
                         vc_str(app.client_id), &after, secret, &err),
        VC_OK);
    vc_local_principal_clear(&app);
    app = after;

    assert_int_equal(cached(cache, authorities, old_token, &p, &err),
        VC_UNAUTHORIZED);
    assert_non_null(strstr(err.message, "AKV10006"));
    assert_int_equal(cached(cache, authorities, old_token, &p, &err),
        VC_UNAUTHORIZED);
    assert_int_equal(verify(authorities, old_token, NOW, &p, &err),
        VC_UNAUTHORIZED);
    assert_int_equal(kept->references, 1);

    fixture_begin(&f);
    assert_int_equal(vc_token_recheck(kept, f.session, NOW, &err),
        VC_UNAUTHORIZED);
    vc_session_end(f.session);
    vc_principal_release(kept);

    token = token_by_secret();
    assert_int_equal(cached(cache, authorities, token, &p, &err), VC_OK);

    fixture_begin(&f);
    assert_int_equal(vc_token_recheck(p, f.session, NOW, &err), VC_OK);
    assert_int_equal(vc_token_recheck(p, f.session, NOW + 3660, &err),
        VC_UNAUTHORIZED);
    vc_session_end(f.session);
    vc_principal_release(p);

    assert_int_equal(vc_local_principal_delete(f.session, f.arena,
                         vc_str(app.client_id), &err),
        VC_OK);
    assert_int_equal(cached(cache, authorities, token, &p, &err),
        VC_UNAUTHORIZED);
    assert_int_equal(verify(authorities, token, NOW, &p, &err),
        VC_UNAUTHORIZED);

    /* the tests that follow go on with the other one */
    vc_local_principal_clear(&app);
    app = other;
    memcpy(secret, other_secret, sizeof(secret));

    vc_token_cache_destroy(cache);
    vc_authorities_destroy(authorities);
}


static void
put_signing_key(int64_t created, const char *kid)
{
    char       *text;
    vc_key_t    place;
    vc_error_t  err;
    vc_batch_t *batch;

    text = json_dumps(other_jwk, 0);
    place = vc_key_signing(created, vc_str(kid));

    fixture_begin(&f);
    batch = vc_batch_create(f.arena);
    assert_int_equal(vc_sealed_put(f.session, NULL, batch, vc_key_view(&place),
                         VC_REVISION_NONE, vc_str(text), 0),
        VC_OK);
    vc_session_end(f.session);
    assert_int_equal(vc_store_commit(vc_vaultstore_store(f.store), batch, NULL,
                         &err),
        VC_OK);
    free(text);
}


static bool
key_is_published(const char *kid, size_t *count)
{
    bool    found;
    size_t  i;
    json_t *keys, *entry;

    found = false;
    fixture_begin(&f);
    assert_int_equal(vc_local_authority_keys(f.session, f.arena, &keys), VC_OK);
    vc_session_end(f.session);
    *count = json_array_size(keys);

    json_array_foreach(keys, i, entry)
    {
        if (strcmp(json_string_value(json_object_get(entry, "kid")), kid) == 0)
        {
            found = true;
        }
    }

    json_decref(keys);

    return found;
}


static void
test_rotation(void **state)
{
    char              kid[64], tiny[8];
    size_t            count;
    int64_t           now;
    vc_jws_t          jws;
    vc_str_t          before, after;
    vc_error_t        err;
    vc_principal_t   *p;
    vc_authorities_t *authorities;

    (void) state;

    authorities = make_authorities();
    before = token_by_secret();

    assert_int_equal(vc_local_authority_rotate(f.session, f.arena, tiny,
                         sizeof(tiny), &err),
        VC_INVALID);

    now = vc_now();
    put_signing_key(now - 400000, "oldest");
    put_signing_key(now - 300000, "old");
    put_signing_key(now - 86000, "younger");

    /* "old" signed until "younger" came, less than a day ago; "oldest" until
       "old" came */
    assert_int_equal(vc_local_authority_rotate(f.session, f.arena, kid,
                         sizeof(kid), &err),
        VC_OK);
    assert_false(key_is_published("oldest", &count));
    assert_true(key_is_published("old", &count));
    assert_true(key_is_published("younger", &count));
    assert_true(key_is_published(kid, &count));
    assert_int_equal(count, 4);

    /* the newest signs, and what was signed before is still good */
    after = token_by_secret();
    assert_int_equal(vc_jws_parse(f.arena, after, &jws, &err), VC_OK);
    assert_true(vc_str_eq(jws.kid, vc_str(kid)));
    vc_jws_clear(&jws);

    assert_int_equal(verify(authorities, before, NOW, &p, &err), VC_OK);
    vc_principal_release(p);
    assert_int_equal(verify(authorities, after, NOW, &p, &err), VC_OK);
    vc_principal_release(p);

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
    char                 kept_secret[sizeof(secret)];

    (void) state;

    whole = f;
    kept = app;
    memcpy(kept_secret, secret, sizeof(secret));
    fixture_open(&f);

    memset(&spec, 0, sizeof(spec));
    spec.name = VC_STR("app");
    spec.with_secret = true;
    assert_int_equal(vc_local_principal_create(f.session, f.arena, &spec, &out,
                         secret, &err),
        VC_OK);
    answer = ask("grant_type=client_credentials&client_id=%s&client_secret=%s"
                 "&scope=" RESOURCE "/.default",
        out.client_id, secret);
    assert_answer(answer, 500, "server_error", 90002, "unavailable");
    vc_local_principal_clear(&out);

    fixture_close(&f);
    f = whole;
    app = kept;
    memcpy(secret, kept_secret, sizeof(secret));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_discovery),
        cmocka_unit_test(test_key_document),
        cmocka_unit_test(test_bad_requests),
        cmocka_unit_test(test_wrong_secret),
        cmocka_unit_test(test_token_by_secret),
        cmocka_unit_test(test_good_assertions),
        cmocka_unit_test(test_bad_assertion_claims),
        cmocka_unit_test(test_bad_assertion_headers),
        cmocka_unit_test(test_forged_tokens),
        cmocka_unit_test(test_revocation),
        cmocka_unit_test(test_rotation),
        cmocka_unit_test(test_no_signing_key),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
