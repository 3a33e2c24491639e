/* locks: what forbids changes of this plane at a scope and below it */

#include <string.h>

#include "api/arm.h"
#include "api/arm_filter.h"
#include "api/arm_read.h"
#include "api/arm_roles.h"

#define VC_LOCK_NOTES_MAX 512
#define VC_LOCK_OWNERS_MAX 16

typedef struct {
    vc_call_t *call;
    size_t     count;
} vc_lock_walk_t;


static void
vc_put_lock(vc_buf_t *out, const vc_lock_t *lock)
{
    vc_buf_literal(out, "{\"properties\":{\"level\":");
    vc_buf_text(out,
        lock->level == VC_LOCK_READ_ONLY ? "\"ReadOnly\"" : "\"CanNotDelete\"");

    if (lock->notes.len != 0) {
        vc_buf_literal(out, ",\"notes\":");
        vc_json_string(out, lock->notes);
    }

    if (lock->owners.len != 0) {
        vc_buf_literal(out, ",\"owners\":");
        vc_buf_str(out, lock->owners);
    }

    vc_buf_literal(out, "},\"id\":\"");
    vc_json_escape(out, lock->scope);
    vc_buf_literal(out, "/providers/Microsoft.Authorization/locks/");
    vc_json_escape(out, lock->name);
    vc_buf_literal(out,
        "\",\"type\":\"Microsoft.Authorization/locks\",\"name\":");
    vc_json_string(out, lock->name);
    vc_buf_literal(out, "}");
}


static vc_status_t
vc_lock_answer(vc_call_t *call, const vc_lock_t *lock, int http)
{
    vc_put_lock(&call->out, lock);

    return vc_arm_json(call, http);
}


/* --- reading ------------------------------------------------------------------ */

static vc_status_t
vc_lock_visit(const vc_lock_t *lock, void *data)
{
    vc_lock_walk_t *walk;

    walk = data;

    if (vc_scope_covers(walk->call->arm->scope, lock->scope)) {
        vc_arm_put_comma(&walk->call->out, &walk->count);
        vc_put_lock(&walk->call->out, lock);
    }

    return VC_OK;
}


/* those at the scope and below it */
vc_status_t
vc_arm_lock_list(vc_call_t *call)
{
    vc_filter_t    filter;
    vc_status_t    status;
    vc_lock_walk_t walk;

    walk = (vc_lock_walk_t){call, 0};

    status = vc_filter_parse(call->arena, call->arm->filter, &filter,
        &call->error);

    if (status == VC_OK && filter.count != 0) {
        status = vc_filter_refuse(&filter.terms[0], "nothing", &call->error);
    }

    if (status != VC_OK) {
        return status;
    }

    vc_buf_literal(&call->out, "{\"value\":[");
    status = vc_locks_each(call->context->session, call->arena, vc_lock_visit,
        &walk);
    vc_buf_literal(&call->out, "]}");

    return (status == VC_OK) ? vc_arm_json(call, 200) : status;
}


vc_status_t
vc_arm_lock_get(vc_call_t *call)
{
    char        shown[128];
    vc_lock_t   lock;
    vc_status_t status;

    status = vc_lock_get(call->context->session, call->arena, call->arm->scope,
        call->arm->name, &lock);

    if (status == VC_NOT_FOUND) {
        return vc_fail(&call->error, VC_ARM_NO_LOCK,
            "The lock '%s' could not be found.",
            vc_str_printable(call->arm->name, shown, sizeof(shown)));
    }

    return (status == VC_OK) ? vc_lock_answer(call, &lock, 200) : status;
}


/* --- changing ----------------------------------------------------------------- */

/* where a lock means something */
static vc_status_t
vc_lock_check_place(vc_call_t *call)
{
    char     shown[512];
    vc_str_t scope;

    scope = call->arm->scope;

    if (scope.len != 0 && call->arm->object.len == 0) {
        return VC_OK;
    }

    return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
        "A lock cannot be made at the scope '%s'; it can be at a "
        "subscription, a resource group or a vault.",
        vc_str_printable(scope.len == 0 ? VC_STR("/") : scope, shown,
            sizeof(shown)));
}


static vc_status_t
vc_lock_read_level(const vc_arm_reader_t *reader, vc_lock_t *lock)
{
    vc_str_t    level;
    vc_status_t status;

    status = vc_arm_read_text(reader, "level", true, VC_LOCK_NOTES_MAX, &level);
    if (status != VC_OK) {
        return status;
    }

    if (vc_str_ieq(level, VC_STR("ReadOnly"))) {
        lock->level = VC_LOCK_READ_ONLY;

    } else if (vc_str_ieq(level, VC_STR("CanNotDelete"))) {
        lock->level = VC_LOCK_CAN_NOT_DELETE;

    } else {
        return vc_arm_read_refuse(reader, "level",
            "\"CanNotDelete\" or \"ReadOnly\"");
    }

    return VC_OK;
}


static vc_status_t
vc_lock_read_owners(const vc_arm_reader_t *reader, vc_lock_t *lock)
{
    size_t        i;
    json_t       *item;
    vc_buf_t      text;
    vc_str_t      id;
    vc_status_t   status;
    const json_t *owners;

    status = vc_arm_read_array(reader, "owners", &owners);
    if (status != VC_OK || owners == NULL) {
        return status;
    }

    if (json_array_size(owners) > VC_LOCK_OWNERS_MAX) {
        return vc_arm_read_refuse(reader, "owners", "an array of at most 16");
    }

    vc_buf_init(&text, reader->arena, 64);
    vc_buf_literal(&text, "[");

    json_array_foreach(owners, i, item)
    {
        vc_arm_reader_t owner = {reader->arena, item, "properties.owners[].",
            reader->err};

        status = vc_arm_read_text(&owner, "applicationId", true,
            VC_LOCK_NOTES_MAX, &id);
        if (status != VC_OK) {
            return status;
        }

        vc_buf_text(&text, i == 0 ? "" : ",");
        vc_buf_literal(&text, "{\"applicationId\":");
        vc_json_string(&text, id);
        vc_buf_literal(&text, "}");
    }

    vc_buf_literal(&text, "]");
    lock->owners = vc_buf_view(&text);

    return text.failed ? VC_NO_MEMORY : VC_OK;
}


static vc_status_t
vc_lock_read_body(vc_call_t *call, vc_lock_t *lock)
{
    json_t         *body;
    vc_status_t     status;
    vc_arm_reader_t reader;

    status = vc_arm_body(call, &body);
    if (status != VC_OK) {
        return status;
    }

    status = vc_arm_read_properties(call->arena, body, &reader, &call->error);

    if (status == VC_OK) {
        status = vc_lock_read_level(&reader, lock);
    }

    if (status == VC_OK) {
        status = vc_arm_read_text(&reader, "notes", false, VC_LOCK_NOTES_MAX,
            &lock->notes);
    }

    if (status == VC_OK) {
        status = vc_lock_read_owners(&reader, lock);
    }

    json_decref(body);

    return status;
}


vc_status_t
vc_arm_lock_put(vc_call_t *call)
{
    bool        existed;
    vc_lock_t   lock;
    vc_status_t status;

    memset(&lock, 0, sizeof(lock));
    lock.scope = call->arm->scope;
    lock.name = call->arm->name;

    status = vc_lock_check_place(call);

    if (status == VC_OK) {
        status = vc_lock_read_body(call, &lock);
    }

    if (status != VC_OK) {
        return status;
    }

    vc_call_leave_snapshot(call);

    status = vc_lock_put(call->context->session, call->arena, &lock, &existed,
        &call->error);

    return (status == VC_OK) ? vc_lock_answer(call, &lock, existed ? 200 : 201)
                             : status;
}


vc_status_t
vc_arm_lock_delete(vc_call_t *call)
{
    vc_status_t status;

    vc_call_leave_snapshot(call);

    status = vc_lock_delete(call->context->session, call->arena,
        call->arm->scope, call->arm->name, &call->error);

    if (status == VC_NOT_FOUND) {
        return vc_arm_empty(call, 204);
    }

    return (status == VC_OK) ? vc_arm_empty(call, 200) : status;
}
