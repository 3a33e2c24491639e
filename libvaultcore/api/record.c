/* what variables and access records say of a call */

#include "api/call.h"
#include "audit/record.h"


static vc_str_t
vc_call_correlation_id(const vc_call_t *call)
{
    if (vc_guid_valid(call->request.client_request_id)) {
        return call->request.client_request_id;
    }

    return (vc_str_t){(const uint8_t *) call->request_id, VC_GUID_LEN};
}


static vc_str_t
vc_call_result(const vc_call_t *call)
{
    const char *inner;

    if (!call->answered) {
        return VC_STR_NULL;
    }

    if (call->error.status == VC_OK) {
        return VC_STR("OK");
    }

    inner = vc_status_inner(call->error.status);

    return vc_str(inner != NULL ? inner : vc_call_code(call));
}


/* a call without a known caller is an authentication, whatever it asked for */
static vc_str_t
vc_call_operation_name(const vc_call_t *call)
{
    if (vc_call_needs_caller(call) && call->principal == NULL) {
        return VC_STR("Authentication");
    }

    return (call->operation == NULL) ? VC_STR("Unknown")
                                     : call->operation->name;
}


/* one spelling of a name that is matched without regard to case, so that a
   rate limit on it cannot be passed by writing it in another */
static vc_str_t
vc_call_folded(const vc_call_t *call, vc_str_t name)
{
    size_t   i;
    uint8_t *p;

    p = vc_arena_alloc(call->arena, name.len);
    if (p == NULL) {
        return VC_STR_NULL;
    }

    for (i = 0; i < name.len; i++) {
        p[i] = (name.data[i] >= 'A' && name.data[i] <= 'Z')
                   ? (uint8_t) (name.data[i] | 0x20)
                   : name.data[i];
    }

    return (vc_str_t){p, name.len};
}


vc_str_t
vc_call_fact(const vc_call_t *call, vc_fact_t fact)
{
    switch (fact) {
    case VC_FACT_VAULT:
        return vc_call_folded(call, call->route.vault);
    case VC_FACT_OPERATION:
        return (call->operation == NULL) ? VC_STR_NULL : call->operation->name;
    case VC_FACT_OBJECT:
        return (call->request.plane == VC_PLANE_DATA
                   && call->route_status == VC_OK)
                   ? vc_call_folded(call, call->route.name)
                   : VC_STR_NULL;
    case VC_FACT_OBJECT_VERSION:
        /* routing decoded it, and left it to the handler to refuse */
        return (call->route_status == VC_OK
                   && vc_object_name_valid(call->route.version))
                   ? call->route.version
                   : VC_STR_NULL;
    case VC_FACT_PRINCIPAL:
        return (call->principal == NULL) ? VC_STR_NULL
                                         : call->principal->object_id;
    case VC_FACT_TENANT:
        return (call->principal == NULL) ? VC_STR_NULL
                                         : call->principal->tenant;
    case VC_FACT_RESULT:
        return vc_call_result(call);
    case VC_FACT_CORRELATION_ID:
        return vc_call_correlation_id(call);
    default:
        return VC_STR_NULL;
    }
}


vc_status_t
vc_call_note_destinations(vc_call_t *call, const vc_str_t *destinations,
    size_t count)
{
    size_t i;

    call->destination_count = 0;

    if (count == 0) {
        return VC_OK;
    }

    call->destinations = vc_arena_alloc(call->arena, count * sizeof(vc_str_t));
    if (call->destinations == NULL) {
        return VC_NO_MEMORY;
    }

    for (i = 0; i < count; i++) {
        call->destinations[i] = vc_str_copy(call->arena, destinations[i]);
        if (call->destinations[i].data == NULL) {
            return VC_NO_MEMORY;
        }
    }

    call->destination_count = count;

    return VC_OK;
}


size_t
vc_call_destinations(const vc_call_t *call, vc_str_t *out, size_t max)
{
    size_t i;

    for (i = 0; i < call->destination_count && i < max; i++) {
        out[i] = call->destinations[i];
    }

    return call->destination_count;
}


/* the caller's claims; of a token request, the client that asked */
static vc_str_t
vc_call_claims(const vc_call_t *call)
{
    vc_buf_t claims;

    if (call->principal != NULL) {
        return call->principal->record_claims;
    }

    if (call->client.len == 0 || !vc_utf8_valid(call->client)) {
        return VC_STR_NULL;
    }

    vc_buf_init(&claims, call->arena, 64 + call->client.len);
    vc_buf_text(&claims, "{\"appid\":");
    vc_json_string(&claims, call->client);
    vc_buf_text(&claims, "}");

    return claims.failed ? VC_STR_NULL : vc_buf_view(&claims);
}


/* the id of the object: as it was found, else as it was asked for */
static vc_str_t
vc_call_object_id(const vc_call_t *call)
{
    vc_buf_t id;

    if (call->record_id.len != 0 || call->request.plane != VC_PLANE_DATA
        || call->operation == NULL || call->route_status != VC_OK
        || call->route.name.len == 0)
    {
        return call->record_id;
    }

    vc_buf_init(&id, call->arena, 256);
    vc_call_base_url(call, &id);
    vc_buf_text(&id, "/");
    vc_buf_text(&id, vc_family_name(call->operation->family));
    vc_buf_text(&id, "/");
    vc_buf_str(&id, call->route.name);

    if (call->route.version.len != 0) {
        vc_buf_text(&id, "/");
        vc_buf_str(&id, call->route.version);
    }

    return id.failed ? VC_STR_NULL : vc_buf_view(&id);
}


void
vc_call_record(const vc_call_t *call, int status, uint64_t duration_us,
    vc_buf_t *out)
{
    vc_access_record_t record;

    if (call->operation != NULL && !call->operation->recorded) {
        return;
    }

    record = (vc_access_record_t){
        .operation = vc_call_operation_name(call),
        .operation_version = call->route.api_version_text,
        .status = status,
        .description = (call->error.status == VC_OK)
                           ? VC_STR_NULL
                           : vc_str(call->error.message),
        .duration_us = duration_us,
        .caller_address = call->request.client_address,
        .correlation_id = vc_call_correlation_id(call),
        .claims = vc_call_claims(call),
        .subscription = vc_str(call->engine->installation.id),
        .group = vc_str(call->vault_group),
        .vault = vc_vault_name_valid(call->route.vault) ? call->route.vault
                                                        : VC_STR_NULL,
        .object_id = vc_call_object_id(call),
        .key = call->record_key,
        .client_info = call->request.user_agent,
        .scheme = call->request.scheme,
        .host = call->request.host,
        .target = call->request.target,
        .decided = call->decided,
        .granted = call->granted,
        .by_roles = call->by_roles,
        .assignment = vc_str(call->assignment),
        .tls_version = call->request.tls_version,
    };

    vc_access_record_write(&record, out);
}
