/* What rotation by hand and rotation in time share. */

#ifndef VC_API_KEY_ROTATION_H
#define VC_API_KEY_ROTATION_H

#include "objects/key_policy.h"

/*
 * The version that follows head with new material: its type, operations, tags
 * and release policy, and the expiry that the rotation policy gives it.
 */
vc_status_t vc_key_rotate_version(const vc_object_t *head,
    const vc_key_made_t *made, const vc_objects_t *objects, vc_object_t *out)
    VC_MUST_CHECK;

bool vc_key_spec_same(const vc_key_spec_t *a, const vc_key_spec_t *b);

#endif /* VC_API_KEY_ROTATION_H */
