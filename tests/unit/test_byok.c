/* objects/byok.h: what is a transfer file */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "objects/byok.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define KID "https://v.vault.test/keys/kek/1"
#define FILE_OF(version, header, ciphertext)                                   \
    "{\"schema_version\":" version ",\"header\":{" header                      \
    "},\"ciphertext\":" ciphertext ",\"generator\":\"a tool\"}"
#define HEADER(kid, alg, enc) "\"kid\":" kid ",\"alg\":" alg ",\"enc\":" enc
#define GOOD_HEADER HEADER("\"" KID "\"", "\"dir\"", "\"CKM_RSA_AES_KEY_WRAP\"")
#define GOOD FILE_OF("\"1.0.0\"", GOOD_HEADER, "\"_-8B\"")

static vc_arena_t *arena;


static int
set_up(void **state)
{
    (void) state;
    arena = vc_arena_create(0);

    return (arena == NULL) ? -1 : 0;
}


static int
tear_down(void **state)
{
    (void) state;
    vc_arena_destroy(arena);

    return 0;
}


static vc_str_t
encode(const char *file)
{
    vc_buf_t text;

    vc_buf_init(&text, arena, 256);
    vc_base64url_encode(&text, vc_str(file));
    assert_false(text.failed);

    return vc_buf_view(&text);
}


static void
assert_refused(vc_str_t key_hsm, const char *message)
{
    vc_byok_t  byok;
    vc_error_t err;

    memset(&err, 0, sizeof(err));

    if (vc_byok_parse(key_hsm, arena, &byok, &err) != VC_BAD_PARAMETER
        || err.status != VC_BAD_PARAMETER
        || strstr(err.message, "Property key.key_hsm has invalid value\r\n")
               == NULL
        || strstr(err.message, message) == NULL)
    {
        fail_msg("%.*s: \"%s\"", VC_STR_ARG(key_hsm), err.message);
    }
}


static void
test_misuse(void **state)
{
    static const struct {
        const char *file;
        const char *message;
    } cases[] = {
        {"x", "must be a transfer file"},
        {"[]", "must be a transfer file"},
        {"[" GOOD "]", "must be a transfer file"},
        {GOOD GOOD, "must be a transfer file"},
        {"{\"schema_version\":\"1.0.0\",\"schema_version\":\"1.0.0\"}",
            "distinct members"},
        {"{}", "schema_version must be \"1.0.0\""},
        {FILE_OF("1", GOOD_HEADER, "\"AAAA\""), "schema_version"},
        {FILE_OF("\"2.0.0\"", GOOD_HEADER, "\"AAAA\""), "schema_version"},
        {"{\"schema_version\":\"1.0.0\",\"ciphertext\":\"AAAA\"}",
            "header.alg must be \"dir\""},
        {"{\"schema_version\":\"1.0.0\",\"header\":\"dir\"}", "header.alg"},
        {FILE_OF("\"1.0.0\"",
             HEADER("\"k\"", "\"RSA-OAEP\"", "\"CKM_RSA_AES_KEY_WRAP\""),
             "\"AAAA\""),
            "header.alg"},
        {FILE_OF("\"1.0.0\"", HEADER("\"k\"", "\"dir\"", "\"A256GCM\""),
             "\"AAAA\""),
            "header.enc must be \"CKM_RSA_AES_KEY_WRAP\""},
        {FILE_OF("\"1.0.0\"", HEADER("\"k\"", "\"dir\"", "null"), "\"AAAA\""),
            "header.enc"},
        {FILE_OF("\"1.0.0\"",
             HEADER("\"\"", "\"dir\"", "\"CKM_RSA_AES_KEY_WRAP\""), "\"AAAA\""),
            "header.kid must be a string"},
        {FILE_OF("\"1.0.0\"",
             HEADER("7", "\"dir\"", "\"CKM_RSA_AES_KEY_WRAP\""), "\"AAAA\""),
            "header.kid"},
        {FILE_OF("\"1.0.0\"", GOOD_HEADER, "\"\""), "ciphertext must be"},
        {FILE_OF("\"1.0.0\"", GOOD_HEADER, "7"), "ciphertext must be"},
        {FILE_OF("\"1.0.0\"", GOOD_HEADER, "\"AA+/\""), "base64url"},
        {FILE_OF("\"1.0.0\"", GOOD_HEADER, "\"AAAAA\""), "base64url"},
        {FILE_OF("\"1.0.0\"", GOOD_HEADER, "\"AAAA\\u0000\""),
            "must be a transfer file"},
    };

    static const char *const no_base64[] = {"A", "AAAAA", "AA=A", "{}", "AA A",
        "AA\tA", "AAAA=", "AAA\xff"};

    size_t i;

    (void) state;

    assert_refused(VC_STR_NULL, "1 to 32768 characters");
    assert_refused(VC_STR("\r\n\n"), "must be a transfer file");
    assert_refused(VC_STR(GOOD), "in base64 or base64url");

    for (i = 0; i < COUNT(no_base64); i++) {
        assert_refused(vc_str(no_base64[i]), "in base64 or base64url");
    }

    for (i = 0; i < COUNT(cases); i++) {
        assert_refused(encode(cases[i].file), cases[i].message);
    }
}


/* header.kid and ciphertext of so many characters */
static vc_str_t
file_of_sizes(size_t kid, size_t ciphertext)
{
    uint8_t *fill;
    vc_buf_t file;

    vc_buf_init(&file, arena, 256);
    vc_buf_text(&file, "{\"schema_version\":\"1.0.0\",\"header\":{\"kid\":\"");
    fill = vc_buf_reserve(&file, kid);
    assert_non_null(fill);
    memset(fill, 'k', kid);
    vc_buf_text(&file, "\",\"alg\":\"dir\",\"enc\":\"CKM_RSA_AES_KEY_WRAP\"},"
                       "\"ciphertext\":\"");
    fill = vc_buf_reserve(&file, ciphertext);
    assert_non_null(fill);
    memset(fill, 'A', ciphertext);
    vc_buf_text(&file, "\"}");
    vc_buf_u8(&file, '\0');
    assert_false(file.failed);

    return encode((const char *) file.data);
}


static void
test_limits(void **state)
{
    uint8_t    *text;
    vc_str_t    good;
    vc_byok_t   byok;
    vc_error_t  err;
    vc_status_t status;

    (void) state;

    /* 10923 characters without padding are 8192 bytes */
    status = vc_byok_parse(file_of_sizes(1024, 10923), arena, &byok, &err);
    assert_int_equal(status, VC_OK);
    assert_int_equal(byok.kid.len, 1024);
    assert_int_equal(byok.ciphertext.len, VC_BYOK_CIPHERTEXT_MAX);

    assert_refused(file_of_sizes(1025, 4), "1 to 1024 bytes");
    assert_refused(file_of_sizes(1, 10924), "1 to 8192 bytes");

    good = encode(GOOD);
    text = vc_arena_alloc(arena, VC_BYOK_TEXT_MAX + 1);
    memset(text, '\n', VC_BYOK_TEXT_MAX + 1);
    memcpy(text, good.data, good.len);
    assert_int_equal(vc_byok_parse((vc_str_t){text, VC_BYOK_TEXT_MAX}, arena,
                         &byok, &err),
        VC_OK);
    assert_refused((vc_str_t){text, VC_BYOK_TEXT_MAX + 1},
        "1 to 32768 characters");
}


static void
assert_good(vc_str_t key_hsm)
{
    vc_byok_t  byok;
    vc_error_t err;

    if (vc_byok_parse(key_hsm, arena, &byok, &err) != VC_OK) {
        fail_msg("%.*s: %s", VC_STR_ARG(key_hsm), err.message);
    }

    assert_true(vc_str_eq(byok.kid, VC_STR(KID)));
    assert_true(vc_str_eq(byok.ciphertext, VC_STR("\xff\xef\x01")));
}


/* one file in every form of base64 */
static void
test_forms(void **state)
{
    /* the ÿ's encode to the characters in which the alphabets differ */
    static const char file[] = "{\"generator\":\"\xc3\xbf\xc3\xbf\xc3\xbf>>>\","
                               "\"schema_version\":\"1.0.0\",\"header\":{"
                               "\"kid\":\"" KID "\",\"alg\":\"dir\",\"enc\":"
                               "\"CKM_RSA_AES_KEY_WRAP\",\"more\":1},"
                               "\"ciphertext\":\"_-8B\"}";

    size_t   i, special;
    uint8_t *other;
    vc_buf_t lines;
    vc_str_t url;

    (void) state;

    assert_good(encode(GOOD));

    url = encode(file);
    assert_good(url);

    other = (uint8_t *) vc_str_dup(arena, url);
    special = 0;

    for (i = 0; i < url.len; i++) {
        special += (other[i] == '-' || other[i] == '_') ? 1 : 0;
        other[i] = (other[i] == '-') ? '+' : (other[i] == '_') ? '/' : other[i];
    }

    assert_true(special != 0);
    assert_good((vc_str_t){other, url.len});

    vc_buf_init(&lines, arena, 1024);

    for (i = 0; i < url.len; i++) {
        vc_buf_u8(&lines, other[i]);

        if (i % 64 == 63) {
            vc_buf_text(&lines, "\r\n");
        }
    }

    for (; i % 4 != 0; i++) {
        vc_buf_u8(&lines, '=');
    }

    vc_buf_text(&lines, "\n");
    assert_good(vc_buf_view(&lines));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_forms),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
