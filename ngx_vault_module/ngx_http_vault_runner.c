/*
 * A runner takes calls from one list of its lane, some at a time.  Of what is
 * ready: executes them, does what is short itself, and puts what is long into
 * the other list.  From that: executes them anew in case that something was
 * committed meanwhile, and hands them to a partner (ngx_http_vault_helper.c)
 * together, because two switches of threads for each would take a tenth of the
 * time of a signature.
 *
 * It ends after a turn, or before what is long if it has answers: that is when
 * the event loop is told, which sends them and wakes who is needed next.  It
 * does not end otherwise: where a partner computes on the same processor, Linux
 * can choose the partner before the event loop that has just been told.
 */

#include "ngx_http_vault_compute.h"


/* how long one call took, with the lock held */

static void
ngx_http_vault_runner_measure(ngx_http_vault_runner_t *runner)
{
    uint64_t                time;
    ngx_uint_t              n;
    ngx_http_vault_list_t  *list;

    list = runner->list;
    n = (list == &runner->lane->longs) ? runner->computed : runner->executed;

    if (n == 0) {
        return;
    }

    time = (ngx_http_vault_now() - runner->since) / n;
    time = ngx_min(time, runner->lane->turn);

    list->time = (list->time == 0) ? time : (7 * list->time + time) / 8;
}


/* what has an answer, to the event loop; the rest, to where it waits */

static void
ngx_http_vault_runner_give_back(ngx_http_vault_runner_t *runner)
{
    ngx_queue_t            *q;
    ngx_uint_t              i;
    ngx_http_vault_lane_t  *lane;

    lane = runner->lane;

    ngx_http_vault_lock();

    ngx_http_vault_runner_measure(runner);

    for (i = 0; i < runner->executed; i++) {
        q = &runner->calls[i]->lane;

        if (vc_call_computes(runner->calls[i]->call) == VC_COMPUTES_NOTHING) {
            ngx_queue_insert_tail(&ngx_http_vault_shared.done, q);
            runner->answered++;

        } else if (runner->list == &lane->ready) {
            ngx_queue_insert_tail(&lane->longs.calls, q);
            lane->longs.count++;
        }
    }

    /* what it did not come to is first again */

    for (i = runner->count; i > 0; i--) {
        q = &runner->calls[i - 1]->lane;

        if (i > runner->executed
            || (runner->list == &lane->longs
                && vc_call_computes(runner->calls[i - 1]->call)
                   != VC_COMPUTES_NOTHING))
        {
            ngx_queue_insert_head(&runner->list->calls, q);
            runner->list->count++;
        }
    }

    runner->count = 0;

    ngx_http_vault_unlock();
}


/* of its turn, microseconds */

static uint64_t
ngx_http_vault_runner_left(ngx_http_vault_runner_t *runner)
{
    uint64_t  gone;

    gone = runner->since - runner->began;

    return (gone < runner->lane->turn) ? runner->lane->turn - gone : 0;
}


/* how many it takes: what fits into its turn, and no more than its share */

static ngx_uint_t
ngx_http_vault_runner_share(ngx_http_vault_runner_t *runner)
{
    ngx_uint_t              n;
    ngx_http_vault_list_t  *list;

    list = runner->list;

    if (list->count == 0 || runner->lane->turn == 0) {
        return ngx_min(list->count, 1);
    }

    n = (list->count + list->runners - 1) / list->runners;
    n = ngx_min(n, ngx_http_vault_runner_left(runner) / ngx_max(list->time, 1));
    n = ngx_min(n, NGX_HTTP_VAULT_BATCH);

    return ngx_max(n, 1);
}


static void
ngx_http_vault_runner_pull(ngx_http_vault_runner_t *runner, ngx_uint_t n)
{
    ngx_queue_t            *q;
    ngx_http_vault_list_t  *list;

    list = runner->list;
    q = ngx_queue_head(&list->calls);

    for (runner->count = 0; runner->count < n; runner->count++) {
        runner->calls[runner->count] =
                                 ngx_queue_data(q, ngx_http_vault_ctx_t, lane);
        q = ngx_queue_next(q);
    }

    list->calls.next = q;
    q->prev = &list->calls;
    list->count -= n;
}


/*
 * Goes on to what is long: when nothing else is ready, and nobody waits for an
 * answer that is not sent yet.
 */

static ngx_uint_t
ngx_http_vault_runner_goes_over(ngx_http_vault_runner_t *runner)
{
    ngx_http_vault_lane_t  *lane;

    lane = runner->lane;

    if (runner->list != &lane->ready || runner->answered != 0
        || ngx_http_vault_lane_longs(lane) == 0)
    {
        return 0;
    }

    lane->ready.runners--;
    lane->longs.runners++;
    runner->list = &lane->longs;

    return 1;
}


/* whether it takes more, after what it has done */

static ngx_uint_t
ngx_http_vault_runner_goes_on(ngx_http_vault_runner_t *runner)
{
    /* of what was not begun when nginx is to stop at once nothing is done */

    if (ngx_terminate) {
        return 0;
    }

    if (runner->state == ngx_http_vault_runner_posted) {
        return 1;
    }

    return ngx_http_vault_runner_left(runner) != 0
           && (runner->list->count != 0
               || ngx_http_vault_runner_goes_over(runner));
}


/* takes the next calls; 0: the runner ends */

static ngx_uint_t
ngx_http_vault_runner_take(ngx_http_vault_runner_t *runner)
{
    ngx_uint_t  n;

    runner->since = ngx_http_vault_now();
    runner->executed = 0;
    runner->computed = 0;

    ngx_http_vault_lock();

    n = ngx_http_vault_runner_goes_on(runner)
        ? ngx_http_vault_runner_share(runner) : 0;

    ngx_http_vault_runner_pull(runner, n);

    runner->state = (n != 0) ? ngx_http_vault_runner_working
                             : ngx_http_vault_runner_spent;

    ngx_http_vault_unlock();

    return n;
}


/*
 * Executes them, then computes what is short, then makes the answers: each step
 * has its code and tables in the caches.
 */

static void
ngx_http_vault_runner_execute(ngx_http_vault_runner_t *runner)
{
    uint64_t     time;
    ngx_uint_t   i;
    vc_call_t   *call;

    /* what is long is computed in the other half of the turn */

    time = (runner->list == &runner->lane->longs) ? runner->lane->turn / 2
                                                  : runner->lane->turn;

    do {
        ngx_http_vault_work(runner->calls[runner->executed++]);

    } while (runner->executed < runner->count && !ngx_terminate
             && ngx_http_vault_now() - runner->since < time);

    for (i = 0; i < runner->executed; i++) {
        call = runner->calls[i]->call;

        if (vc_call_computes(call) == VC_COMPUTES_SHORT) {
            vc_call_compute(call);
        }
    }

    for (i = 0; i < runner->executed; i++) {
        call = runner->calls[i]->call;

        if (vc_call_computes(call) == VC_COMPUTES_SHORT) {
            vc_call_conclude(call);
        }
    }
}


/* on the partner's thread: as many as fit into a turn, and at least one */

static void
ngx_http_vault_runner_compute(void *data)
{
    ngx_http_vault_runner_t *runner = data;

    vc_call_t  *call;

    do {
        call = runner->calls[runner->computed++]->call;

        if (vc_call_computes(call) == VC_COMPUTES_LONG) {
            vc_call_compute(call);
        }

    } while (runner->computed < runner->executed && !ngx_terminate
             && ngx_http_vault_now() - runner->since < runner->lane->turn);
}


static void
ngx_http_vault_runner_compute_aside(ngx_http_vault_runner_t *runner)
{
    ngx_uint_t   i;
    vc_call_t   *call;

    ngx_http_vault_wipe_traces();
    ngx_http_vault_compute_aside(ngx_http_vault_runner_compute, runner);

    for (i = 0; i < runner->computed; i++) {
        call = runner->calls[i]->call;

        if (vc_call_computes(call) == VC_COMPUTES_LONG) {
            vc_call_conclude(call);
        }
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

    ngx_http_vault_spare_event_loop();
    ngx_http_vault_count_thread();

    runner->began = ngx_http_vault_now();
    runner->answered = 0;

    while (ngx_http_vault_runner_take(runner)) {
        ngx_http_vault_runner_execute(runner);

        if (runner->list == &runner->lane->longs) {
            ngx_http_vault_runner_compute_aside(runner);
        }

        ngx_http_vault_runner_give_back(runner);
    }

    ngx_http_vault_wipe_traces();
    ngx_http_vault_posted_done();
}
