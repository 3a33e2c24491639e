/*
 * Secrets as JSON: what a request body says of a version, and the bundles and
 * items that answers are made of.
 */

#ifndef VC_API_SECRET_JSON_H
#define VC_API_SECRET_JSON_H

#include "api/call.h"

#define VC_SECRET_VALUE_MAX 25600 /* bytes of UTF-8 */
#define VC_CONTENT_TYPE_MAX 255   /* characters */

/* what a request says of a date */
typedef enum { VC_DATE_KEEP, VC_DATE_CLEAR, VC_DATE_SET } vc_date_change_t;

/*
 * The body of a set or an update, its texts in the call's arena and in the
 * form in which they are stored.  Explicit null is the same as absent, except
 * that for nbf and exp it takes the date away.
 */
typedef struct {
    vc_str_t         value; /* of a set */
    bool             has_content_type;
    vc_str_t         content_type;
    bool             has_enabled;
    bool             enabled;
    vc_date_change_t not_before_change;
    int64_t          not_before;
    vc_date_change_t expires_change;
    int64_t          expires;
    bool             has_tags;
    vc_str_t         tags; /* empty: none */
} vc_secret_body_t;

/*
 * Reads the call's body; unknown members are ignored.  with_value: the value
 * is read, and must be there.  VC_BAD_PARAMETER with what is wrong and what
 * would be right; VC_NO_MEMORY.
 */
vc_status_t vc_secret_body_read(vc_call_t *call, bool with_value,
    vc_secret_body_t *out) VC_MUST_CHECK;

/*
 * Puts what the body says into a version and leaves the rest; never the
 * payload.  It is a vc_version_change_t: data is a vc_secret_body_t.
 */
void vc_secret_body_apply(vc_version_t *version, void *data);

/*
 * VC_BAD_PARAMETER when the version would expire before it begins.  Dates
 * before 1970 are not compared: the JavaScript clients cut dates to 32 bits,
 * so that one after 2038 arrives as such.
 */
vc_status_t vc_secret_check_dates(vc_call_t *call, const vc_version_t *version)
    VC_MUST_CHECK;

/*
 * Append to call->out: a SecretBundle, or a DeletedSecretBundle when the
 * object is deleted; and the call's record_id becomes the id.
 */
void vc_secret_bundle(vc_call_t *call, const vc_object_t *object,
    bool with_value);

/* appends an item of a list; its id is the base id unless it is `versioned` */
void vc_secret_item(vc_call_t *call, const vc_object_t *object, bool versioned);

/* the call's record_id becomes the version's id, where no bundle says it */
void vc_secret_note_id(vc_call_t *call, const vc_version_t *version);

#endif /* VC_API_SECRET_JSON_H */
