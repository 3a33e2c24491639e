/*
 * The seal: the key outside the store that wraps the root key.  Kind `file`:
 * a text file of one line, "vault-seal-key-1 <base64url of 32 bytes>".
 */

#ifndef VC_CRYPTO_SEAL_H
#define VC_CRYPTO_SEAL_H

#include <stdint.h>

#include "base/bytes.h"
#include "crypto/cipher.h"

typedef struct vc_seal vc_seal_t;

/*
 * Reads a seal key.  Refused, with the reason in err->message (these messages
 * are for operators and name the path): not a regular file, readable or
 * writable by group or others, owned by somebody who is neither root nor the
 * caller, of another form.  VC_OK, VC_INVALID, VC_IO, VC_NO_MEMORY.
 */
vc_status_t vc_seal_file_open(const char *path, vc_seal_t **out,
    vc_error_t *err) VC_MUST_CHECK;

/* makes a new key file, mode 0600; VC_CONFLICT if the path exists */
vc_status_t vc_seal_file_create(const char *path, vc_error_t *err)
    VC_MUST_CHECK;

/* NULL is allowed; in a forked child only the child's own memory is freed */
void vc_seal_close(vc_seal_t *seal);

/* appends the wrapped form of a root key */
vc_status_t vc_seal_wrap(const vc_seal_t *seal, const uint8_t key[VC_KEY_LEN],
    vc_buf_t *out) VC_MUST_CHECK;

/* VC_UNSEAL_FAILED if the seal is not the one that wrapped it */
vc_status_t vc_seal_unwrap(const vc_seal_t *seal, vc_str_t wrapped,
    uint8_t key[VC_KEY_LEN]) VC_MUST_CHECK;

#endif /* VC_CRYPTO_SEAL_H */
