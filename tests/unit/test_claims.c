/* identity/claims.h: times, and what is echoed of a claim */

#include "identity_fixture.h"

#include "identity/claims.h"


static void
test_claims(void **state)
{
    static const struct {
        const char     *value;
        vc_claim_time_t kind;
        int64_t         time;
    } times[] = {
        {"1800000000", VC_TIME_GOOD, 1800000000},
        {"1800000000.75", VC_TIME_GOOD, 1800000000},
        {"-1.5", VC_TIME_GOOD, -2},
        {"4294967296", VC_TIME_GOOD, 4294967296},
        {"1.8e9", VC_TIME_GOOD, 1800000000},
        {"9007199254740993", VC_TIME_BAD, 0},
        {"1e300", VC_TIME_BAD, 0},
        {"\"1800000000\"", VC_TIME_BAD, 0},
        {"null", VC_TIME_BAD, 0},
        {"true", VC_TIME_BAD, 0},
        {"[1]", VC_TIME_BAD, 0},
    };

    char    echo[VC_ECHO_MAX + 1], big[300];
    size_t  i;
    json_t *claims;
    int64_t time;

    (void) state;

    for (i = 0; i < COUNT(times); i++) {
        claims = json_pack("{s:o}", "exp",
            json_loads(times[i].value, JSON_DECODE_ANY, NULL));
        time = 0;
        assert_int_equal(vc_claim_time(claims, "exp", &time), times[i].kind);
        assert_true(time == times[i].time);
        assert_int_equal(vc_claim_time(claims, "nbf", &time), VC_TIME_ABSENT);
        json_decref(claims);
    }

    assert_string_equal(vc_claim_echo(echo, VC_STR("a\r\nb\x1b[31m\xc3\xbc")),
        "a??b?[31m??");
    memset(big, 'x', sizeof(big));
    assert_int_equal(strlen(vc_claim_echo(echo,
                         (vc_str_t){(uint8_t *) big, sizeof(big)})),
        VC_ECHO_MAX);
    assert_string_equal(vc_claim_echo(echo, VC_STR_NULL), "");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_claims),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
