/* A token request taken apart: what token_endpoint.c answers. */

#ifndef VC_IDENTITY_TOKEN_REQUEST_H
#define VC_IDENTITY_TOKEN_REQUEST_H

#include "identity/form.h"
#include "identity/local_authority.h"
#include "identity/local_principals.h"

/* how a request ends */
typedef enum {
    VC_GRANT_OK,
    VC_GRANT_BAD_REQUEST,
    VC_GRANT_MISSING_PARAMETER,
    VC_GRANT_BAD_GRANT,
    VC_GRANT_BAD_SCOPE,
    VC_GRANT_BAD_RESOURCE,
    VC_GRANT_UNKNOWN_CLIENT,
    VC_GRANT_BAD_SECRET,
    VC_GRANT_BAD_ASSERTION,
    /* of a federated assertion: how far it came, in this order */
    VC_GRANT_NO_TRUST_OF_ISSUER,
    VC_GRANT_NO_TRUST_OF_SUBJECT,
    VC_GRANT_NO_TRUST_OF_AUDIENCE,
    VC_GRANT_UNAVAILABLE,
    VC_GRANT_WAIT, /* no answer yet: keys must be fetched first */
    VC_GRANT_FAILED
} vc_grant_t;

typedef struct {
    const vc_local_authority_t *authority;
    vc_session_t               *session;
    vc_arena_t                 *arena;
    int64_t                     now;
    vc_form_t                   form;

    vc_str_t             client_id;
    vc_str_t             secret; /* one of these two is there */
    vc_str_t             assertion;
    vc_str_t             resource; /* what the token is for */
    bool                 known;
    vc_local_principal_t principal; /* if known */

    vc_error_t error; /* message: what follows "AADSTS…: " */
} vc_token_request_t;

/*
 * Reads the form: grant, client, credential and resource.  The views point
 * into the arena.  Unless VC_GRANT_OK request->error says why.
 */
vc_grant_t vc_request_read(vc_token_request_t *request, vc_str_t body);

/* VC_GRANT_FAILED: the operator's log has the reason, the client has not */
vc_grant_t vc_request_broken(vc_token_request_t *request, const char *what,
    vc_status_t status);

#endif /* VC_IDENTITY_TOKEN_REQUEST_H */
