/* The local authority's routes as operations; see identity/local_authority.h. */

#ifndef VC_API_AUTHORITY_HANDLERS_H
#define VC_API_AUTHORITY_HANDLERS_H

#include "api/operations.h"

vc_status_t vc_authority_discovery(vc_call_t *call) VC_MUST_CHECK;
vc_status_t vc_authority_keys(vc_call_t *call) VC_MUST_CHECK;
vc_status_t vc_authority_token(vc_call_t *call) VC_MUST_CHECK;

#endif /* VC_API_AUTHORITY_HANDLERS_H */
