/* who may call: network rules of a vault, before permissions */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "api/call.h"
#include "engine_fixture.h"

#define LIST "/secrets?api-version=7.4"
#define FOREIGN "99999999-9999-9999-9999-999999999999"

static fixture_t fixture;

typedef struct {
    int  status;
    char code[64]; /* the inner one, or empty */
    char message[1024];
    bool granted; /* as the access record says it */
} answer_t;


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


static void
read_error(vc_str_t body, answer_t *answer)
{
    json_t     *json, *error;
    const char *text;

    json = json_loadb((const char *) body.data, body.len, 0, NULL);
    error = json_object_get(json, "error");
    text = json_string_value(json_object_get(error, "message"));
    assert_non_null(text);
    (void) snprintf(answer->message, sizeof(answer->message), "%s", text);

    text = json_string_value(
        json_object_get(json_object_get(error, "innererror"), "code"));
    (void) snprintf(answer->code, sizeof(answer->code), "%s",
        text == NULL ? "" : text);
    json_decref(json);
}


static answer_t
ask(const char *host, const char *authorization, const char *address)
{
    answer_t             answer;
    vc_call_t           *call;
    vc_request_t         request;
    const vc_response_t *response;

    memset(&answer, 0, sizeof(answer));
    request = fixture_request(&fixture, "GET", LIST);
    request.host = vc_str(host);
    request.authorization = vc_str(authorization);
    request.client_address = vc_str(address);

    call = fixture_send(&fixture, &request, VC_STR_NULL);
    response = vc_call_response(call);
    answer.status = response->status;
    answer.granted = call->granted;

    if (answer.status != 200) {
        read_error(response->body, &answer);
    }

    vc_call_destroy(call);

    return answer;
}


static answer_t
ask_demo(const char *address)
{
    return ask(FIXTURE_HOST, fixture.authorization, address);
}


/* a vault in which nobody has a right */
static void
make_vault(const char *name, const char *tenant)
{
    vc_error_t      err;
    vc_vault_t      vault;
    vc_arena_t     *arena;
    vc_session_t   *session;
    vc_vault_spec_t spec;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(name);
    spec.tenant = vc_str(tenant);

    arena = vc_arena_create(4096);
    assert_int_equal(vc_session_create(fixture.engine->store, &session), VC_OK);
    assert_int_equal(vc_vault_create(session, arena, &spec, &vault, &err),
        VC_OK);
    vc_session_destroy(session);
    vc_arena_destroy(arena);
}


/* NULL: no rule; else only that range may call */
static void
set_network(const char *name, const char *only, bool public_disabled)
{
    vc_error_t    err;
    vc_range_t    range;
    vc_vault_t    vault;
    vc_arena_t   *arena;
    vc_session_t *session;

    arena = vc_arena_create(4096);
    assert_int_equal(vc_session_create(fixture.engine->store, &session), VC_OK);
    assert_int_equal(vc_session_begin(session, &err), VC_OK);
    assert_int_equal(vc_vault_get(session, arena, vc_str(name), &vault), VC_OK);
    vc_session_end(session);

    memset(&vault.network, 0, sizeof(vault.network));
    vault.network.public_disabled = public_disabled;

    if (only != NULL) {
        assert_true(vc_range_parse(vc_str(only), &range));
        vault.network.has_rules = true;
        vault.network.deny = true;
        vault.network.ranges = &range;
        vault.network.range_count = 1;
    }

    assert_int_equal(vc_vault_replace(session, arena, &vault, &err), VC_OK);
    vc_session_destroy(session);
    vc_arena_destroy(arena);
}


/* what was granted to the token before is not taken as granted elsewhere */
static void
test_firewall(void **state)
{
    answer_t answer;

    (void) state;

    assert_int_equal(ask_demo("198.51.100.7").status, 200);
    set_network("demo", "203.0.113.0/24", false);

    answer = ask_demo("203.0.113.7");
    assert_int_equal(answer.status, 200);
    assert_true(answer.granted);
    assert_int_equal(ask_demo("203.0.113.7").status, 200);

    answer = ask_demo("198.51.100.7");
    assert_int_equal(answer.status, 403);
    assert_false(answer.granted);
    assert_string_equal(answer.code, "ForbiddenByFirewall");
    assert_int_equal(ask_demo("unix:").status, 403);
    assert_int_equal(ask_demo("").status, 403);
    assert_int_equal(ask_demo("::ffff:203.0.113.7").status, 200);

    set_network("demo", NULL, false);
    assert_int_equal(ask_demo("198.51.100.7").status, 200);
    assert_int_equal(ask_demo("unix:").status, 200);
}


static void
test_firewall_words(void **state)
{
    char     want[512];
    answer_t answer;

    (void) state;

    set_network("demo", "203.0.113.0/24", false);
    answer = ask_demo("198.51.100.7");
    (void) snprintf(want, sizeof(want),
        "Client address is not authorized and caller is not a trusted "
        "service.\r\nClient address: 198.51.100.7\r\nCaller: appid=%s;oid=",
        fixture.client_id);
    assert_memory_equal(answer.message, want, strlen(want));
    assert_non_null(strstr(answer.message, ";iss=" FIXTURE_LOGIN));
    assert_string_equal(strstr(answer.message, "\r\nVault: "),
        "\r\nVault: demo;location=local");

    set_network("demo", NULL, true);
    answer = ask_demo("198.51.100.7");
    (void) snprintf(want, sizeof(want),
        "Public network access is disabled and request is not from a trusted "
        "service nor via an approved private link.\r\nCaller: appid=%s;oid=",
        fixture.client_id);
    assert_memory_equal(answer.message, want, strlen(want));
    assert_string_equal(strstr(answer.message, "\r\nVault: "),
        "\r\nVault: demo;location=local");

    set_network("demo", NULL, false);
}


static void
test_public_access_off(void **state)
{
    (void) state;

    set_network("demo", NULL, true);
    assert_string_equal(ask_demo("10.1.2.3").code, "ForbiddenByConnection");

    set_network("demo", "10.1.0.0/16", true);
    assert_int_equal(ask_demo("10.1.2.3").status, 200);
    assert_string_equal(ask_demo("10.2.2.3").code, "ForbiddenByConnection");

    set_network("demo", "203.0.113.0/24", true);
    assert_string_equal(ask_demo("203.0.113.7").code, "ForbiddenByConnection");

    set_network("demo", NULL, false);
}


/* a bad token, and one of another tenant, are told so; then addresses, then
   permissions */
static void
test_order(void **state)
{
    static const char host[] = "closed.vault.localhost:8443";
    static const char other[] = "foreign.vault.localhost:8443";

    (void) state;

    set_network("demo", "203.0.113.0/24", false);
    assert_int_equal(ask(FIXTURE_HOST, "", "198.51.100.7").status, 401);
    assert_int_equal(ask(FIXTURE_HOST, "Bearer x", "198.51.100.7").status, 401);
    set_network("demo", NULL, false);

    make_vault("foreign", FOREIGN);
    set_network("foreign", "203.0.113.0/24", false);
    assert_int_equal(ask(other, fixture.authorization, "198.51.100.7").status,
        401);

    make_vault("closed", "");
    assert_string_equal(ask(host, fixture.authorization, "198.51.100.7").code,
        "AccessDenied");
    set_network("closed", "203.0.113.0/24", false);
    assert_string_equal(ask(host, fixture.authorization, "198.51.100.7").code,
        "ForbiddenByFirewall");
    assert_string_equal(ask(host, fixture.authorization, "203.0.113.7").code,
        "AccessDenied");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_firewall),
        cmocka_unit_test(test_firewall_words),
        cmocka_unit_test(test_public_access_off),
        cmocka_unit_test(test_order),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
