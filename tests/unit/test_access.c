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
        {ALICE, "", {VC_SECRETS_GET | VC_SECRETS_LIST, 0, 0}},
        {GROUP, "", {VC_SECRETS_SET, 0, 0}},
        {BOB, APP, {VC_SECRETS_DELETE, 0, 0}},
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

        request = (vc_access_request_t){"demo", "local", TENANT, policies, 3,
            VC_FAMILY_SECRETS, cases[i].asked};

        if (vc_access_decide(&principal, &request, &err) != cases[i].want) {
            fail_msg("%s", cases[i].what);
        }
    }
}


static void
test_no_policies_deny(void **state)
{
    vc_error_t          err;
    vc_principal_t      principal;
    vc_access_request_t request;

    (void) state;

    memset(&principal, 0, sizeof(principal));
    principal.object_id = VC_STR(ALICE);
    principal.application_id = VC_STR(APP);
    principal.tenant = VC_STR(TENANT);
    principal.issuer = VC_STR("https://issuer.example/");

    request = (vc_access_request_t){"demo", "local", TENANT, NULL, 0,
        VC_FAMILY_SECRETS, VC_SECRETS_GET};

    assert_int_equal(vc_access_decide(&principal, &request, &err),
        VC_ACCESS_DENIED);
    assert_string_equal(err.message,
        "The user, group or application 'appid=" APP ";oid=" ALICE
        ";iss=https://issuer.example/' does not have secrets get permission "
        "on key vault 'demo;location=local'. For help resolving this issue, "
        "please see https://go.microsoft.com/fwlink/?linkid=2125287");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_permission_names),
        cmocka_unit_test(test_decisions),
        cmocka_unit_test(test_no_policies_deny),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
