/* RSA signatures against published vectors, and signatures that are none */

#include "key_vectors.h"
#include "key_vectors_rsa.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>

/* DER before the 32 bytes of SHA-256 (RFC 8017 section 9.2) */
#define DIGEST_INFO "3031300d060960864801650304020105000420"
#define BLOCK 256


static bool
is_rsassa_pkcs1(const char *algorithm)
{
    return algorithm[0] == 'R';
}


static void
test_published(void **state)
{
    size_t                 i;
    kv_t                  *kv = *state;
    vc_str_t               digest, signature, made;
    const rsa_signature_t *v;

    for (i = 0; i < KV_COUNT(rsa_signatures); i++) {
        v = &rsa_signatures[i];
        kv_open(kv, v->key);
        digest = kv_message(kv, v->algorithm, v->message);
        signature = kv_base64url(kv, v->signature);
        if (!kv_verify(kv, v->algorithm, digest, signature)) {
            fail_msg("%s: not valid", v->source);
        }
        assert_false(
            kv_verify(kv, v->algorithm, kv_flip(kv, digest, 0), signature));

        made = kv_value(kv, VC_KEY_SIGN, v->algorithm, digest);
        if (is_rsassa_pkcs1(v->algorithm)) {
            kv_assert_equal(v->source, made, signature);
            continue;
        }

        assert_false(vc_str_eq(made, signature));
        assert_true(kv_verify(kv, v->algorithm, digest, made));
    }
}


/* the same key in the other form that it can be imported in */
static void
test_pkcs8(void **state)
{
    kv_t                  *kv = *state;
    const rsa_signature_t *v = &rsa_signatures[0];

    kv_open(kv, v->key);
    kv_open_pkcs8(kv, kv->made.material);
    kv_assert_equal(v->source,
        kv_value(kv, VC_KEY_SIGN, v->algorithm,
            kv_message(kv, v->algorithm, v->message)),
        kv_base64url(kv, v->signature));
}


/* what is signed under one name is not valid under another */
static void
test_other_algorithms(void **state)
{
    size_t   i, j;
    kv_t    *kv = *state;
    vc_str_t digest, signature;

    static const char *const names[] = {"RS256", "RS384", "RS512", "PS256",
        "PS384", "PS512"};

    kv_open(kv, &rfc7520_3_4);

    for (i = 0; i < KV_COUNT(names); i++) {
        digest = kv_message(kv, names[i], "a message");
        signature = kv_value(kv, VC_KEY_SIGN, names[i], digest);
        for (j = 0; j < KV_COUNT(names); j++) {
            digest = kv_message(kv, names[j], "a message");
            assert_int_equal(kv_verify(kv, names[j], digest, signature),
                i == j);
        }
    }
}


static void
refuse(kv_t *kv, const char *algorithm, vc_str_t digest, vc_str_t signature,
    const char *what)
{
    if (kv_verify(kv, algorithm, digest, signature)) {
        fail_msg("%s: %s is valid", algorithm, what);
    }
}


static void
refuse_numbers(kv_t *kv, const char *algorithm, vc_str_t digest, vc_str_t good)
{
    vc_str_t n_bytes = kv_base64url(kv, rfc7520_3_4.n);
    BIGNUM  *n = BN_bin2bn(n_bytes.data, (int) n_bytes.len, NULL);
    BIGNUM  *s = BN_bin2bn(good.data, (int) good.len, NULL), *t = BN_new();

    BN_zero(t);
    refuse(kv, algorithm, digest, kv_number(kv, t, BLOCK), "0");
    assert_int_equal(BN_set_word(t, 1), 1);
    refuse(kv, algorithm, digest, kv_number(kv, t, BLOCK), "1");
    assert_int_equal(BN_sub(t, n, BN_value_one()), 1);
    refuse(kv, algorithm, digest, kv_number(kv, t, BLOCK), "n - 1");
    refuse(kv, algorithm, digest, kv_number(kv, n, BLOCK), "n");
    assert_int_equal(BN_sub(t, n, s), 1);
    refuse(kv, algorithm, digest, kv_number(kv, t, BLOCK), "n - s");
    assert_int_equal(BN_lshift(t, BN_value_one(), 8 * BLOCK), 1);
    assert_int_equal(BN_sub_word(t, 1), 1);
    refuse(kv, algorithm, digest, kv_number(kv, t, BLOCK), "all ones");

    /* 2^2048 - n is more than a third of 2^2048 here */
    assert_int_equal(BN_add(t, s, n), 1);
    if (BN_num_bytes(t) == BLOCK) {
        refuse(kv, algorithm, digest, kv_number(kv, t, BLOCK), "s + n");
    }

    BN_free(n);
    BN_free(s);
    BN_free(t);
}


static void
refuse_lengths(kv_t *kv, const char *algorithm, vc_str_t digest, vc_str_t good)
{
    refuse(kv, algorithm, digest, kv_head(good, 0), "no byte");
    refuse(kv, algorithm, digest, kv_head(good, 1), "one byte");
    refuse(kv, algorithm, digest, kv_head(good, BLOCK - 1), "a byte less");
    refuse(kv, algorithm, digest, kv_join(kv, good, VC_STR("\0")),
        "a byte more");
    refuse(kv, algorithm, digest, kv_join(kv, VC_STR("\0"), good),
        "a zero before");
    refuse(kv, algorithm, digest, kv_join(kv, good, good), "twice");
}


static void
test_changed(void **state)
{
    size_t   i, j;
    kv_t    *kv = *state;
    vc_str_t digest, good;

    static const char *const names[] = {"RS256", "RS384", "RS512", "PS256",
        "PS384", "PS512"};

    for (i = 0; i < KV_COUNT(names); i++) {
        kv_open(kv, &rfc7520_3_4);
        digest = kv_message(kv, names[i], "a message");
        good = kv_value(kv, VC_KEY_SIGN, names[i], digest);
        assert_int_equal(good.len, BLOCK);
        assert_true(kv_verify(kv, names[i], digest, good));

        refuse_numbers(kv, names[i], digest, good);
        refuse_lengths(kv, names[i], digest, good);
        for (j = 0; j < BLOCK; j += 15) {
            refuse(kv, names[i], digest, kv_flip(kv, good, j), "a bit");
        }
    }
}


/* s + n is the same number modulo n: RFC 7520's signature leaves room for it */
static void
test_not_reduced(void **state)
{
    kv_t                  *kv = *state;
    BIGNUM                *n, *s;
    vc_str_t               bytes;
    const rsa_signature_t *v = &rsa_signatures[1];

    kv_open(kv, v->key);
    bytes = kv_base64url(kv, v->key->n);
    n = BN_bin2bn(bytes.data, (int) bytes.len, NULL);
    bytes = kv_base64url(kv, v->signature);
    s = BN_bin2bn(bytes.data, (int) bytes.len, NULL);
    assert_int_equal(BN_add(s, s, n), 1);
    assert_int_equal(BN_num_bytes(s), BLOCK);
    refuse(kv, v->algorithm, kv_message(kv, v->algorithm, v->message),
        kv_number(kv, s, BLOCK), "s + n");
    BN_free(n);
    BN_free(s);
}


/* RSNULL signs what it is given: with a DigestInfo it is RS256 */
static void
test_null(void **state)
{
    kv_t                  *kv = *state;
    vc_str_t               info, signature, longest;
    vc_key_use_t           use;
    const rsa_signature_t *v = &rsa_signatures[1];

    kv_open(kv, v->key);
    info = kv_join(kv, kv_hex(kv, DIGEST_INFO),
        kv_message(kv, "RS256", v->message));
    signature = kv_value(kv, VC_KEY_SIGN, "RSNULL", info);
    kv_assert_equal(v->source, signature, kv_base64url(kv, v->signature));
    assert_true(kv_verify(kv, "RSNULL", info, signature));
    refuse(kv, "RSNULL", kv_flip(kv, info, 0), signature, "another value");
    refuse(kv, "RSNULL", kv_head(info, info.len - 1), signature,
        "a value that is cut");
    refuse_numbers(kv, "RSNULL", info, signature);
    refuse_lengths(kv, "RSNULL", info, signature);

    /* eleven bytes are the padding's (RFC 8017 section 9.2) */
    longest = (vc_str_t){kv_copy(kv, VC_STR_NULL, BLOCK), BLOCK - 11};
    signature = kv_value(kv, VC_KEY_SIGN, "RSNULL", longest);
    assert_true(kv_verify(kv, "RSNULL", longest, signature));
    longest.len++;
    use = kv_use(VC_KEY_SIGN, "RSNULL", longest);
    kv_refuses(kv, &use, "a value that leaves no room for padding");
}


/* what looks like the DER of a digest to a careless reader */
static void
test_digest_info(void **state)
{
    size_t   i;
    kv_t    *kv = *state;
    vc_str_t digest, info;

    static const struct {
        const char *what, *before, *after;
    } forms[] = {
        {"no DER", "", ""},
        {"no parameters",
            "302f300b0609608648016503040201"
            "0420",
            ""},
        {"SHA-512's name", "3031300d060960864801650304020305000420", ""},
        {"SHA-224's name", "3031300d060960864801650304020405000420", ""},
        {"SHA-1's name",
            "302930090605"
            "2b0e03021a05000420",
            ""},
        {"a byte behind", DIGEST_INFO, "00"},
        {"a byte inside", "3032300d060960864801650304020105000420", "00"},
        {"a longer digest", "3032300d060960864801650304020105000421", "00"},
        {"a long form of the length",
            "308131300d060960864801650304020105000420", ""},
        {"a long form of the digest's length",
            "3032300d06096086480165030402010500048120", ""},
        {"parameters of one byte", "3032300e06096086480165030402010501000420",
            ""},
        {"an octet string of bits", "3031300d060960864801650304020105000320",
            ""},
    };

    kv_open(kv, &rfc7520_3_4);
    digest = kv_message(kv, "RS256", "a message");

    for (i = 0; i < KV_COUNT(forms); i++) {
        info = kv_join(kv, kv_hex(kv, forms[i].before), digest);
        info = kv_join(kv, info, kv_hex(kv, forms[i].after));
        refuse(kv, "RS256", digest, kv_value(kv, VC_KEY_SIGN, "RSNULL", info),
            forms[i].what);
    }
}


/* 00 01 ff…ff 00 DigestInfo, as long as the modulus */
static uint8_t *
encoded(kv_t *kv, vc_str_t info)
{
    uint8_t *block = kv_copy(kv, VC_STR_NULL, BLOCK);

    memset(block, 0xff, BLOCK);
    block[0] = 0;
    block[1] = 1;
    block[BLOCK - info.len - 1] = 0;
    memcpy(block + BLOCK - info.len, info.data, info.len);

    return block;
}


static vc_str_t
signed_block(kv_t *kv, const uint8_t *block)
{
    return kv_rsa_raw(kv, true, (vc_str_t){block, BLOCK});
}


static void
test_padding(void **state)
{
    size_t   i;
    kv_t    *kv = *state;
    uint8_t *block;
    vc_str_t digest, info;

    static const struct {
        const char *what;
        size_t      at;
        uint8_t     byte;
    } forms[] = {{"a first byte of one", 0, 1}, {"block type 0", 1, 0},
        {"block type 2", 1, 2}, {"a zero at once", 2, 0},
        {"padding that is not all ones", 3, 0xfe}, {"padding of 7 bytes", 9, 0},
        {"a separator that is not zero", BLOCK - 52, 1}};

    kv_open(kv, &rfc7520_3_4);
    digest = kv_message(kv, "RS256", "a message");
    info = kv_join(kv, kv_hex(kv, DIGEST_INFO), digest);
    assert_true(
        kv_verify(kv, "RS256", digest, signed_block(kv, encoded(kv, info))));

    for (i = 0; i < KV_COUNT(forms); i++) {
        block = encoded(kv, info);
        block[forms[i].at] = forms[i].byte;
        refuse(kv, "RS256", digest, signed_block(kv, block), forms[i].what);
    }

    /* the rest behind the digest: a signature without the private key, where
       the exponent is 3 */
    block = encoded(kv, info);
    memmove(block + 10, block + BLOCK - info.len - 1, info.len + 1);
    memset(block + 11 + info.len, 0xff, BLOCK - 11 - info.len);
    refuse(kv, "RS256", digest, signed_block(kv, block), "bytes behind");
}


/* PSS with a salt or a mask that JWA does not have */
static vc_str_t
sign_pss(kv_t *kv, vc_str_t digest, int salt, const EVP_MD *mask)
{
    size_t         len = BLOCK;
    uint8_t       *out = kv_copy(kv, VC_STR_NULL, BLOCK);
    EVP_PKEY      *key;
    const uint8_t *der = kv->made.material.data;
    EVP_PKEY_CTX  *ctx;

    key = d2i_AutoPrivateKey(NULL, &der, (long) kv->made.material.len);
    ctx = EVP_PKEY_CTX_new(key, NULL);
    assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING),
        1);
    assert_int_equal(EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, mask), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, salt), 1);
    assert_int_equal(EVP_PKEY_sign(ctx, out, &len, digest.data, digest.len), 1);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);

    return (vc_str_t){out, len};
}


static void
test_salt(void **state)
{
    size_t   i;
    kv_t    *kv = *state;
    vc_str_t digest;

    static const int salts[] = {0, 1, 20, 31, 33, 64, 222};

    kv_open(kv, &rfc7520_3_4);
    digest = kv_message(kv, "PS256", "a message");
    assert_true(
        kv_verify(kv, "PS256", digest, sign_pss(kv, digest, 32, EVP_sha256())));
    refuse(kv, "PS256", digest, sign_pss(kv, digest, 32, EVP_sha1()),
        "a mask of SHA-1");
    refuse(kv, "PS256", digest, sign_pss(kv, digest, 32, EVP_sha512()),
        "a mask of SHA-512");

    for (i = 0; i < KV_COUNT(salts); i++) {
        refuse(kv, "PS256", digest,
            sign_pss(kv, digest, salts[i], EVP_sha256()),
            "a salt of another length");
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_pkcs8),
        cmocka_unit_test(test_other_algorithms),
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_not_reduced),
        cmocka_unit_test(test_null),
        cmocka_unit_test(test_digest_info),
        cmocka_unit_test(test_padding),
        cmocka_unit_test(test_salt),
    };

    return cmocka_run_group_tests(tests, kv_setup, kv_teardown);
}
