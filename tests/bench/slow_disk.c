/*
 * A disk whose flushes take SLOW_DISK_US microseconds more, to preload.
 *
 * The disk of a virtual machine often acknowledges a flush from the host's
 * memory.  What sharing a flush is good for shows only where one takes time,
 * as it does on a disk that keeps what it acknowledges.
 *
 * A flush is what LMDB makes of it: fdatasync(2) for its pages, and a write
 * to a descriptor that was opened with O_DSYNC for its head.
 */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

typedef int (*sync_t)(int fd);
typedef ssize_t (*write_t)(int fd, const void *data, size_t n, off_t at);

#define REPLACES __attribute__((visibility("default")))


static struct timespec pause_time;


/* now: nginx clears the environment of its workers */
__attribute__((constructor)) static void
read_environment(void)
{
    long        us;
    const char *text;

    text = getenv("SLOW_DISK_US");
    us = (text == NULL) ? 0 : atol(text);
    pause_time = (struct timespec){us / 1000000, us % 1000000 * 1000};
}


static void
take_time(void)
{
    (void) nanosleep(&pause_time, NULL);
}


REPLACES int
fdatasync(int fd)
{
    static sync_t real;

    if (real == NULL) {
        *(void **) &real = dlsym(RTLD_NEXT, "fdatasync");
    }

    take_time();

    return real(fd);
}


REPLACES ssize_t
pwrite(int fd, const void *data, size_t n, off_t at)
{
    static write_t real;

    if (real == NULL) {
        *(void **) &real = dlsym(RTLD_NEXT, "pwrite");
    }

    if ((fcntl(fd, F_GETFL) & O_DSYNC) != 0) {
        take_time();
    }

    return real(fd, data, n, at);
}
