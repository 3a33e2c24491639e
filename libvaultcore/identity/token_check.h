/*
 * What every signed token must satisfy, whatever it is for.  Messages are those
 * of Key Vault for access tokens; who checks another kind of token puts words
 * of its own in front.
 */

#ifndef VC_IDENTITY_TOKEN_CHECK_H
#define VC_IDENTITY_TOKEN_CHECK_H

#include "crypto/jws.h"
#include "identity/authority.h"

/* a token on its way through the checks */
typedef struct {
    vc_authorities_t *authorities;
    vc_authority_t   *authority; /* its issuer, once that was found */
    vc_session_t     *session;
    vc_arena_t       *arena; /* of the checks, not of what they find */
    int64_t           now;
    /* a `jku` in the header is no reason to refuse the token; the address is
       never used */
    bool jku_ignored;
    /* the token is a client assertion, not an access token: its issuer must
       be one with federation */
    bool     federation;
    vc_jws_t jws;
} vc_token_check_t;

/*
 * Takes a token apart; its bytes must stay.  vc_token_check_end() is due after
 * VC_OK only.  VC_UNAUTHORIZED: it is malformed; VC_NO_MEMORY.  session may be
 * NULL if the local authority is not among the authorities.
 */
vc_status_t vc_token_check_begin(vc_token_check_t *check,
    vc_authorities_t *authorities, vc_session_t *session, vc_str_t token,
    int64_t now, vc_error_t *err) VC_MUST_CHECK;
void        vc_token_check_end(vc_token_check_t *check);

/*
 * Issuer, algorithm, key and signature; errors as vc_token_verify() has them,
 * VC_AGAIN and *refresh among them.
 */
vc_status_t vc_token_check_signed(vc_token_check_t *check,
    vc_authority_t **refresh, vc_error_t *err) VC_MUST_CHECK;

/* of a signed token: `aud`; and `exp`, `nbf`, `iat`.  VC_UNAUTHORIZED */
vc_status_t vc_token_check_audience(const vc_token_check_t *check,
    vc_error_t *err) VC_MUST_CHECK;
/* VC_FOR_*: what its audiences are for together */
unsigned    vc_token_check_planes(const vc_token_check_t *check);
vc_status_t vc_token_check_times(const vc_token_check_t *check, vc_error_t *err)
    VC_MUST_CHECK;

#endif /* VC_IDENTITY_TOKEN_CHECK_H */
