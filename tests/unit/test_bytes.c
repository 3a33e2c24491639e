/* the base of the library: arenas, buffers, readers, text forms of bytes */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"

static vc_arena_t *arena;


static int
setup(void **state)
{
    (void) state;
    arena = vc_arena_create(0);

    return (arena == NULL) ? -1 : 0;
}


static int
teardown(void **state)
{
    (void) state;
    vc_arena_destroy(arena);

    return 0;
}


static vc_str_t
bytes(const void *data, size_t len)
{
    return (vc_str_t){data, len};
}


static void
assert_text(vc_str_t s, const char *expected)
{
    if (!vc_str_eq(s, vc_str(expected))) {
        fail_msg("\"%.*s\" is not \"%s\"", VC_STR_ARG(s), expected);
    }
}


static void
test_arena(void **state)
{
    size_t   i, sizes[] = {0, 1, 7, 100, 300, 9000, 100000};
    uint8_t *p, *first, *last;

    (void) state;

    vc_arena_destroy(NULL);
    assert_null(vc_arena_create(SIZE_MAX));
    assert_null(vc_arena_alloc(arena, SIZE_MAX));
    assert_null(vc_arena_alloc(arena, SIZE_MAX / 2));

    first = vc_arena_alloc(arena, 1);
    assert_non_null(first);
    last = first;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        p = vc_arena_calloc(arena, sizes[i]);
        assert_non_null(p);
        assert_int_equal((uintptr_t) p % alignof(max_align_t), 0);
        if (sizes[i] != 0) {
            assert_ptr_not_equal(p, last);
            assert_int_equal(p[sizes[i] - 1], 0);
            memset(p, 0xff, sizes[i]);
            last = p;
        }
    }

    /* the first chunk is used again, and what was in it is gone */
    *first = 0x77;
    vc_arena_reset(arena);
    assert_int_equal(*first, 0);
    assert_ptr_equal(vc_arena_alloc(arena, 1), first);
}


static void
test_compare(void **state)
{
    (void) state;

    assert_int_equal(vc_str(NULL).len, 0);
    assert_true(vc_str_eq(VC_STR_NULL, VC_STR("")));
    assert_false(vc_str_eq(VC_STR("a"), VC_STR("ab")));
    assert_false(vc_str_eq(VC_STR("a"), VC_STR("A")));
    assert_true(vc_str_ieq(VC_STR("aZ-09"), VC_STR("Az-09")));
    /* '@' and '`', '[' and '{' differ by the same bit as letters do */
    assert_false(vc_str_ieq(VC_STR("@["), VC_STR("`{")));
    assert_false(vc_str_ieq(VC_STR("\xc4"), VC_STR("\xe4")));
    assert_false(vc_str_ieq(VC_STR("a"), VC_STR("")));

    assert_true(vc_str_starts(VC_STR("abc"), VC_STR_NULL));
    assert_true(vc_str_starts(VC_STR("abc"), VC_STR("abc")));
    assert_false(vc_str_starts(VC_STR("ab"), VC_STR("abc")));
    assert_false(vc_str_starts(VC_STR("abc"), VC_STR("b")));

    assert_true(vc_equal_secret("abc", "abd", 2));
    assert_false(vc_equal_secret("abc", "abd", 3));

    assert_string_equal(vc_str_dup(arena, VC_STR_NULL), "");
    assert_text(vc_str_copy(arena, VC_STR("copy")), "copy");
    assert_non_null(vc_str_copy(arena, VC_STR_NULL).data);
}


static void
test_numbers(void **state)
{
    static const struct {
        const char *text;
        bool        ok;
        int64_t     value;
    } cases[] = {
        {"", false, 0},
        {"-", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"0x10", false, 0},
        {"--1", false, 0},
        {"0", true, 0},
        {"-0", true, 0},
        {"007", true, 7},
        {"-42", true, -42},
        {"9223372036854775807", true, INT64_MAX},
        {"9223372036854775808", false, 0},
        {"-9223372036854775808", true, INT64_MIN},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999", false, 0},
    };

    size_t   i;
    int64_t  value;
    vc_buf_t buf;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (vc_str_to_i64(vc_str(cases[i].text), &value) != cases[i].ok) {
            fail_msg("\"%s\"", cases[i].text);
        }

        if (cases[i].ok) {
            assert_int_equal(value, cases[i].value);
        }
    }

    vc_buf_init(&buf, arena, 0);
    vc_buf_i64(&buf, 0);
    vc_buf_text(&buf, " ");
    vc_buf_i64(&buf, INT64_MIN);
    vc_buf_text(&buf, " ");
    vc_buf_i64(&buf, INT64_MAX);
    assert_text(vc_buf_view(&buf),
        "0 -9223372036854775808 9223372036854775807");
}


/* every byte at every place of a text that is longer than a few words */
static void
test_escape_everywhere(void **state)
{
    int      c;
    char     text[21], want[32];
    size_t   at, length;
    vc_buf_t out;

    (void) state;

    for (c = 0; c < 256; c++) {
        for (at = 0; at < 20; at++) {
            memset(text, 'a', sizeof(text));
            text[at] = (char) c;
            text[20] = '\0';
            memset(want, 'a', at);

            if (c == '"' || c == '\\') {
                (void) snprintf(want + at, sizeof(want) - at, "\\%c", c);
            } else if (c == '\n' || c == '\r' || c == '\t') {
                (void) snprintf(want + at, sizeof(want) - at, "\\%c",
                    c == '\n'   ? 'n'
                    : c == '\r' ? 'r'
                                : 't');
            } else if (c < 0x20) {
                (void) snprintf(want + at, sizeof(want) - at, "\\u%04x",
                    (unsigned) c);
            } else {
                (void) snprintf(want + at, sizeof(want) - at, "%c", c);
            }

            length = strlen(want);
            memset(want + length, 'a', 19 - at);
            length += 19 - at;

            vc_buf_init(&out, arena, 64);
            vc_json_escape(&out, (vc_str_t){(uint8_t *) text, 20});
            assert_int_equal(out.len, length);
            assert_memory_equal(out.data, want, length);

            /* alone, a byte from 0x80 on is never UTF-8 */
            assert_int_equal(vc_utf8_valid((vc_str_t){(uint8_t *) text, 20}),
                c < 0x80);
        }

        vc_arena_reset(arena);
    }
}


/* each byte by itself, against the words of the classes */
static void
test_classes(void **state)
{
    unsigned i;
    uint8_t  c;
    bool     digit, name;

    (void) state;

    for (i = 0; i < 256; i++) {
        c = (uint8_t) i;
        digit = c >= '0' && c <= '9';
        name = digit || c == '-' || (c >= 'A' && c <= 'Z')
               || (c >= 'a' && c <= 'z');

        assert_int_equal(vc_str_is((vc_str_t){&c, 1}, VC_BYTE_DIGIT), digit);
        assert_int_equal(vc_str_is((vc_str_t){&c, 1}, VC_BYTE_NAME), name);
        assert_int_equal(vc_str_is((vc_str_t){&c, 1}, VC_BYTE_HOST),
            name || c == '.');
    }

    assert_true(vc_str_is(VC_STR_NULL, VC_BYTE_DIGIT));
    assert_true(vc_str_is(VC_STR("a-0"), VC_BYTE_NAME));
    assert_false(vc_str_is(VC_STR("a-0."), VC_BYTE_NAME));
    assert_false(vc_str_is(VC_STR("/name"), VC_BYTE_NAME));
}


/* every byte at every place of lengths around those that are taken at once */
static void
test_plain_json(void **state)
{
    size_t   len, at;
    unsigned c;
    uint8_t  text[40];
    bool     plain;

    (void) state;

    for (len = 0; len <= sizeof(text); len++) {
        memset(text, 'a', sizeof(text));
        assert_true(vc_json_plain((vc_str_t){text, len}));

        for (at = 0; at < len; at++) {
            for (c = 0; c < 256; c++) {
                plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
                text[at] = (uint8_t) c;

                if (vc_json_plain((vc_str_t){text, len}) != plain) {
                    fail_msg("byte %u at %zu of %zu", c, at, len);
                }
            }

            text[at] = 'a';
        }
    }
}


static void
test_utf8(void **state)
{
    static const struct {
        const char *text;
        bool        valid;
    } cases[] = {
        {"", true},
        {"plain", true},
        {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\x91", true},
        {"\xed\x9f\xbf\xee\x80\x80", true}, /* around the surrogates */
        {"\xf4\x8f\xbf\xbf", true},         /* the last there is */
        {"\x80", false},
        {"\xc3", false},
        {"\xc3(", false},
        {"\xe2\x82", false},
        {"\xf0\x9f\x94", false},
        {"\xc0\xaf", false}, /* overlong */
        {"\xc1\xbf", false},
        {"\xe0\x80\xaf", false},
        {"\xf0\x80\x80\xaf", false},
        {"\xed\xa0\x80", false},     /* a surrogate */
        {"\xf4\x90\x80\x80", false}, /* beyond U+10FFFF */
        {"\xf8\x88\x80\x80\x80", false},
        {"\xff", false},
        {"ok\xfe", false},
    };

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (vc_utf8_valid(vc_str(cases[i].text)) != cases[i].valid) {
            fail_msg("case %zu", i);
        }
    }

    assert_true(vc_utf8_valid(bytes("a\0b", 3)));
}


static void
test_buffer_grows(void **state)
{
    size_t   i;
    vc_buf_t buf;

    (void) state;

    vc_buf_init(&buf, arena, 3);

    for (i = 0; i < 1000; i++) {
        vc_buf_printf(&buf, "%03zu", i);
    }

    assert_false(buf.failed);
    assert_int_equal(buf.len, 3000);
    assert_memory_equal(buf.data, "000001002", 9);
    assert_memory_equal(buf.data + 2994, "998999", 6);
}


static void
test_fixed_buffer(void **state)
{
    char     memory[8];
    vc_buf_t buf;

    (void) state;

    vc_buf_fixed(&buf, memory, sizeof(memory));
    vc_buf_literal(&buf, "1234");
    vc_buf_text(&buf, "5678");
    assert_false(buf.failed);
    assert_text(vc_buf_view(&buf), "12345678");

    /* full is full, and what comes later is not let in either */
    vc_buf_text(&buf, "9");
    assert_true(buf.failed);
    assert_text(vc_buf_view(&buf), "12345678");

    vc_buf_fixed(&buf, NULL, 0);
    vc_buf_text(&buf, "");
    assert_false(buf.failed);
    assert_null(vc_buf_reserve(&buf, 1));
    assert_true(buf.failed);
}


static void
test_buffer_keeps_its_failure(void **state)
{
    vc_buf_t buf;

    (void) state;

    vc_buf_init(&buf, arena, 0);
    vc_buf_text(&buf, "before");
    assert_null(vc_buf_reserve(&buf, SIZE_MAX / 2));
    assert_true(buf.failed);

    vc_buf_text(&buf, "after");
    assert_text(vc_buf_view(&buf), "before");

    vc_buf_init(&buf, arena, SIZE_MAX / 2);
    assert_true(buf.failed);
    vc_buf_u8(&buf, 1);
    assert_int_equal(buf.len, 0);
}


static void
test_reader(void **state)
{
    uint8_t     small;
    int64_t     sign;
    uint32_t    medium;
    uint64_t    large;
    vc_buf_t    buf;
    vc_str_t    block;
    vc_reader_t r;

    (void) state;

    vc_buf_init(&buf, arena, 0);
    vc_buf_u8(&buf, 0xab);
    vc_buf_u32(&buf, 0x01020304);
    vc_buf_u64(&buf, UINT64_C(0xf1f2f3f4f5f6f7f8));
    vc_buf_u64(&buf, (uint64_t) INT64_C(-5));
    vc_buf_block(&buf, VC_STR("block"));
    vc_buf_block(&buf, VC_STR_NULL);
    assert_memory_equal(buf.data, "\xab\x01\x02\x03\x04\xf1", 6);

    r = vc_reader(vc_buf_view(&buf));
    assert_true(vc_read_u8(&r, &small) && small == 0xab);
    assert_true(vc_read_u32(&r, &medium) && medium == 0x01020304);
    assert_true(
        vc_read_u64(&r, &large) && large == UINT64_C(0xf1f2f3f4f5f6f7f8));
    assert_true(vc_read_i64(&r, &sign) && sign == -5);
    assert_true(vc_read_block(&r, &block));
    assert_text(block, "block");
    assert_false(vc_read_done(&r));
    assert_true(vc_read_block(&r, &block) && block.len == 0);
    assert_true(vc_read_done(&r));
    assert_false(vc_read_u8(&r, &small));
}


static void
test_reader_refuses(void **state)
{
    uint32_t    medium;
    uint64_t    large;
    vc_str_t    s;
    vc_reader_t r;

    (void) state;

    r = vc_reader(VC_STR_NULL);
    assert_true(vc_read_done(&r));
    assert_false(vc_read_u32(&r, &medium));

    r = vc_reader(VC_STR("1234567"));
    assert_false(vc_read_u64(&r, &large));
    assert_true(vc_read_done(&r));

    r = vc_reader(VC_STR("123"));
    assert_false(vc_read_bytes(&r, SIZE_MAX, &s));

    /* a block that says it is longer than what is left */
    r = vc_reader(bytes("\xff\xff\xff\xff"
                        "12345",
        9));
    assert_false(vc_read_block(&r, &s));
    assert_true(vc_read_done(&r));
}


static void
test_hex(void **state)
{
    char    text[8];
    uint8_t out[4];

    (void) state;

    vc_hex_encode(text, (const uint8_t *) "\x00\x9f\xa0\xff", 4);
    assert_memory_equal(text, "009fa0ff", 8);

    assert_true(vc_hex_decode(out, 4, VC_STR("009fA0Ff")));
    assert_memory_equal(out, "\x00\x9f\xa0\xff", 4);
    assert_true(vc_hex_decode(out, 0, VC_STR_NULL));

    assert_false(vc_hex_decode(out, 4, VC_STR("009fa0f")));
    assert_false(vc_hex_decode(out, 4, VC_STR("009fa0fff")));
    assert_false(vc_hex_decode(out, 4, VC_STR("009fa0fg")));
    assert_false(vc_hex_decode(out, 4, VC_STR("0x9fa0ff")));
    assert_false(vc_hex_decode(out, 2, VC_STR("0@0`")));
}


static void
test_base64url(void **state)
{
    static const struct {
        const char *plain;
        const char *text;
    } cases[] = {
        {"", ""},
        {"f", "Zg"},
        {"fo", "Zm8"},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg"},
        {"fooba", "Zm9vYmE"},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "-__-"},
    };
    static const char *const bad[] = {"A", "Zm9vY", "Zm+v", "Zm/v", "Zm9v\n",
        " Zm9v", "Z=g", "Zg=", "Zg===", "Zg====", "Zm9v=", "=", "Zh", "Zm9"};

    size_t   i;
    vc_buf_t buf;
    vc_str_t out;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        vc_buf_init(&buf, arena, 0);
        vc_base64url_encode(&buf, vc_str(cases[i].plain));
        assert_text(vc_buf_view(&buf), cases[i].text);

        assert_true(vc_base64url_decode(arena, vc_str(cases[i].text), &out));
        assert_text(out, cases[i].plain);
    }

    assert_true(vc_base64url_decode(arena, VC_STR("Zg=="), &out));
    assert_text(out, "f");
    assert_true(vc_base64url_decode(arena, VC_STR("Zm8="), &out));
    assert_text(out, "fo");

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (vc_base64url_decode(arena, vc_str(bad[i]), &out)) {
            fail_msg("\"%s\" was taken", bad[i]);
        }
    }
}


static void
test_guid(void **state)
{
    static const char *const bad[] = {"", "00112233-4455-6677-8899-aabbccddeef",
        "00112233-4455-6677-8899-aabbccddeefff",
        "00112233x4455-6677-8899-aabbccddeeff",
        "0011223304455-6677-8899-aabbccddeeff",
        "00112233-4455-6677-8899-aabbccddeefg",
        "{0112233-4455-6677-8899-aabbccddeef}"};

    char   text[VC_GUID_LEN];
    size_t i;

    (void) state;

    vc_guid_encode(text, (const uint8_t *) "\x00\x11\x22\x33\x44\x55\x66\x77"
                                           "\x88\x99\xaa\xbb\xcc\xdd\xee\xff");
    assert_memory_equal(text, "00112233-4455-6677-8899-aabbccddeeff",
        VC_GUID_LEN);
    assert_true(vc_guid_valid(bytes(text, VC_GUID_LEN)));
    assert_true(vc_guid_valid(VC_STR("00112233-4455-6677-8899-AABBCCDDEEFF")));

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (vc_guid_valid(vc_str(bad[i]))) {
            fail_msg("\"%s\" was taken", bad[i]);
        }
    }
}


static void
test_json(void **state)
{
    static const struct {
        const char *plain;
        size_t      len;
        const char *text;
    } cases[] = {
        {"", 0, "\"\""},
        {"plain /", 7, "\"plain /\""},
        {"a\"b\\c", 5, "\"a\\\"b\\\\c\""},
        {"\n\r\t", 3, "\"\\n\\r\\t\""},
        {"\b\f\x1f\x7f", 4, "\"\\u0008\\u000c\\u001f\x7f\""},
        {"a\0b", 3, "\"a\\u0000b\""},
        {"\xc3\xa4\xf0\x9f\x94\x91", 6, "\"\xc3\xa4\xf0\x9f\x94\x91\""},
    };

    size_t   i;
    vc_buf_t buf;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        vc_buf_init(&buf, arena, 0);
        vc_json_string(&buf, bytes(cases[i].plain, cases[i].len));
        assert_text(vc_buf_view(&buf), cases[i].text);
    }
}


static void
test_errors(void **state)
{
    size_t     i;
    char       text[2048];
    vc_error_t err;

    (void) state;

    assert_int_equal(vc_fail(NULL, VC_IO, "x"), VC_IO);
    assert_int_equal(vc_fail(&err, VC_CONFLICT, "a %d", 1), VC_CONFLICT);
    assert_string_equal(err.message, "a 1");
    assert_string_equal(err.detail, "");

    assert_int_equal(vc_fail_detail(&err, VC_IO, "errno %d", 5), VC_IO);
    assert_string_equal(err.detail, "errno 5");
    assert_null(strstr(err.message, "errno"));

    /* a message that is cut stays UTF-8, wherever the cut falls */
    for (i = 0; i < 4; i++) {
        memset(text, 'x', sizeof(text));
        for (size_t k = i; k + 4 < sizeof(text); k += 4) {
            memcpy(text + k, "\xf0\x9f\x94\x91", 4);
        }
        text[sizeof(text) - 1] = '\0';

        (void) vc_fail(&err, VC_IO, "%s", text);
        assert_true(strlen(err.message) < sizeof(err.message));
        assert_true(strlen(err.message) > sizeof(err.message) - 8);
        assert_true(vc_utf8_valid(vc_str(err.message)));
    }

    assert_string_equal(vc_status_name(VC_CONFLICT), "VC_CONFLICT");
    assert_string_equal(vc_status_name((vc_status_t) 9999), "VC_INTERNAL");
    assert_int_equal(vc_status_http(VC_STORE_FULL), 507);
    assert_string_equal(vc_status_code(VC_SECRET_DISABLED), "Forbidden");
    assert_string_equal(vc_status_inner(VC_SECRET_DISABLED), "SecretDisabled");
    assert_null(vc_status_inner(VC_OK));
}


static char logged[2048];


static void
keep_log(vc_log_level_t level, const char *text)
{
    (void) snprintf(logged, sizeof(logged), "%d %s", (int) level, text);
}


static void
test_log_and_clock(void **state)
{
    uint64_t before;

    (void) state;

    vc_log(VC_LOG_ERROR, "nobody listens");
    vc_log_set_writer(keep_log);
    vc_log(VC_LOG_WARN, "class %c", 'k');
    vc_log_set_writer(NULL);
    assert_string_equal(logged, "1 class k");

    assert_true(vc_now() > 1700000000);
    before = vc_monotonic_ns();
    assert_true(vc_monotonic_ns() >= before);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_escape_everywhere),
        cmocka_unit_test(test_buffer_grows),
        cmocka_unit_test(test_fixed_buffer),
        cmocka_unit_test(test_buffer_keeps_its_failure),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_plain_json),
        cmocka_unit_test(test_reader),
        cmocka_unit_test(test_reader_refuses),
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_base64url),
        cmocka_unit_test(test_guid),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_log_and_clock),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
