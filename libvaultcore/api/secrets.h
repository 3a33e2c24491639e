/*
 * The operations that only secrets have, or have in their own way; the rest
 * are in api/object_handlers.h, which says what handlers do.
 */

#ifndef VC_API_SECRETS_H
#define VC_API_SECRETS_H

#include "api/secret_json.h"

/* PUT /secrets/{name}: VC_OBJECT_DELETED, VC_BAD_PARAMETER */
vc_status_t vc_secret_set(vc_call_t *call) VC_MUST_CHECK;

/* GET /secrets/{name}/{version?}: VC_SECRET_NOT_FOUND, VC_SECRET_DISABLED */
vc_status_t vc_secret_get(vc_call_t *call) VC_MUST_CHECK;

/* PATCH /secrets/{name}/{version?}: VC_SECRET_NOT_FOUND, VC_BAD_PARAMETER */
vc_status_t vc_secret_update(vc_call_t *call) VC_MUST_CHECK;

/* stores what the body says as a new version of the route's name;
   VC_OBJECT_DELETED, VC_BAD_PARAMETER */
vc_status_t vc_secret_store(vc_call_t *call, vc_objects_t *objects,
    vc_secret_body_t *body, vc_object_t *out) VC_MUST_CHECK;

#endif /* VC_API_SECRETS_H */
