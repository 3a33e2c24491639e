/* api/key_chore.h: what time brings to keys, and what is recorded of it */

#include "chore_fixture.h"

#include "api/key_chore.h"
#include "base/clock.h"


static void
test_rotates_once(void **state)
{
    int64_t         created;
    json_t         *attributes;
    const answer_t *answer;

    (void) state;

    created = chore_make("rotated",
        ",\"crv\":\"P-384\",\"key_ops\":[\"sign\"],\"tags\":{\"t\":\"v\"}");
    chore_policy("rotated", ROTATE_AFTER_90_DAYS);

    assert_int_equal(chore_pass_until(created + 90 * DAY - 1), 0);
    assert_int_equal(chore_versions("rotated"), 1);

    assert_int_equal(chore_pass_until(created + 90 * DAY), 1);
    chore_recorded(RECORD_ROTATED, "rotated");
    assert_int_equal(chore_versions("rotated"), 2);

    answer = expect(200, "GET", "/keys/rotated", NULL);
    attributes = json_object_get(answer->json, "attributes");
    assert_true(number_of(attributes, "created") == created + 90 * DAY);
    assert_null(json_object_get(attributes, "exp"));
    assert_string_equal(text_of(json_object_get(answer->json, "tags"), "t"),
        "v");
    assert_string_equal(text_of(json_object_get(answer->json, "key"), "crv"),
        "P-384");
    assert_int_equal(json_array_size(
                         json_object_get(json_object_get(answer->json, "key"),
                             "key_ops")),
        1);

    /* the next comes 90 days after this one */
    assert_int_equal(chore_pass_until(created + 180 * DAY - 1), 0);
    assert_int_equal(chore_pass_until(created + 180 * DAY), 1);
    chore_recorded(RECORD_ROTATED, "rotated");
    assert_int_equal(chore_versions("rotated"), 3);
}


/* as the server does it, by its clock: a key that has ended long ago */
static void
test_housekeeping(void **state)
{
    int64_t         exp;
    json_t         *attributes;
    const answer_t *answer;

    (void) state;

    (void) chore_make("ended", "");
    chore_policy("ended",
        "{\"lifetimeActions\":[{\"trigger\":{\"timeBeforeExpiry\":\"P30D\"},"
        "\"action\":{\"type\":\"Rotate\"}}],"
        "\"attributes\":{\"expiryTime\":\"P90D\"}}");
    vc_engine_housekeeping_run(secrets_fixture.engine);
    assert_int_equal(chores.line_count, 0);

    chore_expiry("ended", 1700000000);
    assert_true(vc_engine_housekeeping_due(secrets_fixture.engine));
    vc_engine_housekeeping_run(secrets_fixture.engine);
    chore_recorded(RECORD_ROTATED, "ended");

    answer = expect(200, "GET", "/keys/ended", NULL);
    attributes = json_object_get(answer->json, "attributes");
    exp = number_of(attributes, "exp");
    assert_true(exp == number_of(attributes, "created") + 90 * DAY);

    assert_false(vc_engine_housekeeping_due(secrets_fixture.engine));
    vc_engine_housekeeping_run(secrets_fixture.engine);
    assert_int_equal(chores.line_count, 0);
    assert_int_equal(chore_versions("ended"), 2);
}


/* whoever changed the key has seen none of it: it is looked at anew */
static void
test_changed_meanwhile(void **state)
{
    int64_t created;

    (void) state;

    created = chore_make("raced", "");
    chore_policy("raced", ROTATE_AFTER_90_DAYS);

    chores.meanwhile = "raced";
    assert_int_equal(chore_pass_until(created + 90 * DAY), 1);
    assert_null(chores.meanwhile);
    assert_int_equal(chores.line_count, 0);
    assert_int_equal(chore_versions("raced"), 1);

    assert_int_equal(chore_pass_until(created + 90 * DAY), 1);
    chore_recorded(RECORD_ROTATED, "raced");
    assert_int_equal(chore_versions("raced"), 2);
    assert_string_equal(text_of(json_object_get(expect(200, "GET",
                                                    "/keys/raced", NULL)
                                                    ->json,
                                    "tags"),
                            "a"),
        "b");
}


/* a process that is to end makes no key, and the next one does */
static void
test_given_up(void **state)
{
    vc_error_t    err;
    vc_str_t      keys[CHORE_LINES_MAX];
    int64_t       due;
    vc_arena_t   *arena;
    vc_context_t *context;

    (void) state;

    due = number_of(json_object_get(expect(200, "POST", "/keys/big/create",
                                        "{\"kty\":\"RSA\"}")
                                        ->json,
                        "attributes"),
              "created")
          + 90 * DAY;
    chore_policy("big", ROTATE_AFTER_90_DAYS);

    chores.is_ending = true;
    arena = vc_arena_create(8192);
    context = vc_engine_context(secrets_fixture.engine);
    assert_int_equal(chore_due(context, arena, due, keys), 1);
    assert_int_equal(vc_key_chore(secrets_fixture.engine, context, arena,
                         keys[0], due, &err),
        VC_UNAVAILABLE);
    vc_engine_context_release(secrets_fixture.engine, context);
    vc_arena_destroy(arena);
    chores.is_ending = false;

    assert_int_equal(chores.line_count, 0);
    assert_int_equal(chore_versions("big"), 1);
    assert_int_equal(chore_pass_until(due), 1);
    chore_recorded(RECORD_ROTATED, "big");
    assert_int_equal(chore_versions("big"), 2);
}


static void
test_announces_once(void **state)
{
    int64_t created, exp;

    (void) state;

    created = chore_make("near", "");
    exp = created + 100 * DAY;
    chore_expiry("near", exp);

    assert_int_equal(chore_pass_until(exp - 30 * DAY - 1), 0);
    assert_int_equal(chore_pass_until(exp - 30 * DAY), 1);
    chore_recorded(RECORD_ANNOUNCED, "near");
    assert_int_equal(chore_pass_until(exp + DAY), 0);
    assert_int_equal(chore_versions("near"), 1);

    /* another change of it is no reason, another end is */
    chore_patch("near", "{\"tags\":{\"a\":\"b\"}}");
    assert_int_equal(chore_pass_until(exp + DAY), 0);

    chore_expiry("near", exp + DAY);
    assert_int_equal(chore_pass_until(exp + DAY), 1);
    chore_recorded(RECORD_ANNOUNCED, "near");

    /* and another version with the same end */
    (void) chore_make("near", "");
    chore_expiry("near", exp + DAY);
    assert_int_equal(chore_pass_until(exp + DAY), 1);
    chore_recorded(RECORD_ANNOUNCED, "near");
    assert_int_equal(chore_pass_until(exp + 2 * DAY), 0);
}


/* the announcement takes nothing from the policy: the rotation comes, too */
static void
test_announces_then_rotates(void **state)
{
    int64_t created, exp;

    (void) state;

    created = chore_make("both", "");
    exp = created + 100 * DAY;
    chore_expiry("both", exp);
    chore_policy("both",
        "{\"lifetimeActions\":[{\"trigger\":{\"timeBeforeExpiry\":\"P10D\"},"
        "\"action\":{\"type\":\"Rotate\"}},"
        "{\"trigger\":{\"timeBeforeExpiry\":\"P20D\"},"
        "\"action\":{\"type\":\"Notify\"}}],"
        "\"attributes\":{\"expiryTime\":\"P60D\"}}");

    assert_int_equal(chore_pass_until(exp - 20 * DAY), 1);
    chore_recorded(RECORD_ANNOUNCED, "both");
    assert_int_equal(chore_pass_until(exp - 10 * DAY - 1), 0);
    assert_int_equal(chore_pass_until(exp - 10 * DAY), 1);
    chore_recorded(RECORD_ROTATED, "both");
    assert_int_equal(chore_versions("both"), 2);

    /* the new one has its own end, 60 days later, and its own announcement */
    assert_int_equal(chore_pass_until(exp - 10 * DAY + 40 * DAY), 1);
    chore_recorded(RECORD_ANNOUNCED, "both");
}


#define CHORE_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, chore_setup, secrets_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CHORE_TEST(test_rotates_once),
        CHORE_TEST(test_housekeeping),
        CHORE_TEST(test_changed_meanwhile),
        CHORE_TEST(test_given_up),
        CHORE_TEST(test_announces_once),
        CHORE_TEST(test_announces_then_rotates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
