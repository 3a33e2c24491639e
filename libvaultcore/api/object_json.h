/* The parts of JSON answers that all kinds of objects share. */

#ifndef VC_API_OBJECT_JSON_H
#define VC_API_OBJECT_JSON_H

#include "api/call.h"

/* makes the buffer grow at most once for one bundle; more: what the kind puts
   into it beside the members below, in bytes */
void vc_put_room(vc_call_t *call, const vc_version_t *version, size_t more);

/* appends the id of a version, or the base id; the collection is "/keys/" */
void vc_put_id(const vc_call_t *call, vc_buf_t *out, vc_str_t collection,
    const vc_version_t *version, bool versioned);

/* the full id into call->out, and the call's record_id becomes it */
void vc_put_own_id(vc_call_t *call, const vc_version_t *version);

/* the call's record_id becomes the version's id, where no bundle says it */
void vc_note_id(vc_call_t *call, const vc_version_t *version);

/* recoveryId, deletedDate and scheduledPurgeDate, each with its comma; nothing
   for a live object */
void vc_put_deleted(vc_call_t *call, const vc_object_t *object);

/* ,"attributes":{…}; more stands behind the members that all kinds have */
void vc_put_attributes(vc_call_t *call, const vc_version_t *version,
    vc_str_t more);

/* ,"tags":{…}; nothing when there are none */
void vc_put_tags(vc_call_t *call, const vc_version_t *version);

/* appends 32 hexadecimal digits */
void vc_put_version(vc_buf_t *out, const uint8_t id[VC_VERSION_LEN]);

#endif /* VC_API_OBJECT_JSON_H */
