/* base/bytes.h: bytes as text: UTF-8, JSON, hex, base64url, GUIDs */

#include "bytes_fixture.h"


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


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_escape_everywhere),
        cmocka_unit_test(test_plain_json),
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_base64url),
        cmocka_unit_test(test_guid),
        cmocka_unit_test(test_json),
    };

    return cmocka_run_group_tests(tests, bytes_set_up, bytes_tear_down);
}
