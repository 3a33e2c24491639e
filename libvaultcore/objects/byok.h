/*
 * Transfer files, with which somebody brings a key from an HSM of their own:
 *
 *     {"schema_version":"1.0.0",
 *      "header":{"kid":"…","alg":"dir","enc":"CKM_RSA_AES_KEY_WRAP"},
 *      "ciphertext":"…","generator":"…"}
 *
 * The ciphertext is for the key that kid names; unwrap_transfer() of
 * crypto/key_provider.h opens it.
 */

#ifndef VC_OBJECTS_BYOK_H
#define VC_OBJECTS_BYOK_H

#include "base/bytes.h"

#define VC_BYOK_TEXT_MAX 32768      /* characters of key_hsm */
#define VC_BYOK_KID_MAX 1024        /* bytes */
#define VC_BYOK_CIPHERTEXT_MAX 8192 /* bytes, decoded */

typedef struct {
    vc_str_t kid; /* as the file says, which has authority over nothing */
    vc_str_t ciphertext;
} vc_byok_t;

/*
 * Reads the member key_hsm of a JWK: a transfer file in base64 or base64url
 * (RFC 4648 sections 4 and 5), with or without padding, line breaks allowed.
 * What comes out lies in the arena.  Members that are not named above are not
 * looked at.
 *
 * VC_BAD_PARAMETER: no base64, no JSON, a member that is missing or has
 * another value, or more than a limit above; VC_NO_MEMORY.
 */
vc_status_t vc_byok_parse(vc_str_t key_hsm, vc_arena_t *arena, vc_byok_t *out,
    vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_OBJECTS_BYOK_H */
