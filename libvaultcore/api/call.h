/*
 * The inside of a call, for the handlers in this folder only.
 */

#ifndef VC_API_CALL_H
#define VC_API_CALL_H

#include <jansson.h>

#include "api/engine.h"
#include "api/json_texts.h"
#include "api/operations.h"
#include "objects/object.h"

/* the api-versions, in order, so that they can be compared */
typedef enum {
    VC_API_2015_06_01,
    VC_API_2016_10_01,
    VC_API_7_0,
    VC_API_7_1,
    VC_API_7_2,
    VC_API_7_3,
    VC_API_7_4,
    VC_API_7_5,
    VC_API_7_6,
    VC_API_2025_07_01,
    VC_API_2026_04_01
} vc_api_version_t;

/* segments of a path; the longest is that of an assignment on a secret */
#define VC_SEGMENTS_MAX 16

/* what the request target says; views into the call's arena */
typedef struct {
    vc_str_t         vault;   /* from the host name */
    vc_str_t         name;    /* {name}, decoded */
    vc_str_t         version; /* {version}, empty: the current one */
    vc_str_t         api_version_text;
    vc_api_version_t api_version;
    vc_str_t         skiptoken;
    bool             has_max_results;
    int64_t          max_results; /* 1 … VC_PAGE_MAX */
    vc_str_t         out_content_type;
} vc_route_t;

typedef struct vc_arm         vc_arm_t;
typedef struct vc_computation vc_computation_t;

struct vc_call {
    vc_engine_t          *engine;
    vc_arena_t           *arena;
    vc_request_t          request;
    const vc_operation_t *operation; /* NULL: no such route */
    vc_route_t            route;
    vc_arm_t             *arm; /* of the management plane, see arm.h; or NULL */
    vc_str_t              allow;        /* of a 405: the methods that are */
    vc_status_t           route_status; /* reported after authentication, … */
    vc_error_t           *route_error;  /* … with this, in the arena */
    vc_principal_t       *principal;
    vc_status_t           authenticated; /* VC_AGAIN: not yet */
    vc_authority_t       *refresh;
    uint64_t              epoch; /* at which the principal was checked */
    char                  vault_tenant[VC_GUID_LEN + 1]; /* empty: unknown */
    char                  vault_group[VC_GROUP_NAME_MAX + 1]; /* likewise */
    bool                  decided;  /* access was decided, … */
    bool                  granted;  /* … and how, … */
    bool                  by_roles; /* … by roles, not access policies; … */
    bool                  public_only;                 /* … see vc_access_t */
    char                  assignment[VC_GUID_LEN + 1]; /* whose role did it */
    vc_response_t         response;
    bool                  answered;
    char                  request_id[VC_GUID_LEN + 1];
    vc_str_t              record_id;  /* properties.id: the object's full id */
    vc_str_t              record_key; /* properties.keyProperties, JSON */
    vc_str_t              client;     /* token requests: the client id */
    vc_str_t *destinations; /* where the vault's settings send its record */
    size_t    destination_count;

    /* while a handler runs */
    vc_context_t     *context; /* session and vault of this thread */
    const vc_vault_t *vault;
    vc_str_t          body;
    int64_t           now;
    vc_buf_t          out; /* the response body is made here */
    /* what a handler made before it returned VC_AGAIN: it is called again, on
       a new snapshot and after a new decision, and finds it here */
    void *prepared;
    /* what is left to compute when it has returned VC_OK (computation.h) */
    vc_computation_t *computation;

    /* last, because it is large and a call begins by zeroing the rest */
    vc_error_t error; /* of the answer; status VC_OK: none */
};

/* --- answers (respond.c) ----------------------------------------------------- */

/* makes the response of call->error; returns its status */
vc_status_t vc_call_refuse(vc_call_t *call);
/* what the client reads as the error's code, of call->error */
const char *vc_call_code(const vc_call_t *call);
/* starts the response: status and the headers that every answer has */
void vc_call_respond(vc_call_t *call, int status);
void vc_call_header(vc_call_t *call, const char *name, vc_str_t value);

/*
 * Turns a status that is no answer into one, keeping for the operator what the
 * client must not see, and makes the response.  VC_OK: does nothing.
 */
vc_status_t vc_call_end(vc_call_t *call, vc_status_t status);

/* --- routing (route.c) -------------------------------------------------------- */

/*
 * Fills call->operation and call->route from the request; what is wrong with
 * it is kept in route_status and route_error until the caller is known.
 */
void vc_call_route(vc_call_t *call);

/* --- who calls (verify.c) ------------------------------------------------------ */

/*
 * Sets call->principal and call->epoch.  VC_AGAIN: call->refresh needs its keys
 * first; VC_UNAUTHORIZED, with the tenant for the challenge.
 */
vc_status_t vc_call_verify(vc_call_t *call) VC_MUST_CHECK;

/* --- may they (admit.c) ------------------------------------------------------- */

/*
 * Finds the vault (call->vault, good in this snapshot) and decides, in the
 * context's snapshot.  VC_OK; VC_VAULT_NOT_FOUND, VC_UNAUTHORIZED,
 * VC_FORBIDDEN_BY_FIREWALL, VC_FORBIDDEN_BY_CONNECTION, VC_ACCESS_DENIED and
 * VC_FORBIDDEN_BY_RBAC with the words for the client.
 */
vc_status_t vc_call_admit(vc_call_t *call, vc_context_t *context) VC_MUST_CHECK;

/*
 * Keeps where the vault's diagnostic settings send the call's record, as they
 * are in this snapshot.  VC_NO_MEMORY.
 */
vc_status_t vc_call_note_destinations(vc_call_t *call,
    const vc_str_t *destinations, size_t count) VC_MUST_CHECK;

/* whether a token is needed at all; what has no route is not told without */
bool vc_call_needs_caller(const vc_call_t *call);

/* for a handler that finds no public key where call->public_only, while it has
   the vault: VC_FORBIDDEN_BY_RBAC with the words for the client */
vc_status_t vc_call_refuse_role(vc_call_t *call);

/* --- for handlers -------------------------------------------------------------- */

/*
 * Ends the handler's snapshot, so that what takes long keeps no page of the
 * store from being used again.  What was read stays in the arena; the vault
 * and the session must not be asked any more.
 */
void vc_call_leave_snapshot(vc_call_t *call);

/* gives back what call->computation has, if there is one */
void vc_call_drop_computation(vc_call_t *call);

/* call->out becomes the body of a 200 answer of type application/json */
vc_status_t vc_call_ok_json(vc_call_t *call) VC_MUST_CHECK;
/* 204 without a body */
vc_status_t vc_call_no_content(vc_call_t *call) VC_MUST_CHECK;

/* "https://demo.vault.localhost:8443": the vault as the client calls it */
void vc_call_base_url(const vc_call_t *call, vc_buf_t *out);

/*
 * The body as a JSON object: VC_BAD_PARAMETER with the reason unless it is
 * UTF-8, one object, nested no deeper than 32, no member twice, no NUL in a
 * string.  The caller gives the reference back.
 */
vc_status_t vc_call_json(vc_call_t *call, json_t **out) VC_MUST_CHECK;

/*
 * Fills in the members with these names, of a body as vc_call_json() takes it;
 * its errors.
 */
vc_status_t vc_call_texts(vc_call_t *call, vc_text_t *texts, size_t count)
    VC_MUST_CHECK;

/* --- paging (paging.c) ------------------------------------------------------ */

/*
 * The marker that a $skiptoken carries, for this operation, vault and object;
 * empty for the first page.  VC_BAD_PARAMETER: altered, or of another list.
 */
vc_status_t vc_call_marker(vc_call_t *call, vc_str_t *marker) VC_MUST_CHECK;

/* appends the $skiptoken of a page's marker; out->failed: there is none */
void vc_call_put_marker(const vc_call_t *call, vc_str_t marker, vc_buf_t *out);

/* appends "nextLink":"…" or "nextLink":null */
void vc_call_next_link(vc_call_t *call, const vc_page_t *page);

#endif /* VC_API_CALL_H */
