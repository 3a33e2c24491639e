#include "vaults/installation.h"

#include <string.h>

#include "base/clock.h"
#include "crypto/random.h"

#define VC_INSTALLATION_FORMAT 1


static vc_status_t
vc_installation_decode(vc_str_t plain, vc_installation_t *out)
{
    uint8_t     format;
    vc_str_t    id, tenant;
    vc_reader_t r;

    r = vc_reader(plain);

    if (!vc_read_u8(&r, &format) || format != VC_INSTALLATION_FORMAT
        || !vc_read_bytes(&r, VC_GUID_LEN, &id)
        || !vc_read_bytes(&r, VC_GUID_LEN, &tenant)
        || !vc_read_i64(&r, &out->created) || !vc_read_done(&r))
    {
        return VC_INVALID;
    }

    memcpy(out->id, id.data, VC_GUID_LEN);
    memcpy(out->tenant, tenant.data, VC_GUID_LEN);
    out->id[VC_GUID_LEN] = '\0';
    out->tenant[VC_GUID_LEN] = '\0';

    return VC_OK;
}


static vc_status_t
vc_installation_fill(vc_installation_t *out, vc_str_t tenant, vc_error_t *err)
{
    size_t i;

    memset(out, 0, sizeof(*out));
    out->created = vc_now();

    if (vc_random_guid(out->id) != VC_OK
        || vc_random_guid(out->tenant) != VC_OK) {
        return vc_fail_detail(err, VC_CRYPTO, "no random bytes");
    }

    if (tenant.len == 0) {
        return VC_OK;
    }

    if (!vc_guid_valid(tenant)) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "The tenant is not a GUID; it must look like "
            "72f988bf-86f1-41af-91ab-2d7cd011db47.");
    }

    for (i = 0; i < VC_GUID_LEN; i++) {
        out->tenant[i] = (char) (tenant.data[i] >= 'A' && tenant.data[i] <= 'F'
                                     ? tenant.data[i] | 0x20
                                     : tenant.data[i]);
    }

    return VC_OK;
}


vc_status_t
vc_installation_create(vc_session_t *session, vc_arena_t *arena,
    vc_str_t tenant, vc_installation_t *out, vc_error_t *err)
{
    vc_buf_t    plain;
    vc_key_t    key;
    vc_batch_t *batch;
    vc_status_t status;

    status = vc_installation_fill(out, tenant, err);
    if (status != VC_OK) {
        return status;
    }

    vc_buf_init(&plain, arena, 128);
    vc_buf_u8(&plain, VC_INSTALLATION_FORMAT);
    vc_buf_put(&plain, out->id, VC_GUID_LEN);
    vc_buf_put(&plain, out->tenant, VC_GUID_LEN);
    vc_buf_u64(&plain, (uint64_t) out->created);

    batch = vc_batch_create(arena);
    if (batch == NULL || plain.failed) {
        return vc_fail_detail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_session_begin(session, err);
    if (status != VC_OK) {
        return status;
    }

    key = vc_key_installation("installation");
    status = vc_sealed_put(session, NULL, batch, vc_key_view(&key),
        VC_REVISION_NONE, vc_buf_view(&plain), 0);
    vc_session_end(session);

    if (status != VC_OK) {
        return vc_fail_detail(err, status, "the record could not be sealed");
    }

    status = vc_store_commit(vc_vaultstore_store(
                                 vc_session_vaultstore(session)),
        batch, NULL, err);

    if (status == VC_CONFLICT) {
        return vc_fail(err, VC_OBJECT_CONFLICT,
            "This store is initialised already.");
    }

    return status;
}


vc_status_t
vc_installation_get(vc_session_t *session, vc_arena_t *arena,
    vc_installation_t *out)
{
    vc_key_t    key;
    vc_record_t record;
    vc_status_t status;

    key = vc_key_installation("installation");
    status = vc_sealed_get(session, NULL, vc_key_view(&key), arena, &record);

    return (status == VC_OK) ? vc_installation_decode(record.payload, out)
                             : status;
}
