/* roles as they are read: the built-in ones, and those of the installation */

#include "vaults/assignment_codec.h"
#include "vaults/assignment_place.h"
#include "vaults/small_records.h"


vc_status_t
vc_role_get_custom(vc_session_t *session, vc_arena_t *arena, vc_str_t id,
    vc_role_t *out)
{
    vc_key_t    key;
    vc_record_t record;
    vc_status_t status;

    if (!vc_guid_valid(id)) {
        return VC_NOT_FOUND;
    }

    key = vc_key_role(id);

    status = vc_sealed_get(session, NULL, vc_key_view(&key), arena, &record);

    if (status == VC_OK) {
        status = vc_role_decode(record.payload, arena, out);
        out->revision = record.revision;
    }

    return status;
}


vc_status_t
vc_role_get(vc_session_t *session, vc_arena_t *arena, vc_str_t id,
    const vc_role_t **out)
{
    vc_role_t *role;

    *out = vc_role_built_in(id);
    if (*out != NULL) {
        return VC_OK;
    }

    role = vc_arena_alloc(arena, sizeof(vc_role_t));
    if (role == NULL) {
        return VC_NO_MEMORY;
    }

    *out = role;

    return vc_role_get_custom(session, arena, id, role);
}


typedef struct {
    vc_status_t (*each)(const vc_role_t *role, void *data);
    void *data;
} vc_roles_walk_t;


static vc_status_t
vc_role_visit(vc_arena_t *arena, vc_str_t plain, uint64_t revision, void *data)
{
    vc_role_t             *role;
    vc_status_t            status;
    const vc_roles_walk_t *walk;

    walk = data;

    role = vc_arena_alloc(arena, sizeof(vc_role_t));
    if (role == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_role_decode(plain, arena, role);
    role->revision = revision;

    return (status == VC_OK) ? walk->each(role, walk->data) : status;
}


vc_status_t
vc_roles_each(vc_session_t *session, vc_arena_t                  *arena,
    vc_status_t (*each)(const vc_role_t *role, void *data), void *data)
{
    size_t           i;
    vc_status_t      status;
    vc_roles_walk_t  walk = {each, data};
    const vc_role_t *role;

    for (i = 0; (role = vc_role_built_in_at(i)) != NULL; i++) {
        status = each(role, data);
        if (status != VC_OK) {
            return status;
        }
    }

    return vc_small_walk(session, NULL, vc_key_role(VC_STR_NULL), arena,
        vc_role_visit, &walk);
}
