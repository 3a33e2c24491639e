/*
 * Secure key release: an exportable key leaves, wrapped for a key that an
 * attested environment holds, if the environment meets the key's policy.
 *
 * The answer is a JWS over
 *
 *     {"request":{"api-version","enc","kid","nonce"?},
 *      "response":{"key":{"key":{…,"key_hsm"},"attributes",…}}}
 *
 * where key_hsm is base64url of a transfer file, wrapped as api/key_transfer.c
 * reads it.  It is signed by the local authority's key: there is no
 * certificate here that could vouch for this service.
 */

#include "api/key_compute.h"
#include "api/key_json.h"
#include "api/keys.h"
#include "api/kinds.h"
#include "api/object_body.h"
#include "api/object_handlers.h"
#include "api/object_json.h"
#include "base/clock.h"
#include "identity/attestation.h"
#include "objects/release_policy.h"

#define VC_RELEASE_ENC_DEFAULT "CKM_RSA_AES_KEY_WRAP"
#define VC_NONCE_MAX 1024 /* characters */

/* what the body asks for; texts in the call's arena */
typedef struct {
    vc_str_t target;
    vc_str_t nonce; /* .data NULL: none */
    vc_str_t enc;
} vc_release_t;


/* --- what is asked for ------------------------------------------------------------- */

static vc_status_t
vc_release_text(vc_call_t *call, const json_t *body, const char *name,
    vc_str_t *out)
{
    json_t *member;

    member = vc_json_member(body, name);
    if (member == NULL) {
        return VC_OK;
    }

    if (!json_is_string(member)) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property %s has invalid value\r\nIt must be a string.", name);
    }

    *out = vc_str_copy(call->arena, vc_json_text(member));

    return (out->data == NULL) ? VC_NO_MEMORY : VC_OK;
}


static vc_status_t
vc_release_check(vc_call_t *call, const vc_release_t *release)
{
    if (release->target.len == 0) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property target has invalid value\r\nIt must be present, and an "
            "attestation token.");
    }

    if (release->nonce.len > VC_NONCE_MAX) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "Property nonce has invalid value\r\nIt can have at most %d "
            "bytes.",
            VC_NONCE_MAX);
    }

    return VC_OK;
}


static vc_status_t
vc_release_read(vc_call_t *call, vc_release_t *out)
{
    json_t     *body;
    vc_status_t status;

    out->target = VC_STR_NULL;
    out->nonce = VC_STR_NULL;
    out->enc = VC_STR(VC_RELEASE_ENC_DEFAULT);

    status = vc_call_json(call, &body);
    if (status != VC_OK) {
        return status;
    }

    status = vc_release_text(call, body, "target", &out->target);

    if (status == VC_OK) {
        status = vc_release_text(call, body, "nonce", &out->nonce);
    }

    if (status == VC_OK) {
        status = vc_release_text(call, body, "enc", &out->enc);
    }

    json_decref(body);

    return (status == VC_OK) ? vc_release_check(call, out) : status;
}


/* --- whether it may leave ----------------------------------------------------------- */

static vc_status_t
vc_release_find(vc_call_t *call, vc_object_t *object, vc_stored_key_t *key)
{
    vc_status_t  status;
    vc_objects_t objects;

    objects = vc_call_objects(call);

    status = vc_object_find_version(call, &objects, object);

    if (status == VC_OK) {
        status = vc_stored_key_decode(object->version.payload, key);
    }

    if (status != VC_OK) {
        return status;
    }

    vc_note_id(call, &object->version);
    vc_key_note(call, key);

    if (!object->version.enabled) {
        return vc_fail(&call->error, VC_KEY_DISABLED,
            "Operation release is not allowed on a disabled key.");
    }

    if (!key->exportable || !key->has_release_policy) {
        return vc_fail(&call->error, VC_BAD_PARAMETER,
            "The key is not exportable, so it cannot be released; "
            "attributes.exportable and release_policy are given when a key is "
            "made.");
    }

    return VC_OK;
}


/*
 * Fetches the issuer's keys, once, if they are not at hand: this is a thread
 * that may wait, but not with a snapshot.  VC_AGAIN: it did.
 */
static vc_status_t
vc_release_attest(vc_call_t *call, const vc_release_t *release,
    vc_attestation_t *out)
{
    vc_status_t     status;
    vc_authority_t *refresh;

    status = vc_attestation_verify(call->engine->attestations, release->target,
        call->now, out, &refresh, &call->error);

    if (status != VC_AGAIN) {
        return status;
    }

    if (call->prepared == NULL) {
        call->prepared = refresh;
        vc_call_leave_snapshot(call);

        if (vc_authority_refresh(refresh, vc_now(), &call->error) == VC_OK) {
            return VC_AGAIN;
        }
    }

    return vc_fail(&call->error, VC_ISSUER_UNAVAILABLE,
        "The keys of the attestation's issuer cannot be had now.");
}


static vc_status_t
vc_release_meets(vc_call_t *call, const vc_stored_key_t *key,
    const vc_attestation_t *attestation)
{
    bool        met;
    vc_status_t status;

    status = vc_release_policy_meets(key->release_policy, attestation->issuer,
        attestation->claims, &met, &call->error);

    if (status == VC_OK && !met) {
        return vc_fail(&call->error, VC_ACCESS_DENIED,
            "The attestation does not meet the key's release policy: no "
            "authority of the policy issued it with the claims that the "
            "policy wants.");
    }

    return status;
}


/* --- what leaves ---------------------------------------------------------------------- */

/* the wrapped key as a transfer file, in base64url */
static vc_status_t
vc_release_file(vc_call_t *call, const vc_release_t *release, vc_str_t wrapped,
    vc_buf_t *out)
{
    vc_buf_t file;

    vc_buf_init(&file, call->arena, 512 + 2 * wrapped.len);
    vc_buf_literal(&file,
        "{\"schema_version\":\"1.0.0\",\"header\":{\"kid\":\"");
    vc_buf_str(&file, call->record_id);
    vc_buf_literal(&file, "\",\"alg\":\"dir\",\"enc\":");
    vc_json_string(&file, release->enc);
    vc_buf_literal(&file, "},\"ciphertext\":\"");
    vc_base64url_encode(&file, wrapped);
    vc_buf_literal(&file, "\"}");

    vc_base64url_encode(out, vc_buf_view(&file));

    return (file.failed || out->failed) ? VC_NO_MEMORY : VC_OK;
}


/* the bundle, as GET answers it, with key_hsm in its JWK; a new reference */
static json_t *
vc_release_bundle(vc_call_t *call, const vc_object_t *object, vc_str_t file)
{
    json_t *bundle;

    vc_key_bundle(call, object);

    bundle = call->out.failed ? NULL
                              : json_loadb((const char *) call->out.data,
                                  call->out.len, 0, NULL);
    vc_buf_init(&call->out, call->arena, 0);

    if (json_object_set_new(json_object_get(bundle, "key"), "key_hsm",
            json_stringn((const char *) file.data, file.len))
        != 0)
    {
        json_decref(bundle);
        return NULL;
    }

    return bundle;
}


static json_t *
vc_release_claims(const vc_call_t *call, const vc_release_t *release,
    json_t *bundle)
{
    json_t *claims;

    claims = json_pack("{s:{s:s%,s:s%,s:s%},s:{s:o}}", "request", "api-version",
        (const char *) call->route.api_version_text.data,
        call->route.api_version_text.len, "enc",
        (const char *) release->enc.data, release->enc.len, "kid",
        (const char *) call->record_id.data, call->record_id.len, "response",
        "key", bundle);

    if (claims != NULL && release->nonce.data != NULL
        && json_object_set_new(json_object_get(claims, "request"), "nonce",
               json_stringn((const char *) release->nonce.data,
                   release->nonce.len))
               != 0)
    {
        json_decref(claims);
        return NULL;
    }

    return claims;
}


static vc_status_t
vc_release_answer(vc_call_t *call, const vc_object_t *object,
    const vc_release_t *release, vc_str_t file)
{
    json_t     *bundle, *claims;
    vc_buf_t    jws;
    vc_status_t status;

    bundle = vc_release_bundle(call, object, file);
    claims = (bundle == NULL) ? NULL : vc_release_claims(call, release, bundle);

    if (claims == NULL) {
        return VC_NO_MEMORY;
    }

    vc_buf_init(&jws, call->arena, 4096);
    status = vc_local_authority_sign(call->context->session, call->arena,
        claims, &jws);
    json_decref(claims);

    if (status != VC_OK) {
        return vc_fail_detail(&call->error, VC_INTERNAL,
            "a release cannot be signed: %s; run vaultctl authority rotate",
            vc_status_name(status));
    }

    vc_buf_literal(&call->out, "{\"value\":\"");
    vc_buf_str(&call->out, vc_buf_view(&jws));
    vc_buf_literal(&call->out, "\"}");

    return vc_call_ok_json(call);
}


static vc_status_t
vc_release_key(vc_call_t *call, const vc_object_t *object,
    const vc_stored_key_t *key, const vc_release_t *release,
    const vc_attestation_t *attestation)
{
    vc_buf_t    file;
    vc_str_t    wrapped;
    vc_status_t status;

    status = vc_release_meets(call, key, attestation);

    if (status == VC_OK) {
        status = call->engine->keys->wrap_release(&key->spec, key->material,
            attestation->target, release->enc, call->arena, &wrapped,
            &call->error);
    }

    if (status != VC_OK) {
        return status;
    }

    vc_buf_init(&file, call->arena, 1024);
    status = vc_release_file(call, release, wrapped, &file);

    return (status == VC_OK)
               ? vc_release_answer(call, object, release, vc_buf_view(&file))
               : status;
}


vc_status_t
vc_key_release(vc_call_t *call)
{
    vc_object_t      object;
    vc_status_t      status;
    vc_release_t     release;
    vc_stored_key_t  key;
    vc_attestation_t attestation;

    status = vc_release_find(call, &object, &key);

    if (status == VC_OK) {
        status = vc_release_read(call, &release);
    }

    if (status == VC_OK) {
        status = vc_release_attest(call, &release, &attestation);
    }

    if (status != VC_OK) {
        return status;
    }

    status = vc_release_key(call, &object, &key, &release, &attestation);
    vc_attestation_clear(&attestation);

    return status;
}
