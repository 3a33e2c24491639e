#include "ngx_http_vault_module.h"


#define NGX_HTTP_VAULT_STORE_MIN     (16 * 1024 * 1024)
#define NGX_HTTP_VAULT_LIFETIME_MIN  300
#define NGX_HTTP_VAULT_LIFETIME_MAX  86400


ngx_uint_t
ngx_http_vault_option(ngx_str_t *arg, const char *name, ngx_str_t *value)
{
    size_t  len;

    len = ngx_strlen(name);

    if (arg->len <= len || ngx_strncmp(arg->data, name, len) != 0) {
        return 0;
    }

    value->data = arg->data + len;
    value->len = arg->len - len;

    return 1;
}


char *
ngx_http_vault_unknown(ngx_conf_t *cf, ngx_str_t *arg, const char *known)
{
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid parameter \"%V\", it must be %s", arg, known);

    return NGX_CONF_ERROR;
}


ngx_int_t
ngx_http_vault_path(ngx_conf_t *cf, ngx_str_t *arg, ngx_str_t *path)
{
    *path = *arg;

    if (path->len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "the path is empty");
        return NGX_ERROR;
    }

    return ngx_conf_full_name(cf->cycle, path, 0);
}


/* "https://domain[:port]", lower-cased; anything more has no meaning here */

static ngx_int_t
ngx_http_vault_base_url(ngx_conf_t *cf, ngx_str_t *arg, vc_str_t *out)
{
    u_char     *p, *host, *end;
    ngx_int_t   port;

    ngx_strlow(arg->data, arg->data, arg->len);

    end = arg->data + arg->len;

    if (ngx_strncmp(arg->data, "https://", 8) != 0) {
        goto invalid;
    }

    host = arg->data + 8;

    for (p = host; p < end && *p != ':'; p++) {
        if ((*p < 'a' || *p > 'z') && (*p < '0' || *p > '9')
            && *p != '-' && *p != '.')
        {
            goto invalid;
        }
    }

    if (p == host || *host == '.' || p[-1] == '.') {
        goto invalid;
    }

    if (p < end) {
        port = ngx_atoi(p + 1, (size_t) (end - p) - 1);

        if (port < 1 || port > 65535) {
            goto invalid;
        }

        if (port == 443) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "leave out the default port of \"%V\": "
                               "clients compare it without", arg);
            return NGX_ERROR;
        }
    }

    *out = ngx_http_vault_view(arg);

    return NGX_OK;

invalid:

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid URL \"%V\", it must be https://domain[:port] "
                       "without a path or a trailing slash", arg);

    return NGX_ERROR;
}


char *
ngx_http_vault_store(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_vault_main_conf_t *vmcf = conf;

    off_t       size;
    ngx_str_t  *value, s;

    if (vmcf->store.len != 0) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_http_vault_path(cf, &value[1], &vmcf->store) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    vmcf->store_in = cf->conf_file->file.name;
    vmcf->store_at = cf->conf_file->line;
    vmcf->options.store_path = (const char *) vmcf->store.data;

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    if (!ngx_http_vault_option(&value[2], "max_size=", &s)) {
        return ngx_http_vault_unknown(cf, &value[2], "max_size=SIZE");
    }

    size = ngx_parse_offset(&s);

    if (size < NGX_HTTP_VAULT_STORE_MIN) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid max_size \"%V\", it must be a size of 16m "
                           "or more, such as 16g", &s);
        return NGX_CONF_ERROR;
    }

    vmcf->options.store_size = (size_t) size;

    return NGX_CONF_OK;
}


static void
ngx_http_vault_seal_cleanup(void *data)
{
    vc_seal_close(data);
}


char *
ngx_http_vault_seal(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_vault_main_conf_t *vmcf = conf;

    ngx_str_t           *value;
    vc_seal_t           *seal;
    vc_error_t           err;
    ngx_pool_cleanup_t  *cln;

    if (vmcf->seal_path.len != 0) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "file") != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown kind of seal \"%V\", it must be \"file\"",
                           &value[1]);
        return NGX_CONF_ERROR;
    }

    if (ngx_http_vault_path(cf, &value[2], &vmcf->seal_path) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    /* "nginx -s stop" has no use for the key */

    if (ngx_process == NGX_PROCESS_SIGNALLER) {
        return NGX_CONF_OK;
    }

    cln = ngx_pool_cleanup_add(cf->cycle->pool, 0);
    if (cln == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&err, sizeof(vc_error_t));

    if (vc_seal_file_open((char *) vmcf->seal_path.data, &seal, &err)
        != VC_OK)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the seal \"%V\" cannot be used: %s",
                           &vmcf->seal_path, err.message);
        return NGX_CONF_ERROR;
    }

    cln->handler = ngx_http_vault_seal_cleanup;
    cln->data = seal;
    vmcf->options.seal = seal;

    return NGX_CONF_OK;
}


char *
ngx_http_vault_thread_pool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t           *value;
    ngx_thread_pool_t  **pool;

    pool = (ngx_thread_pool_t **) (p + cmd->offset);

    if (*pool != NULL) {
        return "is duplicate";
    }

    value = cf->args->elts;
    *pool = ngx_thread_pool_add(cf, &value[1]);

    return (*pool == NULL) ? NGX_CONF_ERROR : NGX_CONF_OK;
}


char *
ngx_http_vault_region(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_vault_main_conf_t *vmcf = conf;

    u_char      c;
    size_t      i;
    ngx_str_t  *value;

    if (vmcf->options.region.len != 0) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 0; i < value[1].len; i++) {
        c = value[1].data[i];

        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') {
            break;
        }
    }

    if (i != value[1].len || i == 0 || i > 32) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid region \"%V\", it must be 1 to 32 lower-"
                           "case letters, digits and hyphens", &value[1]);
        return NGX_CONF_ERROR;
    }

    vmcf->options.region = ngx_http_vault_view(&value[1]);

    return NGX_CONF_OK;
}


/* makes this location one that serves the vault's or the authority's plane */

static char *
ngx_http_vault_serve(ngx_conf_t *cf, ngx_http_vault_loc_conf_t *vlcf,
    vc_plane_t plane)
{
    ngx_http_core_loc_conf_t    *clcf;
    ngx_http_vault_main_conf_t  *vmcf;

    if (vlcf->serves) {
        return (vlcf->plane == plane)
               ? "is duplicate"
               : "cannot be in one location with the other of \"vault\" and "
                 "\"vault_local_authority\"";
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->handler != NULL) {
        return "is in a location that another directive serves already";
    }

    vlcf->serves = 1;
    vlcf->plane = plane;
    vlcf->file = cf->conf_file->file.name;
    vlcf->line = cf->conf_file->line;
    clcf->handler = ngx_http_vault_handler;

    vmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_vault_module);

    if (vmcf->needed_at == 0) {
        vmcf->needed_in = vlcf->file;
        vmcf->needed_at = vlcf->line;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_vault_add_resource(ngx_http_vault_main_conf_t *vmcf,
    vc_str_t resource)
{
    vc_str_t    *known, *added;
    ngx_uint_t   i;

    known = vmcf->resources.elts;

    for (i = 0; i < vmcf->resources.nelts; i++) {
        if (vc_str_eq(known[i], resource)) {
            return NGX_OK;
        }
    }

    added = ngx_array_push(&vmcf->resources);
    if (added == NULL) {
        return NGX_ERROR;
    }

    *added = resource;

    return NGX_OK;
}


char *
ngx_http_vault_vault(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_vault_loc_conf_t *vlcf = conf;

    char                        *rv;
    ngx_str_t                   *value;
    ngx_http_vault_main_conf_t  *vmcf;

    rv = ngx_http_vault_serve(cf, vlcf, VC_PLANE_DATA);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    value = cf->args->elts;
    vmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_vault_module);

    if (ngx_http_vault_base_url(cf, &value[1], &vlcf->resource) != NGX_OK
        || ngx_http_vault_add_resource(vmcf, vlcf->resource) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_vault_token_lifetime(ngx_conf_t *cf, ngx_str_t *arg,
    vc_local_options_t *local)
{
    ngx_int_t  seconds;
    ngx_str_t  s;

    if (!ngx_http_vault_option(arg, "token_lifetime=", &s)) {
        return ngx_http_vault_unknown(cf, arg, "token_lifetime=TIME");
    }

    seconds = ngx_parse_time(&s, 1);

    if (seconds < NGX_HTTP_VAULT_LIFETIME_MIN
        || seconds > NGX_HTTP_VAULT_LIFETIME_MAX)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid token_lifetime \"%V\", it must be from 5m "
                           "to 24h", &s);
        return NGX_CONF_ERROR;
    }

    if (local->token_lifetime != 0 && local->token_lifetime != seconds) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "token_lifetime differs from the one before");
        return NGX_CONF_ERROR;
    }

    local->token_lifetime = seconds;

    return NGX_CONF_OK;
}


char *
ngx_http_vault_local_authority(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_vault_loc_conf_t *vlcf = conf;

    char                *rv;
    vc_str_t             url;
    ngx_str_t           *value;
    vc_local_options_t  *local;

    ngx_http_vault_main_conf_t  *vmcf;

    rv = ngx_http_vault_serve(cf, vlcf, VC_PLANE_AUTHORITY);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    value = cf->args->elts;
    vmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_vault_module);
    local = &vmcf->options.local;

    if (ngx_http_vault_base_url(cf, &value[1], &url) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (local->base_url.len != 0 && !vc_str_eq(local->base_url, url)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "there is one local authority, at \"%*s\"",
                           local->base_url.len, local->base_url.data);
        return NGX_CONF_ERROR;
    }

    local->base_url = url;

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    return ngx_http_vault_token_lifetime(cf, &value[2], local);
}


char *
ngx_http_vault_audit(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_vault_loc_conf_t *vlcf = conf;

    ngx_str_t  *value;

    if (vlcf->audit != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        vlcf->audit = NULL;
        return NGX_CONF_OK;
    }

    if (value[1].len == 0) {
        return "needs a path, or \"off\"";
    }

    vlcf->audit = ngx_http_vault_audit_open(cf, &value[1]);

    return (vlcf->audit == NULL) ? NGX_CONF_ERROR : NGX_CONF_OK;
}
