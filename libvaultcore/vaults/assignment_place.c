#include "vaults/assignment_place.h"

#include "vaults/installation.h"


static vc_status_t
vc_place_vault(vc_session_t *session, vc_arena_t *arena, vc_place_t *place)
{
    vc_vault_t  vault;
    vc_status_t status;

    status = vc_vault_get(session, arena, place->scope.vault, &vault);
    if (status != VC_OK) {
        return status;
    }

    if (vault.deleted != 0
        || !vc_str_ieq(vc_str(vault.group), place->scope.group)) {
        return VC_NOT_FOUND;
    }

    place->prefix = vc_key_vault_roles(vault.domain);
    place->owner = vc_key_vault(place->scope.vault);
    place->revision = vault.revision;

    return VC_OK;
}


static vc_status_t
vc_place_above(vc_session_t *session, vc_arena_t *arena, vc_place_t *place)
{
    vc_group_t  group;
    vc_status_t status;

    if (place->scope.group.len != 0) {
        status = vc_group_get(session, arena, place->scope.group, &group);
        if (status != VC_OK) {
            return status;
        }

        place->owner = vc_key_group(place->scope.group);
        place->revision = group.revision;
    }

    place->prefix = vc_key_scope_roles(place->scope.text);

    return VC_OK;
}


vc_status_t
vc_place_find(vc_session_t *session, vc_arena_t *arena, vc_str_t scope,
    vc_place_t *out)
{
    vc_str_t          id;
    vc_status_t       status;
    vc_installation_t installation;

    status = vc_installation_get(session, arena, &installation);
    if (status != VC_OK) {
        return status;
    }

    id = vc_str_copy(arena, vc_str(installation.id));
    if (id.data == NULL) {
        return VC_NO_MEMORY;
    }

    out->owner.len = 0;

    if (!vc_scope_parse(scope, id, arena, &out->scope)) {
        return VC_INVALID;
    }

    return (out->scope.vault.len != 0) ? vc_place_vault(session, arena, out)
                                       : vc_place_above(session, arena, out);
}


vc_status_t
vc_assignment_lock(vc_session_t *session, vc_batch_t *batch)
{
    return vc_sealed_claim(session, batch, "assignments");
}


vc_status_t
vc_guid_normalize(char guid[VC_GUID_LEN + 1], const char *what, vc_error_t *err)
{
    char *p;

    if (!vc_guid_valid(vc_str(guid))) {
        return vc_fail(err, VC_BAD_PARAMETER, "The %s must be a GUID.", what);
    }

    for (p = guid; *p != '\0'; p++) {
        if (*p >= 'A' && *p <= 'F') {
            *p = (char) (*p | 0x20);
        }
    }

    return VC_OK;
}


bool
vc_role_is_for(const vc_role_t *role, vc_str_t scope)
{
    size_t i;

    for (i = 0; i < role->scopes.count; i++) {
        if (vc_scope_covers(role->scopes.items[i], scope)) {
            return true;
        }
    }

    return false;
}
