/* what a request says of a diagnostic setting */

#include <string.h>

#include "api/arm_diagnostics.h"
#include "api/arm_read.h"
#include "api/object_body.h"

#define VC_DIAGNOSTIC_TEXT_MAX 1024
#define VC_DIAGNOSTIC_ENTRIES_MAX 16

/* the members that name where records go */
static const char *const vc_diagnostic_targets[] = {"storageAccountId",
    "workspaceId", "eventHubAuthorizationRuleId", "serviceBusRuleId",
    "marketplacePartnerId"};

#define VC_DIAGNOSTIC_TARGETS                                                  \
    (sizeof(vc_diagnostic_targets) / sizeof(vc_diagnostic_targets[0]))


/* --- destinations ------------------------------------------------------------- */

/* the host's spelling of a destination; empty: it has none of that id */
static vc_str_t
vc_diagnostic_known(const vc_management_options_t *options, vc_str_t id)
{
    size_t i;

    for (i = 0; i < options->destination_count; i++) {
        if (vc_str_ieq(options->destinations[i], id)) {
            return options->destinations[i];
        }
    }

    return VC_STR_NULL;
}


static vc_status_t
vc_diagnostic_unknown(const vc_arm_reader_t *reader, const char *name,
    const vc_management_options_t *options)
{
    size_t   i;
    vc_buf_t list;

    vc_buf_init(&list, reader->arena, 256);

    for (i = 0; i < options->destination_count; i++) {
        vc_buf_text(&list, i == 0 ? "" : ", ");
        vc_buf_str(&list, options->destinations[i]);
    }

    if (options->destination_count == 0) {
        vc_buf_literal(&list, "none");
    }

    return vc_fail(reader->err, VC_BAD_PARAMETER,
        "Property %s%s has invalid value. It must be the id of a destination "
        "that the operator has configured; configured: %.*s.",
        reader->where, name, VC_STR_ARG(vc_buf_view(&list)));
}


static vc_status_t
vc_diagnostic_read_targets(const vc_arm_reader_t *reader,
    const vc_management_options_t *options, vc_diagnostic_t *out)
{
    size_t      i;
    vc_str_t    id, known;
    vc_status_t status;

    out->destinations = vc_arena_alloc(reader->arena,
        VC_DIAGNOSTIC_TARGETS * sizeof(vc_str_t));
    if (out->destinations == NULL) {
        return VC_NO_MEMORY;
    }

    for (i = 0; i < VC_DIAGNOSTIC_TARGETS; i++) {
        status = vc_arm_read_text(reader, vc_diagnostic_targets[i], false,
            VC_DIAGNOSTIC_TEXT_MAX, &id);
        if (status != VC_OK) {
            return status;
        }

        known = vc_diagnostic_known(options, id);

        if (id.len != 0 && known.len == 0) {
            return vc_diagnostic_unknown(reader, vc_diagnostic_targets[i],
                options);
        }

        if (id.len != 0) {
            out->destinations[out->destination_count++] = known;
        }
    }

    if (out->destination_count == 0) {
        return vc_fail(reader->err, VC_BAD_PARAMETER,
            "At least one data sink needs to be specified: give "
            "storageAccountId, workspaceId, eventHubAuthorizationRuleId, "
            "serviceBusRuleId or marketplacePartnerId.");
    }

    return VC_OK;
}


/* --- categories --------------------------------------------------------------- */

static vc_status_t
vc_diagnostic_read_retention(const vc_arm_reader_t *entry)
{
    bool            ignored;
    const json_t   *days;
    vc_arm_reader_t inner;

    inner = *entry;
    inner.object = vc_json_member(entry->object, "retentionPolicy");

    if (inner.object == NULL) {
        return VC_OK;
    }

    if (!json_is_object(inner.object)) {
        return vc_arm_read_refuse(entry, "retentionPolicy", "an object");
    }

    days = vc_json_member(inner.object, "days");

    if (days != NULL
        && (!json_is_integer(days) || json_integer_value(days) < 0
            || json_integer_value(days) > 365))
    {
        return vc_arm_read_refuse(entry, "retentionPolicy.days",
            "an integer from 0 to 365");
    }

    return vc_arm_read_bool(&inner, "enabled", false, &ignored);
}


/* one category or group of them; *audit: AuditEvent is among it */
static vc_status_t
vc_diagnostic_read_log(const vc_arm_reader_t *entry, bool *audit)
{
    vc_str_t    category, group;
    vc_status_t status;

    status = vc_arm_read_text(entry, "category", false, VC_DIAGNOSTIC_TEXT_MAX,
        &category);

    if (status == VC_OK) {
        status = vc_arm_read_text(entry, "categoryGroup", false,
            VC_DIAGNOSTIC_TEXT_MAX, &group);
    }

    if (status != VC_OK) {
        return status;
    }

    if ((category.len == 0) == (group.len == 0)) {
        return vc_arm_read_refuse(entry, "category",
            "there, or categoryGroup, but not both");
    }

    *audit = vc_str_ieq(category, VC_STR("AuditEvent"))
             || vc_str_ieq(group, VC_STR("audit"))
             || vc_str_ieq(group, VC_STR("allLogs"));

    if (*audit || vc_str_ieq(category, VC_STR("AzurePolicyEvaluationDetails")))
    {
        return VC_OK;
    }

    return (group.len != 0)
               ? vc_arm_read_refuse(entry, "categoryGroup", "audit or allLogs")
               : vc_arm_read_refuse(entry, "category",
                   "AuditEvent or AzurePolicyEvaluationDetails");
}


static vc_status_t
vc_diagnostic_read_metric(const vc_arm_reader_t *entry, bool *audit)
{
    vc_str_t    category, grain;
    vc_status_t status;

    *audit = false;

    status = vc_arm_read_text(entry, "category", false, VC_DIAGNOSTIC_TEXT_MAX,
        &category);

    if (status == VC_OK) {
        status = vc_arm_read_text(entry, "timeGrain", false,
            VC_DIAGNOSTIC_TEXT_MAX, &grain);
    }

    if (status == VC_OK && !vc_str_ieq(category, VC_STR("AllMetrics"))) {
        status = vc_arm_read_refuse(entry, "category", "AllMetrics");
    }

    return status;
}


/* logs or metrics; *on becomes true when audit records are asked for */
static vc_status_t
vc_diagnostic_read_entries(const vc_arm_reader_t *reader, const char     *name,
    vc_status_t (*read)(const vc_arm_reader_t *entry, bool *audit), bool *on)
{
    bool            audit, enabled;
    size_t          i;
    json_t         *item;
    vc_status_t     status;
    const json_t   *array;
    vc_arm_reader_t entry;

    status = vc_arm_read_array(reader, name, &array);

    if (status == VC_OK && json_array_size(array) > VC_DIAGNOSTIC_ENTRIES_MAX) {
        status = vc_arm_read_refuse(reader, name, "an array of at most 16");
    }

    entry = *reader;
    entry.where = (read == vc_diagnostic_read_log) ? "properties.logs[]."
                                                   : "properties.metrics[].";

    json_array_foreach(array, i, item)
    {
        entry.object = item;

        if (status == VC_OK) {
            status = read(&entry, &audit);
        }

        if (status == VC_OK && vc_json_member(item, "enabled") == NULL) {
            status = vc_arm_read_refuse(&entry, "enabled",
                "there, and true or false");
        }

        if (status == VC_OK) {
            status = vc_arm_read_bool(&entry, "enabled", false, &enabled);
        }

        if (status == VC_OK) {
            status = vc_diagnostic_read_retention(&entry);
        }

        if (status != VC_OK) {
            return status;
        }

        *on = *on || (audit && enabled);
    }

    return status;
}


/* --- the whole ---------------------------------------------------------------- */

/* what is answered: the members that there are, as they were given */
static vc_status_t
vc_diagnostic_keep(const vc_arm_reader_t *reader, vc_diagnostic_t *out)
{
    size_t   i, count;
    json_t  *member;
    vc_buf_t text;

    static const char *const members[] = {"storageAccountId",
        "serviceBusRuleId", "eventHubAuthorizationRuleId", "eventHubName",
        "workspaceId", "marketplacePartnerId", "logAnalyticsDestinationType",
        "logs", "metrics"};

    vc_buf_init(&text, reader->arena, 512);
    vc_buf_literal(&text, "{");

    for (i = 0, count = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        member = json_object_get(reader->object, members[i]);

        if (member == NULL) {
            continue;
        }

        vc_buf_text(&text, count++ == 0 ? "\"" : ",\"");
        vc_buf_text(&text, members[i]);
        vc_buf_literal(&text, "\":");
        vc_arm_put_json(&text, member);
    }

    vc_buf_literal(&text, "}");
    out->properties = vc_buf_view(&text);

    return text.failed ? VC_NO_MEMORY : VC_OK;
}


vc_status_t
vc_arm_read_diagnostic(vc_arena_t *arena, const json_t *body,
    const vc_management_options_t *options, vc_diagnostic_t *out,
    vc_error_t *err)
{
    vc_str_t        text;
    vc_status_t     status;
    vc_arm_reader_t reader;

    memset(out, 0, sizeof(*out));

    status = vc_arm_read_properties(arena, body, &reader, err);

    if (status == VC_OK) {
        status = vc_diagnostic_read_targets(&reader, options, out);
    }

    if (status == VC_OK) {
        status = vc_arm_read_text(&reader, "eventHubName", false,
            VC_DIAGNOSTIC_TEXT_MAX, &text);
    }

    if (status == VC_OK) {
        status = vc_arm_read_text(&reader, "logAnalyticsDestinationType", false,
            VC_DIAGNOSTIC_TEXT_MAX, &text);
    }

    if (status == VC_OK) {
        status = vc_diagnostic_read_entries(&reader, "logs",
            vc_diagnostic_read_log, &out->audit);
    }

    if (status == VC_OK) {
        status = vc_diagnostic_read_entries(&reader, "metrics",
            vc_diagnostic_read_metric, &out->audit);
    }

    return (status == VC_OK) ? vc_diagnostic_keep(&reader, out) : status;
}
