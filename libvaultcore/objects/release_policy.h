/*
 * Release policies: which attested environments may be given a key.
 *
 *     {"version":"1.0.0","anyOf":[{"authority":"https://…","allOf":[
 *         {"claim":"x-ms-attestation-type","equals":"sevsnpvm"},
 *         {"anyOf":[{"claim":"a.b","equals":1},{"claim":"c","equals":true}]}
 *     ]}]}
 *
 * Wherever allOf stands anyOf can, too, except that the outermost is anyOf.
 */

#ifndef VC_OBJECTS_RELEASE_POLICY_H
#define VC_OBJECTS_RELEASE_POLICY_H

#include <jansson.h>

#include "base/bytes.h"

#define VC_RELEASE_POLICY_MAX 10240 /* bytes */
#define VC_RELEASE_POLICY_DEPTH 16  /* lists within lists */
#define VC_RELEASE_CLAIM_MAX 256    /* bytes of a claim's name */

/*
 * Whether text is a policy: every member known, of its type and there once, no
 * list empty, each authority an https address.
 * VC_BAD_PARAMETER, saying what is wrong at which place; VC_NO_MEMORY.
 */
vc_status_t vc_release_policy_check(vc_str_t text, vc_error_t *err)
    VC_MUST_CHECK;

/*
 * Whether the claims that an issuer attested meet a policy.  The authority
 * must be the issuer, but for a final slash; a claim is found as
 * vc_claim_path() does.  Values are equal if their types are, too, integers
 * and other numbers being two types; only true and false can be written as
 * strings, as Key Vault's own documentation does.
 *
 * VC_OK with the answer in *met, which is false otherwise; VC_BAD_PARAMETER if
 * text is no policy; VC_NO_MEMORY.
 */
vc_status_t vc_release_policy_meets(vc_str_t text, vc_str_t issuer,
    const json_t *claims, bool *met, vc_error_t *err) VC_MUST_CHECK;

#endif /* VC_OBJECTS_RELEASE_POLICY_H */
