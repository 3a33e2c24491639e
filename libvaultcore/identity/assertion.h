/* Client assertions: a JWT by which a client proves who it is (RFC 7523). */

#ifndef VC_IDENTITY_ASSERTION_H
#define VC_IDENTITY_ASSERTION_H

#include "identity/local_authority.h"
#include "identity/local_principals.h"

/*
 * Checks an assertion against the principal's certificates.  principal NULL:
 * an unknown client; then as much work is done, and it is refused.
 * VC_OK; VC_UNAUTHORIZED with the reason in err->message; VC_NO_MEMORY, VC_IO.
 */
vc_status_t vc_assertion_verify(const vc_local_authority_t *authority,
    vc_session_t *session, vc_arena_t *arena, vc_str_t assertion,
    vc_str_t client_id, const vc_local_principal_t *principal, int64_t now,
    vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_IDENTITY_ASSERTION_H */
