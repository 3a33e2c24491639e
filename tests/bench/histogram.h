/*
 * Latencies in buckets that grow with the value: 128 between each power of
 * two and the next, so that a percentile is wrong by half a percent at most.
 */

#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BITS 7
/* up to 2^40 ns, which is 18 minutes */
#define HISTOGRAM_BUCKETS ((41 - HISTOGRAM_BITS) << HISTOGRAM_BITS)

typedef struct {
    uint64_t count;
    uint64_t max;
    uint64_t buckets[HISTOGRAM_BUCKETS];
} histogram_t;

void histogram_add(histogram_t *h, uint64_t value);

/* the value that `share` (0 to 1) of the values do not exceed; 0 if empty */
uint64_t histogram_percentile(const histogram_t *h, double share);

#endif /* BENCH_HISTOGRAM_H */
