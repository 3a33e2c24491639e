/* Handlers of the management plane: vaults, groups and what is around them. */

#ifndef VC_API_ARM_HANDLERS_H
#define VC_API_ARM_HANDLERS_H

#include "api/operations.h"

/* arm_directory.c: what the installation is */
vc_status_t vc_arm_endpoints(vc_call_t *call);
vc_status_t vc_arm_subscription_list(vc_call_t *call);
vc_status_t vc_arm_subscription_get(vc_call_t *call);
vc_status_t vc_arm_tenant_list(vc_call_t *call);
vc_status_t vc_arm_location_list(vc_call_t *call);
vc_status_t vc_arm_nothing_list(vc_call_t *call);

/* arm_provider.c */
vc_status_t vc_arm_provider_list(vc_call_t *call);
vc_status_t vc_arm_provider_get(vc_call_t *call);
vc_status_t vc_arm_operation_list(vc_call_t *call);

/* arm_group.c */
vc_status_t vc_arm_group_list(vc_call_t *call);
vc_status_t vc_arm_group_get(vc_call_t *call);
vc_status_t vc_arm_group_head(vc_call_t *call);
vc_status_t vc_arm_group_put(vc_call_t *call);
vc_status_t vc_arm_group_delete(vc_call_t *call);

/* arm_vault_list.c */
vc_status_t vc_arm_vault_list(vc_call_t *call);
vc_status_t vc_arm_resource_list(vc_call_t *call);

/* arm_vault.c */
vc_status_t vc_arm_vault_put(vc_call_t *call);
vc_status_t vc_arm_vault_patch(vc_call_t *call);
vc_status_t vc_arm_vault_get(vc_call_t *call);
vc_status_t vc_arm_vault_delete(vc_call_t *call);
vc_status_t vc_arm_vault_policies(vc_call_t *call);
vc_status_t vc_arm_check_name(vc_call_t *call);

/* arm_deleted.c */
vc_status_t vc_arm_deleted_list(vc_call_t *call);
vc_status_t vc_arm_deleted_get(vc_call_t *call);
vc_status_t vc_arm_deleted_purge(vc_call_t *call);
vc_status_t vc_arm_operation_result(vc_call_t *call);

/* arm_graph.c: what clients look up in Microsoft Graph */
vc_status_t vc_arm_graph_me(vc_call_t *call);
vc_status_t vc_arm_graph_principals(vc_call_t *call);
vc_status_t vc_arm_graph_objects(vc_call_t *call);

#endif /* VC_API_ARM_HANDLERS_H */
