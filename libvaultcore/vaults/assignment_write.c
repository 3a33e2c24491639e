/* role assignments as they are made and ended */

#include <string.h>

#include "base/clock.h"
#include "crypto/random.h"
#include "vaults/assignment_codec.h"
#include "vaults/assignment_place.h"
#include "vaults/small_records.h"

#define VC_DESCRIPTION_MAX 1024


/* --- what is asked for ---------------------------------------------------------- */

static vc_status_t
vc_assignment_check_type(vc_assignment_t *assignment, vc_error_t *err)
{
    static const char *const types[] = {"ServicePrincipal", "User", "Group",
        "ForeignGroup", "Device"};

    size_t i;

    if (assignment->principal_type.len == 0) {
        assignment->principal_type = vc_str(types[0]);
        return VC_OK;
    }

    for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (vc_str_ieq(assignment->principal_type, vc_str(types[i]))) {
            assignment->principal_type = vc_str(types[i]);
            return VC_OK;
        }
    }

    return vc_fail(err, VC_BAD_PARAMETER,
        "The principal's type is none of ServicePrincipal, User, Group, "
        "ForeignGroup and Device.");
}


static vc_status_t
vc_assignment_check(vc_assignment_t *assignment, vc_error_t *err)
{
    vc_status_t status;

    assignment->id[VC_GUID_LEN] = '\0';
    status = (assignment->id[0] == '\0') ? vc_random_guid(assignment->id)
                                         : vc_guid_normalize(assignment->id,
                                             "name of a role assignment", err);

    if (status == VC_OK) {
        status = vc_guid_normalize(assignment->principal, "principal's id",
            err);
    }

    if (status == VC_OK) {
        status = vc_guid_normalize(assignment->role, "role's id", err);
    }

    if (status != VC_OK) {
        return status;
    }

    if (assignment->description.len > VC_DESCRIPTION_MAX
        || !vc_utf8_valid(assignment->description))
    {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The description must be text of at most %d bytes.",
            VC_DESCRIPTION_MAX);
    }

    return vc_assignment_check_type(assignment, err);
}


/* --- what is there --------------------------------------------------------------- */

static vc_status_t
vc_assignment_place(vc_session_t *session, vc_arena_t *arena,
    vc_assignment_t *assignment, vc_place_t *place, vc_error_t *err)
{
    char        shown[256];
    vc_status_t status;

    status = vc_place_find(session, arena, assignment->scope, place);

    if (status == VC_INVALID) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The scope '%s' is invalid: it must be '/', or this "
            "installation's /subscriptions/{id}, or there a resource group, a "
            "vault, or a vault's secrets, keys or certificates/{name}.",
            vc_str_printable(assignment->scope, shown, sizeof(shown)));
    }

    if (status == VC_NOT_FOUND) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The scope '%s' is invalid: there is no such vault or resource "
            "group.",
            vc_str_printable(assignment->scope, shown, sizeof(shown)));
    }

    if (status == VC_OK) {
        assignment->scope = place->scope.text;
    }

    return status;
}


static vc_status_t
vc_assignment_check_role(vc_session_t *session, vc_arena_t *arena,
    const vc_assignment_t *assignment, vc_error_t *err)
{
    vc_status_t      status;
    const vc_role_t *role;

    status = vc_role_get(session, arena, vc_str(assignment->role), &role);

    if (status == VC_NOT_FOUND) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "There is no role with the id '%s'.", assignment->role);
    }

    if (status != VC_OK) {
        return status;
    }

    if (!role->built_in && !vc_role_is_for(role, assignment->scope)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The role '%s' cannot be assigned at that scope: none of its "
            "assignable scopes is above it.",
            assignment->role);
    }

    return VC_OK;
}


/* those at the same place that have the id, or say the same */
typedef struct {
    const vc_assignment_t *asked;
    bool                   taken; /* the id has other content */
    bool                   same;  /* the same, under the same id, … */
    vc_assignment_t        found; /* … as it is stored */
    bool                   twice; /* the same, under another id */
} vc_assignment_search_t;


static vc_status_t
vc_assignment_compare(const vc_assignment_t *other, void *data)
{
    bool                    id, content;
    const vc_assignment_t  *asked;
    vc_assignment_search_t *search;

    search = data;
    asked = search->asked;

    id = vc_str_eq(vc_str(other->id), vc_str(asked->id));
    content = vc_str_eq(vc_str(other->principal), vc_str(asked->principal))
              && vc_str_eq(vc_str(other->role), vc_str(asked->role))
              && vc_str_ieq(other->scope, asked->scope);

    if (id && content) {
        search->same = true;
        search->found = *other;

    } else if (id) {
        search->taken = true;

    } else if (content) {
        search->twice = true;
    }

    return VC_OK;
}


static vc_status_t
vc_assignment_check_others(const vc_assignment_search_t *search,
    vc_error_t *err)
{
    if (search->taken) {
        return vc_fail(err, VC_OBJECT_CONFLICT,
            "The role assignment '%s' exists, with another principal, role or "
            "scope, which cannot be changed.",
            search->asked->id);
    }

    if (search->twice) {
        return vc_fail(err, VC_OBJECT_CONFLICT,
            "The role assignment already exists.");
    }

    return VC_OK;
}


static vc_status_t
vc_assignment_check_count(vc_session_t *session, vc_arena_t *arena,
    vc_error_t *err)
{
    size_t      count;
    vc_status_t status;

    status = vc_small_count(session, vc_key_assignments(), arena, &count);

    if (status == VC_OK && count >= VC_ASSIGNMENTS_MAX) {
        return vc_fail(err, VC_ARM_ASSIGNMENT_LIMIT,
            "No more role assignments can be created: there are %d, as many as "
            "a subscription can have. Remove some, or give the role to a group "
            "or at a scope above.",
            VC_ASSIGNMENTS_MAX);
    }

    return status;
}


/* --- making one -------------------------------------------------------------------- */

typedef struct {
    vc_assignment_t *assignment;
    vc_str_t         caller;
    bool             existed;
    bool             unchanged;
} vc_assignment_put_t;


/* a description or type in place of another is no new assignment */
static void
vc_assignment_continue(vc_assignment_put_t *put, const vc_assignment_t *found)
{
    vc_assignment_t *assignment;

    assignment = put->assignment;
    put->existed = true;
    put->unchanged = vc_str_eq(assignment->description, found->description)
                     && vc_str_eq(assignment->principal_type,
                         found->principal_type);

    assignment->created = found->created;
    assignment->created_by = found->created_by;
    assignment->revision = found->revision;

    if (put->unchanged) {
        assignment->updated = found->updated;
        assignment->updated_by = found->updated_by;
    }
}


static vc_status_t
vc_assignment_store(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    const vc_place_t *place, const vc_assignment_t *assignment)
{
    vc_buf_t    plain;
    vc_key_t    key;
    vc_status_t status;

    vc_buf_init(&plain, arena, 512);
    vc_assignment_encode(assignment, &plain);

    if (plain.failed) {
        return VC_NO_MEMORY;
    }

    if (place->owner.len != 0) {
        vc_batch_expect(batch, vc_key_view(&place->owner), place->revision);
    }

    status = vc_assignment_lock(session, batch);
    if (status != VC_OK) {
        return status;
    }

    key = vc_key_assignment(&place->prefix, vc_str(assignment->id));

    return vc_sealed_put(session, NULL, batch, vc_key_view(&key),
        assignment->revision, vc_buf_view(&plain), 0);
}


static vc_status_t
vc_assignment_attempt_put(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, void *data, vc_error_t *err)
{
    vc_place_t             place;
    vc_status_t            status;
    vc_assignment_t       *assignment;
    vc_assignment_put_t   *put;
    vc_assignment_search_t search;

    put = data;
    assignment = put->assignment;

    status = vc_assignment_place(session, arena, assignment, &place, err);

    if (status == VC_OK) {
        status = vc_assignment_check_role(session, arena, assignment, err);
    }

    if (status != VC_OK) {
        return status;
    }

    search = (vc_assignment_search_t){.asked = assignment};
    status = vc_assignments_walk(session, arena, &place.prefix,
        vc_assignment_compare, &search);

    if (status == VC_OK) {
        status = vc_assignment_check_others(&search, err);
    }

    if (status != VC_OK) {
        return status;
    }

    assignment->created = assignment->updated = vc_now();
    assignment->created_by = assignment->updated_by = put->caller;
    assignment->revision = VC_REVISION_NONE;
    put->existed = put->unchanged = false;

    if (search.same) {
        vc_assignment_continue(put, &search.found);

    } else {
        status = vc_assignment_check_count(session, arena, err);
    }

    if (status != VC_OK || put->unchanged) {
        return status;
    }

    return vc_assignment_store(session, arena, batch, &place, assignment);
}


vc_status_t
vc_assignment_put(vc_session_t *session, vc_arena_t *arena,
    vc_assignment_t *assignment, bool *existed, vc_error_t *err)
{
    uint64_t            revision;
    vc_status_t         status;
    vc_assignment_put_t put = {
        .assignment = assignment,
        .caller = assignment->created_by,
    };

    status = vc_assignment_check(assignment, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_small_change(session, arena, "role assignment",
        vc_assignment_attempt_put, &put, &revision, err);

    if (status == VC_OK && !put.unchanged) {
        assignment->revision = revision;
    }

    *existed = put.existed;

    return status;
}


/* --- ending them ---------------------------------------------------------------------- */

typedef struct {
    vc_str_t         scope, id;
    vc_assignment_t *out;
} vc_assignment_end_t;


static vc_status_t
vc_assignment_attempt_delete(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, void *data, vc_error_t *err)
{
    vc_key_t             key;
    vc_place_t           place;
    vc_status_t          status;
    vc_assignment_end_t *end;

    (void) err;

    end = data;

    status = vc_assignment_get(session, arena, end->scope, end->id, end->out);

    if (status == VC_OK) {
        status = vc_place_find(session, arena, end->scope, &place);
    }

    if (status != VC_OK) {
        return status;
    }

    key = vc_key_assignment(&place.prefix, end->id);
    vc_batch_delete(batch, vc_key_view(&key), end->out->revision);

    return VC_OK;
}


vc_status_t
vc_assignment_delete(vc_session_t *session, vc_arena_t *arena, vc_str_t scope,
    vc_str_t id, vc_assignment_t *out, vc_error_t *err)
{
    vc_assignment_end_t end = {scope, id, out};

    return vc_small_change(session, arena, "role assignment",
        vc_assignment_attempt_delete, &end, NULL, err);
}
