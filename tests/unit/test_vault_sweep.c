/* what ends with a vault, and what time removes of it */

#include "vault_fixture.h"

#include "base/clock.h"


/* runs all that is due at a time, as a worker's timer does */
static void
sweep(vaults_t *f, int64_t now)
{
    size_t     i, count, round;
    vc_str_t   keys[16];
    vc_error_t err;

    for (round = 0; round < 50; round++) {
        assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
        assert_int_equal(vc_snapshot_due(vc_session_snapshot(f->session), now,
                             0, f->arena, keys, 16, &count),
            VC_OK);
        vc_session_end(f->session);

        if (count == 0) {
            return;
        }

        for (i = 0; i < count; i++) {
            assert_int_equal(vc_vault_sweep(f->session, f->arena, keys[i], now,
                                 &err),
                VC_OK);
        }
    }

    fail_msg("what is due never ends");
}


/* a record beside a vault's own, as others write them */
static void
put_record(vaults_t *f, const vc_key_t *key)
{
    vc_error_t  err;
    vc_batch_t *batch;

    batch = vc_batch_create(f->arena);
    vc_batch_put(batch, vc_key_view(key), VC_REVISION_NONE, VC_STR("x"), 0);
    assert_int_equal(vc_store_commit(vc_vaultstore_store(f->store), batch, NULL,
                         &err),
        VC_OK);
}


static bool
has_record(vaults_t *f, const vc_key_t *key)
{
    vc_record_t record;
    vc_status_t status;

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    status = vc_snapshot_get(vc_session_snapshot(f->session), vc_key_view(key),
        &record);
    vc_session_end(f->session);

    return status == VC_OK;
}


/* the key of a role assignment at a vault */
static vc_key_t
role_key(const vc_vault_t *vault)
{
    vc_key_t key;

    key = vc_key_vault_roles(vault->domain);
    key.data[key.len++] = 'i';

    return key;
}


/* role assignments end with the deletion, settings with the purge */
static void
test_what_ends_with_a_vault(void **state)
{
    vaults_t  *f = *state;
    vc_key_t   role, other, setting;
    vc_str_t   name = VC_STR("ending");
    vc_error_t err;
    vc_vault_t vault, neighbour;

    assert_int_equal(create(f, "ending", 7, false, &vault), VC_OK);
    assert_int_equal(create(f, "neighbour", 7, false, &neighbour), VC_OK);
    role = role_key(&vault);
    other = role_key(&neighbour);
    setting = vc_key_diagnostic(vault.domain, VC_STR("setting"));
    put_record(f, &role);
    put_record(f, &other);
    put_record(f, &setting);

    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_OK);
    assert_false(has_record(f, &role));
    assert_true(has_record(f, &other));
    assert_true(has_record(f, &setting));

    assert_int_equal(vc_vault_recover(f->session, f->arena, name, &vault, &err),
        VC_OK);
    put_record(f, &role);

    /* deleted by way of a replacement */
    vault.deleted = vc_now();
    vault.scheduled_purge = vault.deleted + 7 * DAY;
    assert_int_equal(vc_vault_replace(f->session, f->arena, &vault, &err),
        VC_OK);
    assert_false(has_record(f, &role));

    assert_int_equal(vc_vault_purge(f->session, f->arena, name, &err), VC_OK);
    sweep(f, vc_now());
    assert_false(has_record(f, &setting));
    assert_true(has_record(f, &other));
}


static uint64_t
record_count(vaults_t *f)
{
    vc_store_info_t info;

    assert_int_equal(vc_store_info(vc_vaultstore_store(f->store), &info),
        VC_OK);

    return info.records;
}


/* what was sealed in a vault cannot be opened, and is removed, after purge */
static void
test_scheduled_purge(void **state)
{
    size_t      i;
    vaults_t   *f = *state;
    uint64_t    before;
    vc_key_t    key;
    vc_str_t    name = VC_STR("doomed");
    vc_error_t  err;
    vc_vault_t  vault;
    vc_batch_t *batch;
    vc_record_t record;

    sweep(f, vc_now() + 8 * DAY); /* what other tests have left */
    before = record_count(f);
    assert_int_equal(create(f, "doomed", 7, true, &vault), VC_OK);

    batch = vc_batch_create(f->arena);
    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);

    for (i = 0; i < 2500; i++) {
        char object[16];

        (void) snprintf(object, sizeof(object), "N%zu", i);
        key = vc_key_object('h', vault.domain, 's', vc_str(object));
        assert_int_equal(vc_sealed_put(f->session, vault.domain, batch,
                             vc_key_view(&key), VC_REVISION_NONE,
                             VC_STR("plain"), 0),
            VC_OK);
    }

    vc_session_end(f->session);
    assert_int_equal(vc_store_commit(vc_vaultstore_store(f->store), batch, NULL,
                         &err),
        VC_OK);

    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_OK);

    sweep(f, vc_now() + 6 * DAY);
    assert_int_equal(get(f, "doomed", &vault), VC_OK);

    sweep(f, vc_now() + 8 * DAY);
    assert_int_equal(get(f, "doomed", &vault), VC_NOT_FOUND);

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_sealed_get(f->session, vault.domain, vc_key_view(&key),
                         f->arena, &record),
        VC_NOT_FOUND);
    vc_session_end(f->session);

    assert_int_equal(record_count(f), before);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_ends_with_a_vault),
        cmocka_unit_test(test_scheduled_purge),
    };

    return cmocka_run_group_tests(tests, vaults_setup, vaults_teardown);
}
