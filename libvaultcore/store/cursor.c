/* walks: over the keys behind a prefix, and over what is due */

#include "store/store_internal.h"

#include <string.h>


struct vc_cursor {
    MDB_cursor *cursor;
    vc_str_t    prefix;
    vc_str_t    after;
    bool        started;
};


vc_status_t
vc_cursor_open(vc_snapshot_t *snapshot, vc_arena_t *arena, vc_str_t prefix,
    vc_str_t after, vc_cursor_t **out)
{
    int          rc;
    vc_cursor_t *cursor;

    cursor = vc_arena_calloc(arena, sizeof(vc_cursor_t));
    if (cursor == NULL) {
        return VC_NO_MEMORY;
    }

    cursor->prefix = vc_str_copy(arena, prefix);
    cursor->after = vc_str_copy(arena, after);
    if (cursor->prefix.data == NULL || cursor->after.data == NULL) {
        return VC_NO_MEMORY;
    }

    rc = mdb_cursor_open(snapshot->txn, snapshot->store->records,
        &cursor->cursor);
    if (rc != MDB_SUCCESS) {
        return vc_store_status(rc);
    }

    *out = cursor;

    return VC_OK;
}


static bool
vc_str_before(vc_str_t a, vc_str_t b)
{
    int    order;
    size_t n;

    n = (a.len < b.len) ? a.len : b.len;
    order = (n == 0) ? 0 : memcmp(a.data, b.data, n);

    return order < 0 || (order == 0 && a.len < b.len);
}


static int
vc_cursor_first(vc_cursor_t *cursor, MDB_val *key, MDB_val *val)
{
    int      rc;
    vc_str_t start;

    start = vc_str_before(cursor->after, cursor->prefix) ? cursor->prefix
                                                         : cursor->after;

    if (start.len == 0) {
        return mdb_cursor_get(cursor->cursor, key, val, MDB_FIRST);
    }

    *key = vc_store_val(start);

    rc = mdb_cursor_get(cursor->cursor, key, val, MDB_SET_RANGE);

    if (rc == MDB_SUCCESS && vc_str_eq(vc_store_view(*key), cursor->after)) {
        rc = mdb_cursor_get(cursor->cursor, key, val, MDB_NEXT);
    }

    return rc;
}


vc_status_t
vc_cursor_next(vc_cursor_t *cursor, vc_str_t *key, vc_record_t *out)
{
    int     rc;
    MDB_val k, val;

    if (cursor->started) {
        rc = mdb_cursor_get(cursor->cursor, &k, &val, MDB_NEXT);

    } else {
        cursor->started = true;
        rc = vc_cursor_first(cursor, &k, &val);
    }

    if (rc != MDB_SUCCESS) {
        return vc_store_status(rc);
    }

    *key = vc_store_view(k);

    return vc_str_starts(*key, cursor->prefix) ? vc_record_parse(val, out)
                                               : VC_NOT_FOUND;
}


void
vc_cursor_close(vc_cursor_t *cursor)
{
    if (cursor != NULL && cursor->cursor != NULL) {
        mdb_cursor_close(cursor->cursor);
        cursor->cursor = NULL;
    }
}


static vc_status_t
vc_due_collect(MDB_cursor *cursor, int64_t now, size_t skip, vc_arena_t *arena,
    vc_str_t *keys, size_t max, size_t *count)
{
    int      rc;
    MDB_val  k, val;
    vc_str_t key;

    rc = mdb_cursor_get(cursor, &k, &val, MDB_FIRST);

    while (rc == MDB_SUCCESS && skip != 0) {
        skip--;
        rc = mdb_cursor_get(cursor, &k, &val, MDB_NEXT);
    }

    while (rc == MDB_SUCCESS && *count < max) {
        key = vc_store_view(k);

        if (key.len <= VC_DUE_HEAD) {
            return VC_IO;
        }

        if (vc_load_be64(key.data) > (uint64_t) now) {
            return VC_OK;
        }

        keys[*count] = vc_str_copy(arena,
            (vc_str_t){key.data + VC_DUE_HEAD, key.len - VC_DUE_HEAD});
        if (keys[*count].data == NULL) {
            return VC_NO_MEMORY;
        }

        (*count)++;
        rc = mdb_cursor_get(cursor, &k, &val, MDB_NEXT);
    }

    return (rc == MDB_NOTFOUND) ? VC_OK : vc_store_status(rc);
}


vc_status_t
vc_snapshot_due(vc_snapshot_t *snapshot, int64_t now, size_t skip,
    vc_arena_t *arena, vc_str_t *keys, size_t max, size_t *count)
{
    int         rc;
    MDB_cursor *cursor;
    vc_status_t status;

    *count = 0;

    if (now < 0) {
        return VC_OK;
    }

    rc = mdb_cursor_open(snapshot->txn, snapshot->store->due, &cursor);
    if (rc != MDB_SUCCESS) {
        return vc_store_status(rc);
    }

    status = vc_due_collect(cursor, now, skip, arena, keys, max, count);
    mdb_cursor_close(cursor);

    return status;
}
