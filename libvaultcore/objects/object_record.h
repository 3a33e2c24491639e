/*
 * The stored form of objects, and the steps that changes share.  For the files
 * of this folder only.
 *
 * A record is one version, and for a deleted object what its deletion says:
 *
 *     format (1 byte) | flags (1) | version id (16) | previous id (16)
 *     | created (8) | updated (8) | [not before (8)] | [expires (8)]
 *     | [deleted (8) | scheduled purge (8)]
 *     | name | content type | tags | payload | [policy]
 *                                               each behind its length (4)
 *
 * Bracketed members are there when their flag is set.
 */

#ifndef VC_OBJECTS_OBJECT_RECORD_H
#define VC_OBJECTS_OBJECT_RECORD_H

#include "objects/object.h"

/* appends the record of an object, or of one of its earlier versions */
void vc_object_encode(const vc_object_t *object, vc_buf_t *out);

/*
 * Views into the record.  VC_INVALID unless it is exactly one record; the
 * revision is not part of it and becomes 0.
 */
vc_status_t vc_object_decode(vc_str_t record, vc_object_t *out) VC_MUST_CHECK;

/* a batch that expects the vault's record as the caller saw it; NULL when
   out of memory */
vc_batch_t *vc_object_batch(const vc_objects_t *objects);

vc_key_t vc_object_key(const vc_objects_t *objects, uint8_t state,
    vc_str_t name);
vc_key_t vc_object_version_key(const vc_objects_t *objects, vc_str_t name,
    const uint8_t *id);

/* opens the record of a key; VC_OK, VC_NOT_FOUND, VC_INVALID,
   VC_UNSEAL_FAILED, VC_IO, VC_NO_MEMORY */
vc_status_t vc_object_read(const vc_objects_t *objects, const vc_key_t *key,
    vc_object_t *out) VC_MUST_CHECK;

/* when a record of this key is due: its purge, or what its kind has to do */
int64_t vc_object_due(const vc_objects_t *objects, const vc_key_t *key,
    const vc_object_t *object);

/* seals the object's record for this key into the batch */
vc_status_t vc_object_put(const vc_objects_t *objects, vc_batch_t *batch,
    const vc_key_t *key, uint64_t expected, const vc_object_t *object)
    VC_MUST_CHECK;

vc_status_t vc_object_commit(const vc_objects_t *objects, vc_batch_t *batch,
    uint64_t *revision) VC_MUST_CHECK;

#endif /* VC_OBJECTS_OBJECT_RECORD_H */
