/* role assignments as they are read */

#include "vaults/assignments.h"

#include <string.h>

#include "vaults/assignment_codec.h"
#include "vaults/assignment_place.h"
#include "vaults/small_records.h"

#define VC_GRANTS_FIRST 8


typedef struct {
    vc_status_t (*each)(const vc_assignment_t *assignment, void *data);
    void *data;
} vc_assignments_walk_t;


static vc_status_t
vc_assignment_visit(vc_arena_t *arena, vc_str_t plain, uint64_t revision,
    void *data)
{
    vc_status_t                  status;
    vc_assignment_t              assignment;
    const vc_assignments_walk_t *walk;

    (void) arena;

    walk = data;

    status = vc_assignment_decode(plain, &assignment);
    assignment.revision = revision;

    return (status == VC_OK) ? walk->each(&assignment, walk->data) : status;
}


vc_status_t
vc_assignments_walk(vc_session_t *session, vc_arena_t *arena,
    const vc_key_t *prefix,
    vc_status_t (*each)(const vc_assignment_t *assignment, void *data),
    void *data)
{
    vc_assignments_walk_t walk = {each, data};

    return vc_small_walk(session, NULL, *prefix, arena, vc_assignment_visit,
        &walk);
}


vc_status_t
vc_assignments_each(vc_session_t *session, vc_arena_t *arena,
    vc_status_t (*each)(const vc_assignment_t *assignment, void *data),
    void *data)
{
    vc_key_t prefix;

    prefix = vc_key_assignments();

    return vc_assignments_walk(session, arena, &prefix, each, data);
}


vc_status_t
vc_assignment_get(vc_session_t *session, vc_arena_t *arena, vc_str_t scope,
    vc_str_t id, vc_assignment_t *out)
{
    vc_key_t    key;
    vc_place_t  place;
    vc_record_t record;
    vc_status_t status;

    status = vc_guid_valid(id) ? vc_place_find(session, arena, scope, &place)
                               : VC_NOT_FOUND;
    if (status != VC_OK) {
        return (status == VC_INVALID) ? VC_NOT_FOUND : status;
    }

    key = vc_key_assignment(&place.prefix, id);

    status = vc_sealed_get(session, NULL, vc_key_view(&key), arena, &record);

    if (status == VC_OK) {
        status = vc_assignment_decode(record.payload, out);
    }

    if (status != VC_OK) {
        return status;
    }

    out->revision = record.revision;

    /* assignments at a vault and at its objects lie together */
    return vc_str_ieq(out->scope, place.scope.text) ? VC_OK : VC_NOT_FOUND;
}


/* --- what decides ------------------------------------------------------------- */

/* custom roles are read once, however often they are assigned */
typedef struct vc_loaded_role vc_loaded_role_t;

struct vc_loaded_role {
    vc_loaded_role_t *next;
    const vc_role_t  *role;
};

typedef struct {
    vc_session_t     *session;
    vc_arena_t       *arena;
    vc_loaded_role_t *roles;
    vc_grant_t       *items;
    size_t            count;
    size_t            capacity;
} vc_collector_t;


static vc_status_t
vc_collector_role(vc_collector_t *collector, vc_str_t id, const vc_role_t **out)
{
    vc_status_t       status;
    vc_loaded_role_t *loaded;

    for (loaded = collector->roles; loaded != NULL; loaded = loaded->next) {
        if (vc_str_eq(vc_str(loaded->role->id), id)) {
            *out = loaded->role;
            return VC_OK;
        }
    }

    status = vc_role_get(collector->session, collector->arena, id, out);

    if (status != VC_OK || (*out)->built_in) {
        return status;
    }

    loaded = vc_arena_alloc(collector->arena, sizeof(vc_loaded_role_t));
    if (loaded == NULL) {
        return VC_NO_MEMORY;
    }

    loaded->role = *out;
    loaded->next = collector->roles;
    collector->roles = loaded;

    return VC_OK;
}


static bool
vc_collector_grow(vc_collector_t *collector)
{
    size_t      capacity;
    vc_grant_t *items;

    if (collector->count < collector->capacity) {
        return true;
    }

    capacity = (collector->capacity == 0) ? VC_GRANTS_FIRST
                                          : 2 * collector->capacity;
    items = vc_arena_alloc(collector->arena, capacity * sizeof(vc_grant_t));
    if (items == NULL) {
        return false;
    }

    if (collector->count != 0) {
        memcpy(items, collector->items, collector->count * sizeof(vc_grant_t));
    }

    collector->items = items;
    collector->capacity = capacity;

    return true;
}


static vc_status_t
vc_collector_add(const vc_assignment_t *assignment, void *data)
{
    vc_grant_t      *grant;
    vc_status_t      status;
    vc_collector_t  *collector;
    const vc_role_t *role;

    collector = data;

    status = vc_collector_role(collector, vc_str(assignment->role), &role);
    if (status != VC_OK) {
        return (status == VC_NOT_FOUND) ? VC_OK : status;
    }

    if (!vc_collector_grow(collector)) {
        return VC_NO_MEMORY;
    }

    grant = &collector->items[collector->count++];
    memcpy(grant->id, assignment->id, sizeof(grant->id));
    memcpy(grant->principal, assignment->principal, sizeof(grant->principal));
    grant->scope = assignment->scope;
    grant->role = role;

    return VC_OK;
}


/* of one scope above vaults */
static vc_status_t
vc_collector_scope(vc_collector_t *collector, vc_str_t scope)
{
    vc_key_t prefix;

    prefix = vc_key_scope_roles(scope);

    return vc_assignments_walk(collector->session, collector->arena, &prefix,
        vc_collector_add, collector);
}


static vc_status_t
vc_collector_above(vc_collector_t *collector, vc_str_t subscription,
    vc_str_t group)
{
    size_t      of_subscription;
    vc_buf_t    scope;
    vc_status_t status;

    vc_buf_init(&scope, collector->arena, 192);
    vc_buf_literal(&scope, "/subscriptions/");
    vc_buf_str(&scope, subscription);
    of_subscription = scope.len;
    vc_buf_literal(&scope, "/resourceGroups/");
    vc_buf_str(&scope, group);

    if (scope.failed) {
        return VC_NO_MEMORY;
    }

    status = vc_collector_scope(collector, VC_STR_NULL);

    if (status == VC_OK) {
        status = vc_collector_scope(collector,
            (vc_str_t){scope.data, of_subscription});
    }

    if (status == VC_OK && group.len != 0) {
        status = vc_collector_scope(collector, vc_buf_view(&scope));
    }

    return status;
}


vc_status_t
vc_assignments_above(vc_session_t *session, vc_arena_t *arena,
    vc_str_t subscription, vc_str_t group, vc_grants_t *out)
{
    vc_status_t    status;
    vc_collector_t collector = {.session = session, .arena = arena};

    status = vc_collector_above(&collector, subscription, group);
    *out = (vc_grants_t){collector.items, collector.count};

    return status;
}


vc_status_t
vc_assignments_of_vault(vc_session_t *session, vc_arena_t *arena,
    vc_str_t subscription, const vc_vault_t *vault, vc_grants_t *out)
{
    vc_key_t       prefix;
    vc_status_t    status;
    vc_collector_t collector = {.session = session, .arena = arena};

    status = vc_collector_above(&collector, subscription, vc_str(vault->group));

    if (status == VC_OK) {
        prefix = vc_key_vault_roles(vault->domain);
        status = vc_assignments_walk(session, arena, &prefix, vc_collector_add,
            &collector);
    }

    *out = (vc_grants_t){collector.items, collector.count};

    return status;
}
