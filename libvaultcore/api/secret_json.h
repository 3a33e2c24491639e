/*
 * Secrets as JSON: what a request body says of a version, and the bundles and
 * items that answers are made of.
 */

#ifndef VC_API_SECRET_JSON_H
#define VC_API_SECRET_JSON_H

#include "api/object_body.h"

#define VC_SECRET_VALUE_MAX 25600 /* bytes of UTF-8 */
#define VC_CONTENT_TYPE_MAX 255   /* characters */

/* the body of a set or an update; its texts as in vc_object_body_t */
typedef struct {
    vc_str_t         value; /* of a set; .data NULL: it was not read */
    bool             has_content_type;
    vc_str_t         content_type;
    vc_object_body_t common;
} vc_secret_body_t;

/*
 * Reads the call's body; unknown members are ignored.  with_value: the value
 * is read, and must be there.  VC_BAD_PARAMETER with what is wrong and what
 * would be right; VC_NO_MEMORY.
 */
vc_status_t vc_secret_body_read(vc_call_t *call, bool with_value,
    vc_secret_body_t *out) VC_MUST_CHECK;
/* the same of a body that is parsed */
vc_status_t vc_secret_body_parse(vc_call_t *call, const json_t *body,
    bool with_value, vc_secret_body_t *out) VC_MUST_CHECK;

/*
 * Puts what the body says into a version and leaves the rest; never the
 * payload.  It is a vc_object_change_t: data is a vc_secret_body_t.
 */
void vc_secret_body_apply(vc_object_t *object, void *data);

/* of vc_kind_info_t; bundles are without the value … */
void vc_secret_bundle(vc_call_t *call, const vc_object_t *object);
void vc_secret_item(vc_call_t *call, const vc_object_t *object, bool versioned);
/* … but this one */
void vc_secret_bundle_with_value(vc_call_t *call, const vc_object_t *object);

#endif /* VC_API_SECRET_JSON_H */
