/*
 * What commits promise when many wait, when the store is full, and when
 * processes share it or die.
 */

#include "test_store_support.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store_internal.h"

#define THREADS 32
#define COMMITS_EACH 40
#define SMALL_SIZE ((size_t) 1 << 20)

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
    test_store_open(&test, SMALL_SIZE, VC_STORE_CREATE | VC_STORE_WRITER);

    return 0;
}


static int
teardown(void **state)
{
    (void) state;
    test_store_teardown(&test);

    return 0;
}


static size_t
transactions(void)
{
    MDB_envinfo info;

    assert_int_equal(mdb_env_info(test.store->env, &info), 0);

    return info.me_last_txnid;
}


typedef struct {
    pthread_t thread;
    size_t    number;
    size_t    conflicts;
    bool      failed;
} worker_t;


/* counts, writes a record of its own, and fights for one that all want */
static void *
commit_many(void *data)
{
    char        key[32];
    size_t      i;
    uint64_t    revision, last;
    worker_t   *worker = data;
    vc_arena_t *arena;
    vc_batch_t *batch;
    vc_status_t status;

    arena = vc_arena_create(4096);
    last = 0;

    for (i = 0; i < COMMITS_EACH; i++) {
        (void) snprintf(key, sizeof(key), "h%zu/%zu", worker->number, i);

        batch = vc_batch_create(arena);
        vc_batch_count(batch, VC_STR("n"), worker->number + 1);
        vc_batch_put(batch, vc_str(key), VC_REVISION_NONE, vc_str(key), 0);
        status = vc_store_commit(test.store, batch, &revision, NULL);

        if (status != VC_OK || revision <= last) {
            worker->failed = true;
        }

        last = revision;

        batch = vc_batch_create(arena);
        vc_batch_count(batch, VC_STR("lost"), 1);
        (void) snprintf(key, sizeof(key), "shared/%zu", i);
        vc_batch_put(batch, vc_str(key), VC_REVISION_NONE, VC_STR("x"), 0);
        status = vc_store_commit(test.store, batch, &revision, NULL);

        if (status == VC_CONFLICT) {
            worker->conflicts++;

        } else if (status != VC_OK) {
            worker->failed = true;
        }

        vc_arena_reset(arena);
    }

    vc_arena_destroy(arena);

    return NULL;
}


static void
test_group_commit(void **state)
{
    size_t          i, conflicts, before;
    worker_t        workers[THREADS];
    vc_record_t     record;
    vc_store_info_t info;

    (void) state;

    before = transactions();
    memset(workers, 0, sizeof(workers));

    for (i = 0; i < THREADS; i++) {
        workers[i].number = i;
        assert_int_equal(pthread_create(&workers[i].thread, NULL, commit_many,
                             &workers[i]),
            0);
    }

    for (conflicts = 0, i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        assert_false(workers[i].failed);
        conflicts += workers[i].conflicts;
    }

    /* no count was lost, and none of a refused batch was kept */
    assert_int_equal(test_get(&test, "n", &record), VC_OK);
    assert_int_equal(vc_load_be64(record.payload.data),
        COMMITS_EACH * THREADS * (THREADS + 1) / 2);
    assert_int_equal(conflicts, (THREADS - 1) * COMMITS_EACH);
    assert_int_equal(test_get(&test, "lost", &record), VC_OK);
    assert_int_equal(vc_load_be64(record.payload.data), COMMITS_EACH);

    assert_int_equal(vc_store_info(test.store, &info), VC_OK);
    assert_int_equal(info.records, THREADS * COMMITS_EACH + COMMITS_EACH + 2);
    assert_int_equal(info.revision, (THREADS + 1) * COMMITS_EACH);

    /* and they shared transactions */
    assert_in_range(transactions() - before, 1, info.revision / 2);
}


/* closing does not lose a commit that is under way */
static void *
commit_slowly(void *data)
{
    vc_status_t *status = data;
    vc_batch_t  *batch;
    vc_arena_t  *arena;

    arena = vc_arena_create(4096);
    batch = vc_batch_create(arena);
    vc_batch_put(batch, VC_STR("h1"), VC_REVISION_NONE, VC_STR("kept"), 0);
    *status = vc_store_commit(test.store, batch, NULL, NULL);
    vc_arena_destroy(arena);

    return NULL;
}


static void
test_close_drains(void **state)
{
    bool         queued;
    pthread_t    thread;
    vc_status_t  status;
    vc_store_t  *store = test.store;

    (void) state;

    /* the writer cannot finish before we let it */
    assert_int_equal(pthread_mutex_lock(&store->write_lock), 0);
    assert_int_equal(pthread_create(&thread, NULL, commit_slowly, &status), 0);

    for (queued = false; !queued; usleep(1000)) {
        (void) pthread_mutex_lock(&store->queue_lock);
        store->closing = true;
        queued = store->queue_head != NULL;
        (void) pthread_mutex_unlock(&store->queue_lock);

        if (pthread_mutex_trylock(&store->queue_lock) == 0) {
            (void) pthread_mutex_unlock(&store->queue_lock);
        }
    }

    assert_int_equal(pthread_mutex_unlock(&store->write_lock), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(status, VC_OK);

    test_store_close(&test);
    test_store_open(&test, 0, 0);
    test_assert_payload(&test, "h1", "kept");
}


static vc_status_t
fill(size_t size, size_t *count)
{
    char        key[32];
    char       *payload;
    vc_status_t status;

    payload = vc_arena_alloc(test.arena, size + 1);
    memset(payload, 'f', size);
    payload[size] = '\0';

    do {
        (void) snprintf(key, sizeof(key), "h%06zu", *count);
        status = test_put(&test, key, VC_REVISION_NONE, payload, 0);
        (*count)++;
    } while (status == VC_OK);

    (*count)--;

    return status;
}


static void
test_full_store(void **state)
{
    char            key[32];
    size_t          i, count;
    vc_batch_t     *batch;
    vc_record_t     record;
    vc_store_info_t info;

    (void) state;

    count = 0;
    assert_int_equal(fill(1000, &count), VC_STORE_FULL);
    assert_int_equal(test.err.status, VC_STORE_FULL);
    assert_in_range(count, 300, 1000);
    assert_int_equal(vc_store_info(test.store, &info), VC_OK);
    assert_in_range(info.bytes_used, SMALL_SIZE / 2, SMALL_SIZE);

    /* reads go on, and what was there stays as it was */
    for (i = 0; i < count; i++) {
        (void) snprintf(key, sizeof(key), "h%06zu", i);
        assert_int_equal(test_get(&test, key, &record), VC_OK);
    }

    (void) snprintf(key, sizeof(key), "h%06zu", count);
    assert_int_equal(test_get(&test, key, &record), VC_NOT_FOUND);

    /* a record can still be set aside under another name, a little longer */
    batch = vc_batch_create(test.arena);
    assert_int_equal(test_get(&test, "h000000", &record), VC_OK);
    vc_batch_delete(batch, VC_STR("h000000"), record.revision);
    vc_batch_put(batch, VC_STR("d000000 and when"), VC_REVISION_NONE,
        record.payload, 99);
    assert_int_equal(vc_store_commit(test.store, batch, NULL, &test.err),
        VC_OK);

    /* or be overwritten by one that is no longer */
    assert_int_equal(test_put(&test, "h000001", VC_REVISION_ANY, "short", 0),
        VC_OK);

    /* all can be deleted, one by one, and then there is room again */
    for (i = 1; i < count; i++) {
        (void) snprintf(key, sizeof(key), "h%06zu", i);
        assert_int_equal(test_delete(&test, key, VC_REVISION_ANY), VC_OK);
    }

    i = count;
    count = 0;
    assert_int_equal(fill(1000, &count), VC_STORE_FULL);
    assert_in_range(count, i * 9 / 10, i * 11 / 10);

    test_store_close(&test);
    test_store_open(&test, 0, VC_STORE_WRITER);
    assert_int_equal(vc_store_info(test.store, &info), VC_OK);
    assert_int_equal(info.records, count + 1);
}


static void
test_too_large_a_batch(void **state)
{
    char   *payload;
    size_t  count;

    (void) state;

    payload = vc_arena_alloc(test.arena, SMALL_SIZE + 1);
    memset(payload, 'f', SMALL_SIZE);
    payload[SMALL_SIZE] = '\0';

    assert_int_equal(test_put(&test, "h", VC_REVISION_ANY, payload, 0),
        VC_STORE_FULL);
    assert_int_equal(test_put(&test, "h", VC_REVISION_ANY, "small", 0), VC_OK);

    /* with values that fill pages of their own */
    count = 0;
    assert_int_equal(fill(25600, &count), VC_STORE_FULL);
    assert_in_range(count, 10, 40);
    test_assert_payload(&test, "h", "small");
    assert_int_equal(test_delete(&test, "h", VC_REVISION_ANY), VC_OK);
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


static size_t
kill_a_writer(useconds_t after)
{
    int    ends[2], result;
    pid_t  pid;
    size_t i, last;

    assert_int_equal(pipe(ends), 0);
    pid = fork();
    assert_true(pid >= 0);

    if (pid == 0) {
        (void) close(ends[0]);
        write_until_killed(ends[1]);
    }

    (void) close(ends[1]);
    assert_int_equal(read(ends[0], &last, sizeof(last)), sizeof(last));
    (void) usleep(after);
    assert_int_equal(kill(pid, SIGKILL), 0);

    while (read(ends[0], &i, sizeof(i)) == sizeof(i)) {
        last = i;
    }

    (void) close(ends[0]);
    assert_int_equal(waitpid(pid, &result, 0), pid);
    assert_true(WIFSIGNALED(result));

    return last;
}


static void
test_killed_writer(void **state)
{
    char            key[32];
    size_t          round, i, last;
    vc_batch_t     *batch;
    vc_record_t     record;
    vc_store_info_t info;

    (void) state;

    for (round = 0; round < 5; round++) {
        test_store_close(&test);
        last = kill_a_writer((useconds_t) (3000 + 7000 * round));
        test_store_open(&test, 0, VC_STORE_WRITER);

        /* what was acknowledged is there, and at most one more, whole */
        for (i = 0; i <= last; i++) {
            (void) snprintf(key, sizeof(key), "h%zu", i);
            test_assert_payload(&test, key, key);
        }

        assert_int_equal(vc_store_info(test.store, &info), VC_OK);
        assert_in_range(info.records, last + 2, last + 3);
        assert_int_equal(test_get(&test, "n", &record), VC_OK);
        assert_int_equal(vc_load_be64(record.payload.data), info.records - 1);

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
    int             ends[2], result;
    char            byte;
    pid_t           pid;
    vc_store_t     *store;
    MDB_envinfo     before, after;
    vc_snapshot_t  *snapshot;

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
grow_in_a_process(void)
{
    size_t count;

    test_store_open(&test, 4 * SMALL_SIZE, VC_STORE_WRITER);
    count = 0;

    if (fill(25600, &count) != VC_STORE_FULL || count < 80) {
        return 1;
    }

    vc_store_close(test.store);

    return 0;
}


static void
test_map_grows_under_us(void **state)
{
    int            result;
    pid_t          pid;
    vc_record_t    record;
    vc_snapshot_t *held, *other;

    (void) state;

    test_store_close(&test);
    pid = fork();
    assert_true(pid >= 0);

    if (pid == 0) {
        char go;

        /* the parent opens its small map first */
        go = 0;
        while (access(test.directory.path, F_OK) == 0 && go == 0) {
            char flag[128];

            (void) snprintf(flag, sizeof(flag), "%s/go", test.directory.path);
            go = access(flag, F_OK) == 0;
            (void) usleep(1000);
        }

        _exit(grow_in_a_process());
    }

    {
        char  flag[128];
        FILE *file;

        test_store_open(&test, 0, VC_STORE_WRITER);
        assert_int_equal(vc_snapshot_begin(test.store, &held), VC_OK);
        (void) snprintf(flag, sizeof(flag), "%s/go", test.directory.path);
        file = fopen(flag, "w");
        assert_non_null(file);
        (void) fclose(file);
    }

    assert_int_equal(waitpid(pid, &result, 0), pid);
    assert_true(WIFEXITED(result));
    assert_int_equal(WEXITSTATUS(result), 0);

    /* the map cannot be moved under the snapshot that is in use */
    assert_int_equal(vc_snapshot_begin(test.store, &other), VC_UNAVAILABLE);
    assert_int_equal(vc_snapshot_get(held, VC_STR("h000079"), &record),
        VC_NOT_FOUND);
    vc_snapshot_end(held);

    assert_int_equal(test_get(&test, "h000079", &record), VC_OK);
    assert_int_equal(record.payload.len, 25600);
    assert_int_equal(test_put(&test, "x", VC_REVISION_ANY, "", 0),
        VC_STORE_FULL);
    assert_int_equal(test_delete(&test, "h000079", VC_REVISION_ANY), VC_OK);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_group_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_close_drains, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_store, setup_small,
            teardown),
        cmocka_unit_test_setup_teardown(test_too_large_a_batch, setup_small,
            teardown),
        cmocka_unit_test_setup_teardown(test_killed_writer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed_reader, setup, teardown),
        cmocka_unit_test_setup_teardown(test_processes_share_a_store, setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_map_grows_under_us, setup_small,
            teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
