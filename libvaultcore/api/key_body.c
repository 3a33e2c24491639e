#include "api/key_body.h"

#include <string.h>

#include "objects/release_policy.h"

#define VC_RSA_BITS_DEFAULT 2048
#define VC_OCT_BITS_DEFAULT 256
#define VC_RSA_EXPONENT_DEFAULT 65537
#define VC_RELEASE_TYPE_DEFAULT "application/json; charset=utf-8"


/* --- what a key is ------------------------------------------------------------ */

/* "RSA-HSM" for "RSA" */
static bool
vc_key_kty_is_hsm(vc_str_t text, const char *name)
{
    size_t len;

    len = strlen(name);

    return text.len > len && memcmp(text.data, name, len) == 0
           && vc_str_eq((vc_str_t){text.data + len, text.len - len},
               VC_STR("-HSM"));
}


static vc_status_t
vc_key_kty_find(vc_call_t *call, vc_str_t text, const char *where,
    vc_kty_t *out)
{
    vc_kty_t    kty;
    const char *name;

    for (kty = VC_KTY_RSA; kty <= VC_KTY_OCT; kty++) {
        name = vc_kty_name(kty);

        if (vc_str_eq(text, vc_str(name))) {
            *out = kty;
            return VC_OK;
        }

        if (vc_key_kty_is_hsm(text, name)) {
            return vc_fail(&call->error, VC_BAD_PARAMETER,
                "Property %s has invalid value\r\nThis service has no "
                "hardware security module, so it makes and imports no %s-HSM "
                "keys; use kty %s.",
                where, name, name);
        }
    }

    return VC_NOT_FOUND;
}


vc_status_t
vc_key_kty_read(vc_call_t *call, const json_t *holder, const char *where,
    vc_kty_t *out)
{
    json_t     *member;
    vc_status_t status;

    member = vc_json_member(holder, "kty");
    status = json_is_string(member)
                 ? vc_key_kty_find(call, vc_json_text(member), where, out)
                 : VC_NOT_FOUND;

    if (status != VC_NOT_FOUND) {
        return status;
    }

    return vc_fail(&call->error, VC_BAD_PARAMETER,
        "Property %s has invalid value\r\nIt must be RSA, EC or oct.", where);
}


/* an integer that may be left out */
static vc_status_t
vc_key_number_read(vc_call_t *call, const json_t *body, const char *name,
    uint64_t *out)
{
    json_t *member;

    member = vc_json_member(body, name);
    if (member == NULL) {
        return VC_OK;
    }

    if (!json_is_integer(member) || json_integer_value(member) <= 0) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property %s has invalid value\r\nIt must be a positive integer.",
            name);
    }

    *out = (uint64_t) json_integer_value(member);

    return VC_OK;
}


static vc_status_t
vc_key_size_read(vc_call_t *call, const json_t *body, vc_key_spec_t *out)
{
    uint64_t    bits;
    vc_status_t status;

    bits = (out->kty == VC_KTY_RSA) ? VC_RSA_BITS_DEFAULT : VC_OCT_BITS_DEFAULT;

    status = vc_key_number_read(call, body, "key_size", &bits);
    if (status != VC_OK) {
        return status;
    }

    out->bits = (bits > UINT32_MAX) ? UINT32_MAX : (unsigned) bits;

    if (out->kty != VC_KTY_RSA) {
        return VC_OK;
    }

    out->exponent = VC_RSA_EXPONENT_DEFAULT;

    return vc_key_number_read(call, body, "public_exponent", &out->exponent);
}


static vc_status_t
vc_key_curve_read(vc_call_t *call, const json_t *body, vc_key_spec_t *out)
{
    json_t *member;

    member = vc_json_member(body, "crv");
    out->curve = (member == NULL)         ? VC_CURVE_P256
                 : json_is_string(member) ? vc_curve_find(vc_json_text(member))
                                          : VC_CURVE_NONE;

    if (out->curve == VC_CURVE_NONE) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property crv has invalid value\r\nIt must be P-256, P-384, P-521 "
            "or P-256K.");
    }

    return VC_OK;
}


vc_status_t
vc_key_spec_read(vc_call_t *call, const json_t *body, vc_key_spec_t *out)
{
    vc_status_t status;

    memset(out, 0, sizeof(*out));

    status = vc_key_kty_read(call, body, "kty", &out->kty);
    if (status != VC_OK) {
        return status;
    }

    return (out->kty == VC_KTY_EC) ? vc_key_curve_read(call, body, out)
                                   : vc_key_size_read(call, body, out);
}


/* --- what may be done with it --------------------------------------------------- */

static vc_status_t
vc_key_operations_read(vc_call_t *call, const json_t *holder,
    vc_key_body_t *out)
{
    size_t   i;
    json_t  *operations, *operation;
    uint32_t bit;

    operations = vc_json_member(holder, "key_ops");
    if (operations == NULL) {
        return VC_OK;
    }

    if (!json_is_array(operations)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property key_ops has invalid value\r\nIt must be an array of "
            "strings.");
    }

    out->has_operations = true;

    json_array_foreach(operations, i, operation)
    {
        bit = json_is_string(operation)
                  ? vc_key_op_find(vc_json_text(operation))
                  : 0;

        if (bit == 0) {
            return vc_fail(&call->error, VC_BAD_PARAMETER,
                "Property key_ops has invalid value\r\nElement %zu must be one "
                "of encrypt, decrypt, sign, verify, wrapKey, unwrapKey, import "
                "and export.",
                i);
        }

        if ((out->operations & bit) != 0) {
            return vc_fail(&call->error, VC_BAD_PARAMETER,
                "Property key_ops has invalid value\r\nElement %zu repeats %s; "
                "each operation may stand there once.",
                i, vc_key_op_name(bit));
        }

        out->operations |= bit;
    }

    return VC_OK;
}


static vc_status_t
vc_key_flag_read(vc_call_t *call, const json_t *holder, const char *name,
    const char *where, bool *has, bool *out)
{
    json_t *member;

    member = vc_json_member(holder, name);

    if (member != NULL && !json_is_boolean(member)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property %s has invalid value\r\nIt must be true or false.",
            where);
    }

    *has = (member != NULL);
    *out = json_is_true(member);

    return VC_OK;
}


static vc_status_t
vc_key_release_type_read(vc_call_t *call, const json_t *policy,
    vc_key_body_t *out)
{
    json_t *member;

    member = vc_json_member(policy, "contentType");

    if (member != NULL
        && (!json_is_string(member)
            || vc_utf8_count(vc_json_text(member)) > VC_TAG_MAX))
    {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property release_policy.contentType has invalid value\r\nIt must "
            "be a string of at most %d characters.",
            VC_TAG_MAX);
    }

    return vc_json_keep(call,
        (member == NULL) ? VC_STR(VC_RELEASE_TYPE_DEFAULT)
                         : vc_json_text(member),
        &out->release_content_type);
}


static vc_status_t
vc_key_release_policy_read(vc_call_t *call, const json_t *body,
    vc_key_body_t *out)
{
    bool        has;
    json_t     *policy, *data;
    vc_status_t status;

    policy = vc_json_member(body, "release_policy");
    if (policy == NULL) {
        return VC_OK;
    }

    data = json_is_object(policy) ? vc_json_member(policy, "data") : NULL;

    if (!json_is_string(data)
        || !vc_base64url_decode(call->arena, vc_json_text(data),
            &out->release_policy))
    {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property release_policy has invalid value\r\nIt must be an object "
            "whose member data is the policy's JSON in base64url.");
    }

    out->has_release_policy = true;

    status = vc_key_flag_read(call, policy, "immutable",
        "release_policy.immutable", &has, &out->immutable);

    if (status == VC_OK) {
        status = vc_key_release_type_read(call, policy, out);
    }

    return (status == VC_OK)
               ? vc_release_policy_check(out->release_policy, &call->error)
               : status;
}


vc_status_t
vc_key_body_read(vc_call_t *call, const json_t *body, const json_t *holder,
    vc_key_body_t *out)
{
    vc_status_t status;

    memset(out, 0, sizeof(*out));

    status = vc_object_body_read(call, body, &out->common);

    if (status == VC_OK) {
        status = vc_key_operations_read(call, holder, out);
    }

    if (status == VC_OK) {
        status = vc_key_flag_read(call, vc_json_member(body, "attributes"),
            "exportable", "attributes.exportable", &out->has_exportable,
            &out->exportable);
    }

    return (status == VC_OK) ? vc_key_release_policy_read(call, body, out)
                             : status;
}


/* --- what it becomes ------------------------------------------------------------ */

static vc_status_t
vc_key_check_operations(vc_call_t *call, const vc_stored_key_t *key)
{
    uint32_t wrong, bit;

    if (vc_stored_key_is_exchange(key)
        && (key->operations != VC_KEY_IMPORT || key->spec.kty != VC_KTY_RSA
            || key->exportable || key->imported))
    {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property key_ops has invalid value\r\nimport must be the only "
            "operation of an RSA key that is made here and not exportable.");
    }

    wrong = key->operations
            & ~(vc_key_ops_of(key->spec.kty) | VC_KEY_IMPORT | VC_KEY_EXPORT);

    for (bit = 1; wrong != 0; bit <<= 1) {
        if ((wrong & bit) != 0) {
            return vc_fail(&call->error, VC_BAD_PARAMETER,
                "Property key_ops has invalid value\r\nThe operation %s is not "
                "possible with a key of type %s.",
                vc_key_op_name(bit), vc_kty_name(key->spec.kty));
        }
    }

    if ((key->operations & VC_KEY_EXPORT) != 0 && !key->exportable) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property key_ops has invalid value\r\nOnly keys with "
            "attributes.exportable true can have the operation export.");
    }

    return VC_OK;
}


static vc_status_t
vc_key_check_release(vc_call_t *call, const vc_stored_key_t *key)
{
    if (key->exportable && !key->has_release_policy) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "AKV.SKR.1004: Exportable keys must have release policy.");
    }

    if (!key->exportable && key->has_release_policy) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "AKV.SKR.1005: Non-exportable keys must not have release policy");
    }

    return VC_OK;
}


vc_status_t
vc_key_body_apply(vc_call_t *call, const vc_key_body_t *body,
    vc_stored_key_t *key)
{
    vc_status_t status;

    if (body->has_operations) {
        key->operations = body->operations;
    }

    if (body->has_exportable) {
        key->exportable = body->exportable;
    }

    if (body->has_release_policy) {
        key->has_release_policy = true;
        key->immutable = body->immutable;
        key->release_policy = body->release_policy;
        key->release_content_type = body->release_content_type;
    }

    status = vc_key_check_operations(call, key);

    return (status == VC_OK) ? vc_key_check_release(call, key) : status;
}
