/*
 * The order of keys, which is LMDB's own: bytes, then length.  It is given to
 * LMDB as a function of ours for the sake of what it can do beside comparing.
 *
 * In a store of millions of records a look-up waits for memory: it walks down
 * a few pages and searches each in halves, and each probe is a cache line that
 * nothing has asked for yet.  The function that compares sees the first probe
 * in a page, and asks then for the lines of the probes that can follow, all at
 * once.  They arrive together in the time of one.
 *
 * Of LMDB's page this knows: 16 bytes of head, in which the offset of the end
 * of the node table lies at 12, then that table, of 16-bit offsets in the page.
 * Were it otherwise, the wrong lines would be asked for, and nothing else.
 */

#include "store/store_internal.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#define VC_PAGE_HEAD 16
#define VC_PAGE_TABLE_END 12
#define VC_NODE_HEAD 8
#define VC_PROBES 16
#define VC_NO_PAGE 1 /* no page begins there */

/*
 * The page of the last probe, 0 outside of look-ups in a snapshot: only a
 * snapshot's nodes are sure to lie in pages of the map.  Not the general model
 * of a thread's variables in a shared object, which is a call for each use.
 */
static _Thread_local uintptr_t vc_probed
    __attribute__((tls_model("initial-exec")));

/*
 * Of the bytes in a page: of LMDB's, unless the machine's is smaller, as in a
 * store that comes from another machine.  Then the look ahead is blind, but it
 * reads only where a node lies.  The last store opened decides for all.
 */
static _Atomic uintptr_t vc_page_mask;


static void
vc_page_prefetch(uintptr_t page, uintptr_t mask, size_t key_len)
{
    size_t         i, n, step;
    uint16_t       end, node;
    const uint8_t *head, *table;

    head = (const uint8_t *) page;
    table = head + VC_PAGE_HEAD;
    memcpy(&end, head + VC_PAGE_TABLE_END, sizeof(end));

    if (end <= VC_PAGE_HEAD || end > mask) {
        return;
    }

    /* a few nodes: all of them; many: those that the search meets first */
    n = (size_t) (end - VC_PAGE_HEAD) / sizeof(node);
    step = (n + VC_PROBES - 1) / VC_PROBES;

    for (i = 0; i < n; i += step) {
        memcpy(&node, table + i * sizeof(node), sizeof(node));
        node &= (uint16_t) mask;
        __builtin_prefetch(head + node);
        /* keys differ near their ends, which can lie in the next line */
        __builtin_prefetch(head + node + VC_NODE_HEAD + key_len);
    }
}


/* eight bytes at a time: keys are short, and begin alike */
static int
vc_bytes_compare(const uint8_t *a, const uint8_t *b, size_t n)
{
    size_t   i;
    uint64_t x, y;

    for (i = 0; n - i >= sizeof(x); i += sizeof(x)) {
        x = vc_load_be64(a + i);
        y = vc_load_be64(b + i);

        if (x != y) {
            return (x < y) ? -1 : 1;
        }
    }

    return (i == n) ? 0 : memcmp(a + i, b + i, n - i);
}


static int
vc_key_compare(const MDB_val *a, const MDB_val *b)
{
    int       rc;
    uintptr_t page, mask;

    if (vc_probed != 0) {
        mask = atomic_load_explicit(&vc_page_mask, memory_order_relaxed);
        page = (uintptr_t) b->mv_data & ~mask;

        if (page != vc_probed) {
            vc_probed = page;
            vc_page_prefetch(page, mask, a->mv_size);
        }
    }

    rc = vc_bytes_compare(a->mv_data, b->mv_data,
        a->mv_size < b->mv_size ? a->mv_size : b->mv_size);

    return (rc != 0) ? rc
                     : (a->mv_size > b->mv_size) - (a->mv_size < b->mv_size);
}


int
vc_compare_install(vc_store_t *store, MDB_txn *txn)
{
    size_t page_size;

    page_size = (size_t) sysconf(_SC_PAGESIZE);
    if (page_size > store->page_size) {
        page_size = store->page_size;
    }

    atomic_store_explicit(&vc_page_mask, page_size - 1, memory_order_relaxed);

    return mdb_set_compare(txn, store->records, vc_key_compare);
}


void
vc_compare_look_ahead(bool on)
{
    vc_probed = on ? VC_NO_PAGE : 0;
}
