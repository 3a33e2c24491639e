/* base/bytes.h: arenas, strings, buffers, readers */

#include "bytes_fixture.h"

#include <stdalign.h>


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


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_buffer_grows),
        cmocka_unit_test(test_fixed_buffer),
        cmocka_unit_test(test_buffer_keeps_its_failure),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_reader),
        cmocka_unit_test(test_reader_refuses),
    };

    return cmocka_run_group_tests(tests, bytes_set_up, bytes_tear_down);
}
