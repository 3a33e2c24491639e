/* sealed records: what lies in the store is bound to its key and its place */

#include "test_sealed_support.h"


static void
test_misuse(void **state)
{
    static const uint8_t zero[VC_DOMAIN_LEN];

    vc_str_t    out;
    vc_batch_t *batch;
    vc_record_t record;

    (void) state;

    vc_session_destroy(NULL);
    vc_vaultstore_close(NULL);

    assert_int_equal(vc_vaultstore_create(test.store_path, 0, NULL, NULL),
        VC_INVALID);
    assert_int_equal(vc_vaultstore_open(test.store_path, 0, 0, NULL,
                         &test.vaultstore, NULL),
        VC_INVALID);

    /* without a snapshot there is nothing to read or to seal by */
    batch = vc_batch_create(test.arena);
    assert_int_equal(vc_sealed_get(test.session, NULL, VC_STR("h"), test.arena,
                         &record),
        VC_INVALID);
    assert_int_equal(vc_sealed_open(test.session, NULL, VC_STR("h"),
                         VC_STR("x"), test.arena, &out),
        VC_INVALID);
    assert_int_equal(vc_sealed_put(test.session, NULL, batch, VC_STR("h"),
                         VC_REVISION_ANY, VC_STR("x"), 0),
        VC_INVALID);

    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);
    assert_int_equal(vc_session_begin(test.session, &test.err), VC_INVALID);
    assert_int_equal(vc_sealed_put(test.session, NULL, NULL, VC_STR("h"),
                         VC_REVISION_ANY, VC_STR("x"), 0),
        VC_NO_MEMORY);
    assert_int_equal(vc_domain_create(test.session, test.arena, NULL, domain_a),
        VC_NO_MEMORY);
    assert_int_equal(vc_domain_create(test.session, test.arena, batch, zero),
        VC_INVALID);
    vc_session_end(test.session);
}


static void
test_wrong_seal(void **state)
{
    char       path[100];
    vc_seal_t *mine;
    vc_seal_t *other;

    (void) state;

    close_vaultstore();
    (void) snprintf(path, sizeof(path), "%s/other", test.directory.path);
    assert_int_equal(vc_seal_file_create(path, NULL), VC_OK);
    assert_int_equal(vc_seal_file_open(path, &other, NULL), VC_OK);

    mine = test.seal;
    test.seal = other;
    assert_int_equal(open_vaultstore(), VC_UNSEAL_FAILED);
    assert_non_null(strstr(test.err.message, test.store_path));
    test.seal = mine;
    vc_seal_close(other);

    assert_int_equal(open_vaultstore(), VC_OK);
}


static void
test_create_once(void **state)
{
    vc_store_t *store;

    (void) state;

    assert_int_equal(open_vaultstore(), VC_NOT_FOUND);

    /* one whose making was cut short before its root key is finished */
    assert_int_equal(vc_store_open(test.store_path, TEST_STORE_SIZE,
                         VC_STORE_CREATE, &store, NULL),
        VC_OK);
    vc_store_close(store);
    assert_int_equal(open_vaultstore(), VC_NOT_FOUND);
    assert_non_null(strstr(test.err.message, "root key"));

    assert_int_equal(vc_vaultstore_create(test.store_path, TEST_STORE_SIZE,
                         test.seal, &test.err),
        VC_OK);
    assert_int_equal(vc_vaultstore_create(test.store_path, TEST_STORE_SIZE,
                         test.seal, &test.err),
        VC_CONFLICT);
    assert_non_null(strstr(test.err.message, test.store_path));
    assert_int_equal(open_vaultstore(), VC_OK);
}


static void
test_derived_keys(void **state)
{
    uint8_t a[VC_KEY_LEN], b[VC_KEY_LEN];

    (void) state;

    assert_int_equal(vc_vaultstore_derive(test.vaultstore, "paging", a), VC_OK);
    assert_int_equal(vc_vaultstore_derive(test.vaultstore, "backup", b), VC_OK);
    assert_memory_not_equal(a, b, sizeof(a));

    close_vaultstore();
    assert_int_equal(open_vaultstore(), VC_OK);
    assert_int_equal(vc_vaultstore_derive(test.vaultstore, "paging", b), VC_OK);
    assert_memory_equal(a, b, sizeof(a));
}


static void
test_round_trip(void **state)
{
    char     large[25601];
    vc_str_t out;

    (void) state;

    memset(large, 'L', sizeof(large));
    large[sizeof(large) - 1] = '\0';

    assert_int_equal(put(domain_a, "h1", "the value"), VC_OK);
    assert_int_equal(put(domain_b, "h2", ""), VC_OK);
    assert_int_equal(put(domain_b, "h3", large), VC_OK);
    assert_int_equal(put(NULL, "p1", "a principal"), VC_OK);

    assert_opens(domain_a, "h1", "the value");
    assert_opens(domain_b, "h2", "");
    assert_opens(domain_b, "h3", large);
    assert_opens(NULL, "p1", "a principal");
    assert_int_equal(get(domain_a, "h9", &out), VC_NOT_FOUND);

    assert_int_equal(raw(VC_STR("h1")).len, 9 + VC_SEALED_OVERHEAD);
    assert_memory_not_equal(raw(VC_STR("h1")).data + 17, "the value", 9);

    close_vaultstore();
    assert_int_equal(open_vaultstore(), VC_OK);
    assert_opens(domain_a, "h1", "the value");
    assert_opens(NULL, "p1", "a principal");
}


static void
test_each_changed_byte_is_noticed(void **state)
{
    size_t   i;
    uint8_t  copy[256];
    vc_str_t whole, out;

    (void) state;

    assert_int_equal(put(domain_a, "h1", "the value"), VC_OK);
    whole = raw(VC_STR("h1"));

    for (i = 0; i < whole.len; i++) {
        memcpy(copy, whole.data, whole.len);
        copy[i] ^= 1;
        put_raw(VC_STR("h1"), (vc_str_t){copy, whole.len});
        logged[0] = '\0';
        assert_int_equal(get(domain_a, "h1", &out), VC_UNSEAL_FAILED);
        assert_non_null(strstr(logged, "class 'h'"));
    }

    for (i = 0; i < whole.len; i++) {
        put_raw(VC_STR("h1"), (vc_str_t){whole.data, i});
        assert_int_equal(get(domain_a, "h1", &out), VC_UNSEAL_FAILED);
    }

    put_raw(VC_STR("h1"), whole);
    assert_opens(domain_a, "h1", "the value");
}


static void
test_moved_records_do_not_open(void **state)
{
    vc_key_t key_a, key_b;
    vc_str_t out;

    (void) state;

    assert_int_equal(put(domain_a, "h1", "the value"), VC_OK);
    assert_int_equal(put(NULL, "p1", "a principal"), VC_OK);

    put_raw(VC_STR("h2"), raw(VC_STR("h1")));
    put_raw(VC_STR("d1"), raw(VC_STR("h1")));
    put_raw(VC_STR("p2"), raw(VC_STR("p1")));
    assert_int_equal(get(domain_a, "h2", &out), VC_UNSEAL_FAILED);
    assert_int_equal(get(domain_a, "d1", &out), VC_UNSEAL_FAILED);
    assert_int_equal(get(NULL, "p2", &out), VC_UNSEAL_FAILED);

    /* nor in another domain, under its own name */
    assert_int_equal(get(domain_b, "h1", &out), VC_UNSEAL_FAILED);
    assert_int_equal(get(NULL, "h1", &out), VC_UNSEAL_FAILED);

    /* nor does a domain take another's keys */
    key_a = vc_key_sealing(domain_a);
    key_b = vc_key_sealing(domain_b);
    put_raw(vc_key_view(&key_b), raw(vc_key_view(&key_a)));
    assert_int_equal(get(domain_b, "h1", &out), VC_UNSEAL_FAILED);
    assert_non_null(strstr(logged, "class 'h'"));
    assert_int_equal(put(domain_b, "h5", "x"), VC_UNSEAL_FAILED);
    assert_opens(domain_a, "h1", "the value");
}


static void
test_open_what_a_cursor_returns(void **state)
{
    size_t       n;
    vc_str_t     key, text;
    vc_cursor_t *cursor;
    vc_record_t  record;

    (void) state;

    assert_int_equal(put(domain_a, "h1", "one"), VC_OK);
    assert_int_equal(put(domain_a, "h2", "two"), VC_OK);

    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);
    assert_int_equal(vc_cursor_open(vc_session_snapshot(test.session),
                         test.arena, VC_STR("h"), VC_STR_NULL, &cursor),
        VC_OK);

    for (n = 0; vc_cursor_next(cursor, &key, &record) == VC_OK; n++) {
        assert_int_equal(vc_sealed_open(test.session, domain_a, key,
                             record.payload, test.arena, &text),
            VC_OK);
        assert_true(vc_str_eq(text, n == 0 ? VC_STR("one") : VC_STR("two")));
    }

    assert_int_equal(n, 2);
    vc_cursor_close(cursor);
    vc_session_end(test.session);
}


/* a snapshot is kept while nothing is committed, and not a moment longer */
static void
test_hold(void **state)
{
    vc_record_t    record;
    vc_snapshot_t *held;
    vc_session_t  *session;

    (void) state;

    assert_int_equal(put(domain_a, "h1", "one"), VC_OK);
    assert_int_equal(vc_session_create(test.vaultstore, &session), VC_OK);

    assert_int_equal(vc_session_hold(session, NULL), VC_OK);
    held = vc_session_snapshot(session);
    assert_true(vc_snapshot_is_newest(held));
    assert_int_equal(vc_session_hold(session, NULL), VC_OK);
    assert_ptr_equal(vc_session_snapshot(session), held);

    assert_int_equal(put(domain_a, "h1", "two"), VC_OK);
    assert_false(vc_snapshot_is_newest(held));
    assert_int_equal(vc_session_hold(session, NULL), VC_OK);
    assert_int_equal(vc_sealed_get(session, domain_a, VC_STR("h1"), test.arena,
                         &record),
        VC_OK);
    assert_true(vc_str_eq(record.payload, VC_STR("two")));
    assert_true(vc_snapshot_is_newest(vc_session_snapshot(session)));

    vc_session_end(session);
    assert_null(vc_session_snapshot(session));
    vc_session_end(session);
    vc_session_destroy(session);
}


static void
test_inspect(void **state)
{
    vc_session_t    *session;
    vc_vaultstore_t *vaultstore;

    (void) state;

    assert_int_equal(put(domain_a, "h1", "one"), VC_OK);
    close_vaultstore();

    assert_int_equal(vc_vaultstore_open(test.store_path, 0, VC_STORE_INSPECT,
                         test.seal, &vaultstore, &test.err),
        VC_OK);
    assert_int_equal(vc_session_create(vaultstore, &session), VC_OK);
    assert_ptr_equal(vc_session_vaultstore(session), vaultstore);
    vc_session_destroy(session);
    vc_vaultstore_close(vaultstore);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_misuse, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrong_seal, setup, teardown),
        cmocka_unit_test_setup_teardown(test_create_once, setup_empty,
            teardown),
        cmocka_unit_test_setup_teardown(test_derived_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_each_changed_byte_is_noticed,
            setup, teardown),
        cmocka_unit_test_setup_teardown(test_moved_records_do_not_open, setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_open_what_a_cursor_returns, setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_hold, setup, teardown),
        cmocka_unit_test_setup_teardown(test_inspect, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
