#include "vault_fixture.h"

#include "vaults/installation.h"


int
vaults_setup(void **state)
{
    vc_error_t        err;
    vaults_t         *f;
    vc_installation_t installation;

    f = calloc(1, sizeof(vaults_t));
    assert_non_null(f);
    f->directory = test_directory_make();
    (void) snprintf(f->store_path, sizeof(f->store_path), "%s/store",
        f->directory.path);
    (void) snprintf(f->seal_path, sizeof(f->seal_path), "%s/seal",
        f->directory.path);

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


int
vaults_teardown(void **state)
{
    vaults_t *f = *state;

    vc_arena_destroy(f->arena);
    vc_session_destroy(f->session);
    vc_vaultstore_close(f->store);
    vc_seal_close(f->seal);
    test_directory_remove(&f->directory);
    free(f);

    return 0;
}


vc_status_t
create(vaults_t *f, const char *name, int days, bool protect, vc_vault_t *out)
{
    vc_error_t      err;
    vc_vault_spec_t spec;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(name);
    spec.retention_days = days;
    spec.purge_protection = protect;

    return vc_vault_create(f->session, f->arena, &spec, out, &err);
}


vc_status_t
get(vaults_t *f, const char *name, vc_vault_t *out)
{
    vc_status_t status;

    assert_int_equal(vc_session_begin(f->session, NULL), VC_OK);
    status = vc_vault_get(f->session, f->arena, vc_str(name), out);
    vc_session_end(f->session);

    return status;
}


/* a vault with everything that a record can hold */
void
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


void
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
