#include "key_vectors.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>


int
kv_setup(void **state)
{
    kv_t *kv = calloc(1, sizeof(kv_t));

    assert_non_null(kv);
    kv->arena = vc_arena_create(64 * 1024);
    assert_non_null(kv->arena);
    *state = kv;

    return 0;
}


static void
kv_close(kv_t *kv)
{
    vc_key_software.release(kv->key);
    kv->key = NULL;
    vc_arena_reset(kv->arena);
}


int
kv_teardown(void **state)
{
    kv_t *kv = *state;

    kv_close(kv);
    vc_arena_destroy(kv->arena);
    free(kv);

    return 0;
}


static void
kv_ready(kv_t *kv, vc_status_t status)
{
    if (status != VC_OK) {
        fail_msg("import: %s: %s (%s)", vc_status_name(status), kv->err.message,
            kv->err.detail);
    }

    status = vc_key_software.open(&kv->made.spec, kv->made.material, &kv->key,
        &kv->err);
    if (status != VC_OK) {
        fail_msg("open: %s: %s (%s)", vc_status_name(status), kv->err.message,
            kv->err.detail);
    }
}


static json_t *
kv_json(const kv_jwk_t *jwk)
{
    size_t  i;
    json_t *json = json_object();

    struct {
        const char *name, *value;
    } members[] = {{"kty", jwk->kty}, {"crv", jwk->crv}, {"n", jwk->n},
        {"e", jwk->e}, {"d", jwk->d}, {"p", jwk->p}, {"q", jwk->q},
        {"dp", jwk->dp}, {"dq", jwk->dq}, {"qi", jwk->qi}, {"x", jwk->x},
        {"y", jwk->y}, {"k", jwk->k}};

    assert_non_null(json);
    for (i = 0; i < KV_COUNT(members); i++) {
        if (members[i].value != NULL) {
            assert_int_equal(json_object_set_new(json, members[i].name,
                                 json_string(members[i].value)),
                0);
        }
    }

    return json;
}


void
kv_open(kv_t *kv, const kv_jwk_t *jwk)
{
    json_t     *json;
    vc_status_t status;

    kv_close(kv);
    json = kv_json(jwk);
    status = vc_key_software.import_jwk(json, kv->arena, &kv->made, &kv->err);
    json_decref(json);
    kv_ready(kv, status);
}


void
kv_open_oct(kv_t *kv, const char *hex)
{
    vc_buf_t    text;
    json_t     *json;
    vc_status_t status;

    kv_close(kv);
    vc_buf_init(&text, kv->arena, 0);
    vc_base64url_encode(&text, kv_hex(kv, hex));
    assert_false(text.failed);
    json = json_pack("{s:s, s:s%}", "kty", "oct", "k", (char *) text.data,
        text.len);
    assert_non_null(json);
    status = vc_key_software.import_jwk(json, kv->arena, &kv->made, &kv->err);
    json_decref(json);
    kv_ready(kv, status);
}


void
kv_open_pkcs8(kv_t *kv, vc_str_t der)
{
    uint8_t *copy = malloc(der.len);

    /* der may lie in the arena that is reset */
    assert_non_null(copy);
    memcpy(copy, der.data, der.len);
    kv_close(kv);
    kv_ready(kv, vc_key_software.import_pkcs8((vc_str_t){copy, der.len},
                     kv->arena, &kv->made, &kv->err));
    free(copy);
}


uint8_t *
kv_copy(kv_t *kv, vc_str_t bytes, size_t room)
{
    uint8_t *copy = vc_arena_calloc(kv->arena, bytes.len + room + 1);

    assert_non_null(copy);
    if (bytes.len != 0) {
        memcpy(copy, bytes.data, bytes.len);
    }

    return copy;
}


vc_str_t
kv_hex(kv_t *kv, const char *text)
{
    size_t   len = strlen(text) / 2;
    uint8_t *bytes = kv_copy(kv, VC_STR_NULL, len);

    assert_true(vc_hex_decode(bytes, len, vc_str(text)));

    return (vc_str_t){bytes, len};
}


vc_str_t
kv_base64url(kv_t *kv, const char *text)
{
    vc_str_t bytes;

    assert_true(vc_base64url_decode(kv->arena, vc_str(text), &bytes));

    return bytes;
}


vc_str_t
kv_join(kv_t *kv, vc_str_t a, vc_str_t b)
{
    uint8_t *bytes = kv_copy(kv, a, b.len);

    if (b.len != 0) {
        memcpy(bytes + a.len, b.data, b.len);
    }

    return (vc_str_t){bytes, a.len + b.len};
}


vc_str_t
kv_head(vc_str_t s, size_t len)
{
    assert_true(len <= s.len);

    return (vc_str_t){s.data, len};
}


vc_str_t
kv_flip(kv_t *kv, vc_str_t s, size_t at)
{
    uint8_t *bytes = kv_copy(kv, s, 0);

    assert_true(at < s.len);
    bytes[at] ^= 1;

    return (vc_str_t){bytes, s.len};
}


vc_str_t
kv_number(kv_t *kv, const BIGNUM *number, size_t len)
{
    uint8_t *bytes = kv_copy(kv, VC_STR_NULL, len);

    assert_int_equal(BN_bn2binpad(number, bytes, (int) len), (int) len);

    return (vc_str_t){bytes, len};
}


vc_str_t
kv_rsa_raw(kv_t *kv, bool with_private, vc_str_t block)
{
    size_t         len = block.len;
    uint8_t       *out = kv_copy(kv, VC_STR_NULL, block.len);
    EVP_PKEY      *key;
    const uint8_t *der = kv->made.material.data;
    EVP_PKEY_CTX  *ctx;

    key = d2i_AutoPrivateKey(NULL, &der, (long) kv->made.material.len);
    assert_non_null(key);
    ctx = EVP_PKEY_CTX_new(key, NULL);
    assert_non_null(ctx);

    if (with_private) {
        assert_int_equal(EVP_PKEY_decrypt_init(ctx), 1);
        assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
        assert_int_equal(EVP_PKEY_decrypt(ctx, out, &len, block.data,
                             block.len),
            1);

    } else {
        assert_int_equal(EVP_PKEY_encrypt_init(ctx), 1);
        assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
        assert_int_equal(EVP_PKEY_encrypt(ctx, out, &len, block.data,
                             block.len),
            1);
    }

    assert_int_equal(len, block.len);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);

    return (vc_str_t){out, len};
}


vc_str_t
kv_digest(kv_t *kv, const char *hash, vc_str_t message)
{
    EVP_MD  *md = EVP_MD_fetch(NULL, hash, NULL);
    uint8_t *out = kv_copy(kv, VC_STR_NULL, EVP_MAX_MD_SIZE);
    unsigned len;

    assert_non_null(md);
    assert_int_equal(EVP_Digest(message.data, message.len, out, &len, md, NULL),
        1);
    EVP_MD_free(md);

    return (vc_str_t){out, len};
}


vc_str_t
kv_message(kv_t *kv, const char *algorithm, const char *message)
{
    const vc_jwa_t *jwa = vc_jwa_find(vc_str(algorithm));

    assert_non_null(jwa);

    return kv_digest(kv, jwa->hash, vc_str(message));
}


void
kv_assert_equal(const char *what, vc_str_t found, vc_str_t expected)
{
    if (!vc_str_eq(found, expected)) {
        fail_msg("%s: %zu bytes that are not the %zu expected", what, found.len,
            expected.len);
    }
}


vc_key_use_t
kv_use(uint32_t operation, const char *algorithm, vc_str_t value)
{
    vc_key_use_t use;

    memset(&use, 0, sizeof(use));
    use.operation = operation;
    use.jwa = vc_jwa_find(vc_str(algorithm));
    use.value = value;
    if (use.jwa == NULL) {
        fail_msg("%s is not in the table", algorithm);
    }

    return use;
}


vc_status_t
kv_run(kv_t *kv, const vc_key_use_t *use)
{
    memset(&kv->result, 0, sizeof(kv->result));
    vc_error_clear(&kv->err);

    return vc_key_software.compute(kv->key, use, kv->arena, &kv->result,
        &kv->err);
}


void
kv_runs(kv_t *kv, const vc_key_use_t *use, const char *source)
{
    vc_status_t status = kv_run(kv, use);

    if (status != VC_OK) {
        fail_msg("%s: %s: %s (%s)", source, vc_status_name(status),
            kv->err.message, kv->err.detail);
    }
}


void
kv_refuses(kv_t *kv, const vc_key_use_t *use, const char *source)
{
    vc_status_t status = kv_run(kv, use);

    if (status != VC_BAD_PARAMETER) {
        fail_msg("%s: %s instead of a refusal", source, vc_status_name(status));
    }

    assert_string_not_equal(kv->err.message, "");
    assert_int_equal(kv->result.value.len, 0);
    assert_false(kv->result.valid);
}


vc_str_t
kv_value(kv_t *kv, uint32_t operation, const char *algorithm, vc_str_t value)
{
    vc_key_use_t use = kv_use(operation, algorithm, value);

    kv_runs(kv, &use, algorithm);

    return kv->result.value;
}


bool
kv_verify(kv_t *kv, const char *algorithm, vc_str_t digest, vc_str_t signature)
{
    vc_key_use_t use = kv_use(VC_KEY_VERIFY, algorithm, digest);

    use.signature = signature;
    kv_runs(kv, &use, algorithm);

    return kv->result.valid;
}
