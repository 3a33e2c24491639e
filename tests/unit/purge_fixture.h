/*
 * A vault purged in the store in use, and a copy of that store from before:
 * the vault "demo" of the object fixture is purged, the vault "kept" is not.
 */

#ifndef VC_TEST_PURGE_FIXTURE_H
#define VC_TEST_PURGE_FIXTURE_H

#include "object_fixture.h"

#define PURGE_PLACES 4

/* a record as it lay in the store before the purge */
typedef struct {
    vc_key_t key;
    vc_str_t sealed;
} purge_record_t;

typedef struct {
    objects_fixture_t live;    /* the store in use; `vault` is purged */
    vc_vault_t        kept;    /* its other vault */
    objects_fixture_t copy;    /* of the store before the purge */
    vc_arena_t       *arena;   /* for what outlives both */
    vc_str_t          backup;  /* of the secret "n", made before the purge */
    vc_version_t      earlier; /* of "n" */
    purge_record_t    keys;    /* the list of the vault's keys */
    purge_record_t    records[PURGE_PLACES]; /* "n", its earlier version, the
                                                deleted "d", a setting */
} purge_fixture_t;

/* the copy is opened, the vault in the store in use not yet purged */
int purge_setup(void **state);
int purge_teardown(void **state);

/* opens a store of the folder by its name, and makes a session; closes both */
void purge_open(objects_fixture_t *f, const char *store);
void purge_close(objects_fixture_t *f);

/* deletes and purges the vault in the store in use; its records stay until
   purge_sweep() */
void purge_vault(purge_fixture_t *p);
void purge_sweep(purge_fixture_t *p);

/* what a purge does to a vault's keys, and nothing else of it, in the copy */
void purge_keys_of_copy(purge_fixture_t *p);

/* the payload of a record, in p->arena; .data NULL: there is none */
vc_str_t purge_raw(purge_fixture_t *p, objects_fixture_t *f,
    const vc_key_t *key);

/* whether bytes lie anywhere in a store's data file, in free pages too */
bool purge_in_file(const objects_fixture_t *f, const char *store,
    vc_str_t bytes);

#endif /* VC_TEST_PURGE_FIXTURE_H */
