#include "arm_fixture.h"

#include "api/engine.h"
#include "vaults/assignments.h"


int
arm_setup(void **state)
{
    arm_t *arm;

    arm = calloc(1, sizeof(arm_t));
    assert_non_null(arm);
    fixture_open(&arm->fixture);
    arm->token = arm->fixture.manager;
    *state = arm;

    return 0;
}


int
arm_teardown(void **state)
{
    arm_t *arm = *state;

    json_decref(arm->json);
    fixture_close(&arm->fixture);
    free(arm);

    return 0;
}


static void
arm_keep_headers(arm_t *arm, const vc_response_t *response)
{
    size_t i, used;

    arm->headers[0] = '\0';

    for (i = 0, used = 0; i < response->header_count; i++) {
        used += (size_t) snprintf(arm->headers + used,
            sizeof(arm->headers) - used, "%s: %.*s\n",
            response->headers[i].name, VC_STR_ARG(response->headers[i].value));
        assert_true(used < sizeof(arm->headers));
    }
}


static void
arm_expand(const arm_t *arm, const char *path, char *out, size_t size)
{
    const char *prefix;

    prefix = (path[0] == '~') ? "/subscriptions/" : "";
    (void) snprintf(out, size, "%s%s%s", prefix,
        path[0] == '~' ? arm->fixture.installation.id : "",
        path[0] == '~' ? path + 1 : path);
}


static void
arm_keep(arm_t *arm, vc_call_t *call)
{
    vc_str_t             operation;
    const vc_response_t *response;

    response = vc_call_response(call);
    arm->status = response->status;
    json_decref(arm->json);
    arm->json = NULL;
    arm_keep_headers(arm, response);

    operation = vc_call_fact(call, VC_FACT_OPERATION);
    (void) snprintf(arm->operation, sizeof(arm->operation), "%.*s",
        VC_STR_ARG(operation));

    if (response->body.len != 0) {
        arm->json = json_loadb((const char *) response->body.data,
            response->body.len, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(arm->json);
    }
}


int
arm_ask(arm_t *arm, const char *method, const char *path, const char *body)
{
    vc_call_t   *call;
    vc_request_t request;

    arm_expand(arm, path, arm->path, sizeof(arm->path));

    request = fixture_request(&arm->fixture, method, arm->path);
    request.plane = VC_PLANE_MANAGEMENT;
    request.resource = VC_STR(FIXTURE_MANAGEMENT);
    request.host = VC_STR("management.localhost:8443");
    request.authorization = (arm->token == NULL) ? VC_STR_NULL
                                                 : vc_str(arm->token);

    call = fixture_send(&arm->fixture, &request,
        body == NULL ? VC_STR_NULL : vc_str(body));
    arm_keep(arm, call);
    vc_call_destroy(call);
    vc_engine_rest(arm->fixture.engine);

    return arm->status;
}


json_t *
arm_at(const arm_t *arm, const char *at)
{
    char    name[64];
    size_t  n;
    json_t *json;

    json = arm->json;

    while (json != NULL && *at != '\0') {
        n = strcspn(at, "/");
        (void) snprintf(name, sizeof(name), "%.*s", (int) n, at);
        at += n + (at[n] == '/' ? 1 : 0);
        json = json_is_array(json)
                   ? json_array_get(json, (size_t) strtoul(name, NULL, 10))
                   : json_object_get(json, name);
    }

    return json;
}


const char *
arm_text(const arm_t *arm, const char *at)
{
    const char *text;

    text = json_string_value(arm_at(arm, at));

    return (text == NULL) ? "" : text;
}


void
arm_expect_error(const arm_t *arm, int status, const char *code,
    const char *words)
{
    if (arm->status != status || strcmp(arm_text(arm, "error/code"), code) != 0
        || (words != NULL
            && strstr(arm_text(arm, "error/message"), words) == NULL))
    {
        fail_msg("%d %s: %s; expected %d %s: %s", arm->status,
            arm_text(arm, "error/code"), arm_text(arm, "error/message"), status,
            code, words != NULL ? words : "");
    }

    assert_null(arm_at(arm, "error/innererror"));
}


int
arm_make_vault(arm_t *arm, const char *name, const char *more)
{
    char path[256], body[2048];

    (void) snprintf(path, sizeof(path), ARM_V "%s?" ARM_API, name);
    (void) snprintf(body, sizeof(body),
        "{\"location\":\"West US\",\"properties\":{\"tenantId\":\"%s\","
        "\"sku\":{\"family\":\"A\",\"name\":\"Standard\"}%s%s}}",
        arm->fixture.installation.tenant,
        strstr(more, "accessPolicies") == NULL ? ",\"accessPolicies\":[]" : "",
        more);

    return arm_ask(arm, "PUT", path, body);
}


void
arm_principal(arm_t *arm, const char *name, char token[4096],
    char id[VC_GUID_LEN + 1])
{
    char                 secret[VC_CLIENT_SECRET_LEN + 1];
    vc_error_t           err;
    vc_arena_t          *arena;
    vc_context_t        *context;
    vc_principal_spec_t  spec;
    vc_local_principal_t principal;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(name);
    spec.with_secret = true;

    arena = vc_arena_create(4096);
    context = vc_engine_context(arm->fixture.engine);
    assert_int_equal(vc_local_principal_create(context->session, arena, &spec,
                         &principal, secret, &err),
        VC_OK);
    vc_engine_context_release(arm->fixture.engine, context);

    memcpy(id, principal.object_id, VC_GUID_LEN + 1);
    fixture_token(&arm->fixture, principal.client_id, secret,
        FIXTURE_MANAGEMENT, token);
    vc_local_principal_clear(&principal);
    vc_arena_destroy(arena);
}


void
arm_assign(arm_t *arm, const char *object_id, const char *role,
    const char *scope)
{
    bool            existed;
    char            expanded[512];
    vc_error_t      err;
    vc_arena_t     *arena;
    vc_context_t   *context;
    vc_assignment_t assignment;
    static unsigned number = 100;

    arm_expand(arm, scope, expanded, sizeof(expanded));
    memset(&assignment, 0, sizeof(assignment));
    (void) snprintf(assignment.id, sizeof(assignment.id),
        "00000000-0000-4000-8000-%012u", number++);
    strcpy(assignment.principal, object_id);
    strcpy(assignment.role, role);
    assignment.scope = vc_str(expanded);
    assignment.principal_type = VC_STR("ServicePrincipal");

    arena = vc_arena_create(4096);
    context = vc_engine_context(arm->fixture.engine);

    if (vc_assignment_put(context->session, arena, &assignment, &existed, &err)
        != VC_OK)
    {
        fail_msg("%s", err.message);
    }

    vc_engine_context_release(arm->fixture.engine, context);
    vc_arena_destroy(arena);
}
