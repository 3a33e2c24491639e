/* From the claims of a verified token to a principal. */

#ifndef VC_IDENTITY_TOKEN_PRINCIPAL_H
#define VC_IDENTITY_TOKEN_PRINCIPAL_H

#include <jansson.h>

#include "identity/authority.h"
#include "identity/principal.h"

#define VC_PRINCIPAL_GROUPS_MAX 200
#define VC_PRINCIPAL_ID_MAX 256
#define VC_RECORD_CLAIMS_MAX 4096

/*
 * The claims were verified: `exp` is good.  *out has one reference, the
 * caller's.  VC_UNAUTHORIZED: no usable `oid` or `sub`, or no generation in a
 * token of the local authority.  VC_NO_MEMORY.
 */
vc_status_t vc_principal_from_claims(const vc_authority_t *authority,
    const json_t *claims, vc_principal_t **out, vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_IDENTITY_TOKEN_PRINCIPAL_H */
