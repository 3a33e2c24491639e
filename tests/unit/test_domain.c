/* domains: their keys, and the ciphers that sessions keep of them */

#include "test_sealed_support.h"


static void
test_destroyed_domain(void **state)
{
    vc_str_t      out;
    vc_batch_t   *batch;
    vc_session_t *other;

    (void) state;

    assert_int_equal(vc_session_create(test.vaultstore, &other), VC_OK);
    assert_int_equal(put(domain_a, "h1", "the value"), VC_OK);
    assert_int_equal(put(domain_b, "h2", "kept"), VC_OK);

    /* both sessions have the cipher ready */
    assert_int_equal(get_in(other, domain_a, "h1", &out), VC_OK);
    assert_opens(domain_a, "h1", "the value");

    batch = vc_batch_create(test.arena);
    vc_domain_destroy(batch, domain_a);
    assert_int_equal(commit(batch), VC_OK);

    assert_int_equal(get(domain_a, "h1", &out), VC_NOT_FOUND);
    assert_int_equal(get_in(other, domain_a, "h1", &out), VC_NOT_FOUND);
    assert_int_equal(put(domain_a, "h3", "x"), VC_NOT_FOUND);
    assert_int_equal(get_in(other, domain_b, "h2", &out), VC_OK);

    /* a domain made again has another key */
    create_domain(domain_a);
    assert_int_equal(get(domain_a, "h1", &out), VC_UNSEAL_FAILED);

    vc_session_destroy(other);
}


static void
test_domain_and_records_in_one_batch(void **state)
{
    static const uint8_t domain[VC_DOMAIN_LEN] = "domain-c-0123456";

    vc_batch_t *batch;

    (void) state;

    batch = vc_batch_create(test.arena);
    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);
    assert_int_equal(vc_sealed_put(test.session, domain, batch, VC_STR("h1"),
                         VC_REVISION_NONE, VC_STR("too soon"), 0),
        VC_NOT_FOUND);
    assert_int_equal(vc_domain_create(test.session, test.arena, batch, domain),
        VC_OK);
    assert_int_equal(vc_sealed_put(test.session, domain, batch, VC_STR("h1"),
                         VC_REVISION_NONE, VC_STR("one"), 5),
        VC_OK);
    assert_int_equal(vc_sealed_put(test.session, domain, batch, VC_STR("h2"),
                         VC_REVISION_NONE, VC_STR("two"), 0),
        VC_OK);
    vc_session_end(test.session);
    assert_int_equal(commit(batch), VC_OK);

    assert_opens(domain, "h1", "one");
    assert_opens(domain, "h2", "two");
    assert_int_equal(seal_count(domain), 2);

    /* a domain is made once */
    batch = vc_batch_create(test.arena);
    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);
    assert_int_equal(vc_domain_create(test.session, test.arena, batch, domain),
        VC_OK);
    vc_session_end(test.session);
    assert_int_equal(commit(batch), VC_CONFLICT);
}


static void
test_keys_are_replaced(void **state)
{
    char        key[8];
    size_t      i;
    vc_batch_t *batch;

    (void) state;

    vc_seal_limit = 3;

    for (i = 1; i <= 9; i++) {
        (void) snprintf(key, sizeof(key), "h%zu", i);
        assert_int_equal(put(domain_a, key, key), VC_OK);
    }

    /* four by one key, for the count is looked at before each seal */
    assert_int_equal(sealed_by("h1"), 1);
    assert_int_equal(sealed_by("h4"), 1);
    assert_int_equal(sealed_by("h5"), 2);
    assert_int_equal(sealed_by("h8"), 2);
    assert_int_equal(sealed_by("h9"), 3);
    assert_int_equal(seal_count(domain_a), 1);
    assert_non_null(strstr(logged, "replaced"));

    /* several in one batch bring one new key, and all of them open */
    for (i = 1; i <= 3; i++) {
        assert_int_equal(put(domain_a, "h9", "h9"), VC_OK);
    }

    batch = vc_batch_create(test.arena);
    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);

    for (i = 10; i <= 19; i++) {
        (void) snprintf(key, sizeof(key), "h%zu", i);
        assert_int_equal(vc_sealed_put(test.session, domain_a, batch,
                             vc_str(key), VC_REVISION_NONE, vc_str(key), 0),
            VC_OK);
    }

    vc_session_end(test.session);
    assert_int_equal(commit(batch), VC_OK);
    assert_int_equal(sealed_by("h10"), 4);
    assert_int_equal(sealed_by("h19"), 4);
    assert_int_equal(seal_count(domain_a), 10);

    close_vaultstore();
    assert_int_equal(open_vaultstore(), VC_OK);

    for (i = 1; i <= 19; i++) {
        (void) snprintf(key, sizeof(key), "h%zu", i);
        assert_opens(domain_a, key, key);
    }

    /* of two that replace a key at the same time, one has to try again */
    vc_seal_limit = 0;
    batch = vc_batch_create(test.arena);
    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);
    assert_int_equal(vc_sealed_put(test.session, domain_a, batch, VC_STR("h1"),
                         VC_REVISION_ANY, VC_STR("late"), 0),
        VC_OK);
    vc_session_end(test.session);
    assert_int_equal(put(domain_a, "h2", "first"), VC_OK);
    assert_int_equal(commit(batch), VC_CONFLICT);
    assert_opens(domain_a, "h1", "h1");
    assert_opens(domain_a, "h2", "first");
}


static vc_batch_t *
replacing_batch(const uint8_t *domain, uint32_t *key_id)
{
    vc_batch_t *batch;

    batch = vc_batch_create(test.arena);
    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);
    assert_int_equal(vc_domain_replace_key(test.session, batch, domain, key_id),
        VC_OK);
    vc_session_end(test.session);

    return batch;
}


static void
test_key_is_replaced_at_once(void **state)
{
    uint32_t       first, second;
    vc_batch_t    *batch, *late;
    const uint8_t *unknown = (const uint8_t *) "no such domain..";

    (void) state;

    assert_int_equal(put(domain_a, "h1", "old"), VC_OK);
    assert_int_equal(put(domain_b, "h2", "other"), VC_OK);

    batch = replacing_batch(domain_a, &first);
    late = replacing_batch(domain_a, &second);
    assert_int_equal(first, 2);
    assert_int_equal(second, 2);
    assert_int_equal(commit(batch), VC_OK);
    assert_int_equal(commit(late), VC_CONFLICT);
    assert_int_equal(seal_count(domain_a), 0);

    /* new records have the new key, old ones and other domains theirs */
    assert_int_equal(put(domain_a, "h3", "new"), VC_OK);
    assert_int_equal(sealed_by("h3"), 2);
    assert_int_equal(sealed_by("h1"), 1);
    assert_opens(domain_a, "h1", "old");
    assert_opens(domain_a, "h3", "new");
    assert_int_equal(put(domain_b, "h2", "other"), VC_OK);
    assert_int_equal(sealed_by("h2"), 1);

    assert_int_equal(commit(replacing_batch(domain_a, &first)), VC_OK);
    assert_int_equal(first, 3);

    batch = vc_batch_create(test.arena);
    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);
    assert_int_equal(vc_domain_replace_key(test.session, batch, unknown,
                         &first),
        VC_NOT_FOUND);
    vc_session_end(test.session);

    close_vaultstore();
    assert_int_equal(open_vaultstore(), VC_OK);
    assert_opens(domain_a, "h1", "old");
    assert_opens(domain_a, "h3", "new");
}


static bool
session_is_empty(void)
{
    size_t                  i;
    const vc_cipher_slot_t *slot;

    slot = &test.session->slots[0][0];

    for (i = 0; i < VC_CIPHER_GROUPS * VC_CIPHER_GROUP_SIZE; i++, slot++) {
        if (slot->cipher != NULL) {
            return false;
        }
    }

    return test.session->root == NULL;
}


static void
test_forget(void **state)
{
    (void) state;

    assert_int_equal(put(domain_a, "h1", "the value"), VC_OK);
    assert_opens(domain_a, "h1", "the value");
    assert_false(session_is_empty());

    vc_session_forget(test.session);
    assert_true(session_is_empty());
    assert_opens(domain_a, "h1", "the value");
    assert_false(session_is_empty());

    /* a record of a class that the epoch does not follow changes nothing */
    put_raw(VC_STR("w1"), VC_STR("x"));
    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);
    assert_false(session_is_empty());
    vc_session_end(test.session);

    put_raw(VC_STR("p1"), VC_STR("x"));
    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);
    assert_true(session_is_empty());
    vc_session_end(test.session);
}


/* more domains than ciphers are kept for */
static void
test_many_domains(void **state)
{
    char        key[16];
    size_t      i, round;
    uint8_t     domain[VC_DOMAIN_LEN] = {0};
    vc_batch_t *batch;

    (void) state;

    batch = vc_batch_create(test.arena);
    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);

    for (i = 1; i <= 600; i++) {
        vc_store_be32(domain + 3, (uint32_t) i);
        (void) snprintf(key, sizeof(key), "h%zu", i);
        assert_int_equal(vc_domain_create(test.session, test.arena, batch,
                             domain),
            VC_OK);
        assert_int_equal(vc_sealed_put(test.session, domain, batch, vc_str(key),
                             VC_REVISION_NONE, vc_str(key), 0),
            VC_OK);
    }

    vc_session_end(test.session);
    assert_int_equal(commit(batch), VC_OK);

    for (round = 0; round < 2; round++) {
        for (i = 1; i <= 600; i++) {
            vc_store_be32(domain + 3, (uint32_t) i);
            (void) snprintf(key, sizeof(key), "h%zu", i);
            assert_opens(domain, key, key);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_destroyed_domain, setup, teardown),
        cmocka_unit_test_setup_teardown(test_domain_and_records_in_one_batch,
            setup, teardown),
        cmocka_unit_test_setup_teardown(test_keys_are_replaced, setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_key_is_replaced_at_once, setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_forget, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_domains, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
