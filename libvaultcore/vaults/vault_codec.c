#include "vaults/vault_codec.h"

#include <string.h>

/*
 * Format 1 ended with the policies, which had three families; 2 adds what the
 * management plane knows of a vault.
 */
#define VC_VAULT_FORMAT_1 1
#define VC_VAULT_FORMAT 2
#define VC_FAMILY_COUNT_1 3

enum {
    VC_VAULT_PREMIUM = 1U << 0,
    VC_VAULT_RBAC = 1U << 1,
    VC_VAULT_SOFT_DELETE_SAID = 1U << 2
};

enum {
    VC_NETWORK_HAS_RULES = 1U << 0,
    VC_NETWORK_DENY = 1U << 1,
    VC_NETWORK_BYPASS = 1U << 2,
    VC_NETWORK_PUBLIC_DISABLED = 1U << 3
};


static void
vc_policy_encode(const vc_policy_t *policy, vc_buf_t *out)
{
    unsigned i;

    vc_buf_block(out, vc_str(policy->object_id));
    vc_buf_block(out, vc_str(policy->application_id));

    for (i = 0; i < VC_FAMILY_COUNT; i++) {
        vc_buf_u32(out, policy->permissions[i]);
    }
}


static uint8_t
vc_flag(bool set, uint8_t flag)
{
    return set ? flag : 0;
}


static void
vc_network_encode(const vc_network_t *network, vc_buf_t *out)
{
    size_t i;

    vc_buf_u8(out,
        vc_flag(network->has_rules, VC_NETWORK_HAS_RULES)
            | vc_flag(network->deny, VC_NETWORK_DENY)
            | vc_flag(network->bypass, VC_NETWORK_BYPASS)
            | vc_flag(network->public_disabled, VC_NETWORK_PUBLIC_DISABLED));
    vc_buf_u32(out, (uint32_t) network->range_count);

    for (i = 0; i < network->range_count; i++) {
        vc_buf_put(out, network->ranges[i].address,
            sizeof(network->ranges[i].address));
        vc_buf_u8(out, network->ranges[i].prefix);
    }

    vc_buf_block(out, network->virtual_rules);
}


static void
vc_vault_encode_management(const vc_vault_t *vault, vc_buf_t *out)
{
    vc_buf_block(out, vc_str(vault->group));
    vc_buf_block(out, vault->location);
    vc_buf_u8(out,
        vc_flag(vault->premium, VC_VAULT_PREMIUM)
            | vc_flag(vault->rbac, VC_VAULT_RBAC)
            | vc_flag(vault->soft_delete_said, VC_VAULT_SOFT_DELETE_SAID));
    vc_buf_u8(out, vault->enabled_for);
    vc_buf_u8(out, vault->enabled_for_said);
    vc_network_encode(&vault->network, out);
    vc_buf_block(out, vault->tags);
    vc_buf_u64(out, (uint64_t) vault->modified);
    vc_buf_block(out, vc_str(vault->created_by));
    vc_buf_block(out, vc_str(vault->modified_by));
}


void
vc_vault_encode(const vc_vault_t *vault, vc_buf_t *out)
{
    size_t i;

    vc_buf_u8(out, VC_VAULT_FORMAT);
    vc_buf_put(out, vault->domain, VC_DOMAIN_LEN);
    vc_buf_block(out, vc_str(vault->name));
    vc_buf_block(out, vc_str(vault->tenant));
    vc_buf_u32(out, (uint32_t) vault->retention_days);
    vc_buf_u8(out, vault->purge_protection);
    vc_buf_u64(out, (uint64_t) vault->created);
    vc_buf_u64(out, (uint64_t) vault->deleted);
    vc_buf_u64(out, (uint64_t) vault->scheduled_purge);
    vc_buf_u32(out, (uint32_t) vault->policy_count);

    for (i = 0; i < vault->policy_count; i++) {
        vc_policy_encode(&vault->policies[i], out);
    }

    vc_vault_encode_management(vault, out);
}


/* a block that must fit into a NUL-terminated field */
static bool
vc_read_field(vc_reader_t *r, char *out, size_t size)
{
    vc_str_t s;

    if (!vc_read_block(r, &s) || s.len >= size) {
        return false;
    }

    memcpy(out, s.data, s.len);
    out[s.len] = '\0';

    return true;
}


static bool
vc_policy_decode(vc_reader_t *r, unsigned families, vc_policy_t *out)
{
    unsigned i;

    if (!vc_read_field(r, out->object_id, sizeof(out->object_id))
        || !vc_read_field(r, out->application_id, sizeof(out->application_id)))
    {
        return false;
    }

    for (i = 0; i < families; i++) {
        if (!vc_read_u32(r, &out->permissions[i])) {
            return false;
        }
    }

    return true;
}


static bool
vc_vault_decode_head(vc_reader_t *r, vc_vault_t *out)
{
    uint8_t  purge_protection;
    uint32_t retention_days, policy_count;
    vc_str_t domain;

    if (!vc_read_bytes(r, VC_DOMAIN_LEN, &domain)
        || !vc_read_field(r, out->name, sizeof(out->name))
        || !vc_read_field(r, out->tenant, sizeof(out->tenant))
        || !vc_read_u32(r, &retention_days) || !vc_read_u8(r, &purge_protection)
        || !vc_read_i64(r, &out->created) || !vc_read_i64(r, &out->deleted)
        || !vc_read_i64(r, &out->scheduled_purge)
        || !vc_read_u32(r, &policy_count) || retention_days > VC_RETENTION_MAX
        || policy_count > VC_POLICIES_MAX)
    {
        return false;
    }

    memcpy(out->domain, domain.data, VC_DOMAIN_LEN);
    out->retention_days = (int) retention_days;
    out->purge_protection = purge_protection != 0;
    out->policy_count = policy_count;

    return true;
}


static vc_status_t
vc_policies_decode(vc_reader_t *r, unsigned families, vc_arena_t *arena,
    vc_vault_t *out)
{
    size_t i;

    if (out->policy_count == 0) {
        return VC_OK;
    }

    out->policies = vc_arena_calloc(arena,
        out->policy_count * sizeof(vc_policy_t));
    if (out->policies == NULL) {
        return VC_NO_MEMORY;
    }

    for (i = 0; i < out->policy_count; i++) {
        if (!vc_policy_decode(r, families, &out->policies[i])) {
            return VC_INVALID;
        }
    }

    return VC_OK;
}


static bool
vc_range_decode(vc_reader_t *r, vc_range_t *out)
{
    vc_str_t address;

    if (!vc_read_bytes(r, sizeof(out->address), &address)
        || !vc_read_u8(r, &out->prefix) || out->prefix > 128)
    {
        return false;
    }

    memcpy(out->address, address.data, sizeof(out->address));

    return true;
}


static vc_status_t
vc_network_decode(vc_reader_t *r, vc_arena_t *arena, vc_network_t *out)
{
    size_t   i;
    uint8_t  flags;
    uint32_t count;

    if (!vc_read_u8(r, &flags) || !vc_read_u32(r, &count)
        || count > VC_NETWORK_RULES_MAX)
    {
        return VC_INVALID;
    }

    out->has_rules = (flags & VC_NETWORK_HAS_RULES) != 0;
    out->deny = (flags & VC_NETWORK_DENY) != 0;
    out->bypass = (flags & VC_NETWORK_BYPASS) != 0;
    out->public_disabled = (flags & VC_NETWORK_PUBLIC_DISABLED) != 0;
    out->range_count = count;

    if (count != 0) {
        out->ranges = vc_arena_calloc(arena, count * sizeof(vc_range_t));
        if (out->ranges == NULL) {
            return VC_NO_MEMORY;
        }
    }

    for (i = 0; i < count; i++) {
        if (!vc_range_decode(r, &out->ranges[i])) {
            return VC_INVALID;
        }
    }

    return vc_read_block(r, &out->virtual_rules) ? VC_OK : VC_INVALID;
}


static vc_status_t
vc_vault_decode_management(vc_reader_t *r, vc_arena_t *arena, vc_vault_t *out)
{
    uint8_t     flags;
    vc_status_t status;

    if (!vc_read_field(r, out->group, sizeof(out->group))
        || !vc_read_block(r, &out->location) || !vc_read_u8(r, &flags)
        || !vc_read_u8(r, &out->enabled_for)
        || !vc_read_u8(r, &out->enabled_for_said))
    {
        return VC_INVALID;
    }

    out->premium = (flags & VC_VAULT_PREMIUM) != 0;
    out->rbac = (flags & VC_VAULT_RBAC) != 0;
    out->soft_delete_said = (flags & VC_VAULT_SOFT_DELETE_SAID) != 0;

    status = vc_network_decode(r, arena, &out->network);
    if (status != VC_OK) {
        return status;
    }

    return (vc_read_block(r, &out->tags) && vc_read_i64(r, &out->modified)
               && vc_read_field(r, out->created_by, sizeof(out->created_by))
               && vc_read_field(r, out->modified_by, sizeof(out->modified_by)))
               ? VC_OK
               : VC_INVALID;
}


/* what a vault is that was made before there was a management plane */
static void
vc_vault_unmanaged(vc_vault_t *vault)
{
    memcpy(vault->group, VC_GROUP_DEFAULT, sizeof(VC_GROUP_DEFAULT));
    vault->location = VC_STR(VC_LOCATION_DEFAULT);
    vault->modified = vault->created;
}


vc_status_t
vc_vault_decode(vc_str_t plain, vc_arena_t *arena, vc_vault_t *out)
{
    uint8_t     format;
    vc_reader_t r;
    vc_status_t status;

    memset(out, 0, sizeof(*out));
    r = vc_reader(plain);

    if (!vc_read_u8(&r, &format)
        || (format != VC_VAULT_FORMAT_1 && format != VC_VAULT_FORMAT)
        || !vc_vault_decode_head(&r, out))
    {
        return VC_INVALID;
    }

    status = vc_policies_decode(&r,
        (format == VC_VAULT_FORMAT_1) ? VC_FAMILY_COUNT_1 : VC_FAMILY_COUNT,
        arena, out);
    if (status != VC_OK) {
        return status;
    }

    if (format == VC_VAULT_FORMAT_1) {
        vc_vault_unmanaged(out);

    } else {
        status = vc_vault_decode_management(&r, arena, out);
    }

    return (status == VC_OK && !vc_read_done(&r)) ? VC_INVALID : status;
}
