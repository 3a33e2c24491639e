/*
 * Fingerprints: what a token is found again by, in a third of the time that
 * SHA-256 takes.
 *
 * A fingerprint is the GMAC (NIST SP 800-38D) of the bytes under a random key
 * that never leaves the process, and always with the same nonce.  As a message
 * authentication code that would be a mistake: whoever sees two tags can
 * forge.  Here nobody ever sees one.  What is needed, and what GMAC gives
 * without a doubt, is that bytes which are not the same have another
 * fingerprint, whoever chose them: GHASH is a universal hash, so two inputs
 * of n blocks meet with a probability of at most (n + 1) / 2^128.  Fingerprints of
 * another process, or of an earlier one, say nothing here.
 */

#ifndef VC_CRYPTO_FINGERPRINT_H
#define VC_CRYPTO_FINGERPRINT_H

#include <stdint.h>

#include "base/bytes.h"

#define VC_FINGERPRINT_LEN 16

/* belongs to one thread */
typedef struct vc_fingerprinter vc_fingerprinter_t;

/* with a new random key; VC_OK, VC_NO_MEMORY, VC_CRYPTO */
vc_status_t vc_fingerprinter_create(vc_fingerprinter_t **out) VC_MUST_CHECK;
/* NULL is allowed */
void vc_fingerprinter_destroy(vc_fingerprinter_t *fingerprinter);

/* VC_OK; VC_INVALID: more than INT_MAX bytes; VC_CRYPTO */
vc_status_t vc_fingerprint(vc_fingerprinter_t *fingerprinter, vc_str_t bytes,
    uint8_t out[VC_FINGERPRINT_LEN]) VC_MUST_CHECK;

#endif /* VC_CRYPTO_FINGERPRINT_H */
