/* How a vault is written and how it ends, for the files of this folder only. */

#ifndef VC_VAULTS_VAULT_WRITE_H
#define VC_VAULTS_VAULT_WRITE_H

#include "vaults/vault.h"

/* the vault is changed now, and not by somebody of the management plane */
void vc_vault_stamp(vc_vault_t *vault, int64_t now);

/*
 * Adds the vault's record to the batch, in place of the one with its revision;
 * of a deleted vault also the end of its role assignments.  VC_NO_MEMORY,
 * VC_CRYPTO.
 */
vc_status_t vc_vault_put(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, const vc_vault_t *vault) VC_MUST_CHECK;

/*
 * The end of a vault: its record, role assignments, locks and keys go now, its
 * sealed records, which nothing can open any more, in steps; the tombstone is
 * due until they are gone.
 */
vc_status_t vc_vault_put_end(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, const vc_vault_t *vault) VC_MUST_CHECK;

#endif /* VC_VAULTS_VAULT_WRITE_H */
