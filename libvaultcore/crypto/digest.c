#include "crypto/digest.h"

#include <pthread.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

/* the salt keeps these keys apart from any other use of the same HKDF */
#define VC_DERIVE_SALT "vaultcore key derivation 1"


/* fetched once: finding an algorithm costs more than hashing a token */
static struct {
    EVP_MD      *sha256;
    EVP_MAC_CTX *hmac; /* knows its digest, has no key: copied for each use */
    EVP_KDF     *hkdf;
} vc_algorithms;

static pthread_once_t vc_algorithms_once = PTHREAD_ONCE_INIT;


static OSSL_PARAM
vc_param_text(const char *name, const char *text)
{
    return OSSL_PARAM_construct_utf8_string(name, (char *) (uintptr_t) text, 0);
}


static OSSL_PARAM
vc_param_bytes(const char *name, const void *data, size_t len)
{
    return OSSL_PARAM_construct_octet_string(name, (void *) (uintptr_t) data,
        len);
}


static void
vc_algorithms_fetch_hmac(void)
{
    EVP_MAC   *mac;
    OSSL_PARAM params[2];

    mac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL);
    if (mac == NULL) {
        return;
    }

    vc_algorithms.hmac = EVP_MAC_CTX_new(mac);
    EVP_MAC_free(mac);

    params[0] = vc_param_text(OSSL_MAC_PARAM_DIGEST, "SHA256");
    params[1] = OSSL_PARAM_construct_end();

    if (vc_algorithms.hmac != NULL
        && EVP_MAC_CTX_set_params(vc_algorithms.hmac, params) != 1)
    {
        EVP_MAC_CTX_free(vc_algorithms.hmac);
        vc_algorithms.hmac = NULL;
    }
}


static void
vc_algorithms_fetch(void)
{
    vc_algorithms.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    vc_algorithms.hkdf = EVP_KDF_fetch(NULL, OSSL_KDF_NAME_HKDF, NULL);
    vc_algorithms_fetch_hmac();
}


vc_status_t
vc_sha256(vc_str_t data, uint8_t out[VC_SHA256_LEN])
{
    (void) pthread_once(&vc_algorithms_once, vc_algorithms_fetch);

    if (vc_algorithms.sha256 == NULL
        || EVP_Digest(data.data, data.len, out, NULL, vc_algorithms.sha256,
               NULL)
               != 1)
    {
        return VC_CRYPTO;
    }

    return VC_OK;
}


vc_status_t
vc_hmac_sha256(const uint8_t key[32], vc_str_t data, uint8_t out[VC_SHA256_LEN])
{
    size_t       len;
    vc_status_t  status;
    EVP_MAC_CTX *ctx;

    (void) pthread_once(&vc_algorithms_once, vc_algorithms_fetch);

    if (vc_algorithms.hmac == NULL) {
        return VC_CRYPTO;
    }

    ctx = EVP_MAC_CTX_dup(vc_algorithms.hmac);
    if (ctx == NULL) {
        return VC_NO_MEMORY;
    }

    status = VC_OK;

    if (EVP_MAC_init(ctx, key, 32, NULL) != 1
        || EVP_MAC_update(ctx, data.data, data.len) != 1
        || EVP_MAC_final(ctx, out, &len, VC_SHA256_LEN) != 1)
    {
        status = VC_CRYPTO;
    }

    EVP_MAC_CTX_free(ctx);

    return status;
}


vc_status_t
vc_derive_key(const uint8_t key[32], const char *purpose, uint8_t out[32])
{
    EVP_KDF_CTX *ctx;
    OSSL_PARAM   params[5];
    vc_status_t  status;

    if (purpose == NULL || purpose[0] == '\0') {
        return VC_INVALID;
    }

    (void) pthread_once(&vc_algorithms_once, vc_algorithms_fetch);

    if (vc_algorithms.hkdf == NULL) {
        return VC_CRYPTO;
    }

    ctx = EVP_KDF_CTX_new(vc_algorithms.hkdf);
    if (ctx == NULL) {
        return VC_NO_MEMORY;
    }

    params[0] = vc_param_text(OSSL_KDF_PARAM_DIGEST, "SHA256");
    params[1] = vc_param_bytes(OSSL_KDF_PARAM_KEY, key, 32);
    params[2] = vc_param_bytes(OSSL_KDF_PARAM_SALT, VC_DERIVE_SALT,
        sizeof(VC_DERIVE_SALT) - 1);
    params[3] = vc_param_bytes(OSSL_KDF_PARAM_INFO, purpose, strlen(purpose));
    params[4] = OSSL_PARAM_construct_end();

    status = (EVP_KDF_derive(ctx, out, 32, params) == 1) ? VC_OK : VC_CRYPTO;
    EVP_KDF_CTX_free(ctx);

    return status;
}
