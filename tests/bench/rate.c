/*
 * Reads secrets at a constant rate and tells how long each answer took.
 *
 *     rate -p PORT -h HOST -n SECRETS -c CONNECTIONS -r RATE -t SECONDS [-s SEED]
 *
 * The token comes by the environment (BENCH_TOKEN), where `ps` does not show
 * it.  Request k is due at start + k / RATE.  When no connection is idle then,
 * it waits in line, and its latency counts from when it was due: a server that
 * stops for a moment is charged for all who would have come meanwhile, as it
 * would be by clients that know nothing of each other.  RATE 0: a connection
 * sends again as soon as it has its answer.
 *
 * A connection that the server closes before the first byte of an answer is
 * opened again and the request repeated, as every HTTP client does it; so a
 * server can be reloaded under this load.
 *
 * Never sleeps (see poll.c), but gives way to others on its core.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/epoll.h>

#include "histogram.h"
#include "rate_connection.h"
#include "rate_options.h"

#define SECOND 1000000000ULL
#define WARM_UP (SECOND / 2)
#define GRACE (5 * SECOND)
#define EVENTS 64

typedef struct {
    int           epoll;
    options_t     options;
    uint64_t      random;
    connection_t *all;
    connection_t *idle; /* a list */
    char         *request;
    char         *digits; /* of the name, in the request */
    size_t        request_len;
    uint64_t      start, from, end; /* the clock runs between the last two */
    uint64_t      sent, answered, timely, errors, reopened;
    histogram_t   latencies;
} rate_t;


static void
die(const char *what)
{
    perror(what);
    exit(1);
}


static uint64_t
now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * SECOND + (uint64_t) ts.tv_nsec;
}


/* xorshift64: cheap, and as random as names need to be */
static uint64_t
next_random(rate_t *rate)
{
    rate->random ^= rate->random << 13;
    rate->random ^= rate->random >> 7;
    rate->random ^= rate->random << 17;

    return rate->random;
}


static void
make_request(rate_t *rate)
{
    int         n;
    const char *name;

    n = asprintf(&rate->request,
        "GET /secrets/bench-0000000/?api-version=7.4 HTTP/1.1\r\n"
        "Host: %s\r\nAuthorization: Bearer %s\r\n\r\n",
        rate->options.host, rate->options.token);

    if (n < 0) {
        die("request");
    }

    name = strstr(rate->request, "0000000");
    rate->digits = rate->request + (name - rate->request);
    rate->request_len = (size_t) n;
}


static void
put_name(rate_t *rate)
{
    int      i;
    uint64_t number;

    number = next_random(rate) % (uint64_t) rate->options.secrets;

    for (i = 6; i >= 0; i--, number /= 10) {
        rate->digits[i] = (char) ('0' + number % 10);
    }
}


static void
open_connection(rate_t *rate, connection_t *c)
{
    struct epoll_event event;

    if (!connection_open(c, (uint16_t) rate->options.port)) {
        die("connect");
    }

    event.events = EPOLLIN;
    event.data.ptr = c;

    if (epoll_ctl(rate->epoll, EPOLL_CTL_ADD, c->fd, &event) != 0) {
        die("epoll_ctl");
    }
}


static void
set_idle(rate_t *rate, connection_t *c)
{
    c->busy = false;
    c->next = rate->idle;
    rate->idle = c;
}


static void
send_request(rate_t *rate, uint64_t due)
{
    connection_t *c;

    c = rate->idle;
    rate->idle = c->next;
    c->busy = true;
    c->due = due;

    put_name(rate);
    rate->sent += (due >= rate->from);

    /* one that the server has just closed shows itself when it is read */
    connection_send(c, rate->request, rate->request_len);
}


/* the connection has ended: at a moment when that is no failure? */
static void
reopen(rate_t *rate, connection_t *c)
{
    bool busy, failed;

    busy = c->busy;
    failed = busy && !(c->used && c->got == 0);

    connection_close(c);
    open_connection(rate, c);

    if (failed) {
        rate->errors++;
        set_idle(rate, c);

    } else if (busy) {
        rate->reopened++;
        put_name(rate);
        connection_send(c, rate->request, rate->request_len);
    }
}


static void
answered(rate_t *rate, connection_t *c, int status)
{
    uint64_t t;

    t = now();

    rate->answered++;
    rate->errors += (status != 200);

    if (c->due >= rate->from) {
        histogram_add(&rate->latencies, t - c->due);
    }

    rate->timely += (t >= rate->from && t < rate->end);

    set_idle(rate, c);
}


/* whether anything had come */
static bool
receive(rate_t *rate)
{
    int                i, n, status;
    connection_t      *c;
    struct epoll_event events[EVENTS];

    n = epoll_wait(rate->epoll, events, EVENTS, 0);
    if (n < 0 && errno != EINTR) {
        die("epoll_wait");
    }

    for (i = 0; i < n; i++) {
        c = events[i].data.ptr;

        switch (connection_read(c, &status)) {
        case CONNECTION_MORE:
            break;

        case CONNECTION_ANSWER:
            answered(rate, c, status);
            break;

        case CONNECTION_ENDED:
            reopen(rate, c);
            break;
        }
    }

    return n > 0;
}


static uint64_t
due_time(const rate_t *rate, uint64_t k)
{
    return rate->start
           + (uint64_t) ((double) k
                         * ((double) SECOND / (double) rate->options.rate));
}


static uint64_t
run(rate_t *rate)
{
    uint64_t k, t, due;

    k = 0;
    due = rate->start;
    t = now();

    while (t < rate->end && due < rate->end) {
        while (rate->idle != NULL && due <= t && due < rate->end) {
            send_request(rate, (rate->options.rate == 0) ? t : due);
            due = (rate->options.rate == 0) ? t : due_time(rate, ++k);
        }

        if (!receive(rate) && (rate->idle == NULL || due > t)) {
            sched_yield();
        }

        t = now();
        due = (rate->options.rate == 0) ? t : due;
    }

    return k;
}


/* waits for the last answers; what never came is an error */
static void
finish(rate_t *rate)
{
    long     i;
    uint64_t until;

    until = now() + GRACE;

    for (i = 0; i < rate->options.connections; i++) {
        while (rate->all[i].busy && now() < until) {
            (void) receive(rate);
        }
        rate->errors += rate->all[i].busy;
    }
}


/* those still in line have waited so long at least */
static uint64_t
count_waiting(rate_t *rate, uint64_t k)
{
    uint64_t n;

    if (rate->options.rate == 0) {
        return 0;
    }

    for (n = 0; due_time(rate, k + n) < rate->end; n++) {
        histogram_add(&rate->latencies, rate->end - due_time(rate, k + n));
    }

    return n;
}


static void
report(const rate_t *rate, uint64_t waiting)
{
    const histogram_t *h;

    h = &rate->latencies;

    printf("{\"sent\": %" PRIu64 ", \"answered\": %" PRIu64
           ", \"errors\": %" PRIu64 ", \"reopened\": %" PRIu64
           ", \"waiting\": %" PRIu64 ", \"rate\": %.1f, "
           "\"p50_us\": %.1f, \"p90_us\": %.1f, \"p99_us\": %.1f, "
           "\"p999_us\": %.1f, \"max_us\": %.1f}\n",
        rate->sent, rate->answered, rate->errors, rate->reopened, waiting,
        (double) rate->timely / (double) rate->options.seconds,
        (double) histogram_percentile(h, 0.5) / 1000,
        (double) histogram_percentile(h, 0.9) / 1000,
        (double) histogram_percentile(h, 0.99) / 1000,
        (double) histogram_percentile(h, 0.999) / 1000, (double) h->max / 1000);
}


int
main(int argc, char **argv)
{
    long          i;
    uint64_t      k;
    static rate_t rate;

    options_read(&rate.options, argc, argv);
    rate.random = 0x9e3779b97f4a7c15ULL + (uint64_t) rate.options.seed;
    make_request(&rate);

    rate.epoll = epoll_create1(0);
    rate.all = calloc((size_t) rate.options.connections, sizeof(connection_t));

    if (rate.epoll < 0 || rate.all == NULL) {
        die("start");
    }

    for (i = 0; i < rate.options.connections; i++) {
        open_connection(&rate, &rate.all[i]);
        set_idle(&rate, &rate.all[i]);
    }

    rate.start = now();
    rate.from = rate.start + WARM_UP;
    rate.end = rate.from + (uint64_t) rate.options.seconds * SECOND;

    k = run(&rate);
    finish(&rate);
    report(&rate, count_waiting(&rate, k));

    return 0;
}
