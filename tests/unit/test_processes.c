/* one store, several processes, some of which die */

#include "test_store_support.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/store_internal.h"

static test_store_t test;


static int
setup(void **state)
{
    (void) state;
    test_store_setup(&test);
    test_store_open(&test, TEST_STORE_SIZE, VC_STORE_CREATE | VC_STORE_WRITER);

    return 0;
}


static int
setup_small(void **state)
{
    (void) state;
    test_store_setup(&test);
    test_store_open(&test, TEST_STORE_SMALL, VC_STORE_CREATE | VC_STORE_WRITER);

    return 0;
}


static int
teardown(void **state)
{
    (void) state;
    test_store_teardown(&test);

    return 0;
}


/* writes until it is killed, and says after each commit how far it has come */
static void
write_until_killed(int out)
{
    char        key[32];
    size_t      i;
    vc_error_t  err;
    vc_arena_t *arena;
    vc_batch_t *batch;
    vc_store_t *store;

    if (vc_store_open(test.path, 0, VC_STORE_WRITER, &store, &err) != VC_OK) {
        _exit(1);
    }

    arena = vc_arena_create(4096);

    for (i = 0;; i++) {
        (void) snprintf(key, sizeof(key), "h%zu", i);
        batch = vc_batch_create(arena);
        vc_batch_put(batch, vc_str(key), VC_REVISION_NONE, vc_str(key), 1);
        vc_batch_count(batch, VC_STR("n"), 1);

        if (vc_store_commit(store, batch, NULL, &err) != VC_OK
            || write(out, &i, sizeof(i)) != sizeof(i))
        {
            _exit(2);
        }

        vc_arena_reset(arena);
    }
}


typedef struct {
    pid_t  pid;
    int    reports; /* the number of each commit that was acknowledged */
    size_t last;
} writer_t;


static writer_t
start_writer(void)
{
    int      ends[2];
    writer_t writer;

    assert_int_equal(pipe(ends), 0);
    writer.pid = fork();
    assert_true(writer.pid >= 0);

    if (writer.pid == 0) {
        (void) close(ends[0]);
        write_until_killed(ends[1]);
    }

    (void) close(ends[1]);
    writer.reports = ends[0];

    /* one at least, before it has to share the store with us */
    assert_int_equal(read(ends[0], &writer.last, sizeof(size_t)),
        sizeof(size_t));

    return writer;
}


static size_t
last_report(const writer_t *writer)
{
    int    result;
    size_t i, last;

    last = writer->last;

    while (read(writer->reports, &i, sizeof(i)) == sizeof(i)) {
        last = i;
    }

    (void) close(writer->reports);
    assert_int_equal(waitpid(writer->pid, &result, 0), writer->pid);
    assert_true(WIFSIGNALED(result));

    return last;
}


/* commits beside the writer until it has been killed, and after */
static void
write_beside(const writer_t *writer, uint64_t for_ns)
{
    size_t   i;
    uint64_t start;

    test_store_open(&test, 0, VC_STORE_WRITER);
    start = vc_monotonic_ns();

    do {
        assert_int_equal(test_put(&test, "x", VC_REVISION_ANY, "x", 0), VC_OK);
    } while (vc_monotonic_ns() - start < for_ns);

    assert_int_equal(kill(writer->pid, SIGKILL), 0);

    for (i = 0; i < 20; i++) {
        assert_int_equal(test_put(&test, "x", VC_REVISION_ANY, "x", 0), VC_OK);
    }
}


static void
assert_written(size_t last)
{
    char            key[32];
    size_t          i;
    vc_record_t     record;
    vc_store_info_t info;

    /* what was acknowledged is there, and at most one more, whole */
    for (i = 0; i <= last; i++) {
        (void) snprintf(key, sizeof(key), "h%zu", i);
        test_assert_payload(&test, key, key);
    }

    assert_int_equal(vc_store_info(test.store, &info), VC_OK);
    assert_in_range(info.records, last + 3, last + 4);
    assert_int_equal(test_get(&test, "n", &record), VC_OK);
    assert_int_equal(vc_load_be64(record.payload.data), info.records - 2);
}


static void
test_killed_writer(void **state)
{
    size_t      round, last;
    writer_t    writer;
    vc_batch_t *batch;

    (void) state;

    for (round = 1; round <= 5; round++) {
        test_store_close(&test);
        writer = start_writer();
        write_beside(&writer, round * 20000000);
        last = last_report(&writer);
        assert_written(last);

        test_store_close(&test);
        test_store_open(&test, 0, VC_STORE_WRITER);
        assert_written(last);

        batch = vc_batch_create(test.arena);
        vc_batch_delete_prefix(batch, VC_STR("h"), 0);
        vc_batch_delete(batch, VC_STR("n"), VC_REVISION_ANY);
        assert_int_equal(vc_store_commit(test.store, batch, NULL, &test.err),
            VC_OK);
        assert_string_equal(test_due(&test, 10, 16), "");
    }
}


/* a process that dies with a snapshot in its hands holds nothing up */
static void
test_killed_reader(void **state)
{
    int            ends[2], result;
    char           byte;
    pid_t          pid;
    vc_store_t    *store;
    MDB_envinfo    before, after;
    vc_snapshot_t *snapshot;

    (void) state;

    test_store_close(&test);
    assert_int_equal(pipe(ends), 0);
    pid = fork();
    assert_true(pid >= 0);

    if (pid == 0) {
        if (vc_store_open(test.path, 0, 0, &store, NULL) != VC_OK
            || vc_snapshot_begin(store, &snapshot) != VC_OK
            || write(ends[1], "", 1) != 1)
        {
            _exit(1);
        }

        for (;;) {
            (void) pause();
        }
    }

    assert_int_equal(read(ends[0], &byte, 1), 1);
    test_store_open(&test, 0, VC_STORE_WRITER);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &result, 0), pid);
    (void) close(ends[0]);
    (void) close(ends[1]);

    vc_store_check_readers(test.store);
    assert_int_equal(mdb_env_info(test.store->env, &before), 0);

    for (result = 0; result < 200; result++) {
        assert_int_equal(test_put(&test, "h", VC_REVISION_ANY, "x", 0), VC_OK);
    }

    /* pages are used again: the file does not grow with each commit */
    assert_int_equal(mdb_env_info(test.store->env, &after), 0);
    assert_in_range(after.me_last_pgno, before.me_last_pgno,
        before.me_last_pgno + 40);
}


static int
count_in_a_process(unsigned flags, size_t times)
{
    size_t      i;
    vc_arena_t *arena;
    vc_batch_t *batch;
    vc_store_t *store;

    if (vc_store_open(test.path, 0, flags, &store, NULL) != VC_OK) {
        return 1;
    }

    arena = vc_arena_create(4096);

    for (i = 0; i < times; i++) {
        batch = vc_batch_create(arena);
        vc_batch_count(batch, VC_STR("n"), 1);

        if (vc_store_commit(store, batch, NULL, NULL) != VC_OK) {
            return 2;
        }

        vc_arena_reset(arena);
    }

    vc_arena_destroy(arena);
    vc_store_close(store);

    return 0;
}


static void
test_processes_share_a_store(void **state)
{
    int            result;
    pid_t          pids[4];
    size_t         i;
    uint64_t       revision;
    vc_record_t    record;
    vc_snapshot_t *snapshot;

    (void) state;

    test_store_close(&test);

    for (i = 0; i < 4; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);

        if (pids[i] == 0) {
            _exit(count_in_a_process(i % 2 == 0 ? VC_STORE_WRITER : 0, 100));
        }
    }

    /* this process sees what the others write, without being told */
    test_store_open(&test, 0, 0);

    for (revision = 0; revision < 400;) {
        assert_int_equal(vc_snapshot_begin(test.store, &snapshot), VC_OK);
        assert_true(vc_snapshot_revision(snapshot) >= revision);
        revision = vc_snapshot_revision(snapshot);
        vc_snapshot_end(snapshot);
    }

    for (i = 0; i < 4; i++) {
        assert_int_equal(waitpid(pids[i], &result, 0), pids[i]);
        assert_true(WIFEXITED(result));
        assert_int_equal(WEXITSTATUS(result), 0);
    }

    assert_int_equal(test_get(&test, "n", &record), VC_OK);
    assert_int_equal(vc_load_be64(record.payload.data), 400);
}


/* a process with a larger limit lets the file outgrow our map */
static int
grow_in_a_process(int start)
{
    char        byte;
    size_t      count;
    vc_status_t status;

    if (read(start, &byte, 1) != 1) {
        return 1;
    }

    test_store_open(&test, 4 * TEST_STORE_SMALL, VC_STORE_WRITER);
    count = 0;
    status = test_fill(&test, 25600, &count);
    vc_store_close(test.store);

    return (status == VC_STORE_FULL && count > 80) ? 0 : 2;
}


static void *
commit_one(void *status)
{
    vc_error_t  err;
    vc_arena_t *arena;
    vc_batch_t *batch;

    arena = vc_arena_create(1024);
    batch = vc_batch_create(arena);
    vc_batch_count(batch, VC_STR("n"), 1);
    *(vc_status_t *) status = vc_store_commit(test.store, batch, NULL, &err);
    vc_arena_destroy(arena);

    return NULL;
}


/* commits that a snapshot keeps from going on fail together, not in turn */
static void
assert_commits_give_up(void)
{
    size_t      i;
    uint64_t    start;
    pthread_t   threads[8];
    vc_status_t statuses[8];

    start = vc_monotonic_ns();

    for (i = 0; i < 8; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, commit_one,
                             &statuses[i]),
            0);
    }

    for (i = 0; i < 8; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(statuses[i], VC_UNAVAILABLE);
    }

    /* a second and a bit for each of the two groups that they can make */
    assert_in_range(vc_monotonic_ns() - start, 0, UINT64_C(5000000000));
}


static void
test_map_grows_under_us(void **state)
{
    int            ends[2], result;
    pid_t          pid;
    vc_record_t    record;
    vc_snapshot_t *held, *other;

    (void) state;

    test_store_close(&test);
    assert_int_equal(pipe(ends), 0);
    pid = fork();
    assert_true(pid >= 0);

    if (pid == 0) {
        _exit(grow_in_a_process(ends[0]));
    }

    test_store_open(&test, 0, VC_STORE_WRITER);
    assert_int_equal(vc_snapshot_begin(test.store, &held), VC_OK);

    assert_int_equal(write(ends[1], "", 1), 1);
    assert_int_equal(waitpid(pid, &result, 0), pid);
    assert_true(WIFEXITED(result));
    assert_int_equal(WEXITSTATUS(result), 0);
    (void) close(ends[0]);
    (void) close(ends[1]);

    /* the map cannot be moved under the snapshot that is in use */
    assert_int_equal(vc_snapshot_begin(test.store, &other), VC_UNAVAILABLE);
    assert_commits_give_up();
    assert_int_equal(vc_snapshot_get(held, VC_STR("h000079"), &record),
        VC_NOT_FOUND);
    vc_snapshot_end(held);

    assert_int_equal(test_get(&test, "h000079", &record), VC_OK);
    assert_int_equal(record.payload.len, 25600);
    assert_int_equal(test_put(&test, "x", VC_REVISION_NONE, "x", 0), VC_OK);
    assert_int_equal(test_delete(&test, "h000079", VC_REVISION_ANY), VC_OK);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_killed_writer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed_reader, setup, teardown),
        cmocka_unit_test_setup_teardown(test_processes_share_a_store, setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_map_grows_under_us, setup_small,
            teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
