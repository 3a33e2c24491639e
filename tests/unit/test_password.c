/* crypto/password.h: scrypt hashes of client secrets */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/password.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define HASH_LEN (16 + 1 + 4 + 4 + 32)

static vc_arena_t *arena;


static int
set_up(void **state)
{
    (void) state;
    arena = vc_arena_create(4096);

    return arena == NULL;
}


static int
tear_down(void **state)
{
    (void) state;
    vc_arena_destroy(arena);

    return 0;
}


static vc_str_t
hash_of(vc_str_t secret)
{
    vc_buf_t buf;

    vc_buf_init(&buf, arena, 16);
    assert_int_equal(vc_password_hash(secret, &buf), VC_OK);

    return vc_buf_view(&buf);
}


static void
test_misuse(void **state)
{
    uint8_t *big;
    vc_buf_t out;
    vc_str_t hash;

    (void) state;

    vc_buf_init(&out, arena, 16);
    big = vc_arena_calloc(arena, 5000);

    assert_int_equal(vc_password_hash(VC_STR_NULL, &out), VC_INVALID);
    assert_int_equal(vc_password_hash((vc_str_t){big, 5000}, &out), VC_INVALID);
    assert_int_equal(out.len, 0);

    hash = hash_of(VC_STR("x"));
    assert_int_equal(vc_password_verify(VC_STR_NULL, hash), VC_UNAUTHORIZED);
    assert_int_equal(vc_password_verify((vc_str_t){big, 5000}, hash),
        VC_UNAUTHORIZED);
    assert_int_equal(vc_password_verify(VC_STR("x"), VC_STR_NULL), VC_INVALID);
}


static void
test_hash_and_verify(void **state)
{
    size_t   i;
    uint8_t *copy;
    vc_str_t first, second;

    static const char *const wrong[] = {"", "c", "correct hors",
        "correct horsf", "correct horse ", "Correct horse"};

    (void) state;

    first = hash_of(VC_STR("correct horse"));
    second = hash_of(VC_STR("correct horse"));

    assert_int_equal(first.len, HASH_LEN);
    assert_int_equal(first.data[16], 14);
    assert_false(vc_str_eq(first, second)); /* the salts differ */
    assert_int_equal(vc_password_verify(VC_STR("correct horse"), first), VC_OK);
    assert_int_equal(vc_password_verify(VC_STR("correct horse"), second),
        VC_OK);

    for (i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(vc_password_verify(vc_str(wrong[i]), first),
            VC_UNAUTHORIZED);
    }

    /* salt and hash count to the last bit */
    for (i = 0; i < first.len; i += (i == 15) ? 10 : 5) {
        copy = (uint8_t *) vc_str_dup(arena, first);
        copy[i] ^= 1;
        assert_int_equal(vc_password_verify(VC_STR("correct horse"),
                             (vc_str_t){copy, first.len}),
            VC_UNAUTHORIZED);
    }
}


/* a damaged record must not ask for gigabytes, or for hours */
static void
test_parameters_are_bounded(void **state)
{
    static const struct {
        size_t  at;
        uint8_t value;
    } cases[] = {{16, 0}, {16, 18}, {16, 63}, {16, 64}, {16, 255}, {17, 1},
        {18, 1}, {20, 0}, {20, 9}, {21, 1}, {24, 0}, {24, 5}, {21, 255}};

    size_t   i;
    uint8_t *copy;
    vc_str_t good;

    (void) state;

    good = hash_of(VC_STR("s"));

    for (i = 0; i < COUNT(cases); i++) {
        copy = (uint8_t *) vc_str_dup(arena, good);
        copy[cases[i].at] = cases[i].value;
        assert_int_equal(vc_password_verify(VC_STR("s"),
                             (vc_str_t){copy, good.len}),
            VC_INVALID);
    }

    for (i = 0; i < good.len; i += 4) {
        assert_int_equal(vc_password_verify(VC_STR("s"),
                             (vc_str_t){good.data, i}),
            VC_INVALID);
    }

    copy = (uint8_t *) vc_str_dup(arena, good);
    assert_int_equal(vc_password_verify(VC_STR("s"),
                         (vc_str_t){copy, good.len + 1}),
        VC_INVALID);

    assert_int_equal(ERR_peek_error(), 0);
}


static vc_str_t
from_hex(const char *text)
{
    size_t   n;
    uint8_t *p;

    n = strlen(text) / 2;
    p = vc_arena_alloc(arena, n + 1);
    assert_true(vc_hex_decode(p, n, vc_str(text)));

    return (vc_str_t){p, n};
}


/* hashes made by another implementation of scrypt (Python's hashlib) */
static void
test_known_hashes(void **state)
{
    static const struct {
        const char *secret;
        const char *stored;
    } cases[] = {
        {"correct horse",
            "000102030405060708090a0b0c0d0e0f"
            "0e"
            "00000008"
            "00000001"
            "25b376840366f4d3b0e21e414476676e3cd0e89af4430356a234ce0b65a021b5"},
        {"pleaseletmein",
            "536f6469756d43686c6f726964653132"
            "0a"
            "00000008"
            "00000002"
            "f3cc842c3e705ecee3c9a4fa045b1a6429e66b068cb199526efb5a1b1259c8c4"},
    };

    size_t i;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        assert_int_equal(vc_password_verify(vc_str(cases[i].secret),
                             from_hex(cases[i].stored)),
            VC_OK);
        assert_int_equal(vc_password_verify(VC_STR("another"),
                             from_hex(cases[i].stored)),
            VC_UNAUTHORIZED);
    }
}


/* RFC 7914 section 12: what stands below us is scrypt */
static void
test_rfc_7914(void **state)
{
    static const struct {
        const char *secret, *salt;
        uint64_t    n, r, p;
        const char *key;
    } cases[] = {
        {"", "", 16, 1, 1,
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
            "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"},
        {"password", "NaCl", 1024, 8, 16,
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"},
        {"pleaseletmein", "SodiumChloride", 16384, 8, 1,
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"},
    };

    size_t  i;
    uint8_t key[64];

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        assert_int_equal(EVP_PBE_scrypt(cases[i].secret,
                             strlen(cases[i].secret),
                             (const unsigned char *) cases[i].salt,
                             strlen(cases[i].salt), cases[i].n, cases[i].r,
                             cases[i].p, 64U << 20, key, sizeof(key)),
            1);
        assert_memory_equal(key, from_hex(cases[i].key).data, sizeof(key));
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_hash_and_verify),
        cmocka_unit_test(test_parameters_are_bounded),
        cmocka_unit_test(test_known_hashes),
        cmocka_unit_test(test_rfc_7914),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
