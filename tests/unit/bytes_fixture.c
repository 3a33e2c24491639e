#include "bytes_fixture.h"

vc_arena_t *arena;


int
bytes_set_up(void **state)
{
    (void) state;
    arena = vc_arena_create(0);

    return (arena == NULL) ? -1 : 0;
}


int
bytes_tear_down(void **state)
{
    (void) state;
    vc_arena_destroy(arena);

    return 0;
}


vc_str_t
bytes(const void *data, size_t len)
{
    return (vc_str_t){data, len};
}


void
assert_text(vc_str_t s, const char *expected)
{
    if (!vc_str_eq(s, vc_str(expected))) {
        fail_msg("\"%.*s\" is not \"%s\"", VC_STR_ARG(s), expected);
    }
}
