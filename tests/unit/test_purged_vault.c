/*
 * What is left of a purged vault: in the store in use, and in a copy of it
 * from before.  docs/security.md says the same in words.
 */

#include "purge_fixture.h"

#include "crypto/digest.h"
#include "store/sealed_internal.h"

#define DOMAIN_KEY_LEN (4 + 8 + VC_KEY_LEN)
/* more than the numbers that keys have here */
#define KEY_IDS 4


static vc_status_t
get(objects_fixture_t *f, uint8_t state, const char *name, const char *value)
{
    vc_object_t object;
    vc_status_t status;

    status = objects_get(f, state, name, &object);
    if (status == VC_OK) {
        assert_text(object.version.payload, value);
    }

    return status;
}


static vc_status_t
get_kept(purge_fixture_t *p, objects_fixture_t *f)
{
    vc_object_t object;
    vc_status_t status;

    status = vc_object_get(objects_begin_in(f, &p->kept), 'h',
        VC_STR("neighbour"), &object);
    objects_end(f);

    return status;
}


static void
set_kept(purge_fixture_t *p, objects_fixture_t *f)
{
    vc_object_t object;

    memset(&object, 0, sizeof(object));
    object.version.name = VC_STR("neighbour");
    object.version.enabled = true;
    object.version.payload = VC_STR("x");
    assert_int_equal(vc_object_set(objects_begin_in(f, &p->kept), &object),
        VC_OK);
    objects_end(f);
}


static void
assert_all_there(purge_fixture_t *p, objects_fixture_t *f)
{
    size_t i;

    for (i = 0; i < PURGE_PLACES; i++) {
        assert_true(vc_str_eq(purge_raw(p, f, &p->records[i].key),
            p->records[i].sealed));
    }
}


/* what an operator must know: the purge does not reach copies */
static void
test_a_copy_keeps_its_key(void **state)
{
    vc_object_t      object;
    purge_fixture_t *p = *state;

    purge_vault(p);
    purge_sweep(p);

    assert_all_there(p, &p->copy);
    assert_int_equal(get(&p->copy, 'h', "n", "the value"), VC_OK);
    assert_int_equal(get(&p->copy, 'd', "d", "a deleted value"), VC_OK);
    assert_int_equal(objects_get_version(&p->copy, "n", p->earlier.id, &object),
        VC_OK);
    assert_text(object.version.payload, "the first value");
}


/* every call of the library that could give a value */
static void
assert_closed(purge_fixture_t *p, objects_fixture_t *f, vc_status_t expected)
{
    size_t      i;
    vc_buf_t    blob;
    vc_page_t   page;
    vc_object_t object;
    vc_record_t record;
    vc_status_t status;

    assert_int_equal(get(f, 'h', "n", ""), expected);
    assert_int_equal(get(f, 'd', "d", ""), expected);
    assert_int_equal(objects_get_version(f, "n", p->earlier.id, &object),
        expected);
    assert_int_equal(objects_recover(f, "d"), expected);
    assert_int_equal(vc_object_list(objects_begin(f), 'h', VC_STR_NULL, 25,
                         &page),
        expected);
    objects_end(f);

    vc_buf_init(&blob, f->arena, 0);
    assert_int_equal(vc_object_backup(objects_begin(f), VC_STR("n"), &blob),
        expected);
    objects_end(f);
    assert_int_equal(blob.len, 0);

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);

    for (i = 0; i < PURGE_PLACES; i++) {
        status = vc_sealed_get(f->session, f->vault.domain,
            vc_key_view(&p->records[i].key), f->arena, &record);
        assert_int_equal(status, expected);
    }

    vc_session_end(f->session);
}


/* by the root domain, and by that of the other vault */
static void
assert_other_domains_do_not_open(purge_fixture_t *p, objects_fixture_t *f)
{
    size_t   i;
    vc_str_t out;

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);

    for (i = 0; i < PURGE_PLACES; i++) {
        assert_int_not_equal(vc_sealed_open(f->session, NULL,
                                 vc_key_view(&p->records[i].key),
                                 p->records[i].sealed, f->arena, &out),
            VC_OK);
        assert_int_not_equal(vc_sealed_open(f->session, p->kept.domain,
                                 vc_key_view(&p->records[i].key),
                                 p->records[i].sealed, f->arena, &out),
            VC_OK);
    }

    vc_session_end(f->session);
}


/* whether a key opens a record, under whichever number it may have had */
static bool
opens(const uint8_t key[VC_KEY_LEN], const purge_record_t *record)
{
    bool         opened;
    size_t       len;
    uint8_t      plain[1024];
    uint32_t     key_id;
    vc_cipher_t *cipher;

    assert_in_range(record->sealed.len, 1, sizeof(plain));
    opened = false;

    for (key_id = 0; key_id < KEY_IDS; key_id++) {
        assert_int_equal(vc_cipher_create(key, key_id, &cipher), VC_OK);
        opened |= vc_cipher_open(cipher, vc_key_view(&record->key),
                      record->sealed, plain, &len)
                  == VC_OK;
        vc_cipher_destroy(cipher);
    }

    return opened;
}


static size_t
opened_by(const purge_fixture_t *p, const uint8_t key[VC_KEY_LEN])
{
    size_t i, count;

    for (i = 0, count = 0; i < PURGE_PLACES; i++) {
        count += opens(key, &p->records[i]);
    }

    return count;
}


/* how many records the keys of a list open, all of them together */
static size_t
opened_by_list(const purge_fixture_t *p, vc_str_t list)
{
    size_t i, count;

    assert_true(list.len != 0 && list.len % DOMAIN_KEY_LEN == 0);

    for (i = 0, count = 0; i < list.len; i += DOMAIN_KEY_LEN) {
        count += opened_by(p, list.data + i + 4 + 8);
    }

    return count;
}


/* each key that whoever has the copy and the seal can get at */
static void
assert_no_key_opens(purge_fixture_t *p, objects_fixture_t *f)
{
    size_t       i, vaults;
    uint8_t      key[VC_KEY_LEN];
    vc_str_t     place, list;
    vc_record_t  record;
    vc_cursor_t *cursor;

    static const char *const purposes[] = {"records", "backup", "paging"};

    assert_int_equal(opened_by(p, f->store->root), 0);

    for (i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++) {
        assert_int_equal(vc_vaultstore_derive(f->store, purposes[i], key),
            VC_OK);
        assert_int_equal(opened_by(p, key), 0);
    }

    vaults = 0;
    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_cursor_open(vc_session_snapshot(f->session), f->arena,
                         VC_STR("k"), VC_STR_NULL, &cursor),
        VC_OK);

    while (vc_cursor_next(cursor, &place, &record) == VC_OK) {
        assert_int_equal(vc_sealed_open(f->session, NULL, place, record.payload,
                             f->arena, &list),
            VC_OK);
        assert_int_equal(opened_by_list(p, list), 0);
        vaults++;
    }

    vc_cursor_close(cursor);
    vc_session_end(f->session);
    assert_int_equal(vaults, 1);
}


static void
test_a_copy_whose_key_is_destroyed(void **state)
{
    vc_batch_t        *batch;
    vc_vault_t         vault;
    purge_fixture_t   *p = *state;
    objects_fixture_t *f = &p->copy;

    set_kept(p, f);
    assert_int_equal(get(f, 'h', "n", "the value"), VC_OK);
    purge_vault(p);
    purge_keys_of_copy(p);

    assert_all_there(p, f);
    assert_closed(p, f, VC_NOT_FOUND);
    assert_other_domains_do_not_open(p, f);
    assert_no_key_opens(p, f);
    assert_int_equal(get_kept(p, f), VC_OK);

    /* nor does a new key for the vault help */
    batch = vc_batch_create(f->arena);
    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_domain_create(f->session, f->arena, batch,
                         f->vault.domain),
        VC_OK);
    vc_session_end(f->session);
    assert_int_equal(vc_store_commit(vc_vaultstore_store(f->store), batch, NULL,
                         &f->err),
        VC_OK);
    assert_closed(p, f, VC_UNSEAL_FAILED);
    assert_int_equal(get_kept(p, f), VC_OK);

    /* what the vault was like is sealed by the root key, and still opens */
    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_vault_get(f->session, f->arena, VC_STR("demo"), &vault),
        VC_OK);
    assert_string_equal(vault.name, "demo");
    vc_session_end(f->session);
}


/* the same tools find the key in the copy that has it: they can fail */
static void
test_the_key_of_a_copy_opens(void **state)
{
    vc_str_t           list;
    purge_fixture_t   *p = *state;
    objects_fixture_t *f = &p->copy;

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_sealed_open(f->session, NULL, vc_key_view(&p->keys.key),
                         p->keys.sealed, f->arena, &list),
        VC_OK);
    vc_session_end(f->session);
    assert_int_equal(opened_by_list(p, list), PURGE_PLACES);
}


/* a backup is sealed by a key of the installation, not of the vault */
static void
test_a_backup_survives(void **state)
{
    vc_object_t        object;
    purge_fixture_t   *p = *state;
    objects_fixture_t *f = &p->live;

    purge_vault(p);
    purge_sweep(p);
    assert_int_equal(vc_object_restore(objects_begin_in(f, &p->kept), p->backup,
                         &object),
        VC_OK);
    objects_end(f);
    assert_text(object.version.payload, "the value");
}


/* the sealed list of a vault's keys, found in a file, opens with the seal */
static void
assert_key_in_free_pages(purge_fixture_t *p, objects_fixture_t *f)
{
    vc_str_t list;

    assert_null(purge_raw(p, f, &p->keys.key).data);
    assert_true(purge_in_file(f, "store", p->keys.sealed));

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_sealed_open(f->session, NULL, vc_key_view(&p->keys.key),
                         p->keys.sealed, f->arena, &list),
        VC_OK);
    vc_session_end(f->session);
    assert_int_equal(opened_by_list(p, list), PURGE_PLACES);
}


/* written anew, record by record, the store has nothing of it in any page */
static void
assert_gone_when_rewritten(purge_fixture_t *p)
{
    size_t      i;
    char        command[320];
    const char *folder = p->live.directory.path;

    (void) snprintf(command, sizeof(command),
        "mkdir %s/anew && mdb_dump -a %s/store | mdb_load %s/anew 2> %s/said",
        folder, folder, folder, folder);
    assert_int_equal(system(command), 0);
    assert_false(purge_in_file(&p->live, "anew", p->keys.sealed));

    for (i = 0; i < PURGE_PLACES; i++) {
        assert_false(purge_in_file(&p->live, "anew", p->records[i].sealed));
    }

    purge_close(&p->copy);
    purge_open(&p->copy, "anew");
    assert_int_equal(get_kept(p, &p->copy), VC_OK);
}


static void
test_the_store_in_use(void **state)
{
    size_t             i;
    purge_fixture_t   *p = *state;
    objects_fixture_t *f = &p->live;

    set_kept(p, f);
    purge_vault(p);
    assert_all_there(p, f);
    assert_closed(p, f, VC_NOT_FOUND);
    assert_no_key_opens(p, f);

    /* LMDB writes changed pages elsewhere and leaves the old ones as they
       are until it needs room */
    assert_key_in_free_pages(p, f);
    purge_sweep(p);

    for (i = 0; i < PURGE_PLACES; i++) {
        assert_null(purge_raw(p, f, &p->records[i].key).data);
        assert_true(purge_in_file(f, "store", p->records[i].sealed));
    }

    assert_gone_when_rewritten(p);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_copy_keeps_its_key, purge_setup,
            purge_teardown),
        cmocka_unit_test_setup_teardown(test_a_copy_whose_key_is_destroyed,
            purge_setup, purge_teardown),
        cmocka_unit_test_setup_teardown(test_the_key_of_a_copy_opens,
            purge_setup, purge_teardown),
        cmocka_unit_test_setup_teardown(test_a_backup_survives, purge_setup,
            purge_teardown),
        cmocka_unit_test_setup_teardown(test_the_store_in_use, purge_setup,
            purge_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
