/* vaults as resources: made, read, changed, deleted, recovered, purged */

#include "arm_fixture.h"
#include "engine_fixture.h"

#define DEMO ARM_V "demo?" ARM_API
#define WORK ARM_V "work?" ARM_API
#define DELETED_WORK ARM_K "/locations/westus/deletedVaults/work"
#define SOMEBODY "11111111-2222-4333-8444-555555555555"


static void
test_get_of_vaultctl(void **state)
{
    char   id[256];
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "GET", DEMO, NULL), 200);
    assert_string_equal(arm->operation, "VaultGet");
    (void) snprintf(id, sizeof(id),
        "/subscriptions/%s/resourceGroups/default/providers/"
        "Microsoft.KeyVault/vaults/demo",
        arm->fixture.installation.id);
    assert_string_equal(arm_text(arm, "id"), id);
    assert_string_equal(arm_text(arm, "name"), "demo");
    assert_string_equal(arm_text(arm, "type"), "Microsoft.KeyVault/vaults");
    assert_string_equal(arm_text(arm, "location"), "local");
    assert_string_equal(arm_text(arm, "properties/vaultUri"),
        "https://demo.vault.localhost:8443/");
    assert_string_equal(arm_text(arm, "properties/provisioningState"),
        "Succeeded");
    assert_string_equal(arm_text(arm, "properties/publicNetworkAccess"),
        "Enabled");
    assert_string_equal(arm_text(arm, "properties/accessPolicies/0/objectId"),
        arm->fixture.object_id);
    assert_true(json_is_true(arm_at(arm, "properties/enableSoftDelete")));
    assert_null(arm_at(arm, "properties/enablePurgeProtection"));
    assert_null(arm_at(arm, "properties/networkAcls"));
    assert_null(arm_at(arm, "properties/enabledForDeployment"));
    assert_true(json_is_object(arm_at(arm, "tags")));
    assert_null(arm_at(arm, "systemData/createdBy"));
}


static void
test_create(void **state)
{
    arm_t *arm = *state;

    assert_int_equal(arm_make_vault(arm, "Work",
                         ",\"enabledForDeployment\":true,"
                         "\"enabledForTemplateDeployment\":false,"
                         "\"enablePurgeProtection\":true,"
                         "\"softDeleteRetentionInDays\":9"),
        201);
    assert_string_equal(arm->operation, "VaultPut");
    assert_string_equal(arm_text(arm, "name"), "Work");
    assert_string_equal(arm_text(arm, "location"), "westus");
    assert_string_equal(arm_text(arm, "properties/sku/name"), "standard");
    assert_string_equal(arm_text(arm, "properties/sku/family"), "A");
    assert_string_equal(arm_text(arm, "systemData/createdBy"),
        arm->fixture.object_id);
    assert_true(json_is_true(arm_at(arm, "properties/enabledForDeployment")));
    assert_true(
        json_is_false(arm_at(arm, "properties/enabledForTemplateDeployment")));
    assert_null(arm_at(arm, "properties/enabledForDiskEncryption"));
    assert_true(json_is_true(arm_at(arm, "properties/enablePurgeProtection")));
    assert_true(
        json_is_false(arm_at(arm, "properties/enableRbacAuthorization")));
    assert_int_equal(json_integer_value(
                         arm_at(arm, "properties/softDeleteRetentionInDays")),
        9);

    /* ids compare without case, and are answered as they were written */
    assert_int_equal(
        arm_ask(arm, "GET",
            "~/RESOURCEGROUPS/Default/Providers/"
            "microsoft.keyvault/VAULTS/wORK?API-version=2023-07-01",
            NULL),
        200);
    assert_string_equal(arm_text(arm, "name"), "Work");
    assert_non_null(strstr(arm_text(arm, "id"),
        "/resourceGroups/default/providers/Microsoft.KeyVault/vaults/Work"));
}


/* what az does for every change: the whole vault goes back, changed */
static void
test_echo(void **state)
{
    char  *body;
    arm_t *arm = *state;

    assert_int_equal(arm_make_vault(arm, "work",
                         ",\"networkAcls\":{\"bypass\":\"AzureServices\","
                         "\"defaultAction\":\"Deny\",\"ipRules\":[{\"value\":"
                         "\"192.0.2.7\"},{\"value\":\"2001:db8::/32\"}]}"),
        201);
    assert_string_equal(arm_text(arm, "properties/networkAcls/ipRules/0/value"),
        "192.0.2.7/32");
    assert_string_equal(arm_text(arm, "properties/networkAcls/ipRules/1/value"),
        "2001:db8::/32");

    json_object_set_new(json_object_get(arm->json, "properties"),
        "enabledForDeployment", json_true());
    body = json_dumps(arm->json, 0);
    assert_int_equal(arm_ask(arm, "PUT", WORK, body), 200);
    free(body);

    assert_true(json_is_true(arm_at(arm, "properties/enabledForDeployment")));
    assert_int_equal(json_array_size(
                         arm_at(arm, "properties/networkAcls/ipRules")),
        2);
    assert_string_equal(arm_text(arm, "properties/networkAcls/defaultAction"),
        "Deny");
    assert_string_equal(arm_text(arm, "properties/networkAcls/bypass"),
        "AzureServices");
}


/* a PUT has all policies and tags; a PATCH has what is to change */
static void
test_put_and_patch(void **state)
{
    char   body[1024];
    arm_t *arm = *state;

    (void) snprintf(body, sizeof(body),
        ",\"accessPolicies\":[{\"tenantId\":\"%s\",\"objectId\":\"" SOMEBODY
        "\",\"applicationId\":\"" SOMEBODY "\",\"permissions\":{\"keys\":"
        "[\"Get\",\"wrapkey\"],\"secrets\":[\"all\"],\"storage\":[\"list\"]}}]",
        arm->fixture.installation.tenant);
    assert_int_equal(arm_make_vault(arm, "work", body), 201);
    assert_string_equal(arm_text(arm,
                            "properties/accessPolicies/0/permissions/keys/1"),
        "wrapKey");
    assert_string_equal(
        arm_text(arm, "properties/accessPolicies/0/permissions/storage/0"),
        "list");
    assert_string_equal(arm_text(arm,
                            "properties/accessPolicies/0/applicationId"),
        SOMEBODY);

    assert_int_equal(arm_ask(arm, "PATCH", WORK,
                         "{\"tags\":{\"a\":\"\\u00e9\\\"\",\"b\":\"\"},"
                         "\"properties\":{\"sku\":{\"family\":\"A\",\"name\":"
                         "\"premium\"},\"publicNetworkAccess\":\"disabled\"}}"),
        200);
    assert_string_equal(arm->operation, "VaultPatch");
    assert_string_equal(arm_text(arm, "tags/a"), "\xc3\xa9\"");
    assert_string_equal(arm_text(arm, "properties/sku/name"), "premium");
    assert_string_equal(arm_text(arm, "properties/publicNetworkAccess"),
        "Disabled");
    assert_int_equal(json_array_size(arm_at(arm, "properties/accessPolicies")),
        1);

    assert_int_equal(arm_ask(arm, "PATCH", WORK, "{}"), 200);
    assert_string_equal(arm_text(arm, "tags/a"), "\xc3\xa9\"");

    assert_int_equal(arm_make_vault(arm, "work", ""), 200);
    assert_int_equal(json_array_size(arm_at(arm, "properties/accessPolicies")),
        0);
    assert_int_equal(json_object_size(arm_at(arm, "tags")), 0);
    assert_string_equal(arm_text(arm, "properties/publicNetworkAccess"),
        "Disabled");
}


/* roles decide by default in vaults that are made with newer api-versions */
static void
test_rbac_default(void **state)
{
    char   body[512];
    arm_t *arm = *state;

    (void) snprintf(body, sizeof(body),
        "{\"location\":\"westus\",\"properties\":{\"tenantId\":\"%s\","
        "\"sku\":{\"family\":\"A\",\"name\":\"standard\"}}}",
        arm->fixture.installation.tenant);

    (void) arm_ask(arm, "PUT", ARM_V "new?api-version=2025-05-01", body);
    arm_expect_error(arm, 400, "BadRequest", "accessPolicies");
    assert_int_equal(arm_ask(arm, "PUT", ARM_V "new?api-version=2026-02-01",
                         body),
        201);
    assert_true(
        json_is_true(arm_at(arm, "properties/enableRbacAuthorization")));

    /* no update changes it by itself */
    assert_int_equal(arm_make_vault(arm, "new", ""), 200);
    assert_true(
        json_is_true(arm_at(arm, "properties/enableRbacAuthorization")));
    assert_int_equal(arm_make_vault(arm, "new",
                         ",\"enableRbacAuthorization\":false"),
        200);
    assert_int_equal(arm_ask(arm, "PATCH", ARM_V "new?api-version=2026-02-01",
                         "{\"properties\":{}}"),
        200);
    assert_true(
        json_is_false(arm_at(arm, "properties/enableRbacAuthorization")));
}


static void
test_delete_recover_purge(void **state)
{
    char   location[512];
    char  *line;
    arm_t *arm = *state;

    assert_int_equal(arm_make_vault(arm, "work", ""), 201);
    assert_int_equal(arm_ask(arm, "DELETE", WORK, NULL), 200);
    assert_string_equal(arm->operation, "VaultDelete");
    assert_null(arm->json);
    assert_int_equal(arm_ask(arm, "DELETE", WORK, NULL), 204);
    (void) arm_ask(arm, "GET", WORK, NULL);
    arm_expect_error(arm, 404, "ResourceNotFound",
        "The Resource 'Microsoft.KeyVault/vaults/work' under resource group "
        "'default' was not found.");

    assert_int_equal(arm_ask(arm, "GET", ARM_K "/deletedVaults?" ARM_API, NULL),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 1);
    assert_int_equal(arm_ask(arm, "GET", DELETED_WORK "?" ARM_API, NULL), 200);
    assert_string_equal(arm_text(arm, "type"),
        "Microsoft.KeyVault/deletedVaults");
    assert_non_null(strstr(arm_text(arm, "properties/vaultId"),
        "/resourceGroups/default/providers/Microsoft.KeyVault/vaults/work"));
    assert_int_equal(strlen(arm_text(arm, "properties/scheduledPurgeDate")),
        strlen("2026-01-02T03:04:05Z"));
    assert_int_equal(strlen(arm_text(arm, "properties/deletionDate")),
        strlen("2026-01-02T03:04:05Z"));
    (void) arm_ask(arm, "GET",
        ARM_K "/locations/eastus/deletedVaults/work?" ARM_API, NULL);
    arm_expect_error(arm, 404, "DeletedVaultNotFound", "eastus");

    (void) arm_make_vault(arm, "WORK", "");
    arm_expect_error(arm, 409, "ConflictError",
        "A vault with the same name already exists in deleted state. You need "
        "to either recover or purge existing key vault. Follow this link "
        "https://go.microsoft.com/fwlink/?linkid=2149745 for more information "
        "on soft delete.");
    assert_int_equal(arm_make_vault(arm, "work", ",\"createMode\":\"Recover\""),
        200);
    assert_int_equal(arm_ask(arm, "GET", WORK, NULL), 200);
    assert_int_equal(arm_ask(arm, "DELETE", WORK, NULL), 200);

    assert_int_equal(arm_ask(arm, "POST", DELETED_WORK "/purge?" ARM_API, NULL),
        202);
    assert_string_equal(arm->operation, "VaultPurge");
    assert_non_null(strstr(arm->headers, "Retry-After: 1\n"));
    line = strstr(arm->headers, "Location: " FIXTURE_MANAGEMENT);
    assert_non_null(line);
    (void) snprintf(location, sizeof(location), "%.*s",
        (int) strcspn(line + strlen("Location: " FIXTURE_MANAGEMENT), "\n"),
        line + strlen("Location: " FIXTURE_MANAGEMENT));
    assert_int_equal(arm_ask(arm, "GET", location, NULL), 200);

    (void) arm_ask(arm, "POST", DELETED_WORK "/purge?" ARM_API, NULL);
    arm_expect_error(arm, 404, "DeletedVaultNotFound", "work");
    (void) arm_make_vault(arm, "work", ",\"createMode\":\"recover\"");
    arm_expect_error(arm, 404, "DeletedVaultNotFound", NULL);
    assert_int_equal(arm_make_vault(arm, "work", ""), 201);
}


/* a client that was not answered asks again: what it has back is not changed */
static void
test_recover_twice(void **state)
{
    char   body[512];
    arm_t *arm = *state;

    (void) snprintf(body, sizeof(body),
        ",\"accessPolicies\":[{\"tenantId\":\"%s\",\"objectId\":\"" SOMEBODY
        "\",\"permissions\":{\"secrets\":[\"get\"]}}]",
        arm->fixture.installation.tenant);
    assert_int_equal(arm_make_vault(arm, "work", body), 201);
    assert_int_equal(arm_ask(arm, "DELETE", WORK, NULL), 200);
    assert_int_equal(arm_make_vault(arm, "work", ",\"createMode\":\"recover\""),
        200);
    assert_int_equal(arm_make_vault(arm, "work", ",\"createMode\":\"recover\""),
        200);
    assert_string_equal(arm_text(arm, "properties/accessPolicies/0/objectId"),
        SOMEBODY);
    assert_int_equal(arm_ask(arm, "PUT", WORK,
                         "{\"location\":\"westus\",\"properties\":{"
                         "\"createMode\":\"recover\"}}"),
        200);
    (void) arm_ask(arm, "PUT", WORK,
        "{\"location\":\"eastus\",\"properties\":{\"createMode\":"
        "\"recover\"}}");
    arm_expect_error(arm, 409, "InvalidResourceLocation", "'westus'");

    /* what is there as a new one is not deleted */
    (void) arm_make_vault(arm, "fresh", ",\"createMode\":\"recover\"");
    arm_expect_error(arm, 404, "DeletedVaultNotFound", NULL);
}


/* what a PATCH does not name of the network's rules stays; a PUT has them
   whole */
static void
test_patch_network(void **state)
{
    arm_t *arm = *state;

#define ACLS "properties/networkAcls/"

    assert_int_equal(arm_make_vault(arm, "work",
                         ",\"networkAcls\":{\"bypass\":\"None\","
                         "\"defaultAction\":\"Deny\",\"ipRules\":[{\"value\":"
                         "\"192.0.2.7\"}],\"virtualNetworkRules\":[{\"id\":"
                         "\"/s\"}]}"),
        201);
    assert_int_equal(arm_ask(arm, "PATCH", WORK,
                         "{\"properties\":{\"networkAcls\":{\"ipRules\":"
                         "[{\"value\":\"192.0.2.8\"}]}}}"),
        200);
    assert_string_equal(arm_text(arm, ACLS "defaultAction"), "Deny");
    assert_string_equal(arm_text(arm, ACLS "bypass"), "None");
    assert_string_equal(arm_text(arm, ACLS "ipRules/0/value"), "192.0.2.8/32");
    assert_string_equal(arm_text(arm, ACLS "virtualNetworkRules/0/id"), "/s");
    assert_int_equal(arm_ask(arm, "PATCH", WORK,
                         "{\"properties\":{\"networkAcls\":{\"bypass\":"
                         "\"azureservices\",\"virtualNetworkRules\":[]}}}"),
        200);
    assert_string_equal(arm_text(arm, ACLS "bypass"), "AzureServices");
    assert_string_equal(arm_text(arm, ACLS "defaultAction"), "Deny");
    assert_int_equal(json_array_size(arm_at(arm, ACLS "ipRules")), 1);
    assert_null(arm_at(arm, ACLS "virtualNetworkRules/0"));

    assert_int_equal(arm_make_vault(arm, "work",
                         ",\"networkAcls\":{\"defaultAction\":\"Deny\"}"),
        200);
    assert_null(arm_at(arm, ACLS "ipRules/0"));

    /* and where there are none yet, the rest is as Azure has it */
    assert_int_equal(arm_ask(arm, "PATCH", ARM_V "demo?" ARM_API,
                         "{\"properties\":{\"networkAcls\":{\"ipRules\":"
                         "[{\"value\":\"192.0.2.8\"}]}}}"),
        200);
    assert_string_equal(arm_text(arm, ACLS "defaultAction"), "Allow");
    assert_string_equal(arm_text(arm, ACLS "bypass"), "AzureServices");
}


static void
test_purge_protection(void **state)
{
    arm_t *arm = *state;

    assert_int_equal(arm_make_vault(arm, "work",
                         ",\"enablePurgeProtection\":true"),
        201);
    assert_int_equal(arm_ask(arm, "DELETE", WORK, NULL), 200);
    assert_int_equal(arm_ask(arm, "GET", DELETED_WORK "?" ARM_API, NULL), 200);
    assert_true(json_is_true(arm_at(arm, "properties/purgeProtectionEnabled")));
    (void) arm_ask(arm, "POST", DELETED_WORK "/purge?" ARM_API, NULL);
    arm_expect_error(arm, 400, "InvalidOperation",
        "Operation 'DeletedVaultPurge' is not allowed.");
}


static void
test_access_policies(void **state)
{
    char        body[512];
    arm_t      *arm = *state;
    const char *policies[] = {
        ARM_V "work/accessPolicies/add?" ARM_API,
        ARM_V "work/accessPolicies/replace?" ARM_API,
        ARM_V "work/accessPolicies/Remove?" ARM_API,
    };

    assert_int_equal(arm_make_vault(arm, "work", ""), 201);

#define POLICY(kind, names)                                                    \
    (void) snprintf(body, sizeof(body),                                        \
        "{\"properties\":{\"accessPolicies\":[{\"tenantId\":\"%s\","           \
        "\"objectId\":\"" SOMEBODY "\",\"permissions\":{\"secrets\":[" names   \
        "]}}]}}",                                                              \
        arm->fixture.installation.tenant);                                     \
    assert_int_equal(arm_ask(arm, "PUT", policies[kind], body), 200)

#define SECRETS "properties/accessPolicies/0/permissions/secrets"

    POLICY(0, "\"get\"");
    assert_string_equal(arm_text(arm, "type"),
        "Microsoft.KeyVault/vaults/accessPolicies");
    assert_non_null(
        strstr(arm_text(arm, "id"), "/vaults/work/accessPolicies/"));
    POLICY(0, "\"set\",\"get\"");
    assert_int_equal(json_array_size(arm_at(arm, SECRETS)), 2);
    POLICY(2, "\"get\"");
    assert_string_equal(arm_text(arm, SECRETS "/0"), "set");
    POLICY(1, "\"list\"");
    assert_string_equal(arm_text(arm, SECRETS "/0"), "list");
    assert_int_equal(json_array_size(arm_at(arm, SECRETS)), 1);
    POLICY(2, "\"list\"");
    assert_int_equal(json_array_size(arm_at(arm, "properties/accessPolicies")),
        0);

    (void) arm_ask(arm, "PUT", ARM_V "work/accessPolicies/merge?" ARM_API,
        body);
    arm_expect_error(arm, 400, "BadRequest", "add, replace or remove");
    (void) arm_ask(arm, "PUT", policies[0], "{\"properties\":{}}");
    arm_expect_error(arm, 400, "BadRequest", "must be an array");
}


static void
test_check_name(void **state)
{
    arm_t *arm = *state;

#define CHECK_NAME(name)                                                       \
    assert_int_equal(arm_ask(arm, "POST",                                      \
                         ARM_K "/checkNameAvailability?" ARM_API,              \
                         "{\"name\":\"" name                                   \
                         "\",\"type\":\"Microsoft.KeyVault/vaults\"}"),        \
        200)

    CHECK_NAME("free");
    assert_true(json_is_true(arm_at(arm, "nameAvailable")));
    assert_null(arm_at(arm, "reason"));
    CHECK_NAME("DEMO");
    assert_true(json_is_false(arm_at(arm, "nameAvailable")));
    assert_string_equal(arm_text(arm, "reason"), "AlreadyExists");
    CHECK_NAME("1-no");
    assert_string_equal(arm_text(arm, "reason"), "AccountNameInvalid");

    (void) arm_ask(arm, "POST", ARM_K "/checkNameAvailability?" ARM_API,
        "{\"name\":\"free\"}");
    arm_expect_error(arm, 400, "BadRequest", "Microsoft.KeyVault/vaults");
}


int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, arm_setup, arm_teardown)

    const struct CMUnitTest tests[] = {
        TEST(test_get_of_vaultctl),
        TEST(test_create),
        TEST(test_echo),
        TEST(test_put_and_patch),
        TEST(test_rbac_default),
        TEST(test_delete_recover_purge),
        TEST(test_recover_twice),
        TEST(test_patch_network),
        TEST(test_purge_protection),
        TEST(test_access_policies),
        TEST(test_check_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
