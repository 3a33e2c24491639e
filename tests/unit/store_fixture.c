#include "store_fixture.h"

test_store_t test;


int
store_setup(void **state)
{
    *state = &test;
    test_store_setup(&test);
    test_store_open(&test, TEST_STORE_SIZE, VC_STORE_CREATE);

    return 0;
}


int
store_teardown(void **state)
{
    (void) state;
    test_store_teardown(&test);

    return 0;
}
