/*
 * The store: one ordered keyspace of byte strings.
 *
 * Reads take a snapshot.  Every change goes through vc_store_commit(), which
 * applies a batch whole or not at all, after comparing the revision of each
 * key that the batch names with the one it expects.  A record's revision is
 * that of the commit that wrote it; revisions only grow.
 *
 * The engine is LMDB: every process maps the same file.  Open it after
 * fork(2), never before.  A commit returns only when its batch is on disk;
 * commits that wait at the same time share one disk flush (group commit).
 */

#ifndef VC_STORE_STORE_H
#define VC_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "store/keys.h"

#define VC_STORE_FORMAT 1
#define VC_STORE_SIZE_DEFAULT ((size_t) 16 << 30)

/* for a key whose revision does not matter, and for one that must not exist */
#define VC_REVISION_ANY UINT64_MAX
#define VC_REVISION_NONE 0

typedef struct vc_store    vc_store_t;
typedef struct vc_snapshot vc_snapshot_t;

enum {
    VC_STORE_CREATE = 1U << 0, /* make a new one; VC_CONFLICT if there is one */
    VC_STORE_WRITER = 1U << 1, /* start the group commit thread */
    VC_STORE_INSPECT = 1U << 2, /* read only, and change nothing on disk: not
                                   even the lock file (for `nginx -t`) */
};

/*
 * path is a directory (mode 0700), size the bytes to which the data file may
 * grow; 0: as it was left.
 * VC_OK; VC_NOT_FOUND: no store there; VC_CONFLICT: see VC_STORE_CREATE;
 * VC_NEWER_FORMAT; VC_INVALID: no path, or a size of less than a megabyte;
 * VC_IO, VC_NO_MEMORY.
 * err->message is for the operator and names the path.
 */
vc_status_t vc_store_open(const char *path, size_t size, unsigned flags,
    vc_store_t **out, vc_error_t *err) VC_MUST_CHECK;

/* finishes the commits that are under way, then closes; every snapshot must
   have been ended; NULL is allowed */
void vc_store_close(vc_store_t *store);

typedef struct {
    uint64_t revision;
    size_t   bytes_used;
    size_t   bytes_limit;
    uint64_t records;
    uint32_t readers;
    uint32_t format;
} vc_store_info_t;

vc_status_t vc_store_info(vc_store_t *store, vc_store_info_t *out)
    VC_MUST_CHECK;

/* drops reader slots of processes that are gone; cheap, call it now and then */
void vc_store_check_readers(vc_store_t *store);


/* --- reading ---------------------------------------------------------------
 *
 * A snapshot belongs to one thread at a time and must be ended soon: while it
 * is held the pages it sees cannot be used again.  What is read from it stays
 * valid until it is ended.
 */

/* VC_OK; VC_UNAVAILABLE: the file outgrew the map while this process has other
   snapshots, or too many processes read; VC_IO, VC_NO_MEMORY */
vc_status_t vc_snapshot_begin(vc_store_t *store, vc_snapshot_t **out)
    VC_MUST_CHECK;
void vc_snapshot_end(vc_snapshot_t *snapshot);
/* whether nothing was committed since, by any process */
bool vc_snapshot_is_newest(const vc_snapshot_t *snapshot);

/* the revision of the newest commit that the snapshot sees */
uint64_t vc_snapshot_revision(const vc_snapshot_t *snapshot);
/* the policy epoch: moves when who-may-do-what may have changed */
uint64_t vc_snapshot_epoch(const vc_snapshot_t *snapshot);

typedef struct {
    vc_str_t payload;
    uint64_t revision;
    int64_t  due; /* when vc_store_due() hands it out, 0: never */
} vc_record_t;

/* VC_OK, VC_NOT_FOUND, VC_IO */
vc_status_t vc_snapshot_get(vc_snapshot_t *snapshot, vc_str_t key,
    vc_record_t *out) VC_MUST_CHECK;

/* walks the keys that begin with a prefix, in order */
typedef struct vc_cursor vc_cursor_t;

/* `after` (whole key, may be empty): begin behind it.  The cursor is made in
   the arena but must be closed, before the snapshot ends. */
vc_status_t vc_cursor_open(vc_snapshot_t *snapshot, vc_arena_t *arena,
    vc_str_t prefix, vc_str_t after, vc_cursor_t **out) VC_MUST_CHECK;
/* VC_OK, VC_NOT_FOUND at the end, VC_IO */
vc_status_t vc_cursor_next(vc_cursor_t *cursor, vc_str_t *key, vc_record_t *out)
    VC_MUST_CHECK;
void vc_cursor_close(vc_cursor_t *cursor);

/*
 * The records that are due at `now`, the earliest first, behind the first
 * `skip` of them, at most max; *count gets how many.  The keys are copied into
 * the arena.
 */
vc_status_t vc_snapshot_due(vc_snapshot_t *snapshot, int64_t now, size_t skip,
    vc_arena_t *arena, vc_str_t *keys, size_t max, size_t *count) VC_MUST_CHECK;


/* --- writing ---------------------------------------------------------------
 *
 * A batch lives in an arena; appending to it never fails visibly: the first
 * failure is kept and reported by vc_store_commit().
 */

typedef struct vc_batch vc_batch_t;

vc_batch_t *vc_batch_create(vc_arena_t *arena);

/* key, payload are copied; expected as above; due 0: never */
void vc_batch_put(vc_batch_t *batch, vc_str_t key, uint64_t expected,
    vc_str_t payload, int64_t due);
void vc_batch_delete(vc_batch_t *batch, vc_str_t key, uint64_t expected);
/* deletes at most `limit` keys that begin with prefix (0: all of them) */
void vc_batch_delete_prefix(vc_batch_t *batch, vc_str_t prefix, size_t limit);
/* the key must have this revision; nothing is written to it */
void vc_batch_expect(vc_batch_t *batch, vc_str_t key, uint64_t expected);
/* the policy epoch must be this one; 0: any */
void vc_batch_expect_epoch(vc_batch_t *batch, uint64_t epoch);
/* adds n to a counter record (8 bytes, big endian; made when missing) */
void vc_batch_count(vc_batch_t *batch, vc_str_t key, uint64_t n);

/*
 * Applies the batch and returns when it is durable.  Blocks: never on the
 * event loop.  Thread-safe.  *revision (NULL allowed) gets the commit's.
 * VC_OK; VC_CONFLICT: an expectation does not hold; VC_STORE_FULL: the
 * configured size is reached; VC_UNAVAILABLE: as vc_snapshot_begin();
 * VC_INVALID: a key, a due time or the store is not for writing; VC_NO_MEMORY;
 * VC_IO.  Unless VC_OK nothing was written.
 *
 * The last eighth of the size (64 MiB at most) is not for what makes the store
 * grow, so that a full store can be made smaller.
 */
vc_status_t vc_store_commit(vc_store_t *store, vc_batch_t *batch,
    uint64_t *revision, vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_STORE_STORE_H */
