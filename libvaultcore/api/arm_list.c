/* the grants of an installation, for what shows each caller its own */

#include <string.h>

#include "api/arm_list.h"


static vc_status_t
vc_list_collect(const vc_assignment_t *assignment, void *data)
{
    vc_grant_t    *grant, *grown;
    vc_status_t    status;
    vc_arm_list_t *list;

    list = data;

    if (list->grant_count == list->grant_room) {
        grown = vc_arena_calloc(list->call->arena,
            (list->grant_room * 2 + 16) * sizeof(vc_grant_t));
        if (grown == NULL) {
            return VC_NO_MEMORY;
        }

        if (list->grant_count != 0) {
            memcpy(grown, list->grants, list->grant_count * sizeof(vc_grant_t));
        }

        list->grants = grown;
        list->grant_room = list->grant_room * 2 + 16;
    }

    grant = &list->grants[list->grant_count];
    memcpy(grant->id, assignment->id, sizeof(grant->id));
    memcpy(grant->principal, assignment->principal, sizeof(grant->principal));
    grant->scope = vc_str_copy(list->call->arena, assignment->scope);

    if (assignment->scope.len != 0 && grant->scope.data == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_role_get(list->call->context->session, list->call->arena,
        vc_str(assignment->role), &grant->role);

    if (status == VC_OK) {
        list->grant_count++;
    }

    return (status == VC_NOT_FOUND) ? VC_OK : status;
}


vc_status_t
vc_arm_list_begin(vc_call_t *call, vc_arm_list_t *list)
{
    memset(list, 0, sizeof(*list));
    list->call = call;

    return vc_assignments_each(call->context->session, call->arena,
        vc_list_collect, list);
}


bool
vc_arm_list_may(const vc_arm_list_t *list, const char *action, vc_str_t scope)
{
    return vc_roles_decide(list->call->principal,
               (vc_grants_t){list->grants, list->grant_count, NULL}, false,
               vc_str(action), scope)
           != NULL;
}


bool
vc_arm_list_knows(const vc_arm_list_t *list)
{
    size_t                i, g;
    vc_str_t              holder;
    const vc_principal_t *principal;

    principal = list->call->principal;

    for (i = 0; i < list->grant_count; i++) {
        holder = vc_str(list->grants[i].principal);

        if (vc_str_ieq(holder, principal->object_id)) {
            return true;
        }

        for (g = 0; g < principal->group_count; g++) {
            if (vc_str_ieq(holder, principal->groups[g])) {
                return true;
            }
        }
    }

    return false;
}
