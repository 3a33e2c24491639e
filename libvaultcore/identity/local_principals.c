#include "identity/local_principals.h"

#include <string.h>

#include "identity/principal_record.h"

void
vc_local_principal_clear(vc_local_principal_t *principal)
{
    size_t i;

    for (i = 0; i < principal->certificate_count; i++) {
        json_decref(principal->certificates[i].jwk);
    }

    vc_wipe(principal, sizeof(*principal));
}


vc_status_t
vc_local_principal_get(vc_session_t *session, vc_arena_t *arena,
    vc_str_t client_id, vc_local_principal_t *out)
{
    vc_key_t    key;
    vc_record_t record;
    vc_status_t status;

    memset(out, 0, sizeof(*out));

    if (!vc_guid_valid(client_id)) {
        return VC_NOT_FOUND;
    }

    key = vc_key_principal(client_id);

    status = vc_sealed_get(session, NULL, vc_key_view(&key), arena, &record);
    if (status != VC_OK) {
        return status;
    }

    status = vc_principal_decode(arena, record.payload, out);
    out->revision = record.revision;

    return status;
}


/* opens one record of the walk and shows it; scratch is reset by the caller */
static vc_status_t
vc_principal_show(vc_session_t *session, vc_arena_t *scratch, vc_str_t key,
    const vc_record_t *record,
    vc_status_t (*each)(const vc_local_principal_t *principal, void *data),
    void *data)
{
    vc_str_t             plain;
    vc_status_t          status;
    vc_local_principal_t principal;

    status = vc_sealed_open(session, NULL, key, record->payload, scratch,
        &plain);
    if (status != VC_OK) {
        return status;
    }

    status = vc_principal_decode(scratch, plain, &principal);
    if (status != VC_OK) {
        return status;
    }

    principal.revision = record->revision;
    status = each(&principal, data);
    vc_local_principal_clear(&principal);

    return status;
}


static vc_status_t
vc_principal_walk(vc_session_t *session, vc_cursor_t *cursor,
    vc_arena_t *scratch,
    vc_status_t (*each)(const vc_local_principal_t *principal, void *data),
    void *data)
{
    vc_str_t    key;
    vc_record_t record;
    vc_status_t status;

    for (;;) {
        status = vc_cursor_next(cursor, &key, &record);
        if (status != VC_OK) {
            return (status == VC_NOT_FOUND) ? VC_OK : status;
        }

        status = vc_principal_show(session, scratch, key, &record, each, data);
        vc_arena_reset(scratch);

        if (status != VC_OK) {
            return status;
        }
    }
}


vc_status_t
vc_local_principal_each(vc_session_t *session, vc_arena_t *arena,
    vc_status_t (*each)(const vc_local_principal_t *principal, void *data),
    void *data)
{
    vc_key_t     prefix;
    vc_arena_t  *scratch;
    vc_status_t  status;
    vc_cursor_t *cursor;

    prefix = vc_key_principal(VC_STR_NULL);

    status = vc_cursor_open(vc_session_snapshot(session), arena,
        vc_key_view(&prefix), VC_STR_NULL, &cursor);
    if (status != VC_OK) {
        return status;
    }

    scratch = vc_arena_create(4096);
    status = (scratch == NULL)
                 ? VC_NO_MEMORY
                 : vc_principal_walk(session, cursor, scratch, each, data);

    vc_arena_destroy(scratch);
    vc_cursor_close(cursor);

    return status;
}


typedef struct {
    vc_str_t who;
    bool     found;
    char     client_id[VC_GUID_LEN];
} vc_principal_search_t;


static vc_status_t
vc_principal_matches(const vc_local_principal_t *principal, void *data)
{
    vc_principal_search_t *search;

    search = data;

    if (!vc_str_ieq(search->who, vc_str(principal->name))
        && !vc_str_ieq(search->who, vc_str(principal->object_id)))
    {
        return VC_OK;
    }

    search->found = true;
    memcpy(search->client_id, principal->client_id, VC_GUID_LEN);

    return VC_CONFLICT; /* ends the walk */
}


vc_status_t
vc_local_principal_find(vc_session_t *session, vc_arena_t *arena, vc_str_t who,
    vc_local_principal_t *out)
{
    vc_status_t           status;
    vc_principal_search_t search;

    status = vc_local_principal_get(session, arena, who, out);
    if (status != VC_NOT_FOUND) {
        return status;
    }

    search.who = who;
    search.found = false;

    status = vc_local_principal_each(session, arena, vc_principal_matches,
        &search);

    if (search.found) {
        return vc_local_principal_get(session, arena,
            (vc_str_t){(const uint8_t *) search.client_id, VC_GUID_LEN}, out);
    }

    return (status == VC_OK) ? VC_NOT_FOUND : status;
}
