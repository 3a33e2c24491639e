#include "crypto/secmem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/bytes.h"

#define VC_REGION_BLOCKS 512 /* half of what RLIMIT_MEMLOCK often allows */
#define VC_REGION_SIZE ((size_t) VC_REGION_BLOCKS * VC_SECRET_BLOCK)


static struct {
    pthread_mutex_t lock;
    uint8_t        *base;
    bool            inherited; /* from the process that forked this one */
    bool            prepared;  /* the handlers for fork(2) are in place */
    bool            used[VC_REGION_BLOCKS];
} vc_region = {.lock = PTHREAD_MUTEX_INITIALIZER};


static void
vc_region_before_fork(void)
{
    (void) pthread_mutex_lock(&vc_region.lock);
}


static void
vc_region_after_fork(void)
{
    (void) pthread_mutex_unlock(&vc_region.lock);
}


/*
 * Memory locks end with fork(2).  The parent's still hold the shared pages,
 * but the parent may leave first, as a daemon's does.
 */
static void
vc_region_in_child(void)
{
    if (vc_region.base != NULL) {
        (void) mlock(vc_region.base, VC_REGION_SIZE);
        vc_region.inherited = true;
    }

    (void) pthread_mutex_unlock(&vc_region.lock);
}


static void *
vc_region_map_secret(void)
{
#ifdef SYS_memfd_secret
    int   fd;
    void *base;

    fd = (int) syscall(SYS_memfd_secret, O_CLOEXEC);
    if (fd == -1) {
        return MAP_FAILED;
    }

    base = MAP_FAILED;

    if (ftruncate(fd, (off_t) VC_REGION_SIZE) == 0) {
        base = mmap(NULL, VC_REGION_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
            fd, 0);
    }

    (void) close(fd);

    return base;
#else
    return MAP_FAILED;
#endif
}


static void *
vc_region_map_locked(void)
{
    int   saved;
    void *base;

    base = mmap(NULL, VC_REGION_SIZE, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) {
        return MAP_FAILED;
    }

    if (mlock(base, VC_REGION_SIZE) != 0) {
        saved = errno;
        (void) munmap(base, VC_REGION_SIZE);
        errno = saved;
        return MAP_FAILED;
    }

    return base;
}


static vc_status_t
vc_region_prepare(vc_error_t *err)
{
    if (vc_region.prepared) {
        return VC_OK;
    }

    if (pthread_atfork(vc_region_before_fork, vc_region_after_fork,
            vc_region_in_child)
        != 0)
    {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    vc_region.prepared = true;

    return VC_OK;
}


static vc_status_t
vc_region_create(vc_error_t *err)
{
    void *base;

    if (vc_region_prepare(err) != VC_OK) {
        return VC_NO_MEMORY;
    }

    base = vc_region_map_secret();
    if (base == MAP_FAILED) {
        base = vc_region_map_locked();
    }

    if (base == MAP_FAILED) {
        return vc_fail(err, VC_NO_MEMORY,
            "%zu bytes of locked memory for keys cannot be had: %s; raise the "
            "limit on locked memory (ulimit -l)",
            VC_REGION_SIZE, strerror(errno));
    }

    (void) madvise(base, VC_REGION_SIZE, MADV_DONTDUMP);

    /* an inherited region stays mapped: somebody may still read from it */
    vc_region.base = base;
    vc_region.inherited = false;
    memset(vc_region.used, 0, sizeof(vc_region.used));

    return VC_OK;
}


static void *
vc_region_take(vc_error_t *err)
{
    size_t i;

    if ((vc_region.base == NULL || vc_region.inherited)
        && vc_region_create(err) != VC_OK)
    {
        return NULL;
    }

    for (i = 0; i < VC_REGION_BLOCKS; i++) {
        if (!vc_region.used[i]) {
            vc_region.used[i] = true;
            return vc_region.base + i * VC_SECRET_BLOCK;
        }
    }

    (void) vc_fail(err, VC_NO_MEMORY,
        "all %d blocks of locked memory for keys are in use", VC_REGION_BLOCKS);

    return NULL;
}


void *
vc_secret_alloc(vc_error_t *err)
{
    void *block;

    (void) pthread_mutex_lock(&vc_region.lock);
    block = vc_region_take(err);
    (void) pthread_mutex_unlock(&vc_region.lock);

    if (block != NULL) {
        memset(block, 0, VC_SECRET_BLOCK);
    }

    return block;
}


void
vc_secret_free(void *block)
{
    uintptr_t at, base;

    (void) pthread_mutex_lock(&vc_region.lock);

    at = (uintptr_t) block;
    base = (uintptr_t) vc_region.base;

    if (block != NULL && !vc_region.inherited && at >= base
        && at - base < VC_REGION_SIZE)
    {
        vc_wipe(block, VC_SECRET_BLOCK);
        vc_region.used[(at - base) / VC_SECRET_BLOCK] = false;
    }

    (void) pthread_mutex_unlock(&vc_region.lock);
}
