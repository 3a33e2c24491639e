#include "engine_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vaults/assignments.h"

/* the built-in role "Owner" */
#define FIXTURE_OWNER "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"

#define CHECK(status, what)                                                    \
    do {                                                                       \
        if ((status) != VC_OK) {                                               \
            fprintf(stderr, "fixture: %s: %s %s\n", what, err.message,         \
                err.detail);                                                   \
            abort();                                                           \
        }                                                                      \
    } while (0)


static void
fixture_own(fixture_t *f, vc_session_t *session, vc_arena_t *arena)
{
    bool            existed;
    char            scope[80];
    vc_error_t      err;
    vc_assignment_t assignment;

    memset(&err, 0, sizeof(err));
    memset(&assignment, 0, sizeof(assignment));
    (void) snprintf(scope, sizeof(scope), "/subscriptions/%s",
        f->installation.id);
    strcpy(assignment.id, "00000000-0000-4000-8000-000000000001");
    strcpy(assignment.principal, f->object_id);
    strcpy(assignment.role, FIXTURE_OWNER);
    assignment.scope = vc_str(scope);
    assignment.principal_type = VC_STR("ServicePrincipal");

    CHECK(vc_assignment_put(session, arena, &assignment, &existed, &err),
        "assignment");
}


static void
fixture_administer(fixture_t *f, vc_session_t *session, vc_arena_t *arena)
{
    char                 kid[64];
    uint32_t             permissions[VC_FAMILY_COUNT];
    vc_error_t           err;
    vc_vault_t           vault;
    vc_vault_spec_t      vault_spec;
    vc_principal_spec_t  principal_spec;
    vc_local_principal_t principal;

    memset(&err, 0, sizeof(err));
    memset(&vault_spec, 0, sizeof(vault_spec));
    memset(&principal_spec, 0, sizeof(principal_spec));
    memset(permissions, 0xff, sizeof(permissions));
    vault_spec.name = VC_STR("demo");
    vault_spec.retention_days = 7;
    principal_spec.name = VC_STR("administrator");
    principal_spec.with_secret = true;

    CHECK(vc_installation_create(session, arena, VC_STR_NULL, &f->installation,
              &err),
        "installation");
    CHECK(vc_local_authority_rotate(session, arena, kid, sizeof(kid), &err),
        "signing key");
    CHECK(vc_vault_create(session, arena, &vault_spec, &vault, &err), "vault");
    CHECK(vc_local_principal_create(session, arena, &principal_spec, &principal,
              f->client_secret, &err),
        "principal");
    CHECK(vc_vault_set_policy(session, arena, VC_STR("demo"),
              vc_str(principal.object_id), VC_STR_NULL, permissions, &vault,
              &err),
        "policy");
    memcpy(f->client_id, principal.client_id, sizeof(f->client_id));
    memcpy(f->object_id, principal.object_id, sizeof(f->object_id));
    fixture_own(f, session, arena);
    vc_local_principal_clear(&principal);
}


static void
fixture_prepare(fixture_t *f)
{
    vc_error_t       err;
    vc_arena_t      *arena;
    vc_session_t    *session;
    vc_vaultstore_t *store;

    memset(&err, 0, sizeof(err));
    CHECK(vc_seal_file_create(f->seal_path, &err), "seal file");
    CHECK(vc_seal_file_open(f->seal_path, &f->seal, &err), "seal");
    CHECK(vc_vaultstore_create(f->store_path, (size_t) 256 << 20, f->seal,
              &err),
        "store");
    CHECK(vc_vaultstore_open(f->store_path, 0, 0, f->seal, &store, &err),
        "open");
    CHECK(vc_session_create(store, &session), "session");

    arena = vc_arena_create(4096);
    fixture_administer(f, session, arena);

    vc_arena_destroy(arena);
    vc_session_destroy(session);
    vc_vaultstore_close(store);
}


void
fixture_token(fixture_t *f, const char *client_id, const char *client_secret,
    const char *resource, char out[4096])
{
    char                 form[512], target[128];
    vc_str_t             body;
    const char          *start, *end;
    vc_call_t           *call;
    vc_request_t         request;
    const vc_response_t *response;

    (void) snprintf(form, sizeof(form),
        "grant_type=client_credentials&client_id=%s&client_secret=%s"
        "&resource=%s",
        client_id, client_secret, resource);
    (void) snprintf(target, sizeof(target), "/%s/oauth2/v2.0/token",
        f->installation.tenant);

    memset(&request, 0, sizeof(request));
    request.plane = VC_PLANE_AUTHORITY;
    request.method = VC_STR("POST");
    request.target = vc_str(target);
    request.scheme = VC_STR("https");
    request.host = VC_STR("login.localhost:8443");

    call = fixture_send(f, &request, vc_str(form));
    response = vc_call_response(call);
    body = vc_str_copy(vc_call_arena(call), response->body);
    start = strstr((const char *) body.data, "\"access_token\":\"");

    if (response->status != 200 || start == NULL) {
        fprintf(stderr, "fixture: token: %s\n", (const char *) body.data);
        abort();
    }

    start += strlen("\"access_token\":\"");
    end = strchr(start, '"');
    (void) snprintf(out, 4096, "Bearer %.*s", (int) (end - start), start);
    vc_call_destroy(call);
}


void
fixture_open(fixture_t *f)
{
    vc_error_t err;

    memset(f, 0, sizeof(*f));
    memset(&err, 0, sizeof(err));
    vc_json_secure_memory();

    f->directory = test_directory_make();

    (void) snprintf(f->store_path, sizeof(f->store_path), "%s/store",
        f->directory.path);
    (void) snprintf(f->seal_path, sizeof(f->seal_path), "%s/seal",
        f->directory.path);
    fixture_prepare(f);

    f->resources[0] = VC_STR(FIXTURE_RESOURCE);
    f->options.store_path = f->store_path;
    f->options.seal = f->seal;
    f->options.local.base_url = VC_STR(FIXTURE_LOGIN);
    f->options.management.base_url = VC_STR(FIXTURE_MANAGEMENT);
    f->options.management.vault_domain = VC_STR("vault.localhost:8443");
    f->options.resources = f->resources;
    f->options.resource_count = 1;
    CHECK(vc_engine_open(&f->options, &f->engine, &err), "engine");

    fixture_token(f, f->client_id, f->client_secret, FIXTURE_RESOURCE,
        f->authorization);
    fixture_token(f, f->client_id, f->client_secret, FIXTURE_MANAGEMENT,
        f->manager);
}


void
fixture_close(fixture_t *f)
{
    vc_engine_close(f->engine);
    vc_seal_close(f->seal);
    test_directory_remove(&f->directory);
}


vc_request_t
fixture_request(const fixture_t *f, const char *method, const char *target)
{
    vc_request_t request;

    memset(&request, 0, sizeof(request));
    request.plane = VC_PLANE_DATA;
    request.resource = VC_STR(FIXTURE_RESOURCE);
    request.method = vc_str(method);
    request.target = vc_str(target);
    request.scheme = VC_STR("https");
    request.host = VC_STR(FIXTURE_HOST);
    request.authorization = vc_str(f->authorization);
    request.client_address = VC_STR("127.0.0.1");

    return request;
}


vc_call_t *
fixture_send(fixture_t *f, const vc_request_t *request, vc_str_t body)
{
    vc_call_t *call;

    call = vc_call_create(f->engine, request);
    if (call == NULL) {
        abort();
    }

    if (vc_call_authenticate(call) == VC_OK && vc_call_authorize(call) == VC_OK)
    {
        if (body.len > vc_call_body_limit(call)
            && vc_call_body_limit(call) != 0) {
            vc_call_body_too_large(call);

        } else {
            vc_call_execute(call, body);

            if (vc_call_computes(call) != VC_COMPUTES_NOTHING) {
                vc_call_compute(call);
                vc_call_conclude(call);
            }
        }
    }

    return call;
}
