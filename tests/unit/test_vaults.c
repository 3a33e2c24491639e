/* vaults and the installation on a real store */

#include "vault_fixture.h"

#include "vaults/installation.h"


static void
test_names(void **state)
{
    static const char *const good[] = {"abc", "a-b", "A1-b2-C3",
        "abcdefghijklmnopqrstuvwx"};
    static const char *const bad[] = {"", "ab", "1ab", "-ab", "ab-", "a--b",
        "a_b", "a.b", "a b", "abcdefghijklmnopqrstuvwxy", "ab\xc3\xa9"};

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(vc_vault_name_valid(vc_str(good[i])));
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(vc_vault_name_valid(vc_str(bad[i])));
    }
}


static void
test_installation_once(void **state)
{
    vaults_t         *f = *state;
    vc_error_t        err;
    vc_installation_t one, two;

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_installation_get(f->session, f->arena, &one), VC_OK);
    vc_session_end(f->session);
    assert_true(vc_guid_valid(vc_str(one.id)));
    assert_true(vc_guid_valid(vc_str(one.tenant)));

    assert_int_equal(vc_installation_create(f->session, f->arena,
                         VC_STR("no guid"), &two, &err),
        VC_BAD_PARAMETER);
    assert_int_equal(vc_installation_create(f->session, f->arena, VC_STR_NULL,
                         &two, &err),
        VC_OBJECT_CONFLICT);
}


static void
test_create(void **state)
{
    vaults_t  *f = *state;
    vc_vault_t vault, other;

    assert_int_equal(create(f, "x", 0, false, &vault), VC_BAD_PARAMETER);
    assert_int_equal(create(f, "demo", 6, false, &vault), VC_BAD_PARAMETER);
    assert_int_equal(create(f, "demo", 91, false, &vault), VC_BAD_PARAMETER);
    assert_int_equal(get(f, "demo", &vault), VC_NOT_FOUND);

    assert_int_equal(create(f, "Demo", 0, false, &vault), VC_OK);
    assert_int_equal(vault.retention_days, 90);
    assert_string_equal(vault.group, "default");
    assert_true(vc_str_eq(vault.location, VC_STR("local")));
    assert_int_equal(vault.modified, vault.created);
    assert_string_equal(vault.created_by, "");
    assert_string_equal(vc_vault_recovery_level(&vault),
        "Recoverable+Purgeable");

    /* matched without regard to case, shown as first written */
    assert_int_equal(create(f, "dEMO", 0, false, &other), VC_OBJECT_CONFLICT);
    assert_int_equal(get(f, "DEMO", &other), VC_OK);
    assert_string_equal(other.name, "Demo");
    assert_memory_equal(other.domain, vault.domain, VC_DOMAIN_LEN);
    assert_int_equal(other.revision, vault.revision);

    assert_int_equal(create(f, "short", 7, true, &vault), VC_OK);
    assert_string_equal(vc_vault_recovery_level(&vault),
        "CustomizedRecoverable");
}


static void
test_delete_recover_purge(void **state)
{
    vaults_t   *f = *state;
    vc_str_t    name = VC_STR("cycle");
    vc_error_t  err;
    vc_vault_t  vault;
    vc_status_t status;

    assert_int_equal(create(f, "cycle", 7, false, &vault), VC_OK);
    assert_int_equal(vc_vault_purge(f->session, f->arena, name, &err),
        VC_OBJECT_CONFLICT);
    assert_int_equal(vc_vault_recover(f->session, f->arena, name, &vault, &err),
        VC_OBJECT_CONFLICT);
    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_OK);
    assert_int_equal(vault.scheduled_purge, vault.deleted + 7 * DAY);
    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_VAULT_NOT_FOUND);
    assert_int_equal(create(f, "cycle", 0, false, &vault), VC_OBJECT_CONFLICT);
    assert_int_equal(vc_vault_recover(f->session, f->arena, name, &vault, &err),
        VC_OK);
    assert_int_equal(vault.deleted, 0);
    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_OK);
    assert_int_equal(vc_vault_purge(f->session, f->arena, name, &err), VC_OK);
    assert_int_equal(get(f, "cycle", &vault), VC_NOT_FOUND);

    status = create(f, "cycle", 0, false, &vault);
    assert_int_equal(status, VC_OK);
}


static void
test_purge_protection(void **state)
{
    vaults_t  *f = *state;
    vc_str_t   name = VC_STR("guarded");
    vc_error_t err;
    vc_vault_t vault;

    assert_int_equal(create(f, "guarded", 7, true, &vault), VC_OK);
    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_OK);
    assert_int_equal(vc_vault_purge(f->session, f->arena, name, &err),
        VC_PURGE_PROTECTED);
    assert_int_equal(get(f, "guarded", &vault), VC_OK);
}


static void
test_sealing_key(void **state)
{
    vaults_t  *f = *state;
    uint32_t   key_id;
    vc_str_t   name = VC_STR("sealed");
    vc_error_t err;
    vc_vault_t vault, same;

    assert_int_equal(vc_vault_rotate_key(f->session, f->arena, name, &key_id,
                         &err),
        VC_VAULT_NOT_FOUND);
    assert_int_equal(create(f, "sealed", 7, false, &vault), VC_OK);
    assert_int_equal(vc_vault_rotate_key(f->session, f->arena, name, &key_id,
                         &err),
        VC_OK);
    assert_int_equal(key_id, 2);
    assert_int_equal(get(f, "sealed", &same), VC_OK);
    assert_int_equal(same.revision, vault.revision);

    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_OK);
    assert_int_equal(vc_vault_rotate_key(f->session, f->arena, name, &key_id,
                         &err),
        VC_VAULT_NOT_FOUND);
}


static void
test_replace(void **state)
{
    char        text[256];
    bool        existed;
    uint8_t     old[VC_DOMAIN_LEN];
    vc_group_t  group;
    uint64_t    stale;
    vaults_t   *f = *state;
    vc_buf_t    id;
    vc_error_t  err;
    vc_range_t  ranges[2];
    vc_vault_t  vault, back;
    vc_policy_t policy;

    fill(&vault, &policy, ranges);
    memset(&group, 0, sizeof(group));
    strcpy(group.name, "Group-1");
    group.location = VC_STR("westus");
    assert_int_equal(vc_group_put(f->session, f->arena, &group, &existed, &err),
        VC_OK);
    assert_int_equal(vc_vault_replace(f->session, f->arena, &vault, &err),
        VC_OK);
    assert_int_equal(get(f, "everything", &back), VC_OK);
    assert_int_equal(back.revision, vault.revision);
    assert_memory_equal(back.domain, vault.domain, VC_DOMAIN_LEN);
    memset(old, 7, sizeof(old));
    assert_memory_not_equal(back.domain, old, sizeof(old));
    assert_same_management(&back, &vault);

    /* the name is taken */
    fill(&back, &policy, ranges);
    assert_int_equal(vc_vault_replace(f->session, f->arena, &back, &err),
        VC_CONFLICT);

    stale = vault.revision;
    vault.tags = VC_STR("{}");
    vault.network.range_count = 0;
    assert_int_equal(vc_vault_replace(f->session, f->arena, &vault, &err),
        VC_OK);
    assert_int_equal(get(f, "everything", &back), VC_OK);
    assert_true(vc_str_eq(back.tags, VC_STR("{}")));
    assert_int_equal(back.network.range_count, 0);
    assert_memory_equal(back.domain, vault.domain, VC_DOMAIN_LEN);

    vault.revision = stale;
    assert_int_equal(vc_vault_replace(f->session, f->arena, &vault, &err),
        VC_CONFLICT);

    /* a change by vaultctl is nobody's, and keeps all else */
    assert_int_equal(vc_vault_delete(f->session, f->arena, VC_STR("Everything"),
                         &back, &err),
        VC_OK);
    assert_string_equal(back.modified_by, "");
    assert_string_equal(back.created_by, ALICE);
    assert_true(back.rbac && back.modified > 2000);

    vc_buf_fixed(&id, text, sizeof(text));
    vc_vault_resource_id(&back, VC_STR("s-1"), &id);
    assert_true(vc_str_eq(vc_buf_view(&id),
        VC_STR("/subscriptions/s-1/resourceGroups/Group-1/providers/"
               "Microsoft.KeyVault/vaults/Everything")));
}


static void
test_policies(void **state)
{
    size_t            i;
    char              guid[VC_GUID_LEN + 1];
    uint32_t          bits[VC_FAMILY_COUNT] = {VC_SECRETS_GET, 0, 0, 0};
    uint32_t          none[VC_FAMILY_COUNT] = {0, 0, 0, 0};
    vaults_t         *f = *state;
    vc_str_t          name = VC_STR("policies");
    vc_error_t        err;
    vc_vault_t        vault;
    const vc_vault_t *cached;
    vc_vault_cache_t *cache;

    assert_int_equal(vc_vault_set_policy(f->session, f->arena, name,
                         VC_STR(ALICE), VC_STR_NULL, bits, &vault, &err),
        VC_VAULT_NOT_FOUND);
    assert_int_equal(create(f, "policies", 0, false, &vault), VC_OK);
    assert_int_equal(vc_vault_set_policy(f->session, f->arena, name,
                         VC_STR("alice"), VC_STR_NULL, bits, &vault, &err),
        VC_BAD_PARAMETER);

    assert_int_equal(vc_vault_cache_create(4, VC_STR(ALICE), &cache), VC_OK);
    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_vault_cache_get(cache, f->session, name, &cached),
        VC_OK);
    assert_int_equal(cached->policy_count, 0);
    vc_session_end(f->session);

    assert_int_equal(vc_vault_set_policy(f->session, f->arena, name,
                         VC_STR(ALICE), VC_STR_NULL, bits, &vault, &err),
        VC_OK);

    /* a cache sees the change with its next snapshot */
    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_vault_cache_get(cache, f->session, name, &cached),
        VC_OK);
    assert_int_equal(cached->policy_count, 1);
    assert_int_equal(cached->policies[0].permissions[0], VC_SECRETS_GET);
    vc_session_end(f->session);
    vc_vault_cache_destroy(cache);

    assert_int_equal(vc_vault_set_policy(f->session, f->arena, name,
                         VC_STR(ALICE), VC_STR_NULL, none, &vault, &err),
        VC_OK);
    assert_int_equal(vault.policy_count, 0);

    for (i = 0; i < VC_POLICIES_MAX; i++) {
        (void) snprintf(guid, sizeof(guid), "00000000-0000-0000-0000-%012zu",
            i);
        assert_int_equal(vc_vault_set_policy(f->session, f->arena, name,
                             vc_str(guid), VC_STR_NULL, bits, &vault, &err),
            VC_OK);
        vc_arena_reset(f->arena);
    }

    assert_int_equal(vc_vault_set_policy(f->session, f->arena, name,
                         VC_STR(ALICE), VC_STR_NULL, bits, &vault, &err),
        VC_BAD_PARAMETER);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_installation_once),
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_delete_recover_purge),
        cmocka_unit_test(test_purge_protection),
        cmocka_unit_test(test_sealing_key),
        cmocka_unit_test(test_replace),
        cmocka_unit_test(test_policies),
    };

    return cmocka_run_group_tests(tests, vaults_setup, vaults_teardown);
}
