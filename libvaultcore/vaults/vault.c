/* vaults as they are read: names, look-ups, and the cache of a thread */

#include "vaults/vault.h"

#include <stdlib.h>
#include <string.h>

#include "vaults/assignments.h"
#include "vaults/diagnostics.h"
#include "vaults/vault_codec.h"


bool
vc_vault_name_valid(vc_str_t name)
{
    size_t i;

    if (name.len < VC_VAULT_NAME_MIN || name.len > VC_VAULT_NAME_MAX
        || !vc_str_is(name, VC_BYTE_NAME)
        || (vc_byte_class[name.data[0]] & VC_BYTE_DIGIT) != 0
        || name.data[0] == '-' || name.data[name.len - 1] == '-')
    {
        return false;
    }

    for (i = 1; i < name.len; i++) {
        if (name.data[i] == '-' && name.data[i - 1] == '-') {
            return false;
        }
    }

    return true;
}


void
vc_vault_resource_id(const vc_vault_t *vault, vc_str_t subscription,
    vc_buf_t *out)
{
    vc_buf_literal(out, "/subscriptions/");
    vc_buf_str(out, subscription);
    vc_buf_literal(out, "/resourceGroups/");
    vc_buf_text(out, vault->group);
    vc_buf_literal(out, "/providers/Microsoft.KeyVault/vaults/");
    vc_buf_text(out, vault->name);
}


const char *
vc_vault_recovery_level(const vc_vault_t *vault)
{
    if (vault->retention_days == VC_RETENTION_MAX) {
        return vault->purge_protection ? "Recoverable"
                                       : "Recoverable+Purgeable";
    }

    return vault->purge_protection ? "CustomizedRecoverable"
                                   : "CustomizedRecoverable+Purgeable";
}


vc_status_t
vc_vault_get(vc_session_t *session, vc_arena_t *arena, vc_str_t name,
    vc_vault_t *out)
{
    vc_key_t    key;
    vc_record_t record;
    vc_status_t status;

    if (!vc_vault_name_valid(name)) {
        return VC_NOT_FOUND;
    }

    key = vc_key_vault(name);
    status = vc_sealed_get(session, NULL, vc_key_view(&key), arena, &record);
    if (status != VC_OK) {
        return status;
    }

    status = vc_vault_decode(record.payload, arena, out);
    out->revision = record.revision;

    return status;
}


static vc_status_t
vc_vault_visit(vc_session_t *session, vc_str_t key, const vc_record_t *record,
    vc_status_t (*each)(const vc_vault_t *vault, void *data), void *data)
{
    vc_str_t    plain;
    vc_vault_t  vault;
    vc_arena_t *arena;
    vc_status_t status;

    arena = vc_arena_create(4096);
    if (arena == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_sealed_open(session, NULL, key, record->payload, arena, &plain);
    if (status == VC_OK) {
        status = vc_vault_decode(plain, arena, &vault);
    }

    if (status == VC_OK) {
        vault.revision = record->revision;
        status = each(&vault, data);
    }

    vc_arena_destroy(arena);

    return status;
}


vc_status_t
vc_vault_each(vc_session_t *session, vc_arena_t                    *arena,
    vc_status_t (*each)(const vc_vault_t *vault, void *data), void *data)
{
    vc_str_t     key;
    vc_key_t     prefix;
    vc_record_t  record;
    vc_status_t  status;
    vc_cursor_t *cursor;

    prefix = vc_key_vault(VC_STR_NULL);
    status = vc_cursor_open(vc_session_snapshot(session), arena,
        vc_key_view(&prefix), VC_STR_NULL, &cursor);
    if (status != VC_OK) {
        return status;
    }

    while ((status = vc_cursor_next(cursor, &key, &record)) == VC_OK) {
        status = vc_vault_visit(session, key, &record, each, data);
        if (status != VC_OK) {
            break;
        }
    }

    vc_cursor_close(cursor);

    return (status == VC_NOT_FOUND) ? VC_OK : status;
}


typedef struct {
    vc_arena_t *arena; /* holds the vault's lists; NULL: a free entry */
    vc_vault_t  vault;
} vc_vault_entry_t;

struct vc_vault_cache {
    char             subscription[VC_GUID_LEN];
    uint64_t         epoch;
    size_t           size;
    size_t           victim; /* who makes room next */
    vc_arena_t      *shared; /* holds what follows; NULL: not read yet */
    vc_grants_t      above;
    vc_vault_entry_t entries[];
};


vc_status_t
vc_vault_cache_create(size_t entries, vc_str_t subscription,
    vc_vault_cache_t **out)
{
    if (subscription.len != VC_GUID_LEN) {
        return VC_INVALID;
    }

    *out = calloc(1,
        sizeof(vc_vault_cache_t) + entries * sizeof(vc_vault_entry_t));
    if (*out == NULL) {
        return VC_NO_MEMORY;
    }

    (*out)->size = entries;
    memcpy((*out)->subscription, subscription.data, VC_GUID_LEN);

    return VC_OK;
}


static void
vc_vault_entry_clear(vc_vault_entry_t *entry)
{
    vc_arena_destroy(entry->arena);
    memset(entry, 0, sizeof(*entry));
}


void
vc_vault_cache_clear(vc_vault_cache_t *cache)
{
    size_t i;

    for (i = 0; i < cache->size; i++) {
        vc_vault_entry_clear(&cache->entries[i]);
    }

    vc_arena_destroy(cache->shared);
    cache->shared = NULL;
}


void
vc_vault_cache_destroy(vc_vault_cache_t *cache)
{
    if (cache != NULL) {
        vc_vault_cache_clear(cache);
        free(cache);
    }
}


/*
 * Two places where a name can be, so that a look-up is two comparisons; when
 * both are taken by others they make room in turn.
 */
static vc_vault_entry_t *
vc_vault_cache_place(vc_vault_cache_t *cache, vc_str_t name, bool *found)
{
    size_t            i;
    uint32_t          hash;
    vc_vault_entry_t *entry;

    hash = 2166136261U; /* FNV-1a over the lower-cased name */
    for (i = 0; i < name.len; i++) {
        hash = (hash ^ (name.data[i] | 0x20U)) * 16777619U;
    }

    for (i = 0; i < 2; i++) {
        entry = &cache->entries[(hash + i) % cache->size];
        *found = entry->arena != NULL
                 && vc_str_ieq(vc_str(entry->vault.name), name);

        if (*found || entry->arena == NULL) {
            return entry;
        }
    }

    return &cache->entries[(hash + cache->victim++ % 2) % cache->size];
}


static void
vc_vault_cache_follow(vc_vault_cache_t *cache, vc_session_t *session)
{
    uint64_t epoch;

    epoch = vc_snapshot_epoch(vc_session_snapshot(session));

    if (epoch != cache->epoch) {
        vc_vault_cache_clear(cache);
        cache->epoch = epoch;
    }
}


static vc_str_t
vc_vault_cache_subscription(const vc_vault_cache_t *cache)
{
    return (vc_str_t){(const uint8_t *) cache->subscription, VC_GUID_LEN};
}


vc_status_t
vc_vault_cache_above(vc_vault_cache_t *cache, vc_session_t *session,
    const vc_grants_t **out)
{
    vc_arena_t *arena;
    vc_status_t status;

    vc_vault_cache_follow(cache, session);
    *out = &cache->above;

    if (cache->shared != NULL) {
        return VC_OK;
    }

    arena = vc_arena_create(2048);
    if (arena == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_assignments_above(session, arena,
        vc_vault_cache_subscription(cache), &cache->above);

    if (status != VC_OK) {
        vc_arena_destroy(arena);
        return status;
    }

    cache->shared = arena;

    return VC_OK;
}


static vc_status_t
vc_vault_entry_load_roles(vc_vault_cache_t *cache, vc_vault_entry_t *entry,
    vc_session_t *session)
{
    vc_status_t        status;
    const vc_grants_t *above;

    if (!entry->vault.rbac) {
        return VC_OK;
    }

    status = vc_vault_cache_above(cache, session, &above);

    return (status == VC_OK) ? vc_assignments_of_vault(session, entry->arena,
               vc_vault_cache_subscription(cache), &entry->vault, above,
               &entry->vault.grants)
                             : status;
}


static vc_status_t
vc_vault_entry_load(vc_vault_cache_t *cache, vc_vault_entry_t *entry,
    vc_session_t *session, vc_str_t name)
{
    vc_status_t status;

    vc_vault_entry_clear(entry);

    entry->arena = vc_arena_create(2048);
    if (entry->arena == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_vault_get(session, entry->arena, name, &entry->vault);
    if (status == VC_OK && entry->vault.deleted != 0) {
        status = VC_NOT_FOUND;
    }

    if (status == VC_OK) {
        status = vc_diagnostics_audit(session, entry->arena,
            entry->vault.domain, &entry->vault.audit_destinations,
            &entry->vault.audit_destination_count);
    }

    if (status == VC_OK) {
        status = vc_vault_entry_load_roles(cache, entry, session);
    }

    if (status != VC_OK) {
        vc_vault_entry_clear(entry);
    }

    return status;
}


vc_status_t
vc_vault_cache_get(vc_vault_cache_t *cache, vc_session_t *session,
    vc_str_t name, const vc_vault_t **out)
{
    bool              found;
    vc_status_t       status;
    vc_vault_entry_t *entry;

    vc_vault_cache_follow(cache, session);

    entry = vc_vault_cache_place(cache, name, &found);

    if (!found) {
        status = vc_vault_entry_load(cache, entry, session, name);
        if (status != VC_OK) {
            return status;
        }
    }

    *out = &entry->vault;

    return VC_OK;
}
