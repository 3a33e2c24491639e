#include "ngx_http_vault_module.h"


#define NGX_HTTP_VAULT_STORE_MIN  (16 * 1024 * 1024)


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

    if (vlcf->audit == NULL) {
        return NGX_CONF_ERROR;
    }

    vlcf->audit->everything = 1;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_vault_check_destination(ngx_conf_t *cf, ngx_array_t *destinations,
    ngx_str_t *id)
{
    ngx_uint_t                     i;
    ngx_http_vault_destination_t  *other;

    if (id->len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "a destination needs an id, by which diagnostic "
                           "settings name it");
        return NGX_ERROR;
    }

    other = destinations->elts;

    for (i = 0; i < destinations->nelts; i++) {

        if (vc_str_ieq(other[i].id, ngx_http_vault_view(id))) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate destination \"%V\"", id);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


char *
ngx_http_vault_destination(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_vault_main_conf_t *vmcf = conf;

    ngx_str_t                     *value;
    ngx_http_vault_audit_t        *audit;
    ngx_http_vault_destination_t  *added;

    value = cf->args->elts;

    if (ngx_http_vault_check_destination(cf, &vmcf->destinations, &value[1])
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (value[2].len == 0) {
        return "needs a path for its records";
    }

    audit = ngx_http_vault_audit_open(cf, &value[2]);
    added = ngx_array_push(&vmcf->destinations);

    if (audit == NULL || added == NULL) {
        return NGX_CONF_ERROR;
    }

    added->id = ngx_http_vault_view(&value[1]);
    added->audit = audit;

    return NGX_CONF_OK;
}
