/* api/json_texts.h: which bodies are read in place, and what is read there */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/json_texts.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { ALG, VALUE, TEXTS };


static bool
plain(vc_str_t body, vc_text_t *texts)
{
    texts[ALG] = (vc_text_t){"alg", true, VC_STR("old")};
    texts[VALUE] = (vc_text_t){"value", true, VC_STR("old")};

    return vc_texts_plain(body, texts, TEXTS);
}


static void
test_read(void **state)
{
    static const struct {
        const char *body, *alg, *value;
    } cases[] = {
        {"{\"alg\":\"ES256\",\"value\":\"qg\"}", "ES256", "qg"},
        {"{\"value\":\"qg\",\"alg\":\"ES256\"}", "ES256", "qg"},
        {" {\r\n\t\"alg\" :\n\"A\" , \"value\": \"\"\t}\n ", "A", ""},
        {"{\"Alg\":\"A\"}", NULL, NULL},
        {"{\"al\":\"A\",\"alg2\":\"B\",\"\":\"C\"}", NULL, NULL},
        {"{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":\"4\",\"e\":\"5\","
         "\"f\":\"6\",\"g\":\"7\",\"alg\":\" {}[]:,/~ \"}",
            " {}[]:,/~ ", NULL},
    };

    size_t      i, k;
    vc_text_t   texts[TEXTS];
    const char *expected[TEXTS];

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        if (!plain(vc_str(cases[i].body), texts)) {
            fail_msg("%s is not taken", cases[i].body);
        }

        expected[ALG] = cases[i].alg;
        expected[VALUE] = cases[i].value;

        for (k = 0; k < TEXTS; k++) {
            assert_int_equal(texts[k].given, expected[k] != NULL);
            assert_true(expected[k] == NULL
                            ? texts[k].value.data == NULL
                            : vc_str_eq(texts[k].value, vc_str(expected[k])));
        }
    }
}


/* right or wrong: the JSON library is asked */
static void
test_left_alone(void **state)
{
    static const char *const bodies[] = {"", " ", "{", "{}", "[]", "\"alg\"",
        "{\"alg\"", "{\"alg\":", "{\"alg\":\"A", "{\"alg\":\"A\"",
        "{\"alg\":\"A\",", "{\"alg\":\"A\",}", "{,\"alg\":\"A\"}",
        "{\"alg\":\"A\"\"value\":\"B\"}", "{\"alg\":\"A\"}}",
        "{\"alg\":\"A\"} x", "x{\"alg\":\"A\"}", "{alg:\"A\"}", "{'alg':'A'}",
        "{\"alg\":A}", "{\"alg\":null}", "{\"alg\":1}", "{\"alg\":true}",
        "{\"alg\":[\"A\"]}", "{\"alg\":{\"a\":\"A\"}}",
        "{\"alg\":\"A\",\"alg\":\"A\"}", "{\"x\":\"A\",\"x\":\"B\"}",
        "{\"alg\":\"\\u0041\"}", "{\"al\\u0067\":\"A\"}", "{\"alg\":\"\\\"\"}",
        "{\"alg\":\"\xc3\xa4\"}", "{\"alg\":\"\x7f\"}", "{\"alg\":\"\xff\"}",
        "{\"alg\":\"A\nB\"}", "{\"alg\":\"A\tB\"}", "\xef\xbb\xbf{\"a\":\"b\"}",
        "\v{\"alg\":\"A\"}", "{\"alg\"::\"A\"}",
        "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":\"4\",\"e\":\"5\","
        "\"f\":\"6\",\"g\":\"7\",\"h\":\"8\",\"alg\":\"9\"}"};

    size_t    i;
    vc_text_t texts[TEXTS];

    (void) state;

    for (i = 0; i < COUNT(bodies); i++) {
        if (plain(vc_str(bodies[i]), texts)) {
            fail_msg("%s is taken", bodies[i]);
        }
    }

    assert_false(plain(VC_STR_NULL, texts));
    assert_false(plain(VC_STR("{\"alg\":\"A\0B\"}"), texts));
    assert_false(plain(VC_STR("{\"alg\":\"A\"}\0"), texts));
}


int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
