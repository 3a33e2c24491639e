/* custom roles on a real store */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "assignment_fixture.h"


static vc_status_t
put_role(fixture_t *f, const char *id, const char *name, const char *data,
    vc_str_t scope)
{
    bool      existed;
    vc_str_t  action = vc_str(data);
    vc_role_t role;

    memset(&role, 0, sizeof(role));
    (void) snprintf(role.id, sizeof(role.id), "%s", id);
    role.name = vc_str(name);
    role.data_actions = (vc_actions_t){&action, 1};
    role.scopes = (vc_actions_t){&scope, 1};
    role.updated_by = VC_STR(BOB);

    return vc_role_put(f->session, f->arena, &role, &existed, &f->err);
}


static void
test_role_refusals(void **state)
{
    static const char *const bad[] = {"", "a", "a//b", "/a", "a/", "a b/c",
        "a/\xc3\xa9", "a/b?", "**"};
    static const char *const good[] = {"*", "*/read", "a/*",
        VC_DATA_ACTION("secrets/getSecret/action"), "A.b-c_d/e"};

    size_t     i;
    fixture_t *f = *state;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (put_role(f, CUSTOM, "Mine", bad[i], VC_STR("/"))
            != VC_BAD_PARAMETER) {
            fail_msg("\"%s\"", bad[i]);
        }
    }

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        if (put_role(f, CUSTOM, "Mine", good[i], VC_STR("/")) != VC_OK) {
            fail_msg("\"%s\": %s", good[i], f->err.message);
        }
    }

    assert_int_equal(put_role(f, OWNER, "Mine", "*", VC_STR("/")),
        VC_BAD_PARAMETER);
    assert_int_equal(put_role(f, "mine", "Mine", "*", VC_STR("/")),
        VC_BAD_PARAMETER);
    assert_int_equal(put_role(f, CUSTOM, "", "*", VC_STR("/")),
        VC_BAD_PARAMETER);
    assert_int_equal(put_role(f, CUSTOM, "Mine", "*", VC_STR("/x")),
        VC_BAD_PARAMETER);
    assert_int_equal(put_role(f, CUSTOM, "owner", "*", VC_STR("/")),
        VC_BAD_PARAMETER);
    assert_int_equal(put_role(f, ONE, "MINE", "*", VC_STR("/")),
        VC_BAD_PARAMETER);
    assert_int_equal(vc_role_delete(f->session, f->arena, VC_STR(OWNER),
                         &f->err),
        VC_BAD_PARAMETER);
}


static void
test_role_life(void **state)
{
    fixture_t       *f = *state;
    vc_grants_t      grants;
    vc_assignment_t  was;
    const vc_role_t *role;

    assert_int_equal(put_role(f, CUSTOM, "Mine",
                         VC_DATA_ACTION("secrets/getSecret/action"),
                         at(f, DEMO)),
        VC_OK);
    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_role_get(f->session, f->arena, VC_STR(CUSTOM), &role),
        VC_OK);
    assert_int_equal(vc_role_get(f->session, f->arena, VC_STR(ONE), &role),
        VC_NOT_FOUND);
    vc_session_end(f->session);

    /* only where it is for */
    assert_int_equal(put(f, ONE, ALICE, CUSTOM, at(f, OTHER)),
        VC_BAD_PARAMETER);
    assert_int_equal(put(f, ONE, ALICE, CUSTOM, at(f, DEMO)), VC_OK);
    assert_int_equal(put(f, TWO, BOB, CUSTOM, at(f, DEMO)), VC_OK);
    assert_int_equal(grants_of(f, "demo", &grants), 2);
    assert_ptr_equal(grants.items[0].role, grants.items[1].role);
    assert_true(vc_role_allows_data(grants.items[0].role,
        VC_STR(VC_DATA_ACTION("secrets/getSecret/action"))));

    /* a change of what it allows is one for whoever has it */
    assert_int_equal(put_role(f, CUSTOM, "Mine",
                         VC_DATA_ACTION("secrets/delete"), at(f, DEMO)),
        VC_OK);
    assert_int_equal(grants_of(f, "demo", &grants), 2);
    assert_false(vc_role_allows_data(grants.items[0].role,
        VC_STR(VC_DATA_ACTION("secrets/getSecret/action"))));

    assert_int_equal(vc_role_delete(f->session, f->arena, VC_STR(CUSTOM),
                         &f->err),
        VC_OBJECT_CONFLICT);
    assert_int_equal(vc_assignment_delete(f->session, f->arena, at(f, DEMO),
                         VC_STR(ONE), &was, &f->err),
        VC_OK);
    assert_int_equal(vc_assignment_delete(f->session, f->arena, at(f, DEMO),
                         VC_STR(TWO), &was, &f->err),
        VC_OK);
    assert_int_equal(vc_role_delete(f->session, f->arena, VC_STR(CUSTOM),
                         &f->err),
        VC_OK);
    assert_int_equal(vc_role_delete(f->session, f->arena, VC_STR(CUSTOM),
                         &f->err),
        VC_NOT_FOUND);
}


/*
 * A role stays for where it is assigned: else who may change it at the rest of
 * its scopes would say what it allows there.
 */
static void
test_role_narrowed(void **state)
{
    char            group[256];
    fixture_t      *f = *state;
    vc_assignment_t was;

    (void) snprintf(group, sizeof(group), "%s",
        (const char *) at(f, "/resourceGroups/default").data);

    assert_int_equal(put_role(f, CUSTOM, "Mine", "a/b", at(f, "")), VC_OK);
    assert_int_equal(put(f, ONE, ALICE, CUSTOM, at(f, "")), VC_OK);
    assert_int_equal(put(f, TWO, ALICE, CUSTOM, at(f, DEMO)), VC_OK);

    assert_int_equal(put_role(f, CUSTOM, "Mine", "*", vc_str(group)),
        VC_ARM_ROLE_ASSIGNED);
    assert_non_null(strstr(f->err.message, "/subscriptions/"));
    /* wider, or as it was */
    assert_int_equal(put_role(f, CUSTOM, "Mine", "*", at(f, "")), VC_OK);
    assert_int_equal(put_role(f, CUSTOM, "Mine", "*", VC_STR("/")), VC_OK);

    assert_int_equal(vc_assignment_delete(f->session, f->arena, at(f, ""),
                         VC_STR(ONE), &was, &f->err),
        VC_OK);
    assert_int_equal(put_role(f, CUSTOM, "Mine", "*", vc_str(group)), VC_OK);
    assert_int_equal(put_role(f, CUSTOM, "Mine", "*", at(f, OTHER)),
        VC_ARM_ROLE_ASSIGNED);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_role_refusals),
        TEST(test_role_life),
        TEST(test_role_narrowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
