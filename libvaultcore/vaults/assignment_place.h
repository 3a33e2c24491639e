/*
 * What changes of assignments and of custom roles have in common, for the
 * files of this folder only.
 */

#ifndef VC_VAULTS_ASSIGNMENT_PLACE_H
#define VC_VAULTS_ASSIGNMENT_PLACE_H

#include "vaults/assignments.h"

/* where the assignments of a scope lie */
typedef struct {
    vc_scope_t scope;
    vc_key_t   prefix;   /* of their keys */
    vc_key_t   owner;    /* the vault or group whose end is theirs, … */
    uint64_t   revision; /* … at this revision; no key: none */
} vc_place_t;

/* inside the snapshot.  VC_INVALID: the scope has no form; VC_NOT_FOUND: its
   vault (a deleted one as well) or its group is not there */
vc_status_t vc_place_find(vc_session_t *session, vc_arena_t *arena,
    vc_str_t scope, vc_place_t *out) VC_MUST_CHECK;

/* the assignments whose keys begin so; `each` may end the walk */
vc_status_t vc_assignments_walk(vc_session_t *session, vc_arena_t *arena,
    const vc_key_t *prefix,
    vc_status_t (*each)(const vc_assignment_t *assignment, void *data),
    void *data) VC_MUST_CHECK;

/*
 * Adds to the batch that nobody else has added an assignment, or changed a
 * role, since the snapshot: what is unique, counted or referred to is looked
 * for in the snapshot.
 */
vc_status_t vc_assignment_lock(vc_session_t *session, vc_batch_t *batch)
    VC_MUST_CHECK;

/* whether one of the role's assignable scopes is the scope or above it */
bool vc_role_is_for(const vc_role_t *role, vc_str_t scope);

/* one that is not built in; VC_NOT_FOUND */
vc_status_t vc_role_get_custom(vc_session_t *session, vc_arena_t *arena,
    vc_str_t id, vc_role_t *out) VC_MUST_CHECK;

/* a GUID in lower case; VC_BAD_PARAMETER with the words of what it is */
vc_status_t vc_guid_normalize(char guid[VC_GUID_LEN + 1], const char *what,
    vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_VAULTS_ASSIGNMENT_PLACE_H */
