/*
 * What keys compute: encrypt, decrypt, wrap, unwrap, sign, verify.  The handler
 * finds out what is to be computed and with which key; the computation itself
 * is the host's to place (api/computation.h), and then comes the answer.
 */

#include "api/computation.h"
#include "api/key_find.h"
#include "api/key_json.h"
#include "api/keys.h"
#include "api/object_json.h"

#define VC_ALG_LIST 256

/* what nothing new is protected with outside of nbf … exp */
#define VC_KEY_PROTECTING (VC_KEY_ENCRYPT | VC_KEY_WRAP | VC_KEY_SIGN)
/* what RSA keys mostly have; others take longer */
#define VC_SHORT_EXPONENT 65537

/* the members of a body */
enum {
    VC_USE_ALG,
    VC_USE_VALUE,
    VC_USE_DIGEST,
    VC_USE_IV,
    VC_USE_AAD,
    VC_USE_TAG
};


/* --- may the key do it ------------------------------------------------------------- */

/* outside of nbf … exp nothing new is protected; what was, can be read */
static vc_status_t
vc_key_check_time(vc_call_t *call, const vc_version_t *version,
    uint32_t operation)
{
    if ((operation & VC_KEY_PROTECTING) == 0) {
        return VC_OK;
    }

    if (version->has_not_before && call->now < version->not_before) {
        return vc_fail(&call->error, VC_KEY_NOT_YET_VALID,
            "Operation %s is not allowed on a key before its activation date "
            "(attributes.nbf).",
            vc_key_op_name(operation));
    }

    if (version->has_expires && call->now >= version->expires) {
        return vc_fail(&call->error, VC_KEY_EXPIRED,
            "Operation %s is not allowed on an expired key "
            "(attributes.exp).",
            vc_key_op_name(operation));
    }

    return VC_OK;
}


static vc_status_t
vc_key_check_use(vc_call_t *call, const vc_kept_key_t *kept, uint32_t operation)
{
    const vc_stored_key_t *key;

    key = &kept->stored;

    if (call->public_only && key->spec.kty == VC_KTY_OCT) {
        return vc_call_refuse_role(call);
    }

    if (!kept->version.enabled) {
        return vc_fail(&call->error, VC_KEY_DISABLED,
            "Operation %s is not allowed on a disabled key.",
            vc_key_op_name(operation));
    }

    if ((vc_key_ops_of(key->spec.kty) & operation) == 0) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "The operation %s is not possible with a key of type %s.",
            vc_key_op_name(operation), vc_kty_name(key->spec.kty));
    }

    if ((key->operations & operation) == 0) {
        return vc_fail(&call->error, VC_KEY_OPERATION_FORBIDDEN,
            "Operation %s is not permitted on this key.",
            vc_key_op_name(operation));
    }

    return vc_key_check_time(call, &kept->version, operation);
}


/* the time up to which that holds, unless something is changed */
static int64_t
vc_key_valid_until(const vc_version_t *version, uint32_t operation)
{
    return (version->has_expires && (operation & VC_KEY_PROTECTING) != 0)
               ? version->expires
               : INT64_MAX;
}


/* --- what the body asks for --------------------------------------------------------- */

static bool
vc_jwa_fits(const vc_jwa_t *jwa, const vc_key_spec_t *spec, uint32_t operation)
{
    return jwa->kty == spec->kty && (jwa->operations & operation) != 0
           && (jwa->curve == VC_CURVE_NONE || jwa->curve == spec->curve)
           && (jwa->key_bits == 0 || jwa->key_bits == spec->bits);
}


/* says which algorithms would be right */
static vc_status_t
vc_key_refuse_alg(vc_call_t *call, const vc_key_spec_t *spec,
    uint32_t operation)
{
    char            list[VC_ALG_LIST];
    size_t          i;
    vc_buf_t        names;
    const vc_jwa_t *jwa;

    vc_buf_fixed(&names, list, sizeof(list));

    for (i = 0; (jwa = vc_jwa_at(i)) != NULL; i++) {
        if (vc_jwa_fits(jwa, spec, operation)) {
            vc_buf_text(&names, names.len == 0 ? "" : ", ");
            vc_buf_text(&names, jwa->name);
        }
    }

    return vc_fail(&call->error, VC_BAD_PARAMETER,
        "Property alg has invalid value\r\nThe algorithms for %s with this key "
        "are: %.*s.",
        vc_key_op_name(operation), VC_STR_ARG(vc_buf_view(&names)));
}


static vc_status_t
vc_key_read_alg(vc_call_t *call, const vc_text_t *alg,
    const vc_key_spec_t *spec, vc_key_use_t *use)
{
    use->jwa = vc_jwa_find(alg->value);

    if (use->jwa == NULL || !vc_jwa_fits(use->jwa, spec, use->operation)) {
        return vc_key_refuse_alg(call, spec, use->operation);
    }

    return VC_OK;
}


/* a base64url member; without `needed` it may be left out */
static vc_status_t
vc_key_read_bytes(vc_call_t *call, const vc_text_t *text, bool needed,
    vc_str_t *out)
{
    *out = VC_STR_NULL;

    if (!text->given && !needed) {
        return VC_OK;
    }

    if (text->value.data == NULL
        || !vc_base64url_decode(call->arena, text->value, out))
    {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property %s has invalid value\r\nIt must be %sbytes in "
            "base64url.",
            text->name, needed ? "present, and " : "");
    }

    return VC_OK;
}


static vc_status_t
vc_key_read_values(vc_call_t *call, const vc_text_t *texts, vc_key_use_t *use)
{
    bool        verify;
    vc_status_t status;

    verify = (use->operation == VC_KEY_VERIFY);

    status = vc_key_read_bytes(call,
        &texts[verify ? VC_USE_DIGEST : VC_USE_VALUE], true, &use->value);

    if (status == VC_OK && verify) {
        status = vc_key_read_bytes(call, &texts[VC_USE_VALUE], true,
            &use->signature);
    }

    if (status == VC_OK) {
        status = vc_key_read_bytes(call, &texts[VC_USE_IV], false, &use->iv);
    }

    if (status == VC_OK) {
        status = vc_key_read_bytes(call, &texts[VC_USE_AAD], false, &use->aad);
    }

    return (status == VC_OK)
               ? vc_key_read_bytes(call, &texts[VC_USE_TAG], false, &use->tag)
               : status;
}


static vc_status_t
vc_key_use_read(vc_call_t *call, const vc_key_spec_t *spec, vc_key_use_t *use)
{
    vc_status_t status;
    vc_text_t   texts[] = {
          [VC_USE_ALG] = {.name = "alg"},
          [VC_USE_VALUE] = {.name = "value"},
          [VC_USE_DIGEST] = {.name = "digest"},
          [VC_USE_IV] = {.name = "iv"},
          [VC_USE_AAD] = {.name = "aad"},
          [VC_USE_TAG] = {.name = "tag"},
    };

    status = vc_call_texts(call, texts, sizeof(texts) / sizeof(texts[0]));

    if (status == VC_OK) {
        status = vc_key_read_alg(call, &texts[VC_USE_ALG], spec, use);
    }

    return (status == VC_OK) ? vc_key_read_values(call, texts, use) : status;
}


/* --- doing it ------------------------------------------------------------------------ */

static void
vc_put_bytes(vc_buf_t *out, const char *name, vc_str_t bytes)
{
    if (bytes.data != NULL) {
        vc_buf_literal(out, ",\"");
        vc_buf_text(out, name);
        vc_buf_literal(out, "\":\"");
        vc_base64url_encode(out, bytes);
        vc_buf_literal(out, "\"");
    }
}


vc_status_t
vc_computation_answer(vc_call_t *call, const vc_computation_t *computation)
{
    vc_buf_t              *out;
    const vc_key_use_t    *use;
    const vc_key_result_t *result;

    out = &call->out;
    use = &computation->use;
    result = &computation->result;

    if (use->operation == VC_KEY_VERIFY) {
        vc_buf_text(out,
            result->valid ? "{\"value\":true}" : "{\"value\":false}");
        return vc_call_ok_json(call);
    }

    vc_buf_literal(out, "{\"kid\":\"");
    vc_buf_str(out, call->record_id);
    vc_buf_literal(out, "\"");
    vc_put_bytes(out, "value", result->value);
    vc_put_bytes(out, "iv", result->iv);
    vc_put_bytes(out, "tag", result->tag);

    if (use->operation == VC_KEY_ENCRYPT) {
        vc_put_bytes(out, "aad", use->aad);
    }

    vc_buf_literal(out, "}");

    return vc_call_ok_json(call);
}


/* all but P-256, symmetric keys and RSA's public half, as they mostly are */
static bool
vc_key_use_is_long(const vc_key_spec_t *spec, const vc_key_use_t *use)
{
    switch (spec->kty) {
    case VC_KTY_RSA:
        return spec->exponent > VC_SHORT_EXPONENT
               || (use->operation
                      & (VC_KEY_DECRYPT | VC_KEY_UNWRAP | VC_KEY_SIGN))
                      != 0;
    case VC_KTY_EC:
        return spec->curve != VC_CURVE_P256;
    default:
        return false;
    }
}


static vc_status_t
vc_key_use_prepare(vc_call_t *call, vc_found_key_t *found, uint32_t operation)
{
    vc_status_t       status;
    vc_computation_t *computation;

    vc_note_id(call, &found->kept.version);
    vc_key_note(call, &found->kept.stored);

    status = vc_key_check_use(call, &found->kept, operation);
    if (status != VC_OK) {
        return status;
    }

    computation = vc_arena_calloc(call->arena, sizeof(vc_computation_t));
    if (computation == NULL) {
        return vc_fail_detail(&call->error, VC_NO_MEMORY, "out of memory");
    }

    computation->use.operation = operation;
    status = vc_key_use_read(call, &found->kept.stored.spec, &computation->use);

    if (status == VC_OK) {
        status = vc_key_ready(call, found);
    }

    if (status == VC_OK) {
        computation->key = found->kept.ready;
        computation->revision = vc_snapshot_revision(
            vc_session_snapshot(call->context->session));
        computation->valid_until = vc_key_valid_until(&found->kept.version,
            operation);
        computation->is_long = vc_key_use_is_long(&found->kept.stored.spec,
            &computation->use);
        call->computation = computation;
    }

    return status;
}


static vc_status_t
vc_key_use(vc_call_t *call, uint32_t operation)
{
    vc_status_t    status;
    vc_found_key_t found;

    status = vc_key_find(call, &found);
    if (status != VC_OK) {
        return status;
    }

    status = vc_key_use_prepare(call, &found, operation);
    if (status != VC_OK) {
        vc_key_release_found(call, &found);
    }

    return status;
}


vc_status_t
vc_key_encrypt(vc_call_t *call)
{
    return vc_key_use(call, VC_KEY_ENCRYPT);
}


vc_status_t
vc_key_decrypt(vc_call_t *call)
{
    return vc_key_use(call, VC_KEY_DECRYPT);
}


vc_status_t
vc_key_wrap(vc_call_t *call)
{
    return vc_key_use(call, VC_KEY_WRAP);
}


vc_status_t
vc_key_unwrap(vc_call_t *call)
{
    return vc_key_use(call, VC_KEY_UNWRAP);
}


vc_status_t
vc_key_sign(vc_call_t *call)
{
    return vc_key_use(call, VC_KEY_SIGN);
}


vc_status_t
vc_key_verify(vc_call_t *call)
{
    return vc_key_use(call, VC_KEY_VERIFY);
}
