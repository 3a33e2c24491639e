/*
 * Attestation tokens: a JWT with which an attestation service says what an
 * environment is, and which key of it a vault's key may be released for.  The
 * claims are those of Microsoft Azure Attestation.
 */

#ifndef VC_IDENTITY_ATTESTATION_H
#define VC_IDENTITY_ATTESTATION_H

#include <stdint.h>

#include <jansson.h>

#include "identity/authority.h"

/* clear it with vc_attestation_clear() */
typedef struct {
    vc_str_t issuer; /* into claims */
    json_t  *claims;
    json_t  *target; /* public JWK: kty RSA, n, e and, where it has one, kid */
} vc_attestation_t;

/*
 * Verifies a token by the rules for access tokens: an asymmetric algorithm of
 * its authority, a `kid` among that authority's keys, the signature, `exp`,
 * `nbf` and `iat`.  `aud` must be one of the authority's audiences if it has
 * any.  `jwk` and `x5u` in the header are refused; so is `crit`; `jku`, which
 * these services send, is not looked at.
 *
 * The target is the first RSA key of 2048 bits or more in x-ms-runtime.keys
 * that its key_ops ("encrypt") or use ("enc") give to encryption and neither
 * keeps from it.
 *
 * authorities: the attestation authorities alone, none of them local; whoever
 * issues access tokens attests nothing.
 *
 * VC_OK: *out is the caller's.  Else it is empty, and: VC_AGAIN, *refresh is
 * the authority whose keys must be fetched first; VC_BAD_PARAMETER, the token
 * is malformed or has no target; VC_ACCESS_DENIED, it is of another issuer,
 * not signed by it, not in its time, or for somebody else;
 * VC_ISSUER_UNAVAILABLE, its issuer's keys could not be fetched yet;
 * VC_NO_MEMORY.
 */
vc_status_t vc_attestation_verify(vc_authorities_t *authorities, vc_str_t token,
    int64_t now, vc_attestation_t *out, vc_authority_t **refresh,
    vc_error_t *err) VC_MUST_CHECK;

/* once for each that was verified, or as often as one likes */
void vc_attestation_clear(vc_attestation_t *attestation);

#endif /* VC_IDENTITY_ATTESTATION_H */
