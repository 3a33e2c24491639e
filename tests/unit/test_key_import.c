/* keys that somebody brings: each way in which they can be no key */

#include "key_fixture.h"

#include <string.h>

#include "crypto/software.h"


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
        assert_int_equal(key_import(jwk, &made, &err), VC_OK);
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
        assert_int_equal(key_import(jwk, &again, &err), VC_OK);
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
        key_import_refused(json_loads(rows[i].text, 0, NULL), "none",
            rows[i].words);
    }

    key_import_refused(NULL, "none", "must be an object");
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
            key_import_refused(jwk, members[i].name, words);
        }
    }
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
        key_set(jwk, vc_rsa_part_names[i], (vc_str_t){bytes, sizeof(bytes)});
        key_import_refused(jwk, vc_rsa_part_names[i], "is too long");
    }

    jwk = key_jwk(key_made(KEY_P256));
    key_set(jwk, "d", (vc_str_t){bytes, 100});
    key_import_refused(jwk, "d", "is too long");

    jwk = key_jwk(key_made(KEY_OCT256));
    key_set(jwk, "k", (vc_str_t){bytes, 64});
    key_import_refused(jwk, "k", "is too long");
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
            key_set(jwk, names[i], bytes);
            key_import_refused(jwk, names[i], words);

            /* a zero before changes the number as little as the length must */
            jwk = key_jwk(key_made(kind));
            bytes = key_member(jwk, names[i]);
            longer = vc_arena_calloc(key_arena(), bytes.len + 1);
            memcpy(longer + 1, bytes.data, bytes.len);
            key_set(jwk, names[i], (vc_str_t){longer, bytes.len + 1});
            key_import_refused(jwk, names[i], words);
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
    key_set(jwk, "d", (vc_str_t){zero, 32});
    key_import_refused(jwk, "d", "'d'");

    jwk = key_jwk(key_made(KEY_P256));
    key_set(jwk, "d", (vc_str_t){order, 32});
    key_import_refused(jwk, "d", "'d'");

    jwk = key_jwk(key_made(KEY_P256));
    key_set(jwk, "x", (vc_str_t){zero, 32});
    key_set(jwk, "y", (vc_str_t){zero, 32});
    key_import_refused(jwk, "d", "no point of the curve P-256");

    for (kind = KEY_P256; kind <= KEY_P256K; kind++) {
        made = key_make(&key_specs[kind]);
        other = key_jwk(&made);

        jwk = key_jwk(key_made(kind));
        (void) json_object_set(jwk, "x", json_object_get(other, "x"));
        key_import_refused(jwk, "d", "no point of the curve");

        jwk = key_jwk(key_made(kind));
        (void) json_object_set(jwk, "d", json_object_get(other, "d"));
        key_import_refused(jwk, "d", "does not belong");

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

        key_import_refused(jwk, "d", rows[i].words);
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
            assert_int_equal(key_import(jwk, &made, &err), VC_OK);
            assert_int_equal(made.spec.bits, len * 8);
            json_decref(jwk);
        } else {
            key_import_refused(jwk, "none", "supported are 16, 24 and 32");
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
        cmocka_unit_test_setup(test_ec_lengths, key_setup),
        cmocka_unit_test_setup(test_ec_numbers, key_setup),
        cmocka_unit_test_setup(test_ec_curves, key_setup),
        cmocka_unit_test_setup(test_oct, key_setup),
    };

    return cmocka_run_group_tests(tests, key_fixture_open, key_fixture_close);
}
