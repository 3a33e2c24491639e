/* A store in a temporary folder, signed tokens, and certificates, for tests. */

#ifndef VC_TESTS_IDENTITY_FIXTURE_H
#define VC_TESTS_IDENTITY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <jose/jwk.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/jws.h"
#include "store/sealed.h"
#include "test_directory.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define TENANT "11111111-2222-3333-4444-555555555555"
#define NOW ((int64_t) 1800000000)

typedef struct {
    test_directory_t directory;
    vc_seal_t       *seal;
    vc_vaultstore_t *store;
    vc_session_t    *session;
    vc_arena_t      *arena;
} fixture_t;


static inline void
fixture_open(fixture_t *f)
{
    char       path[128];
    vc_error_t err;

    vc_json_secure_memory();

    f->directory = test_directory_make();
    f->arena = vc_arena_create(8192);

    (void) snprintf(path, sizeof(path), "%s/seal", f->directory.path);
    assert_int_equal(vc_seal_file_create(path, &err), VC_OK);
    assert_int_equal(vc_seal_file_open(path, &f->seal, &err), VC_OK);

    (void) snprintf(path, sizeof(path), "%s/store", f->directory.path);
    assert_int_equal(vc_vaultstore_create(path, 64U << 20, f->seal, &err),
        VC_OK);
    assert_int_equal(vc_vaultstore_open(path, 64U << 20, VC_STORE_WRITER,
                         f->seal, &f->store, &err),
        VC_OK);
    assert_int_equal(vc_session_create(f->store, &f->session), VC_OK);
}


static inline void
fixture_close(fixture_t *f)
{
    vc_session_destroy(f->session);
    vc_vaultstore_close(f->store);
    vc_seal_close(f->seal);
    vc_arena_destroy(f->arena);
    test_directory_remove(&f->directory);
}


static inline void
fixture_begin(fixture_t *f)
{
    vc_error_t err;

    assert_int_equal(vc_session_begin(f->session, &err), VC_OK);
}


static inline json_t *
make_key(const char *kty_or_crv)
{
    json_t *jwk;

    jwk = (strcmp(kty_or_crv, "RSA") == 0)
              ? json_pack("{s:s,s:i}", "kty", "RSA", "bits", 2048)
              : json_pack("{s:s,s:s}", "kty", "EC", "crv", kty_or_crv);
    assert_true(jose_jwk_gen(NULL, jwk));

    return jwk;
}


/* takes over claims */
static inline vc_str_t
sign_token(vc_arena_t *arena, const json_t *jwk, uint32_t alg, const char *kid,
    json_t *claims)
{
    vc_buf_t buf;

    assert_non_null(claims);
    vc_buf_init(&buf, arena, 1024);
    assert_int_equal(vc_jws_sign(jwk, alg, kid, claims, &buf), VC_OK);
    json_decref(claims);

    return vc_buf_view(&buf);
}


/* a token whose header is the given text, signed by nobody */
static inline vc_str_t
raw_token(vc_arena_t *arena, const char *header, const char *claims,
    const char *signature)
{
    vc_buf_t buf;

    vc_buf_init(&buf, arena, 1024);
    vc_base64url_encode(&buf, vc_str(header));
    vc_buf_u8(&buf, '.');
    vc_base64url_encode(&buf, vc_str(claims));
    vc_buf_u8(&buf, '.');
    vc_buf_text(&buf, signature);

    return vc_buf_view(&buf);
}


static inline vc_str_t
make_certificate(vc_arena_t *arena, EVP_PKEY *key, int64_t not_after)
{
    BIO  *bio;
    long  n;
    char *data;
    X509 *x;

    x = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(x), 7);
    ASN1_TIME_set(X509_getm_notBefore(x), 1700000000);
    ASN1_TIME_set(X509_getm_notAfter(x), not_after);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
        (const unsigned char *) "test", -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    X509_set_pubkey(x, key);
    assert_true(X509_sign(x, key, EVP_sha256()) > 0);

    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, x);
    n = BIO_get_mem_data(bio, &data);
    data = vc_str_dup(arena, (vc_str_t){(uint8_t *) data, (size_t) n});
    BIO_free(bio);
    X509_free(x);

    return vc_str(data);
}

#endif /* VC_TESTS_IDENTITY_FIXTURE_H */
