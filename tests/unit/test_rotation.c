/* objects/rotation.h: what a policy may say, how it is kept, when it is due */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "objects/rotation.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define DAY ((int64_t) 86400)
#define NOW ((int64_t) 1800000000) /* 2027-01-15 08:00:00 */

#define ACTION(trigger, time, type)                                            \
    "{\"trigger\":{\"" trigger "\":\"" time "\"},\"action\":{\"type\":\"" type \
    "\"}}"
#define ACTIONS(list) "{\"lifetimeActions\":[" list "]}"
#define POLICY(list, expiry)                                                   \
    "{\"lifetimeActions\":[" list "],\"attributes\":{\"expiryTime\":\"" expiry \
    "\"}}"
#define DEFAULT_NOTIFY                                                         \
    "{\"trigger\":{\"timeBeforeExpiry\":\"P30D\"},"                            \
    "\"action\":{\"type\":\"Notify\"}}"


static vc_status_t
parse(const char *text, vc_rotation_policy_t *out, vc_error_t *err)
{
    json_t     *body;
    vc_status_t status;

    body = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(body);
    memset(err, 0, sizeof(*err));
    status = vc_rotation_parse(body, out, err);
    json_decref(body);

    return status;
}


static void
test_misuse(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"[]", "must be a JSON object"},
        {"{\"lifetimeActions\":{}}", "Property lifetimeActions has"},
        {"{\"lifetimeActions\":\"Rotate\"}", "at most one Rotate"},
        {ACTIONS("{},{},{}"), "at most one Rotate and one Notify"},
        {ACTIONS("7"), "Property lifetimeActions[0].trigger has"},
        {ACTIONS("null"), "Property lifetimeActions[0].trigger has"},
        {ACTIONS("{\"action\":{\"type\":\"Rotate\"}}"), "one of the two"},
        {ACTIONS("{\"trigger\":[],\"action\":{\"type\":\"Rotate\"}}"),
            "one of the two"},
        {ACTIONS("{\"trigger\":{},\"action\":{\"type\":\"Rotate\"}}"),
            "either timeAfterCreate or timeBeforeExpiry"},
        {ACTIONS("{\"trigger\":{\"timeAfterCreate\":\"P90D\","
                 "\"timeBeforeExpiry\":\"P30D\"},"
                 "\"action\":{\"type\":\"Rotate\"}}"),
            "one of the two"},
        {ACTIONS("{\"trigger\":{\"timeAfterCreate\":90},"
                 "\"action\":{\"type\":\"Rotate\"}}"),
            "Property lifetimeActions[0].trigger.timeAfterCreate has"},
        {ACTIONS(ACTION("timeAfterCreate", "90D", "Rotate")), "\"P90D\""},
        {ACTIONS(ACTION("timeAfterCreate", "PT90H", "Rotate")),
            "ISO 8601 form of years, months and days"},
        {ACTIONS(ACTION("timeAfterCreate", "", "Rotate")), "ISO 8601"},
        {ACTIONS(ACTION("timeAfterCreate", "P0D", "Rotate")), "ISO 8601"},
        {ACTIONS(ACTION("timeBeforeExpiry", "P99999D", "Notify")),
            "trigger.timeBeforeExpiry has"},
        {ACTIONS(DEFAULT_NOTIFY "," ACTION("timeAfterCreate", "90", "Rotate")),
            "lifetimeActions[1].trigger.timeAfterCreate"},
        {ACTIONS(ACTION("timeAfterCreate", "P90D", "Delete")),
            "lifetimeActions[0].action.type has invalid value\r\nIt must be "
            "\"Rotate\" or \"Notify\"."},
        {ACTIONS("{\"trigger\":{\"timeAfterCreate\":\"P90D\"},\"action\":7}"),
            "action.type"},
        {ACTIONS("{\"trigger\":{\"timeAfterCreate\":\"P90D\"},"
                 "\"action\":{\"type\":null}}"),
            "action.type"},
        {ACTIONS("{\"trigger\":{\"timeAfterCreate\":\"P90D\"}}"),
            "action.type"},
        {ACTIONS(ACTION("timeAfterCreate", "P90D",
             "Rotate") "," ACTION("timeAfterCreate", "P80D", "rotate")),
            "Rotate twice"},
        {ACTIONS(DEFAULT_NOTIFY "," DEFAULT_NOTIFY), "Notify twice"},
        {ACTIONS(ACTION("timeAfterCreate", "P90D", "Notify")),
            "Notify must be triggered by timeBeforeExpiry"},
        {"{\"attributes\":[]}", "Property attributes has"},
        {"{\"attributes\":\"P90D\"}", "It must be an object"},
        {"{\"attributes\":{\"expiryTime\":90}}",
            "Property attributes.expiryTime has"},
        {"{\"attributes\":{\"expiryTime\":\"\"}}", "ISO 8601"},
        {"{\"attributes\":{\"expiryTime\":\"P27D\"}}", "at least 28 days"},
        {ACTIONS(ACTION("timeAfterCreate", "P6D", "Rotate")),
            "Rotate must be at least 7 days."},
        {ACTIONS(ACTION("timeBeforeExpiry", "P6D", "Notify")),
            "Notify must be at least 7 days."},
        {ACTIONS(ACTION("timeBeforeExpiry", "P30D", "Rotate")),
            "needs attributes.expiryTime"},
        {POLICY(ACTION("timeBeforeExpiry", "P6D", "Rotate"), "P90D"),
            "at least 7 days."},
        {POLICY(ACTION("timeAfterCreate", "P84D", "Rotate"), "P90D"),
            "Rotate must be at least 7 days shorter"},
        {POLICY(ACTION("timeBeforeExpiry", "P84D", "Rotate"), "P90D"),
            "at least 7 days shorter"},
        {POLICY(ACTION("timeAfterCreate", "P2Y", "Rotate"), "P1Y"),
            "at least 7 days shorter"},
        {POLICY(ACTION("timeBeforeExpiry", "P120M", "Rotate"), "P10Y"),
            "at least 7 days shorter"},
        {POLICY(ACTION("timeBeforeExpiry", "P120M", "Rotate"), "P3607D"),
            "at least 7 days shorter"},
        {POLICY(ACTION("timeBeforeExpiry", "P22D", "Notify"), "P28D"),
            "Notify must be at least 7 days shorter"},
        {POLICY(ACTION("timeAfterCreate", "P9999Y9999M9999D", "Rotate"),
             "P9999Y9999M9999D"),
            "at least 7 days shorter"},
    };

    size_t               i;
    vc_error_t           err;
    vc_rotation_policy_t policy;

    (void) state;

    assert_int_equal(vc_rotation_parse(NULL, &policy, &err), VC_BAD_PARAMETER);
    assert_int_equal(vc_rotation_parse(NULL, &policy, NULL), VC_BAD_PARAMETER);

    for (i = 0; i < COUNT(cases); i++) {
        if (parse(cases[i].text, &policy, &err) != VC_BAD_PARAMETER
            || err.status != VC_BAD_PARAMETER
            || strstr(err.message, cases[i].message) == NULL)
        {
            fail_msg("%s: \"%s\"", cases[i].text, err.message);
        }
    }
}


/* what is asked for, and what is answered; also after it was stored */
static void
test_answers(void **state)
{
    static const struct {
        const char *text;
        const char *answer;
    } cases[] = {
        {"{}", "\"lifetimeActions\":[" DEFAULT_NOTIFY "],\"attributes\":{}"},
        {"{\"lifetimeActions\":null,\"attributes\":null}",
            "\"lifetimeActions\":[" DEFAULT_NOTIFY "],\"attributes\":{}"},
        {"{\"id\":7,\"lifetimeActions\":[],\"new\":true,\"attributes\":"
         "{\"expiryTime\":null,\"created\":\"x\",\"updated\":5}}",
            "\"lifetimeActions\":[" DEFAULT_NOTIFY "],\"attributes\":{}"},
        {POLICY(DEFAULT_NOTIFY "," ACTION("timeAfterCreate", "P90D", "rOTATE"),
             "P2Y"),
            "\"lifetimeActions\":[" ACTION("timeAfterCreate", "P90D",
                "Rotate") "," DEFAULT_NOTIFY
                          "],\"attributes\":{\"expiryTime\":\"P2Y\"}"},
        {POLICY(ACTION("timeBeforeExpiry", "P1M",
                    "Rotate") "," ACTION("timeBeforeExpiry", "P60D", "NOTIFY"),
             "P18M"),
            "\"lifetimeActions\":[" ACTION("timeBeforeExpiry", "P1M",
                "Rotate") "," ACTION("timeBeforeExpiry", "P60D",
                "Notify") "],\"attributes\":{\"expiryTime\":\"P18M\"}"},
        {ACTIONS("{\"trigger\":{\"timeAfterCreate\":\"P7D\","
                 "\"timeBeforeExpiry\":null},\"action\":{\"type\":\"Rotate\","
                 "\"more\":1}}"),
            "\"lifetimeActions\":[" ACTION("timeAfterCreate", "P7D",
                "Rotate") "," DEFAULT_NOTIFY "],\"attributes\":{}"},
        {ACTIONS(ACTION("timeBeforeExpiry", "P7D", "Notify")),
            "\"lifetimeActions\":[" ACTION("timeBeforeExpiry", "P7D",
                "Notify") "],\"attributes\":{}"},
        {POLICY(ACTION("timeAfterCreate", "P83D", "Rotate"), "P90D"),
            "\"lifetimeActions\":[" ACTION("timeAfterCreate", "P83D",
                "Rotate") "," DEFAULT_NOTIFY
                          "],\"attributes\":{\"expiryTime\":\"P90D\"}"},
        /* the default is not held against a short expiry */
        {"{\"attributes\":{\"expiryTime\":\"P4W\"}}",
            "\"lifetimeActions\":[" DEFAULT_NOTIFY
            "],\"attributes\":{\"expiryTime\":\"P28D\"}"},
        {POLICY(DEFAULT_NOTIFY, "P30D"),
            "\"lifetimeActions\":[" DEFAULT_NOTIFY
            "],\"attributes\":{\"expiryTime\":\"P30D\"}"},
    };

    char                 memory[1024], stored[128];
    size_t               i;
    vc_buf_t             text, record;
    vc_error_t           err;
    vc_rotation_policy_t policy, again;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        if (parse(cases[i].text, &policy, &err) != VC_OK) {
            fail_msg("%s: \"%s\"", cases[i].text, err.message);
        }

        vc_buf_fixed(&record, stored, sizeof(stored));
        vc_rotation_encode(&policy, &record);
        assert_int_equal(vc_rotation_decode(vc_buf_view(&record), &again),
            VC_OK);

        vc_buf_fixed(&text, memory, sizeof(memory));
        vc_rotation_json(&again, false, &text);

        if (!vc_str_eq(vc_buf_view(&text), vc_str(cases[i].answer))) {
            fail_msg("%s: %.*s", cases[i].text, VC_STR_ARG(text));
        }
    }
}


static void
test_times_in_answers(void **state)
{
    char                 memory[1024];
    vc_buf_t             text;
    vc_rotation_policy_t policy;

    (void) state;

    policy = vc_rotation_default();
    policy.updated = 2;
    vc_buf_fixed(&text, memory, sizeof(memory));
    vc_rotation_json(&policy, false, &text);
    assert_true(vc_str_eq(vc_buf_view(&text),
        VC_STR("\"lifetimeActions\":[" DEFAULT_NOTIFY
               "],\"attributes\":{\"updated\":2}")));

    policy.has_expiry = true;
    policy.expiry.years = 2;
    policy.created = 1;
    vc_buf_fixed(&text, memory, sizeof(memory));
    vc_rotation_json(&policy, false, &text);
    assert_true(vc_str_eq(vc_buf_view(&text),
        VC_STR("\"lifetimeActions\":[" DEFAULT_NOTIFY "],\"attributes\":{"
               "\"expiryTime\":\"P2Y\",\"created\":1,\"updated\":2}")));
}


static vc_rotation_policy_t
full_policy(void)
{
    vc_rotation_policy_t policy;

    policy = vc_rotation_default();
    policy.has_rotate = true;
    policy.trigger = VC_TRIGGER_BEFORE_EXPIRY;
    policy.rotate = (vc_duration_t){0, 1, 5};
    policy.notify = (vc_duration_t){1, 2, 3};
    policy.has_expiry = true;
    policy.expiry = (vc_duration_t){9999, 9999, 9999};
    policy.created = NOW;
    policy.updated = NOW + 1;

    return policy;
}


/* no prefix, no longer text, and no byte beyond its range is a policy */
static void
test_stored_form(void **state)
{
    static const struct {
        size_t  at;
        uint8_t byte;
    } wrong[] = {
        {0, 0},     /* the format */
        {0, 2},     /* a later format */
        {1, 0x0f},  /* a flag that has no meaning */
        {1, 0x06},  /* before expiry, but no Rotate */
        {1, 0x03},  /* no expiry, whose bytes are there */
        {20, 0x28}, /* more than 9999 years */
        {18, 1},    /* many more */
    };

    size_t               i;
    uint8_t              stored[128], altered[128];
    vc_buf_t             record;
    vc_rotation_policy_t policy, again;

    (void) state;

    policy = full_policy();
    vc_buf_fixed(&record, stored, sizeof(stored));
    vc_rotation_encode(&policy, &record);
    assert_false(record.failed);

    assert_int_equal(vc_rotation_decode(vc_buf_view(&record), &again), VC_OK);
    assert_true(again.has_rotate && again.has_expiry);
    assert_int_equal(again.trigger, VC_TRIGGER_BEFORE_EXPIRY);
    assert_memory_equal(&again.rotate, &policy.rotate, sizeof(vc_duration_t));
    assert_memory_equal(&again.notify, &policy.notify, sizeof(vc_duration_t));
    assert_memory_equal(&again.expiry, &policy.expiry, sizeof(vc_duration_t));
    assert_true(again.created == NOW && again.updated == NOW + 1);

    assert_int_equal(vc_rotation_decode(VC_STR_NULL, &again), VC_INVALID);

    for (i = 0; i < record.len; i++) {
        assert_int_equal(vc_rotation_decode((vc_str_t){stored, i}, &again),
            VC_INVALID);
    }

    stored[record.len] = 0;
    assert_int_equal(vc_rotation_decode((vc_str_t){stored, record.len + 1},
                         &again),
        VC_INVALID);

    for (i = 0; i < COUNT(wrong); i++) {
        memcpy(altered, stored, record.len);
        altered[wrong[i].at] = wrong[i].byte;

        if (vc_rotation_decode((vc_str_t){altered, record.len}, &again)
            != VC_INVALID) {
            fail_msg("byte %zu", wrong[i].at);
        }
    }

    /* no time at all is no duration */
    memcpy(altered, stored, record.len);
    memset(altered + 18, 0, 12);
    assert_int_equal(vc_rotation_decode((vc_str_t){altered, record.len},
                         &again),
        VC_INVALID);
}


static void
test_due(void **state)
{
    vc_rotation_policy_t policy;

    (void) state;

    policy = vc_rotation_default();
    assert_true(vc_rotation_rotate_at(&policy, NOW, true, NOW) == 0);
    assert_true(vc_rotation_notify_at(&policy, false, NOW) == 0);
    assert_true(vc_rotation_notify_at(&policy, true, NOW) == NOW - 30 * DAY);
    assert_true(vc_rotation_notify_at(&policy, true, 5) == 1);
    assert_true(vc_rotation_expiry(&policy, NOW) == 0);

    policy.has_rotate = true;
    policy.rotate.months = 1; /* to 15 February, from 15 December */
    assert_true(
        vc_rotation_rotate_at(&policy, NOW, false, 0) == NOW + 31 * DAY);
    assert_true(vc_rotation_rotate_at(&policy, -DAY * 400, false, 0) == 1);

    policy.trigger = VC_TRIGGER_BEFORE_EXPIRY;
    assert_true(vc_rotation_rotate_at(&policy, 0, false, NOW) == 0);
    assert_true(vc_rotation_rotate_at(&policy, 0, true, NOW) == NOW - 31 * DAY);
    assert_true(vc_rotation_rotate_at(&policy, 0, true, 0) == 1);

    policy.has_expiry = true;
    policy.expiry.days = 30;
    assert_true(vc_rotation_expiry(&policy, NOW) == NOW + 30 * DAY);
}


/*
 * Whatever policy is taken: a version that rotation made is not due at once,
 * or one version after the other would be made.  Years and months differ in
 * length, so on each day of the calendar.
 */
static void
test_new_versions_last(void **state)
{
    static const char *const expiries[] = {"P28D", "P1M", "P2M", "P90D", "P12M",
        "P1Y", "P365D", "P1Y1M1D", "P18M", "P2Y", "P24M", "P8Y", "P10Y",
        "P120M", "P3607D", "P3659D", "P3660D", "P100Y", "P1200M"};
    static const char *const triggers[] = {"P7D", "P21D", "P23D", "P1M", "P11M",
        "P12M", "P1Y", "P357D", "P23M", "P99M", "P119M", "P9Y11M", "P120M",
        "P10Y", "P3645D", "P99Y", "P1199M", "P1200M"};

    char                 text[256];
    size_t               i, k, taken;
    int64_t              t, exp;
    vc_error_t           err;
    vc_rotation_policy_t policy;

    (void) state;

    taken = 0;

    for (i = 0; i < COUNT(expiries) * COUNT(triggers); i++) {
        (void) snprintf(text, sizeof(text),
            POLICY(ACTION("timeBeforeExpiry", "%s", "Rotate"), "%s"),
            triggers[i % COUNT(triggers)], expiries[i / COUNT(triggers)]);

        if (parse(text, &policy, &err) != VC_OK) {
            continue;
        }

        taken++;

        for (k = 0; k < 1500; k++) {
            t = NOW + (int64_t) k * DAY;
            exp = vc_rotation_expiry(&policy, t);

            if (vc_rotation_rotate_at(&policy, t, true, exp) <= t) {
                fail_msg("%s: due when it is made, day %zu", text, k);
            }
        }
    }

    assert_true(taken > 100);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_times_in_answers),
        cmocka_unit_test(test_stored_form),
        cmocka_unit_test(test_due),
        cmocka_unit_test(test_new_versions_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
