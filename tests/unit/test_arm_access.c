/* who may do what in the management plane, locks, and who is first */

#include "arm_fixture.h"
#include "engine_fixture.h"

#include <pthread.h>

#include "api/engine.h"
#include "vaults/groups.h"

#define DEMO ARM_V "demo?" ARM_API
#define SUBSCRIPTIONS "/subscriptions?" ARM_GROUP_API


static void
test_nobody(void **state)
{
    char   token[4096], id[VC_GUID_LEN + 1], words[512];
    arm_t *arm = *state;

    arm_principal(arm, "guest", token, id);
    arm->token = token;

    (void) arm_ask(arm, "GET", DEMO, NULL);
    (void) snprintf(words, sizeof(words),
        "with object id '%s' does not have authorization to perform action "
        "'Microsoft.KeyVault/vaults/read' over scope '/subscriptions/%s/"
        "resourceGroups/default/providers/Microsoft.KeyVault/vaults/demo' or "
        "the scope is invalid. If access was recently granted, please refresh "
        "your credentials.",
        id, arm->fixture.installation.id);
    arm_expect_error(arm, 403, "AuthorizationFailed", words);

    /* also about what is not there */
    (void) arm_ask(arm, "GET", ARM_V "none?" ARM_API, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed", NULL);
    (void) arm_ask(arm, "DELETE", ARM_V "none?" ARM_API, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed", NULL);
    assert_int_equal(arm_make_vault(arm, "work", ""), 403);
    (void) arm_ask(arm, "GET", "~?" ARM_GROUP_API, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed", "subscriptions/read");
    (void) arm_ask(arm, "GET", "/v1.0/servicePrincipals?$filter=appId eq 'x'",
        NULL);
    arm_expect_error(arm, 403, "Forbidden", "privileges");

    assert_int_equal(arm_ask(arm, "GET", SUBSCRIPTIONS, NULL), 200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 0);
    assert_int_equal(arm_ask(arm, "GET", ARM_K "/vaults?" ARM_API, NULL), 200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 0);
}


static void
test_roles(void **state)
{
    char   token[4096], id[VC_GUID_LEN + 1];
    arm_t *arm = *state;

    assert_int_equal(arm_make_vault(arm, "work", ""), 201);
    arm_principal(arm, "guest", token, id);
    arm_assign(arm, id, ARM_READER, ARM_V "demo");
    arm->token = token;

    /* with the next request, for the vault alone */
    assert_int_equal(arm_ask(arm, "GET", DEMO, NULL), 200);
    assert_int_equal(arm_ask(arm, "GET", ARM_V "work?" ARM_API, NULL), 403);
    assert_int_equal(arm_ask(arm, "PATCH", DEMO, "{}"), 403);
    assert_int_equal(arm_ask(arm, "GET", ARM_G "?" ARM_GROUP_API, NULL), 403);

    /* lists show what may be read */
    assert_int_equal(arm_ask(arm, "GET", SUBSCRIPTIONS, NULL), 200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 1);
    assert_int_equal(arm_ask(arm, "GET", ARM_K "/vaults?" ARM_API, NULL), 200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 1);
    assert_string_equal(arm_text(arm, "value/0/name"), "demo");

    /* a contributor of the group makes and deletes, but does not purge */
    arm_assign(arm, id, ARM_CONTRIBUTOR, ARM_G);
    assert_int_equal(arm_make_vault(arm, "more", ""), 201);
    assert_int_equal(arm_ask(arm, "DELETE", ARM_V "more?" ARM_API, NULL), 200);
    (void) arm_ask(arm, "POST",
        ARM_K "/locations/westus/deletedVaults/more/purge?" ARM_API, NULL);
    arm_expect_error(arm, 403, "AuthorizationFailed",
        "Microsoft.KeyVault/locations/deletedVaults/purge/action");
}


/* the roles that Azure describes as seeing vaults see them, and no others */
static void
test_vault_readers(void **state)
{
    static const struct {
        const char *role;
        bool        reads;
    } cases[] = {
        {"00482a5a-887f-4fb3-b363-3b7fe8e74483", true}, /* Administrator */
        {"21090545-7ca7-4776-b22c-e363652d74d2", true}, /* Reader */
        {"b86a8fe4-44ce-4948-aee5-eccb2c155cd7", true}, /* Secrets Officer */
        {"14b46e9e-c2b7-41b4-b07b-48a6ebf60603", true}, /* Crypto Officer */
        {"a4417e6f-fecd-4de8-b567-7b0420556985", true}, /* Certificates … */
        {"8b54135c-b56d-4d72-a534-26097cfdc8d8", true}, /* Data Access … */
        {ARM_CONTRIBUTOR, true},
        {"4633458b-17de-408a-b874-0445c86b69e6", false}, /* Secrets User */
        {"12338af0-0e69-4776-bea7-57ae8d297424", false}, /* Crypto User */
        {"e147488a-f6f5-4113-8e2d-b22465e65bf6", false}, /* … Encryption … */
        {"08bbd89e-9f13-488c-ac41-acfcb10c90ab", false}, /* … Release User */
        {"db79e9a7-68ee-4b58-9aeb-b90e7c24fcba", false}, /* Certificate User */
        {"a68e7c17-0ab2-4c09-9a58-125dae29748c", false}, /* Purge Operator */
    };

    char   token[4096], id[VC_GUID_LEN + 1], name[32];
    size_t i;
    arm_t *arm = *state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void) snprintf(name, sizeof(name), "reader %zu", i);
        arm_principal(arm, name, token, id);
        arm_assign(arm, id, cases[i].role, ARM_V "demo");
        arm->token = token;

        if (arm_ask(arm, "GET", DEMO, NULL) != (cases[i].reads ? 200 : 403)) {
            fail_msg("%s: %d", cases[i].role, arm->status);
        }
    }
}


/*
 * Whoever may write a vault, and not give roles, does not choose which model
 * decides in it, nor whose object ids the roles name: he would have its
 * content.
 */
static void
test_model(void **state)
{
    static const char *const turns[] = {
        "{\"properties\":{\"enableRbacAuthorization\":false}}",
        "{\"properties\":{\"enableRbacAuthorization\":false,"
        "\"accessPolicies\":[]}}",
        "{\"properties\":{\"tenantId\":"
        "\"99999999-2222-4333-8444-555555555555\"}}",
    };

    char   token[4096], id[VC_GUID_LEN + 1];
    size_t i;
    arm_t *arm = *state;

    arm_principal(arm, "writer", token, id);
    arm_assign(arm, id, ARM_CONTRIBUTOR, ARM_G);
    /* gives some roles, not all */
    arm_assign(arm, id, "8b54135c-b56d-4d72-a534-26097cfdc8d8", ARM_G);
    arm->token = token;
    assert_int_equal(arm_make_vault(arm, "roles",
                         ",\"enableRbacAuthorization\":true"),
        201);

    for (i = 0; i < sizeof(turns) / sizeof(turns[0]); i++) {
        (void) arm_ask(arm, "PATCH", ARM_V "roles?" ARM_API, turns[i]);
        arm_expect_error(arm, 403, "AuthorizationFailed",
            "Microsoft.Authorization/roleAssignments/write");
    }

    (void) arm_make_vault(arm, "roles", ",\"enableRbacAuthorization\":false");
    arm_expect_error(arm, 403, "AuthorizationFailed", NULL);
    (void) arm_ask(arm, "PATCH", DEMO,
        "{\"properties\":{\"enableRbacAuthorization\":true}}");
    arm_expect_error(arm, 403, "AuthorizationFailed", NULL);

    /* what stays as it is may be said, and all else may be changed */
    assert_int_equal(arm_ask(arm, "PATCH", ARM_V "roles?" ARM_API,
                         "{\"tags\":{\"a\":\"b\"},\"properties\":{"
                         "\"enableRbacAuthorization\":true}}"),
        200);

    arm_assign(arm, id, ARM_OWNER, ARM_V "roles");
    assert_int_equal(arm_ask(arm, "PATCH", ARM_V "roles?" ARM_API, turns[0]),
        200);
}


static void
lock(arm_t *arm, const char *scope, vc_lock_level_t level, bool remove)
{
    bool          existed;
    char          expanded[512];
    vc_lock_t     lock;
    vc_error_t    err;
    vc_arena_t   *arena;
    vc_status_t   status;
    vc_context_t *context;

    (void) snprintf(expanded, sizeof(expanded), "/subscriptions/%s%s",
        arm->fixture.installation.id, scope + 1);
    memset(&lock, 0, sizeof(lock));
    lock.scope = vc_str(expanded);
    lock.name = VC_STR("keep");
    lock.level = level;

    arena = vc_arena_create(4096);
    context = vc_engine_context(arm->fixture.engine);
    status = remove
                 ? vc_lock_delete(context->session, arena, lock.scope,
                     lock.name, &err)
                 : vc_lock_put(context->session, arena, &lock, &existed, &err);
    assert_int_equal(status, VC_OK);
    vc_engine_context_release(arm->fixture.engine, context);
    vc_arena_destroy(arena);
}


static void
test_locks(void **state)
{
    char   words[512];
    arm_t *arm = *state;

    lock(arm, ARM_V "demo", VC_LOCK_CAN_NOT_DELETE, false);
    (void) arm_ask(arm, "DELETE", ARM_V "DEMO?" ARM_API, NULL);
    (void) snprintf(words, sizeof(words),
        "vaults/demo' cannot perform delete operation because following "
        "scope(s) are locked: '/subscriptions/%s/resourceGroups/default/"
        "providers/Microsoft.KeyVault/vaults/demo/providers/"
        "Microsoft.Authorization/locks/keep'. Please remove the lock and try "
        "again.",
        arm->fixture.installation.id);
    arm_expect_error(arm, 409, "ScopeLocked", words);
    assert_int_equal(arm_ask(arm, "PATCH", DEMO, "{}"), 200);
    assert_int_equal(arm_ask(arm, "GET", DEMO, NULL), 200);
    lock(arm, ARM_V "demo", VC_LOCK_CAN_NOT_DELETE, true);

    /* from above, and for writes */
    lock(arm, ARM_G, VC_LOCK_READ_ONLY, false);
    (void) arm_ask(arm, "PATCH", DEMO, "{}");
    arm_expect_error(arm, 409, "ScopeLocked", "write operation");
    (void) arm_make_vault(arm, "work", "");
    arm_expect_error(arm, 409, "ScopeLocked", NULL);
    (void) arm_ask(arm, "DELETE", DEMO, NULL);
    arm_expect_error(arm, 409, "ScopeLocked", "delete operation");
    assert_int_equal(arm_ask(arm, "GET", DEMO, NULL), 200);
    lock(arm, ARM_G, VC_LOCK_READ_ONLY, true);
    assert_int_equal(arm_ask(arm, "DELETE", DEMO, NULL), 200);
}


static void
test_names_are_taken(void **state)
{
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "PUT",
                         "~/resourceGroups/other?" ARM_GROUP_API,
                         "{\"location\":\"westus\"}"),
        201);
    (void) arm_ask(arm, "PUT",
        "~/resourceGroups/other/providers/Microsoft.KeyVault/vaults/"
        "DEMO?" ARM_API,
        "{\"location\":\"westus\"}");
    arm_expect_error(arm, 409, "VaultAlreadyExists",
        "The vault name 'demo' is already in use. Vault names are globaly "
        "unique");
    (void) arm_ask(arm, "GET",
        "~/resourceGroups/other/providers/Microsoft.KeyVault/vaults/"
        "demo?" ARM_API,
        NULL);
    arm_expect_error(arm, 404, "ResourceNotFound", "'other'");
    (void) arm_ask(arm, "PUT",
        "~/resourceGroups/none/providers/Microsoft.KeyVault/vaults/"
        "work?" ARM_API,
        "{}");
    arm_expect_error(arm, 404, "ResourceGroupNotFound", NULL);

    /* a deleted vault of another location is somebody else's */
    assert_int_equal(arm_ask(arm, "DELETE", DEMO, NULL), 200);
    (void) arm_ask(arm, "PUT", DEMO, "{\"location\":\"eastus\"}");
    arm_expect_error(arm, 409, "VaultAlreadyExists", NULL);
    (void) arm_ask(arm, "PUT", DEMO,
        "{\"location\":\"eastus\",\"properties\":{\"createMode\":\"recover\"}}");
    arm_expect_error(arm, 409, "InvalidResourceLocation", NULL);
    (void) arm_ask(arm, "PUT",
        "~/resourceGroups/other/providers/Microsoft.KeyVault/vaults/"
        "demo?" ARM_API,
        "{\"location\":\"local\",\"properties\":{\"createMode\":\"recover\"}}");
    arm_expect_error(arm, 409, "ConflictError", "'default'");
    assert_int_equal(arm_ask(arm, "PUT", DEMO,
                         "{\"location\":\"Local\",\"properties\":{"
                         "\"createMode\":\"recover\"}}"),
        200);
    assert_string_equal(arm_text(arm, "properties/accessPolicies/0/objectId"),
        arm->fixture.object_id);
}


#define RACERS 4

typedef struct {
    vc_call_t *call;
    vc_str_t   body;
} racer_t;


static void *
race(void *data)
{
    racer_t *racer = data;

    vc_call_execute(racer->call, racer->body);

    return NULL;
}


/* all of them saw that the name was free */
static void
test_race(void **state)
{
    int          i, created, refused;
    char         path[256], body[512];
    arm_t       *arm = *state;
    racer_t      racers[RACERS];
    pthread_t    threads[RACERS];
    vc_request_t request;

    (void) snprintf(path, sizeof(path),
        "/subscriptions/%s/resourceGroups/default/providers/"
        "Microsoft.KeyVault/vaults/race?" ARM_API,
        arm->fixture.installation.id);
    (void) snprintf(body, sizeof(body),
        "{\"location\":\"westus\",\"properties\":{\"tenantId\":\"%s\",\"sku\":"
        "{\"family\":\"A\",\"name\":\"standard\"},\"accessPolicies\":[]}}",
        arm->fixture.installation.tenant);
    request = fixture_request(&arm->fixture, "PUT", path);
    request.plane = VC_PLANE_MANAGEMENT;
    request.authorization = vc_str(arm->fixture.manager);

    for (i = 0; i < RACERS; i++) {
        racers[i].body = vc_str(body);
        racers[i].call = vc_call_create(arm->fixture.engine, &request);
        assert_non_null(racers[i].call);
        assert_int_equal(vc_call_authenticate(racers[i].call), VC_OK);
        assert_int_equal(vc_call_authorize(racers[i].call), VC_OK);
    }

    for (i = 0; i < RACERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]),
            0);
    }

    for (i = 0, created = 0, refused = 0; i < RACERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        created += vc_call_response(racers[i].call)->status == 201;
        refused += vc_call_response(racers[i].call)->status == 409;
        vc_call_destroy(racers[i].call);
    }

    assert_int_equal(created, 1);
    assert_int_equal(refused, RACERS - 1);
}


int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, arm_setup, arm_teardown)

    const struct CMUnitTest tests[] = {
        TEST(test_nobody),
        TEST(test_roles),
        TEST(test_vault_readers),
        TEST(test_model),
        TEST(test_locks),
        TEST(test_names_are_taken),
        TEST(test_race),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
