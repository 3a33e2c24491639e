/*
 * Client secrets are kept as scrypt hashes (RFC 7914).  Slow on purpose
 * (N = 2^14, r = 8, p = 1: about 40 ms and 16 MB): never on the event loop.
 */

#ifndef VC_CRYPTO_PASSWORD_H
#define VC_CRYPTO_PASSWORD_H

#include "base/bytes.h"

/* salt (16) | log2 N (1) | r (4) | p (4) | hash (32), appended to out */
vc_status_t vc_password_hash(vc_str_t secret, vc_buf_t *out) VC_MUST_CHECK;

/* VC_OK if it is the secret, VC_UNAUTHORIZED if not, VC_INVALID, VC_CRYPTO */
vc_status_t vc_password_verify(vc_str_t secret, vc_str_t hash) VC_MUST_CHECK;

#endif /* VC_CRYPTO_PASSWORD_H */
