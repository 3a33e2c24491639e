/*
 * From the request line to a row of the operation table.
 */

#include <string.h>

#include "api/arm.h"
#include "api/call.h"
#include "api/target.h"

#define VC_API_LATEST "2025-07-01"

typedef struct {
    vc_str_t items[VC_SEGMENTS_MAX];
    size_t   count;
    bool     too_many;
    bool     unversioned; /* what stands in a version's place is a verb */
} vc_segments_t;

static const struct {
    const char      *text;
    vc_api_version_t version;
} vc_api_versions[] = {
    {"2025-07-01", VC_API_2025_07_01},
    {"7.6", VC_API_7_6},
    {"7.5", VC_API_7_5},
    {"7.4", VC_API_7_4},
    {"7.4-preview.1", VC_API_7_4}, /* the Azure CLI 2.45 asks for it … */
    {"7.6-preview.2", VC_API_7_6}, /* … 2.91 for this one, for keys */
    {"7.6-preview.1", VC_API_7_6},
    {"7.5-preview.1", VC_API_7_5},
    {"7.3", VC_API_7_3},
    {"7.2", VC_API_7_2},
    {"7.1", VC_API_7_1},
    {"7.0", VC_API_7_0},
    {"2016-10-01", VC_API_2016_10_01},
    {"2015-06-01", VC_API_2015_06_01},
    {"2026-04-01", VC_API_2026_04_01},
};

/* where patterns have their {version?} */
#define VC_VERSION_SEGMENT 2

/* what is a verb there, never a version */
static const vc_str_t vc_reserved[] = {
    VC_STR_INIT("versions"),
    VC_STR_INIT("backup"),
    VC_STR_INIT("create"),
    VC_STR_INIT("import"),
    VC_STR_INIT("rotate"),
    VC_STR_INIT("rotationpolicy"),
    VC_STR_INIT("attestation"),
    VC_STR_INIT("release"),
    VC_STR_INIT("encrypt"),
    VC_STR_INIT("decrypt"),
    VC_STR_INIT("wrapkey"),
    VC_STR_INIT("unwrapkey"),
    VC_STR_INIT("sign"),
    VC_STR_INIT("verify"),
    VC_STR_INIT("policy"),
    VC_STR_INIT("pending"),
    VC_STR_INIT("recover"),
};


static bool
vc_route_is_reserved(vc_str_t segment)
{
    size_t i;

    for (i = 0; i < sizeof(vc_reserved) / sizeof(vc_reserved[0]); i++) {
        if (vc_str_ieq(segment, vc_reserved[i])) {
            return true;
        }
    }

    return false;
}


static vc_status_t
vc_route_segments(vc_call_t *call, vc_str_t path, vc_segments_t *out)
{
    bool     encoded;
    vc_str_t segment;

    encoded = vc_target_is_encoded(path, false);
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
            break;
        }

        if (encoded) {
            segment = vc_target_decode(call->arena, segment, false);

            if (segment.data == NULL) {
                return VC_NO_MEMORY;
            }
        }

        out->items[out->count++] = segment;
    }

    out->unversioned = out->count <= VC_VERSION_SEGMENT
                       || vc_route_is_reserved(out->items[VC_VERSION_SEGMENT]);

    return VC_OK;
}


/* most patterns end in another word than the path does: seen at once, most of
   all by the last letter */
static inline bool
vc_route_ends(vc_str_t pattern, const vc_segments_t *path)
{
    uint8_t  letter;
    vc_str_t last;

    letter = pattern.data[pattern.len - 1];

    if (path->count == 0 || letter == '}') {
        return true;
    }

    last = path->items[path->count - 1];

    return last.len != 0 && last.len < pattern.len
           && ((last.data[last.len - 1] ^ letter) & 0xdf) == 0
           && vc_bytes_ieq(last.data, pattern.data + pattern.len - last.len,
               last.len);
}


/*
 * Whether a path fits a pattern; then route->name and ->version are set.  A
 * version may be left out, also in the middle: /keys/n/v/sign, /keys/n//sign
 * and /keys/n/sign all are /keys/{name}/{version?}/sign.
 */
static bool
vc_route_fits(vc_str_t pattern, const vc_segments_t *path, vc_route_t *route)
{
    size_t   i;
    vc_str_t part, rest;

    route->name = VC_STR_NULL;
    route->version = VC_STR_NULL;
    rest = (vc_str_t){pattern.data + 1, pattern.len - 1};
    i = 0;

    while (rest.len > 0) {
        part = vc_target_split(&rest, '/');

        if (vc_str_eq(part, VC_STR("{version?}"))) {
            if (!path->unversioned) {
                route->version = path->items[i++];
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

        i++;
    }

    return path->count == i;
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
            vc_buf_str(&allow, vc_operations[i].method);
        }
    }

    if (allow.len == 0) {
        call->route_status = vc_fail(&call->error, VC_ROUTE_NOT_FOUND,
            "The request URI does not name a resource of this service.");
        return;
    }

    call->allow = vc_buf_view(&allow);
    call->route_status = vc_fail(&call->error, VC_METHOD_NOT_ALLOWED,
        "The method %s is not allowed for this resource; allowed: %.*s.",
        vc_str_printable(method, shown, sizeof(shown)),
        VC_STR_ARG(call->allow));
}


static void
vc_route_operation(vc_call_t *call, const vc_segments_t *path)
{
    size_t                i;
    vc_str_t              method, wanted;
    const vc_operation_t *operation;

    method = vc_route_method(call);

    /* HEAD is answered as GET, without the body, which the host leaves out */
    wanted = vc_str_eq(method, VC_STR("HEAD")) ? VC_STR("GET") : method;

    for (i = 0; !path->too_many && i < vc_operation_count; i++) {
        operation = &vc_operations[i];

        if (operation->plane == call->request.plane
            && vc_str_eq(operation->method, wanted)
            && vc_route_ends(operation->pattern, path)
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
        return vc_fail(&call->error, VC_BAD_PARAMETER,
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

    return vc_fail(&call->error, VC_BAD_PARAMETER,
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
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "The query parameter maxresults is invalid; it must be an integer "
            "from 1 to %d.",
            VC_PAGE_MAX);
    }

    return VC_OK;
}


static vc_status_t
vc_route_parameter(vc_call_t *call, vc_str_t name, vc_str_t value)
{
    if (call->request.plane == VC_PLANE_MANAGEMENT) {
        return vc_arm_query_parameter(call, name, value);
    }

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
    bool        encoded;
    vc_str_t    name, value;
    vc_status_t status;

    encoded = vc_target_is_encoded(query, true);

    while (query.len > 0) {
        value = vc_target_split(&query, '&');
        name = vc_target_split(&value, '=');

        if (encoded) {
            name = vc_target_decode(call->arena, name, true);
            value = vc_target_decode(call->arena, value, true);

            if (name.data == NULL || value.data == NULL) {
                return VC_NO_MEMORY;
            }
        }

        status = vc_route_parameter(call, name, value);
        if (status != VC_OK) {
            return status;
        }
    }

    if (call->request.plane == VC_PLANE_MANAGEMENT) {
        return vc_arm_api_version(call);
    }

    if (call->route.api_version_text.data == NULL) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "The query parameter api-version is missing; add for example "
            "api-version=" VC_API_LATEST ".");
    }

    return VC_OK;
}


/* call->error is free again: authentication may have one of its own */
static void
vc_route_keep_error(vc_call_t *call)
{
    call->route_error = vc_arena_alloc(call->arena, sizeof(vc_error_t));

    if (call->route_error != NULL) {
        *call->route_error = call->error;
    }

    vc_error_clear(&call->error);
}


static void
vc_route_target(vc_call_t *call)
{
    char          shown[VC_NAME_MAX + 1];
    vc_str_t      query, path;
    vc_segments_t segments;

    query = call->request.target;
    path = vc_target_split(&query, '?');

    if (call->request.plane == VC_PLANE_DATA) {
        call->route.vault = vc_target_vault(&call->request);
    }

    call->route_status = vc_route_segments(call, path, &segments);
    if (call->route_status != VC_OK) {
        return;
    }

    if (call->request.plane == VC_PLANE_MANAGEMENT) {
        call->route_status = vc_arm_route(call, segments.items, segments.count,
            vc_route_method(call));

    } else {
        vc_route_operation(call, &segments);
    }

    if (call->request.plane == VC_PLANE_AUTHORITY
        || call->route_status != VC_OK) {
        return;
    }

    call->route_status = vc_route_query(call, query);

    if (call->route_status == VC_OK && call->route.name.data != NULL
        && !vc_object_name_valid(call->route.name))
    {
        call->route_status = vc_fail(&call->error, VC_BAD_PARAMETER,
            "The request URI contains an invalid name: %s",
            vc_str_printable(call->route.name, shown, sizeof(shown)));
    }
}


void
vc_call_route(vc_call_t *call)
{
    vc_route_target(call);

    if (call->route_status != VC_OK) {
        vc_route_keep_error(call);
    }
}
