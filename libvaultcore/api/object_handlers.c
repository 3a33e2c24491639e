/* what secrets, keys and certificates have in common as operations */

#include "api/object_handlers.h"

#include <string.h>

#include "api/kinds.h"
#include "api/object_body.h"
#include "api/object_json.h"


/* --- the words for a status ------------------------------------------------- */

vc_status_t
vc_object_not_found(vc_call_t *call)
{
    const vc_route_t     *route;
    const vc_kind_info_t *kind;

    route = &call->route;
    kind = vc_call_kind(call);

    return vc_fail(&call->error, kind->not_found,
        "A %s with (name/id) %.*s%s%.*s was not found in this key vault. "
        "If you recently deleted this %s you may be able to recover it "
        "using the correct recovery command. For help resolving this issue, "
        "please see https://go.microsoft.com/fwlink/?linkid=2125182",
        kind->noun, VC_STR_ARG(route->name),
        (route->version.len == 0) ? "" : "/", VC_STR_ARG(route->version),
        kind->noun);
}


vc_status_t
vc_object_live_status(vc_call_t *call, vc_status_t status)
{
    return (status == VC_NOT_FOUND) ? vc_object_not_found(call) : status;
}


static vc_status_t
vc_object_deleted_status(vc_call_t *call, vc_status_t status)
{
    const vc_kind_info_t *kind;

    if (status != VC_NOT_FOUND) {
        return status;
    }

    kind = vc_call_kind(call);

    return vc_fail(&call->error, kind->not_found, "Deleted %s not found: %.*s",
        kind->title, VC_STR_ARG(call->route.name));
}


vc_status_t
vc_object_is_deleted(vc_call_t *call)
{
    const vc_kind_info_t *kind;

    kind = vc_call_kind(call);

    return vc_fail(&call->error, VC_OBJECT_DELETED,
        "%s %.*s is currently in a deleted but recoverable state, and its "
        "name cannot be reused; in this state, the %s can only be "
        "recovered or purged.",
        kind->title, VC_STR_ARG(call->route.name), kind->noun);
}


vc_status_t
vc_object_name_free(vc_call_t *call, vc_objects_t *objects)
{
    vc_object_t object;
    vc_status_t status;

    status = vc_object_get(objects, 'd', call->route.name, &object);

    if (status == VC_OK) {
        return vc_object_is_deleted(call);
    }

    return (status == VC_NOT_FOUND) ? VC_OK : status;
}


/* --- one object ------------------------------------------------------------ */

vc_status_t
vc_object_answer(vc_call_t *call, const vc_object_t *object)
{
    vc_call_kind(call)->bundle(call, object);

    return vc_call_ok_json(call);
}


static bool
vc_version_text_legal(vc_str_t text)
{
    return text.len == 0 || vc_object_name_valid(text);
}


/*
 * The version that the route names, the current one if it names none.  What
 * is no version id cannot exist; only what no id or name could ever contain
 * is called wrong.
 */
vc_status_t
vc_object_find_version(vc_call_t *call, vc_objects_t *objects, vc_object_t *out)
{
    uint8_t     id[VC_VERSION_LEN];
    vc_str_t    version;
    vc_status_t status;

    version = call->route.version;

    if (!vc_version_text_legal(version)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "The request URI contains an invalid version; a version is %d "
            "hexadecimal digits.",
            2 * VC_VERSION_LEN);
    }

    if (version.len == 0) {
        status = vc_object_get(objects, 'h', call->route.name, out);

    } else if (vc_hex_decode(id, VC_VERSION_LEN, version)) {
        status = vc_object_get_version(objects, call->route.name, id, out);

    } else {
        status = VC_NOT_FOUND;
    }

    return vc_object_live_status(call, status);
}


vc_status_t
vc_object_op_delete(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call);

    status = vc_object_delete(&objects, call->route.name, &object);
    if (status != VC_OK) {
        return vc_object_live_status(call, status);
    }

    return vc_object_answer(call, &object);
}


/* --- lists ----------------------------------------------------------------- */

static size_t
vc_object_page_size(const vc_call_t *call)
{
    return call->route.has_max_results ? (size_t) call->route.max_results
                                       : VC_PAGE_MAX;
}


static vc_status_t
vc_object_answer_page(vc_call_t *call, const vc_page_t *page, bool versioned)
{
    size_t                i;
    const vc_kind_info_t *kind;

    kind = vc_call_kind(call);

    vc_buf_text(&call->out, "{\"value\":[");

    for (i = 0; i < page->count; i++) {
        if (i != 0) {
            vc_buf_text(&call->out, ",");
        }

        kind->item(call, &page->items[i], versioned);
    }

    vc_buf_text(&call->out, "],");
    vc_call_next_link(call, page);
    vc_buf_text(&call->out, "}");

    return vc_call_ok_json(call);
}


static vc_status_t
vc_object_list_state(vc_call_t *call, uint8_t state)
{
    vc_str_t     marker;
    vc_page_t    page;
    vc_status_t  status;
    vc_objects_t objects;

    status = vc_call_marker(call, &marker);
    if (status != VC_OK) {
        return status;
    }

    objects = vc_call_objects(call);

    status = vc_object_list(&objects, state, marker, vc_object_page_size(call),
        &page);
    if (status != VC_OK) {
        return status;
    }

    return vc_object_answer_page(call, &page, false);
}


vc_status_t
vc_object_op_list(vc_call_t *call)
{
    return vc_object_list_state(call, 'h');
}


vc_status_t
vc_object_op_list_versions(vc_call_t *call)
{
    vc_str_t     marker;
    vc_page_t    page;
    vc_status_t  status;
    vc_objects_t objects;

    status = vc_call_marker(call, &marker);
    if (status != VC_OK) {
        return status;
    }

    objects = vc_call_objects(call);

    status = vc_object_list_versions(&objects, call->route.name, marker,
        vc_object_page_size(call), &page);
    if (status != VC_OK) {
        return status;
    }

    /* a live object has at least one version */
    if (page.count == 0 && marker.len == 0) {
        return vc_object_not_found(call);
    }

    return vc_object_answer_page(call, &page, true);
}


/* --- backup and restore ---------------------------------------------------- */

vc_status_t
vc_object_op_backup(vc_call_t *call)
{
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call);

    vc_buf_text(&call->out, "{\"value\":\"");

    status = vc_object_backup(&objects, call->route.name, &call->out);
    if (status != VC_OK) {
        return vc_object_live_status(call, status);
    }

    vc_buf_text(&call->out, "\"}");

    return vc_call_ok_json(call);
}


static vc_status_t
vc_object_restore_conflict(vc_call_t *call, const vc_version_t *version)
{
    vc_buf_t              id;
    const vc_kind_info_t *kind;

    kind = vc_call_kind(call);

    vc_buf_init(&id, call->arena, 256);
    vc_put_id(call, &id, kind->collection, version, false);

    return vc_fail(&call->error, VC_OBJECT_CONFLICT,
        "Conflict while restoring %s %.*s - %s already exists or concurrent "
        "access",
        kind->noun, VC_STR_ARG(vc_buf_view(&id)), kind->noun);
}


vc_status_t
vc_object_op_restore(vc_call_t *call)
{
    json_t      *body, *value;
    vc_str_t     blob;
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    status = vc_call_json(call, &body);
    if (status != VC_OK) {
        return status;
    }

    value = json_object_get(body, "value");
    if (!json_is_string(value)) {
        json_decref(body);
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property value has invalid value\r\nIt must be present, and the "
            "value of a backup.");
    }

    blob.data = (const uint8_t *) json_string_value(value);
    blob.len = json_string_length(value);
    objects = vc_call_objects(call);

    status = vc_object_restore(&objects, blob, &object);
    json_decref(body);

    if (status != VC_OK) {
        return (status == VC_OBJECT_CONFLICT)
                   ? vc_object_restore_conflict(call, &object.version)
                   : status;
    }

    return vc_object_answer(call, &object);
}


/* --- deleted objects ------------------------------------------------------- */

vc_status_t
vc_object_op_list_deleted(vc_call_t *call)
{
    return vc_object_list_state(call, 'd');
}


vc_status_t
vc_object_op_get_deleted(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call);

    status = vc_object_get(&objects, 'd', call->route.name, &object);
    if (status != VC_OK) {
        return vc_object_deleted_status(call, status);
    }

    return vc_object_answer(call, &object);
}


vc_status_t
vc_object_op_recover(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call);

    status = vc_object_recover(&objects, call->route.name, &object);
    if (status != VC_OK) {
        return vc_object_deleted_status(call, status);
    }

    return vc_object_answer(call, &object);
}


vc_status_t
vc_object_op_purge(vc_call_t *call)
{
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call);

    status = vc_object_purge(&objects, call->route.name);
    if (status != VC_OK) {
        return vc_object_deleted_status(call, status);
    }

    return vc_call_no_content(call);
}
