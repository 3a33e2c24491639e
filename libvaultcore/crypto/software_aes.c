/* AES (FIPS 197) in GCM (SP 800-38D) and CBC (SP 800-38A) */

#include "crypto/software.h"

#include <pthread.h>
#include <stdio.h>

#include <openssl/err.h>

#include "crypto/random.h"

#define VC_AES_BLOCK 16
#define VC_GCM_IV 12
#define VC_GCM_TAG 16

/* one encryption or decryption */
typedef struct {
    EVP_CIPHER_CTX     *context;
    const vc_key_use_t *use;
    uint8_t            *bytes; /* room for value and a block */
    uint8_t            *tag;
} vc_aes_job_t;

static const struct {
    vc_jwa_scheme_t scheme;
    const char     *name;
} vc_aes_modes[] = {
    {VC_JWA_GCM, "AES-%u-GCM"},
    {VC_JWA_CBC, "AES-%u-CBC"},
    {VC_JWA_CBC_PAD, "AES-%u-CBC"},
    {VC_JWA_KW, "AES-%u-WRAP"},
    {VC_JWA_KWP, "AES-%u-WRAP-PAD"},
};

#define VC_AES_MODES (sizeof(vc_aes_modes) / sizeof(vc_aes_modes[0]))
#define VC_AES_SIZES 3

/* finding an algorithm costs more than a short encryption */
static EVP_CIPHER    *vc_aes_ciphers[VC_AES_MODES][VC_AES_SIZES];
static pthread_once_t vc_aes_once = PTHREAD_ONCE_INIT;


static void
vc_aes_fetch(void)
{
    char   name[32];
    size_t i, k;

    for (i = 0; i < VC_AES_MODES; i++) {
        for (k = 0; k < VC_AES_SIZES; k++) {
            (void) snprintf(name, sizeof(name), vc_aes_modes[i].name,
                (unsigned) (128 + 64 * k));
            vc_aes_ciphers[i][k] = EVP_CIPHER_fetch(NULL, name, NULL);
        }
    }
}


const EVP_CIPHER *
vc_aes_cipher(vc_jwa_scheme_t scheme, unsigned bits)
{
    size_t i;

    (void) pthread_once(&vc_aes_once, vc_aes_fetch);

    for (i = 0; i < VC_AES_MODES; i++) {
        if (vc_aes_modes[i].scheme == scheme) {
            return vc_aes_ciphers[i][bits / 64 - 2];
        }
    }

    return NULL;
}


/* an empty part must not reach OpenSSL, to which NULL means something else */
static int
vc_aes_update(EVP_CIPHER_CTX *context, uint8_t *out, vc_str_t in, int *n)
{
    *n = 0;

    return in.len == 0
           || EVP_CipherUpdate(context, out, n, in.data, (int) in.len) == 1;
}


static vc_status_t
vc_aes_encrypt(vc_aes_job_t *job, vc_key_result_t *out, vc_error_t *err)
{
    int  n, last;
    bool gcm;

    gcm = job->use->jwa->scheme == VC_JWA_GCM;

    if (!vc_aes_update(job->context, NULL, job->use->aad, &n)
        || !vc_aes_update(job->context, job->bytes, job->use->value, &n)
        || EVP_CipherFinal_ex(job->context, job->bytes + n, &last) != 1
        || (gcm
            && EVP_CIPHER_CTX_ctrl(job->context, EVP_CTRL_AEAD_GET_TAG,
                   VC_GCM_TAG, job->tag)
                   != 1))
    {
        return vc_openssl_failed(err, "encrypting with AES");
    }

    out->value = (vc_str_t){job->bytes, (size_t) (n + last)};

    if (gcm) {
        out->tag = (vc_str_t){job->tag, VC_GCM_TAG};
    }

    return VC_OK;
}


static vc_status_t
vc_aes_decrypt(vc_aes_job_t *job, vc_key_result_t *out, vc_error_t *err)
{
    int n, last;

    if (job->use->jwa->scheme == VC_JWA_GCM) {
        memcpy(job->tag, job->use->tag.data, VC_GCM_TAG);

        if (EVP_CIPHER_CTX_ctrl(job->context, EVP_CTRL_AEAD_SET_TAG, VC_GCM_TAG,
                job->tag)
            != 1)
        {
            return vc_openssl_failed(err, "decrypting with AES");
        }
    }

    if (!vc_aes_update(job->context, NULL, job->use->aad, &n)
        || !vc_aes_update(job->context, job->bytes, job->use->value, &n)
        || EVP_CipherFinal_ex(job->context, job->bytes + n, &last) != 1)
    {
        vc_wipe(job->bytes, job->use->value.len + VC_AES_BLOCK);
        return vc_not_decrypted(err);
    }

    out->value = (vc_str_t){job->bytes, (size_t) (n + last)};

    return VC_OK;
}


/* CBC works on whole blocks; padded ciphertext has at least one */
static vc_status_t
vc_aes_check_blocks(const vc_key_use_t *use, vc_error_t *err)
{
    if (use->jwa->scheme == VC_JWA_GCM
        || (use->jwa->scheme == VC_JWA_CBC_PAD
            && use->operation == VC_KEY_ENCRYPT)
        || (use->value.len != 0 && use->value.len % VC_AES_BLOCK == 0))
    {
        return VC_OK;
    }

    return vc_fail(err, VC_BAD_PARAMETER,
        "Invalid length of 'value': %zu bytes. To %s with %s requires a "
        "multiple of %d bytes, encoded with base64url.",
        use->value.len, vc_key_op_name(use->operation), use->jwa->name,
        VC_AES_BLOCK);
}


/* the iv that was given, or a new one */
static vc_status_t
vc_aes_iv(vc_aes_job_t *job, vc_arena_t *arena, vc_str_t *iv, vc_error_t *err)
{
    uint8_t *bytes;

    *iv = job->use->iv;
    if (iv->data != NULL) {
        return VC_OK;
    }

    iv->len = (job->use->jwa->scheme == VC_JWA_GCM) ? VC_GCM_IV : VC_AES_BLOCK;

    bytes = vc_arena_alloc(arena, iv->len);
    if (bytes == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    iv->data = bytes;

    return (vc_random(bytes, iv->len) == VC_OK)
               ? VC_OK
               : vc_openssl_failed(err, "random bytes for an iv");
}


static vc_status_t
vc_aes_run(vc_aes_job_t *job, const vc_ready_key_t *key, vc_str_t iv,
    vc_key_result_t *out, vc_error_t *err)
{
    int               encrypt;
    const EVP_CIPHER *cipher;

    encrypt = job->use->operation == VC_KEY_ENCRYPT;
    cipher = vc_aes_cipher(job->use->jwa->scheme, key->spec.bits);

    if (cipher == NULL
        || EVP_CipherInit_ex2(job->context, cipher, key->bytes, iv.data,
               encrypt, NULL)
               != 1
        || EVP_CIPHER_CTX_set_padding(job->context,
               job->use->jwa->scheme == VC_JWA_CBC_PAD)
               != 1)
    {
        return vc_openssl_failed(err, "preparing AES");
    }

    return encrypt ? vc_aes_encrypt(job, out, err)
                   : vc_aes_decrypt(job, out, err);
}


vc_status_t
vc_aes_compute(vc_ready_key_t *key, const vc_key_use_t *use, vc_arena_t *arena,
    vc_key_result_t *out, vc_error_t *err)
{
    vc_str_t     iv;
    vc_status_t  status;
    vc_aes_job_t job = {.use = use};

    status = vc_aes_check_blocks(use, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_aes_iv(&job, arena, &iv, err);
    if (status != VC_OK) {
        return status;
    }

    job.bytes = vc_arena_alloc(arena, use->value.len + VC_AES_BLOCK);
    job.tag = vc_arena_alloc(arena, VC_GCM_TAG);
    job.context = EVP_CIPHER_CTX_new();

    if (job.bytes == NULL || job.tag == NULL || job.context == NULL) {
        EVP_CIPHER_CTX_free(job.context);
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_aes_run(&job, key, iv, out, err);
    EVP_CIPHER_CTX_free(job.context);

    if (status == VC_OK) {
        out->iv = iv;
    }

    return status;
}
