/* once all is read: whether it fits together, and what the library is told */

#include "ngx_http_vault_module.h"


/* what a vault cannot be served without */

static ngx_int_t
ngx_http_vault_check_needs(ngx_conf_t *cf, ngx_http_vault_main_conf_t *vmcf)
{
    const char  *missing;

    missing = NULL;

    if (vmcf->store.len == 0) {
        missing = "\"vault_store PATH;\" in the \"http\" block";

    } else if (vmcf->seal_path.len == 0) {
        missing = "\"vault_seal file PATH;\" in the \"http\" block";

    } else if (vmcf->access_authorities == 0
               && vmcf->options.local.base_url.len == 0)
    {
        missing = "someone to issue tokens, \"vault_authority\" in the "
                  "\"http\" block or \"vault_local_authority\" in a location";

    } else if (vmcf->options.local.base_url.len != 0
               && vmcf->resources.nelts == 0)
    {
        missing = "a vault to issue tokens for, \"vault URL;\" in a location";

    } else if (vmcf->options.management.base_url.len != 0
               && vmcf->resources.nelts == 0)
    {
        missing = "vaults to manage, \"vault URL;\" in a location";
    }

    if (missing == NULL) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"vault\", \"vault_management\" or "
                  "\"vault_local_authority\" needs %s in %V:%ui",
                  missing, &vmcf->needed_in, vmcf->needed_at);

    return NGX_ERROR;
}


/* who exchanges other issuers' tokens is the local authority */

static ngx_int_t
ngx_http_vault_check_federation(ngx_conf_t *cf,
    ngx_http_vault_main_conf_t *vmcf)
{
    if (vmcf->federation_at == 0 || vmcf->options.local.base_url.len != 0) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "\"federation\" needs the local authority, \"vault_local_"
                  "authority URL;\" in a location, in %V:%ui",
                  &vmcf->federation_in, vmcf->federation_at);

    return NGX_ERROR;
}


/* what the library is told of the management plane; the first domain of
   vaults is where those that it makes are found */

static ngx_int_t
ngx_http_vault_manage(ngx_conf_t *cf, ngx_http_vault_main_conf_t *vmcf)
{
    vc_str_t                      *ids, *resource;
    ngx_uint_t                     i;
    vc_management_options_t       *management;
    ngx_http_vault_destination_t  *destination;

    management = &vmcf->options.management;
    destination = vmcf->destinations.elts;

    ids = ngx_palloc(cf->pool, (vmcf->destinations.nelts + 1)
                               * sizeof(vc_str_t));
    if (ids == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < vmcf->destinations.nelts; i++) {
        ids[i] = destination[i].id;
    }

    management->destinations = ids;
    management->destination_count = vmcf->destinations.nelts;

    if (vmcf->resources.nelts != 0) {
        resource = vmcf->resources.elts;
        management->vault_domain.data = resource->data + sizeof("https://") - 1;
        management->vault_domain.len = resource->len - sizeof("https://") + 1;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_vault_complete(ngx_conf_t *cf, ngx_http_vault_main_conf_t *vmcf)
{
    if (ngx_http_vault_check_needs(cf, vmcf) != NGX_OK
        || ngx_http_vault_check_federation(cf, vmcf) != NGX_OK
        || ngx_http_vault_manage(cf, vmcf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    vmcf->options.authorities = vmcf->authorities.elts;
    vmcf->options.authority_count = vmcf->authorities.nelts;
    vmcf->options.attestations = vmcf->attestations.elts;
    vmcf->options.attestation_count = vmcf->attestations.nelts;
    vmcf->options.resources = vmcf->resources.elts;
    vmcf->options.resource_count = vmcf->resources.nelts;
    vmcf->options.compute = ngx_http_vault_compute_aside;
    vmcf->options.ending = ngx_http_vault_ending;
    vmcf->options.record = ngx_http_vault_audit_note;

    return NGX_OK;
}
