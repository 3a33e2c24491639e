/* resource groups */

#include "vaults/groups.h"

#include <string.h>

#include "base/clock.h"
#include "vaults/installation.h"
#include "vaults/small_records.h"
#include "vaults/vault.h"

#define VC_GROUP_FORMAT 1
#define VC_LOCATION_MAX 64


bool
vc_group_name_valid(vc_str_t name)
{
    size_t i;

    if (name.len == 0 || name.len > VC_GROUP_NAME_MAX
        || name.data[name.len - 1] == '.')
    {
        return false;
    }

    for (i = 0; i < name.len; i++) {
        if ((vc_byte_class[name.data[i]] & VC_BYTE_HOST) == 0
            && name.data[i] != '_' && name.data[i] != '('
            && name.data[i] != ')')
        {
            return false;
        }
    }

    return true;
}


bool
vc_location_normalize(vc_arena_t *arena, vc_str_t text, vc_str_t *out)
{
    size_t   i, len;
    uint8_t *p;

    if (text.len == 0 || text.len > VC_LOCATION_MAX) {
        return false;
    }

    p = vc_arena_alloc(arena, text.len);
    if (p == NULL) {
        return false;
    }

    for (i = 0, len = 0; i < text.len; i++) {
        if (text.data[i] == ' ') {
            continue;
        }

        if ((vc_byte_class[text.data[i]] & VC_BYTE_NAME) == 0) {
            return false;
        }

        p[len++] = (text.data[i] >= 'A' && text.data[i] <= 'Z')
                       ? (uint8_t) (text.data[i] | 0x20)
                       : text.data[i];
    }

    *out = (vc_str_t){p, len};

    return len != 0;
}


bool
vc_group_is_default(vc_str_t name)
{
    return vc_str_ieq(name, VC_STR(VC_GROUP_DEFAULT));
}


static vc_status_t
vc_group_decode(vc_str_t plain, uint64_t revision, vc_group_t *out)
{
    uint8_t     format;
    vc_str_t    name;
    vc_reader_t r;

    memset(out, 0, sizeof(*out));
    r = vc_reader(plain);

    if (!vc_read_u8(&r, &format) || format != VC_GROUP_FORMAT
        || !vc_read_block(&r, &name) || name.len > VC_GROUP_NAME_MAX
        || !vc_read_block(&r, &out->location) || !vc_read_block(&r, &out->tags)
        || !vc_read_i64(&r, &out->created) || !vc_read_done(&r))
    {
        return VC_INVALID;
    }

    memcpy(out->name, name.data, name.len);
    out->revision = revision;

    return VC_OK;
}


static vc_status_t
vc_group_add(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    const vc_group_t *group)
{
    vc_buf_t plain;
    vc_key_t key;

    vc_buf_init(&plain, arena, 256);
    vc_buf_u8(&plain, VC_GROUP_FORMAT);
    vc_buf_block(&plain, vc_str(group->name));
    vc_buf_block(&plain, group->location);
    vc_buf_block(&plain, group->tags);
    vc_buf_u64(&plain, (uint64_t) group->created);

    if (plain.failed) {
        return VC_NO_MEMORY;
    }

    key = vc_key_group(vc_str(group->name));

    return vc_sealed_put(session, NULL, batch, vc_key_view(&key),
        group->revision, vc_buf_view(&plain), 0);
}


static void
vc_group_default(vc_group_t *out)
{
    memset(out, 0, sizeof(*out));
    memcpy(out->name, VC_GROUP_DEFAULT, sizeof(VC_GROUP_DEFAULT));
    out->location = VC_STR(VC_LOCATION_DEFAULT);
}


vc_status_t
vc_group_get(vc_session_t *session, vc_arena_t *arena, vc_str_t name,
    vc_group_t *out)
{
    vc_key_t    key;
    vc_record_t record;
    vc_status_t status;

    if (!vc_group_name_valid(name)) {
        return VC_NOT_FOUND;
    }

    key = vc_key_group(name);
    status = vc_sealed_get(session, NULL, vc_key_view(&key), arena, &record);

    if (status == VC_NOT_FOUND && vc_group_is_default(name)) {
        vc_group_default(out);
        return VC_OK;
    }

    return (status == VC_OK)
               ? vc_group_decode(record.payload, record.revision, out)
               : status;
}


typedef struct {
    vc_status_t (*each)(const vc_group_t *group, void *data);
    void *data;
} vc_groups_walk_t;


static vc_status_t
vc_group_visit(vc_arena_t *arena, vc_str_t plain, uint64_t revision, void *data)
{
    vc_group_t              group;
    vc_status_t             status;
    const vc_groups_walk_t *walk;

    (void) arena;

    walk = data;

    status = vc_group_decode(plain, revision, &group);
    if (status != VC_OK) {
        return status;
    }

    /* it was the first already */
    if (vc_group_is_default(vc_str(group.name))) {
        return VC_OK;
    }

    return walk->each(&group, walk->data);
}


vc_status_t
vc_groups_each(vc_session_t *session, vc_arena_t                   *arena,
    vc_status_t (*each)(const vc_group_t *group, void *data), void *data)
{
    vc_group_t       group;
    vc_status_t      status;
    vc_groups_walk_t walk;

    status = vc_group_get(session, arena, VC_STR(VC_GROUP_DEFAULT), &group);

    if (status == VC_OK) {
        status = each(&group, data);
    }

    if (status != VC_OK) {
        return status;
    }

    walk.each = each;
    walk.data = data;

    return vc_small_walk(session, NULL, vc_key_group(VC_STR_NULL), arena,
        vc_group_visit, &walk);
}


typedef struct {
    vc_group_t *group;
    bool       *existed;
} vc_group_put_t;


static vc_status_t
vc_group_check_new(vc_session_t *session, vc_arena_t *arena, vc_error_t *err)
{
    size_t      count;
    vc_status_t status;

    status = vc_small_count(session, vc_key_group(VC_STR_NULL), arena, &count);

    if (status == VC_OK && count >= VC_GROUPS_MAX) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "There are %zu resource groups, as many as there can be.", count);
    }

    return status;
}


static vc_status_t
vc_group_try_put(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    void *data, vc_error_t *err)
{
    vc_group_t      old, *group;
    vc_status_t     status;
    vc_group_put_t *put;

    put = data;
    group = put->group;

    status = vc_group_get(session, arena, vc_str(group->name), &old);
    *put->existed = (status == VC_OK);

    if (status == VC_NOT_FOUND) {
        group->created = vc_now();
        group->revision = VC_REVISION_NONE;
        status = vc_group_check_new(session, arena, err);

    } else if (status == VC_OK) {
        if (old.revision != 0 && !vc_str_eq(old.location, group->location)) {
            return vc_fail(err, VC_OBJECT_CONFLICT,
                "The resource group %s is in the location %.*s; that cannot "
                "be changed.",
                old.name, VC_STR_ARG(old.location));
        }

        memcpy(group->name, old.name, sizeof(group->name));
        group->created = old.created;
        group->revision = old.revision;
    }

    return (status == VC_OK) ? vc_group_add(session, arena, batch, group)
                             : status;
}


vc_status_t
vc_group_put(vc_session_t *session, vc_arena_t *arena, vc_group_t *group,
    bool *existed, vc_error_t *err)
{
    vc_group_put_t put;

    if (!vc_group_name_valid(vc_str(group->name))) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The name of the resource group is invalid: it must have 1 to %d "
            "letters, digits, '.', '_', '-', '(' and ')', and not end with "
            "'.'.",
            VC_GROUP_NAME_MAX);
    }

    if (!vc_location_normalize(arena, group->location, &group->location)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The location is invalid: it must have 1 to %d letters, digits, "
            "'-' and blanks.",
            VC_LOCATION_MAX);
    }

    put.group = group;
    put.existed = existed;

    return vc_small_change(session, arena, "resource group", vc_group_try_put,
        &put, &group->revision, err);
}


vc_status_t
vc_group_enter(vc_session_t *session, vc_arena_t *arena, vc_batch_t *batch,
    vc_str_t name, vc_str_t location)
{
    vc_group_t  group;
    vc_status_t status;

    status = vc_group_get(session, arena, name, &group);

    /* nobody can delete it */
    if (status == VC_OK && vc_group_is_default(name)) {
        return VC_OK;
    }

    if (status == VC_NOT_FOUND && location.len != 0
        && vc_group_name_valid(name)) {
        memset(&group, 0, sizeof(group));
        memcpy(group.name, name.data, name.len);
        group.location = location;
        group.created = vc_now();
        status = VC_OK;
    }

    return (status == VC_OK) ? vc_group_add(session, arena, batch, &group)
                             : status;
}
