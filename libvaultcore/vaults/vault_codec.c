#include "vaults/vault_codec.h"

#include <string.h>

#define VC_VAULT_FORMAT 1


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
vc_policy_decode(vc_reader_t *r, vc_policy_t *out)
{
    unsigned i;

    if (!vc_read_field(r, out->object_id, sizeof(out->object_id))
        || !vc_read_field(r, out->application_id, sizeof(out->application_id)))
    {
        return false;
    }

    for (i = 0; i < VC_FAMILY_COUNT; i++) {
        if (!vc_read_u32(r, &out->permissions[i])) {
            return false;
        }
    }

    return true;
}


static bool
vc_vault_decode_head(vc_reader_t *r, vc_vault_t *out)
{
    uint8_t  format, purge_protection;
    uint32_t retention_days, policy_count;
    vc_str_t domain;

    if (!vc_read_u8(r, &format) || format != VC_VAULT_FORMAT
        || !vc_read_bytes(r, VC_DOMAIN_LEN, &domain)
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


vc_status_t
vc_vault_decode(vc_str_t plain, vc_arena_t *arena, vc_vault_t *out)
{
    size_t      i;
    vc_reader_t r;

    memset(out, 0, sizeof(*out));
    r = vc_reader(plain);

    if (!vc_vault_decode_head(&r, out)) {
        return VC_INVALID;
    }

    if (out->policy_count != 0) {
        out->policies = vc_arena_calloc(arena,
            out->policy_count * sizeof(vc_policy_t));
        if (out->policies == NULL) {
            return VC_NO_MEMORY;
        }
    }

    for (i = 0; i < out->policy_count; i++) {
        if (!vc_policy_decode(&r, &out->policies[i])) {
            return VC_INVALID;
        }
    }

    return vc_read_done(&r) ? VC_OK : VC_INVALID;
}
