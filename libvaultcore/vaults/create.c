/* new vaults, and whole ones in place of others */

#include <string.h>

#include "base/clock.h"
#include "crypto/random.h"
#include "vaults/installation.h"
#include "vaults/small_records.h"
#include "vaults/vault.h"
#include "vaults/vault_write.h"


static vc_status_t
vc_vault_spec_check(const vc_vault_spec_t *spec, vc_arena_t *arena,
    vc_error_t *err)
{
    vc_str_t location;

    if (!vc_vault_name_valid(spec->name)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The vault name '%.*s' is invalid: it must have %d to %d letters, "
            "digits and single dashes, begin with a letter, and end with a "
            "letter or digit.",
            VC_STR_ARG(spec->name), VC_VAULT_NAME_MIN, VC_VAULT_NAME_MAX);
    }

    if (spec->tenant.len != 0 && !vc_guid_valid(spec->tenant)) {
        return vc_fail(err, VC_BAD_PARAMETER, "The tenant is not a GUID.");
    }

    if (spec->retention_days != 0
        && (spec->retention_days < VC_RETENTION_MIN
            || spec->retention_days > VC_RETENTION_MAX))
    {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The retention of %d days is invalid: it must be from %d to %d.",
            spec->retention_days, VC_RETENTION_MIN, VC_RETENTION_MAX);
    }

    if (spec->group.len != 0 && !vc_group_name_valid(spec->group)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The resource group '%.*s' is invalid: it must have 1 to %d "
            "letters, digits, '.', '_', '-', '(' and ')', and not end with "
            "'.'.",
            VC_STR_ARG(spec->group), VC_GROUP_NAME_MAX);
    }

    if (spec->location.len != 0
        && !vc_location_normalize(arena, spec->location, &location))
    {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The location '%.*s' is invalid: it must have letters, digits and "
            "'-'.",
            VC_STR_ARG(spec->location));
    }

    return VC_OK;
}


static vc_status_t
vc_vault_fill(vc_session_t *session, vc_arena_t *arena,
    const vc_vault_spec_t *spec, vc_vault_t *out)
{
    vc_str_t          group, location;
    vc_status_t       status;
    vc_installation_t installation;

    status = vc_installation_get(session, arena, &installation);
    if (status != VC_OK) {
        return status;
    }

    memset(out, 0, sizeof(*out));
    memcpy(out->name, spec->name.data, spec->name.len);
    memcpy(out->tenant,
        spec->tenant.len == 0 ? installation.tenant
                              : (const char *) spec->tenant.data,
        VC_GUID_LEN);
    out->retention_days = (spec->retention_days == 0) ? VC_RETENTION_MAX
                                                      : spec->retention_days;
    out->purge_protection = spec->purge_protection;
    out->rbac = spec->rbac;
    group = (spec->group.len == 0) ? VC_STR(VC_GROUP_DEFAULT) : spec->group;
    memcpy(out->group, group.data, group.len);
    location = (spec->location.len == 0) ? VC_STR(VC_LOCATION_DEFAULT)
                                         : spec->location;

    if (!vc_location_normalize(arena, location, &out->location)) {
        return VC_NO_MEMORY;
    }

    out->created = vc_now();
    vc_vault_stamp(out, out->created);
    out->revision = VC_REVISION_NONE;

    return vc_random(out->domain, sizeof(out->domain));
}


typedef struct {
    const vc_vault_spec_t *spec;
    vc_vault_t            *vault;
} vc_vault_create_t;


static vc_status_t
vc_vault_try_create(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    void *data, vc_error_t *err)
{
    vc_vault_t              *vault;
    vc_status_t              status;
    const vc_vault_create_t *create;

    create = data;
    vault = create->vault;

    status = vc_vault_get(session, arena, create->spec->name, vault);

    if (status == VC_OK) {
        return vc_fail(err, VC_OBJECT_CONFLICT,
            "A vault with the name %s exists already, perhaps in deleted "
            "state; then recover or purge it.",
            vault->name);
    }

    if (status == VC_NOT_FOUND) {
        status = vc_vault_fill(session, arena, create->spec, vault);
    }

    if (status == VC_OK) {
        status = vc_group_enter(session, arena, batch, vc_str(vault->group),
            vault->location);
    }

    if (status == VC_OK) {
        status = vc_domain_create(session, arena, batch, vault->domain);
    }

    return (status == VC_OK) ? vc_vault_put(session, arena, batch, vault)
                             : status;
}


vc_status_t
vc_vault_create(vc_session_t *session, vc_arena_t *arena,
    const vc_vault_spec_t *spec, vc_vault_t *out, vc_error_t *err)
{
    vc_status_t       status;
    vc_vault_create_t create;

    status = vc_vault_spec_check(spec, arena, err);
    if (status != VC_OK) {
        return status;
    }

    create.spec = spec;
    create.vault = out;

    return vc_small_change(session, arena, "vault", vc_vault_try_create,
        &create, &out->revision, err);
}


/* whether the vault that is stored, which must be the one that was read, is
   deleted, and comes back with this one */
static vc_status_t
vc_vault_comes_back(vc_session_t *session, vc_arena_t *arena,
    const vc_vault_t *vault, bool *out)
{
    vc_vault_t  stored;
    vc_status_t status;

    status = vc_vault_get(session, arena, vc_str(vault->name), &stored);

    if (status == VC_NOT_FOUND
        || (status == VC_OK && stored.revision != vault->revision))
    {
        return VC_CONFLICT;
    }

    *out = (status == VC_OK && stored.deleted != 0 && vault->deleted == 0);

    return status;
}


/* a new vault needs a domain, which a lost race leaves without effect */
static vc_status_t
vc_vault_replace_put(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_vault_t *vault)
{
    bool        is_new, enters;
    vc_status_t status;

    is_new = (vault->revision == VC_REVISION_NONE);
    enters = is_new;
    status = VC_OK;

    if (!is_new) {
        status = vc_vault_comes_back(session, arena, vault, &enters);
    }

    if (status == VC_OK && enters) {
        status = vc_group_enter(session, arena, batch, vc_str(vault->group),
            VC_STR_NULL);
    }

    if (status == VC_OK && is_new) {
        status = vc_random(vault->domain, sizeof(vault->domain));
    }

    if (status == VC_OK && is_new) {
        status = vc_domain_create(session, arena, batch, vault->domain);
    }

    return (status == VC_OK) ? vc_vault_put(session, arena, batch, vault)
                             : status;
}


vc_status_t
vc_vault_replace(vc_session_t *session, vc_arena_t *arena, vc_vault_t *vault,
    vc_error_t *err)
{
    vc_batch_t *batch;
    vc_status_t status;

    batch = vc_batch_create(arena);
    if (batch == NULL) {
        return vc_fail_detail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_session_begin(session, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_vault_replace_put(session, arena, batch, vault);
    vc_session_end(session);

    if (status != VC_OK) {
        return vc_fail_detail(err, status, "the vault could not be put: %s",
            vc_status_name(status));
    }

    return vc_session_commit(session, batch, &vault->revision, err);
}
