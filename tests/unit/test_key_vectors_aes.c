/* AES-CBC, AES-GCM and HMAC against published vectors, and forgeries */

#include "key_vectors.h"
#include "key_vectors_cbc.h"
#include "key_vectors_gcm.h"

#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define IV "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"


static vc_key_use_t
with_iv(uint32_t operation, const char *algorithm, vc_str_t value, vc_str_t iv)
{
    vc_key_use_t use = kv_use(operation, algorithm, value);

    use.iv = iv;

    return use;
}


static void
test_cbc_published(void **state)
{
    size_t              i;
    kv_t               *kv = *state;
    vc_str_t            iv, plaintext, ciphertext;
    vc_key_use_t        use;
    const cbc_vector_t *v;

    for (i = 0; i < KV_COUNT(cbc_vectors); i++) {
        v = &cbc_vectors[i];
        kv_open_oct(kv, v->key);
        iv = kv_hex(kv, v->iv);
        plaintext = kv_hex(kv, v->plaintext);
        ciphertext = kv_hex(kv, v->ciphertext);

        use = with_iv(VC_KEY_ENCRYPT, v->algorithm, plaintext, iv);
        kv_runs(kv, &use, v->source);
        kv_assert_equal(v->source, kv->result.value, ciphertext);
        kv_assert_equal(v->source, kv->result.iv, iv);

        use = with_iv(VC_KEY_DECRYPT, v->algorithm, ciphertext, iv);
        kv_runs(kv, &use, v->source);
        kv_assert_equal(v->source, kv->result.value, plaintext);
    }
}


static void
test_cbc_published_forgeries(void **state)
{
    size_t               i;
    kv_t                *kv = *state;
    vc_key_use_t         use;
    const cbc_forgery_t *v;

    for (i = 0; i < KV_COUNT(cbc_forgeries); i++) {
        v = &cbc_forgeries[i];
        kv_open_oct(kv, v->key);
        use = with_iv(VC_KEY_DECRYPT, v->algorithm, kv_hex(kv, v->ciphertext),
            kv_hex(kv, v->iv));
        kv_refuses(kv, &use, v->source);
    }
}


/* a last block that ends in 1 to 16 equal bytes of that number, or does not:
   made with the algorithm that pads nothing */
static void
test_cbc_padding(void **state)
{
    unsigned     i;
    kv_t        *kv = *state;
    uint8_t      block[32];
    vc_str_t     iv, ciphertext;
    vc_key_use_t use;

    kv_open_oct(kv, KEY);
    iv = kv_hex(kv, IV);

    for (i = 0; i < 256; i++) {
        memset(block, (int) i, sizeof(block));
        use = with_iv(VC_KEY_ENCRYPT, "A256CBC",
            (vc_str_t){block, sizeof(block)}, iv);
        kv_runs(kv, &use, "a block of padding");
        ciphertext = kv->result.value;

        use = with_iv(VC_KEY_DECRYPT, "A256CBCPAD", ciphertext, iv);
        if (i == 0 || i > 16) {
            kv_refuses(kv, &use, "padding of 0 or more than 16 bytes");
            continue;
        }

        kv_runs(kv, &use, "padding of 1 to 16 bytes");
        assert_int_equal(kv->result.value.len, sizeof(block) - i);

        if (i > 1) {
            /* the first byte of the padding differs */
            block[sizeof(block) - i] ^= 0x80;
            use = with_iv(VC_KEY_ENCRYPT, "A256CBC",
                (vc_str_t){block, sizeof(block)}, iv);
            kv_runs(kv, &use, "a block of other padding");
            use = with_iv(VC_KEY_DECRYPT, "A256CBCPAD", kv->result.value, iv);
            kv_refuses(kv, &use, "padding that is not equal");
        }
    }
}


static void
test_cbc_sizes(void **state)
{
    size_t       i, j;
    kv_t        *kv = *state;
    vc_str_t     bytes, iv;
    vc_key_use_t use;

    static const size_t      iv_wrong[] = {0, 1, 8, 12, 15};
    static const char *const names[] = {"A256CBC", "A256CBCPAD"};

    kv_open_oct(kv, KEY);
    bytes = kv_hex(kv, KEY);
    iv = kv_hex(kv, IV);

    for (j = 0; j < KV_COUNT(names); j++) {
        for (i = 1; i < bytes.len; i++) {
            if (i % 16 == 0) {
                continue;
            }
            use = with_iv(VC_KEY_DECRYPT, names[j], kv_head(bytes, i), iv);
            kv_refuses(kv, &use, "not whole blocks");
        }

        for (i = 0; i < KV_COUNT(iv_wrong); i++) {
            use = with_iv(VC_KEY_DECRYPT, names[j], bytes,
                kv_head(iv, iv_wrong[i]));
            kv_refuses(kv, &use, "a wrong iv");
        }

        use = with_iv(VC_KEY_DECRYPT, names[j], bytes, bytes);
        kv_refuses(kv, &use, "an iv of 32 bytes");
        use = kv_use(VC_KEY_DECRYPT, names[j], bytes);
        kv_refuses(kv, &use, "no iv");
    }

    use = with_iv(VC_KEY_ENCRYPT, "A256CBC", kv_head(bytes, 17), iv);
    kv_refuses(kv, &use, "not whole blocks to encrypt");
}


static vc_key_use_t
gcm_decrypt(kv_t *kv, const gcm_vector_t *v)
{
    vc_key_use_t use;

    use = with_iv(VC_KEY_DECRYPT, v->algorithm, kv_hex(kv, v->ciphertext),
        kv_hex(kv, v->iv));
    use.aad = kv_hex(kv, v->aad);
    use.tag = kv_hex(kv, v->tag);

    return use;
}


/* the iv of encrypt is random: what it makes is checked by decrypt */
static void
test_gcm_published(void **state)
{
    size_t              i;
    kv_t               *kv = *state;
    vc_str_t            plaintext;
    vc_key_use_t        use;
    const gcm_vector_t *v;

    for (i = 0; i < KV_COUNT(gcm_vectors); i++) {
        v = &gcm_vectors[i];
        kv_open_oct(kv, v->key);
        plaintext = kv_hex(kv, v->plaintext);
        use = gcm_decrypt(kv, v);
        kv_runs(kv, &use, v->source);
        kv_assert_equal(v->source, kv->result.value, plaintext);

        use = kv_use(VC_KEY_ENCRYPT, v->algorithm, plaintext);
        use.aad = kv_hex(kv, v->aad);
        kv_runs(kv, &use, v->source);
        assert_int_equal(kv->result.value.len, plaintext.len);
        assert_int_equal(kv->result.iv.len, 12);
        assert_int_equal(kv->result.tag.len, 16);

        use.operation = VC_KEY_DECRYPT;
        use.value = kv->result.value;
        use.iv = kv->result.iv;
        use.tag = kv->result.tag;
        kv_runs(kv, &use, v->source);
        kv_assert_equal(v->source, kv->result.value, plaintext);
    }
}


static void
gcm_refuse_tags(kv_t *kv, const gcm_vector_t *v)
{
    size_t       i;
    vc_str_t     tag;
    vc_key_use_t use = gcm_decrypt(kv, v);

    tag = use.tag;
    for (i = 0; i < tag.len; i++) {
        use.tag = kv_flip(kv, tag, i);
        kv_refuses(kv, &use, "a bit of the tag");
        use.tag = kv_head(tag, i);
        kv_refuses(kv, &use, "a tag that is cut");
    }

    use.tag = (vc_str_t){kv_copy(kv, tag, 1), 17};
    kv_refuses(kv, &use, "a tag of 17 bytes");
    use.tag = VC_STR_NULL;
    kv_refuses(kv, &use, "no tag");
}


static void
gcm_refuse_inputs(kv_t *kv, const gcm_vector_t *v)
{
    size_t       i;
    vc_key_use_t good = gcm_decrypt(kv, v), use = good;

    for (i = 0; i < good.iv.len; i++) {
        use.iv = kv_flip(kv, good.iv, i);
        kv_refuses(kv, &use, "a bit of the iv");
        use.iv = kv_head(good.iv, i);
        kv_refuses(kv, &use, "an iv that is cut");
    }

    use.iv = (vc_str_t){kv_copy(kv, good.iv, 1), 13};
    kv_refuses(kv, &use, "an iv of 13 bytes");
    use.iv = VC_STR_NULL;
    kv_refuses(kv, &use, "no iv");
    use = good;

    for (i = 0; i < good.value.len; i++) {
        use.value = kv_flip(kv, good.value, i);
        kv_refuses(kv, &use, "a bit of the ciphertext");
    }

    use.value = kv_head(good.value, good.value.len - 1);
    kv_refuses(kv, &use, "a ciphertext that is cut");
    use = good;

    use.aad = kv_flip(kv, good.aad, 0);
    kv_refuses(kv, &use, "a bit of the aad");
    use.aad = kv_head(good.aad, good.aad.len - 1);
    kv_refuses(kv, &use, "an aad that is cut");
    use.aad = VC_STR_NULL;
    kv_refuses(kv, &use, "no aad");
}


static void
test_gcm_changed(void **state)
{
    size_t              i, tried = 0;
    kv_t               *kv = *state;
    const gcm_vector_t *v;

    for (i = 0; i < KV_COUNT(gcm_vectors); i++) {
        v = &gcm_vectors[i];
        kv_open_oct(kv, v->key);
        gcm_refuse_tags(kv, v);
        if (v->aad[0] != '\0' && v->ciphertext[0] != '\0') {
            gcm_refuse_inputs(kv, v);
            tried++;
        }
    }

    assert_true(tried >= 6);
}


/* two of the same plaintext have nothing in common */
static void
test_gcm_iv(void **state)
{
    kv_t           *kv = *state;
    vc_key_use_t    use;
    vc_key_result_t first;

    kv_open_oct(kv, KEY);
    use = kv_use(VC_KEY_ENCRYPT, "A256GCM", kv_hex(kv, KEY));
    kv_runs(kv, &use, "the first");
    first = kv->result;
    kv_runs(kv, &use, "the second");
    assert_false(vc_str_eq(first.iv, kv->result.iv));
    assert_false(vc_str_eq(first.value, kv->result.value));
    assert_false(vc_str_eq(first.tag, kv->result.tag));
}


static void
hmac_refuse(kv_t *kv, const char *algorithm, vc_str_t value, vc_str_t mac)
{
    size_t i;

    for (i = 0; i < mac.len; i++) {
        assert_false(kv_verify(kv, algorithm, value, kv_flip(kv, mac, i)));
        assert_false(kv_verify(kv, algorithm, value, kv_head(mac, i)));
    }

    assert_false(
        kv_verify(kv, algorithm, value, kv_join(kv, mac, VC_STR("\0"))));
    assert_false(kv_verify(kv, algorithm, kv_flip(kv, value, 0), mac));
}


static void
test_hmac_published(void **state)
{
    size_t   i;
    kv_t    *kv = *state;
    vc_str_t value, mac;

    static const struct {
        const char *source, *key, *value, *mac;
    } vectors[] = {
        {"Wycheproof hmac_sha256_test 20",
            "186e248ad824e1eb93329a7fdcd565b6cb4eaf3f85b90b910777128d8c538d27",
            "92ef9ff52f46eccc7e38b9ee19fd2de3b37726c8e6ce9e1b96db5dda4c317902",
            "3fc1d73dd4a8858c1fc3d8c4a3f33ed5ad0c70210038394a5902cb26fe287348"},
        {"Wycheproof hmac_sha256_test 165", "73ef9ef1a4225e51e3c1db3ace1fa24f",
            "ffad380d9aabb0acede5c1bf112925cdfc3d379fc2376a4fe2644490d0430ac3",
            "9c7cb9f7c207ec46d1e3c55764731c4ab5ddbae4e1401e52a895df0cff4787c9"},
    };

    for (i = 0; i < KV_COUNT(vectors); i++) {
        kv_open_oct(kv, vectors[i].key);
        value = kv_hex(kv, vectors[i].value);
        mac = kv_hex(kv, vectors[i].mac);
        kv_assert_equal(vectors[i].source,
            kv_value(kv, VC_KEY_SIGN, "HS256", value), mac);
        assert_true(kv_verify(kv, "HS256", value, mac));
        hmac_refuse(kv, "HS256", value, mac);
    }
}


/* RFC 2104 section 2, from nothing but the hash */
static vc_str_t
hmac(kv_t *kv, const char *hash, size_t block, vc_str_t key, vc_str_t value)
{
    size_t   i;
    uint8_t *inner = kv_copy(kv, key, block), *outer = kv_copy(kv, key, block);
    vc_str_t digest;

    for (i = 0; i < block; i++) {
        inner[i] ^= 0x36;
        outer[i] ^= 0x5c;
    }

    digest = kv_digest(kv, hash, kv_join(kv, (vc_str_t){inner, block}, value));

    return kv_digest(kv, hash, kv_join(kv, (vc_str_t){outer, block}, digest));
}


/* no published vector has a key and a value of sizes that vaults take, but
   those of HS256 */
static void
test_hmac_defined(void **state)
{
    size_t      i, j;
    char        hex[sizeof(KEY)];
    kv_t       *kv = *state;
    vc_str_t    value, mac;
    const char *name;

    static const size_t key_bytes[] = {16, 24, 32};
    static const struct {
        const char *name, *hash;
        size_t      block;
    } hashes[] = {{"HS256", "SHA256", 64}, {"HS384", "SHA384", 128},
        {"HS512", "SHA512", 128}};

    for (i = 0; i < KV_COUNT(key_bytes); i++) {
        memcpy(hex, KEY, sizeof(hex));
        hex[2 * key_bytes[i]] = '\0';
        kv_open_oct(kv, hex);

        for (j = 0; j < KV_COUNT(hashes); j++) {
            name = hashes[j].name;
            value = kv_message(kv, name, "a message");
            mac = kv_value(kv, VC_KEY_SIGN, name, value);
            kv_assert_equal(name, mac,
                hmac(kv, hashes[j].hash, hashes[j].block, kv_hex(kv, hex),
                    value));
            assert_true(kv_verify(kv, name, value, mac));
            hmac_refuse(kv, name, value, mac);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cbc_published),
        cmocka_unit_test(test_cbc_published_forgeries),
        cmocka_unit_test(test_cbc_padding),
        cmocka_unit_test(test_cbc_sizes),
        cmocka_unit_test(test_gcm_published),
        cmocka_unit_test(test_gcm_changed),
        cmocka_unit_test(test_gcm_iv),
        cmocka_unit_test(test_hmac_published),
        cmocka_unit_test(test_hmac_defined),
    };

    return cmocka_run_group_tests(tests, kv_setup, kv_teardown);
}
