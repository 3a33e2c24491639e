#include "store/store_internal.h"

#include <stdlib.h>


static vc_snapshot_t *
vc_snapshot_take(vc_store_t *store)
{
    vc_snapshot_t *snapshot;

    (void) pthread_mutex_lock(&store->pool_lock);

    store->active++;
    snapshot = store->idle;
    if (snapshot != NULL) {
        store->idle = snapshot->next;
    }

    (void) pthread_mutex_unlock(&store->pool_lock);

    return snapshot;
}


static void
vc_snapshot_give_back(vc_store_t *store, vc_snapshot_t *snapshot)
{
    (void) pthread_mutex_lock(&store->pool_lock);

    store->active--;
    if (snapshot != NULL) {
        snapshot->next = store->idle;
        store->idle = snapshot;
    }

    (void) pthread_mutex_unlock(&store->pool_lock);
}


static vc_snapshot_t *
vc_snapshot_create(vc_store_t *store)
{
    vc_snapshot_t *snapshot;

    snapshot = calloc(1, sizeof(vc_snapshot_t));
    if (snapshot != NULL) {
        snapshot->store = store;
    }

    return snapshot;
}


/* the transaction itself is kept between uses: renewing it costs no lock */
static int
vc_snapshot_renew(vc_snapshot_t *snapshot)
{
    if (snapshot->txn != NULL) {
        return mdb_txn_renew(snapshot->txn);
    }

    return mdb_txn_begin(snapshot->store->env, NULL, MDB_RDONLY,
        &snapshot->txn);
}


static int
vc_snapshot_begin_txn(vc_snapshot_t *snapshot)
{
    int rc;

    rc = vc_snapshot_renew(snapshot);

    if (rc == MDB_MAP_RESIZED && vc_store_adopt_size(snapshot->store, false)) {
        rc = vc_snapshot_renew(snapshot);
    }

    if (rc == MDB_READERS_FULL) {
        vc_store_check_readers(snapshot->store);
        rc = vc_snapshot_renew(snapshot);
    }

    return rc;
}


/* revision and epoch are as they were unless there was a commit in between */
static int
vc_snapshot_load(vc_snapshot_t *snapshot)
{
    int         rc;
    size_t      txn_id;
    vc_store_t *store;

    txn_id = mdb_txn_id(snapshot->txn);
    if (txn_id == snapshot->txn_id) {
        return MDB_SUCCESS;
    }

    store = snapshot->store;

    rc = vc_store_get_meta(store, snapshot->txn, "revision",
        &snapshot->revision);

    if (rc == MDB_SUCCESS) {
        rc = vc_store_get_meta(store, snapshot->txn, "epoch", &snapshot->epoch);
    }

    snapshot->txn_id = (rc == MDB_SUCCESS) ? txn_id : 0;

    return rc;
}


vc_status_t
vc_snapshot_begin(vc_store_t *store, vc_snapshot_t **out)
{
    int            rc;
    vc_snapshot_t *snapshot;

    snapshot = vc_snapshot_take(store);

    if (snapshot == NULL) {
        snapshot = vc_snapshot_create(store);
        if (snapshot == NULL) {
            vc_snapshot_give_back(store, NULL);
            return VC_NO_MEMORY;
        }
    }

    rc = vc_snapshot_begin_txn(snapshot);

    if (rc == MDB_SUCCESS) {
        rc = vc_snapshot_load(snapshot);

        if (rc == MDB_SUCCESS) {
            *out = snapshot;
            return VC_OK;
        }

        mdb_txn_reset(snapshot->txn);
    }

    vc_snapshot_give_back(store, snapshot);

    /* a meta record that is not there is no answer to a question about keys */
    return (rc == MDB_NOTFOUND) ? VC_IO : vc_store_status(rc);
}


void
vc_snapshot_end(vc_snapshot_t *snapshot)
{
    if (snapshot == NULL) {
        return;
    }

    mdb_txn_reset(snapshot->txn);
    vc_snapshot_give_back(snapshot->store, snapshot);
}


bool
vc_snapshot_is_newest(const vc_snapshot_t *snapshot)
{
    MDB_envinfo info;

    return mdb_env_info(snapshot->store->env, &info) == MDB_SUCCESS
           && info.me_last_txnid == snapshot->txn_id;
}


void
vc_store_drop_snapshots(vc_store_t *store)
{
    vc_snapshot_t *snapshot;

    while (store->idle != NULL) {
        snapshot = store->idle;
        store->idle = snapshot->next;

        mdb_txn_abort(snapshot->txn);
        free(snapshot);
    }
}


uint64_t
vc_snapshot_revision(const vc_snapshot_t *snapshot)
{
    return snapshot->revision;
}


uint64_t
vc_snapshot_epoch(const vc_snapshot_t *snapshot)
{
    return snapshot->epoch;
}


vc_status_t
vc_snapshot_get(vc_snapshot_t *snapshot, vc_str_t key, vc_record_t *out)
{
    vc_status_t status;

    vc_compare_look_ahead(true);
    status = vc_record_get(snapshot->store, snapshot->txn, key, out);
    vc_compare_look_ahead(false);

    return status;
}
