/* an arena, and short forms for the bytes in it */

#ifndef VC_TESTS_BYTES_FIXTURE_H
#define VC_TESTS_BYTES_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

extern vc_arena_t *arena;

/* for a group of tests */
int bytes_set_up(void **state);
int bytes_tear_down(void **state);

vc_str_t bytes(const void *data, size_t len);
void     assert_text(vc_str_t s, const char *expected);

#endif /* VC_TESTS_BYTES_FIXTURE_H */
