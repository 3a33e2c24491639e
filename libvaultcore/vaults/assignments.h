/*
 * Role assignments and custom role definitions, as they are stored.
 *
 * Scopes are those of vaults/scope.h.  Records:
 *
 *     r  assignments: 'v' | domain | id      at a vault or below it
 *                     's' | SHA-256 of the lower-cased scope (16) | id   above
 *     q  custom roles: id
 *
 * Both classes move the policy epoch, so that each takes effect with the next
 * request everywhere.  A vault's assignments end with its deletion.
 */

#ifndef VC_VAULTS_ASSIGNMENTS_H
#define VC_VAULTS_ASSIGNMENTS_H

#include "access/roles.h"
#include "vaults/scope.h"
#include "vaults/vault.h"

#define VC_ASSIGNMENTS_MAX 4000 /* of an installation, as a subscription's */
#define VC_ROLES_MAX 1000       /* custom ones */
#define VC_ROLE_ITEMS_MAX 256   /* of one list of a role */

typedef struct {
    char     id[VC_GUID_LEN + 1];
    char     principal[VC_GUID_LEN + 1];
    char     role[VC_GUID_LEN + 1];
    vc_str_t scope;          /* normalized as above */
    vc_str_t principal_type; /* "ServicePrincipal", … */
    vc_str_t description;    /* may be empty */
    int64_t  created, updated;
    vc_str_t created_by, updated_by; /* object ids */
    uint64_t revision;
} vc_assignment_t;

/* --- reading, inside the session's snapshot; all in the arena --------------- */

/* what decides about everything: the assignments at the root and at the
   subscription; a role that is gone grants nothing, here and below */
vc_status_t vc_assignments_above(vc_session_t *session, vc_arena_t *arena,
    vc_str_t subscription, vc_grants_t *out) VC_MUST_CHECK;
/* what decides about a group, or a vault that does not exist: those at the
   group (may be empty), and above, which must outlive *out */
vc_status_t vc_assignments_of_group(vc_session_t *session, vc_arena_t *arena,
    vc_str_t subscription, vc_str_t group, const vc_grants_t *above,
    vc_grants_t *out) VC_MUST_CHECK;
/* what decides about one vault: those at its group, the vault, and its
   objects, and above */
vc_status_t vc_assignments_of_vault(vc_session_t *session, vc_arena_t *arena,
    vc_str_t subscription, const vc_vault_t *vault, const vc_grants_t *above,
    vc_grants_t *out) VC_MUST_CHECK;

/* one assignment by its scope (as callers write it) and id; VC_NOT_FOUND */
vc_status_t vc_assignment_get(vc_session_t *session, vc_arena_t *arena,
    vc_str_t scope, vc_str_t id, vc_assignment_t *out) VC_MUST_CHECK;
/* every assignment; `each` may end the walk with a status of its own */
vc_status_t vc_assignments_each(vc_session_t *session, vc_arena_t *arena,
    vc_status_t (*each)(const vc_assignment_t *assignment, void *data),
    void *data) VC_MUST_CHECK;

/* a role, built-in or custom; VC_NOT_FOUND */
vc_status_t vc_role_get(vc_session_t *session, vc_arena_t *arena, vc_str_t id,
    const vc_role_t **out) VC_MUST_CHECK;
vc_status_t vc_roles_each(vc_session_t *session, vc_arena_t      *arena,
    vc_status_t (*each)(const vc_role_t *role, void *data), void *data)
    VC_MUST_CHECK; /* built-in ones first */

/* --- changing: snapshot, commit and retries by themselves; they block ------- */

/*
 * in: id (empty: a new one), principal, role, scope, type (empty:
 * ServicePrincipal), description, created_by; the rest is set, GUIDs become
 * lower case, the scope normalized.
 * The same again is VC_OK with *existed, and can change type and description.
 * VC_BAD_PARAMETER: unknown role, or one that is not for that scope; a scope
 * of no form; a vault or group that does not exist.  VC_ARM_ASSIGNMENT_LIMIT:
 * the installation has VC_ASSIGNMENTS_MAX.  VC_OBJECT_CONFLICT: the principal
 * has the role there under another id, or the id is taken with other content.
 */
vc_status_t vc_assignment_put(vc_session_t *session, vc_arena_t *arena,
    vc_assignment_t *assignment, bool *existed, vc_error_t *err) VC_MUST_CHECK;
/* *out is what it was; VC_NOT_FOUND, without words */
vc_status_t vc_assignment_delete(vc_session_t *session, vc_arena_t *arena,
    vc_str_t scope, vc_str_t id, vc_assignment_t *out, vc_error_t *err)
    VC_MUST_CHECK;

/*
 * A custom role, new or changed; in: id, name, description, actions, scopes,
 * updated_by; the rest is set.  *existed: it was changed.  VC_BAD_PARAMETER: a
 * built-in id, an action or scope without form, too many of them, a name that
 * another role has.  VC_ARM_ROLE_ASSIGNED: it is assigned where it could not be
 * any more.
 */
vc_status_t vc_role_put(vc_session_t *session, vc_arena_t *arena,
    vc_role_t *role, bool *existed, vc_error_t *err) VC_MUST_CHECK;
/* VC_NOT_FOUND, without words; VC_OBJECT_CONFLICT while it is assigned;
   VC_BAD_PARAMETER: built in */
vc_status_t vc_role_delete(vc_session_t *session, vc_arena_t *arena,
    vc_str_t id, vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_VAULTS_ASSIGNMENTS_H */
