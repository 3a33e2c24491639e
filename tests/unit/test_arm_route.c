/* the management plane's door: routes, api-versions, tokens, headers */

#include "arm_fixture.h"
#include "engine_fixture.h"

#define DEMO ARM_V "demo?" ARM_API


static void
test_routes(void **state)
{
    static const struct {
        const char *method, *path, *operation;
        int         status;
    } rows[] = {
        {"GET", "/subscriptions?" ARM_GROUP_API, "SubscriptionList", 200},
        {"GET", "~?" ARM_GROUP_API, "SubscriptionGet", 200},
        {"GET", "~/?" ARM_GROUP_API, "SubscriptionGet", 200},
        {"GET", "//tenants//?" ARM_GROUP_API, "TenantList", 200},
        {"GET", "~/locations?" ARM_GROUP_API, "LocationList", 200},
        {"GET", "~/resourcegroups?" ARM_GROUP_API, "ResourceGroupList", 200},
        {"GET", ARM_G "?" ARM_GROUP_API, "ResourceGroupGet", 200},
        {"HEAD", ARM_G "?" ARM_GROUP_API, "ResourceGroupExists", 204},
        {"HEAD", "~/resourceGroups/none?" ARM_GROUP_API, "ResourceGroupExists",
            404},
        {"HEAD", DEMO, "VaultGet", 200},
        {"GET", "~/providers?" ARM_GROUP_API, "ProviderList", 200},
        {"GET", "~/providers/microsoft.keyvault?" ARM_GROUP_API, "ProviderGet",
            200},
        {"POST", "~/providers/Microsoft.KeyVault/register?" ARM_GROUP_API,
            "ProviderRegister", 200},
        {"GET", "/providers/Microsoft.KeyVault/operations?" ARM_API,
            "OperationList", 200},
        {"GET", ARM_K "/vaults?" ARM_API, "VaultList", 200},
        {"GET", ARM_G "/providers//Microsoft.KeyVault/%76aults?" ARM_API,
            "VaultList", 200},
        {"GET", ARM_K "/managedHSMs?" ARM_API, "ManagedHsmList", 200},
        {"GET", ARM_G "/providers/Microsoft.KeyVault/managedHSMs?" ARM_API,
            "ManagedHsmList", 200},
        {"GET", ARM_K "/deletedManagedHSMs?" ARM_API, "ManagedHsmListDeleted",
            200},
        {"GET", ARM_K "/deletedVaults?" ARM_API, "VaultListDeleted", 200},
        {"GET",
            "~/resources?%24filter=resourceType%20eq%20'Microsoft.KeyVault/"
            "vaults'&api-version=2015-11-01",
            "ResourceList", 200},
        {"GET", "/metadata/endpoints?api-version=2015-01-01",
            "MetadataEndpointsGet", 200},
        {"GET", "/v1.0/me", "GraphMeGet", 403},
    };

    size_t i;
    arm_t *arm = *state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        (void) arm_ask(arm, rows[i].method, rows[i].path, NULL);

        if (arm->status != rows[i].status
            || strcmp(arm->operation, rows[i].operation) != 0)
        {
            fail_msg("%s %s: %d %s, %s", rows[i].method, rows[i].path,
                arm->status, arm->operation, arm_text(arm, "error/message"));
        }
    }
}


static void
test_unknown_routes(void **state)
{
    static const char *const paths[] = {"/", "/nothing",
        "~/providers/Microsoft.Compute/virtualMachines", "/subscriptions/a/b",
        "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t",
        ARM_V "demo/keys/k/versions/v/more/and/more", "/%00", "/%zz"};

    size_t i;
    arm_t *arm = *state;

    for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        (void) arm_ask(arm, "GET", paths[i], NULL);
        arm_expect_error(arm, 404, "InvalidResourceNamespace",
            "Microsoft.KeyVault/vaults");
        assert_string_equal(arm->operation, "");
        assert_non_null(strstr(arm->headers, "x-ms-failure-cause: gateway\n"));
    }

    (void) arm_ask(arm, "POST", DEMO, NULL);
    arm_expect_error(arm, 405, "MethodNotAllowed", "PUT, PATCH, GET, DELETE");
    assert_non_null(strstr(arm->headers, "Allow: PUT, PATCH, GET, DELETE\n"));
}


static void
test_api_versions(void **state)
{
    static const char *const versions[] = {"2015-06-01", "2016-10-01",
        "2018-02-14", "2019-09-01", "2021-10-01", "2022-07-01", "2022-11-01",
        "2023-02-01", "2023-07-01", "2024-11-01", "2025-05-01", "2026-02-01"};

    char   path[256];
    size_t i;
    arm_t *arm = *state;

    for (i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        (void) snprintf(path, sizeof(path), ARM_V "demo?Api%%2DVersion=%s",
            versions[i]);
        assert_int_equal(arm_ask(arm, "GET", path, NULL), 200);
    }

    (void) arm_ask(arm, "GET", ARM_V "demo?api-version=7.4", NULL);
    arm_expect_error(arm, 400, "InvalidApiVersionParameter",
        "The api-version '7.4' is invalid. The supported versions are "
        "'2015-06-01,2016-10-01,");
    (void) arm_ask(arm, "GET", ARM_G "?api-version=2026-02-01", NULL);
    arm_expect_error(arm, 400, "InvalidApiVersionParameter", "2021-04-01");
    (void) arm_ask(arm, "GET", ARM_V "demo", NULL);
    arm_expect_error(arm, 400, "MissingApiVersionParameter", "api-version");
    (void) arm_ask(arm, "GET", ARM_V "demo?" ARM_API "&" ARM_API, NULL);
    arm_expect_error(arm, 400, "BadRequest", "more than once");
    (void) arm_ask(arm, "GET", ARM_K "/vaults?" ARM_API "&$top=0", NULL);
    arm_expect_error(arm, 400, "BadRequest", "$top");
}


static void
test_tokens(void **state)
{
    char   broken[4096];
    arm_t *arm = *state;

    arm->token = NULL;
    (void) arm_ask(arm, "GET", DEMO, NULL);
    arm_expect_error(arm, 401, "AuthenticationFailed", "Authorization");
    assert_non_null(strstr(arm->headers,
        "WWW-Authenticate: Bearer authorization_uri=\"" FIXTURE_LOGIN "/"));
    assert_null(strstr(arm->headers, "invalid_token"));

    /* a stranger learns nothing of routes */
    (void) arm_ask(arm, "GET", "/nothing", NULL);
    arm_expect_error(arm, 401, "AuthenticationFailed", NULL);

    assert_int_equal(arm_ask(arm, "GET", "/metadata/endpoints", NULL), 200);
    assert_string_equal(arm_text(arm, "authentication/loginEndpoint"),
        FIXTURE_LOGIN);
    assert_string_equal(arm_text(arm, "authentication/audiences/0"),
        FIXTURE_MANAGEMENT);
    assert_string_equal(arm_text(arm, "galleryEndpoint"), FIXTURE_MANAGEMENT);
    assert_string_equal(arm_text(arm, "graphEndpoint"), FIXTURE_MANAGEMENT);

    (void) snprintf(broken, sizeof(broken), "%s", arm->fixture.manager);
    broken[strlen(broken) - 10] ^= 1;
    arm->token = broken;
    (void) arm_ask(arm, "GET", DEMO, NULL);
    arm_expect_error(arm, 401, "InvalidAuthenticationToken", "signature");
    assert_non_null(strstr(arm->headers, "error=\"invalid_token\""));
    assert_null(strstr(arm_text(arm, "error/message"), "AKV"));
}


/* a token is for vaults or for managing them, also when it is kept already */
static void
test_planes(void **state)
{
    int          round;
    char         result[1024];
    arm_t       *arm = *state;
    vc_call_t   *call;
    vc_request_t request;

    for (round = 0; round < 2; round++) {
        arm->token = arm->fixture.authorization;
        (void) arm_ask(arm, "GET", DEMO, NULL);
        arm_expect_error(arm, 401, "InvalidAuthenticationToken",
            "Invalid audience. Expected " FIXTURE_MANAGEMENT);

        arm->token = arm->fixture.manager;
        assert_int_equal(arm_ask(arm, "GET", DEMO, NULL), 200);

        request = fixture_request(&arm->fixture, "GET",
            "/secrets?api-version=7.4");
        call = fixture_send(&arm->fixture, &request, VC_STR_NULL);
        assert_int_equal(vc_call_response(call)->status, 200);
        vc_call_destroy(call);

        request.authorization = vc_str(arm->fixture.manager);
        call = fixture_send(&arm->fixture, &request, VC_STR_NULL);
        assert_int_equal(vc_call_response(call)->status, 401);
        (void) snprintf(result, sizeof(result), "%.*s",
            VC_STR_ARG(vc_call_response(call)->body));
        assert_non_null(strstr(result,
            "AKV10022: Invalid audience. Expected " FIXTURE_RESOURCE ","));
        assert_true(vc_call_fact(call, VC_FACT_PRINCIPAL).len == 0);
        vc_call_destroy(call);
    }
}


static void
test_headers(void **state)
{
    static const char *const headers[] = {"x-ms-request-id: ",
        "x-ms-correlation-request-id: ", "x-ms-routing-request-id: local:",
        "x-ms-ratelimit-remaining-subscription-global-reads: ",
        "Cache-Control: no-cache\n", "Pragma: no-cache\n", "Expires: -1\n",
        "Strict-Transport-Security: max-age=31536000; includeSubDomains\n",
        "X-Content-Type-Options: nosniff\n", "x-ms-keyvault-service-version: "};

    size_t i;
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "GET", DEMO, NULL), 200);

    for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        if (strstr(arm->headers, headers[i]) == NULL) {
            fail_msg("%s is not in\n%s", headers[i], arm->headers);
        }
    }

    assert_null(strstr(arm->headers, "x-ms-failure-cause"));
    assert_null(strstr(arm->headers, "global-writes"));
    assert_int_equal(arm_ask(arm, "PATCH", DEMO, "{}"), 200);
    assert_non_null(strstr(arm->headers, "global-writes: "));
}


static void
test_nouns(void **state)
{
    arm_t *arm = *state;

    (void) arm_ask(arm, "GET",
        "/subscriptions/11111111-2222-4333-8444-555555555555?" ARM_GROUP_API,
        NULL);
    arm_expect_error(arm, 404, "SubscriptionNotFound",
        "The subscription '11111111-2222-4333-8444-555555555555' could not be "
        "found.");
    (void) arm_ask(arm, "GET", "~/resourceGroups/none?" ARM_GROUP_API, NULL);
    arm_expect_error(arm, 404, "ResourceGroupNotFound",
        "Resource group 'none' could not be found.");
    (void) arm_ask(arm, "GET",
        "~/resourceGroups/none/providers/Microsoft.KeyVault/vaults/"
        "demo?" ARM_API,
        NULL);
    arm_expect_error(arm, 404, "ResourceGroupNotFound", NULL);
    (void) arm_ask(arm, "GET", ARM_V "a%ff%22?" ARM_API, NULL);
    arm_expect_error(arm, 404, "ResourceNotFound", "vaults/a?\"");
}


int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, arm_setup, arm_teardown)

    const struct CMUnitTest tests[] = {
        TEST(test_routes),
        TEST(test_unknown_routes),
        TEST(test_api_versions),
        TEST(test_tokens),
        TEST(test_planes),
        TEST(test_headers),
        TEST(test_nouns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
