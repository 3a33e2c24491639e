/*
 * Vaults: what a vault is, where it is kept, and the calls that change one.
 */

#ifndef VC_VAULTS_VAULT_H
#define VC_VAULTS_VAULT_H

#include <stdint.h>

#include "access/network.h"
#include "access/policy.h"
#include "access/roles.h"
#include "store/sealed.h"
#include "vaults/groups.h"

#define VC_VAULT_NAME_MIN 3
#define VC_VAULT_NAME_MAX 24
#define VC_RETENTION_MIN 7
#define VC_RETENTION_MAX 90

/* enabledForDeployment, …: kept and answered, without effect here */
enum {
    VC_FOR_DEPLOYMENT = 1U << 0,
    VC_FOR_DISK_ENCRYPTION = 1U << 1,
    VC_FOR_TEMPLATES = 1U << 2
};

typedef struct {
    uint8_t      domain[VC_DOMAIN_LEN]; /* the vault's id, and sealing domain */
    char         name[VC_VAULT_NAME_MAX + 1]; /* as first written */
    char         tenant[VC_GUID_LEN + 1];
    int          retention_days;
    bool         purge_protection;
    int64_t      created;
    int64_t      deleted;         /* 0: it is live */
    int64_t      scheduled_purge; /* when deleted */
    size_t       policy_count;
    vc_policy_t *policies;
    uint64_t     revision;

    /* what the management plane knows of it */
    char         group[VC_GROUP_NAME_MAX + 1];
    vc_str_t     location; /* "westus", lower case, no blanks */
    bool         premium;  /* sku; else standard */
    bool         rbac;     /* roles decide, access policies are ignored */
    bool         soft_delete_said; /* … was given; it is always on */
    uint8_t      enabled_for;      /* VC_FOR_*: true … */
    uint8_t      enabled_for_said; /* … of those that were given */
    vc_network_t network;
    vc_str_t     tags; /* a JSON object, empty: none */
    int64_t      modified;
    char         created_by[VC_GUID_LEN + 1]; /* object ids, empty: vaultctl */
    char         modified_by[VC_GUID_LEN + 1];

    /* not of its record: what vc_vault_cache_get() loads beside it */
    vc_grants_t grants;             /* vaults/assignments.h; with rbac */
    vc_str_t   *audit_destinations; /* vaults/diagnostics.h: AuditEvent … */
    size_t      audit_destination_count; /* … goes there */
} vc_vault_t;

/* appends the resource id, "/subscriptions/{s}/resourceGroups/{g}/providers/
   Microsoft.KeyVault/vaults/{v}" */
void vc_vault_resource_id(const vc_vault_t *vault, vc_str_t subscription,
    vc_buf_t *out);

/* 3–24 of [0-9a-zA-Z-], a letter first, a letter or digit last, no "--" */
bool vc_vault_name_valid(vc_str_t name);

/*
 * The vault's recovery level as attributes.recoveryLevel says it
 * ("CustomizedRecoverable+Purgeable", …).
 */
const char *vc_vault_recovery_level(const vc_vault_t *vault);


/* --- reading, inside the session's snapshot ------------------------------- */

/* the stored vault, live or deleted; VC_NOT_FOUND */
vc_status_t vc_vault_get(vc_session_t *session, vc_arena_t *arena,
    vc_str_t name, vc_vault_t *out) VC_MUST_CHECK;

/* each vault, live and deleted, in order of name */
vc_status_t vc_vault_each(vc_session_t *session, vc_arena_t        *arena,
    vc_status_t (*each)(const vc_vault_t *vault, void *data), void *data)
    VC_MUST_CHECK;

/*
 * Vaults kept parsed for one thread, until the policy epoch moves.  What a
 * look-up returns is good until the session's snapshot ends.
 */
typedef struct vc_vault_cache vc_vault_cache_t;

/* subscription: the installation's id, which the roles' scopes begin with */
vc_status_t vc_vault_cache_create(size_t entries, vc_str_t subscription,
    vc_vault_cache_t **out) VC_MUST_CHECK;
void        vc_vault_cache_destroy(vc_vault_cache_t *cache);
void        vc_vault_cache_clear(vc_vault_cache_t *cache);
/* VC_OK, VC_NOT_FOUND (also when it is deleted), VC_IO, VC_NO_MEMORY */
vc_status_t vc_vault_cache_get(vc_vault_cache_t *cache, vc_session_t *session,
    vc_str_t name, const vc_vault_t **out) VC_MUST_CHECK;
/* who has roles at the root and the subscription, which all vaults share: it
   can be thousands, and is read once an epoch.  Good for as long as a vault */
vc_status_t vc_vault_cache_above(vc_vault_cache_t *cache, vc_session_t *session,
    const vc_grants_t **out) VC_MUST_CHECK;


/* --- changing: snapshot, commit and retries by themselves; they block ------
 *
 * The session must not be inside begin/end.  VC_OK; VC_BAD_PARAMETER,
 * VC_VAULT_NOT_FOUND, VC_OBJECT_CONFLICT, VC_PURGE_PROTECTED, with a message
 * in err; VC_STORE_FULL, VC_NO_MEMORY, VC_IO.
 */

typedef struct {
    vc_str_t name;
    vc_str_t tenant;         /* empty: the installation's */
    int      retention_days; /* 0: VC_RETENTION_MAX */
    bool     purge_protection;
    vc_str_t group;    /* empty: "default"; made if it is not there */
    vc_str_t location; /* empty: "local" */
    bool     rbac;
} vc_vault_spec_t;

vc_status_t vc_vault_create(vc_session_t *session, vc_arena_t *arena,
    const vc_vault_spec_t *spec, vc_vault_t *out, vc_error_t *err)
    VC_MUST_CHECK;

/*
 * Puts a whole vault in place of the stored one, whose revision it must have
 * (0: there must be none, and it gets a new domain); its times and who changed
 * it are the caller's to set.  VC_CONFLICT: a race was lost, or the name is
 * taken; VC_NOT_FOUND: the group of a new or recovered one is not there;
 * nothing was written.
 * For the management plane, which has checked what may change.
 */
vc_status_t vc_vault_replace(vc_session_t *session, vc_arena_t *arena,
    vc_vault_t *vault, vc_error_t *err) VC_MUST_CHECK;

/* what a soft-deleted vault says of itself, which is not stored by this */
void vc_vault_mark_deleted(vc_vault_t *vault, int64_t now);

/* soft-deletes: its name stays taken until it is recovered or purged; a group
   that was deleted since is made again for a recovered one */
vc_status_t vc_vault_delete(vc_session_t *session, vc_arena_t *arena,
    vc_str_t name, vc_vault_t *out, vc_error_t *err) VC_MUST_CHECK;
vc_status_t vc_vault_recover(vc_session_t *session, vc_arena_t *arena,
    vc_str_t name, vc_vault_t *out, vc_error_t *err) VC_MUST_CHECK;

/*
 * Destroys the vault's keys at once, so that nothing sealed with them can be
 * opened any more; the records themselves are removed in steps, by
 * vc_vault_sweep().  Only a deleted vault can be purged, and before its time
 * only one without purge protection.
 */
vc_status_t vc_vault_purge(vc_session_t *session, vc_arena_t *arena,
    vc_str_t name, vc_error_t *err) VC_MUST_CHECK;

/*
 * Puts a principal's permissions in place of those it had; all of them zero
 * removes the entry.  object_id and application_id (may be empty) are GUIDs.
 */
vc_status_t vc_vault_set_policy(vc_session_t *session, vc_arena_t *arena,
    vc_str_t name, vc_str_t object_id, vc_str_t application_id,
    const uint32_t permissions[VC_FAMILY_COUNT], vc_vault_t *out,
    vc_error_t *err) VC_MUST_CHECK;

/*
 * A new key for the vault's records at once, which otherwise comes when the
 * one in use has sealed enough.  Records that are there stay as they are.
 * *key_id: the new key's number, one more than that of the key before it.
 */
vc_status_t vc_vault_rotate_key(vc_session_t *session, vc_arena_t *arena,
    vc_str_t name, uint32_t *key_id, vc_error_t *err) VC_MUST_CHECK;

/*
 * One step of what time brings, for a record that vc_snapshot_due() named:
 * the purge of a deleted vault whose time has come, or the next thousand
 * records of a purged one.  VC_OK also when another worker has done it;
 * VC_NOT_FOUND: the key is not a vault's.
 */
vc_status_t vc_vault_sweep(vc_session_t *session, vc_arena_t *arena,
    vc_str_t key, int64_t now, vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_VAULTS_VAULT_H */
