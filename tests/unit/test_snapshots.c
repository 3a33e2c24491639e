/* what a snapshot of a store shows: records, due times, walks over keys */

#include "store_fixture.h"


static void
test_snapshots_stand_still(void **state)
{
    vc_record_t    record;
    vc_snapshot_t *old, *new;

    (void) state;

    assert_int_equal(test_put(&test, "h1", VC_REVISION_NONE, "one", 0), VC_OK);
    assert_int_equal(vc_snapshot_begin(test.store, &old), VC_OK);
    assert_int_equal(test_put(&test, "h1", VC_REVISION_ANY, "two", 0), VC_OK);
    assert_int_equal(test_put(&test, "v1", VC_REVISION_ANY, "x", 0), VC_OK);
    assert_int_equal(vc_snapshot_begin(test.store, &new), VC_OK);

    assert_int_equal(vc_snapshot_get(old, VC_STR("h1"), &record), VC_OK);
    assert_true(vc_str_eq(record.payload, VC_STR("one")));
    assert_int_equal(vc_snapshot_revision(old), 1);

    assert_int_equal(vc_snapshot_get(new, VC_STR("h1"), &record), VC_OK);
    assert_true(vc_str_eq(record.payload, VC_STR("two")));
    assert_int_equal(vc_snapshot_revision(new), 3);
    assert_int_equal(vc_snapshot_epoch(new), vc_snapshot_epoch(old) + 1);

    vc_snapshot_end(old);
    vc_snapshot_end(new);

    /* a snapshot that is used again sees what is new, not what it had seen */
    assert_int_equal(vc_snapshot_begin(test.store, &old), VC_OK);
    assert_int_equal(vc_snapshot_revision(old), 3);
    vc_snapshot_end(old);
}


/* snapshots keep their place: 64 workers with a pool of 32 threads each, and
   as many again while those of a reload take over */
static void
test_many_snapshots(void **state)
{
    static vc_snapshot_t *snapshots[2 * 64 * 33];

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(snapshots) / sizeof(snapshots[0]); i++) {
        assert_int_equal(vc_snapshot_begin(test.store, &snapshots[i]), VC_OK);
    }

    while (i-- > 0) {
        vc_snapshot_end(snapshots[i]);
    }
}


static void
test_due_times(void **state)
{
    (void) state;

    assert_string_equal(test_due(&test, INT64_MAX, 16), "");

    assert_int_equal(test_put(&test, "d3", VC_REVISION_ANY, "x", 300), VC_OK);
    assert_int_equal(test_put(&test, "d1", VC_REVISION_ANY, "x", 100), VC_OK);
    assert_int_equal(test_put(&test, "d2", VC_REVISION_ANY, "x", 200), VC_OK);
    assert_int_equal(test_put(&test, "d0", VC_REVISION_ANY, "x", 0), VC_OK);

    assert_string_equal(test_due(&test, -1, 16), "");
    assert_string_equal(test_due(&test, 99, 16), "");
    assert_string_equal(test_due(&test, 100, 16), "d1,");
    assert_string_equal(test_due(&test, 1000, 16), "d1,d2,d3,");
    assert_string_equal(test_due(&test, 1000, 2), "d1,d2,");
    assert_string_equal(test_due(&test, 1000, 0), "");

    /* overwriting moves it, in both directions, and can take it away */
    assert_int_equal(test_put(&test, "d1", VC_REVISION_ANY, "x", 250), VC_OK);
    assert_string_equal(test_due(&test, 1000, 16), "d2,d1,d3,");
    assert_int_equal(test_put(&test, "d1", VC_REVISION_ANY, "y", 250), VC_OK);
    assert_string_equal(test_due(&test, 1000, 16), "d2,d1,d3,");
    assert_int_equal(test_put(&test, "d2", VC_REVISION_ANY, "x", 0), VC_OK);
    assert_string_equal(test_due(&test, 1000, 16), "d1,d3,");

    assert_int_equal(test_delete(&test, "d3", VC_REVISION_ANY), VC_OK);
    assert_string_equal(test_due(&test, 1000, 16), "d1,");
}


/* the keys behind a prefix, each behind a comma */
static const char *
walk(const char *prefix, const char *after)
{
    vc_buf_t       text;
    vc_str_t       key;
    vc_cursor_t   *cursor;
    vc_record_t    record;
    vc_status_t    status;
    vc_snapshot_t *snapshot;

    vc_buf_init(&text, test.arena, 64);
    assert_int_equal(vc_snapshot_begin(test.store, &snapshot), VC_OK);
    assert_int_equal(vc_cursor_open(snapshot, test.arena, vc_str(prefix),
                         vc_str(after), &cursor),
        VC_OK);

    for (status = vc_cursor_next(cursor, &key, &record); status == VC_OK;
         status = vc_cursor_next(cursor, &key, &record))
    {
        vc_buf_str(&text, key);
        vc_buf_text(&text, ",");
        assert_true(vc_str_eq(record.payload, VC_STR("x")));
    }

    assert_int_equal(status, VC_NOT_FOUND);
    vc_cursor_close(cursor);
    vc_cursor_close(cursor);
    vc_snapshot_end(snapshot);
    vc_buf_u8(&text, 0);

    return (const char *) text.data;
}


static void
test_walks(void **state)
{
    static const char *const keys[] = {"h", "ha", "hb", "hbb", "hc", "i", "w"};

    size_t i;

    (void) state;

    assert_string_equal(walk("", ""), "");
    assert_string_equal(walk("h", ""), "");

    for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        assert_int_equal(test_put(&test, keys[i], VC_REVISION_ANY, "x", 0),
            VC_OK);
    }

    assert_string_equal(walk("", ""), "h,ha,hb,hbb,hc,i,w,");
    assert_string_equal(walk("h", ""), "h,ha,hb,hbb,hc,");
    assert_string_equal(walk("hb", ""), "hb,hbb,");
    assert_string_equal(walk("hd", ""), "");
    assert_string_equal(walk("g", ""), "");
    assert_string_equal(walk("w", ""), "w,");
    assert_string_equal(walk("x", ""), "");

    assert_string_equal(walk("h", "h"), "ha,hb,hbb,hc,");
    assert_string_equal(walk("h", "hb"), "hbb,hc,");
    assert_string_equal(walk("h", "hba"), "hbb,hc,");
    assert_string_equal(walk("h", "hc"), "");
    assert_string_equal(walk("h", "a"), "h,ha,hb,hbb,hc,");
    assert_string_equal(walk("h", "z"), "");
    assert_string_equal(walk("", "hc"), "i,w,");
}


static void
test_delete_prefix(void **state)
{
    char        key[8];
    size_t      i;
    vc_batch_t *batch;

    (void) state;

    for (i = 0; i < 9; i++) {
        (void) snprintf(key, sizeof(key), "h%zu", i);
        assert_int_equal(test_put(&test, key, VC_REVISION_ANY, "x",
                             (int64_t) i + 1),
            VC_OK);
    }

    assert_int_equal(test_put(&test, "g", VC_REVISION_ANY, "x", 0), VC_OK);
    assert_int_equal(test_put(&test, "i", VC_REVISION_ANY, "x", 50), VC_OK);

    batch = vc_batch_create(test.arena);
    vc_batch_delete_prefix(batch, VC_STR("h"), 4);
    assert_int_equal(vc_store_commit(test.store, batch, NULL, NULL), VC_OK);
    assert_string_equal(walk("", ""), "g,h4,h5,h6,h7,h8,i,");
    assert_string_equal(test_due(&test, 100, 16), "h4,h5,h6,h7,h8,i,");

    batch = vc_batch_create(test.arena);
    vc_batch_delete_prefix(batch, VC_STR("h"), 0);
    vc_batch_delete_prefix(batch, VC_STR("z"), 0);
    assert_int_equal(vc_store_commit(test.store, batch, NULL, NULL), VC_OK);
    assert_string_equal(walk("", ""), "g,i,");
    assert_string_equal(test_due(&test, 100, 16), "i,");
}


#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)


int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_snapshots_stand_still),
        TEST(test_many_snapshots),
        TEST(test_due_times),
        TEST(test_walks),
        TEST(test_delete_prefix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
