/* who may: the vault, the decision, and what was decided before */

#include <string.h>

#include "api/arm.h"


/* by roles, on every object of the vault */
static const vc_granted_role_t *
vc_call_granted_role(const vc_call_t *call)
{
    size_t                   i;
    const vc_granted_role_t *role;

    for (i = 0; i < VC_GRANTED_ROLES; i++) {
        role = &call->principal->granted.roles[i];

        if (role->operation == call->operation) {
            return role;
        }
    }

    return NULL;
}


/*
 * Whether the same was granted to this token before, in the same vault and
 * policy epoch: a vault can have a thousand policies, and clients ask again.
 * Only the loop asks and notes: principals are its own.
 */
static bool
vc_call_granted_before(vc_call_t *call, const vc_context_t *context)
{
    const vc_granted_t      *granted;
    const vc_granted_role_t *role;

    granted = &call->principal->granted;

    if (context != call->engine->loop
        || granted->epoch
               != vc_snapshot_epoch(vc_session_snapshot(context->session))
        || memcmp(granted->vault, call->vault->domain, VC_DOMAIN_LEN) != 0)
    {
        return false;
    }

    if (!call->by_roles) {
        return (granted->permissions & call->operation->permission) != 0
               && granted->family == call->operation->family;
    }

    role = vc_call_granted_role(call);
    if (role == NULL) {
        return false;
    }

    memcpy(call->assignment, role->assignment, sizeof(call->assignment));

    return true;
}


/* what holds for one object, or for one kind of key, says nothing of others */
static void
vc_call_note_role(vc_call_t *call, const vc_access_t *access, vc_str_t vault)
{
    vc_granted_t      *granted;
    vc_granted_role_t *role;

    if (access->public_only || !vc_scope_covers(access->grant->scope, vault)) {
        return;
    }

    granted = &call->principal->granted;
    role = &granted->roles[granted->role_count++ % VC_GRANTED_ROLES];
    role->operation = call->operation;
    memcpy(role->assignment, access->grant->id, sizeof(role->assignment));
}


/* vault: its resource id, where roles decide */
static void
vc_call_note_granted(vc_call_t *call, const vc_context_t *context,
    const vc_access_t *access, vc_str_t vault)
{
    uint64_t      epoch;
    vc_granted_t *granted;

    if (context != call->engine->loop) {
        return;
    }

    granted = &call->principal->granted;
    epoch = vc_snapshot_epoch(vc_session_snapshot(context->session));

    if (granted->epoch != epoch
        || memcmp(granted->vault, call->vault->domain, VC_DOMAIN_LEN) != 0)
    {
        memset(granted, 0, sizeof(*granted));
        granted->epoch = epoch;
        memcpy(granted->vault, call->vault->domain, VC_DOMAIN_LEN);
    }

    if (access->grant != NULL) {
        vc_call_note_role(call, access, vault);
        return;
    }

    if (granted->family != call->operation->family) {
        granted->family = call->operation->family;
        granted->permissions = 0;
    }

    granted->permissions |= call->operation->permission;
}


static vc_status_t
vc_call_refuse_network(vc_call_t *call, vc_status_t status)
{
    char     address[64];
    vc_buf_t who;

    vc_buf_init(&who, call->arena, 256);
    vc_principal_describe(call->principal, &who);

    if (status == VC_FORBIDDEN_BY_CONNECTION) {
        return vc_fail(&call->error, status,
            "Public network access is disabled and request is not from a "
            "trusted service nor via an approved private link.\r\n"
            "Caller: %.*s\r\nVault: %s;location=%s",
            VC_STR_ARG(vc_buf_view(&who)), call->vault->name,
            call->engine->region);
    }

    return vc_fail(&call->error, status,
        "Client address is not authorized and caller is not a trusted "
        "service.\r\nClient address: %s\r\nCaller: %.*s\r\n"
        "Vault: %s;location=%s",
        vc_str_printable(call->request.client_address, address,
            sizeof(address)),
        VC_STR_ARG(vc_buf_view(&who)), call->vault->name, call->engine->region);
}


/* who calls from where the vault's rules do not allow is refused whatever he
   may do; that his token is of another tenant he learns first */
static vc_status_t
vc_call_decide_network(vc_call_t *call)
{
    vc_status_t status;

    if (vc_network_is_open(&call->vault->network)) {
        return VC_OK;
    }

    status = vc_access_check_tenant(call->principal, call->vault->tenant,
        &call->error);
    if (status != VC_OK) {
        return status;
    }

    status = vc_network_decide(&call->vault->network,
        call->request.client_address);

    return (status == VC_OK) ? VC_OK : vc_call_refuse_network(call, status);
}


/* lists, and what names no object, are asked of the vault as a whole */
static bool
vc_call_is_of_object(const vc_call_t *call)
{
    return call->route.name.len != 0 && call->operation->permission != VC_LIST;
}


/*
 * The question that the decision answers.  *vault gets the vault's resource
 * id, which the object's begins with, where roles decide.
 */
static vc_status_t
vc_call_access_request(vc_call_t *call, vc_access_request_t *out,
    vc_str_t *vault)
{
    size_t   vault_len;
    vc_buf_t resource;

    *out = (vc_access_request_t){
        .vault = call->vault->name,
        .region = call->engine->region,
        .tenant = call->vault->tenant,
        .policies = call->vault->policies,
        .policy_count = call->vault->policy_count,
        .family = call->operation->family,
        .permission = call->operation->permission,
        .rbac = call->vault->rbac,
        .grants = call->vault->grants,
        .action = call->operation->data_action,
    };
    *vault = VC_STR_NULL;

    if (!out->rbac) {
        return VC_OK;
    }

    vc_buf_init(&resource, call->arena, 384);
    vc_vault_resource_id(call->vault, vc_str(call->engine->installation.id),
        &resource);
    vault_len = resource.len;

    if (vc_call_is_of_object(call)) {
        vc_buf_text(&resource, "/");
        vc_buf_text(&resource, vc_family_name(out->family));
        vc_buf_text(&resource, "/");
        vc_buf_str(&resource, call->route.name);
    }

    if (resource.failed) {
        return vc_fail_detail(&call->error, VC_NO_MEMORY, "out of memory");
    }

    out->resource = vc_buf_view(&resource);
    *vault = (vc_str_t){resource.data, vault_len};

    return VC_OK;
}


static vc_status_t
vc_call_decide_access(vc_call_t *call, const vc_context_t *context)
{
    vc_str_t            vault;
    vc_access_t         access;
    vc_status_t         status;
    vc_access_request_t request;

    if (vc_call_granted_before(call, context)) {
        return VC_OK;
    }

    status = vc_call_access_request(call, &request, &vault);

    if (status == VC_OK) {
        status = vc_access_decide(call->principal, &request, &access,
            &call->error);
    }

    if (status != VC_OK) {
        return status;
    }

    if (access.grant != NULL) {
        memcpy(call->assignment, access.grant->id, sizeof(call->assignment));
        call->public_only = access.public_only;
    }

    vc_call_note_granted(call, context, &access, vault);

    return VC_OK;
}


vc_status_t
vc_call_refuse_role(vc_call_t *call)
{
    vc_str_t            vault;
    vc_status_t         status;
    vc_access_request_t request;

    call->granted = false;
    call->assignment[0] = '\0';

    status = vc_call_access_request(call, &request, &vault);

    return (status == VC_OK)
               ? vc_access_refuse_roles(call->principal, &request, &call->error)
               : status;
}


/* finds the vault and decides, in the snapshot of a context */
static vc_status_t
vc_call_decide(vc_call_t *call, vc_context_t *context)
{
    vc_str_t    name;
    vc_status_t status;

    name = call->route.vault;
    status = (name.len == 0) ? VC_NOT_FOUND
                             : vc_vault_cache_get(context->vaults,
                                 context->session, name, &call->vault);

    if (status == VC_NOT_FOUND) {
        return vc_fail(&call->error, VC_VAULT_NOT_FOUND,
            "There is no vault at this address; the first label of the host "
            "name must be the name of a vault.");
    }

    if (status != VC_OK) {
        return vc_fail_detail(&call->error, status, "the vault's record");
    }

    memcpy(call->vault_tenant, call->vault->tenant, sizeof(call->vault_tenant));
    memcpy(call->vault_group, call->vault->group, sizeof(call->vault_group));
    call->decided = true;
    call->by_roles = call->vault->rbac;
    call->public_only = false;

    status = vc_call_note_destinations(call, call->vault->audit_destinations,
        call->vault->audit_destination_count);

    if (status == VC_OK) {
        status = vc_call_decide_network(call);
    }

    if (status == VC_OK) {
        status = vc_call_decide_access(call, context);
    }

    call->granted = (status == VC_OK);

    return status;
}


/* an authenticated principal may be gone since: asked when the epoch moved */
static vc_status_t
vc_call_recheck(vc_call_t *call, vc_context_t *context)
{
    uint64_t    epoch;
    vc_status_t status;

    epoch = vc_snapshot_epoch(vc_session_snapshot(context->session));

    if (epoch == call->epoch) {
        return VC_OK;
    }

    status = vc_token_recheck(call->principal, context->session, call->now,
        &call->error);

    if (status == VC_OK) {
        call->epoch = epoch;
    }

    return status;
}


bool
vc_call_needs_caller(const vc_call_t *call)
{
    return call->request.plane == VC_PLANE_DATA
           || (call->request.plane == VC_PLANE_MANAGEMENT
               && (call->operation == NULL
                   || (call->operation->rules & VC_ARM_OPEN) == 0));
}


vc_status_t
vc_call_admit(vc_call_t *call, vc_context_t *context)
{
    vc_status_t status;

    call->vault = NULL;
    call->granted = false;
    call->assignment[0] = '\0';

    if (!vc_call_needs_caller(call)) {
        return VC_OK;
    }

    status = vc_call_recheck(call, context);

    if (status == VC_OK && call->operation->plane == VC_PLANE_MANAGEMENT) {
        return vc_arm_admit(call, context);
    }

    return (status == VC_OK) ? vc_call_decide(call, context) : status;
}
