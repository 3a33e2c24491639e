#include "identity/certificate.h"

#include "identity/authority.h"

#define VC_CERTIFICATE_ROOM 768


/* as the claims of a token would be */
static vc_str_t
vc_certificate_claims(vc_arena_t *arena, vc_str_t object_id, vc_str_t tenant,
    vc_str_t thumbprint)
{
    vc_buf_t claims;

    vc_buf_init(&claims, arena, 192);
    vc_buf_text(&claims, "{\"oid\":");
    vc_json_string(&claims, object_id);
    vc_buf_text(&claims, ",\"tid\":");
    vc_json_string(&claims, tenant);
    vc_buf_text(&claims, ",\"x5t#S256\":");
    vc_json_string(&claims, thumbprint);
    vc_buf_text(&claims, "}");

    return claims.failed ? VC_STR_NULL : vc_buf_view(&claims);
}


vc_status_t
vc_principal_from_certificate(vc_str_t object_id, vc_str_t tenant,
    vc_str_t thumbprint, vc_principal_t **out, vc_error_t *err)
{
    vc_arena_t     *arena;
    vc_principal_t *principal;

    if (!vc_guid_valid(object_id) || !vc_guid_valid(tenant)) {
        return vc_fail(err, VC_INVALID,
            "A client certificate stands for a principal's object id in a "
            "tenant; both must be GUIDs.");
    }

    arena = vc_arena_create(VC_CERTIFICATE_ROOM);
    principal = (arena == NULL)
                    ? NULL
                    : vc_arena_calloc(arena, sizeof(vc_principal_t));

    if (principal == NULL) {
        vc_arena_destroy(arena);
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    principal->arena = arena;
    principal->references = 1;
    principal->planes = VC_FOR_DATA | VC_FOR_MANAGEMENT;
    principal->expires = INT64_MAX;
    principal->issuer = VC_STR(VC_CERTIFICATE_ISSUER);
    principal->object_id = vc_str_copy(arena, object_id);
    principal->tenant = vc_str_copy(arena, tenant);
    principal->record_claims = vc_certificate_claims(arena, object_id, tenant,
        thumbprint);

    if (principal->object_id.data == NULL || principal->tenant.data == NULL
        || principal->record_claims.data == NULL)
    {
        vc_principal_release(principal);
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    *out = principal;

    return VC_OK;
}
