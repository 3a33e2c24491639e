/* the request line: routing, names, api-versions, and the order of refusals */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine_fixture.h"

static fixture_t fixture;

#define V "?api-version=7.4"


typedef struct {
    const char *method;
    const char *target;
    int         status;
    const char *operation;
} route_case_t;


static vc_call_t *
send_request(const char *method, const char *target)
{
    vc_request_t request;

    request = fixture_request(&fixture, method, target);

    return fixture_send(&fixture, &request, VC_STR("{\"value\":\"v\"}"));
}


static void
test_routes(void **state)
{
    static const route_case_t cases[] = {
        {"PUT", "/secrets/a" V, 200, "SecretSet"},
        {"GET", "/secrets/a" V, 200, "SecretGet"},
        {"GET", "/secrets/a/" V, 200, "SecretGet"},
        {"GET", "//secrets/a/" V, 200, "SecretGet"},
        {"GET", "///secrets/a" V, 200, "SecretGet"},
        {"GET", "/SECRETS/A" V, 200, "SecretGet"},
        {"GET", "/secrets/a?api%2Dversion=7.4", 200, "SecretGet"},
        {"GET", "/secrets/a?API-Version=7.4", 200, "SecretGet"},
        {"GET", "/secrets/a?x=1&api-version=2025-07-01&y", 200, "SecretGet"},
        {"GET", "/secrets/%61" V, 200, "SecretGet"},
        {"HEAD", "/secrets/a" V, 200, "SecretGet"},
        {"GET", "/secrets" V, 200, "SecretList"},
        {"GET", "/secrets/" V, 200, "SecretList"},
        {"GET", "/secrets/a/versions" V, 200, "SecretListVersions"},
        {"GET", "/secrets/a/versions/" V, 200, "SecretListVersions"},
        {"POST", "/secrets/a/backup" V, 200, "SecretBackup"},
        {"GET", "/deletedsecrets" V, 200, "SecretListDeleted"},
        {"GET", "/deletedsecrets/a" V, 404, "SecretGetDeleted"},
        {"PATCH", "/secrets/a/" V, 200, "SecretUpdate"},
        {"GET", "/secrets/a/0123456789abcdef0123456789abcdef" V, 404,
            "SecretGet"},
        {"GET", "/secrets/missing" V, 404, "SecretGet"},
        {"GET", "/" V, 404, ""},
        {"GET", "" V, 404, ""},
        {"GET", "/nothing" V, 404, ""},
        {"GET", "/secrets/a/b/c" V, 404, ""},
        {"GET", "/1/2/3/4/5/6/7/8/9/10" V, 404, ""},
        {"POST", "/secrets/a" V, 405, ""},
        {"POST", "/secrets" V, 405, ""},
        {"GET", "/secrets/a/backup" V, 405, ""},
        {"BREW", "/secrets/a" V, 405, ""},
        {"GET", "/secrets/a%2Fversions" V, 400, "SecretGet"},
        {"GET", "/secrets/a%2f..%2fb" V, 400, "SecretGet"},
        {"GET", "/secrets/.." V, 400, "SecretGet"},
        {"GET", "/secrets/a.b" V, 400, "SecretGet"},
        {"GET", "/secrets//a" V, 400, "SecretGet"},
        {"GET", "/secrets/a%00" V, 400, "SecretGet"},
        {"GET", "/secrets/%zz" V, 400, "SecretGet"},
        {"GET", "/secrets/%" V, 400, "SecretGet"},
        {"GET", "/secrets/a", 400, "SecretGet"},
        {"GET", "/secrets/a?", 400, "SecretGet"},
        {"GET", "/secrets/a?api-version=", 400, "SecretGet"},
        {"GET", "/secrets/a?api-version=7.9", 400, "SecretGet"},
        {"GET", "/secrets/a?api-version=7.4&api-version=7.4", 400, "SecretGet"},
        {"GET", "/secrets" V "&maxresults=1", 200, "SecretList"},
        {"GET", "/secrets" V "&maxresults=25", 200, "SecretList"},
        {"GET", "/secrets" V "&maxresults=0", 400, "SecretList"},
        {"GET", "/secrets" V "&maxresults=26", 400, "SecretList"},
        {"GET", "/secrets" V "&maxresults=x", 400, "SecretList"},
        {"GET", "/secrets" V "&maxresults=", 400, "SecretList"},
        {"GET", "/secrets" V "&maxresults=99999999999999999999", 400,
            "SecretList"},
        {"GET", "/secrets" V "&$skiptoken=x", 400, "SecretList"},
    };

    size_t     i;
    vc_str_t   operation;
    vc_call_t *call;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        call = send_request(cases[i].method, cases[i].target);
        operation = vc_call_fact(call, VC_FACT_OPERATION);

        if (vc_call_response(call)->status != cases[i].status
            || !vc_str_eq(operation, vc_str(cases[i].operation)))
        {
            fail_msg("%s %s: %d %.*s", cases[i].method, cases[i].target,
                vc_call_response(call)->status, VC_STR_ARG(operation));
        }

        vc_call_destroy(call);
    }
}


static void
test_name_lengths(void **state)
{
    char       target[256];
    size_t     length;
    vc_call_t *call;

    (void) state;

    for (length = 126; length <= 128; length++) {
        (void) snprintf(target, sizeof(target), "/secrets/%0*d" V, (int) length,
            0);
        call = send_request("PUT", target);
        assert_int_equal(vc_call_response(call)->status,
            length <= 127 ? 200 : 400);
        vc_call_destroy(call);
    }
}


/* every byte that is not [0-9a-zA-Z-] is refused, raw and encoded */
static void
test_name_characters(void **state)
{
    int        c, want;
    char       target[64];
    vc_call_t *call;

    (void) state;

    for (c = 0; c < 256; c++) {
        want = ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
                   || (c >= 'A' && c <= 'Z') || c == '-')
                   ? 200
                   : 400;
        (void) snprintf(target, sizeof(target), "/secrets/n%%%02x" V, c);
        call = send_request("PUT", target);

        if (vc_call_response(call)->status != want) {
            fail_msg("0x%02x: %d", c, vc_call_response(call)->status);
        }

        vc_call_destroy(call);
    }
}


static const char *
header(const vc_call_t *call, const char *name)
{
    static char          value[512];
    size_t               i;
    const vc_response_t *response;

    response = vc_call_response(call);

    for (i = 0; i < response->header_count; i++) {
        if (strcmp(response->headers[i].name, name) == 0) {
            (void) snprintf(value, sizeof(value), "%.*s",
                VC_STR_ARG(response->headers[i].value));
            return value;
        }
    }

    return NULL;
}


static void
test_challenge_before_anything(void **state)
{
    static const char *const targets[] = {"/secrets/a" V, "/secrets/a",
        "/nothing", "/secrets/..?api-version=0", ""};

    char         want[256];
    size_t       i;
    vc_call_t   *call;
    vc_request_t request;

    (void) state;

    (void) snprintf(want, sizeof(want),
        "Bearer authorization=\"" FIXTURE_LOGIN "/%s\", "
        "resource=\"" FIXTURE_RESOURCE "\"",
        fixture.installation.tenant);

    for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        request = fixture_request(&fixture, "PUT", targets[i]);
        request.authorization = VC_STR_NULL;
        call = fixture_send(&fixture, &request, VC_STR_NULL);
        assert_int_equal(vc_call_response(call)->status, 401);
        assert_string_equal(header(call, "WWW-Authenticate"), want);
        vc_call_destroy(call);
    }

    /* an unknown vault is not told from a known one without a token */
    request = fixture_request(&fixture, "GET", "/secrets/a" V);
    request.authorization = VC_STR_NULL;
    request.host = VC_STR("other.vault.localhost:8443");
    call = fixture_send(&fixture, &request, VC_STR_NULL);
    assert_int_equal(vc_call_response(call)->status, 401);
    assert_string_equal(header(call, "WWW-Authenticate"), want);
    vc_call_destroy(call);
}


static void
test_hosts(void **state)
{
    static const struct {
        const char *host;
        int         status;
    } cases[] = {
        {"demo.vault.localhost:8443", 200},
        {"DEMO.Vault.LocalHost", 200},
        {"demo.vault.localhost:1", 200},
        {"vault.localhost:8443", 404},
        {".vault.localhost:8443", 404},
        {"other.vault.localhost:8443", 404},
        {"a.demo.vault.localhost:8443", 404},
        {"demo.vault.localhost.evil:8443", 404},
        {"demo-vault.localhost:8443", 404},
        {"demo.vault.localhost:84\"43", 404},
        {"demo.vault.localhost:8443:1", 404},
        {"", 404},
        {"127.0.0.1", 404},
    };

    size_t       i;
    vc_call_t   *call;
    vc_request_t request;

    (void) state;

    vc_call_destroy(send_request("PUT", "/secrets/a" V));

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        request = fixture_request(&fixture, "GET", "/secrets/a" V);
        request.host = vc_str(cases[i].host);
        call = fixture_send(&fixture, &request, VC_STR_NULL);

        if (vc_call_response(call)->status != cases[i].status) {
            fail_msg("%s: %d", cases[i].host, vc_call_response(call)->status);
        }

        vc_call_destroy(call);
    }
}


static void
test_allow(void **state)
{
    vc_call_t *call;

    (void) state;

    call = send_request("POST", "/secrets/a" V);
    assert_string_equal(header(call, "Allow"), "GET, PATCH, PUT, DELETE");
    vc_call_destroy(call);
}


static void
test_method_override(void **state)
{
    vc_call_t   *call;
    vc_request_t request;

    (void) state;

    vc_call_destroy(send_request("PUT", "/secrets/a" V));
    request = fixture_request(&fixture, "POST", "/secrets/a" V);
    request.method_override = VC_STR("GET");
    call = fixture_send(&fixture, &request, VC_STR_NULL);
    assert_int_equal(vc_call_response(call)->status, 200);
    vc_call_destroy(call);

    /* only a POST can be another method */
    request.method = VC_STR("DELETE");
    request.method_override = VC_STR("GET");
    call = fixture_send(&fixture, &request, VC_STR_NULL);
    assert_true(vc_str_eq(vc_call_fact(call, VC_FACT_OPERATION),
        VC_STR("SecretDelete")));
    vc_call_destroy(call);
}


/* variables go into logs and headers: nothing that a client encoded may pass */
static void
test_facts_are_plain(void **state)
{
    size_t     i;
    vc_call_t *call;

    static const struct {
        const char *target;
        const char *version;
    } cases[] = {
        {"/secrets/a/0123456789ABCDEF0123456789abcdef" V,
            "0123456789ABCDEF0123456789abcdef"},
        {"/secrets/a/not-an-id" V, "not-an-id"},
        {"/secrets/a" V, ""},
        {"/secrets/a/%0d%0aSet-Cookie:x" V, ""},
        {"/secrets/a/%00" V, ""},
        {"/secrets/a/%ff" V, ""},
        {"/secrets/a/a%2Fb" V, ""},
        {"/secrets/a%0a/b" V, ""},
    };

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        call = send_request("GET", cases[i].target);
        assert_true(vc_str_eq(vc_call_fact(call, VC_FACT_OBJECT_VERSION),
            vc_str(cases[i].version)));
        vc_call_destroy(call);
    }
}


static void
check_record(vc_call_t *call, const char *want)
{
    vc_buf_t line;

    vc_buf_init(&line, vc_call_arena(call), 0);
    vc_call_record(call, vc_call_response(call)->status, 1, &line);
    vc_buf_u8(&line, 0);
    assert_false(line.failed);

    if (strstr((const char *) line.data, want) == NULL) {
        fail_msg("%s is not in %s", want, (const char *) line.data);
    }

    vc_call_destroy(call);
}


/* a record names the object also when nothing was found or nobody may see */
static void
test_records_name_the_object(void **state)
{
    vc_call_t *call;

    (void) state;

    call = send_request("GET", "/secrets/missing" V);
    check_record(call, "\"id\":\"https://" FIXTURE_HOST "/secrets/missing\"");
    call = send_request("DELETE", "/deletedsecrets/missing" V);
    check_record(call, "\"id\":\"https://" FIXTURE_HOST "/secrets/missing\"");
    call = send_request("GET", "/secrets" V);
    check_record(call, "\"properties\":{\"httpStatusCode\"");
}


/* each request has an id of its own, a version 4 GUID */
static void
test_request_ids(void **state)
{
    int        i;
    char       last[VC_GUID_LEN + 1] = "";
    vc_str_t   id;
    vc_call_t *call;

    (void) state;

    for (i = 0; i < 200; i++) {
        call = send_request("GET", "/secrets" V);
        id = vc_str(header(call, "x-ms-request-id"));
        assert_true(vc_guid_valid(id));
        assert_int_equal(id.data[14], '4');
        assert_non_null(strchr("89ab", id.data[19]));
        assert_false(vc_str_eq(id, vc_str(last)));
        memcpy(last, id.data, VC_GUID_LEN);
        vc_call_destroy(call);
    }
}


static void
test_names_in_variables_are_folded(void **state)
{
    vc_call_t *call;

    (void) state;

    call = send_request("GET", "/secrets/MiXed" V);
    assert_true(vc_str_eq(vc_call_fact(call, VC_FACT_OBJECT), VC_STR("mixed")));
    assert_true(vc_str_eq(vc_call_fact(call, VC_FACT_VAULT), VC_STR("demo")));
    vc_call_destroy(call);
}


static void
test_another_tenant(void **state)
{
    vc_call_t   *call;
    vc_request_t request;

    (void) state;

    memset(&request, 0, sizeof(request));
    request.plane = VC_PLANE_AUTHORITY;
    request.method = VC_STR("POST");
    request.target = VC_STR("/organizations/oauth2/v2.0/token");
    request.scheme = VC_STR("https");
    request.host = VC_STR("login.localhost:8443");

    call = fixture_send(&fixture, &request, VC_STR("grant_type=x"));
    assert_int_equal(vc_call_response(call)->status, 400);
    assert_true(vc_str_starts(vc_call_response(call)->body,
        VC_STR("{\"error\":\"invalid_tenant\",\"error_description\":"
               "\"AADSTS90002: ")));
    vc_call_destroy(call);
}


static int
setup(void **state)
{
    (void) state;
    fixture_open(&fixture);

    return 0;
}


static int
teardown(void **state)
{
    (void) state;
    fixture_close(&fixture);

    return 0;
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_name_lengths),
        cmocka_unit_test(test_name_characters),
        cmocka_unit_test(test_challenge_before_anything),
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_allow),
        cmocka_unit_test(test_method_override),
        cmocka_unit_test(test_records_name_the_object),
        cmocka_unit_test(test_request_ids),
        cmocka_unit_test(test_names_in_variables_are_folded),
        cmocka_unit_test(test_another_tenant),
        cmocka_unit_test(test_facts_are_plain),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
