#include "ngx_http_vault_module.h"


#define NGX_HTTP_VAULT_JWKS_MAX      (1024 * 1024)
#define NGX_HTTP_VAULT_STORE_MIN     (16 * 1024 * 1024)
#define NGX_HTTP_VAULT_LIFETIME_MIN  300
#define NGX_HTTP_VAULT_LIFETIME_MAX  86400


/* "name=value": the value; false if the argument has another name */

static ngx_uint_t
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


static char *
ngx_http_vault_unknown(ngx_conf_t *cf, ngx_str_t *arg, const char *known)
{
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid parameter \"%V\", it must be %s", arg, known);

    return NGX_CONF_ERROR;
}


/* a path, relative to nginx's prefix unless it is absolute */

static ngx_int_t
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
    ngx_uint_t  https;

    ngx_strlow(arg->data, arg->data, arg->len);

    end = arg->data + arg->len;
    https = (ngx_strncmp(arg->data, "https://", 8) == 0);

    if (!https && ngx_strncmp(arg->data, "http://", 7) != 0) {
        goto invalid;
    }

    host = arg->data + (https ? 8 : 7);

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
        port = ngx_atoi(p + 1, end - p - 1);

        if (port < 1 || port > 65535) {
            goto invalid;
        }

        if (port == (https ? 443 : 80)) {
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


static ngx_int_t
ngx_http_vault_algorithms(ngx_conf_t *cf, ngx_str_t *list, uint32_t *bits)
{
    u_char    *p, *last, *end;
    uint32_t   bit;
    ngx_str_t  name;

    end = list->data + list->len;

    for (p = list->data; p <= end; p = last + 1) {
        last = ngx_strlchr(p, end, ',');
        last = (last == NULL) ? end : last;

        name.data = p;
        name.len = last - p;
        bit = vc_alg_parse(ngx_http_vault_view(&name));

        if (bit == 0) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "unknown algorithm \"%V\", it must be one of "
                               "RS256, RS384, RS512, PS256, PS384, PS512, "
                               "ES256 and ES384", &name);
            return NGX_ERROR;
        }

        *bits |= bit;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_vault_read_jwks(ngx_conf_t *cf, ngx_str_t *arg, vc_str_t *out)
{
    u_char           *data;
    size_t            size;
    ssize_t           n;
    ngx_fd_t          fd;
    ngx_str_t         path;
    ngx_file_info_t   fi;

    if (ngx_http_vault_path(cf, arg, &path) != NGX_OK) {
        return NGX_ERROR;
    }

    fd = ngx_open_file(path.data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE || ngx_fd_info(fd, &fi) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "the JWKS file \"%V\" cannot be opened; a URL "
                           "must begin with https://", &path);
        if (fd != NGX_INVALID_FILE) {
            ngx_close_file(fd);
        }

        return NGX_ERROR;
    }

    size = (size_t) ngx_file_size(&fi);
    data = NULL;
    n = -1;

    if (ngx_is_file(&fi) && size > 0 && size <= NGX_HTTP_VAULT_JWKS_MAX) {
        data = ngx_pnalloc(cf->pool, size);
        n = (data == NULL) ? -1 : ngx_read_fd(fd, data, size);
    }

    ngx_close_file(fd);

    if (n < 0 || (size_t) n != size) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the JWKS file \"%V\" cannot be read: it must be a "
                           "regular file of at most 1m", &path);
        return NGX_ERROR;
    }

    out->data = data;
    out->len = size;

    return NGX_OK;
}


static ngx_int_t
ngx_http_vault_jwks(ngx_conf_t *cf, ngx_str_t *s,
    vc_authority_options_t *options)
{
    if (options->jwks_json.len != 0 || options->jwks_url.len != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "duplicate jwks= parameter");
        return NGX_ERROR;
    }

    if (ngx_strncmp(s->data, "https://", 8) == 0
        || ngx_strncmp(s->data, "http://", 7) == 0)
    {
        options->jwks_url = ngx_http_vault_view(s);
        return NGX_OK;
    }

    return ngx_http_vault_read_jwks(cf, s, &options->jwks_json);
}


static ngx_int_t
ngx_http_vault_add_audience(ngx_array_t *audiences, ngx_str_t *s)
{
    vc_str_t  *audience;

    audience = ngx_array_push(audiences);
    if (audience == NULL) {
        return NGX_ERROR;
    }

    *audience = ngx_http_vault_view(s);

    return NGX_OK;
}


static char *
ngx_http_vault_authority_option(ngx_conf_t *cf, ngx_str_t *arg,
    vc_authority_options_t *options, ngx_array_t *audiences)
{
    ngx_int_t  rc;
    ngx_str_t  s;

    rc = NGX_OK;

    if (ngx_http_vault_option(arg, "issuer=", &s)) {
        options->issuer = ngx_http_vault_view(&s);

    } else if (ngx_http_vault_option(arg, "audience=", &s)) {
        rc = ngx_http_vault_add_audience(audiences, &s);

    } else if (ngx_http_vault_option(arg, "jwks=", &s)) {
        rc = ngx_http_vault_jwks(cf, &s, options);

    } else if (ngx_http_vault_option(arg, "tenant=", &s)) {
        options->tenant = ngx_http_vault_view(&s);

    } else if (ngx_http_vault_option(arg, "algorithms=", &s)) {
        rc = ngx_http_vault_algorithms(cf, &s, &options->algorithms);

    } else if (ngx_http_vault_option(arg, "login=", &s)) {
        options->login_url = ngx_http_vault_view(&s);

    } else if (ngx_http_vault_option(arg, "ca_file=", &s)) {
        rc = ngx_http_vault_path(cf, &s, &s);
        options->ca_file = ngx_http_vault_view(&s);

    } else {
        return ngx_http_vault_unknown(cf, arg,
                                      "issuer=URL, audience=URL, jwks=PATH or "
                                      "jwks=URL, tenant=GUID, "
                                      "algorithms=LIST, login=URL or "
                                      "ca_file=PATH");
    }

    return (rc == NGX_OK) ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_http_vault_check_authority(ngx_conf_t *cf,
    ngx_http_vault_main_conf_t *vmcf, vc_authority_options_t *options)
{
    ngx_uint_t               i;
    vc_error_t               err;
    vc_authority_options_t  *other;

    ngx_memzero(&err, sizeof(vc_error_t));

    if (vc_authority_check(options, &err) != VC_OK) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "invalid authority: %s",
                           err.message);
        return NGX_ERROR;
    }

    other = vmcf->authorities.elts;

    for (i = 0; i < vmcf->authorities.nelts; i++) {
        if (vc_str_eq(other[i].issuer, options->issuer)) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate issuer \"%*s\", give all its "
                               "audiences in one directive",
                               options->issuer.len, options->issuer.data);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


char *
ngx_http_vault_authority(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_vault_main_conf_t *vmcf = conf;

    char                    *rv;
    ngx_str_t               *value;
    ngx_uint_t               i;
    ngx_array_t             *audiences;
    vc_authority_options_t   options, *added;

    audiences = ngx_array_create(cf->pool, 2, sizeof(vc_str_t));
    if (audiences == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&options, sizeof(vc_authority_options_t));
    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        rv = ngx_http_vault_authority_option(cf, &value[i], &options,
                                             audiences);
        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    options.audiences = audiences->elts;
    options.audience_count = audiences->nelts;

    if (ngx_http_vault_check_authority(cf, vmcf, &options) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    added = ngx_array_push(&vmcf->authorities);
    if (added == NULL) {
        return NGX_CONF_ERROR;
    }

    *added = options;

    return NGX_CONF_OK;
}


char *
ngx_http_vault_thread_pool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_vault_main_conf_t *vmcf = conf;

    ngx_str_t  *value;

    if (vmcf->thread_pool != NULL) {
        return "is duplicate";
    }

    value = cf->args->elts;
    vmcf->thread_pool = ngx_thread_pool_add(cf, &value[1]);

    return (vmcf->thread_pool == NULL) ? NGX_CONF_ERROR : NGX_CONF_OK;
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
        return "has no effect in a location that another directive serves";
    }

    vlcf->serves = 1;
    vlcf->plane = plane;
    clcf->handler = ngx_http_vault_handler;

    vmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_vault_module);

    if (vmcf->needed_at == 0) {
        vmcf->needed_in = cf->conf_file->file.name;
        vmcf->needed_at = cf->conf_file->line;
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
