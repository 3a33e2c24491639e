#include "chore_fixture.h"

#include "api/key_chore.h"

chore_fixture_t chores;


static void
keep_record(vc_str_t line)
{
    assert_true(chores.line_count < CHORE_LINES_MAX
                && line.len < sizeof(chores.lines[0]));
    memcpy(chores.lines[chores.line_count], line.data, line.len);
    chores.lines[chores.line_count][line.len] = '\0';
    chores.line_count++;
}


/* between the snapshot on which a key was found due and that on which its new
   version is stored */
static void
compute(void (*work)(void *data), void *data)
{
    char target[128];

    work(data);

    if (chores.meanwhile != NULL) {
        (void) snprintf(target, sizeof(target), "/keys/%s", chores.meanwhile);
        chores.meanwhile = NULL;
        (void) expect(200, "PATCH", target, "{\"tags\":{\"a\":\"b\"}}");
    }
}


static bool
ending(void)
{
    return chores.is_ending;
}


int
chore_setup(void **state)
{
    int rc;

    rc = secrets_setup(state);
    secrets_fixture.options.record = keep_record;
    secrets_fixture.options.compute = compute;
    secrets_fixture.options.ending = ending;
    chores.line_count = 0;
    chores.is_ending = false;

    return rc;
}


size_t
chore_due(vc_context_t *context, vc_arena_t *arena, int64_t now, vc_str_t *keys)
{
    size_t count;

    assert_int_equal(vc_session_begin(context->session, NULL), VC_OK);
    assert_int_equal(vc_snapshot_due(vc_session_snapshot(context->session), now,
                         0, arena, keys, CHORE_LINES_MAX, &count),
        VC_OK);
    vc_session_end(context->session);

    return count;
}


size_t
chore_pass_until(int64_t now)
{
    size_t        i, count;
    vc_str_t      keys[CHORE_LINES_MAX];
    vc_error_t    err;
    vc_arena_t   *arena;
    vc_context_t *context;

    arena = vc_arena_create(8192);
    context = vc_engine_context(secrets_fixture.engine);
    assert_non_null(context);
    count = chore_due(context, arena, now, keys);

    for (i = 0; i < count; i++) {
        vc_error_clear(&err);

        if (vc_key_chore(secrets_fixture.engine, context, arena, keys[i], now,
                &err)
            != VC_OK)
        {
            fail_msg("%s %s", err.message, err.detail);
        }
    }

    vc_engine_context_release(secrets_fixture.engine, context);
    vc_arena_destroy(arena);

    return count;
}


int64_t
chore_make(const char *name, const char *more)
{
    char target[128], body[256];

    (void) snprintf(target, sizeof(target), "/keys/%s/create", name);
    (void) snprintf(body, sizeof(body), "{\"kty\":\"EC\"%s}", more);

    return number_of(json_object_get(expect(200, "POST", target, body)->json,
                         "attributes"),
        "created");
}


void
chore_policy(const char *name, const char *policy)
{
    char target[128];

    (void) snprintf(target, sizeof(target), "/keys/%s/rotationpolicy", name);
    (void) expect(200, "PUT", target, policy);
}


size_t
chore_versions(const char *name)
{
    char target[128];

    (void) snprintf(target, sizeof(target), "/keys/%s/versions", name);

    return json_array_size(
        json_object_get(expect(200, "GET", target, NULL)->json, "value"));
}


void
chore_patch(const char *name, const char *body)
{
    char target[128];

    (void) snprintf(target, sizeof(target), "/keys/%s", name);
    (void) expect(200, "PATCH", target, body);
}


void
chore_expiry(const char *name, int64_t expires)
{
    char body[128];

    (void) snprintf(body, sizeof(body), "{\"attributes\":{\"exp\":%lld}}",
        (long long) expires);
    chore_patch(name, body);
}


void
chore_recorded(const char *operation, const char *name)
{
    char        target[128];
    json_t     *record;
    const char *id;

    assert_int_equal(chores.line_count, 1);
    chores.line_count = 0;

    (void) snprintf(target, sizeof(target), "/keys/%s", name);
    id = text_of(json_object_get(expect(200, "GET", target, NULL)->json, "key"),
        "kid");

    assert_ptr_equal(strchr(chores.lines[0], '\n'),
        chores.lines[0] + strlen(chores.lines[0]) - 1);
    record = json_loads(chores.lines[0], JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(record);
    assert_string_equal(text_of(record, "operationName"), operation);
    assert_string_equal(text_of(json_object_get(record, "properties"), "id"),
        id);
    json_decref(record);
}
