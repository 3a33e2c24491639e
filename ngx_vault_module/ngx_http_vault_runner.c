/*
 * A runner takes some calls from its lane, does what is short itself, hands
 * what is long to a partner (ngx_http_vault_helper.c), gives all back, and
 * takes the next.  Long computations are handed over together: two switches of
 * threads for each would take a tenth of the time of a signature.
 */

#include "ngx_http_vault_compute.h"


/* one more took so long; with the lock held */

static void
ngx_http_vault_runner_measure(ngx_http_vault_runner_t *runner, ngx_uint_t n,
    uint64_t now)
{
    uint64_t     time;
    ngx_uint_t  *rule;

    if (runner->lane->turn == 0) {
        return;
    }

    rule = &ngx_http_vault_shared.call_time;
    time = (now - runner->since) / ngx_max(n, 1);

    *rule = (7 * *rule + ngx_min(time, runner->lane->turn)) / 8;
}


/* gives back the first n of its calls */

static void
ngx_http_vault_runner_give_back(ngx_http_vault_runner_t *runner, ngx_uint_t n)
{
    uint64_t    now;
    ngx_uint_t  i;

    now = ngx_http_vault_now();

    ngx_http_vault_lock();

    for (i = 0; i < n; i++) {
        ngx_queue_insert_tail(&ngx_http_vault_shared.done,
                              &runner->calls[i]->lane);
    }

    ngx_http_vault_runner_measure(runner, n, now);

    for (i = n; i < runner->count; i++) {
        runner->calls[i - n] = runner->calls[i];
    }

    runner->count -= n;
    runner->since = now;

    ngx_http_vault_unlock();
}


/*
 * How many calls to take: what fits into a turn, and no more than its share
 * with the other runners of the lane.
 */

static ngx_uint_t
ngx_http_vault_runner_share(ngx_http_vault_lane_t *lane)
{
    ngx_uint_t  n;

    if (lane->turn == 0) {
        return ngx_min(lane->waiting, 1);
    }

    n = (lane->waiting + lane->used - 1) / lane->used;
    n = ngx_min(n, lane->turn / ngx_max(ngx_http_vault_shared.call_time, 1));

    return ngx_min(ngx_max(n, 1), ngx_min(lane->waiting,
                                          NGX_HTTP_VAULT_BATCH));
}


/* takes the next calls; 0: the runner ends */

static ngx_uint_t
ngx_http_vault_runner_take(ngx_http_vault_runner_t *runner)
{
    ngx_uint_t              n;
    ngx_queue_t            *q;
    ngx_http_vault_lane_t  *lane;

    lane = runner->lane;

    ngx_http_vault_lock();

    /* of what was not begun when nginx is to stop at once nothing is done */

    n = (ngx_terminate || runner->since - runner->began > lane->turn)
        ? 0 : ngx_http_vault_runner_share(lane);

    q = ngx_queue_head(&lane->ready);

    for (runner->count = 0; runner->count < n; runner->count++) {
        runner->calls[runner->count] =
                                 ngx_queue_data(q, ngx_http_vault_ctx_t, lane);
        q = ngx_queue_next(q);
    }

    lane->ready.next = q;
    q->prev = &lane->ready;
    lane->waiting -= n;

    runner->state = (n != 0) ? ngx_http_vault_runner_working
                             : ngx_http_vault_runner_spent;

    ngx_http_vault_unlock();

    return n;
}


/*
 * Executes all, then computes what is short, then makes the answers: each step
 * has its code and tables in the caches.  Puts those that have an answer to the
 * front; how many they are.
 */

static ngx_uint_t
ngx_http_vault_runner_execute(ngx_http_vault_runner_t *runner)
{
    ngx_uint_t             i, done;
    ngx_http_vault_ctx_t  *ctx;

    done = 0;

    for (i = 0; i < runner->count; i++) {
        ctx = runner->calls[i];

        ngx_http_vault_work(ctx);

        if (vc_call_computes(ctx->call) != VC_COMPUTES_LONG) {
            runner->calls[i] = runner->calls[done];
            runner->calls[done++] = ctx;
        }
    }

    for (i = 0; i < done; i++) {
        if (vc_call_computes(runner->calls[i]->call) == VC_COMPUTES_SHORT) {
            vc_call_compute(runner->calls[i]->call);
        }
    }

    for (i = 0; i < done; i++) {
        if (vc_call_computes(runner->calls[i]->call) == VC_COMPUTES_SHORT) {
            vc_call_conclude(runner->calls[i]->call);
        }
    }

    return done;
}


/* on the partner's thread: as many as fit into a turn, and at least one */

static void
ngx_http_vault_runner_compute(void *data)
{
    ngx_http_vault_runner_t *runner = data;

    do {
        vc_call_compute(runner->calls[runner->computed++]->call);

    } while (runner->computed < runner->count && !ngx_terminate
             && ngx_http_vault_now() - runner->since < runner->lane->turn);
}


static void
ngx_http_vault_runner_conclude(ngx_http_vault_runner_t *runner)
{
    ngx_uint_t  i;

    for (i = 0; i < runner->computed; i++) {
        vc_call_conclude(runner->calls[i]->call);
    }
}


static void
ngx_http_vault_runner_wait(ngx_http_vault_runner_t *runner)
{
    ngx_http_vault_lock();
    runner->state = ngx_http_vault_runner_waiting;
    ngx_http_vault_unlock();

    while (runner->count != 0) {
        runner->computed = 0;
        ngx_http_vault_compute_aside(ngx_http_vault_runner_compute, runner);
        ngx_http_vault_runner_conclude(runner);
        ngx_http_vault_runner_give_back(runner, runner->computed);
    }
}


/*
 * nginx does not tell how many threads a pool has, so they are counted as they
 * turn up.
 */

static void
ngx_http_vault_count_thread(void)
{
    static __thread ngx_uint_t  seen;

    if (!seen) {
        seen = 1;

        ngx_http_vault_lock();
        ngx_http_vault_shared.threads++;
        ngx_http_vault_unlock();
    }
}


void
ngx_http_vault_runner_handler(void *data, ngx_log_t *log)
{
    ngx_http_vault_runner_t *runner = data;

    ngx_uint_t  done;

    ngx_http_vault_spare_event_loop();
    ngx_http_vault_count_thread();

    runner->began = ngx_http_vault_now();
    runner->since = runner->began;

    while (ngx_http_vault_runner_take(runner) != 0) {
        done = ngx_http_vault_runner_execute(runner);

        if (done != 0) {
            ngx_http_vault_runner_give_back(runner, done);
        }

        if (runner->count != 0) {
            ngx_http_vault_runner_wait(runner);
        }
    }

    ngx_http_vault_wipe_traces();
    ngx_http_vault_posted_done();
}
