/* the store with its root key */

#include "store/sealed_internal.h"

#include <stdlib.h>

#include "crypto/digest.h"
#include "crypto/random.h"
#include "crypto/secmem.h"


static vc_status_t
vc_root_wrap_new(const vc_seal_t *seal, vc_buf_t *out, vc_error_t *err)
{
    uint8_t    *key;
    vc_status_t status;

    key = vc_secret_alloc(err);
    if (key == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_random(key, VC_KEY_LEN);

    if (status == VC_OK) {
        status = vc_seal_wrap(seal, key, out);
    }

    vc_secret_free(key);

    return (status == VC_OK)
               ? VC_OK
               : vc_fail(err, status, "the root key cannot be made");
}


static vc_status_t
vc_root_create(vc_store_t *store, const char *path, const vc_seal_t *seal,
    vc_arena_t *arena, vc_error_t *err)
{
    vc_buf_t    wrapped;
    vc_key_t    key;
    vc_batch_t *batch;
    vc_status_t status;

    vc_buf_init(&wrapped, arena, 128);

    status = vc_root_wrap_new(seal, &wrapped, err);
    if (status != VC_OK) {
        return status;
    }

    key = vc_key_installation("root");
    batch = vc_batch_create(arena);
    vc_batch_put(batch, vc_key_view(&key), VC_REVISION_NONE,
        vc_buf_view(&wrapped), 0);

    status = vc_store_commit(store, batch, NULL, err);

    if (status == VC_CONFLICT) {
        return vc_fail(err, status, "%s: there is a store already", path);
    }

    return status;
}


vc_status_t
vc_vaultstore_create(const char *path, size_t size, const vc_seal_t *seal,
    vc_error_t *err)
{
    vc_arena_t *arena;
    vc_store_t *store;
    vc_status_t status;

    if (seal == NULL) {
        return vc_fail(err, VC_INVALID, "a store needs a seal");
    }

    status = vc_store_open(path, size, VC_STORE_CREATE, &store, err);

    if (status == VC_CONFLICT) {
        /* it may be one whose making was cut short before its root key */
        status = vc_store_open(path, size, 0, &store, err);
    }

    if (status != VC_OK) {
        return status;
    }

    arena = vc_arena_create(1024);

    status = (arena == NULL)
                 ? vc_fail(err, VC_NO_MEMORY, "%s: out of memory", path)
                 : vc_root_create(store, path, seal, arena, err);

    vc_arena_destroy(arena);
    vc_store_close(store);

    return status;
}


static vc_status_t
vc_root_unwrap(vc_vaultstore_t *vaultstore, const char *path,
    const vc_seal_t *seal, vc_error_t *err)
{
    vc_key_t       key;
    vc_record_t    record;
    vc_status_t    status;
    vc_snapshot_t *snapshot;

    status = vc_snapshot_begin(vaultstore->store, &snapshot);
    if (status != VC_OK) {
        return vc_fail(err, status, "%s: the store cannot be read", path);
    }

    key = vc_key_installation("root");

    status = vc_snapshot_get(snapshot, vc_key_view(&key), &record);
    if (status == VC_OK) {
        status = vc_seal_unwrap(seal, record.payload, vaultstore->root);
    }

    vc_snapshot_end(snapshot);

    switch (status) {
    case VC_OK:
        return VC_OK;
    case VC_NOT_FOUND:
        return vc_fail(err, status,
            "%s: the store has no root key: its making was cut short; "
            "make it again",
            path);
    case VC_UNSEAL_FAILED:
        return vc_fail(err, status,
            "%s: the seal does not open this store: it is another store's "
            "seal",
            path);
    default:
        return vc_fail(err, status, "%s: the root key cannot be read (%s)",
            path, vc_status_name(status));
    }
}


vc_status_t
vc_vaultstore_open(const char *path, size_t size, unsigned flags,
    const vc_seal_t *seal, vc_vaultstore_t **out, vc_error_t *err)
{
    vc_status_t      status;
    vc_vaultstore_t *vaultstore;

    if (seal == NULL || (flags & VC_STORE_CREATE) != 0) {
        return vc_fail(err, VC_INVALID,
            "a store is opened with a seal, and made by another call");
    }

    vaultstore = calloc(1, sizeof(vc_vaultstore_t));
    if (vaultstore == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "%s: out of memory", path);
    }

    status = vc_store_open(path, size, flags, &vaultstore->store, err);

    if (status == VC_OK) {
        vaultstore->root = vc_secret_alloc(err);
        status = (vaultstore->root == NULL)
                     ? VC_NO_MEMORY
                     : vc_root_unwrap(vaultstore, path, seal, err);
    }

    if (status != VC_OK) {
        vc_vaultstore_close(vaultstore);
        return status;
    }

    *out = vaultstore;

    return VC_OK;
}


void
vc_vaultstore_close(vc_vaultstore_t *store)
{
    if (store == NULL) {
        return;
    }

    vc_store_close(store->store);
    vc_secret_free(store->root);
    free(store);
}


vc_store_t *
vc_vaultstore_store(vc_vaultstore_t *store)
{
    return store->store;
}


vc_status_t
vc_vaultstore_derive(vc_vaultstore_t *store, const char *purpose,
    uint8_t out[VC_KEY_LEN])
{
    return vc_derive_key(store->root, purpose, out);
}
