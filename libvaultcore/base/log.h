/*
 * The library's voice to the operator.  The host (nginx module, vaultctl)
 * gives the function that writes; without one nothing is written.  Never pass
 * a secret, a token or a key.
 */

#ifndef VC_BASE_LOG_H
#define VC_BASE_LOG_H

#include "base/status.h"

typedef enum {
    VC_LOG_ERROR,
    VC_LOG_WARN,
    VC_LOG_NOTICE,
    VC_LOG_DEBUG
} vc_log_level_t;

/* may be called from any thread; text is one line without a newline */
typedef void (*vc_log_writer_t)(vc_log_level_t level, const char *text);

/* for the whole process; set it before any thread is started */
void vc_log_set_writer(vc_log_writer_t writer);

void vc_log(vc_log_level_t level, const char *fmt, ...) VC_PRINTF(2, 3);

#endif /* VC_BASE_LOG_H */
