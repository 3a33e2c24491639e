/*
 * Callers that are known by their TLS client certificate, in place of a token:
 * whoever terminates TLS has verified it, and knows whose it is.
 */

#ifndef VC_IDENTITY_CERTIFICATE_H
#define VC_IDENTITY_CERTIFICATE_H

#include "identity/principal.h"

/* what such a principal's issuer is called, as messages show it */
#define VC_CERTIFICATE_ISSUER "client certificate"

/*
 * The principal with this object id (a GUID) in this tenant (a GUID), who may
 * call both planes; thumbprint (SHA-256, base64url) is for records.  It holds
 * for one request: there is nothing in it that could expire.  *out has one
 * reference, the caller's.  VC_INVALID: no GUIDs; VC_NO_MEMORY.
 */
vc_status_t vc_principal_from_certificate(vc_str_t object_id, vc_str_t tenant,
    vc_str_t thumbprint, vc_principal_t **out, vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_IDENTITY_CERTIFICATE_H */
