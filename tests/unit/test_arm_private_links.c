/* private endpoints, which there are none of */

#include "arm_fixture.h"

#define DEMO ARM_V "demo"
#define CONNECTIONS DEMO "/privateEndpointConnections"
#define LINKS "/privateLinkResources?" ARM_API


static void
test_none(void **state)
{
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "GET", DEMO LINKS, NULL), 200);
    assert_string_equal(arm->operation, "VaultPrivateLinkResourceList");
    assert_true(json_is_array(arm_at(arm, "value")));
    assert_int_equal(json_array_size(arm_at(arm, "value")), 0);
    assert_int_equal(arm_ask(arm, "GET", CONNECTIONS "?" ARM_API, NULL), 200);
    assert_string_equal(arm->operation, "VaultPrivateConnectionList");
    assert_int_equal(json_array_size(arm_at(arm, "value")), 0);

    (void) arm_ask(arm, "GET", CONNECTIONS "/mine?" ARM_API, NULL);
    arm_expect_error(arm, 404, "ResourceNotFound",
        "'Microsoft.KeyVault/vaults/demo/privateEndpointConnections/mine'");
    assert_int_equal(arm_ask(arm, "DELETE", CONNECTIONS "/mine?" ARM_API, NULL),
        204);

    /* approving one, which would come to nothing */
    (void) arm_ask(arm, "PUT", CONNECTIONS "/mine?" ARM_API,
        "{\"properties\":{\"privateLinkServiceConnectionState\":{\"status\":"
        "\"Approved\"}}}");
    arm_expect_error(arm, 400, "DisallowedResourceOperation", "networkAcls");
}


static void
test_of_vaults_only(void **state)
{
    char   token[4096], id[VC_GUID_LEN + 1];
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "GET", ARM_V "none" LINKS, NULL), 404);
    assert_int_equal(arm_ask(arm, "GET",
                         ARM_V "none/privateEndpointConnections?" ARM_API,
                         NULL),
        404);

    arm_principal(arm, "guest", token, id);
    arm->token = token;
    (void) arm_ask(arm, "GET", DEMO LINKS, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed",
        "Microsoft.KeyVault/vaults/privateLinkResources/read");
    arm_assign(arm, id, ARM_READER, DEMO);
    assert_int_equal(arm_ask(arm, "GET", DEMO LINKS, NULL), 200);
    assert_int_equal(arm_ask(arm, "GET", CONNECTIONS "?" ARM_API, NULL), 200);
    (void) arm_ask(arm, "DELETE", CONNECTIONS "/mine?" ARM_API, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed",
        "Microsoft.KeyVault/vaults/privateEndpointConnections/delete");
}


int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, arm_setup, arm_teardown)

    const struct CMUnitTest tests[] = {
        TEST(test_none),
        TEST(test_of_vaults_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
