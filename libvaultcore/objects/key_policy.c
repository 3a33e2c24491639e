#include "objects/key_policy.h"

#include <string.h>

#define VC_KEY_POLICY_FORMAT 1


vc_status_t
vc_key_policy_decode(vc_str_t policy, vc_key_policy_t *out)
{
    uint8_t     format;
    vc_str_t    announced;
    vc_reader_t r;

    memset(out, 0, sizeof(*out));
    out->rotation = vc_rotation_default();

    if (policy.len == 0) {
        return VC_OK;
    }

    r = vc_reader(policy);

    if (!vc_read_u8(&r, &format) || format != VC_KEY_POLICY_FORMAT
        || !vc_read_bytes(&r, VC_VERSION_LEN, &announced)
        || !vc_read_i64(&r, &out->announced_expiry))
    {
        return VC_INVALID;
    }

    memcpy(out->announced, announced.data, VC_VERSION_LEN);
    out->has_rotation = !vc_read_done(&r);

    return out->has_rotation
               ? vc_rotation_decode((vc_str_t){policy.data + r.pos,
                                        policy.len - r.pos},
                   &out->rotation)
               : VC_OK;
}


void
vc_key_policy_encode(const vc_key_policy_t *policy, vc_buf_t *out)
{
    vc_buf_u8(out, VC_KEY_POLICY_FORMAT);
    vc_buf_put(out, policy->announced, VC_VERSION_LEN);
    vc_buf_u64(out, (uint64_t) policy->announced_expiry);

    if (policy->has_rotation) {
        vc_rotation_encode(&policy->rotation, out);
    }
}


/* the time to announce the version's expiry; 0: never, or it is done */
static int64_t
vc_key_announce_at(const vc_key_policy_t *policy, const vc_version_t *version)
{
    if (memcmp(policy->announced, version->id, VC_VERSION_LEN) == 0
        && policy->announced_expiry == version->expires)
    {
        return 0;
    }

    return vc_rotation_notify_at(&policy->rotation, version->has_expires,
        version->expires);
}


static int64_t
vc_key_rotate_at(const vc_key_policy_t *policy, const vc_version_t *version)
{
    vc_stored_key_t key;

    if (!policy->has_rotation
        || vc_stored_key_decode(version->payload, &key) != VC_OK || key.imported
        || vc_stored_key_is_exchange(&key))
    {
        return 0;
    }

    return vc_rotation_rotate_at(&policy->rotation, version->created,
        version->has_expires, version->expires);
}


vc_key_due_t
vc_key_policy_next(const vc_object_t *object, int64_t *at)
{
    int64_t         rotate, announce;
    vc_key_policy_t policy;

    *at = 0;

    if (!object->version.enabled
        || vc_key_policy_decode(object->policy, &policy) != VC_OK)
    {
        return VC_KEY_DUE_NOTHING;
    }

    rotate = vc_key_rotate_at(&policy, &object->version);
    announce = vc_key_announce_at(&policy, &object->version);

    if (rotate == 0 && announce == 0) {
        return VC_KEY_DUE_NOTHING;
    }

    if (announce == 0 || (rotate != 0 && rotate <= announce)) {
        *at = rotate;
        return VC_KEY_DUE_ROTATE;
    }

    *at = announce;

    return VC_KEY_DUE_ANNOUNCE;
}


int64_t
vc_key_policy_due(const vc_object_t *object)
{
    int64_t at;

    (void) vc_key_policy_next(object, &at);

    return at;
}
