/*
 * Sealed records over the store: what callers read is plaintext, what lies
 * in the store is not.
 *
 * Records are sealed in a domain: the root domain (NULL), whose key the seal
 * wraps, or a vault's (its id), whose keys lie in the store wrapped by the
 * root key.  A domain can have several keys: the newest seals, any opens.
 * Seals are counted, and a domain's key is replaced by itself long before a
 * random nonce could repeat.
 *
 * A session is one thread's way to the store: its snapshot, and ciphers kept
 * ready.  It is never shared.  Ciphers are dropped when the policy epoch moves
 * and by vc_session_forget(), which an idle worker calls, because a ready
 * cipher keeps its key in ordinary memory.
 */

#ifndef VC_STORE_SEALED_H
#define VC_STORE_SEALED_H

#include "crypto/cipher.h"
#include "crypto/seal.h"
#include "store/store.h"

/* what all sessions of a process share: the store and the root key */
typedef struct vc_vaultstore vc_vaultstore_t;
typedef struct vc_session    vc_session_t;

/* makes store and root key, VC_CONFLICT if the path holds a store already */
vc_status_t vc_vaultstore_create(const char *path, size_t size,
    const vc_seal_t *seal, vc_error_t *err) VC_MUST_CHECK;

/*
 * Opens the store and unwraps the root key.  flags as vc_store_open().
 * Also VC_UNSEAL_FAILED: it is not this store's seal.
 */
vc_status_t vc_vaultstore_open(const char *path, size_t size, unsigned flags,
    const vc_seal_t *seal, vc_vaultstore_t **out, vc_error_t *err)
    VC_MUST_CHECK;
void        vc_vaultstore_close(vc_vaultstore_t *store);
vc_store_t *vc_vaultstore_store(vc_vaultstore_t *store);

/* a key for one purpose, derived from the root key */
vc_status_t vc_vaultstore_derive(vc_vaultstore_t *store, const char *purpose,
    uint8_t out[VC_KEY_LEN]) VC_MUST_CHECK;

vc_status_t vc_session_create(vc_vaultstore_t *store, vc_session_t **out)
    VC_MUST_CHECK;
void vc_session_destroy(vc_session_t *session);
/* wipes the ready ciphers */
void             vc_session_forget(vc_session_t *session);
vc_vaultstore_t *vc_session_vaultstore(vc_session_t *session);

/* takes a snapshot; every vc_sealed_ call needs one.  Not nested.  VC_AGAIN:
   see vc_session_bind() */
vc_status_t vc_session_begin(vc_session_t *session, vc_error_t *err)
    VC_MUST_CHECK;
void vc_session_end(vc_session_t *session);
/*
 * As vc_session_begin(), but a snapshot that the session still has is kept if
 * it is the newest state: for many short uses in a row, with one
 * vc_session_end() behind the last.
 */
vc_status_t vc_session_hold(vc_session_t *session, vc_error_t *err)
    VC_MUST_CHECK;
/*
 * What is decided about who may do what in the present snapshot shall hold
 * until it is carried out, in snapshots and a commit that follow: if the policy
 * epoch moves, beginning one ends with VC_AGAIN, and vc_session_commit() with
 * VC_CONFLICT.  Until it is unbound.
 */
void vc_session_bind(vc_session_t *session);
void vc_session_unbind(vc_session_t *session);
/* vc_store_commit() of what the session has prepared */
vc_status_t vc_session_commit(vc_session_t *session, vc_batch_t *batch,
    uint64_t *revision, vc_error_t *err) VC_MUST_CHECK;
/* the snapshot between begin and end */
vc_snapshot_t *vc_session_snapshot(vc_session_t *session);

/*
 * VC_OK: plaintext (in the arena), revision, due.  VC_NOT_FOUND: no such
 * record; or no such domain: its key is gone.  VC_UNSEAL_FAILED: damaged or
 * moved (logged with the key's class, never its content).
 */
vc_status_t vc_sealed_get(vc_session_t *session, const uint8_t *domain,
    vc_str_t key, vc_arena_t *arena, vc_record_t *out) VC_MUST_CHECK;

/* opens a record that a cursor of the session's snapshot returned */
vc_status_t vc_sealed_open(vc_session_t *session, const uint8_t *domain,
    vc_str_t key, vc_str_t sealed, vc_arena_t *arena, vc_str_t *out)
    VC_MUST_CHECK;

/* seals and adds to the batch */
vc_status_t vc_sealed_put(vc_session_t *session, const uint8_t *domain,
    vc_batch_t *batch, vc_str_t key, uint64_t expected, vc_str_t plaintext,
    int64_t due) VC_MUST_CHECK;

/*
 * Adds to the batch that nobody else has claimed the same set since the
 * snapshot: for whoever looks in the snapshot whether what it adds is unique,
 * or not too many.  The commit is VC_CONFLICT when somebody has.
 */
vc_status_t vc_sealed_claim(vc_session_t *session, vc_batch_t *batch,
    const char *set) VC_MUST_CHECK;

/* adds a new domain with its first key to the batch */
vc_status_t vc_domain_create(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, const uint8_t domain[VC_DOMAIN_LEN]) VC_MUST_CHECK;

/*
 * Adds a new key of the domain to the batch: what is sealed after the commit
 * is sealed with it, and what was sealed before still opens.  *key_id: its
 * number; a domain's first key is 1.  VC_NOT_FOUND: no such domain.  The
 * commit is VC_CONFLICT when another has replaced the key meanwhile.
 */
vc_status_t vc_domain_replace_key(vc_session_t *session, vc_batch_t *batch,
    const uint8_t domain[VC_DOMAIN_LEN], uint32_t *key_id) VC_MUST_CHECK;

/* adds the end of a domain to the batch: its keys and its counter */
void vc_domain_destroy(vc_batch_t *batch, const uint8_t domain[VC_DOMAIN_LEN]);

#endif /* VC_STORE_SEALED_H */
