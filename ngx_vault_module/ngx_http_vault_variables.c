#include "ngx_http_vault_module.h"


static ngx_int_t ngx_http_vault_fact(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);


#define ngx_http_vault_variable(name, fact)                                   \
    { ngx_string(name), NULL, ngx_http_vault_fact, fact,                      \
      NGX_HTTP_VAR_NOCACHEABLE, 0 }

static ngx_http_variable_t  ngx_http_vault_vars[] = {

    ngx_http_vault_variable("vault_name", VC_FACT_VAULT),
    ngx_http_vault_variable("vault_operation", VC_FACT_OPERATION),
    ngx_http_vault_variable("vault_object", VC_FACT_OBJECT),
    ngx_http_vault_variable("vault_object_version", VC_FACT_OBJECT_VERSION),
    ngx_http_vault_variable("vault_principal", VC_FACT_PRINCIPAL),
    ngx_http_vault_variable("vault_tenant", VC_FACT_TENANT),
    ngx_http_vault_variable("vault_result", VC_FACT_RESULT),
    ngx_http_vault_variable("vault_correlation_id", VC_FACT_CORRELATION_ID),

      ngx_http_null_variable
};


ngx_int_t
ngx_http_vault_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_vault_vars; v->name.len != 0; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_vault_fact(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    uintptr_t data)
{
    vc_str_t               value;
    ngx_http_vault_ctx_t  *ctx;

    v->not_found = 1;
    ctx = ngx_http_vault_get_ctx(r);

    /* while a thread works on the call nobody else may look at it */

    if (ctx == NULL || ctx->busy) {
        return NGX_OK;
    }

    if (!ctx->decided
        && (data == VC_FACT_PRINCIPAL || data == VC_FACT_TENANT)
        && vc_call_authenticate(ctx->call) != VC_OK)
    {
        return NGX_OK;
    }

    value = vc_call_fact(ctx->call, (vc_fact_t) data);

    if (value.len == 0) {
        return NGX_OK;
    }

    /* the call's memory lives as long as the request */

    v->data = (u_char *) value.data;
    v->len = (unsigned) value.len & 0xfffffff;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}
