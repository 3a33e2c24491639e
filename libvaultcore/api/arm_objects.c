/* what secrets and keys have in common as resources */

#include "api/arm_objects.h"

#include <string.h>

#include "api/arm.h"
#include "api/kinds.h"
#include "api/object_handlers.h"
#include "api/object_json.h"

/* how refusals of a member begin */
#define VC_ARM_PROPERTY "Property "


vc_status_t
vc_arm_object_begin(vc_call_t *call, vc_objects_t *objects)
{
    char shown[VC_NAME_MAX + 1];

    call->vault = call->arm->vault;
    call->route.name = call->arm->object;
    call->route.version = call->arm->version;
    call->route.skiptoken = call->arm->skiptoken;
    *objects = vc_call_objects(call);

    if (call->route.name.len != 0 && !vc_object_name_valid(call->route.name)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "The name '%s' of the %s is invalid; it must have 1 to %d letters, "
            "digits and '-'.",
            vc_str_printable(call->route.name, shown, sizeof(shown)),
            vc_call_kind(call)->noun, VC_NAME_MAX);
    }

    return VC_OK;
}


/* --- bodies ------------------------------------------------------------------- */

static bool
vc_arm_object_flatten(const json_t *body, const char *const *names,
    json_t *flat)
{
    int     failed;
    size_t  i;
    json_t *member;

    failed = json_object_del(flat, "tags") != 0
             && json_object_get(flat, "tags") != NULL;
    member = json_object_get(body, "tags");

    if (member != NULL) {
        failed |= json_object_set(flat, "tags", member);
    }

    for (i = 0; names[i] != NULL; i += 2) {
        member = json_incref(json_object_get(flat, names[i]));
        (void) json_object_del(flat, names[i + 1]);

        if (member != NULL) {
            failed |= json_object_set_new(flat, names[i + 1], member);
        }
    }

    return failed == 0;
}


vc_status_t
vc_arm_object_body(vc_call_t *call, const char *const *names, json_t **out)
{
    json_t     *body, *properties;
    vc_status_t status;

    status = vc_arm_body(call, &body);
    if (status != VC_OK) {
        return status;
    }

    properties = json_object_get(body, "properties");

    if (!json_is_object(properties)) {
        json_decref(body);
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property properties has invalid value\r\nIt must be there, and "
            "an object.");
    }

    *out = json_copy(properties);

    if (*out != NULL && !vc_arm_object_flatten(body, names, *out)) {
        json_decref(*out);
        *out = NULL;
    }

    json_decref(body);

    return (*out == NULL) ? VC_NO_MEMORY : VC_OK;
}


vc_status_t
vc_arm_object_rename(vc_call_t *call, vc_status_t status,
    const char *const *names)
{
    size_t      i, len;
    vc_error_t  reason;
    const char *member;

    reason = call->error;
    len = strlen(VC_ARM_PROPERTY);

    if (status != VC_BAD_PARAMETER
        || strncmp(reason.message, VC_ARM_PROPERTY, len) != 0)
    {
        return status;
    }

    member = reason.message + len;

    for (i = 0; names[i] != NULL; i += 2) {
        len = strlen(names[i + 1]);

        if (strncmp(member, names[i + 1], len) == 0 && member[len] == ' ') {
            return vc_fail(&call->error, status, VC_ARM_PROPERTY "%s%s",
                names[i], member + len);
        }
    }

    return status;
}


vc_status_t
vc_arm_object_delete(vc_call_t *call)
{
    return vc_fail(&call->error, VC_ARM_DISALLOWED,
        "The operation 'delete' on resource type 'vaults/%s' is disallowed. "
        "Delete it at the address of the vault.",
        vc_family_name(call->operation->family));
}


/* --- answers ------------------------------------------------------------------ */

static void
vc_arm_put_id(vc_call_t *call, const vc_version_t *version, bool versioned)
{
    vc_buf_t   *out;
    const char *family;

    out = &call->out;
    family = vc_family_name(call->operation->family);

    vc_buf_literal(out, "{\"id\":\"");
    vc_vault_resource_id(call->vault, vc_str(call->engine->installation.id),
        out);
    vc_buf_printf(out, "/%s/%.*s", family, VC_STR_ARG(version->name));

    if (versioned) {
        vc_buf_literal(out, "/versions/");
        vc_put_version(out, version->id);
    }

    vc_buf_literal(out, "\",\"name\":\"");

    if (versioned) {
        vc_put_version(out, version->id);

    } else {
        vc_buf_str(out, version->name);
    }

    vc_buf_printf(out, "\",\"type\":\"Microsoft.KeyVault/vaults/%s%s\"", family,
        versioned ? "/versions" : "");
}


static void
vc_arm_put_moment(vc_buf_t *out, const char *name, bool has, int64_t moment)
{
    if (has) {
        vc_buf_printf(out, ",\"%s\":", name);
        vc_buf_i64(out, moment);
    }
}


void
vc_arm_put_object_head(vc_call_t *call, const vc_version_t *version,
    bool versioned, vc_str_t more)
{
    vc_buf_t *out;

    out = &call->out;

    vc_arm_put_id(call, version, versioned);
    vc_buf_literal(out, ",\"location\":");
    vc_json_string(out, call->vault->location);
    vc_buf_literal(out, ",\"tags\":");
    vc_buf_str(out, version->tags.len == 0 ? VC_STR("{}") : version->tags);
    vc_buf_text(out,
        version->enabled
            ? ",\"properties\":{\"attributes\":{\"enabled\":true"
            : ",\"properties\":{\"attributes\":{\"enabled\":false");
    vc_arm_put_moment(out, "nbf", version->has_not_before, version->not_before);
    vc_arm_put_moment(out, "exp", version->has_expires, version->expires);
    vc_arm_put_moment(out, "created", true, version->created);
    vc_arm_put_moment(out, "updated", true, version->updated);
    vc_buf_str(out, more);
    vc_buf_literal(out, "}");
}


static void
vc_arm_put_object_uri(vc_call_t *call, const vc_version_t *version,
    const char *port)
{
    vc_str_t domain;

    domain = call->engine->options->management.vault_domain;

    if (memchr(domain.data, ':', domain.len) != NULL) {
        port = "";
    }

    vc_buf_printf(&call->out, "\"https://%s.%.*s%s", call->vault->name,
        VC_STR_ARG(domain), port);
    vc_buf_str(&call->out, vc_call_kind(call)->collection);
    vc_buf_str(&call->out, version->name);
}


void
vc_arm_put_object_uris(vc_call_t *call, const vc_version_t *version,
    const char *member, const char *port)
{
    vc_buf_printf(&call->out, ",\"%s\":", member);
    vc_arm_put_object_uri(call, version, port);
    vc_buf_printf(&call->out, "\",\"%sWithVersion\":", member);
    vc_arm_put_object_uri(call, version, port);
    vc_buf_literal(&call->out, "/");
    vc_put_version(&call->out, version->id);
    vc_buf_literal(&call->out, "\"");
}


/* --- lists -------------------------------------------------------------------- */

static void
vc_arm_put_next_link(vc_call_t *call, const vc_page_t *page, bool versions)
{
    vc_buf_t *out;

    out = &call->out;

    vc_buf_literal(out, ",\"nextLink\":\"");
    vc_buf_str(out, call->engine->options->management.base_url);
    vc_json_escape(out, call->arm->scope);
    vc_buf_text(out, versions ? "/versions" : "");

    if (!versions) {
        vc_buf_printf(out, "/%s", vc_family_name(call->operation->family));
    }

    vc_buf_literal(out, "?api-version=");
    vc_buf_str(out, call->route.api_version_text);
    vc_buf_literal(out, "&$skiptoken=");
    vc_call_put_marker(call, page->marker, out);

    if (call->arm->top != 0) {
        vc_buf_literal(out, "&$top=");
        vc_buf_i64(out, call->arm->top);
    }

    vc_buf_literal(out, "\"");
}


static vc_status_t
vc_arm_object_page(vc_call_t *call, bool versions, vc_page_t *page)
{
    size_t       max;
    vc_str_t     marker;
    vc_status_t  status;
    vc_objects_t objects;

    status = vc_arm_object_begin(call, &objects);

    if (status == VC_OK) {
        status = vc_call_marker(call, &marker);
    }

    if (status != VC_OK) {
        return status;
    }

    max = (call->arm->top == 0 || call->arm->top > VC_PAGE_MAX)
              ? VC_PAGE_MAX
              : (size_t) call->arm->top;

    if (!versions) {
        return vc_object_list(&objects, 'h', marker, max, page);
    }

    status = vc_object_list_versions(&objects, call->route.name, marker, max,
        page);

    if (status == VC_OK && page->count == 0 && marker.len == 0) {
        status = VC_NOT_FOUND;
    }

    return vc_object_live_status(call, status);
}


vc_status_t
vc_arm_object_list(vc_call_t *call, bool versions,
    void (*put)(vc_call_t *call, const vc_object_t *object, bool versioned))
{
    size_t      i;
    vc_page_t   page;
    vc_status_t status;

    status = vc_arm_object_page(call, versions, &page);
    if (status != VC_OK) {
        return status;
    }

    vc_buf_literal(&call->out, "{\"value\":[");

    for (i = 0; i < page.count; i++) {
        vc_buf_text(&call->out, i == 0 ? "" : ",");
        put(call, &page.items[i], versions);
    }

    vc_buf_literal(&call->out, "]");

    if (page.more) {
        vc_arm_put_next_link(call, &page, versions);
    }

    vc_buf_literal(&call->out, "}");

    return vc_arm_json(call, 200);
}
