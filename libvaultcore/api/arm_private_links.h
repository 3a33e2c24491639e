/*
 * Private endpoints of vaults.  There are none: clients that ask see empty
 * lists (vc_arm_nothing_list), and what would make or approve one is refused.
 */

#ifndef VC_API_ARM_PRIVATE_LINKS_H
#define VC_API_ARM_PRIVATE_LINKS_H

#include "api/operations.h"

/* VC_ARM_NO_RESOURCE */
vc_status_t vc_arm_private_connection_get(vc_call_t *call);
/* VC_ARM_DISALLOWED */
vc_status_t vc_arm_private_connection_put(vc_call_t *call);
/* 204: it was not there */
vc_status_t vc_arm_private_connection_delete(vc_call_t *call);

#endif /* VC_API_ARM_PRIVATE_LINKS_H */
