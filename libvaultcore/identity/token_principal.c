#include "identity/token_principal.h"

#include <string.h>

#include "identity/claims.h"

/* what a token takes as a rule, and each of its groups */
#define VC_PRINCIPAL_ROOM 1280
#define VC_PRINCIPAL_GROUP_ROOM 64


/* a claim that can be an id: not too long, without controls */
static vc_str_t
vc_claim_id(const json_t *claims, const char *name)
{
    size_t   i;
    vc_str_t id;

    id = vc_claim_text(claims, name);

    if (id.len > VC_PRINCIPAL_ID_MAX) {
        return VC_STR_NULL;
    }

    for (i = 0; i < id.len; i++) {
        if (id.data[i] < 0x20 || id.data[i] == 0x7f) {
            return VC_STR_NULL;
        }
    }

    return id;
}


static bool
vc_principal_set_ids(vc_principal_t *principal, const vc_authority_t *authority,
    const json_t *claims)
{
    vc_str_t object, application;

    object = vc_claim_id(claims,
        json_object_get(claims, "oid") != NULL ? "oid" : "sub");

    application = vc_claim_id(claims, "appid");
    if (application.len == 0) {
        application = vc_claim_id(claims, "azp");
    }

    if (application.len == 0) {
        application = vc_claim_id(claims, "client_id");
    }

    principal->object_id = vc_str_copy(principal->arena, object);
    principal->application_id = vc_str_copy(principal->arena, application);
    principal->issuer = vc_str_copy(principal->arena,
        vc_authority_issuer(authority));
    principal->tenant = vc_str_copy(principal->arena,
        vc_authority_tenant(authority));

    return principal->object_id.data != NULL
           && principal->application_id.data != NULL
           && principal->issuer.data != NULL && principal->tenant.data != NULL;
}


static bool
vc_principal_set_groups(vc_principal_t *principal, const json_t *claims)
{
    size_t        i, n;
    json_t       *group;
    const json_t *groups;

    groups = json_object_get(claims, "groups");

    /* the other two say that there are more groups than a token can name */
    principal->has_groups =
        groups != NULL || json_object_get(claims, "hasgroups") != NULL
        || json_object_get(json_object_get(claims, "_claim_names"), "groups")
               != NULL;

    n = json_array_size(groups);
    if (n == 0) {
        return true;
    }

    if (n > VC_PRINCIPAL_GROUPS_MAX) {
        n = VC_PRINCIPAL_GROUPS_MAX;
    }

    principal->groups = vc_arena_calloc(principal->arena, n * sizeof(vc_str_t));
    if (principal->groups == NULL) {
        return false;
    }

    json_array_foreach(groups, i, group)
    {
        if (principal->group_count == n) {
            break;
        }

        if (json_string_length(group) == 0) {
            continue;
        }

        principal->groups[principal->group_count] =
            vc_str_copy(principal->arena,
                (vc_str_t){(const uint8_t *) json_string_value(group),
                    json_string_length(group)});

        if (principal->groups[principal->group_count++].data == NULL) {
            return false;
        }
    }

    return true;
}


static void
vc_record_put_string(vc_buf_t *out, const json_t *value)
{
    vc_json_string(out, (vc_str_t){(const uint8_t *) json_string_value(value),
                            json_string_length(value)});
}


static bool
vc_record_put_array(vc_buf_t *out, const json_t *value)
{
    size_t  i;
    json_t *each;

    vc_buf_text(out, "[");

    json_array_foreach(value, i, each)
    {
        if (!json_is_string(each)) {
            return false;
        }

        vc_buf_text(out, i == 0 ? "" : ",");
        vc_record_put_string(out, each);
    }

    vc_buf_text(out, "]");

    return true;
}


/* a claim as access records show it: numbers as strings; false: not shown */
static bool
vc_record_put_value(vc_buf_t *out, const json_t *claims, const char *name)
{
    int64_t       number;
    const json_t *value;

    value = json_object_get(claims, name);

    if (json_is_string(value)) {
        vc_record_put_string(out, value);
        return true;
    }

    if (json_is_boolean(value)) {
        vc_buf_text(out, json_is_true(value) ? "true" : "false");
        return true;
    }

    if (json_is_array(value)) {
        return vc_record_put_array(out, value);
    }

    if (vc_claim_time(claims, name, &number) == VC_TIME_GOOD) {
        vc_buf_text(out, "\"");
        vc_buf_i64(out, number);
        vc_buf_text(out, "\"");
        return true;
    }

    return false;
}


static bool
vc_record_put_claims(vc_buf_t *out, const json_t *claims)
{
    static const char *const names[] = {"oid", "appid", "azp", "appidacr",
        "iss", "xms_az_nwperimid", "idtyp", "uti", "iat", "exp", "aud", "nbf",
        "tid", "scp", "upn", "unique_name"};

    size_t i, before;

    vc_buf_text(out, "{");

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        before = out->len;
        vc_buf_text(out, before == 1 ? "\"" : ",\"");
        vc_buf_text(out, names[i]);
        vc_buf_text(out, "\":");

        if (!vc_record_put_value(out, claims, names[i])
            || out->len >= VC_RECORD_CLAIMS_MAX)
        {
            out->len = before;
        }
    }

    vc_buf_text(out, "}");

    return !out->failed;
}


/* made elsewhere: a principal is kept for long, and takes what it needs */
static bool
vc_principal_set_record_claims(vc_principal_t *principal, const json_t *claims)
{
    bool        made;
    vc_buf_t    out;
    vc_arena_t *scratch;

    scratch = vc_arena_create(2048);
    if (scratch == NULL) {
        return false;
    }

    vc_buf_init(&out, scratch, 1024);
    made = vc_record_put_claims(&out, claims);

    if (made) {
        principal->record_claims = vc_str_copy(principal->arena,
            vc_buf_view(&out));
    }

    vc_arena_destroy(scratch);

    return made && principal->record_claims.data != NULL;
}


static void
vc_principal_set_kind(vc_principal_t *principal,
    const vc_authority_t *authority, const json_t *claims)
{
    int64_t generation;

    /* it was there, and a number, when the token was verified */
    (void) vc_claim_time(claims, "exp", &principal->expires);

    principal->user = vc_claim_text(claims, "scp").len != 0
                      || vc_str_eq(vc_claim_text(claims, "idtyp"),
                          VC_STR("user"));

    principal->local = vc_authority_is_local(authority);

    if (principal->local
        && vc_str_to_i64(vc_claim_text(claims, "vc_gen"), &generation)
        && generation > 0)
    {
        principal->generation = (uint64_t) generation;
    }
}


static vc_status_t
vc_principal_check(const vc_principal_t *principal, vc_error_t *err)
{
    if (principal->object_id.len == 0) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10007: The token names no principal. Expected an 'oid' or a "
            "'sub' of at most %d bytes without control characters.",
            VC_PRINCIPAL_ID_MAX);
    }

    if (principal->local && principal->generation == 0) {
        return vc_fail(err, VC_UNAUTHORIZED,
            "AKV10008: The token of the local authority carries no "
            "generation. Request a new token.");
    }

    return VC_OK;
}


vc_status_t
vc_principal_from_claims(const vc_authority_t *authority, const json_t *claims,
    vc_principal_t **out, vc_error_t *err)
{
    size_t          groups;
    vc_arena_t     *arena;
    vc_status_t     status;
    vc_principal_t *principal;

    groups = json_array_size(json_object_get(claims, "groups"));
    if (groups > VC_PRINCIPAL_GROUPS_MAX) {
        groups = VC_PRINCIPAL_GROUPS_MAX;
    }

    arena = vc_arena_create(
        VC_PRINCIPAL_ROOM + groups * VC_PRINCIPAL_GROUP_ROOM);
    principal = (arena == NULL)
                    ? NULL
                    : vc_arena_calloc(arena, sizeof(vc_principal_t));

    if (principal == NULL) {
        vc_arena_destroy(arena);
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    principal->arena = arena;
    principal->references = 1;
    vc_principal_set_kind(principal, authority, claims);

    status = (vc_principal_set_ids(principal, authority, claims)
                 && vc_principal_set_groups(principal, claims)
                 && vc_principal_set_record_claims(principal, claims))
                 ? vc_principal_check(principal, err)
                 : vc_fail(err, VC_NO_MEMORY, "out of memory");

    if (status != VC_OK) {
        vc_principal_release(principal);
        return status;
    }

    *out = principal;

    return VC_OK;
}
