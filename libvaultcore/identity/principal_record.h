/* The stored form of a local principal: a JSON object, sealed. */

#ifndef VC_IDENTITY_PRINCIPAL_RECORD_H
#define VC_IDENTITY_PRINCIPAL_RECORD_H

#include "identity/local_principals.h"

/* appends; VC_NO_MEMORY */
vc_status_t vc_principal_encode(const vc_local_principal_t *principal,
    vc_buf_t *out) VC_MUST_CHECK;

/* out is the caller's to clear; VC_INVALID if it is not such a record */
vc_status_t vc_principal_decode(vc_arena_t *arena, vc_str_t text,
    vc_local_principal_t *out) VC_MUST_CHECK;

#endif /* VC_IDENTITY_PRINCIPAL_RECORD_H */
