#include "access/policy.h"


static bool
vc_policy_is_of(const vc_policy_t *policy, const vc_principal_t *principal)
{
    size_t   i;
    vc_str_t object_id, application_id;

    object_id = vc_str(policy->object_id);
    application_id = vc_str(policy->application_id);

    /* an entry that names an application is for a user through that one */
    if (application_id.len != 0
        && !vc_str_ieq(application_id, principal->application_id))
    {
        return false;
    }

    if (vc_str_ieq(object_id, principal->object_id)) {
        return true;
    }

    for (i = 0; i < principal->group_count; i++) {
        if (vc_str_ieq(object_id, principal->groups[i])) {
            return true;
        }
    }

    return false;
}


static bool
vc_policies_grant(const vc_principal_t *principal,
    const vc_access_request_t *request)
{
    size_t             i;
    const vc_policy_t *policy;

    for (i = 0; i < request->policy_count; i++) {
        policy = &request->policies[i];

        /* the cheap test first: most entries are somebody else's */
        if ((policy->permissions[request->family] & request->permission) != 0
            && vc_policy_is_of(policy, principal))
        {
            return true;
        }
    }

    return false;
}


static vc_status_t
vc_access_denied(const vc_principal_t *principal,
    const vc_access_request_t *request, vc_error_t *err)
{
    vc_buf_t    who;
    vc_arena_t *arena;
    vc_status_t status;
    const char *permission;

    arena = vc_arena_create(1024);
    if (arena == NULL) {
        return vc_fail(err, VC_ACCESS_DENIED, "Access is denied.");
    }

    vc_buf_init(&who, arena, 256);
    vc_principal_describe(principal, &who);
    permission = vc_permission_name(request->family, request->permission);

    status = vc_fail(err, VC_ACCESS_DENIED,
        "The user, group or application '%.*s' does not have %s %s permission "
        "on key vault '%s;location=%s'. For help resolving this issue, please "
        "see https://go.microsoft.com/fwlink/?linkid=2125287",
        VC_STR_ARG(vc_buf_view(&who)), vc_family_name(request->family),
        permission == NULL ? "the" : permission, request->vault,
        request->region);

    vc_arena_destroy(arena);

    return status;
}


vc_status_t
vc_access_decide(const vc_principal_t *principal,
    const vc_access_request_t *request, vc_error_t *err)
{
    if (!vc_str_ieq(vc_str(request->tenant), principal->tenant)) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10032: Invalid issuer. Expected one of tenant %s, found %.*s.",
            request->tenant,
            (int) (principal->issuer.len > 200 ? 200 : principal->issuer.len),
            (const char *) principal->issuer.data);
    }

    if (vc_policies_grant(principal, request)) {
        return VC_OK;
    }

    return vc_access_denied(principal, request, err);
}
