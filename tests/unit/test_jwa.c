/* names and numbers of algorithms, curves and operations */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/jwa.h"


static void
test_misuse(void **state)
{
    (void) state;

    assert_null(vc_jwa_find(VC_STR_NULL));
    assert_null(vc_jwa_find(VC_STR("")));
    assert_null(vc_jwa_find(VC_STR("rs256")));
    assert_null(vc_jwa_find(VC_STR("RS256 ")));
    assert_null(vc_jwa_find(VC_STR("RS25")));
    assert_null(vc_jwa_find(VC_STR("none")));
    assert_null(vc_jwa_at(VC_JWA_COUNT));
    assert_null(vc_jwa_at(SIZE_MAX));

    assert_int_equal(vc_curve_find(VC_STR_NULL), VC_CURVE_NONE);
    assert_int_equal(vc_curve_find(VC_STR("p-256")), VC_CURVE_NONE);
    assert_int_equal(vc_curve_find(VC_STR("secp256k1")), VC_CURVE_NONE);
    assert_null(vc_curve_name(VC_CURVE_NONE));
    assert_null(vc_curve_name((vc_curve_t) 99));
    assert_int_equal(vc_curve_size(VC_CURVE_NONE), 0);
    assert_int_equal(vc_curve_size((vc_curve_t) 99), 0);

    assert_int_equal(vc_key_op_find(VC_STR_NULL), 0);
    assert_int_equal(vc_key_op_find(VC_STR("wrapkey")), 0);
    assert_null(vc_key_op_name(0));
    assert_null(vc_key_op_name(VC_KEY_SIGN | VC_KEY_VERIFY));
    assert_null(vc_key_op_name(1U << 8));
}


static void
test_each_algorithm_is_found(void **state)
{
    size_t          i;
    const vc_jwa_t *jwa;

    (void) state;

    for (i = 0; i < VC_JWA_COUNT; i++) {
        jwa = vc_jwa_at(i);
        assert_non_null(jwa);
        assert_ptr_equal(vc_jwa_find(vc_str(jwa->name)), jwa);
        assert_int_equal(vc_jwa_index(jwa), i);

        /* with what does something goes what undoes it */
        assert_int_equal((jwa->operations & 0x15) << 1, jwa->operations & 0x2a);
        assert_int_equal(jwa->operations & ~vc_key_ops_of(jwa->kty), 0);
        assert_int_not_equal(jwa->operations, 0);
    }
}


static void
test_figures(void **state)
{
    static const struct {
        const char     *name;
        vc_jwa_scheme_t scheme;
        vc_kty_t        kty;
        vc_curve_t      curve;
        unsigned        key_bits;
        size_t          digest;
    } rows[] = {
        {"RSA1_5", VC_JWA_RSA1_5, VC_KTY_RSA, VC_CURVE_NONE, 0, 0},
        {"RSA-OAEP-256", VC_JWA_OAEP, VC_KTY_RSA, VC_CURVE_NONE, 0, 0},
        {"RS384", VC_JWA_RSA_SIG, VC_KTY_RSA, VC_CURVE_NONE, 0, 48},
        {"PS512", VC_JWA_RSA_PSS, VC_KTY_RSA, VC_CURVE_NONE, 0, 64},
        {"RSNULL", VC_JWA_RSA_RAW, VC_KTY_RSA, VC_CURVE_NONE, 0, 0},
        {"ES256K", VC_JWA_ECDSA, VC_KTY_EC, VC_CURVE_P256K, 0, 32},
        {"ES512", VC_JWA_ECDSA, VC_KTY_EC, VC_CURVE_P521, 0, 64},
        {"A192GCM", VC_JWA_GCM, VC_KTY_OCT, VC_CURVE_NONE, 192, 0},
        {"A256CBC", VC_JWA_CBC, VC_KTY_OCT, VC_CURVE_NONE, 256, 0},
        {"A128CBCPAD", VC_JWA_CBC_PAD, VC_KTY_OCT, VC_CURVE_NONE, 128, 0},
        {"A128KW", VC_JWA_KW, VC_KTY_OCT, VC_CURVE_NONE, 128, 0},
        {"CKM_AES_KEY_WRAP", VC_JWA_KW, VC_KTY_OCT, VC_CURVE_NONE, 0, 0},
        {"CKM_AES_KEY_WRAP_PAD", VC_JWA_KWP, VC_KTY_OCT, VC_CURVE_NONE, 0, 0},
        {"HS384", VC_JWA_HMAC, VC_KTY_OCT, VC_CURVE_NONE, 0, 48},
    };

    size_t          i;
    const vc_jwa_t *jwa;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        jwa = vc_jwa_find(vc_str(rows[i].name));
        assert_non_null(jwa);
        assert_int_equal(jwa->scheme, rows[i].scheme);
        assert_int_equal(jwa->kty, rows[i].kty);
        assert_int_equal(jwa->curve, rows[i].curve);
        assert_int_equal(jwa->key_bits, rows[i].key_bits);
        assert_int_equal(jwa->digest, rows[i].digest);
    }
}


static void
test_names(void **state)
{
    static const size_t sizes[] = {0, 32, 48, 66, 32};

    size_t     i;
    uint32_t   bit;
    vc_curve_t curve;

    (void) state;

    for (i = VC_CURVE_P256; i <= VC_CURVE_P256K; i++) {
        curve = (vc_curve_t) i;
        assert_int_equal(vc_curve_find(vc_str(vc_curve_name(curve))), curve);
        assert_int_equal(vc_curve_size(curve), sizes[i]);
    }

    for (bit = VC_KEY_ENCRYPT; bit <= VC_KEY_EXPORT; bit <<= 1) {
        assert_int_equal(vc_key_op_find(vc_str(vc_key_op_name(bit))), bit);
    }

    assert_string_equal(vc_key_op_name(VC_KEY_WRAP), "wrapKey");
    assert_string_equal(vc_key_op_name(VC_KEY_UNWRAP), "unwrapKey");
    assert_string_equal(vc_kty_name(VC_KTY_RSA), "RSA");
    assert_string_equal(vc_kty_name(VC_KTY_EC), "EC");
    assert_string_equal(vc_kty_name(VC_KTY_OCT), "oct");
    assert_string_equal(vc_curve_name(VC_CURVE_P256K), "P-256K");

    assert_int_equal(vc_key_ops_of(VC_KTY_EC), VC_KEY_SIGN | VC_KEY_VERIFY);
    assert_int_equal(vc_key_ops_of(VC_KTY_RSA), 0x3f);
    assert_int_equal(vc_key_ops_of(VC_KTY_OCT), 0x3f);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_each_algorithm_is_found),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
