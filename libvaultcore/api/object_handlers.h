/*
 * The operations that are the same for every kind of object, one function
 * each, and what the kinds' own handlers share.  The kind is that of the
 * call's operation.
 *
 * Handlers: the executor has routed, authorized, and taken a snapshot.
 * VC_CONFLICT makes it call again on a new one, so that a handler keeps
 * nothing between calls.  Each returns VC_OK with the answer made, or the
 * status that call->error explains.  "Not found" is the kind's own status.
 */

#ifndef VC_API_OBJECT_HANDLERS_H
#define VC_API_OBJECT_HANDLERS_H

#include "api/call.h"

/* DELETE /…/{name}: not found */
vc_status_t vc_object_op_delete(vc_call_t *call) VC_MUST_CHECK;

/* GET /…: VC_BAD_PARAMETER (the $skiptoken) */
vc_status_t vc_object_op_list(vc_call_t *call) VC_MUST_CHECK;

/* GET /…/{name}/versions: not found, VC_BAD_PARAMETER */
vc_status_t vc_object_op_list_versions(vc_call_t *call) VC_MUST_CHECK;

/* POST /…/{name}/backup: not found, VC_BAD_PARAMETER */
vc_status_t vc_object_op_backup(vc_call_t *call) VC_MUST_CHECK;

/* POST /…/restore: VC_BAD_PARAMETER, VC_OBJECT_CONFLICT */
vc_status_t vc_object_op_restore(vc_call_t *call) VC_MUST_CHECK;

/* GET /deleted…: VC_BAD_PARAMETER */
vc_status_t vc_object_op_list_deleted(vc_call_t *call) VC_MUST_CHECK;

/* GET /deleted…/{name}: not found */
vc_status_t vc_object_op_get_deleted(vc_call_t *call) VC_MUST_CHECK;

/* POST /deleted…/{name}/recover: not found */
vc_status_t vc_object_op_recover(vc_call_t *call) VC_MUST_CHECK;

/* DELETE /deleted…/{name}: not found, VC_PURGE_PROTECTED */
vc_status_t vc_object_op_purge(vc_call_t *call) VC_MUST_CHECK;


/* --- for the kinds' own handlers ---------------------------------------------- */

/* a 200 answer with the kind's bundle */
vc_status_t vc_object_answer(vc_call_t *call, const vc_object_t *object)
    VC_MUST_CHECK;

/*
 * The version that the route names, the current one if it names none.  What
 * is no version id cannot exist; only what no id or name could ever contain
 * is called wrong.  Not found, VC_BAD_PARAMETER.
 */
vc_status_t vc_object_find_version(vc_call_t *call, vc_objects_t *objects,
    vc_object_t *out) VC_MUST_CHECK;

/* VC_OK unless the route's name is a deleted object's: VC_OBJECT_DELETED */
vc_status_t vc_object_name_free(vc_call_t *call, vc_objects_t *objects)
    VC_MUST_CHECK;

/* fills the error and returns its status: the words of a deleted name, … */
vc_status_t vc_object_is_deleted(vc_call_t *call);
/* … of a live object that is not there, … */
vc_status_t vc_object_not_found(vc_call_t *call);
/* … and the same for VC_NOT_FOUND; any other status stays what it is */
vc_status_t vc_object_live_status(vc_call_t *call, vc_status_t status);

#endif /* VC_API_OBJECT_HANDLERS_H */
