#define _GNU_SOURCE /* memmem() */

#include "purge_fixture.h"

#include "vaults/diagnostics.h"


vc_str_t
purge_raw(purge_fixture_t *p, objects_fixture_t *f, const vc_key_t *key)
{
    vc_str_t    payload = VC_STR_NULL;
    vc_record_t record;

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);

    if (vc_snapshot_get(vc_session_snapshot(f->session), vc_key_view(key),
            &record)
        == VC_OK)
    {
        payload = vc_str_copy(p->arena, record.payload);
    }

    vc_session_end(f->session);

    return payload;
}


bool
purge_in_file(const objects_fixture_t *f, const char *store, vc_str_t bytes)
{
    char     path[128];
    bool     found;
    long     size;
    FILE    *file;
    uint8_t *data;

    (void) snprintf(path, sizeof(path), "%s/%s/data.mdb", f->directory.path,
        store);
    file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size = ftell(file);
    rewind(file);
    data = malloc((size_t) size);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, (size_t) size, file), size);
    (void) fclose(file);

    found = memmem(data, (size_t) size, bytes.data, bytes.len) != NULL;
    free(data);

    return found;
}


static void
purge_put_setting(purge_fixture_t *p)
{
    bool            existed;
    vc_diagnostic_t setting;

    memset(&setting, 0, sizeof(setting));
    setting.name = VC_STR("setting");
    setting.properties = VC_STR("{}");
    assert_int_equal(vc_diagnostic_put(p->live.session, p->live.arena,
                         p->live.vault.domain, &setting, &existed,
                         &p->live.err),
        VC_OK);
}


static void
purge_remember(purge_fixture_t *p)
{
    size_t         i;
    const uint8_t *domain = p->live.vault.domain;

    p->keys.key = vc_key_sealing(domain);
    p->records[0].key = vc_key_object('h', domain, VC_KIND_SECRET, VC_STR("N"));
    p->records[1].key = vc_key_version(domain, VC_KIND_SECRET, VC_STR("N"),
        p->earlier.id);
    p->records[2].key = vc_key_object('d', domain, VC_KIND_SECRET, VC_STR("D"));
    p->records[3].key = vc_key_diagnostic(domain, VC_STR("SETTING"));

    p->keys.sealed = purge_raw(p, &p->live, &p->keys.key);
    assert_non_null(p->keys.sealed.data);

    for (i = 0; i < PURGE_PLACES; i++) {
        p->records[i].sealed = purge_raw(p, &p->live, &p->records[i].key);
        assert_non_null(p->records[i].sealed.data);
    }
}


/* a vault with two keys, whose records have been sealed with either */
static void
purge_fill(purge_fixture_t *p)
{
    uint32_t           key_id;
    vc_buf_t           blob;
    objects_fixture_t *f = &p->live;

    p->kept = objects_vault(f, "kept", false);
    p->earlier = objects_set(f, "n", "the first value");
    (void) objects_set(f, "d", "a deleted value");
    assert_int_equal(objects_delete(f, "d"), VC_OK);
    assert_int_equal(vc_vault_rotate_key(f->session, f->arena, VC_STR("demo"),
                         &key_id, &f->err),
        VC_OK);
    (void) objects_set(f, "n", "the value");
    purge_put_setting(p);

    vc_buf_init(&blob, p->arena, 0);
    assert_int_equal(vc_object_backup(objects_begin(f), VC_STR("n"), &blob),
        VC_OK);
    objects_end(f);
    p->backup = vc_buf_view(&blob);
}


void
purge_open(objects_fixture_t *f, const char *store)
{
    char path[128];

    (void) snprintf(path, sizeof(path), "%s/%s", f->directory.path, store);
    assert_int_equal(vc_vaultstore_open(path, 0, VC_STORE_WRITER, f->seal,
                         &f->store, &f->err),
        VC_OK);
    assert_int_equal(vc_session_create(f->store, &f->session), VC_OK);
}


void
purge_close(objects_fixture_t *f)
{
    vc_session_destroy(f->session);
    vc_vaultstore_close(f->store);
}


static void
purge_copy(purge_fixture_t *p)
{
    char        command[160];
    const char *folder = p->live.directory.path;

    purge_close(&p->live);
    (void) snprintf(command, sizeof(command), "cp -r %s/store %s/copy", folder,
        folder);
    assert_int_equal(system(command), 0);
    purge_open(&p->live, "store");

    p->copy = p->live;
    p->copy.arena = vc_arena_create(4096);
    purge_open(&p->copy, "copy");
}


int
purge_setup(void **state)
{
    purge_fixture_t *p;

    p = calloc(1, sizeof(purge_fixture_t));
    assert_non_null(p);
    p->arena = vc_arena_create(4096);
    objects_open(&p->live);
    purge_fill(p);
    purge_remember(p);
    purge_copy(p);
    *state = p;

    return 0;
}


int
purge_teardown(void **state)
{
    purge_fixture_t *p = *state;

    purge_close(&p->copy);
    vc_arena_destroy(p->copy.arena);
    objects_close(&p->live);
    vc_arena_destroy(p->arena);
    free(p);

    return 0;
}


void
purge_vault(purge_fixture_t *p)
{
    vc_vault_t         deleted;
    objects_fixture_t *f = &p->live;

    assert_int_equal(vc_vault_delete(f->session, f->arena, VC_STR("demo"),
                         &deleted, &f->err),
        VC_OK);
    assert_int_equal(vc_vault_purge(f->session, f->arena, VC_STR("demo"),
                         &f->err),
        VC_OK);
}


void
purge_sweep(purge_fixture_t *p)
{
    size_t             i, round, count;
    vc_str_t           keys[16];
    objects_fixture_t *f = &p->live;

    for (round = 0; round < 20; round++) {
        assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
        assert_int_equal(vc_snapshot_due(vc_session_snapshot(f->session),
                             TEST_NOW, 0, f->arena, keys, 16, &count),
            VC_OK);
        vc_session_end(f->session);

        if (count == 0) {
            return;
        }

        for (i = 0; i < count; i++) {
            assert_int_equal(vc_vault_sweep(f->session, f->arena, keys[i],
                                 TEST_NOW, &f->err),
                VC_OK);
        }
    }

    fail_msg("what is due never ends");
}


void
purge_keys_of_copy(purge_fixture_t *p)
{
    vc_batch_t        *batch;
    objects_fixture_t *f = &p->copy;

    batch = vc_batch_create(f->arena);
    vc_domain_destroy(batch, f->vault.domain);
    assert_int_equal(vc_store_commit(vc_vaultstore_store(f->store), batch, NULL,
                         &f->err),
        VC_OK);
}
