/*
 * What management clients look up in Microsoft Graph on their way: who they
 * are, and the names of principals.  Known are those of the local authority.
 */

#include "api/arm_handlers.h"
#include "api/arm_list.h"
#include "api/object_body.h"

#define VC_GRAPH_IDS_MAX 1000


/* names of principals are for those who manage something here */
static vc_status_t
vc_graph_admit(vc_call_t *call)
{
    vc_status_t   status;
    vc_arm_list_t list;

    status = vc_arm_list_begin(call, &list);

    return (status != VC_OK || vc_arm_list_knows(&list))
               ? status
               : vc_fail(&call->error, VC_GRAPH_NOT_ALLOWED,
                   "Insufficient privileges to complete the operation: a role "
                   "at any scope is needed to look up principals.");
}


/* applications ask it; only people have an answer */
vc_status_t
vc_arm_graph_me(vc_call_t *call)
{
    return vc_fail(&call->error, VC_GRAPH_NOT_ALLOWED,
        "/me request is only valid with delegated authentication flow.");
}


static void
vc_put_principal(const vc_local_principal_t *principal, vc_buf_t *out)
{
    vc_buf_printf(out,
        "{\"@odata.type\":\"#microsoft.graph.servicePrincipal\",\"id\":"
        "\"%s\",\"appId\":\"%s\",\"displayName\":",
        principal->object_id, principal->client_id);
    vc_json_string(out, vc_str(principal->name));
    vc_buf_printf(out,
        ",\"servicePrincipalType\":\"Application\",\"servicePrincipalNames\":"
        "[\"%s\"]}",
        principal->client_id);
}


/* appends it if it is known: what is not there is left out, as in Graph */
static vc_status_t
vc_graph_put_one(vc_call_t *call, vc_str_t who, size_t *count)
{
    vc_status_t          status;
    vc_local_principal_t principal;

    if (!vc_guid_valid(who)) {
        return VC_OK;
    }

    status = vc_local_principal_find(call->context->session, call->arena, who,
        &principal);

    if (status != VC_OK) {
        return (status == VC_NOT_FOUND) ? VC_OK : status;
    }

    vc_arm_put_comma(&call->out, count);
    vc_put_principal(&principal, &call->out);
    vc_local_principal_clear(&principal);

    return VC_OK;
}


/* the text between the last two apostrophes of
   "servicePrincipalNames/any(c:c eq '…')", "appId eq '…'" */
static vc_str_t
vc_graph_quoted(vc_str_t filter)
{
    size_t start, end;

    for (end = filter.len; end > 0 && filter.data[end - 1] != '\''; end--) {
        /* to the closing one */
    }

    if (end < 2) {
        return VC_STR_NULL;
    }

    for (start = end - 1; start > 0 && filter.data[start - 1] != '\''; start--)
    {
        /* to the opening one */
    }

    return (start == 0) ? VC_STR_NULL
                        : (vc_str_t){filter.data + start, end - 1 - start};
}


vc_status_t
vc_arm_graph_principals(vc_call_t *call)
{
    size_t      count;
    vc_str_t    who;
    vc_status_t status;

    status = vc_graph_admit(call);
    if (status != VC_OK) {
        return status;
    }

    who = vc_graph_quoted(call->arm->filter);

    if (who.len == 0) {
        return vc_fail(&call->error, VC_ARM_BAD_FILTER,
            "A $filter is needed that names a client id, as in "
            "servicePrincipalNames/any(c:c eq 'id') or appId eq 'id'.");
    }

    count = 0;
    vc_buf_text(&call->out, "{\"value\":[");
    status = vc_graph_put_one(call, who, &count);
    vc_buf_text(&call->out, "]}");

    return (status == VC_OK) ? vc_arm_json(call, 200) : status;
}


static vc_status_t
vc_graph_put_ids(vc_call_t *call, const json_t *ids)
{
    size_t      i, count;
    json_t     *id;
    vc_status_t status;

    if (!json_is_array(ids) || json_array_size(ids) > VC_GRAPH_IDS_MAX) {
        return vc_arm_bad_property(call, "ids",
            "it must be an array of at most 1000 object ids");
    }

    count = 0;
    vc_buf_text(&call->out, "{\"value\":[");

    json_array_foreach(ids, i, id)
    {
        status = vc_graph_put_one(call, vc_json_text(id), &count);
        if (status != VC_OK) {
            return status;
        }
    }

    vc_buf_text(&call->out, "]}");

    return VC_OK;
}


vc_status_t
vc_arm_graph_objects(vc_call_t *call)
{
    json_t     *body;
    vc_status_t status;

    status = vc_graph_admit(call);

    if (status == VC_OK) {
        status = vc_arm_body(call, &body);
    }

    if (status != VC_OK) {
        return status;
    }

    status = vc_graph_put_ids(call, vc_json_member(body, "ids"));
    json_decref(body);

    return (status == VC_OK) ? vc_arm_json(call, 200) : status;
}
