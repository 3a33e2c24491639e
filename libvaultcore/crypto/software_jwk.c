/* the numbers of a JSON Web Key (RFC 7517, RFC 7518 section 6) */

#include "crypto/software.h"

#define VC_JWK_OCT_MAX 32


static vc_status_t
vc_jwk_text(const json_t *jwk, const char *name, vc_str_t *out, vc_error_t *err)
{
    json_t *value;

    *out = VC_STR_NULL;
    value = json_object_get(jwk, name);

    if (value == NULL) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The member '%s' of the JSON Web Key is missing.", name);
    }

    if (!json_is_string(value)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The member '%s' of the JSON Web Key must be a string.", name);
    }

    out->data = (const uint8_t *) json_string_value(value);
    out->len = json_string_length(value);

    return VC_OK;
}


/* the bytes of a member, at most max */
static vc_status_t
vc_jwk_bytes(const json_t *jwk, const char *name, size_t max, vc_arena_t *arena,
    vc_str_t *out, vc_error_t *err)
{
    vc_str_t    text;
    vc_status_t status;

    status = vc_jwk_text(jwk, name, &text, err);
    if (status != VC_OK) {
        return status;
    }

    if (text.len == 0) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The member '%s' of the JSON Web Key is empty.", name);
    }

    /* two more for padding */
    if (text.len > (max * 4 + 2) / 3 + 2) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The member '%s' of the JSON Web Key is too long: it can be at "
            "most %zu bytes, encoded with base64url.",
            name, max);
    }

    if (!vc_base64url_decode(arena, text, out)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The member '%s' of the JSON Web Key is not base64url (RFC 4648 "
            "section 5).",
            name);
    }

    return VC_OK;
}


/* a number without its leading zeros; one more byte is allowed, because some
   writers put a zero before */
static vc_status_t
vc_jwk_number(const json_t *jwk, const char *name, size_t max,
    vc_arena_t *arena, vc_str_t *out, vc_error_t *err)
{
    vc_status_t status;

    status = vc_jwk_bytes(jwk, name, max + 1, arena, out, err);
    if (status == VC_OK) {
        *out = vc_number(*out);
    }

    return status;
}


static vc_status_t
vc_jwk_rsa(const json_t *jwk, vc_arena_t *arena, vc_key_parts_t *parts,
    vc_error_t *err)
{
    size_t      i;
    vc_status_t status;

    if (json_object_get(jwk, "oth") != NULL) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The JSON Web Key has the member 'oth': RSA keys of more than two "
            "primes are not supported.");
    }

    for (i = 0; i < VC_RSA_PARTS; i++) {
        if (json_object_get(jwk, vc_rsa_part_names[i]) == NULL) {
            return vc_fail(err, VC_BAD_PARAMETER,
                "The member '%s' of the JSON Web Key is missing. A private RSA "
                "key has n, e, d, p, q, dp, dq and qi.",
                vc_rsa_part_names[i]);
        }
    }

    for (i = 0; i < VC_RSA_PARTS; i++) {
        status = vc_jwk_number(jwk, vc_rsa_part_names[i], VC_RSA_BITS_MAX / 8,
            arena, &parts->rsa[i], err);
        if (status != VC_OK) {
            return status;
        }
    }

    return VC_OK;
}


static vc_status_t
vc_jwk_coordinate(const json_t *jwk, const char *name, vc_curve_t curve,
    vc_arena_t *arena, vc_str_t *out, vc_error_t *err)
{
    size_t      size;
    vc_status_t status;

    status = vc_jwk_bytes(jwk, name, VC_CURVE_BYTES_MAX, arena, out, err);
    if (status != VC_OK) {
        return status;
    }

    size = vc_curve_size(curve);

    if (out->len != size) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The member '%s' of the JSON Web Key has %zu bytes; with the curve "
            "%s it has %zu, leading zeros included.",
            name, out->len, vc_curve_name(curve), size);
    }

    return VC_OK;
}


static vc_status_t
vc_jwk_ec(const json_t *jwk, vc_arena_t *arena, vc_key_parts_t *parts,
    vc_error_t *err)
{
    char        shown[32];
    vc_str_t    crv;
    vc_status_t status;

    status = vc_jwk_text(jwk, "crv", &crv, err);
    if (status != VC_OK) {
        return status;
    }

    parts->curve = vc_curve_find(crv);
    if (parts->curve == VC_CURVE_NONE) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The member 'crv' of the JSON Web Key is '%s'; supported are "
            "P-256, P-384, P-521 and P-256K.",
            vc_str_printable(crv, shown, sizeof(shown)));
    }

    status = vc_jwk_coordinate(jwk, "x", parts->curve, arena, &parts->x, err);
    if (status == VC_OK) {
        status = vc_jwk_coordinate(jwk, "y", parts->curve, arena, &parts->y,
            err);
    }

    if (status == VC_OK) {
        status = vc_jwk_coordinate(jwk, "d", parts->curve, arena, &parts->d,
            err);
    }

    return status;
}


vc_status_t
vc_jwk_parts(const json_t *jwk, vc_arena_t *arena, vc_key_parts_t *parts,
    vc_error_t *err)
{
    char        shown[32];
    vc_str_t    kty;
    vc_status_t status;

    memset(parts, 0, sizeof(vc_key_parts_t));

    if (!json_is_object(jwk)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The JSON Web Key must be an object.");
    }

    status = vc_jwk_text(jwk, "kty", &kty, err);
    if (status != VC_OK) {
        return status;
    }

    if (vc_str_eq(kty, VC_STR("RSA"))) {
        parts->kty = VC_KTY_RSA;
        return vc_jwk_rsa(jwk, arena, parts, err);
    }

    if (vc_str_eq(kty, VC_STR("EC"))) {
        parts->kty = VC_KTY_EC;
        return vc_jwk_ec(jwk, arena, parts, err);
    }

    if (vc_str_eq(kty, VC_STR("oct"))) {
        parts->kty = VC_KTY_OCT;
        return vc_jwk_bytes(jwk, "k", VC_JWK_OCT_MAX, arena, &parts->bytes,
            err);
    }

    return vc_fail(err, VC_BAD_PARAMETER,
        "The member 'kty' of the JSON Web Key is '%s'; supported are RSA, EC "
        "and oct.",
        vc_str_printable(kty, shown, sizeof(shown)));
}


vc_status_t
vc_jwk_rsa_public(const json_t *jwk, size_t bits_max, vc_arena_t *arena,
    vc_key_parts_t *parts, vc_error_t *err)
{
    vc_str_t    kty;
    vc_status_t status;

    memset(parts, 0, sizeof(vc_key_parts_t));
    parts->kty = VC_KTY_RSA;

    status = vc_jwk_text(jwk, "kty", &kty, err);
    if (status != VC_OK) {
        return status;
    }

    /* the same key under either name: where it lives matters to others */
    if (!vc_str_eq(kty, VC_STR("RSA")) && !vc_str_eq(kty, VC_STR("RSA-HSM"))) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The member 'kty' of the JSON Web Key must be RSA.");
    }

    status = vc_jwk_number(jwk, "n", bits_max / 8, arena, &parts->rsa[VC_RSA_N],
        err);
    if (status != VC_OK) {
        return status;
    }

    return vc_jwk_number(jwk, "e", VC_RSA_EXPONENT_BYTES, arena,
        &parts->rsa[VC_RSA_E], err);
}
