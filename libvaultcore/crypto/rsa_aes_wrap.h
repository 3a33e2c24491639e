/*
 * CKM_RSA_AES_KEY_WRAP (PKCS#11 v2.40 section 2.1.21): an AES key that is used
 * once, encrypted with RSA-OAEP (RFC 8017), and behind it what that key wraps
 * with padding (RFC 5649).
 */

#ifndef VC_CRYPTO_RSA_AES_WRAP_H
#define VC_CRYPTO_RSA_AES_WRAP_H

#include <openssl/evp.h>

#include "base/bytes.h"

/*
 * hash is OpenSSL's name, of OAEP and its mask.  target is an RSA key whose
 * public half is there.  out lies in the arena.  VC_NO_MEMORY, VC_CRYPTO.
 */
vc_status_t vc_rsa_aes_wrap(EVP_PKEY *target, const char *hash, vc_str_t data,
    vc_arena_t *arena, vc_str_t *out, vc_error_t *err) VC_MUST_CHECK;

/*
 * key has its private half.  VC_BAD_PARAMETER, with the same words for all
 * that can be wrong with wrapped; VC_NO_MEMORY, VC_CRYPTO.
 */
vc_status_t vc_rsa_aes_unwrap(EVP_PKEY *key, const char *hash, vc_str_t wrapped,
    vc_arena_t *arena, vc_str_t *out, vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_CRYPTO_RSA_AES_WRAP_H */
