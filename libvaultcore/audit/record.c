#include "audit/record.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* the schema's time counts tenths of a microsecond */
#define VC_FRACTION_DIGITS 7
#define VC_TICK_NS 100


/* resultSignature: the reason phrase of RFC 9110 */
static const char *
vc_reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 413:
        return "Payload Too Large";
    case 429:
        return "Too Many Requests";
    case 499:
        return "Client Closed Request";
    case 500:
        return "Internal Server Error";
    case 503:
        return "Service Unavailable";
    case 507:
        return "Insufficient Storage";
    default:
        return "Unknown";
    }
}


/* the calendar is asked once a second, not once a record */
static const char *
vc_record_second(time_t second)
{
    static _Thread_local char   text[32];
    static _Thread_local time_t shown = -1;

    struct tm tm;

    if (second != shown) {
        (void) gmtime_r(&second, &tm);
        (void) strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
        shown = second;
    }

    return text;
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

    vc_buf_text(out, "{\"time\":\"");
    vc_buf_text(out, vc_record_second(ts.tv_sec));
    vc_buf_text(out, ".");
    vc_buf_put(out, fraction, sizeof(fraction));
    vc_buf_text(out, "Z\"");
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


/* ,"name":"text" unless there is no text; the first member has no comma */
static void
vc_record_member(vc_buf_t *out, const char *name, vc_str_t text)
{
    if (text.len == 0) {
        return;
    }

    if (out->len != 0 && out->data[out->len - 1] != '{') {
        vc_buf_text(out, ",");
    }

    vc_buf_text(out, "\"");
    vc_buf_text(out, name);
    vc_buf_text(out, "\":\"");
    vc_record_text(out, text);
    vc_buf_text(out, "\"");
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

    vc_buf_text(out, ",\"resourceId\":\"/SUBSCRIPTIONS/");
    vc_record_upper(out, record->subscription);
    vc_buf_text(out,
        "/RESOURCEGROUPS/DEFAULT/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/");
    vc_record_upper(out, record->vault);
    vc_buf_text(out, "\"");
}


static void
vc_record_properties(vc_buf_t *out, const vc_access_record_t *record)
{
    vc_buf_text(out, ",\"properties\":{");
    vc_record_member(out, "id", record->object_id);
    vc_record_member(out, "clientInfo", record->client_info);

    vc_buf_text(out, out->data[out->len - 1] == '{' ? "" : ",");
    vc_buf_text(out, "\"httpStatusCode\":");
    vc_buf_i64(out, record->status);

    vc_buf_text(out, ",\"requestUri\":\"");
    vc_record_text(out, record->scheme);
    vc_buf_text(out, "://");
    vc_record_text(out, record->host);
    vc_record_text(out, record->target);
    vc_buf_text(out, "\"");

    if (record->decided) {
        vc_buf_text(out, record->granted ? ",\"isAccessPolicyMatch\":true"
                                         : ",\"isAccessPolicyMatch\":false");
    }

    if (vc_str_eq(record->tls_version, VC_STR("TLSv1.3"))) {
        vc_buf_text(out, ",\"tlsVersion\":\"TLS1_3\"");

    } else if (vc_str_eq(record->tls_version, VC_STR("TLSv1.2"))) {
        vc_buf_text(out, ",\"tlsVersion\":\"TLS1_2\"");
    }

    vc_buf_text(out, "}");
}


void
vc_access_record_write(const vc_access_record_t *record, vc_buf_t *out)
{
    vc_record_time(out);
    vc_buf_text(out, ",\"category\":\"AuditEvent\"");
    vc_record_member(out, "operationName", record->operation);

    /* a refusal is an operation that was handled; a failure is ours */
    vc_buf_text(out, record->status < 500 ? ",\"resultType\":\"Success\""
                                          : ",\"resultType\":\"Failed\"");
    vc_record_member(out, "resultDescription", record->description);
    vc_record_member(out, "correlationId", record->correlation_id);
    vc_record_member(out, "callerIpAddress", record->caller_address);

    vc_buf_text(out, ",\"identity\":{\"claim\":");
    vc_buf_str(out, record->claims.len == 0 ? VC_STR("{}") : record->claims);
    vc_buf_text(out, "}");

    if (!out->failed) {
        vc_record_properties(out, record);
    }

    vc_record_resource(out, record);
    vc_record_member(out, "operationVersion", record->operation_version);
    vc_record_member(out, "resultSignature", vc_str(vc_reason(record->status)));

    vc_buf_text(out, ",\"durationMs\":\"");
    vc_buf_i64(out, (int64_t) ((record->duration_us + 500) / 1000));
    vc_buf_text(out, "\"}\n");
}
