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
        TEST(test_locks),
        TEST(test_names_are_taken),
        TEST(test_race),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
