/*
 * What the files of the store share.  Only they and their tests include it.
 *
 * The LMDB environment holds three tables:
 *
 *     records  key -> revision (8) | due (8) | payload
 *     due      due (8) | key -> nothing
 *     meta     "format", "revision", "epoch" (8 each), big endian
 */

#ifndef VC_STORE_STORE_INTERNAL_H
#define VC_STORE_STORE_INTERNAL_H

#include <pthread.h>

#include <lmdb.h>

#include "store/store.h"

#define VC_RECORD_HEAD (8 + 8)
#define VC_DUE_HEAD 8

typedef struct vc_commit vc_commit_t;

struct vc_store {
    MDB_env *env;
    MDB_dbi  records;
    MDB_dbi  due;
    MDB_dbi  meta;
    size_t   page_size;
    bool     inspect;

    /* snapshots kept for reuse, and how many are in use; under pool_lock */
    pthread_mutex_t pool_lock;
    vc_snapshot_t  *idle;
    unsigned        active;

    /* held by whoever has this process's write transaction */
    pthread_mutex_t write_lock;

    /* commits that wait for the writer thread; under queue_lock */
    pthread_mutex_t queue_lock;
    pthread_cond_t  queue_filled;
    vc_commit_t    *queue_head;
    vc_commit_t    *queue_tail;
    uint64_t        queued; /* how many there were so far */
    bool            closing;
    bool            has_writer;
    pthread_t       writer;
};

struct vc_snapshot {
    vc_store_t    *store;
    MDB_txn       *txn;
    size_t         txn_id; /* for which revision and epoch were read */
    uint64_t       revision;
    uint64_t       epoch;
    vc_snapshot_t *next;
};

typedef enum {
    VC_OP_PUT,
    VC_OP_DELETE,
    VC_OP_DELETE_PREFIX,
    VC_OP_EXPECT,
    VC_OP_COUNT
} vc_op_kind_t;

typedef struct vc_op vc_op_t;

struct vc_op {
    vc_op_kind_t kind;
    vc_str_t     key;
    vc_str_t     payload;
    uint64_t     expected;
    int64_t      due;
    uint64_t     n; /* to count by; most keys to delete */
    vc_op_t     *next;
};

struct vc_batch {
    vc_arena_t *arena;
    vc_status_t status; /* the first failure to append */
    size_t      ops;
    size_t      bytes;        /* keys and payloads of the puts */
    bool        writes;       /* there is more in it than expectations */
    bool        sealing_keys; /* a sealing key is put in it */
    uint64_t    epoch;        /* that it expects; 0: any */
    vc_op_t    *first;
    vc_op_t    *last;
};

/* one write transaction, which applies batches one after another */
typedef struct {
    vc_store_t *store;
    MDB_txn    *txn;
    uint64_t    revision;
    uint64_t    epoch;
    bool        epoch_moved;
    bool        broken; /* half of a batch is in it: it must be given up */
} vc_write_t;

static inline MDB_val
vc_store_val(vc_str_t s)
{
    return (MDB_val){s.len, (void *) (uintptr_t) s.data};
}

static inline vc_str_t
vc_store_view(MDB_val val)
{
    return (vc_str_t){val.mv_data, val.mv_size};
}

/* the status that an LMDB result means, and its reason for the operator */
vc_status_t vc_store_status(int rc) VC_MUST_CHECK;
vc_status_t vc_store_fail(vc_error_t *err, int rc, const char *doing)
    VC_MUST_CHECK;

/* a number of the table meta; rc of LMDB, MDB_CORRUPTED for another size */
int vc_store_get_meta(vc_store_t *store, MDB_txn *txn, const char *name,
    uint64_t *out) VC_MUST_CHECK;
int vc_store_put_meta(vc_store_t *store, MDB_txn *txn, const char *name,
    uint64_t value) VC_MUST_CHECK;

/* the parts of a stored record; VC_IO if it is too short to be one */
vc_status_t vc_record_parse(MDB_val val, vc_record_t *out) VC_MUST_CHECK;
vc_status_t vc_record_get(vc_store_t *store, MDB_txn *txn, vc_str_t key,
    vc_record_t *out) VC_MUST_CHECK;

/* makes LMDB order the records by a function that can look ahead, … */
int vc_compare_install(vc_store_t *store, MDB_txn *txn) VC_MUST_CHECK;
/* … and switches that on for this thread, around one look-up in a snapshot */
void vc_compare_look_ahead(bool on);

/*
 * Another process let the map grow beyond ours: follow it, which cannot be
 * done under a transaction of this process.  False if there is one.
 */
bool vc_store_adopt_size(vc_store_t *store, bool writing) VC_MUST_CHECK;

/* frees the kept snapshots */
void vc_store_drop_snapshots(vc_store_t *store);

/* pages that the tables take, as the transaction sees them */
vc_status_t vc_store_pages(vc_store_t *store, MDB_txn *txn, size_t *out)
    VC_MUST_CHECK;

/* applies a batch; VC_CONFLICT and VC_STORE_FULL leave the write as it was,
   unless they set `broken` */
vc_status_t vc_write_apply(vc_write_t *write, vc_batch_t *batch,
    vc_error_t *err) VC_MUST_CHECK;

/* the payload that the batch last puts to a key; .data NULL: none */
vc_str_t vc_batch_pending(const vc_batch_t *batch, vc_str_t key);

vc_status_t vc_writer_start(vc_store_t *store, vc_error_t *err) VC_MUST_CHECK;
void        vc_writer_stop(vc_store_t *store);

#endif /* VC_STORE_STORE_INTERNAL_H */
