/*
 * The request body goes from nginx's read buffer into the call's arena piece
 * by piece, and each piece is cleared where it was: nothing is written to a
 * temporary file, and never more than the operation's limit is kept.
 */

#include "ngx_http_vault_module.h"


#define NGX_HTTP_VAULT_BODY_FIRST  (16 * 1024)
#define NGX_HTTP_VAULT_BODY_TRUST  (256 * 1024)


static void ngx_http_vault_body_event(ngx_http_request_t *r);


/* a size to begin with: what is declared, but little of it on trust */

static size_t
ngx_http_vault_body_guess(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx)
{
    off_t  declared;

    declared = r->headers_in.content_length_n;

    if (r->headers_in.chunked || declared < 0) {
        declared = NGX_HTTP_VAULT_BODY_FIRST;
    }

    declared = ngx_min(declared, NGX_HTTP_VAULT_BODY_TRUST);

    return ngx_min((size_t) declared, ctx->body_limit);
}


static ngx_int_t
ngx_http_vault_body_room(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx,
    size_t more)
{
    u_char  *p;
    size_t   size;

    if (more <= ctx->body_size - ctx->body_len) {
        return NGX_OK;
    }

    size = (ctx->body == NULL) ? ngx_http_vault_body_guess(r, ctx)
                               : ctx->body_size * 2;
    size = ngx_max(size, ctx->body_len + more);
    size = ngx_min(size, ctx->body_limit);

    p = vc_arena_alloc(vc_call_arena(ctx->call), size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    if (ctx->body != NULL) {
        ngx_memcpy(p, ctx->body, ctx->body_len);
    }

    ctx->body = p;
    ctx->body_size = size;

    return NGX_OK;
}


/* takes what nginx has read; NGX_DECLINED: it is more than the limit */

static ngx_int_t
ngx_http_vault_collect(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx)
{
    size_t        n;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    for (cl = r->request_body->bufs; cl; cl = cl->next) {
        b = cl->buf;

        /* another module, such as mirror, had nginx save the body */

        if (b->in_file) {
            return NGX_DECLINED;
        }

        n = (size_t) (b->last - b->pos);

        if (n > ctx->body_limit - ctx->body_len) {
            return NGX_DECLINED;
        }

        if (n == 0) {
            continue;
        }

        if (ngx_http_vault_body_room(r, ctx, n) != NGX_OK) {
            return NGX_ERROR;
        }

        ngx_memcpy(ctx->body + ctx->body_len, b->pos, n);
        ctx->body_len += n;

        vc_wipe(b->pos, n);
        b->pos = b->last;
    }

    r->request_body->bufs = NULL;

    return NGX_OK;
}


/* the rest of the body is not taken any more */

static void
ngx_http_vault_stop_reading(ngx_http_request_t *r)
{
    r->keepalive = 0;
    r->lingering_close = 1;
    r->read_event_handler = ngx_http_block_reading;

    if (r->connection->read->timer_set) {
        ngx_del_timer(r->connection->read);
    }

#if (NGX_HTTP_V2)
    if (r->stream) {
        r->stream->skip_data = 1;
    }
#endif
}


/* nginx could not read it; what to finalize the request with */

static ngx_int_t
ngx_http_vault_bad_body(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx,
    ngx_int_t rc)
{
    ngx_http_vault_stop_reading(r);

    if (r->connection->error || rc != NGX_HTTP_BAD_REQUEST) {
        return rc;
    }

    vc_call_fail(ctx->call, VC_BAD_PARAMETER,
                 "The request body is not framed as HTTP demands: a chunk is "
                 "malformed, or its length is not the declared one.");

    return ngx_http_vault_send(r, ctx);
}


static ngx_int_t
ngx_http_vault_body_refused(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx,
    ngx_int_t rc)
{
    ngx_http_vault_stop_reading(r);

    if (rc == NGX_DECLINED) {
        vc_call_body_too_large(ctx->call);

    } else {
        vc_call_fail(ctx->call, VC_UNAVAILABLE, "The service is busy.");
    }

    return ngx_http_vault_send(r, ctx);
}


static void
ngx_http_vault_body_ready(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx)
{
    r->read_event_handler = ngx_http_block_reading;

    if (ngx_http_vault_execute(r, ctx) == NGX_OK) {
        ngx_http_finalize_request(r, ngx_http_vault_send(r, ctx));
    }
}


static void
ngx_http_vault_body_event(ngx_http_request_t *r)
{
    ngx_int_t              rc;
    ngx_http_vault_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_vault_module);

    for ( ;; ) {
        rc = ngx_http_vault_collect(r, ctx);

        if (rc != NGX_OK) {
            ngx_http_finalize_request(r,
                                  ngx_http_vault_body_refused(r, ctx, rc));
            return;
        }

        if (!r->reading_body) {
            ngx_http_vault_body_ready(r, ctx);
            return;
        }

        rc = ngx_http_read_unbuffered_request_body(r);

        if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
            ngx_http_finalize_request(r, ngx_http_vault_bad_body(r, ctx, rc));
            return;
        }

        if (rc == NGX_AGAIN && r->request_body->bufs == NULL) {
            return;
        }
    }
}


static void
ngx_http_vault_body_handler(ngx_http_request_t *r)
{
    if (r->reading_body) {
        r->read_event_handler = ngx_http_vault_body_event;
    }

    ngx_http_vault_body_event(r);
}


ngx_int_t
ngx_http_vault_read_body(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx,
    size_t limit)
{
    ngx_int_t  rc;

    ctx->body_limit = limit;
    r->request_body_no_buffering = 1;

    rc = ngx_http_read_client_request_body(r, ngx_http_vault_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return ngx_http_vault_bad_body(r, ctx, rc);
    }

    return NGX_DONE;
}
