#include "ngx_http_vault_compute.h"


#define NGX_HTTP_VAULT_CALL_MAX  1000  /* microseconds; more counts as this */


/* gives back what is done and takes the next; NULL: the runner ends */

static ngx_http_vault_ctx_t *
ngx_http_vault_runner_next(ngx_http_vault_runner_t *runner, uint64_t began)
{
    uint64_t                now;
    ngx_uint_t              time;
    ngx_queue_t            *q;
    ngx_http_vault_lane_t  *lane;

    lane = runner->lane;
    now = ngx_http_vault_now();

    ngx_http_vault_lock();

    if (runner->ctx != NULL) {
        ngx_queue_insert_tail(&ngx_http_vault_shared.done, &runner->ctx->lane);

        if (lane->turn != 0) {
            time = ngx_min(now - runner->since, NGX_HTTP_VAULT_CALL_MAX);
            ngx_http_vault_shared.call_time =
                               (7 * ngx_http_vault_shared.call_time + time) / 8;
        }
    }

    /* of what was not begun when nginx is to stop at once nothing is done */

    if (ngx_queue_empty(&lane->ready) || ngx_terminate
        || (runner->ctx != NULL && now - began >= lane->turn))
    {
        runner->ctx = NULL;
        runner->state = ngx_http_vault_runner_spent;

    } else {
        q = ngx_queue_head(&lane->ready);
        ngx_queue_remove(q);
        lane->waiting--;

        runner->ctx = ngx_queue_data(q, ngx_http_vault_ctx_t, lane);
        runner->since = now;
        runner->state = ngx_http_vault_runner_working;
    }

    ngx_http_vault_unlock();

    return runner->ctx;
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

    uint64_t               began;
    ngx_http_vault_ctx_t  *ctx;

    ngx_http_vault_spare_event_loop();
    ngx_http_vault_count_thread();

    began = ngx_http_vault_now();

    for ( ;; ) {
        ctx = ngx_http_vault_runner_next(runner, began);

        if (ctx == NULL) {
            break;
        }

        ctx->work(ctx);
    }

    ngx_http_vault_wipe_traces();
    ngx_http_vault_posted_done();
}
