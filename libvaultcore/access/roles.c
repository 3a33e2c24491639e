/* what a role allows, where a grant reaches, and the decision over both */

#include "access/roles.h"

#include "access/holders.h"


static uint8_t
vc_fold(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') ? (uint8_t) (c | 0x20) : c;
}


/*
 * A mismatch gives one more character to the last '*' and to no earlier one:
 * that is enough to find a match if there is one, and bounds the work by the
 * product of both lengths.
 */
bool
vc_action_matches(vc_str_t pattern, vc_str_t action)
{
    bool   starred;
    size_t p, a, after_star, resume;

    starred = false;
    after_star = resume = 0;

    for (p = 0, a = 0; a < action.len;) {
        if (p < pattern.len && pattern.data[p] == '*') {
            starred = true;
            after_star = ++p;
            resume = a;

        } else if (p < pattern.len
                   && vc_fold(pattern.data[p]) == vc_fold(action.data[a]))
        {
            p++;
            a++;

        } else if (starred) {
            p = after_star;
            a = ++resume;

        } else {
            return false;
        }
    }

    while (p < pattern.len && pattern.data[p] == '*') {
        p++;
    }

    return p == pattern.len;
}


static bool
vc_actions_have(const vc_actions_t *actions, vc_str_t action)
{
    size_t i;

    for (i = 0; i < actions->count; i++) {
        if (vc_action_matches(actions->items[i], action)) {
            return true;
        }
    }

    return false;
}


bool
vc_role_allows_data(const vc_role_t *role, vc_str_t action)
{
    return vc_actions_have(&role->data_actions, action)
           && !vc_actions_have(&role->not_data_actions, action);
}


bool
vc_role_allows(const vc_role_t *role, vc_str_t action)
{
    return vc_actions_have(&role->actions, action)
           && !vc_actions_have(&role->not_actions, action);
}


bool
vc_scope_covers(vc_str_t scope, vc_str_t resource)
{
    if (scope.len > resource.len
        || !vc_str_ieq(scope, (vc_str_t){resource.data, scope.len}))
    {
        return false;
    }

    return scope.len == 0 || scope.len == resource.len
           || resource.data[scope.len] == '/';
}


/* role_id empty: whichever role an assignment is of */
static const vc_grant_t *
vc_roles_find(const vc_principal_t *principal, vc_grants_t grants, bool data,
    vc_str_t action, vc_str_t resource, vc_str_t role_id)
{
    size_t             i;
    vc_holders_t       holders;
    const vc_grant_t  *grant;
    const vc_grants_t *list;

    vc_holders_of(principal, &holders);

    for (list = &grants; list != NULL; list = list->above) {
        for (i = 0; i < list->count; i++) {
            grant = list->items + i;

            if (vc_holders_have(&holders, grant->principal)
                && vc_scope_covers(grant->scope, resource)
                && (data ? vc_role_allows_data(grant->role, action)
                         : vc_role_allows(grant->role, action))
                && (role_id.len == 0 || vc_role_may_assign(grant, role_id)))
            {
                return grant;
            }
        }
    }

    return NULL;
}


const vc_grant_t *
vc_roles_decide(const vc_principal_t *principal, vc_grants_t grants, bool data,
    vc_str_t action, vc_str_t resource)
{
    return vc_roles_find(principal, grants, data, action, resource,
        VC_STR_NULL);
}


const vc_grant_t *
vc_roles_decide_assignment(const vc_principal_t *principal, vc_grants_t grants,
    vc_str_t action, vc_str_t scope, vc_str_t role_id)
{
    if (role_id.len == 0) {
        return NULL;
    }

    return vc_roles_find(principal, grants, false, action, scope, role_id);
}
