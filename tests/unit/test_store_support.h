/* a store in a directory of its own, and short forms of what tests do to it */

#ifndef VC_TEST_STORE_SUPPORT_H
#define VC_TEST_STORE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "store/store.h"
#include "test_directory.h"

#define TEST_STORE_SIZE ((size_t) 64 << 20)
#define TEST_STORE_SMALL ((size_t) 1 << 20)

typedef struct {
    test_directory_t directory;
    char             path[80];
    vc_store_t      *store;
    vc_arena_t      *arena;
    vc_error_t       err;
} test_store_t;

static inline void
test_store_setup(test_store_t *test)
{
    memset(test, 0, sizeof(*test));
    test->directory = test_directory_make();
    (void) snprintf(test->path, sizeof(test->path), "%s/store",
        test->directory.path);
    test->arena = vc_arena_create(4096);
    assert_non_null(test->arena);
}

static inline void
test_store_open(test_store_t *test, size_t size, unsigned flags)
{
    vc_status_t status;

    status = vc_store_open(test->path, size, flags, &test->store, &test->err);
    if (status != VC_OK) {
        fail_msg("%s", test->err.message);
    }
}

static inline void
test_store_close(test_store_t *test)
{
    vc_store_close(test->store);
    test->store = NULL;
}

static inline void
test_store_teardown(test_store_t *test)
{
    vc_store_close(test->store);
    vc_arena_destroy(test->arena);
    test_directory_remove(&test->directory);
}

static inline vc_status_t
test_put(test_store_t *test, const char *key, uint64_t expected,
    const char *payload, int64_t due)
{
    vc_batch_t *batch;

    batch = vc_batch_create(test->arena);
    vc_batch_put(batch, vc_str(key), expected, vc_str(payload), due);

    return vc_store_commit(test->store, batch, NULL, &test->err);
}

static inline vc_status_t
test_delete(test_store_t *test, const char *key, uint64_t expected)
{
    vc_batch_t *batch;

    batch = vc_batch_create(test->arena);
    vc_batch_delete(batch, vc_str(key), expected);

    return vc_store_commit(test->store, batch, NULL, &test->err);
}

/* the record, its payload copied into the arena */
static inline vc_status_t
test_get(test_store_t *test, const char *key, vc_record_t *out)
{
    vc_status_t    status;
    vc_snapshot_t *snapshot;

    assert_int_equal(vc_snapshot_begin(test->store, &snapshot), VC_OK);
    status = vc_snapshot_get(snapshot, vc_str(key), out);

    if (status == VC_OK) {
        out->payload = vc_str_copy(test->arena, out->payload);
    }

    vc_snapshot_end(snapshot);

    return status;
}

static inline uint64_t
test_revision(test_store_t *test, const char *key)
{
    vc_record_t record;

    return (test_get(test, key, &record) == VC_OK) ? record.revision
                                                   : VC_REVISION_NONE;
}

static inline void
test_assert_payload(test_store_t *test, const char *key, const char *expected)
{
    vc_record_t record;

    assert_int_equal(test_get(test, key, &record), VC_OK);
    if (!vc_str_eq(record.payload, vc_str(expected))) {
        fail_msg("%s is \"%.*s\", not \"%s\"", key, VC_STR_ARG(record.payload),
            expected);
    }
}

/* the keys that are due, each behind a comma */
static inline const char *
test_due(test_store_t *test, int64_t now, size_t max)
{
    size_t         i, count;
    vc_buf_t       text;
    vc_str_t       keys[16];
    vc_snapshot_t *snapshot;

    assert_in_range(max, 0, 16);
    vc_buf_init(&text, test->arena, 256);
    assert_int_equal(vc_snapshot_begin(test->store, &snapshot), VC_OK);
    assert_int_equal(vc_snapshot_due(snapshot, now, 0, test->arena, keys, max,
                         &count),
        VC_OK);
    vc_snapshot_end(snapshot);

    for (i = 0; i < count; i++) {
        vc_buf_str(&text, keys[i]);
        vc_buf_text(&text, ",");
    }

    vc_buf_u8(&text, 0);

    return (const char *) text.data;
}

static inline uint64_t
test_epoch(test_store_t *test)
{
    uint64_t       epoch;
    vc_snapshot_t *snapshot;

    assert_int_equal(vc_snapshot_begin(test->store, &snapshot), VC_OK);
    epoch = vc_snapshot_epoch(snapshot);
    vc_snapshot_end(snapshot);

    return epoch;
}

/* puts records "h000000" and on, of a size, until one is refused */
static inline vc_status_t
test_fill(test_store_t *test, size_t size, size_t *count)
{
    char        key[32];
    char       *payload;
    vc_status_t status;

    payload = vc_arena_alloc(test->arena, size + 1);
    memset(payload, 'f', size);
    payload[size] = '\0';

    for (;;) {
        (void) snprintf(key, sizeof(key), "h%06zu", *count);

        status = test_put(test, key, VC_REVISION_NONE, payload, 0);
        if (status != VC_OK) {
            return status;
        }

        (*count)++;
    }
}

#endif /* VC_TEST_STORE_SUPPORT_H */
