#include "vaults/diagnostics.h"

#include <string.h>

#include "vaults/small_records.h"

#define VC_DIAGNOSTIC_FORMAT 1


static vc_status_t
vc_diagnostic_decode(vc_arena_t *arena, vc_str_t plain, uint64_t revision,
    vc_diagnostic_t *out)
{
    size_t      i;
    uint8_t     format, audit;
    uint32_t    count;
    vc_reader_t r;

    memset(out, 0, sizeof(*out));
    r = vc_reader(plain);

    if (!vc_read_u8(&r, &format) || format != VC_DIAGNOSTIC_FORMAT
        || !vc_read_block(&r, &out->name)
        || !vc_read_block(&r, &out->properties) || !vc_read_u8(&r, &audit)
        || !vc_read_u32(&r, &count) || count > VC_DESTINATIONS_MAX)
    {
        return VC_INVALID;
    }

    out->audit = audit != 0;
    out->destination_count = count;
    out->revision = revision;
    out->destinations = vc_arena_calloc(arena,
        VC_DESTINATIONS_MAX * sizeof(vc_str_t));
    if (out->destinations == NULL) {
        return VC_NO_MEMORY;
    }

    for (i = 0; i < count; i++) {
        if (!vc_read_block(&r, &out->destinations[i])) {
            return VC_INVALID;
        }
    }

    return vc_read_done(&r) ? VC_OK : VC_INVALID;
}


/* sealed in the vault's domain: nothing of them opens when it is purged */
static vc_status_t
vc_diagnostic_add(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    const uint8_t domain[VC_DOMAIN_LEN], const vc_diagnostic_t *diagnostic)
{
    size_t   i;
    vc_buf_t plain;
    vc_key_t key;

    vc_buf_init(&plain, arena, 512);
    vc_buf_u8(&plain, VC_DIAGNOSTIC_FORMAT);
    vc_buf_block(&plain, diagnostic->name);
    vc_buf_block(&plain, diagnostic->properties);
    vc_buf_u8(&plain, diagnostic->audit);
    vc_buf_u32(&plain, (uint32_t) diagnostic->destination_count);

    for (i = 0; i < diagnostic->destination_count; i++) {
        vc_buf_block(&plain, diagnostic->destinations[i]);
    }

    if (plain.failed) {
        return VC_NO_MEMORY;
    }

    key = vc_key_diagnostic(domain, diagnostic->name);

    return vc_sealed_put(session, domain, batch, vc_key_view(&key),
        diagnostic->revision, vc_buf_view(&plain), 0);
}


vc_status_t
vc_diagnostic_get(vc_session_t *session, vc_arena_t *arena,
    const uint8_t domain[VC_DOMAIN_LEN], vc_str_t name, vc_diagnostic_t *out)
{
    vc_key_t    key;
    vc_record_t record;
    vc_status_t status;

    if (!vc_small_name_valid(name)) {
        return VC_NOT_FOUND;
    }

    key = vc_key_diagnostic(domain, name);
    status = vc_sealed_get(session, domain, vc_key_view(&key), arena, &record);

    return (status == VC_OK) ? vc_diagnostic_decode(arena, record.payload,
               record.revision, out)
                             : status;
}


typedef struct {
    vc_status_t (*each)(const vc_diagnostic_t *diagnostic, void *data);
    void *data;
} vc_diagnostics_walk_t;


static vc_status_t
vc_diagnostic_visit(vc_arena_t *arena, vc_str_t plain, uint64_t revision,
    void *data)
{
    vc_status_t                  status;
    vc_diagnostic_t              diagnostic;
    const vc_diagnostics_walk_t *walk;

    walk = data;
    status = vc_diagnostic_decode(arena, plain, revision, &diagnostic);

    return (status == VC_OK) ? walk->each(&diagnostic, walk->data) : status;
}


vc_status_t
vc_diagnostics_each(vc_session_t *session, vc_arena_t *arena,
    const uint8_t domain[VC_DOMAIN_LEN],
    vc_status_t (*each)(const vc_diagnostic_t *diagnostic, void *data),
    void *data)
{
    vc_diagnostics_walk_t walk = {each, data};

    return vc_small_walk(session, domain,
        vc_key_diagnostic(domain, VC_STR_NULL), arena, vc_diagnostic_visit,
        &walk);
}


typedef struct {
    vc_arena_t *arena;
    vc_str_t   *items;
    size_t      count;
} vc_destinations_t;


static bool
vc_destinations_have(const vc_destinations_t *list, vc_str_t destination)
{
    size_t i;

    for (i = 0; i < list->count; i++) {
        if (vc_str_ieq(list->items[i], destination)) {
            return true;
        }
    }

    return false;
}


static vc_status_t
vc_destinations_add(const vc_diagnostic_t *diagnostic, void *data)
{
    size_t             i;
    vc_str_t          *items;
    vc_destinations_t *list;

    list = data;

    if (!diagnostic->audit || diagnostic->destination_count == 0) {
        return VC_OK;
    }

    items = vc_arena_calloc(list->arena,
        (list->count + diagnostic->destination_count) * sizeof(vc_str_t));
    if (items == NULL) {
        return VC_NO_MEMORY;
    }

    if (list->count != 0) {
        memcpy(items, list->items, list->count * sizeof(vc_str_t));
    }

    list->items = items;

    for (i = 0; i < diagnostic->destination_count; i++) {
        if (!vc_destinations_have(list, diagnostic->destinations[i])) {
            items[list->count++] = diagnostic->destinations[i];
        }
    }

    return VC_OK;
}


vc_status_t
vc_diagnostics_audit(vc_session_t *session, vc_arena_t *arena,
    const uint8_t domain[VC_DOMAIN_LEN], vc_str_t **out, size_t *count)
{
    vc_status_t       status;
    vc_destinations_t list = {arena, NULL, 0};

    status = vc_diagnostics_each(session, arena, domain, vc_destinations_add,
        &list);
    *out = list.items;
    *count = list.count;

    return status;
}


typedef struct {
    const uint8_t   *domain;
    vc_diagnostic_t *diagnostic;
    bool            *existed;
} vc_diagnostic_put_t;


static vc_status_t
vc_diagnostic_check_new(vc_session_t *session, vc_arena_t *arena,
    const uint8_t *domain, vc_error_t *err)
{
    size_t      count;
    vc_status_t status;

    status = vc_small_count(session, vc_key_diagnostic(domain, VC_STR_NULL),
        arena, &count);

    if (status == VC_OK && count >= VC_DIAGNOSTICS_MAX) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The vault has %zu diagnostic settings, as many as it can have.",
            count);
    }

    return status;
}


static vc_status_t
vc_diagnostic_try_put(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, void *data, vc_error_t *err)
{
    vc_status_t          status;
    vc_diagnostic_t      old, *diagnostic;
    vc_diagnostic_put_t *put;

    put = data;
    diagnostic = put->diagnostic;

    status = vc_diagnostic_get(session, arena, put->domain, diagnostic->name,
        &old);
    *put->existed = (status == VC_OK);

    if (status == VC_NOT_FOUND) {
        diagnostic->revision = VC_REVISION_NONE;
        status = vc_diagnostic_check_new(session, arena, put->domain, err);

    } else if (status == VC_OK) {
        diagnostic->name = old.name;
        diagnostic->revision = old.revision;
    }

    return (status == VC_OK) ? vc_diagnostic_add(session, arena, batch,
               put->domain, diagnostic)
                             : status;
}


vc_status_t
vc_diagnostic_put(vc_session_t *session, vc_arena_t *arena,
    const uint8_t domain[VC_DOMAIN_LEN], vc_diagnostic_t *diagnostic,
    bool *existed, vc_error_t *err)
{
    vc_diagnostic_put_t put = {domain, diagnostic, existed};

    if (!vc_small_name_valid(diagnostic->name)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The name of the diagnostic setting is invalid: it must have 1 to "
            "%d bytes, without control characters and <, >, %%, &, :, \\, ?, "
            "/.",
            VC_NAME_MAX);
    }

    if (diagnostic->destination_count > VC_DESTINATIONS_MAX) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The diagnostic setting names %zu destinations; it can have %d.",
            diagnostic->destination_count, VC_DESTINATIONS_MAX);
    }

    return vc_small_change(session, arena, "diagnostic setting",
        vc_diagnostic_try_put, &put, &diagnostic->revision, err);
}


static vc_status_t
vc_diagnostic_try_delete(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, void *data, vc_error_t *err)
{
    vc_key_t                   key;
    vc_status_t                status;
    vc_diagnostic_t            old;
    const vc_diagnostic_put_t *put;

    (void) err;

    put = data;

    status = vc_diagnostic_get(session, arena, put->domain,
        put->diagnostic->name, &old);
    if (status != VC_OK) {
        return status;
    }

    key = vc_key_diagnostic(put->domain, put->diagnostic->name);
    vc_batch_delete(batch, vc_key_view(&key), old.revision);

    return VC_OK;
}


vc_status_t
vc_diagnostic_delete(vc_session_t *session, vc_arena_t *arena,
    const uint8_t domain[VC_DOMAIN_LEN], vc_str_t name, vc_error_t *err)
{
    uint64_t            revision;
    vc_diagnostic_t     diagnostic;
    vc_diagnostic_put_t put = {domain, &diagnostic, NULL};

    memset(&diagnostic, 0, sizeof(diagnostic));
    diagnostic.name = name;

    return vc_small_change(session, arena, "diagnostic setting",
        vc_diagnostic_try_delete, &put, &revision, err);
}
