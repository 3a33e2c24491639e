/* keys as resources of their vault */

#include "arm_fixture.h"

#define DEMO ARM_V "demo"
#define KEY DEMO "/keys/Signer?" ARM_API
#define EC                                                                     \
    "{\"tags\":{\"a\":\"b\"},\"properties\":{\"kty\":\"EC\",\"curveName\":"    \
    "\"P-384\",\"keyOps\":[\"sign\",\"verify\"],\"attributes\":{\"enabled\":"  \
    "true,\"nbf\":1700000000,\"exp\":1900000000}}}"


static void
test_put(void **state)
{
    char   id[512], uri[256];
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "PUT", KEY, EC), 200);
    (void) snprintf(id, sizeof(id),
        "/subscriptions/%s/resourceGroups/default/providers/Microsoft.KeyVault/"
        "vaults/demo/keys/Signer",
        arm->fixture.installation.id);
    assert_string_equal(arm_text(arm, "id"), id);
    assert_string_equal(arm_text(arm, "type"),
        "Microsoft.KeyVault/vaults/keys");
    assert_string_equal(arm_text(arm, "tags/a"), "b");
    assert_string_equal(arm_text(arm, "properties/kty"), "EC");
    assert_string_equal(arm_text(arm, "properties/curveName"), "P-384");
    assert_null(arm_at(arm, "properties/keySize"));
    assert_int_equal(json_array_size(arm_at(arm, "properties/keyOps")), 2);
    assert_string_equal(arm_text(arm, "properties/keyUri"),
        "https://" FIXTURE_HOST "/keys/Signer");
    assert_string_equal(arm_text(arm, "properties/attributes/recoveryLevel"),
        "CustomizedRecoverable+Purgeable");
    assert_true(json_is_false(arm_at(arm, "properties/attributes/exportable")));
    assert_int_equal(json_integer_value(
                         arm_at(arm, "properties/attributes/exp")),
        1900000000);
    assert_null(arm_at(arm, "properties/rotationPolicy"));
    strcpy(uri, arm_text(arm, "properties/keyUriWithVersion"));

    /* a key that is there stays as it is */
    assert_int_equal(arm_ask(arm, "PUT", KEY,
                         "{\"properties\":{\"kty\":\"RSA\"}}"),
        200);
    assert_string_equal(arm_text(arm, "properties/keyUriWithVersion"), uri);
    assert_string_equal(arm_text(arm, "properties/kty"), "EC");

    assert_int_equal(arm_ask(arm, "PUT", DEMO "/keys/r?" ARM_API,
                         "{\"properties\":{\"kty\":\"RSA\",\"keySize\":2048}}"),
        200);
    assert_int_equal(json_integer_value(arm_at(arm, "properties/keySize")),
        2048);
    assert_int_equal(json_array_size(arm_at(arm, "properties/keyOps")), 6);
}


static void
test_read(void **state)
{
    char   version[64], path[512];
    arm_t *arm = *state;

    assert_int_equal(arm_ask(arm, "PUT", KEY, EC), 200);
    strcpy(version,
        strrchr(arm_text(arm, "properties/keyUriWithVersion"), '/') + 1);

    assert_int_equal(arm_ask(arm, "GET", KEY, NULL), 200);
    assert_string_equal(arm_text(arm, "name"), "Signer");
    assert_int_equal(arm_ask(arm, "GET", DEMO "/keys?" ARM_API, NULL), 200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 1);
    assert_string_equal(arm_text(arm, "value/0/name"), "Signer");

    assert_int_equal(arm_ask(arm, "GET", DEMO "/keys/signer/versions?" ARM_API,
                         NULL),
        200);
    assert_int_equal(json_array_size(arm_at(arm, "value")), 1);
    assert_string_equal(arm_text(arm, "value/0/name"), version);
    assert_string_equal(arm_text(arm, "value/0/type"),
        "Microsoft.KeyVault/vaults/keys/versions");

    (void) snprintf(path, sizeof(path),
        DEMO "/keys/signer/versions/%s?" ARM_API, version);
    assert_int_equal(arm_ask(arm, "GET", path, NULL), 200);
    assert_string_equal(arm_text(arm, "name"), version);

    (void) arm_ask(arm, "GET", DEMO "/keys/signer/versions/1234?" ARM_API,
        NULL);
    arm_expect_error(arm, 404, "KeyNotFound", NULL);
    (void) arm_ask(arm, "GET", DEMO "/keys/none?" ARM_API, NULL);
    arm_expect_error(arm, 404, "KeyNotFound", NULL);
    (void) arm_ask(arm, "GET", DEMO "/keys/none/versions?" ARM_API, NULL);
    arm_expect_error(arm, 404, "KeyNotFound", NULL);
}


static void
test_rotation(void **state)
{
    arm_t *arm = *state;

    assert_int_equal(
        arm_ask(arm, "PUT", KEY,
            "{\"properties\":{\"kty\":\"EC\",\"curveName\":\"P-256\","
            "\"rotationPolicy\":{\"attributes\":{\"expiryTime\":\"P90D\"},"
            "\"lifetimeActions\":[{\"trigger\":{\"timeAfterCreate\":\"P30D\"},"
            "\"action\":{\"type\":\"rotate\"}}]}}}"),
        200);
    assert_int_equal(arm_ask(arm, "GET", KEY, NULL), 200);
    assert_string_equal(arm_text(arm,
                            "properties/rotationPolicy/attributes/expiryTime"),
        "P90D");
    assert_string_equal(
        arm_text(arm, "properties/rotationPolicy/lifetimeActions/0/trigger/"
                      "timeAfterCreate"),
        "P30D");
    assert_string_equal(
        arm_text(arm, "properties/rotationPolicy/lifetimeActions/0/action/"
                      "type"),
        "rotate");
    assert_string_equal(
        arm_text(arm, "properties/rotationPolicy/lifetimeActions/1/action/"
                      "type"),
        "notify");
    assert_true(json_integer_value(
                    arm_at(arm, "properties/rotationPolicy/attributes/created"))
                > 0);
}


static void
test_bad_input(void **state)
{
    size_t i;
    arm_t *arm = *state;

    static const struct {
        const char *body, *words;
    } bad[] = {
        {"{}", "properties"},
        {"{\"properties\":{}}", "kty"},
        {"{\"properties\":{\"kty\":\"RSA-HSM\"}}", "kty"},
        {"{\"properties\":{\"kty\":\"EC\",\"curveName\":\"P-1\"}}",
            "Property curveName has"},
        {"{\"properties\":{\"kty\":\"RSA\",\"keySize\":100}}", "100 bits"},
        {"{\"properties\":{\"kty\":\"EC\",\"curveName\":\"P-256\",\"keyOps\":"
         "[\"dance\"]}}",
            "Property keyOps has"},
        {"{\"properties\":{\"kty\":\"RSA\",\"keySize\":\"2048\"}}",
            "Property keySize has"},
        {"{\"properties\":{\"kty\":\"key_size and crv\"}}", "Property kty has"},
        {"{\"properties\":{\"kty\":\"EC\",\"curveName\":\"P-256\","
         "\"attributes\":{\"exp\":1,\"nbf\":2}}}",
            "exp must not be before nbf"},
        {"{\"properties\":{\"kty\":\"EC\",\"curveName\":\"P-256\","
         "\"rotationPolicy\":1}}",
            "rotationPolicy"},
        {"{\"properties\":{\"kty\":\"EC\",\"curveName\":\"P-256\","
         "\"rotationPolicy\":{\"lifetimeActions\":[{\"trigger\":{},"
         "\"action\":{\"type\":\"rotate\"}}]}}}",
            "lifetimeActions"},
    };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        (void) arm_ask(arm, "PUT", KEY, bad[i].body);
        arm_expect_error(arm, 400, "BadRequest", bad[i].words);
    }

    (void) arm_ask(arm, "PUT", DEMO "/keys/a_b?" ARM_API, EC);
    arm_expect_error(arm, 400, "BadRequest", "'a_b'");
    (void) arm_ask(arm, "DELETE", KEY, NULL);
    arm_expect_error(arm, 400, "DisallowedResourceOperation",
        "'vaults/keys' is disallowed");
    (void) arm_ask(arm, "PATCH", KEY, "{}");
    assert_int_equal(arm->status, 405);
}


int
main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, arm_setup, arm_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_put),
        TEST(test_read),
        TEST(test_rotation),
        TEST(test_bad_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
