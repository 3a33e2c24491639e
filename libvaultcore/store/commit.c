/*
 * Commits.  All that wait share one LMDB transaction and so one disk flush.
 *
 * A batch is checked in full before the first of it is applied, so one that
 * is refused leaves no trace in the transaction that it shares.  The only
 * failures after that are of the whole transaction (the map is full, the disk
 * fails); then it is given up and each batch is tried alone, so that a small
 * one does not fail for a large one's sake.
 */

#include "store/store_internal.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <time.h>


#define VC_GROUP_MAX 128

/* how long a writer waits for this process's readers when the map has grown */
#define VC_RESIZE_TRIES 1000
#define VC_RESIZE_PAUSE_NS 1000000


struct vc_commit {
    vc_batch_t  *batch;
    vc_error_t  *err;
    vc_status_t  status;
    uint64_t     revision;
    sem_t        finished;
    vc_commit_t *next;
};


static int
vc_write_begin_txn(vc_write_t *write)
{
    int             i, rc;
    struct timespec pause;

    pause = (struct timespec){0, VC_RESIZE_PAUSE_NS};

    for (i = 0; i < VC_RESIZE_TRIES; i++) {
        rc = mdb_txn_begin(write->store->env, NULL, 0, &write->txn);
        if (rc != MDB_MAP_RESIZED) {
            return rc;
        }

        if (!vc_store_adopt_size(write->store, true)) {
            (void) nanosleep(&pause, NULL);
        }
    }

    return MDB_MAP_RESIZED;
}


static int
vc_write_begin(vc_write_t *write, vc_store_t *store)
{
    int rc;

    *write = (vc_write_t){.store = store};

    rc = vc_write_begin_txn(write);
    if (rc != MDB_SUCCESS) {
        return rc;
    }

    rc = vc_store_get_meta(store, write->txn, "revision", &write->revision);

    if (rc == MDB_SUCCESS) {
        rc = vc_store_get_meta(store, write->txn, "epoch", &write->epoch);
    }

    if (rc != MDB_SUCCESS) {
        mdb_txn_abort(write->txn);
    }

    return rc;
}


static int
vc_write_finish(vc_write_t *write)
{
    int rc;

    rc = vc_store_put_meta(write->store, write->txn, "revision",
        write->revision);

    if (rc == MDB_SUCCESS && write->epoch_moved) {
        rc = vc_store_put_meta(write->store, write->txn, "epoch",
            write->epoch + 1);
    }

    if (rc != MDB_SUCCESS) {
        mdb_txn_abort(write->txn);
        return rc;
    }

    return mdb_txn_commit(write->txn);
}


/* false: the transaction is broken and nothing of it was kept */
static bool
vc_group_apply(vc_write_t *write, vc_commit_t *group)
{
    vc_commit_t *commit;

    for (commit = group; commit != NULL; commit = commit->next) {
        commit->status = vc_write_apply(write, commit->batch, commit->err);
        commit->revision = write->revision;

        if (write->broken) {
            return false;
        }
    }

    return true;
}


static void
vc_group_fail(vc_commit_t *group, int rc)
{
    vc_commit_t *commit;

    for (commit = group; commit != NULL; commit = commit->next) {
        /* LMDB's "not found" here is a store without its own records */
        commit->status = vc_store_fail(commit->err,
            (rc == MDB_NOTFOUND) ? MDB_CORRUPTED : rc, "a commit failed");
    }
}


/* one transaction for the group; false: it failed, each has its status */
static bool
vc_group_try(vc_store_t *store, vc_commit_t *group)
{
    int        rc;
    uint64_t   before;
    vc_write_t write;

    rc = vc_write_begin(&write, store);
    if (rc != MDB_SUCCESS) {
        vc_group_fail(group, rc);
        return false;
    }

    before = write.revision;

    if (!vc_group_apply(&write, group)) {
        mdb_txn_abort(write.txn);
        return false;
    }

    if (write.revision == before) {
        mdb_txn_abort(write.txn);
        return true;
    }

    rc = vc_write_finish(&write);
    if (rc != MDB_SUCCESS) {
        vc_group_fail(group, rc);
        return false;
    }

    return true;
}


static void
vc_group_commit(vc_store_t *store, vc_commit_t *group)
{
    vc_commit_t *commit, *next;

    (void) pthread_mutex_lock(&store->write_lock);

    /* what kept the group waiting in vain would keep each of them */
    if (!vc_group_try(store, group) && group->status != VC_UNAVAILABLE) {
        /* pages that a dead process's snapshot holds may be all it lacks */
        vc_store_check_readers(store);

        for (commit = group; commit != NULL; commit = next) {
            next = commit->next;
            commit->next = NULL;
            (void) vc_group_try(store, commit);
            commit->next = next;
        }
    }

    (void) pthread_mutex_unlock(&store->write_lock);
}


/* --- the writer thread ---------------------------------------------------- */


/* what waits, at most VC_GROUP_MAX of it; NULL when the store closes */
static vc_commit_t *
vc_queue_take(vc_store_t *store)
{
    size_t       n;
    vc_commit_t *group, *last;

    (void) pthread_mutex_lock(&store->queue_lock);

    while (store->queue_head == NULL && !store->closing) {
        (void) pthread_cond_wait(&store->queue_filled, &store->queue_lock);
    }

    group = store->queue_head;

    if (group != NULL) {
        last = group;

        for (n = 1; n < VC_GROUP_MAX && last->next != NULL; n++) {
            last = last->next;
        }

        store->queue_head = last->next;
        last->next = NULL;

        if (store->queue_head == NULL) {
            store->queue_tail = NULL;
        }
    }

    (void) pthread_mutex_unlock(&store->queue_lock);

    return group;
}


/*
 * Each waits for a semaphore of its own and takes no lock when it wakes: many
 * that woke for one lock would only wait again, for each other.
 */
static void
vc_group_finish(vc_commit_t *group)
{
    vc_commit_t *next;

    while (group != NULL) {
        /* it lies on the stack of a thread that goes on once it is done */
        next = group->next;
        (void) sem_post(&group->finished);
        group = next;
    }
}


static void *
vc_writer_main(void *data)
{
    vc_store_t  *store;
    vc_commit_t *group;

    store = data;

    for (group = vc_queue_take(store); group != NULL;
         group = vc_queue_take(store)) {
        vc_group_commit(store, group);
        vc_group_finish(group);
    }

    return NULL;
}


vc_status_t
vc_writer_start(vc_store_t *store, vc_error_t *err)
{
    int      rc;
    sigset_t all, saved;

    /* signals are for the thread that runs the host's event loop */
    (void) sigfillset(&all);
    (void) pthread_sigmask(SIG_SETMASK, &all, &saved);

    rc = pthread_create(&store->writer, NULL, vc_writer_main, store);

    (void) pthread_sigmask(SIG_SETMASK, &saved, NULL);

    if (rc != 0) {
        return vc_fail(err, VC_IO, "the store's writer cannot be started: %s",
            strerror(rc));
    }

    store->has_writer = true;

    return VC_OK;
}


void
vc_writer_stop(vc_store_t *store)
{
    if (!store->has_writer) {
        return;
    }

    (void) pthread_mutex_lock(&store->queue_lock);
    store->closing = true;
    (void) pthread_cond_signal(&store->queue_filled);
    (void) pthread_mutex_unlock(&store->queue_lock);

    (void) pthread_join(store->writer, NULL);
    store->has_writer = false;
}


static void
vc_queue_wait(vc_store_t *store, vc_commit_t *commit)
{
    (void) sem_init(&commit->finished, 0, 0);
    (void) pthread_mutex_lock(&store->queue_lock);

    if (store->queue_tail == NULL) {
        store->queue_head = commit;

    } else {
        store->queue_tail->next = commit;
    }

    store->queue_tail = commit;
    store->queued++;
    (void) pthread_cond_signal(&store->queue_filled);
    (void) pthread_mutex_unlock(&store->queue_lock);

    /* from here on the store is not touched: it may be closed as soon as the
       commit is done */
    while (sem_wait(&commit->finished) == -1 && errno == EINTR) {
        /* a signal is no end of it */
    }

    (void) sem_destroy(&commit->finished);
}


vc_status_t
vc_store_commit(vc_store_t *store, vc_batch_t *batch, uint64_t *revision,
    vc_error_t *err)
{
    vc_commit_t commit;

    if (batch == NULL) {
        return vc_fail_detail(err, VC_NO_MEMORY, "store: no batch to commit");
    }

    if (batch->status != VC_OK) {
        return vc_fail_detail(err, batch->status,
            "store: the batch could not be put together");
    }

    if (store->inspect) {
        return vc_fail_detail(err, VC_INVALID,
            "store: opened for inspection, not for commits");
    }

    memset(&commit, 0, sizeof(commit));
    commit.batch = batch;
    commit.err = err;

    if (store->has_writer) {
        vc_queue_wait(store, &commit);

    } else {
        vc_group_commit(store, &commit);
    }

    if (commit.status == VC_OK && revision != NULL) {
        *revision = commit.revision;
    }

    return commit.status;
}
