/* what stands on the other side of wrapped keys: OpenSSL alone, and nothing of
   the library */

#ifndef TESTS_WRAP_FIXTURE_H
#define TESTS_WRAP_FIXTURE_H

#include <jansson.h>
#include <openssl/evp.h>

#include "base/bytes.h"

/* an RSA key of the members n, e and, where there is one, d of a JWK; the
   caller's.  Aborts the test program if it cannot be made, as all do here. */
EVP_PKEY *wrap_rsa_key(const json_t *jwk);

/* RSA-OAEP with SHA-1 around an AES-256 key, and behind it AES key wrap with
   padding (RFC 5649) of data */
vc_str_t wrap_for(vc_arena_t *arena, EVP_PKEY *target, vc_str_t data);

/* the same backwards; hash is OpenSSL's name.  false: it is not for this key */
bool wrap_open(vc_arena_t *arena, EVP_PKEY *key, const char *hash,
    vc_str_t wrapped, vc_str_t *out);

/* base64url of bytes, NUL-terminated; in the arena */
const char *wrap_text(vc_arena_t *arena, vc_str_t bytes);

#endif /* TESTS_WRAP_FIXTURE_H */
