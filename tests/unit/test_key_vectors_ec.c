/* ECDSA against published vectors, and signatures that are none */

#include "key_vectors.h"
#include "key_vectors_ec.h"

#include <openssl/ec.h>
#include <openssl/obj_mac.h>

/* the group's order and its arithmetic, and the key's private scalar */
typedef struct {
    BN_CTX *ctx;
    BIGNUM *n, *d, *r, *s, *t;
    size_t  size;
} scalars_t;

static const struct {
    const char     *algorithm;
    int             nid;
    const kv_jwk_t *key;
} curves[] = {
    {"ES256", NID_X9_62_prime256v1, &rfc6979_a25},
    {"ES384", NID_secp384r1, &rfc6979_a26},
    {"ES512", NID_secp521r1, &rfc6979_a27},
    {"ES256K", NID_secp256k1, &secp256k1_last},
};


static scalars_t
scalars_new(kv_t *kv, size_t curve)
{
    vc_str_t  d;
    EC_GROUP *group = EC_GROUP_new_by_curve_name(curves[curve].nid);
    scalars_t k;

    assert_non_null(group);
    kv_open(kv, curves[curve].key);
    d = kv_base64url(kv, curves[curve].key->d);
    k.ctx = BN_CTX_new();
    k.n = BN_dup(EC_GROUP_get0_order(group));
    k.d = BN_bin2bn(d.data, (int) d.len, NULL);
    k.r = BN_new();
    k.s = BN_new();
    k.t = BN_new();
    k.size = (size_t) BN_num_bytes(k.n);
    assert_non_null(k.t);
    EC_GROUP_free(group);

    return k;
}


static void
scalars_free(scalars_t *k)
{
    BN_free(k->n);
    BN_free(k->d);
    BN_free(k->r);
    BN_free(k->s);
    BN_free(k->t);
    BN_CTX_free(k->ctx);
}


static vc_str_t
pair(kv_t *kv, const scalars_t *k, const BIGNUM *r, const BIGNUM *s)
{
    return kv_join(kv, kv_number(kv, r, k->size), kv_number(kv, s, k->size));
}


static void
test_published(void **state)
{
    size_t                i;
    kv_t                 *kv = *state;
    vc_str_t              digest, signature;
    const ec_signature_t *v;

    for (i = 0; i < KV_COUNT(ec_signatures); i++) {
        v = &ec_signatures[i];
        kv_open(kv, v->key);
        digest = kv_message(kv, v->algorithm, v->message);
        signature = kv_base64url(kv, v->signature);
        if (!kv_verify(kv, v->algorithm, digest, signature)) {
            fail_msg("%s: not valid", v->source);
        }
        assert_false(
            kv_verify(kv, v->algorithm, kv_flip(kv, digest, 0), signature));

        signature = kv_value(kv, VC_KEY_SIGN, v->algorithm, digest);
        assert_int_equal(signature.len, strlen(v->signature) * 3 / 4);
        assert_true(kv_verify(kv, v->algorithm, digest, signature));
    }
}


static void
test_published_forgeries(void **state)
{
    size_t   i;
    kv_t    *kv = *state;
    vc_str_t digest;

    kv_open(kv, &wycheproof_es256);
    digest = kv_message(kv, "ES256", WYCHEPROOF_ES256_MESSAGE);

    for (i = 0; i < KV_COUNT(ec_forgeries); i++) {
        if (kv_verify(kv, "ES256", digest,
                kv_base64url(kv, ec_forgeries[i].signature))) {
            fail_msg("%s: valid", ec_forgeries[i].source);
        }
    }
}


static vc_str_t
digest_of(kv_t *kv, size_t curve)
{
    return kv_message(kv, curves[curve].algorithm, "a message of one's own");
}


static void
refuse(kv_t *kv, size_t curve, vc_str_t signature, const char *what)
{
    const char *algorithm = curves[curve].algorithm;

    if (kv_verify(kv, algorithm, digest_of(kv, curve), signature)) {
        fail_msg("%s: %s is valid", algorithm, what);
    }
}


static void
split(kv_t *kv, size_t curve, scalars_t *k)
{
    vc_str_t signature;

    signature = kv_value(kv, VC_KEY_SIGN, curves[curve].algorithm,
        digest_of(kv, curve));
    assert_int_equal(signature.len, 2 * k->size);
    assert_non_null(BN_bin2bn(signature.data, (int) k->size, k->r));
    assert_non_null(BN_bin2bn(signature.data + k->size, (int) k->size, k->s));
}


static void
refuse_pairs(kv_t *kv, size_t curve, scalars_t *k)
{
    size_t        i, j;
    BIGNUM       *zero = BN_new(), *over = BN_dup(k->n), *most = BN_new();
    const BIGNUM *out[4];

    BN_zero(zero);
    assert_int_equal(BN_add_word(over, 1), 1);
    assert_int_equal(BN_set_bit(most, (int) (8 * k->size)), 1);
    assert_int_equal(BN_sub_word(most, 1), 1);
    out[0] = zero;
    out[1] = k->n;
    out[2] = over;
    out[3] = most;

    for (i = 0; i < KV_COUNT(out); i++) {
        refuse(kv, curve, pair(kv, k, out[i], k->s), "r out of range");
        refuse(kv, curve, pair(kv, k, k->r, out[i]), "s out of range");
        for (j = 0; j < KV_COUNT(out); j++) {
            refuse(kv, curve, pair(kv, k, out[i], out[j]),
                "r and s out of range");
        }
    }

    BN_free(zero);
    BN_free(over);
    BN_free(most);
}


static void
test_ranges(void **state)
{
    size_t    i;
    kv_t     *kv = *state;
    scalars_t k;

    for (i = 0; i < KV_COUNT(curves); i++) {
        k = scalars_new(kv, i);
        split(kv, i, &k);
        refuse_pairs(kv, i, &k);
        refuse(kv, i, pair(kv, &k, k.s, k.r), "s and r");

        assert_int_equal(BN_sub(k.t, k.n, k.r), 1);
        refuse(kv, i, pair(kv, &k, k.t, k.s), "n - r");

        /* ECDSA itself holds s and n - s for equal */
        assert_int_equal(BN_sub(k.t, k.n, k.s), 1);
        assert_true(kv_verify(kv, curves[i].algorithm, digest_of(kv, i),
            pair(kv, &k, k.r, k.t)));
        scalars_free(&k);
    }
}


/* only the 66 bytes of P-521 have room for r + n */
static void
test_not_reduced(void **state)
{
    kv_t     *kv = *state;
    scalars_t k = scalars_new(kv, 2);

    split(kv, 2, &k);
    assert_int_equal(BN_add(k.t, k.r, k.n), 1);
    refuse(kv, 2, pair(kv, &k, k.t, k.s), "r + n");
    assert_int_equal(BN_add(k.t, k.s, k.n), 1);
    refuse(kv, 2, pair(kv, &k, k.r, k.t), "s + n");
    scalars_free(&k);
}


static void
test_lengths(void **state)
{
    size_t    i;
    kv_t     *kv = *state;
    vc_str_t  good;
    scalars_t k;

    for (i = 0; i < KV_COUNT(curves); i++) {
        k = scalars_new(kv, i);
        split(kv, i, &k);
        good = pair(kv, &k, k.r, k.s);
        assert_true(kv_verify(kv, curves[i].algorithm, digest_of(kv, i), good));

        refuse(kv, i, kv_head(good, 0), "no byte");
        refuse(kv, i, kv_head(good, 1), "one byte");
        refuse(kv, i, kv_head(good, k.size), "half");
        refuse(kv, i, kv_head(good, good.len - 1), "a byte less");
        refuse(kv, i, kv_head(good, good.len - 2), "two bytes less");
        refuse(kv, i, kv_join(kv, good, VC_STR("\0")), "a byte more");
        refuse(kv, i, kv_join(kv, VC_STR("\0"), good), "a byte before");
        refuse(kv, i, kv_join(kv, good, good), "twice");
        refuse(kv, i,
            kv_join(kv, kv_number(kv, k.r, k.size + 1),
                kv_number(kv, k.s, k.size + 1)),
            "each with a zero before");
        scalars_free(&k);
    }
}


/* X9.62's form is not the one of RFC 7518 */
static void
test_der(void **state)
{
    size_t     i;
    int        len;
    kv_t      *kv = *state;
    uint8_t   *der;
    ECDSA_SIG *sig;
    scalars_t  k;

    for (i = 0; i < KV_COUNT(curves); i++) {
        k = scalars_new(kv, i);
        split(kv, i, &k);
        sig = ECDSA_SIG_new();
        assert_int_equal(ECDSA_SIG_set0(sig, BN_dup(k.r), BN_dup(k.s)), 1);
        der = NULL;
        len = i2d_ECDSA_SIG(sig, &der);
        assert_true(len > 0);
        refuse(kv, i, (vc_str_t){der, (size_t) len}, "DER");
        OPENSSL_free(der);
        ECDSA_SIG_free(sig);
        scalars_free(&k);
    }
}


/* digest = k s - r d, with k = 1/2: r is short, and s is as small or as great
   as one likes */
static vc_str_t
digest_for(kv_t *kv, scalars_t *k)
{
    BIGNUM *half = BN_dup(k->n);

    assert_int_equal(BN_add_word(half, 1), 1);
    assert_int_equal(BN_rshift1(half, half), 1);
    assert_int_equal(BN_mod_mul(half, half, k->s, k->n, k->ctx), 1);
    assert_int_equal(BN_mod_mul(k->t, k->r, k->d, k->n, k->ctx), 1);
    assert_int_equal(BN_mod_sub(k->t, half, k->t, k->n, k->ctx), 1);
    BN_free(half);

    return kv_number(kv, k->t, k->size);
}


/* the point at half the order of secp256k1 has an x of 166 bits */
static void
test_short_numbers(void **state)
{
    kv_t     *kv = *state;
    vc_str_t  digest;
    scalars_t k = scalars_new(kv, 3);

    assert_true(BN_hex2bn(&k.r, "3b78ce563f89a0ed9414f5aa28ad0d96d6795f9c63"));

    assert_int_equal(BN_set_word(k.s, 1), 1);
    digest = digest_for(kv, &k);
    assert_true(kv_verify(kv, "ES256K", digest, pair(kv, &k, k.r, k.s)));
    assert_int_equal(BN_set_word(k.s, 2), 1);
    assert_false(kv_verify(kv, "ES256K", digest, pair(kv, &k, k.r, k.s)));

    assert_int_equal(BN_sub(k.s, k.n, BN_value_one()), 1);
    digest = digest_for(kv, &k);
    assert_true(kv_verify(kv, "ES256K", digest, pair(kv, &k, k.r, k.s)));
    scalars_free(&k);
}


/* a digest is a number modulo the order, zero as well */
static void
test_digests(void **state)
{
    size_t    i;
    kv_t     *kv = *state;
    uint8_t   bytes[64];
    vc_str_t  digest, signature, reduced;
    scalars_t k;

    for (i = 0; i < KV_COUNT(curves); i++) {
        k = scalars_new(kv, i);
        digest = (vc_str_t){bytes, digest_of(kv, i).len};

        memset(bytes, 0, sizeof(bytes));
        signature = kv_value(kv, VC_KEY_SIGN, curves[i].algorithm, digest);
        assert_true(kv_verify(kv, curves[i].algorithm, digest, signature));
        bytes[digest.len - 1] = 1;
        assert_false(kv_verify(kv, curves[i].algorithm, digest, signature));

        memset(bytes, 0xff, sizeof(bytes));
        signature = kv_value(kv, VC_KEY_SIGN, curves[i].algorithm, digest);
        assert_true(kv_verify(kv, curves[i].algorithm, digest, signature));

        /* the 64 bytes of SHA-512 are less than the order of P-521 */
        if (digest.len == k.size) {
            assert_non_null(BN_bin2bn(bytes, (int) k.size, k.t));
            assert_int_equal(BN_sub(k.t, k.t, k.n), 1);
            reduced = kv_number(kv, k.t, k.size);
            assert_true(kv_verify(kv, curves[i].algorithm, reduced, signature));
        }
        scalars_free(&k);
    }
}


static void
test_digest_lengths(void **state)
{
    size_t       i;
    kv_t        *kv = *state;
    vc_str_t     digest;
    vc_key_use_t use;

    for (i = 0; i < KV_COUNT(curves); i++) {
        kv_open(kv, curves[i].key);
        digest = digest_of(kv, i);

        use = kv_use(VC_KEY_SIGN, curves[i].algorithm,
            kv_head(digest, digest.len - 1));
        kv_refuses(kv, &use, "a digest that is cut");
        use.value = kv_join(kv, digest, VC_STR("\0"));
        kv_refuses(kv, &use, "a digest with more behind");
        use.value = VC_STR("");
        kv_refuses(kv, &use, "no digest");

        use = kv_use(VC_KEY_VERIFY, curves[i].algorithm,
            kv_head(digest, digest.len - 1));
        use.signature = digest;
        kv_refuses(kv, &use, "a digest that is cut, to verify");
    }
}


/* r and s keep their leading zeros, which a few of 256 signatures have */
static void
test_fixed_length(void **state)
{
    size_t    i, j;
    kv_t     *kv = *state;
    scalars_t k;

    for (i = 0; i < KV_COUNT(curves); i++) {
        k = scalars_new(kv, i);
        for (j = 0; j < 64; j++) {
            split(kv, i, &k);
            assert_true(kv_verify(kv, curves[i].algorithm, digest_of(kv, i),
                pair(kv, &k, k.r, k.s)));
        }
        scalars_free(&k);
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_published_forgeries),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_not_reduced),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_der),
        cmocka_unit_test(test_short_numbers),
        cmocka_unit_test(test_digests),
        cmocka_unit_test(test_digest_lengths),
        cmocka_unit_test(test_fixed_length),
    };

    return cmocka_run_group_tests(tests, kv_setup, kv_teardown);
}
