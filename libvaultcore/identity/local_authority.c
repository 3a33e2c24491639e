#include "identity/local_authority.h"


void
vc_local_authority_issuer(const vc_local_authority_t *authority, vc_buf_t *out)
{
    vc_buf_str(out, authority->base_url);
    vc_buf_text(out, "/");
    vc_buf_str(out, authority->tenant);
    vc_buf_text(out, "/v2.0");
}


/* appends ,"name":"<base><path>" */
static void
vc_discovery_address(vc_buf_t *out, const char *name, vc_str_t base,
    const char *path)
{
    vc_buf_text(out, ",\"");
    vc_buf_text(out, name);
    vc_buf_text(out, "\":\"");
    vc_json_escape(out, base);
    vc_buf_text(out, path);
    vc_buf_text(out, "\"");
}


void
vc_local_authority_discovery(const vc_local_authority_t *authority, bool adfs,
    vc_buf_t *out)
{
    vc_buf_t issuer, base;

    vc_buf_init(&issuer, out->arena, 256);
    vc_local_authority_issuer(authority, &issuer);

    vc_buf_init(&base, out->arena, 256);
    vc_buf_str(&base, authority->base_url);
    vc_buf_text(&base, "/");
    vc_buf_str(&base, adfs ? VC_STR("adfs") : authority->tenant);

    if (issuer.failed || base.failed) {
        out->failed = true;
        return;
    }

    vc_buf_text(out, "{\"issuer\":");
    vc_json_string(out, vc_buf_view(&issuer));
    vc_discovery_address(out, "authorization_endpoint", vc_buf_view(&base),
        adfs ? "/oauth2/authorize" : "/oauth2/v2.0/authorize");
    vc_discovery_address(out, "token_endpoint", vc_buf_view(&base),
        adfs ? "/oauth2/token" : "/oauth2/v2.0/token");
    vc_discovery_address(out, "jwks_uri", vc_buf_view(&base),
        adfs ? "/discovery/keys" : "/discovery/v2.0/keys");
    vc_buf_text(out, ",\"response_types_supported\":[\"token\"]"
                     ",\"subject_types_supported\":[\"public\"]"
                     ",\"id_token_signing_alg_values_supported\":[\"RS256\"]"
                     ",\"token_endpoint_auth_methods_supported\":"
                     "[\"client_secret_post\",\"private_key_jwt\"]"
                     ",\"token_endpoint_auth_signing_alg_values_supported\":"
                     "[\"RS256\",\"PS256\"]"
                     ",\"grant_types_supported\":[\"client_credentials\"]}");
}
