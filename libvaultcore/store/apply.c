/*
 * The one place where a batch becomes records, and where everything that is
 * derived from records is kept: revisions, due times, the policy epoch.
 */

#include "store/store_internal.h"

#include <errno.h>
#include <string.h>

/* part of the map that only deletions may use: every change needs new pages
   before it sets old ones free */
#define VC_RESERVE_MAX ((size_t) 64 << 20)
#define VC_RESERVE_SHARE 8


static vc_status_t
vc_write_failed(vc_write_t *write, vc_error_t *err, int rc)
{
    write->broken = true;

    return vc_store_fail(err, (rc == MDB_NOTFOUND) ? MDB_CORRUPTED : rc,
        "a batch cannot be applied");
}


/* the record that is there before the batch; revision 0 if there is none */
static vc_status_t
vc_write_find(vc_write_t *write, vc_str_t key, vc_record_t *out,
    vc_error_t *err)
{
    vc_status_t status;

    status = vc_record_get(write->store, write->txn, key, out);

    if (status == VC_NOT_FOUND) {
        *out = (vc_record_t){VC_STR_NULL, VC_REVISION_NONE, 0};
        return VC_OK;
    }

    return (status == VC_OK) ? VC_OK : vc_write_failed(write, err, EIO);
}


static vc_status_t
vc_write_check_expected(vc_write_t *write, const vc_batch_t *batch,
    vc_error_t *err)
{
    vc_record_t    record;
    vc_status_t    status;
    const vc_op_t *op;

    /* those before it in the transaction can have moved it already */
    if (batch->epoch != 0
        && (batch->epoch != write->epoch || write->epoch_moved)) {
        return vc_fail(err, VC_CONFLICT,
            "Who may do what was changed at the same time.");
    }

    for (op = batch->first; op != NULL; op = op->next) {
        if (op->expected == VC_REVISION_ANY) {
            continue;
        }

        status = vc_write_find(write, op->key, &record, err);
        if (status != VC_OK) {
            return status;
        }

        if (record.revision != op->expected) {
            return vc_fail(err, VC_CONFLICT,
                "The object was changed by somebody else at the same time.");
        }
    }

    return VC_OK;
}


/* bytes by which the batch makes the store grow, and whether it deletes */
static vc_status_t
vc_write_growth(vc_write_t *write, const vc_batch_t *batch, int64_t *growth,
    bool *deletes, vc_error_t *err)
{
    vc_record_t    record;
    vc_status_t    status;
    const vc_op_t *op;

    *growth = 0;
    *deletes = false;

    for (op = batch->first; op != NULL; op = op->next) {
        if (op->kind != VC_OP_PUT && op->kind != VC_OP_DELETE) {
            *deletes = *deletes || op->kind == VC_OP_DELETE_PREFIX;
            continue;
        }

        status = vc_write_find(write, op->key, &record, err);
        if (status != VC_OK) {
            return status;
        }

        if (op->kind == VC_OP_PUT) {
            *growth += (int64_t) (op->key.len + op->payload.len);
        }

        if (record.revision != VC_REVISION_NONE) {
            *growth -= (int64_t) (op->key.len + record.payload.len);
            *deletes = *deletes || op->kind == VC_OP_DELETE;
        }
    }

    return VC_OK;
}


/*
 * Whether the batch leaves the reserve alone, or may use it: it does not make
 * the store grow, or it moves something aside (a soft-deleted object is a
 * little longer than it was).
 */
static vc_status_t
vc_write_check_space(vc_write_t *write, const vc_batch_t *batch,
    vc_error_t *err)
{
    bool        deletes;
    size_t      used, need, limit, reserve;
    int64_t     growth;
    MDB_envinfo info;
    vc_status_t status;
    vc_store_t *store;

    store = write->store;

    if (batch->bytes == 0) {
        return VC_OK;
    }

    if (vc_store_pages(store, write->txn, &used) != VC_OK
        || mdb_env_info(store->env, &info) != MDB_SUCCESS)
    {
        return vc_write_failed(write, err, EIO);
    }

    reserve = info.me_mapsize / VC_RESERVE_SHARE;
    if (reserve > VC_RESERVE_MAX) {
        reserve = VC_RESERVE_MAX;
    }

    limit = (info.me_mapsize - reserve) / store->page_size;
    need = batch->bytes / store->page_size + batch->ops;

    if (used + need <= limit) {
        return VC_OK;
    }

    status = vc_write_growth(write, batch, &growth, &deletes, err);
    if (status != VC_OK) {
        return status;
    }

    if (growth <= 0 || (deletes && growth < (int64_t) store->page_size)) {
        return VC_OK;
    }

    return vc_store_fail(err, MDB_MAP_FULL, "");
}


static MDB_val
vc_due_key(uint8_t *space, int64_t due, vc_str_t key)
{
    vc_store_be64(space, (uint64_t) due);
    memcpy(space + VC_DUE_HEAD, key.data, key.len);

    return (MDB_val){VC_DUE_HEAD + key.len, space};
}


static int
vc_due_remove(vc_write_t *write, int64_t due, vc_str_t key)
{
    MDB_val k;
    uint8_t space[VC_DUE_HEAD + VC_KEY_MAX];

    if (due == 0) {
        return MDB_SUCCESS;
    }

    k = vc_due_key(space, due, key);

    return mdb_del(write->txn, write->store->due, &k, NULL);
}


static int
vc_due_add(vc_write_t *write, int64_t due, vc_str_t key)
{
    MDB_val k, nothing;
    uint8_t space[VC_DUE_HEAD + VC_KEY_MAX];

    if (due == 0) {
        return MDB_SUCCESS;
    }

    k = vc_due_key(space, due, key);
    nothing = (MDB_val){0, NULL};

    return mdb_put(write->txn, write->store->due, &k, &nothing, 0);
}


static void
vc_write_changed(vc_write_t *write, vc_str_t key)
{
    if (memchr(VC_EPOCH_CLASSES, key.data[0], sizeof(VC_EPOCH_CLASSES) - 1)
        != NULL) {
        write->epoch_moved = true;
    }
}


static int
vc_write_record(vc_write_t *write, vc_str_t key, vc_str_t payload, int64_t due)
{
    int      rc;
    MDB_val  k, val;
    uint8_t *p;

    k = vc_store_val(key);
    val = (MDB_val){VC_RECORD_HEAD + payload.len, NULL};

    rc = mdb_put(write->txn, write->store->records, &k, &val, MDB_RESERVE);
    if (rc != MDB_SUCCESS) {
        return rc;
    }

    p = val.mv_data;
    vc_store_be64(p, write->revision);
    vc_store_be64(p + 8, (uint64_t) due);

    if (payload.len != 0) {
        memcpy(p + VC_RECORD_HEAD, payload.data, payload.len);
    }

    vc_write_changed(write, key);

    return MDB_SUCCESS;
}


static vc_status_t
vc_write_put(vc_write_t *write, vc_str_t key, vc_str_t payload, int64_t due,
    vc_error_t *err)
{
    int         rc;
    vc_record_t old;
    vc_status_t status;

    status = vc_write_find(write, key, &old, err);
    if (status != VC_OK) {
        return status;
    }

    rc = (old.due == due) ? 0 : vc_due_remove(write, old.due, key);

    if (rc == MDB_SUCCESS) {
        rc = (old.due == due) ? 0 : vc_due_add(write, due, key);
    }

    if (rc == MDB_SUCCESS) {
        rc = vc_write_record(write, key, payload, due);
    }

    return (rc == MDB_SUCCESS) ? VC_OK : vc_write_failed(write, err, rc);
}


static vc_status_t
vc_write_delete(vc_write_t *write, vc_str_t key, vc_error_t *err)
{
    int         rc;
    MDB_val     k;
    vc_record_t old;
    vc_status_t status;

    status = vc_write_find(write, key, &old, err);
    if (status != VC_OK || old.revision == VC_REVISION_NONE) {
        return status;
    }

    rc = vc_due_remove(write, old.due, key);

    if (rc == MDB_SUCCESS) {
        k = vc_store_val(key);
        rc = mdb_del(write->txn, write->store->records, &k, NULL);
    }

    if (rc != MDB_SUCCESS) {
        return vc_write_failed(write, err, rc);
    }

    vc_write_changed(write, key);

    return VC_OK;
}


/* the first key behind a prefix, copied: the next change moves the page */
static int
vc_write_first(vc_write_t *write, vc_str_t prefix, vc_key_t *out)
{
    int         rc;
    MDB_val     k, val;
    MDB_cursor *cursor;

    rc = mdb_cursor_open(write->txn, write->store->records, &cursor);
    if (rc != MDB_SUCCESS) {
        return rc;
    }

    k = vc_store_val(prefix);

    rc = mdb_cursor_get(cursor, &k, &val, MDB_SET_RANGE);

    if (rc == MDB_SUCCESS) {
        if (!vc_str_starts(vc_store_view(k), prefix)) {
            rc = MDB_NOTFOUND;

        } else if (k.mv_size > VC_KEY_MAX) {
            rc = MDB_CORRUPTED;

        } else {
            memcpy(out->data, k.mv_data, k.mv_size);
            out->len = k.mv_size;
        }
    }

    mdb_cursor_close(cursor);

    return rc;
}


static vc_status_t
vc_write_delete_prefix(vc_write_t *write, vc_str_t prefix, uint64_t limit,
    vc_error_t *err)
{
    int         rc;
    uint64_t    n;
    vc_key_t    key;
    vc_status_t status;

    for (n = 0; n < limit; n++) {
        rc = vc_write_first(write, prefix, &key);
        if (rc == MDB_NOTFOUND) {
            break;
        }

        if (rc != MDB_SUCCESS) {
            return vc_write_failed(write, err, rc);
        }

        status = vc_write_delete(write, vc_key_view(&key), err);
        if (status != VC_OK) {
            return status;
        }
    }

    return VC_OK;
}


static vc_status_t
vc_write_count(vc_write_t *write, vc_str_t key, uint64_t n, vc_error_t *err)
{
    uint8_t     bytes[8];
    uint64_t    value;
    vc_record_t old;
    vc_status_t status;

    status = vc_write_find(write, key, &old, err);
    if (status != VC_OK) {
        return status;
    }

    if (old.revision != VC_REVISION_NONE && old.payload.len != sizeof(bytes)) {
        return vc_write_failed(write, err, MDB_CORRUPTED);
    }

    value = (old.revision == VC_REVISION_NONE) ? 0
                                               : vc_load_be64(old.payload.data);

    if (__builtin_add_overflow(value, n, &value)) {
        value = UINT64_MAX;
    }

    vc_store_be64(bytes, value);

    return vc_write_put(write, key, (vc_str_t){bytes, sizeof(bytes)}, old.due,
        err);
}


static vc_status_t
vc_write_op(vc_write_t *write, const vc_op_t *op, vc_error_t *err)
{
    switch (op->kind) {
    case VC_OP_PUT:
        return vc_write_put(write, op->key, op->payload, op->due, err);
    case VC_OP_DELETE:
        return vc_write_delete(write, op->key, err);
    case VC_OP_DELETE_PREFIX:
        return vc_write_delete_prefix(write, op->key, op->n, err);
    case VC_OP_COUNT:
        return vc_write_count(write, op->key, op->n, err);
    case VC_OP_EXPECT:
    default:
        return VC_OK;
    }
}


vc_status_t
vc_write_apply(vc_write_t *write, vc_batch_t *batch, vc_error_t *err)
{
    vc_status_t    status;
    const vc_op_t *op;

    status = vc_write_check_expected(write, batch, err);

    if (status == VC_OK) {
        status = vc_write_check_space(write, batch, err);
    }

    if (status != VC_OK || !batch->writes) {
        return status;
    }

    write->revision++;

    for (op = batch->first; op != NULL; op = op->next) {
        status = vc_write_op(write, op, err);
        if (status != VC_OK) {
            return status;
        }
    }

    return VC_OK;
}
