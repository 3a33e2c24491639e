/*
 * Sealed records: AES-256-GCM (NIST SP 800-38D) with a fresh random 96-bit
 * nonce for each record.  A sealed record is
 *
 *     format (1 byte) | key id (4, big endian) | nonce (12) | ciphertext | tag (16)
 *
 * and is bound to its place: the associated data is the format byte, the key
 * id and the record's full store key, so that a record moved to another name
 * does not open.
 */

#ifndef VC_CRYPTO_CIPHER_H
#define VC_CRYPTO_CIPHER_H

#include <stdint.h>

#include "base/bytes.h"

#define VC_KEY_LEN 32
#define VC_SEALED_OVERHEAD (1 + 4 + 12 + 16)
/* the longest place that a record can be bound to, in bytes */
#define VC_PLACE_MAX 512

/* one key made ready for use; belongs to one thread at a time */
typedef struct vc_cipher vc_cipher_t;

/*
 * key is copied into the cipher; the caller wipes its own.
 * VC_OK, VC_NO_MEMORY, VC_CRYPTO.
 */
vc_status_t vc_cipher_create(const uint8_t key[VC_KEY_LEN], uint32_t key_id,
    vc_cipher_t **out) VC_MUST_CHECK;
/* wipes; NULL is allowed */
void     vc_cipher_destroy(vc_cipher_t *cipher);
uint32_t vc_cipher_key_id(const vc_cipher_t *cipher);

/* appends plaintext.len + VC_SEALED_OVERHEAD bytes to out; VC_INVALID if place
   or plaintext is too long */
vc_status_t vc_cipher_seal(vc_cipher_t *cipher, vc_str_t place,
    vc_str_t plaintext, vc_buf_t *out) VC_MUST_CHECK;

/*
 * out must have room for sealed.len - VC_SEALED_OVERHEAD bytes; *len gets the
 * length.  VC_UNSEAL_FAILED if anything differs (nothing is then left in out),
 * VC_INVALID if it is too short, of another format, or of another key id, or
 * if the place is too long.
 */
vc_status_t vc_cipher_open(vc_cipher_t *cipher, vc_str_t place, vc_str_t sealed,
    uint8_t *out, size_t *len) VC_MUST_CHECK;

/* the key id that a sealed record names; VC_INVALID if it is not one */
vc_status_t vc_sealed_key_id(vc_str_t sealed, uint32_t *key_id) VC_MUST_CHECK;

#endif /* VC_CRYPTO_CIPHER_H */
