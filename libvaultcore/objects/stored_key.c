#include "objects/stored_key.h"

#define VC_STORED_KEY_FORMAT 1

enum {
    VC_STORED_IMPORTED = 1U << 0,
    VC_STORED_EXPORTABLE = 1U << 1,
    VC_STORED_RELEASE_POLICY = 1U << 2,
    VC_STORED_IMMUTABLE = 1U << 3,
    VC_STORED_FLAGS = (1U << 4) - 1
};


static uint8_t
vc_stored_key_flags(const vc_stored_key_t *key)
{
    unsigned flags;

    flags = key->imported ? VC_STORED_IMPORTED : 0U;
    flags |= key->exportable ? VC_STORED_EXPORTABLE : 0U;
    flags |= key->has_release_policy ? VC_STORED_RELEASE_POLICY : 0U;
    flags |= key->immutable ? VC_STORED_IMMUTABLE : 0U;

    return (uint8_t) flags;
}


void
vc_stored_key_encode(const vc_stored_key_t *key, vc_buf_t *out)
{
    vc_buf_u8(out, VC_STORED_KEY_FORMAT);
    vc_buf_u8(out, vc_stored_key_flags(key));
    vc_buf_u8(out, (uint8_t) key->spec.kty);
    vc_buf_u8(out, (uint8_t) key->spec.curve);
    vc_buf_u32(out, key->spec.bits);
    vc_buf_u64(out, key->spec.exponent);
    vc_buf_u32(out, key->operations);
    vc_buf_block(out, key->public_members);
    vc_buf_block(out, key->release_content_type);
    vc_buf_block(out, key->release_policy);
    vc_buf_block(out, key->material);
}


static bool
vc_stored_key_read_spec(vc_reader_t *r, vc_key_spec_t *spec)
{
    uint8_t  kty, curve;
    uint32_t bits;

    if (!vc_read_u8(r, &kty) || kty > VC_KTY_OCT || !vc_read_u8(r, &curve)
        || curve > VC_CURVE_P256K || !vc_read_u32(r, &bits)
        || !vc_read_u64(r, &spec->exponent))
    {
        return false;
    }

    spec->kty = (vc_kty_t) kty;
    spec->curve = (vc_curve_t) curve;
    spec->bits = bits;

    return true;
}


vc_status_t
vc_stored_key_decode(vc_str_t payload, vc_stored_key_t *out)
{
    uint8_t     format, flags;
    vc_reader_t r;

    r = vc_reader(payload);

    if (!vc_read_u8(&r, &format) || format != VC_STORED_KEY_FORMAT
        || !vc_read_u8(&r, &flags) || (flags & ~VC_STORED_FLAGS) != 0
        || !vc_stored_key_read_spec(&r, &out->spec)
        || !vc_read_u32(&r, &out->operations)
        || !vc_read_block(&r, &out->public_members)
        || !vc_read_block(&r, &out->release_content_type)
        || !vc_read_block(&r, &out->release_policy)
        || !vc_read_block(&r, &out->material) || !vc_read_done(&r))
    {
        return VC_INVALID;
    }

    out->imported = (flags & VC_STORED_IMPORTED) != 0;
    out->exportable = (flags & VC_STORED_EXPORTABLE) != 0;
    out->has_release_policy = (flags & VC_STORED_RELEASE_POLICY) != 0;
    out->immutable = (flags & VC_STORED_IMMUTABLE) != 0;

    return VC_OK;
}
