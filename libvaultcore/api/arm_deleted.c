/* deleted vaults: listed, read, purged */

#include <string.h>

#include "api/arm_handlers.h"
#include "api/arm_vault.h"

typedef struct {
    vc_call_t *call;
    size_t     count;
    vc_str_t   id; /* of an operation: the vault's domain as a GUID */
} vc_deleted_walk_t;


static vc_status_t
vc_deleted_visit(const vc_vault_t *vault, void *data)
{
    vc_deleted_walk_t *walk;

    walk = data;

    if (vault->deleted != 0) {
        vc_arm_put_comma(&walk->call->out, &walk->count);
        vc_arm_put_deleted(walk->call, vault, &walk->call->out);
    }

    return VC_OK;
}


vc_status_t
vc_arm_deleted_list(vc_call_t *call)
{
    vc_status_t       status;
    vc_deleted_walk_t walk;

    walk = (vc_deleted_walk_t){call, 0, VC_STR_NULL};

    vc_buf_text(&call->out, "{\"value\":[");
    status = vc_vault_each(call->context->session, call->arena,
        vc_deleted_visit, &walk);
    vc_buf_text(&call->out, "]}");

    return (status == VC_OK) ? vc_arm_json(call, 200) : status;
}


/* the deleted vault of this name in this location */
static vc_status_t
vc_deleted_find(vc_call_t *call, const vc_vault_t **out)
{
    char              name[64], location[64];
    const vc_vault_t *vault;

    vault = call->arm->taken;

    if (vault != NULL && vault->deleted != 0
        && vc_str_ieq(call->arm->location, vault->location))
    {
        *out = vault;
        return VC_OK;
    }

    return vc_fail(&call->error, VC_ARM_NO_DELETED_VAULT,
        "The deleted vault '%s' was not found in the location '%s'.",
        vc_str_printable(call->arm->vault_name, name, sizeof(name)),
        vc_str_printable(call->arm->location, location, sizeof(location)));
}


vc_status_t
vc_arm_deleted_get(vc_call_t *call)
{
    vc_status_t       status;
    const vc_vault_t *vault;

    status = vc_deleted_find(call, &vault);
    if (status != VC_OK) {
        return status;
    }

    vc_arm_put_deleted(call, vault, &call->out);

    return vc_arm_json(call, 200);
}


/* where clients ask for the outcome of a purge */
static vc_status_t
vc_deleted_put_location(vc_call_t *call, const vc_vault_t *vault)
{
    char     id[VC_GUID_LEN];
    vc_buf_t link;

    vc_guid_encode(id, vault->domain);
    vc_buf_init(&link, call->arena, 256);
    vc_buf_str(&link, call->engine->options->management.base_url);
    vc_buf_printf(&link,
        "/subscriptions/%s/providers/Microsoft.KeyVault/locations/%.*s/"
        "operationResults/%.*s?api-version=%.*s",
        call->engine->installation.id, VC_STR_ARG(vault->location), VC_GUID_LEN,
        id, VC_STR_ARG(call->route.api_version_text));

    if (link.failed) {
        return VC_NO_MEMORY;
    }

    vc_call_header(call, "Location", vc_buf_view(&link));
    vc_call_header(call, "Retry-After", VC_STR("1"));

    return VC_OK;
}


vc_status_t
vc_arm_deleted_purge(vc_call_t *call)
{
    vc_status_t       status;
    const vc_vault_t *vault;

    status = vc_deleted_find(call, &vault);
    if (status != VC_OK) {
        return status;
    }

    vc_call_leave_snapshot(call);
    status = vc_vault_purge(call->context->session, call->arena,
        vc_str(vault->name), &call->error);

    if (status == VC_OK) {
        status = vc_arm_empty(call, 202);
    }

    return (status == VC_OK) ? vc_deleted_put_location(call, vault) : status;
}


static vc_status_t
vc_operation_visit(const vc_vault_t *vault, void *data)
{
    char               id[VC_GUID_LEN];
    vc_deleted_walk_t *walk;

    walk = data;
    vc_guid_encode(id, vault->domain);

    if (vc_str_ieq(walk->id, (vc_str_t){(const uint8_t *) id, VC_GUID_LEN})) {
        walk->count++;
    }

    return VC_OK;
}


/*
 * A purge is over when it is answered, so its outcome needs no record: it is
 * 200 once there is no vault with this id, and 202 as long as there is.
 */
vc_status_t
vc_arm_operation_result(vc_call_t *call)
{
    char              shown[64];
    vc_status_t       status;
    vc_deleted_walk_t walk;

    walk = (vc_deleted_walk_t){call, 0, call->arm->name};

    if (!vc_guid_valid(walk.id)) {
        return vc_fail(&call->error, VC_ARM_NO_RESOURCE,
            "There is no operation with the id '%s'.",
            vc_str_printable(walk.id, shown, sizeof(shown)));
    }

    status = vc_vault_each(call->context->session, call->arena,
        vc_operation_visit, &walk);
    if (status != VC_OK) {
        return status;
    }

    return vc_arm_empty(call, walk.count == 0 ? 200 : 202);
}
