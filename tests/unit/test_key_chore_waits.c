/* api/key_chore.h: keys that wait, and records that are no keys */

#include "chore_fixture.h"

#include "api/key_chore.h"
#include "base/clock.h"
#include "objects/object.h"


static void
test_disabled_and_deleted(void **state)
{
    int64_t due;

    (void) state;

    due = chore_make("still", "") + 90 * DAY;
    chore_policy("still", ROTATE_AFTER_90_DAYS);

    chore_patch("still", "{\"attributes\":{\"enabled\":false}}");
    assert_int_equal(chore_pass_until(due), 0);
    chore_patch("still", "{\"attributes\":{\"enabled\":true}}");

    /* of a deleted key its purge is due, which is not a key's chore */
    (void) expect(200, "DELETE", "/keys/still", NULL);
    assert_int_equal(chore_pass_until(vc_now()), 0);
    (void) expect(200, "POST", "/deletedkeys/still/recover", NULL);

    assert_int_equal(chores.line_count, 0);
    assert_int_equal(chore_pass_until(due), 1);
    chore_recorded(RECORD_ROTATED, "still");
}


static void
change_vault(vc_status_t (*change)(vc_session_t *session, vc_arena_t *arena,
    vc_str_t name, vc_vault_t *out, vc_error_t *err))
{
    vc_error_t    err;
    vc_vault_t    vault;
    vc_arena_t   *arena;
    vc_session_t *session;

    arena = vc_arena_create(4096);
    assert_int_equal(vc_session_create(secrets_fixture.engine->store, &session),
        VC_OK);
    assert_int_equal(change(session, arena, VC_STR("demo"), &vault, &err),
        VC_OK);
    vc_session_destroy(session);
    vc_arena_destroy(arena);
}


static void
test_deleted_vault(void **state)
{
    int64_t created;

    (void) state;

    created = chore_make("asleep", "");
    /* due in the past, so that what is put off till tomorrow is in the future */
    chore_policy("asleep",
        "{\"lifetimeActions\":[{\"trigger\":{\"timeBeforeExpiry\":\"P30D\"},"
        "\"action\":{\"type\":\"Rotate\"}}],"
        "\"attributes\":{\"expiryTime\":\"P90D\"}}");
    chore_expiry("asleep", created - 1);

    change_vault(vc_vault_delete);
    assert_int_equal(chore_pass_until(vc_now()), 1);
    assert_int_equal(chore_pass_until(vc_now()), 0);
    assert_int_equal(chore_pass_until(vc_now() + DAY - 60), 0);
    assert_int_equal(chores.line_count, 0);

    change_vault(vc_vault_recover);
    assert_int_equal(chore_versions("asleep"), 1);
    assert_int_equal(chore_pass_until(vc_now() + DAY), 1);
    chore_recorded(RECORD_ROTATED, "asleep");
    assert_int_equal(chore_versions("asleep"), 2);
}


/* a chore for a record's key as it may be, and its status */
static vc_status_t
chore_for(vc_str_t key)
{
    vc_error_t    err;
    vc_status_t   status;
    vc_arena_t   *arena;
    vc_context_t *context;

    arena = vc_arena_create(8192);
    context = vc_engine_context(secrets_fixture.engine);
    assert_non_null(context);
    status = vc_key_chore(secrets_fixture.engine, context, arena, key, vc_now(),
        &err);
    vc_engine_context_release(secrets_fixture.engine, context);
    vc_arena_destroy(arena);

    return status;
}


static void
test_not_a_key(void **state)
{
    size_t         len;
    uint8_t        key[VC_KEY_MAX + 2];
    const vc_str_t whole = {key, 1 + VC_DOMAIN_LEN + 1 + 4};

    (void) state;

    memset(key, 'A', sizeof(key));
    key[0] = 'h';
    key[1 + VC_DOMAIN_LEN] = VC_KIND_KEY;

    /* of a vault that is no more: somebody else was first */
    assert_int_equal(chore_for(whole), VC_OK);

    for (len = 0; len <= 1 + VC_DOMAIN_LEN + 1; len++) {
        assert_int_equal(chore_for((vc_str_t){key, len}), VC_NOT_FOUND);
    }

    assert_int_equal(chore_for(
                         (vc_str_t){key, 1 + VC_DOMAIN_LEN + 1 + VC_NAME_MAX}),
        VC_OK);
    assert_int_equal(chore_for((vc_str_t){key,
                         1 + VC_DOMAIN_LEN + 1 + VC_NAME_MAX + 1}),
        VC_NOT_FOUND);

    key[1 + VC_DOMAIN_LEN] = VC_KIND_SECRET;
    assert_int_equal(chore_for(whole), VC_NOT_FOUND);
    key[1 + VC_DOMAIN_LEN] = VC_KIND_KEY;
    key[0] = 'd';
    assert_int_equal(chore_for(whole), VC_NOT_FOUND);
    assert_int_equal(chores.line_count, 0);
}


/* without a host that keeps records the work is done all the same */
static void
test_no_records(void **state)
{
    int64_t due;

    (void) state;

    secrets_fixture.options.record = NULL;
    due = chore_make("silent", "") + 90 * DAY;
    chore_policy("silent", ROTATE_AFTER_90_DAYS);
    assert_int_equal(chore_pass_until(due), 1);
    assert_int_equal(chore_versions("silent"), 2);
    assert_int_equal(chores.line_count, 0);
}


#define CHORE_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, chore_setup, secrets_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CHORE_TEST(test_disabled_and_deleted),
        CHORE_TEST(test_deleted_vault),
        CHORE_TEST(test_not_a_key),
        CHORE_TEST(test_no_records),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
