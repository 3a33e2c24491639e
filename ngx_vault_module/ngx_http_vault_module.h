/*
 * The nginx side of the vault.  Of the library it knows vaultcore.h only.
 *
 *     ngx_http_vault_module.c      tables, configuration, start checks
 *     ngx_http_vault_directives.c  one parser a directive, but for
 *     ngx_http_vault_planes.c      those that say what a location serves
 *     ngx_http_vault_authority.c   the one with the most parameters, and
 *     ngx_http_vault_identities.c  the one for client certificates
 *     ngx_http_vault_complete.c    what all of them must make together
 *     ngx_http_vault_certificate.c whose a client certificate is
 *     ngx_http_vault_request.c     context, access and content phases
 *     ngx_http_vault_variables.c   variables, made when they are read
 *     ngx_http_vault_body.c        the request body, in memory, bounded
 *     ngx_http_vault_execute.c     executes, where it should be executed
 *     ngx_http_vault_offload.c     work on a thread of the pool
 *     ngx_http_vault_compute.c     what keys compute, on threads, in batches
 *     ngx_http_vault_runner.c      those threads
 *     ngx_http_vault_helper.c      long computations, at the lowest priority
 *     ngx_http_vault_send.c        the response
 *     ngx_http_vault_wipe.c        clears what nginx's buffers held
 *     ngx_http_vault_traces.c      clears registers and stack
 *     ngx_http_vault_audit.c       access records, from the log phase
 *     ngx_http_vault_process.c     what each process opens, ticks and closes
 */

#ifndef _NGX_HTTP_VAULT_MODULE_H_INCLUDED_
#define _NGX_HTTP_VAULT_MODULE_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include <ngx_thread_pool.h>

#include "vaultcore.h"


/* where access records go: a file, and what is not written to it yet */
typedef struct {
    ngx_open_file_t            *file;
    u_char                     *start;     /* NULL until the first record */
    u_char                     *last;
    u_char                     *end;
    ngx_event_t                 flush;     /* posted: end of this turn */
    ngx_uint_t                  lost;      /* records that found no room */
    time_t                      complained;
    unsigned                    everything:1; /* of "vault_audit"; else only
                                                 what settings send here */
} ngx_http_vault_audit_t;


/* what diagnostic settings can name, and where its records go */
typedef struct {
    vc_str_t                    id;
    ngx_http_vault_audit_t     *audit;
} ngx_http_vault_destination_t;


typedef struct {
    ngx_str_t                   store;     /* as configured, full path */
    ngx_str_t                   store_in;  /* where it stands, for messages */
    ngx_uint_t                  store_at;
    ngx_str_t                   seal_path;
    ngx_thread_pool_t          *thread_pool;
    ngx_thread_pool_t          *key_thread_pool;
    ngx_array_t                 authorities;  /* vc_authority_options_t, … */
    ngx_array_t                 attestations; /* … both */
    ngx_array_t                 resources;    /* vc_str_t */
    ngx_array_t                 audits;       /* ngx_http_vault_audit_t * */
    ngx_array_t                 destinations; /* ngx_http_vault_destination_t */
    vc_engine_options_t         options;
    ngx_uint_t                  access_authorities;
    ngx_str_t                   federation_in;  /* the first with it … */
    ngx_uint_t                  federation_at;  /* … 0: none */

    /* the first directive that needs all this, for messages; 0: none does */
    ngx_str_t                   needed_in;
    ngx_uint_t                  needed_at;

    ngx_fd_t                    store_fd;  /* opened by the master */

    /* each worker's own */
    vc_engine_t                *engine;
    ngx_queue_t                 requests;  /* contexts with a call */
    ngx_event_t                 tick;
    ngx_event_t                 rest;      /* posted: end of this turn */
    ngx_thread_task_t           housekeeping;
    u_char                     *notes;     /* records of what it did … */
    size_t                      notes_len; /* … that no file has yet */
    unsigned                    asked:1;   /* since the last tick */
    unsigned                    idle:1;    /* and said so to the engine */
} ngx_http_vault_main_conf_t;


typedef struct {
    ngx_uint_t                  serves;    /* some plane */
    vc_plane_t                  plane;
    vc_str_t                    resource;  /* what tokens must be for */
    ngx_str_t                   file;      /* where it says so, for messages */
    ngx_uint_t                  line;
    ngx_http_vault_audit_t     *audit;     /* NULL: off */
    ngx_array_t                *identities;    /* of certificates; NULL: … */
    ngx_str_t                   identities_in; /* … nobody's */
    ngx_uint_t                  identities_at;
} ngx_http_vault_loc_conf_t;


typedef struct ngx_http_vault_ctx_s  ngx_http_vault_ctx_t;

typedef void (*ngx_http_vault_work_pt)(ngx_http_vault_ctx_t *ctx);

struct ngx_http_vault_ctx_s {
    ngx_queue_t                 queue;
    ngx_http_request_t         *request;
    ngx_http_vault_loc_conf_t  *conf;
    vc_call_t                  *call;
    uint64_t                    started;   /* monotonic, microseconds */

    u_char                     *body;      /* in the call's arena */
    size_t                      body_len;
    size_t                      body_size;
    size_t                      body_limit;

    unsigned                    decided:1; /* authorized, or refused */
    unsigned                    refused:1;
    unsigned                    fetched:1; /* keys, once */
    unsigned                    change:1;  /* executed, and no mere reading */
    unsigned                    busy:1;    /* with a thread, or waits for one */
    unsigned                    recorded:1;

    ngx_queue_t                 lane;      /* while it is busy computing */
};


extern ngx_module_t  ngx_http_vault_module;


static ngx_inline vc_str_t
ngx_http_vault_view(const ngx_str_t *s)
{
    vc_str_t  view = { s->data, s->len };

    return view;
}


/* directives */

char *ngx_http_vault_store(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_vault_seal(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_vault_authority(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_vault_thread_pool(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_vault_region(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_vault_vault(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_vault_management(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_vault_local_authority(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_vault_destination(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_vault_audit(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

char *ngx_http_vault_client_certificate(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* for parsers: "name=value" (0: the argument has another name) … */
ngx_uint_t ngx_http_vault_option(ngx_str_t *arg, const char *name,
    ngx_str_t *value);
/* … which other names there are, as an error … */
char *ngx_http_vault_unknown(ngx_conf_t *cf, ngx_str_t *arg,
    const char *known);
/* … and a path, relative to nginx's prefix unless it is absolute */
ngx_int_t ngx_http_vault_path(ngx_conf_t *cf, ngx_str_t *arg,
    ngx_str_t *path);

/* when all of them are read: errors, and the options of the library */
ngx_int_t ngx_http_vault_complete(ngx_conf_t *cf,
    ngx_http_vault_main_conf_t *vmcf);

/* request */

/* the context that the request has, NULL: none */
ngx_http_vault_ctx_t *ngx_http_vault_find_ctx(ngx_http_request_t *r);
/*
 * The same; in a location that serves a vault or an authority it is made,
 * with a routed call, on the first need.  NULL: no such location, a
 * subrequest, no engine, or no memory.
 */
ngx_http_vault_ctx_t *ngx_http_vault_get_ctx(ngx_http_request_t *r);
ngx_int_t ngx_http_vault_access_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_vault_handler(ngx_http_request_t *r);

ngx_int_t ngx_http_vault_add_variables(ngx_conf_t *cf);

/* certificate */

/* when a location is complete: whether it can come to know anybody */
ngx_int_t ngx_http_vault_check_identities(ngx_conf_t *cf,
    ngx_http_vault_loc_conf_t *vlcf);
/* who has shown a certificate, if it has sent no Authorization */
void ngx_http_vault_recognize(ngx_http_request_t *r,
    ngx_http_vault_loc_conf_t *vlcf, vc_request_t *request);

/* body */

/*
 * Reads the body and executes, as a content handler: NGX_DONE, or what
 * to finalize the request with.
 */
ngx_int_t ngx_http_vault_read_body(ngx_http_request_t *r,
    ngx_http_vault_ctx_t *ctx, size_t limit);

/* execute */

/* executes; NGX_OK: the answer is there, NGX_AGAIN: a thread makes it */
ngx_int_t ngx_http_vault_execute(ngx_http_request_t *r,
    ngx_http_vault_ctx_t *ctx);
/* what that thread does; something can be left to compute then */
void ngx_http_vault_work(ngx_http_vault_ctx_t *ctx);
/* the write event handler that sends the answer once a thread has made it */
void ngx_http_vault_finish(ngx_http_request_t *r);

/* offload */

/*
 * A worker that shuts down gracefully leaves once no timer is set: one of this
 * length is set while threads work on calls.
 */
#define NGX_HTTP_VAULT_SLOW  60000

/*
 * Runs work on a thread, then r->write_event_handler on the event loop.
 * Until that the request cannot go away.  NGX_ERROR: the pool's queue is
 * full, and the call has a 503 as its answer.
 */
ngx_int_t ngx_http_vault_offload(ngx_http_request_t *r,
    ngx_http_vault_ctx_t *ctx, ngx_http_vault_work_pt work);

/* the parts of it: from now on a thread has the call … */
void ngx_http_vault_hold(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx);
/* … it has it for a minute … */
void ngx_http_vault_slow(ngx_http_vault_ctx_t *ctx);
/* … and now the event loop has it again.  The request can be gone then. */
void ngx_http_vault_resume(ngx_http_vault_ctx_t *ctx);
/* for a thread of a pool: it will not interrupt the event loop from now on */
void ngx_http_vault_spare_event_loop(void);

/* a task for which ngx_http_vault_offload_drain() waits … */
ngx_int_t ngx_http_vault_post(ngx_thread_pool_t *pool,
    ngx_thread_task_t *task);
/* … until its handler, as the last thing, calls this */
void ngx_http_vault_posted_done(void);

/* housekeeping of this worker; does nothing while the last one still runs */
void ngx_http_vault_offload_housekeeping(ngx_http_vault_main_conf_t *vmcf);
/* waits until no thread works for the vault any more; only when exiting */
void ngx_http_vault_offload_drain(void);
/* waits until the threads of the pools are gone; the last thing */
void ngx_http_vault_offload_await_threads(void);

/* compute */

/*
 * ngx_http_vault_work() and what it leaves to compute, as with
 * ngx_http_vault_offload(), in the pool for keys.  Computing is handed over
 * and comes back for many calls at a time.  Keys are made by some of the
 * threads only, in order, and few may wait.
 */
ngx_int_t ngx_http_vault_compute(ngx_http_request_t *r,
    ngx_http_vault_ctx_t *ctx);
/* once a worker */
ngx_int_t ngx_http_vault_compute_init(ngx_cycle_t *cycle,
    ngx_thread_pool_t *pool);

/* helper */

/* vc_engine_options_t.compute and .ending */
void ngx_http_vault_compute_aside(void (*work)(void *data), void *data);
bool ngx_http_vault_ending(void);
/* ends its threads; when no thread of a pool computes any more */
void ngx_http_vault_end_partners(void);

/* send, wipe, audit */

/* sends the call's response; what to finalize the request with */
ngx_int_t ngx_http_vault_send(ngx_http_request_t *r,
    ngx_http_vault_ctx_t *ctx);

/* clears the copies that nginx's buffers hold of a request's parts */
void ngx_http_vault_wipe_request(ngx_http_request_t *r);
/* and this thread's vector registers and stack, before it sleeps */
void ngx_http_vault_wipe_traces(void);

/* a path for access records; the same path gives the same writer */
ngx_http_vault_audit_t *ngx_http_vault_audit_open(ngx_conf_t *cf,
    ngx_str_t *path);
ngx_int_t ngx_http_vault_log_handler(ngx_http_request_t *r);
/* once; its status is what nginx has sent, 499 if that is nothing */
void ngx_http_vault_audit_record(ngx_http_vault_ctx_t *ctx);
/* the same, and writes it now, if the operation can have changed something */
void ngx_http_vault_audit_mutation(ngx_http_vault_ctx_t *ctx);
void ngx_http_vault_audit_flush_all(ngx_http_vault_main_conf_t *vmcf);
/* keeps a record that housekeeping made, on its thread … */
void ngx_http_vault_audit_note(vc_str_t line);
/* … and writes those to all files, when it is over, on the event loop */
void ngx_http_vault_audit_write_notes(ngx_http_vault_main_conf_t *vmcf);

uint64_t ngx_http_vault_now(void);

/* process */

void ngx_http_vault_log(vc_log_level_t level, const char *text);
/* asks the library, in a child process, whether the store can be opened */
ngx_int_t ngx_http_vault_check_store(ngx_conf_t *cf,
    ngx_http_vault_main_conf_t *vmcf);
ngx_int_t ngx_http_vault_init_module(ngx_cycle_t *cycle);
ngx_int_t ngx_http_vault_init_process(ngx_cycle_t *cycle);
void ngx_http_vault_exit_process(ngx_cycle_t *cycle);


#endif /* _NGX_HTTP_VAULT_MODULE_H_INCLUDED_ */
