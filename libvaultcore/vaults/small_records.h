/*
 * What groups, locks and settings have in common: how their records are read,
 * walked and changed.  For the files of this folder only.
 */

#ifndef VC_VAULTS_SMALL_RECORDS_H
#define VC_VAULTS_SMALL_RECORDS_H

#include "store/sealed.h"

/* 1 to VC_NAME_MAX bytes of UTF-8, no controls and none of <>%&:\?/ */
bool vc_small_name_valid(vc_str_t name);

/* one record's plaintext, in the arena; may end the walk with a status */
typedef vc_status_t (*vc_small_visit_t)(vc_arena_t *arena, vc_str_t plain,
    uint64_t revision, void *data);

/* each record behind a prefix (the empty key: none), in order of its keys */
vc_status_t vc_small_walk(vc_session_t *session, const uint8_t *domain,
    vc_key_t prefix, vc_arena_t *arena, vc_small_visit_t visit, void *data)
    VC_MUST_CHECK;
vc_status_t vc_small_count(vc_session_t *session, vc_key_t prefix,
    vc_arena_t *arena, size_t *out) VC_MUST_CHECK;

/* one attempt at a change: reads the snapshot and fills the batch */
typedef vc_status_t (*vc_small_change_t)(vc_session_t *session,
    vc_arena_t *arena, vc_batch_t *batch, void *data, vc_error_t *err);

/*
 * Attempts a change, and commits it, until no race is lost.  *revision gets
 * the commit's.  `what` names what is changed, for messages.  The attempt's
 * status; VC_OBJECT_CONFLICT: every race was lost; as vc_store_commit().
 */
vc_status_t vc_small_change(vc_session_t *session, vc_arena_t *arena,
    const char *what, vc_small_change_t change, void *data, uint64_t *revision,
    vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_VAULTS_SMALL_RECORDS_H */
