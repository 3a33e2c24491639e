/* what time brings: that a record which cannot be handled holds up no other */

#include "secret_fixture.h"

#include "api/engine.h"
#include "base/log.h"
#include "objects/key_policy.h"

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


/* a key of the vault that was due to be rotated long ago */
static void
put_due_key(vc_session_t *session, vc_arena_t *arena, vc_str_t vault_name)
{
    vc_buf_t        payload, policy;
    vc_vault_t      vault;
    vc_object_t     object;
    vc_objects_t    objects;
    vc_key_made_t   made;
    vc_key_spec_t   spec = {.kty = VC_KTY_EC, .curve = VC_CURVE_P256};
    vc_key_policy_t rotating = {.has_rotation = true};
    vc_stored_key_t key;

    assert_int_equal(vc_key_software.generate(&spec, NULL, arena, &made, NULL),
        VC_OK);
    memset(&key, 0, sizeof(key));
    memset(&object, 0, sizeof(object));
    key.spec = spec;
    key.material = made.material;
    key.public_members = made.public_members;
    rotating.rotation = vc_rotation_default();
    rotating.rotation.has_rotate = true;
    rotating.rotation.rotate.days = 30;

    vc_buf_init(&payload, arena, 1024);
    vc_stored_key_encode(&key, &payload);
    vc_buf_init(&policy, arena, 256);
    vc_key_policy_encode(&rotating, &policy);
    object.version.name = VC_STR("due");
    object.version.enabled = true;
    object.version.payload = vc_buf_view(&payload);
    object.policy = vc_buf_view(&policy);

    assert_int_equal(vc_session_begin(session, NULL), VC_OK);
    assert_int_equal(vc_vault_get(session, arena, vault_name, &vault), VC_OK);
    objects = (vc_objects_t){.session = session,
        .arena = arena,
        .vault = &vault,
        .kind = VC_KIND_KEY,
        .due = vc_key_policy_due,
        .now = 1000};
    assert_int_equal(vc_object_set(&objects, &object), VC_OK);
    vc_session_end(session);
}


/* where long computations run: meanwhile the vault is deleted */
static void
delete_vault_meanwhile(void (*work)(void *data), void *data)
{
    vc_error_t    err;
    vc_vault_t    vault;
    vc_arena_t   *arena;
    vc_session_t *session;

    arena = vc_arena_create(4096);
    assert_int_equal(vc_session_create(secrets_fixture.engine->store, &session),
        VC_OK);
    assert_int_equal(vc_vault_delete(session, arena, VC_STR("leaving"), &vault,
                         &err),
        VC_OK);
    vc_session_destroy(session);
    vc_arena_destroy(arena);

    work(data);
}


static unsigned recorded;


static void
count_record(vc_str_t line)
{
    (void) line;
    recorded++;
}


/* no key of a deleted vault changes, also when its new version was begun */
static void
test_a_vault_that_is_deleted_meanwhile(void **state)
{
    vc_arena_t   *arena;
    vc_session_t *session;

    (void) state;
    complaints = 0;
    make_vault("leaving", false);

    arena = vc_arena_create(4096);
    assert_int_equal(vc_session_create(secrets_fixture.engine->store, &session),
        VC_OK);
    put_due_key(session, arena, VC_STR("leaving"));
    vc_session_destroy(session);
    vc_arena_destroy(arena);

    secrets_fixture.options.compute = delete_vault_meanwhile;
    secrets_fixture.options.record = count_record;
    vc_engine_housekeeping_run(secrets_fixture.engine);
    secrets_fixture.options.compute = NULL;
    assert_int_equal(recorded, 0);

    /* it is put off, not in the way */
    vc_engine_housekeeping_run(secrets_fixture.engine);
    secrets_fixture.options.record = NULL;
    assert_false(vc_engine_housekeeping_due(secrets_fixture.engine));
    assert_int_equal(recorded, 0);
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
        cmocka_unit_test(test_a_vault_that_is_deleted_meanwhile),
    };

    return cmocka_run_group_tests(tests, setup, secrets_teardown);
}
