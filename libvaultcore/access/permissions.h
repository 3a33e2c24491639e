/*
 * The permissions of access policies: families and names, as Key Vault spells
 * them, and sets of them as bits.
 */

#ifndef VC_ACCESS_PERMISSIONS_H
#define VC_ACCESS_PERMISSIONS_H

#include <stdint.h>

#include "base/bytes.h"

typedef enum {
    VC_FAMILY_SECRETS,
    VC_FAMILY_KEYS,
    VC_FAMILY_CERTIFICATES,
    VC_FAMILY_STORAGE, /* kept in policies as clients send it; nothing here */
    VC_FAMILY_COUNT
} vc_family_t;

/* "secrets", "keys", "certificates", "storage" */
const char *vc_family_name(vc_family_t family);
bool        vc_family_parse(vc_str_t name, vc_family_t *out);

/*
 * The bit of a permission's name in its family, compared without regard to
 * case; 0 if the family has none of that name.  "all" gives every bit but
 * `purge`'s, which is always granted by its own name.
 */
uint32_t vc_permission_parse(vc_family_t family, vc_str_t name);

/* the name of one bit, NULL if it is none; index 0 … gives them in order */
const char *vc_permission_name(vc_family_t family, uint32_t bit);
const char *vc_permission_at(vc_family_t family, size_t index);

/* the bits that the operation table names */
enum {
    VC_LIST = 1U << 1, /* in every family */

    VC_SECRETS_GET = 1U << 0,
    VC_SECRETS_LIST = 1U << 1,
    VC_SECRETS_SET = 1U << 2,
    VC_SECRETS_DELETE = 1U << 3,
    VC_SECRETS_BACKUP = 1U << 4,
    VC_SECRETS_RESTORE = 1U << 5,
    VC_SECRETS_RECOVER = 1U << 6,
    VC_SECRETS_PURGE = 1U << 7,

    VC_KEYS_GET = 1U << 0,
    VC_KEYS_LIST = 1U << 1,
    VC_KEYS_CREATE = 1U << 2,
    VC_KEYS_UPDATE = 1U << 3,
    VC_KEYS_IMPORT = 1U << 4,
    VC_KEYS_DELETE = 1U << 5,
    VC_KEYS_BACKUP = 1U << 6,
    VC_KEYS_RESTORE = 1U << 7,
    VC_KEYS_RECOVER = 1U << 8,
    VC_KEYS_PURGE = 1U << 9,
    VC_KEYS_ENCRYPT = 1U << 10,
    VC_KEYS_DECRYPT = 1U << 11,
    VC_KEYS_WRAP = 1U << 12,
    VC_KEYS_UNWRAP = 1U << 13,
    VC_KEYS_SIGN = 1U << 14,
    VC_KEYS_VERIFY = 1U << 15,
    VC_KEYS_RELEASE = 1U << 16,
    VC_KEYS_ROTATE = 1U << 17,
    VC_KEYS_GET_ROTATION = 1U << 18,
    VC_KEYS_SET_ROTATION = 1U << 19
};

#endif /* VC_ACCESS_PERMISSIONS_H */
