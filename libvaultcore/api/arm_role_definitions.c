/* role definitions: built-in ones are read, custom ones changed as well */

#include <string.h>

#include "api/arm_filter.h"
#include "api/arm_list.h"
#include "api/arm_read.h"
#include "api/arm_role_json.h"
#include "api/arm_roles.h"

#define VC_ROLE_WRITE "Microsoft.Authorization/roleDefinitions/write"
#define VC_ROLE_DELETE "Microsoft.Authorization/roleDefinitions/delete"

typedef struct {
    vc_call_t  *call;
    vc_filter_t filter;
    size_t      count;
} vc_role_walk_t;


static vc_str_t
vc_role_subscription(const vc_call_t *call)
{
    return vc_str(call->engine->installation.id);
}


/* the route's {name} as the id of a role */
static vc_status_t
vc_role_route_id(vc_call_t *call, char id[VC_GUID_LEN + 1])
{
    char shown[64];

    if (vc_arm_guid(call->arm->name, id)) {
        return VC_OK;
    }

    return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
        "The role definition id '%s' is invalid; it must be a GUID.",
        vc_str_printable(call->arm->name, shown, sizeof(shown)));
}


static vc_status_t
vc_role_find(vc_call_t *call, const char *id, const vc_role_t **out)
{
    vc_status_t status;

    status = vc_role_get(call->context->session, call->arena, vc_str(id), out);

    return (status != VC_NOT_FOUND)
               ? status
               : vc_fail(&call->error, VC_ARM_NO_ROLE,
                   "The specified role definition with ID '%s' does not exist.",
                   id);
}


/* --- reading ------------------------------------------------------------------ */

/* whether a role can be assigned at the scope, or, if that is asked for, at
   one below it */
static bool
vc_role_is_of_scope(const vc_role_t *role, vc_str_t scope, bool below)
{
    size_t   i;
    vc_str_t at;

    if (role->built_in) {
        return true;
    }

    for (i = 0; i < role->scopes.count; i++) {
        at = role->scopes.items[i];

        if (vc_scope_covers(at, scope) || (below && vc_scope_covers(scope, at)))
        {
            return true;
        }
    }

    return false;
}


static bool
vc_role_wanted(const vc_role_walk_t *walk, const vc_role_t *role)
{
    bool                    below;
    size_t                  i;
    vc_str_t                type;
    const vc_filter_term_t *term;

    below = (walk->filter.count == 0);
    type = role->built_in ? VC_STR("BuiltInRole") : VC_STR("CustomRole");

    for (i = 0; i < walk->filter.count; i++) {
        term = &walk->filter.terms[i];

        if (vc_filter_compares(term, "roleName")
            && !vc_str_ieq(term->value, role->name))
        {
            return false;
        }

        if (vc_filter_compares(term, "type") && !vc_str_ieq(term->value, type))
        {
            return false;
        }

        below = below || vc_filter_calls(term, "atScopeAndBelow");
    }

    return vc_role_is_of_scope(role, walk->call->arm->scope, below);
}


static vc_status_t
vc_role_visit(const vc_role_t *role, void *data)
{
    vc_role_walk_t *walk;

    walk = data;

    if (vc_role_wanted(walk, role)) {
        vc_arm_put_comma(&walk->call->out, &walk->count);
        vc_arm_put_role(&walk->call->out, vc_role_subscription(walk->call),
            role);
    }

    return VC_OK;
}


static vc_status_t
vc_role_read_filter(vc_call_t *call, vc_filter_t *filter)
{
    size_t      i;
    vc_status_t status;

    status = vc_filter_parse(call->arena, call->arm->filter, filter,
        &call->error);

    for (i = 0; status == VC_OK && i < filter->count; i++) {
        if (!vc_filter_compares(&filter->terms[i], "roleName")
            && !vc_filter_compares(&filter->terms[i], "type")
            && !vc_filter_calls(&filter->terms[i], "atScopeAndBelow"))
        {
            status = vc_filter_refuse(&filter->terms[i],
                "roleName eq '…', type eq 'BuiltInRole' or 'CustomRole', "
                "atScopeAndBelow()",
                &call->error);
        }
    }

    return status;
}


vc_status_t
vc_arm_role_list(vc_call_t *call)
{
    vc_status_t    status;
    vc_role_walk_t walk;

    memset(&walk, 0, sizeof(walk));
    walk.call = call;

    status = vc_role_read_filter(call, &walk.filter);
    if (status != VC_OK) {
        return status;
    }

    vc_buf_literal(&call->out, "{\"value\":[");
    status = vc_roles_each(call->context->session, call->arena, vc_role_visit,
        &walk);
    vc_buf_literal(&call->out, "]}");

    return (status == VC_OK) ? vc_arm_json(call, 200) : status;
}


vc_status_t
vc_arm_role_get(vc_call_t *call)
{
    char             id[VC_GUID_LEN + 1];
    vc_status_t      status;
    const vc_role_t *role;

    status = vc_role_route_id(call, id);

    if (status == VC_OK) {
        status = vc_role_find(call, id, &role);
    }

    if (status != VC_OK) {
        return status;
    }

    vc_arm_put_role(&call->out, vc_role_subscription(call), role);

    return vc_arm_json(call, 200);
}


/* --- changing ----------------------------------------------------------------- */

/* a role is changed by who may do so wherever it can be assigned */
static vc_status_t
vc_role_may_change(vc_call_t *call, const vc_role_t *role, const char *action)
{
    size_t        i;
    vc_str_t      scope;
    vc_status_t   status;
    vc_arm_list_t list;

    status = vc_arm_list_begin(call, &list);

    for (i = 0; status == VC_OK && i < role->scopes.count; i++) {
        if (!vc_scope_normalize(role->scopes.items[i],
                vc_role_subscription(call), call->arena, &scope))
        {
            return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
                "Property properties.assignableScopes has invalid value. Its "
                "entries must be the ids of the subscription '/subscriptions/"
                "%s', or of resource groups or vaults in it.",
                call->engine->installation.id);
        }

        if (!vc_arm_list_may(&list, action, scope)) {
            status = vc_arm_forbid(call, action, scope);
        }
    }

    return status;
}


static vc_status_t
vc_role_read_body(vc_call_t *call, vc_role_t *role)
{
    json_t     *body;
    vc_status_t status;

    status = vc_arm_body(call, &body);
    if (status != VC_OK) {
        return status;
    }

    status = vc_arm_read_role(call->arena, body, role, &call->error);
    json_decref(body);

    return status;
}


/* the role that is to be replaced, if there is one */
static vc_status_t
vc_role_may_replace(vc_call_t *call, const char *id)
{
    vc_status_t      status;
    const vc_role_t *before;

    status = vc_role_get(call->context->session, call->arena, vc_str(id),
        &before);
    if (status != VC_OK) {
        return (status == VC_NOT_FOUND) ? VC_OK : status;
    }

    /* a built-in one cannot be changed by anybody */
    return before->built_in ? VC_OK
                            : vc_role_may_change(call, before, VC_ROLE_WRITE);
}


vc_status_t
vc_arm_role_put(vc_call_t *call)
{
    bool        existed;
    char        id[VC_GUID_LEN + 1];
    vc_role_t   role;
    vc_status_t status;

    status = vc_role_route_id(call, id);

    if (status == VC_OK) {
        status = vc_role_read_body(call, &role);
    }

    if (status == VC_OK) {
        status = vc_role_may_change(call, &role, VC_ROLE_WRITE);
    }

    if (status == VC_OK) {
        status = vc_role_may_replace(call, id);
    }

    if (status != VC_OK) {
        return status;
    }

    memcpy(role.id, id, sizeof(role.id));
    role.updated_by = call->principal->object_id;

    vc_call_leave_snapshot(call);

    status = vc_role_put(call->context->session, call->arena, &role, &existed,
        &call->error);
    if (status != VC_OK) {
        return status;
    }

    vc_arm_put_role(&call->out, vc_role_subscription(call), &role);

    return vc_arm_json(call, 201);
}


vc_status_t
vc_arm_role_delete(vc_call_t *call)
{
    char             id[VC_GUID_LEN + 1];
    vc_status_t      status;
    const vc_role_t *role;

    status = vc_role_route_id(call, id);
    if (status != VC_OK) {
        return status;
    }

    status = vc_role_get(call->context->session, call->arena, vc_str(id),
        &role);
    if (status == VC_NOT_FOUND) {
        return vc_arm_empty(call, 204);
    }

    if (status == VC_OK && !role->built_in) {
        status = vc_role_may_change(call, role, VC_ROLE_DELETE);
    }

    if (status != VC_OK) {
        return status;
    }

    vc_call_leave_snapshot(call);

    status = vc_role_delete(call->context->session, call->arena, vc_str(id),
        &call->error);

    if (status == VC_NOT_FOUND) {
        return vc_arm_empty(call, 204);
    }

    if (status == VC_OBJECT_CONFLICT) {
        return vc_fail(&call->error, VC_ARM_ROLE_ASSIGNED,
            "The role definition '%s' is assigned; delete its role assignments "
            "first.",
            id);
    }

    if (status != VC_OK) {
        return status;
    }

    vc_arm_put_role(&call->out, vc_role_subscription(call), role);

    return vc_arm_json(call, 200);
}
