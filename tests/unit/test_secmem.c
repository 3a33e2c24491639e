#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/secmem.h"

#define BLOCKS_MAX 4096


static void
test_null_is_allowed(void **state)
{
    uint8_t other[VC_SECRET_BLOCK] = {7};

    (void) state;

    vc_secret_free(NULL);
    /* not a block: left alone */
    vc_secret_free(other);
    assert_int_equal(other[0], 7);
}


static void
test_block_is_zeroed(void **state)
{
    size_t   i;
    uint8_t *block, *again;

    (void) state;

    block = vc_secret_alloc(NULL);
    assert_non_null(block);

    for (i = 0; i < VC_SECRET_BLOCK; i++) {
        assert_int_equal(block[i], 0);
    }

    memset(block, 0xa5, VC_SECRET_BLOCK);
    vc_secret_free(block);

    /* it is wiped when it is given back, not when it is taken again */
    assert_int_equal(block[0], 0);
    assert_int_equal(block[VC_SECRET_BLOCK - 1], 0);

    again = vc_secret_alloc(NULL);
    assert_ptr_equal(again, block);
    vc_secret_free(again);
}


static void
test_full_says_so(void **state)
{
    size_t     n, i;
    void      *blocks[BLOCKS_MAX];
    vc_error_t err;

    (void) state;

    for (n = 0; n < BLOCKS_MAX; n++) {
        blocks[n] = vc_secret_alloc(&err);
        if (blocks[n] == NULL) {
            break;
        }
    }

    assert_in_range(n, 200, BLOCKS_MAX - 1);
    assert_int_equal(err.status, VC_NO_MEMORY);
    assert_non_null(strstr(err.message, "in use"));

    vc_secret_free(blocks[n / 2]);
    blocks[n / 2] = vc_secret_alloc(&err);
    assert_non_null(blocks[n / 2]);

    for (i = 0; i < n; i++) {
        vc_secret_free(blocks[i]);
    }
}


/* the flags of the mapping that an address lies in, as the kernel says */
static void
mapping_flags(const void *address, char *flags, size_t size)
{
    int       inside;
    char      line[512];
    FILE     *maps;
    uintptr_t from, to;

    inside = 0;
    flags[0] = '\0';

    maps = fopen("/proc/self/smaps", "r");
    assert_non_null(maps);

    while (fgets(line, sizeof(line), maps) != NULL) {
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2) {
            inside = (uintptr_t) address >= from && (uintptr_t) address < to;

        } else if (inside && strncmp(line, "VmFlags:", 8) == 0) {
            (void) snprintf(flags, size, "%s", line);
        }
    }

    (void) fclose(maps);
}


static void
test_locked_and_not_dumped(void **state)
{
    char  flags[512];
    void *block;

    (void) state;

    block = vc_secret_alloc(NULL);
    assert_non_null(block);

    mapping_flags(block, flags, sizeof(flags));
    if (flags[0] == '\0') {
        vc_secret_free(block);
        print_message("skipped: the kernel does not show mapping flags\n");
        skip();
    }

    assert_non_null(strstr(flags, " dd "));
#ifndef __SANITIZE_ADDRESS__ /* under it mlock() does nothing */
    assert_non_null(strstr(flags, " lo "));
#endif

    vc_secret_free(block);
}


/* what a forked child may do with its parent's block, and with its own */
static int
child_of(uint8_t *block)
{
    uint8_t *own;

    if (block[0] != 0x5a) {
        return 1;
    }

    vc_secret_free(block);
    if (block[0] != 0x5a) {
        return 2;
    }

    own = vc_secret_alloc(NULL);
    if (own == NULL || own == block) {
        return 3;
    }

    own[0] = 1;
    vc_secret_free(block);
    if (block[0] != 0x5a) {
        return 4;
    }

    vc_secret_free(own);

    return (own[0] == 0) ? 0 : 5;
}


static void
test_only_the_owner_frees(void **state)
{
    int      result;
    pid_t    pid;
    uint8_t *block;

    (void) state;

    block = vc_secret_alloc(NULL);
    assert_non_null(block);
    block[0] = 0x5a;

    pid = fork();
    assert_true(pid >= 0);

    if (pid == 0) {
        _exit(child_of(block));
    }

    assert_int_equal(waitpid(pid, &result, 0), pid);
    assert_true(WIFEXITED(result));
    assert_int_equal(WEXITSTATUS(result), 0);
    assert_int_equal(block[0], 0x5a);

    vc_secret_free(block);
}


/* a child must make a region of its own, and here it may not */
static int
child_without_locked_memory(void)
{
    vc_error_t    err;
    struct rlimit none = {0, 0};

    if (setrlimit(RLIMIT_MEMLOCK, &none) != 0
        || (geteuid() == 0 && setuid(65534) != 0))
    {
        return 1;
    }

    if (vc_secret_alloc(&err) != NULL) {
        return 2;
    }

    return (strstr(err.message, "ulimit -l") != NULL) ? 0 : 3;
}


static void
test_no_locked_memory(void **state)
{
    int   result;
    pid_t pid;

    (void) state;

#ifdef __SANITIZE_ADDRESS__
    print_message("skipped: under AddressSanitizer mlock() does nothing\n");
    skip();
#endif

    vc_secret_free(vc_secret_alloc(NULL));
    pid = fork();
    assert_true(pid >= 0);

    if (pid == 0) {
        _exit(child_without_locked_memory());
    }

    assert_int_equal(waitpid(pid, &result, 0), pid);
    assert_true(WIFEXITED(result));
    assert_int_equal(WEXITSTATUS(result), 0);
}


static void *
take_and_give(void *data)
{
    int      i;
    uint8_t *block;

    (void) data;

    for (i = 0; i < 2000; i++) {
        block = vc_secret_alloc(NULL);
        if (block == NULL || block[0] != 0) {
            return "a block in use was given out";
        }

        block[0] = 1;
        vc_secret_free(block);
    }

    return NULL;
}


static void
test_threads(void **state)
{
    void     *failure;
    size_t    i;
    pthread_t threads[8];

    (void) state;

    for (i = 0; i < 8; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, NULL),
            0);
    }

    for (i = 0; i < 8; i++) {
        assert_int_equal(pthread_join(threads[i], &failure), 0);
        assert_null(failure);
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_null_is_allowed),
        cmocka_unit_test(test_block_is_zeroed),
        cmocka_unit_test(test_full_says_so),
        cmocka_unit_test(test_locked_and_not_dumped),
        cmocka_unit_test(test_only_the_owner_frees),
        cmocka_unit_test(test_no_locked_memory),
        cmocka_unit_test(test_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
