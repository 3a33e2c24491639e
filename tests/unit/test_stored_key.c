/* objects/stored_key.h: what the payload of a key's version holds */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "objects/stored_key.h"

#define FLAGS_AT 1
#define TYPE_AT 2
#define CURVE_AT 3
#define FIXED_LEN 20 /* what stands before the blocks */

static vc_arena_t *arena;


static int
set_up(void **state)
{
    (void) state;
    arena = vc_arena_create(4096);

    return (arena == NULL) ? -1 : 0;
}


static int
tear_down(void **state)
{
    (void) state;
    vc_arena_destroy(arena);

    return 0;
}


static vc_stored_key_t
sample(void)
{
    return (vc_stored_key_t){
        .spec = {.kty = VC_KTY_RSA, .bits = 3072, .exponent = 0x100000001},
        .operations = VC_KEY_SIGN | VC_KEY_EXPORT,
        .exportable = true,
        .has_release_policy = true,
        .release_content_type = VC_STR("application\\/json"),
        .release_policy = VC_STR("{\"version\":\"1.0.0\"}"),
        .public_members = VC_STR("\"n\":\"AQ\",\"e\":\"AQAB\""),
        .material = VC_STR("\x00\x01 material \xff"),
    };
}


static vc_str_t
encode(const vc_stored_key_t *key)
{
    vc_buf_t payload;

    vc_buf_init(&payload, arena, 256);
    vc_stored_key_encode(key, &payload);
    assert_false(payload.failed);

    return vc_buf_view(&payload);
}


static void
assert_same(const vc_stored_key_t *a, const vc_stored_key_t *b)
{
    assert_int_equal(a->spec.kty, b->spec.kty);
    assert_int_equal(a->spec.curve, b->spec.curve);
    assert_int_equal(a->spec.bits, b->spec.bits);
    assert_true(a->spec.exponent == b->spec.exponent);
    assert_int_equal(a->operations, b->operations);
    assert_int_equal(a->imported, b->imported);
    assert_int_equal(a->exportable, b->exportable);
    assert_int_equal(a->has_release_policy, b->has_release_policy);
    assert_int_equal(a->immutable, b->immutable);
    assert_true(vc_str_eq(a->release_content_type, b->release_content_type));
    assert_true(vc_str_eq(a->release_policy, b->release_policy));
    assert_true(vc_str_eq(a->public_members, b->public_members));
    assert_true(vc_str_eq(a->material, b->material));
}


static void
assert_kept(const vc_stored_key_t *key)
{
    vc_stored_key_t out;

    memset(&out, 0x55, sizeof(out));
    assert_int_equal(vc_stored_key_decode(encode(key), &out), VC_OK);
    assert_same(&out, key);
}


static void
test_round_trip(void **state)
{
    unsigned        flags, i;
    vc_stored_key_t key;

    (void) state;

    for (flags = 0; flags < 16; flags++) {
        key = sample();
        key.imported = (flags & 1U) != 0;
        key.exportable = (flags & 2U) != 0;
        key.has_release_policy = (flags & 4U) != 0;
        key.immutable = (flags & 8U) != 0;
        assert_kept(&key);
    }

    for (i = VC_CURVE_P256; i <= VC_CURVE_P256K; i++) {
        key = (vc_stored_key_t){
            .spec = {.kty = VC_KTY_EC, .curve = (vc_curve_t) i},
            .public_members = VC_STR("\"crv\":\"P-256\""),
            .material = VC_STR("m"),
        };
        assert_kept(&key);
    }

    key = (vc_stored_key_t){.spec = {.kty = VC_KTY_OCT, .bits = 256}};
    assert_kept(&key);
}


/* the format is on disks: whoever changes it must know */
static void
test_bytes(void **state)
{
    static const char expected[] = "\x01\x09\x01\x02\x00\x00\x01\x00"
                                   "\x00\x00\x00\x00\x00\x01\x00\x01"
                                   "\x00\x00\x00\x0c"
                                   "\x00\x00\x00\x01"
                                   "p"
                                   "\x00\x00\x00\x02"
                                   "ct"
                                   "\x00\x00\x00\x00"
                                   "\x00\x00\x00\x03"
                                   "mat";

    vc_stored_key_t key;

    (void) state;

    key = (vc_stored_key_t){
        .spec = {VC_KTY_EC, VC_CURVE_P384, 256, 65537},
        .operations = VC_KEY_SIGN | VC_KEY_VERIFY,
        .imported = true,
        .immutable = true,
        .public_members = VC_STR("p"),
        .release_content_type = VC_STR("ct"),
        .material = VC_STR("mat"),
    };

    assert_true(vc_str_eq(encode(&key),
        (vc_str_t){(const uint8_t *) expected, sizeof(expected) - 1}));
}


static void
test_truncated(void **state)
{
    size_t          len;
    uint8_t        *longer;
    vc_str_t        payload;
    vc_stored_key_t key, out;

    (void) state;

    key = sample();
    payload = encode(&key);

    /* in memory of exactly that length, so that reading behind it is seen */
    for (len = 0; len < payload.len; len++) {
        uint8_t *part;

        part = malloc(len + 1);
        assert_non_null(part);
        memcpy(part + 1, payload.data, len);
        assert_int_equal(vc_stored_key_decode((vc_str_t){part + 1, len}, &out),
            VC_INVALID);
        free(part);
    }

    longer = vc_arena_calloc(arena, payload.len + 1);
    assert_non_null(longer);
    memcpy(longer, payload.data, payload.len);
    assert_int_equal(vc_stored_key_decode((vc_str_t){longer, payload.len + 1},
                         &out),
        VC_INVALID);
}


/* one byte of a good payload is another */
static vc_status_t
decode_with(size_t at, uint8_t byte)
{
    uint8_t        *bytes;
    vc_str_t        payload;
    vc_stored_key_t key, out;

    key = sample();
    payload = encode(&key);
    bytes = (uint8_t *) vc_str_dup(arena, payload);
    assert_non_null(bytes);
    bytes[at] = byte;

    return vc_stored_key_decode((vc_str_t){bytes, payload.len}, &out);
}


static void
test_unknown(void **state)
{
    unsigned byte;

    (void) state;

    for (byte = 0; byte < 256; byte++) {
        assert_int_equal(decode_with(0, (uint8_t) byte),
            (byte == 1) ? VC_OK : VC_INVALID);
        assert_int_equal(decode_with(FLAGS_AT, (uint8_t) byte),
            (byte < 16) ? VC_OK : VC_INVALID);
        assert_int_equal(decode_with(TYPE_AT, (uint8_t) byte),
            (byte <= VC_KTY_OCT) ? VC_OK : VC_INVALID);
        assert_int_equal(decode_with(CURVE_AT, (uint8_t) byte),
            (byte <= VC_CURVE_P256K) ? VC_OK : VC_INVALID);
    }

    /* a block that is said to be longer than all of it */
    assert_int_equal(decode_with(FIXED_LEN, 0xff), VC_INVALID);
    assert_int_equal(decode_with(FIXED_LEN, 0x00), VC_OK);
}


static void
test_exchange(void **state)
{
    vc_stored_key_t key;

    (void) state;

    key = sample();
    assert_false(vc_stored_key_is_exchange(&key));
    key.operations = VC_KEY_IMPORT;
    assert_true(vc_stored_key_is_exchange(&key));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_exchange),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
