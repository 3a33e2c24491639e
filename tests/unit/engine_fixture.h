/*
 * A whole vault for a test: store, seal, vault `demo`, an administrator with
 * tokens of the local authority, and an engine over them.  The administrator
 * has all permissions in the vault, and owns the installation.
 */

#ifndef TESTS_ENGINE_FIXTURE_H
#define TESTS_ENGINE_FIXTURE_H

#include "test_directory.h"
#include "vaultcore.h"

#define FIXTURE_RESOURCE "https://vault.localhost:8443"
#define FIXTURE_LOGIN "https://login.localhost:8443"
#define FIXTURE_MANAGEMENT "https://management.localhost:8443"
#define FIXTURE_HOST "demo.vault.localhost:8443"

typedef struct {
    test_directory_t    directory;
    char                store_path[96];
    char                seal_path[96];
    vc_seal_t          *seal;
    vc_str_t            resources[1];
    vc_engine_options_t options;
    vc_engine_t        *engine;
    vc_installation_t   installation;
    char                client_id[VC_GUID_LEN + 1];
    char                client_secret[VC_CLIENT_SECRET_LEN + 1];
    char                object_id[VC_GUID_LEN + 1];
    char                authorization[4096]; /* "Bearer …" for vaults … */
    char                manager[4096];       /* … and to manage them */
} fixture_t;

/* aborts the test program when something cannot be made */
void fixture_open(fixture_t *f);
void fixture_close(fixture_t *f);

/* a request to the vault demo, with the administrator's token */
vc_request_t fixture_request(const fixture_t *f, const char *method,
    const char *target);

/* fetches a token of the local authority: "Bearer …" */
void fixture_token(fixture_t *f, const char *client_id,
    const char *client_secret, const char *resource, char out[4096]);

/*
 * Takes a request through all of its life and returns the call, which the
 * caller destroys.
 */
vc_call_t *fixture_send(fixture_t *f, const vc_request_t *request,
    vc_str_t body);

#endif /* TESTS_ENGINE_FIXTURE_H */
