#include "base/clock.h"

#include <time.h>


int64_t
vc_now(void)
{
    struct timespec ts;

    /* whole seconds need no better clock, and this one asks no timer */
    (void) clock_gettime(CLOCK_REALTIME_COARSE, &ts);

    return ts.tv_sec;
}


uint64_t
vc_monotonic_ns(void)
{
    struct timespec ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000000U + (uint64_t) ts.tv_nsec;
}
