#include "secret_fixture.h"

#include "api/call.h"
#include "api/engine.h"

fixture_t secrets_fixture;

static answer_t last;


static void
forget_answer(void)
{
    free(last.text);
    json_decref(last.json);
    memset(&last, 0, sizeof(last));
}


int
secrets_setup(void **state)
{
    (void) state;
    fixture_open(&secrets_fixture);

    return 0;
}


int
secrets_teardown(void **state)
{
    (void) state;
    forget_answer();
    fixture_close(&secrets_fixture);

    return 0;
}


static vc_vault_t
demo_vault(vc_session_t *session, vc_arena_t *arena)
{
    vc_vault_t vault;

    assert_int_equal(vc_session_begin(session, NULL), VC_OK);
    assert_int_equal(vc_vault_get(session, arena, VC_STR("demo"), &vault),
        VC_OK);
    vc_session_end(session);

    return vault;
}


void
make_vault(const char *name, bool protect)
{
    uint32_t        permissions[VC_FAMILY_COUNT];
    vc_error_t      err;
    vc_vault_t      vault, demo;
    vc_arena_t     *arena;
    vc_session_t   *session;
    vc_vault_spec_t spec;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(name);
    spec.purge_protection = protect;
    memset(permissions, 0xff, sizeof(permissions));

    arena = vc_arena_create(4096);
    assert_int_equal(vc_session_create(secrets_fixture.engine->store, &session),
        VC_OK);
    assert_int_equal(vc_vault_create(session, arena, &spec, &vault, &err),
        VC_OK);

    demo = demo_vault(session, arena);
    assert_int_equal(vc_vault_set_policy(session, arena, spec.name,
                         vc_str(demo.policies[0].object_id), VC_STR_NULL,
                         permissions, &vault, &err),
        VC_OK);
    vc_session_destroy(session);
    vc_arena_destroy(arena);
}


static const answer_t *
exchange(const vc_request_t *request, vc_str_t body)
{
    vc_call_t           *call;
    const vc_response_t *response;

    forget_answer();

    call = fixture_send(&secrets_fixture, request, body);
    response = vc_call_response(call);

    last.status = response->status;
    last.text = calloc(1, response->body.len + 1);
    assert_non_null(last.text);
    assert_true(call->record_id.len < sizeof(last.record_id));

    if (call->record_id.len != 0) {
        memcpy(last.record_id, call->record_id.data, call->record_id.len);
    }

    if (response->body.len != 0) {
        memcpy(last.text, response->body.data, response->body.len);
        last.json = json_loadb(last.text, response->body.len,
            JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(last.json);
        assert_true(vc_str_eq(response->content_type,
            VC_STR("application/json; charset=utf-8")));
    }

    vc_call_destroy(call);

    return &last;
}


static void
complete_target(char *out, const char *target)
{
    int n;

    n = snprintf(out, FIXTURE_TARGET_MAX, "%s%s", target,
        (strchr(target, '?') == NULL) ? "?api-version=7.4" : "");
    assert_in_range(n, 1, FIXTURE_TARGET_MAX - 1);
}


const answer_t *
ask_bytes(const char *method, const char *target, vc_str_t body)
{
    char         full[FIXTURE_TARGET_MAX];
    vc_request_t request;

    complete_target(full, target);
    request = fixture_request(&secrets_fixture, method, full);

    return exchange(&request, body);
}


const answer_t *
ask(const char *method, const char *target, const char *body)
{
    return ask_bytes(method, target, vc_str(body));
}


const answer_t *
ask_at(const char *scheme, const char *host, const char *method,
    const char *target, const char *body)
{
    char         full[FIXTURE_TARGET_MAX];
    vc_request_t request;

    complete_target(full, target);
    request = fixture_request(&secrets_fixture, method, full);
    request.scheme = vc_str(scheme);
    request.host = vc_str(host);

    return exchange(&request, vc_str(body));
}


const answer_t *
expect(int status, const char *method, const char *target, const char *body)
{
    const answer_t *answer;

    answer = ask(method, target, body);

    if (answer->status != status) {
        fail_msg("%s %s: %d %s, not %d", method, target, answer->status,
            answer->text, status);
    }

    return answer;
}


const answer_t *
expect_error(int status, const char *code, const char *inner,
    const char *method, const char *target, const char *body)
{
    json_t         *error;
    const answer_t *answer;

    answer = expect(status, method, target, body);
    error = json_object_get(answer->json, "error");
    assert_string_equal(text_of(error, "code"), code);

    if (inner == NULL) {
        assert_null(json_object_get(error, "innererror"));

    } else {
        assert_string_equal(text_of(json_object_get(error, "innererror"),
                                "code"),
            inner);
    }

    return answer;
}


const char *
text_of(const json_t *object, const char *name)
{
    const json_t *member;

    member = json_object_get(object, name);
    if (!json_is_string(member)) {
        fail_msg("no string %s", name);
    }

    return json_string_value(member);
}


json_int_t
number_of(const json_t *object, const char *name)
{
    const json_t *member;

    member = json_object_get(object, name);
    if (!json_is_integer(member)) {
        fail_msg("no integer %s", name);
    }

    return json_integer_value(member);
}


const char *
message_of(const answer_t *answer)
{
    return text_of(json_object_get(answer->json, "error"), "message");
}


void
version_of(const answer_t *answer, char version[33])
{
    const char *id;

    id = strrchr(text_of(answer->json, "id"), '/');
    assert_non_null(id);
    assert_int_equal(strlen(id + 1), 32);
    strcpy(version, id + 1);
}
