/* private endpoints, as far as to say that there are none */

#include "api/arm_private_links.h"

#include "api/arm.h"


vc_status_t
vc_arm_private_connection_get(vc_call_t *call)
{
    char shown[128];

    return vc_fail(&call->error, VC_ARM_NO_RESOURCE,
        "The Resource 'Microsoft.KeyVault/vaults/%s/privateEndpointConnections/"
        "%s' under resource group '%s' was not found: vaults have no private "
        "endpoints here.",
        call->arm->vault->name,
        vc_str_printable(call->arm->name, shown, sizeof(shown)),
        call->arm->vault->group);
}


vc_status_t
vc_arm_private_connection_put(vc_call_t *call)
{
    return vc_fail(&call->error, VC_ARM_DISALLOWED,
        "The operation 'write' on resource type "
        "'vaults/privateEndpointConnections' is disallowed: vaults have no "
        "private endpoints here. The vault's networkAcls and "
        "publicNetworkAccess say from where it can be reached.");
}


vc_status_t
vc_arm_private_connection_delete(vc_call_t *call)
{
    return vc_arm_empty(call, 204);
}
