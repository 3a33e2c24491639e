#include "store/store_internal.h"

#include <string.h>


vc_batch_t *
vc_batch_create(vc_arena_t *arena)
{
    vc_batch_t *batch;

    batch = vc_arena_calloc(arena, sizeof(vc_batch_t));
    if (batch != NULL) {
        batch->arena = arena;
    }

    return batch;
}


static void
vc_batch_refuse(vc_batch_t *batch, vc_status_t status)
{
    if (batch->status == VC_OK) {
        batch->status = status;
    }
}


static vc_op_t *
vc_batch_append(vc_batch_t *batch, vc_op_kind_t kind, vc_str_t key,
    uint64_t expected)
{
    vc_op_t *op;

    if (batch == NULL || batch->status != VC_OK) {
        return NULL;
    }

    if (key.len == 0 || key.len > VC_KEY_MAX) {
        vc_batch_refuse(batch, VC_INVALID);
        return NULL;
    }

    op = vc_arena_calloc(batch->arena, sizeof(vc_op_t));
    if (op == NULL) {
        vc_batch_refuse(batch, VC_NO_MEMORY);
        return NULL;
    }

    op->kind = kind;
    op->expected = expected;

    op->key = vc_str_copy(batch->arena, key);
    if (op->key.data == NULL) {
        vc_batch_refuse(batch, VC_NO_MEMORY);
        return NULL;
    }

    if (batch->last == NULL) {
        batch->first = op;

    } else {
        batch->last->next = op;
    }

    batch->last = op;
    batch->ops++;
    batch->writes = batch->writes || kind != VC_OP_EXPECT;

    return op;
}


void
vc_batch_put(vc_batch_t *batch, vc_str_t key, uint64_t expected,
    vc_str_t payload, int64_t due)
{
    vc_op_t *op;

    op = vc_batch_append(batch, VC_OP_PUT, key, expected);
    if (op == NULL) {
        return;
    }

    op->due = due;
    op->payload = vc_str_copy(batch->arena, payload);

    if (op->payload.data == NULL) {
        vc_batch_refuse(batch, VC_NO_MEMORY);

    } else if (due < 0) {
        vc_batch_refuse(batch, VC_INVALID);
    }

    batch->bytes += key.len + payload.len;
    batch->sealing_keys = batch->sealing_keys || key.data[0] == 'k';
}


void
vc_batch_delete(vc_batch_t *batch, vc_str_t key, uint64_t expected)
{
    (void) vc_batch_append(batch, VC_OP_DELETE, key, expected);
}


void
vc_batch_delete_prefix(vc_batch_t *batch, vc_str_t prefix, size_t limit)
{
    vc_op_t *op;

    op = vc_batch_append(batch, VC_OP_DELETE_PREFIX, prefix, VC_REVISION_ANY);
    if (op != NULL) {
        op->n = (limit == 0) ? UINT64_MAX : limit;
    }
}


void
vc_batch_expect(vc_batch_t *batch, vc_str_t key, uint64_t expected)
{
    (void) vc_batch_append(batch, VC_OP_EXPECT, key, expected);
}


void
vc_batch_expect_epoch(vc_batch_t *batch, uint64_t epoch)
{
    if (batch != NULL) {
        batch->epoch = epoch;
    }
}


void
vc_batch_count(vc_batch_t *batch, vc_str_t key, uint64_t n)
{
    vc_op_t *op;

    op = vc_batch_append(batch, VC_OP_COUNT, key, VC_REVISION_ANY);
    if (op != NULL) {
        op->n = n;
    }
}


vc_str_t
vc_batch_pending(const vc_batch_t *batch, vc_str_t key)
{
    vc_str_t       payload;
    const vc_op_t *op;

    payload = VC_STR_NULL;

    for (op = batch->first; op != NULL; op = op->next) {
        if (!vc_str_eq(op->key, key)) {
            continue;
        }

        if (op->kind == VC_OP_PUT) {
            payload = op->payload;

        } else if (op->kind == VC_OP_DELETE) {
            payload = VC_STR_NULL;
        }
    }

    return payload;
}
