/* resource groups, and the vaults in them */

#include "object_fixture.h"
#include "vaults/groups.h"
#include "vaults/vault.h"


static vc_status_t
put_group(objects_fixture_t *f, const char *name, const char *location,
    const char *tags, bool *existed, vc_group_t *out)
{
    memset(out, 0, sizeof(*out));
    (void) snprintf(out->name, sizeof(out->name), "%s", name);
    out->location = vc_str(location);
    out->tags = vc_str(tags);

    return vc_group_put(f->session, f->arena, out, existed, &f->err);
}


static vc_status_t
get_group(objects_fixture_t *f, const char *name, vc_group_t *out)
{
    vc_status_t status;

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    status = vc_group_get(f->session, f->arena, vc_str(name), out);
    vc_session_end(f->session);

    return status;
}


static vc_status_t
delete_group(objects_fixture_t *f, const char *name)
{
    vc_lock_t lock;

    return vc_group_delete(f->session, f->arena, vc_str(name), &lock, &f->err);
}


static vc_status_t
list_group(const vc_group_t *group, void *data)
{
    strcat(data, group->name);
    strcat(data, " ");

    return VC_OK;
}


static vc_status_t
end_at_once(const vc_group_t *group, void *data)
{
    (void) group;
    (*(int *) data)++;

    return VC_OBJECT_CONFLICT;
}


static void
assert_groups(objects_fixture_t *f, const char *want)
{
    char names[512] = "";

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_groups_each(f->session, f->arena, list_group, names),
        VC_OK);
    vc_session_end(f->session);
    assert_string_equal(names, want);
}


static void
test_group_names(void **state)
{
    static const char *const good[] = {"a", "1", "my-group", "A.b_c(d)", "-",
        "_", ".a"};
    static const char *const bad[] = {"", "a.", ".", "a b", "a/b", "a%",
        "gr\xc3\xbc"
        "n",
        "a\n"};

    char   name[VC_GROUP_NAME_MAX + 2];
    size_t i;

    (void) state;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(vc_group_name_valid(vc_str(good[i])));
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(vc_group_name_valid(vc_str(bad[i])));
    }

    memset(name, 'a', sizeof(name));
    assert_true(
        vc_group_name_valid((vc_str_t){(uint8_t *) name, VC_GROUP_NAME_MAX}));
    assert_false(vc_group_name_valid(
        (vc_str_t){(uint8_t *) name, VC_GROUP_NAME_MAX + 1}));
}


static void
test_locations(void **state)
{
    static const struct {
        const char *text;
        const char *want; /* NULL: it is none */
    } cases[] = {
        {"westus", "westus"},
        {"West US 2", "westus2"},
        {"eu-north", "eu-north"},
        {"", NULL},
        {" ", NULL},
        {"west_us", NULL},
        {"west\tus", NULL},
        {"a23456789a123456789a123456789a123456789a123456789a123456789a1234",
            "a23456789a123456789a123456789a123456789a123456789a123456789a1234"},
        {"a23456789a123456789a123456789a123456789a123456789a123456789a12345",
            NULL},
    };

    size_t             i;
    vc_str_t           out;
    objects_fixture_t *f = *state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(vc_location_normalize(f->arena, vc_str(cases[i].text),
                             &out),
            cases[i].want != NULL);

        if (cases[i].want != NULL) {
            assert_text(out, cases[i].want);
        }
    }
}


static void
test_groups(void **state)
{
    int                seen = 0;
    bool               existed;
    vc_group_t         group, back;
    objects_fixture_t *f = *state;

    assert_groups(f, "default ");
    assert_int_equal(get_group(f, "mine", &back), VC_NOT_FOUND);
    assert_int_equal(get_group(f, "a/b", &back), VC_NOT_FOUND);
    assert_int_equal(put_group(f, "a/b", "westus", "", &existed, &group),
        VC_BAD_PARAMETER);
    assert_int_equal(put_group(f, "mine", "", "", &existed, &group),
        VC_BAD_PARAMETER);

    assert_int_equal(put_group(f, "Mine", "West US", "{\"a\":\"b\"}", &existed,
                         &group),
        VC_OK);
    assert_false(existed);
    assert_int_equal(get_group(f, "mINE", &back), VC_OK);
    assert_string_equal(back.name, "Mine");
    assert_text(back.location, "westus");
    assert_text(back.tags, "{\"a\":\"b\"}");
    assert_true(back.created > 0 && back.created == group.created);
    assert_int_equal(back.revision, group.revision);

    /* changed: the name stays as it was first written */
    assert_int_equal(put_group(f, "MINE", "westus", "", &existed, &group),
        VC_OK);
    assert_true(existed);
    assert_string_equal(group.name, "Mine");
    assert_int_equal(group.created, back.created);
    assert_int_equal(get_group(f, "mine", &back), VC_OK);
    assert_text(back.tags, "");
    assert_int_equal(put_group(f, "mine", "eastus", "", &existed, &group),
        VC_OBJECT_CONFLICT);

    assert_int_equal(put_group(f, "another", "local", "", &existed, &group),
        VC_OK);
    assert_groups(f, "default another Mine ");

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_groups_each(f->session, f->arena, end_at_once, &seen),
        VC_OBJECT_CONFLICT);
    vc_session_end(f->session);
    assert_int_equal(seen, 1);

    assert_int_equal(delete_group(f, "mine"), VC_OK);
    assert_int_equal(delete_group(f, "mine"), VC_NOT_FOUND);
    assert_int_equal(get_group(f, "mine", &back), VC_NOT_FOUND);
}


/* it is there without a record, can have one, and never goes */
static void
test_default_group(void **state)
{
    bool               existed;
    vc_group_t         group, back;
    objects_fixture_t *f = *state;

    assert_int_equal(get_group(f, "DEFAULT", &back), VC_OK);
    assert_string_equal(back.name, "default");
    assert_text(back.location, "local");
    assert_int_equal(back.revision, 0);
    assert_int_equal(delete_group(f, "default"), VC_OBJECT_CONFLICT);

    assert_int_equal(put_group(f, "Default", "local", "{}", &existed, &group),
        VC_OK);
    assert_true(existed);
    assert_int_equal(get_group(f, "default", &back), VC_OK);
    assert_string_equal(back.name, "default");
    assert_text(back.tags, "{}");
    assert_int_equal(delete_group(f, "default"), VC_OBJECT_CONFLICT);
    assert_groups(f, "default ");
}


static vc_status_t
make_vault(objects_fixture_t *f, const char *name, const char *group,
    const char *location, vc_vault_t *out)
{
    vc_vault_spec_t spec;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(name);
    spec.group = vc_str(group);
    spec.location = vc_str(location);
    spec.rbac = true;

    return vc_vault_create(f->session, f->arena, &spec, out, &f->err);
}


/* the vaults of a group are deleted with it, if no lock forbids it */
static void
test_groups_with_vaults(void **state)
{
    char               scope[256];
    bool               existed;
    vc_key_t           roles;
    vc_lock_t          lock, found;
    vc_vault_t         vault;
    vc_group_t         group;
    vc_batch_t        *batch;
    vc_record_t        record;
    objects_fixture_t *f = *state;
    vc_installation_t  installation;

    assert_int_equal(make_vault(f, "first", "a/b", "", &vault),
        VC_BAD_PARAMETER);
    assert_int_equal(make_vault(f, "first", "Mine", "a_b", &vault),
        VC_BAD_PARAMETER);
    assert_int_equal(make_vault(f, "first", "Mine", "West US", &vault), VC_OK);
    assert_string_equal(vault.group, "Mine");
    assert_text(vault.location, "westus");
    assert_true(vault.rbac);
    assert_int_equal(get_group(f, "mine", &group), VC_OK);
    assert_text(group.location, "westus");

    /* a whole vault needs a group that is there */
    strcpy(vault.name, "second");
    strcpy(vault.group, "elsewhere");
    vault.revision = VC_REVISION_NONE;
    assert_int_equal(vc_vault_replace(f->session, f->arena, &vault, &f->err),
        VC_NOT_FOUND);
    strcpy(vault.group, "MINE");
    assert_int_equal(vc_vault_replace(f->session, f->arena, &vault, &f->err),
        VC_OK);

    assert_int_equal(vc_vault_delete(f->session, f->arena, VC_STR("first"),
                         &vault, &f->err),
        VC_OK);

    /* what lies at its scope goes with it */
    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_installation_get(f->session, f->arena, &installation),
        VC_OK);
    vc_session_end(f->session);
    (void) snprintf(scope, sizeof(scope),
        "/subscriptions/%s/resourceGroups/mine", installation.id);

    roles = vc_key_scope_roles(vc_str(scope));
    roles.data[roles.len++] = 'i';
    batch = vc_batch_create(f->arena);
    vc_batch_put(batch, vc_key_view(&roles), VC_REVISION_NONE, VC_STR("x"), 0);
    assert_int_equal(vc_store_commit(vc_vaultstore_store(f->store), batch, NULL,
                         &f->err),
        VC_OK);
    memset(&lock, 0, sizeof(lock));
    lock.scope = vc_str(scope);
    lock.name = VC_STR("l");
    assert_int_equal(vc_lock_put(f->session, f->arena, &lock, &existed,
                         &f->err),
        VC_OK);
    assert_int_equal(vc_group_delete(f->session, f->arena, VC_STR("mine"),
                         &found, &f->err),
        VC_ARM_LOCKED);
    assert_text(found.name, "l");
    assert_int_equal(vc_lock_delete(f->session, f->arena, lock.scope, lock.name,
                         &f->err),
        VC_OK);

    assert_int_equal(delete_group(f, "MINE"), VC_OK);

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_vault_get(f->session, f->arena, VC_STR("second"),
                         &vault),
        VC_OK);
    assert_true(vault.deleted > 0);
    assert_int_equal(vault.scheduled_purge - vault.deleted,
        VC_RETENTION_MAX * 86400);
    assert_int_equal(vc_snapshot_get(vc_session_snapshot(f->session),
                         vc_key_view(&roles), &record),
        VC_NOT_FOUND);
    vc_session_end(f->session);

    /* a vault that comes back needs its group, which vaultctl makes again */
    vault.deleted = 0;
    vault.scheduled_purge = 0;
    assert_int_equal(vc_vault_replace(f->session, f->arena, &vault, &f->err),
        VC_NOT_FOUND);
    assert_int_equal(get_group(f, "mine", &group), VC_NOT_FOUND);
    assert_int_equal(vc_vault_recover(f->session, f->arena, VC_STR("second"),
                         &vault, &f->err),
        VC_OK);
    assert_int_equal(get_group(f, "mine", &group), VC_OK);
    assert_string_equal(group.name, vault.group);
    assert_text(group.location, "westus");

    /* what was read before somebody else's change is not put */
    vault.revision--;
    assert_int_equal(vc_vault_replace(f->session, f->arena, &vault, &f->err),
        VC_CONFLICT);
}


/* who makes a vault in a group that is deleted meanwhile loses, and so the
   other way round */
static void
test_entering_changes_the_group(void **state)
{
    bool               existed;
    vc_vault_t         vault;
    vc_group_t         before, after;
    objects_fixture_t *f = *state;

    assert_int_equal(put_group(f, "mine", "westus", "{}", &existed, &before),
        VC_OK);
    assert_int_equal(make_vault(f, "first", "mine", "eastus", &vault), VC_OK);
    assert_int_equal(get_group(f, "mine", &after), VC_OK);
    assert_true(after.revision > before.revision);
    assert_text(after.location, "westus");
    assert_text(after.tags, "{}");
}


static void
test_too_many_groups(void **state)
{
    size_t             i;
    bool               existed;
    char               name[16];
    vc_group_t         group;
    objects_fixture_t *f = *state;

    for (i = 0; i < VC_GROUPS_MAX; i++) {
        (void) snprintf(name, sizeof(name), "g%zu", i);
        assert_int_equal(put_group(f, name, "local", "", &existed, &group),
            VC_OK);
        vc_arena_reset(f->arena);
    }

    assert_int_equal(put_group(f, "more", "local", "", &existed, &group),
        VC_BAD_PARAMETER);
    assert_int_equal(put_group(f, "g1", "local", "{}", &existed, &group),
        VC_OK);
}


#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, objects_setup, objects_teardown)


int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_group_names),
        TEST(test_locations),
        TEST(test_groups),
        TEST(test_default_group),
        TEST(test_groups_with_vaults),
        TEST(test_entering_changes_the_group),
        TEST(test_too_many_groups),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
