/* resource groups: who sees them, and what their end does to what is in them */

#include "arm_fixture.h"
#include "engine_fixture.h"

#define SHOP "~/resourceGroups/Shop"
#define SHOP_GROUP SHOP "?" ARM_GROUP_API
#define SHOP_VAULTS SHOP "/providers/Microsoft.KeyVault/vaults/"
#define LOCKS                                                                  \
    "/providers/Microsoft.Authorization/locks/l?api-version=2020-05-01"
#define KEEP "{\"properties\":{\"level\":\"CanNotDelete\"}}"
#define HERE "{\"location\":\"westus\"}"


static int
put_in_shop(arm_t *arm, const char *name, const char *more)
{
    char path[256], body[512];

    (void) snprintf(path, sizeof(path), SHOP_VAULTS "%s?" ARM_API, name);
    (void) snprintf(body, sizeof(body),
        "{\"location\":\"westus\",\"properties\":{\"tenantId\":\"%s\",\"sku\":"
        "{\"family\":\"A\",\"name\":\"standard\"},\"accessPolicies\":[]%s}}",
        arm->fixture.installation.tenant, more);

    return arm_ask(arm, "PUT", path, body);
}


static void
test_delete_with_vaults(void **state)
{
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "PUT", SHOP_GROUP, HERE), 201);
    assert_int_equal(put_in_shop(arm, "first", ""), 201);
    assert_int_equal(put_in_shop(arm, "second",
                         ",\"enablePurgeProtection\":true,"
                         "\"softDeleteRetentionInDays\":7"),
        201);
    assert_int_equal(put_in_shop(arm, "gone", ""), 201);
    assert_int_equal(arm_ask(arm, "DELETE", SHOP_VAULTS "gone?" ARM_API, NULL),
        200);

    assert_int_equal(arm_ask(arm, "DELETE",
                         "~/resourceGroups/sHOP?" ARM_GROUP_API, NULL),
        200);
    assert_int_equal(arm_ask(arm, "GET", SHOP_GROUP, NULL), 404);
    assert_int_equal(arm_ask(arm, "GET", ARM_K "/vaults?" ARM_API, NULL), 200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 1);
    assert_string_equal(arm_text(arm, "value/0/name"), "demo");

    /* deleted as vaults are: they can be had back, and what is protected
       cannot be purged */
    assert_int_equal(arm_ask(arm, "GET", ARM_K "/deletedVaults?" ARM_API, NULL),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 3);
    (void) arm_ask(arm, "POST",
        ARM_K "/locations/westus/deletedVaults/second/purge?" ARM_API, NULL);
    arm_expect_error(arm, 400, "InvalidOperation", NULL);

    assert_int_equal(put_in_shop(arm, "first", ",\"createMode\":\"recover\""),
        404);
    arm_expect_error(arm, 404, "ResourceGroupNotFound", "'Shop'");
    assert_int_equal(arm_ask(arm, "PUT", "~/resourceGroups/SHOP?" ARM_GROUP_API,
                         HERE),
        201);
    assert_int_equal(put_in_shop(arm, "first", ",\"createMode\":\"recover\""),
        200);
    assert_non_null(strstr(arm_text(arm, "id"), "/resourceGroups/SHOP/"));
    assert_int_equal(arm_ask(arm, "GET", SHOP_VAULTS "first?" ARM_API, NULL),
        200);
    assert_int_equal(arm_ask(arm, "POST",
                         ARM_K "/locations/westus/deletedVaults/gone/"
                               "purge?" ARM_API,
                         NULL),
        202);
}


/* any lock of what is in the group, at it or above it is in the way, and then
   nothing is deleted */
static void
test_delete_with_locks(void **state)
{
    size_t i;
    arm_t *arm = *state;

    static const char *const locks[] = {SHOP_VAULTS "second" LOCKS, SHOP LOCKS,
        "~" LOCKS};

    assert_int_equal(arm_ask(arm, "PUT", SHOP_GROUP, HERE), 201);
    assert_int_equal(put_in_shop(arm, "first", ""), 201);
    assert_int_equal(put_in_shop(arm, "second", ""), 201);

    for (i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
        assert_int_equal(arm_ask(arm, "PUT", locks[i], KEEP), 201);
        (void) arm_ask(arm, "DELETE", SHOP_GROUP, NULL);
        arm_expect_error(arm, 409, "ScopeLocked",
            "cannot perform delete operation because following scope(s) are "
            "locked: '/subscriptions/");
        arm_expect_error(arm, 409, "ScopeLocked",
            "/providers/Microsoft.Authorization/locks/l'");
        assert_int_equal(arm_ask(arm, "GET", SHOP_VAULTS "first?" ARM_API,
                             NULL),
            200);
        assert_int_equal(arm_ask(arm, "DELETE", locks[i], NULL), 200);
    }

    assert_int_equal(arm_ask(arm, "DELETE", SHOP_GROUP, NULL), 200);
}


/* roles at the group and at its vaults end with it, also for the next group of
   that name */
static void
test_roles_end(void **state)
{
    char        token[4096], id[VC_GUID_LEN + 1];
    arm_t      *arm = *state;
    const char *manager = arm->token;

    assert_int_equal(arm_ask(arm, "PUT", SHOP_GROUP, HERE), 201);
    assert_int_equal(put_in_shop(arm, "first", ""), 201);
    arm_principal(arm, "guest", token, id);
    arm_assign(arm, id, ARM_READER, SHOP);
    arm_assign(arm, id, ARM_READER, SHOP_VAULTS "first");

    arm->token = token;
    assert_int_equal(arm_ask(arm, "GET", SHOP_VAULTS "first?" ARM_API, NULL),
        200);
    (void) arm_ask(arm, "DELETE", SHOP_GROUP, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed", "resourceGroups/delete");

    arm->token = manager;
    assert_int_equal(arm_ask(arm, "DELETE", SHOP_GROUP, NULL), 200);
    assert_int_equal(arm_ask(arm, "PUT", SHOP_GROUP, HERE), 201);
    assert_int_equal(put_in_shop(arm, "first", ",\"createMode\":\"recover\""),
        200);

    arm->token = token;
    assert_int_equal(arm_ask(arm, "GET", SHOP_VAULTS "first?" ARM_API, NULL),
        403);
    assert_int_equal(arm_ask(arm, "GET", SHOP_GROUP, NULL), 403);
}


/* "default" is anywhere until it is put somewhere */
static void
test_default(void **state)
{
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "PUT", ARM_G "?" ARM_GROUP_API, HERE), 200);
    assert_string_equal(arm_text(arm, "location"), "westus");
    (void) arm_ask(arm, "PUT", ARM_G "?" ARM_GROUP_API,
        "{\"location\":\"eastus\"}");
    arm_expect_error(arm, 409, "InvalidResourceLocation", "'westus'");
    assert_int_equal(arm_make_vault(arm, "work", ""), 201);
    (void) arm_ask(arm, "DELETE", ARM_G "?" ARM_GROUP_API, NULL);
    arm_expect_error(arm, 409, "ConflictError", "always there");
    assert_int_equal(arm_ask(arm, "GET", ARM_V "work?" ARM_API, NULL), 200);
}


static size_t
list(arm_t *arm, const char *filter)
{
    char path[256];

    (void) snprintf(path, sizeof(path), "~/resourceGroups?" ARM_GROUP_API "%s",
        filter);
    assert_int_equal(arm_ask(arm, "GET", path, NULL), 200);

    return json_array_size(arm_at(arm, "value"));
}


static void
test_list(void **state)
{
    char   token[4096], id[VC_GUID_LEN + 1];
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "PUT", SHOP_GROUP,
                         "{\"location\":\"westus\",\"tags\":{\"Team\":"
                         "\"red\",\"b\":\"\"}}"),
        201);
    assert_int_equal(list(arm, ""), 2);

    /* what az group list --tag asks for */
    assert_int_equal(list(arm, "&$filter=tagname eq 'team'"), 1);
    assert_string_equal(arm_text(arm, "value/0/name"), "Shop");
    assert_int_equal(list(arm,
                         "&$filter=tagname eq 'team' and tagvalue eq 'red'"),
        1);
    assert_int_equal(list(arm,
                         "&$filter=tagName eq 'team' and tagValue eq 'blue'"),
        0);
    assert_int_equal(list(arm, "&$filter=tagname eq 'b' and tagvalue eq ''"),
        1);
    assert_int_equal(list(arm, "&$filter=tagname eq 'none'"), 0);
    (void) arm_ask(arm, "GET",
        "~/resourceGroups?" ARM_GROUP_API "&$filter=name eq 'Shop'", NULL);
    arm_expect_error(arm, 400, "InvalidFilterInQueryString", "tagName");
    (void) arm_ask(arm, "GET",
        "~/resourceGroups?" ARM_GROUP_API "&$filter=tagvalue eq 'red'", NULL);
    arm_expect_error(arm, 400, "InvalidFilterInQueryString", "tagName");

    /* a list has what its reader may read */
    arm_principal(arm, "guest", token, id);
    arm->token = token;
    assert_int_equal(list(arm, ""), 0);
    arm_assign(arm, id, ARM_READER, SHOP);
    assert_int_equal(list(arm, ""), 1);
    assert_string_equal(arm_text(arm, "value/0/name"), "Shop");
}


int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, arm_setup, arm_teardown)

    const struct CMUnitTest tests[] = {
        TEST(test_delete_with_vaults),
        TEST(test_delete_with_locks),
        TEST(test_roles_end),
        TEST(test_default),
        TEST(test_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
