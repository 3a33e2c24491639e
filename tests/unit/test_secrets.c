/* secrets as a client sees them: bundles, versions, updates */

#include "secret_fixture.h"

#include "base/clock.h"

#define NOT_FOUND(name)                                                        \
    "A secret with (name/id) " name " was not found in this key vault. If "    \
    "you recently deleted this secret you may be able to recover it using "    \
    "the correct recovery command. For help resolving this issue, please see " \
    "https://go.microsoft.com/fwlink/?linkid=2125182"


static json_t *
attributes_of(const answer_t *answer)
{
    return json_object_get(answer->json, "attributes");
}


/* the answer's text, byte for byte, but for times and the version */
static void
assert_bundle(const answer_t *answer, const char *format)
{
    char       expected[1024], version[33];
    json_int_t created, updated;

    version_of(answer, version);
    created = number_of(attributes_of(answer), "created");
    updated = number_of(attributes_of(answer), "updated");
    assert_true(created <= vc_now() && created > vc_now() - 60);
    assert_true(updated >= created);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void) snprintf(expected, sizeof(expected), format, version,
        (long long) created, (long long) updated);
#pragma GCC diagnostic pop

    assert_string_equal(answer->text, expected);
    assert_string_equal(answer->record_id, text_of(answer->json, "id"));
}


static void
test_bundle(void **state)
{
    const answer_t *answer;

    (void) state;

    answer = expect(200, "PUT", "/secrets/Full",
        "{\"value\":\"A\\\"B\\u0001\\u00e9\\ud83d\\ude00\\/\",\"other\":[1],"
        "\"contentType\":\"text/plain\",\"tags\":{\"k\\n\":\"v\",\"\":\"\"},"
        "\"attributes\":{\"exp\":2,\"nbf\":1,\"enabled\":true,\"x\":{}}}");
    assert_bundle(answer,
        "{\"value\":\"A\\\"B\\u0001\xc3\xa9\xf0\x9f\x98\x80/\","
        "\"contentType\":\"text/plain\",\"id\":\"" FIXTURE_URL
        "/secrets/Full/%s\",\"attributes\":{\"enabled\":true,\"nbf\":1,"
        "\"exp\":2,\"created\":%lld,\"updated\":%lld,"
        "\"recoveryLevel\":\"CustomizedRecoverable+Purgeable\","
        "\"recoverableDays\":7},\"tags\":{\"k\\n\":\"v\",\"\":\"\"}}");

    answer = expect(200, "PUT", "/secrets/plain", "{\"value\":\"\"}");
    assert_bundle(answer,
        "{\"value\":\"\",\"id\":\"" FIXTURE_URL
        "/secrets/plain/%s\",\"attributes\":{\"enabled\":true,"
        "\"created\":%lld,\"updated\":%lld,"
        "\"recoveryLevel\":\"CustomizedRecoverable+Purgeable\","
        "\"recoverableDays\":7}}");

    /* matched without regard to case, shown as first written */
    answer = expect(200, "GET", "/secrets/PLAIN/", NULL);
    assert_non_null(strstr(answer->text, "/secrets/plain/"));
}


static void
test_api_versions(void **state)
{
    static const struct {
        const char *version;
        const char *level;
        bool        days;
        bool        previous;
    } cases[] = {
        {"2015-06-01", NULL, false, false},
        {"2016-10-01", "Recoverable+Purgeable", false, false},
        {"7.0", "Recoverable+Purgeable", false, false},
        {"7.1", "CustomizedRecoverable+Purgeable", true, false},
        {"7.3", "CustomizedRecoverable+Purgeable", true, false},
        {"7.6", "CustomizedRecoverable+Purgeable", true, false},
        {"2025-07-01", "CustomizedRecoverable+Purgeable", true, true},
    };

    char            target[96], first[33];
    size_t          i;
    json_t         *attributes;
    const answer_t *answer;

    (void) state;

    version_of(expect(200, "PUT", "/secrets/aged", "{\"value\":\"1\"}"), first);
    (void) expect(200, "PUT", "/secrets/aged", "{\"value\":\"2\"}");

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void) snprintf(target, sizeof(target), "/secrets/aged?api-version=%s",
            cases[i].version);
        answer = expect(200, "GET", target, NULL);
        attributes = attributes_of(answer);

        if (cases[i].level == NULL) {
            assert_null(json_object_get(attributes, "recoveryLevel"));

        } else {
            assert_string_equal(text_of(attributes, "recoveryLevel"),
                cases[i].level);
        }

        assert_int_equal(json_object_get(attributes, "recoverableDays") != NULL,
            cases[i].days);

        if (cases[i].previous) {
            assert_string_equal(text_of(answer->json, "previousVersion"),
                first);

        } else {
            assert_null(json_object_get(answer->json, "previousVersion"));
        }
    }

    /* the first version has none before it */
    (void) snprintf(target, sizeof(target),
        "/secrets/aged/%s?api-version=2025-07-01", first);
    answer = expect(200, "GET", target, NULL);
    assert_null(json_object_get(answer->json, "previousVersion"));
}


static void
test_versions(void **state)
{
    char            first[33], second[33], target[96];
    size_t          i;
    const answer_t *answer;

    (void) state;

    version_of(expect(200, "PUT", "/secrets/v", "{\"value\":\"1\"}"), first);
    version_of(expect(200, "PUT", "/secrets/v", "{\"value\":\"2\"}"), second);

    (void) snprintf(target, sizeof(target), "/secrets/v/%s", first);
    assert_string_equal(text_of(expect(200, "GET", target, NULL)->json,
                            "value"),
        "1");

    for (i = 0; i < strlen(target); i++) {
        target[i] = (char) ((target[i] >= 'a' && target[i] <= 'f')
                                ? target[i] - 0x20
                                : target[i]);
    }

    assert_string_equal(text_of(expect(200, "GET", target, NULL)->json,
                            "value"),
        "1");

    (void) snprintf(target, sizeof(target), "/secrets/v/%s", second);
    assert_string_equal(text_of(expect(200, "GET", target, NULL)->json,
                            "value"),
        "2");
    assert_string_equal(text_of(expect(200, "GET", "/secrets/v", NULL)->json,
                            "value"),
        "2");

    answer = expect_error(404, "SecretNotFound", NULL, "GET",
        "/secrets/V/0123456789abcdef0123456789abcdef", NULL);
    assert_string_equal(message_of(answer),
        NOT_FOUND("V/0123456789abcdef0123456789abcdef"));
    answer = expect_error(404, "SecretNotFound", NULL, "GET",
        "/secrets/v/short", NULL);
    assert_string_equal(message_of(answer), NOT_FOUND("v/short"));
    answer = expect_error(404, "SecretNotFound", NULL, "GET", "/secrets/no",
        NULL);
    assert_string_equal(message_of(answer), NOT_FOUND("no"));

    (void) expect_error(400, "BadParameter", NULL, "GET", "/secrets/v/a.b",
        NULL);
    (void) expect_error(400, "BadParameter", NULL, "GET", "/secrets/v/%ff%22",
        NULL);
    (void) expect_error(400, "BadParameter", NULL, "PATCH", "/secrets/v/a_b",
        "{}");
}


static void
test_disabled(void **state)
{
    char            version[33];
    const answer_t *answer;

    (void) state;

    version_of(expect(200, "PUT", "/secrets/off",
                   "{\"value\":\"1\",\"attributes\":{\"enabled\":false}}"),
        version);

    answer = expect_error(403, "Forbidden", "SecretDisabled", "GET",
        "/secrets/off", NULL);
    assert_string_equal(message_of(answer),
        "Operation get is not allowed on a disabled secret.");
    assert_non_null(strstr(answer->record_id, version));

    (void) expect(200, "GET", "/secrets/off/versions", NULL);
    (void) expect(200, "POST", "/secrets/off/backup", NULL);
    (void) expect(200, "PATCH", "/secrets/off",
        "{\"attributes\":{\"enabled\":true}}");
    (void) expect(200, "GET", "/secrets/off", NULL);

    /* dates inform, they refuse nothing */
    (void) expect(200, "PUT", "/secrets/off",
        "{\"value\":\"1\",\"attributes\":{\"exp\":5}}");
    (void) expect(200, "GET", "/secrets/off", NULL);
    (void) expect(200, "PUT", "/secrets/off",
        "{\"value\":\"1\",\"attributes\":{\"nbf\":9999999999}}");
    (void) expect(200, "GET", "/secrets/off", NULL);
}


static void
test_out_content_type(void **state)
{
    (void) state;

    (void) expect(200, "PUT", "/secrets/o", "{\"value\":\"1\"}");
    (void) expect_error(400, "BadParameter", NULL, "GET",
        "/secrets/o?api-version=2025-07-01&outContentType=application/"
        "x-pem-file",
        NULL);
    (void) expect(200, "GET",
        "/secrets/o?api-version=7.6&outContentType=application/x-pem-file",
        NULL);
    (void) expect(200, "GET",
        "/secrets/o?api-version=2025-07-01&outContentType=", NULL);
}


static void
test_update(void **state)
{
    char            first[33], version[33], target[96];
    const answer_t *answer;

    (void) state;

    version_of(expect(200, "PUT", "/secrets/u", "{\"value\":\"1\"}"), first);
    version_of(expect(200, "PUT", "/secrets/u",
                   "{\"value\":\"2\",\"contentType\":\"c\",\"tags\":{\"a\":"
                   "\"b\"},\"attributes\":{\"nbf\":10,\"exp\":20}}"),
        version);

    /* what is not named stays; the answer has no value */
    answer = expect(200, "PATCH", "/secrets/u/", "{\"value\":\"ignored\"}");
    assert_bundle(answer,
        "{\"contentType\":\"c\",\"id\":\"" FIXTURE_URL
        "/secrets/u/%s\",\"attributes\":{\"enabled\":true,\"nbf\":10,"
        "\"exp\":20,\"created\":%lld,\"updated\":%lld,"
        "\"recoveryLevel\":\"CustomizedRecoverable+Purgeable\","
        "\"recoverableDays\":7},\"tags\":{\"a\":\"b\"}}");
    assert_non_null(strstr(answer->text, version));

    /* null takes a date away and is else as if absent; tags are replaced */
    answer = expect(200, "PATCH", "/secrets/u",
        "{\"contentType\":null,\"tags\":{},\"attributes\":{\"nbf\":null,"
        "\"enabled\":null}}");
    assert_bundle(answer,
        "{\"contentType\":\"c\",\"id\":\"" FIXTURE_URL
        "/secrets/u/%s\",\"attributes\":{\"enabled\":true,\"exp\":20,"
        "\"created\":%lld,\"updated\":%lld,"
        "\"recoveryLevel\":\"CustomizedRecoverable+Purgeable\","
        "\"recoverableDays\":7}}");

    answer = expect(200, "GET", "/secrets/u", NULL);
    assert_string_equal(text_of(answer->json, "value"), "2");
    assert_non_null(strstr(answer->text, version));

    /* an earlier version */
    (void) snprintf(target, sizeof(target), "/secrets/u/%s", first);
    (void) expect(200, "PATCH", target, "{\"attributes\":{\"enabled\":false}}");
    (void) expect_error(403, "Forbidden", "SecretDisabled", "GET", target,
        NULL);
    (void) expect(200, "GET", "/secrets/u", NULL);

    /* the merged dates are what counts; existence comes before the body */
    (void) expect_error(400, "BadParameter", NULL, "PATCH", "/secrets/u",
        "{\"attributes\":{\"nbf\":21}}");
    (void) expect_error(404, "SecretNotFound", NULL, "PATCH", "/secrets/no",
        "{");
    (void) expect_error(404, "SecretNotFound", NULL, "PATCH",
        "/secrets/u/0123456789abcdef0123456789abcdef", "{}");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bundle),
        cmocka_unit_test(test_api_versions),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_disabled),
        cmocka_unit_test(test_out_content_type),
        cmocka_unit_test(test_update),
    };

    return cmocka_run_group_tests(tests, secrets_setup, secrets_teardown);
}
