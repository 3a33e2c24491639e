/* the numbers of RSA keys that somebody brings */

#include "key_fixture.h"

#include <string.h>

#include <openssl/bn.h>

#include "crypto/software.h"


static void
test_rsa_zero(void **state)
{
    size_t  i;
    char    words[64];
    json_t *jwk;

    (void) state;

    for (i = 0; i < VC_RSA_PARTS; i++) {
        jwk = key_jwk(key_made(KEY_RSA));
        (void) json_object_set_new(jwk, vc_rsa_part_names[i],
            json_string("AAAA"));
        (void) snprintf(words, sizeof(words), "'%s' of the RSA key is zero",
            vc_rsa_part_names[i]);
        key_import_refused(jwk, vc_rsa_part_names[i], words);
    }
}


/* the public half alone, and more primes than two */
static void
test_rsa_shape(void **state)
{
    size_t  i;
    json_t *jwk;

    (void) state;

    jwk = key_jwk(key_made(KEY_RSA));

    for (i = VC_RSA_P; i < VC_RSA_PARTS; i++) {
        (void) json_object_del(jwk, vc_rsa_part_names[i]);
    }

    key_import_refused(jwk, "d",
        "'p' of the JSON Web Key is missing. A private RSA key has n, e, d, p, "
        "q, dp, dq and qi.");

    jwk = key_jwk(key_made(KEY_RSA));
    (void) json_object_set_new(jwk, "oth", json_array());
    key_import_refused(jwk, "n", "more than two primes");
}


static void
test_rsa_exponent(void **state)
{
    static const struct {
        vc_str_t    e;
        const char *words;
    } rows[] = {
        {VC_STR_INIT("\x01"), "odd and at least 3"},
        {VC_STR_INIT("\x02"), "odd and at least 3"},
        {VC_STR_INIT("\x01\x00\x00"), "odd and at least 3"},
        {VC_STR_INIT("\x01\x00\x00\x00\x00\x00\x00\x00\x01"),
            "more than 64 bits"},
        {VC_STR_INIT("\x01\x00\x03"), "do not belong together"},
        {VC_STR_INIT("\x03"), "do not belong together"},
    };

    size_t  i;
    json_t *jwk;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        jwk = key_jwk(key_made(KEY_RSA));
        key_set(jwk, "e", rows[i].e);
        key_import_refused(jwk, "e", rows[i].words);
    }
}


/* one byte of one number is another */
static void
test_rsa_numbers(void **state)
{
    static const struct {
        const char *name;
        size_t      at; /* from the end */
        uint8_t     flip;
        const char *words;
    } rows[] = {
        {"n", 1, 1, "'n' of the RSA key is even"},
        {"n", 256, 0x80, "bits; supported are"},
        {"n", 100, 4, "'n' is not the product"},
        {"p", 1, 1, "'p' of the RSA key must be odd"},
        {"q", 1, 1, "'q' of the RSA key must be odd"},
        {"p", 128, 0x80, "have 1024 bits"},
        {"q", 50, 8, "'n' is not the product"},
        {"d", 1, 2, "do not belong together"},
        {"d", 200, 1, "do not belong together"},
        {"dp", 1, 2, "do not belong together"},
        {"dq", 64, 1, "do not belong together"},
        {"qi", 1, 1, "do not belong together"},
    };

    size_t   i;
    json_t  *jwk;
    uint8_t *changed;
    vc_str_t bytes;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        jwk = key_jwk(key_made(KEY_RSA));
        bytes = key_member(jwk, rows[i].name);
        changed = vc_arena_alloc(key_arena(), bytes.len);
        memcpy(changed, bytes.data, bytes.len);
        changed[bytes.len - rows[i].at] ^= rows[i].flip;
        key_set(jwk, rows[i].name, (vc_str_t){changed, bytes.len});
        key_import_refused(jwk, rows[i].name, rows[i].words);
    }
}


/* numbers of another key, or in each other's place */
static void
test_rsa_mixed(void **state)
{
    size_t        i;
    json_t       *jwk, *other, *p;
    vc_key_made_t made;

    (void) state;

    made = key_make(&key_specs[KEY_RSA]);
    other = key_jwk(&made);

    for (i = 0; i < VC_RSA_PARTS; i++) {
        if (i == VC_RSA_E) {
            continue;
        }

        jwk = key_jwk(key_made(KEY_RSA));
        (void) json_object_set(jwk, vc_rsa_part_names[i],
            json_object_get(other, vc_rsa_part_names[i]));
        key_import_refused(jwk, vc_rsa_part_names[i], "do not belong together");
    }

    json_decref(other);

    /* the primes exchanged: the product is right, the rest is not */
    jwk = key_jwk(key_made(KEY_RSA));
    p = json_incref(json_object_get(jwk, "p"));
    (void) json_object_set(jwk, "p", json_object_get(jwk, "q"));
    (void) json_object_set_new(jwk, "q", p);
    key_import_refused(jwk, "p", "do not belong together");
}


/* a product that is right, of two numbers that are no primes */
static void
test_rsa_composite(void **state)
{
    json_t  *jwk;
    uint8_t *p, *n;
    BIGNUM  *a, *b;
    BN_CTX  *context;

    (void) state;

    p = vc_arena_alloc(key_arena(), 128);
    n = vc_arena_alloc(key_arena(), 256);
    memset(p, 0xff, 128);
    context = BN_CTX_new();
    a = BN_bin2bn(p, 128, NULL);
    b = BN_new();
    assert_int_equal(BN_mul(b, a, a, context), 1);
    assert_int_equal(BN_bn2binpad(b, n, 256), 256);
    BN_free(a);
    BN_free(b);
    BN_CTX_free(context);

    jwk = key_jwk(key_made(KEY_RSA));
    key_set(jwk, "p", (vc_str_t){p, 128});
    key_set(jwk, "q", (vc_str_t){p, 128});
    key_set(jwk, "n", (vc_str_t){n, 256});
    key_import_refused(jwk, "p", "must be primes");
}


static void
test_leading_zero(void **state)
{
    size_t        i;
    json_t       *jwk;
    uint8_t      *longer;
    vc_str_t      bytes;
    vc_error_t    err;
    vc_key_made_t made;

    (void) state;

    jwk = key_jwk(key_made(KEY_RSA));

    for (i = 0; i < VC_RSA_PARTS; i++) {
        bytes = key_member(jwk, vc_rsa_part_names[i]);
        longer = vc_arena_calloc(key_arena(), bytes.len + 1);
        memcpy(longer + 1, bytes.data, bytes.len);
        key_set(jwk, vc_rsa_part_names[i], (vc_str_t){longer, bytes.len + 1});
    }

    assert_int_equal(key_import(jwk, &made, &err), VC_OK);
    assert_true(vc_str_eq(made.material, key_made(KEY_RSA)->material));
    json_decref(jwk);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_rsa_zero, key_setup),
        cmocka_unit_test_setup(test_rsa_shape, key_setup),
        cmocka_unit_test_setup(test_rsa_exponent, key_setup),
        cmocka_unit_test_setup(test_rsa_numbers, key_setup),
        cmocka_unit_test_setup(test_rsa_mixed, key_setup),
        cmocka_unit_test_setup(test_rsa_composite, key_setup),
        cmocka_unit_test_setup(test_leading_zero, key_setup),
    };

    return cmocka_run_group_tests(tests, key_fixture_open, key_fixture_close);
}
