/*
 * The operations on keys; those that are the same for all kinds are in
 * api/object_handlers.h, which says what handlers do.
 *
 * Handlers that make keys run twice: first they make the key, off the
 * snapshot, and return VC_AGAIN with it in call->prepared; then, on a new
 * snapshot and after a new decision about access, they store it.
 */

#ifndef VC_API_KEYS_H
#define VC_API_KEYS_H

#include "vaultcore.h"

/* POST /keys/{name}/create: VC_OBJECT_DELETED, VC_BAD_PARAMETER */
vc_status_t vc_key_create(vc_call_t *call) VC_MUST_CHECK;

/* PUT /keys/{name}, a JWK or a transfer file: the same */
vc_status_t vc_key_import(vc_call_t *call) VC_MUST_CHECK;

/* GET /keys/{name}/{version?}: VC_KEY_NOT_FOUND */
vc_status_t vc_key_get(vc_call_t *call) VC_MUST_CHECK;

/* PATCH /keys/{name}/{version?}: VC_KEY_NOT_FOUND, VC_BAD_PARAMETER */
vc_status_t vc_key_update(vc_call_t *call) VC_MUST_CHECK;

/* GET /keys/{name}/{version?}/attestation: VC_KEY_NOT_FOUND, else
   VC_BAD_PARAMETER: keys in software have none */
vc_status_t vc_key_attest(vc_call_t *call) VC_MUST_CHECK;

/* POST /keys/{name}/rotate: VC_KEY_NOT_FOUND, VC_BAD_PARAMETER */
vc_status_t vc_key_rotate(vc_call_t *call) VC_MUST_CHECK;

/* GET, PUT /keys/{name}/rotationpolicy: the same */
vc_status_t vc_key_get_rotation(vc_call_t *call) VC_MUST_CHECK;
vc_status_t vc_key_set_rotation(vc_call_t *call) VC_MUST_CHECK;

/*
 * POST /keys/{name}/{version?}/…: VC_KEY_NOT_FOUND, VC_KEY_DISABLED,
 * VC_KEY_NOT_YET_VALID, VC_KEY_EXPIRED, VC_KEY_OPERATION_FORBIDDEN,
 * VC_BAD_PARAMETER
 */
vc_status_t vc_key_encrypt(vc_call_t *call) VC_MUST_CHECK;
vc_status_t vc_key_decrypt(vc_call_t *call) VC_MUST_CHECK;
vc_status_t vc_key_wrap(vc_call_t *call) VC_MUST_CHECK;
vc_status_t vc_key_unwrap(vc_call_t *call) VC_MUST_CHECK;
vc_status_t vc_key_sign(vc_call_t *call) VC_MUST_CHECK;
vc_status_t vc_key_verify(vc_call_t *call) VC_MUST_CHECK;

/* POST /keys/{name}/{version?}/release (api/key_release.c): the same, and
   VC_ACCESS_DENIED when the attestation does not meet the policy */
vc_status_t vc_key_release(vc_call_t *call) VC_MUST_CHECK;

/* POST /rng: VC_BAD_PARAMETER */
vc_status_t vc_random_bytes(vc_call_t *call) VC_MUST_CHECK;

#endif /* VC_API_KEYS_H */
