/* sessions: a snapshot, and the ciphers kept ready */

#include "store/sealed_internal.h"

#include <stdlib.h>
#include <string.h>


vc_status_t
vc_session_create(vc_vaultstore_t *store, vc_session_t **out)
{
    vc_session_t *session;

    session = calloc(1, sizeof(vc_session_t));
    if (session == NULL) {
        return VC_NO_MEMORY;
    }

    session->scratch = vc_arena_create(1024);
    if (session->scratch == NULL) {
        free(session);
        return VC_NO_MEMORY;
    }

    session->vaultstore = store;
    *out = session;

    return VC_OK;
}


void
vc_session_destroy(vc_session_t *session)
{
    if (session == NULL) {
        return;
    }

    vc_session_end(session);
    vc_session_forget(session);
    vc_arena_destroy(session->scratch);
    free(session);
}


void
vc_session_forget(vc_session_t *session)
{
    size_t            i, n;
    vc_cipher_slot_t *slot;

    slot = &session->slots[0][0];
    n = sizeof(session->slots) / sizeof(vc_cipher_slot_t);

    for (i = 0; i < n; i++, slot++) {
        vc_cipher_destroy(slot->cipher);
        slot->cipher = NULL;
    }

    vc_cipher_destroy(session->root);
    session->root = NULL;
}


vc_vaultstore_t *
vc_session_vaultstore(vc_session_t *session)
{
    return session->vaultstore;
}


vc_status_t
vc_session_begin(vc_session_t *session, vc_error_t *err)
{
    vc_status_t status;

    if (session->snapshot != NULL) {
        return vc_fail_detail(err, VC_INVALID,
            "store: a session was begun twice");
    }

    status = vc_snapshot_begin(session->vaultstore->store, &session->snapshot);
    if (status != VC_OK) {
        session->snapshot = NULL;
        return vc_fail_detail(err, status, "store: no snapshot can be taken");
    }

    if (session->epoch != vc_snapshot_epoch(session->snapshot)) {
        vc_session_forget(session);
        session->epoch = vc_snapshot_epoch(session->snapshot);
    }

    if (session->bound != 0 && session->bound != session->epoch) {
        vc_session_end(session);
        return vc_fail_detail(err, VC_AGAIN,
            "store: who may do what was changed since it was decided");
    }

    return VC_OK;
}


void
vc_session_bind(vc_session_t *session)
{
    session->bound = session->epoch;
}


void
vc_session_unbind(vc_session_t *session)
{
    session->bound = 0;
}


vc_status_t
vc_session_commit(vc_session_t *session, vc_batch_t *batch, uint64_t *revision,
    vc_error_t *err)
{
    vc_batch_expect_epoch(batch, session->bound);

    return vc_store_commit(session->vaultstore->store, batch, revision, err);
}


vc_status_t
vc_session_hold(vc_session_t *session, vc_error_t *err)
{
    if (session->snapshot != NULL) {
        if (vc_snapshot_is_newest(session->snapshot)) {
            return VC_OK;
        }

        vc_session_end(session);
    }

    return vc_session_begin(session, err);
}


void
vc_session_end(vc_session_t *session)
{
    vc_snapshot_end(session->snapshot);
    session->snapshot = NULL;
}


vc_snapshot_t *
vc_session_snapshot(vc_session_t *session)
{
    return session->snapshot;
}


vc_status_t
vc_session_root(vc_session_t *session, vc_cipher_t **out)
{
    uint8_t     key[VC_KEY_LEN];
    vc_status_t status;

    if (session->root == NULL) {
        /* the root key itself only derives keys, one for each purpose */
        status = vc_vaultstore_derive(session->vaultstore, "records", key);

        if (status == VC_OK) {
            status = vc_cipher_create(key, VC_ROOT_KEY_ID, &session->root);
        }

        vc_wipe(key, sizeof(key));

        if (status != VC_OK) {
            return status;
        }
    }

    *out = session->root;

    return VC_OK;
}


static size_t
vc_session_group(const uint8_t domain[VC_DOMAIN_LEN])
{
    uint64_t mixed;

    mixed = vc_load_be64(domain) ^ vc_load_be64(domain + 8);
    mixed *= UINT64_C(0x9e3779b97f4a7c15);

    return (size_t) (mixed >> 58) % VC_CIPHER_GROUPS;
}


static bool
vc_slot_holds(const vc_cipher_slot_t *slot, const uint8_t domain[VC_DOMAIN_LEN])
{
    return slot->cipher != NULL
           && memcmp(slot->domain, domain, VC_DOMAIN_LEN) == 0;
}


vc_cipher_t *
vc_session_find_cipher(vc_session_t *session,
    const uint8_t domain[VC_DOMAIN_LEN], uint32_t key_id)
{
    size_t            i;
    vc_cipher_slot_t *slot;

    slot = session->slots[vc_session_group(domain)];

    for (i = 0; i < VC_CIPHER_GROUP_SIZE; i++, slot++) {
        if (vc_slot_holds(slot, domain)
            && vc_cipher_key_id(slot->cipher) == key_id) {
            return slot->cipher;
        }
    }

    return NULL;
}


vc_cipher_t *
vc_session_find_newest(vc_session_t *session,
    const uint8_t domain[VC_DOMAIN_LEN])
{
    size_t            i;
    vc_cipher_slot_t *slot;

    slot = session->slots[vc_session_group(domain)];

    for (i = 0; i < VC_CIPHER_GROUP_SIZE; i++, slot++) {
        if (slot->newest && vc_slot_holds(slot, domain)) {
            return slot->cipher;
        }
    }

    return NULL;
}


void
vc_session_keep_cipher(vc_session_t *session,
    const uint8_t domain[VC_DOMAIN_LEN], vc_cipher_t *cipher, bool newest)
{
    size_t            i, group;
    vc_cipher_slot_t *slot;

    group = vc_session_group(domain);

    for (i = 0; i < VC_CIPHER_GROUP_SIZE; i++) {
        if (session->slots[group][i].cipher == NULL) {
            break;
        }
    }

    if (i == VC_CIPHER_GROUP_SIZE) {
        i = session->turn[group]++ % VC_CIPHER_GROUP_SIZE;
    }

    slot = &session->slots[group][i];

    vc_cipher_destroy(slot->cipher);
    memcpy(slot->domain, domain, VC_DOMAIN_LEN);
    slot->newest = newest;
    slot->cipher = cipher;
}
