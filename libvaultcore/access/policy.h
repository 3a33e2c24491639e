/*
 * Access policies: who has which permissions on a vault; and the decision, by
 * them or, in a vault where roles decide, by those.  Deny is the default;
 * entries and grants only add.
 */

#ifndef VC_ACCESS_POLICY_H
#define VC_ACCESS_POLICY_H

#include "access/permissions.h"
#include "access/roles.h"

#define VC_POLICIES_MAX 1024

/* one entry: the principal, or a group of it, and its permissions */
typedef struct {
    char     object_id[VC_GUID_LEN + 1];
    char     application_id[VC_GUID_LEN + 1]; /* empty: any application */
    uint32_t permissions[VC_FAMILY_COUNT];
} vc_policy_t;

/* what is asked for: one permission on one vault, or, with rbac, one data
   action on it or on an object in it */
typedef struct {
    const char        *vault;  /* its name, for the message */
    const char        *region; /* likewise */
    const char        *tenant; /* the vault's */
    const vc_policy_t *policies;
    size_t             policy_count;
    vc_family_t        family;
    uint32_t           permission; /* exactly one bit */
    bool               rbac;       /* not the policies but … */
    vc_grants_t        grants;     /* … the roles decide, about … */
    vc_str_t           action;     /* … VC_DATA_ACTION() … */
    vc_str_t           resource;   /* … of this id */
} vc_access_request_t;

/* how it was granted */
typedef struct {
    const vc_grant_t *grant; /* NULL: by an access policy */
    /*
     * By keys/read, which is enough to encrypt, wrap and verify with a public
     * key, since it shows the key: what the key is must still be looked at.
     */
    bool public_only;
} vc_access_t;

/* VC_UNAUTHORIZED: the principal is of another tenant than the vault */
vc_status_t vc_access_check_tenant(const vc_principal_t *principal,
    const char *tenant, vc_error_t *err) VC_MUST_CHECK;

/*
 * The one decision.  VC_OK; VC_ACCESS_DENIED, or with rbac
 * VC_FORBIDDEN_BY_RBAC, with Key Vault's words in err; VC_UNAUTHORIZED when
 * the principal is of another tenant than the vault.
 */
vc_status_t vc_access_decide(const vc_principal_t *principal,
    const vc_access_request_t *request, vc_access_t *out, vc_error_t *err)
    VC_MUST_CHECK;

/* VC_FORBIDDEN_BY_RBAC with its words: for what was granted public_only, and
   the key is not public */
vc_status_t vc_access_refuse_roles(const vc_principal_t *principal,
    const vc_access_request_t *request, vc_error_t *err);

#endif /* VC_ACCESS_POLICY_H */
