/* identity/federation.h: the trusts of a principal, added and taken away */

#include "federation_fixture.h"


static void
test_changes(void **state)
{
    size_t               i;
    uint64_t             generation;
    vc_str_t             token;
    vc_error_t           err;
    vc_local_principal_t out;
    char                 name[16], longest[VC_TRUST_TEXT_MAX + 2];

    static const struct {
        const char *name, *issuer, *subject, *audience;
        vc_status_t status;
    } cases[] = {
        {"CLUSTER", "https://e", "s", NULL, VC_OBJECT_CONFLICT},
        {"twice", ISSUER, SUBJECT, VC_TRUST_AUDIENCE, VC_OBJECT_CONFLICT},
        {"ab", "https://e", "s", NULL, VC_BAD_PARAMETER},
        {"a b", "https://e", "s", NULL, VC_BAD_PARAMETER},
        {"name", "", "s", NULL, VC_BAD_PARAMETER},
        {"name", "https://e", "", NULL, VC_BAD_PARAMETER},
        {"name", "https://e", "a\nb", NULL, VC_BAD_PARAMETER},
        {"name", "https://e", "s", "\xff", VC_BAD_PARAMETER},
    };

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        assert_int_equal(trust(cases[i].name, cases[i].issuer, cases[i].subject,
                             cases[i].audience),
            cases[i].status);
    }

    memset(longest, 's', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_int_equal(trust("long", "https://e", longest, NULL),
        VC_BAD_PARAMETER);
    assert_int_equal(trust("long", "https://e", longest + 1, NULL), VC_OK);

    assert_int_equal(vc_local_principal_remove_trust(cluster.f.session,
                         cluster.f.arena, VC_STR("app"), VC_STR("none"), &out,
                         &err),
        VC_NOT_FOUND);
    assert_int_equal(vc_local_principal_remove_trust(cluster.f.session,
                         cluster.f.arena, VC_STR("nobody"), VC_STR("cluster"),
                         &out, &err),
        VC_NOT_FOUND);

    /* the order of the others stays, the generation does not */
    token = assertion(cluster.rsa, "k1", "{}");
    assert_granted(token);
    generation = cluster.app.generation;
    assert_int_equal(vc_local_principal_remove_trust(cluster.f.session,
                         cluster.f.arena, VC_STR("app"), VC_STR("Cluster"),
                         &out, &err),
        VC_OK);
    assert_int_equal(out.trust_count, 5);
    assert_true(vc_str_eq(out.trusts[0].name, VC_STR("another")));
    assert_true(vc_str_eq(out.trusts[4].name, VC_STR("long")));
    assert_true(vc_str_eq(out.trusts[0].audience, VC_STR("https://own.test")));
    assert_true(vc_str_eq(out.trusts[1].audience, VC_STR(VC_TRUST_AUDIENCE)));
    assert_true(out.generation != generation);
    vc_local_principal_clear(&out);
    assert_refused(cluster.app.client_id, token, 700213, SUBJECT);

    for (i = 5; i < VC_TRUSTS_MAX; i++) {
        (void) snprintf(name, sizeof(name), "many-%zu", i);
        assert_int_equal(trust(name, ISSUER, name, NULL), VC_OK);
    }

    assert_int_equal(trust("more", ISSUER, "more", NULL), VC_BAD_PARAMETER);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes),
    };

    return cmocka_run_group_tests(tests, federation_set_up,
        federation_tear_down);
}
