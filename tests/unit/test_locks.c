/* locks: at which scopes they lie, what they forbid, when they end */

#include "object_fixture.h"
#include "vaults/groups.h"
#include "vaults/vault.h"

#define SUBSCRIPTION "/subscriptions/11111111-1111-1111-1111-111111111111"
#define GROUP SUBSCRIPTION "/resourceGroups/Group"
#define VAULT GROUP "/providers/Microsoft.KeyVault/vaults/demo"


static vc_status_t
put_lock(objects_fixture_t *f, const char *scope, const char *name,
    vc_lock_level_t level)
{
    bool      existed;
    vc_lock_t lock;

    memset(&lock, 0, sizeof(lock));
    lock.scope = vc_str(scope);
    lock.name = vc_str(name);
    lock.level = level;

    return vc_lock_put(f->session, f->arena, &lock, &existed, &f->err);
}


static vc_status_t
get_lock(objects_fixture_t *f, const char *scope, const char *name,
    vc_lock_t *out)
{
    vc_status_t status;

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    status = vc_lock_get(f->session, f->arena, vc_str(scope), vc_str(name),
        out);
    vc_session_end(f->session);

    return status;
}


/* the name of the lock that forbids a change, or "" */
static void
assert_lock(objects_fixture_t *f, const char *scope, bool deleting,
    const char *want)
{
    vc_lock_t   lock;
    vc_status_t status;

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    status = vc_lock_find(f->session, f->arena, vc_str(scope), deleting, &lock);
    vc_session_end(f->session);

    if (want[0] == '\0') {
        assert_int_equal(status, VC_NOT_FOUND);
        return;
    }

    assert_int_equal(status, VC_OK);
    assert_text(lock.name, want);
}


static vc_status_t
list_lock(const vc_lock_t *lock, void *data)
{
    strncat(data, (const char *) lock->name.data, lock->name.len);

    return VC_OK;
}


static void
test_locks(void **state)
{
    bool               existed;
    char               names[64] = "";
    vc_lock_t          lock, back;
    objects_fixture_t *f = *state;

    memset(&lock, 0, sizeof(lock));
    lock.scope = VC_STR(VAULT);
    lock.name = VC_STR("Keep it");
    lock.level = VC_LOCK_READ_ONLY;
    lock.notes = VC_STR("notes");
    lock.owners = VC_STR("[]");
    assert_int_equal(vc_lock_put(f->session, f->arena, &lock, &existed,
                         &f->err),
        VC_OK);
    assert_false(existed);

    assert_int_equal(get_lock(f, VAULT, "KEEP IT", &back), VC_OK);
    assert_text(back.scope, VAULT);
    assert_text(back.name, "Keep it");
    assert_int_equal(back.level, VC_LOCK_READ_ONLY);
    assert_text(back.notes, "notes");
    assert_text(back.owners, "[]");
    assert_int_equal(back.revision, lock.revision);
    assert_int_equal(get_lock(f, GROUP, "Keep it", &back), VC_NOT_FOUND);
    assert_int_equal(get_lock(f, "", "Keep it", &back), VC_NOT_FOUND);
    assert_int_equal(get_lock(f, VAULT, "", &back), VC_NOT_FOUND);

    lock.name = VC_STR("keep IT");
    lock.level = VC_LOCK_CAN_NOT_DELETE;
    assert_int_equal(vc_lock_put(f->session, f->arena, &lock, &existed,
                         &f->err),
        VC_OK);
    assert_true(existed);
    assert_text(lock.name, "Keep it");
    assert_int_equal(get_lock(f, VAULT, "keep it", &back), VC_OK);
    assert_int_equal(back.level, VC_LOCK_CAN_NOT_DELETE);

    assert_int_equal(put_lock(f, GROUP, "g", VC_LOCK_READ_ONLY), VC_OK);
    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_locks_each(f->session, f->arena, list_lock, names),
        VC_OK);
    vc_session_end(f->session);
    assert_int_equal(strlen(names), strlen("gKeep it"));
    assert_non_null(strstr(names, "Keep it"));

    assert_int_equal(vc_lock_delete(f->session, f->arena, VC_STR(VAULT),
                         VC_STR("KEEP it"), &f->err),
        VC_OK);
    assert_int_equal(vc_lock_delete(f->session, f->arena, VC_STR(VAULT),
                         VC_STR("KEEP it"), &f->err),
        VC_NOT_FOUND);
}


static void
test_bad_locks(void **state)
{
    static const char *const scopes[] = {"", "/", "subscriptions/x",
        SUBSCRIPTION "/", "//subscriptions", "/subscriptions//x"};
    static const char *const names[] = {"", "a/b", "a<b", "a>b", "a%b", "a&b",
        "a:b", "a\\b", "a?b", "a\nb", "a\x7f", "a\xff"};

    char               longest[VC_NAME_MAX + 2], scope[VC_SCOPE_MAX + 2];
    size_t             i;
    objects_fixture_t *f = *state;

    for (i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
        assert_int_equal(put_lock(f, scopes[i], "l", VC_LOCK_READ_ONLY),
            VC_BAD_PARAMETER);
    }

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_int_equal(put_lock(f, VAULT, names[i], VC_LOCK_READ_ONLY),
            VC_BAD_PARAMETER);
    }

    memset(longest, 'a', sizeof(longest));
    longest[VC_NAME_MAX + 1] = '\0';
    assert_int_equal(put_lock(f, VAULT, longest, VC_LOCK_READ_ONLY),
        VC_BAD_PARAMETER);
    longest[VC_NAME_MAX] = '\0';
    assert_int_equal(put_lock(f, VAULT, longest, VC_LOCK_READ_ONLY), VC_OK);

    memset(scope, 'a', sizeof(scope));
    scope[0] = '/';
    scope[VC_SCOPE_MAX + 1] = '\0';
    assert_int_equal(put_lock(f, scope, "l", VC_LOCK_READ_ONLY),
        VC_BAD_PARAMETER);
    scope[VC_SCOPE_MAX] = '\0';
    assert_int_equal(put_lock(f, scope, "l", VC_LOCK_READ_ONLY), VC_OK);
}


static void
test_locks_above(void **state)
{
    objects_fixture_t *f = *state;

    assert_int_equal(put_lock(f, GROUP, "keep", VC_LOCK_CAN_NOT_DELETE), VC_OK);
    assert_lock(f, VAULT, true, "keep");
    assert_lock(f, VAULT, false, "");
    assert_lock(f, GROUP, true, "keep");
    assert_lock(f, VAULT "/secrets/a", true, "keep");

    /* neither above it, nor beside it, nor where a name only begins alike */
    assert_lock(f, SUBSCRIPTION, true, "");
    assert_lock(f, GROUP "2", true, "");
    assert_lock(f, GROUP "2/providers/Microsoft.KeyVault/vaults/demo", true,
        "");
    assert_lock(f, SUBSCRIPTION "/resourceGroups/Grou", true, "");

    /* without regard to case */
    assert_lock(f,
        "/SUBSCRIPTIONS/11111111-1111-1111-1111-111111111111/resourcegroups/"
        "GROUP/PROVIDERS/microsoft.keyvault/VAULTS/Demo",
        true, "keep");

    assert_int_equal(put_lock(f, SUBSCRIPTION, "all", VC_LOCK_READ_ONLY),
        VC_OK);
    assert_lock(f, VAULT, false, "all");
    assert_lock(f, VAULT, true, "keep");
    assert_lock(f, GROUP "2", true, "all");
    assert_lock(f, "/subscriptions/22222222-2222-2222-2222-222222222222", true,
        "");
    assert_lock(f, "/", true, "");
    assert_lock(f, "", true, "");

    assert_int_equal(put_lock(f, VAULT, "mine", VC_LOCK_READ_ONLY), VC_OK);
    assert_lock(f, VAULT, false, "mine");
    assert_lock(f, GROUP, false, "all");
}


static void
test_too_many_locks(void **state)
{
    size_t             i;
    char               name[16];
    objects_fixture_t *f = *state;

    for (i = 0; i < VC_LOCKS_MAX; i++) {
        (void) snprintf(name, sizeof(name), "l%zu", i);
        assert_int_equal(put_lock(f, VAULT, name, VC_LOCK_READ_ONLY), VC_OK);
    }

    assert_int_equal(put_lock(f, VAULT, "more", VC_LOCK_READ_ONLY),
        VC_BAD_PARAMETER);
    assert_int_equal(put_lock(f, VAULT, "l1", VC_LOCK_CAN_NOT_DELETE), VC_OK);
    assert_int_equal(put_lock(f, GROUP, "more", VC_LOCK_READ_ONLY), VC_OK);
}


/* a vault that is made anew is not locked */
static void
test_locks_end_with_the_vault(void **state)
{
    char               text[256];
    vc_buf_t           id;
    vc_lock_t          lock;
    vc_vault_t         vault;
    objects_fixture_t *f = *state;
    vc_installation_t  installation;

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_installation_get(f->session, f->arena, &installation),
        VC_OK);
    vc_session_end(f->session);
    vc_buf_fixed(&id, text, sizeof(text) - 1);
    vc_vault_resource_id(&f->vault, vc_str(installation.id), &id);
    text[id.len] = '\0';

    assert_int_equal(put_lock(f, text, "l", VC_LOCK_READ_ONLY), VC_OK);
    assert_int_equal(vc_vault_delete(f->session, f->arena, VC_STR("demo"),
                         &vault, &f->err),
        VC_OK);
    assert_int_equal(get_lock(f, text, "l", &lock), VC_OK);
    assert_int_equal(vc_vault_purge(f->session, f->arena, VC_STR("demo"),
                         &f->err),
        VC_OK);
    assert_int_equal(get_lock(f, text, "l", &lock), VC_NOT_FOUND);
}


#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, objects_setup, objects_teardown)


int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_locks),
        TEST(test_bad_locks),
        TEST(test_locks_above),
        TEST(test_too_many_locks),
        TEST(test_locks_end_with_the_vault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
