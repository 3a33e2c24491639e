#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

#define VC_ARENA_MIN 256
#define VC_ARENA_GROWTH 8192


typedef struct vc_chunk vc_chunk_t;

struct vc_chunk {
    vc_chunk_t *next;
    size_t      size;
    size_t      used;
    alignas(max_align_t) uint8_t data[];
};

struct vc_arena {
    vc_chunk_t *current;
    vc_chunk_t *first;
};


static vc_chunk_t *
vc_chunk_create(size_t size)
{
    vc_chunk_t *chunk;

    if (size > SIZE_MAX / 2) {
        return NULL;
    }

    chunk = malloc(sizeof(vc_chunk_t) + size);
    if (chunk == NULL) {
        return NULL;
    }

    chunk->next = NULL;
    chunk->size = size;
    chunk->used = 0;

    return chunk;
}


static void
vc_chunk_destroy(vc_chunk_t *chunk)
{
    vc_wipe(chunk->data, chunk->used);
    free(chunk);
}


vc_arena_t *
vc_arena_create(size_t size)
{
    vc_chunk_t *chunk;
    vc_arena_t *arena;

    if (size > SIZE_MAX / 4) {
        return NULL;
    }

    chunk = vc_chunk_create(
        sizeof(vc_arena_t) + (size < VC_ARENA_MIN ? VC_ARENA_MIN : size));
    if (chunk == NULL) {
        return NULL;
    }

    /* the arena itself is the first thing in its first chunk */
    arena = (vc_arena_t *) (void *) chunk->data;
    chunk->used = sizeof(vc_arena_t);
    arena->first = chunk;
    arena->current = chunk;

    return arena;
}


void *
vc_arena_alloc(vc_arena_t *arena, size_t size)
{
    size_t      need;
    uint8_t    *p;
    vc_chunk_t *chunk;

    if (size > SIZE_MAX / 4) {
        return NULL;
    }

    need = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    chunk = arena->current;

    if (chunk->size - chunk->used < need) {
        chunk = vc_chunk_create(
            need > VC_ARENA_GROWTH ? need : VC_ARENA_GROWTH);
        if (chunk == NULL) {
            return NULL;
        }

        chunk->next = arena->current;
        arena->current = chunk;
    }

    p = chunk->data + chunk->used;
    chunk->used += need;

    return p;
}


void *
vc_arena_calloc(vc_arena_t *arena, size_t size)
{
    void *p;

    p = vc_arena_alloc(arena, size);
    if (p != NULL) {
        memset(p, 0, size);
    }

    return p;
}


static void
vc_arena_drop_grown(vc_arena_t *arena)
{
    vc_chunk_t *chunk;

    while (arena->current != arena->first) {
        chunk = arena->current;
        arena->current = chunk->next;
        vc_chunk_destroy(chunk);
    }
}


void
vc_arena_reset(vc_arena_t *arena)
{
    vc_arena_drop_grown(arena);

    vc_wipe(arena->first->data + sizeof(vc_arena_t),
        arena->first->used - sizeof(vc_arena_t));
    arena->first->used = sizeof(vc_arena_t);
}


void
vc_arena_destroy(vc_arena_t *arena)
{
    if (arena == NULL) {
        return;
    }

    vc_arena_drop_grown(arena);
    vc_chunk_destroy(arena->first);
}
