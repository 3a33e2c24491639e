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
    bool            is_long; /* more than some tens of microseconds */
    vc_status_t     status;  /* once it was done, with call->error … */
    vc_key_result_t result;  /* … or this */
};

/* the answer of what was computed (key_use.c); VC_NO_MEMORY */
vc_status_t vc_computation_answer(vc_call_t *call,
    const vc_computation_t *computation) VC_MUST_CHECK;

#endif /* VC_API_COMPUTATION_H */
