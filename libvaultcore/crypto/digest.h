/* SHA-256 (FIPS 180-4), HMAC (RFC 2104) and HKDF (RFC 5869) over OpenSSL. */

#ifndef VC_CRYPTO_DIGEST_H
#define VC_CRYPTO_DIGEST_H

#include <stdint.h>

#include "base/bytes.h"

#define VC_SHA256_LEN 32

vc_status_t vc_sha256(vc_str_t data, uint8_t out[VC_SHA256_LEN]) VC_MUST_CHECK;

vc_status_t vc_hmac_sha256(const uint8_t key[32], vc_str_t data,
    uint8_t out[VC_SHA256_LEN]) VC_MUST_CHECK;

/* a 32-byte key for one purpose ("paging", "backup", …) from another key */
vc_status_t vc_derive_key(const uint8_t key[32], const char *purpose,
    uint8_t out[32]) VC_MUST_CHECK;

#endif /* VC_CRYPTO_DIGEST_H */
