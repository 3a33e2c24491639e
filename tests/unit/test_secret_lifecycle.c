/* secrets deleted, recovered, purged, backed up and restored */

#include "secret_fixture.h"

#include "api/engine.h"
#include "objects/object.h"

#define DAY 86400
#define IS_DELETED(name)                                                       \
    "Secret " name " is currently in a deleted but recoverable state, and "    \
    "its name cannot be reused; in this state, the secret can only be "        \
    "recovered or purged."


static json_t *
attributes_of(const answer_t *answer)
{
    return json_object_get(answer->json, "attributes");
}


static void
test_deleted(void **state)
{
    char            expected[1024], version[33];
    json_int_t      created, deleted;
    const answer_t *answer;

    (void) state;

    version_of(expect(200, "PUT", "/secrets/Del", "{\"value\":\"1\"}"),
        version);
    answer = expect(200, "DELETE", "/secrets/dEL", NULL);
    created = number_of(attributes_of(answer), "created");
    deleted = number_of(answer->json, "deletedDate");

    (void) snprintf(expected, sizeof(expected),
        "{\"recoveryId\":\"" FIXTURE_URL "/deletedsecrets/Del\","
        "\"deletedDate\":%lld,\"scheduledPurgeDate\":%lld,\"id\":\"" FIXTURE_URL
        "/secrets/Del/%s\",\"attributes\":{\"enabled\":true,\"created\":%lld,"
        "\"updated\":%lld,"
        "\"recoveryLevel\":\"CustomizedRecoverable+Purgeable\","
        "\"recoverableDays\":7}}",
        (long long) deleted, (long long) deleted + 7 * DAY, version,
        (long long) created, (long long) created);
    assert_string_equal(answer->text, expected);

    answer = expect(200, "GET", "/deletedsecrets/del", NULL);
    assert_string_equal(answer->text, expected);

    /* the live path knows it no more, and the name stays taken */
    (void) expect_error(404, "SecretNotFound", NULL, "GET", "/secrets/del",
        NULL);
    (void) expect_error(404, "SecretNotFound", NULL, "GET",
        "/secrets/del/versions", NULL);
    (void) expect_error(404, "SecretNotFound", NULL, "DELETE", "/secrets/del",
        NULL);
    (void) expect_error(404, "SecretNotFound", NULL, "PATCH", "/secrets/del",
        "{}");
    (void) expect_error(404, "SecretNotFound", NULL, "POST",
        "/secrets/del/backup", NULL);

    /* whatever the body is */
    answer = expect_error(409, "Conflict", "ObjectIsDeletedButRecoverable",
        "PUT", "/secrets/DEL", "{\"value\":\"2\"}");
    assert_string_equal(message_of(answer), IS_DELETED("DEL"));
    (void) expect_error(409, "Conflict", "ObjectIsDeletedButRecoverable", "PUT",
        "/secrets/del", "nonsense");

    answer = expect(200, "POST", "/deletedsecrets/del/recover", NULL);
    assert_null(json_object_get(answer->json, "value"));
    assert_null(json_object_get(answer->json, "recoveryId"));
    assert_non_null(strstr(answer->text, version));
    (void) expect(200, "GET", "/secrets/del", NULL);

    answer = expect_error(404, "SecretNotFound", NULL, "GET",
        "/deletedsecrets/deL", NULL);
    assert_string_equal(message_of(answer), "Deleted Secret not found: deL");
    (void) expect_error(404, "SecretNotFound", NULL, "POST",
        "/deletedsecrets/del/recover", NULL);
    (void) expect_error(404, "SecretNotFound", NULL, "DELETE",
        "/deletedsecrets/del", NULL);

    (void) expect(200, "DELETE", "/secrets/del", NULL);
    answer = expect(204, "DELETE", "/deletedsecrets/del", NULL);
    assert_string_equal(answer->text, "");
    (void) expect_error(404, "SecretNotFound", NULL, "GET",
        "/deletedsecrets/del", NULL);
    (void) expect(200, "PUT", "/secrets/del", "{\"value\":\"new\"}");
}


#define GUARDED "https", "guarded.vault.localhost:8443"

static void
test_purge_protected(void **state)
{
    const answer_t *answer;

    (void) state;

    make_vault("guarded", true);

    assert_int_equal(ask_at(GUARDED, "PUT", "/secrets/a", "{\"value\":\"1\"}")
                         ->status,
        200);
    answer = ask_at(GUARDED, "DELETE", "/secrets/a", NULL);
    assert_int_equal(answer->status, 200);
    assert_string_equal(text_of(attributes_of(answer), "recoveryLevel"),
        "Recoverable");
    assert_int_equal(number_of(attributes_of(answer), "recoverableDays"), 90);

    answer = ask_at(GUARDED, "DELETE", "/deletedsecrets/a", NULL);
    assert_int_equal(answer->status, 403);
    assert_string_equal(message_of(answer),
        "Operation \"purge\" is not allowed because purge protection is "
        "enabled for this vault. Key Vault service will automatically purge "
        "it after the retention period has passed.");
    assert_int_equal(ask_at(GUARDED, "GET", "/deletedsecrets/a", NULL)->status,
        200);
    assert_int_equal(ask_at(GUARDED, "DELETE", "/deletedsecrets/b", NULL)
                         ->status,
        404);
}


static void
test_scheduled_purge(void **state)
{
    json_int_t    then;
    vc_key_t      key;
    vc_error_t    err;
    vc_vault_t    vault;
    vc_arena_t   *arena;
    vc_session_t *session;

    (void) state;

    (void) expect(200, "PUT", "/secrets/due", "{\"value\":\"1\"}");
    (void) expect(200, "PUT", "/secrets/due", "{\"value\":\"2\"}");
    then = number_of(expect(200, "DELETE", "/secrets/due", NULL)->json,
        "scheduledPurgeDate");

    arena = vc_arena_create(4096);
    assert_int_equal(vc_session_create(secrets_fixture.engine->store, &session),
        VC_OK);
    assert_int_equal(vc_session_begin(session, &err), VC_OK);
    assert_int_equal(vc_vault_get(session, arena, VC_STR("demo"), &vault),
        VC_OK);
    vc_session_end(session);
    key = vc_key_object('d', vault.domain, 's', VC_STR("due"));

    assert_int_equal(vc_object_sweep(session, arena, vc_key_view(&key),
                         then - 1, &err),
        VC_OK);
    (void) expect(200, "GET", "/deletedsecrets/due", NULL);
    assert_int_equal(vc_object_sweep(session, arena, vc_key_view(&key), then,
                         &err),
        VC_OK);
    (void) expect(404, "GET", "/deletedsecrets/due", NULL);
    (void) expect(404, "GET", "/secrets/due", NULL);

    vc_session_destroy(session);
    vc_arena_destroy(arena);
}


static void
test_backup(void **state)
{
    char           *body, *damaged, version[33];
    size_t          i, len;
    const answer_t *answer;

    (void) state;

    (void) expect(200, "PUT", "/secrets/Back", "{\"value\":\"one\"}");
    version_of(expect(200, "PUT", "/secrets/back", "{\"value\":\"two\"}"),
        version);

    answer = expect(200, "POST", "/secrets/back/backup", NULL);
    assert_int_equal(json_object_size(answer->json), 1);
    body = strdup(answer->text);
    len = strlen(body);

    answer = expect_error(409, "Conflict", NULL, "POST", "/secrets/restore",
        body);
    assert_string_equal(message_of(answer),
        "Conflict while restoring secret " FIXTURE_URL
        "/secrets/Back - secret already exists or concurrent access");
    (void) expect(200, "DELETE", "/secrets/back", NULL);
    (void) expect_error(409, "Conflict", NULL, "POST", "/secrets/restore",
        body);
    (void) expect(204, "DELETE", "/deletedsecrets/back", NULL);

    damaged = strdup(body);
    for (i = strlen("{\"value\":\""); i < len - 2; i += 7) {
        damaged[i] = (damaged[i] == 'A') ? 'B' : 'A';
        (void) expect_error(400, "BadParameter", NULL, "POST",
            "/secrets/restore", damaged);
        damaged[i] = body[i];
    }

    (void) expect_error(400, "BadParameter", NULL, "POST", "/secrets/restore",
        "{}");
    (void) expect_error(400, "BadParameter", NULL, "POST", "/secrets/restore",
        "{\"value\":7}");
    (void) expect_error(400, "BadParameter", NULL, "POST", "/secrets/restore",
        "{\"value\":\"\"}");

    answer = expect(200, "POST", "/secrets/restore", body);
    assert_null(json_object_get(answer->json, "value"));
    assert_non_null(strstr(answer->text, version));
    assert_string_equal(text_of(expect(200, "GET", "/secrets/back", NULL)->json,
                            "value"),
        "two");

    free(body);
    free(damaged);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deleted),
        cmocka_unit_test(test_purge_protected),
        cmocka_unit_test(test_scheduled_purge),
        cmocka_unit_test(test_backup),
    };

    return cmocka_run_group_tests(tests, secrets_setup, secrets_teardown);
}
