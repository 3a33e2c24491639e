#include "audit/record.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* the schema's time counts tenths of a microsecond */
#define VC_FRACTION_DIGITS 7
#define VC_TICK_NS 100


/* resultSignature: the reason phrase of RFC 9110 */
static vc_str_t
vc_reason(int status)
{
    switch (status) {
    case 200:
        return VC_STR("OK");
    case 202:
        return VC_STR("Accepted");
    case 204:
        return VC_STR("No Content");
    case 400:
        return VC_STR("Bad Request");
    case 401:
        return VC_STR("Unauthorized");
    case 403:
        return VC_STR("Forbidden");
    case 404:
        return VC_STR("Not Found");
    case 405:
        return VC_STR("Method Not Allowed");
    case 409:
        return VC_STR("Conflict");
    case 413:
        return VC_STR("Payload Too Large");
    case 429:
        return VC_STR("Too Many Requests");
    case 499:
        return VC_STR("Client Closed Request");
    case 500:
        return VC_STR("Internal Server Error");
    case 503:
        return VC_STR("Service Unavailable");
    case 507:
        return VC_STR("Insufficient Storage");
    default:
        return VC_STR("Unknown");
    }
}


/* the calendar is asked once a second, not once a record */
static vc_str_t
vc_record_second(time_t second)
{
    static _Thread_local char   text[32];
    static _Thread_local size_t len;
    static _Thread_local time_t shown = -1;

    struct tm tm;

    if (second != shown) {
        (void) gmtime_r(&second, &tm);
        len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
        shown = second;
    }

    return (vc_str_t){(const uint8_t *) text, len};
}


static void
vc_record_time(vc_buf_t *out)
{
    int             i;
    char            fraction[VC_FRACTION_DIGITS];
    long            ticks;
    struct timespec ts;

    (void) clock_gettime(CLOCK_REALTIME, &ts);

    for (i = VC_FRACTION_DIGITS, ticks = ts.tv_nsec / VC_TICK_NS; i > 0; i--) {
        fraction[i - 1] = (char) ('0' + ticks % 10);
        ticks /= 10;
    }

    vc_buf_literal(out, "{\"time\":\"");
    vc_buf_str(out, vc_record_second(ts.tv_sec));
    vc_buf_literal(out, ".");
    vc_buf_put(out, fraction, sizeof(fraction));
    vc_buf_literal(out, "Z\"");
}


/*
 * A JSON string of bytes that a client chose.  A log line must be one valid
 * line whatever they are: those that are no UTF-8 are shown as \u00XX.
 */
static void
vc_record_text(vc_buf_t *out, vc_str_t text)
{
    char   escape[8];
    size_t i;

    if (vc_json_plain(text)) {
        vc_buf_str(out, text);
        return;
    }

    if (vc_utf8_valid(text)) {
        vc_json_escape(out, text);
        return;
    }

    for (i = 0; i < text.len; i++) {
        if (text.data[i] < 0x80) {
            vc_json_escape(out, (vc_str_t){text.data + i, 1});
            continue;
        }

        (void) snprintf(escape, sizeof(escape), "\\u00%02x", text.data[i]);
        vc_buf_text(out, escape);
    }
}


/* head, the text, tail; nothing at all unless there is a text */
static void
vc_record_member(vc_buf_t *out, vc_str_t head, vc_str_t text, vc_str_t tail)
{
    if (text.len != 0) {
        vc_buf_str(out, head);
        vc_record_text(out, text);
        vc_buf_str(out, tail);
    }
}


static void
vc_record_upper(vc_buf_t *out, vc_str_t text)
{
    size_t   i;
    uint8_t *p;

    p = vc_buf_reserve(out, text.len);

    for (i = 0; p != NULL && i < text.len; i++) {
        p[i] = (text.data[i] >= 'a' && text.data[i] <= 'z')
                   ? (uint8_t) (text.data[i] - 0x20)
                   : text.data[i];
    }
}


/* the vault's resource id, in upper case as the schema has it */
static void
vc_record_resource(vc_buf_t *out, const vc_access_record_t *record)
{
    if (record->vault.len == 0) {
        return;
    }

    vc_buf_literal(out, ",\"resourceId\":\"/SUBSCRIPTIONS/");
    vc_record_upper(out, record->subscription);
    vc_buf_literal(out, "/RESOURCEGROUPS/");
    vc_record_upper(out,
        record->group.len == 0 ? VC_STR("DEFAULT") : record->group);
    vc_buf_literal(out, "/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/");
    vc_record_upper(out, record->vault);
    vc_buf_literal(out, "\"");
}


static void
vc_record_tls_version(vc_buf_t *out, vc_str_t version)
{
    if (vc_str_eq(version, VC_STR("TLSv1.3"))) {
        vc_buf_literal(out, ",\"tlsVersion\":\"TLS1_3\"");

    } else if (vc_str_eq(version, VC_STR("TLSv1.2"))) {
        vc_buf_literal(out, ",\"tlsVersion\":\"TLS1_2\"");
    }
}


/* what time brought was asked for by nobody, at no address */
static void
vc_record_request(vc_buf_t *out, const vc_access_record_t *record)
{
    if (record->host.len != 0) {
        vc_buf_literal(out, ",\"requestUri\":\"");
        vc_buf_str(out, record->scheme);
        vc_buf_literal(out, "://");
        vc_record_text(out, record->host);
        vc_record_text(out, record->target);
        vc_buf_literal(out, "\"");
    }
}


static void
vc_record_decision(vc_buf_t *out, const vc_access_record_t *record)
{
    vc_buf_str(out, record->by_roles ? VC_STR(",\"isRbacAuthorized\":")
                                     : VC_STR(",\"isAccessPolicyMatch\":"));
    vc_buf_str(out, record->granted ? VC_STR("true") : VC_STR("false"));
    vc_record_member(out, VC_STR(",\"appliedAssignmentId\":\""),
        record->assignment, VC_STR("\""));
}


static void
vc_record_properties(vc_buf_t *out, const vc_access_record_t *record)
{
    vc_buf_literal(out, ",\"properties\":{");
    vc_record_member(out, VC_STR("\"id\":\""), record->object_id,
        VC_STR("\","));
    vc_record_member(out, VC_STR("\"clientInfo\":\""), record->client_info,
        VC_STR("\","));

    vc_buf_literal(out, "\"httpStatusCode\":");
    vc_buf_i64(out, record->status);

    vc_record_request(out, record);

    if (record->key.len != 0) {
        vc_buf_literal(out, ",\"keyProperties\":");
        vc_buf_str(out, record->key);
    }

    if (record->decided) {
        vc_record_decision(out, record);
    }

    vc_record_tls_version(out, record->tls_version);
    vc_buf_literal(out, "}");
}


/* what was asked for, and how it came out */
static void
vc_record_operation(vc_buf_t *out, const vc_access_record_t *record)
{
    vc_buf_literal(out, ",\"category\":\"AuditEvent\",\"operationName\":\"");
    vc_buf_str(out, record->operation);

    /* a refusal is an operation that was handled; a failure is ours */
    if (record->status < 500) {
        vc_buf_literal(out, "\",\"resultType\":\"Success\"");

    } else {
        vc_buf_literal(out, "\",\"resultType\":\"Failed\"");
    }

    vc_record_member(out, VC_STR(",\"resultDescription\":\""),
        record->description, VC_STR("\""));
}


static void
vc_record_caller(vc_buf_t *out, const vc_access_record_t *record)
{
    vc_record_member(out, VC_STR(",\"correlationId\":\""),
        record->correlation_id, VC_STR("\""));
    vc_record_member(out, VC_STR(",\"callerIpAddress\":\""),
        record->caller_address, VC_STR("\""));

    vc_buf_literal(out, ",\"identity\":{\"claim\":");
    vc_buf_str(out, record->claims.len == 0 ? VC_STR("{}") : record->claims);
    vc_buf_literal(out, "}");
}


void
vc_access_record_write(const vc_access_record_t *record, vc_buf_t *out)
{
    vc_record_time(out);
    vc_record_operation(out, record);
    vc_record_caller(out, record);
    vc_record_properties(out, record);
    vc_record_resource(out, record);
    vc_record_member(out, VC_STR(",\"operationVersion\":\""),
        record->operation_version, VC_STR("\""));

    vc_buf_literal(out, ",\"resultSignature\":\"");
    vc_buf_str(out, vc_reason(record->status));
    vc_buf_literal(out, "\",\"durationMs\":\"");
    vc_buf_i64(out, (int64_t) ((record->duration_us + 500) / 1000));
    vc_buf_literal(out, "\"}\n");
}
