/*
 * Who calls: the outcome of a verified token.  Immutable once made, but for
 * what one thread (a worker's event loop) alone looks at: counted references,
 * which so need no atomics, and the last decision.
 */

#ifndef VC_IDENTITY_PRINCIPAL_H
#define VC_IDENTITY_PRINCIPAL_H

#include <stdint.h>

#include "store/keys.h"

/* what was granted in one vault while one policy epoch lasts */
typedef struct {
    uint64_t epoch; /* 0: nothing yet */
    uint8_t  vault[VC_DOMAIN_LEN];
    unsigned family;
    uint32_t permissions;
} vc_granted_t;

typedef struct {
    vc_str_t  tenant;         /* GUID, lower case */
    vc_str_t  object_id;      /* `oid`; for issuers without it, `sub` */
    vc_str_t  application_id; /* `appid`, `azp` or `client_id`; may be empty */
    vc_str_t  issuer;
    vc_str_t *groups;
    size_t    group_count;
    bool      has_groups; /* the token says something about groups */
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
