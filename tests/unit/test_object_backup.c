/* backup blobs: what they keep, and all that must be refused */

#include "object_fixture.h"


static vc_str_t
backup(objects_fixture_t *f, const char *name)
{
    vc_buf_t blob;

    vc_buf_init(&blob, f->arena, 0);
    assert_int_equal(vc_object_backup(objects_begin(f), vc_str(name), &blob),
        VC_OK);
    objects_end(f);

    return vc_buf_view(&blob);
}


static vc_status_t
restore_in(objects_fixture_t *f, const vc_vault_t *vault, vc_str_t blob,
    vc_object_t *out)
{
    vc_status_t status;

    status = vc_object_restore(objects_begin_in(f, vault), blob, out);
    objects_end(f);

    return status;
}


static vc_status_t
restore(objects_fixture_t *f, vc_str_t blob)
{
    vc_object_t object;

    return restore_in(f, &f->vault, blob, &object);
}


static void
test_nothing_to_back_up(void **state)
{
    vc_buf_t           blob;
    objects_fixture_t *f = *state;

    vc_buf_init(&blob, f->arena, 0);
    assert_int_equal(vc_object_backup(objects_begin(f), VC_STR("n"), &blob),
        VC_NOT_FOUND);
    objects_end(f);

    (void) objects_set(f, "n", "v");
    assert_int_equal(objects_delete(f, "n"), VC_OK);
    assert_int_equal(vc_object_backup(objects_begin(f), VC_STR("n"), &blob),
        VC_NOT_FOUND);
    objects_end(f);
    assert_int_equal(blob.len, 0);
}


static void
test_not_a_blob(void **state)
{
    static const char *const texts[] = {"", "A", "AA", "AQ", "====", "not!",
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ",
        "____________________________________________________________________"};

    size_t             i;
    objects_fixture_t *f = *state;

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(restore(f, vc_str(texts[i])), VC_BAD_PARAMETER);
        assert_true(f->err.message[0] != '\0');
    }

    assert_int_equal(restore(f, VC_STR_NULL), VC_BAD_PARAMETER);
}


static void
test_roundtrip(void **state)
{
    size_t             i;
    vc_str_t           blob, again;
    objects_fixture_t *f = *state;
    vc_object_t        object;
    vc_version_t       versions[5];

    for (i = 0; i < 5; i++) {
        char value[16];

        (void) snprintf(value, sizeof(value), "value-%zu", i);
        versions[i] = objects_set(f, (i == 0) ? "Name" : "NAME", value);
    }

    blob = backup(f, "name");
    again = backup(f, "name");
    assert_false(vc_str_eq(blob, again));

    /* taken, live and deleted */
    assert_int_equal(restore_in(f, &f->vault, blob, &object),
        VC_OBJECT_CONFLICT);
    assert_text(object.version.name, "Name");
    assert_int_equal(objects_delete(f, "name"), VC_OK);
    assert_int_equal(restore(f, blob), VC_OBJECT_CONFLICT);
    assert_int_equal(objects_purge(f, "name"), VC_OK);

    assert_int_equal(restore_in(f, &f->vault, blob, &object), VC_OK);
    assert_memory_equal(object.version.id, versions[4].id, VC_VERSION_LEN);
    assert_text(object.version.name, "Name");
    assert_int_equal(restore(f, blob), VC_OBJECT_CONFLICT);

    for (i = 0; i < 5; i++) {
        assert_int_equal(objects_get_version(f, "name", versions[i].id,
                             &object),
            VC_OK);
        assert_text(object.version.name, "Name");
        assert_int_equal(object.version.payload.data[6], '0' + i);
        assert_memory_equal(object.version.previous, versions[i].previous,
            VC_VERSION_LEN);
        assert_true(object.version.created == TEST_NOW);
    }

    assert_int_equal(objects_get(f, 'h', "name", &object), VC_OK);
    assert_text(object.version.payload, "value-4");
}


static void
test_elsewhere(void **state)
{
    vc_str_t           blob;
    objects_fixture_t *f = *state, foreign;
    vc_vault_t         other;
    vc_object_t        object;
    vc_objects_t      *objects;

    (void) objects_set(f, "name", "value");
    blob = backup(f, "name");

    /* another vault of the same tenant and installation takes it */
    other = objects_vault(f, "other", false);
    assert_int_equal(restore_in(f, &other, blob, &object), VC_OK);
    assert_text(object.version.payload, "value");

    /* another tenant, another kind, another installation do not */
    other = objects_vault(f, "third", false);
    memset(other.tenant, '0', 8);
    assert_int_equal(restore_in(f, &other, blob, &object), VC_BAD_PARAMETER);

    assert_int_equal(objects_delete(f, "name"), VC_OK);
    assert_int_equal(objects_purge(f, "name"), VC_OK);
    objects = objects_begin(f);
    objects->kind = VC_KIND_KEY;
    assert_int_equal(vc_object_restore(objects, blob, &object),
        VC_BAD_PARAMETER);
    objects_end(f);

    memset(&foreign, 0, sizeof(foreign));
    objects_open(&foreign);
    memcpy(foreign.vault.tenant, f->vault.tenant, sizeof(f->vault.tenant));
    assert_int_equal(restore(&foreign, blob), VC_BAD_PARAMETER);
    objects_close(&foreign);

    assert_int_equal(restore(f, blob), VC_OK);
}


static void
test_altered(void **state)
{
    size_t             i, max;
    uint8_t           *text, kept;
    vc_str_t           blob, bytes;
    vc_buf_t           encoded;
    objects_fixture_t *f = *state;

    (void) objects_set(f, "name", "one");
    (void) objects_set(f, "name", "two");
    blob = backup(f, "name");
    assert_int_equal(objects_delete(f, "name"), VC_OK);
    assert_int_equal(objects_purge(f, "name"), VC_OK);

    /* each byte of what the text stands for */
    assert_true(vc_base64url_decode(f->arena, blob, &bytes));
    text = (uint8_t *) bytes.data;

    for (i = 0; i < bytes.len; i++) {
        kept = text[i];
        text[i] = (uint8_t) (kept ^ (1U << (i % 8)));
        vc_buf_init(&encoded, f->arena, blob.len);
        vc_base64url_encode(&encoded, bytes);
        assert_int_equal(restore(f, vc_buf_view(&encoded)), VC_BAD_PARAMETER);
        text[i] = kept;
    }

    /* each shorter text, and longer ones */
    for (i = 0; i < blob.len; i++) {
        assert_int_equal(restore(f, (vc_str_t){blob.data, i}),
            VC_BAD_PARAMETER);
    }

    max = blob.len + 4;
    vc_buf_init(&encoded, f->arena, max);
    vc_buf_str(&encoded, blob);
    vc_buf_text(&encoded, "AAAA");
    assert_int_equal(restore(f, vc_buf_view(&encoded)), VC_BAD_PARAMETER);

    assert_int_equal(restore(f, blob), VC_OK);
}


static void
test_version_limit(void **state)
{
    size_t             i;
    vc_buf_t           out;
    vc_str_t           blob;
    objects_fixture_t *f = *state;
    vc_object_t        object;

    for (i = 0; i < VC_BACKUP_VERSIONS_MAX; i++) {
        (void) objects_set(f, "name", "value");
    }

    blob = backup(f, "name");

    (void) objects_set(f, "name", "one more");
    vc_buf_init(&out, f->arena, 0);
    assert_int_equal(vc_object_backup(objects_begin(f), VC_STR("name"), &out),
        VC_BAD_PARAMETER);
    objects_end(f);
    assert_int_equal(out.len, 0);

    assert_int_equal(objects_delete(f, "name"), VC_OK);
    assert_int_equal(objects_purge(f, "name"), VC_OK);
    assert_int_equal(restore(f, blob), VC_OK);
    assert_int_equal(objects_get(f, 'h', "name", &object), VC_OK);
    assert_text(object.version.payload, "value");
}


static void
test_size_limit(void **state)
{
    char              *value;
    size_t             i, count, size;
    vc_buf_t           out;
    vc_str_t           blob;
    objects_fixture_t *f = *state;

    size = 150000;
    count = VC_BACKUP_SIZE_MAX / size;
    value = malloc(size + 1);
    assert_non_null(value);
    memset(value, 'v', size);
    value[size] = '\0';

    for (i = 0; i < count; i++) {
        (void) objects_set(f, "name", value);
    }

    /* with room for the rest of a restore's body, of 32 MB */
    blob = backup(f, "name");
    assert_true(blob.len < ((size_t) 32 << 20) - 1024);

    for (i = 0; i < 2; i++) {
        (void) objects_set(f, "name", value);
    }

    free(value);
    vc_buf_init(&out, f->arena, 0);
    assert_int_equal(vc_object_backup(objects_begin(f), VC_STR("name"), &out),
        VC_BAD_PARAMETER);
    objects_end(f);

    assert_int_equal(objects_delete(f, "name"), VC_OK);
    assert_int_equal(objects_purge(f, "name"), VC_OK);
    assert_int_equal(restore(f, blob), VC_OK);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing_to_back_up, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_not_a_blob, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_roundtrip, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_elsewhere, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_altered, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_version_limit, objects_setup,
            objects_teardown),
        cmocka_unit_test_setup_teardown(test_size_limit, objects_setup,
            objects_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
