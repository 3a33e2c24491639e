/* from the path of a management request to a row of the operation table */

#include <string.h>

#include "api/arm.h"
#include "api/target.h"

#define VC_SCOPE_WORD "{scope}"

typedef struct {
    vc_str_t items[VC_SEGMENTS_MAX];
    size_t   count;
} vc_arm_path_t;

/* what a path looks like before it is known what it is: "{vault}" … */
typedef struct {
    const char *word;
    size_t      place; /* in vc_arm_t */
} vc_arm_word_t;

static const vc_arm_word_t vc_arm_words[] = {
    {"{subscription}", offsetof(vc_arm_t, subscription)},
    {"{group}", offsetof(vc_arm_t, group)},
    {"{vault}", offsetof(vc_arm_t, vault_name)},
    {"{location}", offsetof(vc_arm_t, location)},
    {"{object}", offsetof(vc_arm_t, object)},
    {"{name}", offsetof(vc_arm_t, name)},
    {"{version}", offsetof(vc_arm_t, version)},
};

/* every form that a scope can have, the longest first */
static const char *const vc_arm_scopes[] = {
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/"
    "Microsoft.KeyVault/vaults/{vault}/secrets/{object}",
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/"
    "Microsoft.KeyVault/vaults/{vault}/keys/{object}",
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/"
    "Microsoft.KeyVault/vaults/{vault}/certificates/{object}",
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/"
    "Microsoft.KeyVault/vaults/{vault}",
    "/subscriptions/{subscription}/resourceGroups/{group}",
    "/subscriptions/{subscription}",
    "",
};


static void
vc_arm_note(vc_arm_t *arm, vc_str_t word, vc_str_t value)
{
    size_t i;

    for (i = 0; i < sizeof(vc_arm_words) / sizeof(vc_arm_words[0]); i++) {
        if (vc_str_eq(word, vc_str(vc_arm_words[i].word))) {
            memcpy((char *) arm + vc_arm_words[i].place, &value, sizeof(value));
        }
    }
}


/* all of these segments, none more; what they name is noted in any case */
static bool
vc_arm_fits_here(vc_str_t pattern, const vc_str_t *items, size_t count,
    vc_arm_t *arm)
{
    size_t   i;
    vc_str_t part, before;

    before = VC_STR_NULL;
    (void) vc_target_split(&pattern, '/');

    for (i = 0; pattern.len != 0; i++) {
        part = vc_target_split(&pattern, '/');

        if (i == count) {
            return false;
        }

        if (part.data[0] == '{') {
            vc_arm_note(arm, part, items[i]);

        } else if (!vc_str_ieq(part, items[i])) {
            return false;
        }

        if (vc_str_eq(before, VC_STR("{vault}"))) {
            arm->kind = part;
        }

        before = part;
    }

    return i == count;
}


static size_t
vc_arm_parts(vc_str_t pattern)
{
    size_t i, n;

    for (i = 0, n = 0; i < pattern.len; i++) {
        n += (pattern.data[i] == '/') ? 1 : 0;
    }

    return n;
}


static bool
vc_arm_fits_scope(const vc_str_t *items, size_t count, vc_arm_t *arm)
{
    size_t i;

    for (i = 0; i < sizeof(vc_arm_scopes) / sizeof(vc_arm_scopes[0]); i++) {
        memset(arm, 0, sizeof(*arm));

        if (vc_arm_fits_here(vc_str(vc_arm_scopes[i]), items, count, arm)) {
            return true;
        }
    }

    return false;
}


/* a row's pattern, with any scope in front where it begins with {scope} */
static bool
vc_arm_fits(vc_str_t pattern, const vc_arm_path_t *path, vc_arm_t *arm)
{
    size_t   tail, head;
    vc_str_t scope;

    scope = VC_STR("/" VC_SCOPE_WORD);

    if (!vc_str_starts(pattern, scope)) {
        memset(arm, 0, sizeof(*arm));
        return vc_arm_fits_here(pattern, path->items, path->count, arm);
    }

    pattern.data += scope.len;
    pattern.len -= scope.len;
    tail = vc_arm_parts(pattern);

    if (path->count < tail) {
        return false;
    }

    head = path->count - tail;

    return vc_arm_fits_scope(path->items, head, arm)
           && vc_arm_fits_here(pattern, path->items + head, tail, arm);
}


static const vc_operation_t *
vc_arm_find(const vc_arm_path_t *path, vc_str_t method, vc_arm_t *arm)
{
    size_t                i;
    const vc_operation_t *operation;

    for (i = 0; i < vc_operation_count; i++) {
        operation = &vc_operations[i];

        if (operation->plane == VC_PLANE_MANAGEMENT
            && vc_str_eq(operation->method, method)
            && vc_arm_fits(operation->pattern, path, arm))
        {
            return operation;
        }
    }

    return NULL;
}


static vc_status_t
vc_arm_no_route(vc_call_t *call, const vc_arm_path_t *path, vc_str_t method)
{
    char     shown[32];
    size_t   i;
    vc_arm_t ignored;
    vc_buf_t allow;

    vc_buf_init(&allow, call->arena, 64);

    for (i = 0; i < vc_operation_count; i++) {
        if (vc_operations[i].plane == VC_PLANE_MANAGEMENT
            && vc_arm_fits(vc_operations[i].pattern, path, &ignored))
        {
            vc_buf_text(&allow, allow.len == 0 ? "" : ", ");
            vc_buf_str(&allow, vc_operations[i].method);
        }
    }

    if (allow.len == 0) {
        return vc_fail(&call->error, VC_ARM_NO_PROVIDER,
            "The request URI names no resource that is served here. Served "
            "are subscriptions, resource groups, Microsoft.KeyVault/vaults "
            "with their secrets and keys, deletedVaults, and at their scopes "
            "Microsoft.Authorization/roleAssignments, roleDefinitions and "
            "locks, and Microsoft.Insights/diagnosticSettings.");
    }

    call->allow = vc_buf_view(&allow);

    return vc_fail(&call->error, VC_METHOD_NOT_ALLOWED,
        "The requested resource does not support the method %s; it supports "
        "%.*s.",
        vc_str_printable(method, shown, sizeof(shown)),
        VC_STR_ARG(call->allow));
}


vc_status_t
vc_arm_route(vc_call_t *call, const vc_str_t *segments, size_t count,
    vc_str_t method)
{
    size_t        i;
    vc_arm_path_t path;

    call->arm = vc_arena_calloc(call->arena, sizeof(vc_arm_t));
    if (call->arm == NULL) {
        return VC_NO_MEMORY;
    }

    path.count = 0;

    /* what clients double are slashes, also in the middle */
    for (i = 0; i < count; i++) {
        if (segments[i].len != 0) {
            path.items[path.count++] = segments[i];
        }
    }

    call->operation = vc_arm_find(&path, method, call->arm);

    if (call->operation == NULL && vc_str_eq(method, VC_STR("HEAD"))) {
        call->operation = vc_arm_find(&path, VC_STR("GET"), call->arm);
    }

    if (call->operation == NULL) {
        memset(call->arm, 0, sizeof(*call->arm));
        return vc_arm_no_route(call, &path, method);
    }

    call->route.vault = call->arm->vault_name;

    return VC_OK;
}
