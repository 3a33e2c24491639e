/* diagnostic settings of a vault */

#include "object_fixture.h"
#include "vaults/diagnostics.h"
#include "vaults/vault.h"


static vc_status_t
put(objects_fixture_t *f, const char *name, bool audit, const char *first,
    const char *second, bool *existed)
{
    vc_str_t        destinations[2];
    vc_diagnostic_t diagnostic;

    memset(&diagnostic, 0, sizeof(diagnostic));
    destinations[0] = vc_str(first);
    destinations[1] = vc_str(second);
    diagnostic.name = vc_str(name);
    diagnostic.properties = VC_STR("{\"logs\":[]}");
    diagnostic.destinations = destinations;
    diagnostic.destination_count = (first[0] != '\0' ? 1U : 0U)
                                   + (second[0] != '\0' ? 1U : 0U);
    diagnostic.audit = audit;

    return vc_diagnostic_put(f->session, f->arena, f->vault.domain, &diagnostic,
        existed, &f->err);
}


static vc_status_t
get(objects_fixture_t *f, const uint8_t *domain, const char *name,
    vc_diagnostic_t *out)
{
    vc_status_t status;

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    status = vc_diagnostic_get(f->session, f->arena, domain, vc_str(name), out);
    vc_session_end(f->session);

    return status;
}


static vc_status_t
list(const vc_diagnostic_t *diagnostic, void *data)
{
    strncat(data, (const char *) diagnostic->name.data, diagnostic->name.len);

    return VC_OK;
}


static void
test_settings(void **state)
{
    bool               existed;
    char               names[64] = "";
    vc_vault_t         other;
    vc_diagnostic_t    back;
    objects_fixture_t *f = *state;

    other = objects_vault(f, "other", false);
    assert_int_equal(get(f, f->vault.domain, "setting", &back), VC_NOT_FOUND);
    assert_int_equal(put(f, "Setting", true, "/a", "/b", &existed), VC_OK);
    assert_false(existed);

    assert_int_equal(get(f, f->vault.domain, "SETTING", &back), VC_OK);
    assert_text(back.name, "Setting");
    assert_text(back.properties, "{\"logs\":[]}");
    assert_true(back.audit && back.revision != 0);
    assert_int_equal(back.destination_count, 2);
    assert_text(back.destinations[0], "/a");
    assert_text(back.destinations[1], "/b");
    assert_int_equal(get(f, other.domain, "setting", &back), VC_NOT_FOUND);
    assert_int_equal(get(f, f->vault.domain, "", &back), VC_NOT_FOUND);

    assert_int_equal(put(f, "setting", false, "", "", &existed), VC_OK);
    assert_true(existed);
    assert_int_equal(put(f, "another", false, "", "", &existed), VC_OK);
    assert_int_equal(get(f, f->vault.domain, "setting", &back), VC_OK);
    assert_int_equal(back.destination_count, 0);
    assert_false(back.audit);

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_diagnostics_each(f->session, f->arena, f->vault.domain,
                         list, names),
        VC_OK);
    vc_session_end(f->session);
    assert_string_equal(names, "anotherSetting");

    assert_int_equal(vc_diagnostic_delete(f->session, f->arena, other.domain,
                         VC_STR("setting"), &f->err),
        VC_NOT_FOUND);
    assert_int_equal(vc_diagnostic_delete(f->session, f->arena, f->vault.domain,
                         VC_STR("setting"), &f->err),
        VC_OK);
    assert_int_equal(get(f, f->vault.domain, "setting", &back), VC_NOT_FOUND);
}


static void
test_limits(void **state)
{
    static const char *const bad[] = {"", "a/b", "a%", "a\x01", "a\xff"};

    size_t             i;
    bool               existed;
    char               name[VC_NAME_MAX + 2];
    vc_str_t           many[VC_DESTINATIONS_MAX + 1];
    vc_diagnostic_t    diagnostic, back;
    objects_fixture_t *f = *state;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(put(f, bad[i], true, "", "", &existed),
            VC_BAD_PARAMETER);
    }

    memset(name, 'a', sizeof(name));
    name[VC_NAME_MAX + 1] = '\0';
    assert_int_equal(put(f, name, true, "", "", &existed), VC_BAD_PARAMETER);
    name[VC_NAME_MAX] = '\0';
    assert_int_equal(put(f, name, true, "", "", &existed), VC_OK);

    for (i = 0; i <= VC_DESTINATIONS_MAX; i++) {
        many[i] = VC_STR("/x");
    }

    memset(&diagnostic, 0, sizeof(diagnostic));
    diagnostic.name = VC_STR("many");
    diagnostic.destinations = many;
    diagnostic.destination_count = VC_DESTINATIONS_MAX + 1;
    assert_int_equal(vc_diagnostic_put(f->session, f->arena, f->vault.domain,
                         &diagnostic, &existed, &f->err),
        VC_BAD_PARAMETER);
    diagnostic.destination_count--;
    assert_int_equal(vc_diagnostic_put(f->session, f->arena, f->vault.domain,
                         &diagnostic, &existed, &f->err),
        VC_OK);
    assert_int_equal(get(f, f->vault.domain, "many", &back), VC_OK);
    assert_int_equal(back.destination_count, VC_DESTINATIONS_MAX);

    for (i = 2; i < VC_DIAGNOSTICS_MAX; i++) {
        (void) snprintf(name, sizeof(name), "s%zu", i);
        assert_int_equal(put(f, name, true, "", "", &existed), VC_OK);
    }

    assert_int_equal(put(f, "more", true, "", "", &existed), VC_BAD_PARAMETER);
    assert_int_equal(put(f, "S2", true, "", "", &existed), VC_OK);
}


static void
assert_destinations(objects_fixture_t *f, vc_vault_cache_t *cache,
    const char *want)
{
    char              all[128] = "";
    size_t            i;
    const vc_vault_t *vault;

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    assert_int_equal(vc_vault_cache_get(cache, f->session, VC_STR("demo"),
                         &vault),
        VC_OK);

    for (i = 0; i < vault->audit_destination_count; i++) {
        strncat(all, (const char *) vault->audit_destinations[i].data,
            vault->audit_destinations[i].len);
        strcat(all, " ");
    }

    vc_session_end(f->session);
    assert_string_equal(all, want);
}


/* a cache has them with the vault, and a change with the next snapshot */
static void
test_destinations_of_a_vault(void **state)
{
    bool               existed;
    vc_vault_cache_t  *cache;
    objects_fixture_t *f = *state;

    assert_int_equal(vc_vault_cache_create(4,
                         VC_STR("11111111-1111-1111-1111-111111111111"),
                         &cache),
        VC_OK);
    assert_destinations(f, cache, "");
    assert_int_equal(put(f, "a", true, "/one", "/two", &existed), VC_OK);
    assert_destinations(f, cache, "/one /two ");
    assert_int_equal(put(f, "b", true, "/TWO", "/three", &existed), VC_OK);
    assert_int_equal(put(f, "c", false, "/four", "", &existed), VC_OK);
    assert_int_equal(put(f, "d", true, "", "", &existed), VC_OK);
    assert_destinations(f, cache, "/one /two /three ");

    assert_int_equal(vc_diagnostic_delete(f->session, f->arena, f->vault.domain,
                         VC_STR("a"), &f->err),
        VC_OK);
    assert_destinations(f, cache, "/TWO /three ");
    vc_vault_cache_destroy(cache);
}


/* the settings of a purged vault do not open, and none can be added */
static void
test_a_purged_vault(void **state)
{
    bool               existed;
    vc_vault_t         vault;
    vc_diagnostic_t    back;
    objects_fixture_t *f = *state;

    assert_int_equal(put(f, "a", true, "/one", "", &existed), VC_OK);
    assert_int_equal(vc_vault_delete(f->session, f->arena, VC_STR("demo"),
                         &vault, &f->err),
        VC_OK);
    assert_int_equal(get(f, f->vault.domain, "a", &back), VC_OK);
    assert_int_equal(vc_vault_purge(f->session, f->arena, VC_STR("demo"),
                         &f->err),
        VC_OK);
    assert_int_equal(get(f, f->vault.domain, "a", &back), VC_NOT_FOUND);
    assert_int_equal(put(f, "b", true, "/one", "", &existed), VC_NOT_FOUND);
}


#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, objects_setup, objects_teardown)


int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_settings),
        TEST(test_limits),
        TEST(test_destinations_of_a_vault),
        TEST(test_a_purged_vault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
