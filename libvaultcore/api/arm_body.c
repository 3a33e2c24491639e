/* members that the bodies of this plane have in common */

#include "api/arm_vault.h"
#include "api/object_body.h"


vc_status_t
vc_arm_bad_property(vc_call_t *call, const char *name, const char *rule)
{
    return vc_fail(&call->error, VC_ARM_BAD_REQUEST,
        "The property \"%s\" is invalid: %s.", name, rule);
}


vc_status_t
vc_arm_member_text(vc_call_t *call, const json_t *object, const char *name,
    vc_str_t *out)
{
    const json_t *value;

    value = vc_json_member(object, name);

    if (value == NULL) {
        return VC_OK;
    }

    if (!json_is_string(value)) {
        return vc_arm_bad_property(call, name, "it must be a string");
    }

    *out = vc_json_text(value);

    return VC_OK;
}


vc_status_t
vc_arm_member_flag(vc_call_t *call, const json_t *object, const char *name,
    bool *said, bool *out)
{
    const json_t *value;

    value = vc_json_member(object, name);
    *said = (value != NULL);

    if (value == NULL) {
        return VC_OK;
    }

    if (!json_is_boolean(value)) {
        return vc_arm_bad_property(call, name, "it must be true or false");
    }

    *out = json_is_true(value);

    return VC_OK;
}


vc_status_t
vc_arm_member_location(vc_call_t *call, const json_t *body, const char *name,
    vc_str_t known, vc_str_t *out)
{
    vc_str_t    text;
    vc_status_t status;

    *out = known;
    text = VC_STR_NULL;

    status = vc_arm_member_text(call, body, "location", &text);
    if (status != VC_OK) {
        return status;
    }

    if (text.len == 0) {
        return (known.len != 0)
                   ? VC_OK
                   : vc_fail(&call->error, VC_ARM_LOCATION_REQUIRED,
                       "The location property is required for "
                       "this definition.");
    }

    if (!vc_location_normalize(call->arena, text, &text)) {
        return vc_arm_bad_property(call, "location",
            "it must be the name of a region, such as \"westus\", of 1 to 64 "
            "letters, digits and hyphens");
    }

    if (known.len != 0 && !vc_str_eq(known, text)) {
        return vc_fail(&call->error, VC_ARM_OTHER_LOCATION,
            "The resource '%s' already exists in location '%.*s'. A resource "
            "with the same name cannot be created in location '%.*s'. Please "
            "select a new resource name.",
            name, VC_STR_ARG(known), VC_STR_ARG(text));
    }

    *out = text;

    return VC_OK;
}


static bool
vc_arm_tag_fits(const char *name, const json_t *value)
{
    return json_is_string(value) && name[0] != '\0'
           && vc_utf8_count(vc_str(name)) <= VC_ARM_TAG_NAME_MAX
           && vc_utf8_count(vc_json_text(value)) <= VC_ARM_TAG_VALUE_MAX;
}


vc_status_t
vc_arm_member_tags(vc_call_t *call, const json_t *body, vc_str_t *out)
{
    json_t     *tags, *value;
    vc_buf_t    text;
    const char *name;

    tags = vc_json_member(body, "tags");

    if (tags == NULL) {
        return VC_OK;
    }

    if (!json_is_object(tags) || json_object_size(tags) > VC_ARM_TAGS_MAX) {
        return vc_arm_bad_property(call, "tags",
            "it must be an object of at most 50 strings");
    }

    vc_buf_init(&text, call->arena, 128);

    json_object_foreach(tags, name, value)
    {
        if (!vc_arm_tag_fits(name, value)) {
            return vc_arm_bad_property(call, "tags",
                "each name must have 1 to 512 characters, and each value must "
                "be a string of at most 256");
        }

        vc_buf_text(&text, text.len == 0 ? "{" : ",");
        vc_json_string(&text, vc_str(name));
        vc_buf_text(&text, ":");
        vc_json_string(&text, vc_json_text(value));
    }

    vc_buf_text(&text, text.len == 0 ? "" : "}");
    *out = vc_buf_view(&text);

    return text.failed ? VC_NO_MEMORY : VC_OK;
}
