/* keys as a client sees them: bundles, versions, updates, what they compute */

#include "secret_fixture.h"

#include "base/clock.h"

#define KID FIXTURE_URL "/keys/"


static json_t *
key_of(const answer_t *answer)
{
    json_t *key;

    key = json_object_get(answer->json, "key");
    assert_true(json_is_object(key));

    return key;
}


/* the last segment of key.kid */
static void
key_version(const answer_t *answer, char version[33])
{
    const char *kid;

    kid = strrchr(text_of(key_of(answer), "kid"), '/');
    assert_non_null(kid);
    assert_int_equal(strlen(kid + 1), 32);
    strcpy(version, kid + 1);
}


static void
make_key(const char *name, const char *body, char version[33])
{
    char target[FIXTURE_TARGET_MAX];

    (void) snprintf(target, sizeof(target), "/keys/%s/create", name);
    key_version(expect(200, "POST", target, body), version);
}


static void
test_bundle(void **state)
{
    char            version[33], expected[1024];
    json_t         *key;
    json_int_t      created;
    const answer_t *answer;

    (void) state;

    make_key("Full",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"key_ops\":[\"verify\"],"
        "\"tags\":{\"a\":\"b\"},\"attributes\":{\"nbf\":1,\"enabled\":true}}",
        version);

    answer = expect(200, "GET", "/keys/full?api-version=7.5", NULL);
    key = key_of(answer);
    created = number_of(json_object_get(answer->json, "attributes"), "created");
    assert_true(created <= vc_now() && created > vc_now() - 60);

    (void) snprintf(expected, sizeof(expected),
        "{\"key\":{\"kid\":\"" KID "Full/%s\",\"kty\":\"EC\",\"key_ops\":"
        "[\"verify\"],\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"},"
        "\"attributes\":{\"enabled\":true,\"nbf\":1,\"created\":%lld,"
        "\"updated\":%lld,\"recoveryLevel\":\"CustomizedRecoverable+Purgeable\","
        "\"recoverableDays\":7,\"exportable\":false,\"hsmPlatform\":\"0\"},"
        "\"tags\":{\"a\":\"b\"}}",
        version, text_of(key, "x"), text_of(key, "y"), (long long) created,
        (long long) created);
    assert_string_equal(answer->text, expected);
    assert_int_equal(strlen(text_of(key, "x")), 43);

    (void) snprintf(expected, sizeof(expected), KID "Full/%s", version);
    assert_string_equal(answer->record_id, expected);

    /* a list item is without material */
    answer = expect(200, "GET", "/keys?api-version=7.0", NULL);
    assert_non_null(strstr(answer->text,
        "{\"kid\":\"" KID "Full\",\"attributes\":{\"enabled\":true,"));
    assert_null(strstr(answer->text, "\"x\""));
    assert_null(strstr(answer->text, "exportable"));
}


static void
test_oct_bundle(void **state)
{
    char            version[33];
    json_t         *key;
    const answer_t *answer;

    (void) state;

    make_key("oct", "{\"kty\":\"oct\",\"key_size\":128}", version);

    answer = expect(200, "GET", "/keys/oct", NULL);
    key = key_of(answer);
    assert_int_equal(json_object_size(key), 2);
    assert_string_equal(text_of(key, "kty"), "oct");
    assert_null(json_object_get(key, "k"));
    assert_null(json_object_get(key, "key_ops"));
}


static void
test_where_the_version_stands(void **state)
{
    char            first[33], second[33], target[FIXTURE_TARGET_MAX];
    char            kid[256];
    size_t          i;
    const answer_t *answer;

    static const char *const current[] = {"/keys/places/sign",
        "/keys/places//sign", "//keys/places/sign"};
    static const char *const body =
        "{\"alg\":\"ES256\",\"value\":"
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}";

    (void) state;

    make_key("places", "{\"kty\":\"EC\"}", first);
    make_key("places", "{\"kty\":\"EC\"}", second);

    for (i = 0; i < sizeof(current) / sizeof(current[0]); i++) {
        answer = expect(200, "POST", current[i], body);
        (void) snprintf(kid, sizeof(kid), KID "places/%s", second);
        assert_string_equal(text_of(answer->json, "kid"), kid);
        assert_string_equal(answer->record_id, kid);
    }

    (void) snprintf(target, sizeof(target), "/keys/places/%s/sign", first);
    answer = expect(200, "POST", target, body);
    (void) snprintf(kid, sizeof(kid), KID "places/%s", first);
    assert_string_equal(text_of(answer->json, "kid"), kid);

    (void) expect_error(404, "KeyNotFound", NULL, "POST",
        "/keys/places/00000000000000000000000000000000/sign", body);
    (void) expect_error(405, "MethodNotAllowed", NULL, "GET",
        "/keys/places/sign", NULL);
}


static void
test_update(void **state)
{
    char            version[33], target[FIXTURE_TARGET_MAX];
    const answer_t *answer;

    static const char *const digest =
        "{\"alg\":\"ES256\",\"value\":"
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}";

    (void) state;

    make_key("change", "{\"kty\":\"EC\",\"tags\":{\"a\":\"b\"}}", version);
    (void) snprintf(target, sizeof(target), "/keys/change/%s", version);

    (void) expect(200, "POST", "/keys/change/sign", digest);
    answer = expect(200, "PATCH", target, "{\"key_ops\":[\"verify\"]}");
    assert_int_equal(json_array_size(
                         json_object_get(key_of(answer), "key_ops")),
        1);
    assert_non_null(json_object_get(answer->json, "tags"));
    (void) expect_error(403, "Forbidden", "KeyOperationForbidden", "POST",
        "/keys/change/sign", digest);

    (void) expect(200, "PATCH", target,
        "{\"key_ops\":[\"sign\"],\"attributes\":{\"enabled\":false},"
        "\"tags\":{}}");
    answer = expect_error(403, "Forbidden", "KeyDisabled", "POST",
        "/keys/change/sign", digest);
    assert_string_equal(message_of(answer),
        "Operation sign is not allowed on a disabled key.");
    answer = expect(200, "GET", target, NULL);
    assert_null(json_object_get(answer->json, "tags"));

    (void) expect(200, "PATCH", target,
        "{\"attributes\":{\"enabled\":true,\"exp\":1}}");
    (void) expect_error(403, "Forbidden", "KeyExpired", "POST",
        "/keys/change/sign", digest);
    (void) expect(200, "PATCH", target,
        "{\"attributes\":{\"exp\":null,\"nbf\":4000000000}}");
    (void) expect_error(403, "Forbidden", "KeyNotYetValid", "POST",
        "/keys/change/sign", digest);

    (void) expect_error(400, "BadParameter", NULL, "PATCH", target,
        "{\"key_ops\":[\"encrypt\"]}");
    (void) expect_error(400, "BadParameter", NULL, "PATCH", target,
        "{\"key_ops\":[\"import\"]}");
    (void) expect_error(400, "BadParameter", NULL, "PATCH", target,
        "{\"attributes\":{\"exportable\":true}}");
}


/* a key that unwraps transfers never becomes one that decrypts, nor back */
static void
test_exchange_key_stays_one(void **state)
{
    char            version[33];
    json_int_t      expires;
    const answer_t *answer;

    (void) state;

    make_key("exchange", "{\"kty\":\"RSA\",\"key_ops\":[\"import\"]}", version);

    answer = expect(200, "GET", "/keys/exchange", NULL);
    expires = number_of(json_object_get(answer->json, "attributes"), "exp");
    assert_in_range(expires, vc_now() + 2 * 86400 - 60, vc_now() + 2 * 86400);

    (void) expect_error(400, "BadParameter", NULL, "PATCH", "/keys/exchange",
        "{\"key_ops\":[\"decrypt\"]}");
    (void) expect_error(400, "BadParameter", NULL, "PATCH", "/keys/exchange",
        "{\"key_ops\":[]}");
    (void) expect_error(400, "BadParameter", NULL, "POST",
        "/keys/exchange/rotate", NULL);
    (void) expect_error(403, "Forbidden", "KeyOperationForbidden", "POST",
        "/keys/exchange/decrypt", "{\"alg\":\"RSA1_5\",\"value\":\"AA\"}");

    (void) expect_error(400, "BadParameter", NULL, "POST", "/keys/x/create",
        "{\"kty\":\"EC\",\"key_ops\":[\"import\"]}");
    (void) expect_error(400, "BadParameter", NULL, "POST", "/keys/x/create",
        "{\"kty\":\"RSA\",\"key_ops\":[\"import\",\"decrypt\"]}");
}


static void
test_bodies(void **state)
{
    size_t          i;
    const answer_t *answer;

    static const struct {
        const char *body;
        const char *says;
    } wrong[] = {
        {"", "empty"},
        {"[]", "not a JSON object"},
        {"{}", "RSA, EC or oct"},
        {"{\"kty\":1}", "RSA, EC or oct"},
        {"{\"kty\":\"rsa\"}", "RSA, EC or oct"},
        {"{\"kty\":\"RSA-HSM\"}", "no hardware security module"},
        {"{\"kty\":\"oct-HSM\"}", "use kty oct"},
        {"{\"kty\":\"RSA\",\"key_size\":\"2048\"}", "key_size"},
        {"{\"kty\":\"RSA\",\"key_size\":-2048}", "key_size"},
        {"{\"kty\":\"RSA\",\"key_size\":1024}", "2048"},
        {"{\"kty\":\"RSA\",\"key_size\":4294969344}", "2048"},
        {"{\"kty\":\"RSA\",\"public_exponent\":2}", "exponent"},
        {"{\"kty\":\"RSA\",\"public_exponent\":1}", "exponent"},
        {"{\"kty\":\"oct\",\"key_size\":64}", "128"},
        {"{\"kty\":\"EC\",\"crv\":\"P-192\"}", "P-256"},
        {"{\"kty\":\"EC\",\"crv\":7}", "P-256"},
        {"{\"kty\":\"EC\",\"key_ops\":\"sign\"}", "array"},
        {"{\"kty\":\"EC\",\"key_ops\":[\"sing\"]}", "Element 0"},
        {"{\"kty\":\"EC\",\"key_ops\":[\"sign\",7]}", "Element 1"},
        {"{\"kty\":\"EC\",\"key_ops\":[\"decrypt\"]}", "decrypt"},
        {"{\"kty\":\"EC\",\"key_ops\":[\"sign\",\"sign\"]}", "repeats"},
        {"{\"kty\":\"EC\",\"key_ops\":[\"export\"]}", "exportable"},
        {"{\"kty\":\"EC\",\"attributes\":{\"exportable\":1}}", "exportable"},
        {"{\"kty\":\"EC\",\"attributes\":{\"exportable\":true}}",
            "AKV.SKR.1004: Exportable keys must have release policy."},
        {"{\"kty\":\"EC\",\"release_policy\":{\"data\":\"e30\"}}", "policy"},
        {"{\"kty\":\"EC\",\"release_policy\":{}}", "data"},
        {"{\"kty\":\"EC\",\"release_policy\":7}", "data"},
        {"{\"kty\":\"EC\",\"attributes\":{\"nbf\":9,\"exp\":3}}", "nbf"},
    };

    (void) state;

    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        answer = expect_error(400, "BadParameter", NULL, "POST",
            "/keys/wrong/create", wrong[i].body);
        assert_non_null(strstr(message_of(answer), wrong[i].says));
    }

    (void) expect_error(404, "KeyNotFound", NULL, "GET", "/keys/wrong", NULL);
}


static void
test_import(void **state)
{
    const answer_t *answer;

    static const char *const jwk =
        "{\"kty\":\"oct\",\"k\":\"AAECAwQFBgcICQoLDA0ODw\",\"key_ops\":"
        "[\"wrapKey\",\"unwrapKey\"]}";

    char body[512];

    (void) state;

    (void) snprintf(body, sizeof(body), "{\"Hsm\":false,\"key\":%s}", jwk);
    (void) expect(200, "PUT", "/keys/brought", body);

    /* RFC 3394, section 4.1 */
    answer = expect(200, "POST", "/keys/brought/wrapkey",
        "{\"alg\":\"A128KW\",\"value\":\"ABEiM0RVZneImaq7zN3u_w\"}");
    assert_string_equal(text_of(answer->json, "value"),
        "H6aLCoEStEeu80vY-1p7gp0-hiNx0s_l");

    (void) expect_error(403, "Forbidden", "KeyOperationForbidden", "POST",
        "/keys/brought/encrypt", "{}");
    (void) expect_error(400, "BadParameter", NULL, "POST",
        "/keys/brought/rotate", NULL);
    (void) expect_error(400, "BadParameter", NULL, "PUT",
        "/keys/brought/rotationpolicy",
        "{\"lifetimeActions\":[{\"trigger\":{\"timeAfterCreate\":\"P90D\"},"
        "\"action\":{\"type\":\"Rotate\"}}]}");

    (void) snprintf(body, sizeof(body), "{\"Hsm\":true,\"key\":%s}", jwk);
    (void) expect_error(400, "BadParameter", NULL, "PUT", "/keys/no", body);
    (void) expect_error(400, "BadParameter", NULL, "PUT", "/keys/no", "{}");
    (void) expect_error(400, "BadParameter", NULL, "PUT", "/keys/no",
        "{\"key\":{\"kty\":\"oct\",\"key_hsm\":\"e30\"}}");
    (void) expect_error(404, "KeyNotFound", NULL, "GET", "/keys/no", NULL);
}


static void
test_rotation(void **state)
{
    char            first[33], second[33];
    const answer_t *answer;

    (void) state;

    make_key("turn", "{\"kty\":\"EC\",\"tags\":{\"a\":\"b\"}}", first);

    answer = expect(200, "GET", "/keys/turn/rotationpolicy", NULL);
    assert_string_equal(text_of(answer->json, "id"), KID "turn/rotationpolicy");
    assert_non_null(strstr(answer->text, "\"timeBeforeExpiry\":\"P30D\""));

    answer = expect(200, "PUT", "/keys/turn/rotationpolicy",
        "{\"lifetimeActions\":[{\"trigger\":{\"timeAfterCreate\":\"P90D\"},"
        "\"action\":{\"type\":\"rotate\"}}],"
        "\"attributes\":{\"expiryTime\":\"P180D\"}}");
    assert_non_null(strstr(answer->text, "\"type\":\"Rotate\""));

    answer = expect(200, "POST", "/keys/turn/rotate", NULL);
    key_version(answer, second);
    assert_string_not_equal(first, second);
    assert_non_null(json_object_get(answer->json, "tags"));
    assert_in_range(number_of(json_object_get(answer->json, "attributes"),
                        "exp"),
        vc_now() + 180 * 86400 - 60, vc_now() + 180 * 86400);

    /* the policy is the object's, not the version's, and outlives deletion */
    (void) expect(200, "DELETE", "/keys/turn", NULL);
    (void) expect(200, "POST", "/deletedkeys/turn/recover", NULL);
    answer = expect(200, "GET", "/keys/turn/rotationpolicy", NULL);
    assert_non_null(strstr(answer->text, "\"expiryTime\":\"P180D\""));
}


static void
test_deleted_family(void **state)
{
    char            version[33];
    const answer_t *answer;

    (void) state;

    make_key("gone", "{\"kty\":\"EC\"}", version);
    (void) expect(200, "PUT", "/secrets/gone", "{\"value\":\"v\"}");

    answer = expect(200, "DELETE", "/keys/gone", NULL);
    assert_string_equal(text_of(answer->json, "recoveryId"),
        FIXTURE_URL "/deletedkeys/gone");
    assert_non_null(key_of(answer));

    answer = expect_error(409, "Conflict", "ObjectIsDeletedButRecoverable",
        "POST", "/keys/gone/create", "{\"kty\":\"EC\"}");
    assert_string_equal(message_of(answer),
        "Key gone is currently in a deleted but recoverable state, and its "
        "name cannot be reused; in this state, the key can only be recovered "
        "or purged.");
    answer = expect_error(404, "KeyNotFound", NULL, "GET", "/deletedkeys/no",
        NULL);
    assert_string_equal(message_of(answer), "Deleted Key not found: no");

    (void) expect(200, "GET", "/secrets/gone", NULL);
    (void) expect(204, "DELETE", "/deletedkeys/gone", NULL);
    (void) expect(200, "POST", "/keys/gone/create", "{\"kty\":\"EC\"}");
}


static void
test_random_bytes(void **state)
{
    size_t          i;
    const answer_t *answer;

    static const char *const wrong[] = {"{}", "{\"count\":0}",
        "{\"count\":129}", "{\"count\":\"1\"}", "{\"count\":1.5}",
        "{\"count\":-1}"};

    (void) state;

    answer = expect(200, "POST", "/rng", "{\"count\":128}");
    assert_int_equal(strlen(text_of(answer->json, "value")), 171);

    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        answer = expect_error(400, "BadParameter", NULL, "POST", "/rng",
            wrong[i]);
        assert_string_equal(message_of(answer),
            "GetRandomBytesRequest: count cannot be greater than 128 or less "
            "than 1");
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bundle),
        cmocka_unit_test(test_oct_bundle),
        cmocka_unit_test(test_where_the_version_stands),
        cmocka_unit_test(test_update),
        cmocka_unit_test(test_exchange_key_stays_one),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_import),
        cmocka_unit_test(test_rotation),
        cmocka_unit_test(test_deleted_family),
        cmocka_unit_test(test_random_bytes),
    };

    return cmocka_run_group_tests(tests, secrets_setup, secrets_teardown);
}
