/* vaultcore.h: what is left to compute after vc_call_execute() */

#include "secret_fixture.h"

#include "api/computation.h"
#include "crypto/secmem.h"
#include "crypto/software.h"

#define SIGN_EC "{\"alg\":\"ES256\",\"value\":\"" DIGEST "\"}"
#define SIGN_RSA "{\"alg\":\"RS256\",\"value\":\"" DIGEST "\"}"
#define ENCRYPT "{\"alg\":\"A256GCM\",\"value\":\"AAAA\"}"
#define DIGEST "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


static int
set_up(void **state)
{
    int rc;

    rc = secrets_setup(state);

    (void) expect(200, "POST", "/keys/ec/create", "{\"kty\":\"EC\"}");
    (void) expect(200, "POST", "/keys/rsa/create", "{\"kty\":\"RSA\"}");
    (void) expect(200, "POST", "/keys/oct/create", "{\"kty\":\"oct\"}");

    return rc;
}


/* one at a time; the body is the caller's */
static vc_call_t *
executed(const char *path, const char *body)
{
    static char target[128]; /* the call has a view of it */

    vc_call_t   *call;
    vc_request_t request;

    (void) snprintf(target, sizeof(target), "/keys/%s?api-version=7.4", path);
    request = fixture_request(&secrets_fixture, "POST", target);

    call = vc_call_create(secrets_fixture.engine, &request);
    assert_non_null(call);
    assert_int_equal(vc_call_authenticate(call), VC_OK);
    assert_int_equal(vc_call_authorize(call), VC_OK);
    vc_call_execute(call, vc_str(body));

    return call;
}


static void
assert_concluded(vc_call_t *call, int status)
{
    vc_call_compute(call);
    vc_call_conclude(call);
    assert_int_equal(vc_call_computes(call), VC_COMPUTES_NOTHING);
    assert_int_equal(vc_call_response(call)->status, status);
    vc_call_destroy(call);
}


static void
test_what_is_long(void **state)
{
    static const struct {
        const char   *path, *body;
        vc_computes_t computes;
    } cases[] = {
        {"ec/sign", SIGN_EC, VC_COMPUTES_SHORT},
        {"rsa/sign", SIGN_RSA, VC_COMPUTES_LONG},
        {"rsa/encrypt", "{\"alg\":\"RSA-OAEP\",\"value\":\"AAAA\"}",
            VC_COMPUTES_SHORT},
        {"oct/encrypt", ENCRYPT, VC_COMPUTES_SHORT},
    };

    size_t     i;
    vc_call_t *call;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        call = executed(cases[i].path, cases[i].body);
        assert_int_equal(vc_call_computes(call), cases[i].computes);
        assert_concluded(call, 200);
    }

    /* what is refused is answered at once */
    call = executed("ec/sign", SIGN_RSA);
    assert_int_equal(vc_call_computes(call), VC_COMPUTES_NOTHING);
    assert_int_equal(vc_call_response(call)->status, 400);
    vc_call_destroy(call);
}


/* the answer then says what was wrong */
static void
test_what_fails(void **state)
{
    char       body[512];
    size_t     at;
    vc_call_t *call;

    (void) state;

    at = (size_t) snprintf(body, sizeof(body),
        "{\"alg\":\"RSA-OAEP\",\"value\":\"");
    memset(body + at, 'A', 342);
    memcpy(body + at + 342, "\"}", 3);

    call = executed("rsa/decrypt", body);
    assert_int_equal(vc_call_computes(call), VC_COMPUTES_LONG);
    assert_concluded(call, 400);
}


/* what is kept gives way, and the call does not notice */
static void
test_locked_memory_is_short(void **state)
{
    void      *blocks[1024];
    size_t     count;
    vc_error_t err;
    vc_call_t *call;

    (void) state;

    (void) expect(200, "POST", "/keys/other/create", "{\"kty\":\"oct\"}");
    call = executed("oct/encrypt", ENCRYPT);
    assert_concluded(call, 200);

    for (count = 0; count < 1024; count++) {
        blocks[count] = vc_secret_alloc(&err);
        if (blocks[count] == NULL) {
            break;
        }
    }

    assert_in_range(count, 1, 1023);
    call = executed("other/encrypt", ENCRYPT);
    assert_int_equal(vc_call_computes(call), VC_COMPUTES_SHORT);
    vc_call_compute(call);
    vc_call_conclude(call);
    assert_int_equal(vc_call_response(call)->status, 200);
    assert_true(vc_str_eq(vc_call_fact(call, VC_FACT_RESULT), VC_STR("OK")));
    vc_call_destroy(call);

    while (count > 0) {
        vc_secret_free(blocks[--count]);
    }
}


/* as when nginx stops at once: the key is given back */
static void
test_never_computed(void **state)
{
    vc_call_t      *call;
    vc_ready_key_t *key;

    (void) state;

    call = executed("rsa/sign", SIGN_RSA);
    key = vc_key_software.retain(call->computation->key);
    vc_engine_idle(secrets_fixture.engine);
    assert_int_equal(atomic_load(&key->references), 2);

    vc_call_destroy(call);
    assert_int_equal(atomic_load(&key->references), 1);
    vc_key_software.release(key);
}


/* what waits is decided anew only if there is a reason */
static void
test_executed_again(void **state)
{
    vc_call_t        *call;
    vc_computation_t *before;

    (void) state;

    call = executed("rsa/sign", SIGN_RSA);
    before = call->computation;
    vc_call_execute(call, VC_STR(SIGN_RSA));
    assert_ptr_equal(call->computation, before);

    (void) expect(200, "PUT", "/secrets/other", "{\"value\":\"x\"}");
    vc_call_execute(call, VC_STR(SIGN_RSA));
    assert_ptr_not_equal(call->computation, before);
    assert_int_equal(vc_call_computes(call), VC_COMPUTES_LONG);
    assert_concluded(call, 200);
}


static void
test_disabled_meanwhile(void **state)
{
    vc_call_t *call;

    (void) state;

    call = executed("rsa/sign", SIGN_RSA);
    (void) expect(200, "PATCH", "/keys/rsa/",
        "{\"attributes\":{\"enabled\":false}}");

    vc_call_execute(call, VC_STR(SIGN_RSA));
    assert_int_equal(vc_call_computes(call), VC_COMPUTES_NOTHING);
    assert_int_equal(vc_call_response(call)->status, 403);
    vc_call_destroy(call);
}


/* the same for a time that comes meanwhile */
static void
test_expired_meanwhile(void **state)
{
    vc_call_t *call;

    (void) state;

    (void) expect(200, "PATCH", "/keys/rsa/",
        "{\"attributes\":{\"exp\":4102444800}}");
    call = executed("rsa/sign", SIGN_RSA);
    assert_int_equal(call->computation->valid_until, 4102444800);
    call->computation->valid_until = call->now;
    vc_call_execute(call, VC_STR(SIGN_RSA));
    assert_int_equal(call->computation->valid_until, 4102444800);
    vc_call_destroy(call);

    /* what was protected before can be opened */
    call = executed("rsa/verify",
        "{\"alg\":\"RS256\",\"digest\":\"" DIGEST "\",\"value\":\"AAAA\"}");
    assert_true(call->computation->valid_until == INT64_MAX);
    vc_call_destroy(call);
}


int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_long, set_up,
            secrets_teardown),
        cmocka_unit_test_setup_teardown(test_what_fails, set_up,
            secrets_teardown),
        cmocka_unit_test_setup_teardown(test_locked_memory_is_short, set_up,
            secrets_teardown),
        cmocka_unit_test_setup_teardown(test_never_computed, set_up,
            secrets_teardown),
        cmocka_unit_test_setup_teardown(test_executed_again, set_up,
            secrets_teardown),
        cmocka_unit_test_setup_teardown(test_disabled_meanwhile, set_up,
            secrets_teardown),
        cmocka_unit_test_setup_teardown(test_expired_meanwhile, set_up,
            secrets_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
