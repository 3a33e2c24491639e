/*
 * Access policies: who has which permissions on a vault, and the decision.
 * Deny is the default; entries only add.
 */

#ifndef VC_ACCESS_POLICY_H
#define VC_ACCESS_POLICY_H

#include "access/permissions.h"
#include "identity/principal.h"

#define VC_POLICIES_MAX 1024

/* one entry: the principal, or a group of it, and its permissions */
typedef struct {
    char     object_id[VC_GUID_LEN + 1];
    char     application_id[VC_GUID_LEN + 1]; /* empty: any application */
    uint32_t permissions[VC_FAMILY_COUNT];
} vc_policy_t;

/* what is asked for: one permission on one vault */
typedef struct {
    const char        *vault;  /* its name, for the message */
    const char        *region; /* likewise */
    const char        *tenant; /* the vault's */
    const vc_policy_t *policies;
    size_t             policy_count;
    vc_family_t        family;
    uint32_t           permission; /* exactly one bit */
} vc_access_request_t;

/*
 * The one decision.  VC_OK; VC_ACCESS_DENIED with Key Vault's words in err;
 * VC_UNAUTHORIZED when the principal is of another tenant than the vault.
 */
vc_status_t vc_access_decide(const vc_principal_t *principal,
    const vc_access_request_t *request, vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_ACCESS_POLICY_H */
