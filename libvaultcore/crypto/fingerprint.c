#include "crypto/fingerprint.h"

#include <limits.h>
#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "crypto/random.h"

#define VC_FINGERPRINT_KEY_LEN 16

struct vc_fingerprinter {
    EVP_CIPHER_CTX *context; /* its key is set, its nonce is all zeroes */
};

static const uint8_t vc_fingerprint_nonce[12];


static vc_status_t
vc_fingerprinter_key(vc_fingerprinter_t *fingerprinter)
{
    uint8_t     key[VC_FINGERPRINT_KEY_LEN];
    vc_status_t status;

    status = vc_random(key, sizeof(key));

    if (status == VC_OK
        && EVP_EncryptInit_ex2(fingerprinter->context, EVP_aes_128_gcm(), key,
               NULL, NULL)
               != 1)
    {
        status = VC_CRYPTO;
    }

    vc_wipe(key, sizeof(key));

    return status;
}


vc_status_t
vc_fingerprinter_create(vc_fingerprinter_t **out)
{
    vc_status_t         status;
    vc_fingerprinter_t *fingerprinter;

    *out = NULL;

    fingerprinter = calloc(1, sizeof(vc_fingerprinter_t));
    if (fingerprinter == NULL) {
        return VC_NO_MEMORY;
    }

    fingerprinter->context = EVP_CIPHER_CTX_new();

    status = (fingerprinter->context == NULL)
                 ? VC_NO_MEMORY
                 : vc_fingerprinter_key(fingerprinter);

    if (status != VC_OK) {
        vc_fingerprinter_destroy(fingerprinter);
        return status;
    }

    *out = fingerprinter;

    return VC_OK;
}


void
vc_fingerprinter_destroy(vc_fingerprinter_t *fingerprinter)
{
    if (fingerprinter != NULL) {
        EVP_CIPHER_CTX_free(fingerprinter->context); /* and wipes its key */
        free(fingerprinter);
    }
}


vc_status_t
vc_fingerprint(vc_fingerprinter_t *fingerprinter, vc_str_t bytes,
    uint8_t out[VC_FINGERPRINT_LEN])
{
    int             n;
    uint8_t         rest[16];
    OSSL_PARAM      tag[2];
    EVP_CIPHER_CTX *context;

    if (bytes.len > INT_MAX) {
        return VC_INVALID;
    }

    context = fingerprinter->context;
    tag[0] = OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, out,
        VC_FINGERPRINT_LEN);
    tag[1] = OSSL_PARAM_construct_end();

    /* no bytes must not reach OpenSSL, to which NULL means something else */
    if (EVP_EncryptInit_ex2(context, NULL, NULL, vc_fingerprint_nonce, NULL)
            != 1
        || (bytes.len != 0
            && EVP_EncryptUpdate(context, NULL, &n, bytes.data, (int) bytes.len)
                   != 1)
        || EVP_EncryptFinal_ex(context, rest, &n) != 1
        || EVP_CIPHER_CTX_get_params(context, tag) != 1)
    {
        return VC_CRYPTO;
    }

    return VC_OK;
}
