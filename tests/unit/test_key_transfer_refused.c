/* transfer files that bring no key, and exchange keys that take none */

#include "transfer_fixture.h"

#include <openssl/rsa.h>

#define OTHER_HOST "other.vault.localhost:8443"


/* asserts the refusal, and that nothing was stored; the message */
static const char *
refused(const char *body)
{
    const char *message;

    message = message_of(
        expect_error(400, "BadParameter", NULL, "PUT", "/keys/refused", body));
    message = vc_str_dup(transfers.arena, vc_str(message));
    (void) expect(404, "GET", "/keys/refused", NULL);

    return message;
}


/* refused for its kid, with these words */
static void
refused_kid(const exchange_t *exchange, const char *kid, const char *words)
{
    const char *message;

    message = refused(transfer_body("RSA",
        transfer_file(kid, wrap_for(transfers.arena, exchange->key,
                               transfer_pkcs8(transfers.rsa)))));

    if (strstr(message, words) == NULL) {
        fail_msg("%s: %s", kid, message);
    }
}


static void
test_wrong_kid(void **state)
{
    char        kid[512];
    exchange_t  exchange, other;
    const char *version;

    (void) state;

    exchange = transfer_exchange();
    version = strrchr(exchange.kid, '/');

    refused_kid(&exchange, "kek", "must be the full id");
    refused_kid(&exchange, "/", "must be the full id");
    refused_kid(&exchange, version + 1, "must be the full id");
    refused_kid(&exchange, FIXTURE_URL "/keys/kek", "must be the full id");
    (void) snprintf(kid, sizeof(kid), "%s0", exchange.kid);
    refused_kid(&exchange, kid, "must be the full id");
    (void) snprintf(kid, sizeof(kid), "%s/", exchange.kid);
    refused_kid(&exchange, kid, "must be the full id");
    (void) snprintf(kid, sizeof(kid), FIXTURE_URL "/secrets/kek%s", version);
    refused_kid(&exchange, kid, "must be the full id");
    (void) snprintf(kid, sizeof(kid), FIXTURE_URL "/keys/kek/more%s", version);
    refused_kid(&exchange, kid, "must be the full id");
    (void) snprintf(kid, sizeof(kid), "http%s", exchange.kid + 5);
    refused_kid(&exchange, kid, "must be the full id");

    (void) snprintf(kid, sizeof(kid), FIXTURE_URL "/keys/absent%s", version);
    refused_kid(&exchange, kid, "There is no key");
    (void) snprintf(kid, sizeof(kid), FIXTURE_URL "/keys/%s", version);
    refused_kid(&exchange, kid, "There is no key");
    refused_kid(&exchange,
        FIXTURE_URL "/keys/kek/00000000000000000000000000000000",
        "There is no key");

    make_vault("other", false);
    other = transfer_exchange_of(
        ask_at("https", OTHER_HOST, "POST", TRANSFER_TARGET, TRANSFER_KEY));
    refused_kid(&other, other.kid, "of a key in this vault");

    /* the same version, said to be here */
    (void) snprintf(kid, sizeof(kid), FIXTURE_URL "/keys/kek%s",
        strrchr(other.kid, '/'));
    refused_kid(&other, kid, "There is no key");

    EVP_PKEY_free(exchange.key);
    EVP_PKEY_free(other.key);
}


/* a key that does other things, also for who could wrap for it */
static void
test_no_exchange_key(void **state)
{
    exchange_t plain;

    (void) state;

    plain = transfer_exchange_of(expect(200, "POST", "/keys/plain/create",
        "{\"kty\":\"RSA\",\"key_ops\":[\"unwrapKey\",\"decrypt\"]}"));
    refused_kid(&plain, plain.kid, "one operation is import");
    EVP_PKEY_free(plain.key);
}


static void
test_exchange_key_at_rest(void **state)
{
    size_t     i;
    exchange_t exchange;

    static const char *const attributes[] = {"{\"enabled\":false}",
        "{\"exp\":1700000000}", "{\"nbf\":4000000000,\"exp\":4000000001}"};

    (void) state;

    for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
        char body[128];

        exchange = transfer_exchange();
        (void) snprintf(body, sizeof(body), "{\"attributes\":%s}",
            attributes[i]);
        (void) expect(200, "PATCH", "/keys/kek", body);
        refused_kid(&exchange, exchange.kid, "disabled, expired or not valid");
        EVP_PKEY_free(exchange.key);
    }

    exchange = transfer_exchange();
    (void) expect(200, "DELETE", "/keys/kek", NULL);
    refused_kid(&exchange, exchange.kid, "There is no key");
    (void) expect(200, "POST", "/deletedkeys/kek/recover", NULL);
    (void) expect(200, "PUT", "/keys/late",
        transfer_body_for("RSA", &exchange, transfers.rsa));
    EVP_PKEY_free(exchange.key);
}


/* the message tells nothing of where it broke */
static void
test_damaged_ciphertext(void **state)
{
    size_t      i;
    uint8_t    *damaged;
    vc_str_t    good;
    exchange_t  exchange, stranger;
    const char *message, *first;
    size_t      places[] = {0, 128, 255, 256, 263, 0};
    size_t      lengths[] = {1, 255, 256, 264, 272, 0, 0};

    (void) state;

    stranger = transfer_exchange();
    exchange = transfer_exchange();
    good = wrap_for(transfers.arena, exchange.key,
        transfer_pkcs8(transfers.rsa));

    /* made for another key of this vault */
    first = refused(transfer_body("RSA", transfer_file(stranger.kid, good)));

    places[5] = good.len - 1;
    lengths[5] = good.len - 8;
    lengths[6] = good.len - 1;

    for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        damaged = (uint8_t *) vc_str_dup(transfers.arena, good);
        damaged[places[i]] ^= 1;
        message = refused(transfer_body("RSA",
            transfer_file(exchange.kid, (vc_str_t){damaged, good.len})));
        assert_string_equal(message, first);
    }

    for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        message = refused(transfer_body("RSA",
            transfer_file(exchange.kid, (vc_str_t){good.data, lengths[i]})));
        assert_string_equal(message, first);
    }

    (void) expect(200, "PUT", "/keys/whole",
        transfer_body("RSA", transfer_file(exchange.kid, good)));
    EVP_PKEY_free(exchange.key);
    EVP_PKEY_free(stranger.key);
}


/* wrapped well, but no key, or none that is kept here */
static void
test_wrapped_what(void **state)
{
    size_t     i;
    vc_str_t   der;
    EVP_PKEY  *small, *edwards;
    exchange_t exchange;
    vc_str_t   contents[] = {VC_STR("x"),
          VC_STR("thirty-two bytes of a secret key"), VC_STR_NULL, VC_STR_NULL,
          VC_STR_NULL, VC_STR_NULL};

    (void) state;

    exchange = transfer_exchange();
    small = EVP_RSA_gen(1024);
    edwards = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    der = transfer_pkcs8(transfers.rsa);

    contents[2] = (vc_str_t){der.data, der.len - 1};
    contents[3] = (vc_str_t){der.data, 200};
    contents[4] = transfer_pkcs8(small);
    contents[5] = transfer_pkcs8(edwards);

    for (i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
        (void) refused(transfer_body("RSA",
            transfer_file(exchange.kid,
                wrap_for(transfers.arena, exchange.key, contents[i]))));
    }

    EVP_PKEY_free(small);
    EVP_PKEY_free(edwards);
    EVP_PKEY_free(exchange.key);
}


static void
test_type(void **state)
{
    exchange_t  exchange;
    const char *body;

    (void) state;

    exchange = transfer_exchange();

    body = transfer_body_for("EC", &exchange, transfers.rsa);
    assert_non_null(strstr(refused(body), "is of type RSA"));
    body = transfer_body_for("RSA", &exchange, transfers.ec);
    assert_non_null(strstr(refused(body), "is of type EC"));
    body = transfer_body_for("oct", &exchange, transfers.rsa);
    assert_non_null(strstr(refused(body), "is of type RSA"));

    /* as Azure's tools ask: there is no hardware here */
    body = transfer_body_for("RSA-HSM", &exchange, transfers.rsa);
    assert_non_null(strstr(refused(body), "key.kty"));
    body = transfer_body_for("EC-HSM", &exchange, transfers.ec);
    assert_non_null(strstr(refused(body), "key.kty"));
    body = transfer_body_for("", &exchange, transfers.rsa);
    assert_non_null(strstr(refused(body), "key.kty"));

    EVP_PKEY_free(exchange.key);
}


static void
test_no_file(void **state)
{
    size_t i;

    static const char *const bodies[] = {"7", "{}", "[]", "true", "\"\"",
        "\"!\"", "\"e30\"", "\"aGVsbG8\""};

    (void) state;

    for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        char body[128];

        (void) snprintf(body, sizeof(body),
            "{\"key\":{\"kty\":\"RSA\",\"key_hsm\":%s}}", bodies[i]);
        assert_non_null(strstr(refused(body), "key.key_hsm"));
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_kid),
        cmocka_unit_test(test_no_exchange_key),
        cmocka_unit_test(test_exchange_key_at_rest),
        cmocka_unit_test(test_damaged_ciphertext),
        cmocka_unit_test(test_wrapped_what),
        cmocka_unit_test(test_type),
        cmocka_unit_test(test_no_file),
    };

    return cmocka_run_group_tests(tests, transfer_setup, transfer_teardown);
}
