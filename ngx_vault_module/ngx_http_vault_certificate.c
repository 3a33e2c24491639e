/*
 * Whose a TLS client certificate is.  nginx has verified it, as
 * "ssl_verify_client" says.
 */

#include "ngx_http_vault_certificate.h"

#if (NGX_HTTP_SSL)

#include <openssl/x509v3.h>


/* what a certificate is matched by, made once a request and as needed */
typedef struct {
    ngx_http_request_t         *request;
    X509                       *certificate;
    ngx_uint_t                  verified;  /* by an authority that is known */
    u_char                      digest[32];
    ngx_str_t                   subject;   /* data NULL: not made yet */
    GENERAL_NAMES              *names;
    ngx_uint_t                  names_read;
} ngx_http_vault_shown_t;


/*
 * A page of another origin can have a browser send requests with the user's
 * certificate.  It cannot have it send a token; so pages need one.
 */

static ngx_uint_t
ngx_http_vault_from_page(ngx_http_request_t *r)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    static ngx_str_t  origin = ngx_string("origin");

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {

            if (h[i].key.len == origin.len
                && ngx_strncmp(h[i].lowcase_key, origin.data, origin.len) == 0)
            {
                return 1;
            }
        }
    }

    return 0;
}


/*
 * Whether it was this server that asked for the certificate and verified it:
 * a connection can have been made, or the session that it resumes, with
 * another server that trusts other authorities.
 */

static ngx_uint_t
ngx_http_vault_verified_here(SSL *ssl, ngx_http_ssl_srv_conf_t *sscf)
{
    const char  *negotiated, *session;

    if (sscf->verify == 0 || SSL_get_SSL_CTX(ssl) != sscf->ssl.ctx) {
        return 0;
    }

    if (!SSL_session_reused(ssl)) {
        return 1;
    }

    session = SSL_SESSION_get0_hostname(SSL_get0_session(ssl));
    negotiated = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

    return (session == NULL || negotiated == NULL)
           ? session == negotiated
           : ngx_strcmp(session, negotiated) == 0;
}


/* the certificate, if it can stand for anybody; a connection can outlive it */

static ngx_uint_t
ngx_http_vault_show_certificate(ngx_http_request_t *r,
    ngx_http_vault_shown_t *shown)
{
    SSL                      *ssl;
    long                      rc;
    unsigned int              len;
    ngx_http_ssl_srv_conf_t  *sscf;

    ssl = r->connection->ssl->connection;
    sscf = ngx_http_get_module_srv_conf(r, ngx_http_ssl_module);

    if (!ngx_http_vault_verified_here(ssl, sscf)) {
        return 0;
    }

    ngx_memzero(shown, sizeof(ngx_http_vault_shown_t));
    shown->request = r;
    shown->certificate = SSL_get0_peer_certificate(ssl);

    if (shown->certificate == NULL) {
        return 0;
    }

    rc = SSL_get_verify_result(ssl);
    shown->verified = (rc == X509_V_OK);

    if (!shown->verified
        && (sscf->verify != 3 || !ngx_ssl_verify_error_optional(rc)))
    {
        return 0;
    }

    return X509_cmp_current_time(X509_get0_notBefore(shown->certificate)) < 0
           && X509_cmp_current_time(X509_get0_notAfter(shown->certificate)) > 0
           && X509_digest(shown->certificate, EVP_sha256(), shown->digest,
                          &len)
              == 1
           && len == sizeof(shown->digest);
}


static ngx_uint_t
ngx_http_vault_has_subject(ngx_http_vault_shown_t *shown, ngx_str_t *subject)
{
    ngx_http_request_t  *r;

    r = shown->request;

    if (shown->subject.data == NULL
        && ngx_ssl_get_subject_dn(r->connection, r->pool, &shown->subject)
           != NGX_OK)
    {
        return 0;
    }

    return shown->subject.len == subject->len
           && ngx_memcmp(shown->subject.data, subject->data, subject->len)
              == 0;
}


/* the kind of name that a text can be: each has a character of its own */

static int
ngx_http_vault_san_kind(ngx_str_t *name)
{
    u_char  *end;

    end = name->data + name->len;

    if (ngx_strlchr(name->data, end, ':') != NULL) {
        return GEN_URI;
    }

    return (ngx_strlchr(name->data, end, '@') != NULL) ? GEN_EMAIL : GEN_DNS;
}


static ngx_uint_t
ngx_http_vault_has_san(ngx_http_vault_shown_t *shown, ngx_str_t *name)
{
    int                   i, kind;
    size_t                len;
    const u_char         *data;
    const ASN1_STRING    *text;
    const GENERAL_NAME   *each;

    if (!shown->names_read) {
        shown->names_read = 1;
        shown->names = X509_get_ext_d2i(shown->certificate,
                                        NID_subject_alt_name, NULL, NULL);
    }

    kind = ngx_http_vault_san_kind(name);

    for (i = 0; i < sk_GENERAL_NAME_num(shown->names); i++) {
        each = sk_GENERAL_NAME_value(shown->names, i);

        if (each->type != kind) {
            continue;
        }

        /* all three kinds are an IA5String */

        text = each->d.ia5;
        data = ASN1_STRING_get0_data(text);
        len = (size_t) ASN1_STRING_length(text);

        if (len == name->len
            && ((kind == GEN_DNS)
                ? ngx_strncasecmp((u_char *) data, name->data, len) == 0
                : ngx_memcmp(data, name->data, len) == 0))
        {
            return 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_http_vault_identity_is(ngx_http_vault_identity_t *identity,
    ngx_http_vault_shown_t *shown)
{
    if (identity->by == NGX_HTTP_VAULT_BY_FINGERPRINT) {
        return ngx_memcmp(identity->value.data, shown->digest,
                          sizeof(shown->digest))
               == 0;
    }

    /* who is nobody's to vouch for can write any name into it */

    if (!shown->verified) {
        return 0;
    }

    return (identity->by == NGX_HTTP_VAULT_BY_SUBJECT)
           ? ngx_http_vault_has_subject(shown, &identity->value)
           : ngx_http_vault_has_san(shown, &identity->value);
}


static void
ngx_http_vault_identify(ngx_http_vault_shown_t *shown,
    ngx_http_vault_identity_t *identity, vc_request_t *request)
{
    ngx_str_t  digest, text;

    digest.data = shown->digest;
    digest.len = sizeof(shown->digest);

    text.data = ngx_pnalloc(shown->request->pool,
                            ngx_base64_encoded_length(digest.len));
    if (text.data == NULL) {
        return;
    }

    ngx_encode_base64url(&text, &digest);

    request->certificate_principal = identity->principal;
    request->certificate_tenant = identity->tenant;
    request->certificate_thumbprint = ngx_http_vault_view(&text);
}


void
ngx_http_vault_recognize(ngx_http_request_t *r,
    ngx_http_vault_loc_conf_t *vlcf, vc_request_t *request)
{
    ngx_uint_t                  i;
    ngx_http_vault_shown_t      shown;
    ngx_http_vault_identity_t  *identity;

    if (vlcf->identities == NULL || r->headers_in.authorization != NULL
        || r->connection->ssl == NULL || ngx_http_vault_from_page(r)
        || !ngx_http_vault_show_certificate(r, &shown))
    {
        return;
    }

    identity = vlcf->identities->elts;

    for (i = 0; i < vlcf->identities->nelts; i++) {

        if (ngx_http_vault_identity_is(&identity[i], &shown)) {
            ngx_http_vault_identify(&shown, &identity[i], request);
            break;
        }
    }

    GENERAL_NAMES_free(shown.names);
}


/* a server that asks for no certificate would never recognize anybody */

static ngx_uint_t
ngx_http_vault_asks(ngx_conf_t *cf)
{
    ngx_http_ssl_srv_conf_t  *sscf;

    sscf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_ssl_module);

    return sscf != NULL && sscf->verify != 0;
}

#else

void
ngx_http_vault_recognize(ngx_http_request_t *r,
    ngx_http_vault_loc_conf_t *vlcf, vc_request_t *request)
{
    return;
}


static ngx_uint_t
ngx_http_vault_asks(ngx_conf_t *cf)
{
    return 0;
}

#endif


ngx_int_t
ngx_http_vault_check_identities(ngx_conf_t *cf,
    ngx_http_vault_loc_conf_t *vlcf)
{
    if (vlcf->identities == NULL || vlcf->plane == VC_PLANE_AUTHORITY
        || ngx_http_vault_asks(cf))
    {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"vault_client_certificate\" needs \"ssl_verify_client\" "
                  "to be on, optional or optional_no_ca in each server where "
                  "it is in force; the one of %V:%ui asks for no certificate "
                  "in %V:%ui", &vlcf->file, vlcf->line,
                  &vlcf->identities_in, vlcf->identities_at);

    return NGX_ERROR;
}
