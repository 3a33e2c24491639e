/* JSON Web Key Sets (RFC 7517 section 5), given or fetched. */

#ifndef VC_IDENTITY_JWKS_H
#define VC_IDENTITY_JWKS_H

#include <jansson.h>

#include "base/bytes.h"

#define VC_JWKS_MAX (1U << 20) /* bytes */

/*
 * The keys of a set that can be used with one of the algorithms (VC_ALG_
 * bits) and have a `kid`, without private or foreign members, as an array
 * that is the caller's.  VC_INVALID: not a set, or no such key in it.
 */
vc_status_t vc_jwks_parse(vc_str_t text, uint32_t algorithms, json_t **out,
    vc_error_t *err) VC_MUST_CHECK;

/* the first key of an array with this id, still the array's; NULL */
json_t *vc_jwks_find(const json_t *keys, vc_str_t kid);

/* https://, or http:// to 127.0.0.1, [::1] or localhost; no user name */
bool vc_jwks_url_valid(const char *url);

/*
 * Fetches what stands behind such a URL, appended to out.  Redirects are not
 * followed.  Blocks for 10 s at most.  ca_file NULL: the system's.
 * VC_UNAVAILABLE, with the reason for the operator.
 */
vc_status_t vc_jwks_fetch(const char *url, const char *ca_file, vc_buf_t *out,
    vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_IDENTITY_JWKS_H */
