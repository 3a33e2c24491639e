/* what time brings: that a record which cannot be handled holds up no other */

#include "secret_fixture.h"

#include "api/engine.h"
#include "base/clock.h"
#include "base/log.h"
#include "objects/object.h"

#define STUCK 200 /* more than are looked at in one step */

static unsigned complaints;


static void
count_complaint(vc_log_level_t level, const char *text)
{
    (void) level;
    complaints += (strstr(text, "due record") != NULL) ? 1 : 0;
}


static void
commit(vc_batch_t *batch)
{
    assert_int_equal(vc_store_commit(vc_vaultstore_store(
                                         secrets_fixture.engine->store),
                         batch, NULL, NULL),
        VC_OK);
}


/* "h", which is too short for an object's key, and so is nobody's */
static vc_str_t
stuck_key(char out[16], unsigned number)
{
    (void) snprintf(out, 16, "h%03u", number);

    return vc_str(out);
}


/* puts or deletes the records that nobody can handle, due before all others */
static void
stuck_records(bool put)
{
    char        key[16];
    unsigned    i;
    vc_arena_t *arena;
    vc_batch_t *batch;

    arena = vc_arena_create(4096);
    batch = vc_batch_create(arena);

    for (i = 0; i < STUCK; i++) {
        if (put) {
            vc_batch_put(batch, stuck_key(key, i), VC_REVISION_NONE,
                VC_STR("x"), 1);
        } else {
            vc_batch_delete(batch, stuck_key(key, i), VC_REVISION_ANY);
        }
    }

    commit(batch);
    vc_arena_destroy(arena);
}


/* the record of a deleted secret whose time is over, of a vault's domain that
   is nobody's: its purge needs no more than its key */
static vc_key_t
expired_key(vc_str_t name)
{
    static const uint8_t domain[VC_DOMAIN_LEN] = {0xee};

    return vc_key_object('d', domain, VC_KIND_SECRET, name);
}


static void
put_expired(vc_str_t name)
{
    vc_key_t    key;
    vc_arena_t *arena;
    vc_batch_t *batch;

    key = expired_key(name);
    arena = vc_arena_create(1024);
    batch = vc_batch_create(arena);
    vc_batch_put(batch, vc_key_view(&key), VC_REVISION_NONE, VC_STR("x"), 2);
    commit(batch);
    vc_arena_destroy(arena);
}


static bool
expired_is_there(vc_str_t name)
{
    vc_key_t      key;
    vc_record_t   record;
    vc_status_t   status;
    vc_session_t *session;

    key = expired_key(name);
    assert_int_equal(vc_session_create(secrets_fixture.engine->store, &session),
        VC_OK);
    assert_int_equal(vc_session_begin(session, NULL), VC_OK);
    status = vc_snapshot_get(vc_session_snapshot(session), vc_key_view(&key),
        &record);
    vc_session_destroy(session);

    assert_true(status == VC_OK || status == VC_NOT_FOUND);

    return status == VC_OK;
}


static void
test_what_is_stuck_holds_up_nothing(void **state)
{
    (void) state;
    complaints = 0;
    stuck_records(true);
    put_expired(VC_STR("first"));

    vc_engine_housekeeping_run(secrets_fixture.engine);
    assert_false(expired_is_there(VC_STR("first")));

    /* each was tried once, and waits before it is tried again … */
    assert_int_equal(complaints, STUCK);
    assert_false(vc_engine_housekeeping_due(secrets_fixture.engine));

    /* … while what becomes due is done at once */
    put_expired(VC_STR("second"));
    assert_true(vc_engine_housekeeping_due(secrets_fixture.engine));
    vc_engine_housekeeping_run(secrets_fixture.engine);
    assert_false(expired_is_there(VC_STR("second")));
    assert_int_equal(complaints, STUCK);
}


/* when its wait is over it is tried again, and forgotten once it is gone */
static void
test_what_was_stuck_is_tried_again(void **state)
{
    (void) state;
    complaints = 0;

    atomic_store(&secrets_fixture.engine->stuck_until, 0);
    assert_true(vc_engine_housekeeping_due(secrets_fixture.engine));
    vc_engine_housekeeping_run(secrets_fixture.engine);
    assert_int_equal(complaints, STUCK);

    stuck_records(false);
    atomic_store(&secrets_fixture.engine->stuck_until, 0);
    vc_engine_housekeeping_run(secrets_fixture.engine);
    assert_int_equal(complaints, STUCK);

    put_expired(VC_STR("third"));
    assert_true(vc_engine_housekeeping_due(secrets_fixture.engine));
    vc_engine_housekeeping_run(secrets_fixture.engine);
    assert_false(expired_is_there(VC_STR("third")));
}


static bool
ending(void)
{
    return true;
}


/* a process that is to end begins nothing more, and complains of nothing */
static void
test_nothing_is_begun_at_the_end(void **state)
{
    (void) state;
    complaints = 0;
    put_expired(VC_STR("fourth"));

    secrets_fixture.options.ending = ending;
    vc_engine_housekeeping_run(secrets_fixture.engine);
    assert_true(expired_is_there(VC_STR("fourth")));

    secrets_fixture.options.ending = NULL;
    vc_engine_housekeeping_run(secrets_fixture.engine);
    assert_false(expired_is_there(VC_STR("fourth")));
    assert_int_equal(complaints, 0);
}


static int
setup(void **state)
{
    vc_log_set_writer(count_complaint);

    return secrets_setup(state);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_stuck_holds_up_nothing),
        cmocka_unit_test(test_what_was_stuck_is_tried_again),
        cmocka_unit_test(test_nothing_is_begun_at_the_end),
    };

    return cmocka_run_group_tests(tests, setup, secrets_teardown);
}
