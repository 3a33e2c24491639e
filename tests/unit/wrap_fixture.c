#include "wrap_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#define AES_KEY_LEN 32

#define MUST(condition)                                                        \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "fixture: %s\n", #condition);                      \
            abort();                                                           \
        }                                                                      \
    } while (0)


/* NULL: the JWK has no such member */
static BIGNUM *
member_number(vc_arena_t *arena, const json_t *jwk, const char *name)
{
    BIGNUM       *number;
    vc_str_t      bytes;
    const json_t *member;

    member = json_object_get(jwk, name);
    if (member == NULL) {
        return NULL;
    }

    MUST(vc_base64url_decode(arena, vc_str(json_string_value(member)), &bytes));
    number = BN_bin2bn(bytes.data, (int) bytes.len, NULL);
    MUST(number != NULL);

    return number;
}


EVP_PKEY *
wrap_rsa_key(const json_t *jwk)
{
    BIGNUM         *n, *e, *d;
    EVP_PKEY       *key;
    vc_arena_t     *arena;
    OSSL_PARAM     *params;
    EVP_PKEY_CTX   *context;
    OSSL_PARAM_BLD *builder;

    arena = vc_arena_create(4096);
    n = member_number(arena, jwk, "n");
    e = member_number(arena, jwk, "e");
    d = member_number(arena, jwk, "d");
    vc_arena_destroy(arena);

    builder = OSSL_PARAM_BLD_new();
    MUST(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1);
    MUST(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1);
    MUST(d == NULL
         || OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_D, d) == 1);
    params = OSSL_PARAM_BLD_to_param(builder);

    key = NULL;
    context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    MUST(EVP_PKEY_fromdata_init(context) == 1);
    MUST(EVP_PKEY_fromdata(context, &key,
             (d == NULL) ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR, params)
         == 1);

    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    BN_free(n);
    BN_free(e);
    BN_clear_free(d);

    return key;
}


/* a context for RSA-OAEP, its mask with the same hash */
static EVP_PKEY_CTX *
oaep(EVP_PKEY *key, const char *hash, bool encrypt)
{
    EVP_PKEY_CTX *context;

    context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    MUST((encrypt ? EVP_PKEY_encrypt_init(context)
                  : EVP_PKEY_decrypt_init(context))
         == 1);
    MUST(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1);
    MUST(EVP_PKEY_CTX_set_rsa_oaep_md_name(context, hash, NULL) == 1);
    MUST(EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, hash, NULL) == 1);

    return context;
}


static bool
key_wrap(const uint8_t *key, bool encrypt, vc_str_t in, uint8_t *out,
    size_t *len)
{
    int             n, rc;
    EVP_CIPHER_CTX *context;

    context = EVP_CIPHER_CTX_new();
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    MUST(EVP_CipherInit_ex(context, EVP_aes_256_wrap_pad(), NULL, key, NULL,
             encrypt ? 1 : 0)
         == 1);

    rc = EVP_CipherUpdate(context, out, &n, in.data, (int) in.len);
    EVP_CIPHER_CTX_free(context);
    *len = (rc == 1) ? (size_t) n : 0;

    return rc == 1;
}


vc_str_t
wrap_for(vc_arena_t *arena, EVP_PKEY *target, vc_str_t data)
{
    size_t               len, wrapped;
    uint8_t             *out;
    EVP_PKEY_CTX        *context;
    static const char    hash[] = "SHA1";
    static const uint8_t key[AES_KEY_LEN] = {1, 2, 3};

    len = (size_t) EVP_PKEY_get_size(target);
    out = vc_arena_alloc(arena, len + data.len + 16);
    MUST(out != NULL);

    context = oaep(target, hash, true);
    MUST(EVP_PKEY_encrypt(context, out, &len, key, sizeof(key)) == 1);
    EVP_PKEY_CTX_free(context);
    MUST(key_wrap(key, true, data, out + len, &wrapped));

    return (vc_str_t){out, len + wrapped};
}


bool
wrap_open(vc_arena_t *arena, EVP_PKEY *key, const char *hash, vc_str_t wrapped,
    vc_str_t *out)
{
    int           rc;
    size_t        size, len;
    uint8_t      *aes, *data;
    EVP_PKEY_CTX *context;

    size = (size_t) EVP_PKEY_get_size(key);
    if (wrapped.len <= size) {
        return false;
    }

    len = size;
    aes = vc_arena_alloc(arena, size);
    data = vc_arena_alloc(arena, wrapped.len);
    MUST(aes != NULL && data != NULL);

    context = oaep(key, hash, false);
    rc = EVP_PKEY_decrypt(context, aes, &len, wrapped.data, size);
    EVP_PKEY_CTX_free(context);

    if (rc != 1 || len != AES_KEY_LEN
        || !key_wrap(aes, false,
            (vc_str_t){wrapped.data + size, wrapped.len - size}, data, &len))
    {
        return false;
    }

    *out = (vc_str_t){data, len};

    return true;
}


const char *
wrap_text(vc_arena_t *arena, vc_str_t bytes)
{
    vc_buf_t text;

    vc_buf_init(&text, arena, 2 * bytes.len + 4);
    vc_base64url_encode(&text, bytes);
    vc_buf_u8(&text, '\0');
    MUST(!text.failed);

    return (const char *) text.data;
}
