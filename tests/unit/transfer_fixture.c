#include "transfer_fixture.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

transfer_fixture_t transfers;


int
transfer_setup(void **state)
{
    transfers.arena = vc_arena_create(65536);
    transfers.rsa = EVP_RSA_gen(2048);
    transfers.ec = EVP_EC_gen("P-256");

    if (transfers.arena == NULL || transfers.rsa == NULL
        || transfers.ec == NULL) {
        return -1;
    }

    return secrets_setup(state);
}


int
transfer_teardown(void **state)
{
    EVP_PKEY_free(transfers.rsa);
    EVP_PKEY_free(transfers.ec);
    vc_arena_destroy(transfers.arena);

    return secrets_teardown(state);
}


vc_str_t
transfer_pkcs8(EVP_PKEY *key)
{
    int                  len;
    uint8_t             *der;
    vc_str_t             copy;
    PKCS8_PRIV_KEY_INFO *info;

    der = NULL;
    info = EVP_PKEY2PKCS8(key);
    assert_non_null(info);
    len = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
    assert_true(len > 0);
    copy = vc_str_copy(transfers.arena, (vc_str_t){der, (size_t) len});
    OPENSSL_clear_free(der, (size_t) len);
    PKCS8_PRIV_KEY_INFO_free(info);

    return copy;
}


exchange_t
transfer_exchange_of(const answer_t *answer)
{
    json_t    *jwk;
    exchange_t out;

    assert_int_equal(answer->status, 200);
    jwk = json_object_get(answer->json, "key");
    assert_true(strlen(text_of(jwk, "kid")) < sizeof(out.kid));
    strcpy(out.kid, text_of(jwk, "kid"));
    out.key = wrap_rsa_key(jwk);

    return out;
}


exchange_t
transfer_exchange(void)
{
    return transfer_exchange_of(ask("POST", TRANSFER_TARGET, TRANSFER_KEY));
}


const char *
transfer_file(const char *kid, vc_str_t ciphertext)
{
    vc_buf_t file;

    vc_buf_init(&file, transfers.arena, 4096);
    vc_buf_printf(&file,
        "{\"schema_version\":\"1.0.0\",\"header\":{\"kid\":\"%s\","
        "\"alg\":\"dir\",\"enc\":\"CKM_RSA_AES_KEY_WRAP\"},"
        "\"ciphertext\":\"%s\",\"generator\":\"test\"}",
        kid, wrap_text(transfers.arena, ciphertext));
    assert_false(file.failed);

    return wrap_text(transfers.arena, vc_buf_view(&file));
}


const char *
transfer_body(const char *kty, const char *file)
{
    vc_buf_t body;

    vc_buf_init(&body, transfers.arena, 8192);
    vc_buf_printf(&body, "{\"key\":{\"kty\":\"%s\",\"key_hsm\":\"%s\"}}", kty,
        file);
    vc_buf_u8(&body, '\0');
    assert_false(body.failed);

    return (const char *) body.data;
}


const char *
transfer_body_for(const char *kty, const exchange_t *exchange, EVP_PKEY *key)
{
    return transfer_body(kty,
        transfer_file(exchange->kid,
            wrap_for(transfers.arena, exchange->key, transfer_pkcs8(key))));
}
