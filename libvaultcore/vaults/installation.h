/*
 * The installation: what is known of the store as a whole.
 */

#ifndef VC_VAULTS_INSTALLATION_H
#define VC_VAULTS_INSTALLATION_H

#include <stdint.h>

#include "store/sealed.h"

typedef struct {
    char    id[VC_GUID_LEN + 1];
    char    tenant[VC_GUID_LEN + 1]; /* of the local authority, and default */
    int64_t created;
} vc_installation_t;

/* written once, by `vaultctl init`; tenant empty: a new GUID.
   VC_BAD_PARAMETER, VC_OBJECT_CONFLICT when there is one. */
vc_status_t vc_installation_create(vc_session_t *session, vc_arena_t *arena,
    vc_str_t tenant, vc_installation_t *out, vc_error_t *err) VC_MUST_CHECK;

/* inside the session's snapshot; VC_NOT_FOUND */
vc_status_t vc_installation_get(vc_session_t *session, vc_arena_t *arena,
    vc_installation_t *out) VC_MUST_CHECK;

#endif /* VC_VAULTS_INSTALLATION_H */
