/* the software provider: keys are opened, shared and closed here */

#include "crypto/software.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/err.h>

#include "crypto/secmem.h"

#define VC_OPEN_ARENA 8192

_Static_assert(VC_SECRET_BLOCK >= 32, "an oct key fits into a block");


vc_status_t
vc_not_decrypted(vc_error_t *err)
{
    ERR_clear_error();

    return vc_fail(err, VC_BAD_PARAMETER,
        "The ciphertext could not be decrypted with this key and algorithm.");
}


vc_status_t
vc_openssl_failed(vc_error_t *err, const char *what)
{
    const char *reason;

    reason = ERR_reason_error_string(ERR_peek_last_error());
    (void) vc_fail_detail(err, VC_CRYPTO, "%s: %s", what,
        (reason == NULL) ? "OpenSSL failed and gave no reason" : reason);
    ERR_clear_error();

    return VC_CRYPTO;
}


const char *
vc_key_describe(const vc_key_spec_t *spec, char *out, size_t size)
{
    if (spec->kty == VC_KTY_EC) {
        (void) snprintf(out, size, "EC key on curve %s",
            vc_curve_name(spec->curve));
    } else {
        (void) snprintf(out, size, "%s key of %u bits", vc_kty_name(spec->kty),
            spec->bits);
    }

    return out;
}


static vc_status_t
vc_software_import(vc_status_t status, const vc_key_parts_t *parts,
    vc_arena_t *arena, vc_key_made_t *out, vc_error_t *err)
{
    if (status == VC_OK) {
        status = vc_check_parts(parts, arena, err);
    }

    return (status == VC_OK) ? vc_parts_made(parts, arena, out, err) : status;
}


static vc_status_t
vc_software_import_jwk(const json_t *jwk, vc_arena_t *arena, vc_key_made_t *out,
    vc_error_t *err)
{
    vc_status_t    status;
    vc_key_parts_t parts;

    status = vc_jwk_parts(jwk, arena, &parts, err);

    return vc_software_import(status, &parts, arena, out, err);
}


static vc_status_t
vc_software_import_pkcs8(vc_str_t der, vc_arena_t *arena, vc_key_made_t *out,
    vc_error_t *err)
{
    vc_status_t    status;
    vc_key_parts_t parts;

    status = vc_pkcs8_read(der, arena, &parts, err);

    if (status == VC_INVALID) {
        status = VC_BAD_PARAMETER;

        if (err != NULL) {
            err->status = status;
        }
    }

    return vc_software_import(status, &parts, arena, out, err);
}


static bool
vc_spec_fits(const vc_key_spec_t *wanted, const vc_key_parts_t *parts)
{
    vc_key_spec_t spec;

    spec = vc_parts_spec(parts);

    return spec.kty == wanted->kty
           && (spec.kty == VC_KTY_EC ? spec.curve == wanted->curve
                                     : spec.bits == wanted->bits);
}


static vc_status_t
vc_open_pair(vc_ready_key_t *key, vc_str_t material, vc_arena_t *arena,
    vc_error_t *err)
{
    vc_status_t    status;
    vc_key_parts_t parts;

    status = vc_pkcs8_read(material, arena, &parts, err);
    if (status != VC_OK) {
        return status;
    }

    if (!vc_spec_fits(&key->spec, &parts)) {
        return vc_fail(err, VC_INVALID, "the key is of another kind");
    }

    return vc_parts_pkey(&parts, arena, &key->pkey, err);
}


static vc_status_t
vc_open_oct(vc_ready_key_t *key, vc_str_t material, vc_error_t *err)
{
    if (material.len * 8 != key->spec.bits || material.len > VC_SECRET_BLOCK) {
        return vc_fail(err, VC_INVALID, "the key is of another length");
    }

    key->bytes = vc_secret_alloc(err);
    if (key->bytes == NULL) {
        return VC_NO_MEMORY;
    }

    memcpy(key->bytes, material.data, material.len);

    return VC_OK;
}


static void
vc_key_close(vc_ready_key_t *key)
{
    size_t i;

    for (i = 0; i < VC_JWA_COUNT; i++) {
        EVP_PKEY_CTX_free(atomic_load(&key->contexts[i][0]));
        EVP_PKEY_CTX_free(atomic_load(&key->contexts[i][1]));
    }

    EVP_PKEY_free(key->pkey);
    vc_secret_free(key->bytes);
    free(key);
}


static vc_status_t
vc_key_open(vc_ready_key_t *key, vc_str_t material, vc_error_t *err)
{
    vc_arena_t *arena;
    vc_status_t status;

    if (key->spec.kty == VC_KTY_OCT) {
        return vc_open_oct(key, material, err);
    }

    arena = vc_arena_create(VC_OPEN_ARENA);
    if (arena == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_open_pair(key, material, arena, err);
    vc_arena_destroy(arena);

    return status;
}


static vc_status_t
vc_software_open(const vc_key_spec_t *spec, vc_str_t material,
    vc_ready_key_t **out, vc_error_t *err)
{
    vc_status_t     status;
    vc_ready_key_t *key;

    *out = NULL;

    key = calloc(1, sizeof(vc_ready_key_t));
    if (key == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    atomic_init(&key->references, 1);
    key->spec = *spec;

    status = vc_key_open(key, material, err);
    if (status != VC_OK) {
        vc_key_close(key);
        return status;
    }

    *out = key;

    return VC_OK;
}


static vc_ready_key_t *
vc_software_retain(vc_ready_key_t *key)
{
    (void) atomic_fetch_add_explicit(&key->references, 1, memory_order_relaxed);

    return key;
}


static void
vc_software_release(vc_ready_key_t *key)
{
    if (key != NULL && atomic_fetch_sub(&key->references, 1) == 1) {
        vc_key_close(key);
    }
}


static EVP_PKEY_CTX *
vc_key_prepare(const vc_ready_key_t *key, const vc_jwa_t *jwa, bool private,
    vc_error_t *err)
{
    int           rc;
    EVP_PKEY_CTX *context;

    context = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);

    if (context == NULL) {
        rc = 0;
    } else if (jwa->kty == VC_KTY_RSA) {
        rc = vc_rsa_prepare(context, jwa, private);
    } else if (private) {
        rc = EVP_PKEY_sign_init(context);
    } else {
        rc = EVP_PKEY_verify_init(context);
    }

    if (rc != 1) {
        (void) vc_openssl_failed(err, "preparing a key");
        EVP_PKEY_CTX_free(context);
        return NULL;
    }

    return context;
}


vc_status_t
vc_key_context(vc_ready_key_t *key, const vc_key_use_t *use, EVP_PKEY_CTX **out,
    vc_error_t *err)
{
    bool private;
    EVP_PKEY_CTX            *made, *other;
    _Atomic(EVP_PKEY_CTX *) *slot;

    private = (use->operation & (VC_KEY_SIGN | VC_KEY_DECRYPT | VC_KEY_UNWRAP))
              != 0;
    slot = &key->contexts[vc_jwa_index(use->jwa)][private];
    made = atomic_load_explicit(slot, memory_order_acquire);

    if (made == NULL) {
        made = vc_key_prepare(key, use->jwa, private, err);
        if (made == NULL) {
            return VC_CRYPTO;
        }

        other = NULL;

        /* another thread may have been faster */
        if (!atomic_compare_exchange_strong(slot, &other, made)) {
            EVP_PKEY_CTX_free(made);
            made = other;
        }
    }

    *out = EVP_PKEY_CTX_dup(made);

    return (*out != NULL) ? VC_OK : vc_openssl_failed(err, "copying a context");
}


const vc_key_provider_t vc_key_software = {
    .name = "software",
    .hsm_platform = 0,
    .generate = vc_software_generate,
    .import_jwk = vc_software_import_jwk,
    .import_pkcs8 = vc_software_import_pkcs8,
    .open = vc_software_open,
    .release = vc_software_release,
    .retain = vc_software_retain,
    .compute = vc_software_compute,
    .unwrap_transfer = vc_software_unwrap_transfer,
    .wrap_release = vc_software_wrap_release,
};
