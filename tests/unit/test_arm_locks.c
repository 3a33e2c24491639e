/* locks over the management plane */

#include "arm_fixture.h"

#define API "?api-version=2020-05-01"
#define PROVIDER "/providers/Microsoft.Authorization"
#define DEMO ARM_V "demo"
#define CAN_NOT_DELETE "{\"properties\":{\"level\":\"CanNotDelete\"}}"
#define READ_ONLY "{\"properties\":{\"level\":\"readonly\"}}"


static size_t
count(arm_t *arm, const char *scope)
{
    char path[512];

    (void) snprintf(path, sizeof(path), "%s" PROVIDER "/locks" API, scope);
    assert_int_equal(arm_ask(arm, "GET", path, NULL), 200);

    return json_array_size(arm_at(arm, "value"));
}


static void
test_lock(void **state)
{
    char   id[512];
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "PUT", DEMO PROVIDER "/locks/Keep" API,
                         "{\"properties\":{\"level\":\"CanNotDelete\","
                         "\"notes\":\"not \\\"now\\\"\",\"owners\":"
                         "[{\"applicationId\":\"a\"},"
                         "{\"applicationId\":\"b\"}]}}"),
        201);
    (void) snprintf(id, sizeof(id),
        "/subscriptions/%s/resourceGroups/default/providers/Microsoft.KeyVault/"
        "vaults/demo" PROVIDER "/locks/Keep",
        arm->fixture.installation.id);
    assert_string_equal(arm_text(arm, "id"), id);
    assert_string_equal(arm_text(arm, "name"), "Keep");
    assert_string_equal(arm_text(arm, "type"), "Microsoft.Authorization/locks");

    assert_int_equal(arm_ask(arm, "GET", DEMO PROVIDER "/locks/keep" API, NULL),
        200);
    assert_string_equal(arm_text(arm, "properties/level"), "CanNotDelete");
    assert_string_equal(arm_text(arm, "properties/notes"), "not \"now\"");
    assert_string_equal(arm_text(arm, "properties/owners/1/applicationId"),
        "b");

    assert_int_equal(arm_ask(arm, "PUT", DEMO PROVIDER "/locks/keep" API,
                         READ_ONLY),
        200);
    assert_string_equal(arm_text(arm, "properties/level"), "ReadOnly");
    assert_null(arm_at(arm, "properties/notes"));

    /* at a scope and below it */
    assert_int_equal(arm_ask(arm, "PUT", ARM_G PROVIDER "/locks/g" API,
                         CAN_NOT_DELETE),
        201);
    assert_int_equal(arm_ask(arm, "PUT",
                         "~" PROVIDER "/locks/s?api-version=2016-09-01",
                         CAN_NOT_DELETE),
        201);
    assert_int_equal(count(arm, DEMO), 1);
    assert_int_equal(count(arm, ARM_G), 2);
    assert_int_equal(count(arm, "~"), 3);

    assert_int_equal(arm_ask(arm, "DELETE", DEMO PROVIDER "/locks/keep" API,
                         NULL),
        200);
    assert_int_equal(arm_ask(arm, "DELETE", DEMO PROVIDER "/locks/keep" API,
                         NULL),
        204);
    (void) arm_ask(arm, "GET", DEMO PROVIDER "/locks/keep" API, NULL);
    arm_expect_error(arm, 404, "LockNotFound", "'keep'");
}


static void
test_bad_input(void **state)
{
    size_t i;
    arm_t *arm = *state;

    static const struct {
        const char *body, *words;
    } bad[] = {
        {"{}", "properties"},
        {"{\"properties\":{}}", "properties.level"},
        {"{\"properties\":{\"level\":\"NotSpecified\"}}", "properties.level"},
        {"{\"properties\":{\"level\":1}}", "properties.level"},
        {"{\"properties\":{\"level\":\"ReadOnly\",\"notes\":[]}}",
            "properties.notes"},
        {"{\"properties\":{\"level\":\"ReadOnly\",\"owners\":{}}}",
            "properties.owners"},
        {"{\"properties\":{\"level\":\"ReadOnly\",\"owners\":[1]}}",
            "applicationId"},
    };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        (void) arm_ask(arm, "PUT", DEMO PROVIDER "/locks/l" API, bad[i].body);
        arm_expect_error(arm, 400, "BadRequest", bad[i].words);
    }

    (void) arm_ask(arm, "PUT", DEMO PROVIDER "/locks/a%3Cb" API, READ_ONLY);
    arm_expect_error(arm, 400, "BadRequest", "name");
    (void) arm_ask(arm, "PUT", DEMO "/secrets/s" PROVIDER "/locks/l" API,
        READ_ONLY);
    arm_expect_error(arm, 400, "BadRequest", "/secrets/s'");
    (void) arm_ask(arm, "PUT", DEMO "/secrets/%95\x95" PROVIDER "/locks/l" API,
        READ_ONLY);
    arm_expect_error(arm, 400, "BadRequest", "/secrets/?");
    (void) arm_ask(arm, "PUT", ARM_V "none" PROVIDER "/locks/l" API, READ_ONLY);
    arm_expect_error(arm, 404, "ResourceNotFound", NULL);
    (void) arm_ask(arm, "GET",
        DEMO PROVIDER "/locks?$filter=atScope()&api-version=2020-05-01", NULL);
    arm_expect_error(arm, 400, "InvalidFilterInQueryString", "$filter");
    assert_int_equal(count(arm, "~"), 0);
}


static void
test_in_the_way(void **state)
{
    char   body[512];
    arm_t *arm = *state;

    (void) snprintf(body, sizeof(body),
        "{\"properties\":{\"roleDefinitionId\":\"" PROVIDER
        "/roleDefinitions/" ARM_READER "\",\"principalId\":"
        "\"99999999-2222-4333-8444-555555555555\"}}");

#define ASSIGNMENT                                                             \
    DEMO PROVIDER "/roleAssignments/aaaaaaaa-0000-4000-8000-000000000001"      \
                  "?api-version=2022-04-01"

    assert_int_equal(arm_ask(arm, "PUT", ARM_G PROVIDER "/locks/g" API,
                         CAN_NOT_DELETE),
        201);
    assert_int_equal(arm_ask(arm, "PUT", ASSIGNMENT, body), 201);
    (void) arm_ask(arm, "DELETE", ASSIGNMENT, NULL);
    arm_expect_error(arm, 409, "ScopeLocked", "/locks/g'");
    (void) arm_ask(arm, "DELETE", DEMO "?" ARM_API, NULL);
    arm_expect_error(arm, 409, "ScopeLocked", "delete operation");

    assert_int_equal(arm_ask(arm, "PUT", DEMO PROVIDER "/locks/v" API,
                         READ_ONLY),
        201);
    (void) arm_ask(arm, "PATCH", DEMO "?" ARM_API, "{}");
    arm_expect_error(arm, 409, "ScopeLocked", "write operation");
    (void) arm_ask(arm, "PUT", ASSIGNMENT, body);
    arm_expect_error(arm, 409, "ScopeLocked", "/locks/v'");
    (void) arm_ask(arm, "PUT", DEMO "/secrets/s?" ARM_API,
        "{\"properties\":{\"value\":\"v\"}}");
    arm_expect_error(arm, 409, "ScopeLocked", "/locks/v'");

    /* a lock is no obstacle to its own end, and then to nothing */
    assert_int_equal(arm_ask(arm, "DELETE", DEMO PROVIDER "/locks/v" API, NULL),
        200);
    assert_int_equal(arm_ask(arm, "DELETE", ARM_G PROVIDER "/locks/g" API,
                         NULL),
        200);
    assert_int_equal(arm_ask(arm, "DELETE", ASSIGNMENT, NULL), 200);
    assert_int_equal(arm_ask(arm, "DELETE", DEMO "?" ARM_API, NULL), 200);
}


static void
test_who_may(void **state)
{
    char   token[4096], id[VC_GUID_LEN + 1];
    arm_t *arm = *state;

    arm_principal(arm, "contributor", token, id);
    arm_assign(arm, id, ARM_CONTRIBUTOR, "~");
    arm->token = token;

    (void) arm_ask(arm, "PUT", DEMO PROVIDER "/locks/l" API, READ_ONLY);
    arm_expect_error(arm, 403, "AuthorizationFailed", "locks/write");
    (void) arm_ask(arm, "DELETE", DEMO PROVIDER "/locks/l" API, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed", "locks/delete");
    assert_int_equal(count(arm, DEMO), 0);
}


int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, arm_setup, arm_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_lock),
        TEST(test_bad_input),
        TEST(test_in_the_way),
        TEST(test_who_may),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
