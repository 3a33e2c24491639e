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
keep_version(vc_version_t *version, void *data)
{
    (void) version;
    (void) data;
}


static void
test_misuse(void **state)
{
    static const uint8_t id[VC_VERSION_LEN];

    char         name[VC_NAME_MAX + 2];
    size_t       i;
    vc_str_t     wrong[3];
    vc_buf_t     out;
    vc_page_t    page;
    fixture_t   *f = *state;
    vc_object_t  object;
    vc_version_t version;

    memset(name, 'n', sizeof(name));
    wrong[0] = VC_STR_NULL;
    wrong[1] = (vc_str_t){(const uint8_t *) name, VC_NAME_MAX + 1};
    wrong[2] = VC_STR("a/b");

    vc_buf_init(&out, f->arena, 0);
    memset(&version, 0, sizeof(version));
    (void) fixture_begin(f);

    for (i = 0; i < 3; i++) {
        vc_objects_t *o = &f->objects;

        version.name = wrong[i];
        assert_int_equal(vc_object_get(o, 'h', wrong[i], &object), VC_INVALID);
        assert_int_equal(
            vc_object_get_version(o, wrong[i], id, &object), VC_INVALID);
        assert_int_equal(vc_object_set(o, &version), VC_INVALID);
        assert_int_equal(vc_object_update(o, wrong[i], NULL, keep_version,
                             NULL, &object),
            VC_INVALID);
        assert_int_equal(vc_object_delete(o, wrong[i], &object), VC_INVALID);
        assert_int_equal(vc_object_recover(o, wrong[i], &object), VC_INVALID);
        assert_int_equal(vc_object_purge(o, wrong[i]), VC_INVALID);
        assert_int_equal(vc_object_backup(o, wrong[i], &out), VC_INVALID);
        assert_int_equal(
            vc_object_list_versions(o, wrong[i], VC_STR_NULL, 1, &page),
            VC_INVALID);
    }

    assert_int_equal(
        vc_object_list(&f->objects, 'h', VC_STR_NULL, 0, &page), VC_INVALID);
    assert_int_equal(vc_object_list(&f->objects, 'h', VC_STR_NULL,
                         VC_PAGE_MAX + 1, &page),
        VC_INVALID);
    assert_int_equal(
        vc_object_list(&f->objects, 'h', wrong[1], 1, &page), VC_INVALID);
    assert_int_equal(vc_object_list_versions(&f->objects, VC_STR("a"),
                         VC_STR("short"), 1, &page),
        VC_INVALID);
    assert_int_equal(vc_object_list_versions(&f->objects, VC_STR("a"),
                         VC_STR_NULL, 0, &page),
        VC_INVALID);

    fixture_end(f);
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
    size_t       i;
    vc_buf_t     record;
    vc_str_t     view;
    fixture_t   *f = *state;
    vc_object_t  in, out;

    in = full_object();
    vc_buf_init(&record, f->arena, 0);
    vc_object_encode(&in, &record);
    view = vc_buf_view(&record);

    assert_int_equal(vc_object_decode(view, &out), VC_OK);
    assert_memory_equal(out.version.id, in.version.id, VC_VERSION_LEN);
    assert_memory_equal(
        out.version.previous, in.version.previous, VC_VERSION_LEN);
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
        assert_int_equal(
            vc_object_decode((vc_str_t){view.data, i}, &out), VC_INVALID);
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
    fixture_t   *f = *state;
    vc_object_t  object;
    vc_version_t first, second;

    assert_int_equal(fixture_get(f, 'h', "Db-Password", &object), VC_NOT_FOUND);

    first = fixture_set(f, "Db-Password", "one");
    assert_memory_equal(first.previous, no_version, VC_VERSION_LEN);
    assert_true(first.created == TEST_NOW && first.updated == TEST_NOW);

    /* matched without regard to case, shown as first written */
    second = fixture_set(f, "DB-PASSWORD", "two");
    assert_memory_equal(second.previous, first.id, VC_VERSION_LEN);
    assert_text(second.name, "Db-Password");
    assert_memory_not_equal(second.id, first.id, VC_VERSION_LEN);

    assert_int_equal(fixture_get(f, 'h', "db-password", &object), VC_OK);
    assert_text(object.version.name, "Db-Password");
    assert_text(object.version.payload, "two");
    assert_true(object.deleted == 0 && object.scheduled_purge == 0);
    assert_true(object.revision != 0);

    assert_int_equal(
        fixture_get_version(f, "db-password", first.id, &object), VC_OK);
    assert_text(object.version.payload, "one");
    assert_int_equal(
        fixture_get_version(f, "db-password", second.id, &object), VC_OK);
    assert_text(object.version.payload, "two");
    assert_int_equal(fixture_get_version(f, "db-password", no_version, &object),
        VC_NOT_FOUND);
    assert_int_equal(
        fixture_get_version(f, "other", first.id, &object), VC_NOT_FOUND);
}


static void
change_all(vc_version_t *version, void *data)
{
    static const uint8_t id[VC_VERSION_LEN] = {1};

    version->enabled = false;
    version->has_expires = true;
    version->expires = *(const int64_t *) data;
    version->tags = VC_STR("{\"a\":\"b\"}");

    /* what a change may not touch */
    memcpy(version->id, id, VC_VERSION_LEN);
    memcpy(version->previous, id, VC_VERSION_LEN);
    version->name = VC_STR("x");
    version->payload = VC_STR("x");
    version->created = 1;
}


static vc_status_t
update(fixture_t *f, const char *name, const uint8_t *id, int64_t now,
    vc_object_t *out)
{
    int64_t       expires = 42;
    vc_status_t   status;
    vc_objects_t *objects;

    objects = fixture_begin(f);
    objects->now = now;
    status =
        vc_object_update(objects, vc_str(name), id, change_all, &expires, out);
    fixture_end(f);

    return status;
}


static void
assert_changed(const vc_object_t *object, const vc_version_t *version,
    const char *value)
{
    assert_memory_equal(object->version.id, version->id, VC_VERSION_LEN);
    assert_memory_equal(
        object->version.previous, version->previous, VC_VERSION_LEN);
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
    fixture_t   *f = *state;
    vc_object_t  object;
    vc_version_t first, second;

    assert_int_equal(update(f, "n", NULL, TEST_NOW, &object), VC_NOT_FOUND);

    first = fixture_set(f, "n", "one");
    second = fixture_set(f, "n", "two");

    assert_int_equal(
        update(f, "n", no_version, TEST_NOW, &object), VC_NOT_FOUND);

    assert_int_equal(update(f, "N", first.id, TEST_NOW + 5, &object), VC_OK);
    assert_changed(&object, &first, "one");
    assert_int_equal(fixture_get_version(f, "n", first.id, &object), VC_OK);
    assert_changed(&object, &first, "one");

    assert_int_equal(fixture_get(f, 'h', "n", &object), VC_OK);
    assert_true(object.version.enabled);

    assert_int_equal(update(f, "N", NULL, TEST_NOW + 5, &object), VC_OK);
    assert_changed(&object, &second, "two");
    assert_int_equal(fixture_get(f, 'h', "n", &object), VC_OK);
    assert_changed(&object, &second, "two");

    assert_int_equal(update(f, "n", second.id, TEST_NOW + 5, &object), VC_OK);
    assert_changed(&object, &second, "two");

    assert_int_equal(fixture_delete(f, "n"), VC_OK);
    assert_int_equal(update(f, "n", first.id, TEST_NOW, &object), VC_NOT_FOUND);
}


/* walks a list to its end and counts its pages */
static size_t
walk(fixture_t *f, uint8_t state, size_t max, vc_str_t *names, size_t *pages)
{
    size_t    i, count;
    vc_str_t  marker;
    vc_page_t page;

    marker = VC_STR_NULL;
    count = 0;
    *pages = 0;

    do {
        assert_int_equal(
            vc_object_list(fixture_begin(f), state, marker, max, &page), VC_OK);
        assert_true(page.count <= max);

        for (i = 0; i < page.count; i++) {
            assert_true(count < 100);
            names[count++] = page.items[i].version.name;
        }

        fixture_end(f);
        marker = page.marker;
        ++*pages;
    } while (page.more);

    return count;
}


static void
test_list(void **state)
{
    char       name[16];
    size_t     i, pages;
    vc_str_t   names[100];
    fixture_t *f = *state;

    assert_int_equal(walk(f, 'h', 25, names, &pages), 0);
    assert_int_equal(pages, 1);

    /* in no order, in changing case */
    for (i = 0; i < 60; i++) {
        (void) snprintf(name, sizeof(name), "%s-%02zu",
            (i % 2 == 0) ? "item" : "ITEM", i * 7 % 60);
        (void) fixture_set(f, name, "v");
    }

    assert_int_equal(walk(f, 'h', 25, names, &pages), 60);
    assert_int_equal(pages, 3);

    for (i = 0; i < 60; i++) {
        (void) snprintf(name, sizeof(name), "item-%02zu", i);
        assert_true(vc_str_ieq(names[i], vc_str(name)));
    }

    assert_int_equal(walk(f, 'h', 1, names, &pages), 60);
    assert_int_equal(pages, 60);
    assert_int_equal(walk(f, 'h', 20, names, &pages), 60);
    assert_int_equal(pages, 3);
    assert_int_equal(walk(f, 'd', 25, names, &pages), 0);

    assert_int_equal(fixture_delete(f, "item-30"), VC_OK);
    assert_int_equal(walk(f, 'h', 25, names, &pages), 59);
    assert_int_equal(walk(f, 'd', 25, names, &pages), 1);
    assert_text(names[0], "item-30");
}


static void
test_list_other_kind(void **state)
{
    size_t        pages;
    vc_str_t      names[100];
    fixture_t    *f = *state;
    vc_page_t     page;
    vc_vault_t    other;
    vc_objects_t *objects;

    (void) fixture_set(f, "n", "v");
    assert_int_equal(walk(f, 'h', 25, names, &pages), 1);

    objects = fixture_begin(f);
    objects->kind = VC_KIND_KEY;
    assert_int_equal(
        vc_object_list(objects, 'h', VC_STR_NULL, 25, &page), VC_OK);
    assert_int_equal(page.count, 0);
    fixture_end(f);

    other = fixture_vault(f, "other", false);
    objects = fixture_begin_in(f, &other);
    assert_int_equal(
        vc_object_list(objects, 'h', VC_STR_NULL, 25, &page), VC_OK);
    assert_int_equal(page.count, 0);
    fixture_end(f);
}


#define VERSIONS 30

static void
check_versions(fixture_t *f, size_t max, uint8_t ids[][VC_VERSION_LEN])
{
    size_t      i, k, count;
    vc_str_t    marker;
    vc_page_t   page;
    vc_object_t last;

    marker = VC_STR_NULL;
    count = 0;
    memset(&last, 0, sizeof(last));

    do {
        assert_int_equal(vc_object_list_versions(fixture_begin(f), VC_STR("V"),
                             marker, max, &page),
            VC_OK);
        fixture_end(f);
        marker = page.marker;
        assert_true(page.count == max || !page.more);

        for (i = 0; i < page.count; i++, count++) {
            assert_true(memcmp(last.version.id, page.items[i].version.id,
                            VC_VERSION_LEN)
                        < 0);
            last = page.items[i];

            for (k = 0; k < VERSIONS; k++) {
                if (memcmp(ids[k], last.version.id, VC_VERSION_LEN) == 0) {
                    break;
                }
            }

            assert_true(k < VERSIONS);
        }
    } while (page.more);

    assert_int_equal(count, VERSIONS);
}


static void
test_list_versions(void **state)
{
    size_t       i;
    uint8_t      ids[VERSIONS][VC_VERSION_LEN];
    fixture_t   *f = *state;
    vc_page_t    page;
    vc_version_t version;

    /* a neighbour in the order of names */
    (void) fixture_set(f, "v-", "x");
    (void) fixture_set(f, "v-", "x");

    for (i = 0; i < VERSIONS; i++) {
        version = fixture_set(f, "v", "x");
        memcpy(ids[i], version.id, VC_VERSION_LEN);
    }

    check_versions(f, 1, ids);
    check_versions(f, 7, ids);
    check_versions(f, 10, ids);
    check_versions(f, 25, ids);

    assert_int_equal(fixture_delete(f, "v"), VC_OK);
    assert_int_equal(vc_object_list_versions(fixture_begin(f), VC_STR("v"),
                         VC_STR_NULL, 25, &page),
        VC_OK);
    fixture_end(f);
    assert_int_equal(page.count, 0);
    assert_false(page.more);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test_setup_teardown(
            test_misuse, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            test_record, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            test_set, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            test_update, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            test_list, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            test_list_other_kind, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            test_list_versions, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
