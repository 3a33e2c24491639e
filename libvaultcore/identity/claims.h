/* Reading single claims of a JWT (RFC 7519 section 4), verified or not. */

#ifndef VC_IDENTITY_CLAIMS_H
#define VC_IDENTITY_CLAIMS_H

#include <stdint.h>

#include <jansson.h>

#include "base/bytes.h"

#define VC_ECHO_MAX 200

/* a view into claims; .data NULL if the claim is absent or no string */
vc_str_t vc_claim_text(const json_t *claims, const char *name);

/*
 * The claim that a dotted path such as "x-ms-isolation-tee.x-ms-runtime" names:
 * the member of that whole name if there is one, else what the rest names
 * within the member before the first dot.  Still the claims'; NULL.
 */
const json_t *vc_claim_path(const json_t *claims, const char *path);

typedef enum { VC_TIME_ABSENT, VC_TIME_GOOD, VC_TIME_BAD } vc_claim_time_t;

/*
 * A NumericDate: seconds, maybe with a fraction, which is cut off.
 * VC_TIME_BAD: no number, or none that a clock could show (beyond 2^53).
 */
vc_claim_time_t vc_claim_time(const json_t *claims, const char *name,
    int64_t *out);

/* whether one of the audiences (`aud`, a string or an array) is accepted */
bool vc_claim_audience(const json_t *claims,
    bool (*accepts)(const void *data, vc_str_t audience), const void *data);

/* addresses that differ at most in one final slash */
bool vc_address_eq(vc_str_t a, vc_str_t b);

/*
 * A claim's value made fit for a message: printable ASCII, other bytes as
 * '?', cut at VC_ECHO_MAX, NUL-terminated.  Returns out.
 */
const char *vc_claim_echo(char out[VC_ECHO_MAX + 1], vc_str_t value);

#endif /* VC_IDENTITY_CLAIMS_H */
