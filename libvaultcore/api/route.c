/*
 * From the request line to a row of the operation table.
 */

#include <string.h>

#include "api/call.h"
#include "api/target.h"

#define VC_SEGMENTS_MAX 8
#define VC_API_LATEST "2025-07-01"

typedef struct {
    vc_str_t items[VC_SEGMENTS_MAX];
    size_t   count;
    bool     too_many;
} vc_segments_t;

static const struct {
    const char      *text;
    vc_api_version_t version;
} vc_api_versions[] = {
    {"2025-07-01", VC_API_2025_07_01},
    {"7.6", VC_API_7_6},
    {"7.5", VC_API_7_5},
    {"7.4", VC_API_7_4},
    {"7.4-preview.1", VC_API_7_4}, /* az 2.45 asks for it */
    {"7.3", VC_API_7_3},
    {"7.2", VC_API_7_2},
    {"7.1", VC_API_7_1},
    {"7.0", VC_API_7_0},
    {"2016-10-01", VC_API_2016_10_01},
    {"2015-06-01", VC_API_2015_06_01},
    {"2026-04-01", VC_API_2026_04_01},
};

/* third segments that are verbs, never versions */
static const char *const vc_reserved[] = {"versions", "backup", "create",
    "import", "rotate", "rotationpolicy", "attestation", "release", "encrypt",
    "decrypt", "wrapkey", "unwrapkey", "sign", "verify", "policy", "pending",
    "recover"};


static void
vc_route_segments(vc_call_t *call, vc_str_t path, vc_segments_t *out)
{
    vc_str_t segment;

    out->count = 0;
    out->too_many = false;

    /* clients that join addresses carelessly send "//…" */
    while (path.len > 0 && path.data[0] == '/') {
        path.data++;
        path.len--;
    }

    while (path.len > 0) {
        segment = vc_target_split(&path, '/');

        if (out->count == VC_SEGMENTS_MAX) {
            out->too_many = true;
            return;
        }

        out->items[out->count++] = vc_target_decode(call->arena, segment,
            false);
    }
}


static bool
vc_route_is_reserved(vc_str_t segment)
{
    size_t i;

    for (i = 0; i < sizeof(vc_reserved) / sizeof(vc_reserved[0]); i++) {
        if (vc_str_ieq(segment, vc_str(vc_reserved[i]))) {
            return true;
        }
    }

    return false;
}


/* whether a path fits a pattern; then route->name and ->version are set */
static bool
vc_route_fits(const char *pattern, const vc_segments_t *path, vc_route_t *route)
{
    size_t   i;
    vc_str_t part, rest;

    route->name = VC_STR_NULL;
    route->version = VC_STR_NULL;
    rest = vc_str(pattern + 1);

    for (i = 0; rest.len > 0; i++) {
        part = vc_target_split(&rest, '/');

        if (vc_str_eq(part, VC_STR("{version?}"))) {
            if (i < path->count) {
                if (vc_route_is_reserved(path->items[i])) {
                    return false;
                }

                route->version = path->items[i];
            }

            continue;
        }

        if (i >= path->count) {
            return false;
        }

        if (part.data[0] == '{') {
            route->name = path->items[i];

        } else if (!vc_str_ieq(part, path->items[i])) {
            return false;
        }
    }

    return path->count <= i;
}


static vc_str_t
vc_route_method(const vc_call_t *call)
{
    const vc_request_t *request = &call->request;

    if (request->method_override.len != 0
        && vc_str_eq(request->method, VC_STR("POST")))
    {
        return request->method_override;
    }

    return request->method;
}


/* HEAD is answered as GET, without the body, which the host leaves out */
static bool
vc_route_method_is(vc_str_t method, const char *wanted)
{
    return vc_str_eq(method, vc_str(wanted))
           || (vc_str_eq(method, VC_STR("HEAD"))
               && vc_str_eq(vc_str(wanted), VC_STR("GET")));
}


/* the methods that the path takes, in the form of an Allow header */
static void
vc_route_not_allowed(vc_call_t *call, const vc_segments_t *path,
    vc_str_t method)
{
    char       shown[32];
    size_t     i;
    vc_buf_t   allow;
    vc_route_t ignored;

    vc_buf_init(&allow, call->arena, 64);

    for (i = 0; i < vc_operation_count; i++) {
        if (vc_operations[i].plane == call->request.plane
            && vc_route_fits(vc_operations[i].pattern, path, &ignored))
        {
            vc_buf_text(&allow, allow.len == 0 ? "" : ", ");
            vc_buf_text(&allow, vc_operations[i].method);
        }
    }

    if (allow.len == 0) {
        call->route_status = vc_fail(&call->route_error, VC_ROUTE_NOT_FOUND,
            "The request URI does not name a resource of this service.");
        return;
    }

    call->allow = vc_buf_view(&allow);
    call->route_status = vc_fail(&call->route_error, VC_METHOD_NOT_ALLOWED,
        "The method %s is not allowed for this resource; allowed: %.*s.",
        vc_str_printable(method, shown, sizeof(shown)),
        VC_STR_ARG(call->allow));
}


static void
vc_route_operation(vc_call_t *call, const vc_segments_t *path)
{
    size_t                i;
    vc_str_t              method;
    const vc_operation_t *operation;

    method = vc_route_method(call);

    for (i = 0; !path->too_many && i < vc_operation_count; i++) {
        operation = &vc_operations[i];

        if (operation->plane == call->request.plane
            && vc_route_method_is(method, operation->method)
            && vc_route_fits(operation->pattern, path, &call->route))
        {
            call->operation = operation;
            return;
        }
    }

    call->route.name = VC_STR_NULL;
    call->route.version = VC_STR_NULL;
    vc_route_not_allowed(call, path, method);
}


static vc_status_t
vc_route_api_version(vc_call_t *call, vc_str_t value)
{
    char   shown[64];
    size_t i;

    if (call->route.api_version_text.data != NULL) {
        return vc_fail(&call->route_error, VC_BAD_PARAMETER,
            "The query parameter api-version is given more than once; give it "
            "once.");
    }

    call->route.api_version_text = value;

    for (i = 0; i < sizeof(vc_api_versions) / sizeof(vc_api_versions[0]); i++) {
        if (vc_str_ieq(value, vc_str(vc_api_versions[i].text))) {
            call->route.api_version = vc_api_versions[i].version;
            return VC_OK;
        }
    }

    return vc_fail(&call->route_error, VC_BAD_PARAMETER,
        "The specified version (%s) is not recognized. Consider using the "
        "latest supported version (" VC_API_LATEST ").",
        vc_str_printable(value, shown, sizeof(shown)));
}


static vc_status_t
vc_route_max_results(vc_call_t *call, vc_str_t value)
{
    vc_route_t *route = &call->route;

    route->has_max_results = true;

    if (!vc_str_to_i64(value, &route->max_results) || route->max_results < 1
        || route->max_results > VC_PAGE_MAX)
    {
        return vc_fail(&call->route_error, VC_BAD_PARAMETER,
            "The query parameter maxresults is invalid; it must be an integer "
            "from 1 to %d.",
            VC_PAGE_MAX);
    }

    return VC_OK;
}


static vc_status_t
vc_route_parameter(vc_call_t *call, vc_str_t name, vc_str_t value)
{
    if (vc_str_ieq(name, VC_STR("api-version"))) {
        return vc_route_api_version(call, value);
    }

    if (vc_str_ieq(name, VC_STR("maxresults"))) {
        return vc_route_max_results(call, value);
    }

    if (vc_str_ieq(name, VC_STR("$skiptoken"))) {
        call->route.skiptoken = value;

    } else if (vc_str_ieq(name, VC_STR("outContentType"))) {
        call->route.out_content_type = value;
    }

    return VC_OK;
}


static vc_status_t
vc_route_query(vc_call_t *call, vc_str_t query)
{
    vc_str_t    name, value;
    vc_status_t status;

    while (query.len > 0) {
        value = vc_target_split(&query, '&');
        name = vc_target_split(&value, '=');

        status = vc_route_parameter(call,
            vc_target_decode(call->arena, name, true),
            vc_target_decode(call->arena, value, true));
        if (status != VC_OK) {
            return status;
        }
    }

    if (call->route.api_version_text.data == NULL) {
        return vc_fail(&call->route_error, VC_BAD_PARAMETER,
            "The query parameter api-version is missing; add for example "
            "api-version=" VC_API_LATEST ".");
    }

    return VC_OK;
}


void
vc_call_route(vc_call_t *call)
{
    char          shown[VC_NAME_MAX + 1];
    vc_str_t      query, path;
    vc_segments_t segments;

    query = call->request.target;
    path = vc_target_split(&query, '?');

    if (call->request.plane == VC_PLANE_DATA) {
        call->route.vault = vc_target_vault(&call->request);
    }

    call->route_status = VC_OK;
    vc_route_segments(call, path, &segments);
    vc_route_operation(call, &segments);

    if (call->request.plane != VC_PLANE_DATA || call->route_status != VC_OK) {
        return;
    }

    call->route_status = vc_route_query(call, query);

    if (call->route_status == VC_OK
        && strstr(call->operation->pattern, "{name}") != NULL
        && !vc_object_name_valid(call->route.name))
    {
        call->route_status = vc_fail(&call->route_error, VC_BAD_PARAMETER,
            "The request URI contains an invalid name: %s",
            vc_str_printable(call->route.name, shown, sizeof(shown)));
    }
}
