/* custom roles as they are made, changed and deleted */

#include <string.h>

#include "base/clock.h"
#include "vaults/assignment_codec.h"
#include "vaults/assignment_place.h"
#include "vaults/installation.h"
#include "vaults/small_records.h"

#define VC_ROLE_NAME_MAX 512
#define VC_ROLE_DESCRIPTION_MAX 2048
#define VC_ACTION_MAX 256


/* --- what a custom role can be ------------------------------------------------------ */

static bool
vc_action_byte_valid(uint8_t c)
{
    return (vc_byte_class[c] & VC_BYTE_HOST) != 0 || c == '*' || c == '/'
           || c == '_';
}


/* "*", or words with slashes between, each of them something */
static bool
vc_action_valid(vc_str_t action)
{
    size_t i;
    bool   slash, previous;

    if (vc_str_eq(action, VC_STR("*"))) {
        return true;
    }

    slash = false;
    previous = true;

    for (i = 0; i < action.len; i++) {
        if (!vc_action_byte_valid(action.data[i])
            || (previous && action.data[i] == '/'))
        {
            return false;
        }

        previous = action.data[i] == '/';
        slash = slash || previous;
    }

    return slash && !previous && action.len <= VC_ACTION_MAX;
}


static vc_status_t
vc_actions_check(const vc_actions_t *actions, vc_error_t *err)
{
    char   shown[128];
    size_t i;

    if (actions->count > VC_ROLE_ITEMS_MAX) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "A role has at most %d of each of actions, notActions, dataActions "
            "and notDataActions.",
            VC_ROLE_ITEMS_MAX);
    }

    for (i = 0; i < actions->count; i++) {
        if (!vc_action_valid(actions->items[i])) {
            return vc_fail(err, VC_BAD_PARAMETER,
                "'%s' is not a valid action: it must be '*' or of the form "
                "'Microsoft.KeyVault/vaults/secrets/getSecret/action', where "
                "'*' can stand for anything, in at most %d characters.",
                vc_str_printable(actions->items[i], shown, sizeof(shown)),
                VC_ACTION_MAX);
        }
    }

    return VC_OK;
}


static vc_status_t
vc_role_check_actions(const vc_role_t *role, vc_error_t *err)
{
    size_t              i;
    vc_status_t         status;
    const vc_actions_t *lists[] = {&role->actions, &role->not_actions,
        &role->data_actions, &role->not_data_actions};

    if (role->actions.count + role->data_actions.count == 0) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "A role must have at least one action or data action.");
    }

    status = VC_OK;

    for (i = 0; status == VC_OK && i < sizeof(lists) / sizeof(lists[0]); i++) {
        status = vc_actions_check(lists[i], err);
    }

    return status;
}


static vc_status_t
vc_role_check(vc_role_t *role, vc_error_t *err)
{
    vc_status_t status;

    status = vc_guid_normalize(role->id, "name of a role definition", err);
    if (status != VC_OK) {
        return status;
    }

    if (vc_role_built_in(vc_str(role->id)) != NULL) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The role '%s' is built in; it can be neither changed nor deleted.",
            role->id);
    }

    if (role->name.len == 0 || role->name.len > VC_ROLE_NAME_MAX
        || !vc_utf8_valid(role->name)
        || role->description.len > VC_ROLE_DESCRIPTION_MAX
        || !vc_utf8_valid(role->description))
    {
        return vc_fail(err, VC_BAD_PARAMETER,
            "A role must have a name of 1 to %d bytes and may have a "
            "description of at most %d.",
            VC_ROLE_NAME_MAX, VC_ROLE_DESCRIPTION_MAX);
    }

    return vc_role_check_actions(role, err);
}


/* assignable scopes in their normal form */
static vc_status_t
vc_role_check_scopes(vc_session_t *session, vc_arena_t *arena, vc_role_t *role,
    vc_error_t *err)
{
    char              shown[256];
    size_t            i;
    vc_str_t          id, *scopes;
    vc_status_t       status;
    vc_installation_t installation;

    if (role->scopes.count == 0 || role->scopes.count > VC_ROLE_ITEMS_MAX) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "A role must have 1 to %d assignable scopes.", VC_ROLE_ITEMS_MAX);
    }

    status = vc_installation_get(session, arena, &installation);
    if (status != VC_OK) {
        return status;
    }

    id = vc_str_copy(arena, vc_str(installation.id));
    scopes = vc_arena_alloc(arena, role->scopes.count * sizeof(vc_str_t));

    if (id.data == NULL || scopes == NULL) {
        return VC_NO_MEMORY;
    }

    for (i = 0; i < role->scopes.count; i++) {
        if (!vc_scope_normalize(role->scopes.items[i], id, arena, &scopes[i])) {
            return vc_fail(err, VC_BAD_PARAMETER,
                "'%s' is not a scope that a role can be assigned at.",
                vc_str_printable(role->scopes.items[i], shown, sizeof(shown)));
        }
    }

    role->scopes.items = scopes;

    return VC_OK;
}


typedef struct {
    const vc_role_t *asked;
    bool             taken;
    size_t           custom;
} vc_role_search_t;


static vc_status_t
vc_role_compare(const vc_role_t *other, void *data)
{
    vc_role_search_t *search;

    search = data;
    search->custom += !other->built_in;

    if (vc_str_ieq(other->name, search->asked->name)
        && !vc_str_eq(vc_str(other->id), vc_str(search->asked->id)))
    {
        search->taken = true;
    }

    return VC_OK;
}


static vc_status_t
vc_role_check_others(vc_session_t *session, vc_arena_t *arena,
    const vc_role_t *role, vc_error_t *err)
{
    vc_status_t      status;
    vc_role_search_t search = {.asked = role};

    status = vc_roles_each(session, arena, vc_role_compare, &search);
    if (status != VC_OK) {
        return status;
    }

    if (search.taken) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "Another role has the name '%.*s'.", VC_STR_ARG(role->name));
    }

    if (role->revision == VC_REVISION_NONE && search.custom >= VC_ROLES_MAX) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "There are %d custom roles, as many as there can be.",
            VC_ROLES_MAX);
    }

    return VC_OK;
}


/* --- changing ------------------------------------------------------------------------ */

static vc_status_t
vc_role_store(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    const vc_role_t *role)
{
    vc_buf_t    plain;
    vc_key_t    key;
    vc_status_t status;

    vc_buf_init(&plain, arena, 1024);
    vc_role_encode(role, &plain);

    if (plain.failed) {
        return VC_NO_MEMORY;
    }

    status = vc_assignment_lock(session, batch);
    if (status != VC_OK) {
        return status;
    }

    key = vc_key_role(vc_str(role->id));

    return vc_sealed_put(session, NULL, batch, vc_key_view(&key),
        role->revision, vc_buf_view(&plain), 0);
}


typedef struct {
    const vc_role_t *role;
    vc_error_t      *err;
} vc_role_narrow_t;


static vc_status_t
vc_role_refuse_outside(const vc_assignment_t *assignment, void *data)
{
    char                    shown[256];
    const vc_role_narrow_t *narrow;

    narrow = data;

    if (!vc_str_eq(vc_str(assignment->role), vc_str(narrow->role->id))
        || vc_role_is_for(narrow->role, assignment->scope))
    {
        return VC_OK;
    }

    return vc_fail(narrow->err, VC_ARM_ROLE_ASSIGNED,
        "The role is assigned at '%s', which would be outside its assignable "
        "scopes; remove the role assignment first.",
        assignment->scope.len == 0
            ? "/"
            : vc_str_printable(assignment->scope, shown, sizeof(shown)));
}


/*
 * A role is changed by who may do so at each of its scopes.  Were it assigned
 * elsewhere, too, they would change what is allowed there.
 */
static vc_status_t
vc_role_check_assigned(vc_session_t *session, vc_arena_t *arena,
    const vc_role_t *role, vc_error_t *err)
{
    vc_role_narrow_t narrow = {role, err};

    return (role->revision == VC_REVISION_NONE)
               ? VC_OK
               : vc_assignments_each(session, arena, vc_role_refuse_outside,
                   &narrow);
}


static vc_status_t
vc_role_attempt_put(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    void *data, vc_error_t *err)
{
    vc_role_t   before, *role;
    vc_status_t status;

    role = data;

    status = vc_role_get_custom(session, arena, vc_str(role->id), &before);
    if (status != VC_OK && status != VC_NOT_FOUND) {
        return status;
    }

    role->updated = vc_now();
    role->created = role->updated;
    role->created_by = role->updated_by;
    role->revision = VC_REVISION_NONE;

    if (status == VC_OK) {
        role->created = before.created;
        role->created_by = before.created_by;
        role->revision = before.revision;
    }

    status = vc_role_check_scopes(session, arena, role, err);

    if (status == VC_OK) {
        status = vc_role_check_others(session, arena, role, err);
    }

    if (status == VC_OK) {
        status = vc_role_check_assigned(session, arena, role, err);
    }

    return (status == VC_OK) ? vc_role_store(session, arena, batch, role)
                             : status;
}


vc_status_t
vc_role_put(vc_session_t *session, vc_arena_t *arena, vc_role_t *role,
    bool *existed, vc_error_t *err)
{
    uint64_t    revision;
    vc_status_t status;

    status = vc_role_check(role, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_small_change(session, arena, "role", vc_role_attempt_put, role,
        &revision, err);
    if (status != VC_OK) {
        return status;
    }

    *existed = (role->revision != VC_REVISION_NONE);
    role->revision = revision;

    return VC_OK;
}


static vc_status_t
vc_role_refuse_assigned(const vc_assignment_t *assignment, void *data)
{
    const vc_role_t *role;

    role = data;

    return vc_str_eq(vc_str(assignment->role), vc_str(role->id))
               ? VC_OBJECT_CONFLICT
               : VC_OK;
}


static vc_status_t
vc_role_attempt_delete(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, void *data, vc_error_t *err)
{
    vc_key_t        key;
    vc_role_t       role;
    vc_status_t     status;
    const vc_str_t *id;

    id = data;

    status = vc_role_get_custom(session, arena, *id, &role);

    if (status == VC_OK) {
        status = vc_assignments_each(session, arena, vc_role_refuse_assigned,
            &role);
    }

    if (status == VC_OBJECT_CONFLICT) {
        return vc_fail(err, status,
            "The role '%.*s' is assigned; remove its assignments first.",
            VC_STR_ARG(role.name));
    }

    if (status == VC_OK) {
        status = vc_assignment_lock(session, batch);
    }

    if (status == VC_OK) {
        key = vc_key_role(*id);
        vc_batch_delete(batch, vc_key_view(&key), role.revision);
    }

    return status;
}


vc_status_t
vc_role_delete(vc_session_t *session, vc_arena_t *arena, vc_str_t id,
    vc_error_t *err)
{
    if (vc_role_built_in(id) != NULL) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The role '%.*s' is built in; it can be neither changed nor "
            "deleted.",
            VC_STR_ARG(id));
    }

    return vc_small_change(session, arena, "role", vc_role_attempt_delete, &id,
        NULL, err);
}
