#include "api/arm_role_json.h"

#include <string.h>

#include "api/arm_read.h"
#include "api/object_body.h"

#define VC_ARM_ROLE_PATH "/providers/Microsoft.Authorization/roleDefinitions/"


static void
vc_arm_put_text(vc_buf_t *out, const char *name, vc_str_t value)
{
    vc_buf_literal(out, ",\"");
    vc_buf_text(out, name);
    vc_buf_literal(out, "\":");

    if (value.len == 0) {
        vc_buf_literal(out, "null");

    } else {
        vc_json_string(out, value);
    }
}


static void
vc_arm_put_times(vc_buf_t *out, int64_t created, int64_t updated,
    vc_str_t created_by, vc_str_t updated_by)
{
    vc_buf_literal(out, ",\"createdOn\":");
    vc_arm_put_date(out, created);
    vc_buf_literal(out, ",\"updatedOn\":");
    vc_arm_put_date(out, updated);
    vc_arm_put_text(out, "createdBy", created_by);
    vc_arm_put_text(out, "updatedBy", updated_by);
}


static void
vc_arm_put_role_id(vc_buf_t *out, vc_str_t subscription, const char *id)
{
    vc_buf_literal(out, "\"/subscriptions/");
    vc_buf_str(out, subscription);
    vc_buf_literal(out, VC_ARM_ROLE_PATH);
    vc_buf_text(out, id);
    vc_buf_literal(out, "\"");
}


/* --- role definitions --------------------------------------------------------- */

static void
vc_arm_put_actions(vc_buf_t *out, const char *name, const vc_actions_t *actions)
{
    size_t i;

    vc_buf_literal(out, "\"");
    vc_buf_text(out, name);
    vc_buf_literal(out, "\":[");

    for (i = 0; i < actions->count; i++) {
        vc_buf_text(out, (i == 0) ? "" : ",");
        vc_json_string(out, actions->items[i]);
    }

    vc_buf_literal(out, "]");
}


static void
vc_arm_put_permission(vc_buf_t *out, const vc_role_t *role)
{
    vc_buf_literal(out, "{");
    vc_arm_put_actions(out, "actions", &role->actions);
    vc_buf_literal(out, ",");
    vc_arm_put_actions(out, "notActions", &role->not_actions);
    vc_buf_literal(out, ",");
    vc_arm_put_actions(out, "dataActions", &role->data_actions);
    vc_buf_literal(out, ",");
    vc_arm_put_actions(out, "notDataActions", &role->not_data_actions);
    vc_buf_literal(out, "}");
}


void
vc_arm_put_role(vc_buf_t *out, vc_str_t subscription, const vc_role_t *role)
{
    vc_buf_literal(out, "{\"properties\":{\"roleName\":");
    vc_json_string(out, role->name);
    vc_buf_text(out, role->built_in
                         ? ",\"type\":\"BuiltInRole\",\"description\":"
                         : ",\"type\":\"CustomRole\",\"description\":");
    vc_json_string(out, role->description);
    vc_buf_literal(out, ",");
    vc_arm_put_actions(out, "assignableScopes", &role->scopes);
    vc_buf_literal(out, ",\"permissions\":[");
    vc_arm_put_permission(out, role);
    vc_buf_literal(out, "]");
    vc_arm_put_times(out, role->created, role->updated, role->created_by,
        role->updated_by);
    vc_buf_literal(out, "},\"id\":");
    vc_arm_put_role_id(out, subscription, role->id);
    vc_buf_literal(out,
        ",\"type\":\"Microsoft.Authorization/roleDefinitions\",\"name\":\"");
    vc_buf_text(out, role->id);
    vc_buf_literal(out, "\"}");
}


static vc_status_t
vc_arm_read_actions(const vc_arm_reader_t *reader, const char *name,
    vc_actions_t *out)
{
    size_t        i;
    json_t       *item;
    vc_str_t     *items;
    vc_status_t   status;
    const json_t *array;

    memset(out, 0, sizeof(*out));

    status = vc_arm_read_array(reader, name, &array);
    if (status != VC_OK || array == NULL) {
        return status;
    }

    if (json_array_size(array) > VC_ARM_ACTIONS_MAX) {
        return vc_fail(reader->err, VC_BAD_PARAMETER,
            "Property %s%s has invalid value. It has %zu entries; at most %d "
            "are allowed.",
            reader->where, name, json_array_size(array), VC_ARM_ACTIONS_MAX);
    }

    items = vc_arena_alloc(reader->arena,
        (1 + json_array_size(array)) * sizeof(vc_str_t));
    if (items == NULL) {
        return VC_NO_MEMORY;
    }

    json_array_foreach(array, i, item)
    {
        if (!json_is_string(item) || json_string_length(item) == 0
            || json_string_length(item) > VC_ARM_TEXT_MAX)
        {
            return vc_arm_read_refuse(reader, name,
                "an array of strings, none of which is empty");
        }

        items[i] = vc_str_copy(reader->arena, vc_json_text(item));
        if (items[i].data == NULL) {
            return VC_NO_MEMORY;
        }
    }

    out->items = items;
    out->count = json_array_size(array);

    return VC_OK;
}


static vc_status_t
vc_arm_read_permissions(const vc_arm_reader_t *reader, vc_role_t *out)
{
    vc_status_t     status;
    const json_t   *array;
    vc_arm_reader_t inner;

    status = vc_arm_read_array(reader, "permissions", &array);
    if (status != VC_OK) {
        return status;
    }

    if (json_array_size(array) != 1
        || !json_is_object(json_array_get(array, 0))) {
        return vc_arm_read_refuse(reader, "permissions",
            "there, and an array of one object with actions, notActions, "
            "dataActions and notDataActions");
    }

    inner = *reader;
    inner.object = json_array_get(array, 0);
    inner.where = "properties.permissions[0].";

    status = vc_arm_read_actions(&inner, "actions", &out->actions);

    if (status == VC_OK) {
        status = vc_arm_read_actions(&inner, "notActions", &out->not_actions);
    }

    if (status == VC_OK) {
        status = vc_arm_read_actions(&inner, "dataActions", &out->data_actions);
    }

    return (status == VC_OK) ? vc_arm_read_actions(&inner, "notDataActions",
               &out->not_data_actions)
                             : status;
}


vc_status_t
vc_arm_read_role(vc_arena_t *arena, const json_t *body, vc_role_t *out,
    vc_error_t *err)
{
    vc_str_t        type;
    vc_status_t     status;
    vc_arm_reader_t reader;

    memset(out, 0, sizeof(*out));

    status = vc_arm_read_properties(arena, body, &reader, err);

    if (status == VC_OK) {
        status = vc_arm_read_text(&reader, "roleName", true,
            VC_ARM_ROLE_NAME_MAX, &out->name);
    }

    if (status == VC_OK) {
        status = vc_arm_read_text(&reader, "description", false,
            VC_ARM_TEXT_MAX, &out->description);
    }

    if (status == VC_OK) {
        status = vc_arm_read_text(&reader, "type", false, VC_ARM_TEXT_MAX,
            &type);
    }

    if (status != VC_OK) {
        return status;
    }

    if (type.len != 0 && !vc_str_ieq(type, VC_STR("CustomRole"))) {
        return vc_arm_read_refuse(&reader, "type",
            "CustomRole, or left out: built-in roles are not made");
    }

    status = vc_arm_read_permissions(&reader, out);

    if (status == VC_OK) {
        status = vc_arm_read_actions(&reader, "assignableScopes", &out->scopes);
    }

    if (status == VC_OK && out->scopes.count == 0) {
        status = vc_arm_read_refuse(&reader, "assignableScopes",
            "there, and an array of at least one scope, like "
            "/subscriptions/{subscription}");
    }

    return status;
}


/* --- assignments -------------------------------------------------------------- */

void
vc_arm_put_assignment(vc_buf_t *out, vc_str_t subscription,
    const vc_assignment_t *assignment)
{
    vc_str_t scope;

    scope = (assignment->scope.len == 0) ? VC_STR("/") : assignment->scope;

    vc_buf_literal(out, "{\"properties\":{\"roleDefinitionId\":");
    vc_arm_put_role_id(out, subscription, assignment->role);
    vc_arm_put_text(out, "principalId", vc_str(assignment->principal));
    vc_arm_put_text(out, "principalType", assignment->principal_type);
    vc_arm_put_text(out, "scope", scope);
    vc_arm_put_text(out, "description", assignment->description);
    vc_buf_literal(out, ",\"condition\":null,\"conditionVersion\":null");
    vc_arm_put_times(out, assignment->created, assignment->updated,
        assignment->created_by, assignment->updated_by);
    vc_buf_literal(out,
        ",\"delegatedManagedIdentityResourceId\":null},\"id\":\"");
    vc_json_escape(out, assignment->scope);
    vc_buf_literal(out, "/providers/Microsoft.Authorization/roleAssignments/");
    vc_buf_text(out, assignment->id);
    vc_buf_literal(out,
        "\",\"type\":\"Microsoft.Authorization/roleAssignments\",\"name\":\"");
    vc_buf_text(out, assignment->id);
    vc_buf_literal(out, "\"}");
}


/* "[{scope}]/providers/Microsoft.Authorization/roleDefinitions/{id}" */
static vc_status_t
vc_arm_read_role_id(const vc_arm_reader_t *reader, char out[VC_GUID_LEN + 1])
{
    size_t      len;
    vc_str_t    text, path;
    vc_status_t status;

    status = vc_arm_read_text(reader, "roleDefinitionId", true, VC_ARM_TEXT_MAX,
        &text);
    if (status != VC_OK) {
        return status;
    }

    len = sizeof(VC_ARM_ROLE_PATH) - 1;

    if (text.len >= len + VC_GUID_LEN) {
        path = (vc_str_t){text.data + text.len - VC_GUID_LEN - len, len};

        if (vc_str_ieq(path, VC_STR(VC_ARM_ROLE_PATH))
            && vc_arm_guid((vc_str_t){path.data + len, VC_GUID_LEN}, out))
        {
            return VC_OK;
        }
    }

    return vc_arm_read_refuse(reader, "roleDefinitionId",
        "the full id of a role definition, like /subscriptions/{subscription}" VC_ARM_ROLE_PATH
        "{GUID}");
}


static vc_status_t
vc_arm_read_principal_type(const vc_arm_reader_t *reader, vc_str_t *out)
{
    size_t      i;
    vc_status_t status;

    static const char *const types[] = {"User", "Group", "ServicePrincipal",
        "ForeignGroup", "Device"};

    status = vc_arm_read_text(reader, "principalType", false, VC_ARM_TEXT_MAX,
        out);
    if (status != VC_OK || out->len == 0) {
        return status;
    }

    for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (vc_str_ieq(*out, vc_str(types[i]))) {
            *out = vc_str(types[i]);
            return VC_OK;
        }
    }

    return vc_arm_read_refuse(reader, "principalType",
        "User, Group, ServicePrincipal, ForeignGroup or Device");
}


/* what would narrow an assignment, and so must not be passed over */
static vc_status_t
vc_arm_read_no_condition(const vc_arm_reader_t *reader)
{
    const json_t *member;

    member = vc_arm_read_member(reader, "condition");

    if (member != NULL
        && !(json_is_string(member) && json_string_length(member) == 0))
    {
        return vc_fail(reader->err, VC_BAD_PARAMETER,
            "Property properties.condition has invalid value. This service "
            "does not evaluate conditions of role assignments; leave it out, "
            "and assign the role at a narrower scope.");
    }

    return VC_OK;
}


vc_status_t
vc_arm_read_assignment(vc_arena_t *arena, const json_t *body,
    vc_assignment_t *out, vc_error_t *err)
{
    vc_status_t     status;
    vc_arm_reader_t reader;

    memset(out, 0, sizeof(*out));

    status = vc_arm_read_properties(arena, body, &reader, err);

    if (status == VC_OK) {
        status = vc_arm_read_role_id(&reader, out->role);
    }

    if (status == VC_OK) {
        status = vc_arm_read_guid(&reader, "principalId", out->principal);
    }

    if (status == VC_OK) {
        status = vc_arm_read_principal_type(&reader, &out->principal_type);
    }

    if (status == VC_OK) {
        status = vc_arm_read_text(&reader, "description", false,
            VC_ARM_TEXT_MAX, &out->description);
    }

    return (status == VC_OK) ? vc_arm_read_no_condition(&reader) : status;
}
