#include "identity/attestation.h"

#include <string.h>

#include "crypto/jws.h"
#include "identity/claims.h"
#include "identity/token_check.h"


static vc_status_t
vc_attestation_refuse(vc_error_t *err, vc_status_t status,
    const vc_error_t *reason)
{
    return vc_fail(err, status, "The attestation token is not accepted. %s",
        reason->message);
}


static vc_status_t
vc_attestation_check(vc_token_check_t *check, vc_authority_t **refresh,
    vc_error_t *reason)
{
    vc_status_t status;

    status = vc_token_check_signed(check, refresh, reason);
    if (status != VC_OK) {
        return status;
    }

    if (vc_authority_has_audience(check->authority)) {
        status = vc_token_check_audience(check, reason);
        if (status != VC_OK) {
            return status;
        }
    }

    return vc_token_check_times(check, reason);
}


static bool
vc_attestation_can_encrypt(const json_t *jwk)
{
    bool          found;
    size_t        i;
    json_t       *each;
    const json_t *use, *operations;

    use = json_object_get(jwk, "use");
    operations = json_object_get(jwk, "key_ops");

    if (use != NULL && !vc_str_eq(vc_claim_text(jwk, "use"), VC_STR("enc"))) {
        return false;
    }

    if (operations == NULL) {
        return use != NULL;
    }

    found = false;

    json_array_foreach(operations, i, each)
    {
        found = found
                || (json_is_string(each)
                    && strcmp(json_string_value(each), "encrypt") == 0);
    }

    return found;
}


/* only the members that matter: what else the key says has no meaning here */
static json_t *
vc_attestation_bare_key(const json_t *jwk)
{
    static const char *const names[] = {"kty", "kid", "n", "e"};

    size_t  i;
    json_t *bare, *value;

    bare = json_object();

    for (i = 0; bare != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
        value = json_object_get(jwk, names[i]);

        if (value != NULL && json_object_set(bare, names[i], value) != 0) {
            json_decref(bare);
            return NULL;
        }
    }

    return bare;
}


static vc_status_t
vc_attestation_find_target(const json_t *claims, json_t **out, vc_error_t *err)
{
    size_t        i;
    json_t       *each, *bare;
    const json_t *keys;

    keys = vc_claim_path(claims, "x-ms-runtime.keys");

    json_array_foreach(keys, i, each)
    {
        if (!vc_attestation_can_encrypt(each)) {
            continue;
        }

        bare = vc_attestation_bare_key(each);
        if (bare == NULL) {
            return vc_fail(err, VC_NO_MEMORY, "out of memory");
        }

        /* any algorithm of RSA asks for the same form and size of a key */
        if (vc_alg_fits_key(VC_ALG_RS256, bare)) {
            *out = bare;
            return VC_OK;
        }

        json_decref(bare);
    }

    return vc_fail(err, VC_BAD_PARAMETER,
        "The attestation token names no key to release to. Expected in its "
        "claim x-ms-runtime.keys an RSA key of 2048 bits or more with "
        "\"encrypt\" among its key_ops, or with the use \"enc\".");
}


static vc_status_t
vc_attestation_run(vc_token_check_t *check, vc_attestation_t *out,
    vc_authority_t **refresh, vc_error_t *err)
{
    vc_error_t  reason;
    vc_status_t status;

    status = vc_attestation_check(check, refresh, &reason);

    if (status == VC_UNAUTHORIZED) {
        return vc_attestation_refuse(err, VC_ACCESS_DENIED, &reason);
    }

    if (status != VC_OK) {
        return (status == VC_AGAIN)
                   ? status
                   : vc_attestation_refuse(err, status, &reason);
    }

    status = vc_attestation_find_target(check->jws.claims, &out->target, err);
    if (status != VC_OK) {
        return status;
    }

    out->claims = json_incref(check->jws.claims);
    out->issuer = vc_claim_text(out->claims, "iss");

    return VC_OK;
}


vc_status_t
vc_attestation_verify(vc_authorities_t *authorities, vc_str_t token,
    int64_t now, vc_attestation_t *out, vc_authority_t **refresh,
    vc_error_t *err)
{
    vc_error_t       reason;
    vc_status_t      status;
    vc_token_check_t check;

    memset(out, 0, sizeof(*out));
    *refresh = NULL;

    if (vc_authorities_at(authorities, 0) == NULL) {
        return vc_fail(err, VC_ACCESS_DENIED,
            "The attestation token is not accepted. This server trusts no "
            "attestation authority; its operator would have to name one.");
    }

    status = vc_token_check_begin(&check, authorities, NULL, token, now,
        &reason);

    if (status != VC_OK) {
        return vc_attestation_refuse(err,
            (status == VC_UNAUTHORIZED) ? VC_BAD_PARAMETER : status, &reason);
    }

    check.jku_ignored = true;
    status = vc_attestation_run(&check, out, refresh, err);
    vc_token_check_end(&check);

    return status;
}


void
vc_attestation_clear(vc_attestation_t *attestation)
{
    json_decref(attestation->claims);
    json_decref(attestation->target);
    memset(attestation, 0, sizeof(*attestation));
}
