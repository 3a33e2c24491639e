/* closing, and the small things that every part of the store uses */

#include "store/store_internal.h"

#include <errno.h>
#include <stdlib.h>


vc_status_t
vc_store_status(int rc)
{
    switch (rc) {
    case MDB_SUCCESS:
        return VC_OK;
    case MDB_NOTFOUND:
        return VC_NOT_FOUND;
    case MDB_MAP_FULL:
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return VC_STORE_FULL;
    case MDB_MAP_RESIZED:
    case MDB_READERS_FULL:
        return VC_UNAVAILABLE;
    case ENOMEM:
        return VC_NO_MEMORY;
    default:
        return VC_IO;
    }
}


vc_status_t
vc_store_fail(vc_error_t *err, int rc, const char *doing)
{
    vc_status_t status;

    status = vc_store_status(rc);

    if (status == VC_STORE_FULL) {
        return vc_fail(err, status,
            "The store is full: delete and purge what is not needed, or let "
            "it have more space.");
    }

    return vc_fail_detail(err, status, "store: %s: %s", doing,
        mdb_strerror(rc));
}


int
vc_store_get_meta(vc_store_t *store, MDB_txn *txn, const char *name,
    uint64_t *out)
{
    int     rc;
    MDB_val key, val;

    key = vc_store_val(vc_str(name));

    rc = mdb_get(txn, store->meta, &key, &val);
    if (rc != MDB_SUCCESS) {
        return rc;
    }

    if (val.mv_size != 8) {
        return MDB_CORRUPTED;
    }

    *out = vc_load_be64(val.mv_data);

    return MDB_SUCCESS;
}


int
vc_store_put_meta(vc_store_t *store, MDB_txn *txn, const char *name,
    uint64_t value)
{
    MDB_val key, val;
    uint8_t bytes[8];

    vc_store_be64(bytes, value);
    key = vc_store_val(vc_str(name));
    val = (MDB_val){sizeof(bytes), bytes};

    return mdb_put(txn, store->meta, &key, &val, 0);
}


vc_status_t
vc_record_parse(MDB_val val, vc_record_t *out)
{
    const uint8_t *p;

    if (val.mv_size < VC_RECORD_HEAD) {
        return VC_IO;
    }

    p = val.mv_data;
    out->revision = vc_load_be64(p);
    out->due = (int64_t) vc_load_be64(p + 8);
    out->payload.data = p + VC_RECORD_HEAD;
    out->payload.len = val.mv_size - VC_RECORD_HEAD;

    return VC_OK;
}


vc_status_t
vc_record_get(vc_store_t *store, MDB_txn *txn, vc_str_t key, vc_record_t *out)
{
    int     rc;
    MDB_val k, val;

    if (key.len == 0 || key.len > VC_KEY_MAX) {
        return VC_NOT_FOUND;
    }

    k = vc_store_val(key);

    rc = mdb_get(txn, store->records, &k, &val);

    return (rc == MDB_SUCCESS) ? vc_record_parse(val, out)
                               : vc_store_status(rc);
}


vc_status_t
vc_store_pages(vc_store_t *store, MDB_txn *txn, size_t *out)
{
    int      rc;
    size_t   i;
    MDB_stat stat;

    /* LMDB's own two: the list of free pages and the list of tables */
    const MDB_dbi tables[] = {0, 1, store->records, store->due, store->meta};

    *out = 2; /* the file's two heads */

    for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        rc = mdb_stat(txn, tables[i], &stat);
        if (rc != MDB_SUCCESS) {
            return vc_store_status(rc);
        }

        *out += stat.ms_branch_pages + stat.ms_leaf_pages
                + stat.ms_overflow_pages;
    }

    return VC_OK;
}


bool
vc_store_adopt_size(vc_store_t *store, bool writing)
{
    bool adopted;

    adopted = false;
    (void) pthread_mutex_lock(&store->pool_lock);

    /* a reader that meets the new size is itself counted as active */
    if (store->active == (writing ? 0 : 1)
        && (writing || pthread_mutex_trylock(&store->write_lock) == 0))
    {
        adopted = mdb_env_set_mapsize(store->env, 0) == MDB_SUCCESS;

        if (!writing) {
            (void) pthread_mutex_unlock(&store->write_lock);
        }
    }

    (void) pthread_mutex_unlock(&store->pool_lock);

    return adopted;
}


void
vc_store_close(vc_store_t *store)
{
    if (store == NULL) {
        return;
    }

    vc_writer_stop(store);
    vc_store_drop_snapshots(store);

    if (store->env != NULL) {
        mdb_env_close(store->env);
    }

    (void) pthread_cond_destroy(&store->queue_filled);
    (void) pthread_mutex_destroy(&store->queue_lock);
    (void) pthread_mutex_destroy(&store->write_lock);
    (void) pthread_mutex_destroy(&store->pool_lock);
    free(store);
}


void
vc_store_check_readers(vc_store_t *store)
{
    if (!store->inspect) {
        (void) mdb_reader_check(store->env, NULL);
    }
}


vc_status_t
vc_store_info(vc_store_t *store, vc_store_info_t *out)
{
    size_t         pages;
    MDB_stat       stat;
    MDB_envinfo    info;
    vc_status_t    status;
    vc_snapshot_t *snapshot;

    status = vc_snapshot_begin(store, &snapshot);
    if (status != VC_OK) {
        return status;
    }

    status = vc_store_pages(store, snapshot->txn, &pages);

    if (status == VC_OK
        && (mdb_stat(snapshot->txn, store->records, &stat) != MDB_SUCCESS
            || mdb_env_info(store->env, &info) != MDB_SUCCESS))
    {
        status = VC_IO;
    }

    if (status == VC_OK) {
        out->revision = snapshot->revision;
        out->bytes_used = pages * store->page_size;
        out->bytes_limit = info.me_mapsize;
        out->records = stat.ms_entries;
        out->readers = info.me_numreaders;
        out->format = VC_STORE_FORMAT;
    }

    vc_snapshot_end(snapshot);

    return status;
}
