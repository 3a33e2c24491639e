/* role assignments: who has a role where */

#include <string.h>

#include "api/arm.h"
#include "api/arm_filter.h"
#include "api/arm_read.h"
#include "api/arm_role_json.h"
#include "api/arm_roles.h"

typedef struct {
    vc_call_t  *call;
    vc_filter_t filter;
    size_t      count;
} vc_assignment_walk_t;


static vc_status_t
vc_assignment_route_id(vc_call_t *call, char id[VC_GUID_LEN + 1])
{
    char shown[64];

    if (vc_arm_guid(call->arm->name, id)) {
        return VC_OK;
    }

    return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
        "The role assignment ID '%s' is not valid. The role assignment ID must "
        "be a GUID.",
        vc_str_printable(call->arm->name, shown, sizeof(shown)));
}


static vc_status_t
vc_assignment_answer(vc_call_t *call, const vc_assignment_t *assignment,
    int http)
{
    vc_arm_put_assignment(&call->out, vc_str(call->engine->installation.id),
        assignment);

    return vc_arm_json(call, http);
}


/* --- reading ------------------------------------------------------------------ */

/*
 * The caller's own groups are in its token; those of others are known to
 * nobody here.
 */
static bool
vc_assignment_reaches(const vc_call_t *call, vc_str_t principal,
    vc_str_t holder)
{
    size_t i;

    if (vc_str_ieq(principal, holder)) {
        return true;
    }

    if (!vc_str_ieq(principal, call->principal->object_id)) {
        return false;
    }

    for (i = 0; i < call->principal->group_count; i++) {
        if (vc_str_ieq(call->principal->groups[i], holder)) {
            return true;
        }
    }

    return false;
}


static bool
vc_assignment_wanted(const vc_assignment_walk_t *walk,
    const vc_assignment_t *assignment)
{
    bool                    below;
    size_t                  i;
    vc_str_t                holder, scope;
    const vc_filter_term_t *term;

    below = true;
    holder = vc_str(assignment->principal);
    scope = walk->call->arm->scope;

    for (i = 0; i < walk->filter.count; i++) {
        term = &walk->filter.terms[i];

        if (vc_filter_calls(term, "atScope")) {
            below = false;

        } else if (vc_filter_compares(term, "principalId")
                       ? !vc_str_ieq(term->value, holder)
                       : !vc_assignment_reaches(walk->call, term->value,
                           holder))
        {
            return false;
        }
    }

    return vc_scope_covers(assignment->scope, scope)
           || (below && vc_scope_covers(scope, assignment->scope));
}


static vc_status_t
vc_assignment_visit(const vc_assignment_t *assignment, void *data)
{
    vc_assignment_walk_t *walk;

    walk = data;

    if (vc_assignment_wanted(walk, assignment)) {
        vc_arm_put_comma(&walk->call->out, &walk->count);
        vc_arm_put_assignment(&walk->call->out,
            vc_str(walk->call->engine->installation.id), assignment);
    }

    return VC_OK;
}


static bool
vc_assignment_term_known(const vc_filter_term_t *term)
{
    return (vc_filter_calls(term, "atScope") && term->value.data == NULL)
           || (vc_filter_compares(term, "principalId")
               && vc_guid_valid(term->value))
           || (vc_filter_calls(term, "assignedTo")
               && vc_guid_valid(term->value));
}


static vc_status_t
vc_assignment_read_filter(vc_call_t *call, vc_filter_t *filter)
{
    size_t      i;
    vc_status_t status;

    status = vc_filter_parse(call->arena, call->arm->filter, filter,
        &call->error);

    for (i = 0; status == VC_OK && i < filter->count; i++) {
        if (!vc_assignment_term_known(&filter->terms[i])) {
            status = vc_filter_refuse(&filter->terms[i],
                "atScope(), principalId eq '{GUID}', assignedTo('{GUID}')",
                &call->error);
        }
    }

    return status;
}


vc_status_t
vc_arm_assignment_list(vc_call_t *call)
{
    vc_status_t          status;
    vc_assignment_walk_t walk;

    memset(&walk, 0, sizeof(walk));
    walk.call = call;

    status = vc_assignment_read_filter(call, &walk.filter);
    if (status != VC_OK) {
        return status;
    }

    vc_buf_literal(&call->out, "{\"value\":[");
    status = vc_assignments_each(call->context->session, call->arena,
        vc_assignment_visit, &walk);
    vc_buf_literal(&call->out, "]}");

    return (status == VC_OK) ? vc_arm_json(call, 200) : status;
}


vc_status_t
vc_arm_assignment_get(vc_call_t *call)
{
    char            id[VC_GUID_LEN + 1];
    vc_status_t     status;
    vc_assignment_t assignment;

    status = vc_assignment_route_id(call, id);
    if (status != VC_OK) {
        return status;
    }

    status = vc_assignment_get(call->context->session, call->arena,
        call->arm->scope, vc_str(id), &assignment);

    if (status == VC_NOT_FOUND) {
        return vc_fail(&call->error, VC_ARM_NO_ASSIGNMENT,
            "The role assignment '%s' is not found.", id);
    }

    return (status == VC_OK) ? vc_assignment_answer(call, &assignment, 200)
                             : status;
}


/* --- changing ----------------------------------------------------------------- */

/* some may give and take certain roles only */
static vc_status_t
vc_assignment_may(vc_call_t *call, const char *action, const char *role)
{
    if (vc_roles_decide_assignment(call->principal, call->arm->grants,
            vc_str(action), call->arm->scope, vc_str(role))
        != NULL)
    {
        return VC_OK;
    }

    call->granted = false;

    return vc_arm_forbid(call, action, call->arm->scope);
}


static vc_status_t
vc_assignment_read_body(vc_call_t *call, vc_assignment_t *assignment)
{
    json_t     *body;
    vc_status_t status;

    status = vc_arm_body(call, &body);
    if (status != VC_OK) {
        return status;
    }

    status = vc_arm_read_assignment(call->arena, body, assignment,
        &call->error);
    json_decref(body);

    return status;
}


/* what the role may be, before it is stored */
static vc_status_t
vc_assignment_check_role(vc_call_t *call, const vc_assignment_t *assignment)
{
    vc_status_t      status;
    const vc_role_t *role;

    status = vc_role_get(call->context->session, call->arena,
        vc_str(assignment->role), &role);

    if (status == VC_NOT_FOUND) {
        return vc_fail(&call->error, VC_ARM_NO_ROLE,
            "The specified role definition with ID '%s' does not exist.",
            assignment->role);
    }

    return status;
}


vc_status_t
vc_arm_assignment_put(vc_call_t *call)
{
    bool            existed;
    char            id[VC_GUID_LEN + 1];
    char            words[sizeof(call->error.message)];
    vc_status_t     status;
    vc_assignment_t assignment;

    status = vc_assignment_route_id(call, id);

    if (status == VC_OK) {
        status = vc_assignment_read_body(call, &assignment);
    }

    if (status == VC_OK) {
        status = vc_assignment_check_role(call, &assignment);
    }

    if (status == VC_OK) {
        status = vc_assignment_may(call, VC_ASSIGNMENT_WRITE, assignment.role);
    }

    if (status != VC_OK) {
        return status;
    }

    memcpy(assignment.id, id, sizeof(assignment.id));
    assignment.scope = call->arm->scope;
    assignment.created_by = call->principal->object_id;

    vc_call_leave_snapshot(call);

    status = vc_assignment_put(call->context->session, call->arena, &assignment,
        &existed, &call->error);

    if (status == VC_OBJECT_CONFLICT) {
        memcpy(words, call->error.message, sizeof(words));
        return vc_fail(&call->error, VC_ARM_ASSIGNMENT_EXISTS, "%s", words);
    }

    return (status == VC_OK)
               ? vc_assignment_answer(call, &assignment, existed ? 200 : 201)
               : status;
}


vc_status_t
vc_arm_assignment_delete(vc_call_t *call)
{
    char            id[VC_GUID_LEN + 1];
    vc_status_t     status;
    vc_assignment_t assignment;

    status = vc_assignment_route_id(call, id);
    if (status != VC_OK) {
        return status;
    }

    status = vc_assignment_get(call->context->session, call->arena,
        call->arm->scope, vc_str(id), &assignment);

    if (status == VC_OK) {
        status = vc_assignment_may(call, VC_ASSIGNMENT_DELETE, assignment.role);
    }

    if (status == VC_OK) {
        vc_call_leave_snapshot(call);
        status = vc_assignment_delete(call->context->session, call->arena,
            call->arm->scope, vc_str(id), &assignment, &call->error);
    }

    if (status == VC_NOT_FOUND) {
        return vc_arm_empty(call, 204);
    }

    return (status == VC_OK) ? vc_assignment_answer(call, &assignment, 200)
                             : status;
}
