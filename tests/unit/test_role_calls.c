/* roles on an engine: what is remembered, answered and recorded; and that
   nobody reaches what is not his */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "access_fixture.h"

#define API "?api-version=7.4"
#define ADMINISTRATOR "00482a5a-887f-4fb3-b363-3b7fe8e74483"
#define READER "21090545-7ca7-4776-b22c-e363652d74d2"
#define SECRETS_USER "4633458b-17de-408a-b874-0445c86b69e6"
#define CRYPTO_USER "12338af0-0e69-4776-bea7-57ae8d297424"
#define HEADER "x-ms-keyvault-rbac-assignment-id"

typedef struct {
    fixture_t fixture;
    caller_t  owner; /* Administrator of the vault roles */
    caller_t  caller;
} suite_t;

static suite_t suite;


static vc_call_t *
ask(fixture_t *f, const caller_t *caller, const char *vault, const char *method,
    const char *path, const char *body)
{
    char         host[64], target[128];
    vc_call_t   *call;
    vc_request_t request;

    (void) snprintf(target, sizeof(target), "%s" API, path);
    request = access_request(caller, vault, host, method, target);
    call = fixture_send(f, &request, vc_str(body));
    vc_engine_rest(f->engine);

    return call;
}


static int
status_of(suite_t *s, const caller_t *caller, const char *method,
    const char *path, const char *body)
{
    int        status;
    vc_call_t *call;

    call = ask(&s->fixture, caller, "roles", method, path, body);
    status = vc_call_response(call)->status;
    vc_call_destroy(call);

    return status;
}


static int
setup(void **state)
{
    suite_t *s = &suite;

    fixture_open(&s->fixture);
    access_vault(&s->fixture, "roles", true);
    access_caller(&s->fixture, "owner", &s->owner);
    access_caller(&s->fixture, "caller", &s->caller);
    access_assign(&s->fixture, 0xff, &s->owner, ADMINISTRATOR,
        ACCESS_VAULT "roles");
    assert_int_equal(status_of(s, &s->owner, "PUT", "/secrets/one",
                         "{\"value\":\"1\"}"),
        200);
    assert_int_equal(status_of(s, &s->owner, "PUT", "/secrets/two",
                         "{\"value\":\"2\"}"),
        200);
    *state = s;

    return 0;
}


static int
teardown(void **state)
{
    (void) state;

    fixture_close(&suite.fixture);

    return 0;
}


/* a grant at one object is none for another, whatever was asked before */
static void
test_objects(void **state)
{
    suite_t *s = *state;

    access_assign(&s->fixture, 1, &s->caller, SECRETS_USER,
        ACCESS_VAULT "roles/secrets/one");

    assert_int_equal(status_of(s, &s->caller, "GET", "/secrets/one", ""), 200);
    assert_int_equal(status_of(s, &s->caller, "GET", "/secrets/two", ""), 403);
    assert_int_equal(status_of(s, &s->caller, "GET", "/secrets/ONE", ""), 200);
    assert_int_equal(status_of(s, &s->caller, "GET", "/secrets/none", ""), 403);
    assert_int_equal(status_of(s, &s->caller, "GET", "/secrets", ""), 403);
    assert_int_equal(status_of(s, &s->caller, "GET", "/secrets/one/versions",
                         ""),
        403);

    access_assign(&s->fixture, 2, &s->caller, SECRETS_USER,
        ACCESS_VAULT "roles");
    assert_int_equal(status_of(s, &s->caller, "GET", "/secrets/two", ""), 200);
    assert_int_equal(status_of(s, &s->caller, "GET", "/secrets/none", ""), 404);
    access_unassign(&s->fixture, 2, ACCESS_VAULT "roles");
    assert_int_equal(status_of(s, &s->caller, "GET", "/secrets/two", ""), 403);
    access_unassign(&s->fixture, 1, ACCESS_VAULT "roles/secrets/one");
    assert_int_equal(status_of(s, &s->caller, "GET", "/secrets/one", ""), 403);
}


/* more operations in turn than are remembered */
static void
test_many_operations(void **state)
{
    size_t   i;
    suite_t *s = *state;

    static const char *const paths[] = {"/secrets/one", "/secrets",
        "/secrets/one/versions", "/deletedsecrets", "/keys", "/deletedkeys",
        "/keys/none"};

    for (i = 0; i < 5 * sizeof(paths) / sizeof(paths[0]); i++) {
        const char *path = paths[i * 3 % (sizeof(paths) / sizeof(paths[0]))];

        assert_int_equal(status_of(s, &s->owner, "GET", path, ""),
            strcmp(path, "/keys/none") == 0 ? 404 : 200);
        assert_int_equal(status_of(s, &s->caller, "GET", path, ""), 403);
    }
}


/* read and set share a permission with others, but no data action */
static void
test_shared_permissions(void **state)
{
    suite_t *s = *state;

    access_assign(&s->fixture, 1, &s->caller, READER, ACCESS_VAULT "roles");

    /* a deleted secret's metadata is metadata, a secret's value is not */
    assert_int_equal(status_of(s, &s->caller, "GET", "/deletedsecrets/one", ""),
        404);
    assert_int_equal(status_of(s, &s->caller, "GET", "/secrets/one", ""), 403);
    assert_int_equal(status_of(s, &s->caller, "GET", "/secrets", ""), 200);

    access_unassign(&s->fixture, 1, ACCESS_VAULT "roles");
}


static vc_str_t
header(const vc_call_t *call, const char *name)
{
    size_t               i;
    const vc_response_t *response = vc_call_response(call);

    for (i = 0; i < response->header_count; i++) {
        if (strcmp(response->headers[i].name, name) == 0) {
            return response->headers[i].value;
        }
    }

    return VC_STR_NULL;
}


static void
test_answers(void **state)
{
    int        i;
    char       line[4096];
    vc_buf_t   record;
    suite_t   *s = *state;
    vc_call_t *call;

    /* the second answer is of what was remembered */
    for (i = 0; i < 2; i++) {
        call = ask(&s->fixture, &s->owner, "roles", "GET", "/secrets/one", "");
        assert_true(vc_str_eq(header(call, HEADER),
            VC_STR("000000ff-0000-0000-0000-000000000000")));

        vc_buf_fixed(&record, line, sizeof(line) - 1);
        vc_call_record(call, 200, 1, &record);
        line[record.len] = '\0';
        assert_non_null(
            strstr(line, "\"isRbacAuthorized\":true,\"appliedAssignmentId\":"
                         "\"000000ff-0000-0000-0000-000000000000\""));
        vc_call_destroy(call);
    }

    call = ask(&s->fixture, &s->caller, "roles", "GET", "/secrets/One", "");
    assert_int_equal(vc_call_response(call)->status, 403);
    assert_int_equal(header(call, HEADER).len, 0);
    vc_buf_fixed(&record, line, sizeof(line) - 1);
    vc_buf_str(&record, vc_call_response(call)->body);
    line[record.len] = '\0';
    assert_non_null(strstr(line, "\"innererror\":{\"code\":\"ForbiddenByRbac"));
    assert_non_null(strstr(line,
        "/resourcegroups/default/providers/microsoft.keyvault/vaults/roles/"
        "secrets/one'\\r\\nAssignment: (not found)"));
    assert_non_null(strstr(line,
        "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'"));

    record.len = 0;
    vc_call_record(call, 403, 1, &record);
    line[record.len] = '\0';
    assert_non_null(strstr(line, "\"isRbacAuthorized\":false"));
    assert_null(strstr(line, "appliedAssignmentId"));
    vc_call_destroy(call);
}


/* keys/read is enough for the public half of a key, and for no other key */
static void
test_public_keys(void **state)
{
    size_t   i;
    suite_t *s = *state;

    static const struct {
        const char *path;
        const char *body;
        int         reader;
        int         user;
    } cases[] = {
        {"/keys/r/encrypt", "{\"alg\":\"RSA-OAEP\",\"value\":\"YQ\"}", 200,
            200},
        {"/keys/s/encrypt",
            "{\"alg\":\"A128KW\",\"value\":\"AAAAAAAAAAAAAAAAAAAAAA\"}", 403,
            400},
        {"/keys/r/encrypt", "{\"alg\":\"RSA-OAEP\",\"value\":\"YQ\"}", 200,
            200},
        {"/keys/r/wrapkey", "{\"alg\":\"RSA-OAEP\",\"value\":\"YQ\"}", 200,
            200},
        {"/keys/s/wrapkey",
            "{\"alg\":\"A128KW\",\"value\":\"AAAAAAAAAAAAAAAAAAAAAA\"}", 403,
            200},
        {"/keys/r/sign",
            "{\"alg\":\"RS256\",\"value\":"
            "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
            403, 200},
        {"/keys/none/encrypt", "{\"alg\":\"RSA-OAEP\",\"value\":\"YQ\"}", 404,
            404},
    };

    assert_int_equal(status_of(s, &s->owner, "POST", "/keys/r/create",
                         "{\"kty\":\"RSA\",\"key_size\":2048}"),
        200);
    assert_int_equal(status_of(s, &s->owner, "POST", "/keys/s/create",
                         "{\"kty\":\"oct\",\"key_size\":128}"),
        200);

    access_assign(&s->fixture, 1, &s->caller, READER, ACCESS_VAULT "roles");

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (status_of(s, &s->caller, "POST", cases[i].path, cases[i].body)
            != cases[i].reader)
        {
            fail_msg("Reader: %zu %s", i, cases[i].path);
        }
    }

    access_assign(&s->fixture, 2, &s->caller, CRYPTO_USER,
        ACCESS_VAULT "roles");

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (status_of(s, &s->caller, "POST", cases[i].path, cases[i].body)
            != cases[i].user)
        {
            fail_msg("Crypto User: %zu %s", i, cases[i].path);
        }
    }

    access_unassign(&s->fixture, 1, ACCESS_VAULT "roles");
    access_unassign(&s->fixture, 2, ACCESS_VAULT "roles");
}


/* --- isolation -------------------------------------------------------------------- */

#define CALLERS 12
#define REQUESTS 10000
#define SEED 20260101U

/* left by roles, right by policies; who has all of one has nothing of the
   other, and each holds nothing but its own name */
static const char *const isolated[] = {"left", "right"};


static const char *
isolated_path(unsigned which, const char **method)
{
    static const char *const paths[] = {"/secrets/shared", "/secrets",
        "/secrets/shared/versions", "/deletedsecrets", "/secrets/shared",
        "/keys", "/secrets/shared/backup", "/secrets/shared"};

    which %= sizeof(paths) / sizeof(paths[0]);
    *method = (which == 6) ? "POST" : "GET";

    return paths[which];
}


static void
isolated_ask(suite_t *s, const caller_t *callers, unsigned *seed)
{
    unsigned             who, vault;
    char                 body[2048];
    vc_buf_t             text;
    vc_call_t           *call;
    const char          *path, *method;
    const vc_response_t *response;

    who = (unsigned) rand_r(seed) % CALLERS;
    vault = (unsigned) rand_r(seed) % 2;
    path = isolated_path((unsigned) rand_r(seed), &method);

    call = ask(&s->fixture, &callers[who], isolated[vault], method, path, "");
    response = vc_call_response(call);
    vc_buf_fixed(&text, body, sizeof(body) - 1);
    vc_buf_str(&text, response->body);
    body[text.len] = '\0';

    if (response->status != (who % 2 == vault ? 200 : 403)) {
        fail_msg("seed %u: caller %u, vault %u, %s %s: %d", SEED, who, vault,
            method, path, response->status);
    }

    if (response->status == 200 && strcmp(method, "POST") != 0) {
        assert_null(strstr(body, isolated[1 - vault]));
    }

    vc_call_destroy(call);
}


static void
test_isolation(void **state)
{
    unsigned   i, seed;
    char       name[16], body[64];
    caller_t  *callers;
    uint32_t   all[VC_FAMILY_COUNT];
    suite_t   *s = *state;
    vc_call_t *call;

    callers = calloc(CALLERS, sizeof(caller_t));
    assert_non_null(callers);
    memset(all, 0xff, sizeof(all));
    access_vault(&s->fixture, "left", true);
    access_vault(&s->fixture, "right", false);

    for (i = 0; i < CALLERS; i++) {
        (void) snprintf(name, sizeof(name), "isolated%u", i);
        access_caller(&s->fixture, name, &callers[i]);

        if (i % 2 == 0) {
            access_assign(&s->fixture, 0x100 + i, &callers[i], ADMINISTRATOR,
                ACCESS_VAULT "left");

        } else {
            access_policy(&s->fixture, "right", &callers[i], all);
        }
    }

    for (i = 0; i < 2; i++) {
        (void) snprintf(body, sizeof(body), "{\"value\":\"of %s\"}",
            isolated[i]);
        call = ask(&s->fixture, &callers[i], isolated[i], "PUT",
            "/secrets/shared", body);
        assert_int_equal(vc_call_response(call)->status, 200);
        vc_call_destroy(call);
    }

    for (i = 0, seed = SEED; i < REQUESTS; i++) {
        isolated_ask(s, callers, &seed);
    }

    free(callers);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects),
        cmocka_unit_test(test_many_operations),
        cmocka_unit_test(test_shared_permissions),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_public_keys),
        cmocka_unit_test(test_isolation),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
