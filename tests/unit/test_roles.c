/* roles: patterns of actions, scopes, and who may do what where */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "access/roles.h"

#define ALICE "aaaaaaaa-0000-0000-0000-000000000001"
#define GROUP "99999999-0000-0000-0000-000000000003"
#define SUBSCRIPTION "/subscriptions/11111111-0000-0000-0000-000000000001"
#define VAULT                                                                  \
    SUBSCRIPTION "/resourceGroups/one/providers/Microsoft.KeyVault/vaults/demo"
#define ADMINISTRATOR "00482a5a-887f-4fb3-b363-3b7fe8e74483"
#define SECRETS_USER "4633458b-17de-408a-b874-0445c86b69e6"
#define DATA_ADMINISTRATOR "8b54135c-b56d-4d72-a534-26097cfdc8d8"
#define OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
#define CONTRIBUTOR "b24988ac-6180-42a0-ab88-20f7382dd24c"


static void
test_patterns(void **state)
{
    static const struct {
        const char *pattern;
        const char *action;
        bool        matches;
    } cases[] = {
        {"", "", true},
        {"", "a", false},
        {"a", "", false},
        {"*", "", true},
        {"*", "a/b", true},
        {"a", "A", true},
        {"a/b", "a/b/c", false},
        {"a/*", "a/b/c", true},
        {"a/*", "a/", true},
        {"a/*", "a", false},
        {"*/read", "a/b/read", true},
        {"*/read", "a/read/b", false},
        {"*/read", "read", false},
        {"a/*/read", "a/b/c/READ", true},
        {"a/*/read", "a/read", false},
        {"a*b*c", "abbc", true},
        {"a*b*c", "abcb", false},
        {"**", "a", true},
        {"a**b", "ab", true},
        {"*ab", "aab", true},
        {"a", "\xe1", false},
        {"[", "{", false},
        {"@", "`", false},
    };

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (vc_action_matches(vc_str(cases[i].pattern), vc_str(cases[i].action))
            != cases[i].matches)
        {
            fail_msg("\"%s\" and \"%s\"", cases[i].pattern, cases[i].action);
        }
    }
}


/* a matcher that tries every star would not end before the stars do */
static void
test_many_stars(void **state)
{
    char     pattern[513], action[4097];
    size_t   i;
    uint64_t start;

    (void) state;

    for (i = 0; i < sizeof(pattern) - 1; i++) {
        pattern[i] = (i % 2 == 0) ? '*' : 'a';
    }

    pattern[i - 1] = 'b';
    pattern[i] = '\0';
    memset(action, 'a', sizeof(action) - 1);
    action[sizeof(action) - 1] = '\0';

    start = (uint64_t) clock();
    assert_false(vc_action_matches(vc_str(pattern), vc_str(action)));
    assert_true((uint64_t) clock() - start < CLOCKS_PER_SEC);
}


static void
test_scopes(void **state)
{
    static const struct {
        const char *scope;
        const char *resource;
        bool        covers;
    } cases[] = {
        {"", "", true},
        {"", VAULT, true},
        {SUBSCRIPTION, VAULT, true},
        {VAULT, VAULT, true},
        {VAULT, VAULT "/secrets/x", true},
        {VAULT "/secrets/x", VAULT, false},
        {VAULT "/secrets/x", VAULT "/secrets/X", true},
        {VAULT "/secrets/x", VAULT "/secrets/xy", false},
        {VAULT "/secrets/x", VAULT "/keys/x", false},
        {VAULT, VAULT "2", false},
        {VAULT, VAULT "-a/secrets/x", false},
        {SUBSCRIPTION "/RESOURCEGROUPS/ONE", VAULT, true},
        {SUBSCRIPTION "/resourceGroups/on", VAULT, false},
        {VAULT, "", false},
    };

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (vc_scope_covers(vc_str(cases[i].scope), vc_str(cases[i].resource))
            != cases[i].covers)
        {
            fail_msg("\"%s\" and \"%s\"", cases[i].scope, cases[i].resource);
        }
    }
}


static void
test_built_in(void **state)
{
    size_t           i, j;
    const vc_role_t *role;

    (void) state;

    assert_null(vc_role_built_in(VC_STR("")));
    assert_null(vc_role_built_in(VC_STR(ALICE)));

    for (i = 0; (role = vc_role_built_in_at(i)) != NULL; i++) {
        assert_true(vc_guid_valid(vc_str(role->id)));
        assert_ptr_equal(vc_role_built_in(vc_str(role->id)), role);
        assert_true(role->built_in);
        assert_int_equal(role->scopes.count, 1);
        assert_true(role->actions.count + role->data_actions.count > 0);

        for (j = 0; j < i; j++) {
            assert_false(vc_str_ieq(vc_role_built_in_at(j)->name, role->name));
        }
    }

    assert_int_equal(i, 18);
    assert_non_null(
        vc_role_built_in(VC_STR("8E3AF657-A8FF-443C-A75C-2FE8C4BCB635")));
}


/* control actions of built-in roles, from the service's documentation */
static void
test_control_actions(void **state)
{
    static const struct {
        const char *role;
        const char *action;
        bool        allowed;
    } cases[] = {
        {OWNER, "Microsoft.KeyVault/vaults/write", true},
        {OWNER, VC_ASSIGNMENT_WRITE, true},
        {CONTRIBUTOR, "Microsoft.KeyVault/vaults/delete", true},
        {CONTRIBUTOR, VC_ASSIGNMENT_WRITE, false},
        {CONTRIBUTOR, VC_ASSIGNMENT_DELETE, false},
        {CONTRIBUTOR, "Microsoft.Authorization/locks/write", false},
        {CONTRIBUTOR, "Microsoft.Authorization/roleAssignments/read", true},
        {ADMINISTRATOR, "Microsoft.KeyVault/vaults/read", true},
        {SECRETS_USER, "Microsoft.KeyVault/vaults/read", false},
        {ADMINISTRATOR, "Microsoft.KeyVault/vaults/secrets/read", true},
        {ADMINISTRATOR, "Microsoft.KeyVault/vaults/write", false},
        {ADMINISTRATOR, "Microsoft.KeyVault/deletedVaults/read", true},
        {SECRETS_USER, "Microsoft.KeyVault/deletedVaults/read", false},
        {"acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "Microsoft.KeyVault/vaults/read", true},
        {"acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "Microsoft.KeyVault/vaults/write", false},
        {"f25e0fa2-a7c8-4377-a976-54943a77a395",
            "Microsoft.KeyVault/vaults/write", true},
        {"f25e0fa2-a7c8-4377-a976-54943a77a395",
            "Microsoft.KeyVault/locations/deletedVaults/purge/action", false},
        {"f25e0fa2-a7c8-4377-a976-54943a77a395", VC_ASSIGNMENT_WRITE, false},
        {"a68e7c17-0ab2-4c09-9a58-125dae29748c",
            "Microsoft.KeyVault/locations/deletedVaults/purge/action", true},
        {"a68e7c17-0ab2-4c09-9a58-125dae29748c",
            "Microsoft.KeyVault/vaults/delete", false},
        {"18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", VC_ASSIGNMENT_WRITE, true},
        {"18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
            "Microsoft.KeyVault/vaults/write", false},
        {"f58310d9-a9f6-439a-9e8d-f62e7b41a168", VC_ASSIGNMENT_WRITE, true},
        {"f58310d9-a9f6-439a-9e8d-f62e7b41a168",
            "Microsoft.Authorization/roleDefinitions/write", false},
        {DATA_ADMINISTRATOR, VC_ASSIGNMENT_WRITE, true},
        {DATA_ADMINISTRATOR, "Microsoft.KeyVault/vaults/write", false},
    };

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (vc_role_allows(vc_role_built_in(vc_str(cases[i].role)),
                vc_str(cases[i].action))
            != cases[i].allowed)
        {
            fail_msg("%s: %s", cases[i].role, cases[i].action);
        }
    }
}


static vc_grant_t
grant_of(const char *principal, const char *scope, const char *role)
{
    vc_grant_t grant;

    memset(&grant, 0, sizeof(grant));
    memcpy(grant.principal, principal, VC_GUID_LEN);
    grant.scope = vc_str(scope);
    grant.role = vc_role_built_in(vc_str(role));

    return grant;
}


static void
test_decision(void **state)
{
    vc_str_t       action = VC_STR(VC_DATA_ACTION("secrets/getSecret/action"));
    vc_str_t       secret = VC_STR(VAULT "/secrets/x");
    vc_str_t       group = VC_STR("99999999-0000-0000-0000-000000000003");
    vc_grant_t     list[2];
    vc_grants_t    grants = {list, 2, NULL};
    vc_principal_t alice;

    (void) state;

    memset(&alice, 0, sizeof(alice));
    alice.object_id = VC_STR("AAAAAAAA-0000-0000-0000-000000000001");

    list[0] = grant_of(ALICE, "", OWNER);
    list[1] = grant_of(GROUP, VAULT, SECRETS_USER);

    assert_null(vc_roles_decide(&alice, grants, true, action, secret));
    assert_ptr_equal(vc_roles_decide(&alice, grants, false, action, secret),
        &list[0]);

    alice.groups = &group;
    alice.group_count = 1;
    assert_ptr_equal(vc_roles_decide(&alice, grants, true, action, secret),
        &list[1]);
    assert_null(vc_roles_decide(&alice, grants, true, action,
        VC_STR(VAULT "2/secrets/x")));
    assert_null(vc_roles_decide(&alice, (vc_grants_t){NULL, 0, NULL}, true,
        action, secret));

    alice.object_id = VC_STR("");
    alice.group_count = 0;
    assert_null(vc_roles_decide(&alice, grants, false, action, secret));
}


static void
test_custom_role(void **state)
{
    vc_str_t  data[] = {VC_STR(VC_DATA_ACTION("secrets/*"))};
    vc_str_t  not_data[] = {VC_STR(VC_DATA_ACTION("SECRETS/purge/*")),
         VC_STR(VC_DATA_ACTION("secrets/delete"))};
    vc_role_t role;

    (void) state;

    memset(&role, 0, sizeof(role));
    role.data_actions = (vc_actions_t){data, 1};
    role.not_data_actions = (vc_actions_t){not_data, 2};

    assert_true(vc_role_allows_data(&role,
        VC_STR(VC_DATA_ACTION("secrets/setSecret/action"))));
    assert_false(vc_role_allows_data(&role,
        VC_STR(VC_DATA_ACTION("secrets/purge/action"))));
    assert_false(
        vc_role_allows_data(&role, VC_STR(VC_DATA_ACTION("secrets/delete"))));
    /* what data actions allow is no control action */
    assert_false(vc_role_allows(&role,
        VC_STR(VC_DATA_ACTION("secrets/setSecret/action"))));
}


/* who may assign only some roles, and has a second role that may assign all */
static void
test_assigning(void **state)
{
    size_t           i, named;
    vc_str_t         write = VC_STR(VC_ASSIGNMENT_WRITE);
    vc_grant_t       list[2];
    vc_principal_t   alice;
    const vc_role_t *role;

    (void) state;

    memset(&alice, 0, sizeof(alice));
    alice.object_id = VC_STR(ALICE);
    list[0] = grant_of(ALICE, VAULT, DATA_ADMINISTRATOR);
    list[1] = grant_of(ALICE, SUBSCRIPTION, OWNER);

    for (i = 0, named = 0; (role = vc_role_built_in_at(i)) != NULL; i++) {
        named += vc_role_may_assign(&list[0], vc_str(role->id));
        assert_true(vc_role_may_assign(&list[1], vc_str(role->id)));
    }

    assert_int_equal(named, 8);
    assert_false(vc_role_may_assign(&list[0], VC_STR(OWNER)));
    assert_false(vc_role_may_assign(&list[0], VC_STR(DATA_ADMINISTRATOR)));
    assert_false(vc_role_may_assign(&list[0], VC_STR(GROUP)));
    assert_false(vc_role_may_assign(&list[0], VC_STR_NULL));
    assert_true(vc_role_may_assign(&list[0],
        VC_STR("4633458B-17DE-408A-B874-0445C86B69E6")));

    assert_ptr_equal(vc_roles_decide_assignment(&alice,
                         (vc_grants_t){list, 2, NULL}, write, VC_STR(VAULT),
                         VC_STR(SECRETS_USER)),
        &list[0]);
    assert_ptr_equal(vc_roles_decide_assignment(&alice,
                         (vc_grants_t){list, 2, NULL}, write, VC_STR(VAULT),
                         VC_STR(OWNER)),
        &list[1]);
    assert_null(vc_roles_decide_assignment(&alice, (vc_grants_t){list, 1, NULL},
        write, VC_STR(VAULT), VC_STR(OWNER)));
    assert_null(vc_roles_decide_assignment(&alice, (vc_grants_t){list, 1, NULL},
        write, VC_STR(SUBSCRIPTION), VC_STR(SECRETS_USER)));
    assert_null(vc_roles_decide_assignment(&alice, (vc_grants_t){list, 2, NULL},
        write, VC_STR(VAULT), VC_STR_NULL));
}


/* each of many groups is found, in any case, and nothing that is no group */
static void
test_many_groups(void **state)
{
    static const char *const strange[] = {"", "a", "everybody",
        "99999999-0000-0000-0000-0000000000030", "99999999"};

    char           ids[200][VC_GUID_LEN + 1];
    size_t         i;
    vc_str_t       groups[200], action;
    vc_grant_t     grants[2];
    vc_grants_t    above, list;
    vc_principal_t alice;

    (void) state;

    for (i = 0; i < 200; i++) {
        (void) snprintf(ids[i], sizeof(ids[i]),
            "ABCDEF%02zX-0000-0000-0000-"
            "00000000%04zX",
            i, i);
        groups[i] = vc_str(ids[i]);
    }

    for (i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
        groups[i * 7] = vc_str(strange[i]);
    }

    memset(&alice, 0, sizeof(alice));
    alice.object_id = VC_STR(ALICE);
    alice.groups = groups;
    alice.group_count = 200;
    memset(grants, 0, sizeof(grants));
    grants[0].role = grants[1].role = vc_role_built_in(VC_STR(ADMINISTRATOR));
    above = (vc_grants_t){&grants[0], 1, NULL};
    list = (vc_grants_t){&grants[1], 1, &above};
    action = VC_STR(VC_DATA_ACTION("secrets/delete"));
    memcpy(grants[1].principal, GROUP, sizeof(grants[1].principal));

    for (i = 0; i < 300; i++) {
        (void) snprintf(grants[0].principal, sizeof(grants[0].principal),
            "abcdef%02zx-0000-0000-0000-00000000%04zx", i % 256, i);

        if ((vc_roles_decide(&alice, list, true, action, VC_STR(VAULT)) != NULL)
            != (i < 200 && groups[i].len == VC_GUID_LEN))
        {
            fail_msg("group %zu", i);
        }
    }

    /* nor is the id itself lost among them */
    memcpy(grants[0].principal, ALICE, sizeof(grants[0].principal));
    assert_ptr_equal(vc_roles_decide(&alice, list, true, action, VC_STR(VAULT)),
        &grants[0]);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_many_stars),
        cmocka_unit_test(test_scopes),
        cmocka_unit_test(test_built_in),
        cmocka_unit_test(test_control_actions),
        cmocka_unit_test(test_decision),
        cmocka_unit_test(test_custom_role),
        cmocka_unit_test(test_assigning),
        cmocka_unit_test(test_many_groups),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
