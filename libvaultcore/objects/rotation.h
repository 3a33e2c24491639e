/*
 * A key's rotation policy: when it gets a new version by itself, when somebody
 * is to be told that it will expire, and when new versions expire.
 */

#ifndef VC_OBJECTS_ROTATION_H
#define VC_OBJECTS_ROTATION_H

#include <jansson.h>

#include "base/bytes.h"
#include "objects/duration.h"

/* in days, as vc_duration_days() counts them */
#define VC_ROTATION_TRIGGER_MIN 7 /* after creation, and before expiry */
#define VC_ROTATION_EXPIRY_MIN 28
#define VC_ROTATION_NOTIFY_DEFAULT 30

typedef enum { VC_TRIGGER_AFTER_CREATE, VC_TRIGGER_BEFORE_EXPIRY } vc_trigger_t;

typedef struct {
    bool          has_rotate;
    vc_trigger_t  trigger;
    vc_duration_t rotate;
    vc_duration_t notify; /* before expiry; there is always one */
    bool          has_expiry;
    vc_duration_t expiry;  /* of new versions */
    int64_t       created; /* seconds since 1970; 0: nobody has set it yet */
    int64_t       updated;
} vc_rotation_policy_t;

/* what a key has to which nobody gave a policy: Notify, 30 days before */
vc_rotation_policy_t vc_rotation_default(void);

/*
 * Reads what a client asks for: "lifetimeActions" and "attributes.expiryTime",
 * either of which may be missing or null; without a Notify it gets the
 * default's.  Other members are not looked at; created and updated become 0.
 *
 * That default Notify is not held against an expiryTime that leaves it no
 * room, also when it is spelled out: what was read can be written again.
 *
 * VC_BAD_PARAMETER: a member is of the wrong type; a duration is none; an
 * action is unknown, there twice, or without exactly one trigger; a trigger
 * or the expiryTime breaks a limit above; or Rotate waits for an expiry that
 * no expiryTime sets.
 */
vc_status_t vc_rotation_parse(const json_t *body, vc_rotation_policy_t *out,
    vc_error_t *err) VC_MUST_CHECK;

/* the stored form; VC_INVALID unless it is exactly one of ours */
void vc_rotation_encode(const vc_rotation_policy_t *policy, vc_buf_t *out);
vc_status_t vc_rotation_decode(vc_str_t record, vc_rotation_policy_t *out)
    VC_MUST_CHECK;

/*
 * Appends "lifetimeActions":[…],"attributes":{…}, the inside of the answer.
 * The vault's own API has action types "Rotate" and "Notify", its management
 * "rotate" and "notify"; both are read in any case.
 */
void vc_rotation_json(const vc_rotation_policy_t *policy, bool management,
    vc_buf_t *out);

/*
 * When a version that was created then, and expires at exp if has_exp, is due
 * to be rotated or announced; 0: never.  Seconds since 1970; a moment before
 * 1970 becomes 1.
 */
int64_t vc_rotation_rotate_at(const vc_rotation_policy_t *policy,
    int64_t created, bool has_exp, int64_t exp);
int64_t vc_rotation_notify_at(const vc_rotation_policy_t *policy, bool has_exp,
    int64_t exp);

/* `exp` of a version that rotation makes now; 0: none */
int64_t vc_rotation_expiry(const vc_rotation_policy_t *policy, int64_t now);

#endif /* VC_OBJECTS_ROTATION_H */
