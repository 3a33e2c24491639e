/*
 * TLS client certificates as identities: what the directives say
 * (ngx_http_vault_identities.c), and who it is that shows one
 * (ngx_http_vault_certificate.c).
 */

#ifndef _NGX_HTTP_VAULT_CERTIFICATE_H_INCLUDED_
#define _NGX_HTTP_VAULT_CERTIFICATE_H_INCLUDED_


#include "ngx_http_vault_module.h"


typedef enum {
    NGX_HTTP_VAULT_BY_NOTHING,
    NGX_HTTP_VAULT_BY_FINGERPRINT,
    NGX_HTTP_VAULT_BY_SUBJECT,
    NGX_HTTP_VAULT_BY_SAN
} ngx_http_vault_by_e;


/* one directive */
typedef struct {
    ngx_http_vault_by_e         by;
    ngx_str_t                   value;     /* a fingerprint in 32 bytes */
    vc_str_t                    principal;
    vc_str_t                    tenant;    /* empty: the installation's */
} ngx_http_vault_identity_t;


#endif /* _NGX_HTTP_VAULT_CERTIFICATE_H_INCLUDED_ */
