/* the engine as a whole: what is checked before it opens, and its threads */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/engine.h"
#include "engine_fixture.h"

#define WRITERS 32
#define ROUNDS 8
#define ROTATIONS 400

static fixture_t fixture;


/* a JWKS document with one key, in the arena */
static vc_str_t
make_jwks(vc_arena_t *arena)
{
    json_t  *key, *public;
    vc_buf_t text;

    assert_int_equal(vc_jwk_generate_rsa(2048, &key), VC_OK);
    public = vc_jwk_public(key);
    assert_int_equal(json_object_set_new(public, "kid", json_string("k")), 0);
    json_object_del(public, "key_ops");

    vc_buf_init(&text, arena, 1024);
    vc_buf_text(&text, "{\"keys\":[");
    vc_json_write(public, &text);
    vc_buf_text(&text, "]}");
    assert_false(text.failed);

    json_decref(key);
    json_decref(public);

    return vc_buf_view(&text);
}


/* what is refused at the start must be refused before it, in the same words */
static void
assert_refused(const vc_engine_options_t *options, vc_status_t status)
{
    vc_error_t   opened, checked;
    vc_engine_t *engine;

    memset(&opened, 0, sizeof(opened));
    memset(&checked, 0, sizeof(checked));

    assert_int_equal(vc_engine_open(options, &engine, &opened), status);
    assert_int_equal(vc_engine_check(options, &checked), status);
    assert_string_equal(checked.message, opened.message);
}


static void
test_check_finds_what_open_refuses(void **state)
{
    char                   issuer[128];
    vc_str_t               audience;
    vc_error_t             err;
    vc_arena_t            *arena;
    vc_engine_options_t    options;
    vc_authority_options_t authorities[2];

    (void) state;

    /* a process has a store open once */
    vc_engine_close(fixture.engine);
    fixture.engine = NULL;

    arena = vc_arena_create(4096);
    audience = VC_STR(FIXTURE_RESOURCE);
    memset(authorities, 0, sizeof(authorities));
    authorities[0].issuer = VC_STR("https://issuer.example/");
    authorities[0].audiences = &audience;
    authorities[0].audience_count = 1;
    authorities[0].jwks_json = make_jwks(arena);
    authorities[1] = authorities[0];

    options = fixture.options;
    options.authorities = authorities;
    options.authority_count = 1;
    assert_int_equal(vc_engine_check(&options, &err), VC_OK);

    /* one issuer twice */
    options.authority_count = 2;
    assert_refused(&options, VC_CONFLICT);

    /* the issuer that the local authority has in this store */
    (void) snprintf(issuer, sizeof(issuer), FIXTURE_LOGIN "/%s/v2.0",
        fixture.installation.tenant);
    authorities[0].issuer = vc_str(issuer);
    options.authority_count = 1;
    assert_refused(&options, VC_CONFLICT);

    /* a local authority that has nothing to issue tokens for */
    options.authority_count = 0;
    options.resource_count = 0;
    assert_refused(&options, VC_INVALID);

    /* tokens for vaults would be good for managing them */
    options = fixture.options;
    options.management.base_url = VC_STR(FIXTURE_RESOURCE "/");
    assert_refused(&options, VC_BAD_PARAMETER);

    vc_arena_destroy(arena);
    assert_int_equal(vc_engine_open(&fixture.options, &fixture.engine, &err),
        VC_OK);
}


static void *
execute(void *call)
{
    vc_call_execute(call, VC_STR("{\"value\":\"v\"}"));

    return NULL;
}


/* calls that write the same secret at the same time wait for one another */
static void
test_contention(void **state)
{
    size_t       i, round;
    pthread_t    threads[WRITERS];
    vc_call_t   *calls[WRITERS];
    vc_request_t request;

    (void) state;
    request = fixture_request(&fixture, "PUT", "/secrets/hot?api-version=7.4");

    for (round = 0; round < ROUNDS; round++) {
        for (i = 0; i < WRITERS; i++) {
            calls[i] = vc_call_create(fixture.engine, &request);
            assert_non_null(calls[i]);
            assert_int_equal(vc_call_authenticate(calls[i]), VC_OK);
            assert_int_equal(vc_call_authorize(calls[i]), VC_OK);
        }

        for (i = 0; i < WRITERS; i++) {
            assert_int_equal(pthread_create(&threads[i], NULL, execute,
                                 calls[i]),
                0);
        }

        for (i = 0; i < WRITERS; i++) {
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        }

        for (i = 0; i < WRITERS; i++) {
            assert_int_equal(vc_call_response(calls[i])->status, 200);
            vc_call_destroy(calls[i]);
        }
    }
}


/* makes a call and takes it to where it executes, at once or on a thread */
static vc_call_t *
admitted(const char *target)
{
    vc_call_t   *call;
    vc_request_t request;

    request = fixture_request(&fixture, "POST", target);
    call = vc_call_create(fixture.engine, &request);
    assert_non_null(call);
    assert_int_equal(vc_call_authenticate(call), VC_OK);
    assert_int_equal(vc_call_authorize(call), VC_OK);

    return call;
}


static void
create_key(const char *body)
{
    vc_call_t *call;

    call = admitted("/keys/shape/create?api-version=7.4");
    vc_call_execute(call, vc_str(body));
    assert_int_equal(vc_call_response(call)->status, 200);
    vc_call_destroy(call);
}


typedef struct {
    vc_call_t  *call;
    atomic_bool done;
} rotation_t;


static void *
rotate(void *data)
{
    rotation_t *rotation = data;

    vc_call_execute(rotation->call, VC_STR_NULL);
    atomic_store(&rotation->done, true);

    return NULL;
}


/* a key that becomes one of another kind between the tries of its rotation:
   what was made for it does not fit any more */
static void
test_rotation_of_a_key_that_changes(void **state)
{
    bool       other;
    size_t     round;
    pthread_t  thread;
    rotation_t rotation;

    static const char *const bodies[] = {"{\"kty\":\"EC\"}",
        "{\"kty\":\"oct\"}"};

    (void) state;
    other = false;
    create_key(bodies[0]);

    for (round = 0; round < ROTATIONS; round++) {
        atomic_init(&rotation.done, false);
        rotation.call = admitted("/keys/shape/rotate?api-version=7.4");
        assert_int_equal(pthread_create(&thread, NULL, rotate, &rotation), 0);

        while (!atomic_load(&rotation.done)) {
            other = !other;
            create_key(bodies[other ? 1 : 0]);
        }

        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_int_equal(vc_call_response(rotation.call)->status, 200);
        vc_call_destroy(rotation.call);
    }
}


static int
setup(void **state)
{
    (void) state;
    fixture_open(&fixture);

    return 0;
}


/* a timer asks in the middle of a turn, too, when calls hold the snapshot */
static void
test_due_in_a_busy_turn(void **state)
{
    vc_call_t   *call;
    vc_batch_t  *batch;
    vc_arena_t  *arena;
    vc_request_t request;

    (void) state;

    vc_engine_housekeeping_run(fixture.engine);
    assert_false(vc_engine_housekeeping_due(fixture.engine));

    arena = vc_arena_create(1024);
    batch = vc_batch_create(arena);
    vc_batch_put(batch, VC_STR("hdue"), VC_REVISION_NONE, VC_STR("x"), 1);
    assert_int_equal(vc_store_commit(vc_vaultstore_store(fixture.engine->store),
                         batch, NULL, NULL),
        VC_OK);
    vc_arena_destroy(arena);

    request = fixture_request(&fixture, "GET", "/secrets/a?api-version=7.4");
    call = vc_call_create(fixture.engine, &request);
    assert_int_equal(vc_call_authenticate(call), VC_OK);
    assert_true(vc_engine_housekeeping_due(fixture.engine));

    /* and the call goes on */
    assert_int_equal(vc_call_authorize(call), VC_OK);
    vc_call_destroy(call);
    vc_engine_rest(fixture.engine);
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
        cmocka_unit_test(test_contention),
        cmocka_unit_test(test_rotation_of_a_key_that_changes),
        cmocka_unit_test(test_due_in_a_busy_turn),
        cmocka_unit_test(test_check_finds_what_open_refuses),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
