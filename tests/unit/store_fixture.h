/* an open store for one test */

#ifndef VC_TESTS_STORE_FIXTURE_H
#define VC_TESTS_STORE_FIXTURE_H

#include "test_store_support.h"

extern test_store_t test;

/* for one test */
int store_setup(void **state);
int store_teardown(void **state);

#endif /* VC_TESTS_STORE_FIXTURE_H */
