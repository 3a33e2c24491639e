/* POST /keys/{name}/{version?}/release: to whom no key leaves, and which */

#include "release_fixture.h"

#include "base/clock.h"

#define TARGET "/keys/kept/release"


/* asserts the refusal with these words, and no key in the answer */
static void
refused(int status, const char *code, const char *inner, const char *body,
    const char *words)
{
    const answer_t *answer;

    answer = expect_error(status, code, inner, "POST", TARGET, body);
    assert_null(json_object_get(answer->json, "value"));

    if (strstr(message_of(answer), words) == NULL) {
        fail_msg("'%s' is not in: %s", words, message_of(answer));
    }
}


static void
refused_token(const char *token, const char *words)
{
    refused(403, "Forbidden", "AccessDenied", release_body(token, ""), words);
}


static void
released(const char *token)
{
    (void) expect(200, "POST", TARGET, release_body(token, ""));
}


static int
set_up(void **state)
{
    int rc;

    rc = release_setup(state);

    if (rc == 0) {
        release_make("kept", "EC", "");
    }

    return rc;
}


/* --- the token ------------------------------------------------------------ */

static void
test_good(void **state)
{
    (void) state;

    released(release_token_but(NULL, NULL));
    /* claims beside those of the policy do not matter */
    released(release_token_but("more", "{\"a\":[1,2]}"));
}


static void
test_no_token(void **state)
{
    size_t i;

    static const char *const bodies[] = {"{}", "{\"target\":\"\"}",
        "{\"target\":null}", "{\"target\":7}", "{\"target\":[\"a\"]}",
        "{\"target\":\"hello\"}", "{\"target\":\"a.b.c\"}", "[]", "{"};

    (void) state;

    for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        refused(400, "BadParameter", NULL, bodies[i], "");
    }
}


static void
test_forged(void **state)
{
    char *altered;
    char *middle;

    (void) state;

    refused_token(release_token(releases.stranger, "a1",
                      release_claims(NULL, NULL)),
        "AKV10047");
    refused_token(release_token(releases.signer, "a2",
                      release_claims(NULL, NULL)),
        "AKV10046");

    /* one character of what was signed */
    altered = vc_str_dup(releases.arena, vc_str(release_token_but(NULL, NULL)));
    middle = strrchr(altered, '.') + 20;
    *middle = (*middle == 'A') ? 'B' : 'A';
    refused_token(altered, "AKV10047");
}


static void
test_times(void **state)
{
    char text[32];

    (void) state;

    (void) snprintf(text, sizeof(text), "%lld", (long long) vc_now() - 3600);
    refused_token(release_token_but("exp", text), "AKV10004");
    (void) snprintf(text, sizeof(text), "%lld", (long long) vc_now() + 3600);
    refused_token(release_token_but("nbf", text), "AKV10005");
    refused_token(release_token_but("exp", NULL), "AKV10003");
}


/* whoever issues access tokens attests nothing, and the other way around */
static void
test_issuers(void **state)
{
    vc_request_t request;
    vc_call_t   *call;
    char         bearer[8192];

    (void) state;

    refused_token(release_token_but("iss", "\"https://evil.test\""),
        "AKV10032");
    refused_token(release_token_but("iss", NULL), "AKV10032");
    refused_token(secrets_fixture.authorization + strlen("Bearer "),
        "AKV10032");

    (void) snprintf(bearer, sizeof(bearer), "Bearer %s",
        release_token_but(NULL, NULL));
    request = fixture_request(&secrets_fixture, "GET",
        "/keys/kept?api-version=7.4");
    request.authorization = vc_str(bearer);
    call = fixture_send(&secrets_fixture, &request, VC_STR_NULL);
    assert_int_equal(vc_call_response(call)->status, 401);
    vc_call_destroy(call);
}


static void
test_audience(void **state)
{
    json_t     *claims;
    const char *policy;
    char        body[4096];

    (void) state;

    policy = release_policy(RELEASE_STRICT, "\"sevsnpvm\"", "false");
    (void) snprintf(body, sizeof(body), "{%s}", policy);
    (void) expect(200, "PATCH", "/keys/kept", body);

    refused_token(release_token_but("iss", "\"" RELEASE_STRICT "\""),
        "AKV10022");

    claims = release_claims("aud", "\"https://other.test\"");
    (void) json_object_set_new(claims, "iss", json_string(RELEASE_STRICT));
    refused_token(release_token(releases.signer, "a1", claims), "AKV10022");

    claims = release_claims("aud", "\"" RELEASE_AUDIENCE "\"");
    (void) json_object_set_new(claims, "iss", json_string(RELEASE_STRICT));
    released(release_token(releases.signer, "a1", claims));

    policy = release_policy(RELEASE_ISSUER, "\"sevsnpvm\"", "false");
    (void) snprintf(body, sizeof(body), "{%s}", policy);
    (void) expect(200, "PATCH", "/keys/kept", body);
    released(release_token_but(NULL, NULL));
}


/* nobody can say that the token is bad: the client is to come again */
static void
test_issuer_unavailable(void **state)
{
    (void) state;

    (void) expect_error(503, "ServiceUnavailable", NULL, "POST", TARGET,
        release_body(release_token_but("iss", "\"" RELEASE_FETCHED "\""), ""));
}


static void
test_no_target_key(void **state)
{
    (void) state;

    refused(400, "BadParameter", NULL,
        release_body(release_token_but("x-ms-runtime", NULL), ""),
        "names no key to release to");
    refused(400, "BadParameter", NULL,
        release_body(release_token_but("x-ms-runtime", "{\"keys\":[]}"), ""),
        "names no key to release to");
}


/* --- the policy ----------------------------------------------------------- */

static void
test_policy_not_met(void **state)
{
    static const struct {
        const char *name;
        const char *text;
    } claims[] = {
        {"x-ms-attestation-type", NULL},
        {"x-ms-attestation-type", "\"sgx\""},
        {"x-ms-attestation-type", "\"sevsnpvm \""},
        {"x-ms-attestation-type", "[\"sevsnpvm\"]"},
        {"x-ms-attestation-type", "true"},
    };

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
        refused_token(release_token_but(claims[i].name, claims[i].text),
            "does not meet the key's release policy");
    }
}


/* the right claims of a trusted issuer that the policy does not name */
static void
test_policy_of_another_issuer(void **state)
{
    json_t *claims;

    (void) state;

    claims = release_claims("aud", "\"" RELEASE_AUDIENCE "\"");
    (void) json_object_set_new(claims, "iss", json_string(RELEASE_STRICT));
    refused_token(release_token(releases.signer, "a1", claims),
        "does not meet the key's release policy");
}


/* what the policy says at the moment of the release counts */
static void
test_policy_changed(void **state)
{
    char body[4096];

    (void) state;

    (void) snprintf(body, sizeof(body), "{%s}",
        release_policy(RELEASE_ISSUER, "\"sgx\"", "false"));
    (void) expect(200, "PATCH", "/keys/kept", body);
    refused_token(release_token_but(NULL, NULL),
        "does not meet the key's release policy");
    released(release_token_but("x-ms-attestation-type", "\"sgx\""));

    (void) snprintf(body, sizeof(body), "{%s}",
        release_policy(RELEASE_ISSUER, "\"sevsnpvm\"", "false"));
    (void) expect(200, "PATCH", "/keys/kept", body);
    released(release_token_but(NULL, NULL));
}


static void
test_immutable(void **state)
{
    char body[4096];

    (void) state;

    (void) snprintf(body, sizeof(body),
        "{\"kty\":\"EC\",\"attributes\":{\"exportable\":true},%s}",
        release_policy(RELEASE_ISSUER, "\"sevsnpvm\"", "true"));
    (void) expect(200, "POST", "/keys/fixed/create", body);

    /* not to another, not to the same, and not to one that can change */
    (void) snprintf(body, sizeof(body), "{%s}",
        release_policy(RELEASE_ISSUER, "\"sgx\"", "true"));
    (void) expect_error(400, "BadParameter", NULL, "PATCH", "/keys/fixed",
        body);
    (void) snprintf(body, sizeof(body), "{%s}",
        release_policy(RELEASE_ISSUER, "\"sevsnpvm\"", "false"));
    (void) expect_error(400, "BadParameter", NULL, "PATCH", "/keys/fixed",
        body);

    /* the rest of the key can */
    (void) expect(200, "PATCH", "/keys/fixed", "{\"tags\":{\"a\":\"b\"}}");
    (void) expect(200, "POST", "/keys/fixed/release",
        release_body(release_token_but(NULL, NULL), ""));
    (void) expect(403, "POST", "/keys/fixed/release",
        release_body(release_token_but("x-ms-attestation-type", "\"sgx\""),
            ""));
}


/* --- the key -------------------------------------------------------------- */

static void
test_not_exportable(void **state)
{
    const answer_t *answer;

    (void) state;

    (void) expect(200, "POST", "/keys/mine/create", "{\"kty\":\"EC\"}");
    answer = expect_error(400, "BadParameter", NULL, "POST",
        "/keys/mine/release", release_body(release_token_but(NULL, NULL), ""));
    assert_non_null(strstr(message_of(answer), "not exportable"));

    /* and it does not become so */
    (void) expect_error(400, "BadParameter", NULL, "PATCH", "/keys/mine",
        "{\"attributes\":{\"exportable\":true}}");
}


static void
test_disabled(void **state)
{
    (void) state;

    (void) expect(200, "PATCH", "/keys/kept",
        "{\"attributes\":{\"enabled\":false}}");
    refused(403, "Forbidden", "KeyDisabled",
        release_body(release_token_but(NULL, NULL), ""), "disabled key");
    (void) expect(200, "PATCH", "/keys/kept",
        "{\"attributes\":{\"enabled\":true}}");
    released(release_token_but(NULL, NULL));
}


/* what was protected with it stays readable */
static void
test_out_of_its_time(void **state)
{
    (void) state;

    (void) expect(200, "PATCH", "/keys/kept",
        "{\"attributes\":{\"exp\":1700000000}}");
    released(release_token_but(NULL, NULL));
    (void) expect(200, "PATCH", "/keys/kept",
        "{\"attributes\":{\"nbf\":4000000000,\"exp\":4000000001}}");
    released(release_token_but(NULL, NULL));
}


static void
test_deleted(void **state)
{
    (void) state;

    (void) expect(200, "DELETE", "/keys/kept", NULL);
    refused(404, "KeyNotFound", NULL,
        release_body(release_token_but(NULL, NULL), ""), "");
    (void) expect(200, "POST", "/deletedkeys/kept/recover", NULL);
    released(release_token_but(NULL, NULL));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_no_token),
        cmocka_unit_test(test_forged),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_issuers),
        cmocka_unit_test(test_audience),
        cmocka_unit_test(test_issuer_unavailable),
        cmocka_unit_test(test_no_target_key),
        cmocka_unit_test(test_policy_not_met),
        cmocka_unit_test(test_policy_of_another_issuer),
        cmocka_unit_test(test_policy_changed),
        cmocka_unit_test(test_immutable),
        cmocka_unit_test(test_not_exportable),
        cmocka_unit_test(test_disabled),
        cmocka_unit_test(test_out_of_its_time),
        cmocka_unit_test(test_deleted),
    };

    return cmocka_run_group_tests(tests, set_up, release_teardown);
}
