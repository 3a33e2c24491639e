/* What the files behind sealed.h share: for them and their tests only. */

#ifndef VC_STORE_SEALED_INTERNAL_H
#define VC_STORE_SEALED_INTERNAL_H

#include "store/sealed.h"
#include "store/store_internal.h"

#define VC_ROOT_KEY_ID 1

/* ready ciphers a session keeps: groups of a few, one group for a domain */
#define VC_CIPHER_GROUPS 64
#define VC_CIPHER_GROUP_SIZE 4

struct vc_vaultstore {
    vc_store_t *store;
    uint8_t    *root; /* a block of secret memory */
};

typedef struct {
    uint8_t      domain[VC_DOMAIN_LEN];
    bool         newest; /* the domain's key that seals */
    vc_cipher_t *cipher; /* NULL: free */
} vc_cipher_slot_t;

struct vc_session {
    vc_vaultstore_t *vaultstore;
    vc_snapshot_t   *snapshot;
    vc_arena_t      *scratch; /* empty between calls */
    vc_cipher_t     *root;
    uint64_t         epoch; /* at which the ciphers were made */
    uint64_t         bound; /* the epoch of a decision; 0: none */
    uint8_t          turn[VC_CIPHER_GROUPS];
    vc_cipher_slot_t slots[VC_CIPHER_GROUPS][VC_CIPHER_GROUP_SIZE];
};

/* seals by one key after which it is replaced; a variable for the tests */
extern uint64_t vc_seal_limit;

/* the cipher of the root domain */
vc_status_t vc_session_root(vc_session_t *session, vc_cipher_t **out)
    VC_MUST_CHECK;

/* a kept cipher, by key id or the one that seals; NULL if it is not kept */
vc_cipher_t *vc_session_find_cipher(vc_session_t *session,
    const uint8_t domain[VC_DOMAIN_LEN], uint32_t key_id);
vc_cipher_t *vc_session_find_newest(vc_session_t *session,
    const uint8_t domain[VC_DOMAIN_LEN]);
/* keeps a cipher, and drops another for it when there is no room */
void vc_session_keep_cipher(vc_session_t *session,
    const uint8_t domain[VC_DOMAIN_LEN], vc_cipher_t *cipher, bool newest);

/*
 * The cipher that opens what a key sealed; it belongs to the session.
 * VC_NOT_FOUND: no such domain; VC_UNSEAL_FAILED: no such key in it.
 */
vc_status_t vc_domain_opening_cipher(vc_session_t *session,
    const uint8_t domain[VC_DOMAIN_LEN], uint32_t key_id, vc_cipher_t **out)
    VC_MUST_CHECK;

/*
 * The cipher to seal with in this batch; the caller destroys it if *temporary
 * is set.  Adds a new key to the batch when the one in use has sealed enough.
 */
vc_status_t vc_domain_sealing_cipher(vc_session_t *session,
    const uint8_t domain[VC_DOMAIN_LEN], vc_batch_t *batch, vc_cipher_t **out,
    bool *temporary) VC_MUST_CHECK;

/* VC_UNSEAL_FAILED, and a line in the log that names the record's class */
vc_status_t vc_sealed_damaged(vc_str_t key) VC_MUST_CHECK;

/* opens into the arena with a cipher that is at hand */
vc_status_t vc_sealed_open_with(vc_cipher_t *cipher, vc_str_t key,
    vc_str_t sealed, vc_arena_t *arena, vc_str_t *out) VC_MUST_CHECK;

/* seals into the batch with a cipher that is at hand, and counts it;
   domain NULL: the root domain */
vc_status_t vc_sealed_put_with(vc_session_t *session, vc_cipher_t *cipher,
    const uint8_t *domain, vc_batch_t *batch, vc_str_t key, uint64_t expected,
    vc_str_t plaintext, int64_t due) VC_MUST_CHECK;

#endif /* VC_STORE_SEALED_INTERNAL_H */
