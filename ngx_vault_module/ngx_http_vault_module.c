#include "ngx_http_vault_module.h"


static void *ngx_http_vault_create_main_conf(ngx_conf_t *cf);
static char *ngx_http_vault_init_main_conf(ngx_conf_t *cf, void *conf);
static void *ngx_http_vault_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_vault_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);
static ngx_int_t ngx_http_vault_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_http_vault_postconfiguration(ngx_conf_t *cf);


static ngx_command_t  ngx_http_vault_commands[] = {

    { ngx_string("vault_store"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE12,
      ngx_http_vault_store,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("vault_seal"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE2,
      ngx_http_vault_seal,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("vault_authority"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_vault_authority,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_vault_main_conf_t, authorities),
      NULL },

    { ngx_string("vault_attestation"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_1MORE,
      ngx_http_vault_authority,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_vault_main_conf_t, attestations),
      NULL },

    { ngx_string("vault_thread_pool"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_vault_thread_pool,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_vault_main_conf_t, thread_pool),
      NULL },

    { ngx_string("vault_key_thread_pool"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_vault_thread_pool,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_vault_main_conf_t, key_thread_pool),
      NULL },

    { ngx_string("vault_region"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_vault_region,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("vault"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_vault_vault,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("vault_management"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE12,
      ngx_http_vault_management,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("vault_local_authority"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE12,
      ngx_http_vault_local_authority,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("vault_destination"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE2,
      ngx_http_vault_destination,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("vault_client_certificate"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE23,
      ngx_http_vault_client_certificate,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("vault_audit"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_vault_audit,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_vault_module_ctx = {
    ngx_http_vault_preconfiguration,       /* preconfiguration */
    ngx_http_vault_postconfiguration,      /* postconfiguration */

    ngx_http_vault_create_main_conf,       /* create main configuration */
    ngx_http_vault_init_main_conf,         /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_vault_create_loc_conf,        /* create location configuration */
    ngx_http_vault_merge_loc_conf          /* merge location configuration */
};


ngx_module_t  ngx_http_vault_module = {
    NGX_MODULE_V1,
    &ngx_http_vault_module_ctx,            /* module context */
    ngx_http_vault_commands,               /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_http_vault_init_module,            /* init module */
    ngx_http_vault_init_process,           /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_vault_exit_process,           /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static void *
ngx_http_vault_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_vault_main_conf_t  *vmcf;

    vmcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_vault_main_conf_t));
    if (vmcf == NULL) {
        return NULL;
    }

    vmcf->store_fd = NGX_INVALID_FILE;
    ngx_queue_init(&vmcf->requests);

    if (ngx_array_init(&vmcf->authorities, cf->pool, 2,
                       sizeof(vc_authority_options_t))
        != NGX_OK
        || ngx_array_init(&vmcf->attestations, cf->pool, 2,
                          sizeof(vc_authority_options_t))
           != NGX_OK
        || ngx_array_init(&vmcf->resources, cf->pool, 2, sizeof(vc_str_t))
           != NGX_OK
        || ngx_array_init(&vmcf->audits, cf->pool, 2,
                          sizeof(ngx_http_vault_audit_t *))
           != NGX_OK
        || ngx_array_init(&vmcf->destinations, cf->pool, 2,
                          sizeof(ngx_http_vault_destination_t))
           != NGX_OK)
    {
        return NULL;
    }

    return vmcf;
}


static char *
ngx_http_vault_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_vault_main_conf_t *vmcf = conf;

    ngx_str_t  name = ngx_string("default");

    if (vmcf->needed_at == 0) {
        return NGX_CONF_OK;
    }

    if (vmcf->thread_pool == NULL) {
        vmcf->thread_pool = ngx_thread_pool_add(cf, &name);
    }

    if (vmcf->key_thread_pool == NULL) {
        vmcf->key_thread_pool = vmcf->thread_pool;
    }

    return (vmcf->thread_pool == NULL) ? NGX_CONF_ERROR : NGX_CONF_OK;
}


static void *
ngx_http_vault_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_vault_loc_conf_t  *vlcf;

    vlcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_vault_loc_conf_t));
    if (vlcf == NULL) {
        return NULL;
    }

    vlcf->audit = NGX_CONF_UNSET_PTR;

    return vlcf;
}


/* "if" and "limit_except" inside a location belong to it */

static void
ngx_http_vault_inherit(ngx_http_core_loc_conf_t *clcf,
    ngx_http_vault_loc_conf_t *prev, ngx_http_vault_loc_conf_t *conf)
{
    if (!clcf->noname || conf->serves || !prev->serves) {
        return;
    }

    conf->serves = 1;
    conf->plane = prev->plane;
    conf->resource = prev->resource;
    conf->file = prev->file;
    conf->line = prev->line;

    if (clcf->handler == NULL) {
        clcf->handler = ngx_http_vault_handler;
    }
}


static char *
ngx_http_vault_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_vault_loc_conf_t *prev = parent;
    ngx_http_vault_loc_conf_t *conf = child;

    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    ngx_http_vault_inherit(clcf, prev, conf);

    /* "vault_audit" that stands nowhere is told from one that is off */

    if (conf->audit == NGX_CONF_UNSET_PTR) {
        conf->audit = prev->audit;
    }

    if (conf->identities == NULL) {
        conf->identities = prev->identities;
        conf->identities_in = prev->identities_in;
        conf->identities_at = prev->identities_at;
    }

    if (!conf->serves) {
        return NGX_CONF_OK;
    }

    if (ngx_http_vault_check_identities(cf, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    /* one that came later would have the tokens in place of the vault */

    if (clcf->handler != ngx_http_vault_handler) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "another directive serves the location \"%V\", too: "
                      "it must be the vault's alone in %V:%ui",
                      &clcf->name, &conf->file, conf->line);
        return NGX_CONF_ERROR;
    }

    /*
     * Each operation has a limit of its own, answered in JSON; nginx's
     * check would come before it, answered in HTML.
     */

    clcf->client_max_body_size = 0;

    if (conf->audit == NGX_CONF_UNSET_PTR) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "no \"vault_audit\" is set for the location \"%V\": "
                      "no access records are written in %V:%ui",
                      &clcf->name, &conf->file, conf->line);
        conf->audit = NULL;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_vault_preconfiguration(ngx_conf_t *cf)
{
    vc_log_set_writer(ngx_http_vault_log);

    return ngx_http_vault_add_variables(cf);
}


static ngx_int_t
ngx_http_vault_add_handler(ngx_conf_t *cf, ngx_uint_t phase,
    ngx_http_handler_pt handler)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[phase].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = handler;

    return NGX_OK;
}


#if (NGX_HTTP_SSL)

/*
 * OpenSSL clears what it received and has handed over.  On every server: a
 * client that sends no server name is accepted by the default one.
 */

static void
ngx_http_vault_cleanse_plaintext(ngx_conf_t *cf)
{
    ngx_uint_t                   i;
    ngx_http_ssl_srv_conf_t     *sscf;
    ngx_http_core_srv_conf_t   **cscfp;
    ngx_http_core_main_conf_t   *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    cscfp = cmcf->servers.elts;

    for (i = 0; i < cmcf->servers.nelts; i++) {
        sscf = cscfp[i]->ctx->srv_conf[ngx_http_ssl_module.ctx_index];

        if (sscf != NULL && sscf->ssl.ctx != NULL) {
            SSL_CTX_set_options(sscf->ssl.ctx, SSL_OP_CLEANSE_PLAINTEXT);
        }
    }
}

#endif


static ngx_int_t
ngx_http_vault_postconfiguration(ngx_conf_t *cf)
{
    ngx_http_vault_main_conf_t  *vmcf;

    vmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_vault_module);

    if (vmcf->needed_at == 0) {
        return NGX_OK;
    }

    if (ngx_http_vault_complete(cf, vmcf) != NGX_OK) {
        return NGX_ERROR;
    }

#if (NGX_HTTP_SSL)
    ngx_http_vault_cleanse_plaintext(cf);
#endif

    if (ngx_http_vault_add_handler(cf, NGX_HTTP_ACCESS_PHASE,
                                   ngx_http_vault_access_handler)
        != NGX_OK
        || ngx_http_vault_add_handler(cf, NGX_HTTP_LOG_PHASE,
                                      ngx_http_vault_log_handler)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_vault_check_store(cf, vmcf);
}
