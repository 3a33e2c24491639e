/* keys that somebody brings: each way in which they can be no key */

#include "key_fixture.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "crypto/software.h"


static vc_status_t
import(const json_t *jwk, vc_key_made_t *made, vc_error_t *err)
{
    vc_error_clear(err);

    return vc_key_software.import_jwk(jwk, key_arena(), made, err);
}


/* refused with these words, and with no value in them */
static void
assert_refused(json_t *jwk, const char *member, const char *words)
{
    json_t       *value;
    vc_error_t    err;
    vc_key_made_t made;

    assert_int_equal(import(jwk, &made, &err), VC_BAD_PARAMETER);
    assert_int_equal(err.status, VC_BAD_PARAMETER);
    assert_int_equal(ERR_peek_error(), 0);

    if (strstr(err.message, words) == NULL) {
        fail_msg("'%s' is not in: %s", words, err.message);
    }

    value = json_object_get(jwk, member);

    if (json_string_length(value) > 20) {
        assert_null(strstr(err.message, json_string_value(value)));
    }

    json_decref(jwk);
}


static void
test_round_trip(void **state)
{
    size_t               i;
    json_t              *jwk;
    vc_error_t           err;
    vc_key_made_t        made;
    const vc_key_made_t *first;

    (void) state;

    for (i = 0; i < KEY_KINDS; i++) {
        first = key_made(i);
        jwk = key_jwk(first);
        (void) json_object_set_new(jwk, "kid", json_string("ignored"));
        assert_int_equal(import(jwk, &made, &err), VC_OK);
        json_decref(jwk);

        assert_true(vc_str_eq(made.material, first->material));
        assert_true(vc_str_eq(made.public_members, first->public_members));
        assert_int_equal(made.spec.kty, first->spec.kty);
        assert_int_equal(made.spec.curve, first->spec.curve);
        assert_int_equal(made.spec.bits, first->spec.bits);
        assert_true(made.spec.exponent == first->spec.exponent);
    }
}


static void
test_other_sizes(void **state)
{
    static const unsigned bits[] = {3072, 4096};

    size_t        i;
    json_t       *jwk;
    vc_error_t    err;
    vc_key_made_t made, again;

    (void) state;

    for (i = 0; i < 2; i++) {
        made = key_make(&(
            vc_key_spec_t){.kty = VC_KTY_RSA, .bits = bits[i], .exponent = 3});
        jwk = key_jwk(&made);
        assert_int_equal(import(jwk, &again, &err), VC_OK);
        assert_int_equal(again.spec.bits, bits[i]);
        assert_true(again.spec.exponent == 3);
        json_decref(jwk);
    }
}


static void
test_not_a_jwk(void **state)
{
    static const struct {
        const char *text;
        const char *words;
    } rows[] = {
        {"[]", "must be an object"},
        {"{}", "'kty' of the JSON Web Key is missing"},
        {"{\"kty\":1}", "'kty' of the JSON Web Key must be a string"},
        {"{\"kty\":\"\"}", "'kty'"},
        {"{\"kty\":\"rsa\"}", "supported are RSA, EC and oct"},
        {"{\"kty\":\"OKP\"}", "'OKP'"},
        {"{\"kty\":\"RSA-HSM\"}", "'RSA-HSM'"},
    };

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_refused(json_loads(rows[i].text, 0, NULL), "none",
            rows[i].words);
    }

    assert_refused(NULL, "none", "must be an object");
}


/* what can be wrong with any member by itself */
static void
test_each_member(void **state)
{
    static const struct {
        size_t      kind;
        const char *name;
    } members[] = {
        {KEY_RSA, "n"},
        {KEY_RSA, "e"},
        {KEY_RSA, "d"},
        {KEY_RSA, "p"},
        {KEY_RSA, "q"},
        {KEY_RSA, "dp"},
        {KEY_RSA, "dq"},
        {KEY_RSA, "qi"},
        {KEY_P256, "x"},
        {KEY_P384, "y"},
        {KEY_P521, "d"},
        {KEY_OCT128, "k"},
    };
    static const struct {
        const char *value; /* JSON; NULL: the member is left out */
        const char *words;
    } faults[] = {
        {NULL, "is missing"},
        {"null", "must be a string"},
        {"17", "must be a string"},
        {"{}", "must be a string"},
        {"[\"AQAB\"]", "must be a string"},
        {"\"\"", "is empty"},
        {"\"A\"", "is not base64url"},
        {"\"AQ=B\"", "is not base64url"},
        {"\"a+/b\"", "is not base64url"},
        {"\"AQ\\u0000B\"", "is not base64url"},
        {"\"AR\"", "is not base64url"},
        {"\"AQ\\u00e4B\"", "is not base64url"},
    };

    size_t  i, k;
    char    words[64];
    json_t *jwk;

    (void) state;

    for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        for (k = 0; k < sizeof(faults) / sizeof(faults[0]); k++) {
            jwk = key_jwk(key_made(members[i].kind));
            (void) json_object_del(jwk, members[i].name);

            if (faults[k].value != NULL) {
                (void) json_object_set_new(jwk, members[i].name,
                    json_loads(faults[k].value,
                        JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL));
            }

            (void) snprintf(words, sizeof(words), "'%s' of the JSON Web Key %s",
                members[i].name, faults[k].words);
            assert_refused(jwk, members[i].name, words);
        }
    }
}


static void
set(json_t *jwk, const char *name, vc_str_t bytes)
{
    (void) json_object_set_new(jwk, name, key_base64url(bytes));
}


static void
test_too_long(void **state)
{
    static const uint8_t bytes[600] = {1};

    size_t  i;
    json_t *jwk;

    (void) state;

    for (i = 0; i < VC_RSA_PARTS; i++) {
        jwk = key_jwk(key_made(KEY_RSA));
        set(jwk, vc_rsa_part_names[i], (vc_str_t){bytes, sizeof(bytes)});
        assert_refused(jwk, vc_rsa_part_names[i], "is too long");
    }

    jwk = key_jwk(key_made(KEY_P256));
    set(jwk, "d", (vc_str_t){bytes, 100});
    assert_refused(jwk, "d", "is too long");

    jwk = key_jwk(key_made(KEY_OCT256));
    set(jwk, "k", (vc_str_t){bytes, 64});
    assert_refused(jwk, "k", "is too long");
}


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
        assert_refused(jwk, vc_rsa_part_names[i], words);
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

    assert_refused(jwk, "d",
        "'p' of the JSON Web Key is missing. A private RSA key has n, e, d, p, "
        "q, dp, dq and qi.");

    jwk = key_jwk(key_made(KEY_RSA));
    (void) json_object_set_new(jwk, "oth", json_array());
    assert_refused(jwk, "n", "more than two primes");
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
        set(jwk, "e", rows[i].e);
        assert_refused(jwk, "e", rows[i].words);
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
        set(jwk, rows[i].name, (vc_str_t){changed, bytes.len});
        assert_refused(jwk, rows[i].name, rows[i].words);
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
        assert_refused(jwk, vc_rsa_part_names[i], "do not belong together");
    }

    json_decref(other);

    /* the primes exchanged: the product is right, the rest is not */
    jwk = key_jwk(key_made(KEY_RSA));
    p = json_incref(json_object_get(jwk, "p"));
    (void) json_object_set(jwk, "p", json_object_get(jwk, "q"));
    (void) json_object_set_new(jwk, "q", p);
    assert_refused(jwk, "p", "do not belong together");
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
    set(jwk, "p", (vc_str_t){p, 128});
    set(jwk, "q", (vc_str_t){p, 128});
    set(jwk, "n", (vc_str_t){n, 256});
    assert_refused(jwk, "p", "must be primes");
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
        set(jwk, vc_rsa_part_names[i], (vc_str_t){longer, bytes.len + 1});
    }

    assert_int_equal(import(jwk, &made, &err), VC_OK);
    assert_true(vc_str_eq(made.material, key_made(KEY_RSA)->material));
    json_decref(jwk);
}


static void
test_ec_lengths(void **state)
{
    static const char *const names[] = {"x", "y", "d"};

    char     words[64];
    size_t   i, kind;
    json_t  *jwk;
    uint8_t *longer;
    vc_str_t bytes;

    (void) state;

    for (kind = KEY_P256; kind <= KEY_P256K; kind++) {
        for (i = 0; i < 3; i++) {
            jwk = key_jwk(key_made(kind));
            bytes = key_member(jwk, names[i]);
            (void) snprintf(words, sizeof(words), "'%s' of the JSON Web Key",
                names[i]);
            bytes.len--;
            set(jwk, names[i], bytes);
            assert_refused(jwk, names[i], words);

            /* a zero before changes the number as little as the length must */
            jwk = key_jwk(key_made(kind));
            bytes = key_member(jwk, names[i]);
            longer = vc_arena_calloc(key_arena(), bytes.len + 1);
            memcpy(longer + 1, bytes.data, bytes.len);
            set(jwk, names[i], (vc_str_t){longer, bytes.len + 1});
            assert_refused(jwk, names[i], words);
        }
    }
}


static void
test_ec_numbers(void **state)
{
    static const uint8_t zero[32];
    static const uint8_t order[] = {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7,
        0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

    size_t        kind;
    json_t       *jwk, *other;
    vc_key_made_t made;

    (void) state;

    jwk = key_jwk(key_made(KEY_P256));
    set(jwk, "d", (vc_str_t){zero, 32});
    assert_refused(jwk, "d", "'d'");

    jwk = key_jwk(key_made(KEY_P256));
    set(jwk, "d", (vc_str_t){order, 32});
    assert_refused(jwk, "d", "'d'");

    jwk = key_jwk(key_made(KEY_P256));
    set(jwk, "x", (vc_str_t){zero, 32});
    set(jwk, "y", (vc_str_t){zero, 32});
    assert_refused(jwk, "d", "no point of the curve P-256");

    for (kind = KEY_P256; kind <= KEY_P256K; kind++) {
        made = key_make(&key_specs[kind]);
        other = key_jwk(&made);

        jwk = key_jwk(key_made(kind));
        (void) json_object_set(jwk, "x", json_object_get(other, "x"));
        assert_refused(jwk, "d", "no point of the curve");

        jwk = key_jwk(key_made(kind));
        (void) json_object_set(jwk, "d", json_object_get(other, "d"));
        assert_refused(jwk, "d", "does not belong");

        json_decref(other);
    }
}


static void
test_ec_curves(void **state)
{
    static const struct {
        const char *crv; /* NULL: left out */
        const char *words;
    } rows[] = {
        {NULL, "'crv' of the JSON Web Key is missing"},
        {"", "supported are P-256, P-384, P-521 and P-256K"},
        {"p-256", "'p-256'"},
        {"P-224", "'P-224'"},
        {"secp256k1", "'secp256k1'"},
        {"P-384", "'x' of the JSON Web Key has 32 bytes"},
        {"P-256K", "no point of the curve P-256K"},
    };

    size_t  i;
    json_t *jwk;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        jwk = key_jwk(key_made(KEY_P256));
        (void) json_object_del(jwk, "crv");

        if (rows[i].crv != NULL) {
            (void) json_object_set_new(jwk, "crv", json_string(rows[i].crv));
        }

        assert_refused(jwk, "d", rows[i].words);
    }
}


static void
test_oct(void **state)
{
    static const uint8_t bytes[32] = {0};

    size_t        len;
    json_t       *jwk;
    vc_error_t    err;
    vc_key_made_t made;

    (void) state;

    for (len = 1; len <= 32; len++) {
        jwk = json_pack("{s:s, s:o}", "kty", "oct", "k",
            key_base64url((vc_str_t){bytes, len}));

        if (len == 16 || len == 24 || len == 32) {
            assert_int_equal(import(jwk, &made, &err), VC_OK);
            assert_int_equal(made.spec.bits, len * 8);
            json_decref(jwk);
        } else {
            assert_refused(jwk, "none", "supported are 16, 24 and 32");
        }
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_round_trip, key_setup),
        cmocka_unit_test_setup(test_other_sizes, key_setup),
        cmocka_unit_test_setup(test_not_a_jwk, key_setup),
        cmocka_unit_test_setup(test_each_member, key_setup),
        cmocka_unit_test_setup(test_too_long, key_setup),
        cmocka_unit_test_setup(test_rsa_zero, key_setup),
        cmocka_unit_test_setup(test_rsa_shape, key_setup),
        cmocka_unit_test_setup(test_rsa_exponent, key_setup),
        cmocka_unit_test_setup(test_rsa_numbers, key_setup),
        cmocka_unit_test_setup(test_rsa_mixed, key_setup),
        cmocka_unit_test_setup(test_rsa_composite, key_setup),
        cmocka_unit_test_setup(test_leading_zero, key_setup),
        cmocka_unit_test_setup(test_ec_lengths, key_setup),
        cmocka_unit_test_setup(test_ec_numbers, key_setup),
        cmocka_unit_test_setup(test_ec_curves, key_setup),
        cmocka_unit_test_setup(test_oct, key_setup),
    };

    return cmocka_run_group_tests(tests, key_fixture_open, key_fixture_close);
}
