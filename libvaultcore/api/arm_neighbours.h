/*
 * Rows of the management plane that are attached to scopes and vaults: roles,
 * locks, diagnostic settings, private endpoints, and secrets and keys as
 * resources.
 */

#ifndef VC_API_ARM_NEIGHBOURS_H
#define VC_API_ARM_NEIGHBOURS_H

#include "api/arm_diagnostics.h"
#include "api/arm_objects.h"
#include "api/arm_private_links.h"
#include "api/arm_roles.h"

#define VC_ARM_SCOPE "/{scope}"
#define VC_ARM_AUTHORIZATION VC_ARM_SCOPE "/providers/Microsoft.Authorization"
#define VC_ARM_INSIGHTS VC_ARM_V "/providers/Microsoft.Insights"
#define VC_ARM_THERE (VC_ARM_GROUP | VC_ARM_VAULT)

#define VC_ARM_ROLE_OPERATIONS(X)                                              \
    X("RoleDefinitionList", "GET", VC_ARM_AUTHORIZATION "/roleDefinitions",    \
        AUTHORIZATION, "Microsoft.Authorization/roleDefinitions/read",         \
        VC_ARM_THERE, VC_COST_CHANGE, vc_arm_role_list)                        \
    X("RoleDefinitionGet", "GET",                                              \
        VC_ARM_AUTHORIZATION "/roleDefinitions/{name}", AUTHORIZATION,         \
        "Microsoft.Authorization/roleDefinitions/read", VC_ARM_THERE,          \
        VC_COST_LOOP, vc_arm_role_get)                                         \
    X("RoleDefinitionPut", "PUT",                                              \
        VC_ARM_AUTHORIZATION "/roleDefinitions/{name}", AUTHORIZATION,         \
        "Microsoft.Authorization/roleDefinitions/write",                       \
        VC_ARM_THERE | VC_ARM_WRITES, VC_COST_CHANGE, vc_arm_role_put)         \
    X("RoleDefinitionDelete", "DELETE",                                        \
        VC_ARM_AUTHORIZATION "/roleDefinitions/{name}", AUTHORIZATION,         \
        "Microsoft.Authorization/roleDefinitions/delete",                      \
        VC_ARM_THERE | VC_ARM_DELETES, VC_COST_CHANGE, vc_arm_role_delete)     \
    X("RoleAssignmentList", "GET", VC_ARM_AUTHORIZATION "/roleAssignments",    \
        AUTHORIZATION, "Microsoft.Authorization/roleAssignments/read",         \
        VC_ARM_THERE, VC_COST_CHANGE, vc_arm_assignment_list)                  \
    X("RoleAssignmentGet", "GET",                                              \
        VC_ARM_AUTHORIZATION "/roleAssignments/{name}", AUTHORIZATION,         \
        "Microsoft.Authorization/roleAssignments/read", VC_ARM_THERE,          \
        VC_COST_LOOP, vc_arm_assignment_get)                                   \
    X("RoleAssignmentPut", "PUT",                                              \
        VC_ARM_AUTHORIZATION "/roleAssignments/{name}", AUTHORIZATION,         \
        VC_ASSIGNMENT_WRITE, VC_ARM_THERE | VC_ARM_WRITES, VC_COST_CHANGE,     \
        vc_arm_assignment_put)                                                 \
    X("RoleAssignmentDelete", "DELETE",                                        \
        VC_ARM_AUTHORIZATION "/roleAssignments/{name}", AUTHORIZATION,         \
        VC_ASSIGNMENT_DELETE, VC_ARM_THERE | VC_ARM_DELETES, VC_COST_CHANGE,   \
        vc_arm_assignment_delete)                                              \
    X("DenyAssignmentList", "GET", VC_ARM_AUTHORIZATION "/denyAssignments",    \
        AUTHORIZATION, "Microsoft.Authorization/denyAssignments/read",         \
        VC_ARM_THERE, VC_COST_LOOP, vc_arm_nothing_list)

/* a lock does not stand in the way of locks */
#define VC_ARM_LOCK_OPERATIONS(X)                                              \
    X("LockList", "GET", VC_ARM_AUTHORIZATION "/locks", LOCKS,                 \
        "Microsoft.Authorization/locks/read", VC_ARM_THERE, VC_COST_CHANGE,    \
        vc_arm_lock_list)                                                      \
    X("LockGet", "GET", VC_ARM_AUTHORIZATION "/locks/{name}", LOCKS,           \
        "Microsoft.Authorization/locks/read", VC_ARM_THERE, VC_COST_LOOP,      \
        vc_arm_lock_get)                                                       \
    X("LockPut", "PUT", VC_ARM_AUTHORIZATION "/locks/{name}", LOCKS,           \
        "Microsoft.Authorization/locks/write", VC_ARM_THERE, VC_COST_CHANGE,   \
        vc_arm_lock_put)                                                       \
    X("LockDelete", "DELETE", VC_ARM_AUTHORIZATION "/locks/{name}", LOCKS,     \
        "Microsoft.Authorization/locks/delete", VC_ARM_THERE, VC_COST_CHANGE,  \
        vc_arm_lock_delete)

#define VC_ARM_DIAGNOSTIC_OPERATIONS(X)                                        \
    X("DiagnosticSettingList", "GET", VC_ARM_INSIGHTS "/diagnosticSettings",   \
        INSIGHTS, "Microsoft.Insights/diagnosticSettings/read", VC_ARM_THERE,  \
        VC_COST_LOOP, vc_arm_diagnostic_list)                                  \
    X("DiagnosticSettingGet", "GET",                                           \
        VC_ARM_INSIGHTS "/diagnosticSettings/{name}", INSIGHTS,                \
        "Microsoft.Insights/diagnosticSettings/read", VC_ARM_THERE,            \
        VC_COST_LOOP, vc_arm_diagnostic_get)                                   \
    X("DiagnosticSettingPut", "PUT",                                           \
        VC_ARM_INSIGHTS "/diagnosticSettings/{name}", INSIGHTS,                \
        "Microsoft.Insights/diagnosticSettings/write",                         \
        VC_ARM_THERE | VC_ARM_WRITES, VC_COST_CHANGE, vc_arm_diagnostic_put)   \
    X("DiagnosticSettingDelete", "DELETE",                                     \
        VC_ARM_INSIGHTS "/diagnosticSettings/{name}", INSIGHTS,                \
        "Microsoft.Insights/diagnosticSettings/delete",                        \
        VC_ARM_THERE | VC_ARM_DELETES, VC_COST_CHANGE,                         \
        vc_arm_diagnostic_delete)                                              \
    X("DiagnosticCategoryList", "GET",                                         \
        VC_ARM_INSIGHTS "/diagnosticSettingsCategories", INSIGHTS,             \
        "Microsoft.Insights/diagnosticSettingsCategories/read", VC_ARM_THERE,  \
        VC_COST_LOOP, vc_arm_diagnostic_category_list)                         \
    X("DiagnosticCategoryGet", "GET",                                          \
        VC_ARM_INSIGHTS "/diagnosticSettingsCategories/{name}", INSIGHTS,      \
        "Microsoft.Insights/diagnosticSettingsCategories/read", VC_ARM_THERE,  \
        VC_COST_LOOP, vc_arm_diagnostic_category_get)

#define VC_ARM_SECRET_OPERATIONS(X)                                            \
    X("VaultSecretList", "GET", VC_ARM_V "/secrets", KEYVAULT,                 \
        "Microsoft.KeyVault/vaults/secrets/read", VC_ARM_THERE, VC_COST_LOOP,  \
        vc_arm_secret_list)                                                    \
    X("VaultSecretGet", "GET", VC_ARM_V "/secrets/{object}", KEYVAULT,         \
        "Microsoft.KeyVault/vaults/secrets/read", VC_ARM_THERE, VC_COST_LOOP,  \
        vc_arm_secret_get)                                                     \
    X("VaultSecretPut", "PUT", VC_ARM_V "/secrets/{object}", KEYVAULT,         \
        "Microsoft.KeyVault/vaults/secrets/write",                             \
        VC_ARM_THERE | VC_ARM_WRITES, VC_COST_CHANGE, vc_arm_secret_put)       \
    X("VaultSecretPatch", "PATCH", VC_ARM_V "/secrets/{object}", KEYVAULT,     \
        "Microsoft.KeyVault/vaults/secrets/write",                             \
        VC_ARM_THERE | VC_ARM_WRITES, VC_COST_CHANGE, vc_arm_secret_patch)     \
    X("VaultSecretDelete", "DELETE", VC_ARM_V "/secrets/{object}", KEYVAULT,   \
        "Microsoft.KeyVault/vaults/secrets/write", VC_ARM_THERE, VC_COST_LOOP, \
        vc_arm_object_delete)

#define VC_ARM_KEY_OPERATIONS(X)                                               \
    X("VaultKeyList", "GET", VC_ARM_V "/keys", KEYVAULT,                       \
        "Microsoft.KeyVault/vaults/keys/read", VC_ARM_THERE, VC_COST_LOOP,     \
        vc_arm_key_list)                                                       \
    X("VaultKeyVersionList", "GET", VC_ARM_V "/keys/{object}/versions",        \
        KEYVAULT, "Microsoft.KeyVault/vaults/keys/versions/read",              \
        VC_ARM_THERE, VC_COST_LOOP, vc_arm_key_version_list)                   \
    X("VaultKeyVersionGet", "GET",                                             \
        VC_ARM_V "/keys/{object}/versions/{version}", KEYVAULT,                \
        "Microsoft.KeyVault/vaults/keys/versions/read", VC_ARM_THERE,          \
        VC_COST_LOOP, vc_arm_key_get)                                          \
    X("VaultKeyGet", "GET", VC_ARM_V "/keys/{object}", KEYVAULT,               \
        "Microsoft.KeyVault/vaults/keys/read", VC_ARM_THERE, VC_COST_LOOP,     \
        vc_arm_key_get)                                                        \
    X("VaultKeyPut", "PUT", VC_ARM_V "/keys/{object}", KEYVAULT,               \
        "Microsoft.KeyVault/vaults/keys/write", VC_ARM_THERE | VC_ARM_WRITES,  \
        VC_COST_GENERATE, vc_arm_key_put)                                      \
    X("VaultKeyDelete", "DELETE", VC_ARM_V "/keys/{object}", KEYVAULT,         \
        "Microsoft.KeyVault/vaults/keys/write", VC_ARM_THERE, VC_COST_LOOP,    \
        vc_arm_object_delete)

#define VC_ARM_PRIVATE "Microsoft.KeyVault/vaults/privateEndpointConnections/"

#define VC_ARM_PRIVATE_OPERATIONS(X)                                           \
    X("VaultPrivateLinkResourceList", "GET", VC_ARM_V "/privateLinkResources", \
        KEYVAULT, "Microsoft.KeyVault/vaults/privateLinkResources/read",       \
        VC_ARM_THERE, VC_COST_LOOP, vc_arm_nothing_list)                       \
    X("VaultPrivateConnectionList", "GET",                                     \
        VC_ARM_V "/privateEndpointConnections", KEYVAULT,                      \
        VC_ARM_PRIVATE "read", VC_ARM_THERE, VC_COST_LOOP,                     \
        vc_arm_nothing_list)                                                   \
    X("VaultPrivateConnectionGet", "GET",                                      \
        VC_ARM_V "/privateEndpointConnections/{name}", KEYVAULT,               \
        VC_ARM_PRIVATE "read", VC_ARM_THERE, VC_COST_LOOP,                     \
        vc_arm_private_connection_get)                                         \
    X("VaultPrivateConnectionPut", "PUT",                                      \
        VC_ARM_V "/privateEndpointConnections/{name}", KEYVAULT,               \
        VC_ARM_PRIVATE "write", VC_ARM_THERE | VC_ARM_WRITES, VC_COST_LOOP,    \
        vc_arm_private_connection_put)                                         \
    X("VaultPrivateConnectionDelete", "DELETE",                                \
        VC_ARM_V "/privateEndpointConnections/{name}", KEYVAULT,               \
        VC_ARM_PRIVATE "delete", VC_ARM_THERE | VC_ARM_DELETES, VC_COST_LOOP,  \
        vc_arm_private_connection_delete)

/*
 * X() as in arm_operations.h; the rows about keys stand apart, because their
 * family is another.
 */
#define VC_ARM_NEIGHBOUR_OPERATIONS(X)                                         \
    VC_ARM_ROLE_OPERATIONS(X)                                                  \
    VC_ARM_LOCK_OPERATIONS(X)                                                  \
    VC_ARM_DIAGNOSTIC_OPERATIONS(X)                                            \
    VC_ARM_PRIVATE_OPERATIONS(X) VC_ARM_SECRET_OPERATIONS(X)

#endif /* VC_API_ARM_NEIGHBOURS_H */
