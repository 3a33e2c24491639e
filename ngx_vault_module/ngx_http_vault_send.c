#include "ngx_http_vault_module.h"


static ngx_int_t
ngx_http_vault_set_headers(ngx_http_request_t *r, const vc_response_t *res)
{
    size_t              i;
    ngx_table_elt_t    *h;
    const vc_header_t  *header;

    for (i = 0; i < res->header_count; i++) {
        header = &res->headers[i];

        h = ngx_list_push(&r->headers_out.headers);
        if (h == NULL) {
            return NGX_ERROR;
        }

        h->hash = 1;
        h->key.data = (u_char *) header->name;
        h->key.len = ngx_strlen(header->name);
        h->value.data = (u_char *) header->value.data;
        h->value.len = header->value.len;
#if (nginx_version >= 1023000)
        h->next = NULL;
#endif
    }

    return NGX_OK;
}


static void
ngx_http_vault_set_body_headers(ngx_http_request_t *r,
    const vc_response_t *res)
{
    r->headers_out.content_length_n = (off_t) res->body.len;

    if (res->body.len == 0) {
        r->header_only = 1;
        return;
    }

    r->headers_out.content_type.data = (u_char *) res->content_type.data;
    r->headers_out.content_type.len = res->content_type.len;
    r->headers_out.content_type_len = res->content_type.len;
    r->headers_out.content_type_lowcase = NULL;
}


/* what only the operator may see, with the id that the client has */

static void
ngx_http_vault_log_detail(ngx_http_request_t *r, vc_call_t *call)
{
    vc_str_t     id;
    const char  *detail;

    detail = vc_call_detail(call);

    if (detail != NULL) {
        id = vc_call_fact(call, VC_FACT_CORRELATION_ID);

        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "vault: %s, correlation id: %*s",
                      detail, id.len, id.data);
    }
}


static ngx_int_t
ngx_http_vault_send_body(ngx_http_request_t *r, const vc_response_t *res)
{
    ngx_buf_t    *b;
    ngx_chain_t   out;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = (u_char *) res->body.data;
    b->last = b->pos + res->body.len;
    b->memory = 1;
    b->last_buf = 1;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


ngx_int_t
ngx_http_vault_send(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx)
{
    ngx_int_t             rc;
    const vc_response_t  *res;

    ngx_http_vault_log_detail(r, ctx->call);

    res = vc_call_response(ctx->call);

    r->headers_out.status = (ngx_uint_t) res->status;
    ngx_http_vault_set_body_headers(r, res);
    ngx_http_vault_audit_mutation(ctx);

    if (ngx_http_vault_set_headers(r, res) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /*
     * Compressed, a secret would have a copy in the filter's memory and a
     * length that tells of it.  Conditions on dates and tags have no meaning:
     * nothing here has either.
     */

    r->gzip_tested = 1;
    r->gzip_ok = 0;
    r->disable_not_modified = 1;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    return ngx_http_vault_send_body(r, res);
}
