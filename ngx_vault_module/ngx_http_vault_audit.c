#include "ngx_http_vault_module.h"


#define NGX_HTTP_VAULT_AUDIT_SIZE      65536
#define NGX_HTTP_VAULT_AUDIT_LINE      4096   /* more than most take */
#define NGX_HTTP_VAULT_AUDIT_COMPLAIN  10     /* seconds between messages */
#define NGX_HTTP_VAULT_AUDITS          16     /* files for one record */


static void ngx_http_vault_audit_flush(ngx_http_vault_audit_t *audit);


static void
ngx_http_vault_audit_flush_event(ngx_event_t *ev)
{
    ngx_http_vault_audit_flush(ev->data);
}


/* nginx is about to open the file anew; the lines belong to the old one */

static void
ngx_http_vault_audit_flush_file(ngx_open_file_t *file, ngx_log_t *log)
{
    ngx_http_vault_audit_flush(file->data);
}


/* "nginx -t" makes no file: it looks whether one could be made */

static ngx_int_t
ngx_http_vault_audit_test(ngx_conf_t *cf, ngx_str_t *path)
{
    u_char     *p;
    ngx_str_t   name;

    name.len = path->len;
    name.data = ngx_pnalloc(cf->pool, path->len + 1);
    if (name.data == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_cpystrn(name.data, path->data, path->len + 1);

    if (ngx_conf_full_name(cf->cycle, &name, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    if (access((char *) name.data, W_OK) == 0) {
        return NGX_OK;
    }

    if (ngx_errno == NGX_ENOENT) {
        for (p = name.data + name.len; p[-1] != '/'; p--) { /* void */ }

        *p = '\0';

        if (access((char *) name.data, W_OK|X_OK) == 0) {
            return NGX_OK;
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                       "access records cannot be written to \"%V\"", path);

    return NGX_ERROR;
}


ngx_http_vault_audit_t *
ngx_http_vault_audit_open(ngx_conf_t *cf, ngx_str_t *path)
{
    ngx_open_file_t             *file;
    ngx_http_vault_audit_t      *audit, **added;
    ngx_http_vault_main_conf_t  *vmcf;

    if (ngx_test_config) {
        return (ngx_http_vault_audit_test(cf, path) == NGX_OK)
               ? ngx_pcalloc(cf->pool, sizeof(ngx_http_vault_audit_t)) : NULL;
    }

    file = ngx_conf_open_file(cf->cycle, path);
    if (file == NULL) {
        return NULL;
    }

    if (file->flush == ngx_http_vault_audit_flush_file) {
        return file->data;
    }

    if (file->data != NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is another log's file already, access "
                           "records need a file of their own", path);
        return NULL;
    }

    vmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_vault_module);
    audit = ngx_pcalloc(cf->pool, sizeof(ngx_http_vault_audit_t));
    added = ngx_array_push(&vmcf->audits);

    if (audit == NULL || added == NULL) {
        return NULL;
    }

    *added = audit;

    audit->file = file;
    audit->flush.data = audit;
    audit->flush.handler = ngx_http_vault_audit_flush_event;
    file->data = audit;
    file->flush = ngx_http_vault_audit_flush_file;

    return audit;
}


static void
ngx_http_vault_audit_complain(ngx_http_vault_audit_t *audit, ngx_err_t err)
{
    if (ngx_time() - audit->complained < NGX_HTTP_VAULT_AUDIT_COMPLAIN) {
        return;
    }

    audit->complained = ngx_time();

    ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, err,
                  "access records cannot be written to \"%V\", "
                  "%ui of them are lost so far",
                  &audit->file->name, audit->lost);
}


/* how many bytes were written; less than len: the rest could not be */

static size_t
ngx_http_vault_audit_write(ngx_http_vault_audit_t *audit, const u_char *p,
    size_t len)
{
    size_t   done;
    ssize_t  n;

    for (done = 0; done < len; /* void */ ) {
        n = write(audit->file->fd, p + done, len - done);

        if (n > 0) {
            done += (size_t) n;
            continue;
        }

        if (n == -1 && ngx_errno == NGX_EINTR) {
            continue;
        }

        ngx_http_vault_audit_complain(audit, (n == -1) ? ngx_errno : 0);
        break;
    }

    return done;
}


/* what cannot be written waits for the next time */

static void
ngx_http_vault_audit_flush(ngx_http_vault_audit_t *audit)
{
    size_t  len, done;

    len = (size_t) (audit->last - audit->start);

    if (len == 0) {
        return;
    }

    done = ngx_http_vault_audit_write(audit, audit->start, len);

    if (done < len) {
        ngx_memmove(audit->start, audit->start + done, len - done);
    }

    audit->last = audit->start + (len - done);
}


static ngx_int_t
ngx_http_vault_audit_buffer(ngx_http_vault_audit_t *audit)
{
    if (audit->start != NULL) {
        return NGX_OK;
    }

    audit->start = ngx_palloc(ngx_cycle->pool, NGX_HTTP_VAULT_AUDIT_SIZE);
    if (audit->start == NULL) {
        return NGX_ERROR;
    }

    audit->last = audit->start;
    audit->end = audit->start + NGX_HTTP_VAULT_AUDIT_SIZE;
    audit->flush.log = ngx_cycle->log;

    return NGX_OK;
}


/*
 * A line that found no room: what waits is written first.  Most lines have
 * room then; one that is longer than the whole buffer is written by itself.
 */

static void
ngx_http_vault_audit_add(ngx_http_vault_audit_t *audit, vc_str_t line)
{
    ngx_http_vault_audit_flush(audit);

    if (line.len <= (size_t) (audit->end - audit->last)) {
        audit->last = ngx_cpymem(audit->last, line.data, line.len);
        return;
    }

    if (audit->last != audit->start
        || ngx_http_vault_audit_write(audit, line.data, line.len) != line.len)
    {
        audit->lost++;
    }
}


static int
ngx_http_vault_audit_status(ngx_http_request_t *r)
{
    if (r->err_status) {
        return (int) r->err_status;
    }

    return r->headers_out.status ? (int) r->headers_out.status
                                 : NGX_HTTP_CLIENT_CLOSED_REQUEST;
}


/* a record is made where it is written from, as a rule */

static ngx_int_t
ngx_http_vault_audit_line(ngx_http_vault_audit_t *audit,
    ngx_http_vault_ctx_t *ctx)
{
    int        status;
    vc_buf_t   line;
    uint64_t   duration;

    if (ngx_http_vault_audit_buffer(audit) != NGX_OK) {
        return NGX_ERROR;
    }

    status = ngx_http_vault_audit_status(ctx->request);
    duration = ngx_http_vault_now() - ctx->started;

    vc_buf_fixed(&line, audit->last, (size_t) (audit->end - audit->last));
    vc_call_record(ctx->call, status, duration, &line);

    if (!line.failed) {
        audit->last += line.len;
        return NGX_OK;
    }

    vc_buf_init(&line, vc_call_arena(ctx->call), NGX_HTTP_VAULT_AUDIT_LINE);
    vc_call_record(ctx->call, status, duration, &line);

    if (line.failed) {
        return NGX_ERROR;
    }

    ngx_http_vault_audit_add(audit, vc_buf_view(&line));

    return NGX_OK;
}


static void
ngx_http_vault_audit_put(ngx_http_vault_audit_t *audit,
    ngx_http_vault_ctx_t *ctx)
{
    if (ngx_http_vault_audit_line(audit, ctx) != NGX_OK) {
        audit->lost++;
        ngx_http_vault_audit_complain(audit, NGX_ENOMEM);
        return;
    }

    /* the lines of one turn of the event loop leave in one write */

    if (audit->last != audit->start) {
        ngx_post_event(&audit->flush, &ngx_posted_events);
    }
}


static ngx_http_vault_audit_t *
ngx_http_vault_audit_of(ngx_array_t *destinations, vc_str_t id)
{
    ngx_uint_t                     i;
    ngx_http_vault_destination_t  *destination;

    destination = destinations->elts;

    for (i = 0; i < destinations->nelts; i++) {

        if (vc_str_ieq(destination[i].id, id)) {
            return destination[i].audit;
        }
    }

    return NULL;
}


/*
 * Where a record goes: to the file of the location, and to those that the
 * vault's diagnostic settings name, to each once.  What they name can have
 * gone from the configuration since.
 */

static ngx_uint_t
ngx_http_vault_audit_targets(ngx_http_vault_ctx_t *ctx,
    ngx_http_vault_audit_t **audits)
{
    size_t                       i, count;
    ngx_uint_t                   j, n;
    vc_str_t                     ids[NGX_HTTP_VAULT_AUDITS];
    ngx_http_vault_audit_t      *audit;
    ngx_http_vault_main_conf_t  *vmcf;

    vmcf = ngx_http_get_module_main_conf(ctx->request, ngx_http_vault_module);
    count = vc_call_destinations(ctx->call, ids, NGX_HTTP_VAULT_AUDITS);
    count = ngx_min(count, NGX_HTTP_VAULT_AUDITS);
    n = 0;

    if (ctx->conf->audit != NULL) {
        audits[n++] = ctx->conf->audit;
    }

    for (i = 0; i < count && n < NGX_HTTP_VAULT_AUDITS; i++) {
        audit = ngx_http_vault_audit_of(&vmcf->destinations, ids[i]);

        for (j = 0; j < n && audits[j] != audit; j++) { /* void */ }

        if (audit != NULL && j == n) {
            audits[n++] = audit;
        }
    }

    return n;
}


void
ngx_http_vault_audit_record(ngx_http_vault_ctx_t *ctx)
{
    ngx_uint_t               i, n;
    ngx_http_vault_audit_t  *audits[NGX_HTTP_VAULT_AUDITS];

    if (ctx->recorded) {
        return;
    }

    ctx->recorded = 1;

    n = ngx_http_vault_audit_targets(ctx, audits);

    for (i = 0; i < n; i++) {
        ngx_http_vault_audit_put(audits[i], ctx);
    }
}


/* no answer that tells of a change leaves before the record of it */

void
ngx_http_vault_audit_mutation(ngx_http_vault_ctx_t *ctx)
{
    ngx_uint_t               i, n;
    ngx_http_vault_audit_t  *audits[NGX_HTTP_VAULT_AUDITS];

    if (!ctx->change) {
        return;
    }

    ngx_http_vault_audit_record(ctx);

    n = ngx_http_vault_audit_targets(ctx, audits);

    for (i = 0; i < n; i++) {
        ngx_http_vault_audit_flush(audits[i]);
    }
}


ngx_int_t
ngx_http_vault_log_handler(ngx_http_request_t *r)
{
    ngx_http_vault_ctx_t  *ctx;

    ctx = ngx_http_vault_find_ctx(r);

    if (ctx != NULL) {
        ngx_http_vault_audit_record(ctx);
    }

    return NGX_OK;
}


void
ngx_http_vault_audit_flush_all(ngx_http_vault_main_conf_t *vmcf)
{
    ngx_uint_t                i;
    ngx_http_vault_audit_t  **audit;

    audit = vmcf->audits.elts;

    for (i = 0; i < vmcf->audits.nelts; i++) {
        ngx_http_vault_audit_flush(audit[i]);
    }
}


/*
 * Files are opened anew by the event loop, so that a thread does not write to
 * them.  What housekeeping notes waits until it is over, in the C library's
 * memory: a pool is the event loop's, too.
 */

void
ngx_http_vault_audit_note(vc_str_t line)
{
    u_char                      *p;
    ngx_http_vault_main_conf_t  *vmcf;

    vmcf = ngx_http_cycle_get_module_main_conf(ngx_cycle,
                                               ngx_http_vault_module);

    p = realloc(vmcf->notes, vmcf->notes_len + line.len);

    if (p == NULL) {
        ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, ngx_errno,
                      "no memory for an access record: %*s",
                      line.len, line.data);
        return;
    }

    ngx_memcpy(p + vmcf->notes_len, line.data, line.len);

    vmcf->notes = p;
    vmcf->notes_len += line.len;
}


/* which location a vault is served by is not known: each file of a
   "vault_audit" gets them */

void
ngx_http_vault_audit_write_notes(ngx_http_vault_main_conf_t *vmcf)
{
    vc_str_t                  lines = { vmcf->notes, vmcf->notes_len };
    ngx_uint_t                i;
    ngx_http_vault_audit_t  **audit;

    if (lines.len == 0) {
        return;
    }

    audit = vmcf->audits.elts;

    for (i = 0; i < vmcf->audits.nelts; i++) {

        if (!audit[i]->everything) {
            continue;
        }

        if (ngx_http_vault_audit_buffer(audit[i]) != NGX_OK) {
            audit[i]->lost++;
            ngx_http_vault_audit_complain(audit[i], NGX_ENOMEM);
            continue;
        }

        ngx_http_vault_audit_add(audit[i], lines);
        ngx_http_vault_audit_flush(audit[i]);
    }

    free(vmcf->notes);

    vmcf->notes = NULL;
    vmcf->notes_len = 0;
}
