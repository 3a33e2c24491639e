/*
 * Every key of the store, in one place.  A key is a class byte and what
 * identifies the record within the class:
 *
 *     i  installation   "root", "installation", "principals" (rewritten with
 *                       each new principal, to keep their names unique),
 *                       "assignments" (likewise with each role or assignment)
 *     a  signing keys of the local authority
 *                       created (8 bytes, big endian) | kid
 *     p  principals     client id, lower case
 *     v  vaults         name, upper case
 *     k  sealing keys   domain (16 bytes: the vault's id)
 *     n  seal counters  domain
 *     h  live objects   domain | kind | name, upper case
 *     d  deleted ones   domain | kind | name, upper case
 *     w  their earlier versions
 *                       domain | kind | name, upper case | 0 | version (16)
 *     u  resource groups name, upper case
 *     l  locks          hash of the scope (16) | name, upper case
 *     r  role assignments
 *                       'v' | domain | id, or 's' | hash of the scope (16) | id
 *     q  custom roles   id
 *     g  diagnostic settings
 *                       domain | name, upper case
 *     t  purged vaults whose records are still being removed: domain
 *
 * `h` holds an object's current version itself, so that reading the latest
 * secret is one look-up; `w` holds the versions before it, in either state.
 *
 * A write to a class in VC_EPOCH_CLASSES moves the policy epoch: whatever a
 * worker has cached about who may do what is dropped.
 */

#ifndef VC_STORE_KEYS_H
#define VC_STORE_KEYS_H

#include <stdint.h>

#include "base/bytes.h"

#define VC_EPOCH_CLASSES "apvkrqg"
#define VC_DOMAIN_LEN 16
#define VC_VERSION_LEN 16
#define VC_NAME_MAX 127
#define VC_SCOPE_MAX 1024 /* a longer one has no key */

/* the longest key: w | domain | kind | name | 0 | version */
#define VC_KEY_MAX (1 + VC_DOMAIN_LEN + 1 + VC_NAME_MAX + 1 + VC_VERSION_LEN)

typedef struct {
    uint8_t data[VC_KEY_MAX];
    size_t  len;
} vc_key_t;

vc_str_t vc_key_view(const vc_key_t *key);

vc_key_t vc_key_installation(const char *what);
vc_key_t vc_key_signing(int64_t created, vc_str_t kid);
vc_key_t vc_key_principal(vc_str_t client_id);
vc_key_t vc_key_vault(vc_str_t name);
vc_key_t vc_key_sealing(const uint8_t domain[VC_DOMAIN_LEN]);
vc_key_t vc_key_seal_count(const uint8_t domain[VC_DOMAIN_LEN]);
vc_key_t vc_key_tombstone(const uint8_t domain[VC_DOMAIN_LEN]);

vc_key_t vc_key_group(vc_str_t name);
/* name empty: the prefix of a scope's locks; the scope too: that of all */
vc_key_t vc_key_lock(vc_str_t scope, vc_str_t name);
/* the prefix of the role assignments at a scope above vaults, and of
   those at a vault and below it */
vc_key_t vc_key_scope_roles(vc_str_t scope);
vc_key_t vc_key_vault_roles(const uint8_t domain[VC_DOMAIN_LEN]);
/* and of all of them */
vc_key_t vc_key_assignments(void);
/* an assignment, at the place that one of the two above gives */
vc_key_t vc_key_assignment(const vc_key_t *place, vc_str_t id);
/* a custom role; id may be empty: then it is the prefix of a list */
vc_key_t vc_key_role(vc_str_t id);
/* name may be empty: then it is the prefix of a list */
vc_key_t vc_key_diagnostic(const uint8_t domain[VC_DOMAIN_LEN], vc_str_t name);

/* state is 'h' or 'd'; name may be empty: then it is the prefix of a list */
vc_key_t vc_key_object(uint8_t state, const uint8_t domain[VC_DOMAIN_LEN],
    uint8_t kind, vc_str_t name);
/* version NULL: the prefix of an object's versions */
vc_key_t vc_key_version(const uint8_t domain[VC_DOMAIN_LEN], uint8_t kind,
    vc_str_t name, const uint8_t *version);

#endif /* VC_STORE_KEYS_H */
