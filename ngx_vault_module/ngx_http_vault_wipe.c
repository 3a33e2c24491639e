/*
 * nginx's own buffers see tokens, secrets on their way in, and, with TLS,
 * secrets on their way out.  When a vault's request ends, after its log phase,
 * this clears:
 *
 *   - the request line and the headers in the connection's header buffers
 *     (HTTP/1), or the value of Authorization (HTTP/2, HTTP/3);
 *   - the buffer through which the request body was read; each piece of the
 *     body was cleared already when it was taken;
 *   - the plaintext in the connection's TLS output buffer;
 *   - with HTTP/2, at the end of this turn of the event loop, the worker's
 *     receive buffer, and, when the connection closes, its HPACK table.
 *
 * The call's own memory (values, keys, the body, the response) is cleared by
 * vc_call_destroy(), what OpenSSL received by SSL_OP_CLEANSE_PLAINTEXT.
 *
 * What remains, and for how long:
 *
 *   - a request that never became complete never reaches this: bytes of its
 *     headers stay in freed memory until that is used again;
 *   - the body of a refused request is read away over the stack, which is
 *     cleared every second;
 *   - HTTP/2: an Authorization value that the client puts in the HPACK table
 *     (it fits below 4 KB) stays there while the connection is open; response
 *     bytes that the socket did not take at once stay in the TLS output
 *     buffer until the connection's next response; and a body that arrived
 *     while keys of an issuer were fetched leaves a copy in freed memory.
 */

#include "ngx_http_vault_module.h"

#if (NGX_HTTP_V2)
#include <ngx_http_v2_module.h>
#endif


#if (NGX_HTTP_V2)

#define NGX_HTTP_VAULT_HPACK_SIZE  4096  /* what nginx allocates for it */
#define NGX_HTTP_VAULT_WIPE_STEP   4096


static ngx_event_t  ngx_http_vault_recv_event;


static ngx_uint_t
ngx_http_vault_all_zero(const u_char *p, size_t n)
{
    return p[0] == 0 && ngx_memcmp(p, p + 1, n - 1) == 0;
}


/*
 * Frames are read to the buffer's beginning, so what they left ends where
 * zeroes begin.  A client could end it earlier with a page of zeroes of its
 * own, before data that is its own, too.
 */

static void
ngx_http_vault_wipe_recv(ngx_event_t *ev)
{
    ngx_http_v2_main_conf_t *h2mcf = ev->data;

    size_t   n;
    u_char  *p, *end;

    p = h2mcf->recv_buffer;
    end = p + h2mcf->recv_buffer_size;

    while (p < end) {
        n = ngx_min((size_t) (end - p), NGX_HTTP_VAULT_WIPE_STEP);

        if (ngx_http_vault_all_zero(p, n)) {
            return;
        }

        vc_wipe(p, n);
        p += n;
    }
}


static void
ngx_http_vault_wipe_hpack(void *data)
{
    ngx_http_v2_connection_t *h2c = data;

    if (h2c->hpack.storage != NULL) {
        vc_wipe(h2c->hpack.storage, NGX_HTTP_VAULT_HPACK_SIZE);
    }
}


static void
ngx_http_vault_wipe_hpack_at_close(ngx_http_v2_connection_t *h2c)
{
    ngx_pool_t          *pool;
    ngx_pool_cleanup_t  *cln;

    pool = h2c->connection->pool;

    for (cln = pool->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_http_vault_wipe_hpack) {
            return;
        }
    }

    cln = ngx_pool_cleanup_add(pool, 0);
    if (cln != NULL) {
        cln->handler = ngx_http_vault_wipe_hpack;
        cln->data = h2c;
    }
}


static void
ngx_http_vault_wipe_v2(ngx_http_request_t *r)
{
    ngx_event_t  *ev;

    ngx_http_vault_wipe_hpack_at_close(r->stream->connection);

    /* the buffer can be in use now, up the stack; it is not when posted */

    ev = &ngx_http_vault_recv_event;

    ev->handler = ngx_http_vault_wipe_recv;
    ev->data = ngx_http_get_module_main_conf(r, ngx_http_v2_module);
    ev->log = ngx_cycle->log;

    ngx_post_event(ev, &ngx_posted_events);
}

#endif


/* all but what belongs to a pipelined request behind this one */

static void
ngx_http_vault_wipe_buf(ngx_http_request_t *r, ngx_buf_t *b)
{
    u_char  *last;

    if (b == NULL || b->pos == NULL) {
        return;
    }

    last = (b == r->header_in) ? b->pos : b->end;

    vc_wipe(b->start, (size_t) (last - b->start));
}


static void
ngx_http_vault_wipe_chain(ngx_http_request_t *r, ngx_chain_t *cl)
{
    for ( /* void */ ; cl; cl = cl->next) {
        ngx_http_vault_wipe_buf(r, cl->buf);
    }
}


static void
ngx_http_vault_wipe_headers(ngx_http_request_t *r)
{
    ngx_table_elt_t  *h;

    if (r->http_version >= NGX_HTTP_VERSION_20) {
        h = r->headers_in.authorization;

        if (h != NULL) {
            vc_wipe(h->value.data, h->value.len);
        }

        return;
    }

    ngx_http_vault_wipe_buf(r, r->connection->buffer);
    ngx_http_vault_wipe_chain(r, r->http_connection->busy);
    ngx_http_vault_wipe_chain(r, r->http_connection->free);
}


static void
ngx_http_vault_wipe_body(ngx_http_request_t *r)
{
    u_char     *last;
    ngx_buf_t  *b;

    b = (r->request_body == NULL) ? NULL : r->request_body->buf;

    if (b == NULL) {
        return;
    }

    /* it can be the rest of the header buffer, where more may follow */

    last = (r->header_in != NULL && b->end == r->header_in->end) ? b->last
                                                                 : b->end;
    if (last > b->start) {
        vc_wipe(b->start, (size_t) (last - b->start));
    }
}


#if (NGX_HTTP_SSL)

static void
ngx_http_vault_wipe_ssl(ngx_http_request_t *r)
{
    size_t      used;
    ngx_buf_t  *b;

    b = (r->connection->ssl == NULL) ? NULL : r->connection->ssl->buf;

    if (b == NULL || b->start == NULL) {
        return;
    }

    if (b->pos < b->last) {

        /* what is not sent yet can be another HTTP/2 stream's */

        vc_wipe(b->start, (size_t) (b->pos - b->start));
        vc_wipe(b->last, (size_t) (b->end - b->last));
        return;
    }

    used = (size_t) (b->end - b->start);

    if (r->http_version < NGX_HTTP_VERSION_20) {
        used = ngx_min(used, (size_t) r->connection->sent);
    }

    vc_wipe(b->start, used);
}

#endif


void
ngx_http_vault_wipe_request(ngx_http_request_t *r)
{
    ngx_http_vault_wipe_headers(r);
    ngx_http_vault_wipe_body(r);

#if (NGX_HTTP_SSL)
    ngx_http_vault_wipe_ssl(r);
#endif

#if (NGX_HTTP_V2)
    if (r->stream) {
        ngx_http_vault_wipe_v2(r);
    }
#endif
}
