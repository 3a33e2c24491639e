/* Random bytes from OpenSSL's private generator. */

#ifndef VC_CRYPTO_RANDOM_H
#define VC_CRYPTO_RANDOM_H

#include <stdint.h>

#include "base/bytes.h"

/* VC_OK, or VC_CRYPTO when the generator has no entropy */
vc_status_t vc_random(void *out, size_t n) VC_MUST_CHECK;

#define VC_GUID_BYTES 16

/* a version 4 GUID (RFC 9562), VC_GUID_LEN characters, no NUL */
vc_status_t vc_random_guid(char *out) VC_MUST_CHECK;

/* the same from random bytes that the caller has */
void vc_random_guid_from(char *out, const uint8_t random[VC_GUID_BYTES]);

#endif /* VC_CRYPTO_RANDOM_H */
