/* what commits promise: when many wait, and when there is no room */

#include "test_store_support.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "store/store_internal.h"

#define THREADS 32
#define COMMITS_EACH 40

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
        (void) snprintf(key, sizeof(key), "wanted/%zu", i);
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


typedef struct {
    pthread_t   thread;
    const char *key;
    vc_status_t status;
} commit_t;


static void *
commit_one(void *data)
{
    commit_t   *commit = data;
    vc_batch_t *batch;
    vc_arena_t *arena;

    arena = vc_arena_create(4096);
    batch = vc_batch_create(arena);
    vc_batch_put(batch, vc_str(commit->key), VC_REVISION_NONE, VC_STR("kept"),
        0);
    commit->status = vc_store_commit(test.store, batch, NULL, NULL);
    vc_arena_destroy(arena);

    return NULL;
}


static void *
close_store(void *data)
{
    vc_store_close(data);

    return NULL;
}


static void
wait_until_queued(vc_store_t *store, uint64_t queued, bool closing)
{
    bool reached;

    for (reached = false; !reached; (void) usleep(1000)) {
        (void) pthread_mutex_lock(&store->queue_lock);
        reached = store->queued == queued && store->closing == closing;
        (void) pthread_mutex_unlock(&store->queue_lock);
    }
}


/* closing does not lose the commits that are under way */
static void
test_close_drains(void **state)
{
    size_t      i;
    commit_t    commits[] = {{.key = "h1"}, {.key = "h2"}, {.key = "h3"}};
    uint64_t    before;
    pthread_t   closer;
    vc_store_t *store = test.store;

    (void) state;

    before = store->queued;

    /* the writer cannot finish anything before we let it */
    assert_int_equal(pthread_mutex_lock(&store->write_lock), 0);

    for (i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&commits[i].thread, NULL, commit_one,
                             &commits[i]),
            0);
    }

    wait_until_queued(store, before + 3, false);
    assert_int_equal(pthread_create(&closer, NULL, close_store, store), 0);
    wait_until_queued(store, before + 3, true);
    assert_int_equal(pthread_mutex_unlock(&store->write_lock), 0);

    for (i = 0; i < 3; i++) {
        assert_int_equal(pthread_join(commits[i].thread, NULL), 0);
        assert_int_equal(commits[i].status, VC_OK);
    }

    assert_int_equal(pthread_join(closer, NULL), 0);

    test_store_open(&test, 0, 0);
    test_assert_payload(&test, "h1", "kept");
    test_assert_payload(&test, "h2", "kept");
    test_assert_payload(&test, "h3", "kept");
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
    assert_int_equal(test_fill(&test, 1000, &count), VC_STORE_FULL);
    assert_int_equal(test.err.status, VC_STORE_FULL);
    assert_in_range(count, 300, 1000);
    assert_int_equal(vc_store_info(test.store, &info), VC_OK);
    assert_in_range(info.bytes_used, TEST_STORE_SMALL / 2, TEST_STORE_SMALL);

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
    assert_int_equal(test_fill(&test, 1000, &count), VC_STORE_FULL);
    assert_in_range(count, i * 9 / 10, i * 11 / 10);

    test_store_close(&test);
    test_store_open(&test, 0, VC_STORE_WRITER);
    assert_int_equal(vc_store_info(test.store, &info), VC_OK);
    assert_int_equal(info.records, count + 1);
}


static void
test_too_large_a_batch(void **state)
{
    char  *payload;
    size_t count;

    (void) state;

    payload = vc_arena_alloc(test.arena, TEST_STORE_SMALL + 1);
    memset(payload, 'f', TEST_STORE_SMALL);
    payload[TEST_STORE_SMALL] = '\0';

    assert_int_equal(test_put(&test, "h", VC_REVISION_ANY, payload, 0),
        VC_STORE_FULL);
    assert_int_equal(test_put(&test, "h", VC_REVISION_ANY, "small", 0), VC_OK);

    /* with values that fill pages of their own */
    count = 0;
    assert_int_equal(test_fill(&test, 25600, &count), VC_STORE_FULL);
    assert_in_range(count, 10, 40);
    test_assert_payload(&test, "h", "small");
    assert_int_equal(test_delete(&test, "h", VC_REVISION_ANY), VC_OK);
}


/* a disk that is full fails the commit, not the store */
static void
test_full_disk(void **state)
{
    size_t          count;
    vc_status_t     status;
    vc_record_t     record;
    struct rlimit   limit, all;
    vc_store_info_t info;

    (void) state;

    assert_int_equal(test_put(&test, "h", VC_REVISION_ANY, "kept", 0), VC_OK);
    assert_int_equal(vc_store_info(test.store, &info), VC_OK);

    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
    limit = all;
    limit.rlim_cur = 256 << 10;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);

    /* LMDB calls a write that was cut short an input/output error */
    count = 0;
    status = test_fill(&test, 10000, &count);
    assert_true(status == VC_STORE_FULL || status == VC_IO);
    test_assert_payload(&test, "h", "kept");
    assert_int_equal(test_get(&test, "h000000", &record), VC_OK);

    assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
    assert_int_equal(test_put(&test, "h", VC_REVISION_ANY, "new", 0), VC_OK);
    test_assert_payload(&test, "h", "new");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_group_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_close_drains, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_store, setup_small, teardown),
        cmocka_unit_test_setup_teardown(test_too_large_a_batch, setup_small,
            teardown),
        cmocka_unit_test_setup_teardown(test_full_disk, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
