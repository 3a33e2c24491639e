/* a store without vaults for a group of tests, and short calls on vaults */

#ifndef VC_TESTS_VAULT_FIXTURE_H
#define VC_TESTS_VAULT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_directory.h"
#include "vaults/vault.h"

#define ALICE "aaaaaaaa-0000-0000-0000-000000000001"
#define DAY 86400

typedef struct {
    test_directory_t directory;
    char             store_path[96];
    char             seal_path[96];
    vc_seal_t       *seal;
    vc_vaultstore_t *store;
    vc_session_t    *session;
    vc_arena_t      *arena;
} vaults_t;

int vaults_setup(void **state);
int vaults_teardown(void **state);

/* as vc_vault_create() and vc_vault_get(); days 0: the default */
vc_status_t create(vaults_t *f, const char *name, int days, bool protect,
    vc_vault_t *out);
vc_status_t get(vaults_t *f, const char *name, vc_vault_t *out);

/* a vault with everything that a record can hold; two ranges */
void fill(vc_vault_t *vault, vc_policy_t *policy, vc_range_t *ranges);
void assert_same_management(const vc_vault_t *a, const vc_vault_t *b);

#endif /* VC_TESTS_VAULT_FIXTURE_H */
