/* role definitions and role assignments over the management plane */

#include "arm_fixture.h"

#define ROLE_API "api-version=2022-04-01"
#define AZ_API "api-version=2018-01-01-preview" /* az lists roles by it */
#define ASSIGN_API "api-version=2020-04-01-preview"
#define PROVIDER "/providers/Microsoft.Authorization"
#define ROLES "~" PROVIDER "/roleDefinitions"
#define DEMO ARM_V "demo"

#define SECRETS_USER "4633458b-17de-408a-b874-0445c86b69e6"
#define PURGE_OPERATOR "a68e7c17-0ab2-4c09-9a58-125dae29748c"
#define DATA_ADMIN "8b54135c-b56d-4d72-a534-26097cfdc8d8"
#define CUSTOM "11111111-2222-4333-8444-555555555555"
#define NOBODY "99999999-2222-4333-8444-555555555555"
#define FIRST "aaaaaaaa-0000-4000-8000-000000000001"
#define SECOND "aaaaaaaa-0000-4000-8000-000000000002"

#define ROLE_BODY(name, scope)                                                 \
    "{\"properties\":{\"roleName\":\"" name "\",\"description\":\"d\","        \
    "\"type\":\"CustomRole\",\"permissions\":[{\"actions\":[],"                \
    "\"dataActions\":[\"Microsoft.KeyVault/vaults/secrets/getSecret/action\"]" \
    "}],\"assignableScopes\":[" scope "]}}"


static const char *
assignment_body(const char *role, const char *principal, const char *more)
{
    static char body[1024];

    (void) snprintf(body, sizeof(body),
        "{\"properties\":{\"roleDefinitionId\":\"" PROVIDER
        "/roleDefinitions/%s\",\"principalId\":\"%s\"%s}}",
        role, principal, more);

    return body;
}


static int
put_assignment(arm_t *arm, const char *scope, const char *id, const char *body)
{
    char path[512];

    (void) snprintf(path, sizeof(path),
        "%s" PROVIDER "/roleAssignments/%s?" ASSIGN_API, scope, id);

    return arm_ask(arm, "PUT", path, body);
}


static size_t
count(arm_t *arm, const char *path)
{
    if (arm_ask(arm, "GET", path, NULL) != 200) {
        fail_msg("%s: %d %s", path, arm->status,
            arm_text(arm, "error/message"));
    }

    return json_array_size(arm_at(arm, "value"));
}


/* --- role definitions --------------------------------------------------------- */

static void
test_role_read(void **state)
{
    size_t all;
    char   id[256];
    arm_t *arm = *state;

    assert_int_equal(count(arm, ROLES "?$filter=roleName%20eq%20'key%20vault%20"
                                      "secrets%20user'&" AZ_API),
        1);
    assert_string_equal(arm_text(arm, "value/0/name"), SECRETS_USER);
    assert_string_equal(arm_text(arm, "value/0/type"),
        "Microsoft.Authorization/roleDefinitions");
    assert_string_equal(arm_text(arm, "value/0/properties/roleName"),
        "Key Vault Secrets User");
    assert_string_equal(arm_text(arm, "value/0/properties/type"),
        "BuiltInRole");
    assert_string_equal(arm_text(arm, "value/0/properties/assignableScopes/0"),
        "/");
    assert_string_equal(arm_text(arm,
                            "value/0/properties/permissions/0/dataActions/0"),
        "Microsoft.KeyVault/vaults/secrets/getSecret/action");
    (void) snprintf(id, sizeof(id),
        "/subscriptions/%s" PROVIDER "/roleDefinitions/" SECRETS_USER,
        arm->fixture.installation.id);
    assert_string_equal(arm_text(arm, "value/0/id"), id);

    all = count(arm, ROLES "?" ROLE_API);
    assert_true(all > 10);
    assert_int_equal(count(arm, ROLES "?$filter=type+eq+'BuiltInRole'+and+"
                                      "atScopeAndBelow()&" ROLE_API),
        all);
    assert_int_equal(count(arm,
                         ROLES "?$filter=type+eq+'CustomRole'&" ROLE_API),
        0);

    /* at any scope */
    assert_int_equal(arm_ask(arm, "GET",
                         DEMO PROVIDER "/roleDefinitions/" SECRETS_USER
                                       "?" ROLE_API,
                         NULL),
        200);
    assert_string_equal(arm_text(arm, "id"), id);

    (void) arm_ask(arm, "GET", ROLES "/" CUSTOM "?" ROLE_API, NULL);
    arm_expect_error(arm, 404, "RoleDefinitionDoesNotExist", CUSTOM);
    (void) arm_ask(arm, "GET", ROLES "/no-guid?" ROLE_API, NULL);
    arm_expect_error(arm, 400, "BadRequest", "GUID");
    (void) arm_ask(arm, "GET", ROLES "?$filter=name+eq+'x'&" ROLE_API, NULL);
    arm_expect_error(arm, 400, "InvalidFilterInQueryString",
        "atScopeAndBelow()");
    (void) arm_ask(arm, "GET", ROLES "?$filter=roleName+eq+x&" ROLE_API, NULL);
    arm_expect_error(arm, 400, "InvalidFilterInQueryString", "$filter");
}


static void
test_role_custom(void **state)
{
    char   body[1024], path[512];
    arm_t *arm = *state;

    (void) snprintf(body, sizeof(body),
        ROLE_BODY("Reader of one", "\"/subscriptions/%s/\""),
        arm->fixture.installation.id);

    assert_int_equal(arm_ask(arm, "PUT", ROLES "/" CUSTOM "?" ROLE_API, body),
        201);
    assert_string_equal(arm_text(arm, "properties/type"), "CustomRole");
    assert_string_equal(arm_text(arm, "name"), CUSTOM);
    assert_int_equal(strlen(arm_text(arm, "properties/createdOn")), 20);
    assert_int_equal(strlen(arm_text(arm, "properties/createdBy")), 36);
    assert_int_equal(count(arm,
                         ROLES "?$filter=type+eq+'CustomRole'&" ROLE_API),
        1);
    assert_int_equal(
        count(arm, DEMO PROVIDER
            "/roleDefinitions?$filter=type+eq+'CustomRole'&" AZ_API),
        1);

    /* the name of another */
    (void) arm_ask(arm, "PUT", ROLES "/" FIRST "?" ROLE_API, body);
    arm_expect_error(arm, 400, "BadRequest", NULL);

    /* in use */
    assert_int_equal(put_assignment(arm, DEMO, FIRST,
                         assignment_body(CUSTOM, NOBODY, "")),
        201);
    (void) arm_ask(arm, "DELETE", ROLES "/" CUSTOM "?" ROLE_API, NULL);
    arm_expect_error(arm, 409, "RoleDefinitionHasAssignments", CUSTOM);
    (void) snprintf(path, sizeof(path),
        DEMO PROVIDER "/roleAssignments/" FIRST "?" ASSIGN_API);
    assert_int_equal(arm_ask(arm, "DELETE", path, NULL), 200);

    assert_int_equal(arm_ask(arm, "DELETE", ROLES "/" CUSTOM "?" ROLE_API,
                         NULL),
        200);
    assert_string_equal(arm_text(arm, "properties/roleName"), "Reader of one");
    assert_int_equal(arm_ask(arm, "DELETE", ROLES "/" CUSTOM "?" ROLE_API,
                         NULL),
        204);
    (void) arm_ask(arm, "DELETE", ROLES "/" SECRETS_USER "?" ROLE_API, NULL);
    arm_expect_error(arm, 400, "BadRequest", NULL);
    (void) arm_ask(arm, "PUT", ROLES "/" SECRETS_USER "?" ROLE_API, body);
    arm_expect_error(arm, 400, "BadRequest", NULL);
}


static void
test_role_bodies(void **state)
{
    char   body[512];
    size_t i;
    arm_t *arm = *state;

    static const struct {
        const char *body, *words;
    } bad[] = {
        {"{}", "properties"},
        {"{\"properties\":{}}", "roleName"},
        {"{\"properties\":{\"roleName\":\"n\",\"type\":\"BuiltInRole\"}}",
            "type"},
        {"{\"properties\":{\"roleName\":\"n\"}}", "permissions"},
        {"{\"properties\":{\"roleName\":\"n\",\"permissions\":[{},{}]}}",
            "permissions"},
        {"{\"properties\":{\"roleName\":\"n\",\"permissions\":[{\"actions\":"
         "\"*\"}]}}",
            "permissions[0].actions"},
        {"{\"properties\":{\"roleName\":\"n\",\"permissions\":[{\"actions\":"
         "[1]}]}}",
            "permissions[0].actions"},
        {"{\"properties\":{\"roleName\":\"n\",\"permissions\":[{}]}}",
            "assignableScopes"},
        {ROLE_BODY("n", "\"/somewhere\""), "assignableScopes"},
        {ROLE_BODY("n", "\"/subscriptions/" NOBODY "\""), "assignableScopes"},
    };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        (void) arm_ask(arm, "PUT", ROLES "/" CUSTOM "?" ROLE_API, bad[i].body);
        arm_expect_error(arm, 400, "BadRequest", bad[i].words);
    }

    (void) snprintf(body, sizeof(body),
        "{\"properties\":{\"RoleName\":\"n\",\"permissions\":[{\"Actions\":"
        "[\"*\"],\"NotActions\":[\"*/write\"]}],\"AssignableScopes\":["
        "\"/subscriptions/%s\"]}}",
        arm->fixture.installation.id);
    assert_int_equal(arm_ask(arm, "PUT", ROLES "/" CUSTOM "?" ROLE_API, body),
        201);
    assert_string_equal(arm_text(arm, "properties/permissions/0/notActions/0"),
        "*/write");
    assert_int_equal(arm_ask(arm, "DELETE", ROLES "/" CUSTOM "?" ROLE_API,
                         NULL),
        200);

    (void) arm_ask(arm, "PUT", ROLES "/" CUSTOM "?" ROLE_API, "[");
    arm_expect_error(arm, 400, "InvalidRequestContent", NULL);
}


/* whoever manages one group makes no role for all of them */
static void
test_role_scopes(void **state)
{
    char   token[4096], id[VC_GUID_LEN + 1], body[1024];
    arm_t *arm = *state;

    arm_principal(arm, "owner", token, id);
    arm_assign(arm, id, ARM_OWNER, ARM_G);
    arm->token = token;

    (void) snprintf(body, sizeof(body),
        ROLE_BODY("n", "\"/subscriptions/%s/resourceGroups/default\""),
        arm->fixture.installation.id);
    assert_int_equal(arm_ask(arm, "PUT",
                         ARM_G PROVIDER "/roleDefinitions/" CUSTOM "?" ROLE_API,
                         body),
        201);

    (void) snprintf(body, sizeof(body), ROLE_BODY("n", "\"/subscriptions/%s\""),
        arm->fixture.installation.id);
    (void) arm_ask(arm, "PUT",
        ARM_G PROVIDER "/roleDefinitions/" CUSTOM "?" ROLE_API, body);
    arm_expect_error(arm, 403, "AuthorizationFailed", "roleDefinitions/write");

    /* nor does it change one that was made for all */
    arm->token = arm->fixture.manager;
    assert_int_equal(arm_ask(arm, "PUT", ROLES "/" CUSTOM "?" ROLE_API, body),
        201);
    arm->token = token;
    (void) arm_ask(arm, "DELETE",
        ARM_G PROVIDER "/roleDefinitions/" CUSTOM "?" ROLE_API, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed", "roleDefinitions/delete");
}


/* --- role assignments --------------------------------------------------------- */

static void
test_assignment(void **state)
{
    char        path[512], id[512];
    arm_t      *arm = *state;
    const char *body;

    body = assignment_body(SECRETS_USER, NOBODY,
        ",\"principalType\":\"serviceprincipal\",\"description\":\"why \\\"x\"");

    assert_int_equal(put_assignment(arm, DEMO, FIRST, body), 201);
    assert_string_equal(arm_text(arm, "name"), FIRST);
    assert_string_equal(arm_text(arm, "type"),
        "Microsoft.Authorization/roleAssignments");
    assert_string_equal(arm_text(arm, "properties/principalId"), NOBODY);
    assert_string_equal(arm_text(arm, "properties/principalType"),
        "ServicePrincipal");
    assert_string_equal(arm_text(arm, "properties/description"), "why \"x");
    assert_int_equal(strlen(arm_text(arm, "properties/createdOn")), 20);
    assert_int_equal(strlen(arm_text(arm, "properties/updatedBy")), 36);
    (void) snprintf(id, sizeof(id),
        "/subscriptions/%s/resourceGroups/default/providers/Microsoft.KeyVault/"
        "vaults/demo",
        arm->fixture.installation.id);
    assert_string_equal(arm_text(arm, "properties/scope"), id);
    assert_string_equal(strstr(arm_text(arm, "properties/roleDefinitionId"),
                            "/providers"),
        PROVIDER "/roleDefinitions/" SECRETS_USER);

    /* the same again, by its full id */
    (void) snprintf(path, sizeof(path), "%s?" ASSIGN_API, arm_text(arm, "id"));
    assert_int_equal(arm_ask(arm, "PUT", path, body), 200);
    assert_int_equal(arm_ask(arm, "GET", path, NULL), 200);
    assert_string_equal(arm_text(arm, "name"), FIRST);

    assert_int_equal(put_assignment(arm, DEMO, SECOND, body), 409);
    arm_expect_error(arm, 409, "RoleAssignmentExists", NULL);
    (void) put_assignment(arm, DEMO, FIRST,
        assignment_body(ARM_READER, NOBODY, ""));
    arm_expect_error(arm, 409, "RoleAssignmentExists", NULL);

    assert_int_equal(arm_ask(arm, "DELETE", path, NULL), 200);
    assert_string_equal(arm_text(arm, "name"), FIRST);
    assert_int_equal(arm_ask(arm, "DELETE", path, NULL), 204);
    (void) arm_ask(arm, "GET", path, NULL);
    arm_expect_error(arm, 404, "RoleAssignmentNotFound", FIRST);
}


static void
test_assignment_bodies(void **state)
{
    size_t i;
    arm_t *arm = *state;

    static const struct {
        const char *body, *words;
    } bad[] = {
        {"{}", "properties"},
        {"{\"properties\":{\"principalId\":\"" NOBODY "\"}}",
            "roleDefinitionId"},
        {"{\"properties\":{\"roleDefinitionId\":\"" SECRETS_USER
         "\",\"principalId\":\"" NOBODY "\"}}",
            "roleDefinitionId"},
        {"{\"properties\":{\"roleDefinitionId\":\"" PROVIDER
         "/roleDefinitions/" SECRETS_USER "\"}}",
            "principalId"},
        {"{\"properties\":{\"roleDefinitionId\":\"" PROVIDER
         "/roleDefinitions/" SECRETS_USER "\",\"principalId\":\"me\"}}",
            "principalId"},
        {"{\"properties\":{\"roleDefinitionId\":\"" PROVIDER
         "/roleDefinitions/" SECRETS_USER "\",\"principalId\":\"" NOBODY
         "\",\"principalType\":\"Robot\"}}",
            "principalType"},
        {"{\"properties\":{\"roleDefinitionId\":\"" PROVIDER
         "/roleDefinitions/" SECRETS_USER "\",\"principalId\":\"" NOBODY
         "\",\"description\":7}}",
            "description"},
        {"{\"properties\":{\"roleDefinitionId\":\"" PROVIDER
         "/roleDefinitions/" SECRETS_USER "\",\"principalId\":\"" NOBODY
         "\",\"condition\":\"@Resource[x] StringEquals 'y'\","
         "\"conditionVersion\":\"2.0\"}}",
            "does not evaluate conditions"},
        /* whatever narrows is not passed over for how it is written */
        {"{\"properties\":{\"roleDefinitionId\":\"" PROVIDER
         "/roleDefinitions/" SECRETS_USER "\",\"principalId\":\"" NOBODY
         "\",\"condition\":null,\"Condition\":\"@Resource[x]\"}}",
            "does not evaluate conditions"},
    };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        (void) put_assignment(arm, DEMO, FIRST, bad[i].body);
        arm_expect_error(arm, 400, "BadRequest", bad[i].words);
    }

    (void) put_assignment(arm, DEMO, FIRST,
        assignment_body(CUSTOM, NOBODY, ""));
    arm_expect_error(arm, 404, "RoleDefinitionDoesNotExist", CUSTOM);
    (void) put_assignment(arm, DEMO, "no-guid",
        assignment_body(SECRETS_USER, NOBODY, ""));
    arm_expect_error(arm, 400, "BadRequest", "GUID");
    (void) put_assignment(arm, ARM_V "none", FIRST,
        assignment_body(SECRETS_USER, NOBODY, ""));
    arm_expect_error(arm, 404, "ResourceNotFound", NULL);
    (void) put_assignment(arm, "~/resourceGroups/none", FIRST,
        assignment_body(SECRETS_USER, NOBODY, ""));
    arm_expect_error(arm, 404, "ResourceGroupNotFound", NULL);
}


static void
test_assignment_list(void **state)
{
    char   path[512];
    size_t before;
    arm_t *arm = *state;

    before = count(arm, DEMO PROVIDER "/roleAssignments?" ASSIGN_API);

    arm_assign(arm, NOBODY, SECRETS_USER, "~");
    arm_assign(arm, NOBODY, SECRETS_USER, DEMO);
    arm_assign(arm, NOBODY, SECRETS_USER, DEMO "/secrets/one");
    arm_assign(arm, SECOND, SECRETS_USER, DEMO);

    assert_int_equal(count(arm, DEMO PROVIDER "/roleAssignments?" ASSIGN_API),
        before + 4);
    assert_int_equal(count(arm, DEMO PROVIDER
                         "/roleAssignments?$filter=atScope()&" ASSIGN_API),
        before + 3);
    assert_int_equal(count(arm, DEMO PROVIDER
                         "/roleAssignments?$filter=principalId+eq+'" NOBODY
                         "'&" ASSIGN_API),
        3);
    assert_int_equal(count(arm,
                         DEMO PROVIDER "/roleAssignments?$filter=atScope()+and+"
                                       "assignedTo('" NOBODY "')&" ASSIGN_API),
        2);
    assert_int_equal(count(arm,
                         DEMO "/secrets/one" PROVIDER
                              "/roleAssignments?$filter=principalId+eq+'" NOBODY
                              "'&" ASSIGN_API),
        3);
    assert_int_equal(count(arm,
                         DEMO "/secrets/two" PROVIDER
                              "/roleAssignments?$filter=principalId+eq+'" NOBODY
                              "'&" ASSIGN_API),
        2);
    assert_int_equal(count(arm, DEMO PROVIDER "/denyAssignments?" ROLE_API), 0);

    static const char *const bad[] = {"principalId+eq+'x'", "atScope('x')",
        "assignedTo()", "scope+eq+'x'", "atScope()+or+atScope()"};

    for (before = 0; before < sizeof(bad) / sizeof(bad[0]); before++) {
        (void) snprintf(path, sizeof(path),
            DEMO PROVIDER "/roleAssignments?$filter=%s&" ASSIGN_API,
            bad[before]);
        (void) arm_ask(arm, "GET", path, NULL);
        arm_expect_error(arm, 400, "InvalidFilterInQueryString", "$filter");
    }
}


/* --- who may ------------------------------------------------------------------ */

static void
test_nobody_may(void **state)
{
    char   token[4096], id[VC_GUID_LEN + 1];
    arm_t *arm = *state;

    arm_principal(arm, "guest", token, id);
    arm->token = token;

    (void) put_assignment(arm, DEMO, FIRST, assignment_body(ARM_OWNER, id, ""));
    arm_expect_error(arm, 403, "AuthorizationFailed", "roleAssignments/write");
    (void) arm_ask(arm, "GET", ROLES "?" ROLE_API, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed", "roleDefinitions/read");
}


/* Key Vault Data Access Administrator gives and takes eight roles */
static void
test_data_administrator(void **state)
{
    char   token[4096], id[VC_GUID_LEN + 1];
    arm_t *arm = *state;

    arm_principal(arm, "admin", token, id);
    arm_assign(arm, id, DATA_ADMIN, DEMO);
    assert_int_equal(put_assignment(arm, DEMO, SECOND,
                         assignment_body(PURGE_OPERATOR, NOBODY, "")),
        201);
    arm->token = token;

    assert_int_equal(put_assignment(arm, DEMO, FIRST,
                         assignment_body(SECRETS_USER, id, "")),
        201);
    assert_int_equal(arm_ask(arm, "DELETE",
                         DEMO PROVIDER "/roleAssignments/" FIRST "?" ASSIGN_API,
                         NULL),
        200);
    (void) put_assignment(arm, DEMO, FIRST, assignment_body(ARM_OWNER, id, ""));
    arm_expect_error(arm, 403, "AuthorizationFailed", "roleAssignments/write");
    (void) put_assignment(arm, DEMO, FIRST,
        assignment_body(DATA_ADMIN, NOBODY, ""));
    arm_expect_error(arm, 403, "AuthorizationFailed", "roleAssignments/write");
    (void) put_assignment(arm, ARM_G, FIRST,
        assignment_body(SECRETS_USER, id, ""));
    arm_expect_error(arm, 403, "AuthorizationFailed", "roleAssignments/write");
    (void) arm_ask(arm, "DELETE",
        DEMO PROVIDER "/roleAssignments/" SECOND "?" ASSIGN_API, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed", "roleAssignments/delete");
}


int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, arm_setup, arm_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_role_read),
        TEST(test_role_custom),
        TEST(test_role_bodies),
        TEST(test_role_scopes),
        TEST(test_assignment),
        TEST(test_assignment_bodies),
        TEST(test_assignment_list),
        TEST(test_nobody_may),
        TEST(test_data_administrator),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
