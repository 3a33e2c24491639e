/*
 * The stored form of a vault: one record in the root domain, binary, a format
 * byte first.  Reading and writing it live here and nowhere else.
 */

#ifndef VC_VAULTS_VAULT_CODEC_H
#define VC_VAULTS_VAULT_CODEC_H

#include "vaults/vault.h"

void vc_vault_encode(const vc_vault_t *vault, vc_buf_t *out);

/* reads the formats before the present one too; lists go into the arena, texts
   are views into plain.  VC_OK, VC_INVALID, VC_NO_MEMORY */
vc_status_t vc_vault_decode(vc_str_t plain, vc_arena_t *arena, vc_vault_t *out)
    VC_MUST_CHECK;

#endif /* VC_VAULTS_VAULT_CODEC_H */
