/*
 * A store with the vaults demo and other, in which roles are given, for the
 * tests of vaults/assignments.h.  Each test has one of its own.
 */

#ifndef TESTS_ASSIGNMENT_FIXTURE_H
#define TESTS_ASSIGNMENT_FIXTURE_H

#include "test_directory.h"
#include "vaults/assignments.h"
#include "vaults/installation.h"

#define ALICE "aaaaaaaa-0000-0000-0000-000000000001"
#define BOB "bbbbbbbb-0000-0000-0000-000000000002"
#define ONE "00000000-0000-0000-0000-000000000001"
#define TWO "00000000-0000-0000-0000-000000000002"
#define CUSTOM "cccccccc-0000-0000-0000-00000000000c"
#define SECRETS_USER "4633458b-17de-408a-b874-0445c86b69e6"
#define OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"

/* what follows "/subscriptions/{s}" in their scopes */
#define VAULTS "/resourceGroups/default/providers/Microsoft.KeyVault/vaults/"
#define DEMO VAULTS "demo"
#define OTHER VAULTS "other"

typedef struct {
    test_directory_t  directory;
    char              store_path[96];
    char              seal_path[96];
    vc_seal_t        *seal;
    vc_vaultstore_t  *store;
    vc_session_t     *session;
    vc_arena_t       *arena;
    vc_error_t        err;
    vc_installation_t installation;
    vc_str_t          subscription;
    vc_grants_t       above;      /* the last that grants_of() read */
    char              scope[256]; /* the last that at() made */
} fixture_t;

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int setup(void **state);
int teardown(void **state);

/* a scope of the installation: what follows "/subscriptions/{s}" */
vc_str_t at(fixture_t *f, const char *rest);

vc_assignment_t assignment(const char *id, const char *principal,
    const char *role, vc_str_t scope);
vc_status_t     put(fixture_t *f, const char *id, const char *principal,
        const char *role, vc_str_t scope);

/* what decides about a vault; how many there are, at the root and the
   subscription too, which are f->above */
size_t grants_of(fixture_t *f, const char *name, vc_grants_t *out);

/* how many there are anywhere */
size_t count_all(fixture_t *f);

#endif /* TESTS_ASSIGNMENT_FIXTURE_H */
