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

/* what is kept goes to the arena; what is read, and outgrown, is not kept */
typedef struct {
    vc_session_t     *session;
    vc_arena_t       *arena;
    vc_arena_t       *scratch;
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
    items = vc_arena_alloc(collector->scratch, capacity * sizeof(vc_grant_t));
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


/* as a rule it is that of the one before: then both share it */
static bool
vc_collector_scope_text(vc_collector_t *collector, vc_str_t scope,
    vc_str_t *out)
{
    if (scope.len == 0) {
        *out = VC_STR_NULL;
        return true;
    }

    *out = (collector->count == 0)
               ? VC_STR_NULL
               : collector->items[collector->count - 1].scope;

    if (!vc_str_eq(*out, scope)) {
        *out = vc_str_copy(collector->arena, scope);
    }

    return out->data != NULL;
}


static vc_status_t
vc_collector_add(const vc_assignment_t *assignment, void *data)
{
    vc_str_t         scope;
    vc_grant_t      *grant;
    vc_status_t      status;
    vc_collector_t  *collector;
    const vc_role_t *role;

    collector = data;

    status = vc_collector_role(collector, vc_str(assignment->role), &role);
    if (status != VC_OK) {
        return (status == VC_NOT_FOUND) ? VC_OK : status;
    }

    if (!vc_collector_scope_text(collector, assignment->scope, &scope)
        || !vc_collector_grow(collector))
    {
        return VC_NO_MEMORY;
    }

    grant = &collector->items[collector->count++];
    memcpy(grant->id, assignment->id, sizeof(grant->id));
    memcpy(grant->principal, assignment->principal, sizeof(grant->principal));
    grant->scope = scope;
    grant->role = role;

    return VC_OK;
}


static vc_status_t
vc_collector_begin(vc_collector_t *collector, vc_session_t *session,
    vc_arena_t *arena)
{
    memset(collector, 0, sizeof(*collector));
    collector->session = session;
    collector->arena = arena;
    collector->scratch = vc_arena_create(4096);

    return (collector->scratch == NULL) ? VC_NO_MEMORY : VC_OK;
}


/* *out, from what was collected unless that failed */
static vc_status_t
vc_collector_end(vc_collector_t *collector, vc_status_t status,
    const vc_grants_t *above, vc_grants_t *out)
{
    vc_grant_t *items;

    *out = (vc_grants_t){NULL, 0, above};

    if (status == VC_OK && collector->count != 0) {
        items = vc_arena_alloc(collector->arena,
            collector->count * sizeof(vc_grant_t));

        if (items == NULL) {
            status = VC_NO_MEMORY;

        } else {
            memcpy(items, collector->items,
                collector->count * sizeof(vc_grant_t));
            out->items = items;
            out->count = collector->count;
        }
    }

    vc_arena_destroy(collector->scratch);

    return status;
}


static vc_status_t
vc_collector_at(vc_collector_t *collector, const vc_key_t *place)
{
    return vc_assignments_walk(collector->session, collector->scratch, place,
        vc_collector_add, collector);
}


/* of a subscription, or, unless it is empty, of a group in it */
static vc_status_t
vc_collector_above_vaults(vc_collector_t *collector, vc_str_t subscription,
    vc_str_t group)
{
    vc_buf_t scope;
    vc_key_t place;

    vc_buf_init(&scope, collector->scratch, 192);
    vc_buf_literal(&scope, "/subscriptions/");
    vc_buf_str(&scope, subscription);

    if (group.len != 0) {
        vc_buf_literal(&scope, "/resourceGroups/");
        vc_buf_str(&scope, group);
    }

    if (scope.failed) {
        return VC_NO_MEMORY;
    }

    place = vc_key_scope_roles(vc_buf_view(&scope));

    return vc_collector_at(collector, &place);
}


vc_status_t
vc_assignments_above(vc_session_t *session, vc_arena_t *arena,
    vc_str_t subscription, vc_grants_t *out)
{
    vc_key_t       place;
    vc_status_t    status;
    vc_collector_t collector;

    status = vc_collector_begin(&collector, session, arena);
    if (status != VC_OK) {
        return status;
    }

    place = vc_key_scope_roles(VC_STR_NULL);
    status = vc_collector_at(&collector, &place);

    if (status == VC_OK) {
        status = vc_collector_above_vaults(&collector, subscription,
            VC_STR_NULL);
    }

    return vc_collector_end(&collector, status, NULL, out);
}


/* domain NULL: of the group only */
static vc_status_t
vc_assignments_below(vc_session_t *session, vc_arena_t *arena,
    vc_str_t subscription, vc_str_t group, const uint8_t *domain,
    const vc_grants_t *above, vc_grants_t *out)
{
    vc_key_t       place;
    vc_status_t    status;
    vc_collector_t collector;

    status = vc_collector_begin(&collector, session, arena);
    if (status != VC_OK) {
        return status;
    }

    if (group.len != 0) {
        status = vc_collector_above_vaults(&collector, subscription, group);
    }

    if (status == VC_OK && domain != NULL) {
        place = vc_key_vault_roles(domain);
        status = vc_collector_at(&collector, &place);
    }

    return vc_collector_end(&collector, status, above, out);
}


vc_status_t
vc_assignments_of_group(vc_session_t *session, vc_arena_t *arena,
    vc_str_t subscription, vc_str_t group, const vc_grants_t *above,
    vc_grants_t *out)
{
    return vc_assignments_below(session, arena, subscription, group, NULL,
        above, out);
}


vc_status_t
vc_assignments_of_vault(vc_session_t *session, vc_arena_t *arena,
    vc_str_t subscription, const vc_vault_t *vault, const vc_grants_t *above,
    vc_grants_t *out)
{
    return vc_assignments_below(session, arena, subscription,
        vc_str(vault->group), vault->domain, above, out);
}
