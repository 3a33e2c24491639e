#include "ngx_http_vault_module.h"

#include <sys/resource.h>


#define NGX_HTTP_VAULT_TICK         1000
#define NGX_HTTP_VAULT_CHECK_TRIES  20
#define NGX_HTTP_VAULT_CHECK_PAUSE  5


/* the answer of the child that checks the store */
typedef struct {
    vc_status_t  status;
    char         message[1024];
} ngx_http_vault_verdict_t;


uint64_t
ngx_http_vault_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000 + (uint64_t) ts.tv_nsec / 1000;
}


void
ngx_http_vault_log(vc_log_level_t level, const char *text)
{
    ngx_uint_t  ngx_level;

    switch (level) {

    case VC_LOG_ERROR:
        ngx_level = NGX_LOG_ERR;
        break;

    case VC_LOG_WARN:
        ngx_level = NGX_LOG_WARN;
        break;

    case VC_LOG_NOTICE:
        ngx_level = NGX_LOG_NOTICE;
        break;

    default:
        ngx_level = NGX_LOG_DEBUG;
    }

    ngx_log_error(ngx_level, ngx_cycle->log, 0, "vault: %s", text);
}


static void
ngx_http_vault_verdict(ngx_http_vault_main_conf_t *vmcf, ngx_fd_t fd)
{
    vc_error_t                err;
    ngx_http_vault_verdict_t  verdict;

    ngx_memzero(&err, sizeof(vc_error_t));
    ngx_memzero(&verdict, sizeof(ngx_http_vault_verdict_t));

    verdict.status = vc_engine_check(&vmcf->options, &err);

    (void) ngx_cpystrn((u_char *) verdict.message,
                       (u_char *) (err.detail[0] ? err.detail : err.message),
                       sizeof(verdict.message));

    (void) ngx_write_fd(fd, &verdict, sizeof(ngx_http_vault_verdict_t));
}


/*
 * In a child: the master never maps the store, which is open in workers that
 * write to it, and nothing that it finds there can bring the master down.
 */

static ngx_int_t
ngx_http_vault_ask_child(ngx_http_vault_main_conf_t *vmcf,
    ngx_http_vault_verdict_t *verdict, ngx_log_t *log)
{
    ssize_t   n;
    ngx_fd_t  fds[2];
    ngx_pid_t pid;

    if (pipe(fds) == -1) {
        ngx_log_error(NGX_LOG_EMERG, log, ngx_errno, "pipe() failed");
        return NGX_ERROR;
    }

    pid = fork();

    if (pid == 0) {
        vc_log_set_writer(NULL);
        ngx_http_vault_verdict(vmcf, fds[1]);
        _exit(0);
    }

    (void) close(fds[1]);

    do {
        n = (pid == -1) ? -1 : read(fds[0], verdict,
                                    sizeof(ngx_http_vault_verdict_t));
    } while (n == -1 && pid != -1 && ngx_errno == NGX_EINTR);

    (void) close(fds[0]);

    if (pid != -1) {
        (void) waitpid(pid, NULL, 0);
    }

    if (n != sizeof(ngx_http_vault_verdict_t)) {
        verdict->status = VC_INTERNAL;
        (void) ngx_cpystrn((u_char *) verdict->message,
                           (u_char *) "the check did not come to an end",
                           sizeof(verdict->message));
    }

    return NGX_OK;
}


/*
 * The check takes no lock, which would be a change on disk.  Workers that
 * write meanwhile can pull pages from under it, so that only what fails again
 * and again has failed.
 */

static ngx_int_t
ngx_http_vault_ask_children(ngx_http_vault_main_conf_t *vmcf,
    ngx_http_vault_verdict_t *verdict, ngx_log_t *log)
{
    ngx_uint_t  tries;

    for (tries = 0; tries < NGX_HTTP_VAULT_CHECK_TRIES; tries++) {

        if (tries != 0) {
            ngx_msleep(NGX_HTTP_VAULT_CHECK_PAUSE);
        }

        if (ngx_http_vault_ask_child(vmcf, verdict, log) != NGX_OK) {
            return NGX_ERROR;
        }

        if (verdict->status == VC_OK) {
            break;
        }
    }

    return NGX_OK;
}


/*
 * At every load of a configuration: with a store that does not open, a reload
 * would replace workers that serve by workers that cannot.
 */

ngx_int_t
ngx_http_vault_check_store(ngx_conf_t *cf, ngx_http_vault_main_conf_t *vmcf)
{
    ngx_http_vault_verdict_t  verdict;

    if (ngx_process == NGX_PROCESS_SIGNALLER) {
        return NGX_OK;
    }

    if (ngx_http_vault_ask_children(vmcf, &verdict, cf->log) != NGX_OK) {
        return NGX_ERROR;
    }

    if (verdict.status == VC_OK) {
        return NGX_OK;
    }

    if (verdict.status == VC_NOT_FOUND) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "there is no vault store at \"%V\", run: vaultctl init "
                      "(%s) in %V:%ui", &vmcf->store, verdict.message,
                      &vmcf->store_in, vmcf->store_at);
        return NGX_ERROR;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "the vault store \"%V\" cannot be used: %s: %s in %V:%ui",
                  &vmcf->store, vc_status_name(verdict.status),
                  verdict.message, &vmcf->store_in, vmcf->store_at);

    return NGX_ERROR;
}


static void
ngx_http_vault_close_store(void *data)
{
    ngx_http_vault_main_conf_t *vmcf = data;

    if (vmcf->store_fd != NGX_INVALID_FILE) {
        (void) close(vmcf->store_fd);
        vmcf->store_fd = NGX_INVALID_FILE;
    }
}


/* the store belongs to who the workers are, and nobody else looks in */

static ngx_int_t
ngx_http_vault_own_store(ngx_cycle_t *cycle, ngx_http_vault_main_conf_t *vmcf)
{
    ngx_uint_t        i;
    ngx_core_conf_t  *ccf;

    static const char  *files[] = { "data.mdb", "lock.mdb" };

    if (fchmod(vmcf->store_fd, 0700) == -1) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                      "the mode of \"%V\" cannot be set to 0700",
                      &vmcf->store);
        return NGX_ERROR;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    if (geteuid() != 0 || ccf->user == (ngx_uid_t) NGX_CONF_UNSET_UINT) {
        return NGX_OK;
    }

    for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (fchownat(vmcf->store_fd, files[i], ccf->user, ccf->group,
                     AT_SYMLINK_NOFOLLOW)
            == -1
            && ngx_errno != NGX_ENOENT)
        {
            goto failed;
        }
    }

    if (fchown(vmcf->store_fd, ccf->user, ccf->group) == 0) {
        return NGX_OK;
    }

failed:

    ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                  "the owner of \"%V\" cannot be changed", &vmcf->store);

    return NGX_ERROR;
}


static ngx_int_t
ngx_http_vault_take_store(ngx_cycle_t *cycle,
    ngx_http_vault_main_conf_t *vmcf)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cycle->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    vmcf->store_fd = open((char *) vmcf->store.data,
                          O_RDONLY|O_DIRECTORY|O_CLOEXEC);

    if (vmcf->store_fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, ngx_errno,
                      "the vault store \"%V\" cannot be opened",
                      &vmcf->store);
        return NGX_ERROR;
    }

    cln->handler = ngx_http_vault_close_store;
    cln->data = vmcf;

    return ngx_http_vault_own_store(cycle, vmcf);
}


/*
 * The master, before it makes workers; nothing on disk changes for "-t".  An
 * error here ends the master: no reload is worth that, and workers can do
 * without a change of owner that was made before.
 */

ngx_int_t
ngx_http_vault_init_module(ngx_cycle_t *cycle)
{
    ngx_http_vault_main_conf_t  *vmcf;

    vmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_vault_module);

    if (vmcf == NULL || vmcf->needed_at == 0 || ngx_test_config) {
        return NGX_OK;
    }

    if (ngx_http_vault_take_store(cycle, vmcf) == NGX_OK) {
        return NGX_OK;
    }

    return ngx_is_init_cycle(cycle->old_cycle) ? NGX_ERROR : NGX_OK;
}


/* no core file holds keys, unless "worker_rlimit_core" asks for core files */

static void
ngx_http_vault_harden(ngx_cycle_t *cycle)
{
    struct rlimit     none;
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    if (ccf->rlimit_core != NGX_CONF_UNSET) {
        ngx_log_error(NGX_LOG_WARN, cycle->log, 0,
                      "worker_rlimit_core is set: core files of workers "
                      "would hold secrets and keys");
        return;
    }

    none.rlim_cur = 0;
    none.rlim_max = 0;

    if (setrlimit(RLIMIT_CORE, &none) == -1
        || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
    {
        ngx_log_error(NGX_LOG_ALERT, cycle->log, ngx_errno,
                      "core files cannot be switched off");
    }
}


static void
ngx_http_vault_tick(ngx_event_t *ev)
{
    ngx_http_vault_main_conf_t *vmcf = ev->data;

    if (ngx_exiting) {
        return;
    }

    if (vmcf->asked || !ngx_queue_empty(&vmcf->requests)) {
        vmcf->asked = 0;
        vmcf->idle = 0;

    } else if (!vmcf->idle) {
        vmcf->idle = 1;
        vc_engine_idle(vmcf->engine);
    }

    if (vc_engine_housekeeping_due(vmcf->engine)) {
        ngx_http_vault_offload_housekeeping(vmcf);
    }

    ngx_http_vault_wipe_traces();

    ngx_add_timer(ev, NGX_HTTP_VAULT_TICK);
}


static void
ngx_http_vault_rest(ngx_event_t *ev)
{
    ngx_http_vault_main_conf_t *vmcf = ev->data;

    vc_engine_rest(vmcf->engine);
}


/*
 * The store by the descriptor that the master opened: the path can lie where
 * the workers' user may not go.
 */

static const char *
ngx_http_vault_store_path(ngx_cycle_t *cycle,
    ngx_http_vault_main_conf_t *vmcf)
{
    u_char  *path;

    path = ngx_pnalloc(cycle->pool, sizeof("/proc/self/fd/") + NGX_INT64_LEN);
    if (path == NULL) {
        return NULL;
    }

    (void) ngx_sprintf(path, "/proc/self/fd/%d%Z", vmcf->store_fd);

    return (access((char *) path, X_OK) == 0) ? (char *) path
                                              : (char *) vmcf->store.data;
}


ngx_int_t
ngx_http_vault_init_process(ngx_cycle_t *cycle)
{
    vc_error_t                   err;
    ngx_http_vault_main_conf_t  *vmcf;

    vmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_vault_module);

    if (vmcf == NULL || vmcf->needed_at == 0
        || (ngx_process != NGX_PROCESS_WORKER
            && ngx_process != NGX_PROCESS_SINGLE))
    {
        return NGX_OK;
    }

    ngx_memzero(&err, sizeof(vc_error_t));

    vmcf->options.store_path = ngx_http_vault_store_path(cycle, vmcf);
    if (vmcf->options.store_path == NULL) {
        return NGX_ERROR;
    }

    if (vc_engine_open(&vmcf->options, &vmcf->engine, &err) != VC_OK) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0,
                      "the vault store \"%V\" cannot be opened: %s %s",
                      &vmcf->store, err.message, err.detail);
        vmcf->engine = NULL;
        return NGX_ERROR;
    }

    if (ngx_http_vault_compute_init(cycle, vmcf->key_thread_pool) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_vault_harden(cycle);

    vmcf->rest.handler = ngx_http_vault_rest;
    vmcf->rest.data = vmcf;
    vmcf->rest.log = cycle->log;

    vmcf->tick.handler = ngx_http_vault_tick;
    vmcf->tick.data = vmcf;
    vmcf->tick.log = cycle->log;
    vmcf->tick.cancelable = 1;

    ngx_add_timer(&vmcf->tick, NGX_HTTP_VAULT_TICK);

    return NGX_OK;
}


/*
 * After a graceful shutdown no request is left.  After a fast one there can
 * be: what was begun is finished, recorded as unanswered, and cleared.
 */

void
ngx_http_vault_exit_process(ngx_cycle_t *cycle)
{
    ngx_queue_t                 *q;
    ngx_http_vault_ctx_t        *ctx;
    ngx_http_vault_main_conf_t  *vmcf;

    vmcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_vault_module);

    if (vmcf == NULL || vmcf->engine == NULL) {
        return;
    }

    ngx_http_vault_offload_drain();
    ngx_http_vault_end_partners();

    while (!ngx_queue_empty(&vmcf->requests)) {
        q = ngx_queue_head(&vmcf->requests);
        ctx = ngx_queue_data(q, ngx_http_vault_ctx_t, queue);

        ngx_queue_remove(q);
        ngx_http_vault_audit_record(ctx);
        vc_call_destroy(ctx->call);
        ctx->call = NULL;
    }

    ngx_http_vault_audit_write_notes(vmcf);
    ngx_http_vault_audit_flush_all(vmcf);

    vc_engine_close(vmcf->engine);
    vmcf->engine = NULL;

    ngx_http_vault_offload_await_threads();
}
