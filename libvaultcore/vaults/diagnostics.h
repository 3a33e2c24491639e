/*
 * Diagnostic settings of a vault: which categories of records go to which
 * destinations, beside where the configuration sends all of them.
 *
 *     g  vault's domain | name, upper case; moves the policy epoch
 *
 * They are sealed in the vault's domain, and end with its purge.
 */

#ifndef VC_VAULTS_DIAGNOSTICS_H
#define VC_VAULTS_DIAGNOSTICS_H

#include "store/sealed.h"

#define VC_DIAGNOSTICS_MAX 5  /* settings of one vault, as Azure Monitor's */
#define VC_DESTINATIONS_MAX 8 /* of one setting */

typedef struct {
    vc_str_t name;
    vc_str_t properties; /* the JSON object as it is answered */
    /* what is effective: the destinations' resource ids, and whether the
       category AuditEvent is on */
    vc_str_t *destinations;
    size_t    destination_count;
    bool      audit;
    uint64_t  revision;
} vc_diagnostic_t;

/* inside the snapshot; VC_NOT_FOUND; texts are in the arena */
vc_status_t vc_diagnostic_get(vc_session_t *session, vc_arena_t *arena,
    const uint8_t domain[VC_DOMAIN_LEN], vc_str_t name, vc_diagnostic_t *out)
    VC_MUST_CHECK;
vc_status_t vc_diagnostics_each(vc_session_t *session, vc_arena_t *arena,
    const uint8_t domain[VC_DOMAIN_LEN],
    vc_status_t (*each)(const vc_diagnostic_t *diagnostic, void *data),
    void *data) VC_MUST_CHECK;
/* where the vault's AuditEvent records go by all of its settings, each
   destination once */
vc_status_t vc_diagnostics_audit(vc_session_t *session, vc_arena_t *arena,
    const uint8_t domain[VC_DOMAIN_LEN], vc_str_t **out, size_t *count)
    VC_MUST_CHECK;

/*
 * Commit by themselves.  put: new or changed (*existed); VC_BAD_PARAMETER: the
 * name (1 to 127 bytes, no controls and none of <>%&:\?/), too many
 * destinations, or too many settings; VC_NOT_FOUND: the vault is gone.
 * delete: VC_NOT_FOUND.
 */
vc_status_t vc_diagnostic_put(vc_session_t *session, vc_arena_t *arena,
    const uint8_t domain[VC_DOMAIN_LEN], vc_diagnostic_t *diagnostic,
    bool *existed, vc_error_t *err) VC_MUST_CHECK;
vc_status_t vc_diagnostic_delete(vc_session_t *session, vc_arena_t *arena,
    const uint8_t domain[VC_DOMAIN_LEN], vc_str_t name, vc_error_t *err)
    VC_MUST_CHECK;

#endif /* VC_VAULTS_DIAGNOSTICS_H */
