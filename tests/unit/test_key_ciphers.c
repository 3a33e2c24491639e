/* what belongs to RSA encryption, AES and key wrap alone */

#include "key_fixture.h"

#include <string.h>

#include <openssl/rsa.h>

#include "crypto/software.h"

#define NOT_DECRYPTED                                                          \
    "The ciphertext could not be decrypted with this key and algorithm."

static const uint8_t zeros[16384];


static vc_str_t
some(size_t len)
{
    return (vc_str_t){zeros, len};
}


static void
test_rsa_room(void **state)
{
    static const struct {
        const char *alg;
        uint32_t    operation;
        size_t      room;
        const char *words;
    } rows[] = {
        {"RSA1_5", VC_KEY_ENCRYPT, 245,
            "Invalid length of 'value': 246 bytes. RSA1_5 with a key of 2048 "
            "bits takes 0 to 245 bytes, encoded with base64url."},
        {"RSA-OAEP", VC_KEY_WRAP, 214,
            "Invalid length of 'value': 215 bytes. RSA-OAEP with a key of 2048 "
            "bits takes 0 to 214 bytes, encoded with base64url."},
        {"RSA-OAEP-256", VC_KEY_ENCRYPT, 190,
            "Invalid length of 'value': 191 bytes. RSA-OAEP-256 with a key of "
            "2048 bits takes 0 to 190 bytes, encoded with base64url."},
        {"RSNULL", VC_KEY_SIGN, 245,
            "Invalid length of 'value': 246 bytes. RSNULL with a key of 2048 "
            "bits takes 1 to 245 bytes, encoded with base64url."},
    };

    size_t          i, len;
    vc_key_use_t    use;
    vc_key_result_t out;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        use = (vc_key_use_t){.value = some(rows[i].room + 1)};
        assert_string_equal(key_refused(KEY_RSA, rows[i].alg, rows[i].operation,
                                use),
            rows[i].words);

        for (len = (rows[i].operation == VC_KEY_SIGN); len <= rows[i].room;
             len += rows[i].room - 1)
        {
            use.value = some(len);
            out = key_compute(KEY_RSA, rows[i].alg, rows[i].operation, use);
            assert_int_equal(out.value.len, 256);

            if (rows[i].operation == VC_KEY_SIGN) {
                use.signature = out.value;
                assert_true(
                    key_compute(KEY_RSA, rows[i].alg, VC_KEY_VERIFY, use)
                        .valid);
                continue;
            }

            use.value = out.value;
            out = key_compute(KEY_RSA, rows[i].alg, rows[i].operation << 1,
                use);
            assert_true(vc_str_eq(out.value, some(len)));
        }
    }

    use = (vc_key_use_t){.value = some(0)};
    assert_non_null(strstr(key_refused(KEY_RSA, "RSNULL", VC_KEY_SIGN, use),
        "'value': 0 bytes"));
    use.value = some(246);
    assert_non_null(strstr(key_refused(KEY_RSA, "RSNULL", VC_KEY_VERIFY, use),
        "'digest': 246 bytes"));
}


static void
test_rsa_ciphertexts(void **state)
{
    static const char *const algs[] = {"RSA1_5", "RSA-OAEP", "RSA-OAEP-256"};

    size_t       i, len;
    uint8_t     *large;
    vc_key_use_t use;

    (void) state;

    large = vc_arena_alloc(key_arena(), 256);
    memset(large, 0xff, 256);

    for (i = 0; i < 3; i++) {
        for (len = 0; len < 300; len += 51) {
            use = (vc_key_use_t){.value = some(len)};
            assert_non_null(
                strstr(key_refused(KEY_RSA, algs[i], VC_KEY_DECRYPT, use),
                    " requires 256 bytes"));
        }

        /* not below the modulus; zero */
        use.value = (vc_str_t){large, 256};
        assert_string_equal(key_refused(KEY_RSA, algs[i], VC_KEY_UNWRAP, use),
            NOT_DECRYPTED);
        use.value = some(256);
        assert_string_equal(key_refused(KEY_RSA, algs[i], VC_KEY_DECRYPT, use),
            NOT_DECRYPTED);
    }
}


/* encrypts a block of 256 bytes as it is, with the public key */
static vc_str_t
raw_rsa(const uint8_t *block)
{
    size_t         len;
    uint8_t       *out;
    EVP_PKEY      *pkey;
    vc_error_t     err;
    EVP_PKEY_CTX  *context;
    vc_key_parts_t parts;

    assert_int_equal(vc_pkcs8_read(key_made(KEY_RSA)->material, key_arena(),
                         &parts, &err),
        VC_OK);
    assert_int_equal(vc_parts_pkey(&parts, key_arena(), &pkey, &err), VC_OK);

    context = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    assert_int_equal(EVP_PKEY_encrypt_init(context), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING), 1);
    len = 256;
    out = vc_arena_alloc(key_arena(), len);
    assert_int_equal(EVP_PKEY_encrypt(context, out, &len, block, 256), 1);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(pkey);

    return (vc_str_t){out, len};
}


/* RFC 8017 section 7.2.2: every way in which the padding can be none */
static void
test_pkcs1_paddings(void **state)
{
    static const struct {
        uint8_t first, second;
        size_t  zero; /* where the first zero stands; 0: nowhere */
        int     good;
    } rows[] = {
        {0, 2, 10, 1},
        {0, 2, 11, 1},
        {0, 2, 100, 1},
        {0, 2, 254, 1},
        {0, 2, 255, 1},
        {0, 2, 0, 0},
        {0, 2, 2, 0},
        {0, 2, 3, 0},
        {0, 2, 9, 0},
        {0, 1, 100, 0},
        {0, 3, 100, 0},
        {0, 0, 100, 0},
        {0, 0x82, 100, 0},
        {1, 2, 100, 0},
        {0x40, 2, 100, 0},
    };

    size_t       i;
    uint8_t      block[256];
    vc_str_t     shown;
    vc_key_use_t use;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        memset(block, 0x5a, sizeof(block));
        block[0] = rows[i].first;
        block[1] = rows[i].second;

        if (rows[i].zero != 0) {
            block[rows[i].zero] = 0;
        }

        use = (vc_key_use_t){.value = raw_rsa(block)};

        if (!rows[i].good) {
            assert_string_equal(key_refused(KEY_RSA, "RSA1_5", VC_KEY_DECRYPT,
                                    use),
                NOT_DECRYPTED);
            continue;
        }

        shown = key_compute(KEY_RSA, "RSA1_5", VC_KEY_DECRYPT, use).value;
        assert_int_equal(shown.len, 255 - rows[i].zero);
        assert_memory_equal(shown.data, block + rows[i].zero + 1, shown.len);
    }
}


static void
test_gcm(void **state)
{
    size_t          len;
    vc_key_use_t    use, back;
    vc_key_result_t one, two;

    (void) state;

    for (len = 0; len < 40; len += 13) {
        use = (vc_key_use_t){.value = some(len), .aad = VC_STR("bound")};
        one = key_compute(KEY_OCT256, "A256GCM", VC_KEY_ENCRYPT, use);
        two = key_compute(KEY_OCT256, "A256GCM", VC_KEY_ENCRYPT, use);
        assert_int_equal(one.value.len, len);
        assert_int_equal(one.iv.len, 12);
        assert_int_equal(one.tag.len, 16);
        assert_memory_not_equal(one.iv.data, two.iv.data, 12);

        back = (vc_key_use_t){.value = one.value,
            .iv = one.iv,
            .tag = one.tag,
            .aad = use.aad};
        assert_true(
            vc_str_eq(key_compute(KEY_OCT256, "A256GCM", VC_KEY_DECRYPT, back)
                          .value,
                some(len)));

        back.aad = VC_STR("bounD");
        assert_string_equal(key_refused(KEY_OCT256, "A256GCM", VC_KEY_DECRYPT,
                                back),
            NOT_DECRYPTED);
        back.aad = VC_STR_NULL;
        assert_string_equal(key_refused(KEY_OCT256, "A256GCM", VC_KEY_DECRYPT,
                                back),
            NOT_DECRYPTED);
        back.aad = use.aad;
        back.iv = two.iv;
        assert_string_equal(key_refused(KEY_OCT256, "A256GCM", VC_KEY_DECRYPT,
                                back),
            NOT_DECRYPTED);
        back.iv = one.iv;
        back.tag = some(16);
        assert_string_equal(key_refused(KEY_OCT256, "A256GCM", VC_KEY_DECRYPT,
                                back),
            NOT_DECRYPTED);
    }
}


static void
test_gcm_members(void **state)
{
    vc_key_use_t use;

    (void) state;

    use = (vc_key_use_t){.value = some(16), .iv = some(12)};
    assert_string_equal(key_refused(KEY_OCT128, "A128GCM", VC_KEY_ENCRYPT, use),
        "The iv of GCM encryption is made by the service; leave it out.");
    assert_string_equal(key_refused(KEY_OCT128, "A128GCM", VC_KEY_DECRYPT, use),
        "The member 'tag' is missing. To decrypt with A128GCM takes one of 16 "
        "bytes, encoded with base64url.");

    use.tag = some(15);
    assert_string_equal(key_refused(KEY_OCT128, "A128GCM", VC_KEY_DECRYPT, use),
        "Invalid length of 'tag': 15 bytes. A128GCM requires 16 bytes, encoded "
        "with base64url.");

    use.iv = VC_STR_NULL;
    assert_string_equal(key_refused(KEY_OCT128, "A128GCM", VC_KEY_ENCRYPT, use),
        "The tag of GCM encryption is made by the service; leave it out.");

    use.tag = some(16);
    assert_non_null(
        strstr(key_refused(KEY_OCT128, "A128GCM", VC_KEY_DECRYPT, use),
            "'iv' is missing"));
    use.iv = some(16);
    assert_non_null(
        strstr(key_refused(KEY_OCT128, "A128GCM", VC_KEY_DECRYPT, use),
            "'iv': 16 bytes"));
    use.iv = some(0);
    assert_non_null(
        strstr(key_refused(KEY_OCT128, "A128GCM", VC_KEY_DECRYPT, use),
            "'iv': 0 bytes"));
}


static void
test_cbc(void **state)
{
    vc_key_use_t    use, back;
    vc_key_result_t one, two;

    (void) state;

    /* without an iv a new one is made each time */
    use = (vc_key_use_t){.value = some(32)};
    one = key_compute(KEY_OCT192, "A192CBC", VC_KEY_ENCRYPT, use);
    two = key_compute(KEY_OCT192, "A192CBC", VC_KEY_ENCRYPT, use);
    assert_int_equal(one.value.len, 32);
    assert_int_equal(one.iv.len, 16);
    assert_null(one.tag.data);
    assert_memory_not_equal(one.iv.data, two.iv.data, 16);

    /* one that is given is used */
    use.iv = one.iv;
    two = key_compute(KEY_OCT192, "A192CBC", VC_KEY_ENCRYPT, use);
    assert_true(vc_str_eq(one.value, two.value));
    assert_true(vc_str_eq(one.iv, two.iv));

    back = (vc_key_use_t){.value = one.value};
    assert_non_null(
        strstr(key_refused(KEY_OCT192, "A192CBC", VC_KEY_DECRYPT, back),
            "'iv' is missing"));
    back.iv = some(12);
    assert_non_null(
        strstr(key_refused(KEY_OCT192, "A192CBC", VC_KEY_DECRYPT, back),
            "'iv': 12 bytes"));
    use.iv = some(17);
    assert_non_null(
        strstr(key_refused(KEY_OCT192, "A192CBC", VC_KEY_ENCRYPT, use),
            "'iv': 17 bytes"));
}


static void
test_cbc_blocks(void **state)
{
    size_t          len;
    vc_key_use_t    use;
    vc_key_result_t out;

    (void) state;

    for (len = 0; len <= 48; len++) {
        use = (vc_key_use_t){.value = some(len), .iv = some(16)};

        if (len == 0 || len % 16 != 0) {
            assert_non_null(
                strstr(key_refused(KEY_OCT256, "A256CBC", VC_KEY_ENCRYPT, use),
                    "requires a multiple of 16 bytes"));
            assert_non_null(
                strstr(key_refused(KEY_OCT256, "A256CBC", VC_KEY_DECRYPT, use),
                    "requires a multiple of 16 bytes"));
            assert_non_null(strstr(key_refused(KEY_OCT256, "A256CBCPAD",
                                       VC_KEY_DECRYPT, use),
                "requires a multiple of 16 bytes"));
        }

        out = key_compute(KEY_OCT256, "A256CBCPAD", VC_KEY_ENCRYPT, use);
        assert_int_equal(out.value.len, len - len % 16 + 16);
        use.value = out.value;
        out = key_compute(KEY_OCT256, "A256CBCPAD", VC_KEY_DECRYPT, use);
        assert_true(vc_str_eq(out.value, some(len)));
    }
}


/* blocks that end in no padding, made with the mode that adds none */
static void
test_cbc_bad_padding(void **state)
{
    static const uint8_t ends[][3] = {{0, 0, 0}, {0, 0, 17}, {0, 0, 255},
        {0, 0, 2}, {3, 2, 3}, {1, 3, 3}};

    size_t       i;
    uint8_t      block[16];
    vc_key_use_t use;

    (void) state;

    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        memset(block, 0, sizeof(block));
        memcpy(block + 13, ends[i], 3);
        use = (vc_key_use_t){.value = {block, 16}, .iv = some(16)};
        use.value =
            key_compute(KEY_OCT128, "A128CBC", VC_KEY_ENCRYPT, use).value;
        assert_string_equal(key_refused(KEY_OCT128, "A128CBCPAD",
                                VC_KEY_DECRYPT, use),
            NOT_DECRYPTED);
    }
}


static void
test_key_wrap_lengths(void **state)
{
    size_t       len, unit;
    vc_str_t     wrapped;
    vc_key_use_t use;

    (void) state;

    for (len = 0; len <= 8200; len += (len < 70) ? 1 : 813) {
        use = (vc_key_use_t){.value = some(len)};

        if (len < 16 || len % 8 != 0 || len > 8192) {
            assert_non_null(
                strstr(key_refused(KEY_OCT128, "A128KW", VC_KEY_WRAP, use),
                    "requires 16 to 8192 bytes, a multiple of 8"));
        } else {
            wrapped = key_compute(KEY_OCT128, "A128KW", VC_KEY_WRAP, use).value;
            assert_int_equal(wrapped.len, len + 8);
        }

        if (len < 24 || len % 8 != 0 || len > 8200) {
            assert_non_null(strstr(key_refused(KEY_OCT128, "CKM_AES_KEY_WRAP",
                                       VC_KEY_UNWRAP, use),
                "requires 24 to 8200 bytes, a multiple of 8"));
        }

        if (len == 0 || len > 8192) {
            assert_non_null(
                strstr(key_refused(KEY_OCT128, "CKM_AES_KEY_WRAP_PAD",
                           VC_KEY_WRAP, use),
                    "requires 1 to 8192 bytes, encoded"));
            continue;
        }

        unit = (len + 7) / 8 * 8;
        wrapped = key_compute(KEY_OCT256, "CKM_AES_KEY_WRAP_PAD", VC_KEY_WRAP,
            use)
                      .value;
        assert_int_equal(wrapped.len, unit + 8);
        use.value = wrapped;
        assert_true(vc_str_eq(key_compute(KEY_OCT256, "CKM_AES_KEY_WRAP_PAD",
                                  VC_KEY_UNWRAP, use)
                                  .value,
            some(len)));

        use.value.len--;
        assert_non_null(strstr(key_refused(KEY_OCT256, "CKM_AES_KEY_WRAP_PAD",
                                   VC_KEY_UNWRAP, use),
            "requires 16 to 8200 bytes, a multiple of 8"));
    }

    use.value = some(8200);
    assert_string_equal(key_refused(KEY_OCT256, "A256KW", VC_KEY_UNWRAP, use),
        NOT_DECRYPTED);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_rsa_room, key_setup),
        cmocka_unit_test_setup(test_rsa_ciphertexts, key_setup),
        cmocka_unit_test_setup(test_pkcs1_paddings, key_setup),
        cmocka_unit_test_setup(test_gcm, key_setup),
        cmocka_unit_test_setup(test_gcm_members, key_setup),
        cmocka_unit_test_setup(test_cbc, key_setup),
        cmocka_unit_test_setup(test_cbc_blocks, key_setup),
        cmocka_unit_test_setup(test_cbc_bad_padding, key_setup),
        cmocka_unit_test_setup(test_key_wrap_lengths, key_setup),
    };

    return cmocka_run_group_tests(tests, key_fixture_open, key_fixture_close);
}
