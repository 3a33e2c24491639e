/* resource providers, and the operations of Microsoft.KeyVault */

#include "api/arm_handlers.h"
#include "api/arm_vault.h"

typedef struct {
    const char        *space; /* "Microsoft.KeyVault" */
    vc_provider_t      versions;
    const char *const *types; /* NULL behind the last */
} vc_provider_row_t;

static const char *const vc_keyvault_types[] = {"vaults", "vaults/secrets",
    "vaults/keys", "vaults/accessPolicies", "deletedVaults", "locations",
    "locations/deletedVaults", "locations/operationResults",
    "checkNameAvailability", "operations", NULL};
static const char *const vc_resources_types[] = {"subscriptions",
    "resourceGroups", "resources", "providers", NULL};
static const char *const vc_authorization_types[] = {"roleAssignments",
    "roleDefinitions", NULL};
static const char *const vc_insights_types[] = {"diagnosticSettings", NULL};

static const vc_provider_row_t vc_providers[] = {
    {"Microsoft.KeyVault", VC_PROVIDER_KEYVAULT, vc_keyvault_types},
    {"Microsoft.Resources", VC_PROVIDER_RESOURCES, vc_resources_types},
    {"Microsoft.Authorization", VC_PROVIDER_AUTHORIZATION,
        vc_authorization_types},
    {"Microsoft.Insights", VC_PROVIDER_INSIGHTS, vc_insights_types},
};

#define VC_PROVIDERS (sizeof(vc_providers) / sizeof(vc_providers[0]))


static void
vc_put_type(const vc_provider_row_t *row, const char *type, vc_buf_t *out)
{
    size_t      i;
    const char *version;

    vc_buf_printf(out,
        "{\"resourceType\":\"%s\",\"locations\":[],"
        "\"apiVersions\":[",
        type);

    /* the newest first, as clients take the first of them */
    for (i = 0; (version = vc_arm_version_at(row->versions, i)) != NULL; i++) {
        vc_buf_printf(out, "%s\"%s\"", i == 0 ? "" : ",", version);
    }

    vc_buf_text(out, "]}");
}


static void
vc_put_provider(const vc_call_t *call, const vc_provider_row_t *row,
    vc_buf_t *out)
{
    size_t i;

    vc_buf_printf(out,
        "{\"id\":\"/subscriptions/%s/providers/%s\",\"namespace\":\"%s\","
        "\"registrationState\":\"Registered\",\"registrationPolicy\":"
        "\"RegistrationFree\",\"resourceTypes\":[",
        call->engine->installation.id, row->space, row->space);

    for (i = 0; row->types[i] != NULL; i++) {
        vc_buf_text(out, i == 0 ? "" : ",");
        vc_put_type(row, row->types[i], out);
    }

    vc_buf_text(out, "]}");
}


vc_status_t
vc_arm_provider_list(vc_call_t *call)
{
    size_t i;

    vc_buf_text(&call->out, "{\"value\":[");

    for (i = 0; i < VC_PROVIDERS; i++) {
        vc_buf_text(&call->out, i == 0 ? "" : ",");
        vc_put_provider(call, &vc_providers[i], &call->out);
    }

    vc_buf_text(&call->out, "]}");

    return vc_arm_json(call, 200);
}


vc_status_t
vc_arm_provider_get(vc_call_t *call)
{
    char   shown[64];
    size_t i;

    for (i = 0; i < VC_PROVIDERS; i++) {
        if (vc_str_ieq(call->arm->name, vc_str(vc_providers[i].space))) {
            vc_put_provider(call, &vc_providers[i], &call->out);
            return vc_arm_json(call, 200);
        }
    }

    return vc_fail(&call->error, VC_ARM_NO_PROVIDER,
        "The resource namespace '%s' is invalid; served are "
        "Microsoft.KeyVault, Microsoft.Resources, Microsoft.Authorization and "
        "Microsoft.Insights.",
        vc_str_printable(call->arm->name, shown, sizeof(shown)));
}


/* the actions of the operation table's own rows, each once */
static bool
vc_operation_is_first(size_t index)
{
    size_t i;

    for (i = 0; i < index; i++) {
        if (vc_operations[i].action != NULL
            && vc_str_ieq(vc_str(vc_operations[i].action),
                vc_str(vc_operations[index].action)))
        {
            return false;
        }
    }

    return true;
}


static void
vc_put_operation(const vc_operation_t *row, vc_buf_t *out)
{
    vc_buf_printf(out,
        "{\"name\":\"%s\",\"isDataAction\":false,\"display\":{\"provider\":"
        "\"Microsoft Key Vault\",\"resource\":\"Vault\",\"operation\":\"%.*s\","
        "\"description\":\"%.*s\"}}",
        row->action, VC_STR_ARG(row->name), VC_STR_ARG(row->name));
}


vc_status_t
vc_arm_operation_list(vc_call_t *call)
{
    size_t                i, count;
    const vc_operation_t *row;

    count = 0;
    vc_buf_text(&call->out, "{\"value\":[");

    for (i = 0; i < vc_operation_count; i++) {
        row = &vc_operations[i];

        if (row->action != NULL && row->provider == VC_PROVIDER_KEYVAULT
            && vc_operation_is_first(i))
        {
            vc_arm_put_comma(&call->out, &count);
            vc_put_operation(row, &call->out);
        }
    }

    vc_buf_text(&call->out, "]}");

    return vc_arm_json(call, 200);
}
