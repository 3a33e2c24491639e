/* POST /keys/{name}/{version?}/release: what leaves, and in which wrapping */

#include "release_fixture.h"

#include <openssl/core_names.h>
#include <openssl/x509.h>

#define DIGEST "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define TARGET_OF(name) "/keys/" name "/release"


/* asks, asserts that it leaves, and opens it as the environment does */
static vc_str_t
open_released(const released_t *released, const char *hash)
{
    vc_str_t key;

    assert_true(wrap_open(releases.arena, releases.target_key, hash,
        released->wrapped, &key));

    return key;
}


static released_t
release(const char *target, const char *more)
{
    return release_read(expect(200, "POST", target,
        release_body(release_token_but(NULL, NULL), more)));
}


/* the private key of a PKCS#8 that left; the caller's */
static EVP_PKEY *
parse_key(vc_str_t der)
{
    EVP_PKEY            *key;
    const uint8_t       *p;
    PKCS8_PRIV_KEY_INFO *info;

    p = der.data;
    info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long) der.len);
    assert_non_null(info);
    assert_ptr_equal(p, der.data + der.len);
    key = EVP_PKCS82PKEY(info);
    assert_non_null(key);
    PKCS8_PRIV_KEY_INFO_free(info);

    return key;
}


/* a number of the key is that of a member of its JWK */
static void
assert_number(EVP_PKEY *key, const char *parameter, const json_t *jwk,
    const char *member)
{
    BIGNUM  *actual, *expected;
    vc_str_t bytes;

    actual = NULL;
    assert_int_equal(EVP_PKEY_get_bn_param(key, parameter, &actual), 1);
    assert_true(vc_base64url_decode(releases.arena,
        vc_str(text_of(jwk, member)), &bytes));
    expected = BN_bin2bn(bytes.data, (int) bytes.len, NULL);
    assert_int_equal(BN_cmp(actual, expected), 0);
    BN_clear_free(actual);
    BN_free(expected);
}


static const json_t *
jwk_of(const released_t *released)
{
    return json_object_get(json_object_get(json_object_get(released->claims,
                                               "response"),
                               "key"),
        "key");
}


/* --- keys of each type ---------------------------------------------------- */

static void
test_rsa(void **state)
{
    EVP_PKEY  *key;
    released_t released;

    (void) state;

    release_make("rsa", "RSA", "");
    released = release(TARGET_OF("rsa"), "");
    key = parse_key(open_released(&released, "SHA1"));
    assert_number(key, OSSL_PKEY_PARAM_RSA_N, jwk_of(&released), "n");
    assert_number(key, OSSL_PKEY_PARAM_RSA_E, jwk_of(&released), "e");
    EVP_PKEY_free(key);
    release_clear(&released);
}


static void
test_ec(void **state)
{
    EVP_PKEY  *key;
    released_t released;

    (void) state;

    release_make("ec", "EC", ",\"crv\":\"P-384\"");
    released = release(TARGET_OF("ec"), "");
    key = parse_key(open_released(&released, "SHA1"));
    assert_number(key, OSSL_PKEY_PARAM_EC_PUB_X, jwk_of(&released), "x");
    assert_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, jwk_of(&released), "y");
    EVP_PKEY_free(key);
    release_clear(&released);
}


/* what the vault encrypts with it here, the environment decrypts there */
static void
test_oct(void **state)
{
    int             n;
    uint8_t         plain[48];
    vc_str_t        key, value, iv;
    released_t      released;
    const answer_t *answer;
    EVP_CIPHER_CTX *context;

    (void) state;

    release_make("oct", "oct", ",\"key_size\":256");
    released = release(TARGET_OF("oct"), "");
    key = open_released(&released, "SHA1");
    assert_int_equal(key.len, 32);
    assert_null(json_object_get(jwk_of(&released), "k"));
    release_clear(&released);

    answer = expect(200, "POST", "/keys/oct/encrypt",
        "{\"alg\":\"A256CBC\",\"value\":\"" DIGEST "\"}");
    assert_true(vc_base64url_decode(releases.arena,
        vc_str(text_of(answer->json, "value")), &value));
    assert_true(vc_base64url_decode(releases.arena,
        vc_str(text_of(answer->json, "iv")), &iv));
    assert_int_equal(value.len, 32);

    context = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_DecryptInit_ex(context, EVP_aes_256_cbc(), NULL,
                         key.data, iv.data),
        1);
    (void) EVP_CIPHER_CTX_set_padding(context, 0);
    assert_int_equal(EVP_DecryptUpdate(context, plain, &n, value.data, 32), 1);
    EVP_CIPHER_CTX_free(context);
    assert_int_equal(n, 32);
    assert_string_equal(wrap_text(releases.arena, (vc_str_t){plain, 32}),
        DIGEST);
}


/* --- the wrapping --------------------------------------------------------- */

static void
test_each_enc(void **state)
{
    static const struct {
        const char *enc; /* NULL: none is asked for */
        const char *name;
        const char *hash;
        const char * not ; /* another hash, which does not open it */
    } cases[] = {
        {NULL, "CKM_RSA_AES_KEY_WRAP", "SHA1", "SHA256"},
        {"CKM_RSA_AES_KEY_WRAP", "CKM_RSA_AES_KEY_WRAP", "SHA1", "SHA256"},
        {"RSA_AES_KEY_WRAP_256", "RSA_AES_KEY_WRAP_256", "SHA256", "SHA1"},
        {"RSA_AES_KEY_WRAP_384", "RSA_AES_KEY_WRAP_384", "SHA384", "SHA1"},
    };

    char       more[128];
    size_t     i;
    json_t    *header, *request;
    vc_str_t   key;
    released_t released;

    (void) state;

    release_make("each", "EC", "");

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        more[0] = '\0';

        if (cases[i].enc != NULL) {
            (void) snprintf(more, sizeof(more), ",\"enc\":\"%s\"",
                cases[i].enc);
        }

        released = release(TARGET_OF("each"), more);
        EVP_PKEY_free(parse_key(open_released(&released, cases[i].hash)));
        assert_false(wrap_open(releases.arena, releases.target_key,
            cases[i].not, released.wrapped, &key));

        request = json_object_get(released.claims, "request");
        header = json_object_get(released.file, "header");
        assert_string_equal(text_of(request, "enc"), cases[i].name);
        assert_string_equal(text_of(header, "enc"), cases[i].name);
        release_clear(&released);
    }
}


/* the same key twice is never wrapped with the same bytes */
static void
test_fresh_wrapping(void **state)
{
    released_t one, two;

    (void) state;

    release_make("fresh", "EC", "");
    one = release(TARGET_OF("fresh"), "");
    two = release(TARGET_OF("fresh"), "");
    assert_false(vc_str_eq(one.wrapped, two.wrapped));
    assert_true(
        vc_str_eq(open_released(&one, "SHA1"), open_released(&two, "SHA1")));
    release_clear(&one);
    release_clear(&two);
}


static void
test_unknown_enc(void **state)
{
    size_t i;
    char   more[128];

    static const char *const values[] = {"\"\"", "\"RSA-OAEP\"",
        "\"ckm_rsa_aes_key_wrap\"", "\"CKM_RSA_AES_KEY_WRAP \"", "7", "[]"};

    (void) state;

    release_make("unknown", "EC", "");

    for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        (void) snprintf(more, sizeof(more), ",\"enc\":%s", values[i]);
        (void) expect_error(400, "BadParameter", NULL, "POST",
            TARGET_OF("unknown"),
            release_body(release_token_but(NULL, NULL), more));
    }
}


/* --- what is said beside the key ------------------------------------------ */

static void
test_bundle(void **state)
{
    json_t         *bundle, *key, *request, *header;
    released_t      released;
    const answer_t *answer;

    (void) state;

    release_make("bundle", "RSA", ",\"tags\":{\"a\":\"b\"}");
    released = release(TARGET_OF("bundle"), "");

    /* but for the key, it is what everybody can read */
    bundle = json_deep_copy(
        json_object_get(json_object_get(released.claims, "response"), "key"));
    key = json_object_get(bundle, "key");
    assert_int_equal(json_object_del(key, "key_hsm"), 0);
    answer = expect(200, "GET", "/keys/bundle", NULL);
    assert_true(json_equal(bundle, answer->json));

    request = json_object_get(released.claims, "request");
    header = json_object_get(released.file, "header");
    assert_string_equal(text_of(request, "kid"), text_of(key, "kid"));
    assert_string_equal(text_of(request, "api-version"), "7.4");
    assert_string_equal(text_of(header, "kid"), text_of(key, "kid"));
    assert_string_equal(text_of(header, "alg"), "dir");
    assert_string_equal(text_of(released.file, "schema_version"), "1.0.0");
    json_decref(bundle);
    release_clear(&released);
}


static void
test_nonce(void **state)
{
    char       more[2048];
    released_t released;

    (void) state;

    release_make("nonce", "EC", "");

    released = release(TARGET_OF("nonce"), "");
    assert_null(
        json_object_get(json_object_get(released.claims, "request"), "nonce"));
    release_clear(&released);

    released = release(TARGET_OF("nonce"), ",\"nonce\":\"n-\\\"\\u00e9\"");
    assert_string_equal(text_of(json_object_get(released.claims, "request"),
                            "nonce"),
        "n-\"\xc3\xa9");
    release_clear(&released);

    (void) snprintf(more, sizeof(more), ",\"nonce\":\"%01024d\"", 0);
    released = release(TARGET_OF("nonce"), more);
    release_clear(&released);

    (void) snprintf(more, sizeof(more), ",\"nonce\":\"%01025d\"", 0);
    (void) expect_error(400, "BadParameter", NULL, "POST", TARGET_OF("nonce"),
        release_body(release_token_but(NULL, NULL), more));
    (void) expect_error(400, "BadParameter", NULL, "POST", TARGET_OF("nonce"),
        release_body(release_token_but(NULL, NULL), ",\"nonce\":7"));
}


/* the version of the address, which is not the current one */
static void
test_versions(void **state)
{
    char       first[33], second[33], target[128];
    released_t released;

    (void) state;

    release_make("twice", "EC", "");
    released = release(TARGET_OF("twice"), "");
    strcpy(first, strrchr(text_of(jwk_of(&released), "kid"), '/') + 1);
    release_clear(&released);

    release_make("twice", "EC", "");
    released = release(TARGET_OF("twice"), "");
    strcpy(second, strrchr(text_of(jwk_of(&released), "kid"), '/') + 1);
    release_clear(&released);
    assert_string_not_equal(first, second);

    (void) snprintf(target, sizeof(target), "/keys/twice/%s/release", first);
    released = release(target, "");
    assert_string_equal(strrchr(text_of(jwk_of(&released), "kid"), '/') + 1,
        first);
    release_clear(&released);

    (void) expect_error(404, "KeyNotFound", NULL, "POST",
        "/keys/twice/00000000000000000000000000000000/release",
        release_body(release_token_but(NULL, NULL), ""));
    (void) expect_error(404, "KeyNotFound", NULL, "POST", TARGET_OF("absent"),
        release_body(release_token_but(NULL, NULL), ""));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rsa),
        cmocka_unit_test(test_ec),
        cmocka_unit_test(test_oct),
        cmocka_unit_test(test_each_enc),
        cmocka_unit_test(test_fresh_wrapping),
        cmocka_unit_test(test_unknown_enc),
        cmocka_unit_test(test_bundle),
        cmocka_unit_test(test_nonce),
        cmocka_unit_test(test_versions),
    };

    return cmocka_run_group_tests(tests, release_setup, release_teardown);
}
