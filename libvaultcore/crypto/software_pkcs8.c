/* private keys from the DER of PKCS#8 (RFC 5208, RFC 5958) */

#include "crypto/software_der.h"


/* the long forms of a length, no longer than they must be */
static bool
vc_der_read_length(vc_reader_t *r, size_t *len)
{
    uint8_t  byte;
    size_t   i, count;
    vc_str_t bytes;

    if (!vc_read_u8(r, &byte)) {
        return false;
    }

    *len = byte;
    if (byte < 0x80) {
        return true;
    }

    count = byte & 0x7f;
    if (count < 1 || count > 2 || !vc_read_bytes(r, count, &bytes)) {
        return false;
    }

    for (i = 0, *len = 0; i < count; i++) {
        *len = *len << 8 | bytes.data[i];
    }

    return *len >= ((count == 1) ? 0x80U : 0x100U);
}


/* the content of the element that comes next, if it has the tag; otherwise the
   reader is left where it was */
static bool
vc_der_read(vc_reader_t *r, uint8_t tag, vc_str_t *content)
{
    size_t      len;
    uint8_t     byte;
    vc_reader_t at;

    at = *r;

    if (!vc_read_u8(&at, &byte) || byte != tag || !vc_der_read_length(&at, &len)
        || !vc_read_bytes(&at, len, content))
    {
        return false;
    }

    *r = at;

    return true;
}


/* a number that is not negative, in its shortest form */
static bool
vc_der_read_integer(vc_reader_t *r, vc_str_t *number)
{
    vc_str_t content;

    if (!vc_der_read(r, VC_DER_INTEGER, &content) || content.len == 0
        || content.data[0] >= 0x80
        || (content.len > 1 && content.data[0] == 0 && content.data[1] < 0x80))
    {
        return false;
    }

    *number = vc_number(content);

    return true;
}


static bool
vc_der_read_version(vc_reader_t *r, uint8_t highest, uint8_t *version)
{
    vc_str_t number;

    if (!vc_der_read_integer(r, &number) || number.len > 1) {
        return false;
    }

    *version = (number.len == 0) ? 0 : number.data[0];

    return *version <= highest;
}


static vc_status_t
vc_pkcs8_malformed(vc_error_t *err)
{
    return vc_fail(err, VC_INVALID,
        "The private key is not well formed: it must be the DER of a PKCS#8 "
        "PrivateKeyInfo (RFC 5208) with an RSA or an EC key in it.");
}


static vc_status_t
vc_pkcs8_read_rsa(vc_str_t der, vc_key_parts_t *parts, vc_error_t *err)
{
    size_t      i;
    uint8_t     version;
    vc_str_t    inside;
    vc_reader_t r;

    r = vc_reader(der);
    if (!vc_der_read(&r, VC_DER_SEQUENCE, &inside) || !vc_read_done(&r)) {
        return vc_pkcs8_malformed(err);
    }

    r = vc_reader(inside);
    if (!vc_der_read_version(&r, 1, &version)) {
        return vc_pkcs8_malformed(err);
    }

    if (version == 1) {
        return vc_fail(err, VC_INVALID,
            "The RSA key has more than two primes, which is not supported.");
    }

    for (i = 0; i < VC_RSA_PARTS; i++) {
        if (!vc_der_read_integer(&r, &parts->rsa[i])) {
            return vc_pkcs8_malformed(err);
        }
    }

    return vc_read_done(&r) ? VC_OK : vc_pkcs8_malformed(err);
}


/* d with the zeros that some writers leave away, or without those that others
   put before it; false if it is longer than the curve's */
static bool
vc_scalar(vc_key_parts_t *parts, vc_str_t bytes, vc_arena_t *arena)
{
    size_t   size;
    uint8_t *d;

    size = vc_curve_size(parts->curve);
    bytes = vc_number(bytes);
    d = vc_arena_calloc(arena, size);

    if (d == NULL || bytes.len > size) {
        return false;
    }

    memcpy(d + size - bytes.len, bytes.data, bytes.len);
    parts->d = (vc_str_t){d, size};

    return true;
}


/* the public key behind d, and parameters that name the same curve, if at all;
   no bytes in point: there is none */
static bool
vc_pkcs8_ec_rest(vc_reader_t *r, vc_curve_t curve, vc_str_t *point)
{
    vc_str_t    content, oid, bits;
    vc_reader_t inside;

    *point = VC_STR_NULL;

    if (vc_der_read(r, VC_DER_CONTEXT, &content)) {
        inside = vc_reader(content);

        if (!vc_der_read(&inside, VC_DER_OID, &oid) || !vc_read_done(&inside)
            || !vc_str_eq(oid, vc_curve_oid(curve)))
        {
            return false;
        }
    }

    if (!vc_der_read(r, VC_DER_CONTEXT | 1, &content)) {
        return vc_read_done(r);
    }

    inside = vc_reader(content);
    if (!vc_der_read(&inside, VC_DER_BITS, &bits) || !vc_read_done(&inside)
        || bits.len < 2 || bits.data[0] != 0)
    {
        return false;
    }

    *point = (vc_str_t){bits.data + 1, bits.len - 1};

    return vc_read_done(r);
}


static vc_status_t
vc_pkcs8_read_ec(vc_str_t der, vc_arena_t *arena, vc_key_parts_t *parts,
    vc_error_t *err)
{
    bool        whole;
    size_t      size;
    uint8_t     version;
    vc_str_t    inside, d, point;
    vc_reader_t r;

    r = vc_reader(der);
    if (!vc_der_read(&r, VC_DER_SEQUENCE, &inside) || !vc_read_done(&r)) {
        return vc_pkcs8_malformed(err);
    }

    r = vc_reader(inside);
    if (!vc_der_read_version(&r, 1, &version) || version != 1
        || !vc_der_read(&r, VC_DER_OCTETS, &d) || !vc_scalar(parts, d, arena)
        || !vc_pkcs8_ec_rest(&r, parts->curve, &point))
    {
        return vc_pkcs8_malformed(err);
    }

    size = vc_curve_size(parts->curve);
    whole = point.data != NULL && point.len == 1 + 2 * size;

    if (whole && point.data[0] == 0x04) {
        parts->x = (vc_str_t){point.data + 1, size};
        parts->y = (vc_str_t){point.data + 1 + size, size};
        return VC_OK;
    }

    if (vc_parts_point(parts, point, arena) != VC_OK) {
        return vc_fail(err, VC_INVALID,
            "The public key that the EC key contains, or the one that follows "
            "from its private number, is no point of the curve %s.",
            vc_curve_name(parts->curve));
    }

    return VC_OK;
}


/* which curve an EC key's AlgorithmIdentifier names */
static vc_status_t
vc_pkcs8_curve(vc_reader_t *r, vc_key_parts_t *parts, vc_error_t *err)
{
    vc_str_t   oid;
    vc_curve_t curve;

    if (!vc_der_read(r, VC_DER_OID, &oid) || !vc_read_done(r)) {
        return vc_fail(err, VC_INVALID,
            "The EC key does not name its curve. Keys with explicit curve "
            "parameters are refused.");
    }

    for (curve = VC_CURVE_P256; curve <= VC_CURVE_P256K; curve++) {
        if (vc_str_eq(oid, vc_curve_oid(curve))) {
            parts->curve = curve;
            return VC_OK;
        }
    }

    return vc_fail(err, VC_INVALID,
        "The EC key is on a curve that is not supported; P-256, P-384, P-521 "
        "and P-256K are.");
}


static vc_status_t
vc_pkcs8_algorithm(vc_str_t algorithm, vc_key_parts_t *parts, vc_error_t *err)
{
    vc_str_t    oid;
    vc_reader_t r;

    r = vc_reader(algorithm);
    if (!vc_der_read(&r, VC_DER_OID, &oid)) {
        return vc_pkcs8_malformed(err);
    }

    if (vc_str_eq(oid, vc_oid_of_ec)) {
        parts->kty = VC_KTY_EC;
        return vc_pkcs8_curve(&r, parts, err);
    }

    if (!vc_str_eq(oid, vc_oid_of_rsa)) {
        return vc_fail(err, VC_INVALID,
            "The private key is of a kind that is not supported; RSA and EC "
            "are.");
    }

    parts->kty = VC_KTY_RSA;

    return VC_OK;
}


vc_status_t
vc_pkcs8_read(vc_str_t der, vc_arena_t *arena, vc_key_parts_t *parts,
    vc_error_t *err)
{
    uint8_t     version;
    vc_str_t    inside, algorithm, key;
    vc_reader_t r;
    vc_status_t status;

    memset(parts, 0, sizeof(vc_key_parts_t));

    r = vc_reader(der);
    if (der.len > VC_PKCS8_MAX || !vc_der_read(&r, VC_DER_SEQUENCE, &inside)
        || !vc_read_done(&r))
    {
        return vc_pkcs8_malformed(err);
    }

    /* attributes and a public key (RFC 5958) may follow; nobody reads them */
    r = vc_reader(inside);
    if (!vc_der_read_version(&r, 1, &version)
        || !vc_der_read(&r, VC_DER_SEQUENCE, &algorithm)
        || !vc_der_read(&r, VC_DER_OCTETS, &key))
    {
        return vc_pkcs8_malformed(err);
    }

    status = vc_pkcs8_algorithm(algorithm, parts, err);
    if (status != VC_OK) {
        return status;
    }

    return (parts->kty == VC_KTY_RSA)
               ? vc_pkcs8_read_rsa(key, parts, err)
               : vc_pkcs8_read_ec(key, arena, parts, err);
}
