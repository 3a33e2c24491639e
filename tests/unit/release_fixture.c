#include "release_fixture.h"

#include "base/clock.h"

#define AUTHORITIES 3

release_fixture_t releases;

static char                  *jwks;
static vc_str_t               audiences[1] = {VC_STR_INIT(RELEASE_AUDIENCE)};
static vc_authority_options_t authorities[AUTHORITIES];


static json_t *
make_rsa(void)
{
    json_t *key;

    assert_int_equal(vc_jwk_generate_rsa(2048, &key), VC_OK);

    return key;
}


static void
describe_authorities(void)
{
    json_t *public_key, *set;
    size_t  i;

    public_key = vc_jwk_public(releases.signer);
    assert_non_null(public_key);
    (void) json_object_set_new(public_key, "kid", json_string("a1"));
    set = json_pack("{s:[o]}", "keys", public_key);
    jwks = json_dumps(set, 0);
    json_decref(set);

    authorities[0].issuer = VC_STR(RELEASE_ISSUER);
    authorities[1].issuer = VC_STR(RELEASE_STRICT);
    authorities[1].audiences = audiences;
    authorities[1].audience_count = 1;
    authorities[2].issuer = VC_STR(RELEASE_FETCHED);
    authorities[2].jwks_url = VC_STR("http://127.0.0.1:1/");

    for (i = 0; i < AUTHORITIES; i++) {
        authorities[i].audience_optional = true;

        if (authorities[i].jwks_url.len == 0) {
            authorities[i].jwks_json = vc_str(jwks);
        }
    }
}


int
release_setup(void **state)
{
    vc_error_t err;

    if (secrets_setup(state) != 0) {
        return -1;
    }

    releases.arena = vc_arena_create(65536);
    releases.signer = make_rsa();
    releases.stranger = make_rsa();
    releases.target = make_rsa();
    releases.target_key = wrap_rsa_key(releases.target);
    describe_authorities();

    vc_engine_close(secrets_fixture.engine);
    secrets_fixture.options.attestations = authorities;
    secrets_fixture.options.attestation_count = AUTHORITIES;

    return (vc_engine_open(&secrets_fixture.options, &secrets_fixture.engine,
                &err)
               == VC_OK)
               ? 0
               : -1;
}


int
release_teardown(void **state)
{
    int rc;

    rc = secrets_teardown(state);
    free(jwks);
    json_decref(releases.signer);
    json_decref(releases.stranger);
    json_decref(releases.target);
    EVP_PKEY_free(releases.target_key);
    vc_arena_destroy(releases.arena);

    return rc;
}


/* --- what the environment sends ------------------------------------------- */

json_t *
release_claims(const char *name, const char *text)
{
    json_t    *claims, *key, *value;
    json_int_t now;

    now = (json_int_t) vc_now();
    key = vc_jwk_public(releases.target);
    (void) json_object_set_new(key, "kid", json_string("target"));
    (void) json_object_set_new(key, "key_ops", json_pack("[s]", "encrypt"));
    (void) json_object_del(key, "use");
    (void) json_object_del(key, "alg");

    claims = json_pack("{s:s,s:I,s:I,s:I,s:s,s:{s:[o]}}", "iss", RELEASE_ISSUER,
        "exp", now + 600, "nbf", now - 1, "iat", now - 1,
        "x-ms-attestation-type", "sevsnpvm", "x-ms-runtime", "keys", key);
    assert_non_null(claims);

    if (name != NULL && text == NULL) {
        (void) json_object_del(claims, name);

    } else if (name != NULL) {
        value = json_loads(text, JSON_DECODE_ANY, NULL);
        assert_non_null(value);
        (void) json_object_set_new(claims, name, value);
    }

    return claims;
}


const char *
release_token(const json_t *key, const char *kid, json_t *claims)
{
    vc_buf_t token;

    vc_buf_init(&token, releases.arena, 4096);
    assert_int_equal(vc_jws_sign(key, VC_ALG_RS256, kid, claims, &token),
        VC_OK);
    json_decref(claims);
    vc_buf_u8(&token, '\0');
    assert_false(token.failed);

    return (const char *) token.data;
}


const char *
release_token_but(const char *name, const char *text)
{
    return release_token(releases.signer, "a1", release_claims(name, text));
}


static const char *release_print(const char *fmt, ...) VC_PRINTF(1, 2);

static const char *
release_print(const char *fmt, ...)
{
    int     n;
    char    text[16384];
    va_list args;

    va_start(args, fmt);
    n = vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    assert_in_range(n, 1, sizeof(text) - 1);

    return vc_str_dup(releases.arena, vc_str(text));
}


const char *
release_policy(const char *issuer, const char *equals, const char *immutable)
{
    const char *policy;

    policy = release_print("{\"version\":\"1.0.0\",\"anyOf\":[{\"authority\":"
                           "\"%s\",\"allOf\":[{\"claim\":"
                           "\"x-ms-attestation-type\",\"equals\":%s}]}]}",
        issuer, equals);

    return release_print(
        "\"release_policy\":{\"immutable\":%s,\"data\":\"%s\"}", immutable,
        wrap_text(releases.arena, vc_str(policy)));
}


void
release_make(const char *name, const char *kty, const char *more)
{
    char target[128];

    (void) snprintf(target, sizeof(target), "/keys/%s/create", name);
    (void) expect(200, "POST", target,
        release_print("{\"kty\":\"%s\",\"attributes\":{\"exportable\":true},"
                      "%s%s}",
            kty, release_policy(RELEASE_ISSUER, "\"sevsnpvm\"", "false"),
            more));
}


const char *
release_body(const char *token, const char *more)
{
    return release_print("{\"target\":\"%s\"%s}", token, more);
}


/* --- what leaves ---------------------------------------------------------- */

/* the public keys that the local authority shows to everybody; the caller's */
static json_t *
local_keys(void)
{
    char         target[128];
    json_t      *set;
    vc_call_t   *call;
    vc_request_t request;

    (void) snprintf(target, sizeof(target), "/%s/discovery/v2.0/keys",
        secrets_fixture.installation.tenant);
    memset(&request, 0, sizeof(request));
    request.plane = VC_PLANE_AUTHORITY;
    request.method = VC_STR("GET");
    request.target = vc_str(target);
    request.scheme = VC_STR("https");
    request.host = VC_STR("login.localhost:8443");

    call = fixture_send(&secrets_fixture, &request, VC_STR_NULL);
    assert_int_equal(vc_call_response(call)->status, 200);
    set = json_loadb((const char *) vc_call_response(call)->body.data,
        vc_call_response(call)->body.len, 0, NULL);
    assert_non_null(set);
    vc_call_destroy(call);

    return set;
}


static void
assert_signed_here(const vc_jws_t *jws)
{
    size_t  i;
    json_t *set, *key;

    set = local_keys();

    json_array_foreach(json_object_get(set, "keys"), i, key)
    {
        if (vc_str_eq(vc_str(text_of(key, "kid")), jws->kid)) {
            assert_int_equal(vc_jws_verify(jws, key), VC_OK);
            json_decref(set);
            return;
        }
    }

    fail_msg("it is signed with a key that nobody can know");
}


released_t
release_read(const answer_t *answer)
{
    vc_jws_t   jws;
    vc_str_t   file;
    vc_error_t err;
    released_t out;

    assert_int_equal(json_object_size(answer->json), 1);
    assert_int_equal(vc_jws_parse(releases.arena,
                         vc_str_copy(releases.arena,
                             vc_str(text_of(answer->json, "value"))),
                         &jws, &err),
        VC_OK);
    assert_signed_here(&jws);
    out.claims = json_incref(jws.claims);
    vc_jws_clear(&jws);

    assert_true(vc_base64url_decode(releases.arena,
        vc_str(
            text_of(json_object_get(json_object_get(json_object_get(out.claims,
                                                        "response"),
                                        "key"),
                        "key"),
                "key_hsm")),
        &file));
    out.file = json_loadb((const char *) file.data, file.len,
        JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(out.file);
    assert_true(vc_base64url_decode(releases.arena,
        vc_str(text_of(out.file, "ciphertext")), &out.wrapped));

    return out;
}


void
release_clear(released_t *released)
{
    json_decref(released->claims);
    json_decref(released->file);
}
