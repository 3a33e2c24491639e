/* the directives that say what a location serves */

#include "ngx_http_vault_module.h"


#define NGX_HTTP_VAULT_LIFETIME_MIN  300
#define NGX_HTTP_VAULT_LIFETIME_MAX  86400


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


/* makes this location one that serves a plane, and no other */

static char *
ngx_http_vault_serve(ngx_conf_t *cf, ngx_http_vault_loc_conf_t *vlcf,
    vc_plane_t plane)
{
    ngx_http_core_loc_conf_t    *clcf;
    ngx_http_vault_main_conf_t  *vmcf;

    if (vlcf->serves) {
        return (vlcf->plane == plane)
               ? "is duplicate"
               : "cannot be in one location with another of \"vault\", "
                 "\"vault_management\" and \"vault_local_authority\"";
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


/* as "vault_region" has it: no blanks, so that ids need no escapes */

static char *
ngx_http_vault_location(ngx_conf_t *cf, ngx_str_t *arg,
    vc_management_options_t *management)
{
    u_char     c;
    size_t     i;
    ngx_str_t  s;

    if (!ngx_http_vault_option(arg, "location=", &s)) {
        return ngx_http_vault_unknown(cf, arg, "location=NAME");
    }

    for (i = 0; i < s.len; i++) {
        c = s.data[i];

        if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
            break;
        }
    }

    if (i != s.len || i > 32) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid location \"%V\", it must be 1 to 32 "
                           "lower-case letters and digits, such as "
                           "westeurope", &s);
        return NGX_CONF_ERROR;
    }

    if (management->location.len != 0
        && !vc_str_eq(management->location, ngx_http_vault_view(&s)))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "location differs from the one before");
        return NGX_CONF_ERROR;
    }

    management->location = ngx_http_vault_view(&s);

    return NGX_CONF_OK;
}


char *
ngx_http_vault_management(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_vault_loc_conf_t *vlcf = conf;

    char                     *rv;
    ngx_str_t                *value;
    vc_management_options_t  *management;

    ngx_http_vault_main_conf_t  *vmcf;

    rv = ngx_http_vault_serve(cf, vlcf, VC_PLANE_MANAGEMENT);
    if (rv != NGX_CONF_OK) {
        return rv;
    }

    value = cf->args->elts;
    vmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_vault_module);
    management = &vmcf->options.management;

    if (ngx_http_vault_base_url(cf, &value[1], &vlcf->resource) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (management->base_url.len != 0
        && !vc_str_eq(management->base_url, vlcf->resource))
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "there is one management plane, at \"%*s\"",
                           management->base_url.len,
                           management->base_url.data);
        return NGX_CONF_ERROR;
    }

    management->base_url = vlcf->resource;

    return (cf->args->nelts == 2)
           ? NGX_CONF_OK
           : ngx_http_vault_location(cf, &value[2], management);
}
