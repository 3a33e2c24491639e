/* private keys as DER */

#include "crypto/software_der.h"

/* what a 4096-bit RSA key takes, and some room */
#define VC_DER_ROOM 3072

static const uint8_t vc_oid_rsa[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
    0x01, 0x01};
/* the parameters that rsaEncryption has */
static const uint8_t vc_der_null[] = {0x05, 0x00};
static const uint8_t vc_oid_ec[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};

static const uint8_t vc_oid_p256[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01,
    0x07};
static const uint8_t vc_oid_p384[] = {0x2b, 0x81, 0x04, 0x00, 0x22};
static const uint8_t vc_oid_p521[] = {0x2b, 0x81, 0x04, 0x00, 0x23};
static const uint8_t vc_oid_p256k[] = {0x2b, 0x81, 0x04, 0x00, 0x0a};

#define VC_OID(bytes)                                                          \
    {                                                                          \
        bytes, sizeof(bytes)                                                   \
    }

static const vc_str_t vc_curve_oids[] = {
    [VC_CURVE_NONE] = {NULL, 0},
    [VC_CURVE_P256] = VC_OID(vc_oid_p256),
    [VC_CURVE_P384] = VC_OID(vc_oid_p384),
    [VC_CURVE_P521] = VC_OID(vc_oid_p521),
    [VC_CURVE_P256K] = VC_OID(vc_oid_p256k),
};

const vc_str_t vc_oid_of_rsa = VC_OID(vc_oid_rsa);
const vc_str_t vc_oid_of_ec = VC_OID(vc_oid_ec);

/* written from its end to its beginning: then each length is known */
typedef struct {
    uint8_t bytes[VC_DER_ROOM];
    size_t  at;
} vc_der_t;


vc_str_t
vc_curve_oid(vc_curve_t curve)
{
    return vc_curve_oids[curve];
}


static void
vc_der_put(vc_der_t *der, const void *data, size_t len)
{
    der->at -= len;
    memcpy(der->bytes + der->at, data, len);
}


static void
vc_der_byte(vc_der_t *der, uint8_t byte)
{
    vc_der_put(der, &byte, 1);
}


/* makes all that stands before `end` the content of one element */
static void
vc_der_wrap(vc_der_t *der, uint8_t tag, size_t end)
{
    size_t len;

    len = end - der->at;

    if (len < 0x80) {
        vc_der_byte(der, (uint8_t) len);

    } else if (len <= 0xff) {
        vc_der_byte(der, (uint8_t) len);
        vc_der_byte(der, 0x81);

    } else {
        vc_der_byte(der, (uint8_t) len);
        vc_der_byte(der, (uint8_t) (len >> 8));
        vc_der_byte(der, 0x82);
    }

    vc_der_byte(der, tag);
}


static void
vc_der_element(vc_der_t *der, uint8_t tag, vc_str_t content)
{
    size_t end;

    end = der->at;
    vc_der_put(der, content.data, content.len);
    vc_der_wrap(der, tag, end);
}


static void
vc_der_integer(vc_der_t *der, vc_str_t number)
{
    size_t end;

    end = der->at;
    vc_der_put(der, number.data, number.len);

    if (number.len == 0 || number.data[0] >= 0x80) {
        vc_der_byte(der, 0);
    }

    vc_der_wrap(der, VC_DER_INTEGER, end);
}


static void
vc_der_version(vc_der_t *der, uint8_t version)
{
    vc_der_element(der, VC_DER_INTEGER, (vc_str_t){&version, 1});
}


/* RSAPrivateKey, RFC 8017 section A.1.2 */
static void
vc_der_rsa(vc_der_t *der, const vc_key_parts_t *parts)
{
    size_t i, end;

    end = der->at;

    for (i = VC_RSA_PARTS; i > 0; i--) {
        vc_der_integer(der, parts->rsa[i - 1]);
    }

    vc_der_version(der, 0);
    vc_der_wrap(der, VC_DER_SEQUENCE, end);
}


/* ECPrivateKey, RFC 5915, with the public key */
static void
vc_der_ec(vc_der_t *der, const vc_key_parts_t *parts)
{
    size_t end;

    end = der->at;
    vc_der_put(der, parts->y.data, parts->y.len);
    vc_der_put(der, parts->x.data, parts->x.len);
    vc_der_byte(der, 0x04); /* uncompressed */
    vc_der_byte(der, 0);    /* no unused bits */
    vc_der_wrap(der, VC_DER_BITS, end);
    vc_der_wrap(der, VC_DER_CONTEXT | 1, end);
    vc_der_element(der, VC_DER_OCTETS, parts->d);
    vc_der_version(der, 1);
    vc_der_wrap(der, VC_DER_SEQUENCE, end);
}


static void
vc_der_algorithm(vc_der_t *der, const vc_key_parts_t *parts)
{
    size_t end;

    end = der->at;

    if (parts->kty == VC_KTY_RSA) {
        vc_der_put(der, vc_der_null, sizeof(vc_der_null));
        vc_der_element(der, VC_DER_OID, vc_oid_of_rsa);
    } else {
        vc_der_element(der, VC_DER_OID, vc_curve_oids[parts->curve]);
        vc_der_element(der, VC_DER_OID, vc_oid_of_ec);
    }

    vc_der_wrap(der, VC_DER_SEQUENCE, end);
}


vc_status_t
vc_pkcs8_write(const vc_key_parts_t *parts, vc_arena_t *arena, vc_str_t *out)
{
    vc_der_t *der;

    der = vc_arena_alloc(arena, sizeof(vc_der_t));
    if (der == NULL) {
        return VC_NO_MEMORY;
    }

    der->at = VC_DER_ROOM;

    if (parts->kty == VC_KTY_RSA) {
        vc_der_rsa(der, parts);
    } else {
        vc_der_ec(der, parts);
    }

    vc_der_wrap(der, VC_DER_OCTETS, VC_DER_ROOM);
    vc_der_algorithm(der, parts);
    vc_der_version(der, 0);
    vc_der_wrap(der, VC_DER_SEQUENCE, VC_DER_ROOM);

    *out = (vc_str_t){der->bytes + der->at, VC_DER_ROOM - der->at};

    return VC_OK;
}
