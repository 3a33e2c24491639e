/* What making, importing and rotating keys share: a new version is stored. */

#ifndef VC_API_KEY_STORE_H
#define VC_API_KEY_STORE_H

#include "api/key_body.h"

/*
 * Stores a key that was made, as the body wants it, as a new version of the
 * route's name, and answers with its bundle.  VC_OBJECT_DELETED,
 * VC_BAD_PARAMETER, VC_CONFLICT.
 */
vc_status_t vc_key_store_new(vc_call_t *call, vc_objects_t *objects,
    const vc_key_made_t *made, const vc_key_body_t *body, bool imported)
    VC_MUST_CHECK;

/*
 * The same without an answer; policy, if it is not empty, becomes that of a
 * key of which this is the first version.
 */
vc_status_t vc_key_store(vc_call_t *call, vc_objects_t *objects,
    const vc_key_made_t *made, const vc_key_body_t *body, bool imported,
    vc_str_t policy, vc_object_t *object) VC_MUST_CHECK;

/*
 * Makes a key for a body that can be done, off the snapshot, and keeps it for
 * the handler's second run: VC_AGAIN.  VC_BAD_PARAMETER.
 */
vc_status_t vc_key_make(vc_call_t *call, const vc_key_spec_t *spec,
    const vc_key_body_t *body) VC_MUST_CHECK;

/* the version's payload becomes this key; in the arena */
vc_status_t vc_key_put_payload(vc_arena_t *arena, const vc_stored_key_t *key,
    vc_version_t *version) VC_MUST_CHECK;

/* keeps a key that was made for the handler's second run: VC_AGAIN */
vc_status_t vc_key_prepared(vc_call_t *call, const vc_key_made_t *made)
    VC_MUST_CHECK;

/* the exchange key of a transfer file unwraps its key (api/key_transfer.c);
   jwk is the body's `key`.  VC_BAD_PARAMETER */
vc_status_t vc_key_transfer(vc_call_t *call, vc_objects_t *objects,
    const json_t *jwk, vc_key_made_t *out) VC_MUST_CHECK;

#endif /* VC_API_KEY_STORE_H */
