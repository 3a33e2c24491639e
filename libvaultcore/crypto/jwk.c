/* keys in JSON form: what fits which algorithm, making, and certificates */

#include "crypto/jws.h"

#include <stdlib.h>
#include <string.h>

#include <jose/b64.h>
#include <jose/jwk.h>
#include <jose/openssl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "crypto/jws_quiet.h"

#define VC_RSA_BITS_MIN 2048
#define VC_RSA_BITS_MAX 16384 /* as OpenSSL: OPENSSL_RSA_MAX_MODULUS_BITS */
#define VC_RSA_EXPONENT_MAX 8 /* bytes */
#define VC_PEM_MAX 65536


typedef struct {
    uint32_t    bit;
    const char *name;
    const char *kty;
    const char *crv;        /* NULL for RSA */
    size_t      coordinate; /* bytes of x and of y */
} vc_alg_t;

static const vc_alg_t vc_algs[] = {
    {VC_ALG_RS256, "RS256", "RSA", NULL, 0},
    {VC_ALG_RS384, "RS384", "RSA", NULL, 0},
    {VC_ALG_RS512, "RS512", "RSA", NULL, 0},
    {VC_ALG_PS256, "PS256", "RSA", NULL, 0},
    {VC_ALG_PS384, "PS384", "RSA", NULL, 0},
    {VC_ALG_PS512, "PS512", "RSA", NULL, 0},
    {VC_ALG_ES256, "ES256", "EC", "P-256", 32},
    {VC_ALG_ES384, "ES384", "EC", "P-384", 48},
};

#define VC_ALG_COUNT (sizeof(vc_algs) / sizeof(vc_algs[0]))


static const vc_alg_t *
vc_alg_find(uint32_t bit)
{
    size_t i;

    for (i = 0; i < VC_ALG_COUNT; i++) {
        if (vc_algs[i].bit == bit) {
            return &vc_algs[i];
        }
    }

    return NULL;
}


uint32_t
vc_alg_parse(vc_str_t name)
{
    size_t i;

    for (i = 0; i < VC_ALG_COUNT; i++) {
        if (vc_str_eq(name, vc_str(vc_algs[i].name))) {
            return vc_algs[i].bit;
        }
    }

    return 0;
}


const char *
vc_alg_name(uint32_t bit)
{
    const vc_alg_t *alg;

    alg = vc_alg_find(bit);

    return (alg == NULL) ? NULL : alg->name;
}


static bool
vc_jwk_member_is(const json_t *jwk, const char *member, const char *value)
{
    const char *text;

    text = json_string_value(json_object_get(jwk, member));

    return text != NULL && strcmp(text, value) == 0;
}


/* the length in bytes of a base64url member; 0 if it is not one */
static size_t
vc_jwk_member_size(const json_t *jwk, const char *member)
{
    size_t  n;
    json_t *value;

    value = json_object_get(jwk, member);
    if (!json_is_string(value)) {
        return 0;
    }

    n = jose_b64_dec(value, NULL, 0);

    return (n == SIZE_MAX) ? 0 : n;
}


/* the size of the modulus in bits, 0 if it has no proper form */
static unsigned
vc_jwk_rsa_bits(const json_t *jwk)
{
    size_t   n, i;
    uint8_t  modulus[VC_RSA_BITS_MAX / 8];
    unsigned bits;

    n = vc_jwk_member_size(jwk, "n");
    if (n == 0 || n > sizeof(modulus)
        || jose_b64_dec(json_object_get(jwk, "n"), modulus, n) != n)
    {
        return 0;
    }

    for (i = 0; i < n && modulus[i] == 0; i++) {
        /* leading zeros count for nothing */
    }

    if (i == n) {
        return 0;
    }

    bits = (unsigned) (n - i) * 8;

    for (modulus[i] |= 1; (modulus[i] & 0x80) == 0; bits--) {
        modulus[i] = (uint8_t) (modulus[i] << 1);
    }

    return bits;
}


static bool
vc_jwk_is_usable_rsa(const json_t *jwk)
{
    size_t n;

    n = vc_jwk_member_size(jwk, "e");

    return n != 0 && n <= VC_RSA_EXPONENT_MAX
           && vc_jwk_rsa_bits(jwk) >= VC_RSA_BITS_MIN;
}


static bool
vc_jwk_is_usable_ec(const json_t *jwk, const vc_alg_t *alg)
{
    return vc_jwk_member_is(jwk, "crv", alg->crv)
           && vc_jwk_member_size(jwk, "x") == alg->coordinate
           && vc_jwk_member_size(jwk, "y") == alg->coordinate;
}


/* RFC 7517 sections 4.2 to 4.4: absent members forbid nothing */
static bool
vc_jwk_may_verify(const json_t *jwk, const char *alg)
{
    size_t  i;
    json_t *ops, *op;

    if ((json_object_get(jwk, "use") != NULL
            && !vc_jwk_member_is(jwk, "use", "sig"))
        || (json_object_get(jwk, "alg") != NULL
            && !vc_jwk_member_is(jwk, "alg", alg)))
    {
        return false;
    }

    ops = json_object_get(jwk, "key_ops");
    if (ops == NULL) {
        return true;
    }

    json_array_foreach(ops, i, op)
    {
        if (json_is_string(op) && strcmp(json_string_value(op), "verify") == 0)
        {
            return true;
        }
    }

    return false;
}


bool
vc_alg_fits_key(uint32_t bit, const json_t *jwk)
{
    const vc_alg_t *alg;

    alg = vc_alg_find(bit);

    if (alg == NULL || !json_is_object(jwk)
        || !vc_jwk_member_is(jwk, "kty", alg->kty)
        || !vc_jwk_may_verify(jwk, alg->name))
    {
        return false;
    }

    return (alg->crv == NULL) ? vc_jwk_is_usable_rsa(jwk)
                              : vc_jwk_is_usable_ec(jwk, alg);
}


vc_status_t
vc_jwk_generate_rsa(unsigned bits, json_t **out)
{
    json_t     *jwk;
    vc_quiet_t  quiet;
    vc_status_t status;

    *out = NULL;

    if (bits < VC_RSA_BITS_MIN || bits > VC_RSA_BITS_MAX) {
        return VC_INVALID;
    }

    jwk = json_pack("{s:s,s:i}", "kty", "RSA", "bits", (int) bits);
    if (jwk == NULL) {
        return VC_NO_MEMORY;
    }

    vc_quiet_begin(&quiet);
    status = jose_jwk_gen(quiet.cfg, jwk) ? VC_OK : VC_CRYPTO;
    vc_quiet_end(&quiet);

    if (status != VC_OK) {
        json_decref(jwk);
        return status;
    }

    *out = jwk;

    return VC_OK;
}


json_t *
vc_jwk_public(const json_t *jwk)
{
    json_t    *copy;
    vc_quiet_t quiet;

    copy = json_deep_copy(jwk);
    if (copy == NULL) {
        return NULL;
    }

    vc_quiet_begin(&quiet);

    if (!jose_jwk_pub(quiet.cfg, copy)) {
        json_decref(copy);
        copy = NULL;
    }

    vc_quiet_end(&quiet);

    return copy;
}


char *
vc_jwk_thumbprint(vc_arena_t *arena, const json_t *jwk)
{
    char      *text;
    json_t    *thumbprint;
    vc_quiet_t quiet;

    vc_quiet_begin(&quiet);
    thumbprint = jose_jwk_thp(quiet.cfg, jwk, "S256");
    vc_quiet_end(&quiet);

    text = NULL;
    if (json_is_string(thumbprint)) {
        text = vc_str_dup(arena, vc_str(json_string_value(thumbprint)));
    }

    json_decref(thumbprint);

    return text;
}


/* without it OpenSSL would ask at the terminal for a passphrase */
static int
vc_pem_no_passphrase(char *buf, int size, int writing, void *data)
{
    (void) buf;
    (void) size;
    (void) writing;
    (void) data;

    return -1;
}


static X509 *
vc_pem_read(vc_str_t pem)
{
    BIO  *bio;
    X509 *certificate;

    if (pem.len == 0 || pem.len > VC_PEM_MAX) {
        return NULL;
    }

    bio = BIO_new_mem_buf(pem.data, (int) pem.len);
    if (bio == NULL) {
        return NULL;
    }

    certificate = PEM_read_bio_X509(bio, NULL, vc_pem_no_passphrase, NULL);
    BIO_free(bio);

    return certificate;
}


/* writes the digest of the certificate's DER form, NUL-terminated */
static bool
vc_certificate_digest(const X509 *certificate, const EVP_MD *md, char *out,
    size_t size)
{
    size_t   len;
    uint8_t  digest[EVP_MAX_MD_SIZE];
    unsigned n;

    if (X509_digest(certificate, md, digest, &n) != 1) {
        return false;
    }

    len = jose_b64_enc_buf(digest, n, out, size - 1);
    if (len == SIZE_MAX || len > size - 1) {
        return false;
    }

    out[len] = '\0';

    return true;
}


static bool
vc_certificate_time(const ASN1_TIME *time, int64_t *out)
{
    int        days, seconds;
    bool       good;
    ASN1_TIME *epoch;

    epoch = ASN1_TIME_set(NULL, 0);
    good = epoch != NULL && time != NULL
           && ASN1_TIME_diff(&days, &seconds, epoch, time) == 1;
    ASN1_TIME_free(epoch);

    if (good) {
        *out = (int64_t) days * 86400 + seconds;
    }

    return good;
}


static bool
vc_certificate_read(X509 *certificate, vc_certificate_key_t *out,
    const vc_quiet_t *quiet)
{
    EVP_PKEY *key;

    key = X509_get0_pubkey(certificate);

    if (key == NULL
        || !vc_certificate_digest(certificate, EVP_sha1(), out->x5t,
            sizeof(out->x5t))
        || !vc_certificate_digest(certificate, EVP_sha256(), out->x5t_s256,
            sizeof(out->x5t_s256))
        || !vc_certificate_time(X509_get0_notBefore(certificate),
            &out->not_before)
        || !vc_certificate_time(X509_get0_notAfter(certificate),
            &out->not_after))
    {
        return false;
    }

    out->jwk = jose_openssl_jwk_from_EVP_PKEY(quiet->cfg, key);

    return out->jwk != NULL;
}


static bool
vc_jwk_is_usable(const json_t *jwk)
{
    size_t i;

    for (i = 0; i < VC_ALG_COUNT; i++) {
        if (vc_alg_fits_key(vc_algs[i].bit, jwk)) {
            return true;
        }
    }

    return false;
}


vc_status_t
vc_certificate_key(vc_str_t pem, vc_certificate_key_t *out, vc_error_t *err)
{
    bool       good;
    X509      *certificate;
    vc_quiet_t quiet;

    memset(out, 0, sizeof(*out));

    vc_quiet_begin(&quiet);
    certificate = vc_pem_read(pem);
    good = certificate != NULL && vc_certificate_read(certificate, out, &quiet);
    X509_free(certificate);
    vc_quiet_end(&quiet);

    if (certificate == NULL) {
        return vc_fail(err, VC_INVALID,
            "The certificate cannot be read: it must be an X.509 certificate "
            "in PEM form (\"-----BEGIN CERTIFICATE-----\").");
    }

    if (!good || !vc_jwk_is_usable(out->jwk)) {
        json_decref(out->jwk);
        memset(out, 0, sizeof(*out));
        return vc_fail(err, VC_INVALID,
            "The certificate's key cannot be used: it must be RSA of 2048 "
            "bits or more, or EC on P-256 or P-384.");
    }

    return VC_OK;
}
