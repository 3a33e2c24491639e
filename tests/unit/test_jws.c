/* crypto/jws.h: algorithms, keys, compact signatures, certificates */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jose/jwk.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/digest.h"
#include "crypto/jws.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static json_t     *rsa, *rsa_other, *p256, *p384;
static vc_arena_t *arena;


static json_t *
make_ec(const char *crv)
{
    json_t *jwk;

    jwk = json_pack("{s:s,s:s}", "kty", "EC", "crv", crv);
    assert_true(jose_jwk_gen(NULL, jwk));

    return jwk;
}


static int
set_up(void **state)
{
    (void) state;

    vc_json_secure_memory();
    arena = vc_arena_create(4096);
    assert_int_equal(vc_jwk_generate_rsa(2048, &rsa), VC_OK);
    assert_int_equal(vc_jwk_generate_rsa(2048, &rsa_other), VC_OK);
    p256 = make_ec("P-256");
    p384 = make_ec("P-384");

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    json_decref(rsa);
    json_decref(rsa_other);
    json_decref(p256);
    json_decref(p384);
    vc_arena_destroy(arena);

    return 0;
}


static const struct {
    const char *name;
    uint32_t    bit;
    json_t    **key;
} algs[] = {
    {"RS256", VC_ALG_RS256, &rsa},
    {"RS384", VC_ALG_RS384, &rsa},
    {"RS512", VC_ALG_RS512, &rsa},
    {"PS256", VC_ALG_PS256, &rsa},
    {"PS384", VC_ALG_PS384, &rsa},
    {"PS512", VC_ALG_PS512, &rsa},
    {"ES256", VC_ALG_ES256, &p256},
    {"ES384", VC_ALG_ES384, &p384},
};


static vc_str_t
base64url(const char *text)
{
    vc_buf_t buf;

    vc_buf_init(&buf, arena, 64);
    vc_base64url_encode(&buf, vc_str(text));

    return vc_buf_view(&buf);
}


static vc_str_t
compact_of(const char *header, const char *claims, const char *signature)
{
    vc_buf_t buf;

    vc_buf_init(&buf, arena, 64);
    vc_buf_str(&buf, base64url(header));
    vc_buf_u8(&buf, '.');
    vc_buf_str(&buf, base64url(claims));
    vc_buf_u8(&buf, '.');
    vc_buf_text(&buf, signature);

    return vc_buf_view(&buf);
}


static vc_str_t
sign(const json_t *jwk, uint32_t alg, const char *claims_text)
{
    json_t  *claims;
    vc_buf_t buf;

    claims = json_loads(claims_text, 0, NULL);
    vc_buf_init(&buf, arena, 64);
    assert_int_equal(vc_jws_sign(jwk, alg, "key-1", claims, &buf), VC_OK);
    json_decref(claims);

    return vc_buf_view(&buf);
}


static void
test_misuse(void **state)
{
    json_t  *key, *claims;
    vc_buf_t out;
    vc_jws_t jws;

    (void) state;

    vc_buf_init(&out, arena, 64);
    claims = json_object();

    assert_int_equal(vc_alg_parse(VC_STR_NULL), 0);
    assert_null(vc_alg_name(0));
    assert_null(vc_alg_name(VC_ALG_RS256 | VC_ALG_PS256));
    assert_null(vc_alg_name(VC_ALG_ALL + 1));
    assert_false(vc_alg_fits_key(VC_ALG_RS256, NULL));
    assert_false(vc_alg_fits_key(0, rsa));

    assert_int_equal(vc_jwk_generate_rsa(0, &key), VC_INVALID);
    assert_int_equal(vc_jwk_generate_rsa(1024, &key), VC_INVALID);
    assert_int_equal(vc_jwk_generate_rsa(1U << 20, &key), VC_INVALID);
    assert_null(key);

    assert_int_equal(vc_jws_sign(rsa, 0, "k", claims, &out), VC_INVALID);
    assert_int_equal(vc_jws_sign(rsa, VC_ALG_RS256, NULL, claims, &out),
        VC_INVALID);
    assert_int_equal(vc_jws_sign(rsa, VC_ALG_RS256, "k", NULL, &out),
        VC_INVALID);
    assert_int_not_equal(vc_jws_sign(NULL, VC_ALG_RS256, "k", claims, &out),
        VC_OK);
    assert_int_not_equal(vc_jws_sign(p256, VC_ALG_RS256, "k", claims, &out),
        VC_OK);
    assert_int_equal(out.len, 0);

    assert_int_equal(vc_jws_parse(arena, VC_STR_NULL, &jws, NULL), VC_INVALID);
    assert_null(jws.header);
    assert_null(jws.claims);

    assert_null(vc_jwk_public(NULL));
    assert_null(vc_jwk_thumbprint(arena, claims));

    json_decref(claims);
}


static void
test_algorithm_names(void **state)
{
    static const char *const foreign[] = {"none", "HS256", "HS512", "RS1",
        "ES512", "ES256K", "EdDSA", "rs256", "RS256 ", ""};

    size_t i;

    (void) state;

    for (i = 0; i < COUNT(algs); i++) {
        assert_int_equal(vc_alg_parse(vc_str(algs[i].name)), algs[i].bit);
        assert_string_equal(vc_alg_name(algs[i].bit), algs[i].name);
    }

    for (i = 0; i < COUNT(foreign); i++) {
        assert_int_equal(vc_alg_parse(vc_str(foreign[i])), 0);
    }
}


static void
test_sign_and_verify(void **state)
{
    size_t i;
    json_t *public;
    vc_str_t   compact;
    vc_jws_t   jws;
    vc_error_t err;

    (void) state;

    for (i = 0; i < COUNT(algs); i++) {
        compact = sign(*algs[i].key, algs[i].bit, "{\"sub\":\"me\"}");
        public = vc_jwk_public(*algs[i].key);
        assert_non_null(public);
        assert_null(json_object_get(public, "d"));
        assert_null(json_object_get(public, "p"));
        assert_true(vc_alg_fits_key(algs[i].bit, public));

        assert_int_equal(vc_jws_parse(arena, compact, &jws, &err), VC_OK);
        assert_int_equal(jws.alg, algs[i].bit);
        assert_true(vc_str_eq(jws.kid, VC_STR("key-1")));
        assert_string_equal(json_string_value(
                                json_object_get(jws.header, "typ")),
            "JWT");
        assert_string_equal(json_string_value(
                                json_object_get(jws.claims, "sub")),
            "me");
        assert_null(vc_jws_foreign_key(&jws));
        assert_int_equal(vc_jws_verify(&jws, public), VC_OK);

        vc_jws_clear(&jws);
        assert_null(jws.header);
        json_decref(public);
    }
}


/* every single part of a signed token counts */
static void
test_tampering(void **state)
{
    size_t   i, k, dots;
    uint8_t *copy;
    vc_str_t compact;
    vc_jws_t jws;

    (void) state;

    for (i = 0; i < COUNT(algs); i++) {
        compact = sign(*algs[i].key, algs[i].bit,
            "{\"sub\":\"me\",\"exp\":1234567890}");

        for (k = 3, dots = 0; k < compact.len; k += 7) {
            copy = (uint8_t *) vc_str_dup(arena, compact);
            if (copy[k] == '.') {
                dots++;
                continue;
            }

            copy[k] = (copy[k] == 'A') ? 'B' : 'A';

            if (vc_jws_parse(arena, (vc_str_t){copy, compact.len}, &jws, NULL)
                == VC_OK) {
                assert_int_equal(vc_jws_verify(&jws, *algs[i].key),
                    VC_UNAUTHORIZED);
                vc_jws_clear(&jws);
            }
        }
    }
}


static void
test_key_and_algorithm_must_fit(void **state)
{
    size_t        i, k;
    vc_str_t      compact;
    vc_jws_t      jws;
    json_t *const keys[] = {rsa_other, p256, p384};

    (void) state;

    for (i = 0; i < COUNT(algs); i++) {
        compact = sign(*algs[i].key, algs[i].bit, "{}");
        assert_int_equal(vc_jws_parse(arena, compact, &jws, NULL), VC_OK);

        for (k = 0; k < COUNT(keys); k++) {
            if (keys[k] != *algs[i].key) {
                assert_int_equal(vc_jws_verify(&jws, keys[k]), VC_UNAUTHORIZED);
            }
        }

        assert_int_equal(vc_jws_verify(&jws, NULL), VC_UNAUTHORIZED);

        /* the other algorithms of the same key must not do either */
        for (k = 0; k < COUNT(algs); k++) {
            jws.alg = algs[k].bit;
            if (k != i) {
                assert_int_equal(vc_jws_verify(&jws, *algs[i].key),
                    VC_UNAUTHORIZED);
            }
        }

        vc_jws_clear(&jws);
    }
}


static void
test_key_members_can_forbid(void **state)
{
    static const struct {
        const char *member;
        const char *json;
        bool        fits;
    } cases[] = {
        {"use", "\"sig\"", true},
        {"use", "\"enc\"", false},
        {"use", "7", false},
        {"alg", "\"RS256\"", true},
        {"alg", "\"PS256\"", false},
        {"alg", "\"RS512\"", false},
        {"alg", "null", false},
        {"key_ops", "[\"verify\"]", true},
        {"key_ops", "[\"encrypt\",\"verify\"]", true},
        {"key_ops", "[\"sign\"]", false},
        {"key_ops", "[]", false},
        {"key_ops", "\"verify\"", false},
        {"kty", "\"EC\"", false},
        {"kty", "\"rsa\"", false},
        {"e", "\"\"", false},
        {"e", "\"AQABAQABAQABAQAB\"", false},
        {"e", "7", false},
        {"n", "\"AQAB\"", false},
        {"n", "\"!\"", false},
        {"n", "\"AAAA\"", false},
        {"x5c", "[\"AAAA\"]", true},
        {"foreign", "{\"a\":1}", true},
    };

    size_t   i;
    json_t  *jwk;
    vc_jws_t jws;

    (void) state;

    assert_int_equal(vc_jws_parse(arena, sign(rsa, VC_ALG_RS256, "{}"), &jws,
                         NULL),
        VC_OK);

    for (i = 0; i < COUNT(cases); i++) {
        jwk = vc_jwk_public(rsa);
        json_object_set_new(jwk, cases[i].member,
            json_loads(cases[i].json, JSON_DECODE_ANY, NULL));

        assert_int_equal(vc_alg_fits_key(VC_ALG_RS256, jwk), cases[i].fits);
        assert_int_equal(vc_jws_verify(&jws, jwk),
            cases[i].fits ? VC_OK : VC_UNAUTHORIZED);
        json_decref(jwk);
    }

    vc_jws_clear(&jws);
}


/* a modulus of 2047 bits, and one of 2048 behind a leading zero */
static void
test_rsa_size_is_counted_in_bits(void **state)
{
    json_t  *jwk;
    vc_str_t n;
    uint8_t  bytes[258];
    vc_buf_t text;

    (void) state;

    assert_true(vc_base64url_decode(arena,
        vc_str(json_string_value(json_object_get(rsa, "n"))), &n));
    assert_int_equal(n.len, 256);

    memcpy(bytes + 2, n.data, n.len);
    bytes[2] = 0x7f;
    bytes[0] = bytes[1] = 0;

    jwk = vc_jwk_public(rsa);
    vc_buf_init(&text, arena, 400);
    vc_base64url_encode(&text, (vc_str_t){bytes, sizeof(bytes)});
    json_object_set_new(jwk, "n",
        json_stringn((const char *) text.data, text.len));
    assert_false(vc_alg_fits_key(VC_ALG_RS256, jwk));

    bytes[2] |= 0x80;
    vc_buf_init(&text, arena, 400);
    vc_base64url_encode(&text, (vc_str_t){bytes, sizeof(bytes)});
    json_object_set_new(jwk, "n",
        json_stringn((const char *) text.data, text.len));
    assert_true(vc_alg_fits_key(VC_ALG_RS256, jwk));

    json_decref(jwk);
}


static void
test_malformed(void **state)
{
    static const char good[] = "{\"alg\":\"RS256\",\"kid\":\"k\"}";

    static const struct {
        const char *header;
        const char *claims;
        const char *signature;
        const char *reason; /* NULL: it is parsed */
    } cases[] = {
        {good, "{}", "AAAA", NULL},
        {good, "{}", "", NULL},
        {"{\"alg\":\"none\"}", "{}", "", NULL},
        {"{\"alg\":\"HS256\"}", "{}", "AAAA", NULL},
        {"{\"alg\":\"RS256\",\"jku\":\"https://evil\"}", "{}", "AAAA", NULL},
        {good, "{}", "A", "signature"},
        {good, "{}", "AA+/", "signature"},
        {good, "{}", "AA==", "three"},
        {good, "{}", "AAAA.AAAA", "three"},
        {"", "{}", "AAAA", "header"},
        {good, "", "AAAA", "claims"},
        {"[]", "{}", "AAAA", "header"},
        {"7", "{}", "AAAA", "header"},
        {good, "[]", "AAAA", "claims"},
        {good, "null", "AAAA", "claims"},
        {good, "{\"a\":1,\"a\":2}", "AAAA", "distinct"},
        {"{\"alg\":\"none\",\"alg\":\"RS256\"}", "{}", "AAAA", "distinct"},
        {good, "{\"a\":{\"b\":1,\"b\":2}}", "AAAA", "distinct"},
        {good, "{} {}", "AAAA", "claims"},
        {good, "{\"a\":\"\\u0000\"}", "AAAA", "claims"},
        {good, "{\"a\":99999999999999999999}", "AAAA", "claims"},
        {good, "{\"a\":\"\xff\"}", "AAAA", "claims"},
        {"{\"kid\":\"k\"}", "{}", "AAAA", "'alg'"},
        {"{\"alg\":256}", "{}", "AAAA", "'alg'"},
        {"{\"alg\":\"RS256\",\"kid\":1}", "{}", "AAAA", "'kid'"},
        {"{\"alg\":\"RS256\",\"crit\":[\"exp\"]}", "{}", "AAAA", "'crit'"},
        {"{\"alg\":\"RS256\",\"crit\":null}", "{}", "AAAA", "'crit'"},
        {"{\"alg\":\"RS256\",\"b64\":true}", "{}", "AAAA", "'b64'"},
        /* 16 levels, and 17 */
        {good, "{\"a\":[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}", "AAAA", NULL},
        {good, "{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", "AAAA", "deeper"},
    };

    static const char *const raw[] = {".", "..", "...", "abc", "a.b", "e30.e30",
        ".e30.", "e30..", "e30=.e30.AAAA"};

    size_t      i;
    vc_jws_t    jws;
    vc_error_t  err;
    vc_status_t status;

    (void) state;

    for (i = 0; i < COUNT(cases); i++) {
        memset(&err, 0, sizeof(err));
        status = vc_jws_parse(arena,
            compact_of(cases[i].header, cases[i].claims, cases[i].signature),
            &jws, &err);

        if (cases[i].reason == NULL) {
            assert_int_equal(status, VC_OK);
            vc_jws_clear(&jws);
            continue;
        }

        assert_int_equal(status, VC_INVALID);
        assert_null(jws.header);
        assert_null(jws.claims);
        if (strstr(err.message, cases[i].reason) == NULL) {
            fail_msg("case %zu: \"%s\"", i, err.message);
        }
    }

    for (i = 0; i < COUNT(raw); i++) {
        assert_int_equal(vc_jws_parse(arena, vc_str(raw[i]), &jws, NULL),
            VC_INVALID);
    }
}


static void
test_length_limit(void **state)
{
    size_t     i;
    uint8_t   *text;
    vc_jws_t   jws;
    vc_str_t   whole;
    vc_error_t err;

    (void) state;

    /* 64 KB of what could be a token */
    text = vc_arena_alloc(arena, 65536);
    memset(text, 'A', 65536);
    text[10] = text[20] = '.';
    assert_int_equal(vc_jws_parse(arena, (vc_str_t){text, 65536}, &jws, &err),
        VC_INVALID);
    assert_non_null(strstr(err.message, "65536"));

    /* a good one, cut at every length, is never good */
    whole = sign(rsa, VC_ALG_RS256, "{\"a\":1}");
    for (i = 0; i < whole.len; i++) {
        if (vc_jws_parse(arena, (vc_str_t){whole.data, i}, &jws, NULL) == VC_OK)
        {
            assert_int_equal(vc_jws_verify(&jws, rsa), VC_UNAUTHORIZED);
            vc_jws_clear(&jws);
        }
    }
}


static void
test_foreign_keys(void **state)
{
    static const char *const headers[] = {
        "{\"alg\":\"RS256\",\"jku\":\"https://evil.test/keys\"}",
        "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\"}}",
        "{\"alg\":\"RS256\",\"x5u\":\"https://evil.test/cert\"}",
    };

    size_t   i;
    vc_jws_t jws;

    (void) state;

    for (i = 0; i < COUNT(headers); i++) {
        assert_int_equal(vc_jws_parse(arena,
                             compact_of(headers[i], "{}", "AAAA"), &jws, NULL),
            VC_OK);
        assert_non_null(vc_jws_foreign_key(&jws));
        assert_non_null(strstr(headers[i], vc_jws_foreign_key(&jws)));
        vc_jws_clear(&jws);
    }
}


/* the classic: the public key as the secret of an HMAC */
static void
test_hmac_with_public_key(void **state)
{
    uint8_t  mac[VC_SHA256_LEN];
    vc_jws_t jws;
    vc_buf_t token;
    vc_str_t n;

    (void) state;

    vc_buf_init(&token, arena, 128);
    vc_buf_str(&token, base64url("{\"alg\":\"HS256\",\"kid\":\"key-1\"}"));
    vc_buf_u8(&token, '.');
    vc_buf_str(&token, base64url("{\"sub\":\"me\"}"));

    assert_true(vc_base64url_decode(arena,
        vc_str(json_string_value(json_object_get(rsa, "n"))), &n));
    assert_int_equal(vc_hmac_sha256(n.data, vc_buf_view(&token), mac), VC_OK);

    vc_buf_u8(&token, '.');
    vc_base64url_encode(&token, (vc_str_t){mac, sizeof(mac)});

    assert_int_equal(vc_jws_parse(arena, vc_buf_view(&token), &jws, NULL),
        VC_OK);
    assert_int_equal(jws.alg, 0);
    assert_int_equal(vc_jws_verify(&jws, rsa), VC_UNAUTHORIZED);
    jws.alg = VC_ALG_RS256;
    assert_int_equal(vc_jws_verify(&jws, rsa), VC_UNAUTHORIZED);
    vc_jws_clear(&jws);
}


/* the example of RFC 7638 section 3.1 */
static void
test_thumbprint(void **state)
{
    json_t *jwk;

    (void) state;

    jwk = json_pack("{s:s,s:s,s:s,s:s,s:s}", "kty", "RSA", "n",
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK"
        "7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yB"
        "XArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb"
        "9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f"
        "M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e", "AQAB", "alg", "RS256", "kid", "2011-04-29");
    assert_string_equal(vc_jwk_thumbprint(arena, jwk),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    json_decref(jwk);
}


static vc_str_t
make_certificate(EVP_PKEY *key)
{
    BIO  *bio;
    long  n;
    char *data;
    X509 *x;

    x = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(x), 7);
    ASN1_TIME_set(X509_getm_notBefore(x), 1700000000);
    ASN1_TIME_set(X509_getm_notAfter(x), 4900000000);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
        (const unsigned char *) "test", -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    X509_set_pubkey(x, key);
    assert_true(X509_sign(x, key, EVP_sha256()) > 0);

    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, x);
    n = BIO_get_mem_data(bio, &data);
    data = vc_str_dup(arena, (vc_str_t){(uint8_t *) data, (size_t) n});
    BIO_free(bio);
    X509_free(x);

    return vc_str(data);
}


/* the thumbprint of a PEM block's DER, by other means */
static void
pem_thumbprint(vc_str_t pem, const EVP_MD *md, char *out)
{
    BIO           *bio;
    char          *name, *header;
    long           n;
    uint8_t        digest[EVP_MAX_MD_SIZE];
    unsigned       len;
    vc_buf_t       text;
    unsigned char *der;

    bio = BIO_new_mem_buf(pem.data, (int) pem.len);
    assert_int_equal(PEM_read_bio(bio, &name, &header, &der, &n), 1);
    EVP_Digest(der, (size_t) n, digest, &len, md, NULL);
    vc_buf_init(&text, arena, 64);
    vc_base64url_encode(&text, (vc_str_t){digest, len});
    memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(der);
    BIO_free(bio);
}


static void
test_certificate(void **state)
{
    char                 sha1[64], sha256[64];
    vc_str_t             pem;
    EVP_PKEY            *key;
    vc_certificate_key_t out;

    (void) state;

    key = EVP_RSA_gen(2048);
    pem = make_certificate(key);
    assert_int_equal(vc_certificate_key(pem, &out, NULL), VC_OK);
    assert_true(vc_alg_fits_key(VC_ALG_PS256, out.jwk));
    assert_null(json_object_get(out.jwk, "d"));
    assert_true(out.not_before == 1700000000);
    assert_true(out.not_after == 4900000000); /* beyond 2106 */
    pem_thumbprint(pem, EVP_sha1(), sha1);
    pem_thumbprint(pem, EVP_sha256(), sha256);
    assert_string_equal(out.x5t, sha1);
    assert_string_equal(out.x5t_s256, sha256);
    json_decref(out.jwk);
    EVP_PKEY_free(key);

    key = EVP_EC_gen("P-256");
    assert_int_equal(vc_certificate_key(make_certificate(key), &out, NULL),
        VC_OK);
    assert_true(vc_alg_fits_key(VC_ALG_ES256, out.jwk));
    json_decref(out.jwk);
    EVP_PKEY_free(key);
}


static void
test_bad_certificates(void **state)
{
    static const char *const texts[] = {"", "hello",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        /* an encrypted block must not ask at the terminal */
        "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
        "DEK-Info: AES-128-CBC,00000000000000000000000000000000\n\n"
        "AAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE-----\n"};

    size_t               i;
    EVP_PKEY            *key;
    vc_error_t           err;
    vc_certificate_key_t out;

    (void) state;

    ERR_clear_error();

    for (i = 0; i < COUNT(texts); i++) {
        assert_int_equal(vc_certificate_key(vc_str(texts[i]), &out, &err),
            VC_INVALID);
        assert_null(out.jwk);
        assert_true(strlen(err.message) > 20);
    }

    key = EVP_RSA_gen(1024);
    assert_int_equal(vc_certificate_key(make_certificate(key), &out, &err),
        VC_INVALID);
    assert_non_null(strstr(err.message, "2048"));
    EVP_PKEY_free(key);

    key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "secp256k1");
    assert_int_equal(vc_certificate_key(make_certificate(key), &out, &err),
        VC_INVALID);
    EVP_PKEY_free(key);

    /* nothing is left behind for nginx to find */
    assert_int_equal(ERR_peek_error(), 0);
}


static void
test_json_write(void **state)
{
    json_t  *value;
    vc_buf_t out;

    (void) state;

    value = json_pack("{s:[i,s]}", "a", 1, "b");
    vc_buf_init(&out, arena, 4);
    vc_json_write(value, &out);
    assert_true(vc_str_eq(vc_buf_view(&out), VC_STR("{\"a\":[1,\"b\"]}")));
    json_decref(value);

    vc_json_write(NULL, &out);
    assert_true(out.failed);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_algorithm_names),
        cmocka_unit_test(test_sign_and_verify),
        cmocka_unit_test(test_tampering),
        cmocka_unit_test(test_key_and_algorithm_must_fit),
        cmocka_unit_test(test_key_members_can_forbid),
        cmocka_unit_test(test_rsa_size_is_counted_in_bits),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_length_limit),
        cmocka_unit_test(test_foreign_keys),
        cmocka_unit_test(test_hmac_with_public_key),
        cmocka_unit_test(test_thumbprint),
        cmocka_unit_test(test_certificate),
        cmocka_unit_test(test_bad_certificates),
        cmocka_unit_test(test_json_write),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
