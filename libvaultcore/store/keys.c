#include "store/keys.h"

#include <string.h>

#include "crypto/digest.h"

#define VC_SCOPE_HASH_LEN 16


vc_str_t
vc_key_view(const vc_key_t *key)
{
    return (vc_str_t){key->data, key->len};
}


static void
vc_key_put(vc_key_t *key, const void *data, size_t len)
{
    if (len != 0) {
        memcpy(key->data + key->len, data, len);
        key->len += len;
    }
}


static vc_key_t
vc_key_begin(uint8_t class, const uint8_t *domain)
{
    vc_key_t key;

    key.data[0] = class;
    key.len = 1;

    if (domain != NULL) {
        vc_key_put(&key, domain, VC_DOMAIN_LEN);
    }

    return key;
}


/* ends a key with a name; too long a name makes the empty key, which no
   record has and no batch takes */
static void
vc_key_name(vc_key_t *key, vc_str_t name)
{
    if (name.len > VC_NAME_MAX) {
        key->len = 0;
        return;
    }

    vc_key_put(key, name.data, name.len);
}


static void
vc_key_upper(vc_key_t *key, vc_str_t name)
{
    size_t   i;
    uint8_t *p;

    p = key->data + key->len;
    vc_key_name(key, name);

    for (i = 0; key->len != 0 && i < name.len; i++) {
        if (p[i] >= 'a' && p[i] <= 'z') {
            p[i] = (uint8_t) (p[i] - 0x20);
        }
    }
}


static uint8_t
vc_lower(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') ? (uint8_t) (c | 0x20) : c;
}


static void
vc_key_lower(vc_key_t *key, vc_str_t name)
{
    size_t   i;
    uint8_t *p;

    p = key->data + key->len;
    vc_key_name(key, name);

    for (i = 0; key->len != 0 && i < name.len; i++) {
        p[i] = vc_lower(p[i]);
    }
}


/* scopes are longer than keys, and are compared without regard to case */
static void
vc_key_scope(vc_key_t *key, vc_str_t scope)
{
    size_t  i;
    uint8_t lower[VC_SCOPE_MAX], hash[VC_SHA256_LEN];

    if (scope.len > sizeof(lower)) {
        key->len = 0;
        return;
    }

    for (i = 0; i < scope.len; i++) {
        lower[i] = vc_lower(scope.data[i]);
    }

    if (vc_sha256((vc_str_t){lower, scope.len}, hash) != VC_OK) {
        key->len = 0;
        return;
    }

    vc_key_put(key, hash, VC_SCOPE_HASH_LEN);
}


vc_key_t
vc_key_installation(const char *what)
{
    vc_key_t key;

    key = vc_key_begin('i', NULL);
    vc_key_name(&key, vc_str(what));

    return key;
}


vc_key_t
vc_key_signing(int64_t created, vc_str_t kid)
{
    uint8_t  time[8];
    vc_key_t key;

    key = vc_key_begin('a', NULL);
    vc_store_be64(time, (uint64_t) created);
    vc_key_put(&key, time, sizeof(time));
    vc_key_name(&key, kid);

    return key;
}


vc_key_t
vc_key_principal(vc_str_t client_id)
{
    vc_key_t key;

    key = vc_key_begin('p', NULL);
    vc_key_lower(&key, client_id);

    return key;
}


vc_key_t
vc_key_vault(vc_str_t name)
{
    vc_key_t key;

    key = vc_key_begin('v', NULL);
    vc_key_upper(&key, name);

    return key;
}


vc_key_t
vc_key_sealing(const uint8_t domain[VC_DOMAIN_LEN])
{
    return vc_key_begin('k', domain);
}


vc_key_t
vc_key_seal_count(const uint8_t domain[VC_DOMAIN_LEN])
{
    return vc_key_begin('n', domain);
}


vc_key_t
vc_key_tombstone(const uint8_t domain[VC_DOMAIN_LEN])
{
    return vc_key_begin('t', domain);
}


vc_key_t
vc_key_group(vc_str_t name)
{
    vc_key_t key;

    key = vc_key_begin('u', NULL);
    vc_key_upper(&key, name);

    return key;
}


vc_key_t
vc_key_lock(vc_str_t scope, vc_str_t name)
{
    vc_key_t key;

    key = vc_key_begin('l', NULL);

    if (scope.len != 0) {
        vc_key_scope(&key, scope);
    }

    if (key.len != 0) {
        vc_key_upper(&key, name);
    }

    return key;
}


vc_key_t
vc_key_scope_roles(vc_str_t scope)
{
    vc_key_t key;

    key = vc_key_begin('r', NULL);
    vc_key_put(&key, "s", 1);
    vc_key_scope(&key, scope);

    return key;
}


vc_key_t
vc_key_vault_roles(const uint8_t domain[VC_DOMAIN_LEN])
{
    vc_key_t key;

    key = vc_key_begin('r', NULL);
    vc_key_put(&key, "v", 1);
    vc_key_put(&key, domain, VC_DOMAIN_LEN);

    return key;
}


vc_key_t
vc_key_assignments(void)
{
    return vc_key_begin('r', NULL);
}


vc_key_t
vc_key_assignment(const vc_key_t *place, vc_str_t id)
{
    vc_key_t key;

    key = *place;
    vc_key_lower(&key, id);

    return key;
}


vc_key_t
vc_key_role(vc_str_t id)
{
    vc_key_t key;

    key = vc_key_begin('q', NULL);
    vc_key_lower(&key, id);

    return key;
}


vc_key_t
vc_key_diagnostic(const uint8_t domain[VC_DOMAIN_LEN], vc_str_t name)
{
    vc_key_t key;

    key = vc_key_begin('g', domain);
    vc_key_upper(&key, name);

    return key;
}


vc_key_t
vc_key_object(uint8_t state, const uint8_t domain[VC_DOMAIN_LEN], uint8_t kind,
    vc_str_t name)
{
    vc_key_t key;

    key = vc_key_begin(state, domain);
    vc_key_put(&key, &kind, 1);
    vc_key_upper(&key, name);

    return key;
}


vc_key_t
vc_key_version(const uint8_t domain[VC_DOMAIN_LEN], uint8_t kind, vc_str_t name,
    const uint8_t *version)
{
    vc_key_t key;

    key = vc_key_object('w', domain, kind, name);
    if (key.len == 0) {
        return key;
    }

    vc_key_put(&key, "", 1);

    if (version != NULL) {
        vc_key_put(&key, version, VC_VERSION_LEN);
    }

    return key;
}
