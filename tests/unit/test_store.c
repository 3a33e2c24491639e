/* records of one store in one process, and the batches that change them */

#include "store_fixture.h"


static void
test_records(void **state)
{
    char        payload[5000];
    vc_record_t record;

    (void) state;

    memset(payload, 'p', sizeof(payload));
    payload[sizeof(payload) - 1] = '\0';

    assert_int_equal(test_get(&test, "h1", &record), VC_NOT_FOUND);
    assert_int_equal(test_get(&test, "", &record), VC_NOT_FOUND);
    assert_int_equal(test_get(&test, payload, &record), VC_NOT_FOUND);

    assert_int_equal(test_put(&test, "h1", VC_REVISION_ANY, "", 0), VC_OK);
    assert_int_equal(test_get(&test, "h1", &record), VC_OK);
    assert_int_equal(record.payload.len, 0);
    assert_int_equal(record.revision, 1);
    assert_int_equal(record.due, 0);

    assert_int_equal(test_put(&test, "h1", VC_REVISION_ANY, payload, 77),
        VC_OK);
    test_assert_payload(&test, "h1", payload);
    assert_int_equal(test_get(&test, "h1", &record), VC_OK);
    assert_int_equal(record.revision, 2);
    assert_int_equal(record.due, 77);

    assert_int_equal(test_delete(&test, "h1", VC_REVISION_ANY), VC_OK);
    assert_int_equal(test_get(&test, "h1", &record), VC_NOT_FOUND);
    assert_int_equal(test_delete(&test, "h1", VC_REVISION_ANY), VC_OK);
}


static void
test_batches_that_are_refused(void **state)
{
    uint8_t     key[VC_KEY_MAX + 1];
    uint64_t    revision;
    vc_batch_t *batch;

    (void) state;

    memset(key, 'h', sizeof(key));

    assert_int_equal(vc_store_commit(test.store, NULL, NULL, &test.err),
        VC_NO_MEMORY);
    vc_batch_put(NULL, VC_STR("h"), 0, VC_STR("x"), 0);
    vc_batch_delete(NULL, VC_STR("h"), 0);
    vc_batch_delete_prefix(NULL, VC_STR("h"), 0);
    vc_batch_expect(NULL, VC_STR("h"), 0);
    vc_batch_count(NULL, VC_STR("h"), 0);

    assert_int_equal(test_put(&test, "", VC_REVISION_ANY, "x", 0), VC_INVALID);
    assert_int_equal(test_put(&test, "h", VC_REVISION_ANY, "x", -1),
        VC_INVALID);

    /* to delete everything must be said otherwise than by an empty prefix */
    batch = vc_batch_create(test.arena);
    vc_batch_delete_prefix(batch, VC_STR_NULL, 0);
    assert_int_equal(vc_store_commit(test.store, batch, NULL, &test.err),
        VC_INVALID);

    /* the failure in the middle is kept */
    batch = vc_batch_create(test.arena);
    vc_batch_put(batch, VC_STR("h1"), VC_REVISION_ANY, VC_STR("x"), 0);
    vc_batch_put(batch, (vc_str_t){key, sizeof(key)}, VC_REVISION_ANY,
        VC_STR("x"), 0);
    vc_batch_put(batch, VC_STR("h2"), VC_REVISION_ANY, VC_STR("x"), 0);
    assert_int_equal(vc_store_commit(test.store, batch, NULL, &test.err),
        VC_INVALID);
    assert_int_equal(test_revision(&test, "h1"), VC_REVISION_NONE);

    batch = vc_batch_create(test.arena);
    vc_batch_put(batch, (vc_str_t){key, VC_KEY_MAX}, VC_REVISION_NONE,
        VC_STR("x"), 9);
    assert_int_equal(vc_store_commit(test.store, batch, &revision, &test.err),
        VC_OK);
    assert_int_equal(revision, 1);

    /* one that changes nothing makes no revision */
    batch = vc_batch_create(test.arena);
    assert_int_equal(vc_store_commit(test.store, batch, &revision, &test.err),
        VC_OK);
    assert_int_equal(revision, 1);
}


static void
test_conflicts(void **state)
{
    uint64_t    first;
    vc_batch_t *batch;

    (void) state;

    assert_int_equal(test_put(&test, "h1", VC_REVISION_NONE, "one", 0), VC_OK);
    first = test_revision(&test, "h1");

    assert_int_equal(test_put(&test, "h1", VC_REVISION_NONE, "no", 0),
        VC_CONFLICT);
    assert_int_equal(test.err.status, VC_CONFLICT);
    assert_int_equal(test_put(&test, "h1", first + 1, "no", 0), VC_CONFLICT);
    assert_int_equal(test_put(&test, "h9", first, "no", 0), VC_CONFLICT);
    assert_int_equal(test_delete(&test, "h1", VC_REVISION_NONE), VC_CONFLICT);
    assert_int_equal(test_delete(&test, "h1", first + 1), VC_CONFLICT);
    test_assert_payload(&test, "h1", "one");
    assert_int_equal(test_revision(&test, "h1"), first);

    assert_int_equal(test_put(&test, "h1", first, "two", 0), VC_OK);
    assert_int_equal(test_put(&test, "h1", first, "lost", 0), VC_CONFLICT);
    test_assert_payload(&test, "h1", "two");

    /* an expectation on another key */
    batch = vc_batch_create(test.arena);
    vc_batch_put(batch, VC_STR("h2"), VC_REVISION_NONE, VC_STR("x"), 0);
    vc_batch_expect(batch, VC_STR("h1"), first);
    assert_int_equal(vc_store_commit(test.store, batch, NULL, &test.err),
        VC_CONFLICT);
    assert_int_equal(test_revision(&test, "h2"), VC_REVISION_NONE);

    assert_int_equal(test_delete(&test, "h1", test_revision(&test, "h1")),
        VC_OK);
    assert_int_equal(test_revision(&test, "h1"), VC_REVISION_NONE);
    assert_int_equal(test_delete(&test, "h1", VC_REVISION_NONE), VC_OK);
}


/* expectations look at what was there before the batch */
static void
test_expectation_and_write_in_one_batch(void **state)
{
    uint64_t    first;
    vc_batch_t *batch;

    (void) state;

    assert_int_equal(test_put(&test, "h1", VC_REVISION_NONE, "one", 0), VC_OK);
    first = test_revision(&test, "h1");

    batch = vc_batch_create(test.arena);
    vc_batch_put(batch, VC_STR("h1"), first, VC_STR("two"), 0);
    vc_batch_expect(batch, VC_STR("h1"), first);
    vc_batch_put(batch, VC_STR("h1"), first, VC_STR("three"), 0);
    vc_batch_put(batch, VC_STR("h2"), VC_REVISION_NONE, VC_STR("x"), 0);
    vc_batch_delete(batch, VC_STR("h2"), VC_REVISION_NONE);
    assert_int_equal(vc_store_commit(test.store, batch, NULL, &test.err),
        VC_OK);

    test_assert_payload(&test, "h1", "three");
    assert_int_equal(test_revision(&test, "h2"), VC_REVISION_NONE);
}


static void
test_whole_or_not_at_all(void **state)
{
    uint64_t        epoch;
    vc_batch_t     *batch;
    vc_store_info_t before, after;

    (void) state;

    assert_int_equal(test_put(&test, "h1", VC_REVISION_NONE, "one", 5), VC_OK);
    assert_int_equal(vc_store_info(test.store, &before), VC_OK);
    epoch = test_epoch(&test);

    batch = vc_batch_create(test.arena);
    vc_batch_put(batch, VC_STR("h1"), VC_REVISION_ANY, VC_STR("no"), 6);
    vc_batch_put(batch, VC_STR("v1"), VC_REVISION_NONE, VC_STR("no"), 0);
    vc_batch_count(batch, VC_STR("n1"), 3);
    vc_batch_delete_prefix(batch, VC_STR("h"), 0);
    vc_batch_delete(batch, VC_STR("x"), 12345);
    assert_int_equal(vc_store_commit(test.store, batch, NULL, &test.err),
        VC_CONFLICT);

    assert_int_equal(vc_store_info(test.store, &after), VC_OK);
    assert_int_equal(after.revision, before.revision);
    assert_int_equal(after.records, before.records);
    assert_int_equal(test_epoch(&test), epoch);
    test_assert_payload(&test, "h1", "one");
    assert_string_equal(test_due(&test, 100, 16), "h1,");
}


static void
test_epochs(void **state)
{
    static const struct {
        const char *key;
        bool        moves;
    } cases[] = {
        {"i1", false},
        {"a1", true},
        {"p1", true},
        {"v1", true},
        {"k1", true},
        {"n1", false},
        {"h1", false},
        {"d1", false},
        {"w1", false},
        {"t1", false},
    };

    size_t      i;
    uint64_t    epoch;
    vc_str_t    prefix;
    vc_batch_t *batch;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        epoch = test_epoch(&test);
        assert_int_equal(test_put(&test, cases[i].key, VC_REVISION_ANY, "x", 0),
            VC_OK);
        assert_int_equal(test_epoch(&test), epoch + cases[i].moves);

        assert_int_equal(test_delete(&test, cases[i].key, VC_REVISION_ANY),
            VC_OK);
        assert_int_equal(test_epoch(&test), epoch + 2U * cases[i].moves);

        /* nothing is there any more */
        assert_int_equal(test_delete(&test, cases[i].key, VC_REVISION_ANY),
            VC_OK);
        assert_int_equal(test_epoch(&test), epoch + 2U * cases[i].moves);

        batch = vc_batch_create(test.arena);
        vc_batch_count(batch, vc_str(cases[i].key), 1);
        assert_int_equal(vc_store_commit(test.store, batch, NULL, NULL), VC_OK);
        assert_int_equal(test_epoch(&test), epoch + 3U * cases[i].moves);

        batch = vc_batch_create(test.arena);
        prefix = (vc_str_t){(const uint8_t *) cases[i].key, 1};
        vc_batch_delete_prefix(batch, prefix, 0);
        assert_int_equal(vc_store_commit(test.store, batch, NULL, NULL), VC_OK);
        assert_int_equal(test_epoch(&test), epoch + 4U * cases[i].moves);
    }
}


/* enough records for several levels of pages: the function that orders keys
   looks ahead in them, and every key must still be found, and only these */
static void
test_many_records(void **state)
{
    int         i;
    char        key[32];
    vc_batch_t *batch;
    vc_record_t record;

    (void) state;

    batch = vc_batch_create(test.arena);

    for (i = 0; i < 20000; i += 2) {
        (void) snprintf(key, sizeof(key), "h%.*s%d", i % 7, "prefix", i);
        vc_batch_put(batch, vc_str_copy(test.arena, vc_str(key)),
            VC_REVISION_NONE, VC_STR("a payload of some length"), 0);
    }

    assert_int_equal(vc_store_commit(test.store, batch, NULL, NULL), VC_OK);

    for (i = 0; i < 20000; i++) {
        (void) snprintf(key, sizeof(key), "h%.*s%d", i % 7, "prefix", i);
        assert_int_equal(test_get(&test, key, &record),
            (i % 2 == 0) ? VC_OK : VC_NOT_FOUND);
    }
}


static void
test_counters(void **state)
{
    vc_batch_t *batch;
    vc_record_t record;

    (void) state;

    batch = vc_batch_create(test.arena);
    vc_batch_count(batch, VC_STR("n1"), 2);
    vc_batch_count(batch, VC_STR("n1"), 3);
    assert_int_equal(vc_store_commit(test.store, batch, NULL, NULL), VC_OK);
    assert_int_equal(test_get(&test, "n1", &record), VC_OK);
    assert_int_equal(record.payload.len, 8);
    assert_int_equal(vc_load_be64(record.payload.data), 5);

    batch = vc_batch_create(test.arena);
    vc_batch_count(batch, VC_STR("n1"), UINT64_MAX);
    assert_int_equal(vc_store_commit(test.store, batch, NULL, NULL), VC_OK);
    assert_int_equal(test_get(&test, "n1", &record), VC_OK);
    assert_int_equal(vc_load_be64(record.payload.data), UINT64_MAX);

    /* what is no counter is not made one, and takes its batch with it */
    assert_int_equal(test_put(&test, "n2", VC_REVISION_ANY, "text", 0), VC_OK);
    batch = vc_batch_create(test.arena);
    vc_batch_put(batch, VC_STR("n3"), VC_REVISION_ANY, VC_STR("x"), 0);
    vc_batch_count(batch, VC_STR("n2"), 1);
    assert_int_equal(vc_store_commit(test.store, batch, NULL, &test.err),
        VC_IO);
    test_assert_payload(&test, "n2", "text");
    assert_int_equal(test_revision(&test, "n3"), VC_REVISION_NONE);
}


#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)


int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_records),
        TEST(test_batches_that_are_refused),
        TEST(test_conflicts),
        TEST(test_expectation_and_write_in_one_batch),
        TEST(test_whole_or_not_at_all),
        TEST(test_epochs),
        TEST(test_many_records),
        TEST(test_counters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
