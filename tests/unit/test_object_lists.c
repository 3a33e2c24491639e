/* pages of objects and of their versions */

#include "object_fixture.h"


/* walks a list to its end and counts its pages */
static size_t
walk(objects_fixture_t *f, uint8_t state, size_t max, vc_str_t *names,
    size_t *pages)
{
    size_t    i, count;
    vc_str_t  marker;
    vc_page_t page;

    marker = VC_STR_NULL;
    count = 0;
    *pages = 0;

    do {
        assert_int_equal(vc_object_list(objects_begin(f), state, marker, max,
                             &page),
            VC_OK);
        assert_true(page.count <= max);

        for (i = 0; i < page.count; i++) {
            assert_true(count < 100);
            names[count++] = page.items[i].version.name;
        }

        objects_end(f);
        marker = page.marker;
        ++*pages;
    } while (page.more);

    return count;
}


static void
test_list(void **state)
{
    char               name[16];
    size_t             i, pages;
    vc_str_t           names[100];
    objects_fixture_t *f = *state;

    assert_int_equal(walk(f, 'h', 25, names, &pages), 0);
    assert_int_equal(pages, 1);

    /* in no order, in changing case */
    for (i = 0; i < 60; i++) {
        (void) snprintf(name, sizeof(name), "%s-%02zu",
            (i % 2 == 0) ? "item" : "ITEM", i * 7 % 60);
        (void) objects_set(f, name, "v");
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

    assert_int_equal(objects_delete(f, "item-30"), VC_OK);
    assert_int_equal(walk(f, 'h', 25, names, &pages), 59);
    assert_int_equal(walk(f, 'd', 25, names, &pages), 1);
    assert_text(names[0], "item-30");
}


static void
test_list_other_kind(void **state)
{
    size_t             pages;
    vc_str_t           names[100];
    objects_fixture_t *f = *state;
    vc_page_t          page;
    vc_vault_t         other;
    vc_objects_t      *objects;

    (void) objects_set(f, "n", "v");
    assert_int_equal(walk(f, 'h', 25, names, &pages), 1);

    objects = objects_begin(f);
    objects->kind = VC_KIND_KEY;
    assert_int_equal(vc_object_list(objects, 'h', VC_STR_NULL, 25, &page),
        VC_OK);
    assert_int_equal(page.count, 0);
    objects_end(f);

    other = objects_vault(f, "other", false);
    objects = objects_begin_in(f, &other);
    assert_int_equal(vc_object_list(objects, 'h', VC_STR_NULL, 25, &page),
        VC_OK);
    assert_int_equal(page.count, 0);
    objects_end(f);
}


#define VERSIONS 30

static void
check_versions(objects_fixture_t *f, size_t max, uint8_t ids[][VC_VERSION_LEN])
{
    size_t      i, k, count;
    vc_str_t    marker;
    vc_page_t   page;
    vc_object_t last;

    marker = VC_STR_NULL;
    count = 0;
    memset(&last, 0, sizeof(last));

    do {
        assert_int_equal(vc_object_list_versions(objects_begin(f), VC_STR("V"),
                             marker, max, &page),
            VC_OK);
        objects_end(f);
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
    size_t             i;
    uint8_t            ids[VERSIONS][VC_VERSION_LEN];
    objects_fixture_t *f = *state;
    vc_page_t          page;
    vc_version_t       version;

    /* a neighbour in the order of names */
    (void) objects_set(f, "v-", "x");
    (void) objects_set(f, "v-", "x");

    for (i = 0; i < VERSIONS; i++) {
        version = objects_set(f, "v", "x");
        memcpy(ids[i], version.id, VC_VERSION_LEN);
    }

    check_versions(f, 1, ids);
    check_versions(f, 7, ids);
    check_versions(f, 10, ids);
    check_versions(f, 25, ids);

    assert_int_equal(objects_delete(f, "v"), VC_OK);
    assert_int_equal(vc_object_list_versions(objects_begin(f), VC_STR("v"),
                         VC_STR_NULL, 25, &page),
        VC_OK);
    objects_end(f);
    assert_int_equal(page.count, 0);
    assert_false(page.more);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_list, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_list_other_kind, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_list_versions, objects_setup,
            objects_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
