/* objects/duration.h: what is a duration, and where it leads */

#define _GNU_SOURCE /* strptime, timegm */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "objects/duration.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))


static void
test_misuse(void **state)
{
    static const char *const bad[] = {"", "P", "p30D", "P30d", "30D", "P30",
        "PD", "P-30D", "P+30D", "-P30D", "P3.5D", "P 30D", "P30D ", " P30D",
        "P30DD", "P30D30D", "P1D1M", "P1M1Y", "P1Y1W", "P1W1D", "PT1H", "P1DT",
        "P1DT1H", "PT30M", "P0D", "P0W", "P0Y0M0D", "P10000D", "P10000Y",
        "P1429W", "P99999999999999999999D", "P00000000000000000010000M", "P1X",
        "PP1D", "P1Y2M10D\n",
        "P\xd9\xa1"
        "D"};

    size_t        i;
    vc_duration_t d;

    (void) state;

    d = (vc_duration_t){7, 8, 9};
    assert_false(vc_duration_parse(VC_STR_NULL, &d));
    assert_false(
        vc_duration_parse((vc_str_t){(const uint8_t *) "P1D\0", 4}, &d));

    for (i = 0; i < COUNT(bad); i++) {
        if (vc_duration_parse(vc_str(bad[i]), &d)) {
            fail_msg("\"%s\" was taken", bad[i]);
        }
    }

    assert_true(d.years == 7 && d.months == 8 && d.days == 9);
}


static void
test_parse(void **state)
{
    static const struct {
        const char   *text;
        vc_duration_t d;
        unsigned      about;
        const char   *again;
    } cases[] = {
        {"P30D", {0, 0, 30}, 30, "P30D"},
        {"P2M", {0, 2, 0}, 60, "P2M"},
        {"P18M", {0, 18, 0}, 547, "P18M"},
        {"P1Y", {1, 0, 0}, 365, "P1Y"},
        {"P1Y2M10D", {1, 2, 10}, 436, "P1Y2M10D"},
        {"P1Y10D", {1, 0, 10}, 375, "P1Y10D"},
        {"P2W", {0, 0, 14}, 14, "P14D"},
        {"P1428W", {0, 0, 9996}, 9996, "P9996D"},
        {"P0Y1M0D", {0, 1, 0}, 30, "P1M"},
        {"P007D", {0, 0, 7}, 7, "P7D"},
        {"P9999Y9999M9999D", {9999, 9999, 9999}, 3966397, "P9999Y9999M9999D"},
    };

    char          memory[32];
    size_t        i;
    vc_buf_t      text;
    vc_duration_t d;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        if (!vc_duration_parse(vc_str(cases[i].text), &d)) {
            fail_msg("\"%s\" was refused", cases[i].text);
        }

        assert_int_equal(d.years, cases[i].d.years);
        assert_int_equal(d.months, cases[i].d.months);
        assert_int_equal(d.days, cases[i].d.days);
        assert_int_equal(vc_duration_days(&d), cases[i].about);

        vc_buf_fixed(&text, memory, sizeof(memory));
        vc_duration_text(&d, &text);
        assert_true(vc_str_eq(vc_buf_view(&text), vc_str(cases[i].again)));
    }
}


/* "2024-02-29 23:59:59" in seconds since 1970 */
static int64_t
at(const char *text)
{
    struct tm tm;

    memset(&tm, 0, sizeof(tm));
    assert_non_null(strptime(text, "%Y-%m-%d %H:%M:%S", &tm));

    return timegm(&tm);
}


static void
test_calendar(void **state)
{
    static const struct {
        const char *from;
        const char *duration;
        const char *after;
        const char *before;
    } cases[] = {
        {"2024-01-31 10:20:30", "P1M", "2024-02-29 10:20:30",
            "2023-12-31 10:20:30"},
        {"2023-01-31 00:00:00", "P1M", "2023-02-28 00:00:00",
            "2022-12-31 00:00:00"},
        {"2024-02-29 23:59:59", "P1Y", "2025-02-28 23:59:59",
            "2023-02-28 23:59:59"},
        {"2024-02-29 23:59:59", "P4Y", "2028-02-29 23:59:59",
            "2020-02-29 23:59:59"},
        {"2000-02-29 12:00:00", "P100Y", "2100-02-28 12:00:00",
            "1900-02-28 12:00:00"},
        {"2000-02-29 12:00:00", "P400Y", "2400-02-29 12:00:00",
            "1600-02-29 12:00:00"},
        {"2024-12-31 00:00:00", "P2M", "2025-02-28 00:00:00",
            "2024-10-31 00:00:00"},
        {"2024-03-01 00:00:00", "P1D", "2024-03-02 00:00:00",
            "2024-02-29 00:00:00"},
        {"2024-05-31 06:00:00", "P1M1D", "2024-07-01 06:00:00",
            "2024-04-29 06:00:00"},
        {"2024-05-15 06:00:00", "P1Y2M10D", "2025-07-25 06:00:00",
            "2023-03-05 06:00:00"},
        {"1970-01-01 00:00:00", "P18M", "1971-07-01 00:00:00",
            "1968-07-01 00:00:00"},
        {"1969-12-31 23:59:59", "P30D", "1970-01-30 23:59:59",
            "1969-12-01 23:59:59"},
        {"2024-08-06 01:02:03", "P52W", "2025-08-05 01:02:03",
            "2023-08-08 01:02:03"},
        {"2024-08-06 01:02:03", "P9999D", "2051-12-22 01:02:03",
            "1997-03-22 01:02:03"},
    };

    size_t        i;
    vc_duration_t d;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        assert_true(vc_duration_parse(vc_str(cases[i].duration), &d));

        if (vc_duration_after(at(cases[i].from), &d) != at(cases[i].after)
            || vc_duration_before(at(cases[i].from), &d) != at(cases[i].before))
        {
            fail_msg("%s from %s", cases[i].duration, cases[i].from);
        }
    }
}


/* every month's last days over 400 years, against the C library's calendar */
static void
test_against_libc(void **state)
{
    int           year, month;
    int64_t       t;
    struct tm     tm;
    vc_duration_t day, months;

    (void) state;

    day = (vc_duration_t){0, 0, 1};

    for (year = 1800; year < 2200; year++) {
        for (month = 0; month < 12; month++) {
            memset(&tm, 0, sizeof(tm));
            tm.tm_year = year - 1900;
            tm.tm_mon = month;
            tm.tm_mday = 1;
            tm.tm_hour = 5;
            t = timegm(&tm);

            /* the last day of this month and the first of the next */
            tm.tm_mon = month + 1;
            tm.tm_mday = 0;
            assert_true(
                timegm(&tm) + 86400 == vc_duration_after(timegm(&tm), &day));

            memset(&tm, 0, sizeof(tm));
            tm.tm_year = year - 1900;
            tm.tm_mon = month + 31;
            tm.tm_mday = 1;
            tm.tm_hour = 5;
            months = (vc_duration_t){0, 31, 0};
            assert_true(vc_duration_after(t, &months) == timegm(&tm));
            assert_true(vc_duration_before(timegm(&tm), &months) == t);
        }
    }
}


static void
test_ends_of_time(void **state)
{
    vc_duration_t longest, day;

    (void) state;

    longest = (vc_duration_t){VC_DURATION_PART_MAX, VC_DURATION_PART_MAX,
        VC_DURATION_PART_MAX};
    day = (vc_duration_t){0, 0, 1};

    assert_true(vc_duration_after(INT64_MAX, &longest) == INT64_MAX);
    assert_true(vc_duration_after(INT64_MAX, &day) == INT64_MAX);
    assert_true(vc_duration_before(INT64_MIN, &longest) == INT64_MIN);
    assert_true(vc_duration_before(INT64_MIN, &day) == INT64_MIN);
    assert_true(vc_duration_before(INT64_MAX, &day) == INT64_MAX - 86400);
    assert_true(vc_duration_after(INT64_MIN, &day) == INT64_MIN + 86400);
    assert_true(vc_duration_after(0, &longest) > 0);
    assert_true(vc_duration_before(0, &longest) < 0);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_against_libc),
        cmocka_unit_test(test_ends_of_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
