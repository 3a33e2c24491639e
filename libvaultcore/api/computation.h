/*
 * What a call lets a key compute: prepared by its handler, done wherever the
 * host of the library wants it done, then answered.
 */

#ifndef VC_API_COMPUTATION_H
#define VC_API_COMPUTATION_H

#include "api/call.h"
#include "crypto/key_provider.h"

struct vc_computation {
    vc_ready_key_t *key; /* a reference */
    vc_key_use_t    use;
    uint64_t        revision;    /* of the store when it was decided … */
    int64_t         valid_until; /* … and until when that holds then */
    bool            is_long;     /* see VC_COMPUTES_LONG */
    vc_status_t     status;      /* once it was done, with call->error … */
    vc_key_result_t result;      /* … or this */
};

/* whether it would be decided in the same way now: nothing was committed since,
   and no time is over; leaves the snapshot */
bool vc_computation_is_current(vc_call_t *call);

/* the answer of what was computed (key_use.c); VC_NO_MEMORY */
vc_status_t vc_computation_answer(vc_call_t *call,
    const vc_computation_t *computation) VC_MUST_CHECK;

#endif /* VC_API_COMPUTATION_H */
