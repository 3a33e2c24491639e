#include "object_fixture.h"


void
fixture_open(fixture_t *f)
{
    char              path[96];
    vc_installation_t installation;

    f->directory = test_directory_make();

    (void) snprintf(path, sizeof(path), "%s/seal", f->directory.path);
    assert_int_equal(vc_seal_file_create(path, &f->err), VC_OK);
    assert_int_equal(vc_seal_file_open(path, &f->seal, &f->err), VC_OK);

    (void) snprintf(path, sizeof(path), "%s/store", f->directory.path);
    assert_int_equal(
        vc_vaultstore_create(path, 256 << 20, f->seal, &f->err), VC_OK);
    assert_int_equal(
        vc_vaultstore_open(path, 0, VC_STORE_WRITER, f->seal, &f->store,
            &f->err),
        VC_OK);

    assert_int_equal(vc_session_create(f->store, &f->session), VC_OK);
    f->arena = vc_arena_create(4096);
    assert_non_null(f->arena);
    assert_int_equal(vc_installation_create(f->session, f->arena, VC_STR_NULL,
                         &installation, &f->err),
        VC_OK);

    f->vault = fixture_vault(f, "demo", false);
}


void
fixture_close(fixture_t *f)
{
    vc_arena_destroy(f->arena);
    vc_session_destroy(f->session);
    vc_vaultstore_close(f->store);
    vc_seal_close(f->seal);
    test_directory_remove(&f->directory);
}


int
fixture_setup(void **state)
{
    fixture_t *f;

    f = calloc(1, sizeof(fixture_t));
    assert_non_null(f);
    fixture_open(f);
    *state = f;

    return 0;
}


int
fixture_teardown(void **state)
{
    fixture_close(*state);
    free(*state);

    return 0;
}


vc_vault_t
fixture_vault(fixture_t *f, const char *name, bool protect)
{
    vc_vault_t      vault;
    vc_vault_spec_t spec;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(name);
    spec.retention_days = TEST_RETENTION;
    spec.purge_protection = protect;

    assert_int_equal(
        vc_vault_create(f->session, f->arena, &spec, &vault, &f->err), VC_OK);

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_vault_get(f->session, f->arena, spec.name, &vault),
        VC_OK);
    vc_session_end(f->session);

    return vault;
}


vc_objects_t *
fixture_begin_in(fixture_t *f, const vc_vault_t *vault)
{
    memset(&f->err, 0, sizeof(f->err));
    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);

    f->objects = (vc_objects_t){
        .session = f->session,
        .arena = f->arena,
        .vault = vault,
        .kind = VC_KIND_SECRET,
        .now = TEST_NOW,
        .err = &f->err,
    };

    return &f->objects;
}


vc_objects_t *
fixture_begin(fixture_t *f)
{
    return fixture_begin_in(f, &f->vault);
}


void
fixture_end(fixture_t *f)
{
    vc_session_end(f->session);
}


static vc_status_t
fixture_write(fixture_t *f, const char *name, const char *value,
    vc_version_t *version)
{
    vc_status_t status;

    memset(version, 0, sizeof(*version));
    version->name = vc_str(name);
    version->enabled = true;
    version->payload = vc_str(value);

    status = vc_object_set(fixture_begin(f), version);
    fixture_end(f);

    return status;
}


vc_status_t
fixture_try_set(fixture_t *f, const char *name, const char *value)
{
    vc_version_t version;

    return fixture_write(f, name, value, &version);
}


vc_version_t
fixture_set(fixture_t *f, const char *name, const char *value)
{
    vc_version_t version;

    assert_int_equal(fixture_write(f, name, value, &version), VC_OK);

    return version;
}


vc_status_t
fixture_get(fixture_t *f, uint8_t state, const char *name, vc_object_t *out)
{
    vc_status_t status;

    status = vc_object_get(fixture_begin(f), state, vc_str(name), out);
    fixture_end(f);

    return status;
}


vc_status_t
fixture_get_version(fixture_t *f, const char *name, const uint8_t *id,
    vc_object_t *out)
{
    vc_status_t status;

    status = vc_object_get_version(fixture_begin(f), vc_str(name), id, out);
    fixture_end(f);

    return status;
}


vc_status_t
fixture_delete(fixture_t *f, const char *name)
{
    vc_object_t object;
    vc_status_t status;

    status = vc_object_delete(fixture_begin(f), vc_str(name), &object);
    fixture_end(f);

    return status;
}


vc_status_t
fixture_recover(fixture_t *f, const char *name)
{
    vc_object_t object;
    vc_status_t status;

    status = vc_object_recover(fixture_begin(f), vc_str(name), &object);
    fixture_end(f);

    return status;
}


vc_status_t
fixture_purge(fixture_t *f, const char *name)
{
    vc_status_t status;

    status = vc_object_purge(fixture_begin(f), vc_str(name));
    fixture_end(f);

    return status;
}


void
assert_text(vc_str_t actual, const char *expected)
{
    assert_int_equal(actual.len, strlen(expected));
    assert_memory_equal(actual.data, expected, actual.len);
}
