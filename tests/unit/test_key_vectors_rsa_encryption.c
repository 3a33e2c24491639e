/* RSA encryption against published vectors, and ciphertexts that are none */

#include "key_vectors.h"
#include "key_vectors_rsa.h"

#include <openssl/evp.h>

#define BLOCK 256
#define MESSAGE VC_STR("a key")


static void
test_published(void **state)
{
    size_t                  i;
    kv_t                   *kv = *state;
    vc_str_t                plaintext, ciphertext;
    const rsa_ciphertext_t *v;

    for (i = 0; i < KV_COUNT(rsa_ciphertexts); i++) {
        v = &rsa_ciphertexts[i];
        kv_open(kv, v->key);
        plaintext = kv_base64url(kv, v->plaintext);
        ciphertext = kv_base64url(kv, v->ciphertext);
        kv_assert_equal(v->source,
            kv_value(kv, VC_KEY_DECRYPT, v->algorithm, ciphertext), plaintext);
        kv_assert_equal(v->source,
            kv_value(kv, VC_KEY_UNWRAP, v->algorithm, ciphertext), plaintext);
    }
}


/* what encrypt makes is random, as long as the modulus, and comes back */
static void
test_round_trip(void **state)
{
    size_t                  i;
    kv_t                   *kv = *state;
    vc_str_t                plaintext, first, second;
    const rsa_ciphertext_t *v;

    for (i = 0; i < KV_COUNT(rsa_ciphertexts); i++) {
        v = &rsa_ciphertexts[i];
        kv_open(kv, v->key);
        plaintext = kv_base64url(kv, v->plaintext);
        if (plaintext.len == 0) {
            continue;
        }

        first = kv_value(kv, VC_KEY_ENCRYPT, v->algorithm, plaintext);
        second = kv_value(kv, VC_KEY_WRAP, v->algorithm, plaintext);
        assert_int_equal(first.len, strlen(v->ciphertext) * 3 / 4);
        assert_int_equal(second.len, first.len);
        assert_false(vc_str_eq(first, second));
        kv_assert_equal(v->source,
            kv_value(kv, VC_KEY_DECRYPT, v->algorithm, first), plaintext);
        kv_assert_equal(v->source,
            kv_value(kv, VC_KEY_UNWRAP, v->algorithm, second), plaintext);
    }
}


static const struct {
    const char *algorithm;
    size_t      longest; /* with 2048 bits */
} schemes[] = {{"RSA1_5", 245}, {"RSA-OAEP", 214}, {"RSA-OAEP-256", 190}};


static void
test_longest(void **state)
{
    size_t       i;
    kv_t        *kv = *state;
    vc_str_t     value;
    vc_key_use_t use;

    kv_open(kv, &wycheproof_256);

    for (i = 0; i < KV_COUNT(schemes); i++) {
        value = (vc_str_t){kv_copy(kv, VC_STR_NULL, BLOCK), schemes[i].longest};
        kv_assert_equal(schemes[i].algorithm,
            kv_value(kv, VC_KEY_DECRYPT, schemes[i].algorithm,
                kv_value(kv, VC_KEY_ENCRYPT, schemes[i].algorithm, value)),
            value);
        value.len++;
        use = kv_use(VC_KEY_ENCRYPT, schemes[i].algorithm, value);
        kv_refuses(kv, &use, schemes[i].algorithm);
    }
}


/* refused, and in the words of all other refusals: who can tell why a
   ciphertext is none can decrypt others with that */
static void
refuse(kv_t *kv, const char *algorithm, vc_str_t ciphertext, const char *what)
{
    char         words[sizeof(kv->err.message)];
    vc_key_use_t use;

    use = kv_use(VC_KEY_DECRYPT, algorithm,
        kv_rsa_raw(kv, false,
            (vc_str_t){kv_copy(kv, VC_STR_NULL, BLOCK), BLOCK}));
    kv_refuses(kv, &use, "zero");
    memcpy(words, kv->err.message, sizeof(words));

    use.value = ciphertext;
    kv_refuses(kv, &use, what);
    assert_string_equal(kv->err.message, words);

    use.operation = VC_KEY_UNWRAP;
    kv_refuses(kv, &use, what);
}


static void
refuse_block(kv_t *kv, const char *algorithm, const uint8_t *block,
    const char *what)
{
    refuse(kv, algorithm, kv_rsa_raw(kv, false, (vc_str_t){block, BLOCK}),
        what);
}


/* 00 02 aa…aa 00 message (RFC 8017 section 7.2.1) */
static uint8_t *
pkcs1_block(kv_t *kv)
{
    uint8_t *block = kv_copy(kv, VC_STR_NULL, BLOCK);

    memset(block, 0xaa, BLOCK);
    block[0] = 0;
    block[1] = 2;
    block[BLOCK - MESSAGE.len - 1] = 0;
    memcpy(block + BLOCK - MESSAGE.len, MESSAGE.data, MESSAGE.len);

    return block;
}


static void
test_pkcs1_blocks(void **state)
{
    size_t   i;
    kv_t    *kv = *state;
    uint8_t *block;

    const struct {
        const char *what;
        size_t      at;
        uint8_t     byte;
    } forms[] = {{"a first byte of 1", 0, 1}, {"a first byte of 2", 0, 2},
        {"a first byte of 80", 0, 0x80}, {"block type 0", 1, 0},
        {"block type 1", 1, 1}, {"block type 3", 1, 3},
        {"block type ff", 1, 0xff}, {"a zero at once", 2, 0},
        {"padding of one byte", 3, 0}, {"padding of 7 bytes", 9, 0},
        {"no separator", BLOCK - MESSAGE.len - 1, 0xaa}};

    kv_open(kv, &wycheproof_pkcs1);
    block = pkcs1_block(kv);
    kv_assert_equal("a good block",
        kv_value(kv, VC_KEY_DECRYPT, "RSA1_5",
            kv_rsa_raw(kv, false, (vc_str_t){block, BLOCK})),
        MESSAGE);

    /* the shortest padding */
    block[10] = 0;
    assert_int_equal(kv_value(kv, VC_KEY_DECRYPT, "RSA1_5",
                         kv_rsa_raw(kv, false, (vc_str_t){block, BLOCK}))
                         .len,
        BLOCK - 11);

    for (i = 0; i < KV_COUNT(forms); i++) {
        block = pkcs1_block(kv);
        block[forms[i].at] = forms[i].byte;
        refuse_block(kv, "RSA1_5", block, forms[i].what);
    }
}


/* RFC 8017 appendix B.2.1 */
static void
mask(kv_t *kv, const char *hash, vc_str_t seed, uint8_t *out, size_t len)
{
    size_t   i;
    uint8_t  counter[4] = {0, 0, 0, 0};
    vc_str_t digest = VC_STR_NULL;

    for (i = 0; i < len; i++) {
        if (digest.len == 0 || i % digest.len == 0) {
            digest = kv_digest(kv, hash,
                kv_join(kv, seed, (vc_str_t){counter, sizeof(counter)}));
            counter[3]++;
        }
        out[i] ^= digest.data[i % digest.len];
    }
}


/* 00 seed hash(label) 00…00 01 message, not masked yet */
static uint8_t *
oaep_block(kv_t *kv, const char *hash)
{
    uint8_t *block = kv_copy(kv, VC_STR_NULL, BLOCK);
    vc_str_t label = kv_digest(kv, hash, VC_STR_NULL);

    memset(block + 1, 0x5c, label.len);
    memcpy(block + 1 + label.len, label.data, label.len);
    block[BLOCK - MESSAGE.len - 1] = 1;
    memcpy(block + BLOCK - MESSAGE.len, MESSAGE.data, MESSAGE.len);

    return block;
}


static uint8_t *
oaep_masked(kv_t *kv, const char *hash, uint8_t *block)
{
    size_t   len = kv_digest(kv, hash, VC_STR_NULL).len;
    uint8_t *data = block + 1 + len;

    mask(kv, hash, (vc_str_t){block + 1, len}, data, BLOCK - 1 - len);
    mask(kv, hash, (vc_str_t){data, BLOCK - 1 - len}, block + 1, len);

    return block;
}


static void
oaep_refuses(kv_t *kv, const char *algorithm, const char *hash)
{
    size_t   i, len = kv_digest(kv, hash, VC_STR_NULL).len;
    uint8_t *block;

    const struct {
        const char *what;
        size_t      at;
        uint8_t     byte;
    } forms[] = {{"a first byte of 1", 0, 1}, {"a first byte of 80", 0, 0x80},
        {"the label's first byte", 1 + len, 0},
        {"the label's last byte", 2 * len, 0},
        {"padding that begins with 2", 1 + 2 * len, 2},
        {"padding that ends with 80", BLOCK - MESSAGE.len - 2, 0x80},
        {"a separator of 0", BLOCK - MESSAGE.len - 1, 0},
        {"a separator of 2", BLOCK - MESSAGE.len - 1, 2},
        {"a separator of ff", BLOCK - MESSAGE.len - 1, 0xff}};

    kv_assert_equal("a good block",
        kv_value(kv, VC_KEY_DECRYPT, algorithm,
            kv_rsa_raw(kv, false,
                (vc_str_t){oaep_masked(kv, hash, oaep_block(kv, hash)),
                    BLOCK})),
        MESSAGE);

    for (i = 0; i < KV_COUNT(forms); i++) {
        block = oaep_block(kv, hash);
        if (forms[i].at != 0) {
            block[forms[i].at] = forms[i].byte;
        }
        oaep_masked(kv, hash, block);
        if (forms[i].at == 0) {
            block[0] = forms[i].byte;
        }
        refuse_block(kv, algorithm, block, forms[i].what);
    }

    block = oaep_block(kv, hash);
    memset(block + 1 + 2 * len, 0, BLOCK - 1 - 2 * len);
    refuse_block(kv, algorithm, oaep_masked(kv, hash, block), "all zero");

    /* a message of no byte is one */
    block = oaep_block(kv, hash);
    memset(block + 1 + 2 * len, 0, BLOCK - 1 - 2 * len);
    block[BLOCK - 1] = 1;
    assert_int_equal(kv_value(kv, VC_KEY_DECRYPT, algorithm,
                         kv_rsa_raw(kv, false,
                             (vc_str_t){oaep_masked(kv, hash, block), BLOCK}))
                         .len,
        0);
}


static void
test_oaep_blocks(void **state)
{
    kv_t *kv = *state;

    kv_open(kv, &wycheproof_256);
    oaep_refuses(kv, "RSA-OAEP", "SHA1");
    oaep_refuses(kv, "RSA-OAEP-256", "SHA256");
}


/* a ciphertext to which n can be added without growing */
static vc_str_t
not_reduced(kv_t *kv, const char *algorithm, const BIGNUM *n)
{
    size_t   i;
    BIGNUM  *c = BN_new();
    vc_str_t found = VC_STR_NULL;

    for (i = 0; i < 200 && found.data == NULL; i++) {
        found = kv_value(kv, VC_KEY_ENCRYPT, algorithm, MESSAGE);
        assert_non_null(BN_bin2bn(found.data, (int) found.len, c));
        assert_int_equal(BN_add(c, c, n), 1);
        found = BN_num_bytes(c) == BLOCK ? kv_number(kv, c, BLOCK)
                                         : VC_STR_NULL;
    }

    assert_non_null(found.data);
    BN_free(c);

    return found;
}


static void
refuse_numbers(kv_t *kv, const char *algorithm, const kv_jwk_t *key)
{
    vc_str_t bytes = kv_base64url(kv, key->n);
    BIGNUM  *n = BN_bin2bn(bytes.data, (int) bytes.len, NULL), *t = BN_dup(n);

    refuse(kv, algorithm, kv_number(kv, BN_value_one(), BLOCK), "1");
    refuse(kv, algorithm, kv_number(kv, n, BLOCK), "n");
    assert_int_equal(BN_sub_word(t, 1), 1);
    refuse(kv, algorithm, kv_number(kv, t, BLOCK), "n - 1");
    refuse(kv, algorithm, not_reduced(kv, algorithm, n), "c + n");
    BN_free(n);
    BN_free(t);
}


static void
refuse_length(kv_t *kv, const char *algorithm, vc_str_t ciphertext)
{
    vc_key_use_t use = kv_use(VC_KEY_DECRYPT, algorithm, ciphertext);

    kv_refuses(kv, &use, "another length");
}


static void
test_changed(void **state)
{
    size_t   i, j;
    kv_t    *kv = *state;
    vc_str_t good;

    for (i = 0; i < KV_COUNT(schemes); i++) {
        kv_open(kv, &wycheproof_256);
        refuse_numbers(kv, schemes[i].algorithm, &wycheproof_256);

        good = kv_value(kv, VC_KEY_ENCRYPT, schemes[i].algorithm, MESSAGE);
        refuse_length(kv, schemes[i].algorithm, kv_head(good, 0));
        refuse_length(kv, schemes[i].algorithm, kv_head(good, 1));
        refuse_length(kv, schemes[i].algorithm, kv_head(good, BLOCK - 1));
        refuse_length(kv, schemes[i].algorithm,
            kv_join(kv, good, VC_STR("\0")));
        refuse_length(kv, schemes[i].algorithm,
            kv_join(kv, VC_STR("\0"), good));

        /* with RSA1_5, one in some 2^16 changed ciphertexts is one again */
        for (j = 0; i != 0 && j < BLOCK; j += 17) {
            refuse(kv, schemes[i].algorithm, kv_flip(kv, good, j), "a bit");
        }
    }
}


/* what one hash pads, another does not take off */
static void
test_other_algorithms(void **state)
{
    kv_t *kv = *state;

    kv_open(kv, &wycheproof_256);
    refuse(kv, "RSA-OAEP-256",
        kv_value(kv, VC_KEY_ENCRYPT, "RSA-OAEP", MESSAGE), "RSA-OAEP");
    refuse(kv, "RSA-OAEP",
        kv_value(kv, VC_KEY_ENCRYPT, "RSA-OAEP-256", MESSAGE), "RSA-OAEP-256");
    refuse(kv, "RSA-OAEP", kv_value(kv, VC_KEY_ENCRYPT, "RSA1_5", MESSAGE),
        "RSA1_5");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_pkcs1_blocks),
        cmocka_unit_test(test_oaep_blocks),
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_other_algorithms),
    };

    return cmocka_run_group_tests(tests, kv_setup, kv_teardown);
}
