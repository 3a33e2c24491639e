#include "crypto/password.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/random.h"

#define VC_SALT_LEN 16
#define VC_HASH_LEN 32

#define VC_SCRYPT_LOG_N 14
#define VC_SCRYPT_R 8
#define VC_SCRYPT_P 1

/* what a stored hash may ask for at most: 128 MB */
#define VC_SCRYPT_LOG_N_MAX 17
#define VC_SCRYPT_R_MAX 8
#define VC_SCRYPT_P_MAX 4
#define VC_SCRYPT_MEMORY ((uint64_t) 192 << 20)

#define VC_SECRET_MAX 4096


typedef struct {
    vc_str_t salt;
    vc_str_t hash;
    uint8_t  log_n;
    uint32_t r, p;
} vc_password_t;


static vc_status_t
vc_scrypt(vc_str_t secret, const vc_password_t *password,
    uint8_t out[VC_HASH_LEN])
{
    int good;

    (void) ERR_set_mark();

    good = EVP_PBE_scrypt((const char *) secret.data, secret.len,
        password->salt.data, password->salt.len,
        (uint64_t) 1 << password->log_n, password->r, password->p,
        VC_SCRYPT_MEMORY, out, VC_HASH_LEN);

    (void) ERR_pop_to_mark();

    return (good == 1) ? VC_OK : VC_CRYPTO;
}


vc_status_t
vc_password_hash(vc_str_t secret, vc_buf_t *out)
{
    uint8_t       salt[VC_SALT_LEN], hash[VC_HASH_LEN];
    vc_status_t   status;
    vc_password_t password;

    if (secret.len == 0 || secret.len > VC_SECRET_MAX) {
        return VC_INVALID;
    }

    status = vc_random(salt, sizeof(salt));
    if (status != VC_OK) {
        return status;
    }

    password.salt = (vc_str_t){salt, sizeof(salt)};
    password.log_n = VC_SCRYPT_LOG_N;
    password.r = VC_SCRYPT_R;
    password.p = VC_SCRYPT_P;

    status = vc_scrypt(secret, &password, hash);
    if (status != VC_OK) {
        return status;
    }

    vc_buf_str(out, password.salt);
    vc_buf_u8(out, password.log_n);
    vc_buf_u32(out, password.r);
    vc_buf_u32(out, password.p);
    vc_buf_put(out, hash, sizeof(hash));
    vc_wipe(hash, sizeof(hash));

    return out->failed ? VC_NO_MEMORY : VC_OK;
}


static bool
vc_password_parse(vc_str_t stored, vc_password_t *out)
{
    vc_reader_t r;

    r = vc_reader(stored);

    return vc_read_bytes(&r, VC_SALT_LEN, &out->salt)
           && vc_read_u8(&r, &out->log_n) && vc_read_u32(&r, &out->r)
           && vc_read_u32(&r, &out->p)
           && vc_read_bytes(&r, VC_HASH_LEN, &out->hash) && vc_read_done(&r)
           && out->log_n >= 1 && out->log_n <= VC_SCRYPT_LOG_N_MAX
           && out->r >= 1 && out->r <= VC_SCRYPT_R_MAX && out->p >= 1
           && out->p <= VC_SCRYPT_P_MAX;
}


vc_status_t
vc_password_verify(vc_str_t secret, vc_str_t hash)
{
    bool          equal;
    uint8_t       got[VC_HASH_LEN];
    vc_status_t   status;
    vc_password_t password;

    if (!vc_password_parse(hash, &password)) {
        return VC_INVALID;
    }

    if (secret.len > VC_SECRET_MAX) {
        return VC_UNAUTHORIZED;
    }

    status = vc_scrypt(secret, &password, got);
    if (status != VC_OK) {
        return status;
    }

    equal = vc_equal_secret(got, password.hash.data, sizeof(got));
    vc_wipe(got, sizeof(got));

    return equal ? VC_OK : VC_UNAUTHORIZED;
}
