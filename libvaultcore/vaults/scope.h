/*
 * Scopes: where a role is given, what a lock is on.
 *
 * "" is the root; below it "/subscriptions/{s}", its resource groups, their
 * vaults, and a vault's secrets, keys and certificates.  Text is compared
 * without regard to case; names stay as they were written.
 */

#ifndef VC_VAULTS_SCOPE_H
#define VC_VAULTS_SCOPE_H

#include <stdint.h>

#include "base/bytes.h"

typedef struct {
    vc_str_t text; /* normalized */
    /* the segments; empty where the scope is above them */
    vc_str_t subscription;
    vc_str_t group;
    vc_str_t vault;
    vc_str_t collection; /* "secrets", "keys", "certificates" */
    vc_str_t object;
} vc_scope_t;

/*
 * Reads a scope of this installation, whose id is the one subscription.  A
 * final '/' is left away, and "/" is the root.  False: it has no such form,
 * or no memory.  Whether what it names exists is not asked.
 */
bool vc_scope_parse(vc_str_t text, vc_str_t subscription, vc_arena_t *arena,
    vc_scope_t *out);
/* the same for who needs the normalized text only */
bool vc_scope_normalize(vc_str_t text, vc_str_t subscription, vc_arena_t *arena,
    vc_str_t *out);

#endif /* VC_VAULTS_SCOPE_H */
