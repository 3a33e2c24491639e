/*
 * What handlers let the key provider make.  It can take seconds: they leave
 * their snapshot first, so that it keeps no page of the store, and it is done
 * where the host wants it (vc_engine_options_t.compute).
 */

#ifndef VC_API_KEY_COMPUTE_H
#define VC_API_KEY_COMPUTE_H

#include "api/call.h"
#include "crypto/key_provider.h"

/* a new key; the engine's host may give it up: VC_UNAVAILABLE */
vc_status_t vc_key_generate(vc_engine_t *engine, const vc_key_spec_t *spec,
    vc_arena_t *arena, vc_key_made_t *out, vc_error_t *err) VC_MUST_CHECK;

/* the key of a JWK with private members */
vc_status_t vc_key_import_jwk(vc_call_t *call, const json_t *jwk,
    vc_key_made_t *out) VC_MUST_CHECK;

/* the key of a transfer file's ciphertext, made for the exchange key */
vc_status_t vc_key_import_transfer(vc_call_t *call, vc_ready_key_t *exchange,
    vc_str_t ciphertext, vc_key_made_t *out) VC_MUST_CHECK;

#endif /* VC_API_KEY_COMPUTE_H */
