/* what a vault's body must not say, and what must not change */

#include "arm_fixture.h"
#include "engine_fixture.h"

#define WORK ARM_V "work?" ARM_API
#define SOMEBODY "11111111-2222-4333-8444-555555555555"


static void
test_names(void **state)
{
    static const char *const names[] = {"ab", "1abc", "abc-", "a--b", "a_bc",
        "abcdefghijklmnopqrstuvwxy", "-abc", "a%20bc", "%00abc", "a%2Fbc"};

    size_t i;
    arm_t *arm = *state;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void) arm_make_vault(arm, names[i], "");
        arm_expect_error(arm, 400, "VaultNameNotValid", "3 to 24");
    }

    assert_int_equal(arm_make_vault(arm, "a-b", ""), 201);
    assert_int_equal(arm_make_vault(arm, "abcdefghijklmnopqrstuvwx", ""), 201);
}


static void
test_properties(void **state)
{
    static const struct {
        const char *more;
        const char *words;
    } bad[] = {
        {",\"enablePurgeProtection\":false",
            "The property \"enablePurgeProtection\" cannot be set to false. "
            "Enabling the purge protection for a vault is an irreversible "
            "action."},
        {",\"enablePurgeProtection\":\"yes\"", "true or false"},
        {",\"enableSoftDelete\":false", "irreversible"},
        {",\"softDeleteRetentionInDays\":6", "7 to 90"},
        {",\"softDeleteRetentionInDays\":91", "7 to 90"},
        {",\"softDeleteRetentionInDays\":\"9\"", "7 to 90"},
        {",\"softDeleteRetentionInDays\":9.5", "7 to 90"},
        {",\"createMode\":\"restore\"", "createMode"},
        {",\"createMode\":1", "must be a string"},
        {",\"enableRbacAuthorization\":1", "true or false"},
        {",\"enabledForDeployment\":\"\"", "true or false"},
        {",\"publicNetworkAccess\":\"Maybe\"", "publicNetworkAccess"},
        {",\"networkAcls\":[]", "must be an object"},
        {",\"networkAcls\":{\"defaultAction\":\"No\"}", "defaultAction"},
        {",\"networkAcls\":{\"bypass\":\"All\"}", "bypass"},
        {",\"networkAcls\":{\"ipRules\":{}}", "array"},
        {",\"networkAcls\":{\"ipRules\":[{}]}", "not an address"},
        {",\"networkAcls\":{\"ipRules\":[7]}", "not an address"},
        {",\"networkAcls\":{\"ipRules\":[{\"value\":\"1.2.3.4/33\"}]}",
            "'1.2.3.4/33'"},
        {",\"networkAcls\":{\"ipRules\":[{\"value\":\"1.2.3\"}]}", "'1.2.3'"},
        {",\"networkAcls\":{\"ipRules\":[{\"value\":\"2001:db8::/129\"}]}",
            "2001:db8::/129"},
        {",\"networkAcls\":{\"virtualNetworkRules\":[{}]}", "subnet"},
        {",\"accessPolicies\":{}", "must be an array"},
        {",\"accessPolicies\":[1]", "each entry"},
        {",\"accessPolicies\":[{\"permissions\":{}}]", "tenantId"},
        {",\"accessPolicies\":[{\"tenantId\":\"" SOMEBODY
         "\",\"objectId\":\"" SOMEBODY "\",\"permissions\":{}}]",
            "must be that of the vault"},
    };

    size_t i;
    arm_t *arm = *state;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        (void) arm_make_vault(arm, "work", bad[i].more);
        arm_expect_error(arm, 400, "BadRequest", bad[i].words);
    }

    (void) arm_ask(arm, "GET", WORK, NULL);
    arm_expect_error(arm, 404, "ResourceNotFound", NULL);
}


static void
put_policy(arm_t *arm, const char *entry)
{
    char more[1024];

    (void) snprintf(more, sizeof(more),
        ",\"accessPolicies\":[{\"tenantId\":\"%s\",%s}]",
        arm->fixture.installation.tenant, entry);
    (void) arm_make_vault(arm, "work", more);
}


static void
test_policies(void **state)
{
    arm_t *arm = *state;

    put_policy(arm, "\"permissions\":{}");
    arm_expect_error(arm, 400, "BadRequest", "objectId");
    put_policy(arm, "\"objectId\":\"somebody\",\"permissions\":{}");
    arm_expect_error(arm, 400, "BadRequest", "GUID");
    put_policy(arm, "\"objectId\":\"" SOMEBODY
                    "\",\"applicationId\":\"\",\"permissions\":{}");
    arm_expect_error(arm, 400, "BadRequest", "accessPolicies.applicationId");
    put_policy(arm,
        "\"objectId\":\"" SOMEBODY "\",\"permissions\":{\"keys\":[\"fly\"]}");
    arm_expect_error(arm, 400, "BadRequest", "'fly'");
    put_policy(arm, "\"objectId\":\"" SOMEBODY
                    "\",\"permissions\":{\"secrets\":[\"wrapKey\"]}");
    arm_expect_error(arm, 400, "BadRequest", "permissions.secrets");
    put_policy(arm,
        "\"objectId\":\"" SOMEBODY "\",\"permissions\":{\"secrets\":\"get\"}");
    arm_expect_error(arm, 400, "BadRequest", "arrays");
}


/* so many policies, the last of them that of the first when twice */
static char *
many_policies(const arm_t *arm, unsigned count, bool twice)
{
    char    *body;
    size_t   used, room;
    unsigned i;

    room = (size_t) count * 200 + 512;
    body = malloc(room);
    assert_non_null(body);
    used = (size_t) snprintf(body, room,
        "{\"location\":\"westus\",\"properties\":{\"tenantId\":\"%s\","
        "\"sku\":{\"family\":\"a\",\"name\":\"standard\"},\"accessPolicies\":[",
        arm->fixture.installation.tenant);

    for (i = 0; i < count; i++) {
        used += (size_t) snprintf(body + used, room - used,
            "%s{\"tenantId\":\"%s\",\"objectId\":"
            "\"00000000-0000-4000-8000-%012u\",\"permissions\":{\"keys\":"
            "[\"get\"]}}",
            i == 0 ? "" : ",", arm->fixture.installation.tenant,
            (twice && i + 1 == count) ? 0 : i);
    }

    (void) snprintf(body + used, room - used, "]}}");

    return body;
}


static void
test_many_policies(void **state)
{
    char  *body;
    arm_t *arm = *state;

    body = many_policies(arm, 1025, false);
    (void) arm_ask(arm, "PUT", WORK, body);
    arm_expect_error(arm, 400, "BadRequest", "at most 1024");
    free(body);

    body = many_policies(arm, 3, true);
    (void) arm_ask(arm, "PUT", WORK, body);
    arm_expect_error(arm, 400, "BadRequest", "there twice");
    free(body);

    body = many_policies(arm, 1024, false);
    assert_int_equal(arm_ask(arm, "PUT", WORK, body), 201);
    free(body);
    assert_int_equal(json_array_size(arm_at(arm, "properties/accessPolicies")),
        1024);

    /* one more by the other way */
    body = malloc(512);
    assert_non_null(body);
    (void) snprintf(body, 512,
        "{\"properties\":{\"accessPolicies\":[{\"tenantId\":\"%s\","
        "\"objectId\":\"" SOMEBODY
        "\",\"permissions\":{\"keys\":[\"get\"]}}]}}",
        arm->fixture.installation.tenant);
    (void) arm_ask(arm, "PUT", ARM_V "work/accessPolicies/add?" ARM_API, body);
    arm_expect_error(arm, 400, "BadRequest", "at most 1024");
    free(body);
}


static void
test_required(void **state)
{
    char   body[512];
    arm_t *arm = *state;

    (void) arm_ask(arm, "PUT", WORK, "{\"properties\":{}}");
    arm_expect_error(arm, 400, "LocationRequired", NULL);
    (void) arm_ask(arm, "PUT", WORK, "{\"location\":\"westus\"}");
    arm_expect_error(arm, 400, "BadRequest", "\"properties\" is missing");
    (void) arm_ask(arm, "PUT", WORK,
        "{\"location\":\"westus\",\"properties\":[]}");
    arm_expect_error(arm, 400, "BadRequest", "must be an object");
    (void) arm_ask(arm, "PUT", WORK,
        "{\"location\":\"westus\",\"properties\":{}}");
    arm_expect_error(arm, 400, "BadRequest", "tenantId");
    (void) arm_ask(arm, "PUT", WORK,
        "{\"location\":\"a/b\",\"properties\":{}}");
    arm_expect_error(arm, 400, "BadRequest", "region");

    (void) snprintf(body, sizeof(body),
        "{\"location\":\"westus\",\"properties\":{\"tenantId\":\"%s\"}}",
        arm->fixture.installation.tenant);
    (void) arm_ask(arm, "PUT", WORK, body);
    arm_expect_error(arm, 400, "SkuNotSupported", NULL);
    (void) snprintf(body, sizeof(body),
        "{\"location\":\"westus\",\"properties\":{\"tenantId\":\"%s\",\"sku\":"
        "{\"family\":\"A\",\"name\":\"gold\"},\"accessPolicies\":[]}}",
        arm->fixture.installation.tenant);
    (void) arm_ask(arm, "PUT", WORK, body);
    arm_expect_error(arm, 400, "SkuNotSupported", "premium");
}


static void
test_unchangeable(void **state)
{
    arm_t *arm = *state;

    assert_int_equal(arm_make_vault(arm, "work",
                         ",\"softDeleteRetentionInDays\":10,"
                         "\"enablePurgeProtection\":true"),
        201);
    (void) arm_ask(arm, "PATCH", WORK,
        "{\"properties\":{\"softDeleteRetentionInDays\":11}}");
    arm_expect_error(arm, 400, "BadRequest", "can't be modified");
    assert_int_equal(arm_ask(arm, "PATCH", WORK,
                         "{\"properties\":{\"softDeleteRetentionInDays\":10}}"),
        200);
    (void) arm_ask(arm, "PATCH", WORK,
        "{\"properties\":{\"enablePurgeProtection\":false}}");
    arm_expect_error(arm, 400, "BadRequest", "irreversible");
    assert_int_equal(arm_ask(arm, "PATCH", WORK,
                         "{\"properties\":{\"enablePurgeProtection\":null}}"),
        200);
    assert_true(json_is_true(arm_at(arm, "properties/enablePurgeProtection")));
    (void) arm_ask(arm, "PATCH", WORK, "{\"location\":\"eastus\"}");
    arm_expect_error(arm, 409, "InvalidResourceLocation", "'westus'");

    /* what only the server says is no harm */
    assert_int_equal(arm_ask(arm, "PATCH", WORK,
                         "{\"id\":\"x\",\"name\":\"y\",\"type\":1,"
                         "\"systemData\":{},\"properties\":{\"vaultUri\":"
                         "\"https://evil/\",\"provisioningState\":\"Failed\","
                         "\"hsmPoolResourceId\":\"z\"}}"),
        200);
    assert_string_equal(arm_text(arm, "name"), "work");
    assert_string_equal(arm_text(arm, "properties/vaultUri"),
        "https://work.vault.localhost:8443/");
}


/* whose object ids policies have, they say of one tenant */
static void
test_other_tenant(void **state)
{
    char   body[512];
    arm_t *arm = *state;

#define ELSEWHERE "99999999-2222-4333-8444-555555555555"

    (void) snprintf(body, sizeof(body),
        ",\"accessPolicies\":[{\"tenantId\":\"%s\",\"objectId\":\"" SOMEBODY
        "\",\"permissions\":{\"secrets\":[\"get\"]}}]",
        arm->fixture.installation.tenant);
    assert_int_equal(arm_make_vault(arm, "work", body), 201);

    (void) arm_ask(arm, "PATCH", WORK,
        "{\"properties\":{\"tenantId\":\"" ELSEWHERE "\"}}");
    arm_expect_error(arm, 400, "BadRequest", "another tenant");
    (void) snprintf(body, sizeof(body),
        "{\"properties\":{\"tenantId\":\"%s\"}}",
        arm->fixture.installation.tenant);
    assert_int_equal(arm_ask(arm, "PATCH", WORK, body), 200);
    assert_int_equal(json_array_size(arm_at(arm, "properties/accessPolicies")),
        1);
    assert_int_equal(arm_ask(arm, "PATCH", WORK,
                         "{\"properties\":{\"tenantId\":\"" ELSEWHERE
                         "\",\"accessPolicies\":[]}}"),
        200);
    assert_string_equal(arm_text(arm, "properties/tenantId"), ELSEWHERE);
}


/* nobody's ids are longer, and a vault is read with every request */
static void
test_long_subnet(void **state)
{
    char   more[1400], id[1026];
    arm_t *arm = *state;

    memset(id, 'a', sizeof(id));
    id[1025] = '\0';
    (void) snprintf(more, sizeof(more),
        ",\"networkAcls\":{\"virtualNetworkRules\":[{\"id\":\"%s\"}]}", id);
    (void) arm_make_vault(arm, "work", more);
    arm_expect_error(arm, 400, "BadRequest", "1024");

    id[1024] = '\0';
    (void) snprintf(more, sizeof(more),
        ",\"networkAcls\":{\"virtualNetworkRules\":[{\"id\":\"%s\"}]}", id);
    assert_int_equal(arm_make_vault(arm, "work", more), 201);
}


static void
test_content(void **state)
{
    static const char *const bodies[] = {"", "{", "[]", "null", "{\"a\":1}x",
        "{\"a\":1,\"a\":2}", "{\"a\":\"\\u0000\"}", "\xff\xfe"};

    size_t i;
    arm_t *arm = *state;

    for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        (void) arm_ask(arm, "PUT", WORK, bodies[i]);
        arm_expect_error(arm, 400, "InvalidRequestContent",
            "could not be deserialized");
    }
}


static void
test_tags(void **state)
{
    char   body[2048];
    size_t used;
    int    i;
    arm_t *arm = *state;

    assert_int_equal(arm_make_vault(arm, "work", ""), 201);
    (void) arm_ask(arm, "PATCH", WORK, "{\"tags\":[]}");
    arm_expect_error(arm, 400, "BadRequest", "tags");
    (void) arm_ask(arm, "PATCH", WORK, "{\"tags\":{\"a\":1}}");
    arm_expect_error(arm, 400, "BadRequest", "256");
    (void) arm_ask(arm, "PATCH", WORK, "{\"tags\":{\"\":\"1\"}}");
    arm_expect_error(arm, 400, "BadRequest", "512");

    used = (size_t) snprintf(body, sizeof(body), "{\"tags\":{");
    for (i = 0; i < 51; i++) {
        used += (size_t) snprintf(body + used, sizeof(body) - used,
            "%s\"t%d\":\"\"", i == 0 ? "" : ",", i);
    }
    (void) snprintf(body + used, sizeof(body) - used, "}}");
    (void) arm_ask(arm, "PATCH", WORK, body);
    arm_expect_error(arm, 400, "BadRequest", "at most 50");

    assert_int_equal(arm_ask(arm, "PATCH", WORK, "{\"tags\":{\"a\":\"b\"}}"),
        200);
    assert_int_equal(arm_ask(arm, "PATCH", WORK, "{\"tags\":{}}"), 200);
    assert_int_equal(json_object_size(arm_at(arm, "tags")), 0);
}


int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, arm_setup, arm_teardown)

    const struct CMUnitTest tests[] = {
        TEST(test_names),
        TEST(test_properties),
        TEST(test_policies),
        TEST(test_many_policies),
        TEST(test_required),
        TEST(test_unchangeable),
        TEST(test_other_tenant),
        TEST(test_long_subnet),
        TEST(test_content),
        TEST(test_tags),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
