#include "ngx_http_vault_module.h"


#define NGX_HTTP_VAULT_JWKS_MAX  (1024 * 1024)


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
        name.len = (size_t) (last - p);
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

    } else if (ngx_http_vault_option(arg, "algorithms=", &s)) {
        rc = ngx_http_vault_algorithms(cf, &s, &options->algorithms);

    } else if (ngx_http_vault_option(arg, "ca_file=", &s)) {
        rc = ngx_http_vault_path(cf, &s, &s);
        options->ca_file = ngx_http_vault_view(&s);

    } else if (options->audience_optional) {
        return ngx_http_vault_unknown(cf, arg,
                                      "issuer=URL, audience=URL, jwks=PATH or "
                                      "jwks=URL, algorithms=LIST or "
                                      "ca_file=PATH");

    } else if (ngx_http_vault_option(arg, "tenant=", &s)) {
        options->tenant = ngx_http_vault_view(&s);

    } else if (ngx_http_vault_option(arg, "login=", &s)) {
        options->login_url = ngx_http_vault_view(&s);

    } else if (ngx_strcmp(arg->data, "federation") == 0) {
        options->federation = 1;

    } else {
        return ngx_http_vault_unknown(cf, arg,
                                      "issuer=URL, audience=URL, jwks=PATH or "
                                      "jwks=URL, tenant=GUID, "
                                      "algorithms=LIST, login=URL, "
                                      "ca_file=PATH or, of vault_authority, "
                                      "federation");
    }

    return (rc == NGX_OK) ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* for the check, once all is read, that their tokens are of use */

static void
ngx_http_vault_note_authority(ngx_conf_t *cf,
    ngx_http_vault_main_conf_t *vmcf, vc_authority_options_t *options)
{
    if (!options->federation || options->audience_count != 0) {
        vmcf->access_authorities++;
    }

    if (options->federation && vmcf->federation_at == 0) {
        vmcf->federation_in = cf->conf_file->file.name;
        vmcf->federation_at = cf->conf_file->line;
    }
}


static ngx_int_t
ngx_http_vault_check_authority(ngx_conf_t *cf, ngx_array_t *authorities,
    vc_authority_options_t *options)
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

    other = authorities->elts;

    for (i = 0; i < authorities->nelts; i++) {
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


/*
 * Whoever issues access tokens and whoever attests environments are described
 * alike, and kept in an array each: the command's offset.  An attestation is
 * for whoever reads it, so that it needs no audience; and nobody signs in with
 * one, so that it has no tenant and no address for that.
 */

char *
ngx_http_vault_authority(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    u_char *base = conf;

    char                    *rv;
    ngx_str_t               *value;
    ngx_uint_t               i;
    ngx_array_t             *audiences, *authorities;
    vc_authority_options_t   options, *added;

    audiences = ngx_array_create(cf->pool, 2, sizeof(vc_str_t));
    if (audiences == NULL) {
        return NGX_CONF_ERROR;
    }

    authorities = (ngx_array_t *) (base + cmd->offset);

    ngx_memzero(&options, sizeof(vc_authority_options_t));
    options.audience_optional =
        (cmd->offset == offsetof(ngx_http_vault_main_conf_t, attestations));

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

    if (ngx_http_vault_check_authority(cf, authorities, &options) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    added = ngx_array_push(authorities);
    if (added == NULL) {
        return NGX_CONF_ERROR;
    }

    *added = options;

    if (!options.audience_optional) {
        ngx_http_vault_note_authority(cf, conf, &options);
    }

    return NGX_CONF_OK;
}
