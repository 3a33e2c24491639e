/*
 * The rows of the management plane, for the operation table.
 *
 * Patterns: {subscription}, {group}, {vault}, {location}, {name}, {object}
 * (a secret or key; decided at its own scope) and {version} are one segment
 * each; {scope}, which can only stand first, is any scope, also none
 * (the root).  Everything is compared without regard to case.
 */

#ifndef VC_API_ARM_OPERATIONS_H
#define VC_API_ARM_OPERATIONS_H

#include "api/arm_handlers.h"
#include "api/arm_neighbours.h"

#define VC_ARM_BODY_LIMIT ((size_t) 1024 * 1024)

#define VC_ARM_S "/subscriptions/{subscription}"
#define VC_ARM_G VC_ARM_S "/resourceGroups/{group}"
#define VC_ARM_KEYVAULT "/providers/Microsoft.KeyVault"
#define VC_ARM_V VC_ARM_G VC_ARM_KEYVAULT "/vaults/{vault}"
#define VC_ARM_DELETED                                                         \
    VC_ARM_S VC_ARM_KEYVAULT "/locations/{location}/deletedVaults/{vault}"

/*
 * X(name, method, pattern, provider, action, rules, cost, handler).  What has a
 * body is PUT, PATCH and POST.
 */
#define VC_ARM_OPERATIONS(X)                                                   \
    X("MetadataEndpointsGet", "GET", "/metadata/endpoints", ANY, NULL,         \
        VC_ARM_OPEN, VC_COST_LOOP, vc_arm_endpoints)                           \
    X("SubscriptionList", "GET", "/subscriptions", RESOURCES, NULL,            \
        VC_ARM_ANYONE, VC_COST_CHANGE, vc_arm_subscription_list)               \
    X("SubscriptionGet", "GET", VC_ARM_S, RESOURCES, NULL, VC_ARM_ANYONE,      \
        VC_COST_CHANGE, vc_arm_subscription_get)                               \
    X("TenantList", "GET", "/tenants", RESOURCES, NULL, VC_ARM_ANYONE,         \
        VC_COST_LOOP, vc_arm_tenant_list)                                      \
    X("LocationList", "GET", VC_ARM_S "/locations", RESOURCES, NULL,           \
        VC_ARM_ANYONE, VC_COST_CHANGE, vc_arm_location_list)                   \
    X("ProviderList", "GET", VC_ARM_S "/providers", RESOURCES, NULL,           \
        VC_ARM_ANYONE, VC_COST_LOOP, vc_arm_provider_list)                     \
    X("ProviderGet", "GET", VC_ARM_S "/providers/{name}", RESOURCES, NULL,     \
        VC_ARM_ANYONE, VC_COST_LOOP, vc_arm_provider_get)                      \
    X("ProviderRegister", "POST", VC_ARM_S "/providers/{name}/register",       \
        RESOURCES, "Microsoft.KeyVault/register/action", 0, VC_COST_LOOP,      \
        vc_arm_provider_get)                                                   \
    X("OperationList", "GET", VC_ARM_KEYVAULT "/operations", KEYVAULT, NULL,   \
        VC_ARM_ANYONE, VC_COST_LOOP, vc_arm_operation_list)                    \
    X("ResourceList", "GET", VC_ARM_S "/resources", RESOURCES, NULL,           \
        VC_ARM_ANYONE, VC_COST_CHANGE, vc_arm_resource_list)                   \
    X("ResourceList", "GET", VC_ARM_G "/resources", RESOURCES, NULL,           \
        VC_ARM_ANYONE | VC_ARM_GROUP, VC_COST_CHANGE, vc_arm_resource_list)    \
    X("ResourceGroupList", "GET", VC_ARM_S "/resourceGroups", RESOURCES, NULL, \
        VC_ARM_ANYONE, VC_COST_CHANGE, vc_arm_group_list)                      \
    X("ResourceGroupGet", "GET", VC_ARM_G, RESOURCES,                          \
        "Microsoft.Resources/subscriptions/resourceGroups/read", VC_ARM_GROUP, \
        VC_COST_LOOP, vc_arm_group_get)                                        \
    X("ResourceGroupExists", "HEAD", VC_ARM_G, RESOURCES,                      \
        "Microsoft.Resources/subscriptions/resourceGroups/read", 0,            \
        VC_COST_LOOP, vc_arm_group_head)                                       \
    X("ResourceGroupPut", "PUT", VC_ARM_G, RESOURCES,                          \
        "Microsoft.Resources/subscriptions/resourceGroups/write",              \
        VC_ARM_WRITES, VC_COST_CHANGE, vc_arm_group_put)                       \
    X("ResourceGroupDelete", "DELETE", VC_ARM_G, RESOURCES,                    \
        "Microsoft.Resources/subscriptions/resourceGroups/delete",             \
        VC_ARM_GROUP | VC_ARM_DELETES, VC_COST_CHANGE, vc_arm_group_delete)    \
    X("VaultList", "GET", VC_ARM_S VC_ARM_KEYVAULT "/vaults", KEYVAULT, NULL,  \
        VC_ARM_ANYONE, VC_COST_CHANGE, vc_arm_vault_list)                      \
    X("VaultList", "GET", VC_ARM_G VC_ARM_KEYVAULT "/vaults", KEYVAULT, NULL,  \
        VC_ARM_ANYONE | VC_ARM_GROUP, VC_COST_CHANGE, vc_arm_vault_list)       \
    X("ManagedHsmList", "GET", VC_ARM_S VC_ARM_KEYVAULT "/managedHSMs",        \
        KEYVAULT, NULL, VC_ARM_ANYONE, VC_COST_LOOP, vc_arm_nothing_list)      \
    X("ManagedHsmList", "GET", VC_ARM_G VC_ARM_KEYVAULT "/managedHSMs",        \
        KEYVAULT, NULL, VC_ARM_ANYONE | VC_ARM_GROUP, VC_COST_LOOP,            \
        vc_arm_nothing_list)                                                   \
    X("ManagedHsmListDeleted", "GET",                                          \
        VC_ARM_S VC_ARM_KEYVAULT "/deletedManagedHSMs", KEYVAULT, NULL,        \
        VC_ARM_ANYONE, VC_COST_LOOP, vc_arm_nothing_list)                      \
    X("VaultPut", "PUT", VC_ARM_V, KEYVAULT,                                   \
        "Microsoft.KeyVault/vaults/write", VC_ARM_GROUP | VC_ARM_WRITES,       \
        VC_COST_CHANGE, vc_arm_vault_put)                                      \
    X("VaultPatch", "PATCH", VC_ARM_V, KEYVAULT,                               \
        "Microsoft.KeyVault/vaults/write",                                     \
        VC_ARM_GROUP | VC_ARM_VAULT | VC_ARM_WRITES, VC_COST_CHANGE,           \
        vc_arm_vault_patch)                                                    \
    X("VaultGet", "GET", VC_ARM_V, KEYVAULT, "Microsoft.KeyVault/vaults/read", \
        VC_ARM_GROUP | VC_ARM_VAULT, VC_COST_LOOP, vc_arm_vault_get)           \
    X("VaultDelete", "DELETE", VC_ARM_V, KEYVAULT,                             \
        "Microsoft.KeyVault/vaults/delete", VC_ARM_DELETES, VC_COST_CHANGE,    \
        vc_arm_vault_delete)                                                   \
    X("VaultAccessPoliciesPut", "PUT", VC_ARM_V "/accessPolicies/{name}",      \
        KEYVAULT, "Microsoft.KeyVault/vaults/accessPolicies/write",            \
        VC_ARM_GROUP | VC_ARM_VAULT | VC_ARM_WRITES, VC_COST_CHANGE,           \
        vc_arm_vault_policies)                                                 \
    X("VaultListDeleted", "GET", VC_ARM_S VC_ARM_KEYVAULT "/deletedVaults",    \
        KEYVAULT, "Microsoft.KeyVault/deletedVaults/read", 0, VC_COST_CHANGE,  \
        vc_arm_deleted_list)                                                   \
    X("VaultGetDeleted", "GET", VC_ARM_DELETED, KEYVAULT,                      \
        "Microsoft.KeyVault/locations/deletedVaults/read", 0, VC_COST_LOOP,    \
        vc_arm_deleted_get)                                                    \
    X("VaultPurge", "POST", VC_ARM_DELETED "/purge", KEYVAULT,                 \
        "Microsoft.KeyVault/locations/deletedVaults/purge/action",             \
        VC_ARM_WRITES, VC_COST_CHANGE, vc_arm_deleted_purge)                   \
    X("VaultOperationResultGet", "GET",                                        \
        VC_ARM_S VC_ARM_KEYVAULT                                               \
        "/locations/{location}/operationResults/{name}",                       \
        KEYVAULT, "Microsoft.KeyVault/locations/operationResults/read", 0,     \
        VC_COST_CHANGE, vc_arm_operation_result)                               \
    X("VaultCheckName", "POST",                                                \
        VC_ARM_S VC_ARM_KEYVAULT "/checkNameAvailability", KEYVAULT,           \
        "Microsoft.KeyVault/checkNameAvailability/read", 0, VC_COST_LOOP,      \
        vc_arm_check_name)                                                     \
    X("GraphMeGet", "GET", "/v1.0/me", ANY, NULL, VC_ARM_ANYONE, VC_COST_LOOP, \
        vc_arm_graph_me)                                                       \
    X("GraphServicePrincipalList", "GET", "/v1.0/servicePrincipals", ANY,      \
        NULL, VC_ARM_ANYONE, VC_COST_CHANGE, vc_arm_graph_principals)          \
    X("GraphObjectsGet", "POST", "/v1.0/directoryObjects/getByIds", ANY, NULL, \
        VC_ARM_ANYONE, VC_COST_CHANGE, vc_arm_graph_objects)

#endif /* VC_API_ARM_OPERATIONS_H */
