/*
 * LD_PRELOAD: epoll_wait() that looks again for a while before it sleeps.
 *
 * A generator that sleeps has to be woken with each answer, and in a virtual
 * machine that is an interrupt from the server's core to the generator's,
 * which the server pays for: about a microsecond an answer.  Where the server
 * is the slower side the generator sleeps all the time, where the generator
 * is the slower side it never does; two servers could not be compared.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <sys/epoll.h>

/* some milliseconds; a server that is silent for so long is not busy */
#define TURNS 20000

typedef int (*epoll_wait_t)(int, struct epoll_event *, int, int);

__attribute__((visibility("default"))) int
epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)
{
    int                 n, turn;
    static epoll_wait_t real;

    if (real == NULL) {
        *(void **) &real = dlsym(RTLD_NEXT, "epoll_wait");
    }

    for (turn = 0; turn < TURNS; turn++) {
        n = real(epfd, events, maxevents, 0);
        if (n != 0 || timeout == 0) {
            return n;
        }
    }

    return real(epfd, events, maxevents, timeout);
}
