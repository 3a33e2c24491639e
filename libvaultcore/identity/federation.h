/*
 * Workload identity federation: a client proves who it is by a token that
 * another issuer gave it (a cluster's service account, a pipeline's run), in
 * place of an assertion that it has signed itself (RFC 7523 section 3).
 */

#ifndef VC_IDENTITY_FEDERATION_H
#define VC_IDENTITY_FEDERATION_H

#include "identity/token_request.h"

/*
 * Whether the request's assertion comes from an authority with federation.
 * False also for what is no JWT: whoever checks it then says why.
 */
bool vc_federation_concerns(const vc_token_request_t *request);

/*
 * Checks such an assertion: signature and times first, and the same for an
 * unknown client, then the principal's federated credentials.  Assertions can
 * be used again while they are valid.
 * VC_GRANT_OK; VC_GRANT_BAD_ASSERTION, VC_GRANT_NO_TRUST_OF_ISSUER,
 * …_OF_SUBJECT, …_OF_AUDIENCE with the reason in request->error;
 * VC_GRANT_WAIT: *refresh is the authority to fetch keys of first;
 * VC_GRANT_UNAVAILABLE: they cannot be had; VC_GRANT_FAILED.
 */
vc_grant_t vc_federation_check(vc_token_request_t *request,
    vc_authority_t **refresh);

#endif /* VC_IDENTITY_FEDERATION_H */
