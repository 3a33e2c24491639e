/*
 * Requests to the management plane, each by somebody who may do nothing and
 * then by somebody who may do everything: up to four, with a line "=" between
 * them.  The first line of one is METHOD and target, the rest the body.
 * Everywhere '~' stands for the subscription, '!' for the vault demo, and '^'
 * for the tenant.  What an input has changed is undone behind it.
 */

#include <stdio.h>
#include <string.h>

#include "fuzz.h"

#define FUZZ_REQUESTS 4
#define FUZZ_DEMO                                                              \
    "/resourceGroups/default/providers/Microsoft.KeyVault/vaults/demo"

static char     stranger[4096];
static uint8_t *saved; /* the data file before the first input */
static size_t   saved_len;

static const vc_str_t destinations[] = {VC_STR_INIT("/d/storage"),
    VC_STR_INIT("/d/workspace")};


/* an RSA key takes longer than a fuzzer has: it is given up */
static bool
fuzz_ending(void)
{
    return true;
}


static FILE *
fuzz_data_file(const fixture_t *fixture, const char *mode)
{
    char  path[128];
    FILE *file;

    (void) snprintf(path, sizeof(path), "%s/data.mdb", fixture->store_path);

    file = fopen(path, mode);
    if (file == NULL) {
        abort();
    }

    return file;
}


static void
fuzz_save(const fixture_t *fixture)
{
    FILE *file;

    file = fuzz_data_file(fixture, "rb");
    (void) fseek(file, 0, SEEK_END);
    saved_len = (size_t) ftell(file);
    rewind(file);
    saved = malloc(saved_len);

    if (saved == NULL || fread(saved, 1, saved_len, file) != saved_len) {
        abort();
    }

    (void) fclose(file);
}


static void
fuzz_undo(fixture_t *fixture)
{
    FILE      *file;
    vc_error_t err;

    vc_engine_close(fixture->engine);

    file = fuzz_data_file(fixture, "wb");
    if (fwrite(saved, 1, saved_len, file) != saved_len || fclose(file) != 0) {
        abort();
    }

    if (vc_engine_open(&fixture->options, &fixture->engine, &err) != VC_OK) {
        abort();
    }
}


/* a principal that nobody has given a role */
static void
fuzz_make_stranger(fixture_t *fixture)
{
    char                 secret[VC_CLIENT_SECRET_LEN + 1];
    vc_error_t           err;
    vc_arena_t          *arena;
    vc_session_t        *session;
    vc_vaultstore_t     *store;
    vc_principal_spec_t  spec;
    vc_local_principal_t principal;

    memset(&spec, 0, sizeof(spec));
    spec.name = VC_STR("stranger");
    spec.with_secret = true;
    arena = vc_arena_create(4096);
    vc_engine_close(fixture->engine);

    if (arena == NULL
        || vc_vaultstore_open(fixture->store_path, 0, 0, fixture->seal, &store,
               &err)
               != VC_OK
        || vc_session_create(store, &session) != VC_OK
        || vc_local_principal_create(session, arena, &spec, &principal, secret,
               &err)
               != VC_OK)
    {
        abort();
    }

    vc_session_destroy(session);
    vc_vaultstore_close(store);
    vc_arena_destroy(arena);

    if (vc_engine_open(&fixture->options, &fixture->engine, &err) != VC_OK) {
        abort();
    }

    fixture_token(fixture, principal.client_id, secret, FIXTURE_MANAGEMENT,
        stranger);
    vc_local_principal_clear(&principal);
}


static fixture_t *
fuzz_management(void)
{
    fixture_t *fixture;

    fixture = fuzz_fixture();

    if (saved == NULL) {
        fixture->options.management.destinations = destinations;
        fixture->options.management.destination_count = 2;
        fixture->options.ending = fuzz_ending;
        fuzz_make_stranger(fixture);
        fuzz_save(fixture);
    }

    return fixture;
}


static void
fuzz_expand(const fixture_t *fixture, vc_str_t text, vc_buf_t *out)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        switch (text.data[i]) {
        case '~':
        case '!':
            vc_buf_text(out, "/subscriptions/");
            vc_buf_text(out, fixture->installation.id);
            if (text.data[i] == '!') {
                vc_buf_text(out, FUZZ_DEMO);
            }
            break;
        case '^':
            vc_buf_text(out, fixture->installation.tenant);
            break;
        default:
            vc_buf_u8(out, text.data[i]);
        }
    }
}


/* the status */
static int
fuzz_ask(fixture_t *fixture, const char *token, vc_str_t method,
    vc_str_t target, vc_str_t body)
{
    int          status;
    vc_call_t   *call;
    vc_request_t request;

    request = fixture_request(fixture, "", "");
    request.plane = VC_PLANE_MANAGEMENT;
    request.resource = VC_STR(FIXTURE_MANAGEMENT);
    request.host = VC_STR("management.localhost:8443");
    request.authorization = vc_str(token);
    request.method = method;
    request.target = target;

    call = fixture_send(fixture, &request, body);
    fuzz_check_answer(call);
    status = vc_call_response(call)->status;
    vc_call_destroy(call);
    vc_engine_rest(fixture->engine);

    return status;
}


/* whether something may have changed */
static bool
fuzz_request(fixture_t *fixture, vc_str_t text)
{
    bool           changes;
    vc_str_t       method, target, body;
    const uint8_t *end, *blank;

    end = memchr(text.data, '\n', text.len);
    blank = memchr(text.data, ' ', text.len);

    if (blank == NULL || (end != NULL && end < blank)) {
        return false;
    }

    if (end == NULL) {
        end = text.data + text.len;
    }

    method = (vc_str_t){text.data, (size_t) (blank - text.data)};
    target = (vc_str_t){blank + 1, (size_t) (end - blank - 1)};
    body = VC_STR_NULL;

    if (end < text.data + text.len) {
        body.data = end + 1;
        body.len = (size_t) (text.data + text.len - body.data);
    }

    changes = vc_str_eq(method, VC_STR("PUT"))
              || vc_str_eq(method, VC_STR("PATCH"))
              || vc_str_eq(method, VC_STR("DELETE"));

    if (fuzz_ask(fixture, stranger, method, target, body) < 300 && changes) {
        abort();
    }

    return fuzz_ask(fixture, fixture->manager, method, target, body) < 300
           && !vc_str_eq(method, VC_STR("GET"));
}


/* takes what stands before the next line "=" */
static vc_str_t
fuzz_next(vc_str_t *rest)
{
    size_t   n;
    vc_str_t text, line;

    line = VC_STR("\n=\n");

    for (n = 0; n < rest->len; n++) {
        if (vc_str_starts((vc_str_t){rest->data + n, rest->len - n}, line)) {
            break;
        }
    }

    text = (vc_str_t){rest->data, n};
    n = (n == rest->len) ? n : n + line.len;
    *rest = (vc_str_t){rest->data + n, rest->len - n};

    return text;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool        changed;
    size_t      i;
    vc_buf_t    text;
    vc_str_t    rest;
    fixture_t  *fixture;
    vc_arena_t *arena;

    fixture = fuzz_management();

    arena = vc_arena_create(16384);
    if (arena == NULL) {
        return 0;
    }

    vc_buf_init(&text, arena, size);
    fuzz_expand(fixture, (vc_str_t){data, size}, &text);
    rest = vc_buf_view(&text);
    changed = false;

    for (i = 0; i < FUZZ_REQUESTS && rest.len != 0; i++) {
        changed |= fuzz_request(fixture, fuzz_next(&rest));
    }

    vc_arena_destroy(arena);

    if (changed) {
        fuzz_undo(fixture);
    }

    return 0;
}
