/* new keys, and the life of a ready one */

#include "key_fixture.h"

#include <limits.h>
#include <pthread.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "crypto/secmem.h"


static void
test_misuse(void **state)
{
    static const struct {
        vc_key_spec_t spec;
        const char   *words;
    } rows[] = {
        {{.kty = VC_KTY_RSA, .bits = 0, .exponent = 65537}, "0 bits"},
        {{.kty = VC_KTY_RSA, .bits = 1024, .exponent = 65537}, "1024 bits"},
        {{.kty = VC_KTY_RSA, .bits = 2049, .exponent = 65537}, "2049 bits"},
        {{.kty = VC_KTY_RSA, .bits = 8192, .exponent = 65537}, "8192 bits"},
        {{.kty = VC_KTY_RSA, .bits = 2048, .exponent = 0}, "'e'"},
        {{.kty = VC_KTY_RSA, .bits = 2048, .exponent = 1}, "'e'"},
        {{.kty = VC_KTY_RSA, .bits = 2048, .exponent = 2}, "'e'"},
        {{.kty = VC_KTY_RSA, .bits = 2048, .exponent = 65536}, "'e'"},
        {{.kty = VC_KTY_EC}, "curve"},
        {{.kty = VC_KTY_OCT, .bits = 0}, "0 bits"},
        {{.kty = VC_KTY_OCT, .bits = 129}, "129 bits"},
        {{.kty = VC_KTY_OCT, .bits = 512}, "512 bits"},
    };

    size_t        i;
    vc_error_t    err;
    vc_key_made_t made;

    (void) state;

    vc_key_software.release(NULL);
    assert_string_equal(vc_key_software.name, "software");
    assert_int_equal(vc_key_software.hsm_platform, 0);

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(vc_key_software.generate(&rows[i].spec, NULL,
                             key_arena(), &made, &err),
            VC_BAD_PARAMETER);
        assert_non_null(strstr(err.message, rows[i].words));
    }
}


/* the public members as an object of their own; the caller's */
static json_t *
members_of(const vc_key_made_t *made)
{
    json_t  *object;
    vc_buf_t text;

    vc_buf_init(&text, key_arena(), 0);
    vc_buf_literal(&text, "{");
    vc_buf_str(&text, made->public_members);
    vc_buf_literal(&text, "}");

    object = json_loadb((const char *) text.data, text.len,
        JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);

    return object;
}


/* what OpenSSL thinks of the material */
static void
assert_openssl_takes(const vc_key_made_t *made, int bits)
{
    EVP_PKEY            *pkey;
    EVP_PKEY_CTX        *context;
    const uint8_t       *der;
    PKCS8_PRIV_KEY_INFO *info;

    der = made->material.data;
    info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &der, (long) made->material.len);
    assert_non_null(info);
    assert_ptr_equal(der, made->material.data + made->material.len);

    pkey = EVP_PKCS82PKEY(info);
    PKCS8_PRIV_KEY_INFO_free(info);
    assert_non_null(pkey);
    assert_int_equal(EVP_PKEY_get_bits(pkey), bits);

    context = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    assert_int_equal(EVP_PKEY_check(context), 1);
    EVP_PKEY_CTX_free(context);

    /* and it would have written the same bytes */
    assert_true(vc_str_eq(key_pkcs8(pkey), made->material));
}


static void
test_rsa(void **state)
{
    static const struct {
        unsigned    bits;
        uint64_t    exponent;
        const char *e;
    } rows[] = {
        {2048, 65537, "AQAB"},
        {2048, 3, "Aw"},
        {2048, 0x100000001, "AQAAAAE"},
        {3072, 65537, "AQAB"},
        {4096, 65537, "AQAB"},
    };

    size_t        i;
    json_t       *members;
    vc_str_t      n;
    vc_key_made_t made;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        made = key_make(&(vc_key_spec_t){.kty = VC_KTY_RSA,
            .bits = rows[i].bits,
            .exponent = rows[i].exponent});
        assert_int_equal(made.spec.kty, VC_KTY_RSA);
        assert_int_equal(made.spec.bits, rows[i].bits);
        assert_true(made.spec.exponent == rows[i].exponent);
        assert_openssl_takes(&made, (int) rows[i].bits);

        members = members_of(&made);
        assert_int_equal(json_object_size(members), 2);
        assert_string_equal(json_string_value(json_object_get(members, "e")),
            rows[i].e);
        n = key_member(members, "n");
        assert_int_equal(n.len, rows[i].bits / 8);
        assert_true(n.data[0] >= 0x80);
        json_decref(members);
    }
}


static void
test_ec(void **state)
{
    static const int bits[] = {256, 384, 521, 256};

    size_t               i;
    json_t              *members;
    const vc_key_made_t *made;

    (void) state;

    for (i = KEY_P256; i <= KEY_P256K; i++) {
        made = key_made(i);
        assert_int_equal(made->spec.kty, VC_KTY_EC);
        assert_int_equal(made->spec.curve, key_specs[i].curve);
        assert_openssl_takes(made, bits[i - KEY_P256]);

        members = members_of(made);
        assert_int_equal(json_object_size(members), 3);
        assert_string_equal(json_string_value(json_object_get(members, "crv")),
            vc_curve_name(made->spec.curve));
        assert_int_equal(key_member(members, "x").len,
            vc_curve_size(made->spec.curve));
        assert_int_equal(key_member(members, "y").len,
            vc_curve_size(made->spec.curve));
        json_decref(members);
    }
}


/* with enough keys some coordinate begins with a zero, which stays */
static void
test_coordinates_keep_their_length(void **state)
{
    size_t        i, zeros;
    json_t       *members;
    vc_str_t      x;
    vc_key_made_t made;

    (void) state;

    for (i = 0, zeros = 0; zeros == 0 && i < 20000; i++) {
        vc_arena_reset(key_arena());
        made = key_make(&key_specs[KEY_P256]);
        members = members_of(&made);
        x = key_member(members, "x");
        assert_int_equal(x.len, 32);
        zeros += x.data[0] == 0;
        json_decref(members);
    }

    assert_int_equal(zeros, 1);
}


static void
test_oct(void **state)
{
    size_t        i;
    vc_key_made_t made;

    (void) state;

    for (i = KEY_OCT128; i <= KEY_OCT256; i++) {
        made = key_make(&key_specs[i]);
        assert_int_equal(made.spec.bits, key_specs[i].bits);
        assert_int_equal(made.material.len, key_specs[i].bits / 8);
        assert_int_equal(made.public_members.len, 0);
        assert_memory_not_equal(made.material.data, key_made(i)->material.data,
            16);
    }
}


static vc_status_t
open_fails(const vc_key_spec_t *spec, vc_str_t material)
{
    vc_error_t      err;
    vc_status_t     status;
    vc_ready_key_t *key;

    status = vc_key_software.open(spec, material, &key, &err);
    assert_null(key);
    assert_int_equal(err.status, status);
    assert_int_equal(ERR_peek_error(), 0);

    return status;
}


static void
test_no_material(void **state)
{
    size_t   i, k;
    vc_str_t material;

    (void) state;

    /* of another kind, or cut */
    for (i = 0; i < KEY_KINDS; i++) {
        material = key_made(i)->material;

        for (k = 0; k < KEY_KINDS; k++) {
            if (k != i) {
                assert_int_equal(open_fails(&key_specs[k], material),
                    VC_INVALID);
            }
        }

        material.len--;
        assert_int_equal(open_fails(&key_specs[i], material), VC_INVALID);
        assert_int_equal(open_fails(&key_specs[i], VC_STR_NULL), VC_INVALID);
    }
}


static void
test_no_locked_memory(void **state)
{
    void  *blocks[1024];
    size_t n, i;

    (void) state;

    for (n = 0; n < 1024; n++) {
        blocks[n] = vc_secret_alloc(NULL);
        if (blocks[n] == NULL) {
            break;
        }
    }

    assert_int_equal(open_fails(&key_specs[KEY_OCT256],
                         key_made(KEY_OCT256)->material),
        VC_NO_MEMORY);

    for (i = 0; i < n; i++) {
        vc_secret_free(blocks[i]);
    }
}


static void *
retain_and_release(void *data)
{
    int i;

    for (i = 0; i < 10000; i++) {
        vc_key_software.release(vc_key_software.retain(data));
    }

    return NULL;
}


static void
test_references(void **state)
{
    size_t          i;
    pthread_t       threads[4];
    vc_error_t      err;
    vc_ready_key_t *key;

    (void) state;

    assert_int_equal(vc_key_software.open(&key_specs[KEY_OCT128],
                         key_made(KEY_OCT128)->material, &key, &err),
        VC_OK);
    assert_ptr_equal(vc_key_software.retain(key), key);

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, retain_and_release,
                             key),
            0);
    }

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }

    /* the last reference frees: the sanitizers would tell if not */
    vc_key_software.release(key);
    vc_key_software.release(key);
}


static unsigned asked, patience;


static bool
ending_after_patience(void)
{
    return ++asked > patience;
}


static void
test_given_up(void **state)
{
    vc_key_spec_t spec = {.kty = VC_KTY_RSA, .bits = 4096, .exponent = 65537};

    vc_error_t    err;
    vc_key_made_t made;

    (void) state;

    for (patience = 0; patience < 6; patience += 5) {
        asked = 0;
        assert_int_equal(vc_key_software.generate(&spec, ending_after_patience,
                             key_arena(), &made, &err),
            VC_UNAVAILABLE);
        assert_non_null(strstr(err.message, "stopping"));

        /* a key takes thousands; OpenSSL heeds only some of the answers */
        assert_true(asked < patience + 200);
    }

    spec.bits = 2048;
    asked = 0;
    patience = UINT_MAX;
    assert_int_equal(vc_key_software.generate(&spec, ending_after_patience,
                         key_arena(), &made, &err),
        VC_OK);
    assert_true(asked > 0);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_misuse, key_setup),
        cmocka_unit_test_setup(test_rsa, key_setup),
        cmocka_unit_test_setup(test_ec, key_setup),
        cmocka_unit_test_setup(test_coordinates_keep_their_length, key_setup),
        cmocka_unit_test_setup(test_oct, key_setup),
        cmocka_unit_test_setup(test_no_material, key_setup),
        cmocka_unit_test_setup(test_no_locked_memory, key_setup),
        cmocka_unit_test_setup(test_references, key_setup),
        cmocka_unit_test_setup(test_given_up, key_setup),
    };

    return cmocka_run_group_tests(tests, key_fixture_open, key_fixture_close);
}
