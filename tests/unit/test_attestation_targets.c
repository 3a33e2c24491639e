/* identity/attestation.h: for which key an attestation counts */

#include "attestation_fixture.h"


static void
assert_target(const char *name, const char *claim, const char *kid)
{
    vc_error_t       err;
    vc_attestation_t attestation;

    if (verify(token_but(name, claim), &attestation, &err) != VC_OK) {
        fail_msg("%s: %s", claim, err.message);
    }

    assert_true(vc_str_eq(attestation.issuer, VC_STR(ISSUER)));
    assert_string_equal(json_string_value(json_object_get(attestation.claims,
                            "x-ms-attestation-type")),
        "sevsnpvm");
    assert_string_equal(json_string_value(
                            json_object_get(attestation.target, "kid")),
        kid);
    assert_int_equal(json_object_size(attestation.target), 4);
    assert_true(json_equal(json_object_get(attestation.target, "n"),
        json_object_get(attester.target, "n")));
    vc_attestation_clear(&attestation);
}


static void
test_targets(void **state)
{
    static const char *const unfit[] = {"{}", "{\"use\":\"sig\"}",
        "{\"key_ops\":[]}", "{\"key_ops\":\"encrypt\"}",
        "{\"key_ops\":[\"verify\",7]}",
        "{\"use\":\"sig\",\"key_ops\":[\"encrypt\"]}",
        "{\"use\":\"enc\",\"key_ops\":[\"verify\"]}",
        "{\"use\":7,\"key_ops\":[\"encrypt\"]}",
        "{\"use\":\"enc\",\"kty\":\"EC\"}", "{\"use\":\"enc\",\"n\":7}",
        "{\"use\":\"enc\",\"n\":\"!\"}", "{\"use\":\"enc\",\"e\":\"\"}"};
    static const char *const none[] = {"null", "{}", "[]", "7", "{\"keys\":{}}",
        "{\"keys\":[]}", "{\"keys\":[7,null,[],{}]}", "{\"keys\":\"x\"}"};

    char        text[4096];
    size_t      i;
    const char *good;

    (void) state;

    assert_refused(token_but("x-ms-runtime", NULL), VC_BAD_PARAMETER,
        "names no key to release to");

    for (i = 0; i < COUNT(none); i++) {
        assert_refused(token_but("x-ms-runtime", none[i]), VC_BAD_PARAMETER,
            "x-ms-runtime.keys an RSA key of 2048 bits or more");
    }

    good = key_with(attester.target,
        "{\"kid\":\"t\",\"use\":\"enc\",\"alg\":\"x\"}");

    for (i = 0; i < COUNT(unfit); i++) {
        (void) snprintf(text, sizeof(text), RUNTIME("%s"),
            key_with(attester.target, unfit[i]));
        assert_refused(token_but("x-ms-runtime", text), VC_BAD_PARAMETER,
            "names no key");

        /* one that is unfit stands in nobody's way */
        (void) snprintf(text, sizeof(text), RUNTIME("%s,%s"),
            key_with(attester.target, unfit[i]), good);
        assert_target("x-ms-runtime", text, "t");
    }

    (void) snprintf(text, sizeof(text), RUNTIME("%s"),
        key_with(attester.small, "{\"use\":\"enc\"}"));
    assert_refused(token_but("x-ms-runtime", text), VC_BAD_PARAMETER,
        "2048 bits");

    /* the first that fits */
    (void) snprintf(text, sizeof(text), RUNTIME("%s,%s"),
        key_with(attester.target,
            "{\"kid\":\"u\",\"key_ops\":[\"wrapKey\",\"encrypt\"]}"),
        key_with(attester.other, "{\"kid\":\"v\",\"use\":\"enc\"}"));
    assert_target("x-ms-runtime", text, "u");

    (void) snprintf(text, sizeof(text), "[%s]", good);
    assert_target("x-ms-runtime.keys", text, "t");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets),
    };

    return cmocka_run_group_tests(tests, attestation_set_up,
        attestation_tear_down);
}
