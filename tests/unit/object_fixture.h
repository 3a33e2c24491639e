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
} fixture_t;

int  fixture_setup(void **state);
int  fixture_teardown(void **state);
void fixture_open(fixture_t *f);
void fixture_close(fixture_t *f);

/* makes a vault, and gives it as it lies in the store */
vc_vault_t fixture_vault(fixture_t *f, const char *name, bool protect);

/* takes a snapshot, and a scope for the secrets of a vault */
vc_objects_t *fixture_begin(fixture_t *f);
vc_objects_t *fixture_begin_in(fixture_t *f, const vc_vault_t *vault);
void          fixture_end(fixture_t *f);

/* each on a snapshot of its own, in the vault "demo" */
vc_status_t  fixture_try_set(fixture_t *f, const char *name, const char *value);
vc_version_t fixture_set(fixture_t *f, const char *name, const char *value);
vc_status_t  fixture_get(fixture_t *f, uint8_t state, const char *name,
     vc_object_t *out);
vc_status_t  fixture_get_version(fixture_t *f, const char *name,
     const uint8_t *id, vc_object_t *out);
vc_status_t  fixture_delete(fixture_t *f, const char *name);
vc_status_t  fixture_recover(fixture_t *f, const char *name);
vc_status_t  fixture_purge(fixture_t *f, const char *name);

void assert_text(vc_str_t actual, const char *expected);

#endif /* VC_TEST_OBJECT_FIXTURE_H */
