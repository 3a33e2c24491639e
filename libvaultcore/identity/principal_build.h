/* What a local principal is made of, before it is stored. */

#ifndef VC_IDENTITY_PRINCIPAL_BUILD_H
#define VC_IDENTITY_PRINCIPAL_BUILD_H

#include "identity/local_principals.h"

/*
 * A principal with new ids, as spec says, into the zeroed *out; on failure
 * the caller clears it.  VC_BAD_PARAMETER, VC_CRYPTO, VC_NO_MEMORY.  Slow.
 */
vc_status_t vc_principal_build(vc_arena_t *arena,
    const vc_principal_spec_t *spec, vc_local_principal_t *out, char *secret,
    vc_error_t *err) VC_MUST_CHECK;

/* another generation than it has; VC_CRYPTO */
vc_status_t vc_principal_new_generation(vc_local_principal_t *principal)
    VC_MUST_CHECK;

/* a new secret: its text (VC_CLIENT_SECRET_LEN + 1 bytes) for the caller, its
   hash, in the arena, for the record.  Slow. */
vc_status_t vc_principal_new_secret(vc_arena_t *arena, char *secret,
    vc_str_t *hash) VC_MUST_CHECK;

/* a federated credential as it is to be stored, a default audience put in;
   VC_BAD_PARAMETER */
vc_status_t vc_trust_build(const vc_trust_t *trust, vc_trust_t *out,
    vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_IDENTITY_PRINCIPAL_BUILD_H */
