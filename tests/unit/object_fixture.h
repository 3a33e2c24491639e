/* a store with a vault for one test, and short calls on its objects */

#ifndef VC_TEST_OBJECT_FIXTURE_H
#define VC_TEST_OBJECT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "objects/object.h"
#include "test_directory.h"
#include "vaults/installation.h"

#define TEST_NOW INT64_C(1800000000)
#define TEST_DAY 86400
#define TEST_RETENTION 7

typedef struct {
    test_directory_t directory;
    vc_seal_t       *seal;
    vc_vaultstore_t *store;
    vc_session_t    *session;
    vc_arena_t      *arena;
    vc_vault_t       vault; /* "demo" */
    vc_objects_t     objects;
    vc_error_t       err;
} objects_fixture_t;

int  objects_setup(void **state);
int  objects_teardown(void **state);
void objects_open(objects_fixture_t *f);
void objects_close(objects_fixture_t *f);

/* makes a vault, and gives it as it lies in the store */
vc_vault_t objects_vault(objects_fixture_t *f, const char *name, bool protect);

/* takes a snapshot, and a scope for the secrets of a vault */
vc_objects_t *objects_begin(objects_fixture_t *f);
vc_objects_t *objects_begin_in(objects_fixture_t *f, const vc_vault_t *vault);
void          objects_end(objects_fixture_t *f);

/* each on a snapshot of its own, in the vault "demo" */
vc_status_t  objects_try_set(objects_fixture_t *f, const char *name,
     const char *value);
vc_version_t objects_set(objects_fixture_t *f, const char *name,
    const char *value);
vc_status_t  objects_get(objects_fixture_t *f, uint8_t state, const char *name,
     vc_object_t *out);
vc_status_t  objects_get_version(objects_fixture_t *f, const char *name,
     const uint8_t *id, vc_object_t *out);
vc_status_t  objects_delete(objects_fixture_t *f, const char *name);
vc_status_t  objects_recover(objects_fixture_t *f, const char *name);
vc_status_t  objects_purge(objects_fixture_t *f, const char *name);

void assert_text(vc_str_t actual, const char *expected);

#endif /* VC_TEST_OBJECT_FIXTURE_H */
