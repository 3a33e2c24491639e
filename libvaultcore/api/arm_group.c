/* resource groups */

#include <string.h>

#include "api/arm_handlers.h"
#include "api/arm_list.h"
#include "api/object_body.h"

typedef struct {
    vc_arm_list_t           list;
    const vc_filter_term_t *tag, *value; /* NULL: any */
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


/* tagName eq 'name', and then also tagValue eq 'value' */
static vc_status_t
vc_group_read_filter(vc_call_t *call, vc_group_walk_t *walk)
{
    size_t                  i;
    vc_status_t             status;
    const vc_filter_term_t *term;

    status = vc_filter_parse(call->arena, call->arm->filter, &walk->list.filter,
        &call->error);
    if (status != VC_OK) {
        return status;
    }

    for (i = 0; i < walk->list.filter.count; i++) {
        term = &walk->list.filter.terms[i];

        if (walk->tag == NULL && vc_filter_compares(term, "tagName")) {
            walk->tag = term;

        } else if (walk->tag != NULL && walk->value == NULL
                   && vc_filter_compares(term, "tagValue"))
        {
            walk->value = term;

        } else {
            return vc_filter_refuse(term,
                "tagName eq 'name', which tagValue eq 'value' can follow",
                &call->error);
        }
    }

    return VC_OK;
}


/* names of tags compare without case, values do not */
static bool
vc_group_has_tag(const vc_group_walk_t *walk, const vc_group_t *group)
{
    bool        has;
    json_t     *tags, *value;
    const char *name;

    if (walk->tag == NULL) {
        return true;
    }

    has = false;
    tags = json_loadb((const char *) group->tags.data, group->tags.len, 0,
        NULL);

    json_object_foreach(tags, name, value)
    {
        has = has
              || (vc_str_ieq(vc_str(name), walk->tag->value)
                  && (walk->value == NULL
                      || vc_str_eq(vc_json_text(value), walk->value->value)));
    }

    json_decref(tags);

    return has;
}


static vc_status_t
vc_group_visit(const vc_group_t *group, void *data)
{
    vc_buf_t         scope;
    vc_call_t       *call;
    vc_group_walk_t *walk;

    walk = data;
    call = walk->list.call;

    vc_buf_init(&scope, call->arena, 128);
    vc_buf_printf(&scope, "/subscriptions/%s/resourceGroups/%s",
        call->engine->installation.id, group->name);

    if (scope.failed) {
        return VC_NO_MEMORY;
    }

    if (vc_group_has_tag(walk, group)
        && vc_arm_list_may(&walk->list,
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            vc_buf_view(&scope)))
    {
        vc_arm_put_comma(&call->out, &walk->list.count);
        vc_put_group(call, group, &call->out);
    }

    return VC_OK;
}


/* those that the caller may read, wherever that right was given */
vc_status_t
vc_arm_group_list(vc_call_t *call)
{
    vc_status_t     status;
    vc_group_walk_t walk;

    memset(&walk, 0, sizeof(walk));

    status = vc_arm_list_begin(call, &walk.list);

    if (status == VC_OK) {
        status = vc_group_read_filter(call, &walk);
    }

    if (status != VC_OK) {
        return status;
    }

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
    vc_lock_t   lock;
    vc_status_t status;

    vc_call_leave_snapshot(call);
    status = vc_group_delete(call->context->session, call->arena,
        vc_str(call->arm->resource_group->name), &lock, &call->error);

    if (status == VC_ARM_LOCKED) {
        return vc_arm_refuse_lock(call, &lock, true);
    }

    if (status == VC_NOT_FOUND) {
        status = VC_CONFLICT; /* somebody was first; the next try says so */
    }

    return (status == VC_OK) ? vc_arm_empty(call, 200) : status;
}
