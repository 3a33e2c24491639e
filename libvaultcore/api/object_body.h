/*
 * What request bodies say of an object, as far as the kinds agree: attributes
 * and tags; and small readers of JSON members.
 */

#ifndef VC_API_OBJECT_BODY_H
#define VC_API_OBJECT_BODY_H

#include "api/call.h"

/* what a request says of a date */
typedef enum { VC_DATE_KEEP, VC_DATE_CLEAR, VC_DATE_SET } vc_date_change_t;

/*
 * The common part of a body, its texts in the call's arena and in the form in
 * which they are stored.  Explicit null is the same as absent, except that for
 * nbf and exp it takes the date away.
 */
typedef struct {
    bool             has_enabled;
    bool             enabled;
    vc_date_change_t not_before_change;
    int64_t          not_before;
    vc_date_change_t expires_change;
    int64_t          expires;
    bool             has_tags;
    vc_str_t         tags; /* empty: none */
} vc_object_body_t;

/* reads attributes and tags; VC_BAD_PARAMETER with what is wrong and what
   would be right; VC_NO_MEMORY */
vc_status_t vc_object_body_read(vc_call_t *call, const json_t *body,
    vc_object_body_t *out) VC_MUST_CHECK;

/* puts what the body says into a version and leaves the rest */
void vc_object_body_apply(vc_version_t *version, const vc_object_body_t *body);

/*
 * VC_BAD_PARAMETER when the version would expire before it begins.  Dates
 * before 1970 are not compared: the JavaScript clients cut dates to 32 bits,
 * so that one after 2038 arrives as such.
 */
vc_status_t vc_object_check_dates(vc_call_t *call, const vc_version_t *version)
    VC_MUST_CHECK;

/* a member that is there and is not null; object may be NULL */
json_t *vc_json_member(const json_t *object, const char *name);

/* a view of a string's bytes, good while the JSON is */
vc_str_t vc_json_text(const json_t *string);

/* characters of valid UTF-8 */
size_t vc_utf8_count(vc_str_t text);

/* the stored form of a text, copied: what is not is freed with the JSON */
vc_status_t vc_json_keep(vc_call_t *call, vc_str_t text, vc_str_t *out)
    VC_MUST_CHECK;

#endif /* VC_API_OBJECT_BODY_H */
