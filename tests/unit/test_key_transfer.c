/* bringing a key in a transfer file: OpenSSL outside, the API inside */

#include "transfer_fixture.h"

#include <openssl/ec.h>


static vc_str_t
signature_by(const char *target, const char *alg)
{
    char     body[128];
    vc_str_t out;

    (void) snprintf(body, sizeof(body),
        "{\"alg\":\"%s\",\"value\":\"" TRANSFER_DIGEST "\"}", alg);
    assert_true(vc_base64url_decode(transfers.arena,
        vc_str(text_of(expect(200, "POST", target, body)->json, "value")),
        &out));

    return out;
}


static void
assert_signed(EVP_PKEY *key, vc_str_t signature)
{
    uint8_t       digest[TRANSFER_DIGEST_LEN];
    size_t        i;
    EVP_PKEY_CTX *context;

    for (i = 0; i < TRANSFER_DIGEST_LEN; i++) {
        digest[i] = (uint8_t) i;
    }

    context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    assert_int_equal(EVP_PKEY_verify_init(context), 1);
    assert_int_equal(EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()), 1);
    assert_int_equal(EVP_PKEY_verify(context, signature.data, signature.len,
                         digest, TRANSFER_DIGEST_LEN),
        1);

    /* and only that */
    digest[0]++;
    assert_int_not_equal(EVP_PKEY_verify(context, signature.data, signature.len,
                             digest, TRANSFER_DIGEST_LEN),
        1);
    EVP_PKEY_CTX_free(context);
}


static void
test_rsa(void **state)
{
    exchange_t exchange;

    (void) state;

    exchange = transfer_exchange();
    (void) expect(200, "PUT", "/keys/brought",
        transfer_body_for("RSA", &exchange, transfers.rsa));
    assert_signed(transfers.rsa, signature_by("/keys/brought/sign", "RS256"));

    /* what was not made here is not made again here */
    (void) expect_error(400, "BadParameter", NULL, "POST",
        "/keys/brought/rotate", "{}");
    EVP_PKEY_free(exchange.key);
}


/* the DER of a signature r‖s */
static vc_str_t
ecdsa_der(vc_str_t raw)
{
    int        len;
    uint8_t   *der;
    vc_str_t   copy;
    ECDSA_SIG *signature;

    assert_int_equal(raw.len, 64);
    signature = ECDSA_SIG_new();
    assert_int_equal(ECDSA_SIG_set0(signature, BN_bin2bn(raw.data, 32, NULL),
                         BN_bin2bn(raw.data + 32, 32, NULL)),
        1);
    der = NULL;
    len = i2d_ECDSA_SIG(signature, &der);
    assert_true(len > 0);
    copy = vc_str_copy(transfers.arena, (vc_str_t){der, (size_t) len});
    OPENSSL_free(der);
    ECDSA_SIG_free(signature);

    return copy;
}


static void
test_ec(void **state)
{
    exchange_t exchange;

    (void) state;

    exchange = transfer_exchange();
    (void) expect(200, "PUT", "/keys/curve",
        transfer_body_for("EC", &exchange, transfers.ec));
    assert_signed(transfers.ec,
        ecdsa_der(signature_by("/keys/curve/sign", "ES256")));
    EVP_PKEY_free(exchange.key);
}


/* an exchange key does nothing but this, and goes by itself */
static void
test_exchange_key(void **state)
{
    exchange_t      exchange;
    json_t         *attributes;
    const answer_t *answer;

    (void) state;

    answer = expect(200, "POST", TRANSFER_TARGET, TRANSFER_KEY);
    exchange = transfer_exchange_of(answer);
    attributes = json_object_get(answer->json, "attributes");
    assert_int_equal(number_of(attributes, "exp")
                         - number_of(attributes, "created"),
        2 * 86400);

    (void) expect_error(403, "Forbidden", "KeyOperationForbidden", "POST",
        "/keys/kek/sign",
        "{\"alg\":\"RS256\",\"value\":\"" TRANSFER_DIGEST "\"}");
    (void) expect_error(400, "BadParameter", NULL, "POST", "/keys/kek/rotate",
        "{}");

    /* one file can be sent again: under another name */
    (void) expect(200, "PUT", "/keys/one",
        transfer_body_for("RSA", &exchange, transfers.rsa));
    (void) expect(200, "PUT", "/keys/two",
        transfer_body_for("EC", &exchange, transfers.ec));
    EVP_PKEY_free(exchange.key);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rsa),
        cmocka_unit_test(test_ec),
        cmocka_unit_test(test_exchange_key),
    };

    return cmocka_run_group_tests(tests, transfer_setup, transfer_teardown);
}
