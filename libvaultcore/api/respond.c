/* answers: headers that every one has, error bodies, the 401 challenge */

#include <string.h>

#include "api/arm.h"

#define VC_JSON_TYPE "application/json; charset=utf-8"


void
vc_call_header(vc_call_t *call, const char *name, vc_str_t value)
{
    vc_response_t *response = &call->response;

    if (response->header_count < VC_HEADERS_MAX && value.len != 0) {
        response->headers[response->header_count++] = (vc_header_t){name,
            value};
    }
}


static void
vc_call_network_info(vc_call_t *call)
{
    bool     v6;
    vc_buf_t info;
    vc_str_t address;

    address = call->request.client_address;
    v6 = address.len != 0 && memchr(address.data, ':', address.len) != NULL;

    vc_buf_init(&info, call->arena, 96 + address.len);
    vc_buf_text(&info, v6 ? "conn_type=Ipv6;addr=" : "conn_type=Ipv4;addr=");
    vc_buf_str(&info, address);
    vc_buf_text(&info,
        v6 ? ";act_addr_fam=InterNetworkV6;" : ";act_addr_fam=InterNetwork;");

    vc_call_header(call, "x-ms-keyvault-network-info", vc_buf_view(&info));
}


void
vc_call_respond(vc_call_t *call, int status)
{
    memset(&call->response, 0, sizeof(call->response));
    call->response.status = status;
    call->answered = true;

    if (call->request.plane == VC_PLANE_MANAGEMENT) {
        vc_arm_headers(call);
        return;
    }

    vc_call_header(call, "Pragma", VC_STR("no-cache"));
    vc_call_header(call, "x-ms-request-id",
        (vc_str_t){(const uint8_t *) call->request_id, VC_GUID_LEN});
    vc_call_header(call, "X-Content-Type-Options", VC_STR("nosniff"));
    vc_call_header(call, "Strict-Transport-Security",
        VC_STR("max-age=31536000;includeSubDomains"));

    if (call->request.plane != VC_PLANE_DATA) {
        vc_call_header(call, "Cache-Control", VC_STR("no-store"));
        return;
    }

    vc_call_header(call, "Cache-Control", VC_STR("no-cache"));
    vc_call_header(call, "Expires", VC_STR("-1"));
    vc_call_header(call, "x-ms-keyvault-region", vc_str(call->engine->region));
    vc_call_header(call, "x-ms-client-request-id",
        call->request.client_request_id);
    vc_call_header(call, "x-ms-keyvault-service-version",
        VC_STR(VC_PRODUCT_VERSION));
    vc_call_header(call, "x-ms-keyvault-rbac-assignment-id",
        vc_str(call->assignment));
    vc_call_network_info(call);
}


/* {tenant} of the vault where there is one, else the installation's */
static void
vc_call_challenge(vc_call_t *call)
{
    vc_str_t        tenant;
    vc_buf_t        challenge;
    vc_authority_t *authority;

    tenant = (call->vault_tenant[0] == '\0')
                 ? vc_str(call->engine->installation.tenant)
                 : vc_str(call->vault_tenant);
    authority = vc_authorities_of_tenant(call->engine->authorities, tenant);

    vc_buf_init(&challenge, call->arena, 256);
    vc_buf_text(&challenge, "Bearer authorization=\"");

    if (authority != NULL) {
        vc_buf_str(&challenge, vc_authority_login_url(authority));
    }

    vc_buf_text(&challenge, "\", resource=\"");
    vc_buf_str(&challenge, call->request.resource);
    vc_buf_text(&challenge, "\"");

    vc_call_header(call, "WWW-Authenticate", vc_buf_view(&challenge));
}


const char *
vc_call_code(const vc_call_t *call)
{
    return (call->request.plane == VC_PLANE_MANAGEMENT)
               ? vc_arm_code(call->error.status)
               : vc_status_code(call->error.status);
}


static void
vc_call_error_body(vc_call_t *call)
{
    vc_buf_t    body;
    const char *inner;

    inner = (call->request.plane == VC_PLANE_MANAGEMENT)
                ? NULL
                : vc_status_inner(call->error.status);

    vc_buf_init(&body, call->arena, 512);
    vc_buf_text(&body, "{\"error\":{\"code\":\"");
    vc_buf_text(&body, vc_call_code(call));
    vc_buf_text(&body, "\",\"message\":");
    vc_json_string(&body, vc_str(call->error.message));

    if (inner != NULL) {
        vc_buf_text(&body, ",\"innererror\":{\"code\":\"");
        vc_buf_text(&body, inner);
        vc_buf_text(&body, "\"}");
    }

    vc_buf_text(&body, "}}");

    if (!body.failed) {
        call->response.body = vc_buf_view(&body);
        call->response.content_type = VC_STR(VC_JSON_TYPE);
    }
}


vc_status_t
vc_call_refuse(vc_call_t *call)
{
    if (call->request.plane == VC_PLANE_MANAGEMENT) {
        vc_arm_translate(call);
    }

    vc_call_respond(call, vc_status_http(call->error.status));

    switch (call->error.status) {
    case VC_UNAUTHORIZED:
        if (call->request.plane == VC_PLANE_DATA) {
            vc_call_challenge(call);
        }

        break;

    case VC_ARM_NO_TOKEN:
    case VC_ARM_BAD_TOKEN:
    case VC_ARM_BAD_TENANT:
        vc_arm_challenge(call);
        break;

    case VC_METHOD_NOT_ALLOWED:
        vc_call_header(call, "Allow", call->allow);
        break;

    case VC_UNAVAILABLE:
    case VC_ISSUER_UNAVAILABLE:
        vc_call_header(call, "Retry-After", VC_STR("1"));
        break;

    default:
        break;
    }

    vc_call_error_body(call);

    return call->error.status;
}


vc_status_t
vc_call_ok_json(vc_call_t *call)
{
    if (call->out.failed) {
        return vc_fail_detail(&call->error, VC_NO_MEMORY, "out of memory");
    }

    vc_call_respond(call, 200);
    call->response.body = vc_buf_view(&call->out);
    call->response.content_type = VC_STR(VC_JSON_TYPE);

    return VC_OK;
}


vc_status_t
vc_call_no_content(vc_call_t *call)
{
    vc_call_respond(call, 204);

    return VC_OK;
}


void
vc_call_base_url(const vc_call_t *call, vc_buf_t *out)
{
    vc_buf_str(out, call->request.scheme);
    vc_buf_text(out, "://");
    vc_buf_str(out, call->request.host);
}
