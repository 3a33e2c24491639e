/* How a vault ends, for the files of this folder only. */

#ifndef VC_VAULTS_VAULT_END_H
#define VC_VAULTS_VAULT_END_H

#include "vaults/vault.h"

/*
 * The end of a vault: its record and keys go now, its sealed records, which
 * nothing can open any more, in steps; the tombstone is due until they are
 * gone.
 */
void vc_vault_put_end(vc_batch_t *batch, const vc_vault_t *vault);

#endif /* VC_VAULTS_VAULT_END_H */
