/* vaults/vault_codec.h: what is stored of a vault */

#include "vault_fixture.h"

#include "vaults/vault_codec.h"


static void
test_codec(void **state)
{
    size_t      cut;
    vaults_t   *f = *state;
    vc_buf_t    plain;
    vc_str_t    view;
    vc_range_t  ranges[2];
    vc_vault_t  vault, back;
    vc_policy_t policy;

    fill(&vault, &policy, ranges);
    vc_buf_init(&plain, f->arena, 512);
    vc_vault_encode(&vault, &plain);
    view = vc_buf_view(&plain);

    assert_int_equal(vc_vault_decode(view, f->arena, &back), VC_OK);
    assert_string_equal(back.name, vault.name);
    assert_int_equal(back.policy_count, 1);
    assert_memory_equal(&back.policies[0], &policy, sizeof(policy));
    assert_same_management(&back, &vault);

    for (cut = 0; cut < view.len; cut++) {
        assert_int_equal(vc_vault_decode((vc_str_t){view.data, cut}, f->arena,
                             &back),
            VC_INVALID);
    }

    vc_buf_u8(&plain, 0);
    assert_int_equal(vc_vault_decode(vc_buf_view(&plain), f->arena, &back),
        VC_INVALID);
    plain.data[0] = 3;
    plain.len--;
    assert_int_equal(vc_vault_decode(vc_buf_view(&plain), f->arena, &back),
        VC_INVALID);
}


/* what the first releases have stored */
static void
test_codec_format_1(void **state)
{
    size_t     i;
    uint8_t    domain[VC_DOMAIN_LEN] = {1, 2, 3};
    vaults_t  *f = *state;
    vc_buf_t   plain;
    vc_vault_t vault;

    vc_buf_init(&plain, f->arena, 512);
    vc_buf_u8(&plain, 1);
    vc_buf_put(&plain, domain, sizeof(domain));
    vc_buf_block(&plain, VC_STR("old"));
    vc_buf_block(&plain, VC_STR(ALICE));
    vc_buf_u32(&plain, 90);
    vc_buf_u8(&plain, 0);
    vc_buf_u64(&plain, 1234);
    vc_buf_u64(&plain, 0);
    vc_buf_u64(&plain, 0);
    vc_buf_u32(&plain, 2);

    for (i = 0; i < 2; i++) {
        vc_buf_block(&plain, VC_STR(ALICE));
        vc_buf_block(&plain, VC_STR_NULL);
        vc_buf_u32(&plain, 1);
        vc_buf_u32(&plain, 2);
        vc_buf_u32(&plain, (uint32_t) i);
    }

    assert_int_equal(vc_vault_decode(vc_buf_view(&plain), f->arena, &vault),
        VC_OK);
    assert_string_equal(vault.name, "old");
    assert_int_equal(vault.policy_count, 2);
    assert_int_equal(vault.policies[1].permissions[VC_FAMILY_KEYS], 2);
    assert_int_equal(vault.policies[1].permissions[VC_FAMILY_CERTIFICATES], 1);
    assert_int_equal(vault.policies[1].permissions[VC_FAMILY_STORAGE], 0);
    assert_string_equal(vault.group, "default");
    assert_true(vc_str_eq(vault.location, VC_STR("local")));
    assert_int_equal(vault.modified, 1234);
    assert_false(vault.rbac || vault.premium || vault.network.has_rules
                 || vault.network.public_disabled);

    vc_buf_u8(&plain, 0);
    assert_int_equal(vc_vault_decode(vc_buf_view(&plain), f->arena, &vault),
        VC_INVALID);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codec),
        cmocka_unit_test(test_codec_format_1),
    };

    return cmocka_run_group_tests(tests, vaults_setup, vaults_teardown);
}
