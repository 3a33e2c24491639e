/*
 * Calls into libjose and OpenSSL that leave no trace: by default libjose
 * writes its errors to stderr, and OpenSSL keeps its own in a queue of the
 * thread, where nginx would find and report them later.
 */

#ifndef VC_CRYPTO_JWS_QUIET_H
#define VC_CRYPTO_JWS_QUIET_H

#include <jose/cfg.h>

typedef struct {
    jose_cfg_t *cfg; /* NULL when out of memory: libjose's own, not silent */
} vc_quiet_t;

/* pairs; they may be nested */
void vc_quiet_begin(vc_quiet_t *quiet);
void vc_quiet_end(vc_quiet_t *quiet);

#endif /* VC_CRYPTO_JWS_QUIET_H */
