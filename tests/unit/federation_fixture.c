#include "federation_fixture.h"

#define BASE "https://login.test"
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

federation_fixture_t cluster;


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
    options.audiences = cluster.resources;
    options.audience_count = access ? 1 : 0;

    assert_int_equal(vc_authorities_add(cluster.authorities, &options, &err),
        VC_OK);
}


vc_status_t
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

    status = vc_local_principal_add_trust(cluster.f.session, cluster.f.arena,
        VC_STR("app"), &added, &out, &err);

    if (status == VC_OK) {
        vc_local_principal_clear(&out);
    } else {
        assert_int_equal(err.status, status);
        assert_string_not_equal(err.message, "");
    }

    return status;
}


int
federation_set_up(void **state)
{
    char                secret[VC_CLIENT_SECRET_LEN + 1], kid[64];
    char               *text;
    json_t             *jwk, *set;
    vc_error_t          err;
    vc_principal_spec_t spec;

    (void) state;

    fixture_open(&cluster.f);
    cluster.rsa = make_key("RSA");
    cluster.other = make_key("RSA");
    cluster.resources[0] = VC_STR(RESOURCE);

    jwk = vc_jwk_public(cluster.rsa);
    json_object_set_new(jwk, "kid", json_string("k1"));
    set = json_pack("{s:[o]}", "keys", jwk);
    text = json_dumps(set, 0);
    json_decref(set);

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0,
                         &cluster.authorities),
        VC_OK);
    add_issuer(ISSUER, text, NULL, true, false);
    add_issuer("https://both.test", text, NULL, true, true);
    add_issuer("https://access.test", text, NULL, false, true);
    add_issuer("https://fetched.test", NULL, "http://127.0.0.1:1/", true,
        false);
    free(text);

    cluster.authority.base_url = VC_STR(BASE);
    cluster.authority.tenant = VC_STR(TENANT);
    cluster.authority.audiences = cluster.resources;
    cluster.authority.audience_count = 1;
    cluster.authority.token_lifetime = VC_TOKEN_LIFETIME;
    cluster.authority.authorities = cluster.authorities;

    memset(&spec, 0, sizeof(spec));
    spec.name = VC_STR("app");
    assert_int_equal(vc_local_authority_rotate(cluster.f.session,
                         cluster.f.arena, kid, sizeof(kid), &err),
        VC_OK);
    assert_int_equal(vc_local_principal_create(cluster.f.session,
                         cluster.f.arena, &spec, &cluster.app, secret, &err),
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


int
federation_tear_down(void **state)
{
    (void) state;

    vc_local_principal_clear(&cluster.app);
    vc_authorities_destroy(cluster.authorities);
    json_decref(cluster.rsa);
    json_decref(cluster.other);
    fixture_close(&cluster.f);

    return 0;
}


vc_str_t
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

    return sign_token(cluster.f.arena, key, VC_ALG_RS256, kid, claims);
}


vc_status_t
ask(const char *client_id, vc_str_t token, vc_authority_t **refresh, int *http,
    vc_str_t *result, vc_buf_t *out)
{
    vc_buf_t    body;
    vc_str_t    client;
    vc_status_t status;

    vc_buf_init(&body, cluster.f.arena, 0);
    vc_buf_printf(&body,
        "grant_type=client_credentials&client_id=%s&scope=" RESOURCE
        "/.default&client_assertion_type=" ASSERTION_TYPE
        "&client_assertion=%.*s",
        client_id, VC_STR_ARG(token));
    assert_false(body.failed);

    vc_buf_init(out, cluster.f.arena, 0);
    fixture_begin(&cluster.f);
    status = vc_local_authority_token(&cluster.authority, cluster.f.session,
        cluster.f.arena, vc_buf_view(&body), NOW, refresh, out, http, &client,
        result);
    vc_session_end(cluster.f.session);

    return status;
}


void
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
        || strstr(vc_str_dup(cluster.f.arena, result), head) == NULL
        || strstr(vc_str_dup(cluster.f.arena, result), words) == NULL)
    {
        fail_msg("expected %s%s, got %d %.*s", head, words, http,
            VC_STR_ARG(result));
    }
}


void
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

    assert_int_equal(ask(cluster.app.client_id, assertion_token, &refresh,
                         &http, &result, &out),
        VC_OK);

    if (http != 200) {
        fail_msg("%.*s", VC_STR_ARG(result));
    }

    vc_buf_init(&issuer, cluster.f.arena, 0);
    vc_local_authority_issuer(&cluster.authority, &issuer);
    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &local), VC_OK);
    assert_int_equal(vc_authorities_add_local(local, vc_buf_view(&issuer),
                         VC_STR_NULL, cluster.resources, 1, &err),
        VC_OK);

    answer = json_loadb((const char *) out.data, out.len, 0, NULL);
    fixture_begin(&cluster.f);
    assert_int_equal(vc_token_verify(local, cluster.f.session,
                         vc_str(json_string_value(
                             json_object_get(answer, "access_token"))),
                         NOW, &principal, &refresh, &err),
        VC_OK);
    vc_session_end(cluster.f.session);
    json_decref(answer);

    assert_true(vc_str_eq(principal->object_id, vc_str(cluster.app.object_id)));
    assert_true(
        vc_str_eq(principal->application_id, vc_str(cluster.app.client_id)));
    vc_principal_release(principal);
    vc_authorities_destroy(local);
}
