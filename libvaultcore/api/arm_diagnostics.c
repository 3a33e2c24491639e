/* diagnostic settings of a vault: where its access records go as well */

#include "api/arm_diagnostics.h"

#include "api/arm.h"

typedef struct {
    const char *name;
    const char *type;
    const char *groups; /* a JSON array */
} vc_diagnostic_category_t;

static const vc_diagnostic_category_t vc_diagnostic_categories[] = {
    {"AuditEvent", "Logs", "[\"audit\",\"allLogs\"]"},
    {"AzurePolicyEvaluationDetails", "Logs", "[\"allLogs\"]"},
    {"AllMetrics", "Metrics", "[]"},
};

#define VC_DIAGNOSTIC_CATEGORIES                                               \
    (sizeof(vc_diagnostic_categories) / sizeof(vc_diagnostic_categories[0]))

typedef struct {
    vc_call_t *call;
    size_t     count;
} vc_diagnostic_walk_t;


/* "id":"…","type":"…","name":"…", */
static void
vc_put_insights_head(vc_call_t *call, const char *type, vc_str_t name)
{
    vc_buf_t *out;

    out = &call->out;

    vc_buf_literal(out, "{\"id\":\"");
    vc_json_escape(out, call->arm->scope);
    vc_buf_literal(out, "/providers/Microsoft.Insights/");
    vc_buf_text(out, type);
    vc_buf_literal(out, "/");
    vc_json_escape(out, name);
    vc_buf_literal(out, "\",\"type\":\"Microsoft.Insights/");
    vc_buf_text(out, type);
    vc_buf_literal(out, "\",\"name\":");
    vc_json_string(out, name);
}


static void
vc_put_diagnostic(vc_call_t *call, const vc_diagnostic_t *diagnostic)
{
    vc_put_insights_head(call, "diagnosticSettings", diagnostic->name);
    vc_buf_literal(&call->out, ",\"properties\":");
    vc_buf_str(&call->out, diagnostic->properties);
    vc_buf_literal(&call->out, "}");
}


static vc_status_t
vc_diagnostic_answer(vc_call_t *call, const vc_diagnostic_t *diagnostic)
{
    vc_put_diagnostic(call, diagnostic);

    return vc_arm_json(call, 200);
}


/* --- reading ------------------------------------------------------------------ */

static vc_status_t
vc_diagnostic_visit(const vc_diagnostic_t *diagnostic, void *data)
{
    vc_diagnostic_walk_t *walk;

    walk = data;
    vc_arm_put_comma(&walk->call->out, &walk->count);
    vc_put_diagnostic(walk->call, diagnostic);

    return VC_OK;
}


vc_status_t
vc_arm_diagnostic_list(vc_call_t *call)
{
    vc_status_t          status;
    vc_diagnostic_walk_t walk;

    walk = (vc_diagnostic_walk_t){call, 0};

    vc_buf_literal(&call->out, "{\"value\":[");
    status = vc_diagnostics_each(call->context->session, call->arena,
        call->arm->vault->domain, vc_diagnostic_visit, &walk);
    vc_buf_literal(&call->out, "]}");

    return (status == VC_OK) ? vc_arm_json(call, 200) : status;
}


static vc_status_t
vc_diagnostic_not_found(vc_call_t *call, const char *what)
{
    char shown[128];

    return vc_fail(&call->error, VC_ARM_NO_RESOURCE,
        "The %s '%s' doesn't exist at this vault.", what,
        vc_str_printable(call->arm->name, shown, sizeof(shown)));
}


vc_status_t
vc_arm_diagnostic_get(vc_call_t *call)
{
    vc_status_t     status;
    vc_diagnostic_t diagnostic;

    status = vc_diagnostic_get(call->context->session, call->arena,
        call->arm->vault->domain, call->arm->name, &diagnostic);

    if (status == VC_NOT_FOUND) {
        return vc_diagnostic_not_found(call, "diagnostic setting");
    }

    return (status == VC_OK) ? vc_diagnostic_answer(call, &diagnostic) : status;
}


/* --- changing ----------------------------------------------------------------- */

static vc_status_t
vc_diagnostic_read_body(vc_call_t *call, vc_diagnostic_t *diagnostic)
{
    json_t     *body;
    vc_status_t status;

    status = vc_arm_body(call, &body);
    if (status != VC_OK) {
        return status;
    }

    status = vc_arm_read_diagnostic(call->arena, body,
        &call->engine->options->management, diagnostic, &call->error);
    json_decref(body);

    return status;
}


vc_status_t
vc_arm_diagnostic_put(vc_call_t *call)
{
    bool            existed;
    vc_status_t     status;
    vc_diagnostic_t diagnostic;

    status = vc_diagnostic_read_body(call, &diagnostic);
    if (status != VC_OK) {
        return status;
    }

    diagnostic.name = call->arm->name;

    vc_call_leave_snapshot(call);

    status = vc_diagnostic_put(call->context->session, call->arena,
        call->arm->vault->domain, &diagnostic, &existed, &call->error);

    return (status == VC_OK) ? vc_diagnostic_answer(call, &diagnostic) : status;
}


vc_status_t
vc_arm_diagnostic_delete(vc_call_t *call)
{
    vc_status_t status;

    vc_call_leave_snapshot(call);

    status = vc_diagnostic_delete(call->context->session, call->arena,
        call->arm->vault->domain, call->arm->name, &call->error);

    if (status == VC_NOT_FOUND) {
        return vc_arm_empty(call, 204);
    }

    return (status == VC_OK) ? vc_arm_empty(call, 200) : status;
}


/* --- categories --------------------------------------------------------------- */

static void
vc_put_category(vc_call_t *call, const vc_diagnostic_category_t *category)
{
    vc_put_insights_head(call, "diagnosticSettingsCategories",
        vc_str(category->name));
    vc_buf_printf(&call->out,
        ",\"properties\":{\"categoryType\":\"%s\",\"categoryGroups\":%s}}",
        category->type, category->groups);
}


vc_status_t
vc_arm_diagnostic_category_list(vc_call_t *call)
{
    size_t i;

    vc_buf_literal(&call->out, "{\"value\":[");

    for (i = 0; i < VC_DIAGNOSTIC_CATEGORIES; i++) {
        vc_buf_text(&call->out, i == 0 ? "" : ",");
        vc_put_category(call, &vc_diagnostic_categories[i]);
    }

    vc_buf_literal(&call->out, "]}");

    return vc_arm_json(call, 200);
}


vc_status_t
vc_arm_diagnostic_category_get(vc_call_t *call)
{
    size_t i;

    for (i = 0; i < VC_DIAGNOSTIC_CATEGORIES; i++) {
        if (vc_str_ieq(call->arm->name,
                vc_str(vc_diagnostic_categories[i].name))) {
            vc_put_category(call, &vc_diagnostic_categories[i]);
            return vc_arm_json(call, 200);
        }
    }

    return vc_diagnostic_not_found(call, "category");
}
