/*
 * An arena: memory that is given back all at once, zeroed.
 *
 * Plaintext, tokens and keys of one request live in its arena, so there is
 * one place that must not forget to wipe.  Not thread-safe: an arena belongs
 * to whoever handles the request at that moment.
 */

#ifndef VC_BASE_ARENA_H
#define VC_BASE_ARENA_H

#include <stddef.h>

typedef struct vc_arena vc_arena_t;

/*
 * A new arena whose first chunk has room for `size` bytes (at least 256).
 * Returns NULL when out of memory.
 */
vc_arena_t *vc_arena_create(size_t size);

/* bytes aligned for any type, not initialised; NULL when out of memory */
void *vc_arena_alloc(vc_arena_t *arena, size_t size);

/* the same, zeroed */
void *vc_arena_calloc(vc_arena_t *arena, size_t size);

/* wipes all that was given out and keeps the first chunk for new use */
void vc_arena_reset(vc_arena_t *arena);

/* wipes and frees; NULL is allowed */
void vc_arena_destroy(vc_arena_t *arena);

#endif /* VC_BASE_ARENA_H */
