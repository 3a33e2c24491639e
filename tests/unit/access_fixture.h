/*
 * Who may do what, on an engine: more vaults, more principals, and roles given
 * and taken while the engine runs.  Aborts when something cannot be made.
 */

#ifndef TESTS_ACCESS_FIXTURE_H
#define TESTS_ACCESS_FIXTURE_H

#include "engine_fixture.h"
#include "vaults/assignments.h"

#define ACCESS_GROUP "/resourceGroups/default"
#define ACCESS_VAULT ACCESS_GROUP "/providers/Microsoft.KeyVault/vaults/"

typedef struct {
    char object_id[VC_GUID_LEN + 1];
    char authorization[4096];
} caller_t;

void access_vault(fixture_t *f, const char *name, bool rbac);
void access_caller(fixture_t *f, const char *name, caller_t *out);

/* scope: what follows "/subscriptions/{s}", or NULL: the root; the id of the
   assignment is made of the number */
void access_assign(fixture_t *f, unsigned number, const caller_t *caller,
    const char *role, const char *scope);
void access_unassign(fixture_t *f, unsigned number, const char *scope);

void access_policy(fixture_t *f, const char *vault, const caller_t *caller,
    const uint32_t permissions[VC_FAMILY_COUNT]);

/* a request of a caller to a vault; host has 64 bytes that must stay */
vc_request_t access_request(const caller_t *caller, const char *vault,
    char *host, const char *method, const char *target);

/* whether a request is let in, without doing it; what is neither let in nor
   refused for who asks is a failure of the test */
bool access_allowed(fixture_t *f, const vc_request_t *request);

#endif /* TESTS_ACCESS_FIXTURE_H */
