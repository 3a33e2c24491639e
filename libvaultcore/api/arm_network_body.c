/* network rules of a vault, as bodies of the management plane have them */

#include "api/arm_vault.h"
#include "api/object_body.h"


/* one of two words, without regard to case; *first says which */
static vc_status_t
vc_arm_read_choice(vc_call_t *call, const json_t *object, const char *name,
    const char *first, const char *second, bool *is_first)
{
    char        rule[80];
    vc_buf_t    text;
    vc_str_t    word;
    vc_status_t status;

    word = VC_STR_NULL;
    status = vc_arm_member_text(call, object, name, &word);

    if (status != VC_OK || word.data == NULL) {
        return status;
    }

    *is_first = vc_str_ieq(word, vc_str(first));

    if (*is_first || vc_str_ieq(word, vc_str(second))) {
        return VC_OK;
    }

    vc_buf_fixed(&text, rule, sizeof(rule));
    vc_buf_printf(&text, "it must be \"%s\" or \"%s\"", first, second);
    vc_buf_u8(&text, '\0');

    return vc_arm_bad_property(call, name, rule);
}


static vc_status_t
vc_arm_read_range(vc_call_t *call, const json_t *rule, vc_range_t *out)
{
    char        shown[64];
    vc_str_t    value;
    vc_status_t status;

    value = VC_STR_NULL;
    status = vc_arm_member_text(call, rule, "value", &value);

    if (status == VC_OK && !vc_range_parse(value, out)) {
        status = vc_fail(&call->error, VC_ARM_BAD_REQUEST,
            "The property \"networkAcls.ipRules\" is invalid: '%s' is not an "
            "address or a range of them; examples are \"192.0.2.1\", "
            "\"192.0.2.0/24\" and \"2001:db8::/32\".",
            vc_str_printable(value, shown, sizeof(shown)));
    }

    return status;
}


static vc_status_t
vc_arm_read_ranges(vc_call_t *call, const json_t *rules, vc_network_t *network)
{
    size_t       i;
    json_t      *rule;
    vc_range_t  *ranges;
    vc_status_t  status;
    const size_t count = json_array_size(rules);

    if (rules != NULL
        && (!json_is_array(rules) || count > VC_NETWORK_RULES_MAX)) {
        return vc_arm_bad_property(call, "networkAcls.ipRules",
            "it must be an array of at most 1000 objects with a value each");
    }

    ranges = vc_arena_calloc(call->arena, (count + 1) * sizeof(vc_range_t));
    if (ranges == NULL) {
        return VC_NO_MEMORY;
    }

    json_array_foreach(rules, i, rule)
    {
        status = vc_arm_read_range(call, rule, &ranges[i]);
        if (status != VC_OK) {
            return status;
        }
    }

    network->ranges = ranges;
    network->range_count = count;

    return VC_OK;
}


static vc_status_t
vc_arm_read_virtual_rules(vc_call_t *call, const json_t *rules,
    vc_network_t *network)
{
    size_t        i;
    json_t       *rule;
    vc_buf_t      text;
    const json_t *id;

    if (rules != NULL
        && (!json_is_array(rules)
            || json_array_size(rules) > VC_ARM_VIRTUAL_RULES_MAX))
    {
        return vc_arm_bad_property(call, "networkAcls.virtualNetworkRules",
            "it must be an array of at most 200 objects with an id each");
    }

    vc_buf_init(&text, call->arena, 128);
    vc_buf_text(&text, "[");

    json_array_foreach(rules, i, rule)
    {
        id = vc_json_member(rule, "id");

        if (!json_is_string(id) || json_string_length(id) == 0
            || json_string_length(id) > VC_ARM_SUBNET_MAX)
        {
            return vc_arm_bad_property(call, "networkAcls.virtualNetworkRules",
                "each rule must have an \"id\", that of a subnet, of at most "
                "1024 bytes");
        }

        vc_buf_text(&text, i == 0 ? "{\"id\":" : ",{\"id\":");
        vc_json_string(&text, vc_json_text(id));
        vc_buf_text(&text, "}");
    }

    vc_buf_text(&text, "]");
    network->virtual_rules = vc_buf_view(&text);

    return text.failed ? VC_NO_MEMORY : VC_OK;
}


/* what is not given stays, if it is to; else it is what Azure has then */
static vc_status_t
vc_arm_read_acls(vc_call_t *call, const json_t *acls, bool stays,
    vc_network_t *network)
{
    bool          allow, bypass;
    vc_status_t   status;
    const json_t *rules, *virtual_rules;

    if (!json_is_object(acls)) {
        return vc_arm_bad_property(call, "networkAcls", "it must be an object");
    }

    allow = stays ? !network->deny : true;
    bypass = stays ? network->bypass : true;
    rules = vc_json_member(acls, "ipRules");
    virtual_rules = vc_json_member(acls, "virtualNetworkRules");

    status = vc_arm_read_choice(call, acls, "defaultAction", "Allow", "Deny",
        &allow);

    if (status == VC_OK) {
        status = vc_arm_read_choice(call, acls, "bypass", "AzureServices",
            "None", &bypass);
    }

    if (status == VC_OK && (rules != NULL || !stays)) {
        status = vc_arm_read_ranges(call, rules, network);
    }

    if (status == VC_OK && (virtual_rules != NULL || !stays)) {
        status = vc_arm_read_virtual_rules(call, virtual_rules, network);
    }

    network->has_rules = true;
    network->deny = !allow;
    network->bypass = bypass;

    return status;
}


vc_status_t
vc_arm_network_read(vc_call_t *call, const json_t *properties, bool whole,
    vc_network_t *network)
{
    bool          enabled;
    vc_status_t   status;
    const json_t *acls;

    enabled = !network->public_disabled;
    status = vc_arm_read_choice(call, properties, "publicNetworkAccess",
        "Enabled", "Disabled", &enabled);
    network->public_disabled = !enabled;

    acls = vc_json_member(properties, "networkAcls");

    return (status == VC_OK && acls != NULL) ? vc_arm_read_acls(call, acls,
               !whole && network->has_rules, network)
                                             : status;
}
