#include "object_fixture.h"


void
objects_open(objects_fixture_t *f)
{
    char              path[96];
    vc_installation_t installation;

    f->directory = test_directory_make();

    (void) snprintf(path, sizeof(path), "%s/seal", f->directory.path);
    assert_int_equal(vc_seal_file_create(path, &f->err), VC_OK);
    assert_int_equal(vc_seal_file_open(path, &f->seal, &f->err), VC_OK);

    (void) snprintf(path, sizeof(path), "%s/store", f->directory.path);
    assert_int_equal(vc_vaultstore_create(path, 256 << 20, f->seal, &f->err),
        VC_OK);
    assert_int_equal(vc_vaultstore_open(path, 0, VC_STORE_WRITER, f->seal,
                         &f->store, &f->err),
        VC_OK);

    assert_int_equal(vc_session_create(f->store, &f->session), VC_OK);
    f->arena = vc_arena_create(4096);
    assert_non_null(f->arena);
    assert_int_equal(vc_installation_create(f->session, f->arena, VC_STR_NULL,
                         &installation, &f->err),
        VC_OK);

    f->vault = objects_vault(f, "demo", false);
}


void
objects_close(objects_fixture_t *f)
{
    vc_arena_destroy(f->arena);
    vc_session_destroy(f->session);
    vc_vaultstore_close(f->store);
    vc_seal_close(f->seal);
    test_directory_remove(&f->directory);
}


int
objects_setup(void **state)
{
    objects_fixture_t *f;

    f = calloc(1, sizeof(objects_fixture_t));
    assert_non_null(f);
    objects_open(f);
    *state = f;

    return 0;
}


int
objects_teardown(void **state)
{
    objects_close(*state);
    free(*state);

    return 0;
}


vc_vault_t
objects_vault(objects_fixture_t *f, const char *name, bool protect)
{
    vc_vault_t      vault;
    vc_vault_spec_t spec;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(name);
    spec.retention_days = TEST_RETENTION;
    spec.purge_protection = protect;

    assert_int_equal(vc_vault_create(f->session, f->arena, &spec, &vault,
                         &f->err),
        VC_OK);

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_vault_get(f->session, f->arena, spec.name, &vault),
        VC_OK);
    vc_session_end(f->session);

    return vault;
}


vc_objects_t *
objects_begin_in(objects_fixture_t *f, const vc_vault_t *vault)
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
objects_begin(objects_fixture_t *f)
{
    return objects_begin_in(f, &f->vault);
}


void
objects_end(objects_fixture_t *f)
{
    vc_session_end(f->session);
}


static vc_status_t
objects_write(objects_fixture_t *f, const char *name, const char *value,
    vc_version_t *version)
{
    vc_object_t object;
    vc_status_t status;

    memset(&object, 0, sizeof(object));
    object.version.name = vc_str(name);
    object.version.enabled = true;
    object.version.payload = vc_str(value);

    status = vc_object_set(objects_begin(f), &object);
    objects_end(f);
    *version = object.version;

    return status;
}


vc_status_t
objects_try_set(objects_fixture_t *f, const char *name, const char *value)
{
    vc_version_t version;

    return objects_write(f, name, value, &version);
}


vc_version_t
objects_set(objects_fixture_t *f, const char *name, const char *value)
{
    vc_version_t version;

    assert_int_equal(objects_write(f, name, value, &version), VC_OK);

    return version;
}


vc_status_t
objects_get(objects_fixture_t *f, uint8_t state, const char *name,
    vc_object_t *out)
{
    vc_status_t status;

    status = vc_object_get(objects_begin(f), state, vc_str(name), out);
    objects_end(f);

    return status;
}


vc_status_t
objects_get_version(objects_fixture_t *f, const char *name, const uint8_t *id,
    vc_object_t *out)
{
    vc_status_t status;

    status = vc_object_get_version(objects_begin(f), vc_str(name), id, out);
    objects_end(f);

    return status;
}


vc_status_t
objects_delete(objects_fixture_t *f, const char *name)
{
    vc_object_t object;
    vc_status_t status;

    status = vc_object_delete(objects_begin(f), vc_str(name), &object);
    objects_end(f);

    return status;
}


vc_status_t
objects_recover(objects_fixture_t *f, const char *name)
{
    vc_object_t object;
    vc_status_t status;

    status = vc_object_recover(objects_begin(f), vc_str(name), &object);
    objects_end(f);

    return status;
}


vc_status_t
objects_purge(objects_fixture_t *f, const char *name)
{
    vc_status_t status;

    status = vc_object_purge(objects_begin(f), vc_str(name));
    objects_end(f);

    return status;
}


void
assert_text(vc_str_t actual, const char *expected)
{
    assert_int_equal(actual.len, strlen(expected));
    assert_memory_equal(actual.data, expected, actual.len);
}
