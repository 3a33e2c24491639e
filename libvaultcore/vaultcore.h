/*
 * libvaultcore: a Key Vault as a library.
 *
 * This is its public face.  A host (the nginx module, a test, a fuzz target)
 * opens an engine in each process, hands it requests in the shape of HTTP,
 * and sends what it answers:
 *
 *     vc_engine_open()            once a process, after fork(2)
 *     vc_call_create()            a request: routed, nothing read yet
 *     vc_call_authenticate()      who calls (VC_AGAIN: vc_call_fetch() first)
 *     vc_call_authorize()         may they
 *     vc_call_execute()           do it
 *     vc_call_compute()           if vc_call_computes() then says so, …
 *     vc_call_conclude()          … and its answer
 *     vc_call_response()          the answer; also after any failure above
 *     vc_call_destroy()
 *     vc_engine_rest()            before the loop waits for events
 *
 * Threads: one thread (the event loop) makes calls and steps them, except
 * that vc_call_fetch(), and vc_call_execute() to vc_call_conclude() of a call
 * whose vc_call_cost() is not VC_COST_LOOP, run on any other thread, or on one
 * after the other, while the loop leaves that call alone.
 */

#ifndef VC_VAULTCORE_H
#define VC_VAULTCORE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/log.h"
#include "base/status.h"
#include "crypto/jws.h"
#include "crypto/seal.h"
#include "identity/authority.h"

#define VC_PRODUCT_VERSION "0.1.0"

typedef struct vc_engine vc_engine_t;
typedef struct vc_call   vc_call_t;


/* --- the engine ------------------------------------------------------------ */

/* the local authority; base_url empty: there is none */
typedef struct {
    vc_str_t base_url;       /* "https://login.localhost:8443" */
    int64_t  token_lifetime; /* seconds; 0: an hour */
} vc_local_options_t;

/* the management plane; base_url empty: there is none */
typedef struct {
    vc_str_t base_url;     /* "https://management.localhost:8443" */
    vc_str_t vault_domain; /* vaults are at https://{name}.{this}: the
                              resource of the data plane without its scheme */
    vc_str_t location;     /* of what names none; empty: "local" */
    /* what diagnostic settings can name: ids of resources, as clients write
       them */
    const vc_str_t *destinations;
    size_t          destination_count;
} vc_management_options_t;

typedef struct {
    const char                   *store_path;
    size_t                        store_size; /* bytes; 0: as it is */
    const vc_seal_t              *seal;
    const vc_authority_options_t *authorities;
    size_t                        authority_count;
    /* who attests environments that keys are released to; may be none */
    const vc_authority_options_t *attestations;
    size_t                        attestation_count;
    vc_local_options_t            local;
    vc_management_options_t       management;
    /* what tokens of the local authority can be for: every vault resource */
    const vc_str_t *resources;
    size_t          resource_count;
    vc_str_t        region;      /* x-ms-keyvault-region; empty: "local" */
    size_t          token_cache; /* entries; 0: 16384 */

    /*
     * Calls work(data) once, in whichever thread, and returns when that has
     * returned.  The library wraps the making of each key in it, always on a
     * thread other than the event loop's, and work takes no lock of the
     * library: a host can run it where it disturbs nobody.  NULL: the library
     * calls work itself.
     */
    void (*compute)(void (*work)(void *data), void *data);
    /* whether the process is to end at once, so that a key that is being made
       is given up; asked on any thread.  NULL: never. */
    bool (*ending)(void);

    /*
     * Writes the access record, one line of JSON with its newline, of what
     * housekeeping did without a call (vc_engine_housekeeping_run(), on its
     * thread).  NULL: there are no records.
     */
    void (*record)(vc_str_t line);
} vc_engine_options_t;

/*
 * What can be checked without changing anything on disk: the seal opens the
 * store, the formats fit, the authorities are well formed and each issuer is
 * named once, the local authority's included.  For `nginx -t`.
 */
vc_status_t vc_engine_check(const vc_engine_options_t *options, vc_error_t *err)
    VC_MUST_CHECK;

/* options, and all they point to, must outlive the engine */
vc_status_t vc_engine_open(const vc_engine_options_t *options,
    vc_engine_t **out, vc_error_t *err) VC_MUST_CHECK;

/* no call may be left; finishes commits; NULL is allowed */
void vc_engine_close(vc_engine_t *engine);

/*
 * Ends the snapshot in which the event loop has stepped its calls.  Due before
 * the loop waits for events: calls of one turn share a snapshot while nothing
 * is committed, and one that is held keeps the store from using pages again.
 */
void vc_engine_rest(vc_engine_t *engine);

/* wipes the keys of all threads: nobody has asked for a while.  What else is
   kept holds no secret.  Only from the event loop. */
void vc_engine_idle(vc_engine_t *engine);

/*
 * What time brings: scheduled purges, the sweep of purged vaults, refreshes
 * of JWKS, stale readers.  _due() is cheap, for a timer on the event loop;
 * _run() blocks, for another thread, and never twice at a time.
 */
bool vc_engine_housekeeping_due(vc_engine_t *engine);
void vc_engine_housekeeping_run(vc_engine_t *engine);


/* --- a request --------------------------------------------------------------
 *
 * The bytes stay the host's and must stay until the call is destroyed.
 */

typedef enum {
    VC_PLANE_DATA,
    VC_PLANE_AUTHORITY,
    VC_PLANE_MANAGEMENT
} vc_plane_t;

typedef struct {
    vc_plane_t plane;
    vc_str_t   resource; /* data plane: "https://vault.localhost:8443" */
    vc_str_t   method;
    vc_str_t   target; /* as on the request line: path, '?', query */
    vc_str_t   scheme; /* "https" */
    vc_str_t   host;   /* as called, with the port */
    vc_str_t   authorization;
    vc_str_t   content_type;
    vc_str_t   client_request_id; /* x-ms-client-request-id */
    vc_str_t   method_override;   /* x-http-method */
    vc_str_t   user_agent;
    vc_str_t   client_address; /* text, without a port */
    vc_str_t   tls_version;    /* "TLSv1.3", empty: none */

    /* whom the host knows by a verified TLS client certificate; only without
       an Authorization header is it the caller */
    vc_str_t certificate_principal;  /* object id, a GUID; empty: nobody */
    vc_str_t certificate_tenant;     /* a GUID; empty: the installation's */
    vc_str_t certificate_thumbprint; /* SHA-256, base64url; for records */
} vc_request_t;

/*
 * Copies the views, not the bytes.  Routes; a route that does not exist is no
 * failure here: authentication comes before it.  NULL: out of memory.
 */
vc_call_t *vc_call_create(vc_engine_t *engine, const vc_request_t *request);
void       vc_call_destroy(vc_call_t *call);

/*
 * VC_OK; VC_AGAIN: vc_call_fetch() first; anything else: the response is made
 * and says why.  Calling it again is free.  On the authority's plane and for
 * routes that need no caller it is VC_OK at once.
 */
vc_status_t vc_call_authenticate(vc_call_t *call) VC_MUST_CHECK;
/* fetches the keys that authentication lacked.  Blocks. */
void vc_call_fetch(vc_call_t *call);

/* route, api-version, names, then permission.  VC_OK, or the response says. */
vc_status_t vc_call_authorize(vc_call_t *call) VC_MUST_CHECK;

/* how many bytes of body the operation takes; 0: none is read */
size_t vc_call_body_limit(const vc_call_t *call);
/* more was sent: makes the response (413) */
void vc_call_body_too_large(vc_call_t *call);

/* what vc_call_execute() takes, and so where it can run */
typedef enum {
    VC_COST_LOOP,    /* microseconds: on the event loop */
    VC_COST_CHANGE,  /* waits for the disk: on another thread, which sleeps */
    VC_COST_COMPUTE, /* a key computes: likewise, and see vc_call_computes() */
    VC_COST_GENERATE /* a key is made, which can take seconds, and stored */
} vc_cost_t;

vc_cost_t vc_call_cost(const vc_call_t *call);

/*
 * Does it, deciding once more on the state that it works on.  Leaves a response
 * unless something is left to compute.  body may be empty; it must stay until
 * there is a response.  If the computation has to wait, it can be called again,
 * with the same body: what was decided is decided anew if anything has been
 * committed since.
 */
void vc_call_execute(vc_call_t *call, vc_str_t body);

/* what is left to compute; only of VC_COST_COMPUTE, and only if that went well */
typedef enum {
    VC_COMPUTES_NOTHING, /* there is a response */
    VC_COMPUTES_SHORT, /* some tens of microseconds, unless it is of many KB */
    VC_COMPUTES_LONG   /* up to milliseconds */
} vc_computes_t;

vc_computes_t vc_call_computes(const vc_call_t *call);

/*
 * Computes it.  Nothing else: it takes no lock of the library, so that the host
 * can do it where it disturbs nobody, and that of many calls in one place.
 */
void vc_call_compute(vc_call_t *call);

/* makes the response of what vc_call_compute() has computed */
void vc_call_conclude(vc_call_t *call);

/* makes a response for a host's own reason: 503, 500 */
void vc_call_fail(vc_call_t *call, vc_status_t status, const char *message);

typedef struct {
    const char *name;
    vc_str_t    value;
} vc_header_t;

#define VC_HEADERS_MAX 16

typedef struct {
    int         status;
    vc_str_t    content_type; /* empty: no body */
    vc_str_t    body;
    vc_header_t headers[VC_HEADERS_MAX];
    size_t      header_count;
} vc_response_t;

/* good until the call is destroyed */
const vc_response_t *vc_call_response(const vc_call_t *call);

/* the call's memory, for what must live and be wiped with it */
vc_arena_t *vc_call_arena(vc_call_t *call);

/* what the operator should see in the error log; NULL: nothing */
const char *vc_call_detail(const vc_call_t *call);


/* --- what variables and access records say ---------------------------------- */

typedef enum {
    VC_FACT_VAULT,
    VC_FACT_OPERATION, /* "SecretGet" */
    VC_FACT_OBJECT,
    VC_FACT_OBJECT_VERSION,
    VC_FACT_PRINCIPAL, /* object id; after authentication */
    VC_FACT_TENANT,
    VC_FACT_RESULT, /* "OK", or the error's code (inner code first) */
    VC_FACT_CORRELATION_ID
} vc_fact_t;

/* empty when it is not known (yet) */
vc_str_t vc_call_fact(const vc_call_t *call, vc_fact_t fact);

/*
 * Appends the access record, one line of JSON with its newline.  status is
 * what was sent; duration in microseconds.  Nothing is appended for what is
 * no operation (discovery documents, public keys).  out->failed: it found no
 * room; in a buffer that does not grow it can be tried again in another.
 */
void vc_call_record(const vc_call_t *call, int status, uint64_t duration_us,
    vc_buf_t *out);

/*
 * Where else than to the configured file the call's access record goes, by the
 * diagnostic settings of its vault: ids as vc_management_options_t names them,
 * each once.  Writes at most max of them and returns how many there are; they
 * are good until the call is destroyed.
 */
size_t vc_call_destinations(const vc_call_t *call, vc_str_t *out, size_t max);


/* --- for vaultctl ------------------------------------------------------------
 *
 * Administration works on an open store, next to running workers: they see
 * each change with their next request.  The calls are those of
 * vaults/installation.h, vaults/vault.h, vaults/assignments.h,
 * identity/local_principals.h and identity/local_authority.h, on a session of
 * store/sealed.h.
 */
#include "identity/local_authority.h"
#include "identity/local_principals.h"
#include "store/sealed.h"
#include "vaults/assignments.h"
#include "vaults/installation.h"
#include "vaults/vault.h"

#endif /* VC_VAULTCORE_H */
