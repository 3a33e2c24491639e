/* crypto/jws.h: the key of a certificate */

#include "identity_fixture.h"

#include <openssl/err.h>

#define NOT_AFTER INT64_C(4900000000)

static vc_arena_t *arena;


static int
set_up(void **state)
{
    (void) state;

    vc_json_secure_memory();
    arena = vc_arena_create(4096);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    vc_arena_destroy(arena);

    return 0;
}


/* the thumbprint of a PEM block's DER, by other means */
static void
pem_thumbprint(vc_str_t pem, const EVP_MD *md, char *out)
{
    BIO           *bio;
    char          *name, *header;
    long           n;
    uint8_t        digest[EVP_MAX_MD_SIZE];
    unsigned       len;
    vc_buf_t       text;
    unsigned char *der;

    bio = BIO_new_mem_buf(pem.data, (int) pem.len);
    assert_int_equal(PEM_read_bio(bio, &name, &header, &der, &n), 1);
    EVP_Digest(der, (size_t) n, digest, &len, md, NULL);
    vc_buf_init(&text, arena, 64);
    vc_base64url_encode(&text, (vc_str_t){digest, len});
    memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(der);
    BIO_free(bio);
}


static void
test_certificate(void **state)
{
    char                 sha1[64], sha256[64];
    vc_str_t             pem;
    EVP_PKEY            *key;
    vc_certificate_key_t out;

    (void) state;

    key = EVP_RSA_gen(2048);
    pem = make_certificate(arena, key, NOT_AFTER);
    assert_int_equal(vc_certificate_key(pem, &out, NULL), VC_OK);
    assert_true(vc_alg_fits_key(VC_ALG_PS256, out.jwk));
    assert_null(json_object_get(out.jwk, "d"));
    assert_true(out.not_before == 1700000000);
    assert_true(out.not_after == NOT_AFTER); /* beyond 2106 */
    pem_thumbprint(pem, EVP_sha1(), sha1);
    pem_thumbprint(pem, EVP_sha256(), sha256);
    assert_string_equal(out.x5t, sha1);
    assert_string_equal(out.x5t_s256, sha256);
    json_decref(out.jwk);
    EVP_PKEY_free(key);

    key = EVP_EC_gen("P-256");
    assert_int_equal(vc_certificate_key(make_certificate(arena, key, NOT_AFTER),
                         &out, NULL),
        VC_OK);
    assert_true(vc_alg_fits_key(VC_ALG_ES256, out.jwk));
    json_decref(out.jwk);
    EVP_PKEY_free(key);
}


static void
test_bad_certificates(void **state)
{
    static const char *const texts[] = {"", "hello",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        /* an encrypted block must not ask at the terminal */
        "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
        "DEK-Info: AES-128-CBC,00000000000000000000000000000000\n\n"
        "AAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE-----\n"};

    size_t               i;
    EVP_PKEY            *key;
    vc_error_t           err;
    vc_certificate_key_t out;

    (void) state;

    ERR_clear_error();

    for (i = 0; i < COUNT(texts); i++) {
        assert_int_equal(vc_certificate_key(vc_str(texts[i]), &out, &err),
            VC_INVALID);
        assert_null(out.jwk);
        assert_true(strlen(err.message) > 20);
    }

    key = EVP_RSA_gen(1024);
    assert_int_equal(vc_certificate_key(make_certificate(arena, key, NOT_AFTER),
                         &out, &err),
        VC_INVALID);
    assert_non_null(strstr(err.message, "2048"));
    EVP_PKEY_free(key);

    key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "secp256k1");
    assert_int_equal(vc_certificate_key(make_certificate(arena, key, NOT_AFTER),
                         &out, &err),
        VC_INVALID);
    EVP_PKEY_free(key);

    /* nothing is left behind for nginx to find */
    assert_int_equal(ERR_peek_error(), 0);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certificate),
        cmocka_unit_test(test_bad_certificates),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
