/* what may be computed with a key: said before anything is computed */

#include "crypto/software.h"

#include <limits.h>
#include <stdio.h>

#define VC_GCM_IV 12
#define VC_GCM_TAG 16
#define VC_CBC_IV 16
/* OpenSSL counts in int; a block more comes out than goes in */
#define VC_VALUE_MAX ((size_t) INT_MAX - 64)


vc_status_t
vc_wrong_length(const char *member, size_t len, const char *needs, size_t bytes,
    vc_error_t *err)
{
    return vc_fail(err, VC_BAD_PARAMETER,
        "Invalid length of '%s': %zu bytes. %s requires %zu bytes, encoded "
        "with base64url.",
        member, len, needs, bytes);
}


static vc_status_t
vc_use_check_operation(const vc_key_use_t *use, vc_error_t *err)
{
    char        fits[96];
    size_t      at;
    uint32_t    bit;
    const char *name;

    name = vc_key_op_name(use->operation);
    if (name != NULL && (use->jwa->operations & use->operation) != 0) {
        return VC_OK;
    }

    for (bit = 1, at = 0; vc_key_op_name(bit) != NULL; bit <<= 1) {
        if ((use->jwa->operations & bit) != 0) {
            at += (size_t) snprintf(fits + at, sizeof(fits) - at, "%s%s",
                (at == 0) ? "" : ", ", vc_key_op_name(bit));
        }
    }

    return vc_fail(err, VC_BAD_PARAMETER,
        "The algorithm %s cannot be used for the operation %s; it is for %s.",
        use->jwa->name, (name == NULL) ? "that was asked for" : name, fits);
}


static vc_status_t
vc_use_check_key(const vc_key_spec_t *spec, const vc_jwa_t *jwa,
    vc_error_t *err)
{
    char has[64], needs[64];

    if (spec->kty == jwa->kty
        && (jwa->curve == VC_CURVE_NONE || jwa->curve == spec->curve)
        && (jwa->key_bits == 0 || jwa->key_bits == spec->bits))
    {
        return VC_OK;
    }

    if (jwa->curve != VC_CURVE_NONE || jwa->key_bits != 0) {
        (void) vc_key_describe(&(vc_key_spec_t){.kty = jwa->kty,
                                   .curve = jwa->curve,
                                   .bits = jwa->key_bits},
            needs, sizeof(needs));
    } else {
        (void) snprintf(needs, sizeof(needs), "%s key", vc_kty_name(jwa->kty));
    }

    return vc_fail(err, VC_BAD_PARAMETER,
        "The algorithm %s needs an %s; this is an %s.", jwa->name, needs,
        vc_key_describe(spec, has, sizeof(has)));
}


static vc_status_t
vc_use_unexpected(const char *member, const vc_key_use_t *use, vc_error_t *err)
{
    return vc_fail(err, VC_BAD_PARAMETER,
        "The algorithm %s takes no '%s'; leave it out.", use->jwa->name,
        member);
}


/* exactly n bytes */
static vc_status_t
vc_use_member(const char *member, vc_str_t bytes, size_t n,
    const vc_key_use_t *use, vc_error_t *err)
{
    if (bytes.data == NULL) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The member '%s' is missing. To %s with %s takes one of %zu bytes, "
            "encoded with base64url.",
            member, vc_key_op_name(use->operation), use->jwa->name, n);
    }

    return (bytes.len == n)
               ? VC_OK
               : vc_wrong_length(member, bytes.len, use->jwa->name, n, err);
}


static vc_status_t
vc_use_check_gcm(const vc_key_use_t *use, vc_error_t *err)
{
    vc_status_t status;

    if (use->operation == VC_KEY_ENCRYPT) {
        if (use->iv.data != NULL || use->tag.data != NULL) {
            return vc_fail(err, VC_BAD_PARAMETER,
                "The %s of GCM encryption is made by the service; leave it "
                "out.",
                (use->iv.data != NULL) ? "iv" : "tag");
        }

        return VC_OK;
    }

    status = vc_use_member("iv", use->iv, VC_GCM_IV, use, err);

    return (status == VC_OK)
               ? vc_use_member("tag", use->tag, VC_GCM_TAG, use, err)
               : status;
}


/* iv, aad and tag */
static vc_status_t
vc_use_check_members(const vc_key_use_t *use, vc_error_t *err)
{
    bool            cbc;
    vc_jwa_scheme_t scheme;

    scheme = use->jwa->scheme;
    if (scheme == VC_JWA_GCM) {
        return vc_use_check_gcm(use, err);
    }

    if (use->aad.data != NULL) {
        return vc_use_unexpected("aad", use, err);
    }

    if (use->tag.data != NULL) {
        return vc_use_unexpected("tag", use, err);
    }

    cbc = scheme == VC_JWA_CBC || scheme == VC_JWA_CBC_PAD;

    if (!cbc) {
        return (use->iv.data != NULL) ? vc_use_unexpected("iv", use, err)
                                      : VC_OK;
    }

    if (use->iv.data == NULL && use->operation == VC_KEY_ENCRYPT) {
        return VC_OK;
    }

    return vc_use_member("iv", use->iv, VC_CBC_IV, use, err);
}


static vc_status_t
vc_use_check_value(const vc_key_use_t *use, vc_error_t *err)
{
    if (use->jwa->digest != 0 && use->value.len != use->jwa->digest) {
        return vc_wrong_length((use->operation == VC_KEY_VERIFY) ? "digest"
                                                                 : "value",
            use->value.len, use->jwa->name, use->jwa->digest, err);
    }

    if (use->value.len > VC_VALUE_MAX || use->aad.len > VC_VALUE_MAX) {
        return vc_fail(err, VC_BAD_PARAMETER, "The value is too long.");
    }

    return VC_OK;
}


static vc_status_t
vc_use_check(const vc_ready_key_t *key, const vc_key_use_t *use,
    vc_error_t *err)
{
    vc_status_t status;

    status = vc_use_check_operation(use, err);
    if (status == VC_OK) {
        status = vc_use_check_key(&key->spec, use->jwa, err);
    }

    if (status == VC_OK) {
        status = vc_use_check_members(use, err);
    }

    return (status == VC_OK) ? vc_use_check_value(use, err) : status;
}


vc_status_t
vc_software_compute(vc_ready_key_t *key, const vc_key_use_t *use,
    vc_arena_t *arena, vc_key_result_t *out, vc_error_t *err)
{
    vc_status_t status;

    memset(out, 0, sizeof(vc_key_result_t));

    status = vc_use_check(key, use, err);
    if (status != VC_OK) {
        return status;
    }

    switch (use->jwa->scheme) {
    case VC_JWA_ECDSA:
        return vc_ec_compute(key, use, arena, out, err);
    case VC_JWA_GCM:
    case VC_JWA_CBC:
    case VC_JWA_CBC_PAD:
        return vc_aes_compute(key, use, arena, out, err);
    case VC_JWA_KW:
    case VC_JWA_KWP:
        return vc_aes_wrap_compute(key, use, arena, out, err);
    case VC_JWA_HMAC:
        return vc_hmac_compute(key, use, arena, out, err);
    default:
        return vc_rsa_compute(key, use, arena, out, err);
    }
}
