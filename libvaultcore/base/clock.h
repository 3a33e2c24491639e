/* Time, in one place, so that everything agrees on what "now" is. */

#ifndef VC_BASE_CLOCK_H
#define VC_BASE_CLOCK_H

#include <stdint.h>

/* wall clock, whole seconds since 1970-01-01 UTC */
int64_t vc_now(void);

/* monotonic, nanoseconds, for durations only */
uint64_t vc_monotonic_ns(void);

#endif /* VC_BASE_CLOCK_H */
