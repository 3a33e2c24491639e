#include "assignment_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>


static void
make_vault(fixture_t *f, const char *name)
{
    vc_vault_t      vault;
    vc_vault_spec_t spec = {.name = vc_str(name), .rbac = true};

    assert_int_equal(vc_vault_create(f->session, f->arena, &spec, &vault,
                         &f->err),
        VC_OK);
}


/* each test has a store of its own, with the vaults demo and other */
int
setup(void **state)
{
    fixture_t *f;

    f = calloc(1, sizeof(fixture_t));
    assert_non_null(f);
    f->directory = test_directory_make();
    (void) snprintf(f->store_path, sizeof(f->store_path), "%s/store",
        f->directory.path);
    (void) snprintf(f->seal_path, sizeof(f->seal_path), "%s/seal",
        f->directory.path);

    assert_int_equal(vc_seal_file_create(f->seal_path, &f->err), VC_OK);
    assert_int_equal(vc_seal_file_open(f->seal_path, &f->seal, &f->err), VC_OK);
    assert_int_equal(vc_vaultstore_create(f->store_path, 64 << 20, f->seal,
                         &f->err),
        VC_OK);
    assert_int_equal(vc_vaultstore_open(f->store_path, 0, 0, f->seal, &f->store,
                         &f->err),
        VC_OK);
    assert_int_equal(vc_session_create(f->store, &f->session), VC_OK);
    f->arena = vc_arena_create(4096);
    assert_int_equal(vc_installation_create(f->session, f->arena, VC_STR_NULL,
                         &f->installation, &f->err),
        VC_OK);
    f->subscription = vc_str(f->installation.id);
    make_vault(f, "demo");
    make_vault(f, "other");
    *state = f;

    return 0;
}


int
teardown(void **state)
{
    fixture_t *f = *state;

    vc_arena_destroy(f->arena);
    vc_session_destroy(f->session);
    vc_vaultstore_close(f->store);
    vc_seal_close(f->seal);
    test_directory_remove(&f->directory);
    free(f);

    return 0;
}


/* a scope of the installation: what follows "/subscriptions/{s}" */
vc_str_t
at(fixture_t *f, const char *rest)
{
    (void) snprintf(f->scope, sizeof(f->scope), "/subscriptions/%s%s",
        f->installation.id, rest);

    return vc_str(f->scope);
}


vc_assignment_t
assignment(const char *id, const char *principal, const char *role,
    vc_str_t scope)
{
    vc_assignment_t out;

    memset(&out, 0, sizeof(out));
    (void) snprintf(out.id, sizeof(out.id), "%s", id);
    (void) snprintf(out.principal, sizeof(out.principal), "%s", principal);
    (void) snprintf(out.role, sizeof(out.role), "%s", role);
    out.scope = scope;
    out.created_by = VC_STR(BOB);

    return out;
}


vc_status_t
put(fixture_t *f, const char *id, const char *principal, const char *role,
    vc_str_t scope)
{
    bool            existed;
    vc_assignment_t one;

    one = assignment(id, principal, role, scope);

    return vc_assignment_put(f->session, f->arena, &one, &existed, &f->err);
}


/* what decides about a vault */
size_t
grants_of(fixture_t *f, const char *name, vc_grants_t *out)
{
    vc_vault_t vault;

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_vault_get(f->session, f->arena, vc_str(name), &vault),
        VC_OK);
    assert_int_equal(vc_assignments_above(f->session, f->arena, f->subscription,
                         &f->above),
        VC_OK);
    assert_int_equal(vc_assignments_of_vault(f->session, f->arena,
                         f->subscription, &vault, &f->above, out),
        VC_OK);
    vc_session_end(f->session);

    return out->count + f->above.count;
}


static vc_status_t
count_one(const vc_assignment_t *one, void *data)
{
    assert_true(vc_guid_valid(vc_str(one->id)));
    (*(size_t *) data)++;

    return VC_OK;
}


size_t
count_all(fixture_t *f)
{
    size_t count = 0;

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_assignments_each(f->session, f->arena, count_one,
                         &count),
        VC_OK);
    vc_session_end(f->session);

    return count;
}
