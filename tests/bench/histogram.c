#include "histogram.h"

#define SUB (1U << HISTOGRAM_BITS)


/* values below SUB have a bucket each; from there on the highest bits count */
static uint64_t
bucket_of(uint64_t value)
{
    unsigned shift;

    if (value < SUB) {
        return value;
    }

    shift = 63U - (unsigned) __builtin_clzll(value) - HISTOGRAM_BITS;

    return ((uint64_t) (shift + 1) << HISTOGRAM_BITS) + (value >> shift) - SUB;
}


/* the middle of a bucket */
static uint64_t
value_of(uint64_t bucket)
{
    uint64_t shift;

    if (bucket < SUB) {
        return bucket;
    }

    shift = (bucket >> HISTOGRAM_BITS) - 1;

    return ((SUB + bucket % SUB) << shift) + (((uint64_t) 1 << shift) >> 1);
}


void
histogram_add(histogram_t *h, uint64_t value)
{
    uint64_t bucket;

    bucket = bucket_of(value);

    if (bucket >= HISTOGRAM_BUCKETS) {
        bucket = HISTOGRAM_BUCKETS - 1;
    }

    h->buckets[bucket]++;
    h->count++;
    h->max = (value > h->max) ? value : h->max;
}


uint64_t
histogram_percentile(const histogram_t *h, double share)
{
    uint64_t bucket, seen, wanted;

    wanted = (uint64_t) (share * (double) h->count);
    seen = 0;

    for (bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += h->buckets[bucket];
        if (seen > wanted || (seen == h->count && seen != 0)) {
            return value_of(bucket) < h->max ? value_of(bucket) : h->max;
        }
    }

    return 0;
}
