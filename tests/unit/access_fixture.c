#include "access_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/engine.h"


static void
check(vc_status_t status, const vc_error_t *err, const char *what)
{
    if (status != VC_OK) {
        fprintf(stderr, "fixture: %s: %s %s\n", what, err->message,
            err->detail);
        abort();
    }
}


void
access_vault(fixture_t *f, const char *name, bool rbac)
{
    vc_arena_t     *arena = vc_arena_create(4096);
    vc_error_t      err;
    vc_vault_t      vault;
    vc_context_t   *context = vc_engine_context(f->engine);
    vc_vault_spec_t spec = {.name = vc_str(name), .rbac = rbac};

    check(vc_vault_create(context->session, arena, &spec, &vault, &err), &err,
        name);
    vc_engine_context_release(f->engine, context);
    vc_arena_destroy(arena);
}


void
access_caller(fixture_t *f, const char *name, caller_t *out)
{
    char                 secret[VC_CLIENT_SECRET_LEN + 1];
    vc_arena_t          *arena = vc_arena_create(4096);
    vc_error_t           err;
    vc_context_t        *context = vc_engine_context(f->engine);
    vc_principal_spec_t  spec;
    vc_local_principal_t principal;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(name);
    spec.with_secret = true;

    check(vc_local_principal_create(context->session, arena, &spec, &principal,
              secret, &err),
        &err, name);
    vc_engine_context_release(f->engine, context);

    memcpy(out->object_id, principal.object_id, sizeof(out->object_id));
    fixture_token(f, principal.client_id, secret, FIXTURE_RESOURCE,
        out->authorization);
    vc_local_principal_clear(&principal);
    vc_arena_destroy(arena);
}


static vc_str_t
access_scope(fixture_t *f, const char *scope, char *out, size_t size)
{
    if (scope == NULL) {
        return VC_STR("/");
    }

    (void) snprintf(out, size, "/subscriptions/%s%s", f->installation.id,
        scope);

    return vc_str(out);
}


void
access_assign(fixture_t *f, unsigned number, const caller_t *caller,
    const char *role, const char *scope)
{
    bool            existed;
    char            text[512];
    vc_arena_t     *arena = vc_arena_create(4096);
    vc_error_t      err;
    vc_context_t   *context = vc_engine_context(f->engine);
    vc_assignment_t one;

    memset(&one, 0, sizeof(one));
    (void) snprintf(one.id, sizeof(one.id), "%08x-0000-0000-0000-000000000000",
        number);
    memcpy(one.principal, caller->object_id, sizeof(one.principal));
    memcpy(one.role, role, sizeof(one.role));
    one.scope = access_scope(f, scope, text, sizeof(text));

    check(vc_assignment_put(context->session, arena, &one, &existed, &err),
        &err, role);
    vc_engine_context_release(f->engine, context);
    vc_arena_destroy(arena);
}


void
access_unassign(fixture_t *f, unsigned number, const char *scope)
{
    char            text[512], id[VC_GUID_LEN + 1];
    vc_arena_t     *arena = vc_arena_create(4096);
    vc_error_t      err;
    vc_context_t   *context = vc_engine_context(f->engine);
    vc_assignment_t was;

    (void) snprintf(id, sizeof(id), "%08x-0000-0000-0000-000000000000", number);

    check(vc_assignment_delete(context->session, arena,
              access_scope(f, scope, text, sizeof(text)), vc_str(id), &was,
              &err),
        &err, id);
    vc_engine_context_release(f->engine, context);
    vc_arena_destroy(arena);
}


void
access_policy(fixture_t *f, const char *vault, const caller_t *caller,
    const uint32_t permissions[VC_FAMILY_COUNT])
{
    vc_arena_t   *arena = vc_arena_create(4096);
    vc_error_t    err;
    vc_vault_t    changed;
    vc_context_t *context = vc_engine_context(f->engine);

    check(vc_vault_set_policy(context->session, arena, vc_str(vault),
              vc_str(caller->object_id), VC_STR_NULL, permissions, &changed,
              &err),
        &err, vault);
    vc_engine_context_release(f->engine, context);
    vc_arena_destroy(arena);
}


vc_request_t
access_request(const caller_t *caller, const char *vault, char *host,
    const char *method, const char *target)
{
    vc_request_t request;

    (void) snprintf(host, 64, "%s.vault.localhost:8443", vault);

    memset(&request, 0, sizeof(request));
    request.plane = VC_PLANE_DATA;
    request.resource = VC_STR(FIXTURE_RESOURCE);
    request.method = vc_str(method);
    request.target = vc_str(target);
    request.scheme = VC_STR("https");
    request.host = vc_str(host);
    request.authorization = vc_str(caller->authorization);
    request.client_address = VC_STR("127.0.0.1");

    return request;
}


bool
access_allowed(fixture_t *f, const vc_request_t *request)
{
    vc_call_t  *call;
    vc_status_t status;

    call = vc_call_create(f->engine, request);

    if (call == NULL || vc_call_authenticate(call) != VC_OK) {
        abort();
    }

    status = vc_call_authorize(call);

    if (status != VC_OK && status != VC_ACCESS_DENIED
        && status != VC_FORBIDDEN_BY_RBAC)
    {
        fprintf(stderr, "%.*s %.*s: %s\n", VC_STR_ARG(request->method),
            VC_STR_ARG(request->target), vc_status_name(status));
        abort();
    }

    vc_call_destroy(call);
    vc_engine_rest(f->engine);

    return status == VC_OK;
}
