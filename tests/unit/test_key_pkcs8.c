/* keys that come as PKCS#8 */

#include "key_fixture.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "crypto/software.h"


static vc_status_t
import(vc_str_t der, vc_key_made_t *made, vc_error_t *err)
{
    vc_error_clear(err);

    return vc_key_software.import_pkcs8(der, key_arena(), made, err);
}


static void
assert_refused(vc_str_t der, const char *words)
{
    vc_error_t    err;
    vc_key_made_t made;

    assert_int_equal(import(der, &made, &err), VC_BAD_PARAMETER);
    assert_int_equal(err.status, VC_BAD_PARAMETER);
    assert_int_equal(ERR_peek_error(), 0);

    if (strstr(err.message, words) == NULL) {
        fail_msg("'%s' is not in: %s", words, err.message);
    }
}


static void
test_round_trip(void **state)
{
    size_t               i;
    vc_error_t           err;
    vc_key_made_t        made;
    const vc_key_made_t *first;

    (void) state;

    for (i = KEY_RSA; i <= KEY_P256K; i++) {
        first = key_made(i);
        assert_int_equal(import(first->material, &made, &err), VC_OK);
        assert_true(vc_str_eq(made.material, first->material));
        assert_true(vc_str_eq(made.public_members, first->public_members));
        assert_int_equal(made.spec.kty, first->spec.kty);
        assert_int_equal(made.spec.curve, first->spec.curve);
        assert_int_equal(made.spec.bits, first->spec.bits);
        assert_true(made.spec.exponent == first->spec.exponent);
    }
}


static void
test_cut_and_longer(void **state)
{
    size_t   i, len;
    vc_str_t der, copy;

    (void) state;

    for (i = KEY_RSA; i <= KEY_P256K; i++) {
        der = key_made(i)->material;

        for (len = 0; len < der.len; len++) {
            copy = vc_str_copy(key_arena(), (vc_str_t){der.data, len});
            assert_refused(copy, "PKCS#8");
            vc_arena_reset(key_arena());
        }

        copy = (vc_str_t){vc_arena_calloc(key_arena(), der.len + 1),
            der.len + 1};
        memcpy((uint8_t *) (uintptr_t) copy.data, der.data, der.len);
        assert_refused(copy, "PKCS#8");
    }

    copy = (vc_str_t){vc_arena_calloc(key_arena(), VC_PKCS8_MAX + 1),
        VC_PKCS8_MAX + 1};
    assert_refused(copy, "PKCS#8");
}


static void
test_changed(void **state)
{
    size_t        i, k, step;
    uint8_t      *copy;
    vc_str_t      der;
    vc_error_t    err;
    vc_key_made_t made;

    (void) state;

    /* of RSA only some: whether a number is prime takes its time */
    for (i = KEY_RSA; i <= KEY_P256K; i++) {
        der = key_made(i)->material;
        step = (i == KEY_RSA) ? 31 : 1;

        for (k = 0; k < der.len; k += step) {
            copy = vc_arena_alloc(key_arena(), der.len);
            memcpy(copy, der.data, der.len);
            copy[k] ^= 0x80;
            assert_int_equal(import((vc_str_t){copy, der.len}, &made, &err),
                VC_BAD_PARAMETER);
            assert_int_equal(ERR_peek_error(), 0);
            vc_arena_reset(key_arena());
        }
    }
}


static EVP_PKEY *
make_rsa(unsigned bits, unsigned primes)
{
    EVP_PKEY     *pkey;
    EVP_PKEY_CTX *context;

    pkey = NULL;
    context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    assert_int_equal(EVP_PKEY_keygen_init(context), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_bits(context, (int) bits), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_keygen_primes(context, (int) primes),
        1);
    assert_int_equal(EVP_PKEY_generate(context, &pkey), 1);
    EVP_PKEY_CTX_free(context);

    return pkey;
}


static void
test_other_kinds(void **state)
{
    (void) state;

    assert_refused(key_pkcs8(make_rsa(1024, 2)), "1024 bits");
    assert_refused(key_pkcs8(make_rsa(2056, 2)), "2056 bits");
    assert_refused(key_pkcs8(make_rsa(2048, 3)), "more than two primes");
    assert_refused(key_pkcs8(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")),
        "RSA and EC are");
    assert_refused(key_pkcs8(EVP_EC_gen("P-224")), "P-384, P-521 and P-256K");
}


static EVP_PKEY *
make_ec(const char *param, const char *value)
{
    EVP_PKEY *pkey;

    pkey = EVP_EC_gen("P-256");
    assert_int_equal(EVP_PKEY_set_utf8_string_param(pkey, param, value), 1);

    return pkey;
}


static void
test_forms_of_ec(void **state)
{
    EVP_PKEY     *pkey;
    vc_str_t      der;
    vc_error_t    err;
    vc_key_made_t whole, made;

    (void) state;

    assert_refused(key_pkcs8(make_ec(OSSL_PKEY_PARAM_EC_ENCODING, "explicit")),
        "explicit curve parameters");

    /* the same key with its point compressed, and with none */
    pkey = EVP_EC_gen("P-256");
    assert_int_equal(EVP_PKEY_up_ref(pkey), 1);
    assert_int_equal(import(key_pkcs8(pkey), &whole, &err), VC_OK);

    assert_int_equal(EVP_PKEY_set_utf8_string_param(pkey,
                         OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                         "compressed"),
        1);
    assert_int_equal(EVP_PKEY_up_ref(pkey), 1);
    der = key_pkcs8(pkey);
    assert_true(der.len <= whole.material.len - 32);
    assert_int_equal(import(der, &made, &err), VC_OK);
    assert_true(vc_str_eq(made.material, whole.material));

    assert_int_equal(EVP_PKEY_set_int_param(pkey,
                         OSSL_PKEY_PARAM_EC_INCLUDE_PUBLIC, 0),
        1);
    der = key_pkcs8(pkey);
    assert_true(der.len < 80);
    assert_int_equal(import(der, &made, &err), VC_OK);
    assert_true(vc_str_eq(made.material, whole.material));
    assert_true(vc_str_eq(made.public_members, whole.public_members));
}


/*
 * A P-256 key whose inside names a curve once more: the same, another, none
 * (its parameters); and d in fewer and in more bytes than the curve's.
 */
static void
test_inside_of_ec(void **state)
{
#define PKCS8(len, inside_len, key_len)                                        \
    "\x30" len "\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06"  \
    "\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04" inside_len "\x30" key_len       \
    "\x02\x01\x01"

    static const struct {
        vc_str_t    der;
        const char *words; /* NULL: it is taken */
    } rows[] = {
        {VC_STR_INIT(PKCS8("\x22", "\x08", "\x06") "\x04\x01\x05"), NULL},
        {VC_STR_INIT(PKCS8("\x23", "\x09", "\x07") "\x04\x02\x00\x05"), NULL},
        {VC_STR_INIT(PKCS8("\x22", "\x08", "\x06") "\x04\x01\x00"),
            "no point of the curve P-256"},
        {VC_STR_INIT(PKCS8("\x21", "\x07", "\x05") "\x04\x00"),
            "no point of the curve P-256"},
        {VC_STR_INIT(PKCS8("\x2e", "\x14", "\x12") "\x04\x01\x05\xa0\x0a\x06"
                                                   "\x08\x2a\x86\x48\xce\x3d"
                                                   "\x03\x01\x07"),
            NULL},
        {VC_STR_INIT(PKCS8("\x2b", "\x11", "\x0f") "\x04\x01\x05\xa0\x07\x06"
                                                   "\x05\x2b\x81\x04\x00\x0a"),
            "not well formed"},
        {VC_STR_INIT(PKCS8("\x26", "\x0c", "\x0a") "\x04\x01\x05\xa0\x02\x30"
                                                   "\x00"),
            "not well formed"},
        /* the point at infinity; a bit string with no bits; with unused ones */
        {VC_STR_INIT(PKCS8("\x28", "\x0e", "\x0c") "\x04\x01\x05\xa1\x04\x03"
                                                   "\x02\x00\x00"),
            "no point of the curve P-256"},
        {VC_STR_INIT(PKCS8("\x27", "\x0d", "\x0b") "\x04\x01\x05\xa1\x03\x03"
                                                   "\x01\x00"),
            "not well formed"},
        {VC_STR_INIT(PKCS8("\x28", "\x0e", "\x0c") "\x04\x01\x05\xa1\x04\x03"
                                                   "\x02\x07\x80"),
            "not well formed"},
        /* attributes may follow the key, lengths must be short */
        {VC_STR_INIT(PKCS8("\x24", "\x08", "\x06") "\x04\x01\x05\xa0\x00"),
            NULL},
        {VC_STR_INIT(PKCS8("\x81\x22", "\x08", "\x06") "\x04\x01\x05"),
            "not well formed"},
        {VC_STR_INIT(PKCS8("\x80", "\x08", "\x06") "\x04\x01\x05\x00\x00"),
            "not well formed"},
    };

    size_t        i;
    vc_error_t    err;
    vc_key_made_t made;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].words != NULL) {
            assert_refused(rows[i].der, rows[i].words);
            continue;
        }

        assert_int_equal(import(rows[i].der, &made, &err), VC_OK);
        assert_int_equal(made.spec.curve, VC_CURVE_P256);
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_round_trip, key_setup),
        cmocka_unit_test_setup(test_cut_and_longer, key_setup),
        cmocka_unit_test_setup(test_changed, key_setup),
        cmocka_unit_test_setup(test_other_kinds, key_setup),
        cmocka_unit_test_setup(test_forms_of_ec, key_setup),
        cmocka_unit_test_setup(test_inside_of_ec, key_setup),
    };

    return cmocka_run_group_tests(tests, key_fixture_open, key_fixture_close);
}
