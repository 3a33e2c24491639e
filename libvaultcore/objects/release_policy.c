#include "objects/release_policy.h"

#include <stdio.h>
#include <string.h>

#include "identity/claims.h"
#include "identity/jwks.h"

#define VC_WHERE_MAX 320 /* the longest place: 16 times ".anyOf[1234]" */


/* where: the place in the policy, "" for all of it */
static vc_status_t
vc_release_refuse(vc_error_t *err, const char *where, const char *rule)
{
    return vc_fail(err, VC_BAD_PARAMETER,
        "Property release_policy has invalid value\r\n%s%s%s.",
        (where[0] == '\0') ? "The policy" : where + 1,
        (where[0] == '\0') ? " " : ": it ", rule);
}


/* names: those that may be there, up to NULL */
static bool
vc_release_has_only(const json_t *object, const char *const *names)
{
    size_t i, known;

    known = 0;

    for (i = 0; names[i] != NULL; i++) {
        known += (json_object_get(object, names[i]) != NULL) ? 1 : 0;
    }

    return json_object_size(object) == known;
}


static vc_status_t
vc_release_check_claim(const json_t *condition, const char *where,
    vc_error_t *err)
{
    static const char *const names[] = {"claim", "equals", NULL};

    size_t        length;
    const json_t *equals;

    length = json_string_length(json_object_get(condition, "claim"));
    equals = json_object_get(condition, "equals");

    if (!vc_release_has_only(condition, names)) {
        return vc_release_refuse(err, where,
            "must have the members claim and equals, and no other");
    }

    if (length == 0 || length > VC_RELEASE_CLAIM_MAX) {
        return vc_release_refuse(err, where,
            "must have a claim of 1 to 256 bytes, a string");
    }

    if (!json_is_string(equals) && !json_is_number(equals)
        && !json_is_boolean(equals))
    {
        return vc_release_refuse(err, where,
            "must have equals, and that be a string, a number, true or false");
    }

    return VC_OK;
}


/* the one list of an object, and its name; NULL if there is none, or two */
static const json_t *
vc_release_list(const json_t *object, const char **name)
{
    const json_t *all, *any;

    all = json_object_get(object, "allOf");
    any = json_object_get(object, "anyOf");
    *name = (all != NULL) ? "allOf" : "anyOf";

    return (all == NULL) ? any : (any == NULL) ? all : NULL;
}


static vc_status_t
vc_release_check_array(const json_t *list, const char *where, vc_error_t *err)
{
    if (!json_is_array(list) || json_array_size(list) == 0) {
        return vc_release_refuse(err, where,
            "must be an array with at least one element");
    }

    return VC_OK;
}


static vc_status_t vc_release_check_condition(const json_t *condition,
    const char *where, unsigned depth, vc_error_t *err);


/* the list that an object has; depth: how many lists it lies in */
static vc_status_t
vc_release_check_list(const json_t *object, const char *where, unsigned depth,
    vc_error_t *err)
{
    char          place[VC_WHERE_MAX];
    size_t        i;
    const char   *name;
    vc_status_t   status;
    const json_t *list;

    list = vc_release_list(object, &name);

    if (list == NULL) {
        return vc_release_refuse(err, where,
            "must have either allOf or anyOf, one of the two");
    }

    if (depth >= VC_RELEASE_POLICY_DEPTH) {
        return vc_release_refuse(err, where,
            "must not be nested so deeply: 16 lists within each other are "
            "allowed");
    }

    (void) snprintf(place, sizeof(place), "%s.%s", where, name);

    status = vc_release_check_array(list, place, err);

    for (i = 0; status == VC_OK && i < json_array_size(list); i++) {
        (void) snprintf(place, sizeof(place), "%s.%s[%zu]", where, name, i);
        status = vc_release_check_condition(json_array_get(list, i), place,
            depth + 1, err);
    }

    return status;
}


static vc_status_t
vc_release_check_condition(const json_t *condition, const char *where,
    unsigned depth, vc_error_t *err)
{
    static const char *const names[] = {"allOf", "anyOf", NULL};

    if (json_object_get(condition, "claim") != NULL) {
        return vc_release_check_claim(condition, where, err);
    }

    if (!json_is_object(condition) || !vc_release_has_only(condition, names)) {
        return vc_release_refuse(err, where,
            "must be an object with claim and equals, or with allOf or anyOf, "
            "and no other member");
    }

    return vc_release_check_list(condition, where, depth, err);
}


static bool
vc_release_authority_valid(const json_t *authority)
{
    const char *url;

    url = json_string_value(authority);

    return url != NULL && strncmp(url, "https://", 8) == 0
           && vc_jwks_url_valid(url);
}


static vc_status_t
vc_release_check_authority(const json_t *element, const char *where,
    vc_error_t *err)
{
    static const char *const names[] = {"authority", "allOf", "anyOf", NULL};

    if (!json_is_object(element) || !vc_release_has_only(element, names)) {
        return vc_release_refuse(err, where,
            "must be an object with authority and allOf or anyOf, and no "
            "other member");
    }

    if (!vc_release_authority_valid(json_object_get(element, "authority"))) {
        return vc_release_refuse(err, where,
            "must have an authority, the address of the attestation service, "
            "which begins with https://");
    }

    return vc_release_check_list(element, where, 1, err);
}


static vc_status_t
vc_release_check_policy(const json_t *policy, vc_error_t *err)
{
    static const char *const names[] = {"version", "anyOf", NULL};

    char          place[VC_WHERE_MAX];
    size_t        i;
    vc_status_t   status;
    const json_t *list;

    if (!json_is_object(policy) || !vc_release_has_only(policy, names)) {
        return vc_release_refuse(err, "",
            "must be an object with version and anyOf, and no other member");
    }

    if (!vc_str_eq(vc_claim_text(policy, "version"), VC_STR("1.0.0"))) {
        return vc_release_refuse(err, ".version", "must be \"1.0.0\"");
    }

    list = json_object_get(policy, "anyOf");
    status = vc_release_check_array(list, ".anyOf", err);

    for (i = 0; status == VC_OK && i < json_array_size(list); i++) {
        (void) snprintf(place, sizeof(place), ".anyOf[%zu]", i);
        status = vc_release_check_authority(json_array_get(list, i), place,
            err);
    }

    return status;
}


static vc_status_t
vc_release_refuse_json(const json_error_t *why, vc_error_t *err)
{
    switch (json_error_code(why)) {
    case json_error_out_of_memory:
        return vc_fail_detail(err, VC_NO_MEMORY,
            "out of memory for a release policy");

    case json_error_duplicate_key:
        return vc_fail(err, VC_BAD_PARAMETER,
            "Property release_policy has invalid value\r\nThe policy names a "
            "member of an object twice (line %d, column %d); each may stand "
            "there once.",
            why->line, why->column);

    default:
        return vc_fail(err, VC_BAD_PARAMETER,
            "Property release_policy has invalid value\r\nThe policy is not "
            "valid JSON (line %d, column %d).",
            why->line, why->column);
    }
}


/* a policy that was checked; the caller's */
static vc_status_t
vc_release_parse(vc_str_t text, json_t **out, vc_error_t *err)
{
    json_t      *policy;
    vc_status_t  status;
    json_error_t why;

    if (text.len == 0 || text.len > VC_RELEASE_POLICY_MAX) {
        return vc_release_refuse(err, "", "must have 1 to 10240 bytes");
    }

    policy = json_loadb((const char *) text.data, text.len,
        JSON_REJECT_DUPLICATES, &why);
    if (policy == NULL) {
        return vc_release_refuse_json(&why, err);
    }

    status = vc_release_check_policy(policy, err);
    if (status != VC_OK) {
        json_decref(policy);
        return status;
    }

    *out = policy;

    return VC_OK;
}


vc_status_t
vc_release_policy_check(vc_str_t text, vc_error_t *err)
{
    json_t     *policy;
    vc_status_t status;

    status = vc_release_parse(text, &policy, err);

    if (status == VC_OK) {
        json_decref(policy);
    }

    return status;
}


static bool
vc_release_claim_meets(const json_t *condition, const json_t *claims)
{
    const json_t *equals, *found;

    equals = json_object_get(condition, "equals");
    found = vc_claim_path(claims,
        json_string_value(json_object_get(condition, "claim")));

    if (json_is_boolean(found) && json_is_string(equals)) {
        return strcmp(json_string_value(equals),
                   json_is_true(found) ? "true" : "false")
               == 0;
    }

    return json_equal(equals, found) != 0;
}


/* of a checked policy: conditions have a claim, or one list */
static bool
vc_release_list_meets(const json_t *object, const json_t *claims)
{
    bool          any, met;
    size_t        i;
    const char   *name;
    const json_t *list, *each;

    list = vc_release_list(object, &name);
    any = (strcmp(name, "anyOf") == 0);

    for (i = 0; i < json_array_size(list); i++) {
        each = json_array_get(list, i);
        met = (json_object_get(each, "claim") != NULL)
                  ? vc_release_claim_meets(each, claims)
                  : vc_release_list_meets(each, claims);

        if (met == any) {
            return any;
        }
    }

    return !any;
}


vc_status_t
vc_release_policy_meets(vc_str_t text, vc_str_t issuer, const json_t *claims,
    bool *met, vc_error_t *err)
{
    size_t      i;
    json_t     *policy, *each;
    vc_status_t status;

    *met = false;

    status = vc_release_parse(text, &policy, err);
    if (status != VC_OK) {
        return status;
    }

    json_array_foreach(json_object_get(policy, "anyOf"), i, each)
    {
        if (vc_address_eq(vc_claim_text(each, "authority"), issuer)
            && vc_release_list_meets(each, claims))
        {
            *met = true;
            break;
        }
    }

    json_decref(policy);

    return VC_OK;
}
