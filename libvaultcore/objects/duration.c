#include "objects/duration.h"

#define VC_DAY 86400
#define VC_DAYS_400_YEARS 146097
#define VC_MONTHS_400_YEARS 4800
#define VC_DAYS_TO_1970 719468 /* from 0000-03-01 */

/* a day of the proleptic Gregorian calendar */
typedef struct {
    int64_t  year;
    unsigned month; /* 1 to 12 */
    unsigned day;
} vc_date_t;


/* a number and its unit, which is eaten only if it is this one */
static bool
vc_duration_part(vc_str_t *rest, char unit, unsigned *out)
{
    size_t   i;
    unsigned value;

    value = 0;

    for (i = 0; i < rest->len; i++) {
        if (rest->data[i] < '0' || rest->data[i] > '9') {
            break;
        }

        value = value * 10 + (unsigned) (rest->data[i] - '0');
        if (value > VC_DURATION_PART_MAX) {
            return false;
        }
    }

    if (i == 0 || i == rest->len || rest->data[i] != (uint8_t) unit) {
        return false;
    }

    rest->data += i + 1;
    rest->len -= i + 1;
    *out = value;

    return true;
}


bool
vc_duration_parse(vc_str_t s, vc_duration_t *out)
{
    unsigned      weeks;
    vc_duration_t d;

    if (s.len == 0 || s.data[0] != 'P') {
        return false;
    }

    s.data++;
    s.len--;
    d = (vc_duration_t){0, 0, 0};

    if (vc_duration_part(&s, 'W', &weeks)) {
        d.days = weeks * 7;

    } else {
        (void) vc_duration_part(&s, 'Y', &d.years);
        (void) vc_duration_part(&s, 'M', &d.months);
        (void) vc_duration_part(&s, 'D', &d.days);
    }

    if (s.len != 0 || d.days > VC_DURATION_PART_MAX
        || vc_duration_days(&d) == 0) {
        return false;
    }

    *out = d;

    return true;
}


static int64_t
vc_floor_div(int64_t a, int64_t b)
{
    return a / b - ((a % b < 0) ? 1 : 0);
}


/*
 * Days since 1970 to a date and back.  Years are counted from March, so that
 * the leap day is a year's last, and in eras of 400 years, after which the
 * calendar repeats.
 */
static vc_date_t
vc_date_from_days(int64_t days)
{
    int64_t   era, year, day;
    unsigned  month;
    vc_date_t date;

    days += VC_DAYS_TO_1970;
    era = vc_floor_div(days, VC_DAYS_400_YEARS);
    day = days - era * VC_DAYS_400_YEARS;

    year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= year * 365 + year / 4 - year / 100;
    month = (unsigned) ((5 * day + 2) / 153);

    date.day = (unsigned) (day - (153 * month + 2) / 5 + 1);
    date.month = (month < 10) ? month + 3 : month - 9;
    date.year = year + era * 400 + ((date.month <= 2) ? 1 : 0);

    return date;
}


static int64_t
vc_date_to_days(vc_date_t date)
{
    int64_t era, year, day;

    year = date.year - ((date.month <= 2) ? 1 : 0);
    era = vc_floor_div(year, 400);
    year -= era * 400;

    day = (153 * ((int64_t) date.month + (date.month > 2 ? -3 : 9)) + 2) / 5
          + date.day - 1;

    return era * VC_DAYS_400_YEARS + year * 365 + year / 4 - year / 100 + day
           - VC_DAYS_TO_1970;
}


static unsigned
vc_month_length(int64_t year, unsigned month)
{
    if (month == 2) {
        return (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29
                                                                       : 28;
    }

    return (month == 4 || month == 6 || month == 9 || month == 11) ? 30 : 31;
}


static int64_t
vc_duration_apply(int64_t t, int sign, const vc_duration_t *d)
{
    int64_t   days, months, second, result;
    unsigned  last;
    vc_date_t date;

    days = vc_floor_div(t, VC_DAY);
    date = vc_date_from_days(days);
    second = t % VC_DAY + ((t % VC_DAY < 0) ? VC_DAY : 0);

    months = date.year * 12 + date.month - 1
             + sign * ((int64_t) d->years * 12 + d->months);
    date.year = vc_floor_div(months, 12);
    date.month = (unsigned) (months - date.year * 12) + 1;

    last = vc_month_length(date.year, date.month);
    date.day = (date.day > last) ? last : date.day;

    days = vc_date_to_days(date) + sign * (int64_t) d->days;

    if (__builtin_mul_overflow(days, VC_DAY, &result)
        || __builtin_add_overflow(result, second, &result))
    {
        return (days < 0) ? INT64_MIN : INT64_MAX;
    }

    return result;
}


int64_t
vc_duration_after(int64_t t, const vc_duration_t *d)
{
    return vc_duration_apply(t, 1, d);
}


int64_t
vc_duration_before(int64_t t, const vc_duration_t *d)
{
    return vc_duration_apply(t, -1, d);
}


unsigned
vc_duration_days(const vc_duration_t *d)
{
    uint64_t months;

    months = (uint64_t) d->years * 12 + d->months;

    return (unsigned) (months * VC_DAYS_400_YEARS / VC_MONTHS_400_YEARS)
           + d->days;
}


void
vc_duration_text(const vc_duration_t *d, vc_buf_t *out)
{
    size_t i;

    const struct {
        unsigned value;
        char     unit;
    } parts[] = {{d->years, 'Y'}, {d->months, 'M'}, {d->days, 'D'}};

    vc_buf_u8(out, 'P');

    for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i].value != 0) {
            vc_buf_i64(out, parts[i].value);
            vc_buf_u8(out, (uint8_t) parts[i].unit);
        }
    }
}
