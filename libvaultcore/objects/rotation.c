/* rotation policies as they are kept and shown, and what they lead to */

#include "objects/rotation.h"

#include <string.h>

#define VC_ROTATION_FORMAT 1

enum {
    VC_ROTATION_HAS_ROTATE = 1U << 0,
    VC_ROTATION_BEFORE_EXPIRY = 1U << 1,
    VC_ROTATION_HAS_EXPIRY = 1U << 2,
    VC_ROTATION_FLAGS = (1U << 3) - 1
};


vc_rotation_policy_t
vc_rotation_default(void)
{
    vc_rotation_policy_t policy;

    memset(&policy, 0, sizeof(policy));
    policy.notify.days = VC_ROTATION_NOTIFY_DEFAULT;

    return policy;
}


static uint8_t
vc_rotation_flags(const vc_rotation_policy_t *policy)
{
    unsigned flags;

    flags = policy->has_expiry ? VC_ROTATION_HAS_EXPIRY : 0;

    if (policy->has_rotate) {
        flags |= VC_ROTATION_HAS_ROTATE;
        flags |= (policy->trigger == VC_TRIGGER_BEFORE_EXPIRY)
                     ? VC_ROTATION_BEFORE_EXPIRY
                     : 0;
    }

    return (uint8_t) flags;
}


static void
vc_rotation_put(const vc_duration_t *d, vc_buf_t *out)
{
    vc_buf_u32(out, d->years);
    vc_buf_u32(out, d->months);
    vc_buf_u32(out, d->days);
}


static bool
vc_rotation_take(vc_reader_t *r, vc_duration_t *out)
{
    uint32_t years, months, days;

    if (!vc_read_u32(r, &years) || !vc_read_u32(r, &months)
        || !vc_read_u32(r, &days))
    {
        return false;
    }

    *out = (vc_duration_t){years, months, days};

    return years <= VC_DURATION_PART_MAX && months <= VC_DURATION_PART_MAX
           && days <= VC_DURATION_PART_MAX && vc_duration_days(out) != 0;
}


/*
 * format (1 byte) | flags (1) | created (8) | updated (8) | notify (12)
 * | [rotate (12)] | [expiry (12)]      a duration is years, months, days
 */
void
vc_rotation_encode(const vc_rotation_policy_t *policy, vc_buf_t *out)
{
    vc_buf_u8(out, VC_ROTATION_FORMAT);
    vc_buf_u8(out, vc_rotation_flags(policy));
    vc_buf_u64(out, (uint64_t) policy->created);
    vc_buf_u64(out, (uint64_t) policy->updated);
    vc_rotation_put(&policy->notify, out);

    if (policy->has_rotate) {
        vc_rotation_put(&policy->rotate, out);
    }

    if (policy->has_expiry) {
        vc_rotation_put(&policy->expiry, out);
    }
}


vc_status_t
vc_rotation_decode(vc_str_t record, vc_rotation_policy_t *out)
{
    uint8_t     format, flags;
    vc_reader_t r;

    memset(out, 0, sizeof(*out));
    r = vc_reader(record);

    if (!vc_read_u8(&r, &format) || format != VC_ROTATION_FORMAT
        || !vc_read_u8(&r, &flags))
    {
        return VC_INVALID;
    }

    out->has_rotate = (flags & VC_ROTATION_HAS_ROTATE) != 0;
    out->has_expiry = (flags & VC_ROTATION_HAS_EXPIRY) != 0;
    out->trigger = (flags & VC_ROTATION_BEFORE_EXPIRY) != 0
                       ? VC_TRIGGER_BEFORE_EXPIRY
                       : VC_TRIGGER_AFTER_CREATE;

    if (flags != vc_rotation_flags(out) || !vc_read_i64(&r, &out->created)
        || !vc_read_i64(&r, &out->updated)
        || !vc_rotation_take(&r, &out->notify)
        || (out->has_rotate && !vc_rotation_take(&r, &out->rotate))
        || (out->has_expiry && !vc_rotation_take(&r, &out->expiry))
        || !vc_read_done(&r))
    {
        return VC_INVALID;
    }

    return VC_OK;
}


static void
vc_rotation_action_json(const char *type, vc_trigger_t trigger,
    const vc_duration_t *d, vc_buf_t *out)
{
    vc_buf_text(out, trigger == VC_TRIGGER_AFTER_CREATE
                         ? "{\"trigger\":{\"timeAfterCreate\":\""
                         : "{\"trigger\":{\"timeBeforeExpiry\":\"");
    vc_duration_text(d, out);
    vc_buf_literal(out, "\"},\"action\":{\"type\":\"");
    vc_buf_text(out, type);
    vc_buf_literal(out, "\"}}");
}


/* separator: "" before the first member */
static void
vc_rotation_time_json(const char *separator, const char *name, int64_t t,
    vc_buf_t *out)
{
    vc_buf_printf(out, "%s\"%s\":", separator, name);
    vc_buf_i64(out, t);
}


void
vc_rotation_json(const vc_rotation_policy_t *policy, bool management,
    vc_buf_t *out)
{
    const char *separator;

    vc_buf_literal(out, "\"lifetimeActions\":[");

    if (policy->has_rotate) {
        vc_rotation_action_json(management ? "rotate" : "Rotate",
            policy->trigger, &policy->rotate, out);
        vc_buf_u8(out, ',');
    }

    vc_rotation_action_json(management ? "notify" : "Notify",
        VC_TRIGGER_BEFORE_EXPIRY, &policy->notify, out);
    vc_buf_literal(out, "],\"attributes\":{");
    separator = "";

    if (policy->has_expiry) {
        vc_buf_literal(out, "\"expiryTime\":\"");
        vc_duration_text(&policy->expiry, out);
        vc_buf_u8(out, '"');
        separator = ",";
    }

    if (policy->created != 0) {
        vc_rotation_time_json(separator, "created", policy->created, out);
        separator = ",";
    }

    if (policy->updated != 0) {
        vc_rotation_time_json(separator, "updated", policy->updated, out);
    }

    vc_buf_u8(out, '}');
}


/* 0 says "never" */
static int64_t
vc_rotation_moment(int64_t t)
{
    return (t > 0) ? t : 1;
}


int64_t
vc_rotation_rotate_at(const vc_rotation_policy_t *policy, int64_t created,
    bool has_exp, int64_t exp)
{
    if (!policy->has_rotate) {
        return 0;
    }

    if (policy->trigger == VC_TRIGGER_AFTER_CREATE) {
        return vc_rotation_moment(vc_duration_after(created, &policy->rotate));
    }

    return has_exp
               ? vc_rotation_moment(vc_duration_before(exp, &policy->rotate))
               : 0;
}


int64_t
vc_rotation_notify_at(const vc_rotation_policy_t *policy, bool has_exp,
    int64_t exp)
{
    return has_exp
               ? vc_rotation_moment(vc_duration_before(exp, &policy->notify))
               : 0;
}


int64_t
vc_rotation_expiry(const vc_rotation_policy_t *policy, int64_t now)
{
    return policy->has_expiry ? vc_duration_after(now, &policy->expiry) : 0;
}
