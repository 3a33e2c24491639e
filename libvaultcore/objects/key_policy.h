/*
 * What is kept of a key as a whole, in vc_object_t.policy: its rotation
 * policy, and whether the near end of its current version was announced.
 *
 *     format (1 byte) | announced version (16) | its expiry (8)
 *     | rotation policy, empty: the default
 */

#ifndef VC_OBJECTS_KEY_POLICY_H
#define VC_OBJECTS_KEY_POLICY_H

#include "objects/object.h"
#include "objects/rotation.h"
#include "objects/stored_key.h"

typedef struct {
    bool                 has_rotation;              /* somebody gave it one */
    vc_rotation_policy_t rotation;                  /* else the default */
    uint8_t              announced[VC_VERSION_LEN]; /* all zero: none */
    int64_t              announced_expiry;
} vc_key_policy_t;

/* what an object's policy says; an empty one is the default.  VC_INVALID */
vc_status_t vc_key_policy_decode(vc_str_t policy, vc_key_policy_t *out)
    VC_MUST_CHECK;
/* appends it */
void vc_key_policy_encode(const vc_key_policy_t *policy, vc_buf_t *out);

/* what time brings to a live key */
typedef enum {
    VC_KEY_DUE_NOTHING,
    VC_KEY_DUE_ROTATE,  /* a new version is to be made */
    VC_KEY_DUE_ANNOUNCE /* it is to be recorded that it expires soon */
} vc_key_due_t;

/*
 * What comes next for the current version, and when (*at, seconds).  A key
 * that is disabled waits, and one whose material came from outside, or that
 * only unwraps transfer files, is never rotated.
 */
vc_key_due_t vc_key_policy_next(const vc_object_t *object, int64_t *at);

/* of vc_objects_t.due */
int64_t vc_key_policy_due(const vc_object_t *object);

#endif /* VC_OBJECTS_KEY_POLICY_H */
