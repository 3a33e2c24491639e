/*
 * What keys compute is short, and many calls become ready in one turn of the
 * event loop: waking a thread for each, and being woken for each answer, would
 * cost as much as a signature.  So calls wait in a lane, threads are woken at
 * the end of the turn, as many as the work is worth, and each takes some calls
 * at a time.  What they have done comes back together.
 *
 * Keys are made in a lane of their own, never by all threads: it can take
 * seconds, and signatures must not wait for it.
 */

#include "ngx_http_vault_compute.h"


#define NGX_HTTP_VAULT_COMPUTE_WAITING   4096
#define NGX_HTTP_VAULT_GENERATE_WAITING  64

/* microseconds */
#define NGX_HTTP_VAULT_WORTH             100   /* waking one more thread */
#define NGX_HTTP_VAULT_TURN              8000  /* then answers are sent */


static ngx_http_vault_lane_t  ngx_http_vault_lanes[] = {

    { .waiting_max = NGX_HTTP_VAULT_COMPUTE_WAITING,
      .busy = "The service is busy; nothing was done. Try again.",
      .turn = NGX_HTTP_VAULT_TURN },

    { .waiting_max = NGX_HTTP_VAULT_GENERATE_WAITING,
      .busy = "Too many keys are being made; nothing was done. Try again." }
};

#define ngx_http_vault_computing   (&ngx_http_vault_lanes[0])
#define ngx_http_vault_generating  (&ngx_http_vault_lanes[1])


ngx_http_vault_shared_t    ngx_http_vault_shared;

static ngx_thread_pool_t  *ngx_http_vault_key_pool;

/* the event loop's */
static ngx_event_t         ngx_http_vault_dispatch;   /* end of this turn */
static ngx_event_t         ngx_http_vault_minute;
static ngx_uint_t          ngx_http_vault_calls;      /* with threads */


/* those that will come to take a call soon without being woken */

static ngx_uint_t
ngx_http_vault_lane_expected(ngx_http_vault_lane_t *lane,
    ngx_http_vault_list_t *list)
{
    ngx_uint_t                i, n;
    ngx_http_vault_runner_t  *runner;

    n = 0;

    for (i = 0; i < NGX_HTTP_VAULT_RUNNERS; i++) {
        runner = &lane->runners[i];

        if (runner->list == list
            && (runner->state == ngx_http_vault_runner_posted
                || (runner->state == ngx_http_vault_runner_working
                    && lane->turn != 0)))
        {
            n++;
        }
    }

    return n;
}


static ngx_uint_t
ngx_http_vault_lane_max(ngx_http_vault_lane_t *lane)
{
    ngx_uint_t  max, known;

    /* one more than can compute: for what comes meanwhile */

    max = ngx_min(ngx_http_vault_shared.processors + 1,
                  NGX_HTTP_VAULT_RUNNERS);

    if (lane == ngx_http_vault_computing) {
        return max;
    }

    /* one of the threads that there are for certain is left to the others */

    known = ngx_max(ngx_http_vault_shared.threads, 2);

    return ngx_min(max, known) - 1;
}


/* how many runners what is ready is worth */

static ngx_uint_t
ngx_http_vault_lane_ready(ngx_http_vault_lane_t *lane)
{
    ngx_uint_t              n, expected;
    ngx_http_vault_list_t  *list;

    list = &lane->ready;
    n = list->count;

    if (lane->turn != 0) {
        n = ngx_min(n, 1 + n * list->time / NGX_HTTP_VAULT_WORTH);
        n = ngx_min(n, ngx_http_vault_shared.processors);
    }

    expected = ngx_http_vault_lane_expected(lane, list);

    return (n > expected) ? n - expected : 0;
}


ngx_uint_t
ngx_http_vault_lane_longs(ngx_http_vault_lane_t *lane)
{
    ngx_uint_t              max, known;
    ngx_http_vault_list_t  *list;

    list = &lane->longs;

    known = ngx_max(ngx_http_vault_shared.threads, 2);
    max = ngx_min(ngx_http_vault_lane_max(lane), known);
    max = (max > list->runners) ? max - list->runners : 0;

    return ngx_min(list->count, max);
}


/* chooses at most n free ones, for a list; how many */

static ngx_uint_t
ngx_http_vault_lane_choose(ngx_http_vault_lane_t *lane,
    ngx_http_vault_list_t *list, ngx_uint_t n,
    ngx_http_vault_runner_t **chosen)
{
    ngx_uint_t                i, max, used, count;
    ngx_http_vault_runner_t  *runner;

    count = 0;
    max = ngx_http_vault_lane_max(lane);
    used = lane->ready.runners + lane->longs.runners;
    max = (max > used) ? max - used : 0;
    n = ngx_min(n, max);

    for (i = 0; count < n && i < NGX_HTTP_VAULT_RUNNERS; i++) {
        runner = &lane->runners[i];

        if (runner->state == ngx_http_vault_runner_free) {
            runner->state = ngx_http_vault_runner_posted;
            runner->list = list;
            chosen[count++] = runner;
        }
    }

    list->runners += count;

    return count;
}


/* with the lock held */

static void
ngx_http_vault_lane_free(ngx_http_vault_runner_t *runner)
{
    runner->state = ngx_http_vault_runner_free;
    runner->list->runners--;
}


static void
ngx_http_vault_lane_refuse(ngx_http_vault_lane_t *lane,
    ngx_http_vault_list_t *list)
{
    ngx_queue_t           *q;
    ngx_http_vault_ctx_t  *ctx;

    if (list->count == 0) {
        return;
    }

    for (q = ngx_queue_head(&list->calls);
         q != ngx_queue_sentinel(&list->calls);
         q = ngx_queue_next(q))
    {
        ctx = ngx_queue_data(q, ngx_http_vault_ctx_t, lane);
        vc_call_fail(ctx->call, VC_UNAVAILABLE, lane->busy);
    }

    ngx_queue_add(&ngx_http_vault_shared.done, &list->calls);
    ngx_queue_init(&list->calls);
    list->count = 0;
}


/* without the lock: the thread that is woken wants it next */

static ngx_int_t
ngx_http_vault_lane_wake(ngx_http_vault_runner_t **chosen, ngx_uint_t n)
{
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {
        if (ngx_http_vault_post(ngx_http_vault_key_pool, &chosen[i]->task)
            != NGX_OK)
        {
            break;
        }
    }

    if (i == n) {
        return NGX_OK;
    }

    ngx_http_vault_lock();

    for ( /* void */ ; i < n; i++) {
        ngx_http_vault_lane_free(chosen[i]);
    }

    ngx_http_vault_unlock();

    return NGX_ERROR;
}


static void
ngx_http_vault_lane_dispatch(ngx_http_vault_lane_t *lane)
{
    ngx_uint_t                n;
    ngx_http_vault_runner_t  *chosen[NGX_HTTP_VAULT_RUNNERS];

    ngx_http_vault_lock();

    n = ngx_http_vault_lane_choose(lane, &lane->ready,
                                   ngx_http_vault_lane_ready(lane), chosen);
    n += ngx_http_vault_lane_choose(lane, &lane->longs,
                                    ngx_http_vault_lane_longs(lane),
                                    chosen + n);

    ngx_http_vault_unlock();

    if (ngx_http_vault_lane_wake(chosen, n) == NGX_OK) {
        return;
    }

    ngx_http_vault_lock();

    /* the pool's queue is full, and none of our tasks is in it */

    if (lane->ready.runners + lane->longs.runners == 0) {
        ngx_http_vault_lane_refuse(lane, &lane->ready);
        ngx_http_vault_lane_refuse(lane, &lane->longs);
    }

    ngx_http_vault_unlock();
}


static void
ngx_http_vault_deliver(void)
{
    ngx_queue_t            done, *q;
    ngx_http_vault_ctx_t  *ctx;

    ngx_queue_init(&done);

    ngx_http_vault_lock();

    if (!ngx_queue_empty(&ngx_http_vault_shared.done)) {
        ngx_queue_add(&done, &ngx_http_vault_shared.done);
        ngx_queue_init(&ngx_http_vault_shared.done);
    }

    ngx_http_vault_unlock();

    while (!ngx_queue_empty(&done)) {
        q = ngx_queue_head(&done);
        ngx_queue_remove(q);

        ngx_http_vault_calls--;

        ctx = ngx_queue_data(q, ngx_http_vault_ctx_t, lane);
        ngx_http_vault_resume(ctx);
    }

    if (ngx_http_vault_calls == 0 && ngx_http_vault_minute.timer_set) {
        ngx_del_timer(&ngx_http_vault_minute);
    }
}


/* threads first: they compute while the answers are sent */

static void
ngx_http_vault_dispatch_event(ngx_event_t *ev)
{
    ngx_http_vault_lane_dispatch(ngx_http_vault_computing);
    ngx_http_vault_lane_dispatch(ngx_http_vault_generating);

    ngx_http_vault_deliver();
}


static void
ngx_http_vault_runner_back(ngx_event_t *ev)
{
    ngx_http_vault_runner_t *runner = ev->data;

    ngx_http_vault_lock();
    ngx_http_vault_lane_free(runner);
    ngx_http_vault_unlock();

    ngx_http_vault_dispatch_event(ev);
}


static void
ngx_http_vault_lane_slow(ngx_http_vault_lane_t *lane)
{
    uint64_t                  now;
    ngx_uint_t                i;
    ngx_http_vault_runner_t  *runner;

    now = ngx_http_vault_now();

    for (i = 0; i < NGX_HTTP_VAULT_RUNNERS; i++) {
        runner = &lane->runners[i];

        if (runner->count != 0
            && now - runner->since >= NGX_HTTP_VAULT_SLOW * 1000)
        {
            ngx_http_vault_slow(runner->calls[0]);
        }
    }
}


/* a call that waits for its turn is not slow yet */

static void
ngx_http_vault_minute_event(ngx_event_t *ev)
{
    ngx_http_vault_lock();

    ngx_http_vault_lane_slow(ngx_http_vault_computing);
    ngx_http_vault_lane_slow(ngx_http_vault_generating);

    ngx_http_vault_unlock();

    ngx_add_timer(ev, NGX_HTTP_VAULT_SLOW);
}


/* NGX_DECLINED: too many wait already */

static ngx_int_t
ngx_http_vault_lane_enter(ngx_http_vault_lane_t *lane,
    ngx_http_vault_ctx_t *ctx)
{
    ngx_int_t  rc;

    rc = NGX_DECLINED;

    ngx_http_vault_lock();

    if (lane->ready.count + lane->longs.count < lane->waiting_max) {
        ngx_queue_insert_tail(&lane->ready.calls, &ctx->lane);
        lane->ready.count++;
        rc = NGX_OK;
    }

    ngx_http_vault_unlock();

    return rc;
}


ngx_int_t
ngx_http_vault_compute(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx)
{
    ngx_http_vault_lane_t  *lane;

    lane = (vc_call_cost(ctx->call) == VC_COST_GENERATE)
           ? ngx_http_vault_generating : ngx_http_vault_computing;

    if (ngx_http_vault_lane_enter(lane, ctx) != NGX_OK) {
        vc_call_fail(ctx->call, VC_UNAVAILABLE, lane->busy);
        return NGX_ERROR;
    }

    ngx_http_vault_hold(r, ctx);

    if (ngx_http_vault_calls++ == 0) {
        ngx_add_timer(&ngx_http_vault_minute, NGX_HTTP_VAULT_SLOW);
    }

    ngx_post_event(&ngx_http_vault_dispatch, &ngx_posted_events);

    return NGX_OK;
}


static void
ngx_http_vault_lane_init(ngx_http_vault_lane_t *lane, ngx_log_t *log)
{
    ngx_uint_t                i;
    ngx_http_vault_runner_t  *runner;

    ngx_queue_init(&lane->ready.calls);
    ngx_queue_init(&lane->longs.calls);

    for (i = 0; i < NGX_HTTP_VAULT_RUNNERS; i++) {
        runner = &lane->runners[i];

        runner->lane = lane;
        runner->task.ctx = runner;
        runner->task.handler = ngx_http_vault_runner_handler;
        runner->task.event.data = runner;
        runner->task.event.log = log;
        runner->task.event.handler = ngx_http_vault_runner_back;
    }
}


/* worker_cpu_affinity has been applied by now */

static ngx_uint_t
ngx_http_vault_count_processors(void)
{
#if (NGX_HAVE_SCHED_SETAFFINITY)
    cpu_set_t  mask;

    if (sched_getaffinity(0, sizeof(cpu_set_t), &mask) == 0) {
        return CPU_COUNT(&mask);
    }
#endif

    return ngx_ncpu;
}


ngx_int_t
ngx_http_vault_compute_init(ngx_cycle_t *cycle, ngx_thread_pool_t *pool)
{
    ngx_http_vault_key_pool = pool;
    ngx_http_vault_shared.processors = ngx_http_vault_count_processors();

    ngx_queue_init(&ngx_http_vault_shared.done);
    ngx_http_vault_lane_init(ngx_http_vault_computing, cycle->log);
    ngx_http_vault_lane_init(ngx_http_vault_generating, cycle->log);

    ngx_http_vault_dispatch.handler = ngx_http_vault_dispatch_event;
    ngx_http_vault_dispatch.log = cycle->log;

    ngx_http_vault_minute.handler = ngx_http_vault_minute_event;
    ngx_http_vault_minute.log = cycle->log;

    return ngx_thread_mutex_create(&ngx_http_vault_shared.lock, cycle->log);
}
