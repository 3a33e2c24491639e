/*
 * The key that a call uses, found and made ready.
 */

#ifndef VC_API_KEY_FIND_H
#define VC_API_KEY_FIND_H

#include "api/call.h"

typedef struct {
    vc_kept_key_t     kept;   /* .ready: a reference; NULL: not yet */
    vc_object_place_t record; /* that it is from */
} vc_found_key_t;

/*
 * The version that the route names, as its record says, or as is kept of it
 * while the record is the same; views lie in the arena, or in *out, which is
 * not to be copied.  VC_KEY_NOT_FOUND,
 * VC_BAD_PARAMETER, VC_INVALID: it is no key's record.
 */
vc_status_t vc_key_find(vc_call_t *call, vc_found_key_t *out) VC_MUST_CHECK;

/* makes found->kept.ready, unless that is kept; VC_INVALID, VC_NO_MEMORY */
vc_status_t vc_key_ready(vc_call_t *call, vc_found_key_t *found) VC_MUST_CHECK;

/* gives back what found has */
void vc_key_release_found(vc_call_t *call, vc_found_key_t *found);

#endif /* VC_API_KEY_FIND_H */
