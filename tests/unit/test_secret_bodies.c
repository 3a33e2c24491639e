/* request bodies about secrets: what is taken, and what is refused */

#include "secret_fixture.h"

#define PUT_BAD(body)                                                          \
    expect_error(400, "BadParameter", NULL, "PUT", "/secrets/b", body)


static void
test_not_json(void **state)
{
    static const char *const bodies[] = {"", " ", "{", "}", "[]", "[{}]", "1",
        "\"a\"", "null", "true", "{}{}", "{} x", "{'value':'v'}", "{value:1}",
        "{\"value\":\"v\",}", "{\"value\":\"v\"", "{\"value\":\"v}",
        "{\"value\":\"\\q\"}", "{\"value\":\"\\ud800\"}",
        "{\"value\":\"a\nb\"}", "{\"value\":01}",
        "\xef\xbb\xbf{\"value\":\"v\"}"};

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        (void) PUT_BAD(bodies[i]);
    }

    (void) PUT_BAD(NULL);
    (void) expect(404, "GET", "/secrets/b", NULL);
}


static void
test_forms(void **state)
{
    static const char *const bodies[] = {"{}", "{\"value\":null}",
        "{\"value\":1}", "{\"value\":true}", "{\"value\":[\"v\"]}",
        "{\"value\":{}}", "{\"Value\":\"v\"}",
        "{\"value\":\"v\",\"contentType\":1}",
        "{\"value\":\"v\",\"contentType\":[]}",
        "{\"value\":\"v\",\"attributes\":[]}",
        "{\"value\":\"v\",\"attributes\":\"enabled\"}",
        "{\"value\":\"v\",\"attributes\":{\"enabled\":1}}",
        "{\"value\":\"v\",\"attributes\":{\"enabled\":\"true\"}}",
        "{\"value\":\"v\",\"tags\":[]}", "{\"value\":\"v\",\"tags\":\"k\"}",
        "{\"value\":\"v\",\"tags\":{\"k\":1}}",
        "{\"value\":\"v\",\"tags\":{\"k\":null}}",
        "{\"value\":\"v\",\"tags\":{\"k\":{}}}",
        /* members named twice, at each level */
        "{\"value\":\"a\",\"value\":\"b\"}",
        "{\"value\":\"v\",\"tags\":{\"k\":\"1\",\"k\":\"2\"}}",
        "{\"value\":\"v\",\"tags\":{\"k\":\"1\",\"\\u006b\":\"2\"}}",
        "{\"value\":\"v\",\"attributes\":{\"exp\":1,\"exp\":1}}",
        /* NUL characters */
        "{\"value\":\"a\\u0000b\"}",
        "{\"value\":\"v\",\"tags\":{\"a\\u0000\":\"b\"}}",
        "{\"value\":\"v\",\"contentType\":\"\\u0000\"}",
        /* not UTF-8 */
        "{\"value\":\"\xff\"}", "{\"value\":\"\xc0\xaf\"}",
        "{\"value\":\"\xed\xa0\x80\"}", "{\"value\":\"\xf4\x90\x80\x80\"}",
        "{\"value\":\"v\",\"\xe9\":1}"};

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        assert_null(strstr(PUT_BAD(bodies[i])->text, "\\u0000"));
    }

    /* a NUL byte in the body itself */
    assert_int_equal(ask_bytes("PUT", "/secrets/b",
                         VC_STR("{\"value\":\"a\0b\"}"))
                         ->status,
        400);
    assert_int_equal(ask_bytes("PUT", "/secrets/b",
                         VC_STR("{\"value\":\"v\"}\0"))
                         ->status,
        400);
    (void) expect(404, "GET", "/secrets/b", NULL);

    /* null is the same as absent; what is unknown is ignored */
    (void) expect(200, "PUT", "/secrets/nulls",
        "{\"value\":\"v\",\"contentType\":null,\"attributes\":null,"
        "\"tags\":null,\"unknown\":{\"a\":[1,2.5e3,null]},\"id\":\"x\"}");
    (void) expect(200, "PUT", "/secrets/nulls",
        "{\"value\":\"v\",\"attributes\":{\"enabled\":null,\"nbf\":null,"
        "\"exp\":null,\"created\":\"x\",\"recoveryLevel\":1}}");
}


/* no message repeats what was sent: it may be a secret */
static void
test_no_echo(void **state)
{
    static const char *const bodies[] = {"hunter2", "{\"value\":hunter2}",
        "{\"value\":\"hunter2\"", "{\"value\":\"hunter2\",\"value\":\"\"}",
        "{\"hunter2\":1,\"hunter2\":2}", "{\"value\":{\"x\":\"hunter2\"}}",
        "{\"value\":\"v\",\"tags\":{\"hunter2\":7}}",
        "{\"value\":\"v\",\"attributes\":{\"exp\":\"hunter2\"}}",
        "{\"value\":\"hunter2\\u0000\"}"};

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        assert_null(strstr(PUT_BAD(bodies[i])->text, "hunter2"));
    }
}


/* a body of the form BEFORE unit*count AFTER */
static char *
repeat(const char *before, const char *unit, size_t count, const char *after)
{
    char  *text, *p;
    size_t i;

    text = malloc(strlen(before) + count * strlen(unit) + strlen(after) + 1);
    assert_non_null(text);
    p = stpcpy(text, before);

    for (i = 0; i < count; i++) {
        p = stpcpy(p, unit);
    }

    (void) strcpy(p, after);

    return text;
}


static void
put_repeated(int status, const char *before, const char *unit, size_t count,
    const char *after)
{
    char *body;

    body = repeat(before, unit, count, after);
    (void) expect(status, "PUT", "/secrets/size", body);
    free(body);
}


static void
test_value_size(void **state)
{
    /* U+0001, U+00E9, U+1F600: 1, 2 and 4 bytes of UTF-8 */
    static const struct {
        const char *unit;
        size_t      count;
        const char *after;
        int         status;
    } cases[] = {
        {"x", 25600, "\"}", 200},
        {"x", 25601, "\"}", 400},
        {"\\u0001", 25600, "\"}", 200},
        {"\\u0001", 25601, "\"}", 400},
        {"\\u00e9", 12800, "\"}", 200},
        {"\\u00e9", 12800, "x\"}", 400},
        {"\xf0\x9f\x98\x80", 6400, "\"}", 200},
        {"\xf0\x9f\x98\x80", 6400, "x\"}", 400},
        {"\\ud83d\\ude00", 6400, "\"}", 200},
        {"\\ud83d\\ude00", 6400, "x\"}", 400},
    };

    char           *expected;
    size_t          i;
    const answer_t *answer;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put_repeated(cases[i].status, "{\"value\":\"", cases[i].unit,
            cases[i].count, cases[i].after);
    }

    answer = expect(200, "GET", "/secrets/size", NULL);
    expected = repeat("", "\xf0\x9f\x98\x80", 6400, "");
    assert_string_equal(text_of(answer->json, "value"), expected);
    free(expected);
}


static void
test_content_type_size(void **state)
{
    (void) state;

    put_repeated(200, "{\"value\":\"v\",\"contentType\":\"", "c", 255, "\"}");
    put_repeated(400, "{\"value\":\"v\",\"contentType\":\"", "c", 256, "\"}");

    /* characters, not bytes */
    put_repeated(200, "{\"value\":\"v\",\"contentType\":\"", "\xf0\x9f\x98\x80",
        255, "\"}");
    put_repeated(400, "{\"value\":\"v\",\"contentType\":\"", "\xc3\xa9", 256,
        "\"}");
}


static void
test_tags(void **state)
{
    char            body[1024], *p;
    size_t          i, count;
    const answer_t *answer;

    (void) state;

    for (count = 15; count <= 16; count++) {
        p = stpcpy(body, "{\"value\":\"v\",\"tags\":{");

        for (i = 0; i < count; i++) {
            p += sprintf(p, "%s\"k%zu\":\"v\"", (i == 0) ? "" : ",", i);
        }

        (void) strcpy(p, "}}");
        (void) expect((count == 15) ? 200 : 400, "PUT", "/secrets/tags", body);
    }

    answer = expect(200, "GET", "/secrets/tags", NULL);
    assert_int_equal(json_object_size(json_object_get(answer->json, "tags")),
        15);

    put_repeated(200, "{\"value\":\"v\",\"tags\":{\"k\":\"", "x", 512, "\"}}");
    put_repeated(400, "{\"value\":\"v\",\"tags\":{\"k\":\"", "x", 513, "\"}}");
    put_repeated(200, "{\"value\":\"v\",\"tags\":{\"k\":\"", "\xc3\xa9", 512,
        "\"}}");
    put_repeated(200, "{\"value\":\"v\",\"tags\":{\"", "x", 512, "\":\"\"}}");
    put_repeated(400, "{\"value\":\"v\",\"tags\":{\"", "x", 513, "\":\"\"}}");
}


static void
test_nesting(void **state)
{
    char *half, *body;

    (void) state;

    /* the object itself is one level */
    half = repeat("", "[", 31, "");
    body = repeat(half, "]", 31, "}");
    free(half);
    half = repeat("{\"value\":\"[[[[[[[\\\"[[\",\"x\":", body, 1, "");
    (void) expect(200, "PUT", "/secrets/deep", half);
    free(half);
    free(body);

    half = repeat("", "[", 32, "");
    body = repeat(half, "]", 32, "}");
    free(half);
    half = repeat("{\"value\":\"v\",\"x\":", body, 1, "");
    (void) PUT_BAD(half);
    free(half);
    free(body);

    body = repeat("", "[", 200000, "");
    (void) PUT_BAD(body);
    free(body);

    body = repeat("", "{\"a\":", 40000, "");
    (void) PUT_BAD(body);
    free(body);

    body = repeat("", "]", 1000, "");
    (void) PUT_BAD(body);
    free(body);
}


static void
test_dates(void **state)
{
    static const struct {
        const char *dates;
        int         status;
    } cases[] = {
        {"\"nbf\":0", 200},
        {"\"exp\":0", 200},
        {"\"nbf\":5,\"exp\":5", 200},
        {"\"nbf\":5,\"exp\":4", 400},
        {"\"exp\":2147483648", 200},
        {"\"exp\":4102444800", 200},
        {"\"exp\":9223372036854775807", 200},
        {"\"exp\":9223372036854775808", 400},
        {"\"exp\":99999999999999999999", 400},
        /* what the JavaScript clients make of dates after 2038 */
        {"\"exp\":-192522496", 200},
        {"\"nbf\":1700000000,\"exp\":-192522496", 200},
        {"\"nbf\":-5,\"exp\":-6", 200},
        {"\"nbf\":-9223372036854775808", 200},
        {"\"nbf\":-9223372036854775809", 400},
        {"\"exp\":1.0", 400},
        {"\"exp\":1.5", 400},
        {"\"exp\":1e3", 400},
        {"\"exp\":1e999", 400},
        {"\"exp\":\"1\"", 400},
        {"\"exp\":true", 400},
        {"\"nbf\":[]", 400},
        {"\"nbf\":{}", 400},
    };

    char            body[256], expected[64];
    size_t          i;
    const answer_t *answer;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void) snprintf(body, sizeof(body),
            "{\"value\":\"v\",\"attributes\":{%s}}", cases[i].dates);
        (void) expect(cases[i].status, "PUT", "/secrets/dates", body);

        if (cases[i].status == 200) {
            answer = expect(200, "GET", "/secrets/dates", NULL);
            (void) snprintf(expected, sizeof(expected), ",%s,\"created\"",
                cases[i].dates);
            assert_non_null(strstr(answer->text, expected));
        }
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_not_json),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_no_echo),
        cmocka_unit_test(test_value_size),
        cmocka_unit_test(test_content_type_size),
        cmocka_unit_test(test_tags),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_dates),
    };

    return cmocka_run_group_tests(tests, secrets_setup, secrets_teardown);
}
