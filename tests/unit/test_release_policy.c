/* objects/release_policy.h: what is a policy, and which claims meet it */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "objects/release_policy.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define AUTHORITY "\"authority\":\"https://attest.test\""
/* the policy of one authority with these other members */
#define POLICY(list)                                                           \
    "{\"version\":\"1.0.0\",\"anyOf\":[{" AUTHORITY "," list "}]}"
#define A1 "{\"claim\":\"a\",\"equals\":1}"
#define GOOD POLICY("\"allOf\":[" A1 "]")


static void
test_misuse(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"", "must have 1 to 10240 bytes"},
        {"x", "The policy is not valid JSON (line 1, column 1)."},
        {GOOD "x", "not valid JSON"},
        {"[]", "must be an object with version and anyOf"},
        {"{}", "version: it must be \"1.0.0\""},
        {"{\"version\":1}", "version: it must be \"1.0.0\""},
        {"{\"version\":\"0.2\",\"anyOf\":[]}", "\"1.0.0\""},
        {"{\"version\":\"1.0.0\"}", "anyOf: it must be an array with"},
        {"{\"version\":\"1.0.0\",\"anyOf\":{}}", "anyOf: it must be an array"},
        {"{\"version\":\"1.0.0\",\"anyOf\":[]}", "at least one element"},
        {"{\"version\":\"1.0.0\",\"allOf\":[]}", "and no other member"},
        {"{\"version\":\"1.0.0\",\"anyOf\":[1]}", "anyOf[0]: it must be an"},
        {"{\"version\":\"1.0.0\",\"version\":\"1.0.0\",\"anyOf\":[]}",
            "a member of an object twice (line 1"},
        {"{\"version\":\"1.0.0\",\"more\":1,\"anyOf\":[]}", "no other member"},
        {"{\"version\":\"1.0.0\",\"anyOf\":[{\"allOf\":[" A1 "]}]}",
            "anyOf[0]: it must have an authority"},
        {"{\"version\":\"1.0.0\",\"anyOf\":[{\"authority\":7,\"allOf\":[" A1
         "]}]}",
            "must have an authority"},
        {"{\"version\":\"1.0.0\",\"anyOf\":[{\"authority\":"
         "\"http://127.0.0.1/\",\"allOf\":[" A1 "]}]}",
            "begins with https://"},
        {"{\"version\":\"1.0.0\",\"anyOf\":[{\"authority\":"
         "\"https://u@attest.test/\",\"allOf\":[" A1 "]}]}",
            "must have an authority"},
        {"{\"version\":\"1.0.0\",\"anyOf\":[{\"authority\":\"https://\","
         "\"allOf\":[" A1 "]}]}",
            "must have an authority"},
        {POLICY("\"more\":1,\"allOf\":[" A1 "]"), "anyOf[0]: it must be an"},
        {"{\"version\":\"1.0.0\",\"anyOf\":[{" AUTHORITY "}]}",
            "anyOf[0]: it must have either allOf or anyOf, one of the two"},
        {POLICY("\"allOf\":[" A1 "],\"anyOf\":[" A1 "]"), "one of the two"},
        {POLICY("\"allOf\":[]"), "anyOf[0].allOf: it must be an array with at"},
        {POLICY("\"anyOf\":" A1), "anyOf[0].anyOf: it must be an array"},
        {POLICY("\"allOf\":null"), "anyOf[0].allOf: it must be an array"},
        {POLICY("\"allOf\":[" A1 ",true]"), "anyOf[0].allOf[1]: it must be an"},
        {POLICY("\"allOf\":[{}]"), "must have either allOf or anyOf"},
        {POLICY("\"allOf\":[{\"equals\":1}]"), "no other member"},
        {POLICY("\"allOf\":[{\"claim\":\"a\"}]"), "must have equals"},
        {POLICY("\"allOf\":[{\"claim\":\"\",\"equals\":1}]"), "1 to 256 bytes"},
        {POLICY("\"allOf\":[{\"claim\":7,\"equals\":1}]"), "a string"},
        {POLICY("\"allOf\":[{\"claim\":\"a\",\"equals\":null}]"),
            "a string, a number, true or false"},
        {POLICY("\"allOf\":[{\"claim\":\"a\",\"equals\":[1]}]"),
            "a string, a number, true or false"},
        {POLICY("\"allOf\":[{\"claim\":\"a\",\"exists\":true}]"),
            "claim and equals, and no other"},
        {POLICY("\"allOf\":[{\"claim\":\"a\",\"equals\":1,\"allOf\":[]}]"),
            "claim and equals, and no other"},
        {POLICY("\"allOf\":[{\"claim\":\"a\",\"equals\":1e999}]"),
            "not valid JSON"},
        {POLICY("\"allOf\":[{\"claim\":\"a\\u0000\",\"equals\":1}]"),
            "not valid JSON"},
        {POLICY("\"allOf\":[{\"claim\":\"\xff\",\"equals\":1}]"),
            "not valid JSON"},
        {POLICY("\"allOf\":[{\"anyOf\":[" A1 "],\"allOf\":[" A1 "]}]"),
            "anyOf[0].allOf[0]: it must have either"},
        {POLICY("\"allOf\":[{\"anyOf\":[" A1 ",{\"allOf\":[{\"x\":1}]}]}]"),
            "anyOf[0].allOf[0].anyOf[1].allOf[0]: it must be an object"},
        {POLICY("\"allOf\":[{\"claim\":\"a\",\"claim\":\"b\",\"equals\":1}]"),
            "twice"},
    };

    bool       met;
    size_t     i;
    vc_error_t err;

    (void) state;

    assert_int_equal(vc_release_policy_check(VC_STR_NULL, NULL),
        VC_BAD_PARAMETER);

    for (i = 0; i < COUNT(cases); i++) {
        memset(&err, 0, sizeof(err));

        if (vc_release_policy_check(vc_str(cases[i].text), &err)
                != VC_BAD_PARAMETER
            || err.status != VC_BAD_PARAMETER
            || strstr(err.message, cases[i].message) == NULL)
        {
            fail_msg("%s: \"%s\"", cases[i].text, err.message);
        }

        met = true;
        assert_int_equal(vc_release_policy_meets(vc_str(cases[i].text),
                             VC_STR("https://attest.test"), NULL, &met, &err),
            VC_BAD_PARAMETER);
        assert_false(met);
    }
}


/* a condition within `lists` lists, that of the policy included */
static vc_status_t
check_nested(unsigned lists, vc_error_t *err)
{
    char     memory[16384];
    unsigned i;
    vc_buf_t text;

    vc_buf_fixed(&text, memory, sizeof(memory));
    vc_buf_text(&text, "{\"version\":\"1.0.0\",\"anyOf\":[{" AUTHORITY ",");

    for (i = 2; i < lists; i++) {
        vc_buf_text(&text, "\"allOf\":[{");
    }

    vc_buf_text(&text, "\"anyOf\":[" A1 "]");

    for (i = 2; i < lists; i++) {
        vc_buf_text(&text, "}]");
    }

    vc_buf_text(&text, "}]}");
    assert_false(text.failed);

    return vc_release_policy_check(vc_buf_view(&text), err);
}


static void
test_limits(void **state)
{
    char       text[VC_RELEASE_POLICY_MAX + 2], claim[300];
    size_t     i;
    vc_error_t err;

    (void) state;

    assert_int_equal(check_nested(VC_RELEASE_POLICY_DEPTH, &err), VC_OK);
    assert_int_equal(check_nested(VC_RELEASE_POLICY_DEPTH + 1, &err),
        VC_BAD_PARAMETER);
    assert_non_null(strstr(err.message, "16 lists"));
    assert_int_equal(check_nested(700, &err), VC_BAD_PARAMETER);

    /* brackets without an end, deeper than the parser goes */
    memset(text, '[', sizeof(text));
    assert_int_equal(vc_release_policy_check((vc_str_t){(uint8_t *) text,
                                                 VC_RELEASE_POLICY_MAX},
                         &err),
        VC_BAD_PARAMETER);

    memset(text, ' ', sizeof(text));
    memcpy(text, GOOD, sizeof(GOOD) - 1);
    assert_int_equal(vc_release_policy_check((vc_str_t){(uint8_t *) text,
                                                 VC_RELEASE_POLICY_MAX},
                         &err),
        VC_OK);
    assert_int_equal(vc_release_policy_check((vc_str_t){(uint8_t *) text,
                                                 VC_RELEASE_POLICY_MAX + 1},
                         &err),
        VC_BAD_PARAMETER);

    for (i = 256; i <= 257; i++) {
        memset(claim, 'c', i);
        claim[i] = '\0';
        (void) snprintf(text, sizeof(text),
            POLICY("\"allOf\":[{\"claim\":\"%s\",\"equals\":1}]"), claim);
        assert_int_equal(vc_release_policy_check(vc_str(text), &err),
            i == 256 ? VC_OK : VC_BAD_PARAMETER);
    }
}


static bool
meets(const char *policy, const char *issuer, const char *claims)
{
    bool       met;
    json_t    *json;
    vc_error_t err;

    json = json_loads(claims, 0, NULL);
    assert_non_null(json);

    if (vc_release_policy_meets(vc_str(policy), vc_str(issuer), json, &met,
            &err)
        != VC_OK)
    {
        fail_msg("%s: %s", policy, err.message);
    }

    json_decref(json);

    return met;
}


static void
test_values(void **state)
{
    static const struct {
        const char *equals;
        const char *claim;
        bool        met;
    } cases[] = {
        {"\"x\"", "\"x\"", true},
        {"\"x\"", "\"X\"", false},
        {"\"x\"", "\"xy\"", false},
        {"\"x\"", "[\"x\"]", false},
        {"\"x\"", "{\"x\":\"x\"}", false},
        {"\"\"", "null", false},
        {"\"null\"", "null", false},
        {"1", "1", true},
        {"1", "2", false},
        {"1", "\"1\"", false},
        {"\"1\"", "1", false},
        {"1", "1.0", false},
        {"1.5", "1.5", true},
        {"1", "true", false},
        {"0", "false", false},
        {"true", "true", true},
        {"true", "false", false},
        {"false", "false", true},
        {"false", "null", false},
        {"true", "\"true\"", false},
        {"\"true\"", "true", true},
        {"\"true\"", "false", false},
        {"\"false\"", "false", true},
        {"\"false\"", "true", false},
        {"\"True\"", "true", false},
        {"\"true\"", "\"true\"", true},
        {"\"\"", "false", false},
        {"9223372036854775807", "9223372036854775806", false},
    };

    char   policy[512], claims[256];
    size_t i;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        (void) snprintf(policy, sizeof(policy),
            POLICY("\"allOf\":[{\"claim\":\"a\",\"equals\":%s}]"),
            cases[i].equals);
        (void) snprintf(claims, sizeof(claims), "{\"a\":%s}", cases[i].claim);

        if (meets(policy, "https://attest.test", claims) != cases[i].met) {
            fail_msg("%s and %s", cases[i].equals, cases[i].claim);
        }
    }
}


static void
test_paths(void **state)
{
    static const struct {
        const char *claims;
        bool        met;
    } cases[] = {
        {"{\"a\":{\"b\":{\"c\":1}}}", true},
        {"{\"a.b.c\":1}", true},
        {"{\"a\":{\"b.c\":1}}", true},
        {"{\"a.b.c\":1,\"a\":{\"b\":{\"c\":2}}}", true},
        /* the whole name goes before its parts */
        {"{\"a.b.c\":2,\"a\":{\"b\":{\"c\":1}}}", false},
        {"{\"a\":{\"b.c\":2,\"b\":{\"c\":1}}}", false},
        {"{}", false},
        {"{\"a\":1}", false},
        {"{\"c\":1}", false},
        {"{\"a\":[{\"b\":{\"c\":1}}]}", false},
        {"{\"a\":{\"b\":1}}", false},
        {"{\"a\":{\"b\":{\"c\":{}}}}", false},
        {"{\"a\":{\"b\":{\"\":1}}}", false},
    };

    size_t i;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        if (meets(POLICY("\"allOf\":[{\"claim\":\"a.b.c\",\"equals\":1}]"),
                "https://attest.test", cases[i].claims)
            != cases[i].met)
        {
            fail_msg("%s", cases[i].claims);
        }
    }

    /* dots that divide nothing */
    assert_false(meets(POLICY("\"allOf\":[{\"claim\":\"..\",\"equals\":1}]"),
        "https://attest.test", "{\"a\":1}"));
    assert_true(meets(POLICY("\"allOf\":[{\"claim\":\"..\",\"equals\":1}]"),
        "https://attest.test", "{\"\":{\"\":{\"\":1}}}"));
}


#define C(name, value) "{\"claim\":\"" name "\",\"equals\":" value "}"


static void
test_lists(void **state)
{
    static const char all[] = POLICY(
        "\"allOf\":[" C("a", "1") "," C("b", "2") "]");
    static const char any[] = POLICY(
        "\"anyOf\":[" C("a", "1") "," C("b", "2") "]");
    static const char all_any[] = POLICY("\"allOf\":[" C("a",
        "1") ",{\"anyOf\":[" C("b", "2") "," C("c", "3") "]}]");
    static const char any_all[] = POLICY("\"anyOf\":[" C("a",
        "1") ",{\"allOf\":[" C("b", "2") "," C("c", "3") "]}]");

    static const struct {
        const char *policy;
        const char *claims;
        bool        met;
    } cases[] = {
        {all, "{\"a\":1,\"b\":2}", true},
        {all, "{\"a\":1,\"b\":3}", false},
        {all, "{\"b\":2}", false},
        {any, "{\"a\":1}", true},
        {any, "{\"a\":9,\"b\":2}", true},
        {any, "{\"a\":2,\"b\":1}", false},
        {any, "{}", false},
        {all_any, "{\"a\":1,\"c\":3}", true},
        {all_any, "{\"a\":1}", false},
        {all_any, "{\"b\":2,\"c\":3}", false},
        {any_all, "{\"a\":1}", true},
        {any_all, "{\"b\":2,\"c\":3}", true},
        {any_all, "{\"b\":2}", false},
    };

    size_t i;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        if (meets(cases[i].policy, "https://attest.test", cases[i].claims)
            != cases[i].met)
        {
            fail_msg("%s with %s", cases[i].policy, cases[i].claims);
        }
    }
}


static void
test_authorities(void **state)
{
    static const char two[] = "{\"version\":\"1.0.0\",\"anyOf\":["
                              "{\"authority\":\"https://one.test/\",\"allOf\":"
                              "[{\"claim\":\"a\",\"equals\":1}]},"
                              "{\"authority\":\"https://two.test/x\","
                              "\"anyOf\":[{\"claim\":\"a\",\"equals\":2}]},"
                              "{\"authority\":\"https://one.test\",\"allOf\":"
                              "[{\"claim\":\"a\",\"equals\":3}]}]}";

    static const struct {
        const char *issuer;
        const char *claims;
        bool        met;
    } cases[] = {
        {"https://one.test", "{\"a\":1}", true},
        {"https://one.test/", "{\"a\":1}", true},
        {"https://one.test", "{\"a\":3}", true},
        {"https://one.test", "{\"a\":2}", false},
        {"https://two.test/x/", "{\"a\":2}", true},
        {"https://two.test/x", "{\"a\":1}", false},
        {"https://two.test", "{\"a\":2}", false},
        {"https://two.test/X", "{\"a\":2}", false},
        {"https://one.test//", "{\"a\":1}", false},
        {"https://one.test.evil", "{\"a\":1}", false},
        {"", "{\"a\":1}", false},
    };

    size_t i;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        if (meets(two, cases[i].issuer, cases[i].claims) != cases[i].met) {
            fail_msg("%s: %s", cases[i].issuer, cases[i].claims);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_authorities),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
