/* what the installation is: endpoints, its subscription, tenant, locations */

#include "api/arm_handlers.h"
#include "api/arm_list.h"


/*
 * Who registers a cloud asks for this first, and has no token yet.  The first
 * members are those that the Azure CLI read up to 2020, the others what it
 * reads now, from api-version 2019-05-01 on.
 */
vc_status_t
vc_arm_endpoints(vc_call_t *call)
{
    vc_buf_t                  *out;
    const vc_engine_options_t *options;

    out = &call->out;
    options = call->engine->options;

    vc_buf_text(out, "{\"galleryEndpoint\":");
    vc_json_string(out, options->management.base_url);
    vc_buf_text(out, ",\"graphEndpoint\":");
    vc_json_string(out, options->management.base_url);
    vc_buf_text(out, ",\"portalEndpoint\":");
    vc_json_string(out, options->management.base_url);
    vc_buf_text(out, ",\"authentication\":{\"loginEndpoint\":");
    vc_json_string(out, options->local.base_url);
    vc_buf_text(out, ",\"audiences\":[");
    vc_json_string(out, options->management.base_url);
    vc_buf_text(out, "]},\"name\":\"Local\",\"resourceManager\":");
    vc_json_string(out, options->management.base_url);
    vc_buf_text(out, ",\"gallery\":");
    vc_json_string(out, options->management.base_url);
    vc_buf_text(out, ",\"graph\":");
    vc_json_string(out, options->management.base_url);
    vc_buf_text(out, ",\"graphAudience\":");
    vc_json_string(out, options->management.base_url);
    vc_buf_text(out, ",\"microsoftGraphResourceId\":");
    vc_json_string(out, options->management.base_url);
    vc_buf_text(out, ",\"suffixes\":{\"keyVaultDns\":");
    vc_json_string(out, options->management.vault_domain);
    vc_buf_text(out, "}}");

    return vc_arm_json(call, 200);
}


static void
vc_put_subscription(vc_call_t *call)
{
    const vc_installation_t *installation;

    installation = &call->engine->installation;

    vc_buf_printf(&call->out,
        "{\"id\":\"/subscriptions/%s\",\"subscriptionId\":\"%s\","
        "\"displayName\":\"Vault installation\",\"state\":\"Enabled\","
        "\"tenantId\":\"%s\",\"authorizationSource\":\"RoleBased\","
        "\"managedByTenants\":[],\"subscriptionPolicies\":{"
        "\"spendingLimit\":\"Off\"}}",
        installation->id, installation->id, installation->tenant);
}


/* whoever has no role anywhere sees no subscription, as with Azure */
vc_status_t
vc_arm_subscription_list(vc_call_t *call)
{
    vc_status_t   status;
    vc_arm_list_t list;

    status = vc_arm_list_begin(call, &list);
    if (status != VC_OK) {
        return status;
    }

    vc_buf_text(&call->out, "{\"value\":[");

    if (vc_arm_list_knows(&list)) {
        vc_put_subscription(call);
    }

    vc_buf_text(&call->out, "]}");

    return vc_arm_json(call, 200);
}


static vc_status_t
vc_directory_admit(vc_call_t *call)
{
    vc_status_t   status;
    vc_arm_list_t list;

    status = vc_arm_list_begin(call, &list);

    return (status != VC_OK || vc_arm_list_knows(&list))
               ? status
               : vc_arm_forbid(call, "Microsoft.Resources/subscriptions/read",
                   call->arm->scope);
}


vc_status_t
vc_arm_subscription_get(vc_call_t *call)
{
    vc_status_t status;

    status = vc_directory_admit(call);
    if (status != VC_OK) {
        return status;
    }

    vc_put_subscription(call);

    return vc_arm_json(call, 200);
}


vc_status_t
vc_arm_tenant_list(vc_call_t *call)
{
    const char *tenant;

    tenant = call->engine->installation.tenant;
    vc_buf_printf(&call->out,
        "{\"value\":[{\"id\":\"/tenants/%s\",\"tenantId\":\"%s\","
        "\"displayName\":\"Vault installation\"}]}",
        tenant, tenant);

    return vc_arm_json(call, 200);
}


/* vaults can have any location; this is that of what names none */
vc_status_t
vc_arm_location_list(vc_call_t *call)
{
    vc_str_t    location;
    vc_status_t status;

    status = vc_directory_admit(call);
    if (status != VC_OK) {
        return status;
    }

    location = call->engine->options->management.location;
    location = (location.len == 0) ? VC_STR(VC_LOCATION_DEFAULT) : location;

    vc_buf_printf(&call->out,
        "{\"value\":[{\"id\":\"/subscriptions/%s/locations/%.*s\",\"name\":"
        "\"%.*s\",\"type\":\"Region\",\"displayName\":\"%.*s\","
        "\"regionalDisplayName\":\"%.*s\"}]}",
        call->engine->installation.id, VC_STR_ARG(location),
        VC_STR_ARG(location), VC_STR_ARG(location), VC_STR_ARG(location));

    return vc_arm_json(call, 200);
}


vc_status_t
vc_arm_nothing_list(vc_call_t *call)
{
    vc_buf_text(&call->out, "{\"value\":[]}");

    return vc_arm_json(call, 200);
}
