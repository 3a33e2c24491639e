/*
 * The operations on secrets, one function each.  The executor has routed,
 * authorized, and taken a snapshot; VC_CONFLICT makes it call again on a new
 * one, so that a handler keeps nothing between calls.
 *
 * Each returns VC_OK with the answer made, or the status that call->error
 * explains.
 */

#ifndef VC_API_SECRETS_H
#define VC_API_SECRETS_H

#include "vaultcore.h"

/* PUT /secrets/{name}: VC_OBJECT_DELETED, VC_BAD_PARAMETER */
vc_status_t vc_secret_set(vc_call_t *call) VC_MUST_CHECK;

/* GET /secrets/{name}/{version?}: VC_SECRET_NOT_FOUND, VC_SECRET_DISABLED */
vc_status_t vc_secret_get(vc_call_t *call) VC_MUST_CHECK;

/* PATCH /secrets/{name}/{version?}: VC_SECRET_NOT_FOUND, VC_BAD_PARAMETER */
vc_status_t vc_secret_update(vc_call_t *call) VC_MUST_CHECK;

/* DELETE /secrets/{name}: VC_SECRET_NOT_FOUND */
vc_status_t vc_secret_delete(vc_call_t *call) VC_MUST_CHECK;

/* GET /secrets: VC_BAD_PARAMETER (the $skiptoken) */
vc_status_t vc_secret_list(vc_call_t *call) VC_MUST_CHECK;

/* GET /secrets/{name}/versions: VC_SECRET_NOT_FOUND, VC_BAD_PARAMETER */
vc_status_t vc_secret_list_versions(vc_call_t *call) VC_MUST_CHECK;

/* POST /secrets/{name}/backup: VC_SECRET_NOT_FOUND, VC_BAD_PARAMETER */
vc_status_t vc_secret_backup(vc_call_t *call) VC_MUST_CHECK;

/* POST /secrets/restore: VC_BAD_PARAMETER, VC_OBJECT_CONFLICT */
vc_status_t vc_secret_restore(vc_call_t *call) VC_MUST_CHECK;

/* GET /deletedsecrets: VC_BAD_PARAMETER */
vc_status_t vc_secret_list_deleted(vc_call_t *call) VC_MUST_CHECK;

/* GET /deletedsecrets/{name}: VC_SECRET_NOT_FOUND */
vc_status_t vc_secret_get_deleted(vc_call_t *call) VC_MUST_CHECK;

/* POST /deletedsecrets/{name}/recover: VC_SECRET_NOT_FOUND */
vc_status_t vc_secret_recover(vc_call_t *call) VC_MUST_CHECK;

/* DELETE /deletedsecrets/{name}: VC_SECRET_NOT_FOUND, VC_PURGE_PROTECTED */
vc_status_t vc_secret_purge(vc_call_t *call) VC_MUST_CHECK;

#endif /* VC_API_SECRETS_H */
