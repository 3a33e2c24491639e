/* what an authority's tokens are good for: vaults, or their management */

#include "identity/authority_state.h"
#include "identity/claims.h"


/* the management plane of the public cloud, under both of its names */
static bool
vc_audience_is_azure(vc_str_t audience)
{
    return vc_address_eq(audience, VC_STR("https://management.azure.com"))
           || vc_address_eq(audience,
               VC_STR("https://management.core.windows.net"));
}


unsigned
vc_authority_planes(const vc_authority_t *authority, vc_str_t audience)
{
    size_t i;

    if (authority->management.len != 0
        && vc_address_eq(authority->management, audience))
    {
        return VC_FOR_MANAGEMENT;
    }

    for (i = 0; i < authority->audience_count; i++) {
        if (vc_address_eq(authority->audiences[i], audience)) {
            return (authority->management.len != 0
                       && vc_audience_is_azure(audience))
                       ? VC_FOR_MANAGEMENT
                       : VC_FOR_DATA;
        }
    }

    return 0;
}


bool
vc_authority_accepts(const vc_authority_t *authority, vc_str_t audience)
{
    return vc_authority_planes(authority, audience) != 0;
}


bool
vc_authority_has_audience(const vc_authority_t *authority)
{
    return authority->audience_count != 0;
}


bool
vc_authority_federates(const vc_authority_t *authority)
{
    return authority->federation;
}


bool
vc_authority_gives_access(const vc_authority_t *authority)
{
    return !authority->federation || authority->audience_count != 0;
}


void
vc_authority_list_audiences(const vc_authority_t *authority, unsigned planes,
    vc_buf_t *out)
{
    size_t      i;
    const char *separator;

    separator = "";

    if (authority->management.len != 0 && (planes & VC_FOR_MANAGEMENT) != 0) {
        vc_buf_str(out, authority->management);
        separator = ", ";
    }

    for (i = 0; i < authority->audience_count; i++) {
        if ((vc_authority_planes(authority, authority->audiences[i]) & planes)
                == 0
            || vc_address_eq(authority->audiences[i], authority->management))
        {
            continue;
        }

        vc_buf_text(out, separator);
        vc_buf_str(out, authority->audiences[i]);
        separator = ", ";
    }
}
