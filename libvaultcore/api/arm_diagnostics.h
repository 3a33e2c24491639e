/* Handlers of Microsoft.Insights: diagnostic settings of vaults. */

#ifndef VC_API_ARM_DIAGNOSTICS_H
#define VC_API_ARM_DIAGNOSTICS_H

#include <jansson.h>

#include "api/operations.h"
#include "vaults/diagnostics.h"

/* arm_diagnostics.c.  get: VC_ARM_NO_RESOURCE.  put: VC_BAD_PARAMETER. */
vc_status_t vc_arm_diagnostic_list(vc_call_t *call);
vc_status_t vc_arm_diagnostic_get(vc_call_t *call);
vc_status_t vc_arm_diagnostic_put(vc_call_t *call);
vc_status_t vc_arm_diagnostic_delete(vc_call_t *call);
vc_status_t vc_arm_diagnostic_category_list(vc_call_t *call);
vc_status_t vc_arm_diagnostic_category_get(vc_call_t *call);

/*
 * arm_diagnostic_body.c: reads the body of a setting; the name is the
 * caller's.  VC_BAD_PARAMETER: a member is wrong, there is no destination, or
 * one that the host does not have; VC_NO_MEMORY.
 */
vc_status_t vc_arm_read_diagnostic(vc_arena_t *arena, const json_t *body,
    const vc_management_options_t *options, vc_diagnostic_t *out,
    vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_API_ARM_DIAGNOSTICS_H */
