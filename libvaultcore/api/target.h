/*
 * The parts of a request's address.
 *
 * The raw target is parsed here and nowhere before: it is split at '/' first
 * and decoded afterwards, so that a %2F never becomes a separator.
 */

#ifndef VC_API_TARGET_H
#define VC_API_TARGET_H

#include "vaultcore.h"

/* takes what stands before the next separator off the front of rest */
vc_str_t vc_target_split(vc_str_t *rest, char separator);

/* whether there is anything to decode in a path or, so it is one, a query */
bool vc_target_is_encoded(vc_str_t text, bool query);

/*
 * Percent-decoded (RFC 3986 section 2.1), in a query '+' as a blank; a '%'
 * without two digits stays what it is.  .data NULL when out of memory.
 */
vc_str_t vc_target_decode(vc_arena_t *arena, vc_str_t text, bool query);

/* appends it percent-encoded, but for what RFC 3986 section 2.3 leaves */
void vc_target_encode(vc_buf_t *out, vc_str_t text);

/*
 * The vault that the request's host names: "demo" for "demo.vault.localhost"
 * below the resource "https://vault.localhost:8443".  Empty: none, or the
 * host is no name and port.
 */
vc_str_t vc_target_vault(const vc_request_t *request);

#endif /* VC_API_TARGET_H */
