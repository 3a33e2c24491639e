#include "api/secrets.h"

#include <string.h>

#include "api/secret_json.h"


/* --- the words for a status ------------------------------------------------- */

static vc_status_t
vc_secret_not_found(vc_call_t *call)
{
    const vc_route_t *route;

    route = &call->route;

    return vc_fail(&call->error, VC_SECRET_NOT_FOUND,
        "A secret with (name/id) %.*s%s%.*s was not found in this key vault. "
        "If you recently deleted this secret you may be able to recover it "
        "using the correct recovery command. For help resolving this issue, "
        "please see https://go.microsoft.com/fwlink/?linkid=2125182",
        VC_STR_ARG(route->name), (route->version.len == 0) ? "" : "/",
        VC_STR_ARG(route->version));
}


static vc_status_t
vc_secret_live_status(vc_call_t *call, vc_status_t status)
{
    return (status == VC_NOT_FOUND) ? vc_secret_not_found(call) : status;
}


static vc_status_t
vc_secret_deleted_status(vc_call_t *call, vc_status_t status)
{
    if (status != VC_NOT_FOUND) {
        return status;
    }

    return vc_fail(&call->error, VC_SECRET_NOT_FOUND,
        "Deleted Secret not found: %.*s", VC_STR_ARG(call->route.name));
}


static vc_status_t
vc_secret_is_deleted(vc_call_t *call)
{
    return vc_fail(&call->error, VC_OBJECT_DELETED,
        "Secret %.*s is currently in a deleted but recoverable state, and its "
        "name cannot be reused; in this state, the secret can only be "
        "recovered or purged.",
        VC_STR_ARG(call->route.name));
}


/* --- one secret ------------------------------------------------------------- */

static vc_status_t
vc_secret_answer(vc_call_t *call, const vc_object_t *object, bool with_value)
{
    vc_secret_bundle(call, object, with_value);

    return vc_call_ok_json(call);
}


vc_status_t
vc_secret_set(vc_call_t *call)
{
    vc_object_t      object;
    vc_status_t      status;
    vc_objects_t     objects;
    vc_secret_body_t body;

    objects = vc_call_objects(call, VC_KIND_SECRET);

    /* what state the name is in comes before what the body says */
    status = vc_object_get(&objects, 'd', call->route.name, &object);
    if (status != VC_NOT_FOUND) {
        return (status == VC_OK) ? vc_secret_is_deleted(call) : status;
    }

    status = vc_secret_body_read(call, true, &body);
    if (status != VC_OK) {
        return status;
    }

    memset(&object, 0, sizeof(object));
    object.version.name = call->route.name;
    object.version.enabled = true;
    object.version.payload = body.value;
    vc_secret_body_apply(&object.version, &body);

    status = vc_secret_check_dates(call, &object.version);
    if (status != VC_OK) {
        return status;
    }

    status = vc_object_set(&objects, &object.version);
    if (status != VC_OK) {
        return (status == VC_OBJECT_DELETED) ? vc_secret_is_deleted(call)
                                             : status;
    }

    return vc_secret_answer(call, &object, true);
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
static vc_status_t
vc_secret_find(vc_call_t *call, vc_objects_t *objects, vc_object_t *out)
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

    return vc_secret_live_status(call, status);
}


vc_status_t
vc_secret_get(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call, VC_KIND_SECRET);

    status = vc_secret_find(call, &objects, &object);
    if (status != VC_OK) {
        return status;
    }

    if (!object.version.enabled) {
        vc_secret_note_id(call, &object.version);
        return vc_fail(&call->error, VC_SECRET_DISABLED,
            "Operation get is not allowed on a disabled secret.");
    }

    if (call->route.out_content_type.len != 0
        && call->route.api_version >= VC_API_2025_07_01)
    {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Parameter outContentType has invalid value\r\nThis secret does "
            "not belong to a certificate, so it cannot be converted; leave "
            "the parameter out.");
    }

    return vc_secret_answer(call, &object, true);
}


vc_status_t
vc_secret_update(vc_call_t *call)
{
    vc_object_t      object;
    vc_status_t      status;
    vc_objects_t     objects;
    vc_version_t     changed;
    vc_secret_body_t body;

    objects = vc_call_objects(call, VC_KIND_SECRET);

    status = vc_secret_find(call, &objects, &object);
    if (status != VC_OK) {
        return status;
    }

    status = vc_secret_body_read(call, false, &body);
    if (status != VC_OK) {
        return status;
    }

    changed = object.version;
    vc_secret_body_apply(&changed, &body);

    status = vc_secret_check_dates(call, &changed);
    if (status != VC_OK) {
        return status;
    }

    status = vc_object_update(&objects, call->route.name, object.version.id,
        vc_secret_body_apply, &body, &object);
    if (status != VC_OK) {
        return vc_secret_live_status(call, status);
    }

    return vc_secret_answer(call, &object, false);
}


vc_status_t
vc_secret_delete(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call, VC_KIND_SECRET);

    status = vc_object_delete(&objects, call->route.name, &object);
    if (status != VC_OK) {
        return vc_secret_live_status(call, status);
    }

    return vc_secret_answer(call, &object, false);
}


/* --- lists ------------------------------------------------------------------ */

static size_t
vc_secret_page_size(const vc_call_t *call)
{
    return call->route.has_max_results ? (size_t) call->route.max_results
                                       : VC_PAGE_MAX;
}


static vc_status_t
vc_secret_answer_page(vc_call_t *call, const vc_page_t *page, bool versioned)
{
    size_t i;

    vc_buf_text(&call->out, "{\"value\":[");

    for (i = 0; i < page->count; i++) {
        if (i != 0) {
            vc_buf_text(&call->out, ",");
        }

        vc_secret_item(call, &page->items[i], versioned);
    }

    vc_buf_text(&call->out, "],");
    vc_call_next_link(call, page);
    vc_buf_text(&call->out, "}");

    return vc_call_ok_json(call);
}


static vc_status_t
vc_secret_list_state(vc_call_t *call, uint8_t state)
{
    vc_str_t     marker;
    vc_page_t    page;
    vc_status_t  status;
    vc_objects_t objects;

    status = vc_call_marker(call, &marker);
    if (status != VC_OK) {
        return status;
    }

    objects = vc_call_objects(call, VC_KIND_SECRET);

    status = vc_object_list(&objects, state, marker, vc_secret_page_size(call),
        &page);
    if (status != VC_OK) {
        return status;
    }

    return vc_secret_answer_page(call, &page, false);
}


vc_status_t
vc_secret_list(vc_call_t *call)
{
    return vc_secret_list_state(call, 'h');
}


vc_status_t
vc_secret_list_versions(vc_call_t *call)
{
    vc_str_t     marker;
    vc_page_t    page;
    vc_status_t  status;
    vc_objects_t objects;

    status = vc_call_marker(call, &marker);
    if (status != VC_OK) {
        return status;
    }

    objects = vc_call_objects(call, VC_KIND_SECRET);

    status = vc_object_list_versions(&objects, call->route.name, marker,
        vc_secret_page_size(call), &page);
    if (status != VC_OK) {
        return status;
    }

    /* a live secret has at least one version */
    if (page.count == 0 && marker.len == 0) {
        return vc_secret_not_found(call);
    }

    return vc_secret_answer_page(call, &page, true);
}


/* --- backup and restore ----------------------------------------------------- */

vc_status_t
vc_secret_backup(vc_call_t *call)
{
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call, VC_KIND_SECRET);

    vc_buf_text(&call->out, "{\"value\":\"");

    status = vc_object_backup(&objects, call->route.name, &call->out);
    if (status != VC_OK) {
        return vc_secret_live_status(call, status);
    }

    vc_buf_text(&call->out, "\"}");

    return vc_call_ok_json(call);
}


static vc_status_t
vc_secret_restore_conflict(vc_call_t *call, const vc_version_t *version)
{
    vc_buf_t id;

    vc_buf_init(&id, call->arena, 256);
    vc_call_base_url(call, &id);
    vc_buf_text(&id, "/secrets/");
    vc_buf_str(&id, version->name);

    return vc_fail(&call->error, VC_OBJECT_CONFLICT,
        "Conflict while restoring secret %.*s - secret already exists or "
        "concurrent access",
        VC_STR_ARG(vc_buf_view(&id)));
}


vc_status_t
vc_secret_restore(vc_call_t *call)
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
    objects = vc_call_objects(call, VC_KIND_SECRET);

    status = vc_object_restore(&objects, blob, &object);
    json_decref(body);

    if (status != VC_OK) {
        return (status == VC_OBJECT_CONFLICT)
                   ? vc_secret_restore_conflict(call, &object.version)
                   : status;
    }

    return vc_secret_answer(call, &object, false);
}


/* --- deleted secrets -------------------------------------------------------- */

vc_status_t
vc_secret_list_deleted(vc_call_t *call)
{
    return vc_secret_list_state(call, 'd');
}


vc_status_t
vc_secret_get_deleted(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call, VC_KIND_SECRET);

    status = vc_object_get(&objects, 'd', call->route.name, &object);
    if (status != VC_OK) {
        return vc_secret_deleted_status(call, status);
    }

    return vc_secret_answer(call, &object, false);
}


vc_status_t
vc_secret_recover(vc_call_t *call)
{
    vc_object_t  object;
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call, VC_KIND_SECRET);

    status = vc_object_recover(&objects, call->route.name, &object);
    if (status != VC_OK) {
        return vc_secret_deleted_status(call, status);
    }

    return vc_secret_answer(call, &object, false);
}


vc_status_t
vc_secret_purge(vc_call_t *call)
{
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call, VC_KIND_SECRET);

    status = vc_object_purge(&objects, call->route.name);
    if (status != VC_OK) {
        return vc_secret_deleted_status(call, status);
    }

    return vc_call_no_content(call);
}
