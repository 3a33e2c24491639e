/* What request bodies say of a key. */

#ifndef VC_API_KEY_BODY_H
#define VC_API_KEY_BODY_H

#include "api/object_body.h"
#include "objects/stored_key.h"

/* what can be said when a key is made, imported, or updated; its texts lie in
   the call's arena */
typedef struct {
    vc_object_body_t common;
    bool             has_operations;
    uint32_t         operations;
    bool             has_exportable;
    bool             exportable;
    bool             has_release_policy;
    bool             immutable;
    vc_str_t         release_content_type; /* escaped */
    vc_str_t         release_policy;       /* JSON, checked */
} vc_key_body_t;

/*
 * Reads attributes, tags and release_policy of body, and key_ops of the object
 * that holds it: body itself, or the JWK of an import.  VC_BAD_PARAMETER,
 * VC_NO_MEMORY.
 */
vc_status_t vc_key_body_read(vc_call_t *call, const json_t *body,
    const json_t *holder, vc_key_body_t *out) VC_MUST_CHECK;

/* kty, key_size, crv and public_exponent of a create, with their defaults */
vc_status_t vc_key_spec_read(vc_call_t *call, const json_t *body,
    vc_key_spec_t *out) VC_MUST_CHECK;

/* VC_BAD_PARAMETER for a kty that lives in hardware, or is none */
vc_status_t vc_key_kty_read(vc_call_t *call, const json_t *holder,
    const char *where, vc_kty_t *out) VC_MUST_CHECK;

/*
 * Puts what the body says into a key, then checks that it is possible as a
 * whole: operations that fit the type, `import` alone and on RSA only, and
 * release policy and exportable together.  VC_BAD_PARAMETER.
 */
vc_status_t vc_key_body_apply(vc_call_t *call, const vc_key_body_t *body,
    vc_stored_key_t *key) VC_MUST_CHECK;

#endif /* VC_API_KEY_BODY_H */
