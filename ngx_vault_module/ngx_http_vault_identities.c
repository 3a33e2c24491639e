/* the directive "vault_client_certificate" */

#include "ngx_http_vault_certificate.h"


static ngx_int_t
ngx_http_vault_hex_digit(u_char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : NGX_ERROR;
}


/* SHA-256 as "openssl x509 -fingerprint -sha256" prints it, colons optional */

static ngx_int_t
ngx_http_vault_fingerprint(ngx_conf_t *cf, ngx_str_t *s, ngx_str_t *out)
{
    size_t     i, digits;
    ngx_int_t  digit;

    out->len = EVP_MAX_MD_SIZE;
    out->data = ngx_pcalloc(cf->pool, out->len);
    if (out->data == NULL) {
        return NGX_ERROR;
    }

    digits = 0;

    for (i = 0; i < s->len && digits <= 64; i++) {

        if (s->data[i] == ':' && digits % 2 == 0) {
            continue;
        }

        digit = ngx_http_vault_hex_digit(s->data[i]);

        if (digit == NGX_ERROR) {
            break;
        }

        out->data[digits / 2] = (u_char) (out->data[digits / 2] << 4 | digit);
        digits++;
    }

    if (i == s->len && digits == 64) {
        out->len = 32;
        return NGX_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid fingerprint \"%V\", it must be the SHA-256 of "
                       "a certificate, 64 hexadecimal digits, as \"openssl "
                       "x509 -noout -fingerprint -sha256\" prints it", s);

    return NGX_ERROR;
}


static ngx_int_t
ngx_http_vault_guid(ngx_conf_t *cf, const char *what, ngx_str_t *s,
    vc_str_t *out)
{
    ngx_strlow(s->data, s->data, s->len);

    if (out->len == 0 && vc_guid_valid(ngx_http_vault_view(s))) {
        *out = ngx_http_vault_view(s);
        return NGX_OK;
    }

    if (out->len != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "duplicate %s= parameter",
                           what);
        return NGX_ERROR;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "invalid %s \"%V\", it must be a GUID such as "
                       "00000000-0000-0000-0000-000000000000", what, s);

    return NGX_ERROR;
}


/* by what a certificate is known */

static ngx_int_t
ngx_http_vault_identity_by(ngx_conf_t *cf, ngx_http_vault_identity_t *identity,
    ngx_http_vault_by_e by, ngx_str_t *value)
{
    if (identity->by != NGX_HTTP_VAULT_BY_NOTHING) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "one of fingerprint=, subject= and san= is wanted, "
                           "once; write a directive for each");
        return NGX_ERROR;
    }

    identity->by = by;
    identity->value = *value;

    if (by == NGX_HTTP_VAULT_BY_FINGERPRINT) {
        return ngx_http_vault_fingerprint(cf, value, &identity->value);
    }

    if (by == NGX_HTTP_VAULT_BY_SAN
        && ngx_strlchr(value->data, value->data + value->len, '*') != NULL)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid san \"%V\", it must be one whole name, "
                           "without \"*\"", value);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static char *
ngx_http_vault_identity_option(ngx_conf_t *cf, ngx_str_t *arg,
    ngx_http_vault_identity_t *identity)
{
    ngx_int_t  rc;
    ngx_str_t  s;

    if (ngx_http_vault_option(arg, "fingerprint=", &s)) {
        rc = ngx_http_vault_identity_by(cf, identity,
                                        NGX_HTTP_VAULT_BY_FINGERPRINT, &s);

    } else if (ngx_http_vault_option(arg, "subject=", &s)) {
        rc = ngx_http_vault_identity_by(cf, identity,
                                        NGX_HTTP_VAULT_BY_SUBJECT, &s);

    } else if (ngx_http_vault_option(arg, "san=", &s)) {
        rc = ngx_http_vault_identity_by(cf, identity,
                                        NGX_HTTP_VAULT_BY_SAN, &s);

    } else if (ngx_http_vault_option(arg, "principal=", &s)) {
        rc = ngx_http_vault_guid(cf, "principal", &s, &identity->principal);

    } else if (ngx_http_vault_option(arg, "tenant=", &s)) {
        rc = ngx_http_vault_guid(cf, "tenant", &s, &identity->tenant);

    } else {
        return ngx_http_vault_unknown(cf, arg,
                                      "fingerprint=HEX, subject=DN or "
                                      "san=NAME, principal=GUID or "
                                      "tenant=GUID");
    }

    return (rc == NGX_OK) ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_http_vault_identity_check(ngx_conf_t *cf, ngx_array_t *identities,
    ngx_http_vault_identity_t *identity)
{
    ngx_uint_t                  i;
    ngx_http_vault_identity_t  *other;

    if (identity->by == NGX_HTTP_VAULT_BY_NOTHING
        || identity->principal.len == 0)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"vault_client_certificate\" needs fingerprint="
                           "HEX, subject=DN or san=NAME, and principal=GUID");
        return NGX_ERROR;
    }

    other = identities->elts;

    for (i = 0; i < identities->nelts; i++) {

        if (other[i].by == identity->by
            && other[i].value.len == identity->value.len
            && ngx_memcmp(other[i].value.data, identity->value.data,
                          identity->value.len)
               == 0)
        {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate certificate: a directive before has "
                               "given it to the principal \"%*s\"",
                               other[i].principal.len,
                               other[i].principal.data);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


char *
ngx_http_vault_client_certificate(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_vault_loc_conf_t *vlcf = conf;

    char                       *rv;
    ngx_str_t                  *value;
    ngx_uint_t                  i;
    ngx_http_vault_identity_t   identity, *added;

    if (vlcf->identities == NULL) {
        vlcf->identities = ngx_array_create(cf->pool, 4,
                                            sizeof(ngx_http_vault_identity_t));
        if (vlcf->identities == NULL) {
            return NGX_CONF_ERROR;
        }

        vlcf->identities_in = cf->conf_file->file.name;
        vlcf->identities_at = cf->conf_file->line;
    }

    ngx_memzero(&identity, sizeof(ngx_http_vault_identity_t));
    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        rv = ngx_http_vault_identity_option(cf, &value[i], &identity);

        if (rv != NGX_CONF_OK) {
            return rv;
        }
    }

    if (ngx_http_vault_identity_check(cf, vlcf->identities, &identity)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    added = ngx_array_push(vlcf->identities);
    if (added == NULL) {
        return NGX_CONF_ERROR;
    }

    *added = identity;

    return NGX_CONF_OK;
}
