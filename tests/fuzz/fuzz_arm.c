/* what the management plane reads: bodies, filters, scopes, network ranges and
   stored roles; the first byte chooses which */

#include <string.h>

#include "fuzz.h"
#include "access/network.h"
#include "api/arm_diagnostics.h"
#include "api/arm_filter.h"
#include "api/arm_role_json.h"
#include "vaults/assignment_codec.h"

#define FUZZ_ID "11111111-2222-4333-8444-555555555555"

static const vc_str_t destinations[] = {VC_STR_INIT("/d/a"),
    VC_STR_INIT("/d/b")};


static void
fuzz_require(bool good)
{
    if (!good) {
        abort();
    }
}


/* good, or refused with words that can be sent */
static bool
fuzz_is_good(vc_status_t status, vc_status_t refusal, const vc_error_t *err)
{
    if (status == VC_OK) {
        return true;
    }

    fuzz_require(status == refusal && err->status == status);
    fuzz_require(
        err->message[0] != '\0' && vc_utf8_valid(vc_str(err->message)));

    return false;
}


static json_t *
fuzz_json(vc_str_t text)
{
    json_t *json;

    json = json_loadb((const char *) text.data, text.len,
        JSON_REJECT_DUPLICATES, NULL);

    if (json != NULL && !json_is_object(json)) {
        json_decref(json);
        return NULL;
    }

    return json;
}


/* a filter that was read can be written again, and reads the same */
static void
fuzz_filter(vc_arena_t *arena, vc_str_t input)
{
    size_t      i, j;
    vc_buf_t    text;
    vc_error_t  err;
    vc_filter_t filter, again;

    if (!fuzz_is_good(vc_filter_parse(arena, input, &filter, &err),
            VC_ARM_BAD_FILTER, &err))
    {
        return;
    }

    fuzz_require(filter.count <= VC_FILTER_TERMS_MAX);
    vc_buf_init(&text, arena, 0);

    for (i = 0; i < filter.count; i++) {
        const vc_filter_term_t *term = &filter.terms[i];

        fuzz_require(term->name.len != 0);
        vc_buf_text(&text, (i == 0) ? "" : " and ");
        vc_buf_str(&text, term->name);
        vc_buf_text(&text, term->function ? "(" : " eq ");
        vc_buf_text(&text, (term->value.data == NULL) ? "" : "'");

        for (j = 0; j < term->value.len; j++) {
            vc_buf_u8(&text, term->value.data[j]);
            if (term->value.data[j] == '\'') {
                vc_buf_u8(&text, '\'');
            }
        }

        vc_buf_text(&text, (term->value.data == NULL) ? "" : "'");
        vc_buf_text(&text, term->function ? ")" : "");
    }

    fuzz_require(
        vc_filter_parse(arena, vc_buf_view(&text), &again, &err) == VC_OK);
    fuzz_require(again.count == filter.count);

    for (i = 0; i < filter.count; i++) {
        fuzz_require(vc_str_eq(again.terms[i].name, filter.terms[i].name)
                     && vc_str_eq(again.terms[i].value, filter.terms[i].value)
                     && again.terms[i].function == filter.terms[i].function);
    }
}


static void
fuzz_scope(vc_arena_t *arena, vc_str_t input)
{
    vc_str_t   again;
    vc_scope_t scope;

    if (!vc_scope_parse(input, VC_STR(FUZZ_ID), arena, &scope)) {
        return;
    }

    fuzz_require(
        vc_scope_normalize(scope.text, VC_STR(FUZZ_ID), arena, &again));
    fuzz_require(vc_str_eq(scope.text, again));
    fuzz_require(scope.object.len == 0 || scope.vault.len != 0);
}


static void
fuzz_range(vc_arena_t *arena, vc_str_t input)
{
    vc_buf_t     text;
    vc_range_t   range, again;
    vc_network_t network;

    memset(&network, 0, sizeof(network));
    network.has_rules = true;
    network.deny = true;

    if (vc_range_parse(input, &range)) {
        vc_buf_init(&text, arena, 64);
        vc_range_text(&range, &text);
        fuzz_require(vc_range_parse(vc_buf_view(&text), &again));
        fuzz_require(memcmp(&range, &again, sizeof(range)) == 0);
        network.ranges = &range;
        network.range_count = 1;
    }

    /* an address without a prefix is in its own range, and in no other's */
    fuzz_require(vc_network_decide(&network, input) != VC_OK
                 || network.range_count == 1);
}


static void
fuzz_stored_role(vc_arena_t *arena, vc_str_t input)
{
    vc_buf_t  again;
    vc_role_t role;

    if (vc_role_decode(input, arena, &role) != VC_OK) {
        return;
    }

    vc_buf_init(&again, arena, 0);
    vc_role_encode(&role, &again);
    fuzz_require(vc_str_eq(vc_buf_view(&again), input));
}


static void
fuzz_stored_assignment(vc_arena_t *arena, vc_str_t input)
{
    vc_buf_t        again;
    vc_assignment_t assignment;

    if (vc_assignment_decode(input, &assignment) != VC_OK) {
        return;
    }

    vc_buf_init(&again, arena, 0);
    vc_assignment_encode(&assignment, &again);
    fuzz_require(vc_str_eq(vc_buf_view(&again), input));
}


/* what was read is shown in a form that can be sent back and stored */
static void
fuzz_role(vc_arena_t *arena, const json_t *body)
{
    json_t    *shown;
    vc_buf_t   stored, text, again;
    vc_role_t  role;
    vc_error_t err;

    memset(&role, 0, sizeof(role));

    if (!fuzz_is_good(vc_arm_read_role(arena, body, &role, &err),
            VC_BAD_PARAMETER, &err))
    {
        return;
    }

    strcpy(role.id, FUZZ_ID);
    vc_buf_init(&stored, arena, 0);
    vc_role_encode(&role, &stored);
    fuzz_stored_role(arena, vc_buf_view(&stored));

    vc_buf_init(&text, arena, 0);
    vc_arm_put_role(&text, VC_STR(FUZZ_ID), &role);
    shown = fuzz_json(vc_buf_view(&text));
    fuzz_require(shown != NULL);

    memset(&role, 0, sizeof(role));
    fuzz_require(vc_arm_read_role(arena, shown, &role, &err) == VC_OK);
    strcpy(role.id, FUZZ_ID);
    vc_buf_init(&again, arena, 0);
    vc_role_encode(&role, &again);
    fuzz_require(vc_str_eq(vc_buf_view(&stored), vc_buf_view(&again)));
    json_decref(shown);
}


static void
fuzz_assignment(vc_arena_t *arena, const json_t *body)
{
    json_t         *shown;
    vc_buf_t        text;
    vc_error_t      err;
    vc_assignment_t assignment, again;

    memset(&assignment, 0, sizeof(assignment));

    if (!fuzz_is_good(vc_arm_read_assignment(arena, body, &assignment, &err),
            VC_BAD_PARAMETER, &err))
    {
        return;
    }

    strcpy(assignment.id, FUZZ_ID);
    assignment.scope = VC_STR("/");
    vc_buf_init(&text, arena, 0);
    vc_arm_put_assignment(&text, VC_STR(FUZZ_ID), &assignment);
    shown = fuzz_json(vc_buf_view(&text));
    fuzz_require(shown != NULL);

    memset(&again, 0, sizeof(again));
    fuzz_require(vc_arm_read_assignment(arena, shown, &again, &err) == VC_OK);
    fuzz_require(strcmp(assignment.principal, again.principal) == 0
                 && strcmp(assignment.role, again.role) == 0);
    fuzz_require(vc_str_eq(assignment.principal_type, again.principal_type)
                 && vc_str_eq(assignment.description, again.description));
    json_decref(shown);
}


static void
fuzz_diagnostic(vc_arena_t *arena, const json_t *body)
{
    json_t                 *properties, *shown;
    vc_error_t              err;
    vc_diagnostic_t         setting, again;
    vc_management_options_t options;

    memset(&options, 0, sizeof(options));
    options.destinations = destinations;
    options.destination_count = 2;
    memset(&setting, 0, sizeof(setting));
    memset(&again, 0, sizeof(again));

    if (!fuzz_is_good(vc_arm_read_diagnostic(arena, body, &options, &setting,
                          &err),
            VC_BAD_PARAMETER, &err))
    {
        return;
    }

    properties = fuzz_json(setting.properties);
    fuzz_require(properties != NULL);
    shown = json_pack("{s:o}", "properties", properties);
    fuzz_require(
        vc_arm_read_diagnostic(arena, shown, &options, &again, &err) == VC_OK);
    fuzz_require(vc_str_eq(setting.properties, again.properties)
                 && setting.audit == again.audit
                 && setting.destination_count == again.destination_count);
    json_decref(shown);
}


static void
fuzz_body(vc_arena_t *arena, uint8_t kind, vc_str_t input)
{
    json_t *body;

    body = fuzz_json(input);
    if (body == NULL) {
        return;
    }

    switch (kind) {
    case 'r':
        fuzz_role(arena, body);
        break;
    case 'a':
        fuzz_assignment(arena, body);
        break;
    default:
        fuzz_diagnostic(arena, body);
        break;
    }

    json_decref(body);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vc_str_t    input;
    vc_arena_t *arena;

    if (size == 0) {
        return 0;
    }

    input = (vc_str_t){data + 1, size - 1};
    arena = vc_arena_create(4096);
    if (arena == NULL) {
        return 0;
    }

    switch (data[0]) {
    case 'f':
        fuzz_filter(arena, input);
        break;
    case 's':
        fuzz_scope(arena, input);
        break;
    case 'n':
        fuzz_range(arena, input);
        break;
    case 'R':
        fuzz_stored_role(arena, input);
        break;
    case 'A':
        fuzz_stored_assignment(arena, input);
        break;
    default:
        fuzz_body(arena, data[0], input);
        break;
    }

    vc_arena_destroy(arena);

    return 0;
}
