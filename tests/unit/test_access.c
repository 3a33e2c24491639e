/* permissions, and the decision over access policies */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "access/policy.h"

#define TENANT "11111111-1111-1111-1111-111111111111"
#define ALICE "aaaaaaaa-0000-0000-0000-000000000001"
#define BOB "bbbbbbbb-0000-0000-0000-000000000002"
#define GROUP "99999999-0000-0000-0000-000000000003"
#define APP "cccccccc-0000-0000-0000-000000000004"


static void
test_permission_names(void **state)
{
    size_t   i;
    unsigned family;
    uint32_t all;

    (void) state;

    assert_int_equal(vc_permission_parse(VC_FAMILY_SECRETS, VC_STR("")), 0);
    assert_int_equal(vc_permission_parse(VC_FAMILY_SECRETS, VC_STR("sign")), 0);
    assert_int_equal(vc_permission_parse(VC_FAMILY_SECRETS, VC_STR("getx")), 0);
    assert_null(vc_permission_name(VC_FAMILY_SECRETS, 0));
    assert_null(vc_permission_name(VC_FAMILY_SECRETS, 3));
    assert_null(vc_permission_at(VC_FAMILY_SECRETS, 1000));

    assert_int_equal(vc_permission_parse(VC_FAMILY_SECRETS, VC_STR("GET")),
        VC_SECRETS_GET);
    assert_int_equal(vc_permission_parse(VC_FAMILY_SECRETS, VC_STR("purge")),
        VC_SECRETS_PURGE);

    assert_string_equal(vc_permission_at(VC_FAMILY_STORAGE, 13), "deletesas");
    assert_null(vc_permission_at(VC_FAMILY_STORAGE, 14));

    for (family = 0; family < VC_FAMILY_COUNT; family++) {
        all = vc_permission_parse((vc_family_t) family, VC_STR("all"));

        for (i = 0; vc_permission_at((vc_family_t) family, i) != NULL; i++) {
            const char *name = vc_permission_at((vc_family_t) family, i);
            uint32_t    bit = vc_permission_parse((vc_family_t) family,
                   vc_str(name));

            assert_string_equal(vc_permission_name((vc_family_t) family, bit),
                name);
            assert_int_equal((all & bit) != 0, strcmp(name, "purge") != 0);
        }
    }
}


typedef struct {
    const char *what;
    const char *object_id;
    const char *application_id;
    const char *tenant;
    bool        in_group;
    uint32_t    asked;
    vc_status_t want;
} decision_case_t;


static void
test_decisions(void **state)
{
    static const vc_policy_t policies[] = {
        {ALICE, "", {VC_SECRETS_GET | VC_SECRETS_LIST, 0, 0, 0}},
        {GROUP, "", {VC_SECRETS_SET, 0, 0, 0}},
        {BOB, APP, {VC_SECRETS_DELETE, 0, 0, 0}},
    };
    static const decision_case_t cases[] = {
        {"granted", ALICE, "", TENANT, false, VC_SECRETS_GET, VC_OK},
        {"not granted", ALICE, "", TENANT, false, VC_SECRETS_SET,
            VC_ACCESS_DENIED},
        {"granted by a group", ALICE, "", TENANT, true, VC_SECRETS_SET, VC_OK},
        {"unknown", BOB, "", TENANT, false, VC_SECRETS_GET, VC_ACCESS_DENIED},
        {"compound, other application", BOB, ALICE, TENANT, false,
            VC_SECRETS_DELETE, VC_ACCESS_DENIED},
        {"compound", BOB, APP, TENANT, false, VC_SECRETS_DELETE, VC_OK},
        {"other tenant", ALICE, "", BOB, false, VC_SECRETS_GET,
            VC_UNAUTHORIZED},
        {"nothing asked", ALICE, "", TENANT, false, 0, VC_ACCESS_DENIED},
        {"case of a GUID", "AAAAAAAA-0000-0000-0000-000000000001", "", TENANT,
            false, VC_SECRETS_GET, VC_OK},
        {"no object id", "", "", TENANT, false, VC_SECRETS_GET,
            VC_ACCESS_DENIED},
    };

    size_t              i;
    vc_str_t            group = VC_STR(GROUP);
    vc_error_t          err;
    vc_access_t         access;
    vc_principal_t      principal;
    vc_access_request_t request;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memset(&principal, 0, sizeof(principal));
        principal.object_id = vc_str(cases[i].object_id);
        principal.application_id = vc_str(cases[i].application_id);
        principal.tenant = vc_str(cases[i].tenant);
        principal.issuer = VC_STR("https://issuer.example/");
        principal.groups = &group;
        principal.group_count = cases[i].in_group ? 1 : 0;

        request = (vc_access_request_t){
            .vault = "demo",
            .region = "local",
            .tenant = TENANT,
            .policies = policies,
            .policy_count = 3,
            .family = VC_FAMILY_SECRETS,
            .permission = cases[i].asked,
        };

        if (vc_access_decide(&principal, &request, &access, &err)
            != cases[i].want) {
            fail_msg("%s", cases[i].what);
        }
    }
}


static void
test_no_policies_deny(void **state)
{
    vc_error_t          err;
    vc_access_t         access;
    vc_principal_t      principal;
    vc_access_request_t request;

    (void) state;

    memset(&principal, 0, sizeof(principal));
    principal.object_id = VC_STR(ALICE);
    principal.application_id = VC_STR(APP);
    principal.tenant = VC_STR(TENANT);
    principal.issuer = VC_STR("https://issuer.example/");

    request = (vc_access_request_t){
        .vault = "demo",
        .region = "local",
        .tenant = TENANT,
        .family = VC_FAMILY_SECRETS,
        .permission = VC_SECRETS_GET,
    };

    assert_int_equal(vc_access_decide(&principal, &request, &access, &err),
        VC_ACCESS_DENIED);
    assert_string_equal(err.message,
        "The user, group or application 'appid=" APP ";oid=" ALICE
        ";iss=https://issuer.example/' does not have secrets get permission "
        "on key vault 'demo;location=local'. For help resolving this issue, "
        "please see https://go.microsoft.com/fwlink/?linkid=2125287");
}


#define VAULT                                                                  \
    "/subscriptions/" BOB "/resourceGroups/One/providers/Microsoft.KeyVault/"  \
    "vaults/demo"


/* what a role grants is not looked for in policies, nor the other way round */
static void
test_roles(void **state)
{
    static const vc_policy_t policy = {ALICE, "", {UINT32_MAX}};

    vc_error_t          err;
    vc_grant_t          grant;
    vc_access_t         access;
    vc_principal_t      principal;
    vc_access_request_t request;

    (void) state;

    memset(&principal, 0, sizeof(principal));
    principal.object_id = VC_STR(ALICE);
    principal.application_id = VC_STR(APP);
    principal.tenant = VC_STR(TENANT);
    principal.issuer = VC_STR("https://issuer.example/");

    memset(&grant, 0, sizeof(grant));
    memcpy(grant.principal, ALICE, sizeof(grant.principal));
    grant.scope = VC_STR(VAULT);
    grant.role = vc_role_built_in(
        VC_STR("4633458b-17de-408a-b874-0445c86b69e6")); /* Secrets User */

    request = (vc_access_request_t){
        .vault = "demo",
        .region = "local",
        .tenant = TENANT,
        .policies = &policy,
        .policy_count = 1,
        .family = VC_FAMILY_SECRETS,
        .permission = VC_SECRETS_SET,
        .rbac = true,
        .grants = {&grant, 1},
        .action = VC_STR(VC_DATA_ACTION("secrets/setSecret/action")),
        .resource = VC_STR(VAULT "/secrets/Name"),
    };

    assert_int_equal(vc_access_decide(&principal, &request, &access, &err),
        VC_FORBIDDEN_BY_RBAC);
    assert_null(access.grant);
    assert_string_equal(err.message,
        "Caller is not authorized to perform action on resource.\r\n"
        "If role assignments, deny assignments or role definitions were "
        "changed recently, please observe propagation time.\r\n"
        "Caller: appid=" APP ";oid=" ALICE ";iss=https://issuer.example/\r\n"
        "Action: 'Microsoft.KeyVault/vaults/secrets/setSecret/action'\r\n"
        "Resource: '/subscriptions/" BOB "/resourcegroups/one/providers/"
        "microsoft.keyvault/vaults/demo/secrets/name'\r\n"
        "Assignment: (not found)\r\nDenyAssignmentId: null\r\n"
        "DecisionReason: null \r\nVault: demo;location=local\r\n");

    request.action = VC_STR(VC_DATA_ACTION("secrets/getSecret/action"));
    assert_int_equal(vc_access_decide(&principal, &request, &access, &err),
        VC_OK);
    assert_ptr_equal(access.grant, &grant);
    assert_false(access.public_only);

    request.tenant = BOB;
    assert_int_equal(vc_access_decide(&principal, &request, &access, &err),
        VC_UNAUTHORIZED);
    request.tenant = TENANT;

    request.rbac = false;
    request.policy_count = 0;
    assert_int_equal(vc_access_decide(&principal, &request, &access, &err),
        VC_ACCESS_DENIED);
}


/* who can read a key can do with a public one what anybody can */
static void
test_public_keys(void **state)
{
    static const struct {
        const char *action;
        vc_status_t want;
        bool        public_only;
    } cases[] = {
        {VC_DATA_ACTION("keys/read"), VC_OK, false},
        {VC_DATA_ACTION("keys/encrypt/action"), VC_OK, true},
        {VC_DATA_ACTION("keys/wrap/action"), VC_OK, true},
        {VC_DATA_ACTION("keys/verify/action"), VC_OK, true},
        {VC_DATA_ACTION("keys/decrypt/action"), VC_FORBIDDEN_BY_RBAC, false},
        {VC_DATA_ACTION("keys/unwrap/action"), VC_FORBIDDEN_BY_RBAC, false},
        {VC_DATA_ACTION("keys/sign/action"), VC_FORBIDDEN_BY_RBAC, false},
        {VC_DATA_ACTION("keys/release/action"), VC_FORBIDDEN_BY_RBAC, false},
    };

    size_t              i;
    vc_error_t          err;
    vc_grant_t          grants[2];
    vc_access_t         access;
    vc_principal_t      principal;
    vc_access_request_t request;

    (void) state;

    memset(&principal, 0, sizeof(principal));
    principal.object_id = VC_STR(ALICE);
    principal.tenant = VC_STR(TENANT);

    memset(grants, 0, sizeof(grants));
    memcpy(grants[0].principal, ALICE, sizeof(grants[0].principal));
    grants[0].role = vc_role_built_in(
        VC_STR("21090545-7ca7-4776-b22c-e363652d74d2")); /* Reader */
    memcpy(grants[1].principal, ALICE, sizeof(grants[1].principal));
    grants[1].role = vc_role_built_in(
        VC_STR("12338af0-0e69-4776-bea7-57ae8d297424")); /* Crypto User */

    request = (vc_access_request_t){
        .vault = "demo",
        .region = "local",
        .tenant = TENANT,
        .rbac = true,
        .grants = {grants, 1, NULL},
        .resource = VC_STR(VAULT "/keys/x"),
    };

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        request.action = vc_str(cases[i].action);

        if (vc_access_decide(&principal, &request, &access, &err)
                != cases[i].want
            || access.public_only != cases[i].public_only)
        {
            fail_msg("%s", cases[i].action);
        }
    }

    /* a role that says so allows it with every key, wherever it stands */
    request.grants.count = 2;
    request.action = VC_STR(VC_DATA_ACTION("keys/encrypt/action"));
    assert_int_equal(vc_access_decide(&principal, &request, &access, &err),
        VC_OK);
    assert_ptr_equal(access.grant, &grants[1]);
    assert_false(access.public_only);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_permission_names),
        cmocka_unit_test(test_decisions),
        cmocka_unit_test(test_no_policies_deny),
        cmocka_unit_test(test_roles),
        cmocka_unit_test(test_public_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
