/*
 * Resource groups and locks: the nouns of the management plane that are no
 * vaults.  The group "default" is always there; vaults of `vaultctl` lie in it.
 *
 *     u  resource groups: name, upper case
 *     l  locks: SHA-256 of the lower-cased scope (16) | name, upper case
 */

#ifndef VC_VAULTS_GROUPS_H
#define VC_VAULTS_GROUPS_H

#include "store/sealed.h"

#define VC_GROUP_NAME_MAX 90
#define VC_GROUPS_MAX 980 /* of an installation, as a subscription's */
#define VC_LOCKS_MAX 20   /* of one scope */
#define VC_GROUP_DEFAULT "default"
#define VC_LOCATION_DEFAULT "local"

typedef struct {
    char     name[VC_GROUP_NAME_MAX + 1]; /* as first written */
    vc_str_t location;
    vc_str_t tags;     /* a JSON object, empty: none */
    int64_t  created;  /* 0: "default", as long as it was not put */
    uint64_t revision; /* 0 likewise */
} vc_group_t;

/* 1 to 90 of letters, digits, '.', '_', '-', '(' and ')', no '.' last */
bool vc_group_name_valid(vc_str_t name);
/* whether it is the group that is always there */
bool vc_group_is_default(vc_str_t name);

/* "West US" as "westus", in the arena; false: not 1 to 64 letters, digits, '-'
   and blanks */
bool vc_location_normalize(vc_arena_t *arena, vc_str_t text, vc_str_t *out);

/* inside the snapshot; VC_NOT_FOUND; texts are in the arena.  "default" comes
   first. */
vc_status_t vc_group_get(vc_session_t *session, vc_arena_t *arena,
    vc_str_t name, vc_group_t *out) VC_MUST_CHECK;
vc_status_t vc_groups_each(vc_session_t *session, vc_arena_t       *arena,
    vc_status_t (*each)(const vc_group_t *group, void *data), void *data)
    VC_MUST_CHECK;

/*
 * Commits by itself: new or changed (*existed), with name, location and tags.
 * VC_BAD_PARAMETER: the name, the location, or too many groups;
 * VC_OBJECT_CONFLICT: it is in another location.
 */
vc_status_t vc_group_put(vc_session_t *session, vc_arena_t *arena,
    vc_group_t *group, bool *existed, vc_error_t *err) VC_MUST_CHECK;

/*
 * For a vault that is made or recovered: adds to its batch that it comes into
 * the group, so that the group cannot be deleted meanwhile.  A group that is
 * not there is made in the location; VC_NOT_FOUND if that is empty.
 */
vc_status_t vc_group_enter(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_str_t name, vc_str_t location) VC_MUST_CHECK;

typedef enum { VC_LOCK_CAN_NOT_DELETE, VC_LOCK_READ_ONLY } vc_lock_level_t;

typedef struct {
    vc_str_t        scope; /* as in vaults/assignments.h; never the root */
    vc_str_t        name;
    vc_lock_level_t level;
    vc_str_t        notes;
    vc_str_t        owners; /* a JSON array, empty: none */
    uint64_t        revision;
} vc_lock_t;

vc_status_t vc_lock_get(vc_session_t *session, vc_arena_t *arena,
    vc_str_t scope, vc_str_t name, vc_lock_t *out) VC_MUST_CHECK;
vc_status_t vc_locks_each(vc_session_t *session, vc_arena_t      *arena,
    vc_status_t (*each)(const vc_lock_t *lock, void *data), void *data)
    VC_MUST_CHECK;

/*
 * The lock at the scope or above it that forbids a change (deleting: any lock;
 * else ReadOnly ones), the nearest first; VC_NOT_FOUND: none does.
 */
vc_status_t vc_lock_find(vc_session_t *session, vc_arena_t *arena,
    vc_str_t scope, bool deleting, vc_lock_t *out) VC_MUST_CHECK;

/*
 * Commits by itself: deletes the group, and soft-deletes the vaults in it, all
 * or nothing; who has roles there loses them.  VC_NOT_FOUND;
 * VC_OBJECT_CONFLICT: it is "default"; VC_ARM_LOCKED, without words: *lock, at
 * the group, above it or at a vault in it, is in the way.
 */
vc_status_t vc_group_delete(vc_session_t *session, vc_arena_t *arena,
    vc_str_t name, vc_lock_t *lock, vc_error_t *err) VC_MUST_CHECK;

/* VC_BAD_PARAMETER: the scope, the name (1 to 127 bytes, no controls and none
   of <>%&:\?/), or too many locks at the scope */
vc_status_t vc_lock_put(vc_session_t *session, vc_arena_t *arena,
    vc_lock_t *lock, bool *existed, vc_error_t *err) VC_MUST_CHECK;
/* VC_NOT_FOUND */
vc_status_t vc_lock_delete(vc_session_t *session, vc_arena_t *arena,
    vc_str_t scope, vc_str_t name, vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_VAULTS_GROUPS_H */
