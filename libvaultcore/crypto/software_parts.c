/* the numbers of a key: to and from OpenSSL's keys, and to what is kept */

#include "crypto/software.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>

#define VC_POINT_MAX (1 + 2 * VC_CURVE_BYTES_MAX)
#define VC_RSA_BYTES_MAX (VC_RSA_BITS_MAX / 8)

const char *const vc_rsa_part_names[VC_RSA_PARTS] = {"n", "e", "d", "p", "q",
    "dp", "dq", "qi"};

static const char *const vc_rsa_params[VC_RSA_PARTS] = {OSSL_PKEY_PARAM_RSA_N,
    OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1,
    OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1,
    OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};

static const struct {
    const char *group;
    int         nid;
} vc_groups[] = {
    [VC_CURVE_NONE] = {NULL, NID_undef},
    [VC_CURVE_P256] = {"P-256", NID_X9_62_prime256v1},
    [VC_CURVE_P384] = {"P-384", NID_secp384r1},
    [VC_CURVE_P521] = {"P-521", NID_secp521r1},
    [VC_CURVE_P256K] = {"secp256k1", NID_secp256k1},
};


const char *
vc_curve_group(vc_curve_t curve)
{
    return vc_groups[curve].group;
}


vc_str_t
vc_number(vc_str_t bytes)
{
    while (bytes.len != 0 && bytes.data[0] == 0) {
        bytes.data++;
        bytes.len--;
    }

    return bytes;
}


unsigned
vc_number_bits(vc_str_t number)
{
    uint8_t  top;
    unsigned bits;

    number = vc_number(number);
    if (number.len == 0) {
        return 0;
    }

    bits = (unsigned) (number.len - 1) * 8;

    for (top = number.data[0]; top != 0; top >>= 1) {
        bits++;
    }

    return bits;
}


vc_key_spec_t
vc_parts_spec(const vc_key_parts_t *parts)
{
    size_t        i;
    vc_str_t      e;
    vc_key_spec_t spec = {.kty = parts->kty, .curve = parts->curve};

    if (parts->kty == VC_KTY_OCT) {
        spec.bits = (unsigned) parts->bytes.len * 8;

    } else if (parts->kty == VC_KTY_RSA) {
        spec.bits = vc_number_bits(parts->rsa[VC_RSA_N]);
        e = parts->rsa[VC_RSA_E];

        for (i = 0; i < e.len; i++) {
            spec.exponent = spec.exponent << 8 | e.data[i];
        }
    }

    return spec;
}


/* a number in the form that OpenSSL's parameters have, in the arena */
static vc_status_t
vc_param_number(OSSL_PARAM *param, const char *name, vc_str_t number,
    vc_arena_t *arena)
{
    int            rc;
    BIGNUM        *bn;
    unsigned char *native;

    native = vc_arena_alloc(arena, number.len + 1);
    bn = BN_bin2bn(number.data, (int) number.len, NULL);

    if (native == NULL || bn == NULL) {
        BN_clear_free(bn);
        return VC_NO_MEMORY;
    }

    rc = BN_bn2nativepad(bn, native, (int) number.len + 1);
    BN_clear_free(bn);
    *param = OSSL_PARAM_construct_BN(name, native, number.len + 1);

    return (rc >= 0) ? VC_OK : VC_CRYPTO;
}


static vc_status_t
vc_params_rsa(const vc_key_parts_t *parts, vc_arena_t *arena,
    OSSL_PARAM *params)
{
    size_t      i;
    vc_status_t status;

    for (i = 0; i < VC_RSA_PARTS; i++) {
        if (parts->rsa[i].len == 0) {
            continue;
        }

        status = vc_param_number(params++, vc_rsa_params[i], parts->rsa[i],
            arena);
        if (status != VC_OK) {
            return status;
        }
    }

    *params = OSSL_PARAM_construct_end();

    return VC_OK;
}


static vc_status_t
vc_params_ec(const vc_key_parts_t *parts, vc_arena_t *arena, OSSL_PARAM *params)
{
    size_t   size;
    uint8_t *point;

    size = vc_curve_size(parts->curve);

    point = vc_arena_alloc(arena, 1 + 2 * size);
    if (point == NULL) {
        return VC_NO_MEMORY;
    }

    point[0] = POINT_CONVERSION_UNCOMPRESSED;
    memcpy(point + 1, parts->x.data, size);
    memcpy(point + 1 + size, parts->y.data, size);

    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
        (char *) (uintptr_t) vc_curve_group(parts->curve), 0);
    params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
        point, 1 + 2 * size);
    params[3] = OSSL_PARAM_construct_end();

    return vc_param_number(&params[2], OSSL_PKEY_PARAM_PRIV_KEY, parts->d,
        arena);
}


static vc_status_t
vc_pkey_fromdata(const vc_key_parts_t *parts, OSSL_PARAM *params,
    EVP_PKEY **out, vc_error_t *err)
{
    int           rc, selection;
    EVP_PKEY_CTX *context;

    selection = (parts->kty == VC_KTY_RSA && parts->rsa[VC_RSA_D].len == 0)
                    ? EVP_PKEY_PUBLIC_KEY
                    : EVP_PKEY_KEYPAIR;

    context = EVP_PKEY_CTX_new_from_name(NULL, vc_kty_name(parts->kty), NULL);
    if (context == NULL || EVP_PKEY_fromdata_init(context) != 1) {
        EVP_PKEY_CTX_free(context);
        return vc_openssl_failed(err, "preparing to read a key");
    }

    *out = NULL;
    rc = EVP_PKEY_fromdata(context, out, selection, params);
    EVP_PKEY_CTX_free(context);

    if (rc != 1) {
        EVP_PKEY_free(*out);
        *out = NULL;
        ERR_clear_error();
        return vc_fail(err, VC_INVALID, "the numbers are no key");
    }

    return VC_OK;
}


vc_status_t
vc_parts_pkey(const vc_key_parts_t *parts, vc_arena_t *arena, EVP_PKEY **out,
    vc_error_t *err)
{
    OSSL_PARAM  params[VC_RSA_PARTS + 1];
    vc_status_t status;

    status = (parts->kty == VC_KTY_RSA) ? vc_params_rsa(parts, arena, params)
                                        : vc_params_ec(parts, arena, params);

    if (status != VC_OK) {
        return vc_fail(err, status, "out of memory");
    }

    return vc_pkey_fromdata(parts, params, out, err);
}


/* a number of the key, with leading zeros, in the arena */
static vc_status_t
vc_pkey_number(EVP_PKEY *pkey, const char *name, size_t size, vc_arena_t *arena,
    vc_str_t *out, vc_error_t *err)
{
    int        rc;
    BIGNUM    *bn;
    uint8_t   *native, *bytes;
    OSSL_PARAM params[2];

    native = vc_arena_calloc(arena, size);
    bytes = vc_arena_alloc(arena, size);
    if (native == NULL || bytes == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    params[0] = OSSL_PARAM_construct_BN(name, native, size);
    params[1] = OSSL_PARAM_construct_end();

    if (EVP_PKEY_get_params(pkey, params) != 1
        || !OSSL_PARAM_modified(&params[0])) {
        return vc_openssl_failed(err, "taking a new key apart");
    }

    bn = BN_native2bn(native, (int) params[0].return_size, NULL);
    rc = (bn == NULL) ? -1 : BN_bn2binpad(bn, bytes, (int) size);
    BN_clear_free(bn);

    if (rc < 0) {
        return vc_openssl_failed(err, "taking a new key apart");
    }

    *out = (vc_str_t){bytes, size};

    return VC_OK;
}


static vc_status_t
vc_parts_of_rsa(EVP_PKEY *pkey, vc_arena_t *arena, vc_key_parts_t *parts,
    vc_error_t *err)
{
    size_t      i;
    vc_status_t status;

    for (i = 0; i < VC_RSA_PARTS; i++) {
        status = vc_pkey_number(pkey, vc_rsa_params[i], VC_RSA_BYTES_MAX, arena,
            &parts->rsa[i], err);
        if (status != VC_OK) {
            return status;
        }

        parts->rsa[i] = vc_number(parts->rsa[i]);
    }

    return VC_OK;
}


vc_status_t
vc_parts_of_pkey(EVP_PKEY *pkey, vc_arena_t *arena, vc_key_parts_t *parts,
    vc_error_t *err)
{
    size_t      size;
    vc_status_t status;

    if (parts->kty == VC_KTY_RSA) {
        return vc_parts_of_rsa(pkey, arena, parts, err);
    }

    size = vc_curve_size(parts->curve);

    status = vc_pkey_number(pkey, OSSL_PKEY_PARAM_EC_PUB_X, size, arena,
        &parts->x, err);
    if (status == VC_OK) {
        status = vc_pkey_number(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, size, arena,
            &parts->y, err);
    }

    if (status == VC_OK) {
        status = vc_pkey_number(pkey, OSSL_PKEY_PARAM_PRIV_KEY, size, arena,
            &parts->d, err);
    }

    return status;
}


static bool
vc_point_of(const EC_GROUP *group, EC_POINT *at, const vc_key_parts_t *parts,
    vc_str_t point)
{
    bool    ok;
    BIGNUM *d;

    if (point.len != 0) {
        return EC_POINT_oct2point(group, at, point.data, point.len, NULL) == 1;
    }

    d = BN_bin2bn(parts->d.data, (int) parts->d.len, NULL);
    ok = d != NULL && EC_POINT_mul(group, at, d, NULL, NULL, NULL) == 1;
    BN_clear_free(d);

    return ok;
}


vc_status_t
vc_parts_point(vc_key_parts_t *parts, vc_str_t point, vc_arena_t *arena)
{
    size_t    size;
    uint8_t  *bytes;
    EC_GROUP *group;
    EC_POINT *at;

    size = vc_curve_size(parts->curve);
    bytes = vc_arena_alloc(arena, VC_POINT_MAX);
    group = EC_GROUP_new_by_curve_name(vc_groups[parts->curve].nid);
    at = (group == NULL) ? NULL : EC_POINT_new(group);

    if (bytes == NULL || at == NULL) {
        EC_GROUP_free(group);
        EC_POINT_free(at);
        return VC_NO_MEMORY;
    }

    /* the point at infinity has a shorter form, and is none */
    if (!vc_point_of(group, at, parts, point)
        || EC_POINT_point2oct(group, at, POINT_CONVERSION_UNCOMPRESSED, bytes,
               VC_POINT_MAX, NULL)
               != 1 + 2 * size)
    {
        size = 0;
        ERR_clear_error();
    }

    EC_POINT_free(at);
    EC_GROUP_free(group);

    parts->x = (vc_str_t){bytes + 1, size};
    parts->y = (vc_str_t){bytes + 1 + size, size};

    return (size == 0) ? VC_INVALID : VC_OK;
}


static void
vc_member_put(vc_buf_t *out, const char *name, vc_str_t bytes)
{
    vc_buf_literal(out, "\"");
    vc_buf_text(out, name);
    vc_buf_literal(out, "\":\"");
    vc_base64url_encode(out, bytes);
    vc_buf_literal(out, "\"");
}


static void
vc_public_members(const vc_key_parts_t *parts, vc_buf_t *out)
{
    if (parts->kty == VC_KTY_RSA) {
        vc_member_put(out, "n", parts->rsa[VC_RSA_N]);
        vc_buf_literal(out, ",");
        vc_member_put(out, "e", parts->rsa[VC_RSA_E]);

    } else if (parts->kty == VC_KTY_EC) {
        vc_buf_literal(out, "\"crv\":\"");
        vc_buf_text(out, vc_curve_name(parts->curve));
        vc_buf_literal(out, "\",");
        vc_member_put(out, "x", parts->x);
        vc_buf_literal(out, ",");
        vc_member_put(out, "y", parts->y);
    }
}


vc_status_t
vc_parts_made(const vc_key_parts_t *parts, vc_arena_t *arena,
    vc_key_made_t *out, vc_error_t *err)
{
    vc_buf_t    members;
    vc_status_t status;

    out->spec = vc_parts_spec(parts);
    vc_buf_init(&members, arena, 768);
    vc_public_members(parts, &members);

    if (members.failed) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    out->public_members = vc_buf_view(&members);

    if (parts->kty == VC_KTY_OCT) {
        out->material = parts->bytes;
        return VC_OK;
    }

    status = vc_pkcs8_write(parts, arena, &out->material);

    return (status == VC_OK) ? VC_OK : vc_fail(err, status, "out of memory");
}
