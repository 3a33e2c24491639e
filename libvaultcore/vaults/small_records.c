#include "vaults/small_records.h"

#define VC_SMALL_TRIES 16


bool
vc_small_name_valid(vc_str_t name)
{
    size_t i;

    if (name.len == 0 || name.len > VC_NAME_MAX || !vc_utf8_valid(name)) {
        return false;
    }

    for (i = 0; i < name.len; i++) {
        if (name.data[i] < 0x20 || name.data[i] == 0x7f
            || strchr("<>%&:\\?/", name.data[i]) != NULL)
        {
            return false;
        }
    }

    return true;
}


static vc_status_t
vc_small_visit(vc_session_t *session, const uint8_t *domain, vc_str_t key,
    const vc_record_t *record, vc_arena_t *arena, vc_small_visit_t visit,
    void *data)
{
    vc_str_t    plain;
    vc_status_t status;

    status = vc_sealed_open(session, domain, key, record->payload, arena,
        &plain);

    return (status == VC_OK) ? visit(arena, plain, record->revision, data)
                             : status;
}


vc_status_t
vc_small_walk(vc_session_t *session, const uint8_t *domain, vc_key_t prefix,
    vc_arena_t *arena, vc_small_visit_t visit, void *data)
{
    vc_str_t     key;
    vc_record_t  record;
    vc_status_t  status;
    vc_cursor_t *cursor;

    if (prefix.len == 0) {
        return VC_OK;
    }

    status = vc_cursor_open(vc_session_snapshot(session), arena,
        vc_key_view(&prefix), VC_STR_NULL, &cursor);
    if (status != VC_OK) {
        return status;
    }

    while ((status = vc_cursor_next(cursor, &key, &record)) == VC_OK) {
        status = vc_small_visit(session, domain, key, &record, arena, visit,
            data);
        if (status != VC_OK) {
            vc_cursor_close(cursor);
            return status;
        }
    }

    vc_cursor_close(cursor);

    return (status == VC_NOT_FOUND) ? VC_OK : status;
}


vc_status_t
vc_small_count(vc_session_t *session, vc_key_t prefix, vc_arena_t *arena,
    size_t *out)
{
    vc_str_t     key;
    vc_record_t  record;
    vc_status_t  status;
    vc_cursor_t *cursor;

    *out = 0;

    status = vc_cursor_open(vc_session_snapshot(session), arena,
        vc_key_view(&prefix), VC_STR_NULL, &cursor);
    if (status != VC_OK) {
        return status;
    }

    while ((status = vc_cursor_next(cursor, &key, &record)) == VC_OK) {
        (*out)++;
    }

    vc_cursor_close(cursor);

    return (status == VC_NOT_FOUND) ? VC_OK : status;
}


static vc_status_t
vc_small_try(vc_session_t *session, vc_arena_t *arena, const char *what,
    vc_small_change_t change, void *data, uint64_t *revision, vc_error_t *err)
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

    vc_error_clear(err);
    status = change(session, arena, batch, data, err);
    vc_session_end(session);

    if (status != VC_OK) {
        return (err->status == status) ? status
                                       : vc_fail_detail(err, status, "%s: %s",
                                           what, vc_status_name(status));
    }

    return vc_session_commit(session, batch, revision, err);
}


vc_status_t
vc_small_change(vc_session_t *session, vc_arena_t *arena, const char *what,
    vc_small_change_t change, void *data, uint64_t *revision, vc_error_t *err)
{
    unsigned    tries;
    vc_status_t status;

    for (tries = 0; tries < VC_SMALL_TRIES; tries++) {
        status = vc_small_try(session, arena, what, change, data, revision,
            err);

        if (status != VC_CONFLICT) {
            return status;
        }
    }

    return vc_fail(err, VC_OBJECT_CONFLICT,
        "The %s is being changed by others at the same time; try again.", what);
}
