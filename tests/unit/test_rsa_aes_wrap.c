/* keys that come wrapped for one of ours, and keys that leave wrapped */

#include "key_fixture.h"

#include <string.h>

#include <openssl/err.h>

#include "crypto/rsa_aes_wrap.h"
#include "crypto/software.h"

#define NOT_DECRYPTED                                                          \
    "The ciphertext could not be decrypted with this key and algorithm."


static EVP_PKEY *
rsa_pkey(void)
{
    EVP_PKEY      *pkey;
    vc_error_t     err;
    vc_key_parts_t parts;

    assert_int_equal(vc_pkcs8_read(key_made(KEY_RSA)->material, key_arena(),
                         &parts, &err),
        VC_OK);
    assert_int_equal(vc_parts_pkey(&parts, key_arena(), &pkey, &err), VC_OK);

    return pkey;
}


static vc_str_t
wrap(const char *hash, vc_str_t data)
{
    EVP_PKEY  *pkey;
    vc_str_t   out;
    vc_error_t err;

    pkey = rsa_pkey();
    assert_int_equal(vc_rsa_aes_wrap(pkey, hash, data, key_arena(), &out, &err),
        VC_OK);
    EVP_PKEY_free(pkey);

    return out;
}


static void
assert_transfer_refused(vc_str_t wrapped)
{
    vc_str_t   out;
    vc_error_t err;

    assert_int_equal(vc_key_software.unwrap_transfer(key_ready(KEY_RSA),
                         wrapped, key_arena(), &out, &err),
        VC_BAD_PARAMETER);
    assert_string_equal(err.message, NOT_DECRYPTED);
    assert_int_equal(ERR_peek_error(), 0);
}


static void
test_transfer(void **state)
{
    size_t        i;
    vc_str_t      wrapped, out;
    vc_error_t    err;
    vc_key_made_t made;

    (void) state;

    for (i = KEY_RSA; i <= KEY_P256K; i++) {
        wrapped = wrap("SHA1", key_made(i)->material);
        assert_int_equal(vc_key_software.unwrap_transfer(key_ready(KEY_RSA),
                             wrapped, key_arena(), &out, &err),
            VC_OK);
        assert_true(vc_str_eq(out, key_made(i)->material));
        assert_int_equal(vc_key_software.import_pkcs8(out, key_arena(), &made,
                             &err),
            VC_OK);
    }
}


static void
test_transfer_damaged(void **state)
{
    size_t   i;
    uint8_t *copy;
    vc_str_t wrapped, cut;

    (void) state;

    wrapped = wrap("SHA1", key_made(KEY_P256)->material);

    for (i = 0; i < wrapped.len; i += 9) {
        copy = vc_arena_alloc(key_arena(), wrapped.len);
        memcpy(copy, wrapped.data, wrapped.len);
        copy[i] ^= 4;
        assert_transfer_refused((vc_str_t){copy, wrapped.len});
    }

    for (i = 0; i < wrapped.len; i += (i < 250) ? 50 : 1) {
        cut = vc_str_copy(key_arena(), (vc_str_t){wrapped.data, i});
        assert_transfer_refused(cut);
    }

    assert_transfer_refused(VC_STR_NULL);
    /* another hash, and more than any key is */
    assert_transfer_refused(wrap("SHA256", key_made(KEY_P256)->material));
    copy = vc_arena_calloc(key_arena(), 20000);
    assert_transfer_refused(wrap("SHA1", (vc_str_t){copy, 20000}));
}


/* what is encrypted is no AES key, or does not open the rest */
static void
test_transfer_of_no_key(void **state)
{
    size_t          len;
    uint8_t         bytes[33] = {0};
    vc_buf_t        both;
    vc_str_t        wrapped;
    vc_key_result_t first;

    (void) state;

    wrapped = wrap("SHA1", VC_STR("what is wrapped"));

    for (len = 0; len <= sizeof(bytes); len++) {
        first = key_compute(KEY_RSA, "RSA-OAEP", VC_KEY_ENCRYPT,
            (vc_key_use_t){.value = {bytes, len}});
        vc_buf_init(&both, key_arena(), 0);
        vc_buf_str(&both, first.value);
        vc_buf_put(&both, wrapped.data + 256, wrapped.len - 256);
        assert_transfer_refused(vc_buf_view(&both));
    }
}


static void
test_transfer_to_another_kind(void **state)
{
    vc_str_t   out;
    vc_error_t err;

    (void) state;

    assert_int_equal(vc_key_software.unwrap_transfer(key_ready(KEY_P256),
                         VC_STR("x"), key_arena(), &out, &err),
        VC_BAD_PARAMETER);
    assert_non_null(strstr(err.message, "this is an EC key"));
    assert_int_equal(vc_key_software.unwrap_transfer(key_ready(KEY_OCT256),
                         VC_STR("x"), key_arena(), &out, &err),
        VC_BAD_PARAMETER);
    assert_non_null(strstr(err.message, "this is an oct key"));
}


static json_t *
target(void)
{
    json_t *jwk, *public;

    jwk = key_jwk(key_made(KEY_RSA));
    public = json_pack("{s:s, s:O, s:O}", "kty", "RSA", "n",
        json_object_get(jwk, "n"), "e", json_object_get(jwk, "e"));
    json_decref(jwk);

    return public;
}


static vc_status_t
release(size_t kind, const json_t *jwk, const char *enc, vc_str_t *out,
    vc_error_t *err)
{
    vc_error_clear(err);

    return vc_key_software.wrap_release(&key_made(kind)->spec,
        key_made(kind)->material, jwk, vc_str(enc), key_arena(), out, err);
}


static void
test_release(void **state)
{
    static const struct {
        const char *enc;
        const char *hash;
    } rows[] = {
        {"CKM_RSA_AES_KEY_WRAP", "SHA1"},
        {"RSA_AES_KEY_WRAP_256", "SHA256"},
        {"RSA_AES_KEY_WRAP_384", "SHA384"},
    };

    size_t     i, kind;
    json_t    *jwk;
    EVP_PKEY  *pkey;
    vc_str_t   wrapped, out;
    vc_error_t err;

    (void) state;

    jwk = target();
    pkey = rsa_pkey();

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (kind = 0; kind < KEY_KINDS; kind++) {
            assert_int_equal(release(kind, jwk, rows[i].enc, &wrapped, &err),
                VC_OK);
            assert_int_equal(vc_rsa_aes_unwrap(pkey, rows[i].hash, wrapped,
                                 key_arena(), &out, &err),
                VC_OK);
            assert_true(vc_str_eq(out, key_made(kind)->material));
        }
    }

    EVP_PKEY_free(pkey);
    json_decref(jwk);
}


static void
assert_target_refused(json_t *jwk, const char *enc, const char *words)
{
    vc_str_t   out;
    vc_error_t err;

    assert_int_equal(release(KEY_P256, jwk, enc, &out, &err), VC_BAD_PARAMETER);
    assert_int_equal(ERR_peek_error(), 0);

    if (strstr(err.message, words) == NULL) {
        fail_msg("'%s' is not in: %s", words, err.message);
    }

    json_decref(jwk);
}


static json_t *
target_with(const char *name, const char *value)
{
    json_t *jwk;

    jwk = target();
    (void) json_object_set_new(jwk, name, json_string(value));

    return jwk;
}


static json_t *
target_of(size_t len, uint8_t last)
{
    json_t  *jwk;
    uint8_t *n;

    n = vc_arena_alloc(key_arena(), len);
    memset(n, 0xf1, len);
    n[len - 1] = last;
    jwk = target();
    (void) json_object_set_new(jwk, "n", key_base64url((vc_str_t){n, len}));

    return jwk;
}


static void
test_release_targets(void **state)
{
    static const char enc[] = "RSA_AES_KEY_WRAP_256";

    json_t *jwk;

    (void) state;

    assert_target_refused(target(), "RSA_AES_KEY_WRAP_512",
        "'RSA_AES_KEY_WRAP_512'");
    assert_target_refused(target(), "", "CKM_RSA_AES_KEY_WRAP");
    assert_target_refused(NULL, enc, "'kty'");
    assert_target_refused(target_with("kty", "EC"), enc, "must be RSA");
    assert_target_refused(target_with("n", ""), enc, "'n'");
    assert_target_refused(target_with("n", "AAAA"), enc, "has 0 bits");
    assert_target_refused(target_with("n", "%"), enc, "not base64url");
    assert_target_refused(target_with("e", "AQ"), enc, "'e'");
    assert_target_refused(target_with("e", "AA"), enc, "'e'");
    assert_target_refused(target_with("e", "Ag"), enc, "'e'");
    assert_target_refused(target_with("e", "AQAAAAAAAAAB"), enc, "64 bits");
    assert_target_refused(target_of(128, 1), enc, "1024 bits; it must have");
    assert_target_refused(target_of(255, 1), enc, "2040 bits; it must have");
    assert_target_refused(target_of(1025, 1), enc, "8200 bits; it must have");
    assert_target_refused(target_of(1100, 1), enc, "is too long");
    assert_target_refused(target_of(256, 2), enc, "is even");

    jwk = target();
    (void) json_object_del(jwk, "e");
    assert_target_refused(jwk, enc, "'e' of the JSON Web Key is missing");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_transfer, key_setup),
        cmocka_unit_test_setup(test_transfer_damaged, key_setup),
        cmocka_unit_test_setup(test_transfer_of_no_key, key_setup),
        cmocka_unit_test_setup(test_transfer_to_another_kind, key_setup),
        cmocka_unit_test_setup(test_release, key_setup),
        cmocka_unit_test_setup(test_release_targets, key_setup),
    };

    return cmocka_run_group_tests(tests, key_fixture_open, key_fixture_close);
}
