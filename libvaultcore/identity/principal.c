#include "identity/principal.h"


vc_principal_t *
vc_principal_hold(vc_principal_t *principal)
{
    principal->references++;

    return principal;
}


void
vc_principal_release(vc_principal_t *principal)
{
    if (principal != NULL && --principal->references == 0) {
        vc_arena_destroy(principal->arena);
    }
}


void
vc_principal_describe(const vc_principal_t *principal, vc_buf_t *out)
{
    vc_buf_text(out, "appid=");
    vc_buf_str(out, principal->application_id);
    vc_buf_text(out, ";oid=");
    vc_buf_str(out, principal->object_id);

    if (principal->has_groups) {
        vc_buf_text(out, ";numgroups=");
        vc_buf_i64(out, (int64_t) principal->group_count);
    }

    vc_buf_text(out, ";iss=");
    vc_buf_str(out, principal->issuer);
}
