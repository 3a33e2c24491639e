#include "vaults/assignment_codec.h"

#include <string.h>

#define VC_ASSIGNMENT_FORMAT 1
#define VC_ROLE_FORMAT 1


static bool
vc_read_guid(vc_reader_t *r, char out[VC_GUID_LEN + 1])
{
    vc_str_t s;

    if (!vc_read_block(r, &s) || !vc_guid_valid(s)) {
        return false;
    }

    memcpy(out, s.data, VC_GUID_LEN);
    out[VC_GUID_LEN] = '\0';

    return true;
}


void
vc_assignment_encode(const vc_assignment_t *assignment, vc_buf_t *out)
{
    vc_buf_u8(out, VC_ASSIGNMENT_FORMAT);
    vc_buf_block(out, vc_str(assignment->id));
    vc_buf_block(out, vc_str(assignment->principal));
    vc_buf_block(out, vc_str(assignment->role));
    vc_buf_block(out, assignment->scope);
    vc_buf_block(out, assignment->principal_type);
    vc_buf_block(out, assignment->description);
    vc_buf_u64(out, (uint64_t) assignment->created);
    vc_buf_u64(out, (uint64_t) assignment->updated);
    vc_buf_block(out, assignment->created_by);
    vc_buf_block(out, assignment->updated_by);
}


vc_status_t
vc_assignment_decode(vc_str_t plain, vc_assignment_t *out)
{
    uint8_t     format;
    vc_reader_t r;

    memset(out, 0, sizeof(*out));
    r = vc_reader(plain);

    if (!vc_read_u8(&r, &format) || format != VC_ASSIGNMENT_FORMAT
        || !vc_read_guid(&r, out->id) || !vc_read_guid(&r, out->principal)
        || !vc_read_guid(&r, out->role) || !vc_read_block(&r, &out->scope)
        || !vc_read_block(&r, &out->principal_type)
        || !vc_read_block(&r, &out->description)
        || !vc_read_i64(&r, &out->created) || !vc_read_i64(&r, &out->updated)
        || !vc_read_block(&r, &out->created_by)
        || !vc_read_block(&r, &out->updated_by) || !vc_read_done(&r))
    {
        return VC_INVALID;
    }

    return VC_OK;
}


static void
vc_actions_encode(const vc_actions_t *actions, vc_buf_t *out)
{
    size_t i;

    vc_buf_u32(out, (uint32_t) actions->count);

    for (i = 0; i < actions->count; i++) {
        vc_buf_block(out, actions->items[i]);
    }
}


void
vc_role_encode(const vc_role_t *role, vc_buf_t *out)
{
    vc_buf_u8(out, VC_ROLE_FORMAT);
    vc_buf_block(out, vc_str(role->id));
    vc_buf_block(out, role->name);
    vc_buf_block(out, role->description);
    vc_actions_encode(&role->actions, out);
    vc_actions_encode(&role->not_actions, out);
    vc_actions_encode(&role->data_actions, out);
    vc_actions_encode(&role->not_data_actions, out);
    vc_actions_encode(&role->scopes, out);
    vc_buf_u64(out, (uint64_t) role->created);
    vc_buf_u64(out, (uint64_t) role->updated);
    vc_buf_block(out, role->created_by);
    vc_buf_block(out, role->updated_by);
}


static vc_status_t
vc_actions_decode(vc_reader_t *r, vc_arena_t *arena, vc_actions_t *out)
{
    size_t    i;
    uint32_t  count;
    vc_str_t *items;

    if (!vc_read_u32(r, &count) || count > VC_ROLE_ITEMS_MAX) {
        return VC_INVALID;
    }

    if (count == 0) {
        return VC_OK;
    }

    items = vc_arena_alloc(arena, count * sizeof(vc_str_t));
    if (items == NULL) {
        return VC_NO_MEMORY;
    }

    for (i = 0; i < count; i++) {
        if (!vc_read_block(r, &items[i])) {
            return VC_INVALID;
        }
    }

    *out = (vc_actions_t){items, count};

    return VC_OK;
}


static vc_status_t
vc_role_decode_actions(vc_reader_t *r, vc_arena_t *arena, vc_role_t *out)
{
    size_t        i;
    vc_status_t   status;
    vc_actions_t *lists[] = {&out->actions, &out->not_actions,
        &out->data_actions, &out->not_data_actions, &out->scopes};

    status = VC_OK;

    for (i = 0; status == VC_OK && i < sizeof(lists) / sizeof(lists[0]); i++) {
        status = vc_actions_decode(r, arena, lists[i]);
    }

    return status;
}


vc_status_t
vc_role_decode(vc_str_t plain, vc_arena_t *arena, vc_role_t *out)
{
    uint8_t     format;
    vc_reader_t r;
    vc_status_t status;

    memset(out, 0, sizeof(*out));
    r = vc_reader(plain);

    if (!vc_read_u8(&r, &format) || format != VC_ROLE_FORMAT
        || !vc_read_guid(&r, out->id) || !vc_read_block(&r, &out->name)
        || !vc_read_block(&r, &out->description))
    {
        return VC_INVALID;
    }

    status = vc_role_decode_actions(&r, arena, out);
    if (status != VC_OK) {
        return status;
    }

    if (!vc_read_i64(&r, &out->created) || !vc_read_i64(&r, &out->updated)
        || !vc_read_block(&r, &out->created_by)
        || !vc_read_block(&r, &out->updated_by) || !vc_read_done(&r))
    {
        return VC_INVALID;
    }

    return VC_OK;
}
