/*
 * Handlers of Microsoft.Authorization: role definitions, role assignments and
 * locks.  As for all of this plane, the row's action was decided at the scope.
 */

#ifndef VC_API_ARM_ROLES_H
#define VC_API_ARM_ROLES_H

#include "api/operations.h"

/* arm_role_definitions.c.  Lists: VC_ARM_BAD_FILTER, a $filter that is none.
   put: VC_BAD_PARAMETER, VC_ARM_FORBIDDEN at one of its assignableScopes.
   delete: the same, VC_ARM_ROLE_ASSIGNED. */
vc_status_t vc_arm_role_list(vc_call_t *call);
vc_status_t vc_arm_role_get(vc_call_t *call);
vc_status_t vc_arm_role_put(vc_call_t *call);
vc_status_t vc_arm_role_delete(vc_call_t *call);

/* arm_role_assignments.c.  put: VC_BAD_PARAMETER, VC_ARM_NO_ROLE,
   VC_ARM_ASSIGNMENT_EXISTS, VC_ARM_FORBIDDEN for a role that the caller may
   not give.  delete: the same for one that it may not take. */
vc_status_t vc_arm_assignment_list(vc_call_t *call);
vc_status_t vc_arm_assignment_get(vc_call_t *call);
vc_status_t vc_arm_assignment_put(vc_call_t *call);
vc_status_t vc_arm_assignment_delete(vc_call_t *call);

/* arm_locks.c: at a subscription, a resource group or a vault.  get:
   VC_ARM_NO_LOCK.  put: VC_BAD_PARAMETER. */
vc_status_t vc_arm_lock_list(vc_call_t *call);
vc_status_t vc_arm_lock_get(vc_call_t *call);
vc_status_t vc_arm_lock_put(vc_call_t *call);
vc_status_t vc_arm_lock_delete(vc_call_t *call);

#endif /* VC_API_ARM_ROLES_H */
