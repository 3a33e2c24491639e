#include "access/policy.h"

#include "access/holders.h"


static bool
vc_policy_is_of(const vc_policy_t *policy, const vc_holders_t *holders)
{
    vc_str_t application_id;

    application_id = vc_str(policy->application_id);

    /* an entry that names an application is for a user through that one */
    return vc_holders_have(holders, policy->object_id)
           && (application_id.len == 0
               || vc_str_ieq(application_id,
                   holders->principal->application_id));
}


static bool
vc_policies_grant(const vc_principal_t *principal,
    const vc_access_request_t *request)
{
    size_t             i;
    vc_holders_t       holders;
    const vc_policy_t *policy;

    vc_holders_of(principal, &holders);

    for (i = 0; i < request->policy_count; i++) {
        policy = &request->policies[i];

        /* the cheap test first: most entries are somebody else's */
        if ((policy->permissions[request->family] & request->permission) != 0
            && vc_policy_is_of(policy, &holders))
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
vc_access_check_tenant(const vc_principal_t *principal, const char *tenant,
    vc_error_t *err)
{
    if (vc_str_ieq(vc_str(tenant), principal->tenant)) {
        return VC_OK;
    }

    return vc_fail(err, VC_UNAUTHORIZED,
        "AKV10032: Invalid issuer. Expected one of tenant %s, found %.*s.",
        tenant,
        (int) (principal->issuer.len > 200 ? 200 : principal->issuer.len),
        (const char *) principal->issuer.data);
}


/* a resource's id as messages have it */
static void
vc_put_lower(vc_buf_t *out, vc_str_t text)
{
    size_t   i;
    uint8_t *p;

    p = vc_buf_reserve(out, text.len);

    for (i = 0; p != NULL && i < text.len; i++) {
        p[i] = (text.data[i] >= 'A' && text.data[i] <= 'Z')
                   ? (uint8_t) (text.data[i] | 0x20)
                   : text.data[i];
    }
}


vc_status_t
vc_access_refuse_roles(const vc_principal_t *principal,
    const vc_access_request_t *request, vc_error_t *err)
{
    vc_buf_t    who, resource;
    vc_arena_t *arena;
    vc_status_t status;

    arena = vc_arena_create(1024);
    if (arena == NULL) {
        return vc_fail(err, VC_FORBIDDEN_BY_RBAC,
            "Caller is not authorized to perform action on resource.");
    }

    vc_buf_init(&who, arena, 256);
    vc_principal_describe(principal, &who);
    vc_buf_init(&resource, arena, 256);
    vc_put_lower(&resource, request->resource);

    status = vc_fail(err, VC_FORBIDDEN_BY_RBAC,
        "Caller is not authorized to perform action on resource.\r\n"
        "If role assignments, deny assignments or role definitions were "
        "changed recently, please observe propagation time.\r\n"
        "Caller: %.*s\r\nAction: '%.*s'\r\nResource: '%.*s'\r\n"
        "Assignment: (not found)\r\nDenyAssignmentId: null\r\n"
        "DecisionReason: null \r\nVault: %s;location=%s\r\n",
        VC_STR_ARG(vc_buf_view(&who)), VC_STR_ARG(request->action),
        VC_STR_ARG(vc_buf_view(&resource)), request->vault, request->region);

    vc_arena_destroy(arena);

    return status;
}


/* what whoever can read a public key can do without asking */
static bool
vc_action_is_public(vc_str_t action)
{
    return vc_str_eq(action, VC_STR(VC_DATA_ACTION("keys/encrypt/action")))
           || vc_str_eq(action, VC_STR(VC_DATA_ACTION("keys/wrap/action")))
           || vc_str_eq(action, VC_STR(VC_DATA_ACTION("keys/verify/action")));
}


static bool
vc_roles_grant(const vc_principal_t *principal,
    const vc_access_request_t *request, vc_access_t *out)
{
    out->grant = vc_roles_decide(principal, request->grants, true,
        request->action, request->resource);

    if (out->grant == NULL && vc_action_is_public(request->action)) {
        out->grant = vc_roles_decide(principal, request->grants, true,
            VC_STR(VC_DATA_ACTION("keys/read")), request->resource);
        out->public_only = (out->grant != NULL);
    }

    return out->grant != NULL;
}


vc_status_t
vc_access_decide(const vc_principal_t *principal,
    const vc_access_request_t *request, vc_access_t *out, vc_error_t *err)
{
    vc_status_t status;

    status = vc_access_check_tenant(principal, request->tenant, err);
    if (status != VC_OK) {
        return status;
    }

    *out = (vc_access_t){NULL, false};

    if (request->rbac) {
        return vc_roles_grant(principal, request, out)
                   ? VC_OK
                   : vc_access_refuse_roles(principal, request, err);
    }

    return vc_policies_grant(principal, request)
               ? VC_OK
               : vc_access_denied(principal, request, err);
}
