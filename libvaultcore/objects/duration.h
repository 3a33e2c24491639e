/*
 * Durations of years, months and days: what is left of ISO 8601 (section
 * 5.5.2.2) in the policies of a Key Vault.  "P90D", "P18M", "P1Y2M10D", and
 * "P2W" for fourteen days.
 */

#ifndef VC_OBJECTS_DURATION_H
#define VC_OBJECTS_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define VC_DURATION_PART_MAX 9999 /* of years, of months, of days */

typedef struct {
    unsigned years;
    unsigned months;
    unsigned days;
} vc_duration_t;

/*
 * All of s: capital letters, whole numbers, largest unit first, weeks alone.
 * False, and *out as it was, for any other form, for parts of a day, for a
 * number above VC_DURATION_PART_MAX, and for no time at all.
 */
bool vc_duration_parse(vc_str_t s, vc_duration_t *out);

/*
 * The moment that is d after or before t, both in seconds since 1970 UTC.
 * Years and months go by the calendar, and a day that the month does not have
 * becomes its last; then days are counted.  The time of day stays.  What no
 * int64_t can hold becomes the nearest that one can.
 */
int64_t vc_duration_after(int64_t t, const vc_duration_t *d);
int64_t vc_duration_before(int64_t t, const vc_duration_t *d);

/* with months of their mean length, so within days of any calendar: for
   comparing with limits only */
unsigned vc_duration_days(const vc_duration_t *d);

/* appends "P1Y2M10D", without the parts that are zero */
void vc_duration_text(const vc_duration_t *d, vc_buf_t *out);

#endif /* VC_OBJECTS_DURATION_H */
