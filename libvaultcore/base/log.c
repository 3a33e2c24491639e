#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static vc_log_writer_t vc_log_writer;


void
vc_log_set_writer(vc_log_writer_t writer)
{
    vc_log_writer = writer;
}


void
vc_log(vc_log_level_t level, const char *fmt, ...)
{
    char    text[1024];
    va_list args;

    if (vc_log_writer == NULL) {
        return;
    }

    va_start(args, fmt);
    (void) vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    vc_log_writer(level, text);
}
