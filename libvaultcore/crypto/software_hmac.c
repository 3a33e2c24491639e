/* HMAC (RFC 2104) over a digest */

#include "crypto/software.h"

#include <pthread.h>

#include <openssl/core_names.h>
#include <openssl/params.h>

#define VC_HMAC_MAX 64


/* one for each digest, made once, without a key: copied for each use */
static struct {
    const char  *hash;
    EVP_MAC_CTX *context;
} vc_hmacs[] = {
    {"SHA256", NULL},
    {"SHA384", NULL},
    {"SHA512", NULL},
};

#define VC_HMAC_COUNT (sizeof(vc_hmacs) / sizeof(vc_hmacs[0]))

static pthread_once_t vc_hmacs_once = PTHREAD_ONCE_INIT;


static void
vc_hmacs_make(void)
{
    size_t     i;
    EVP_MAC   *mac;
    OSSL_PARAM params[2];

    mac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL);
    if (mac == NULL) {
        return;
    }

    for (i = 0; i < VC_HMAC_COUNT; i++) {
        params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
            (char *) (uintptr_t) vc_hmacs[i].hash, 0);
        params[1] = OSSL_PARAM_construct_end();
        vc_hmacs[i].context = EVP_MAC_CTX_new(mac);

        if (vc_hmacs[i].context != NULL
            && EVP_MAC_CTX_set_params(vc_hmacs[i].context, params) != 1)
        {
            EVP_MAC_CTX_free(vc_hmacs[i].context);
            vc_hmacs[i].context = NULL;
        }
    }

    EVP_MAC_free(mac);
}


static EVP_MAC_CTX *
vc_hmac_context(const char *hash)
{
    size_t i;

    (void) pthread_once(&vc_hmacs_once, vc_hmacs_make);

    for (i = 0; i < VC_HMAC_COUNT; i++) {
        if (strcmp(vc_hmacs[i].hash, hash) == 0 && vc_hmacs[i].context != NULL)
        {
            return EVP_MAC_CTX_dup(vc_hmacs[i].context);
        }
    }

    return NULL;
}


static vc_status_t
vc_hmac(const vc_ready_key_t *key, const vc_key_use_t *use,
    uint8_t mac[VC_HMAC_MAX], vc_error_t *err)
{
    int          ok;
    size_t       len;
    EVP_MAC_CTX *context;

    context = vc_hmac_context(use->jwa->hash);

    ok = context != NULL
         && EVP_MAC_init(context, key->bytes, key->spec.bits / 8, NULL) == 1
         && EVP_MAC_update(context, use->value.data, use->value.len) == 1
         && EVP_MAC_final(context, mac, &len, VC_HMAC_MAX) == 1;
    EVP_MAC_CTX_free(context);

    return ok ? VC_OK : vc_openssl_failed(err, "computing an HMAC");
}


vc_status_t
vc_hmac_compute(vc_ready_key_t *key, const vc_key_use_t *use, vc_arena_t *arena,
    vc_key_result_t *out, vc_error_t *err)
{
    uint8_t    *mac;
    vc_status_t status;

    mac = vc_arena_alloc(arena, VC_HMAC_MAX);
    if (mac == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_hmac(key, use, mac, err);
    if (status != VC_OK) {
        return status;
    }

    /* a MAC is as long as the digest that it is made with */
    if (use->operation == VC_KEY_SIGN) {
        out->value = (vc_str_t){mac, use->jwa->digest};
    } else {
        out->valid = use->signature.len == use->jwa->digest
                     && vc_equal_secret(use->signature.data, mac,
                         use->jwa->digest);
    }

    return VC_OK;
}
