/* versioned, soft-deletable objects on a real store */

#include "object_fixture.h"

#include "objects/object_record.h"

static const uint8_t no_version[VC_VERSION_LEN];


static void
test_names(void **state)
{
    static const char *const good[] = {"a", "-", "0", "--", "A-z-09"};
    static const char *const bad[] = {"", " ", "a b", "a_b", "a.b", "a/b",
        "a%2fb", "\xc3\xa9", "a\n", "~"};

    char     name[VC_NAME_MAX + 1];
    size_t   i;
    vc_str_t longest;

    (void) state;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(vc_object_name_valid(vc_str(good[i])));
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(vc_object_name_valid(vc_str(bad[i])));
    }

    memset(name, 'n', sizeof(name));
    longest = (vc_str_t){(const uint8_t *) name, VC_NAME_MAX};
    assert_true(vc_object_name_valid(longest));
    longest.len++;
    assert_false(vc_object_name_valid(longest));
    assert_false(vc_object_name_valid(VC_STR_NULL));
}


static void
keep_version(vc_object_t *object, void *data)
{
    (void) object;
    (void) data;
}


static void
test_misuse(void **state)
{
    static const uint8_t id[VC_VERSION_LEN];

    char               name[VC_NAME_MAX + 2];
    size_t             i;
    vc_str_t           wrong[3];
    vc_buf_t           out;
    vc_page_t          page;
    objects_fixture_t *f = *state;
    vc_object_t        object;
    vc_object_t        fresh;

    memset(name, 'n', sizeof(name));
    wrong[0] = VC_STR_NULL;
    wrong[1] = (vc_str_t){(const uint8_t *) name, VC_NAME_MAX + 1};
    wrong[2] = VC_STR("a/b");

    vc_buf_init(&out, f->arena, 0);
    memset(&fresh, 0, sizeof(fresh));
    (void) objects_begin(f);

    for (i = 0; i < 3; i++) {
        vc_objects_t *o = &f->objects;

        fresh.version.name = wrong[i];
        assert_int_equal(vc_object_get(o, 'h', wrong[i], &object), VC_INVALID);
        assert_int_equal(vc_object_get_version(o, wrong[i], id, &object),
            VC_INVALID);
        assert_int_equal(vc_object_set(o, &fresh), VC_INVALID);
        assert_int_equal(vc_object_update(o, wrong[i], NULL, keep_version, NULL,
                             &object),
            VC_INVALID);
        assert_int_equal(vc_object_delete(o, wrong[i], &object), VC_INVALID);
        assert_int_equal(vc_object_recover(o, wrong[i], &object), VC_INVALID);
        assert_int_equal(vc_object_purge(o, wrong[i]), VC_INVALID);
        assert_int_equal(vc_object_backup(o, wrong[i], &out), VC_INVALID);
        assert_int_equal(vc_object_list_versions(o, wrong[i], VC_STR_NULL, 1,
                             &page),
            VC_INVALID);
    }

    assert_int_equal(vc_object_list(&f->objects, 'h', VC_STR_NULL, 0, &page),
        VC_INVALID);
    assert_int_equal(vc_object_list(&f->objects, 'h', VC_STR_NULL,
                         VC_PAGE_MAX + 1, &page),
        VC_INVALID);
    assert_int_equal(vc_object_list(&f->objects, 'h', wrong[1], 1, &page),
        VC_INVALID);
    assert_int_equal(vc_object_list_versions(&f->objects, VC_STR("a"),
                         VC_STR("short"), 1, &page),
        VC_INVALID);
    assert_int_equal(vc_object_list_versions(&f->objects, VC_STR("a"),
                         VC_STR_NULL, 0, &page),
        VC_INVALID);

    objects_end(f);
}


static vc_object_t
full_object(void)
{
    vc_object_t object;

    memset(&object, 0, sizeof(object));
    memset(object.version.id, 0x5a, VC_VERSION_LEN);
    memset(object.version.previous, 0xa5, VC_VERSION_LEN);
    object.version.created = TEST_NOW;
    object.version.updated = TEST_NOW + 1;
    object.version.enabled = true;
    object.version.has_not_before = true;
    object.version.not_before = -5;
    object.version.has_expires = true;
    object.version.expires = INT64_MAX;
    object.version.name = VC_STR("Name");
    object.version.has_content_type = true;
    object.version.content_type = VC_STR("text\\/plain");
    object.version.tags = VC_STR("{\"k\":\"v\"}");
    object.version.payload = VC_STR("value");
    object.deleted = 7;
    object.scheduled_purge = 9;

    return object;
}


static void
test_record(void **state)
{
    size_t             i;
    vc_buf_t           record;
    vc_str_t           view;
    objects_fixture_t *f = *state;
    vc_object_t        in, out;

    in = full_object();
    vc_buf_init(&record, f->arena, 0);
    vc_object_encode(&in, &record);
    view = vc_buf_view(&record);

    assert_int_equal(vc_object_decode(view, &out), VC_OK);
    assert_memory_equal(out.version.id, in.version.id, VC_VERSION_LEN);
    assert_memory_equal(out.version.previous, in.version.previous,
        VC_VERSION_LEN);
    assert_true(out.version.enabled);
    assert_true(out.version.has_content_type);
    assert_true(out.version.created == TEST_NOW);
    assert_true(out.version.updated == TEST_NOW + 1);
    assert_true(out.version.has_not_before && out.version.not_before == -5);
    assert_true(out.version.has_expires && out.version.expires == INT64_MAX);
    assert_true(out.deleted == 7 && out.scheduled_purge == 9);
    assert_text(out.version.name, "Name");
    assert_text(out.version.content_type, "text\\/plain");
    assert_text(out.version.tags, "{\"k\":\"v\"}");
    assert_text(out.version.payload, "value");

    /* exactly one record: nothing less, nothing more, nothing unknown */
    for (i = 0; i < view.len; i++) {
        assert_int_equal(vc_object_decode((vc_str_t){view.data, i}, &out),
            VC_INVALID);
    }

    vc_buf_u8(&record, 0);
    assert_int_equal(vc_object_decode(vc_buf_view(&record), &out), VC_INVALID);
    record.len--;

    record.data[0]++;
    assert_int_equal(vc_object_decode(vc_buf_view(&record), &out), VC_INVALID);
    record.data[0]--;

    record.data[1] |= 0x80;
    assert_int_equal(vc_object_decode(vc_buf_view(&record), &out), VC_INVALID);
    record.data[1] = (uint8_t) (record.data[1] & 0x7f);
    assert_int_equal(vc_object_decode(vc_buf_view(&record), &out), VC_OK);
}


static void
test_set(void **state)
{
    objects_fixture_t *f = *state;
    vc_object_t        object;
    vc_version_t       first, second;

    assert_int_equal(objects_get(f, 'h', "Db-Password", &object), VC_NOT_FOUND);

    first = objects_set(f, "Db-Password", "one");
    assert_memory_equal(first.previous, no_version, VC_VERSION_LEN);
    assert_true(first.created == TEST_NOW && first.updated == TEST_NOW);

    /* matched without regard to case, shown as first written */
    second = objects_set(f, "DB-PASSWORD", "two");
    assert_memory_equal(second.previous, first.id, VC_VERSION_LEN);
    assert_text(second.name, "Db-Password");
    assert_memory_not_equal(second.id, first.id, VC_VERSION_LEN);

    assert_int_equal(objects_get(f, 'h', "db-password", &object), VC_OK);
    assert_text(object.version.name, "Db-Password");
    assert_text(object.version.payload, "two");
    assert_true(object.deleted == 0 && object.scheduled_purge == 0);
    assert_true(object.revision != 0);

    assert_int_equal(objects_get_version(f, "db-password", first.id, &object),
        VC_OK);
    assert_text(object.version.payload, "one");
    assert_int_equal(objects_get_version(f, "db-password", second.id, &object),
        VC_OK);
    assert_text(object.version.payload, "two");
    assert_int_equal(objects_get_version(f, "db-password", no_version, &object),
        VC_NOT_FOUND);
    assert_int_equal(objects_get_version(f, "other", first.id, &object),
        VC_NOT_FOUND);
}


static void
change_all(vc_object_t *object, void *data)
{
    static const uint8_t id[VC_VERSION_LEN] = {1};

    vc_version_t *version;

    version = &object->version;

    version->enabled = false;
    version->has_expires = true;
    version->expires = *(const int64_t *) data;
    version->tags = VC_STR("{\"a\":\"b\"}");

    /* what a change may not touch */
    memcpy(version->id, id, VC_VERSION_LEN);
    memcpy(version->previous, id, VC_VERSION_LEN);
    version->name = VC_STR("x");
    version->created = 1;
}


static vc_status_t
update(objects_fixture_t *f, const char *name, const uint8_t *id, int64_t now,
    vc_object_t *out)
{
    int64_t       expires = 42;
    vc_status_t   status;
    vc_objects_t *objects;

    objects = objects_begin(f);
    objects->now = now;
    status = vc_object_update(objects, vc_str(name), id, change_all, &expires,
        out);
    objects_end(f);

    return status;
}


static void
assert_changed(const vc_object_t *object, const vc_version_t *version,
    const char *value)
{
    assert_memory_equal(object->version.id, version->id, VC_VERSION_LEN);
    assert_memory_equal(object->version.previous, version->previous,
        VC_VERSION_LEN);
    assert_text(object->version.name, "n");
    assert_text(object->version.payload, value);
    assert_text(object->version.tags, "{\"a\":\"b\"}");
    assert_false(object->version.enabled);
    assert_true(object->version.has_expires && object->version.expires == 42);
    assert_true(object->version.created == TEST_NOW);
    assert_true(object->version.updated == TEST_NOW + 5);
}


static void
test_update(void **state)
{
    objects_fixture_t *f = *state;
    vc_object_t        object;
    vc_version_t       first, second;

    assert_int_equal(update(f, "n", NULL, TEST_NOW, &object), VC_NOT_FOUND);

    first = objects_set(f, "n", "one");
    second = objects_set(f, "n", "two");

    assert_int_equal(update(f, "n", no_version, TEST_NOW, &object),
        VC_NOT_FOUND);

    assert_int_equal(update(f, "N", first.id, TEST_NOW + 5, &object), VC_OK);
    assert_changed(&object, &first, "one");
    assert_int_equal(objects_get_version(f, "n", first.id, &object), VC_OK);
    assert_changed(&object, &first, "one");

    assert_int_equal(objects_get(f, 'h', "n", &object), VC_OK);
    assert_true(object.version.enabled);

    assert_int_equal(update(f, "N", NULL, TEST_NOW + 5, &object), VC_OK);
    assert_changed(&object, &second, "two");
    assert_int_equal(objects_get(f, 'h', "n", &object), VC_OK);
    assert_changed(&object, &second, "two");

    assert_int_equal(update(f, "n", second.id, TEST_NOW + 5, &object), VC_OK);
    assert_changed(&object, &second, "two");

    /* the id may lie in what is written to */
    assert_int_equal(objects_get_version(f, "n", first.id, &object), VC_OK);
    assert_int_equal(update(f, "n", object.version.id, TEST_NOW + 5, &object),
        VC_OK);
    assert_changed(&object, &first, "one");
    assert_int_equal(objects_get_version(f, "n", object.version.id, &object),
        VC_OK);
    assert_changed(&object, &first, "one");

    assert_int_equal(objects_delete(f, "n"), VC_OK);
    assert_int_equal(update(f, "n", first.id, TEST_NOW, &object), VC_NOT_FOUND);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_names, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_misuse, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_record, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_set, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_update, objects_setup,
            objects_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
