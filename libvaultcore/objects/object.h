/*
 * The versioned, soft-deletable object that secrets, keys and certificates
 * share: a name, a current version, earlier versions, and a deleted state.
 *
 * An object knows nothing of what its payload means.  Everything textual in a
 * version is kept in the form in which it goes into JSON, so that reading
 * copies and never encodes.
 */

#ifndef VC_OBJECTS_OBJECT_H
#define VC_OBJECTS_OBJECT_H

#include <stdint.h>

#include "store/sealed.h"
#include "vaults/vault.h"

#define VC_PAGE_MAX 25
#define VC_BACKUP_VERSIONS_MAX 500
/* bytes of all versions, so that the blob fits into a restore's body */
#define VC_BACKUP_SIZE_MAX ((size_t) 23 << 20)
#define VC_TAGS_MAX 15
#define VC_TAG_MAX 512

typedef enum {
    VC_KIND_SECRET = 's',
    VC_KIND_KEY = 'k',
    VC_KIND_CERTIFICATE = 'c'
} vc_kind_t;

/* 1 to 127 of [0-9a-zA-Z-] */
bool vc_object_name_valid(vc_str_t name);

/* one version; the views lie in the arena of whoever read it */
typedef struct {
    uint8_t  id[VC_VERSION_LEN];
    uint8_t  previous[VC_VERSION_LEN]; /* all zero: it was the first */
    int64_t  created;
    int64_t  updated;
    bool     enabled;
    bool     has_not_before;
    bool     has_expires;
    int64_t  not_before;
    int64_t  expires;
    vc_str_t name;         /* the object's, as first written */
    vc_str_t content_type; /* JSON string inside, escaped; may be empty */
    bool     has_content_type;
    vc_str_t tags;    /* a JSON object ("{"k":"v"}"), empty: none */
    vc_str_t payload; /* the kind's own: a secret's value, escaped */
} vc_version_t;

/* whether nothing came before it */
bool vc_version_is_first(const vc_version_t *version);

/* an object found: its current version, and what its deletion says */
typedef struct {
    vc_version_t version;
    int64_t      deleted;         /* seconds; 0: it is live */
    int64_t      scheduled_purge; /* when deleted */
    uint64_t     revision;        /* of the record it was read from */
    vc_str_t     policy; /* what the kind keeps of the object as a whole, with
                            its current version; empty: nothing */
} vc_object_t;

/* when time brings something to a live object, by its current version and its
   policy; 0: never.  Whoever changes the record asks anew. */
typedef int64_t (*vc_object_due_t)(const vc_object_t *object);

/* what every call works on: one vault, inside the session's snapshot */
typedef struct {
    vc_session_t     *session;
    vc_arena_t       *arena;
    const vc_vault_t *vault;
    vc_kind_t         kind;
    vc_object_due_t   due; /* of the kind; NULL: never */
    int64_t           now;
    vc_error_t       *err;
} vc_objects_t;


/* --- reading ---------------------------------------------------------------
 *
 * VC_OK, VC_NOT_FOUND (without a message: the caller knows the words),
 * VC_INVALID (no valid name, marker or page size), VC_UNSEAL_FAILED, VC_IO,
 * VC_NO_MEMORY.
 */

/* state is 'h' (live) or 'd' (deleted) */
vc_status_t vc_object_get(vc_objects_t *objects, uint8_t state, vc_str_t name,
    vc_object_t *out) VC_MUST_CHECK;

/* one version of a live object, current or earlier; id may lie in *out */
vc_status_t vc_object_get_version(vc_objects_t *objects, vc_str_t name,
    const uint8_t id[VC_VERSION_LEN], vc_object_t *out) VC_MUST_CHECK;

/* a state of a record: no other has the same key and the same revision */
typedef struct {
    vc_key_t key;
    uint64_t revision;
} vc_object_place_t;

/* where an object is in this state, or an earlier version of it (id), whose
   object need not be live; opens nothing */
vc_status_t vc_object_place(const vc_objects_t *objects, uint8_t state,
    vc_str_t name, const uint8_t *id, vc_object_place_t *out) VC_MUST_CHECK;

typedef struct {
    vc_object_t items[VC_PAGE_MAX];
    size_t      count;
    bool        more;
    vc_str_t    marker; /* where the next page begins, when there is more */
} vc_page_t;

/* live or deleted objects in order of upper-cased name, behind marker */
vc_status_t vc_object_list(vc_objects_t *objects, uint8_t state,
    vc_str_t marker, size_t max, vc_page_t *out) VC_MUST_CHECK;

/* the versions of a live object in order of id, behind marker;
   VC_NOT_FOUND for an unknown one only on the first page */
vc_status_t vc_object_list_versions(vc_objects_t *objects, vc_str_t name,
    vc_str_t marker, size_t max, vc_page_t *out) VC_MUST_CHECK;


/* --- changing --------------------------------------------------------------
 *
 * Each commits.  VC_CONFLICT: a race was lost; take a new snapshot and call
 * again.  Each also expects that the vault's record is still the one the
 * caller was checked against.  Otherwise as for reading, and VC_STORE_FULL.
 */

/*
 * A new current version.  In: enabled … payload of the version; name as the
 * caller wrote it; the policy, which is that of a first version only.  Out:
 * id, previous, created, updated, the name as first written, and the policy
 * that the object has.  VC_OBJECT_DELETED: the name is in deleted state.
 */
vc_status_t vc_object_set(vc_objects_t *objects, vc_object_t *object)
    VC_MUST_CHECK;

/*
 * Changes a version in place: `change` edits it (name, ids, created stay);
 * its `updated` becomes now.  id NULL: the current one; it may lie in *out.
 */
typedef void (*vc_object_change_t)(vc_object_t *object, void *data);
vc_status_t vc_object_update(vc_objects_t *objects, vc_str_t name,
    const uint8_t *id, vc_object_change_t change, void *data, vc_object_t *out)
    VC_MUST_CHECK;

/* replaces the policy; the version stays as it is, its date included */
vc_status_t vc_object_set_policy(vc_objects_t *objects, vc_str_t name,
    vc_str_t policy, vc_object_t *out) VC_MUST_CHECK;

/* live → deleted; out->scheduled_purge is now + the vault's retention */
vc_status_t vc_object_delete(vc_objects_t *objects, vc_str_t name,
    vc_object_t *out) VC_MUST_CHECK;
/* deleted → live */
vc_status_t vc_object_recover(vc_objects_t *objects, vc_str_t name,
    vc_object_t *out) VC_MUST_CHECK;
/* removes a deleted object and all its versions; VC_PURGE_PROTECTED */
vc_status_t vc_object_purge(vc_objects_t *objects, vc_str_t name) VC_MUST_CHECK;

/*
 * The purge that was scheduled, for a key that vc_snapshot_due() named.
 * VC_OK also when it is done already; VC_NOT_FOUND: the key is no object's.
 * Takes its own snapshot.
 */
vc_status_t vc_object_sweep(vc_session_t *session, vc_arena_t *arena,
    vc_str_t key, int64_t now, vc_error_t *err) VC_MUST_CHECK;


/* --- backup ----------------------------------------------------------------
 *
 * A blob holds every version of one object, sealed with a key derived from
 * the root key: only this installation can restore it.  base64url text.
 */

/* VC_BAD_PARAMETER when there are more than VC_BACKUP_VERSIONS_MAX versions, or
   they take more than VC_BACKUP_SIZE_MAX bytes in their stored form */
vc_status_t vc_object_backup(vc_objects_t *objects, vc_str_t name,
    vc_buf_t *out) VC_MUST_CHECK;

/*
 * Commits.  VC_BAD_PARAMETER: damaged, of another installation, of another
 * tenant, or of another kind; VC_OBJECT_CONFLICT: the name (which is then in
 * out->version) is taken, live or deleted.  Ids, dates and names are those of
 * the backup.
 */
vc_status_t vc_object_restore(vc_objects_t *objects, vc_str_t blob,
    vc_object_t *out) VC_MUST_CHECK;

#endif /* VC_OBJECTS_OBJECT_H */
