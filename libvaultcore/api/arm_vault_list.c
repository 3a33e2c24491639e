/*
 * Lists of vaults.  Each shows the vaults that the caller may read, wherever
 * that right was given; so they need none at the scope of the list.  A page
 * goes on behind the name that its $skiptoken carries.
 */

#include <string.h>

#include "api/arm_handlers.h"
#include "api/arm_list.h"
#include "api/target.h"

#define VC_ARM_PAGE_MAX 1000


/* in the order of the store, which is that of names in upper case */
static int
vc_list_compare(vc_str_t a, vc_str_t b)
{
    size_t  i;
    uint8_t x, y;

    for (i = 0; i < a.len && i < b.len; i++) {
        x = a.data[i];
        y = b.data[i];
        x = (x >= 'a' && x <= 'z') ? (uint8_t) (x & ~0x20) : x;
        y = (y >= 'a' && y <= 'z') ? (uint8_t) (y & ~0x20) : y;

        if (x != y) {
            return x < y ? -1 : 1;
        }
    }

    return (a.len > b.len) - (a.len < b.len);
}


static bool
vc_list_filter_has(const vc_arm_list_t *list, const vc_vault_t *vault)
{
    size_t                  i;
    vc_str_t                has;
    const vc_filter_term_t *term;

    for (i = 0; i < list->filter.count; i++) {
        term = &list->filter.terms[i];
        has = VC_STR("Microsoft.KeyVault/vaults");

        if (vc_filter_compares(term, "name")) {
            has = vc_str(vault->name);

        } else if (vc_filter_compares(term, "resourceGroup")) {
            has = vc_str(vault->group);

        } else if (vc_filter_compares(term, "location")) {
            has = vault->location;
        }

        if (!vc_str_ieq(term->value, has)) {
            return false;
        }
    }

    return true;
}


static bool
vc_list_shows(const vc_arm_list_t *list, const vc_vault_t *vault)
{
    vc_buf_t        id;
    const vc_arm_t *arm;

    arm = list->call->arm;

    if (vault->deleted != 0
        || vc_list_compare(vc_str(vault->name), list->after) <= 0
        || (arm->group.len != 0
            && !vc_str_ieq(arm->group, vc_str(vault->group)))
        || !vc_list_filter_has(list, vault))
    {
        return false;
    }

    vc_buf_init(&id, list->call->arena, 200);
    vc_vault_resource_id(vault, vc_str(list->call->engine->installation.id),
        &id);

    return vc_arm_list_may(list, "Microsoft.KeyVault/vaults/read",
        vc_buf_view(&id));
}


/* VC_AGAIN ends the walk: the page is full, and there is more */
static vc_status_t
vc_list_visit(const vc_vault_t *vault, void *data)
{
    vc_buf_t      *out;
    vc_arm_list_t *list;

    list = data;
    out = &list->call->out;

    if (!vc_list_shows(list, vault)) {
        return VC_OK;
    }

    if (list->count == list->limit) {
        list->more = true;
        return VC_AGAIN;
    }

    vc_arm_put_comma(out, &list->count);
    memcpy(list->last, vault->name, sizeof(list->last));

    if (list->whole) {
        vc_arm_put_vault(list->call, vault, out);

    } else {
        vc_buf_text(out, "{");
        vc_arm_put_vault_head(list->call, vault, out);
        vc_buf_text(out, "}");
    }

    return VC_OK;
}


static vc_status_t
vc_list_read_paging(vc_arm_list_t *list)
{
    const vc_arm_t *arm;

    arm = list->call->arm;
    list->limit = (arm->top == 0 || arm->top > VC_ARM_PAGE_MAX)
                      ? VC_ARM_PAGE_MAX
                      : (size_t) arm->top;

    if (arm->skiptoken.len == 0) {
        return VC_OK;
    }

    if (!vc_base64url_decode(list->call->arena, arm->skiptoken, &list->after)
        || !vc_vault_name_valid(list->after))
    {
        return vc_fail(&list->call->error, VC_ARM_BAD_REQUEST,
            "The $skiptoken is not one that this list gave; use a nextLink "
            "unchanged, or leave it out to begin at the first page.");
    }

    return VC_OK;
}


static void
vc_list_put_next(const vc_arm_list_t *list)
{
    vc_buf_t        *out, link;
    vc_str_t         path, query;
    const vc_call_t *call;

    call = list->call;
    query = call->request.target;
    path = vc_target_split(&query, '?');

    vc_buf_init(&link, call->arena, 256);
    vc_buf_str(&link, call->engine->options->management.base_url);
    vc_buf_str(&link, path);
    vc_buf_text(&link, "?api-version=");
    vc_buf_str(&link, call->route.api_version_text);
    vc_buf_text(&link, "&$skiptoken=");
    vc_base64url_encode(&link, vc_str(list->last));

    if (call->arm->top != 0) {
        vc_buf_text(&link, "&$top=");
        vc_buf_i64(&link, call->arm->top);
    }

    if (call->arm->filter.len != 0) {
        vc_buf_text(&link, "&$filter=");
        vc_target_encode(&link, call->arm->filter);
    }

    out = &list->call->out;
    out->failed = out->failed || link.failed;
    vc_buf_text(out, ",\"nextLink\":");
    vc_json_string(out, vc_buf_view(&link));
}


vc_status_t
vc_arm_list_page(vc_arm_list_t *list)
{
    vc_status_t status;

    status = vc_list_read_paging(list);
    if (status != VC_OK) {
        return status;
    }

    vc_buf_text(&list->call->out, "{\"value\":[");
    status = vc_vault_each(list->call->context->session, list->call->arena,
        vc_list_visit, list);

    if (status != VC_OK && !(status == VC_AGAIN && list->more)) {
        return status;
    }

    vc_buf_text(&list->call->out, "]");

    if (list->more) {
        vc_list_put_next(list);
    }

    vc_buf_text(&list->call->out, "}");

    return vc_arm_json(list->call, 200);
}


vc_status_t
vc_arm_vault_list(vc_call_t *call)
{
    vc_status_t   status;
    vc_arm_list_t list;

    status = vc_arm_list_begin(call, &list);
    list.whole = true;

    return (status == VC_OK) ? vc_arm_list_page(&list) : status;
}


static vc_status_t
vc_list_check_filter(vc_call_t *call, const vc_filter_t *filter)
{
    size_t                  i;
    const vc_filter_term_t *term;

    for (i = 0; i < filter->count; i++) {
        term = &filter->terms[i];

        if (!vc_filter_compares(term, "resourceType")
            && !vc_filter_compares(term, "name")
            && !vc_filter_compares(term, "resourceGroup")
            && !vc_filter_compares(term, "location"))
        {
            return vc_filter_refuse(term,
                "resourceType, name, resourceGroup and location, each with eq",
                &call->error);
        }
    }

    return VC_OK;
}


/* there are no resources but vaults, so a list of another type is empty */
vc_status_t
vc_arm_resource_list(vc_call_t *call)
{
    vc_status_t   status;
    vc_arm_list_t list;

    status = vc_arm_list_begin(call, &list);

    if (status == VC_OK) {
        status = vc_filter_parse(call->arena, call->arm->filter, &list.filter,
            &call->error);
    }

    if (status == VC_OK) {
        status = vc_list_check_filter(call, &list.filter);
    }

    return (status == VC_OK) ? vc_arm_list_page(&list) : status;
}
