/* ciphers, and the digests and random bytes beside them */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "crypto/cipher.h"
#include "crypto/digest.h"
#include "crypto/random.h"

static const uint8_t key_one[VC_KEY_LEN] = {1, 2, 3};
static const uint8_t key_two[VC_KEY_LEN] = {4, 5, 6};


typedef struct {
    vc_arena_t  *arena;
    vc_cipher_t *cipher;
} fixture_t;


static int
setup(void **state)
{
    static fixture_t fixture;

    fixture.arena = vc_arena_create(1024);
    assert_non_null(fixture.arena);
    assert_int_equal(vc_cipher_create(key_one, 7, &fixture.cipher), VC_OK);
    *state = &fixture;

    return 0;
}


static int
teardown(void **state)
{
    fixture_t *fixture = *state;

    vc_cipher_destroy(fixture->cipher);
    vc_arena_destroy(fixture->arena);

    return 0;
}


static vc_str_t
seal(fixture_t *fixture, vc_str_t place, vc_str_t plaintext)
{
    vc_buf_t out;

    vc_buf_init(&out, fixture->arena, 0);
    assert_int_equal(vc_cipher_seal(fixture->cipher, place, plaintext, &out),
        VC_OK);

    return vc_buf_view(&out);
}


static void
test_misuse(void **state)
{
    size_t     len;
    uint8_t    out[64];
    uint32_t   key_id;
    vc_str_t   sealed;
    fixture_t *fixture = *state;

    vc_cipher_destroy(NULL);

    assert_int_equal(vc_sealed_key_id(VC_STR_NULL, &key_id), VC_INVALID);
    assert_int_equal(vc_cipher_open(fixture->cipher, VC_STR("p"), VC_STR_NULL,
                         out, &len),
        VC_INVALID);

    sealed = seal(fixture, VC_STR("p"), VC_STR_NULL);
    assert_int_equal(sealed.len, VC_SEALED_OVERHEAD);
    sealed.len--;
    assert_int_equal(vc_cipher_open(fixture->cipher, VC_STR("p"), sealed, out,
                         &len),
        VC_INVALID);
    assert_int_equal(vc_sealed_key_id(sealed, &key_id), VC_INVALID);
}


static void
test_places(void **state)
{
    size_t      len;
    uint8_t     out[8], place[VC_PLACE_MAX + 1];
    vc_buf_t    buf;
    vc_str_t    sealed;
    vc_arena_t *arena;
    fixture_t  *fixture = *state;

    memset(place, 'p', sizeof(place));
    sealed = seal(fixture, (vc_str_t){place, VC_PLACE_MAX}, VC_STR("secret"));
    assert_int_equal(vc_cipher_open(fixture->cipher,
                         (vc_str_t){place, VC_PLACE_MAX}, sealed, out, &len),
        VC_OK);
    assert_int_equal(len, 6);

    /* the last byte of the longest place still counts */
    place[VC_PLACE_MAX - 1] = 'q';
    assert_int_equal(vc_cipher_open(fixture->cipher,
                         (vc_str_t){place, VC_PLACE_MAX}, sealed, out, &len),
        VC_UNSEAL_FAILED);

    assert_int_equal(vc_cipher_open(fixture->cipher,
                         (vc_str_t){place, VC_PLACE_MAX + 1}, sealed, out,
                         &len),
        VC_INVALID);

    arena = vc_arena_create(1024);
    vc_buf_init(&buf, arena, 0);
    assert_int_equal(vc_cipher_seal(fixture->cipher,
                         (vc_str_t){place, VC_PLACE_MAX + 1}, VC_STR("secret"),
                         &buf),
        VC_INVALID);
    vc_arena_destroy(arena);
}


static void
test_round_trip(void **state)
{
    static const size_t lengths[] = {0, 1, 15, 16, 17, 255, 256, 25600,
        1048576};

    size_t     i, len;
    uint8_t   *text, *out;
    uint32_t   key_id;
    vc_str_t   sealed;
    fixture_t *fixture = *state;

    for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        text = vc_arena_alloc(fixture->arena, lengths[i] + 1);
        out = vc_arena_alloc(fixture->arena, lengths[i] + 1);
        memset(text, 'x', lengths[i] + 1);

        sealed = seal(fixture, VC_STR("place"), (vc_str_t){text, lengths[i]});
        assert_int_equal(sealed.len, lengths[i] + VC_SEALED_OVERHEAD);
        assert_int_equal(vc_sealed_key_id(sealed, &key_id), VC_OK);
        assert_int_equal(key_id, 7);

        assert_int_equal(vc_cipher_open(fixture->cipher, VC_STR("place"),
                             sealed, out, &len),
            VC_OK);
        assert_int_equal(len, lengths[i]);
        assert_memory_equal(out, text, len);
    }
}


static void
test_every_seal_differs(void **state)
{
    vc_str_t   a, b;
    fixture_t *fixture = *state;

    a = seal(fixture, VC_STR("place"), VC_STR("same"));
    b = seal(fixture, VC_STR("place"), VC_STR("same"));

    assert_memory_equal(a.data, b.data, 5);
    assert_memory_not_equal(a.data + 5, b.data + 5, 12);
    assert_memory_not_equal(a.data + 17, b.data + 17, 4);
}


static void
test_each_changed_byte_is_noticed(void **state)
{
    size_t      i, k, len;
    uint8_t     out[64], copy[64];
    vc_str_t    sealed;
    fixture_t  *fixture = *state;
    vc_status_t status;

    sealed = seal(fixture, VC_STR("place"), VC_STR("the secret"));

    for (i = 0; i < sealed.len; i++) {
        memcpy(copy, sealed.data, sealed.len);
        copy[i] ^= 0x10;
        memset(out, 0xee, sizeof(out));

        status = vc_cipher_open(fixture->cipher, VC_STR("place"),
            (vc_str_t){copy, sealed.len}, out, &len);
        assert_int_equal(status, i < 5 ? VC_INVALID : VC_UNSEAL_FAILED);
        assert_int_equal(len, 0);

        for (k = 0; i >= 5 && k < 10; k++) {
            assert_int_equal(out[k], 0);
        }
    }

    /* and the same context still opens what is whole */
    assert_int_equal(vc_cipher_open(fixture->cipher, VC_STR("place"), sealed,
                         out, &len),
        VC_OK);
}


static void
test_bound_to_key_and_place(void **state)
{
    size_t       len;
    uint8_t      out[64];
    vc_str_t     sealed;
    fixture_t   *fixture = *state;
    vc_cipher_t *other;

    sealed = seal(fixture, VC_STR("place"), VC_STR("the secret"));

    assert_int_equal(vc_cipher_open(fixture->cipher, VC_STR("placf"), sealed,
                         out, &len),
        VC_UNSEAL_FAILED);
    assert_int_equal(vc_cipher_open(fixture->cipher, VC_STR_NULL, sealed, out,
                         &len),
        VC_UNSEAL_FAILED);

    assert_int_equal(vc_cipher_create(key_two, 7, &other), VC_OK);
    assert_int_equal(vc_cipher_open(other, VC_STR("place"), sealed, out, &len),
        VC_UNSEAL_FAILED);
    vc_cipher_destroy(other);

    /* the right key under another id is not asked at all */
    assert_int_equal(vc_cipher_create(key_one, 8, &other), VC_OK);
    assert_int_equal(vc_cipher_key_id(other), 8);
    assert_int_equal(vc_cipher_open(other, VC_STR("place"), sealed, out, &len),
        VC_INVALID);
    vc_cipher_destroy(other);
}


static void
assert_hex(const uint8_t *bytes, size_t n, const char *expected)
{
    char text[129];

    vc_hex_encode(text, bytes, n);
    text[2 * n] = '\0';
    assert_string_equal(text, expected);
}


static void
test_sha256(void **state)
{
    uint8_t out[VC_SHA256_LEN];

    (void) state;

    /* FIPS 180-4 examples */
    assert_int_equal(vc_sha256(VC_STR("abc"), out), VC_OK);
    assert_hex(out, sizeof(out),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(vc_sha256(VC_STR_NULL, out), VC_OK);
    assert_hex(out, sizeof(out),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}


static void
test_hmac(void **state)
{
    uint8_t key[32] = "Jefe", out[VC_SHA256_LEN];

    (void) state;

    /* RFC 4231 case 2: a shorter key is the same as one padded with zeros */
    assert_int_equal(vc_hmac_sha256(key, VC_STR("what do ya want for nothing?"),
                         out),
        VC_OK);
    assert_hex(out, sizeof(out),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_int_equal(vc_hmac_sha256(key, VC_STR_NULL, out), VC_OK);
}


static void
test_derive(void **state)
{
    uint8_t a[32], b[32], c[32];

    (void) state;

    assert_int_equal(vc_derive_key(key_one, NULL, a), VC_INVALID);
    assert_int_equal(vc_derive_key(key_one, "", a), VC_INVALID);

    assert_int_equal(vc_derive_key(key_one, "paging", a), VC_OK);
    assert_int_equal(vc_derive_key(key_one, "paging", b), VC_OK);
    assert_memory_equal(a, b, 32);

    assert_int_equal(vc_derive_key(key_one, "backup", b), VC_OK);
    assert_int_equal(vc_derive_key(key_two, "paging", c), VC_OK);
    assert_memory_not_equal(a, b, 32);
    assert_memory_not_equal(a, c, 32);
    assert_memory_not_equal(a, key_one, 32);
}


static void
test_random(void **state)
{
    char    guid[2][VC_GUID_LEN];
    uint8_t a[32], b[32];

    (void) state;

    assert_int_equal(vc_random(a, SIZE_MAX), VC_CRYPTO);
    assert_int_equal(vc_random(a, 0), VC_OK);
    assert_int_equal(vc_random(a, sizeof(a)), VC_OK);
    assert_int_equal(vc_random(b, sizeof(b)), VC_OK);
    assert_memory_not_equal(a, b, sizeof(a));

    assert_int_equal(vc_random_guid(guid[0]), VC_OK);
    assert_int_equal(vc_random_guid(guid[1]), VC_OK);
    assert_memory_not_equal(guid[0], guid[1], VC_GUID_LEN);
    assert_true(vc_guid_valid((vc_str_t){(uint8_t *) guid[0], VC_GUID_LEN}));
    assert_int_equal(guid[0][14], '4');
    assert_non_null(memchr("89ab", guid[0][19], 4));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_misuse, setup, teardown),
        cmocka_unit_test_setup_teardown(test_places, setup, teardown),
        cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_every_seal_differs, setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_each_changed_byte_is_noticed,
            setup, teardown),
        cmocka_unit_test_setup_teardown(test_bound_to_key_and_place, setup,
            teardown),
        cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_hmac),
        cmocka_unit_test(test_derive),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
