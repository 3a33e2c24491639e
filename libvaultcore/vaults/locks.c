/* locks of scopes */

#include <string.h>

#include "vaults/groups.h"
#include "vaults/small_records.h"

#define VC_LOCK_FORMAT 1


static vc_status_t
vc_lock_decode(vc_str_t plain, uint64_t revision, vc_lock_t *out)
{
    uint8_t     format, level;
    vc_reader_t r;

    memset(out, 0, sizeof(*out));
    r = vc_reader(plain);

    if (!vc_read_u8(&r, &format) || format != VC_LOCK_FORMAT
        || !vc_read_block(&r, &out->scope) || !vc_read_block(&r, &out->name)
        || !vc_read_u8(&r, &level) || level > VC_LOCK_READ_ONLY
        || !vc_read_block(&r, &out->notes) || !vc_read_block(&r, &out->owners)
        || !vc_read_done(&r))
    {
        return VC_INVALID;
    }

    out->level = (vc_lock_level_t) level;
    out->revision = revision;

    return VC_OK;
}


static vc_status_t
vc_lock_add(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    const vc_lock_t *lock)
{
    vc_buf_t plain;
    vc_key_t key;

    vc_buf_init(&plain, arena, 512);
    vc_buf_u8(&plain, VC_LOCK_FORMAT);
    vc_buf_block(&plain, lock->scope);
    vc_buf_block(&plain, lock->name);
    vc_buf_u8(&plain, (uint8_t) lock->level);
    vc_buf_block(&plain, lock->notes);
    vc_buf_block(&plain, lock->owners);

    if (plain.failed) {
        return VC_NO_MEMORY;
    }

    key = vc_key_lock(lock->scope, lock->name);

    return vc_sealed_put(session, NULL, batch, vc_key_view(&key),
        lock->revision, vc_buf_view(&plain), 0);
}


/* segments with one '/' before each, and none behind the last */
static bool
vc_lock_scope_valid(vc_str_t scope)
{
    size_t i;

    if (scope.len < 2 || scope.len > VC_SCOPE_MAX || scope.data[0] != '/') {
        return false;
    }

    for (i = 0; i < scope.len; i++) {
        if (scope.data[i] == '/'
            && (i + 1 == scope.len || scope.data[i + 1] == '/')) {
            return false;
        }
    }

    return true;
}


vc_status_t
vc_lock_get(vc_session_t *session, vc_arena_t *arena, vc_str_t scope,
    vc_str_t name, vc_lock_t *out)
{
    vc_key_t    key;
    vc_record_t record;
    vc_status_t status;

    if (!vc_lock_scope_valid(scope) || !vc_small_name_valid(name)) {
        return VC_NOT_FOUND;
    }

    key = vc_key_lock(scope, name);
    status = vc_sealed_get(session, NULL, vc_key_view(&key), arena, &record);

    return (status == VC_OK)
               ? vc_lock_decode(record.payload, record.revision, out)
               : status;
}


typedef struct {
    vc_status_t (*each)(const vc_lock_t *lock, void *data);
    void *data;
} vc_locks_walk_t;


static vc_status_t
vc_lock_visit(vc_arena_t *arena, vc_str_t plain, uint64_t revision, void *data)
{
    vc_lock_t              lock;
    vc_status_t            status;
    const vc_locks_walk_t *walk;

    (void) arena;

    walk = data;
    status = vc_lock_decode(plain, revision, &lock);

    return (status == VC_OK) ? walk->each(&lock, walk->data) : status;
}


vc_status_t
vc_locks_each(vc_session_t *session, vc_arena_t                  *arena,
    vc_status_t (*each)(const vc_lock_t *lock, void *data), void *data)
{
    vc_locks_walk_t walk = {each, data};

    return vc_small_walk(session, NULL, vc_key_lock(VC_STR_NULL, VC_STR_NULL),
        arena, vc_lock_visit, &walk);
}


typedef struct {
    bool       deleting;
    bool       found;
    vc_lock_t *out;
} vc_lock_search_t;


/* takes the first that forbids */
static vc_status_t
vc_lock_search(const vc_lock_t *lock, void *data)
{
    vc_lock_search_t *search = data;

    if (!search->found
        && (search->deleting || lock->level == VC_LOCK_READ_ONLY)) {
        search->found = true;
        *search->out = *lock;
    }

    return VC_OK;
}


/* the scope that this one, not empty, lies in; the root's is empty */
static vc_str_t
vc_scope_above(vc_str_t scope)
{
    do {
        scope.len--;
    } while (scope.len > 0 && scope.data[scope.len] != '/');

    return scope;
}


vc_status_t
vc_lock_find(vc_session_t *session, vc_arena_t *arena, vc_str_t scope,
    bool deleting, vc_lock_t *out)
{
    vc_status_t      status;
    vc_locks_walk_t  walk;
    vc_lock_search_t search;

    search = (vc_lock_search_t){deleting, false, out};
    walk = (vc_locks_walk_t){vc_lock_search, &search};

    for (; scope.len != 0; scope = vc_scope_above(scope)) {
        status = vc_small_walk(session, NULL, vc_key_lock(scope, VC_STR_NULL),
            arena, vc_lock_visit, &walk);

        if (status != VC_OK || search.found) {
            return status;
        }
    }

    return VC_NOT_FOUND;
}


typedef struct {
    vc_lock_t *lock;
    bool      *existed;
} vc_lock_put_t;


static vc_status_t
vc_lock_check_new(vc_session_t *session, vc_arena_t *arena,
    const vc_lock_t *lock, vc_error_t *err)
{
    size_t      count;
    vc_status_t status;

    status = vc_small_count(session, vc_key_lock(lock->scope, VC_STR_NULL),
        arena, &count);

    if (status == VC_OK && count >= VC_LOCKS_MAX) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The scope has %zu locks, as many as it can have.", count);
    }

    return status;
}


static vc_status_t
vc_lock_try_put(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    void *data, vc_error_t *err)
{
    vc_lock_t      old, *lock;
    vc_status_t    status;
    vc_lock_put_t *put;

    put = data;
    lock = put->lock;

    status = vc_lock_get(session, arena, lock->scope, lock->name, &old);
    *put->existed = (status == VC_OK);

    if (status == VC_NOT_FOUND) {
        lock->revision = VC_REVISION_NONE;
        status = vc_lock_check_new(session, arena, lock, err);

    } else if (status == VC_OK) {
        lock->scope = old.scope;
        lock->name = old.name;
        lock->revision = old.revision;
    }

    return (status == VC_OK) ? vc_lock_add(session, arena, batch, lock)
                             : status;
}


vc_status_t
vc_lock_put(vc_session_t *session, vc_arena_t *arena, vc_lock_t *lock,
    bool *existed, vc_error_t *err)
{
    vc_lock_put_t put;

    if (!vc_lock_scope_valid(lock->scope)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The scope of the lock is invalid: it must be the id of a "
            "subscription, a resource group or a resource.");
    }

    if (!vc_small_name_valid(lock->name)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The name of the lock is invalid: it must have 1 to %d bytes, "
            "without control characters and <, >, %%, &, :, \\, ?, /.",
            VC_NAME_MAX);
    }

    put.lock = lock;
    put.existed = existed;

    return vc_small_change(session, arena, "lock", vc_lock_try_put, &put,
        &lock->revision, err);
}


static vc_status_t
vc_lock_try_delete(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    void *data, vc_error_t *err)
{
    vc_key_t         key;
    vc_lock_t        old;
    vc_status_t      status;
    const vc_lock_t *lock;

    (void) err;

    lock = data;

    status = vc_lock_get(session, arena, lock->scope, lock->name, &old);
    if (status != VC_OK) {
        return status;
    }

    key = vc_key_lock(lock->scope, lock->name);
    vc_batch_delete(batch, vc_key_view(&key), old.revision);

    return VC_OK;
}


vc_status_t
vc_lock_delete(vc_session_t *session, vc_arena_t *arena, vc_str_t scope,
    vc_str_t name, vc_error_t *err)
{
    uint64_t  revision;
    vc_lock_t lock;

    memset(&lock, 0, sizeof(lock));
    lock.scope = scope;
    lock.name = name;

    return vc_small_change(session, arena, "lock", vc_lock_try_delete, &lock,
        &revision, err);
}
