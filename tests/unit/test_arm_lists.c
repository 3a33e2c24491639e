/* groups, lists and their pages, and what clients ask besides */

#include "api/operations.h"
#include "arm_fixture.h"
#include "engine_fixture.h"

#define OTHER "~/resourceGroups/Other(1)?" ARM_GROUP_API


static void
test_groups(void **state)
{
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "PUT", OTHER,
                         "{\"location\":\"East US\",\"tags\":{\"a\":\"b\"}}"),
        201);
    assert_string_equal(arm_text(arm, "name"), "Other(1)");
    assert_string_equal(arm_text(arm, "location"), "eastus");
    assert_string_equal(arm_text(arm, "tags/a"), "b");
    assert_string_equal(arm_text(arm, "properties/provisioningState"),
        "Succeeded");
    assert_int_equal(arm_ask(arm, "PUT",
                         "~/resourcegroups/OTHER(1)?" ARM_GROUP_API,
                         "{\"location\":\"eastus\"}"),
        200);
    assert_string_equal(arm_text(arm, "name"), "Other(1)");
    assert_int_equal(json_object_size(arm_at(arm, "tags")), 0);
    (void) arm_ask(arm, "PUT", OTHER, "{\"location\":\"westus\"}");
    arm_expect_error(arm, 409, "InvalidResourceLocation", "'eastus'");
    (void) arm_ask(arm, "PUT", OTHER, "{\"tags\":3}");
    arm_expect_error(arm, 400, "BadRequest", "tags");
    (void) arm_ask(arm, "PUT", "~/resourceGroups/new?" ARM_GROUP_API, "{}");
    arm_expect_error(arm, 400, "LocationRequired", NULL);
    (void) arm_ask(arm, "PUT", "~/resourceGroups/a%2fb?" ARM_GROUP_API,
        "{\"location\":\"westus\"}");
    arm_expect_error(arm, 400, "ResourceGroupNameInvalid", "'a/b'");
    (void) arm_ask(arm, "PUT", "~/resourceGroups/ab.?" ARM_GROUP_API,
        "{\"location\":\"westus\"}");
    arm_expect_error(arm, 400, "ResourceGroupNameInvalid", NULL);

    assert_int_equal(arm_ask(arm, "GET", "~/resourceGroups?" ARM_GROUP_API,
                         NULL),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 2);

    assert_int_equal(arm_ask(arm, "DELETE", OTHER, NULL), 200);
    (void) arm_ask(arm, "DELETE", OTHER, NULL);
    arm_expect_error(arm, 404, "ResourceGroupNotFound", NULL);
    (void) arm_ask(arm, "DELETE", ARM_G "?" ARM_GROUP_API, NULL);
    assert_int_equal(arm->status, 409);
}


static void
test_pages(void **state)
{
    char   path[1024];
    int    pages, vaults;
    arm_t *arm = *state;

    assert_int_equal(arm_make_vault(arm, "a-1", ""), 201);
    assert_int_equal(arm_make_vault(arm, "B-2", ""), 201);
    assert_int_equal(arm_make_vault(arm, "c-3", ""), 201);
    assert_int_equal(arm_make_vault(arm, "d-4", ""), 201);
    assert_int_equal(arm_ask(arm, "DELETE", ARM_V "c-3?" ARM_API, NULL), 200);

    (void) snprintf(path, sizeof(path), "%s", ARM_K "/vaults?$top=3&" ARM_API);

    for (pages = 0, vaults = 0; path[0] != '\0'; pages++) {
        assert_true(pages < 3);
        assert_int_equal(arm_ask(arm, "GET", path, NULL), 200);
        vaults += (int) json_array_size(arm_at(arm, "value"));
        assert_non_null(arm_at(arm, "value/0/properties/sku"));
        assert_true(strlen(arm_text(arm, "nextLink")) == 0
                    || strncmp(arm_text(arm, "nextLink"), FIXTURE_MANAGEMENT,
                           strlen(FIXTURE_MANAGEMENT))
                           == 0);
        (void) snprintf(path, sizeof(path), "%s",
            strlen(arm_text(arm, "nextLink")) == 0
                ? ""
                : arm_text(arm, "nextLink") + strlen(FIXTURE_MANAGEMENT));
    }

    assert_int_equal(pages, 2);
    assert_int_equal(vaults, 4);

    (void) arm_ask(arm, "GET", ARM_K "/vaults?$skiptoken=x&" ARM_API, NULL);
    arm_expect_error(arm, 400, "BadRequest", "$skiptoken");
    (void) arm_ask(arm, "GET", ARM_K "/vaults?$skiptoken=ISEh&" ARM_API, NULL);
    arm_expect_error(arm, 400, "BadRequest", "$skiptoken");
}


static void
test_resources(void **state)
{
    arm_t *arm = *state;

#define RESOURCES "~/resources?api-version=2015-11-01&$filter="

    assert_int_equal(arm_make_vault(arm, "work", ""), 201);
    assert_int_equal(arm_ask(arm, "GET",
                         RESOURCES
                         "resourceType+eq+'microsoft.keyvault/VAULTS'",
                         NULL),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 2);
    assert_string_equal(arm_text(arm, "value/1/name"), "work");
    assert_string_equal(arm_text(arm, "value/1/location"), "westus");
    assert_string_equal(arm_text(arm, "value/1/type"),
        "Microsoft.KeyVault/vaults");
    assert_null(arm_at(arm, "value/1/properties"));

    assert_int_equal(arm_ask(arm, "GET",
                         RESOURCES "resourceType eq 'Microsoft.KeyVault/vaults'"
                                   " and name eq 'WORK'",
                         NULL),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 1);
    assert_int_equal(arm_ask(arm, "GET", RESOURCES "resourceType eq 'a/b'",
                         NULL),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 0);
    assert_int_equal(arm_ask(arm, "GET",
                         RESOURCES "resourceGroup eq 'default' and location "
                                   "eq 'westus'",
                         NULL),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 1);
    assert_int_equal(arm_ask(arm, "GET",
                         ARM_G "/resources?$top=1&api-version=2021-04-01",
                         NULL),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 1);
    assert_true(strlen(arm_text(arm, "nextLink")) != 0);

    (void) arm_ask(arm, "GET", RESOURCES "tagName eq 'a'", NULL);
    arm_expect_error(arm, 400, "InvalidFilterInQueryString", "resourceType");
    (void) arm_ask(arm, "GET", RESOURCES "name ne 'a'", NULL);
    arm_expect_error(arm, 400, "InvalidFilterInQueryString", "$filter");
    (void) arm_ask(arm, "GET", RESOURCES "name eq 'a", NULL);
    arm_expect_error(arm, 400, "InvalidFilterInQueryString", "$filter");
}


static void
test_installation(void **state)
{
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "GET",
                         "/subscriptions?api-version=2019-11-01", NULL),
        200);
    assert_string_equal(arm_text(arm, "value/0/subscriptionId"),
        arm->fixture.installation.id);
    assert_string_equal(arm_text(arm, "value/0/state"), "Enabled");
    assert_string_equal(arm_text(arm, "value/0/tenantId"),
        arm->fixture.installation.tenant);
    assert_true(strlen(arm_text(arm, "value/0/displayName")) != 0);
    assert_int_equal(arm_ask(arm, "GET", "/tenants?" ARM_GROUP_API, NULL), 200);
    assert_string_equal(arm_text(arm, "value/0/tenantId"),
        arm->fixture.installation.tenant);

    assert_int_equal(arm_ask(arm, "GET", "~/providers?" ARM_GROUP_API, NULL),
        200);
    assert_string_equal(arm_text(arm, "value/0/namespace"),
        "Microsoft.KeyVault");
    assert_string_equal(arm_text(arm, "value/0/registrationState"),
        "Registered");
    assert_string_equal(arm_text(arm, "value/0/resourceTypes/0/apiVersions/0"),
        "2026-02-01");
    (void) arm_ask(arm, "GET", "~/providers/Microsoft.None?" ARM_GROUP_API,
        NULL);
    arm_expect_error(arm, 404, "InvalidResourceNamespace", "'Microsoft.None'");

    assert_int_equal(arm_ask(arm, "GET",
                         "/providers/Microsoft.KeyVault/operations?" ARM_API,
                         NULL),
        200);
    assert_true(json_array_size(arm_at(arm, "value")) > 5);
    assert_string_equal(arm_text(arm, "value/0/name"),
        "Microsoft.KeyVault/vaults/write");
    (void) arm_ask(arm, "GET",
        ARM_K "/locations/local/operationResults/x?" ARM_API, NULL);
    arm_expect_error(arm, 404, "ResourceNotFound", "'x'");
}


static void
test_graph(void **state)
{
    char   path[256], body[256];
    arm_t *arm = *state;

    (void) snprintf(path, sizeof(path),
        "/v1.0/servicePrincipals?$filter=servicePrincipalNames/any(c:c%%20eq"
        "%%20'%s')",
        arm->fixture.client_id);
    assert_int_equal(arm_ask(arm, "GET", path, NULL), 200);
    assert_string_equal(arm_text(arm, "value/0/id"), arm->fixture.object_id);
    assert_string_equal(arm_text(arm, "value/0/appId"), arm->fixture.client_id);
    assert_string_equal(arm_text(arm, "value/0/displayName"), "administrator");

    assert_int_equal(arm_ask(arm, "GET",
                         "/v1.0/servicePrincipals?$filter=appId eq 'nobody'",
                         NULL),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 0);
    (void) arm_ask(arm, "GET", "/v1.0/servicePrincipals", NULL);
    arm_expect_error(arm, 400, "InvalidFilterInQueryString", "appId");
    (void) arm_ask(arm, "GET", "/v1.0/servicePrincipals?$filter='", NULL);
    arm_expect_error(arm, 400, "InvalidFilterInQueryString", NULL);

    (void) snprintf(body, sizeof(body),
        "{\"ids\":[\"%s\",\"11111111-2222-4333-8444-555555555555\",1],"
        "\"types\":[\"user\"]}",
        arm->fixture.object_id);
    assert_int_equal(arm_ask(arm, "POST", "/v1.0/directoryObjects/getByIds",
                         body),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 1);
    assert_string_equal(arm_text(arm, "value/0/id"), arm->fixture.object_id);
    (void) arm_ask(arm, "POST", "/v1.0/directoryObjects/getByIds", "{}");
    arm_expect_error(arm, 400, "BadRequest", "ids");
    (void) arm_ask(arm, "GET", "/v1.0/me", NULL);
    arm_expect_error(arm, 403, "Forbidden", "delegated");
}


/* what goes through the vaults or the assignments of an installation would
   keep everybody waiting in the loop */
static void
test_walks_have_a_thread(void **state)
{
    static const char *const walks[] = {"VaultList", "ResourceList",
        "ResourceGroupList", "VaultListDeleted", "VaultOperationResultGet",
        "SubscriptionList", "RoleAssignmentList", "LockList",
        "ResourceGroupDelete", "GraphServicePrincipalList"};

    size_t i, n, found;

    (void) state;

    for (i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
        for (n = 0, found = 0; n < vc_operation_count; n++) {
            if (vc_str_eq(vc_operations[n].name, vc_str(walks[i]))) {
                found++;

                if (vc_operations[n].cost != VC_COST_CHANGE) {
                    fail_msg("%s", walks[i]);
                }
            }
        }

        assert_true(found > 0);
    }
}


int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, arm_setup, arm_teardown)

    const struct CMUnitTest tests[] = {
        TEST(test_groups),
        TEST(test_pages),
        TEST(test_resources),
        TEST(test_installation),
        TEST(test_graph),
        cmocka_unit_test(test_walks_have_a_thread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
