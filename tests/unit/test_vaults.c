/* vaults and the installation on a real store */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "vaults/installation.h"
#include "vaults/vault.h"
#include "vaults/vault_codec.h"

#define ALICE "aaaaaaaa-0000-0000-0000-000000000001"
#define DAY 86400

typedef struct {
    char             dir[64];
    char             store_path[96];
    char             seal_path[96];
    vc_seal_t       *seal;
    vc_vaultstore_t *store;
    vc_session_t    *session;
    vc_arena_t      *arena;
} fixture_t;


static int
setup(void **state)
{
    vc_error_t        err;
    fixture_t        *f;
    vc_installation_t installation;

    f = calloc(1, sizeof(fixture_t));
    assert_non_null(f);
    strcpy(f->dir, "/tmp/vc-test-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    (void) snprintf(f->store_path, sizeof(f->store_path), "%s/store", f->dir);
    (void) snprintf(f->seal_path, sizeof(f->seal_path), "%s/seal", f->dir);

    assert_int_equal(vc_seal_file_create(f->seal_path, &err), VC_OK);
    assert_int_equal(vc_seal_file_open(f->seal_path, &f->seal, &err), VC_OK);
    assert_int_equal(vc_vaultstore_create(f->store_path, 64 << 20, f->seal,
                         &err),
        VC_OK);
    assert_int_equal(vc_vaultstore_open(f->store_path, 0, 0, f->seal, &f->store,
                         &err),
        VC_OK);
    assert_int_equal(vc_session_create(f->store, &f->session), VC_OK);
    f->arena = vc_arena_create(4096);
    assert_int_equal(vc_installation_create(f->session, f->arena, VC_STR_NULL,
                         &installation, &err),
        VC_OK);
    *state = f;

    return 0;
}


static int
teardown(void **state)
{
    char       command[128];
    fixture_t *f = *state;

    vc_arena_destroy(f->arena);
    vc_session_destroy(f->session);
    vc_vaultstore_close(f->store);
    vc_seal_close(f->seal);
    (void) snprintf(command, sizeof(command), "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);

    return 0;
}


static vc_status_t
create(fixture_t *f, const char *name, int days, bool protect, vc_vault_t *out)
{
    vc_error_t      err;
    vc_vault_spec_t spec;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(name);
    spec.retention_days = days;
    spec.purge_protection = protect;

    return vc_vault_create(f->session, f->arena, &spec, out, &err);
}


static vc_status_t
get(fixture_t *f, const char *name, vc_vault_t *out)
{
    vc_status_t status;

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    status = vc_vault_get(f->session, f->arena, vc_str(name), out);
    vc_session_end(f->session);

    return status;
}


static void
test_names(void **state)
{
    static const char *const good[] = {"abc", "a-b", "A1-b2-C3",
        "abcdefghijklmnopqrstuvwx"};
    static const char *const bad[] = {"", "ab", "1ab", "-ab", "ab-", "a--b",
        "a_b", "a.b", "a b", "abcdefghijklmnopqrstuvwxy", "ab\xc3\xa9"};

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(vc_vault_name_valid(vc_str(good[i])));
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(vc_vault_name_valid(vc_str(bad[i])));
    }
}


static void
test_installation_once(void **state)
{
    fixture_t        *f = *state;
    vc_error_t        err;
    vc_installation_t one, two;

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_installation_get(f->session, f->arena, &one), VC_OK);
    vc_session_end(f->session);
    assert_true(vc_guid_valid(vc_str(one.id)));
    assert_true(vc_guid_valid(vc_str(one.tenant)));

    assert_int_equal(vc_installation_create(f->session, f->arena,
                         VC_STR("no guid"), &two, &err),
        VC_BAD_PARAMETER);
    assert_int_equal(vc_installation_create(f->session, f->arena, VC_STR_NULL,
                         &two, &err),
        VC_OBJECT_CONFLICT);
}


static void
test_create(void **state)
{
    fixture_t *f = *state;
    vc_vault_t vault, other;

    assert_int_equal(create(f, "x", 0, false, &vault), VC_BAD_PARAMETER);
    assert_int_equal(create(f, "demo", 6, false, &vault), VC_BAD_PARAMETER);
    assert_int_equal(create(f, "demo", 91, false, &vault), VC_BAD_PARAMETER);
    assert_int_equal(get(f, "demo", &vault), VC_NOT_FOUND);

    assert_int_equal(create(f, "Demo", 0, false, &vault), VC_OK);
    assert_int_equal(vault.retention_days, 90);
    assert_string_equal(vault.group, "default");
    assert_true(vc_str_eq(vault.location, VC_STR("local")));
    assert_int_equal(vault.modified, vault.created);
    assert_string_equal(vault.created_by, "");
    assert_string_equal(vc_vault_recovery_level(&vault),
        "Recoverable+Purgeable");

    /* matched without regard to case, shown as first written */
    assert_int_equal(create(f, "dEMO", 0, false, &other), VC_OBJECT_CONFLICT);
    assert_int_equal(get(f, "DEMO", &other), VC_OK);
    assert_string_equal(other.name, "Demo");
    assert_memory_equal(other.domain, vault.domain, VC_DOMAIN_LEN);
    assert_int_equal(other.revision, vault.revision);

    assert_int_equal(create(f, "short", 7, true, &vault), VC_OK);
    assert_string_equal(vc_vault_recovery_level(&vault),
        "CustomizedRecoverable");
}


static void
test_delete_recover_purge(void **state)
{
    fixture_t  *f = *state;
    vc_str_t    name = VC_STR("cycle");
    vc_error_t  err;
    vc_vault_t  vault;
    vc_status_t status;

    assert_int_equal(create(f, "cycle", 7, false, &vault), VC_OK);
    assert_int_equal(vc_vault_purge(f->session, f->arena, name, &err),
        VC_OBJECT_CONFLICT);
    assert_int_equal(vc_vault_recover(f->session, f->arena, name, &vault, &err),
        VC_OBJECT_CONFLICT);
    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_OK);
    assert_int_equal(vault.scheduled_purge, vault.deleted + 7 * DAY);
    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_VAULT_NOT_FOUND);
    assert_int_equal(create(f, "cycle", 0, false, &vault), VC_OBJECT_CONFLICT);
    assert_int_equal(vc_vault_recover(f->session, f->arena, name, &vault, &err),
        VC_OK);
    assert_int_equal(vault.deleted, 0);
    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_OK);
    assert_int_equal(vc_vault_purge(f->session, f->arena, name, &err), VC_OK);
    assert_int_equal(get(f, "cycle", &vault), VC_NOT_FOUND);

    status = create(f, "cycle", 0, false, &vault);
    assert_int_equal(status, VC_OK);
}


static void
test_purge_protection(void **state)
{
    fixture_t *f = *state;
    vc_str_t   name = VC_STR("guarded");
    vc_error_t err;
    vc_vault_t vault;

    assert_int_equal(create(f, "guarded", 7, true, &vault), VC_OK);
    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_OK);
    assert_int_equal(vc_vault_purge(f->session, f->arena, name, &err),
        VC_PURGE_PROTECTED);
    assert_int_equal(get(f, "guarded", &vault), VC_OK);
}


static void
test_sealing_key(void **state)
{
    fixture_t *f = *state;
    uint32_t   key_id;
    vc_str_t   name = VC_STR("sealed");
    vc_error_t err;
    vc_vault_t vault, same;

    assert_int_equal(vc_vault_rotate_key(f->session, f->arena, name, &key_id,
                         &err),
        VC_VAULT_NOT_FOUND);
    assert_int_equal(create(f, "sealed", 7, false, &vault), VC_OK);
    assert_int_equal(vc_vault_rotate_key(f->session, f->arena, name, &key_id,
                         &err),
        VC_OK);
    assert_int_equal(key_id, 2);
    assert_int_equal(get(f, "sealed", &same), VC_OK);
    assert_int_equal(same.revision, vault.revision);

    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_OK);
    assert_int_equal(vc_vault_rotate_key(f->session, f->arena, name, &key_id,
                         &err),
        VC_VAULT_NOT_FOUND);
}


/* runs all that is due at a time, as a worker's timer does */
static void
sweep(fixture_t *f, int64_t now)
{
    size_t     i, count, round;
    vc_str_t   keys[16];
    vc_error_t err;

    for (round = 0; round < 50; round++) {
        assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
        assert_int_equal(vc_snapshot_due(vc_session_snapshot(f->session), now,
                             0, f->arena, keys, 16, &count),
            VC_OK);
        vc_session_end(f->session);

        if (count == 0) {
            return;
        }

        for (i = 0; i < count; i++) {
            assert_int_equal(vc_vault_sweep(f->session, f->arena, keys[i], now,
                                 &err),
                VC_OK);
        }
    }

    fail_msg("what is due never ends");
}


/* a record beside a vault's own, as others write them */
static void
put_record(fixture_t *f, const vc_key_t *key)
{
    vc_error_t  err;
    vc_batch_t *batch;

    batch = vc_batch_create(f->arena);
    vc_batch_put(batch, vc_key_view(key), VC_REVISION_NONE, VC_STR("x"), 0);
    assert_int_equal(vc_store_commit(vc_vaultstore_store(f->store), batch, NULL,
                         &err),
        VC_OK);
}


static bool
has_record(fixture_t *f, const vc_key_t *key)
{
    vc_record_t record;
    vc_status_t status;

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    status = vc_snapshot_get(vc_session_snapshot(f->session), vc_key_view(key),
        &record);
    vc_session_end(f->session);

    return status == VC_OK;
}


/* the key of a role assignment at a vault */
static vc_key_t
role_key(const vc_vault_t *vault)
{
    vc_key_t key;

    key = vc_key_vault_roles(vault->domain);
    key.data[key.len++] = 'i';

    return key;
}


/* role assignments end with the deletion, settings with the purge */
static void
test_what_ends_with_a_vault(void **state)
{
    fixture_t *f = *state;
    vc_key_t   role, other, setting;
    vc_str_t   name = VC_STR("ending");
    vc_error_t err;
    vc_vault_t vault, neighbour;

    assert_int_equal(create(f, "ending", 7, false, &vault), VC_OK);
    assert_int_equal(create(f, "neighbour", 7, false, &neighbour), VC_OK);
    role = role_key(&vault);
    other = role_key(&neighbour);
    setting = vc_key_diagnostic(vault.domain, VC_STR("setting"));
    put_record(f, &role);
    put_record(f, &other);
    put_record(f, &setting);

    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_OK);
    assert_false(has_record(f, &role));
    assert_true(has_record(f, &other));
    assert_true(has_record(f, &setting));

    assert_int_equal(vc_vault_recover(f->session, f->arena, name, &vault, &err),
        VC_OK);
    put_record(f, &role);

    /* deleted by way of a replacement */
    vault.deleted = vc_now();
    vault.scheduled_purge = vault.deleted + 7 * DAY;
    assert_int_equal(vc_vault_replace(f->session, f->arena, &vault, &err),
        VC_OK);
    assert_false(has_record(f, &role));

    assert_int_equal(vc_vault_purge(f->session, f->arena, name, &err), VC_OK);
    sweep(f, vc_now());
    assert_false(has_record(f, &setting));
    assert_true(has_record(f, &other));
}


/* a vault with everything that a record can hold */
static void
fill(vc_vault_t *vault, vc_policy_t *policy, vc_range_t *ranges)
{
    memset(vault, 0, sizeof(*vault));
    memset(policy, 0, sizeof(*policy));
    memset(ranges, 0, 2 * sizeof(*ranges));
    memset(vault->domain, 7, sizeof(vault->domain));
    strcpy(vault->name, "Everything");
    strcpy(vault->tenant, ALICE);
    vault->retention_days = 30;
    vault->purge_protection = true;
    vault->created = 1000;
    strcpy(policy->object_id, ALICE);
    policy->permissions[VC_FAMILY_CERTIFICATES] = 5;
    policy->permissions[VC_FAMILY_STORAGE] = 9;
    vault->policies = policy;
    vault->policy_count = 1;
    strcpy(vault->group, "Group-1");
    vault->location = VC_STR("westus");
    vault->premium = true;
    vault->rbac = true;
    vault->soft_delete_said = true;
    vault->enabled_for = VC_FOR_TEMPLATES;
    vault->enabled_for_said = VC_FOR_TEMPLATES | VC_FOR_DEPLOYMENT;
    vault->network.has_rules = true;
    vault->network.deny = true;
    vault->network.bypass = true;
    vault->network.public_disabled = true;
    ranges[1].address[0] = 0x20;
    ranges[1].prefix = 3;
    vault->network.ranges = ranges;
    vault->network.range_count = 2;
    vault->network.virtual_rules = VC_STR("[{\"id\":\"/x\"}]");
    vault->tags = VC_STR("{\"a\":\"b\"}");
    vault->modified = 2000;
    strcpy(vault->created_by, ALICE);
    strcpy(vault->modified_by, ALICE);
}


static void
assert_same_network(const vc_network_t *a, const vc_network_t *b)
{
    assert_int_equal(a->has_rules, b->has_rules);
    assert_int_equal(a->deny, b->deny);
    assert_int_equal(a->bypass, b->bypass);
    assert_int_equal(a->public_disabled, b->public_disabled);
    assert_int_equal(a->range_count, b->range_count);
    assert_memory_equal(a->ranges, b->ranges,
        a->range_count * sizeof(vc_range_t));
    assert_true(vc_str_eq(a->virtual_rules, b->virtual_rules));
}


static void
assert_same_management(const vc_vault_t *a, const vc_vault_t *b)
{
    assert_string_equal(a->group, b->group);
    assert_true(vc_str_eq(a->location, b->location));
    assert_int_equal(a->premium, b->premium);
    assert_int_equal(a->rbac, b->rbac);
    assert_int_equal(a->soft_delete_said, b->soft_delete_said);
    assert_int_equal(a->enabled_for, b->enabled_for);
    assert_int_equal(a->enabled_for_said, b->enabled_for_said);
    assert_same_network(&a->network, &b->network);
    assert_true(vc_str_eq(a->tags, b->tags));
    assert_int_equal(a->modified, b->modified);
    assert_string_equal(a->created_by, b->created_by);
    assert_string_equal(a->modified_by, b->modified_by);
}


static void
test_codec(void **state)
{
    size_t      cut;
    fixture_t  *f = *state;
    vc_buf_t    plain;
    vc_str_t    view;
    vc_range_t  ranges[2];
    vc_vault_t  vault, back;
    vc_policy_t policy;

    fill(&vault, &policy, ranges);
    vc_buf_init(&plain, f->arena, 512);
    vc_vault_encode(&vault, &plain);
    view = vc_buf_view(&plain);

    assert_int_equal(vc_vault_decode(view, f->arena, &back), VC_OK);
    assert_string_equal(back.name, vault.name);
    assert_int_equal(back.policy_count, 1);
    assert_memory_equal(&back.policies[0], &policy, sizeof(policy));
    assert_same_management(&back, &vault);

    for (cut = 0; cut < view.len; cut++) {
        assert_int_equal(vc_vault_decode((vc_str_t){view.data, cut}, f->arena,
                             &back),
            VC_INVALID);
    }

    vc_buf_u8(&plain, 0);
    assert_int_equal(vc_vault_decode(vc_buf_view(&plain), f->arena, &back),
        VC_INVALID);
    plain.data[0] = 3;
    plain.len--;
    assert_int_equal(vc_vault_decode(vc_buf_view(&plain), f->arena, &back),
        VC_INVALID);
}


/* what the first releases have stored */
static void
test_codec_format_1(void **state)
{
    size_t     i;
    uint8_t    domain[VC_DOMAIN_LEN] = {1, 2, 3};
    fixture_t *f = *state;
    vc_buf_t   plain;
    vc_vault_t vault;

    vc_buf_init(&plain, f->arena, 512);
    vc_buf_u8(&plain, 1);
    vc_buf_put(&plain, domain, sizeof(domain));
    vc_buf_block(&plain, VC_STR("old"));
    vc_buf_block(&plain, VC_STR(ALICE));
    vc_buf_u32(&plain, 90);
    vc_buf_u8(&plain, 0);
    vc_buf_u64(&plain, 1234);
    vc_buf_u64(&plain, 0);
    vc_buf_u64(&plain, 0);
    vc_buf_u32(&plain, 2);

    for (i = 0; i < 2; i++) {
        vc_buf_block(&plain, VC_STR(ALICE));
        vc_buf_block(&plain, VC_STR_NULL);
        vc_buf_u32(&plain, 1);
        vc_buf_u32(&plain, 2);
        vc_buf_u32(&plain, (uint32_t) i);
    }

    assert_int_equal(vc_vault_decode(vc_buf_view(&plain), f->arena, &vault),
        VC_OK);
    assert_string_equal(vault.name, "old");
    assert_int_equal(vault.policy_count, 2);
    assert_int_equal(vault.policies[1].permissions[VC_FAMILY_KEYS], 2);
    assert_int_equal(vault.policies[1].permissions[VC_FAMILY_CERTIFICATES], 1);
    assert_int_equal(vault.policies[1].permissions[VC_FAMILY_STORAGE], 0);
    assert_string_equal(vault.group, "default");
    assert_true(vc_str_eq(vault.location, VC_STR("local")));
    assert_int_equal(vault.modified, 1234);
    assert_false(vault.rbac || vault.premium || vault.network.has_rules
                 || vault.network.public_disabled);

    vc_buf_u8(&plain, 0);
    assert_int_equal(vc_vault_decode(vc_buf_view(&plain), f->arena, &vault),
        VC_INVALID);
}


static void
test_replace(void **state)
{
    char        text[256];
    bool        existed;
    uint8_t     old[VC_DOMAIN_LEN];
    vc_group_t  group;
    uint64_t    stale;
    fixture_t  *f = *state;
    vc_buf_t    id;
    vc_error_t  err;
    vc_range_t  ranges[2];
    vc_vault_t  vault, back;
    vc_policy_t policy;

    fill(&vault, &policy, ranges);
    memset(&group, 0, sizeof(group));
    strcpy(group.name, "Group-1");
    group.location = VC_STR("westus");
    assert_int_equal(vc_group_put(f->session, f->arena, &group, &existed, &err),
        VC_OK);
    assert_int_equal(vc_vault_replace(f->session, f->arena, &vault, &err),
        VC_OK);
    assert_int_equal(get(f, "everything", &back), VC_OK);
    assert_int_equal(back.revision, vault.revision);
    assert_memory_equal(back.domain, vault.domain, VC_DOMAIN_LEN);
    memset(old, 7, sizeof(old));
    assert_memory_not_equal(back.domain, old, sizeof(old));
    assert_same_management(&back, &vault);

    /* the name is taken */
    fill(&back, &policy, ranges);
    assert_int_equal(vc_vault_replace(f->session, f->arena, &back, &err),
        VC_CONFLICT);

    stale = vault.revision;
    vault.tags = VC_STR("{}");
    vault.network.range_count = 0;
    assert_int_equal(vc_vault_replace(f->session, f->arena, &vault, &err),
        VC_OK);
    assert_int_equal(get(f, "everything", &back), VC_OK);
    assert_true(vc_str_eq(back.tags, VC_STR("{}")));
    assert_int_equal(back.network.range_count, 0);
    assert_memory_equal(back.domain, vault.domain, VC_DOMAIN_LEN);

    vault.revision = stale;
    assert_int_equal(vc_vault_replace(f->session, f->arena, &vault, &err),
        VC_CONFLICT);

    /* a change by vaultctl is nobody's, and keeps all else */
    assert_int_equal(vc_vault_delete(f->session, f->arena, VC_STR("Everything"),
                         &back, &err),
        VC_OK);
    assert_string_equal(back.modified_by, "");
    assert_string_equal(back.created_by, ALICE);
    assert_true(back.rbac && back.modified > 2000);

    vc_buf_fixed(&id, text, sizeof(text));
    vc_vault_resource_id(&back, VC_STR("s-1"), &id);
    assert_true(vc_str_eq(vc_buf_view(&id),
        VC_STR("/subscriptions/s-1/resourceGroups/Group-1/providers/"
               "Microsoft.KeyVault/vaults/Everything")));
}


static uint64_t
record_count(fixture_t *f)
{
    vc_store_info_t info;

    assert_int_equal(vc_store_info(vc_vaultstore_store(f->store), &info),
        VC_OK);

    return info.records;
}


/* what was sealed in a vault cannot be opened, and is removed, after purge */
static void
test_scheduled_purge(void **state)
{
    size_t      i;
    fixture_t  *f = *state;
    uint64_t    before;
    vc_key_t    key;
    vc_str_t    name = VC_STR("doomed");
    vc_error_t  err;
    vc_vault_t  vault;
    vc_batch_t *batch;
    vc_record_t record;

    sweep(f, vc_now() + 8 * DAY); /* what other tests have left */
    before = record_count(f);
    assert_int_equal(create(f, "doomed", 7, true, &vault), VC_OK);

    batch = vc_batch_create(f->arena);
    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);

    for (i = 0; i < 2500; i++) {
        char object[16];

        (void) snprintf(object, sizeof(object), "N%zu", i);
        key = vc_key_object('h', vault.domain, 's', vc_str(object));
        assert_int_equal(vc_sealed_put(f->session, vault.domain, batch,
                             vc_key_view(&key), VC_REVISION_NONE,
                             VC_STR("plain"), 0),
            VC_OK);
    }

    vc_session_end(f->session);
    assert_int_equal(vc_store_commit(vc_vaultstore_store(f->store), batch, NULL,
                         &err),
        VC_OK);

    assert_int_equal(vc_vault_delete(f->session, f->arena, name, &vault, &err),
        VC_OK);

    sweep(f, vc_now() + 6 * DAY);
    assert_int_equal(get(f, "doomed", &vault), VC_OK);

    sweep(f, vc_now() + 8 * DAY);
    assert_int_equal(get(f, "doomed", &vault), VC_NOT_FOUND);

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_sealed_get(f->session, vault.domain, vc_key_view(&key),
                         f->arena, &record),
        VC_NOT_FOUND);
    vc_session_end(f->session);

    assert_int_equal(record_count(f), before);
}


static void
test_policies(void **state)
{
    size_t            i;
    char              guid[VC_GUID_LEN + 1];
    uint32_t          bits[VC_FAMILY_COUNT] = {VC_SECRETS_GET, 0, 0, 0};
    uint32_t          none[VC_FAMILY_COUNT] = {0, 0, 0, 0};
    fixture_t        *f = *state;
    vc_str_t          name = VC_STR("policies");
    vc_error_t        err;
    vc_vault_t        vault;
    const vc_vault_t *cached;
    vc_vault_cache_t *cache;

    assert_int_equal(vc_vault_set_policy(f->session, f->arena, name,
                         VC_STR(ALICE), VC_STR_NULL, bits, &vault, &err),
        VC_VAULT_NOT_FOUND);
    assert_int_equal(create(f, "policies", 0, false, &vault), VC_OK);
    assert_int_equal(vc_vault_set_policy(f->session, f->arena, name,
                         VC_STR("alice"), VC_STR_NULL, bits, &vault, &err),
        VC_BAD_PARAMETER);

    assert_int_equal(vc_vault_cache_create(4, VC_STR(ALICE), &cache), VC_OK);
    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_vault_cache_get(cache, f->session, name, &cached),
        VC_OK);
    assert_int_equal(cached->policy_count, 0);
    vc_session_end(f->session);

    assert_int_equal(vc_vault_set_policy(f->session, f->arena, name,
                         VC_STR(ALICE), VC_STR_NULL, bits, &vault, &err),
        VC_OK);

    /* a cache sees the change with its next snapshot */
    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    assert_int_equal(vc_vault_cache_get(cache, f->session, name, &cached),
        VC_OK);
    assert_int_equal(cached->policy_count, 1);
    assert_int_equal(cached->policies[0].permissions[0], VC_SECRETS_GET);
    vc_session_end(f->session);
    vc_vault_cache_destroy(cache);

    assert_int_equal(vc_vault_set_policy(f->session, f->arena, name,
                         VC_STR(ALICE), VC_STR_NULL, none, &vault, &err),
        VC_OK);
    assert_int_equal(vault.policy_count, 0);

    for (i = 0; i < VC_POLICIES_MAX; i++) {
        (void) snprintf(guid, sizeof(guid), "00000000-0000-0000-0000-%012zu",
            i);
        assert_int_equal(vc_vault_set_policy(f->session, f->arena, name,
                             vc_str(guid), VC_STR_NULL, bits, &vault, &err),
            VC_OK);
        vc_arena_reset(f->arena);
    }

    assert_int_equal(vc_vault_set_policy(f->session, f->arena, name,
                         VC_STR(ALICE), VC_STR_NULL, bits, &vault, &err),
        VC_BAD_PARAMETER);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_installation_once),
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_delete_recover_purge),
        cmocka_unit_test(test_purge_protection),
        cmocka_unit_test(test_sealing_key),
        cmocka_unit_test(test_what_ends_with_a_vault),
        cmocka_unit_test(test_codec),
        cmocka_unit_test(test_codec_format_1),
        cmocka_unit_test(test_replace),
        cmocka_unit_test(test_scheduled_purge),
        cmocka_unit_test(test_policies),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
