/*
 * What the event loop (ngx_http_vault_compute.c) and the threads that it wakes
 * (ngx_http_vault_runner.c) have in common.
 */

#ifndef _NGX_HTTP_VAULT_COMPUTE_H_INCLUDED_
#define _NGX_HTTP_VAULT_COMPUTE_H_INCLUDED_


#include "ngx_http_vault_module.h"


#define NGX_HTTP_VAULT_RUNNERS  16     /* of a lane, at most */
#define NGX_HTTP_VAULT_BATCH    32     /* calls that a runner has, at most */


typedef enum {
    ngx_http_vault_runner_free = 0,
    ngx_http_vault_runner_posted,
    ngx_http_vault_runner_working,
    ngx_http_vault_runner_spent            /* not back on the event loop yet */
} ngx_http_vault_runner_state_e;


typedef struct ngx_http_vault_lane_s  ngx_http_vault_lane_t;


/* calls in order, and what one of them takes, as a rule */
typedef struct {
    ngx_queue_t                     calls;
    ngx_uint_t                      count;
    uint64_t                        time;  /* microseconds; 0: not known yet */
    ngx_uint_t                      runners;  /* that are not free */
} ngx_http_vault_list_t;


/* a task that takes calls from its lane */
typedef struct {
    ngx_thread_task_t               task;
    ngx_http_vault_lane_t          *lane;
    ngx_http_vault_list_t          *list;  /* it takes calls from */
    ngx_http_vault_runner_state_e   state;
    uint64_t                        began; /* its turn */
    ngx_uint_t                      answered;  /* calls, since then */

    /* what it took last, in order */
    uint64_t                        since;
    ngx_http_vault_ctx_t           *calls[NGX_HTTP_VAULT_BATCH];
    ngx_uint_t                      count;
    ngx_uint_t                      executed;  /* the first of them */
    ngx_uint_t                      computed;  /* the first of these */
} ngx_http_vault_runner_t;


struct ngx_http_vault_lane_s {
    ngx_http_vault_list_t           ready; /* as they came */
    ngx_http_vault_list_t           longs; /* executed: long computations */
    ngx_uint_t                      waiting_max;
    const char                     *busy;  /* what is answered beyond that */

    /* microseconds after which a runner ends; 0: after its first call */
    uint64_t                        turn;

    ngx_http_vault_runner_t         runners[NGX_HTTP_VAULT_RUNNERS];
};


typedef struct {
    ngx_thread_mutex_t              lock;  /* for moments; of lanes, too */
    ngx_queue_t                     done;  /* calls for the event loop */
    ngx_uint_t                      threads;     /* of the pool, seen so far */
    ngx_uint_t                      processors;  /* this process's */
} ngx_http_vault_shared_t;


extern ngx_http_vault_shared_t  ngx_http_vault_shared;


static ngx_inline void
ngx_http_vault_lock(void)
{
    (void) ngx_thread_mutex_lock(&ngx_http_vault_shared.lock, ngx_cycle->log);
}


static ngx_inline void
ngx_http_vault_unlock(void)
{
    (void) ngx_thread_mutex_unlock(&ngx_http_vault_shared.lock,
                                   ngx_cycle->log);
}


/* with the lock held: how many more runners what is long is worth */
ngx_uint_t ngx_http_vault_lane_longs(ngx_http_vault_lane_t *lane);

/* the handler of a runner's task: works for a turn, if there is so much */
void ngx_http_vault_runner_handler(void *data, ngx_log_t *log);


#endif /* _NGX_HTTP_VAULT_COMPUTE_H_INCLUDED_ */
