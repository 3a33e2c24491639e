#include "ngx_http_vault_module.h"

#include <dirent.h>
#include <sched.h>


typedef struct {
    ngx_http_vault_ctx_t    *ctx;
    ngx_http_vault_work_pt   work;
} ngx_http_vault_task_t;


static void ngx_http_vault_task_done(ngx_event_t *ev);


/* tasks that no thread has finished yet */
static ngx_atomic_t  ngx_http_vault_unfinished;


void
ngx_http_vault_posted_done(void)
{
    (void) ngx_atomic_fetch_add(&ngx_http_vault_unfinished, -1);
}


/*
 * A thread that has just been woken would take the processor from the event
 * loop that woke it, in the middle of its turn and with the pool's lock held,
 * only to wait for that.  As a batch it gets its share, but lets others finish.
 */

void
ngx_http_vault_spare_event_loop(void)
{
#ifdef SCHED_BATCH
    static __thread ngx_uint_t  spared;

    struct sched_param  param;

    if (!spared) {
        spared = 1;
        ngx_memzero(&param, sizeof(struct sched_param));
        (void) pthread_setschedparam(pthread_self(), SCHED_BATCH, &param);
    }
#endif
}


static void
ngx_http_vault_task_run(void *data, ngx_log_t *log)
{
    ngx_http_vault_task_t *task = data;

    ngx_http_vault_spare_event_loop();

    task->work(task->ctx);
    ngx_http_vault_wipe_traces();

    ngx_http_vault_posted_done();
}


ngx_int_t
ngx_http_vault_post(ngx_thread_pool_t *pool, ngx_thread_task_t *task)
{
    (void) ngx_atomic_fetch_add(&ngx_http_vault_unfinished, 1);

    if (ngx_thread_task_post(pool, task) == NGX_OK) {
        return NGX_OK;
    }

    ngx_http_vault_posted_done();

    return NGX_ERROR;
}


void
ngx_http_vault_slow(ngx_http_vault_ctx_t *ctx)
{
    ngx_connection_t  *c;

    c = ctx->request->connection;

    ngx_http_set_log_request(c->log, ctx->request);

    ngx_log_error(NGX_LOG_ALERT, c->log, 0,
                  "a vault operation takes more than a minute");
}


void
ngx_http_vault_hold(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx)
{
    ctx->busy = 1;
    r->main->blocked++;
    r->aio = 1;
}


void
ngx_http_vault_resume(ngx_http_vault_ctx_t *ctx)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = ctx->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, c->log, 0, "vault thread is done");

    ctx->busy = 0;
    r->main->blocked--;
    r->aio = 0;

    /* if the request was terminated meanwhile, this closes it */

    r->write_event_handler(r);

    ngx_http_run_posted_requests(c);
}


ngx_int_t
ngx_http_vault_offload(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx,
    ngx_http_vault_work_pt work)
{
    ngx_thread_task_t           *task;
    ngx_http_vault_task_t       *vt;
    ngx_http_vault_main_conf_t  *vmcf;

    vmcf = ngx_http_get_module_main_conf(r, ngx_http_vault_module);
    task = ngx_thread_task_alloc(r->pool, sizeof(ngx_http_vault_task_t));

    if (task == NULL) {
        goto failed;
    }

    vt = task->ctx;
    vt->ctx = ctx;
    vt->work = work;

    task->handler = ngx_http_vault_task_run;
    task->event.data = ctx;
    task->event.log = r->connection->log;
    task->event.handler = ngx_http_vault_task_done;

    if (ngx_http_vault_post(vmcf->thread_pool, task) != NGX_OK) {
        goto failed;
    }

    ngx_add_timer(&task->event, NGX_HTTP_VAULT_SLOW);

    ngx_http_vault_hold(r, ctx);

    return NGX_OK;

failed:

    vc_call_fail(ctx->call, VC_UNAVAILABLE,
                 "The service is busy; nothing was done. Try again.");

    return NGX_ERROR;
}


static void
ngx_http_vault_task_done(ngx_event_t *ev)
{
    ngx_http_vault_ctx_t *ctx = ev->data;

    if (ev->timedout) {
        ngx_http_vault_slow(ctx);
        ev->timedout = 0;
        ngx_add_timer(ev, NGX_HTTP_VAULT_SLOW);
        return;
    }

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    ngx_http_vault_resume(ctx);
}


static void
ngx_http_vault_housekeep(void *data, ngx_log_t *log)
{
    ngx_http_vault_main_conf_t *vmcf = data;

    ngx_http_vault_spare_event_loop();

    vc_engine_housekeeping_run(vmcf->engine);
    ngx_http_vault_wipe_traces();

    ngx_http_vault_posted_done();
}


static void
ngx_http_vault_housekept(ngx_event_t *ev)
{
    ngx_http_vault_main_conf_t *vmcf = ev->data;

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, ev->log, 0, "vault housekeeping done");

    ngx_http_vault_audit_write_notes(vmcf);
}


void
ngx_http_vault_offload_housekeeping(ngx_http_vault_main_conf_t *vmcf)
{
    ngx_thread_task_t  *task;

    task = &vmcf->housekeeping;

    if (task->event.active) {
        return;
    }

    task->ctx = vmcf;
    task->handler = ngx_http_vault_housekeep;
    task->event.data = vmcf;
    task->event.log = ngx_cycle->log;
    task->event.handler = ngx_http_vault_housekept;

    /* a full queue: the next tick asks again */

    (void) ngx_http_vault_post(vmcf->thread_pool, task);
}


void
ngx_http_vault_offload_drain(void)
{
    while (ngx_http_vault_unfinished != 0) {
        ngx_msleep(1);
    }
}


static ngx_uint_t
ngx_http_vault_other_threads(void)
{
    DIR            *dir;
    ngx_uint_t      n;
    struct dirent  *de;

    dir = opendir("/proc/self/task");
    if (dir == NULL) {
        return 0;
    }

    for (n = 0; (de = readdir(dir)) != NULL; /* void */ ) {
        n += (de->d_name[0] != '.');
    }

    (void) closedir(dir);

    return (n > 1) ? n - 1 : 0;
}


/*
 * nginx's pools count a thread as ended before it is: what OpenSSL keeps of it
 * is freed a moment later, and when the process exits just then OpenSSL reads
 * it after that.  Threads that are somebody else's are not waited for long.
 */

void
ngx_http_vault_offload_await_threads(void)
{
    ngx_uint_t  i;

    for (i = 0; i < 100 && ngx_http_vault_other_threads() != 0; i++) {
        ngx_msleep(1);
    }
}
