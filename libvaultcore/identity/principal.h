/*
 * Who calls: the outcome of a verified token.  Immutable once made, but for
 * what one thread (a worker's event loop) alone looks at: counted references,
 * which so need no atomics, and the last decision.
 */

#ifndef VC_IDENTITY_PRINCIPAL_H
#define VC_IDENTITY_PRINCIPAL_H

#include <stdint.h>

#include "store/keys.h"

#define VC_GRANTED_ROLES 4

/* one operation of a vault where roles decide, on every object in it */
typedef struct {
    const void *operation;
    char        assignment[VC_GUID_LEN + 1];
} vc_granted_role_t;

/* what was granted in one vault while one policy epoch lasts: by access
   policies the permissions of a family, by roles the last few operations */
typedef struct {
    uint64_t          epoch; /* 0: nothing yet */
    uint8_t           vault[VC_DOMAIN_LEN];
    unsigned          family;
    uint32_t          permissions;
    unsigned          role_count; /* ever; the last VC_GRANTED_ROLES are kept */
    vc_granted_role_t roles[VC_GRANTED_ROLES];
} vc_granted_t;

typedef struct {
    vc_str_t  tenant;         /* GUID, lower case */
    vc_str_t  object_id;      /* `oid`; for issuers without it, `sub` */
    vc_str_t  application_id; /* `appid`, `azp` or `client_id`; may be empty */
    vc_str_t  issuer;
    vc_str_t *groups;
    size_t    group_count;
    bool      has_groups; /* the token says something about groups */
    unsigned  planes;     /* VC_FOR_*: what the token is for */
    bool      user;       /* a user (maybe through an application) */
    int64_t   expires;    /* seconds; the token's own `exp` */

    /* the claims that an access record shows, as a JSON object */
    vc_str_t record_claims;

    /* of the local authority: must still be the stored one; else 0 */
    bool     local;
    uint64_t generation;

    vc_granted_t granted;

    unsigned    references;
    vc_arena_t *arena; /* holds all of the above, and this */
} vc_principal_t;

vc_principal_t *vc_principal_hold(vc_principal_t *principal);
/* NULL is allowed */
void vc_principal_release(vc_principal_t *principal);

/*
 * "appid=…;oid=…;numgroups=…;iss=…", as error messages name a caller
 * (numgroups only when the token has groups).
 */
void vc_principal_describe(const vc_principal_t *principal, vc_buf_t *out);

#endif /* VC_IDENTITY_PRINCIPAL_H */
