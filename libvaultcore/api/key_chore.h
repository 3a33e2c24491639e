/* What time brings to keys: rotation, and the word that one expires soon. */

#ifndef VC_API_KEY_CHORE_H
#define VC_API_KEY_CHORE_H

#include "api/engine.h"

/*
 * Does what is due for the record of a live key that vc_snapshot_due() named,
 * and hands its access record to the host.  VC_OK also when another worker
 * did it; VC_NOT_FOUND: the record is no live key's.  Takes its own snapshots.
 */
vc_status_t vc_key_chore(vc_engine_t *engine, vc_context_t *context,
    vc_arena_t *arena, vc_str_t key, int64_t now, vc_error_t *err)
    VC_MUST_CHECK;

#endif /* VC_API_KEY_CHORE_H */
