/* AES key wrap (RFC 3394, RFC 5649) against published vectors, and forgeries */

#include "key_vectors.h"
#include "key_vectors_wrap.h"

#include <openssl/evp.h>

#define KEK "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"


static void
test_published(void **state)
{
    size_t               i;
    kv_t                *kv = *state;
    vc_str_t             plaintext, ciphertext;
    const wrap_vector_t *v;

    for (i = 0; i < KV_COUNT(wrap_vectors); i++) {
        v = &wrap_vectors[i];
        kv_open_oct(kv, v->key);
        plaintext = kv_hex(kv, v->plaintext);
        ciphertext = kv_hex(kv, v->ciphertext);
        kv_assert_equal(v->source,
            kv_value(kv, VC_KEY_WRAP, v->algorithm, plaintext), ciphertext);
        kv_assert_equal(v->source,
            kv_value(kv, VC_KEY_UNWRAP, v->algorithm, ciphertext), plaintext);
    }
}


/* PKCS#11's name for the same as A128KW, A192KW and A256KW */
static void
test_two_names(void **state)
{
    size_t               i;
    kv_t                *kv = *state;
    const wrap_vector_t *v;

    for (i = 0; i < 6; i++) {
        v = &wrap_vectors[i];
        kv_open_oct(kv, v->key);
        kv_assert_equal(v->source,
            kv_value(kv, VC_KEY_WRAP, "CKM_AES_KEY_WRAP",
                kv_hex(kv, v->plaintext)),
            kv_hex(kv, v->ciphertext));
        kv_assert_equal(v->source,
            kv_value(kv, VC_KEY_UNWRAP, "CKM_AES_KEY_WRAP",
                kv_hex(kv, v->ciphertext)),
            kv_hex(kv, v->plaintext));
    }
}


static void
refuse_unwrap(kv_t *kv, const char *algorithm, vc_str_t ciphertext,
    const char *what)
{
    vc_key_use_t use = kv_use(VC_KEY_UNWRAP, algorithm, ciphertext);

    kv_refuses(kv, &use, what);
}


static void
test_published_forgeries(void **state)
{
    size_t                i;
    kv_t                 *kv = *state;
    const wrap_forgery_t *v;

    for (i = 0; i < KV_COUNT(wrap_forgeries); i++) {
        v = &wrap_forgeries[i];
        kv_open_oct(kv, v->key);
        refuse_unwrap(kv, v->algorithm, kv_hex(kv, v->ciphertext), v->source);
    }
}


/* every byte counts, and one mode does not undo what the other did */
static void
test_changed(void **state)
{
    size_t   i;
    kv_t    *kv = *state;
    vc_str_t wrapped, padded;

    kv_open_oct(kv, KEK);
    wrapped = kv_value(kv, VC_KEY_WRAP, "A256KW", kv_hex(kv, KEK));
    padded = kv_value(kv, VC_KEY_WRAP, "CKM_AES_KEY_WRAP_PAD", kv_hex(kv, KEK));
    assert_int_equal(wrapped.len, 40);
    assert_int_equal(padded.len, 40);

    for (i = 0; i < wrapped.len; i++) {
        refuse_unwrap(kv, "A256KW", kv_flip(kv, wrapped, i), "a bit");
        refuse_unwrap(kv, "CKM_AES_KEY_WRAP_PAD", kv_flip(kv, padded, i),
            "a bit");
    }

    refuse_unwrap(kv, "A256KW", padded, "with padding");
    refuse_unwrap(kv, "CKM_AES_KEY_WRAP_PAD", wrapped, "without padding");
}


/* RFC 3394 with an integrity value of one's own: what RFC 5649 does inside */
static vc_str_t
wrap_with(kv_t *kv, const char *iv, vc_str_t plaintext)
{
    int             len;
    uint8_t        *out = kv_copy(kv, VC_STR_NULL, plaintext.len + 16);
    vc_str_t        key = kv_hex(kv, KEK), value = kv_hex(kv, iv);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

    assert_int_equal(value.len, 8);
    assert_non_null(ctx);
    EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    assert_int_equal(EVP_EncryptInit_ex(ctx, EVP_aes_256_wrap(), NULL, key.data,
                         value.data),
        1);
    assert_int_equal(EVP_EncryptUpdate(ctx, out, &len, plaintext.data,
                         (int) plaintext.len),
        1);
    EVP_CIPHER_CTX_free(ctx);

    return (vc_str_t){out, (size_t) len};
}


static void
test_integrity_value(void **state)
{
    size_t   i;
    kv_t    *kv = *state;
    vc_str_t plaintext;

    static const char *const wrong[] = {"a6a6a6a6a6a6a6a7", "a5a6a6a6a6a6a6a6",
        "0000000000000000", "a65959a600000000", "a65959a60000000f",
        "a65959a600000010", "a65959a600000021", "a65959a6ffffffff",
        "a65959a680000018", "a65959a700000020"};

    kv_open_oct(kv, KEK);
    plaintext = kv_hex(kv, KEK);

    kv_assert_equal("RFC 3394's value",
        kv_value(kv, VC_KEY_UNWRAP, "A256KW",
            wrap_with(kv, "a6a6a6a6a6a6a6a6", plaintext)),
        plaintext);
    kv_assert_equal("RFC 5649's value",
        kv_value(kv, VC_KEY_UNWRAP, "CKM_AES_KEY_WRAP_PAD",
            wrap_with(kv, "a65959a600000020", plaintext)),
        plaintext);

    for (i = 0; i < KV_COUNT(wrong); i++) {
        refuse_unwrap(kv, "A256KW", wrap_with(kv, wrong[i], plaintext),
            wrong[i]);
        refuse_unwrap(kv, "CKM_AES_KEY_WRAP_PAD",
            wrap_with(kv, wrong[i], plaintext), wrong[i]);
    }
}


/* the bytes behind what was wrapped must be zero, and fewer than a block */
static void
test_padding(void **state)
{
    size_t   i;
    kv_t    *kv = *state;
    uint8_t *bytes;
    vc_str_t padded;

    kv_open_oct(kv, KEK);
    padded = (vc_str_t){kv_copy(kv, VC_STR_NULL, 24), 24};
    kv_assert_equal("seven bytes of padding",
        kv_value(kv, VC_KEY_UNWRAP, "CKM_AES_KEY_WRAP_PAD",
            wrap_with(kv, "a65959a600000011", padded)),
        kv_head(padded, 17));
    refuse_unwrap(kv, "CKM_AES_KEY_WRAP_PAD",
        wrap_with(kv, "a65959a600000010", padded), "a block of padding");

    for (i = 17; i < 24; i++) {
        bytes = kv_copy(kv, padded, 0);
        bytes[i] = 1;
        refuse_unwrap(kv, "CKM_AES_KEY_WRAP_PAD",
            wrap_with(kv, "a65959a600000011", (vc_str_t){bytes, 24}),
            "padding that is not zero");
    }
}


static void
test_sizes(void **state)
{
    size_t       i;
    kv_t        *kv = *state;
    vc_str_t     wrapped;
    vc_key_use_t use;

    static const size_t wrong[] = {0, 1, 7, 8, 9, 15, 17, 31};

    kv_open_oct(kv, KEK);
    wrapped = kv_value(kv, VC_KEY_WRAP, "A256KW", kv_hex(kv, KEK));

    for (i = 0; i < KV_COUNT(wrong); i++) {
        use = kv_use(VC_KEY_WRAP, "A256KW", kv_head(kv_hex(kv, KEK), wrong[i]));
        kv_refuses(kv, &use, "a size that RFC 3394 does not wrap");
    }

    use = kv_use(VC_KEY_WRAP, "CKM_AES_KEY_WRAP_PAD", VC_STR(""));
    kv_refuses(kv, &use, "nothing to wrap");

    for (i = 0; i < wrapped.len; i++) {
        refuse_unwrap(kv, "A256KW", kv_head(wrapped, i), "cut");
        refuse_unwrap(kv, "CKM_AES_KEY_WRAP_PAD", kv_head(wrapped, i), "cut");
    }

    refuse_unwrap(kv, "A256KW",
        (vc_str_t){kv_copy(kv, wrapped, 8), wrapped.len + 8}, "eight more");
}


/* any number of bytes comes back as it was */
static void
test_padded_lengths(void **state)
{
    size_t   i;
    kv_t    *kv = *state;
    vc_str_t bytes, wrapped;

    kv_open_oct(kv, KEK);

    for (i = 1; i <= 32; i++) {
        bytes = kv_head(kv_hex(kv, KEK), i);
        wrapped = kv_value(kv, VC_KEY_WRAP, "CKM_AES_KEY_WRAP_PAD", bytes);
        assert_int_equal(wrapped.len, (i + 7) / 8 * 8 + 8);
        kv_assert_equal("round trip",
            kv_value(kv, VC_KEY_UNWRAP, "CKM_AES_KEY_WRAP_PAD", wrapped),
            bytes);
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_two_names),
        cmocka_unit_test(test_published_forgeries),
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_integrity_value),
        cmocka_unit_test(test_padding),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_padded_lengths),
    };

    return cmocka_run_group_tests(tests, kv_setup, kv_teardown);
}
