/* what stands behind '?' in a management request: api-version, $filter, … */

#include "api/arm.h"

typedef struct {
    const char *const *items;
    size_t             count;
} vc_arm_versions_t;

#define VC_ARM_VERSIONS(list)                                                  \
    {                                                                          \
        list, sizeof(list) / sizeof((list)[0])                                 \
    }

/* in order, so that a refusal lists them in order */
static const char *const vc_keyvault_versions[] = {"2015-06-01", "2016-10-01",
    "2018-02-14", "2019-09-01", "2021-10-01", "2022-07-01", "2022-11-01",
    "2023-02-01", "2023-07-01", "2024-11-01", "2025-05-01", "2026-02-01"};

static const char *const vc_resources_versions[] = {"2015-11-01", "2016-06-01",
    "2016-09-01", "2017-05-10", "2018-05-01", "2019-05-01", "2019-06-01",
    "2019-07-01", "2019-08-01", "2019-10-01", "2019-11-01", "2020-01-01",
    "2020-06-01", "2020-08-01", "2020-10-01", "2021-01-01", "2021-04-01",
    "2022-09-01", "2022-12-01", "2023-07-01", "2024-03-01", "2024-07-01",
    "2024-11-01", "2025-03-01", "2025-04-01"};

static const char *const vc_authorization_versions[] = {"2015-07-01",
    "2018-01-01-preview", "2018-07-01", "2018-09-01-preview",
    "2020-03-01-preview", "2020-04-01-preview", "2020-08-01-preview",
    "2020-10-01-preview", "2022-04-01", "2022-05-01-preview"};

static const char *const vc_locks_versions[] = {"2015-01-01", "2016-09-01",
    "2017-04-01", "2020-05-01"};

static const char *const vc_insights_versions[] = {"2017-05-01-preview",
    "2021-05-01-preview"};

static const vc_arm_versions_t vc_arm_versions[VC_PROVIDER_COUNT] = {
    [VC_PROVIDER_KEYVAULT] = VC_ARM_VERSIONS(vc_keyvault_versions),
    [VC_PROVIDER_RESOURCES] = VC_ARM_VERSIONS(vc_resources_versions),
    [VC_PROVIDER_AUTHORIZATION] = VC_ARM_VERSIONS(vc_authorization_versions),
    [VC_PROVIDER_LOCKS] = VC_ARM_VERSIONS(vc_locks_versions),
    [VC_PROVIDER_INSIGHTS] = VC_ARM_VERSIONS(vc_insights_versions),
};


static vc_status_t
vc_arm_bad_version(vc_call_t *call, const vc_arm_versions_t *versions)
{
    char     shown[64];
    size_t   i;
    vc_buf_t list;

    vc_buf_init(&list, call->arena, 512);

    for (i = 0; i < versions->count; i++) {
        vc_buf_text(&list, i == 0 ? "" : ",");
        vc_buf_text(&list, versions->items[i]);
    }

    return vc_fail(&call->error, VC_ARM_BAD_API_VERSION,
        "The api-version '%s' is invalid. The supported versions are '%.*s'.",
        vc_str_printable(call->route.api_version_text, shown, sizeof(shown)),
        VC_STR_ARG(list));
}


vc_status_t
vc_arm_api_version(vc_call_t *call)
{
    size_t                   i;
    const vc_arm_versions_t *versions;

    if (call->operation->provider == VC_PROVIDER_ANY) {
        return VC_OK;
    }

    if (call->route.api_version_text.len == 0) {
        return vc_fail(&call->error, VC_ARM_NO_API_VERSION,
            "The api-version query parameter (?api-version=) is required for "
            "all requests.");
    }

    versions = &vc_arm_versions[call->operation->provider];

    for (i = 0; i < versions->count; i++) {
        if (vc_str_ieq(call->route.api_version_text,
                vc_str(versions->items[i]))) {
            return VC_OK;
        }
    }

    return vc_arm_bad_version(call, versions);
}


const char *
vc_arm_version_at(vc_provider_t provider, size_t index)
{
    const vc_arm_versions_t *versions;

    versions = &vc_arm_versions[provider];

    return (index < versions->count)
               ? versions->items[versions->count - 1 - index]
               : NULL;
}


bool
vc_arm_version_is_from(const vc_call_t *call, const char *first)
{
    vc_str_t version;

    version = call->route.api_version_text;

    return version.len >= VC_ARM_DATE_LEN
           && memcmp(version.data, first, VC_ARM_DATE_LEN) >= 0;
}


static vc_status_t
vc_arm_read_top(vc_call_t *call, vc_str_t value)
{
    if (!vc_str_to_i64(value, &call->arm->top) || call->arm->top < 1) {
        return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
            "The query parameter $top is invalid; it must be a positive "
            "integer.");
    }

    return VC_OK;
}


vc_status_t
vc_arm_query_parameter(vc_call_t *call, vc_str_t name, vc_str_t value)
{
    if (vc_str_ieq(name, VC_STR("api-version"))) {
        if (call->route.api_version_text.len != 0) {
            return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
                "The query parameter api-version is given more than once; "
                "give it once.");
        }

        call->route.api_version_text = value;

    } else if (vc_str_ieq(name, VC_STR("$filter"))) {
        call->arm->filter = value;

    } else if (vc_str_ieq(name, VC_STR("$skiptoken"))) {
        call->arm->skiptoken = value;

    } else if (vc_str_ieq(name, VC_STR("$top"))) {
        return vc_arm_read_top(call, value);
    }

    return VC_OK;
}
