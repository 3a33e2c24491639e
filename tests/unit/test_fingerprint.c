/* crypto/fingerprint.h: what tokens are found again by */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/fingerprint.h"

static vc_fingerprinter_t *one, *other;


static int
set_up(void **state)
{
    (void) state;

    return vc_fingerprinter_create(&one) != VC_OK
           || vc_fingerprinter_create(&other) != VC_OK;
}


static int
tear_down(void **state)
{
    (void) state;
    vc_fingerprinter_destroy(one);
    vc_fingerprinter_destroy(other);

    return 0;
}


static bool
same(vc_fingerprinter_t *a, vc_str_t x, vc_fingerprinter_t *b, vc_str_t y)
{
    uint8_t first[VC_FINGERPRINT_LEN], second[VC_FINGERPRINT_LEN];

    assert_int_equal(vc_fingerprint(a, x, first), VC_OK);
    assert_int_equal(vc_fingerprint(b, y, second), VC_OK);

    return memcmp(first, second, VC_FINGERPRINT_LEN) == 0;
}


static void
test_misuse(void **state)
{
    uint8_t out[VC_FINGERPRINT_LEN];

    (void) state;

    vc_fingerprinter_destroy(NULL);
    assert_int_equal(vc_fingerprint(one,
                         (vc_str_t){out, (size_t) INT32_MAX + 1}, out),
        VC_INVALID);
}


static void
test_same_bytes_same_fingerprint(void **state)
{
    size_t  len;
    uint8_t text[100], copy[100];

    (void) state;

    memset(text, 'x', sizeof(text));
    memset(copy, 'x', sizeof(copy));

    for (len = 0; len <= sizeof(text); len++) {
        assert_true(
            same(one, (vc_str_t){text, len}, one, (vc_str_t){copy, len}));
    }
}


/* each bit counts, and so does the length, of zeroes too */
static void
test_other_bytes_other_fingerprint(void **state)
{
    size_t  i;
    uint8_t text[64], changed[64];

    (void) state;

    memset(text, 0, sizeof(text));

    for (i = 0; i < 8 * sizeof(text); i++) {
        memset(changed, 0, sizeof(changed));
        changed[i / 8] = (uint8_t) (1U << i % 8);
        assert_false(same(one, (vc_str_t){text, sizeof(text)}, one,
            (vc_str_t){changed, sizeof(changed)}));
    }

    for (i = 0; i < sizeof(text); i++) {
        assert_false(
            same(one, (vc_str_t){text, i}, one, (vc_str_t){text, i + 1}));
    }
}


static void
test_every_fingerprinter_has_its_key(void **state)
{
    (void) state;

    assert_false(same(one, VC_STR("token"), other, VC_STR("token")));
    assert_false(same(one, VC_STR_NULL, other, VC_STR_NULL));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_same_bytes_same_fingerprint),
        cmocka_unit_test(test_other_bytes_other_fingerprint),
        cmocka_unit_test(test_every_fingerprinter_has_its_key),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
