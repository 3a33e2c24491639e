/* resource groups */

#include <string.h>

#include "api/arm_handlers.h"
#include "api/arm_vault.h"

typedef struct {
    vc_call_t *call;
    size_t     count;
} vc_group_walk_t;


static void
vc_put_group(const vc_call_t *call, const vc_group_t *group, vc_buf_t *out)
{
    vc_buf_printf(out,
        "{\"id\":\"/subscriptions/%s/resourceGroups/%s\",\"name\":\"%s\","
        "\"type\":\"Microsoft.Resources/resourceGroups\",\"location\":"
        "\"%.*s\",\"tags\":",
        call->engine->installation.id, group->name, group->name,
        VC_STR_ARG(group->location));
    vc_buf_str(out, group->tags.len == 0 ? VC_STR("{}") : group->tags);
    vc_buf_text(out, ",\"properties\":{\"provisioningState\":\"Succeeded\"}}");
}


static vc_status_t
vc_group_visit(const vc_group_t *group, void *data)
{
    vc_group_walk_t *walk;

    walk = data;
    vc_arm_put_comma(&walk->call->out, &walk->count);
    vc_put_group(walk->call, group, &walk->call->out);

    return VC_OK;
}


vc_status_t
vc_arm_group_list(vc_call_t *call)
{
    vc_status_t     status;
    vc_group_walk_t walk;

    walk = (vc_group_walk_t){call, 0};

    vc_buf_text(&call->out, "{\"value\":[");
    status = vc_groups_each(call->context->session, call->arena, vc_group_visit,
        &walk);
    vc_buf_text(&call->out, "]}");

    return (status == VC_OK) ? vc_arm_json(call, 200) : status;
}


vc_status_t
vc_arm_group_get(vc_call_t *call)
{
    vc_put_group(call, call->arm->resource_group, &call->out);

    return vc_arm_json(call, 200);
}


vc_status_t
vc_arm_group_head(vc_call_t *call)
{
    return vc_arm_empty(call, call->arm->resource_group != NULL ? 204 : 404);
}


static vc_status_t
vc_group_begin(vc_call_t *call, vc_group_t *group)
{
    char shown[VC_GROUP_NAME_MAX + 1];

    memset(group, 0, sizeof(*group));

    if (call->arm->resource_group != NULL) {
        *group = *call->arm->resource_group;
        group->tags = VC_STR_NULL;
        return VC_OK;
    }

    if (!vc_group_name_valid(call->arm->group)) {
        return vc_fail(&call->error, VC_ARM_BAD_GROUP_NAME,
            "The resource group name '%s' is invalid; it must have 1 to 90 "
            "letters, digits, '.', '_', '-', '(' and ')', and no '.' last.",
            vc_str_printable(call->arm->group, shown, sizeof(shown)));
    }

    memcpy(group->name, call->arm->group.data, call->arm->group.len);

    return VC_OK;
}


static vc_status_t
vc_group_read(vc_call_t *call, vc_group_t *group)
{
    json_t     *body;
    vc_status_t status;

    status = vc_arm_body(call, &body);
    if (status != VC_OK) {
        return status;
    }

    /* "default" is anywhere until it is put somewhere */
    status = vc_arm_member_location(call, body, group->name,
        group->revision != 0 ? group->location : VC_STR_NULL, &group->location);

    if (status == VC_OK) {
        status = vc_arm_member_tags(call, body, &group->tags);
    }

    json_decref(body);

    return status;
}


vc_status_t
vc_arm_group_put(vc_call_t *call)
{
    bool        existed;
    vc_group_t  group;
    vc_status_t status;

    status = vc_group_begin(call, &group);

    if (status == VC_OK) {
        status = vc_group_read(call, &group);
    }

    if (status != VC_OK) {
        return status;
    }

    vc_call_leave_snapshot(call);
    status = vc_group_put(call->context->session, call->arena, &group, &existed,
        &call->error);
    if (status != VC_OK) {
        return status;
    }

    vc_put_group(call, &group, &call->out);

    return vc_arm_json(call, existed ? 200 : 201);
}


vc_status_t
vc_arm_group_delete(vc_call_t *call)
{
    vc_status_t status;

    vc_call_leave_snapshot(call);
    status = vc_group_delete(call->context->session, call->arena,
        vc_str(call->arm->resource_group->name), &call->error);

    if (status == VC_NOT_FOUND) {
        status = VC_CONFLICT; /* somebody was first; the next try says so */
    }

    return (status == VC_OK) ? vc_arm_empty(call, 200) : status;
}
