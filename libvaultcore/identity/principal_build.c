#include "identity/principal_build.h"

#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "crypto/password.h"
#include "crypto/random.h"


static vc_status_t
vc_principal_check_name(vc_str_t name, vc_error_t *err)
{
    size_t i;

    for (i = 0; i < name.len; i++) {
        if (name.data[i] < 0x20 || name.data[i] == 0x7f) {
            break;
        }
    }

    if (name.len == 0 || name.len > VC_PRINCIPAL_NAME_MAX || i < name.len
        || !vc_utf8_valid(name))
    {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The name of a principal must be 1 to %d bytes of UTF-8 without "
            "control characters.",
            VC_PRINCIPAL_NAME_MAX);
    }

    /* a principal is looked up by name or id: they must not be mistaken */
    if (vc_guid_valid(name)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The name of a principal must not be a GUID.");
    }

    return VC_OK;
}


static vc_status_t
vc_principal_add_certificate(vc_local_principal_t *principal, vc_str_t pem,
    vc_error_t *err)
{
    vc_certificate_key_t        key;
    vc_principal_certificate_t *certificate;

    if (vc_certificate_key(pem, &key, err) != VC_OK) {
        if (err != NULL) {
            err->status = VC_BAD_PARAMETER;
        }

        return VC_BAD_PARAMETER;
    }

    if (!vc_alg_fits_key(VC_ALG_RS256, key.jwk)) {
        json_decref(key.jwk);
        return vc_fail(err, VC_BAD_PARAMETER,
            "The certificate's key must be RSA: client assertions are signed "
            "with RS256 or PS256.");
    }

    certificate = &principal->certificates[principal->certificate_count++];
    memcpy(certificate->x5t, key.x5t, sizeof(key.x5t));
    memcpy(certificate->x5t_s256, key.x5t_s256, sizeof(key.x5t_s256));
    certificate->not_after = key.not_after;
    certificate->jwk = key.jwk;

    return VC_OK;
}


static vc_status_t
vc_principal_add_certificates(vc_local_principal_t *principal,
    const vc_principal_spec_t *spec, vc_error_t *err)
{
    size_t      i;
    vc_status_t status;

    if (spec->certificate_count > VC_PRINCIPAL_CERTIFICATES_MAX) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "A principal can have at most %d certificates.",
            VC_PRINCIPAL_CERTIFICATES_MAX);
    }

    for (i = 0; i < spec->certificate_count; i++) {
        status = vc_principal_add_certificate(principal, spec->certificates[i],
            err);
        if (status != VC_OK) {
            return status;
        }
    }

    return VC_OK;
}


/* the top bit stays clear: the number goes through signed JSON integers */
vc_status_t
vc_principal_new_generation(vc_local_principal_t *principal)
{
    uint64_t    generation;
    vc_status_t status;

    do {
        status = vc_random(&generation, sizeof(generation));
        generation &= INT64_MAX;
    } while (status == VC_OK
             && (generation == 0 || generation == principal->generation));

    principal->generation = generation;

    return status;
}


vc_status_t
vc_principal_new_secret(vc_arena_t *arena, char *secret, vc_str_t *hash)
{
    uint8_t     bytes[32];
    vc_buf_t    text, stored;
    vc_status_t status;

    status = vc_random(bytes, sizeof(bytes));
    if (status != VC_OK) {
        return status;
    }

    vc_buf_init(&text, arena, VC_CLIENT_SECRET_LEN);
    vc_base64url_encode(&text, (vc_str_t){bytes, sizeof(bytes)});
    vc_wipe(bytes, sizeof(bytes));

    if (text.failed) {
        return VC_NO_MEMORY;
    }

    vc_buf_init(&stored, arena, 64);

    status = vc_password_hash(vc_buf_view(&text), &stored);
    if (status != VC_OK) {
        return status;
    }

    memcpy(secret, text.data, VC_CLIENT_SECRET_LEN);
    secret[VC_CLIENT_SECRET_LEN] = '\0';
    *hash = vc_buf_view(&stored);

    return VC_OK;
}


/* the principal as it is to be, certificates aside */
static vc_status_t
vc_principal_make(vc_arena_t *arena, const vc_principal_spec_t *spec,
    vc_local_principal_t *out, char *secret)
{
    vc_status_t status;

    memcpy(out->name, spec->name.data, spec->name.len);
    out->created = vc_now();
    out->updated = out->created;
    out->revision = VC_REVISION_NONE;

    status = vc_random_guid(out->client_id);
    if (status != VC_OK) {
        return status;
    }

    status = vc_random_guid(out->object_id);
    if (status != VC_OK) {
        return status;
    }

    status = vc_principal_new_generation(out);
    if (status != VC_OK || !spec->with_secret) {
        return status;
    }

    return vc_principal_new_secret(arena, secret, &out->secret_hash);
}


vc_status_t
vc_principal_build(vc_arena_t *arena, const vc_principal_spec_t *spec,
    vc_local_principal_t *out, char *secret, vc_error_t *err)
{
    vc_status_t status;

    status = vc_principal_check_name(spec->name, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_principal_add_certificates(out, spec, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_principal_make(arena, spec, out, secret);
    if (status != VC_OK) {
        return vc_fail_detail(err, status, "a principal cannot be made: %s",
            vc_status_name(status));
    }

    return VC_OK;
}


static bool
vc_trust_name_valid(vc_str_t name)
{
    size_t  i;
    uint8_t c;

    for (i = 0; i < name.len; i++) {
        c = name.data[i];

        if (!isalnum(c) && c != '-' && c != '_') {
            return false;
        }
    }

    return name.len >= 3 && name.len <= VC_TRUST_NAME_MAX;
}


static bool
vc_trust_text_valid(vc_str_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (text.data[i] < 0x20 || text.data[i] == 0x7f) {
            return false;
        }
    }

    return text.len != 0 && text.len <= VC_TRUST_TEXT_MAX
           && vc_utf8_valid(text);
}


vc_status_t
vc_trust_build(const vc_trust_t *trust, vc_trust_t *out, vc_error_t *err)
{
    *out = *trust;

    if (out->audience.len == 0) {
        out->audience = VC_STR(VC_TRUST_AUDIENCE);
    }

    if (!vc_trust_name_valid(out->name)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The name of a federated credential must be 3 to %d letters, "
            "digits, hyphens and underscores.",
            VC_TRUST_NAME_MAX);
    }

    if (!vc_trust_text_valid(out->issuer) || !vc_trust_text_valid(out->subject)
        || !vc_trust_text_valid(out->audience))
    {
        return vc_fail(err, VC_BAD_PARAMETER,
            "Issuer, subject and audience of a federated credential must be 1 "
            "to %d bytes of UTF-8 without control characters: what stands in "
            "'iss', 'sub' and 'aud' of the tokens.",
            VC_TRUST_TEXT_MAX);
    }

    return VC_OK;
}
