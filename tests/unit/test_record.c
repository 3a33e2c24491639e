/* access records: one valid line of JSON, whatever the client sent */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "audit/record.h"


static json_t *
write_and_parse(const vc_access_record_t *record)
{
    json_t     *json;
    vc_buf_t    line;
    vc_arena_t *arena;

    arena = vc_arena_create(1024);
    assert_non_null(arena);
    vc_buf_init(&line, arena, 0);
    vc_access_record_write(record, &line);

    assert_false(line.failed);
    assert_int_equal(line.data[line.len - 1], '\n');
    assert_null(memchr(line.data, '\n', line.len - 1));

    json = json_loadb((const char *) line.data, line.len,
        JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    assert_non_null(json);
    vc_arena_destroy(arena);

    return json;
}


static const char *
text(const json_t *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}


static void
test_empty(void **state)
{
    json_t            *json;
    vc_access_record_t record;

    (void) state;

    memset(&record, 0, sizeof(record));
    json = write_and_parse(&record);
    assert_string_equal(text(json, "category"), "AuditEvent");
    assert_null(json_object_get(json, "resourceId"));
    assert_null(json_object_get(json, "resultDescription"));
    json_decref(json);
}


static void
test_full(void **state)
{
    json_t            *json, *properties;
    vc_access_record_t record;

    (void) state;

    record = (vc_access_record_t){
        .operation = VC_STR("SecretGet"),
        .operation_version = VC_STR("7.4"),
        .status = 200,
        .duration_us = 41499,
        .caller_address = VC_STR("203.0.113.10"),
        .correlation_id = VC_STR("c"),
        .claims = VC_STR("{\"oid\":\"o\"}"),
        .subscription = VC_STR("abc"),
        .vault = VC_STR("demo"),
        .object_id = VC_STR("https://demo/secrets/n/v"),
        .client_info = VC_STR("agent"),
        .scheme = VC_STR("https"),
        .host = VC_STR("demo:8443"),
        .target = VC_STR("/secrets/n?api-version=7.4"),
        .decided = true,
        .granted = true,
        .tls_version = VC_STR("TLSv1.3"),
    };

    json = write_and_parse(&record);
    properties = json_object_get(json, "properties");

    assert_int_equal(strlen(text(json, "time")),
        strlen("2025-06-30T17:33:25.0331812Z"));
    assert_string_equal(text(json, "operationName"), "SecretGet");
    assert_string_equal(text(json, "operationVersion"), "7.4");
    assert_string_equal(text(json, "resultType"), "Success");
    assert_string_equal(text(json, "resultSignature"), "OK");
    assert_string_equal(text(json, "durationMs"), "41");
    assert_string_equal(text(json, "callerIpAddress"), "203.0.113.10");
    assert_string_equal(text(json, "correlationId"), "c");
    assert_string_equal(text(json, "resourceId"),
        "/SUBSCRIPTIONS/ABC/RESOURCEGROUPS/DEFAULT/PROVIDERS/"
        "MICROSOFT.KEYVAULT/VAULTS/DEMO");
    assert_string_equal(text(json_object_get(json_object_get(json, "identity"),
                                 "claim"),
                            "oid"),
        "o");
    assert_string_equal(text(properties, "id"), "https://demo/secrets/n/v");
    assert_string_equal(text(properties, "clientInfo"), "agent");
    assert_string_equal(text(properties, "requestUri"),
        "https://demo:8443/secrets/n?api-version=7.4");
    assert_string_equal(text(properties, "tlsVersion"), "TLS1_3");
    assert_int_equal(json_integer_value(
                         json_object_get(properties, "httpStatusCode")),
        200);
    assert_true(
        json_is_true(json_object_get(properties, "isAccessPolicyMatch")));
    json_decref(json);
}


static void
test_roles(void **state)
{
    json_t            *json, *properties;
    vc_access_record_t record;

    (void) state;

    record = (vc_access_record_t){
        .operation = VC_STR("SecretGet"),
        .status = 200,
        .decided = true,
        .granted = true,
        .by_roles = true,
        .assignment = VC_STR("11111111-0000-0000-0000-000000000001"),
    };

    json = write_and_parse(&record);
    properties = json_object_get(json, "properties");
    assert_true(json_is_true(json_object_get(properties, "isRbacAuthorized")));
    assert_string_equal(text(properties, "appliedAssignmentId"),
        "11111111-0000-0000-0000-000000000001");
    assert_null(json_object_get(properties, "isAccessPolicyMatch"));
    json_decref(json);

    record.status = 403;
    record.granted = false;
    record.assignment = VC_STR_NULL;

    json = write_and_parse(&record);
    properties = json_object_get(json, "properties");
    assert_true(json_is_false(json_object_get(properties, "isRbacAuthorized")));
    assert_null(json_object_get(properties, "appliedAssignmentId"));
    json_decref(json);
}


static void
test_hostile_bytes(void **state)
{
    json_t            *json;
    vc_access_record_t record;

    (void) state;

    memset(&record, 0, sizeof(record));
    record.status = 503;
    record.target = VC_STR("/\"\\\n\x01\xff\xc3\x28\x00x");
    record.client_info = VC_STR("\xf0\x9f\x94\x91 \xed\xa0\x80");

    json = write_and_parse(&record);
    assert_string_equal(text(json, "resultType"), "Failed");
    assert_string_equal(text(json, "resultSignature"), "Service Unavailable");
    json_decref(json);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_roles),
        cmocka_unit_test(test_hostile_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
