/* identity/federation.h: tokens of other issuers in place of a secret */

#include "identity_fixture.h"

#include "identity/local_authority.h"
#include "identity/local_principals.h"
#include "identity/token.h"

#define BASE "https://login.test"
#define RESOURCE "https://vault.test"
#define ISSUER "https://cluster.test"
#define SUBJECT "system:serviceaccount:shop:checkout"
#define NOBODY "00000000-0000-0000-0000-000000000001"
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

static fixture_t            f;
static vc_str_t             resources[1];
static vc_authorities_t    *authorities;
static vc_local_authority_t authority;
static vc_local_principal_t app;
static json_t              *rsa, *other;


static void
add_issuer(const char *issuer, const char *jwks, const char *url,
    bool federation, bool access)
{
    vc_error_t             err;
    vc_authority_options_t options;

    memset(&options, 0, sizeof(options));
    options.issuer = vc_str(issuer);
    options.jwks_json = vc_str(jwks);
    options.jwks_url = vc_str(url);
    options.federation = federation;
    options.audiences = resources;
    options.audience_count = access ? 1 : 0;

    assert_int_equal(vc_authorities_add(authorities, &options, &err), VC_OK);
}


static vc_status_t
trust(const char *name, const char *issuer, const char *subject,
    const char *audience)
{
    vc_trust_t           added;
    vc_error_t           err;
    vc_status_t          status;
    vc_local_principal_t out;

    added.name = vc_str(name);
    added.issuer = vc_str(issuer);
    added.subject = vc_str(subject);
    added.audience = vc_str(audience);

    status = vc_local_principal_add_trust(f.session, f.arena, VC_STR("app"),
        &added, &out, &err);

    if (status == VC_OK) {
        vc_local_principal_clear(&out);
    } else {
        assert_int_equal(err.status, status);
        assert_string_not_equal(err.message, "");
    }

    return status;
}


static int
set_up(void **state)
{
    char                secret[VC_CLIENT_SECRET_LEN + 1], kid[64];
    char               *text;
    json_t             *jwk, *set;
    vc_error_t          err;
    vc_principal_spec_t spec;

    (void) state;

    fixture_open(&f);
    rsa = make_key("RSA");
    other = make_key("RSA");
    resources[0] = VC_STR(RESOURCE);

    jwk = vc_jwk_public(rsa);
    json_object_set_new(jwk, "kid", json_string("k1"));
    set = json_pack("{s:[o]}", "keys", jwk);
    text = json_dumps(set, 0);
    json_decref(set);

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &authorities),
        VC_OK);
    add_issuer(ISSUER, text, NULL, true, false);
    add_issuer("https://both.test", text, NULL, true, true);
    add_issuer("https://access.test", text, NULL, false, true);
    add_issuer("https://fetched.test", NULL, "http://127.0.0.1:1/", true,
        false);
    free(text);

    authority.base_url = VC_STR(BASE);
    authority.tenant = VC_STR(TENANT);
    authority.audiences = resources;
    authority.audience_count = 1;
    authority.token_lifetime = VC_TOKEN_LIFETIME;
    authority.authorities = authorities;

    memset(&spec, 0, sizeof(spec));
    spec.name = VC_STR("app");
    assert_int_equal(vc_local_authority_rotate(f.session, f.arena, kid,
                         sizeof(kid), &err),
        VC_OK);
    assert_int_equal(vc_local_principal_create(f.session, f.arena, &spec, &app,
                         secret, &err),
        VC_OK);

    assert_int_equal(trust("cluster", ISSUER, SUBJECT, NULL), VC_OK);
    assert_int_equal(trust("another", ISSUER, "another", "https://own.test"),
        VC_OK);
    assert_int_equal(trust("both", "https://both.test", SUBJECT, NULL), VC_OK);
    assert_int_equal(trust("access", "https://access.test", SUBJECT, NULL),
        VC_OK);
    assert_int_equal(trust("fetched", "https://fetched.test", SUBJECT, NULL),
        VC_OK);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    vc_local_principal_clear(&app);
    vc_authorities_destroy(authorities);
    json_decref(rsa);
    json_decref(other);
    fixture_close(&f);

    return 0;
}


/* the claims of a good assertion, with changes; null takes one out */
static vc_str_t
assertion(const json_t *key, const char *kid, const char *changes)
{
    json_t     *claims, *changed, *value;
    const char *name;

    claims = json_pack("{s:s,s:s,s:[s,s],s:I,s:I}", "iss", ISSUER, "sub",
        SUBJECT, "aud", "https://elsewhere.test", VC_TRUST_AUDIENCE, "iat",
        (json_int_t) NOW - 10, "exp", (json_int_t) NOW + 600);
    changed = json_loads(changes, 0, NULL);
    assert_non_null(changed);

    json_object_foreach(changed, name, value)
    {
        if (json_is_null(value)) {
            json_object_del(claims, name);
        } else {
            json_object_set(claims, name, value);
        }
    }

    json_decref(changed);

    return sign_token(f.arena, key, VC_ALG_RS256, kid, claims);
}


static vc_status_t
ask(const char *client_id, vc_str_t token, vc_authority_t **refresh, int *http,
    vc_str_t *result, vc_buf_t *out)
{
    vc_buf_t    body;
    vc_str_t    client;
    vc_status_t status;

    vc_buf_init(&body, f.arena, 0);
    vc_buf_printf(&body,
        "grant_type=client_credentials&client_id=%s&scope=" RESOURCE
        "/.default&client_assertion_type=" ASSERTION_TYPE
        "&client_assertion=%.*s",
        client_id, VC_STR_ARG(token));
    assert_false(body.failed);

    vc_buf_init(out, f.arena, 0);
    fixture_begin(&f);
    status = vc_local_authority_token(&authority, f.session, f.arena,
        vc_buf_view(&body), NOW, refresh, out, http, &client, result);
    vc_session_end(f.session);

    return status;
}


static void
assert_refused(const char *client_id, vc_str_t token, int code,
    const char *words)
{
    int             http;
    char            head[32];
    vc_str_t        result;
    vc_buf_t        out;
    vc_authority_t *refresh;

    assert_int_equal(ask(client_id, token, &refresh, &http, &result, &out),
        VC_OK);
    (void) snprintf(head, sizeof(head), "AADSTS%d: ", code);

    if (http != ((code == 700016) ? 400 : 401)
        || strstr(vc_str_dup(f.arena, result), head) == NULL
        || strstr(vc_str_dup(f.arena, result), words) == NULL)
    {
        fail_msg("expected %s%s, got %d %.*s", head, words, http,
            VC_STR_ARG(result));
    }
}


static void
assert_granted(vc_str_t assertion_token)
{
    int               http;
    json_t           *answer;
    vc_str_t          result;
    vc_buf_t          out;
    vc_error_t        err;
    vc_principal_t   *principal;
    vc_authority_t   *refresh;
    vc_authorities_t *local;
    vc_buf_t          issuer;

    assert_int_equal(ask(app.client_id, assertion_token, &refresh, &http,
                         &result, &out),
        VC_OK);

    if (http != 200) {
        fail_msg("%.*s", VC_STR_ARG(result));
    }

    vc_buf_init(&issuer, f.arena, 0);
    vc_local_authority_issuer(&authority, &issuer);
    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &local), VC_OK);
    assert_int_equal(vc_authorities_add_local(local, vc_buf_view(&issuer),
                         VC_STR_NULL, resources, 1, &err),
        VC_OK);

    answer = json_loadb((const char *) out.data, out.len, 0, NULL);
    fixture_begin(&f);
    assert_int_equal(vc_token_verify(local, f.session,
                         vc_str(json_string_value(
                             json_object_get(answer, "access_token"))),
                         NOW, &principal, &refresh, &err),
        VC_OK);
    vc_session_end(f.session);
    json_decref(answer);

    assert_true(vc_str_eq(principal->object_id, vc_str(app.object_id)));
    assert_true(vc_str_eq(principal->application_id, vc_str(app.client_id)));
    vc_principal_release(principal);
    vc_authorities_destroy(local);
}


static void
test_exchange(void **state)
{
    vc_str_t token;

    (void) state;

    token = assertion(rsa, "k1", "{}");
    assert_granted(token);
    /* an assertion can be used again */
    assert_granted(token);
    assert_granted(assertion(rsa, "k1", "{\"aud\":\"" VC_TRUST_AUDIENCE "\"}"));
    assert_granted(assertion(rsa, "k1",
        "{\"sub\":\"another\",\"aud\":\"https://own.test\"}"));
    assert_granted(assertion(rsa, "k1", "{\"iss\":\"https://both.test\"}"));
}


static void
test_wrong_assertions(void **state)
{
    size_t i;

    static const struct {
        const char *changes;
        int         code;
        const char *words;
    } cases[] = {
        {"{\"sub\":\"system:serviceaccount:shop:Checkout\"}", 700213,
            "assertion subject 'system:serviceaccount:shop:Checkout'"},
        {"{\"sub\":null}", 700213, "assertion subject ''"},
        {"{\"sub\":7}", 700213, "assertion subject ''"},
        {"{\"aud\":\"https://own.test\"}", 700212, "audience"},
        {"{\"aud\":\"" VC_TRUST_AUDIENCE "/\"}", 700212, VC_TRUST_AUDIENCE},
        {"{\"aud\":null}", 700212, "audience"},
        {"{\"sub\":\"another\"}", 700212, "audience"},
        {"{\"exp\":1799999940}", 700027, "has expired"},
        {"{\"exp\":null}", 700027, "'exp'"},
        {"{\"nbf\":1800000061}", 700027, "not yet valid"},
        /* issuers without federation, or that nobody knows */
        {"{\"iss\":\"https://access.test\"}", 700027, "federation"},
        {"{\"iss\":\"https://unknown.test\"}", 700027, "federation"},
        {"{\"iss\":null}", 700027, "federation"},
        {"{\"iss\":\"" ISSUER "/\"}", 700027, "federation"},
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        assert_refused(app.client_id, assertion(rsa, "k1", cases[i].changes),
            cases[i].code, cases[i].words);
    }

    /* a sound token proves nothing for an application that is not there */
    assert_refused(NOBODY, assertion(rsa, "k1", "{}"), 700016, "not found");
    assert_refused(NOBODY, assertion(other, "k1", "{}"), 700027, "signature");
}


static void
test_wrong_signatures(void **state)
{
    (void) state;

    assert_refused(app.client_id, assertion(other, "k1", "{}"), 700027,
        "signature");
    assert_refused(app.client_id, assertion(rsa, "k2", "{}"), 700027, "'kid'");
    assert_refused(app.client_id,
        raw_token(f.arena, "{\"alg\":\"none\",\"kid\":\"k1\"}",
            "{\"iss\":\"" ISSUER "\",\"sub\":\"" SUBJECT "\"}", ""),
        700027, "algorithm");
    assert_refused(app.client_id,
        raw_token(f.arena,
            "{\"alg\":\"RS256\",\"kid\":\"k1\",\"jku\":\"https://e\"}",
            "{\"iss\":\"" ISSUER "\",\"sub\":\"" SUBJECT "\"}", "AA"),
        700027, "'jku'");
}


/* the endpoint's caller fetches, once; then the answer says to try again */
static void
test_keys_to_fetch(void **state)
{
    int             http;
    vc_str_t        result, token;
    vc_buf_t        out;
    vc_authority_t *refresh;

    (void) state;

    token = assertion(rsa, "k1", "{\"iss\":\"https://fetched.test\"}");
    refresh = NULL;
    assert_int_equal(ask(app.client_id, token, &refresh, &http, &result, &out),
        VC_AGAIN);
    assert_ptr_equal(refresh,
        vc_authorities_find(authorities, VC_STR("https://fetched.test")));

    assert_int_equal(ask(app.client_id, token, NULL, &http, &result, &out),
        VC_OK);
    assert_int_equal(http, 503);
    assert_non_null(strstr(vc_str_dup(f.arena, vc_buf_view(&out)),
        "\"temporarily_unavailable\""));
}


/* what is for federation only is no access token, nor named as its issuer */
static void
test_no_access_token(void **state)
{
    size_t          i;
    vc_str_t        token;
    vc_error_t      err;
    vc_principal_t *principal;
    vc_authority_t *refresh;

    static const char *const audiences[] = {RESOURCE, VC_TRUST_AUDIENCE, ""};

    (void) state;

    for (i = 0; i < COUNT(audiences); i++) {
        token = sign_token(f.arena, rsa, VC_ALG_RS256, "k1",
            json_pack("{s:s,s:s,s:s,s:I}", "iss", ISSUER, "sub", SUBJECT, "aud",
                audiences[i], "exp", (json_int_t) NOW + 600));
        fixture_begin(&f);
        assert_int_equal(vc_token_verify(authorities, f.session, token, NOW,
                             &principal, &refresh, &err),
            VC_UNAUTHORIZED);
        vc_session_end(f.session);
        assert_non_null(strstr(err.message, "AKV10032"));
        assert_null(strstr(err.message, "one of " ISSUER));
        assert_non_null(strstr(err.message, "https://both.test"));
    }

    token = sign_token(f.arena, rsa, VC_ALG_RS256, "k1",
        json_pack("{s:s,s:s,s:s,s:I}", "iss", "https://both.test", "sub",
            SUBJECT, "aud", RESOURCE, "exp", (json_int_t) NOW + 600));
    fixture_begin(&f);
    assert_int_equal(vc_token_verify(authorities, f.session, token, NOW,
                         &principal, &refresh, &err),
        VC_OK);
    vc_session_end(f.session);
    vc_principal_release(principal);

    /* nor the one that a challenge sends clients to */
    assert_ptr_equal(vc_authorities_of_tenant(authorities, VC_STR(TENANT)),
        vc_authorities_find(authorities, VC_STR("https://both.test")));
}


static void
test_changes(void **state)
{
    size_t               i;
    uint64_t             generation;
    vc_str_t             token;
    vc_error_t           err;
    vc_local_principal_t out;
    char                 name[16], longest[VC_TRUST_TEXT_MAX + 2];

    static const struct {
        const char *name, *issuer, *subject, *audience;
        vc_status_t status;
    } cases[] = {
        {"CLUSTER", "https://e", "s", NULL, VC_OBJECT_CONFLICT},
        {"twice", ISSUER, SUBJECT, VC_TRUST_AUDIENCE, VC_OBJECT_CONFLICT},
        {"ab", "https://e", "s", NULL, VC_BAD_PARAMETER},
        {"a b", "https://e", "s", NULL, VC_BAD_PARAMETER},
        {"name", "", "s", NULL, VC_BAD_PARAMETER},
        {"name", "https://e", "", NULL, VC_BAD_PARAMETER},
        {"name", "https://e", "a\nb", NULL, VC_BAD_PARAMETER},
        {"name", "https://e", "s", "\xff", VC_BAD_PARAMETER},
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        assert_int_equal(trust(cases[i].name, cases[i].issuer, cases[i].subject,
                             cases[i].audience),
            cases[i].status);
    }

    memset(longest, 's', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_int_equal(trust("long", "https://e", longest, NULL),
        VC_BAD_PARAMETER);
    assert_int_equal(trust("long", "https://e", longest + 1, NULL), VC_OK);

    assert_int_equal(vc_local_principal_remove_trust(f.session, f.arena,
                         VC_STR("app"), VC_STR("none"), &out, &err),
        VC_NOT_FOUND);
    assert_int_equal(vc_local_principal_remove_trust(f.session, f.arena,
                         VC_STR("nobody"), VC_STR("cluster"), &out, &err),
        VC_NOT_FOUND);

    /* the order of the others stays, the generation does not */
    token = assertion(rsa, "k1", "{}");
    assert_granted(token);
    generation = app.generation;
    assert_int_equal(vc_local_principal_remove_trust(f.session, f.arena,
                         VC_STR("app"), VC_STR("Cluster"), &out, &err),
        VC_OK);
    assert_int_equal(out.trust_count, 5);
    assert_true(vc_str_eq(out.trusts[0].name, VC_STR("another")));
    assert_true(vc_str_eq(out.trusts[4].name, VC_STR("long")));
    assert_true(vc_str_eq(out.trusts[0].audience, VC_STR("https://own.test")));
    assert_true(vc_str_eq(out.trusts[1].audience, VC_STR(VC_TRUST_AUDIENCE)));
    assert_true(out.generation != generation);
    vc_local_principal_clear(&out);
    assert_refused(app.client_id, token, 700213, SUBJECT);

    for (i = 5; i < VC_TRUSTS_MAX; i++) {
        (void) snprintf(name, sizeof(name), "many-%zu", i);
        assert_int_equal(trust(name, ISSUER, name, NULL), VC_OK);
    }

    assert_int_equal(trust("more", ISSUER, "more", NULL), VC_BAD_PARAMETER);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exchange),
        cmocka_unit_test(test_wrong_assertions),
        cmocka_unit_test(test_wrong_signatures),
        cmocka_unit_test(test_keys_to_fetch),
        cmocka_unit_test(test_no_access_token),
        cmocka_unit_test(test_changes),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
