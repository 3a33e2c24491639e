/*
 * The management plane: Azure Resource Manager as far as vaults, their groups
 * and what is attached to them need it.  For the handlers of this plane only.
 *
 * A route names a scope: the root, the subscription (there is one: the
 * installation), a resource group, a vault, or an object in a vault.  Before a
 * handler runs, the row's action was decided at that scope, locks were asked,
 * and what the row says must exist does.  It is found in call->arm.
 */

#ifndef VC_API_ARM_H
#define VC_API_ARM_H

#include "api/call.h"
#include "vaults/assignments.h"

#define VC_ARM_DATE_LEN 10 /* of an api-version: "2023-07-01" */

struct vc_arm {
    /* as the path names them, decoded; empty: it names none */
    vc_str_t subscription, group, vault_name, location;
    vc_str_t kind;    /* the literal behind {vault}: "secrets", … */
    vc_str_t object;  /* {object}: a secret or key of the vault, perhaps of
                         its scope */
    vc_str_t name;    /* {name}: of anything else */
    vc_str_t version; /* {version} */

    vc_str_t filter;    /* $filter */
    vc_str_t skiptoken; /* $skiptoken */
    int64_t  top;       /* $top; 0: not given */

    /* found on admission, in this try's snapshot; in the call's arena */
    vc_str_t
        scope; /* as vaults/assignments.h has it, names as they are stored */
    const vc_vault_t *vault; /* live; NULL: none is named, or it is not there */
    const vc_vault_t *taken; /* who has the name {vault}, also when it is
                                deleted, or in another group; NULL: nobody */
    bool              admitted;       /* once before: then … */
    bool              was_free;       /* … whether nobody had the name then */
    const vc_group_t *resource_group; /* NULL: none is named or there */
    vc_grants_t       grants; /* what can decide at the scope and above it */
};

/* --- routing and admission (arm_route.c, arm_query.c, arm_admit.c) ------------ */

/* as vc_call_route() for this plane: the path is split and decoded */
vc_status_t vc_arm_route(vc_call_t *call, const vc_str_t *segments,
    size_t count, vc_str_t method) VC_MUST_CHECK;
/* api-version, which depends on the row's provider, $filter, … */
vc_status_t vc_arm_query_parameter(vc_call_t *call, vc_str_t name,
    vc_str_t value) VC_MUST_CHECK;
vc_status_t vc_arm_api_version(vc_call_t *call) VC_MUST_CHECK;
/* the versions of a provider, newest first; NULL behind the last */
const char *vc_arm_version_at(vc_provider_t provider, size_t index);
/* whether the api-version is this one or a later one */
bool vc_arm_version_is_from(const vc_call_t *call, const char *first);

/*
 * Fills call->arm and decides, in the context's snapshot.  VC_ARM_NO_…,
 * VC_ARM_FORBIDDEN and VC_ARM_LOCKED with the words for the client.
 */
vc_status_t vc_arm_admit(vc_call_t *call, vc_context_t *context) VC_MUST_CHECK;

/* whether the caller may do something else too: no words */
bool vc_arm_may(const vc_call_t *call, const char *action, vc_str_t scope);

/* VC_ARM_FORBIDDEN with Azure's words */
vc_status_t vc_arm_forbid(vc_call_t *call, const char *action, vc_str_t scope);

/* VC_ARM_LOCKED with Azure's words */
vc_status_t vc_arm_refuse_lock(vc_call_t *call, const vc_lock_t *lock,
    bool deletes);

/* --- for handlers (arm_respond.c) --------------------------------------------- */

/* what a client reads as error.code on this plane */
const char *vc_arm_code(vc_status_t status);
/* the headers that every answer has */
void vc_arm_headers(vc_call_t *call);
/* a 401's WWW-Authenticate */
void vc_arm_challenge(vc_call_t *call);
/* turns what is refused in the words of vaults into those of this plane */
void vc_arm_translate(vc_call_t *call);

/* call->out becomes the body of an answer */
vc_status_t vc_arm_json(vc_call_t *call, int http) VC_MUST_CHECK;
/* an answer without a body: 200, 202, 204 */
vc_status_t vc_arm_empty(vc_call_t *call, int http) VC_MUST_CHECK;

/* vc_call_json(), refusing with InvalidRequestContent */
vc_status_t vc_arm_body(vc_call_t *call, json_t **out) VC_MUST_CHECK;

/* appends "2025-03-11T04:46:32Z" without quotes */
void vc_arm_put_time(vc_buf_t *out, int64_t seconds);

/* appends a comma unless this is the first of a list: *count is raised */
void vc_arm_put_comma(vc_buf_t *out, size_t *count);

#endif /* VC_API_ARM_H */
