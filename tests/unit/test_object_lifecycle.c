/* delete, recover, purge, scheduled purge, and lost races */

#include "object_fixture.h"


static size_t
count_records(objects_fixture_t *f)
{
    vc_store_info_t info;

    assert_int_equal(vc_store_info(vc_vaultstore_store(f->store), &info),
        VC_OK);

    return (size_t) info.records;
}


static void
test_delete_and_recover(void **state)
{
    objects_fixture_t *f = *state;
    vc_object_t        object;
    vc_version_t       first, second;
    vc_objects_t      *objects;

    assert_int_equal(objects_delete(f, "n"), VC_NOT_FOUND);
    assert_int_equal(objects_recover(f, "n"), VC_NOT_FOUND);
    assert_int_equal(objects_purge(f, "n"), VC_NOT_FOUND);

    first = objects_set(f, "Name", "one");
    second = objects_set(f, "name", "two");
    assert_int_equal(objects_recover(f, "name"), VC_NOT_FOUND);
    assert_int_equal(objects_purge(f, "name"), VC_NOT_FOUND);

    objects = objects_begin(f);
    assert_int_equal(vc_object_delete(objects, VC_STR("NAME"), &object), VC_OK);
    objects_end(f);
    assert_true(object.deleted == TEST_NOW);
    assert_true(object.scheduled_purge == TEST_NOW + TEST_RETENTION * TEST_DAY);
    assert_memory_equal(object.version.id, second.id, VC_VERSION_LEN);
    assert_text(object.version.name, "Name");

    assert_int_equal(objects_delete(f, "name"), VC_NOT_FOUND);
    assert_int_equal(objects_get(f, 'h', "name", &object), VC_NOT_FOUND);
    assert_int_equal(objects_get_version(f, "name", first.id, &object),
        VC_NOT_FOUND);
    assert_int_equal(objects_try_set(f, "nAME", "three"), VC_OBJECT_DELETED);

    assert_int_equal(objects_get(f, 'd', "name", &object), VC_OK);
    assert_true(object.deleted == TEST_NOW);
    assert_true(object.scheduled_purge == TEST_NOW + TEST_RETENTION * TEST_DAY);
    assert_text(object.version.payload, "two");

    assert_int_equal(objects_recover(f, "naME"), VC_OK);
    assert_int_equal(objects_get(f, 'd', "name", &object), VC_NOT_FOUND);
    assert_int_equal(objects_get(f, 'h', "name", &object), VC_OK);
    assert_true(object.deleted == 0 && object.scheduled_purge == 0);
    assert_text(object.version.payload, "two");
    assert_int_equal(objects_get_version(f, "name", first.id, &object), VC_OK);
    assert_text(object.version.payload, "one");
}


static void
test_purge(void **state)
{
    size_t             before;
    objects_fixture_t *f = *state;
    vc_object_t        object;
    vc_version_t       first;

    (void) objects_set(f, "nam", "stays");
    (void) objects_set(f, "nam", "stays too");
    (void) objects_set(f, "name-2", "stays");
    before = count_records(f);

    first = objects_set(f, "name", "one");
    (void) objects_set(f, "name", "two");
    (void) objects_set(f, "name", "three");
    assert_int_equal(count_records(f), before + 3);

    assert_int_equal(objects_delete(f, "name"), VC_OK);
    assert_int_equal(count_records(f), before + 3);
    assert_int_equal(objects_purge(f, "NAME"), VC_OK);
    assert_int_equal(count_records(f), before);

    assert_int_equal(objects_purge(f, "name"), VC_NOT_FOUND);
    assert_int_equal(objects_recover(f, "name"), VC_NOT_FOUND);
    assert_int_equal(objects_get(f, 'd', "name", &object), VC_NOT_FOUND);

    /* the name is free again, and nothing of before comes back */
    (void) objects_set(f, "nAmE", "new");
    assert_int_equal(objects_get(f, 'h', "name", &object), VC_OK);
    assert_text(object.version.name, "nAmE");
    assert_int_equal(objects_get_version(f, "name", first.id, &object),
        VC_NOT_FOUND);
}


/* the keys that are due at a time, in the fixture's arena */
static size_t
due(objects_fixture_t *f, int64_t now, vc_str_t *keys, size_t max)
{
    size_t count;

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_snapshot_due(vc_session_snapshot(f->session), now, 0,
                         f->arena, keys, max, &count),
        VC_OK);
    objects_end(f);

    return count;
}


static vc_status_t
sweep(objects_fixture_t *f, vc_str_t key, int64_t now)
{
    return vc_object_sweep(f->session, f->arena, key, now, &f->err);
}


static void
test_scheduled_purge(void **state)
{
    size_t             before;
    int64_t            then;
    vc_str_t           keys[4];
    objects_fixture_t *f = *state;
    vc_object_t        object;

    then = TEST_NOW + TEST_RETENTION * TEST_DAY;
    (void) objects_set(f, "stays", "one");
    before = count_records(f);

    (void) objects_set(f, "name", "one");
    (void) objects_set(f, "name", "two");
    assert_int_equal(due(f, then, keys, 4), 0);
    assert_int_equal(objects_delete(f, "name"), VC_OK);

    assert_int_equal(due(f, then - 1, keys, 4), 0);
    assert_int_equal(due(f, then, keys, 4), 1);

    /* too early: nothing happens */
    assert_int_equal(sweep(f, keys[0], then - 1), VC_OK);
    assert_int_equal(objects_get(f, 'd', "name", &object), VC_OK);

    assert_int_equal(sweep(f, keys[0], then), VC_OK);
    assert_int_equal(objects_get(f, 'd', "name", &object), VC_NOT_FOUND);
    assert_int_equal(count_records(f), before);
    assert_int_equal(due(f, INT64_MAX, &keys[1], 3), 0);

    /* by another worker, too */
    assert_int_equal(sweep(f, keys[0], then), VC_OK);

    /* a recovered one is not due any more */
    (void) objects_set(f, "name", "three");
    assert_int_equal(objects_delete(f, "name"), VC_OK);
    assert_int_equal(objects_recover(f, "name"), VC_OK);
    assert_int_equal(due(f, INT64_MAX, &keys[1], 3), 0);
    assert_int_equal(sweep(f, keys[0], then), VC_OK);
    assert_int_equal(objects_get(f, 'h', "name", &object), VC_OK);
}


static void
test_sweep_other_keys(void **state)
{
    size_t             i;
    uint8_t            text[VC_KEY_MAX + 1];
    vc_key_t           keys[4];
    objects_fixture_t *f = *state;

    assert_int_equal(sweep(f, VC_STR_NULL, TEST_NOW), VC_NOT_FOUND);

    keys[0] = vc_key_vault(VC_STR("DEMO"));
    keys[1] = vc_key_object('h', f->vault.domain, 's', VC_STR("NAME"));
    keys[2] = vc_key_object('d', f->vault.domain, 's', VC_STR_NULL);
    keys[3] = vc_key_tombstone(f->vault.domain);

    for (i = 0; i < 4; i++) {
        assert_int_equal(sweep(f, vc_key_view(&keys[i]), INT64_MAX),
            VC_NOT_FOUND);
    }

    memset(text, 'd', sizeof(text));
    assert_int_equal(sweep(f, (vc_str_t){text, sizeof(text)}, INT64_MAX),
        VC_NOT_FOUND);
}


static void
test_purge_protection(void **state)
{
    vc_str_t           keys[1];
    objects_fixture_t *f = *state;
    vc_vault_t         vault;
    vc_object_t        object;
    vc_object_t        fresh;

    vault = objects_vault(f, "guarded", true);
    memset(&fresh, 0, sizeof(fresh));
    fresh.version.name = VC_STR("n");

    assert_int_equal(vc_object_set(objects_begin_in(f, &vault), &fresh), VC_OK);
    objects_end(f);

    /* what is not deleted is not found, protected or not */
    assert_int_equal(vc_object_purge(objects_begin_in(f, &vault), VC_STR("n")),
        VC_NOT_FOUND);
    objects_end(f);

    assert_int_equal(vc_object_delete(objects_begin_in(f, &vault), VC_STR("n"),
                         &object),
        VC_OK);
    objects_end(f);

    assert_int_equal(vc_object_purge(objects_begin_in(f, &vault), VC_STR("n")),
        VC_PURGE_PROTECTED);
    objects_end(f);
    assert_string_equal(f->err.message,
        "Operation \"purge\" is not allowed because purge protection is "
        "enabled for this vault. Key Vault service will automatically purge "
        "it after the retention period has passed.");

    /* its time comes all the same */
    assert_int_equal(due(f, object.scheduled_purge, keys, 1), 1);
    assert_int_equal(sweep(f, keys[0], object.scheduled_purge), VC_OK);
    assert_int_equal(vc_object_get(objects_begin_in(f, &vault), 'd',
                         VC_STR("n"), &object),
        VC_NOT_FOUND);
    objects_end(f);
}


static void
touch(vc_object_t *object, void *data)
{
    (void) data;
    object->version.enabled = !object->version.enabled;
}


/* all that can change an object, on the snapshot that f->objects holds */
static void
assert_all_conflict(objects_fixture_t *f, const uint8_t *earlier)
{
    vc_object_t object;
    vc_object_t fresh;

    memset(&fresh, 0, sizeof(fresh));
    fresh.version.name = VC_STR("live");

    assert_int_equal(vc_object_set(&f->objects, &fresh), VC_CONFLICT);
    assert_int_equal(vc_object_update(&f->objects, VC_STR("live"), NULL, touch,
                         NULL, &object),
        VC_CONFLICT);
    assert_int_equal(vc_object_update(&f->objects, VC_STR("live"), earlier,
                         touch, NULL, &object),
        VC_CONFLICT);
    assert_int_equal(vc_object_delete(&f->objects, VC_STR("live"), &object),
        VC_CONFLICT);
    assert_int_equal(vc_object_recover(&f->objects, VC_STR("gone"), &object),
        VC_CONFLICT);
    assert_int_equal(vc_object_purge(&f->objects, VC_STR("gone")), VC_CONFLICT);
}


static void
test_vault_changed(void **state)
{
    uint32_t           permissions[VC_FAMILY_COUNT] = {VC_SECRETS_GET, 0, 0, 0};
    vc_buf_t           blob;
    objects_fixture_t *f = *state;
    vc_vault_t         changed;
    vc_object_t        object;
    vc_version_t       earlier;
    vc_object_t        fresh;
    vc_session_t      *other;

    earlier = objects_set(f, "live", "one");
    (void) objects_set(f, "live", "two");
    (void) objects_set(f, "gone", "one");

    vc_buf_init(&blob, f->arena, 0);
    assert_int_equal(vc_object_backup(objects_begin(f), VC_STR("gone"), &blob),
        VC_OK);
    objects_end(f);
    assert_int_equal(objects_delete(f, "gone"), VC_OK);

    assert_int_equal(vc_session_create(f->store, &other), VC_OK);

    /* a right is taken away after the caller was admitted */
    (void) objects_begin(f);
    assert_int_equal(vc_vault_set_policy(other, f->arena, VC_STR("demo"),
                         VC_STR("aaaaaaaa-0000-0000-0000-000000000001"),
                         VC_STR_NULL, permissions, &changed, &f->err),
        VC_OK);
    assert_all_conflict(f, earlier.id);

    memset(&fresh, 0, sizeof(fresh));
    fresh.version.name = VC_STR("new");
    assert_int_equal(vc_object_set(&f->objects, &fresh), VC_CONFLICT);
    objects_end(f);

    /* a new snapshot does it */
    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_vault_get(f->session, f->arena, VC_STR("demo"),
                         &f->vault),
        VC_OK);
    objects_end(f);
    assert_int_equal(objects_purge(f, "gone"), VC_OK);
    assert_int_equal(vc_object_restore(objects_begin(f), vc_buf_view(&blob),
                         &object),
        VC_OK);
    objects_end(f);

    /* the vault goes away under the caller */
    (void) objects_begin(f);
    assert_int_equal(vc_vault_delete(other, f->arena, VC_STR("demo"), &changed,
                         &f->err),
        VC_OK);
    assert_int_equal(vc_object_set(&f->objects, &fresh), VC_CONFLICT);
    objects_end(f);

    vc_session_destroy(other);
}


/* two callers on the same state: the one who commits later has lost */
static void
test_race(void **state)
{
    objects_fixture_t *f = *state;
    vc_object_t        object;
    vc_version_t       first;
    vc_object_t        fresh;
    vc_objects_t       late;
    vc_session_t      *other;

    first = objects_set(f, "live", "one");
    (void) objects_set(f, "live", "two");
    (void) objects_set(f, "gone", "one");
    assert_int_equal(objects_delete(f, "gone"), VC_OK);

    assert_int_equal(vc_session_create(f->store, &other), VC_OK);
    late = *objects_begin(f);
    objects_end(f);
    late.session = other;

    assert_int_equal(vc_session_begin(other, &f->err), VC_OK);
    (void) objects_set(f, "live", "three");
    (void) objects_set(f, "new", "one");
    assert_int_equal(objects_recover(f, "gone"), VC_OK);
    f->objects = late;
    assert_all_conflict(f, first.id);

    memset(&fresh, 0, sizeof(fresh));
    fresh.version.name = VC_STR("new");
    assert_int_equal(vc_object_set(&late, &fresh), VC_CONFLICT);
    vc_session_end(other);

    /* a name that is deleted in between is not written over */
    assert_int_equal(vc_session_begin(other, &f->err), VC_OK);
    assert_int_equal(objects_delete(f, "new"), VC_OK);
    fresh.version.name = VC_STR("new");
    assert_int_equal(vc_object_set(&late, &fresh), VC_CONFLICT);
    vc_session_end(other);

    vc_session_destroy(other);

    assert_int_equal(objects_get(f, 'd', "new", &object), VC_OK);
    assert_int_equal(objects_get(f, 'h', "live", &object), VC_OK);
    assert_text(object.version.payload, "three");
    assert_true(object.version.enabled);
}


/* what was decided in the write's snapshot must be so still when it commits */
static void
test_right_taken_away(void **state)
{
    static const uint32_t none[VC_FAMILY_COUNT] = {1};

    vc_vault_t         elsewhere;
    vc_object_t        object, fresh;
    vc_objects_t      *objects;
    vc_session_t      *other;
    objects_fixture_t *f = *state;

    elsewhere = objects_vault(f, "elsewhere", false);
    assert_int_equal(vc_session_create(f->store, &other), VC_OK);

    memset(&fresh, 0, sizeof(fresh));
    fresh.version.name = VC_STR("late");

    objects = objects_begin(f);
    vc_session_bind(f->session);
    assert_int_equal(vc_vault_set_policy(other, f->arena,
                         vc_str(elsewhere.name),
                         VC_STR("7e57ab1e-0000-4000-8000-000000000001"),
                         VC_STR_NULL, none, &elsewhere, &f->err),
        VC_OK);
    assert_int_equal(vc_object_set(objects, &fresh), VC_CONFLICT);
    vc_session_unbind(f->session);
    objects_end(f);
    assert_int_equal(objects_get(f, 'h', "late", &object), VC_NOT_FOUND);

    /* decided again, it is carried out */
    objects = objects_begin(f);
    vc_session_bind(f->session);
    assert_int_equal(vc_object_set(objects, &fresh), VC_OK);
    vc_session_unbind(f->session);
    objects_end(f);

    vc_session_destroy(other);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_delete_and_recover, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_purge, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_scheduled_purge, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_sweep_other_keys, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_purge_protection, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_vault_changed, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_race, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_right_taken_away, objects_setup,
            objects_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
