#include "ngx_http_vault_module.h"


void
ngx_http_vault_work(ngx_http_vault_ctx_t *ctx)
{
    vc_str_t  body = { ctx->body, ctx->body_len };

    vc_call_execute(ctx->call, body);
}


ngx_int_t
ngx_http_vault_execute(ngx_http_request_t *r, ngx_http_vault_ctx_t *ctx)
{
    ngx_int_t                    rc;
    vc_cost_t                    cost;
    ngx_http_vault_main_conf_t  *vmcf;

    cost = vc_call_cost(ctx->call);

    if (cost == VC_COST_LOOP) {
        vmcf = ngx_http_get_module_main_conf(r, ngx_http_vault_module);
        ngx_post_event(&vmcf->rest, &ngx_posted_events);

        ngx_http_vault_work(ctx);
        return NGX_OK;
    }

    ctx->change = (cost != VC_COST_COMPUTE);

    rc = (cost == VC_COST_CHANGE)
         ? ngx_http_vault_offload(r, ctx, ngx_http_vault_work)
         : ngx_http_vault_compute(r, ctx);

    if (rc != NGX_OK) {
        return NGX_OK;
    }

    r->write_event_handler = ngx_http_vault_finish;

    return NGX_AGAIN;
}


void
ngx_http_vault_finish(ngx_http_request_t *r)
{
    ngx_http_vault_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_vault_module);

    if (ctx->busy) {
        return;
    }

    ngx_http_finalize_request(r, ngx_http_vault_send(r, ctx));
}
