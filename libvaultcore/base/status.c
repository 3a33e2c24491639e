#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>


static const struct {
    const char *name;
    int         http;
    const char *code;
    const char *inner;
} vc_status_table[] = {
#define X(name, http, code, inner) {#name, http, code, inner},
    VC_STATUS_LIST(X)
#undef X
};


static size_t
vc_status_index(vc_status_t status)
{
    return ((size_t) status < VC_STATUS_COUNT) ? (size_t) status
                                               : (size_t) VC_INTERNAL;
}


const char *
vc_status_name(vc_status_t status)
{
    return vc_status_table[vc_status_index(status)].name;
}


int
vc_status_http(vc_status_t status)
{
    return vc_status_table[vc_status_index(status)].http;
}


const char *
vc_status_code(vc_status_t status)
{
    return vc_status_table[vc_status_index(status)].code;
}


const char *
vc_status_inner(vc_status_t status)
{
    return vc_status_table[vc_status_index(status)].inner;
}


/* cut a string that did not fit so that no UTF-8 sequence is left in half */
static void
vc_utf8_trim(char *text, size_t size)
{
    size_t        n, i;
    unsigned char c;

    n = strlen(text);

    if (n + 1 < size) {
        return;
    }

    for (i = n; i > 0 && n - i < 4; i--) {
        c = (unsigned char) text[i - 1];

        if (c < 0x80) {
            break;
        }

        if (c >= 0xc0) {
            text[i - 1] = '\0';
            break;
        }
    }
}


vc_status_t
vc_fail(vc_error_t *err, vc_status_t status, const char *fmt, ...)
{
    va_list args;

    if (err == NULL) {
        return status;
    }

    err->status = status;
    err->detail[0] = '\0';

    va_start(args, fmt);
    (void) vsnprintf(err->message, sizeof(err->message), fmt, args);
    va_end(args);

    vc_utf8_trim(err->message, sizeof(err->message));

    return status;
}


vc_status_t
vc_fail_detail(vc_error_t *err, vc_status_t status, const char *fmt, ...)
{
    va_list args;

    if (err == NULL) {
        return status;
    }

    err->status = status;
    (void) snprintf(err->message, sizeof(err->message),
        "The request could not be completed because of an error inside the "
        "service. The service's error log has the reason.");

    va_start(args, fmt);
    (void) vsnprintf(err->detail, sizeof(err->detail), fmt, args);
    va_end(args);

    return status;
}
