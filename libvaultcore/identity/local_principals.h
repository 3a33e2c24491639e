/*
 * The principals of the local authority: applications with client secrets
 * (kept as scrypt hashes) and certificates (kept as public keys).
 *
 * Each has a generation, which its tokens carry: resetting a secret changes
 * it, so that tokens issued before stop working with the next request.
 *
 * The calls that change something take a snapshot, commit and retry by
 * themselves; the session must not be inside begin/end.  They block.
 */

#ifndef VC_IDENTITY_LOCAL_PRINCIPALS_H
#define VC_IDENTITY_LOCAL_PRINCIPALS_H

#include <stdint.h>

#include "crypto/jws.h"
#include "store/sealed.h"

#define VC_PRINCIPAL_NAME_MAX 120
#define VC_CLIENT_SECRET_LEN 43 /* 32 random bytes, base64url */
#define VC_PRINCIPAL_CERTIFICATES_MAX 8
#define VC_TRUSTS_MAX 20
#define VC_TRUST_NAME_MAX 120
#define VC_TRUST_TEXT_MAX 600
#define VC_TRUST_AUDIENCE "api://AzureADTokenExchange" /* the default */

typedef struct {
    char    x5t[28];
    char    x5t_s256[44];
    int64_t not_after;
    json_t *jwk; /* only as long as the principal is not cleared */
} vc_principal_certificate_t;

/*
 * A federated credential: tokens of this issuer, with exactly this `sub` and
 * this among their `aud`, are as good as a client secret.
 */
typedef struct {
    vc_str_t name; /* of the credential: unique within the principal */
    vc_str_t issuer, subject, audience;
} vc_trust_t;

typedef struct {
    char     client_id[VC_GUID_LEN + 1];
    char     object_id[VC_GUID_LEN + 1];
    char     name[VC_PRINCIPAL_NAME_MAX + 1];
    uint64_t generation; /* random, never 0 */
    int64_t  created;
    int64_t  updated;
    vc_str_t secret_hash; /* in the arena; empty: no client secret */
    size_t   certificate_count;
    vc_principal_certificate_t certificates[VC_PRINCIPAL_CERTIFICATES_MAX];
    size_t                     trust_count;
    vc_trust_t                *trusts; /* in the arena */
    uint64_t                   revision;
} vc_local_principal_t;

void vc_local_principal_clear(vc_local_principal_t *principal);

/*
 * What a new principal is to be.  certificates: PEM, each one certificate.
 * with_secret: make a client secret.  Names are 1 to VC_PRINCIPAL_NAME_MAX
 * bytes of UTF-8 without controls, and unique.
 */
typedef struct {
    vc_str_t  name;
    bool      with_secret;
    vc_str_t *certificates;
    size_t    certificate_count;
} vc_principal_spec_t;

/*
 * secret (VC_CLIENT_SECRET_LEN + 1 bytes, NUL-terminated; empty if none was
 * asked for) is given here and never again; the caller wipes it.
 * VC_OK, VC_BAD_PARAMETER, VC_OBJECT_CONFLICT (the name is taken),
 * VC_STORE_FULL, VC_NO_MEMORY, VC_IO.
 */
vc_status_t vc_local_principal_create(vc_session_t *session, vc_arena_t *arena,
    const vc_principal_spec_t *spec, vc_local_principal_t *out, char *secret,
    vc_error_t *err) VC_MUST_CHECK;

/* a new secret in place of the old one, and a new generation.  `who` is a
   client id or a name.  VC_NOT_FOUND. */
vc_status_t vc_local_principal_reset_secret(vc_session_t *session,
    vc_arena_t *arena, vc_str_t who, vc_local_principal_t *out, char *secret,
    vc_error_t *err) VC_MUST_CHECK;

vc_status_t vc_local_principal_delete(vc_session_t *session, vc_arena_t *arena,
    vc_str_t who, vc_error_t *err) VC_MUST_CHECK;

/*
 * Adds a federated credential.  Names are 3 to VC_TRUST_NAME_MAX letters,
 * digits, '-' and '_'; the other texts 1 to VC_TRUST_TEXT_MAX bytes of UTF-8
 * without controls; an empty audience stands for VC_TRUST_AUDIENCE.
 * VC_NOT_FOUND; VC_BAD_PARAMETER; VC_OBJECT_CONFLICT: one of that name is
 * there, or one with the same issuer, subject and audience.
 */
vc_status_t vc_local_principal_add_trust(vc_session_t *session,
    vc_arena_t *arena, vc_str_t who, const vc_trust_t *trust,
    vc_local_principal_t *out, vc_error_t *err) VC_MUST_CHECK;
/* takes one away, and with a new generation the tokens that came of it.
   VC_NOT_FOUND: no such principal, or credential */
vc_status_t vc_local_principal_remove_trust(vc_session_t *session,
    vc_arena_t *arena, vc_str_t who, vc_str_t name, vc_local_principal_t *out,
    vc_error_t *err) VC_MUST_CHECK;

/* reads one inside the session's snapshot; VC_NOT_FOUND */
vc_status_t vc_local_principal_get(vc_session_t *session, vc_arena_t *arena,
    vc_str_t client_id, vc_local_principal_t *out) VC_MUST_CHECK;

/* by client id, object id or name, inside the snapshot; VC_NOT_FOUND */
vc_status_t vc_local_principal_find(vc_session_t *session, vc_arena_t *arena,
    vc_str_t who, vc_local_principal_t *out) VC_MUST_CHECK;

/* each principal in order of client id, inside the snapshot; the callback's
   other status than VC_OK ends the walk and is returned */
vc_status_t vc_local_principal_each(vc_session_t *session, vc_arena_t *arena,
    vc_status_t (*each)(const vc_local_principal_t *principal, void *data),
    void *data) VC_MUST_CHECK;

#endif /* VC_IDENTITY_LOCAL_PRINCIPALS_H */
