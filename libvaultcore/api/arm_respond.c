/* answers of the management plane, in the form of Azure Resource Manager's */

#include <string.h>
#include <time.h>

#include "api/arm.h"

/* nothing is counted here (the host can limit): the buckets are always full */
#define VC_ARM_READS_LEFT "16499"
#define VC_ARM_WRITES_LEFT "2999"


const char *
vc_arm_code(vc_status_t status)
{
    switch (status) {
    case VC_BAD_PARAMETER:
    case VC_NOT_SUPPORTED:
        return "BadRequest";
    case VC_PURGE_PROTECTED:
        return "InvalidOperation";
    case VC_VAULT_NOT_FOUND:
        return "ResourceNotFound";
    case VC_BODY_TOO_LARGE:
        return "RequestContentTooLarge";
    default:
        return vc_status_code(status);
    }
}


static vc_str_t
vc_arm_correlation_id(const vc_call_t *call)
{
    return vc_guid_valid(call->request.client_request_id)
               ? call->request.client_request_id
               : (vc_str_t){(const uint8_t *) call->request_id, VC_GUID_LEN};
}


/* "local:20260102T030405Z:…" */
static void
vc_arm_routing_id(vc_call_t *call)
{
    char      stamp[24];
    time_t    now;
    vc_buf_t  id;
    struct tm tm;

    now = time(NULL);

    if (gmtime_r(&now, &tm) == NULL
        || strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm) == 0)
    {
        return;
    }

    vc_buf_init(&id, call->arena, 128);
    vc_buf_printf(&id, "%s:%s:%.*s", call->engine->region, stamp, VC_GUID_LEN,
        call->request_id);
    vc_call_header(call, "x-ms-routing-request-id", vc_buf_view(&id));
}


void
vc_arm_headers(vc_call_t *call)
{
    bool reads;

    reads = vc_str_eq(call->request.method, VC_STR("GET"))
            || vc_str_eq(call->request.method, VC_STR("HEAD"));

    vc_call_header(call, "Cache-Control", VC_STR("no-cache"));
    vc_call_header(call, "Pragma", VC_STR("no-cache"));
    vc_call_header(call, "Expires", VC_STR("-1"));
    vc_call_header(call, "Strict-Transport-Security",
        VC_STR("max-age=31536000; includeSubDomains"));
    vc_call_header(call, "X-Content-Type-Options", VC_STR("nosniff"));
    vc_call_header(call, "x-ms-request-id",
        (vc_str_t){(const uint8_t *) call->request_id, VC_GUID_LEN});
    vc_call_header(call, "x-ms-correlation-request-id",
        vc_arm_correlation_id(call));
    vc_arm_routing_id(call);

    if (reads) {
        vc_call_header(call,
            "x-ms-ratelimit-remaining-subscription-global-reads",
            VC_STR(VC_ARM_READS_LEFT));

    } else {
        vc_call_header(call,
            "x-ms-ratelimit-remaining-subscription-global-writes",
            VC_STR(VC_ARM_WRITES_LEFT));
    }

    if (call->operation != NULL
        && call->operation->provider == VC_PROVIDER_KEYVAULT)
    {
        vc_call_header(call, "x-ms-keyvault-service-version",
            VC_STR(VC_PRODUCT_VERSION));
    }

    /* refused before anything was executed */
    if (call->error.status != VC_OK && call->context == NULL) {
        vc_call_header(call, "x-ms-failure-cause", VC_STR("gateway"));
    }
}


void
vc_arm_challenge(vc_call_t *call)
{
    vc_buf_t        challenge;
    vc_authority_t *authority;

    authority = vc_authorities_of_tenant(call->engine->authorities,
        vc_str(call->engine->installation.tenant));

    vc_buf_init(&challenge, call->arena, 256);
    vc_buf_text(&challenge, "Bearer authorization_uri=\"");

    if (authority != NULL) {
        vc_buf_str(&challenge, vc_authority_login_url(authority));
    }

    vc_buf_text(&challenge, "\"");

    if (call->error.status != VC_ARM_NO_TOKEN) {
        vc_buf_text(&challenge, ", error=\"invalid_token\"");
    }

    vc_call_header(call, "WWW-Authenticate", vc_buf_view(&challenge));
}


/* Key Vault's messages begin with their number, "AKV10000: " */
static void
vc_arm_translate_token(vc_call_t *call)
{
    vc_error_t  reason;
    const char *text;

    if (strncmp(call->error.message, "AKV10000:", 9) == 0) {
        (void) vc_fail(&call->error, VC_ARM_NO_TOKEN,
            "Authentication failed. The 'Authorization' header is missing, or "
            "is no Bearer token.");
        return;
    }

    reason = call->error;
    text = strncmp(reason.message, "AKV", 3) == 0 ? strstr(reason.message, ": ")
                                                  : NULL;

    (void) vc_fail(&call->error, VC_ARM_BAD_TOKEN,
        "The access token is invalid. %s",
        text != NULL ? text + 2 : reason.message);
}


void
vc_arm_translate(vc_call_t *call)
{
    vc_error_t reason;

    switch (call->error.status) {
    case VC_UNAUTHORIZED:
        vc_arm_translate_token(call);
        return;

    case VC_PURGE_PROTECTED:
        (void) vc_fail(&call->error, VC_ARM_BAD_OPERATION,
            "Operation 'DeletedVaultPurge' is not allowed.");
        return;

    case VC_OBJECT_CONFLICT:
    case VC_OBJECT_DELETED:
        reason = call->error;
        (void) vc_fail(&call->error, VC_ARM_CONFLICT, "%s", reason.message);
        return;

    default:
        return;
    }
}


vc_status_t
vc_arm_json(vc_call_t *call, int http)
{
    vc_status_t status;

    status = vc_call_ok_json(call);
    call->response.status = (status == VC_OK) ? http : call->response.status;

    return status;
}


vc_status_t
vc_arm_empty(vc_call_t *call, int http)
{
    vc_call_respond(call, http);

    return VC_OK;
}


vc_status_t
vc_arm_body(vc_call_t *call, json_t **out)
{
    vc_error_t  reason;
    vc_status_t status;

    status = vc_call_json(call, out);

    if (status != VC_BAD_PARAMETER) {
        return status;
    }

    reason = call->error;

    return vc_fail(&call->error, VC_ARM_BAD_CONTENT,
        "The request content was invalid and could not be deserialized: %s",
        reason.message);
}


void
vc_arm_put_time(vc_buf_t *out, int64_t seconds)
{
    char      stamp[32];
    time_t    at;
    struct tm tm;

    at = (time_t) seconds;

    if (gmtime_r(&at, &tm) == NULL
        || strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
    {
        out->failed = true;
        return;
    }

    vc_buf_text(out, stamp);
}


void
vc_arm_put_comma(vc_buf_t *out, size_t *count)
{
    if ((*count)++ != 0) {
        vc_buf_u8(out, ',');
    }
}
