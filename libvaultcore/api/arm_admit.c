/* what a management request names, and whether its caller may */

#include "api/arm.h"
#include "vaults/diagnostics.h"


/* oid's of different tenants could be the same */
static vc_status_t
vc_arm_check_tenant(vc_call_t *call)
{
    const char *tenant;

    tenant = call->engine->installation.tenant;

    if (vc_str_ieq(call->principal->tenant, vc_str(tenant))) {
        return VC_OK;
    }

    return vc_fail(&call->error, VC_ARM_BAD_TENANT,
        "The access token is of the tenant '%.*s', but the subscription is "
        "managed by the tenant '%s'; request a token of that one.",
        VC_STR_ARG(call->principal->tenant), tenant);
}


static vc_status_t
vc_arm_check_subscription(vc_call_t *call)
{
    char      shown[64];
    vc_arm_t *arm;

    arm = call->arm;

    if (arm->subscription.len != 0
        && !vc_str_ieq(arm->subscription,
            vc_str(call->engine->installation.id)))
    {
        return vc_fail(&call->error, VC_ARM_NO_SUBSCRIPTION,
            "The subscription '%s' could not be found.",
            vc_str_printable(arm->subscription, shown, sizeof(shown)));
    }

    return VC_OK;
}


static vc_status_t
vc_arm_find_group(vc_call_t *call, vc_context_t *context)
{
    vc_arm_t   *arm;
    vc_group_t *group;
    vc_status_t status;

    arm = call->arm;
    arm->resource_group = NULL;

    if (arm->group.len == 0) {
        return VC_OK;
    }

    group = vc_arena_calloc(call->arena, sizeof(vc_group_t));
    if (group == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_group_get(context->session, call->arena, arm->group, group);

    if (status == VC_OK) {
        arm->resource_group = group;
    }

    return (status == VC_NOT_FOUND) ? VC_OK : status;
}


static vc_status_t
vc_arm_find_vault(vc_call_t *call, vc_context_t *context)
{
    vc_arm_t   *arm;
    vc_vault_t *vault;
    vc_status_t status;

    arm = call->arm;
    arm->vault = NULL;
    arm->taken = NULL;

    if (arm->vault_name.len == 0) {
        return VC_OK;
    }

    vault = vc_arena_calloc(call->arena, sizeof(vc_vault_t));
    if (vault == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_vault_get(context->session, call->arena, arm->vault_name,
        vault);

    if (!arm->admitted) {
        arm->was_free = (status == VC_NOT_FOUND);
        arm->admitted = true;
    }

    if (status == VC_OK) {
        arm->taken = vault;

        if (vault->deleted == 0 && vc_str_ieq(arm->group, vc_str(vault->group)))
        {
            arm->vault = vault;
            status = vc_diagnostics_audit(context->session, call->arena,
                vault->domain, &call->destinations, &call->destination_count);
        }
    }

    return (status == VC_NOT_FOUND) ? VC_OK : status;
}


/* the scope in its stored form, names as they are kept where they are known */
static vc_status_t
vc_arm_make_scope(vc_call_t *call)
{
    vc_buf_t  scope;
    vc_arm_t *arm;

    arm = call->arm;
    vc_buf_init(&scope, call->arena, 256);

    if (arm->subscription.len != 0) {
        vc_buf_text(&scope, "/subscriptions/");
        vc_buf_text(&scope, call->engine->installation.id);
    }

    if (arm->group.len != 0) {
        vc_buf_text(&scope, "/resourceGroups/");
        vc_buf_str(&scope, arm->resource_group != NULL
                               ? vc_str(arm->resource_group->name)
                               : arm->group);
    }

    if (arm->vault_name.len != 0 && arm->group.len != 0) {
        vc_buf_text(&scope, "/providers/Microsoft.KeyVault/vaults/");
        vc_buf_str(&scope,
            arm->vault != NULL ? vc_str(arm->vault->name) : arm->vault_name);
    }

    if (arm->object.len != 0) {
        vc_buf_text(&scope, "/");
        vc_buf_str(&scope, arm->kind);
        vc_buf_text(&scope, "/");
        vc_buf_str(&scope, arm->object);
    }

    arm->scope = vc_buf_view(&scope);
    call->record_id = arm->scope;

    return scope.failed ? VC_NO_MEMORY : VC_OK;
}


static vc_status_t
vc_arm_find(vc_call_t *call, vc_context_t *context)
{
    vc_arm_t          *arm;
    vc_str_t           subscription;
    vc_status_t        status;
    const vc_grants_t *above;

    arm = call->arm;
    subscription = vc_str(call->engine->installation.id);

    status = vc_arm_find_group(call, context);

    if (status == VC_OK) {
        status = vc_arm_find_vault(call, context);
    }

    if (status == VC_OK) {
        status = vc_arm_make_scope(call);
    }

    if (status == VC_OK) {
        status = vc_vault_cache_above(context->vaults, context->session,
            &above);
    }

    if (status != VC_OK) {
        return status;
    }

    return (arm->vault != NULL)
               ? vc_assignments_of_vault(context->session, call->arena,
                   subscription, arm->vault, above, &arm->grants)
               : vc_assignments_of_group(context->session, call->arena,
                   subscription, arm->group, above, &arm->grants);
}


bool
vc_arm_may(const vc_call_t *call, const char *action, vc_str_t scope)
{
    return vc_roles_decide(call->principal, call->arm->grants, false,
               vc_str(action), scope)
           != NULL;
}


vc_status_t
vc_arm_forbid(vc_call_t *call, const char *action, vc_str_t scope)
{
    char                  client[VC_GUID_LEN + 1], object[VC_GUID_LEN + 1];
    char                  shown[400];
    const vc_principal_t *principal;

    principal = call->principal;

    return vc_fail(&call->error, VC_ARM_FORBIDDEN,
        "The client '%s' with object id '%s' does not have authorization to "
        "perform action '%s' over scope '%s' or the scope is invalid. If "
        "access was recently granted, please refresh your credentials.",
        vc_str_printable(principal->application_id.len != 0
                             ? principal->application_id
                             : principal->object_id,
            client, sizeof(client)),
        vc_str_printable(principal->object_id, object, sizeof(object)), action,
        vc_str_printable(scope.len == 0 ? VC_STR("/") : scope, shown,
            sizeof(shown)));
}


static vc_status_t
vc_arm_decide(vc_call_t *call)
{
    const char *action;

    action = call->operation->action;

    if (action == NULL) {
        return VC_OK;
    }

    call->decided = true;
    call->granted = vc_arm_may(call, action, call->arm->scope);

    return call->granted ? VC_OK
                         : vc_arm_forbid(call, action, call->arm->scope);
}


static vc_status_t
vc_arm_check_there(vc_call_t *call)
{
    char      vault[64], group[VC_GROUP_NAME_MAX + 1];
    uint32_t  rules;
    vc_arm_t *arm;

    arm = call->arm;
    rules = call->operation->rules;
    (void) vc_str_printable(arm->group, group, sizeof(group));

    if ((rules & VC_ARM_GROUP) != 0 && arm->group.len != 0
        && arm->resource_group == NULL)
    {
        return vc_fail(&call->error, VC_ARM_NO_GROUP,
            "Resource group '%s' could not be found.", group);
    }

    if ((rules & VC_ARM_VAULT) != 0 && arm->vault_name.len != 0
        && arm->vault == NULL)
    {
        return vc_fail(&call->error, VC_ARM_NO_RESOURCE,
            "The Resource 'Microsoft.KeyVault/vaults/%s' under resource group "
            "'%s' was not found. For more details please go to "
            "https://aka.ms/ARMResourceNotFoundFix",
            vc_str_printable(arm->vault_name, vault, sizeof(vault)), group);
    }

    return VC_OK;
}


vc_status_t
vc_arm_refuse_lock(vc_call_t *call, const vc_lock_t *lock, bool deletes)
{
    char scope[400], at[400], name[128];

    return vc_fail(&call->error, VC_ARM_LOCKED,
        "The scope '%s' cannot perform %s operation because following "
        "scope(s) are locked: '%s/providers/Microsoft.Authorization/locks/%s'. "
        "Please remove the lock and try again.",
        vc_str_printable(call->arm->scope, scope, sizeof(scope)),
        deletes ? "delete" : "write",
        vc_str_printable(lock->scope, at, sizeof(at)),
        vc_str_printable(lock->name, name, sizeof(name)));
}


static vc_status_t
vc_arm_check_locks(vc_call_t *call, vc_context_t *context)
{
    bool        deletes;
    vc_lock_t   lock;
    vc_status_t status;

    deletes = (call->operation->rules & VC_ARM_DELETES) != 0;

    if ((!deletes && (call->operation->rules & VC_ARM_WRITES) == 0)
        || call->arm->scope.len == 0)
    {
        return VC_OK;
    }

    status = vc_lock_find(context->session, call->arena, call->arm->scope,
        deletes, &lock);

    if (status != VC_OK) {
        return (status == VC_NOT_FOUND) ? VC_OK : status;
    }

    return vc_arm_refuse_lock(call, &lock, deletes);
}


vc_status_t
vc_arm_admit(vc_call_t *call, vc_context_t *context)
{
    vc_status_t status;

    status = vc_arm_check_tenant(call);

    if (status == VC_OK) {
        status = vc_arm_check_subscription(call);
    }

    if (status != VC_OK) {
        return status;
    }

    status = vc_arm_find(call, context);
    if (status != VC_OK) {
        return vc_fail_detail(&call->error, status, "the scope's records: %s",
            vc_status_name(status));
    }

    status = vc_arm_decide(call);

    if (status == VC_OK) {
        status = vc_arm_check_there(call);
    }

    return (status == VC_OK) ? vc_arm_check_locks(call, context) : status;
}
