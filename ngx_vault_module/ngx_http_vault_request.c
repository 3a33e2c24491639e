#include "ngx_http_vault_module.h"


/* the two request headers that nginx does not single out itself */

static void
ngx_http_vault_find_headers(ngx_http_request_t *r, vc_request_t *request)
{
    vc_str_t         *found;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    static ngx_str_t  request_id = ngx_string("x-ms-client-request-id");
    static ngx_str_t  method = ngx_string("x-http-method");

    part = &r->headers_in.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {
            if (part->next == NULL) {
                return;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        found = NULL;

        if (h[i].key.len == request_id.len
            && ngx_strncmp(h[i].lowcase_key, request_id.data, request_id.len)
               == 0)
        {
            found = &request->client_request_id;

        } else if (h[i].key.len == method.len
                   && ngx_strncmp(h[i].lowcase_key, method.data, method.len)
                      == 0)
        {
            found = &request->method_override;
        }

        if (found != NULL && found->len == 0) {
            *found = ngx_http_vault_view(&h[i].value);
        }
    }
}


static vc_str_t
ngx_http_vault_header(const ngx_table_elt_t *h)
{
    return (h == NULL) ? VC_STR_NULL : ngx_http_vault_view(&h->value);
}


static void
ngx_http_vault_fill_connection(ngx_connection_t *c, vc_request_t *request)
{
    request->scheme = VC_STR("http");
    request->client_address = ngx_http_vault_view(&c->addr_text);

#if (NGX_HTTP_SSL)
    if (c->ssl) {
        request->scheme = VC_STR("https");
        request->tls_version = vc_str(SSL_get_version(c->ssl->connection));
        return;
    }
#endif

#if (NGX_HTTP_V3)
    if (c->quic) {
        request->scheme = VC_STR("https");
        request->tls_version = VC_STR("TLSv1.3");
    }
#endif
}


/*
 * In an absolute target the host is what counts (RFC 9112, section 3.2.2): the
 * server was chosen by it, so that the vault of the Host header could be
 * another server's.
 */

static vc_str_t
ngx_http_vault_host(ngx_http_request_t *r)
{
    u_char    *p, *end;
    vc_str_t   host;

    if (r->http_version < NGX_HTTP_VERSION_20 && r->host_end != NULL) {
        end = r->request_line.data + r->request_line.len;

        for (p = r->host_end; p < end; p++) {
            if (*p != ':' && (*p < '0' || *p > '9')) {
                break;
            }
        }

        host.data = r->host_start;
        host.len = (size_t) (p - r->host_start);

        return host;
    }

    return (r->headers_in.host == NULL)
           ? ngx_http_vault_view(&r->headers_in.server)
           : ngx_http_vault_view(&r->headers_in.host->value);
}


static void
ngx_http_vault_fill(ngx_http_request_t *r, ngx_http_vault_loc_conf_t *vlcf,
    vc_request_t *request)
{
    ngx_memzero(request, sizeof(vc_request_t));

    request->plane = vlcf->plane;
    request->resource = vlcf->resource;
    request->method = ngx_http_vault_view(&r->method_name);

    /* the raw target: the library decodes, and "%2F" is no separator */

    request->target = ngx_http_vault_view(&r->unparsed_uri);
    request->host = ngx_http_vault_host(r);
    request->authorization =
        ngx_http_vault_header(r->headers_in.authorization);
    request->content_type = ngx_http_vault_header(r->headers_in.content_type);
    request->user_agent = ngx_http_vault_header(r->headers_in.user_agent);

    ngx_http_vault_find_headers(r, request);
    ngx_http_vault_fill_connection(r->connection, request);
    ngx_http_vault_recognize(r, vlcf, request);
}


static void
ngx_http_vault_cleanup(void *data)
{
    ngx_http_vault_ctx_t *ctx = data;

    ngx_http_vault_wipe_request(ctx->request);

    if (ctx->call != NULL) {
        ngx_queue_remove(&ctx->queue);
        vc_call_destroy(ctx->call);
        ctx->call = NULL;
    }
}


static ngx_http_vault_ctx_t *
ngx_http_vault_create_ctx(ngx_http_request_t *r,
    ngx_http_vault_main_conf_t *vmcf, ngx_http_vault_loc_conf_t *vlcf)
{
    vc_request_t           request;
    ngx_pool_cleanup_t    *cln;
    ngx_http_vault_ctx_t  *ctx;

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_vault_ctx_t));
    if (cln == NULL) {
        return NULL;
    }

    ctx = cln->data;
    ngx_memzero(ctx, sizeof(ngx_http_vault_ctx_t));

    ctx->request = r;
    ctx->conf = vlcf;
    ctx->started = ngx_http_vault_now();
    cln->handler = ngx_http_vault_cleanup;

    ngx_http_vault_fill(r, vlcf, &request);

    ctx->call = vc_call_create(vmcf->engine, &request);
    if (ctx->call == NULL) {
        return NULL;
    }

    ngx_queue_insert_tail(&vmcf->requests, &ctx->queue);
    ngx_http_set_ctx(r, ctx, ngx_http_vault_module);
    vmcf->asked = 1;

    return ctx;
}


/* an internal redirect, as error_page makes it, forgets module contexts */

ngx_http_vault_ctx_t *
ngx_http_vault_find_ctx(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t    *cln;
    ngx_http_vault_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_vault_module);

    if (ctx != NULL || !r->internal || r != r->main) {
        return ctx;
    }

    for (cln = r->pool->cleanup; cln; cln = cln->next) {
        ctx = cln->data;

        if (cln->handler == ngx_http_vault_cleanup && ctx->call != NULL) {
            ngx_http_set_ctx(r, ctx, ngx_http_vault_module);
            return ctx;
        }
    }

    return NULL;
}


ngx_http_vault_ctx_t *
ngx_http_vault_get_ctx(ngx_http_request_t *r)
{
    ngx_http_vault_ctx_t        *ctx;
    ngx_http_vault_loc_conf_t   *vlcf;
    ngx_http_vault_main_conf_t  *vmcf;

    vlcf = ngx_http_get_module_loc_conf(r, ngx_http_vault_module);
    vmcf = ngx_http_get_module_main_conf(r, ngx_http_vault_module);
    ctx = ngx_http_vault_find_ctx(r);

    if (vmcf->engine != NULL) {
        ngx_post_event(&vmcf->rest, &ngx_posted_events);
    }

    /* a rewrite can have moved the request to another vault's location */

    if (ctx != NULL && (ctx->conf == vlcf || !vlcf->serves)) {
        return ctx;
    }

    if (!vlcf->serves || r != r->main) {
        return NULL;
    }

    if (vmcf->engine == NULL) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "this process has opened no vault store");
        return NULL;
    }

    return ngx_http_vault_create_ctx(r, vmcf, vlcf);
}


static void
ngx_http_vault_fetch(ngx_http_vault_ctx_t *ctx)
{
    vc_call_fetch(ctx->call);
}


/*
 * Who calls, and whether they may.  NGX_OK: it is decided, see ctx->refused;
 * NGX_AGAIN: a thread fetches keys first, then ask again.
 */

static ngx_int_t
ngx_http_vault_decide(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx)
{
    vc_status_t  status;

    if (ctx->busy) {
        return NGX_AGAIN;
    }

    if (ctx->decided) {
        return NGX_OK;
    }

    status = vc_call_authenticate(ctx->call);

    if (status == VC_AGAIN && !ctx->fetched) {
        ctx->fetched = 1;

        if (ngx_http_vault_offload(r, ctx, ngx_http_vault_fetch) == NGX_OK) {
            return NGX_AGAIN;
        }

    } else if (status == VC_AGAIN) {
        vc_call_fail(ctx->call, VC_UNAVAILABLE,
                     "The keys of the token's issuer cannot be had now.");

    } else if (status == VC_OK) {
        status = vc_call_authorize(ctx->call);
    }

    ctx->decided = 1;
    ctx->refused = (status != VC_OK);

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "vault decided, refused:%d status:%d",
                   ctx->refused, (int) status);

    return NGX_OK;
}


/*
 * What nginx has refused, a header that is malformed for example, is never
 * carried out: the page of an "error_page" can lie in a vault's location.
 */

static ngx_int_t
ngx_http_vault_refused_before(ngx_http_request_t *r)
{
    if (!r->error_page) {
        return NGX_OK;
    }

    return r->err_status ? (ngx_int_t) r->err_status : NGX_HTTP_NOT_FOUND;
}


/*
 * NGX_OK for refused requests, too: the content handler sends the library's
 * answer in place of nginx's page.  It looks again, so that "satisfy any"
 * with an address that is allowed never replaces a token.
 */

ngx_int_t
ngx_http_vault_access_handler(ngx_http_request_t *r)
{
    ngx_int_t                   rc;
    ngx_http_vault_ctx_t       *ctx;
    ngx_http_vault_loc_conf_t  *vlcf;

    vlcf = ngx_http_get_module_loc_conf(r, ngx_http_vault_module);

    if (!vlcf->serves) {
        return NGX_DECLINED;
    }

    rc = ngx_http_vault_refused_before(r);

    if (rc != NGX_OK) {
        return rc;
    }

    ctx = ngx_http_vault_get_ctx(r);

    if (ctx == NULL) {
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    return ngx_http_vault_decide(r, ctx);
}


/* the answer does not depend on the body: it is read away, and forgotten */

static void
ngx_http_vault_discard_body(ngx_http_request_t *r)
{
    if (ngx_http_discard_request_body(r) != NGX_OK) {
        r->keepalive = 0;
    }
}


static ngx_int_t
ngx_http_vault_refuse(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx)
{
    /* who waits for "100 Continue" gets the final answer instead */

    r->expect_tested = 1;
    ngx_http_vault_discard_body(r);

    return ngx_http_vault_send(r, ctx);
}


static ngx_int_t
ngx_http_vault_run(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx)
{
    size_t  limit;

    limit = vc_call_body_limit(ctx->call);

    if (limit != 0) {

        if (r->headers_in.content_length_n > (off_t) limit) {
            vc_call_body_too_large(ctx->call);
            r->keepalive = 0;
            return ngx_http_vault_refuse(r, ctx);
        }

        return ngx_http_vault_read_body(r, ctx, limit);
    }

    ngx_http_vault_discard_body(r);

    if (ngx_http_vault_execute(r, ctx) == NGX_OK) {
        return ngx_http_vault_send(r, ctx);
    }

    r->main->count++;

    return NGX_DONE;
}


ngx_int_t
ngx_http_vault_handler(ngx_http_request_t *r)
{
    ngx_int_t              rc;
    ngx_http_vault_ctx_t  *ctx;

    if (r != r->main) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "a vault cannot be asked by a subrequest");
        return NGX_HTTP_FORBIDDEN;
    }

    /* with "satisfy any" our access handler may not have been asked */

    rc = ngx_http_vault_refused_before(r);

    if (rc != NGX_OK) {
        return rc;
    }

    ctx = ngx_http_vault_get_ctx(r);

    if (ctx == NULL) {
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    if (ngx_http_vault_decide(r, ctx) == NGX_AGAIN) {

        /* "satisfy any" skipped our access handler; come here again */

        r->main->count++;
        r->write_event_handler = ngx_http_core_run_phases;
        return NGX_DONE;
    }

    return ctx->refused ? ngx_http_vault_refuse(r, ctx)
                        : ngx_http_vault_run(r, ctx);
}
