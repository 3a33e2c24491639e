/* diagnostic settings: their form, and where records go by them */

#include "arm_fixture.h"

#define STORAGE                                                                \
    "/subscriptions/1/resourceGroups/g/providers/Microsoft.Storage/"           \
    "storageAccounts/audit"
#define WORKSPACE                                                              \
    "/subscriptions/1/resourceGroups/g/providers/"                             \
    "Microsoft.OperationalInsights/workspaces/w"

#define DEMO ARM_V "demo"
#define INSIGHTS DEMO "/providers/microsoft.insights"
#define API "?api-version=2021-05-01-preview"
#define SETTING INSIGHTS "/diagnosticSettings/Audit" API
#define LOGS ",\"logs\":[{\"category\":\"AuditEvent\",\"enabled\":true}]"
#define BODY "{\"properties\":{\"storageAccountId\":\"" STORAGE "\"" LOGS "}}"

static const vc_str_t destinations[] = {VC_STR_INIT(STORAGE),
    VC_STR_INIT(WORKSPACE)};


static int
diagnostics_setup(void **state)
{
    arm_t *arm;

    (void) arm_setup(state);
    arm = *state;

    /* the engine reads its options where they are */
    arm->fixture.options.management.destinations = destinations;
    arm->fixture.options.management.destination_count = 2;

    return 0;
}


/* where the record of a request to the vault goes, in one text */
static const char *
goes_to(arm_t *arm)
{
    static char  text[1024];
    size_t       i, count;
    vc_str_t     out[4];
    vc_call_t   *call;
    vc_request_t request;

    request = fixture_request(&arm->fixture, "GET",
        "/secrets/none?api-version=7.4");
    call = fixture_send(&arm->fixture, &request, VC_STR_NULL);
    count = vc_call_destinations(call, out, 4);
    text[0] = '\0';

    for (i = 0; i < count; i++) {
        (void) snprintf(text + strlen(text), sizeof(text) - strlen(text),
            "%.*s\n", VC_STR_ARG(out[i]));
    }

    /* as much as there is room for, and the count of all */
    assert_int_equal(vc_call_destinations(call, out, 0), count);
    vc_call_destroy(call);
    vc_engine_rest(arm->fixture.engine);

    return text;
}


static void
test_setting(void **state)
{
    char   id[512];
    arm_t *arm = *state;

    assert_string_equal(goes_to(arm), "");

    assert_int_equal(
        arm_ask(arm, "PUT", SETTING,
            "{\"properties\":{\"storageAccountId\":\"" STORAGE
            "\",\"workspaceId\":null,\"logs\":[{\"category\":\"AuditEvent\","
            "\"categoryGroup\":null,\"enabled\":true,\"retentionPolicy\":"
            "{\"enabled\":false,\"days\":0}}],\"metrics\":[{\"category\":"
            "\"AllMetrics\",\"enabled\":false,\"timeGrain\":\"PT1M\"}]}}"),
        200);
    (void) snprintf(id, sizeof(id),
        "/subscriptions/%s/resourceGroups/default/providers/Microsoft.KeyVault/"
        "vaults/demo/providers/Microsoft.Insights/diagnosticSettings/Audit",
        arm->fixture.installation.id);
    assert_string_equal(arm_text(arm, "id"), id);
    assert_string_equal(arm_text(arm, "name"), "Audit");
    assert_string_equal(arm_text(arm, "type"),
        "Microsoft.Insights/diagnosticSettings");
    assert_string_equal(arm_text(arm, "properties/storageAccountId"), STORAGE);
    assert_true(json_is_null(arm_at(arm, "properties/workspaceId")));
    assert_string_equal(arm_text(arm, "properties/logs/0/category"),
        "AuditEvent");
    assert_int_equal(json_integer_value(
                         arm_at(arm, "properties/logs/0/retentionPolicy/days")),
        0);
    assert_string_equal(arm_text(arm, "properties/metrics/0/timeGrain"),
        "PT1M");

    assert_int_equal(arm_ask(arm, "GET",
                         INSIGHTS "/diagnosticSettings/audit" API, NULL),
        200);
    assert_string_equal(arm_text(arm, "properties/metrics/0/category"),
        "AllMetrics");
    assert_int_equal(arm_ask(arm, "GET", INSIGHTS "/diagnosticSettings" API,
                         NULL),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 1);

    assert_int_equal(arm_ask(arm, "DELETE", SETTING, NULL), 200);
    assert_int_equal(arm_ask(arm, "DELETE", SETTING, NULL), 204);
    (void) arm_ask(arm, "GET", SETTING, NULL);
    arm_expect_error(arm, 404, "ResourceNotFound", "'Audit'");
}


/* with the next request, and no longer than the setting is there */
static void
test_effect(void **state)
{
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "PUT", SETTING, BODY), 200);
    assert_string_equal(goes_to(arm), STORAGE "\n");

    /* ids are compared without case; groups of categories; each once */
    assert_int_equal(arm_ask(arm, "PUT",
                         INSIGHTS "/diagnosticSettings/more" API,
                         "{\"properties\":{\"workspaceId\":"
                         "\"/SUBSCRIPTIONS/1/resourcegroups/G/providers/"
                         "microsoft.operationalinsights/workspaces/W\","
                         "\"storageAccountId\":\"" STORAGE "\",\"logs\":"
                         "[{\"categoryGroup\":\"audit\",\"enabled\":true}]}}"),
        200);
    assert_string_equal(goes_to(arm), STORAGE "\n" WORKSPACE "\n");
    assert_int_equal(arm_ask(arm, "DELETE",
                         INSIGHTS "/diagnosticSettings/more" API, NULL),
        200);
    assert_string_equal(goes_to(arm), STORAGE "\n");

    /* switched off, and others than audit records */
    assert_int_equal(arm_ask(arm, "PUT", SETTING,
                         "{\"properties\":{\"storageAccountId\":\"" STORAGE
                         "\",\"logs\":[{\"category\":\"AuditEvent\","
                         "\"enabled\":false},{\"category\":"
                         "\"AzurePolicyEvaluationDetails\",\"enabled\":true}],"
                         "\"metrics\":[{\"category\":\"AllMetrics\","
                         "\"enabled\":true}]}}"),
        200);
    assert_string_equal(goes_to(arm), "");
}


static void
test_bad_input(void **state)
{
    size_t i;
    arm_t *arm = *state;

#define WITH(more)                                                             \
    "{\"properties\":{\"storageAccountId\":\"" STORAGE "\"," more "}}"

    static const struct {
        const char *body, *words;
    } bad[] = {
        {"{}", "properties"},
        {"{\"properties\":{}}", "At least one data sink"},
        {"{\"properties\":{\"storageAccountId\":null" LOGS "}}",
            "At least one data sink"},
        {"{\"properties\":{\"storageAccountId\":3}}", "storageAccountId"},
        {"{\"properties\":{\"storageAccountId\":\"/none\"" LOGS "}}",
            "configured: " STORAGE ", " WORKSPACE "."},
        {WITH("\"logs\":{}"), "logs"},
        {WITH("\"logs\":[1]"), "logs[]"},
        {WITH("\"logs\":[{\"category\":\"Other\",\"enabled\":true}]"),
            "AuditEvent or AzurePolicyEvaluationDetails"},
        {WITH("\"logs\":[{\"categoryGroup\":\"x\",\"enabled\":true}]"),
            "audit or allLogs"},
        {WITH("\"logs\":[{\"category\":\"AuditEvent\",\"categoryGroup\":"
              "\"audit\",\"enabled\":true}]"),
            "not both"},
        {WITH("\"logs\":[{\"category\":\"AuditEvent\"}]"), "enabled"},
        {WITH("\"logs\":[{\"category\":\"AuditEvent\",\"enabled\":1}]"),
            "enabled"},
        {WITH("\"logs\":[{\"category\":\"AuditEvent\",\"enabled\":true,"
              "\"retentionPolicy\":{\"enabled\":true,\"days\":366}}]"),
            "days"},
        {WITH("\"metrics\":[{\"category\":\"AuditEvent\",\"enabled\":true}]"),
            "AllMetrics"},
        {WITH("\"eventHubName\":[]"), "eventHubName"},
    };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        (void) arm_ask(arm, "PUT", SETTING, bad[i].body);
        arm_expect_error(arm, 400, "BadRequest", bad[i].words);
    }

    (void) arm_ask(arm, "PUT", INSIGHTS "/diagnosticSettings/a%3Cb" API, BODY);
    arm_expect_error(arm, 400, "BadRequest", "name");
    (void) arm_ask(arm, "PUT",
        ARM_V "none/providers/microsoft.insights/diagnosticSettings/a" API,
        BODY);
    arm_expect_error(arm, 404, "ResourceNotFound", NULL);

    arm->fixture.options.management.destination_count = 0;
    (void) arm_ask(arm, "PUT", SETTING, BODY);
    arm_expect_error(arm, 400, "BadRequest", "configured: none.");
}


static void
test_categories(void **state)
{
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "GET",
                         INSIGHTS "/diagnosticSettingsCategories" API, NULL),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 3);
    assert_string_equal(arm_text(arm, "value/0/name"), "AuditEvent");
    assert_string_equal(arm_text(arm, "value/0/properties/categoryGroups/0"),
        "audit");
    assert_int_equal(arm_ask(arm, "GET",
                         INSIGHTS
                         "/diagnosticSettingsCategories/allmetrics" API,
                         NULL),
        200);
    assert_string_equal(arm_text(arm, "properties/categoryType"), "Metrics");
    (void) arm_ask(arm, "GET", INSIGHTS "/diagnosticSettingsCategories/x" API,
        NULL);
    arm_expect_error(arm, 404, "ResourceNotFound", "'x'");
}


int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, diagnostics_setup, arm_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_setting),
        TEST(test_effect),
        TEST(test_bad_input),
        TEST(test_categories),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
