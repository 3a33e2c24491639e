/*
 * Every operation against every built-in role at every kind of scope, and
 * against every permission of access policies.  What is right stands in a
 * table, written from Key Vault's documentation; an operation without a row
 * fails the test.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "access_fixture.h"
#include "api/operations.h"

#define API "?api-version=7.4"


/* a letter a role, for the table; roles without one allow nothing here */
static const struct {
    char        letter;
    const char *id;
} roles[] = {
    {'A', "00482a5a-887f-4fb3-b363-3b7fe8e74483"}, /* Administrator */
    {'R', "21090545-7ca7-4776-b22c-e363652d74d2"}, /* Reader */
    {'O', "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"}, /* Secrets Officer */
    {'U', "4633458b-17de-408a-b874-0445c86b69e6"}, /* Secrets User */
    {'C', "14b46e9e-c2b7-41b4-b07b-48a6ebf60603"}, /* Crypto Officer */
    {'K', "12338af0-0e69-4776-bea7-57ae8d297424"}, /* Crypto User */
    {'E', "e147488a-f6f5-4113-8e2d-b22465e65bf6"}, /* … Encryption User */
    {'L', "08bbd89e-9f13-488c-ac41-acfcb10c90ab"}, /* … Release User */
    {'F', "a4417e6f-fecd-4de8-b567-7b0420556985"}, /* Certificates Officer */
    {'T', "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba"}, /* Certificate User */
    {'-', "f25e0fa2-a7c8-4377-a976-54943a77a395"}, /* Contributor (vaults) */
    {'-', "8b54135c-b56d-4d72-a534-26097cfdc8d8"}, /* Data Access … */
    {'-', "a68e7c17-0ab2-4c09-9a58-125dae29748c"}, /* Purge Operator */
    {'-', "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"}, /* Owner */
    {'-', "b24988ac-6180-42a0-ab88-20f7382dd24c"}, /* Contributor */
    {'-', "acdd72a7-3385-48ef-bd42-f606fba81ae7"}, /* Reader (all) */
    {'-', "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"}, /* User Access … */
    {'-', "f58310d9-a9f6-439a-9e8d-f62e7b41a168"}, /* Role Based … */
};

typedef struct {
    const char *operation;
    const char *method;
    const char *target;
    const char *family;
    const char *permission; /* of access policies */
    const char *roles;      /* that allow it */
    bool        object;     /* also when they are given at the object n */
} row_t;

/* encrypt, wrap and verify: who can read a key is let in, and asked again when
   it is not public */
static const row_t rows[] = {
    {"SecretList", "GET", "/secrets", "secrets", "list", "AROUT", false},
    {"SecretRestore", "POST", "/secrets/restore", "secrets", "restore", "AO",
        false},
    {"SecretListVersions", "GET", "/secrets/n/versions", "secrets", "list",
        "AROUT", false},
    {"SecretBackup", "POST", "/secrets/n/backup", "secrets", "backup", "AO",
        true},
    {"SecretGet", "GET", "/secrets/n", "secrets", "get", "AOUT", true},
    {"SecretUpdate", "PATCH", "/secrets/n/v", "secrets", "set", "AO", true},
    {"SecretSet", "PUT", "/secrets/n", "secrets", "set", "AO", true},
    {"SecretDelete", "DELETE", "/secrets/n", "secrets", "delete", "AO", true},
    {"SecretListDeleted", "GET", "/deletedsecrets", "secrets", "list", "AROUT",
        false},
    {"SecretRecover", "POST", "/deletedsecrets/n/recover", "secrets", "recover",
        "AO", true},
    {"SecretGetDeleted", "GET", "/deletedsecrets/n", "secrets", "get", "AROUT",
        true},
    {"SecretPurge", "DELETE", "/deletedsecrets/n", "secrets", "purge", "AO",
        true},
    {"KeyList", "GET", "/keys", "keys", "list", "ARCKET", false},
    {"KeyRestore", "POST", "/keys/restore", "keys", "restore", "AC", false},
    {"KeyListVersions", "GET", "/keys/n/versions", "keys", "list", "ARCKET",
        false},
    {"KeyBackup", "POST", "/keys/n/backup", "keys", "backup", "ACK", true},
    {"KeyCreate", "POST", "/keys/n/create", "keys", "create", "AC", true},
    {"KeyRotate", "POST", "/keys/n/rotate", "keys", "rotate", "AC", true},
    {"KeyRotationPolicyGet", "GET", "/keys/n/rotationpolicy", "keys",
        "getrotationpolicy", "ARC", true},
    {"KeyRotationPolicySet", "PUT", "/keys/n/rotationpolicy", "keys",
        "setrotationpolicy", "AC", true},
    {"KeyAttestationGet", "GET", "/keys/n/v/attestation", "keys", "get",
        "ARCKET", true},
    {"KeyEncrypt", "POST", "/keys/n/v/encrypt", "keys", "encrypt", "ARCKET",
        true},
    {"KeyDecrypt", "POST", "/keys/n/v/decrypt", "keys", "decrypt", "ACK", true},
    {"KeyWrap", "POST", "/keys/n/v/wrapkey", "keys", "wrapKey", "ARCKET", true},
    {"KeyUnwrap", "POST", "/keys/n/v/unwrapkey", "keys", "unwrapKey", "ACKE",
        true},
    {"KeySign", "POST", "/keys/n/v/sign", "keys", "sign", "ACK", true},
    {"KeyVerify", "POST", "/keys/n/v/verify", "keys", "verify", "ARCKET", true},
    {"KeyRelease", "POST", "/keys/n/v/release", "keys", "release", "ACL", true},
    {"KeyGet", "GET", "/keys/n", "keys", "get", "ARCKET", true},
    {"KeyUpdate", "PATCH", "/keys/n/v", "keys", "update", "ACK", true},
    {"KeyImport", "PUT", "/keys/n", "keys", "import", "AC", true},
    {"KeyDelete", "DELETE", "/keys/n", "keys", "delete", "AC", true},
    {"KeyListDeleted", "GET", "/deletedkeys", "keys", "list", "ARCKET", false},
    {"KeyRecover", "POST", "/deletedkeys/n/recover", "keys", "recover", "AC",
        true},
    {"KeyGetDeleted", "GET", "/deletedkeys/n", "keys", "get", "ARCKET", true},
    {"KeyPurge", "DELETE", "/deletedkeys/n", "keys", "purge", "AC", true},
    {"RandomBytesGet", "POST", "/rng", "keys", "get", "ARCKET", false},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))
#define ROLES (sizeof(roles) / sizeof(roles[0]))

/* where a role is given, and whose operations on n in the vault roles it
   reaches */
static const struct {
    const char *scope;
    bool        vault;
    const char *object; /* of this family; NULL: none */
} scopes[] = {
    {NULL, true, NULL},
    {"", true, NULL},
    {ACCESS_GROUP, true, NULL},
    {ACCESS_VAULT "roles", true, NULL},
    {ACCESS_VAULT "ROLES", true, NULL},
    {ACCESS_VAULT "roles/secrets/n", false, "secrets"},
    {ACCESS_VAULT "roles/secrets/N", false, "secrets"},
    {ACCESS_VAULT "roles/keys/n", false, "keys"},
    {ACCESS_VAULT "roles/certificates/n", false, NULL},
    {ACCESS_VAULT "roles/secrets/other", false, NULL},
    {ACCESS_VAULT "roles/keys/other", false, NULL},
    {ACCESS_VAULT "roles2", false, NULL},
    {ACCESS_VAULT "roles2/secrets/n", false, NULL},
    {ACCESS_VAULT "roles2/keys/n", false, NULL},
};

typedef struct {
    fixture_t fixture;
    caller_t  caller;
} suite_t;

static suite_t suite;


static int
setup(void **state)
{
    fixture_open(&suite.fixture);
    access_vault(&suite.fixture, "roles", true);
    access_vault(&suite.fixture, "roles2", true);
    access_vault(&suite.fixture, "policies", false);
    access_caller(&suite.fixture, "caller", &suite.caller);
    *state = &suite;

    return 0;
}


static int
teardown(void **state)
{
    (void) state;

    fixture_close(&suite.fixture);

    return 0;
}


static bool
row_asked(suite_t *s, const row_t *row, const char *vault)
{
    char         host[64], target[128];
    vc_request_t request;

    (void) snprintf(target, sizeof(target), "%s" API, row->target);
    request = access_request(&s->caller, vault, host, row->method, target);

    return access_allowed(&s->fixture, &request);
}


/* every operation has a row, and every row's request is that operation */
static void
test_complete(void **state)
{
    size_t       i, j;
    char         host[64], target[128];
    suite_t     *s = *state;
    vc_call_t   *call;
    vc_request_t request;

    for (i = 0; i < vc_operation_count; i++) {
        if (vc_operations[i].plane != VC_PLANE_DATA) {
            continue;
        }

        for (j = 0; j < ROWS; j++) {
            if (vc_str_eq(vc_operations[i].name, vc_str(rows[j].operation))) {
                break;
            }
        }

        if (j == ROWS) {
            fail_msg("%.*s has no row", VC_STR_ARG(vc_operations[i].name));
        }
    }

    for (j = 0; j < ROWS; j++) {
        (void) snprintf(target, sizeof(target), "%s" API, rows[j].target);
        request = access_request(&s->caller, "roles", host, rows[j].method,
            target);
        call = vc_call_create(s->fixture.engine, &request);
        assert_true(vc_str_eq(vc_call_fact(call, VC_FACT_OPERATION),
            vc_str(rows[j].operation)));
        vc_call_destroy(call);
    }

    for (i = 0; vc_role_built_in_at(i) != NULL; i++) {
        for (j = 0; j < ROLES; j++) {
            if (strcmp(vc_role_built_in_at(i)->id, roles[j].id) == 0) {
                break;
            }
        }

        if (j == ROLES) {
            fail_msg("the role %s is missing", vc_role_built_in_at(i)->id);
        }
    }

    assert_int_equal(i, ROLES);
}


static bool
row_expected(const row_t *row, size_t role, size_t scope)
{
    if (strchr(row->roles, roles[role].letter) == NULL) {
        return false;
    }

    return scopes[scope].vault
           || (row->object && scopes[scope].object != NULL
               && strcmp(scopes[scope].object, row->family) == 0);
}


static void
test_roles(void **state)
{
    size_t   i, role, scope;
    suite_t *s = *state;

    for (role = 0; role < ROLES; role++) {
        for (scope = 0; scope < sizeof(scopes) / sizeof(scopes[0]); scope++) {
            access_assign(&s->fixture, 1, &s->caller, roles[role].id,
                scopes[scope].scope);

            /* twice: what is remembered of the first must not let others in,
               nor keep the same out */
            for (i = 0; i < 2 * ROWS; i++) {
                if (row_asked(s, &rows[i % ROWS], "roles")
                    != row_expected(&rows[i % ROWS], role, scope))
                {
                    fail_msg("%s: role %s at %s", rows[i % ROWS].operation,
                        roles[role].id,
                        scopes[scope].scope == NULL ? "/"
                                                    : scopes[scope].scope);
                }
            }

            access_unassign(&s->fixture, 1, scopes[scope].scope);
        }
    }

    for (i = 0; i < ROWS; i++) {
        assert_false(row_asked(s, &rows[i], "roles"));
    }
}


/* one at a time, on the vault where policies decide; on the other they are
   nothing, as roles are nothing here */
static void
test_permissions(void **state)
{
    size_t      i, at;
    suite_t    *s = *state;
    unsigned    family;
    uint32_t    bits[VC_FAMILY_COUNT];
    const char *permission;

    access_assign(&s->fixture, 2, &s->caller,
        "00482a5a-887f-4fb3-b363-3b7fe8e74483", ACCESS_VAULT "policies");

    for (family = 0; family < VC_FAMILY_COUNT; family++) {
        for (at = 0;
             (permission = vc_permission_at((vc_family_t) family, at)) != NULL;
             at++)
        {
            memset(bits, 0, sizeof(bits));
            bits[family] = vc_permission_parse((vc_family_t) family,
                vc_str(permission));
            access_policy(&s->fixture, "policies", &s->caller, bits);
            access_policy(&s->fixture, "roles", &s->caller, bits);

            for (i = 0; i < ROWS; i++) {
                bool expected = strcmp(rows[i].permission, permission) == 0
                                && strcmp(rows[i].family,
                                       vc_family_name((vc_family_t) family))
                                       == 0;

                if (row_asked(s, &rows[i], "policies") != expected) {
                    fail_msg("%s: %s %s", rows[i].operation,
                        vc_family_name((vc_family_t) family), permission);
                }

                assert_false(row_asked(s, &rows[i], "roles"));
            }
        }
    }

    access_unassign(&s->fixture, 2, ACCESS_VAULT "policies");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_complete),
        cmocka_unit_test(test_roles),
        cmocka_unit_test(test_permissions),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
