/* short calls on the management plane of an engine fixture */

#ifndef TESTS_ARM_FIXTURE_H
#define TESTS_ARM_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "engine_fixture.h"

#define ARM_OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define ARM_READER "acdd72a7-3385-48ef-bd42-f606fba81ae7"
#define ARM_CONTRIBUTOR "f25e0fa2-a7c8-4377-a976-54943a77a395" /* Key Vault's */

#define ARM_API "api-version=2023-07-01"
#define ARM_GROUP_API "api-version=2021-04-01"

/* paths: '~' at the beginning stands for /subscriptions/{the installation} */
#define ARM_G "~/resourceGroups/default"
#define ARM_V ARM_G "/providers/Microsoft.KeyVault/vaults/"
#define ARM_K "~/providers/Microsoft.KeyVault"

typedef struct {
    fixture_t   fixture;
    const char *token; /* NULL: none; at first the manager's */

    /* the last answer */
    int     status;
    json_t *json; /* NULL: no body */
    char    operation[64];
    char    headers[4096]; /* "name: value\n" each */
    char    path[1024];
} arm_t;

int arm_setup(void **state);
int arm_teardown(void **state);

/* asks, with a path as above whose query may be "?api-version=…"; a body may
   be NULL.  Returns the status. */
int arm_ask(arm_t *arm, const char *method, const char *path, const char *body);

/* a text of the answer, at "properties/sku/name"; "" if there is none */
const char *arm_text(const arm_t *arm, const char *at);
/* anything of the answer; NULL */
json_t *arm_at(const arm_t *arm, const char *at);

/* the answer was an error with this status and code, and its message has the
   words; NULL: any */
void arm_expect_error(const arm_t *arm, int status, const char *code,
    const char *words);

/* makes a vault in the group "default"; more: JSON members of properties with
   a comma before them, "" for none.  Returns the status. */
int arm_make_vault(arm_t *arm, const char *name, const char *more);

/* a principal without any right: its token for management goes to token, its
   object id to id */
void arm_principal(arm_t *arm, const char *name, char token[4096],
    char id[VC_GUID_LEN + 1]);
/* gives a role at a scope as it is stored, '~' as above */
void arm_assign(arm_t *arm, const char *object_id, const char *role,
    const char *scope);

#endif /* TESTS_ARM_FIXTURE_H */
