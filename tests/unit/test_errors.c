/* the base of the library: errors, the log, and the clock */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"

static char logged[2048];


static void
test_errors(void **state)
{
    size_t     i;
    char       text[2048];
    vc_error_t err;

    (void) state;

    assert_int_equal(vc_fail(NULL, VC_IO, "x"), VC_IO);
    assert_int_equal(vc_fail(&err, VC_CONFLICT, "a %d", 1), VC_CONFLICT);
    assert_string_equal(err.message, "a 1");
    assert_string_equal(err.detail, "");

    assert_int_equal(vc_fail_detail(&err, VC_IO, "errno %d", 5), VC_IO);
    assert_string_equal(err.detail, "errno 5");
    assert_null(strstr(err.message, "errno"));

    /* a message that is cut stays UTF-8, wherever the cut falls */
    for (i = 0; i < 4; i++) {
        memset(text, 'x', sizeof(text));
        for (size_t k = i; k + 4 < sizeof(text); k += 4) {
            memcpy(text + k, "\xf0\x9f\x94\x91", 4);
        }
        text[sizeof(text) - 1] = '\0';

        (void) vc_fail(&err, VC_IO, "%s", text);
        assert_true(strlen(err.message) < sizeof(err.message));
        assert_true(strlen(err.message) > sizeof(err.message) - 8);
        assert_true(vc_utf8_valid(vc_str(err.message)));
    }

    assert_string_equal(vc_status_name(VC_CONFLICT), "VC_CONFLICT");
    assert_string_equal(vc_status_name((vc_status_t) 9999), "VC_INTERNAL");
    assert_int_equal(vc_status_http(VC_STORE_FULL), 507);
    assert_string_equal(vc_status_code(VC_SECRET_DISABLED), "Forbidden");
    assert_string_equal(vc_status_inner(VC_SECRET_DISABLED), "SecretDisabled");
    assert_null(vc_status_inner(VC_OK));
}


static void
keep_log(vc_log_level_t level, const char *text)
{
    (void) snprintf(logged, sizeof(logged), "%d %s", (int) level, text);
}


static void
test_log_and_clock(void **state)
{
    uint64_t before;

    (void) state;

    vc_log(VC_LOG_ERROR, "nobody listens");
    vc_log_set_writer(keep_log);
    vc_log(VC_LOG_WARN, "class %c", 'k');
    vc_log_set_writer(NULL);
    assert_string_equal(logged, "1 class k");

    assert_true(vc_now() > 1700000000);
    before = vc_monotonic_ns();
    assert_true(vc_monotonic_ns() >= before);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_log_and_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
