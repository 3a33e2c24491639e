/* secrets as resources of their vault */

#include "arm_fixture.h"

#define DEMO ARM_V "demo"
#define SECRET DEMO "/secrets/Connection?" ARM_API
#define BODY                                                                   \
    "{\"tags\":{\"a\":\"b\"},\"properties\":{\"value\":\"hidden-1\","          \
    "\"contentType\":\"text/plain\",\"attributes\":{\"enabled\":true,"         \
    "\"nbf\":1700000000,\"exp\":1900000000}}}"


/* asks the vault itself; the text of the answer */
static int
ask_vault(arm_t *arm, const char *method, const char *target, char out[2048])
{
    int                  status;
    vc_call_t           *call;
    vc_request_t         request;
    const vc_response_t *response;

    request = fixture_request(&arm->fixture, method, target);
    call = fixture_send(&arm->fixture, &request, VC_STR_NULL);
    response = vc_call_response(call);
    status = response->status;
    (void) snprintf(out, 2048, "%.*s", VC_STR_ARG(response->body));
    vc_call_destroy(call);
    vc_engine_rest(arm->fixture.engine);

    return status;
}


static void
assert_no_value(const arm_t *arm)
{
    char *text;

    text = json_dumps(arm->json, 0);
    assert_non_null(text);
    assert_null(strstr(text, "hidden"));
    free(text);
}


static void
test_put(void **state)
{
    char   id[512], path[512], text[2048];
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "PUT", SECRET, BODY), 201);
    (void) snprintf(id, sizeof(id),
        "/subscriptions/%s/resourceGroups/default/providers/Microsoft.KeyVault/"
        "vaults/demo/secrets/Connection",
        arm->fixture.installation.id);
    assert_string_equal(arm_text(arm, "id"), id);
    assert_string_equal(arm_text(arm, "name"), "Connection");
    assert_string_equal(arm_text(arm, "type"),
        "Microsoft.KeyVault/vaults/secrets");
    assert_string_equal(arm_text(arm, "location"), "local");
    assert_string_equal(arm_text(arm, "tags/a"), "b");
    assert_string_equal(arm_text(arm, "properties/contentType"), "text/plain");
    assert_string_equal(arm_text(arm, "properties/secretUri"),
        "https://" FIXTURE_HOST "/secrets/Connection");
    assert_int_equal(json_integer_value(
                         arm_at(arm, "properties/attributes/exp")),
        1900000000);
    assert_true(json_is_true(arm_at(arm, "properties/attributes/enabled")));
    assert_no_value(arm);

    /* the vault has it, under the address that was answered */
    (void) snprintf(path, sizeof(path), "%s?api-version=7.4",
        arm_text(arm, "properties/secretUriWithVersion")
            + strlen("https://" FIXTURE_HOST));
    assert_int_equal(ask_vault(arm, "GET", path, text), 200);
    assert_non_null(strstr(text, "\"value\":\"hidden-1\""));

    assert_int_equal(arm_ask(arm, "PUT", SECRET,
                         "{\"properties\":{\"value\":\"hidden-2\"}}"),
        200);
    assert_null(arm_at(arm, "properties/contentType"));
    assert_int_equal(json_object_size(arm_at(arm, "tags")), 0);
    assert_int_equal(arm_ask(arm, "GET", SECRET, NULL), 200);
    assert_no_value(arm);
}


static void
test_patch(void **state)
{
    char   first[256], text[2048];
    arm_t *arm = *state;

    (void) arm_ask(arm, "PATCH", SECRET, "{\"properties\":{}}");
    arm_expect_error(arm, 404, "SecretNotFound", NULL);

    assert_int_equal(arm_ask(arm, "PUT", SECRET, BODY), 201);
    strcpy(first, arm_text(arm, "properties/secretUriWithVersion"));

    assert_int_equal(arm_ask(arm, "PATCH", SECRET,
                         "{\"properties\":{\"contentType\":\"x\","
                         "\"attributes\":{\"enabled\":false}}}"),
        200);
    assert_string_equal(arm_text(arm, "properties/secretUriWithVersion"),
        first);
    assert_string_equal(arm_text(arm, "properties/contentType"), "x");
    assert_string_equal(arm_text(arm, "tags/a"), "b");
    assert_true(json_is_false(arm_at(arm, "properties/attributes/enabled")));

    /* a new value is a new version, which is else as the last one */
    assert_int_equal(arm_ask(arm, "PATCH", SECRET,
                         "{\"properties\":{\"value\":\"hidden-3\","
                         "\"attributes\":{\"enabled\":true}}}"),
        200);
    assert_string_not_equal(arm_text(arm, "properties/secretUriWithVersion"),
        first);
    assert_string_equal(arm_text(arm, "properties/contentType"), "x");
    assert_no_value(arm);
    assert_int_equal(ask_vault(arm, "GET",
                         "/secrets/connection?api-version=7.4", text),
        200);
    assert_non_null(strstr(text, "\"value\":\"hidden-3\""));
}


static void
test_list(void **state)
{
    int    i, seen, pages;
    char   path[1024];
    arm_t *arm = *state;

    for (i = 0; i < 7; i++) {
        (void) snprintf(path, sizeof(path), DEMO "/secrets/s%d?" ARM_API, i);
        assert_int_equal(arm_ask(arm, "PUT", path, BODY), 201);
    }

    strcpy(path, DEMO "/secrets?$top=3&" ARM_API);

    for (seen = 0, pages = 0; path[0] != '\0'; pages++) {
        assert_int_equal(arm_ask(arm, "GET", path, NULL), 200);
        assert_no_value(arm);
        seen += (int) json_array_size(arm_at(arm, "value"));
        strcpy(path, arm_text(arm, "nextLink"));

        if (path[0] != '\0') {
            assert_int_equal(strncmp(path, FIXTURE_MANAGEMENT "/",
                                 sizeof(FIXTURE_MANAGEMENT)),
                0);
            memmove(path, path + sizeof(FIXTURE_MANAGEMENT) - 1,
                strlen(path) - sizeof(FIXTURE_MANAGEMENT) + 2);
        }
    }

    assert_int_equal(seen, 7);
    assert_int_equal(pages, 3);

    (void) arm_ask(arm, "GET", DEMO "/secrets?$skiptoken=AAAA&" ARM_API, NULL);
    arm_expect_error(arm, 400, "BadRequest", "$skiptoken");
}


static void
test_bad_input(void **state)
{
    size_t i;
    char   text[2048];
    arm_t *arm = *state;

    static const struct {
        const char *body, *words;
    } bad[] = {
        {"{}", "properties"},
        {"{\"properties\":[]}", "properties"},
        {"{\"properties\":{}}", "value"},
        {"{\"properties\":{\"value\":1}}", "value"},
        {"{\"value\":\"hidden\",\"properties\":{}}", "value"},
        {"{\"properties\":{\"value\":\"hidden\",\"attributes\":{\"exp\":"
         "\"soon\"}}}",
            "attributes.exp"},
        {"{\"properties\":{\"value\":\"hidden\",\"attributes\":{\"exp\":1,"
         "\"nbf\":2}}}",
            "exp must not be before nbf"},
        {"{\"tags\":3,\"properties\":{\"value\":\"hidden\"}}", "tags"},
        {"{\"properties\":{\"value\":\"hidden\",\"contentType\":1}}",
            "contentType"},
    };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        (void) arm_ask(arm, "PUT", SECRET, bad[i].body);
        arm_expect_error(arm, 400, "BadRequest", bad[i].words);
        assert_no_value(arm);
    }

    (void) arm_ask(arm, "PUT", DEMO "/secrets/a_b?" ARM_API, BODY);
    arm_expect_error(arm, 400, "BadRequest", "'a_b'");
    (void) arm_ask(arm, "GET", SECRET, NULL);
    arm_expect_error(arm, 404, "SecretNotFound", NULL);
    (void) arm_ask(arm, "PUT", ARM_V "none/secrets/s?" ARM_API, BODY);
    arm_expect_error(arm, 404, "ResourceNotFound", NULL);

    /* deleting is the vault's, and a deleted one keeps its name */
    assert_int_equal(arm_ask(arm, "PUT", SECRET, BODY), 201);
    (void) arm_ask(arm, "DELETE", SECRET, NULL);
    arm_expect_error(arm, 400, "DisallowedResourceOperation",
        "The operation 'delete' on resource type 'vaults/secrets' is "
        "disallowed.");
    assert_int_equal(ask_vault(arm, "DELETE",
                         "/secrets/connection?api-version=7.4", text),
        200);
    (void) arm_ask(arm, "PUT", SECRET, BODY);
    arm_expect_error(arm, 409, "ConflictError", "recovered or purged");
}


/* control actions decide, whatever the access policies say */
static void
test_who_may(void **state)
{
    char   token[4096], id[VC_GUID_LEN + 1];
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "PUT", SECRET, BODY), 201);
    arm_principal(arm, "guest", token, id);
    arm->token = token;
    (void) arm_ask(arm, "GET", SECRET, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed",
        "'Microsoft.KeyVault/vaults/secrets/read'");

    arm_assign(arm, id, ARM_READER, DEMO "/secrets/connection");
    assert_int_equal(arm_ask(arm, "GET", SECRET, NULL), 200);
    (void) arm_ask(arm, "PUT", SECRET, BODY);
    arm_expect_error(arm, 403, "AuthorizationFailed",
        "'Microsoft.KeyVault/vaults/secrets/write'");
    (void) arm_ask(arm, "GET", DEMO "/secrets?" ARM_API, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed", NULL);
}


int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, arm_setup, arm_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_put),
        TEST(test_patch),
        TEST(test_list),
        TEST(test_bad_input),
        TEST(test_who_may),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
