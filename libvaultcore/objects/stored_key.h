/*
 * What the payload of a key's version holds:
 *
 *     format (1 byte) | flags (1) | type (1) | curve (1) | bits (4)
 *     | exponent (8) | operations (4)
 *     | public members | release content type | release policy | material
 *                                              each behind its length (4)
 *
 * It is sealed with the version; the material is the provider's, see
 * crypto/key_provider.h.
 */

#ifndef VC_OBJECTS_STORED_KEY_H
#define VC_OBJECTS_STORED_KEY_H

#include "crypto/key_provider.h"

typedef struct {
    vc_key_spec_t spec;
    uint32_t      operations; /* VC_KEY_* */
    bool          imported;   /* its material was not made here */
    bool          exportable;
    bool          has_release_policy;
    bool          immutable;            /* the release policy */
    vc_str_t      release_content_type; /* JSON string inside, escaped */
    vc_str_t      release_policy;       /* its JSON, as it was given */
    vc_str_t      public_members;       /* inside of a JSON object */
    vc_str_t      material;
} vc_stored_key_t;

/* whether it only unwraps transfer files (Key Vault's key exchange key) */
static inline bool
vc_stored_key_is_exchange(const vc_stored_key_t *key)
{
    return (key->operations & VC_KEY_IMPORT) != 0;
}

/* appends the payload */
void vc_stored_key_encode(const vc_stored_key_t *key, vc_buf_t *out);

/* views into the payload; VC_INVALID unless it is exactly one */
vc_status_t vc_stored_key_decode(vc_str_t payload, vc_stored_key_t *out)
    VC_MUST_CHECK;

#endif /* VC_OBJECTS_STORED_KEY_H */
