/* role assignments and custom roles on a real store */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assignment_fixture.h"

static vc_status_t
get(fixture_t *f, vc_str_t scope, const char *id, vc_assignment_t *out)
{
    vc_status_t status;

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    status = vc_assignment_get(f->session, f->arena, scope, vc_str(id), out);
    vc_session_end(f->session);

    return status;
}


static void
test_scope_forms(void **state)
{
    static const char *const good[] = {"", "/", "/resourceGroups/one",
        "/resourceGroups/one/", "/RESOURCEGROUPS/o(n)e_.-1", DEMO, DEMO "/",
        DEMO "/secrets/a", DEMO "/KEYS/a-b", DEMO "/certificates/x"};
    static const char *const bad[] = {"//", "x", "/resourceGroups",
        "/resourceGroups/", "/resourceGroups//", "/resourceGroups/one.",
        "/resourceGroups/a b", "/resourceGroups/one/providers",
        "/resourceGroups/one/x/Microsoft.KeyVault/vaults/demo",
        "/resourceGroups/one/providers/Microsoft.Compute/vaults/demo",
        "/resourceGroups/one/providers/Microsoft.KeyVault/vaults/1x",
        DEMO "/secrets", DEMO "/secrets/a/b", DEMO "/secrets/a_b",
        DEMO "/storage/a", DEMO "/things/a", DEMO "//secrets/a"};

    size_t     i;
    vc_str_t   out;
    fixture_t *f = *state;

    assert_true(
        vc_scope_normalize(VC_STR(""), f->subscription, f->arena, &out));
    assert_int_equal(out.len, 0);
    assert_true(
        vc_scope_normalize(VC_STR("/"), f->subscription, f->arena, &out));
    assert_int_equal(out.len, 0);
    assert_false(
        vc_scope_normalize(VC_STR("//"), f->subscription, f->arena, &out));
    assert_false(vc_scope_normalize(VC_STR("/subscriptions"), f->subscription,
        f->arena, &out));
    assert_false(vc_scope_normalize(VC_STR("/subscriptions/" ONE),
        f->subscription, f->arena, &out));
    assert_false(vc_scope_normalize(VC_STR("/providers/Microsoft.Management/"
                                           "managementGroups/m"),
        f->subscription, f->arena, &out));

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        if (!vc_scope_normalize(at(f, good[i]), f->subscription, f->arena,
                &out)) {
            fail_msg("%s", good[i]);
        }
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (vc_scope_normalize(at(f, bad[i]), f->subscription, f->arena, &out))
        {
            fail_msg("%s", bad[i]);
        }
    }

    /* words have one spelling, names their own */
    assert_true(vc_scope_normalize(
        at(f, "/RESOURCEGROUPS/One/PROVIDERS/microsoft.keyvault/VAULTS/Demo/"
              "SECRETS/Abc/"),
        f->subscription, f->arena, &out));
    assert_true(vc_str_eq(out,
        at(f, "/resourceGroups/One/providers/Microsoft.KeyVault/vaults/Demo/"
              "secrets/Abc")));
}


static void
test_refusals(void **state)
{
    fixture_t *f = *state;

    assert_int_equal(put(f, "one", ALICE, OWNER, VC_STR("/")),
        VC_BAD_PARAMETER);
    assert_int_equal(put(f, ONE, "alice", OWNER, VC_STR("/")),
        VC_BAD_PARAMETER);
    assert_int_equal(put(f, ONE, ALICE, "Owner", VC_STR("/")),
        VC_BAD_PARAMETER);
    assert_int_equal(put(f, ONE, ALICE, CUSTOM, VC_STR("/")), VC_BAD_PARAMETER);
    assert_int_equal(put(f, ONE, ALICE, OWNER, VC_STR("/demo")),
        VC_BAD_PARAMETER);
    assert_int_equal(put(f, ONE, ALICE, OWNER, at(f, "/resourceGroups/none")),
        VC_BAD_PARAMETER);
    assert_int_equal(put(f, ONE, ALICE, OWNER, at(f, VAULTS "none")),
        VC_BAD_PARAMETER);
    assert_non_null(strstr(f->err.message, "no such vault"));
    assert_int_equal(put(f, ONE, ALICE, OWNER,
                         at(f, "/resourceGroups/other/providers/"
                               "Microsoft.KeyVault/vaults/demo")),
        VC_BAD_PARAMETER);
    assert_int_equal(count_all(f), 0);
}


static void
test_put(void **state)
{
    bool            existed;
    fixture_t      *f = *state;
    vc_assignment_t one, read;

    one = assignment("00000000-0000-0000-0000-00000000000A",
        "AAAAAAAA-0000-0000-0000-000000000001",
        "4633458B-17DE-408A-B874-0445C86B69E6", at(f, DEMO "/"));
    one.principal_type = VC_STR("user");
    one.description = VC_STR("reads");
    assert_int_equal(vc_assignment_put(f->session, f->arena, &one, &existed,
                         &f->err),
        VC_OK);
    assert_false(existed);
    assert_true(one.created != 0 && one.created == one.updated);

    assert_int_equal(get(f, at(f, DEMO), "00000000-0000-0000-0000-00000000000a",
                         &read),
        VC_OK);
    assert_string_equal(read.principal, ALICE);
    assert_string_equal(read.role, SECRETS_USER);
    assert_true(vc_str_eq(read.scope, at(f, DEMO)));
    assert_true(vc_str_eq(read.principal_type, VC_STR("User")));
    assert_true(vc_str_eq(read.description, VC_STR("reads")));
    assert_true(vc_str_eq(read.created_by, VC_STR(BOB)));
    assert_int_equal(read.revision, one.revision);

    /* the same again changes nothing, a description is changed */
    assert_int_equal(vc_assignment_put(f->session, f->arena, &one, &existed,
                         &f->err),
        VC_OK);
    assert_true(existed);
    assert_int_equal(one.revision, read.revision);

    one.description = VC_STR("writes");
    one.created_by = VC_STR(ALICE);
    assert_int_equal(vc_assignment_put(f->session, f->arena, &one, &existed,
                         &f->err),
        VC_OK);
    assert_true(existed);
    assert_int_equal(get(f, at(f, DEMO), one.id, &read), VC_OK);
    assert_true(vc_str_eq(read.description, VC_STR("writes")));
    assert_true(vc_str_eq(read.created_by, VC_STR(BOB)));
    assert_true(vc_str_eq(read.updated_by, VC_STR(ALICE)));

    one.principal_type = VC_STR("Robot");
    assert_int_equal(vc_assignment_put(f->session, f->arena, &one, &existed,
                         &f->err),
        VC_BAD_PARAMETER);
}


static void
test_conflicts(void **state)
{
    fixture_t      *f = *state;
    vc_assignment_t read;

    assert_int_equal(put(f, ONE, ALICE, SECRETS_USER, at(f, DEMO)), VC_OK);

    /* the same under another id, and in another spelling */
    assert_int_equal(put(f, TWO, ALICE, SECRETS_USER, at(f, VAULTS "DEMO")),
        VC_OBJECT_CONFLICT);
    /* the id with other content, at the vault or below it */
    assert_int_equal(put(f, ONE, BOB, SECRETS_USER, at(f, DEMO)),
        VC_OBJECT_CONFLICT);
    assert_int_equal(put(f, ONE, ALICE, OWNER, at(f, DEMO)),
        VC_OBJECT_CONFLICT);
    assert_int_equal(put(f, ONE, ALICE, SECRETS_USER, at(f, DEMO "/secrets/x")),
        VC_OBJECT_CONFLICT);
    assert_int_equal(get(f, at(f, DEMO "/secrets/x"), ONE, &read),
        VC_NOT_FOUND);

    /* elsewhere all of it is free */
    assert_int_equal(put(f, ONE, ALICE, SECRETS_USER, at(f, OTHER)), VC_OK);
    assert_int_equal(put(f, TWO, ALICE, SECRETS_USER, at(f, DEMO "/secrets/x")),
        VC_OK);
    assert_int_equal(count_all(f), 3);
}


static void
test_grants(void **state)
{
    fixture_t  *f = *state;
    vc_grants_t grants;

    assert_int_equal(put(f, ONE, ALICE, OWNER, VC_STR("/")), VC_OK);
    assert_int_equal(put(f, ONE, ALICE, OWNER, at(f, "")), VC_OK);
    assert_int_equal(put(f, ONE, ALICE, OWNER,
                         at(f, "/resourceGroups/default")),
        VC_OK);
    assert_int_equal(put(f, ONE, ALICE, SECRETS_USER, at(f, DEMO)), VC_OK);
    assert_int_equal(put(f, TWO, ALICE, SECRETS_USER, at(f, DEMO "/secrets/x")),
        VC_OK);

    assert_int_equal(grants_of(f, "demo", &grants), 5);
    assert_int_equal(f->above.count, 2);
    assert_int_equal(f->above.items[0].scope.len, 0);
    assert_string_equal(f->above.items[0].role->id, OWNER);
    assert_string_equal(f->above.items[0].principal, ALICE);
    assert_true(vc_str_eq(f->above.items[1].scope, at(f, "")));
    assert_ptr_equal(grants.above, &f->above);
    assert_true(vc_str_eq(grants.items[1].scope, at(f, DEMO)));
    assert_true(vc_str_eq(grants.items[2].scope, at(f, DEMO "/secrets/x")));
    assert_int_equal(grants_of(f, "other", &grants), 3);

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_assignments_of_group(f->session, f->arena,
                         f->subscription, VC_STR("DEFAULT"), &f->above,
                         &grants),
        VC_OK);
    assert_int_equal(grants.count, 1);
    assert_int_equal(vc_assignments_of_group(f->session, f->arena,
                         f->subscription, VC_STR_NULL, &f->above, &grants),
        VC_OK);
    assert_int_equal(grants.count, 0);
    vc_session_end(f->session);
}


/* those above are read once, for all vaults, until something changes */
static void
test_shared(void **state)
{
    fixture_t         *f = *state;
    const vc_vault_t  *demo, *other;
    const vc_grants_t *above;
    vc_vault_cache_t  *cache;
    vc_assignment_t    was;

    assert_int_equal(vc_vault_cache_create(4, f->subscription, &cache), VC_OK);
    assert_int_equal(put(f, ONE, ALICE, OWNER, at(f, "")), VC_OK);
    assert_int_equal(put(f, ONE, BOB, SECRETS_USER, at(f, DEMO)), VC_OK);

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_vault_cache_get(cache, f->session, VC_STR("demo"),
                         &demo),
        VC_OK);
    assert_int_equal(vc_vault_cache_get(cache, f->session, VC_STR("other"),
                         &other),
        VC_OK);
    assert_int_equal(vc_vault_cache_above(cache, f->session, &above), VC_OK);
    assert_int_equal(demo->grants.count, 1);
    assert_int_equal(other->grants.count, 0);
    assert_ptr_equal(demo->grants.above, above);
    assert_ptr_equal(other->grants.above, above);
    assert_int_equal(above->count, 1);
    assert_string_equal(above->items[0].principal, ALICE);
    vc_session_end(f->session);

    assert_int_equal(vc_assignment_delete(f->session, f->arena, at(f, ""),
                         VC_STR(ONE), &was, &f->err),
        VC_OK);

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_vault_cache_above(cache, f->session, &above), VC_OK);
    assert_int_equal(above->count, 0);
    assert_int_equal(vc_vault_cache_get(cache, f->session, VC_STR("demo"),
                         &demo),
        VC_OK);
    assert_int_equal(demo->grants.count, 1);
    vc_session_end(f->session);
    vc_vault_cache_destroy(cache);
}


static void
test_delete(void **state)
{
    fixture_t      *f = *state;
    vc_grants_t     grants;
    vc_assignment_t was;

    assert_int_equal(put(f, ONE, ALICE, SECRETS_USER, at(f, DEMO)), VC_OK);
    assert_int_equal(vc_assignment_delete(f->session, f->arena,
                         at(f, DEMO "/secrets/x"), VC_STR(ONE), &was, &f->err),
        VC_NOT_FOUND);
    assert_int_equal(vc_assignment_delete(f->session, f->arena, at(f, DEMO),
                         VC_STR(TWO), &was, &f->err),
        VC_NOT_FOUND);
    assert_int_equal(vc_assignment_delete(f->session, f->arena, VC_STR("bad"),
                         VC_STR(ONE), &was, &f->err),
        VC_NOT_FOUND);
    assert_int_equal(vc_assignment_delete(f->session, f->arena, at(f, DEMO),
                         VC_STR(ONE), &was, &f->err),
        VC_OK);
    assert_string_equal(was.principal, ALICE);
    assert_int_equal(grants_of(f, "demo", &grants), 0);
    assert_int_equal(vc_assignment_delete(f->session, f->arena, at(f, DEMO),
                         VC_STR(ONE), &was, &f->err),
        VC_NOT_FOUND);
}


/* a vault's assignments end with its deletion, and do not come back */
static void
test_vault_end(void **state)
{
    fixture_t      *f = *state;
    vc_vault_t      vault;
    vc_grants_t     grants;
    vc_assignment_t read;

    assert_int_equal(put(f, ONE, ALICE, SECRETS_USER, at(f, DEMO)), VC_OK);
    assert_int_equal(put(f, TWO, ALICE, SECRETS_USER, at(f, DEMO "/keys/x")),
        VC_OK);
    assert_int_equal(put(f, ONE, ALICE, SECRETS_USER, at(f, OTHER)), VC_OK);
    assert_int_equal(vc_vault_delete(f->session, f->arena, VC_STR("demo"),
                         &vault, &f->err),
        VC_OK);
    assert_int_equal(get(f, at(f, DEMO), ONE, &read), VC_NOT_FOUND);
    assert_int_equal(put(f, ONE, ALICE, SECRETS_USER, at(f, DEMO)),
        VC_BAD_PARAMETER);
    assert_int_equal(count_all(f), 1);
    assert_int_equal(vc_vault_recover(f->session, f->arena, VC_STR("demo"),
                         &vault, &f->err),
        VC_OK);
    assert_int_equal(grants_of(f, "demo", &grants), 0);
    assert_int_equal(grants_of(f, "other", &grants), 1);
}


/* as many as there can be, written past what looks for others: that would
   read each of them once for each */
static void
test_limit(void **state)
{
    size_t      i;
    char        id[VC_GUID_LEN + 1];
    vc_key_t    place, key;
    fixture_t  *f = *state;
    vc_batch_t *batch;

    assert_int_equal(put(f, ONE, ALICE, OWNER, VC_STR("/")), VC_OK);

    batch = vc_batch_create(f->arena);
    place = vc_key_scope_roles(at(f, "/resourceGroups/none"));

    for (i = 2; i < VC_ASSIGNMENTS_MAX; i++) {
        (void) snprintf(id, sizeof(id), "00000000-0000-0000-0000-%012zu", i);
        key = vc_key_assignment(&place, vc_str(id));
        vc_batch_put(batch, vc_key_view(&key), VC_REVISION_NONE, VC_STR("x"),
            0);
    }

    assert_int_equal(vc_store_commit(vc_vaultstore_store(f->store), batch, NULL,
                         &f->err),
        VC_OK);
    assert_int_equal(put(f, TWO, ALICE, SECRETS_USER, VC_STR("/")), VC_OK);
    assert_int_equal(put(f, CUSTOM, BOB, OWNER, VC_STR("/")),
        VC_ARM_ASSIGNMENT_LIMIT);
    assert_string_equal(vc_status_code(VC_ARM_ASSIGNMENT_LIMIT),
        "RoleAssignmentLimitExceeded");
    assert_non_null(strstr(f->err.message, "4000"));
    /* what is there stays as it can be put again */
    assert_int_equal(put(f, ONE, ALICE, OWNER, VC_STR("/")), VC_OK);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_scope_forms),
        TEST(test_refusals),
        TEST(test_put),
        TEST(test_conflicts),
        TEST(test_grants),
        TEST(test_shared),
        TEST(test_delete),
        TEST(test_vault_end),
        TEST(test_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
