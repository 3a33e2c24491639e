/* what a client asks of a rotation policy, checked */

#include <stdio.h>
#include <string.h>

#include "objects/rotation.h"

#define VC_ACTIONS_MAX 2 /* one Rotate and one Notify */

/* an action as it is read, before it is known which it is */
typedef struct {
    vc_trigger_t  trigger;
    vc_duration_t time;
} vc_rotation_action_t;


/* a member that is there and is not null */
static const json_t *
vc_rotation_member(const json_t *object, const char *name)
{
    const json_t *member;

    member = json_object_get(object, name);

    return json_is_null(member) ? NULL : member;
}


static vc_str_t
vc_rotation_string(const json_t *string)
{
    return (vc_str_t){(const uint8_t *) json_string_value(string),
        json_string_length(string)};
}


/* where: the members that lead to value, for the message */
static vc_status_t
vc_rotation_read_duration(const json_t *value, const char *where,
    vc_duration_t *out, vc_error_t *err)
{
    if (json_is_string(value)
        && vc_duration_parse(vc_rotation_string(value), out)) {
        return VC_OK;
    }

    return vc_fail(err, VC_BAD_PARAMETER,
        "Property %s has invalid value\r\nIt must be a duration in ISO 8601 "
        "form of years, months and days, none above %d, such as \"P90D\", "
        "\"P18M\" or \"P1Y\".",
        where, VC_DURATION_PART_MAX);
}


static vc_status_t
vc_rotation_read_trigger(const json_t *action, size_t index,
    vc_rotation_action_t *out, vc_error_t *err)
{
    char          where[64];
    const json_t *trigger, *after, *before;

    trigger = vc_rotation_member(action, "trigger");
    after = vc_rotation_member(trigger, "timeAfterCreate");
    before = vc_rotation_member(trigger, "timeBeforeExpiry");

    if ((after == NULL) == (before == NULL)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "Property lifetimeActions[%zu].trigger has invalid value\r\nIt "
            "must be an object with either timeAfterCreate or "
            "timeBeforeExpiry, one of the two.",
            index);
    }

    out->trigger = (after != NULL) ? VC_TRIGGER_AFTER_CREATE
                                   : VC_TRIGGER_BEFORE_EXPIRY;

    (void) snprintf(where, sizeof(where), "lifetimeActions[%zu].trigger.%s",
        index, (after != NULL) ? "timeAfterCreate" : "timeBeforeExpiry");

    return vc_rotation_read_duration((after != NULL) ? after : before, where,
        &out->time, err);
}


static vc_status_t
vc_rotation_add_rotate(const vc_rotation_action_t *action,
    vc_rotation_policy_t *out, vc_error_t *err)
{
    if (out->has_rotate) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "Property lifetimeActions has invalid value\r\nIt names Rotate "
            "twice; once is allowed.");
    }

    out->has_rotate = true;
    out->trigger = action->trigger;
    out->rotate = action->time;

    return VC_OK;
}


static vc_status_t
vc_rotation_add_notify(const vc_rotation_action_t *action, bool *found,
    vc_rotation_policy_t *out, vc_error_t *err)
{
    if (*found) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "Property lifetimeActions has invalid value\r\nIt names Notify "
            "twice; once is allowed.");
    }

    if (action->trigger != VC_TRIGGER_BEFORE_EXPIRY) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "Property lifetimeActions has invalid value\r\nNotify must be "
            "triggered by timeBeforeExpiry.");
    }

    *found = true;
    out->notify = action->time;

    return VC_OK;
}


static vc_status_t
vc_rotation_read_action(const json_t *value, size_t index, bool *notify,
    vc_rotation_policy_t *out, vc_error_t *err)
{
    vc_str_t             type;
    vc_status_t          status;
    vc_rotation_action_t action;

    memset(&action, 0, sizeof(action));

    status = vc_rotation_read_trigger(value, index, &action, err);
    if (status != VC_OK) {
        return status;
    }

    type = vc_rotation_string(
        json_object_get(json_object_get(value, "action"), "type"));

    if (vc_str_ieq(type, VC_STR("Rotate"))) {
        return vc_rotation_add_rotate(&action, out, err);
    }

    if (vc_str_ieq(type, VC_STR("Notify"))) {
        return vc_rotation_add_notify(&action, notify, out, err);
    }

    return vc_fail(err, VC_BAD_PARAMETER,
        "Property lifetimeActions[%zu].action.type has invalid value\r\nIt "
        "must be \"Rotate\" or \"Notify\".",
        index);
}


static vc_status_t
vc_rotation_read_actions(const json_t *body, vc_rotation_policy_t *out,
    vc_error_t *err)
{
    bool          notify;
    size_t        i;
    vc_status_t   status;
    const json_t *actions;

    actions = vc_rotation_member(body, "lifetimeActions");
    if (actions == NULL) {
        return VC_OK;
    }

    if (!json_is_array(actions) || json_array_size(actions) > VC_ACTIONS_MAX) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "Property lifetimeActions has invalid value\r\nIt must be an array "
            "of at most one Rotate and one Notify.");
    }

    notify = false;

    for (i = 0; i < json_array_size(actions); i++) {
        status = vc_rotation_read_action(json_array_get(actions, i), i, &notify,
            out, err);
        if (status != VC_OK) {
            return status;
        }
    }

    return VC_OK;
}


static vc_status_t
vc_rotation_read_expiry(const json_t *body, vc_rotation_policy_t *out,
    vc_error_t *err)
{
    vc_status_t   status;
    const json_t *attributes, *expiry;

    attributes = vc_rotation_member(body, "attributes");
    if (attributes != NULL && !json_is_object(attributes)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "Property attributes has invalid value\r\nIt must be an object.");
    }

    expiry = vc_rotation_member(attributes, "expiryTime");
    if (expiry == NULL) {
        return VC_OK;
    }

    status = vc_rotation_read_duration(expiry, "attributes.expiryTime",
        &out->expiry, err);
    if (status != VC_OK) {
        return status;
    }

    out->has_expiry = true;

    if (vc_duration_days(&out->expiry) < VC_ROTATION_EXPIRY_MIN) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "Property attributes.expiryTime has invalid value\r\nIt must be at "
            "least %d days.",
            VC_ROTATION_EXPIRY_MIN);
    }

    return VC_OK;
}


/* a trigger leaves days enough both to creation and to expiry */
static vc_status_t
vc_rotation_check_trigger(const vc_rotation_policy_t *policy, const char *what,
    const vc_duration_t *time, vc_error_t *err)
{
    unsigned days;

    days = vc_duration_days(time);

    if (days < VC_ROTATION_TRIGGER_MIN) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "Property lifetimeActions has invalid value\r\nThe trigger of %s "
            "must be at least %d days.",
            what, VC_ROTATION_TRIGGER_MIN);
    }

    if (policy->has_expiry
        && vc_duration_days(&policy->expiry) < days + VC_ROTATION_TRIGGER_MIN)
    {
        return vc_fail(err, VC_BAD_PARAMETER,
            "Property lifetimeActions has invalid value\r\nThe trigger of %s "
            "must be at least %d days shorter than attributes.expiryTime.",
            what, VC_ROTATION_TRIGGER_MIN);
    }

    return VC_OK;
}


static bool
vc_rotation_notify_is_default(const vc_rotation_policy_t *policy)
{
    vc_rotation_policy_t usual;

    usual = vc_rotation_default();

    return policy->notify.years == usual.notify.years
           && policy->notify.months == usual.notify.months
           && policy->notify.days == usual.notify.days;
}


static vc_status_t
vc_rotation_check(const vc_rotation_policy_t *policy, vc_error_t *err)
{
    vc_status_t status;

    if (policy->has_rotate) {
        status = vc_rotation_check_trigger(policy, "Rotate", &policy->rotate,
            err);
        if (status != VC_OK) {
            return status;
        }

        if (policy->trigger == VC_TRIGGER_BEFORE_EXPIRY && !policy->has_expiry)
        {
            return vc_fail(err, VC_BAD_PARAMETER,
                "Property lifetimeActions has invalid value\r\nRotate with "
                "timeBeforeExpiry needs attributes.expiryTime, or it would "
                "happen no more than once; set that, or use timeAfterCreate.");
        }
    }

    if (vc_rotation_notify_is_default(policy)) {
        return VC_OK;
    }

    return vc_rotation_check_trigger(policy, "Notify", &policy->notify, err);
}


vc_status_t
vc_rotation_parse(const json_t *body, vc_rotation_policy_t *out,
    vc_error_t *err)
{
    vc_status_t status;

    *out = vc_rotation_default();

    if (!json_is_object(body)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "A rotation policy must be a JSON object with lifetimeActions and "
            "attributes.");
    }

    status = vc_rotation_read_actions(body, out, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_rotation_read_expiry(body, out, err);
    if (status != VC_OK) {
        return status;
    }

    return vc_rotation_check(out, err);
}
