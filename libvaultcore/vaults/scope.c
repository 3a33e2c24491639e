#include "vaults/scope.h"

#include <string.h>

#include "vaults/groups.h"
#include "vaults/vault.h"


/* takes "/segment" off the front of rest */
static bool
vc_scope_segment(vc_str_t *rest, vc_str_t *segment)
{
    size_t end;

    if (rest->len == 0 || rest->data[0] != '/') {
        return false;
    }

    for (end = 1; end < rest->len && rest->data[end] != '/'; end++) {
        /* find the next */
    }

    *segment = (vc_str_t){rest->data + 1, end - 1};
    *rest = (vc_str_t){rest->data + end, rest->len - end};

    return segment->len != 0;
}


/* the same for a segment that must be this word */
static bool
vc_scope_word(vc_str_t *rest, vc_str_t word)
{
    vc_str_t segment;

    return vc_scope_segment(rest, &segment) && vc_str_ieq(segment, word);
}


static bool
vc_scope_collection(vc_str_t segment, vc_str_t *out)
{
    vc_family_t family;

    if (!vc_family_parse(segment, &family) || family > VC_FAMILY_CERTIFICATES) {
        return false;
    }

    *out = vc_str(vc_family_name(family));

    return true;
}


static bool
vc_scope_object(vc_str_t rest, vc_scope_t *out)
{
    vc_str_t collection;

    return vc_scope_segment(&rest, &collection)
           && vc_scope_collection(collection, &out->collection)
           && vc_scope_segment(&rest, &out->object)
           && out->object.len <= VC_NAME_MAX
           && vc_str_is(out->object, VC_BYTE_NAME) && rest.len == 0;
}


static bool
vc_scope_vault(vc_str_t rest, vc_scope_t *out)
{
    if (!vc_scope_word(&rest, VC_STR("providers"))
        || !vc_scope_word(&rest, VC_STR("Microsoft.KeyVault"))
        || !vc_scope_word(&rest, VC_STR("vaults"))
        || !vc_scope_segment(&rest, &out->vault)
        || !vc_vault_name_valid(out->vault))
    {
        return false;
    }

    return rest.len == 0 || vc_scope_object(rest, out);
}


static bool
vc_scope_read(vc_str_t rest, vc_str_t subscription, vc_scope_t *out)
{
    if (!vc_scope_word(&rest, VC_STR("subscriptions"))
        || !vc_scope_word(&rest, subscription))
    {
        return false;
    }

    out->subscription = subscription;

    if (rest.len == 0) {
        return true;
    }

    if (!vc_scope_word(&rest, VC_STR("resourceGroups"))
        || !vc_scope_segment(&rest, &out->group)
        || !vc_group_name_valid(out->group))
    {
        return false;
    }

    return rest.len == 0 || vc_scope_vault(rest, out);
}


static void
vc_scope_write(const vc_scope_t *scope, vc_buf_t *out)
{
    if (scope->subscription.len != 0) {
        vc_buf_literal(out, "/subscriptions/");
        vc_buf_str(out, scope->subscription);
    }

    if (scope->group.len != 0) {
        vc_buf_literal(out, "/resourceGroups/");
        vc_buf_str(out, scope->group);
    }

    if (scope->vault.len != 0) {
        vc_buf_literal(out, "/providers/Microsoft.KeyVault/vaults/");
        vc_buf_str(out, scope->vault);
    }

    if (scope->object.len != 0) {
        vc_buf_literal(out, "/");
        vc_buf_str(out, scope->collection);
        vc_buf_literal(out, "/");
        vc_buf_str(out, scope->object);
    }
}


bool
vc_scope_parse(vc_str_t text, vc_str_t subscription, vc_arena_t *arena,
    vc_scope_t *out)
{
    vc_buf_t normalized;

    memset(out, 0, sizeof(*out));

    if (text.len > VC_SCOPE_MAX) {
        return false;
    }

    if (text.len != 0 && text.data[text.len - 1] == '/') {
        text.len--;
    }

    if (text.len != 0 && !vc_scope_read(text, subscription, out)) {
        return false;
    }

    vc_buf_init(&normalized, arena, text.len + 1);
    vc_scope_write(out, &normalized);
    out->text = vc_buf_view(&normalized);

    return !normalized.failed;
}


bool
vc_scope_normalize(vc_str_t text, vc_str_t subscription, vc_arena_t *arena,
    vc_str_t *out)
{
    vc_scope_t scope;

    if (!vc_scope_parse(text, subscription, arena, &scope)) {
        return false;
    }

    *out = scope.text;

    return true;
}
