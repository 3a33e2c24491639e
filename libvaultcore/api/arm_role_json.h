/*
 * Role definitions and role assignments as the management plane's JSON.
 * Built-in and custom roles both are shown as the subscription's.
 */

#ifndef VC_API_ARM_ROLE_JSON_H
#define VC_API_ARM_ROLE_JSON_H

#include <jansson.h>

#include "vaults/assignments.h"

#define VC_ARM_TEXT_MAX 1024
#define VC_ARM_ROLE_NAME_MAX 512
#define VC_ARM_ACTIONS_MAX 1024 /* of one list of a role */

/* appends a role definition, an object */
void vc_arm_put_role(vc_buf_t *out, vc_str_t subscription,
    const vc_role_t *role);

/*
 * Reads the body of a custom role; out->id is the caller's.  One object of
 * permissions is taken: what several mean together, one list of exceptions
 * could not say.  VC_BAD_PARAMETER, VC_NO_MEMORY.
 */
vc_status_t vc_arm_read_role(vc_arena_t *arena, const json_t *body,
    vc_role_t *out, vc_error_t *err) VC_MUST_CHECK;

/* appends a role assignment, an object */
void vc_arm_put_assignment(vc_buf_t *out, vc_str_t subscription,
    const vc_assignment_t *assignment);

/*
 * Reads the body of an assignment; id and scope are the caller's.
 * VC_BAD_PARAMETER: a member is missing or wrong, or a condition is given.
 */
vc_status_t vc_arm_read_assignment(vc_arena_t *arena, const json_t *body,
    vc_assignment_t *out, vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_API_ARM_ROLE_JSON_H */
