/*
 * The local authority: an OpenID provider that speaks as much of Microsoft
 * Entra's v2 endpoints, and of AD FS's, as the Azure clients need.
 *
 *     GET  /{tenant}/v2.0/.well-known/openid-configuration
 *     GET  /{tenant}/.well-known/openid-configuration
 *     GET  /adfs/.well-known/openid-configuration
 *     GET  /{tenant}/discovery/v2.0/keys, /adfs/discovery/keys
 *     POST /{tenant}/oauth2/v2.0/token, /{tenant}/oauth2/token,
 *          /adfs/oauth2/token
 *
 * Grant: client credentials (RFC 6749 section 4.4), by secret, by signed
 * assertion (RFC 7523; RS256 or PS256, key named by x5t, x5t#S256 or kid), or
 * by the token of an issuer that the principal trusts (workload identity
 * federation; identity/federation.h).
 */

#ifndef VC_IDENTITY_LOCAL_AUTHORITY_H
#define VC_IDENTITY_LOCAL_AUTHORITY_H

#include <stdint.h>

#include <jansson.h>

#include "identity/authority.h"
#include "store/sealed.h"

#define VC_TOKEN_LIFETIME 3600 /* seconds, the default */

typedef struct {
    vc_str_t  base_url;  /* "https://login.localhost:8443", no final slash */
    vc_str_t  tenant;    /* the installation's GUID */
    vc_str_t *audiences; /* the resources that tokens are issued for */
    size_t    audience_count;
    int64_t   token_lifetime; /* seconds, 60 … 86400 */
    /* those with federation among them; NULL: nobody's tokens are exchanged */
    vc_authorities_t *authorities;
} vc_local_authority_t;

/* appends base_url "/" tenant "/v2.0": `iss` of every token it issues */
void vc_local_authority_issuer(const vc_local_authority_t *authority,
    vc_buf_t *out);

/* one signing key (RSA 2048) made and stored, in front of the others; those
   whose tokens have all expired are dropped.  Commits by itself; slow. */
vc_status_t vc_local_authority_rotate(vc_session_t *session, vc_arena_t *arena,
    char *kid, size_t kid_size, vc_error_t *err) VC_MUST_CHECK;

/* the JWKS document of the public keys, inside the session's snapshot */
vc_status_t vc_local_authority_jwks(vc_session_t *session, vc_arena_t *arena,
    vc_buf_t *out) VC_MUST_CHECK;

/* the public keys as a JSON array, a new reference; inside the snapshot */
vc_status_t vc_local_authority_keys(vc_session_t *session, vc_arena_t *arena,
    json_t **out) VC_MUST_CHECK;

/*
 * Appends claims as a JWS (RS256) signed by the newest signing key; inside the
 * snapshot.  VC_NOT_FOUND: there is no signing key.  Slow: a private RSA
 * operation.
 */
vc_status_t vc_local_authority_sign(vc_session_t *session, vc_arena_t *arena,
    const json_t *claims, vc_buf_t *out) VC_MUST_CHECK;

/* the discovery document; adfs chooses whose addresses it names */
void vc_local_authority_discovery(const vc_local_authority_t *authority,
    bool adfs, vc_buf_t *out);

/*
 * Answers a token request.  body: the form (application/x-www-form-urlencoded).
 * An assertion's `aud` must be one of this authority's token endpoints or its
 * issuer.  Appends the JSON answer, an error's too, and returns its HTTP
 * status (200, 400, 401, 500) in *http.  client (empty when unknown) gets the
 * client id for the access record; result gets the AADSTS text of a refusal.
 * Slow (scrypt, RSA): off the event loop; inside the session's snapshot.
 * VC_AGAIN: *refresh is the authority whose keys must be fetched before this
 * is called again; NULL: they were fetched, and what is missing now stays so.
 *
 * Refusals take the same time whether the client exists or not.
 */
vc_status_t vc_local_authority_token(const vc_local_authority_t *authority,
    vc_session_t *session, vc_arena_t *arena, vc_str_t body, int64_t now,
    vc_authority_t **refresh, vc_buf_t *out, int *http, vc_str_t *client,
    vc_str_t *result) VC_MUST_CHECK;

#endif /* VC_IDENTITY_LOCAL_AUTHORITY_H */
