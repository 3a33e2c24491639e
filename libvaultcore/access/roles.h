/*
 * Roles: named sets of actions, and who has them where.  The built-in roles
 * are Azure's, with its ids; an assignment gives a role to a principal (or a
 * group) at a scope and everything below it.
 */

#ifndef VC_ACCESS_ROLES_H
#define VC_ACCESS_ROLES_H

#include <stdint.h>

#include "identity/principal.h"

/*
 * Actions with '*' for any run of characters, '/' included; compared without
 * regard to case.  Data actions are whole: "Microsoft.KeyVault/vaults/…".
 */
typedef struct {
    const vc_str_t *items;
    size_t          count;
} vc_actions_t;

/* the prefix of every data action */
#define VC_DATA_ACTION(action) "Microsoft.KeyVault/vaults/" action

/* what it takes to change role assignments */
#define VC_ASSIGNMENT_WRITE "Microsoft.Authorization/roleAssignments/write"
#define VC_ASSIGNMENT_DELETE "Microsoft.Authorization/roleAssignments/delete"

/* who may give it may give every role */
#define VC_ROLE_OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"

typedef struct {
    char         id[VC_GUID_LEN + 1];
    vc_str_t     name; /* "Key Vault Secrets User" */
    vc_str_t     description;
    bool         built_in;
    vc_actions_t actions, not_actions;
    vc_actions_t data_actions, not_data_actions;
    vc_actions_t scopes;           /* assignableScopes; built-in: "/" */
    int64_t      created, updated; /* of custom ones */
    vc_str_t     created_by, updated_by;
    uint64_t     revision; /* of the stored record; 0: built-in */
} vc_role_t;

/* the built-in roles in order, NULL behind the last */
const vc_role_t *vc_role_built_in_at(size_t index);
/* by id; NULL */
const vc_role_t *vc_role_built_in(vc_str_t id);

/* whether a pattern matches an action */
bool vc_action_matches(vc_str_t pattern, vc_str_t action);
/* whether a role allows a data action, or a control action */
bool vc_role_allows_data(const vc_role_t *role, vc_str_t action);
bool vc_role_allows(const vc_role_t *role, vc_str_t action);

/* a role at a scope, as a vault (or the management plane) has it loaded */
typedef struct {
    char             id[VC_GUID_LEN + 1];
    char             principal[VC_GUID_LEN + 1];
    vc_str_t         scope; /* as it was written, no final '/' ("" for "/") */
    const vc_role_t *role;
} vc_grant_t;

/* a list, and behind it one that others share: of the scopes above all of
   these */
typedef struct vc_grants vc_grants_t;

struct vc_grants {
    const vc_grant_t  *items;
    size_t             count;
    const vc_grants_t *above; /* NULL: none */
};

/*
 * Whether a scope is the resource or above it, segment by segment and without
 * regard to case.
 */
bool vc_scope_covers(vc_str_t scope, vc_str_t resource);

/*
 * The decision: the first grant of the principal, or of a group of it, whose
 * scope covers the resource and whose role allows the action; NULL: none, so
 * the answer is no.  data: a data action, else a control action.
 */
const vc_grant_t *vc_roles_decide(const vc_principal_t *principal,
    vc_grants_t grants, bool data, vc_str_t action, vc_str_t resource);

/*
 * Whether what a grant allows about role assignments reaches one of that role:
 * Key Vault Data Access Administrator gives and takes eight roles of Key Vault
 * and no other; of every other role the answer is yes.
 */
bool vc_role_may_assign(const vc_grant_t *grant, vc_str_t role_id);

/*
 * vc_roles_decide() for VC_ASSIGNMENT_WRITE and VC_ASSIGNMENT_DELETE of an
 * assignment of that role at that scope: looks on when a grant may not assign
 * the role, since another can.
 */
const vc_grant_t *vc_roles_decide_assignment(const vc_principal_t *principal,
    vc_grants_t grants, vc_str_t action, vc_str_t scope, vc_str_t role_id);

#endif /* VC_ACCESS_ROLES_H */
