#include "api/operations.h"

#include "api/arm_operations.h"
#include "api/authority_handlers.h"
#include "api/keys.h"
#include "api/object_handlers.h"
#include "api/secrets.h"

/* a value of 25 KB can arrive as six times that in \u escapes, and more */
#define VC_BODY_LIMIT ((size_t) 256 * 1024)
/* a backup holds up to 500 versions */
#define VC_BODY_LIMIT_RESTORE ((size_t) 32 * 1024 * 1024)
#define VC_BODY_LIMIT_FORM ((size_t) 32 * 1024)


/* GET, HEAD and DELETE have none */
#define VC_ARM_TAKES_BODY(method) ((method)[0] == 'P')


/*
 * X(name, method, pattern, permission, role's data action, cost, body limit,
 * handler).  Literal segments come before {version?}: the first match wins.
 */
#define VC_SECRET_OPERATIONS(X)                                                \
    X("SecretList", "GET", "/secrets", VC_SECRETS_LIST,                        \
        "secrets/readMetadata/action", VC_COST_LOOP, 0, vc_object_op_list)     \
    X("SecretRestore", "POST", "/secrets/restore", VC_SECRETS_RESTORE,         \
        "secrets/restore/action", VC_COST_CHANGE, VC_BODY_LIMIT_RESTORE,       \
        vc_object_op_restore)                                                  \
    X("SecretListVersions", "GET", "/secrets/{name}/versions",                 \
        VC_SECRETS_LIST, "secrets/readMetadata/action", VC_COST_LOOP, 0,       \
        vc_object_op_list_versions)                                            \
    X("SecretBackup", "POST", "/secrets/{name}/backup", VC_SECRETS_BACKUP,     \
        "secrets/backup/action", VC_COST_CHANGE, 0, vc_object_op_backup)       \
    X("SecretGet", "GET", "/secrets/{name}/{version?}", VC_SECRETS_GET,        \
        "secrets/getSecret/action", VC_COST_LOOP, 0, vc_secret_get)            \
    X("SecretUpdate", "PATCH", "/secrets/{name}/{version?}", VC_SECRETS_SET,   \
        "secrets/update/action", VC_COST_CHANGE, VC_BODY_LIMIT,                \
        vc_secret_update)                                                      \
    X("SecretSet", "PUT", "/secrets/{name}", VC_SECRETS_SET,                   \
        "secrets/setSecret/action", VC_COST_CHANGE, VC_BODY_LIMIT,             \
        vc_secret_set)                                                         \
    X("SecretDelete", "DELETE", "/secrets/{name}", VC_SECRETS_DELETE,          \
        "secrets/delete", VC_COST_CHANGE, 0, vc_object_op_delete)              \
    X("SecretListDeleted", "GET", "/deletedsecrets", VC_SECRETS_LIST,          \
        "secrets/readMetadata/action", VC_COST_LOOP, 0,                        \
        vc_object_op_list_deleted)                                             \
    X("SecretRecover", "POST", "/deletedsecrets/{name}/recover",               \
        VC_SECRETS_RECOVER, "secrets/recover/action", VC_COST_CHANGE, 0,       \
        vc_object_op_recover)                                                  \
    X("SecretGetDeleted", "GET", "/deletedsecrets/{name}", VC_SECRETS_GET,     \
        "secrets/readMetadata/action", VC_COST_LOOP, 0,                        \
        vc_object_op_get_deleted)                                              \
    X("SecretPurge", "DELETE", "/deletedsecrets/{name}", VC_SECRETS_PURGE,     \
        "secrets/purge/action", VC_COST_CHANGE, 0, vc_object_op_purge)

/* the same for keys; computing with one is after reading it, and on a thread */
#define VC_KEY_OPERATIONS(X)                                                   \
    X("KeyList", "GET", "/keys", VC_KEYS_LIST, "keys/read", VC_COST_LOOP, 0,   \
        vc_object_op_list)                                                     \
    X("KeyRestore", "POST", "/keys/restore", VC_KEYS_RESTORE,                  \
        "keys/restore/action", VC_COST_CHANGE, VC_BODY_LIMIT_RESTORE,          \
        vc_object_op_restore)                                                  \
    X("KeyListVersions", "GET", "/keys/{name}/versions", VC_KEYS_LIST,         \
        "keys/read", VC_COST_LOOP, 0, vc_object_op_list_versions)              \
    X("KeyBackup", "POST", "/keys/{name}/backup", VC_KEYS_BACKUP,              \
        "keys/backup/action", VC_COST_CHANGE, 0, vc_object_op_backup)          \
    X("KeyCreate", "POST", "/keys/{name}/create", VC_KEYS_CREATE,              \
        "keys/create/action", VC_COST_GENERATE, VC_BODY_LIMIT, vc_key_create)  \
    X("KeyRotate", "POST", "/keys/{name}/rotate", VC_KEYS_ROTATE,              \
        "keys/rotate/action", VC_COST_GENERATE, 0, vc_key_rotate)              \
    X("KeyRotationPolicyGet", "GET", "/keys/{name}/rotationpolicy",            \
        VC_KEYS_GET_ROTATION, "keyrotationpolicies/read", VC_COST_LOOP, 0,     \
        vc_key_get_rotation)                                                   \
    X("KeyRotationPolicySet", "PUT", "/keys/{name}/rotationpolicy",            \
        VC_KEYS_SET_ROTATION, "keyrotationpolicies/write", VC_COST_CHANGE,     \
        VC_BODY_LIMIT, vc_key_set_rotation)                                    \
    X("KeyAttestationGet", "GET", "/keys/{name}/{version?}/attestation",       \
        VC_KEYS_GET, "keys/read", VC_COST_LOOP, 0, vc_key_attest)              \
    X("KeyEncrypt", "POST", "/keys/{name}/{version?}/encrypt",                 \
        VC_KEYS_ENCRYPT, "keys/encrypt/action", VC_COST_COMPUTE,               \
        VC_BODY_LIMIT, vc_key_encrypt)                                         \
    X("KeyDecrypt", "POST", "/keys/{name}/{version?}/decrypt",                 \
        VC_KEYS_DECRYPT, "keys/decrypt/action", VC_COST_COMPUTE,               \
        VC_BODY_LIMIT, vc_key_decrypt)                                         \
    X("KeyWrap", "POST", "/keys/{name}/{version?}/wrapkey", VC_KEYS_WRAP,      \
        "keys/wrap/action", VC_COST_COMPUTE, VC_BODY_LIMIT, vc_key_wrap)       \
    X("KeyUnwrap", "POST", "/keys/{name}/{version?}/unwrapkey",                \
        VC_KEYS_UNWRAP, "keys/unwrap/action", VC_COST_COMPUTE, VC_BODY_LIMIT,  \
        vc_key_unwrap)                                                         \
    X("KeySign", "POST", "/keys/{name}/{version?}/sign", VC_KEYS_SIGN,         \
        "keys/sign/action", VC_COST_COMPUTE, VC_BODY_LIMIT, vc_key_sign)       \
    X("KeyVerify", "POST", "/keys/{name}/{version?}/verify", VC_KEYS_VERIFY,   \
        "keys/verify/action", VC_COST_COMPUTE, VC_BODY_LIMIT, vc_key_verify)   \
    X("KeyRelease", "POST", "/keys/{name}/{version?}/release",                 \
        VC_KEYS_RELEASE, "keys/release/action", VC_COST_CHANGE, VC_BODY_LIMIT, \
        vc_key_release)                                                        \
    X("KeyGet", "GET", "/keys/{name}/{version?}", VC_KEYS_GET, "keys/read",    \
        VC_COST_LOOP, 0, vc_key_get)                                           \
    X("KeyUpdate", "PATCH", "/keys/{name}/{version?}", VC_KEYS_UPDATE,         \
        "keys/update/action", VC_COST_CHANGE, VC_BODY_LIMIT, vc_key_update)    \
    X("KeyImport", "PUT", "/keys/{name}", VC_KEYS_IMPORT,                      \
        "keys/import/action", VC_COST_GENERATE, VC_BODY_LIMIT, vc_key_import)  \
    X("KeyDelete", "DELETE", "/keys/{name}", VC_KEYS_DELETE, "keys/delete",    \
        VC_COST_CHANGE, 0, vc_object_op_delete)                                \
    X("KeyListDeleted", "GET", "/deletedkeys", VC_KEYS_LIST, "keys/read",      \
        VC_COST_LOOP, 0, vc_object_op_list_deleted)                            \
    X("KeyRecover", "POST", "/deletedkeys/{name}/recover", VC_KEYS_RECOVER,    \
        "keys/recover/action", VC_COST_CHANGE, 0, vc_object_op_recover)        \
    X("KeyGetDeleted", "GET", "/deletedkeys/{name}", VC_KEYS_GET, "keys/read", \
        VC_COST_LOOP, 0, vc_object_op_get_deleted)                             \
    X("KeyPurge", "DELETE", "/deletedkeys/{name}", VC_KEYS_PURGE,              \
        "keys/purge/action", VC_COST_CHANGE, 0, vc_object_op_purge)            \
    X("RandomBytesGet", "POST", "/rng", VC_KEYS_GET, "keys/read",              \
        VC_COST_LOOP, VC_BODY_LIMIT, vc_random_bytes)

/* X(name, method, pattern, cost, body limit, recorded, handler) */
#define VC_AUTHORITY_OPERATIONS(X)                                             \
    X("TokenIssue", "POST", "/{tenant}/oauth2/v2.0/token", VC_COST_CHANGE,     \
        VC_BODY_LIMIT_FORM, true, vc_authority_token)                          \
    X("TokenIssue", "POST", "/{tenant}/oauth2/token", VC_COST_CHANGE,          \
        VC_BODY_LIMIT_FORM, true, vc_authority_token)                          \
    X("DiscoveryGet", "GET",                                                   \
        "/{tenant}/v2.0/.well-known/openid-configuration", VC_COST_LOOP, 0,    \
        false, vc_authority_discovery)                                         \
    X("DiscoveryGet", "GET", "/{tenant}/.well-known/openid-configuration",     \
        VC_COST_LOOP, 0, false, vc_authority_discovery)                        \
    X("SigningKeysGet", "GET", "/{tenant}/discovery/v2.0/keys", VC_COST_LOOP,  \
        0, false, vc_authority_keys)                                           \
    X("SigningKeysGet", "GET", "/{tenant}/discovery/keys", VC_COST_LOOP, 0,    \
        false, vc_authority_keys)

const vc_operation_t vc_operations[] = {
#define X(name, method, pattern, permission, action, cost, limit, handler)     \
    {VC_STR_INIT(name), VC_PLANE_DATA, VC_STR_INIT(method),                    \
        VC_STR_INIT(pattern), VC_FAMILY_SECRETS, permission,                   \
        VC_STR_INIT(VC_DATA_ACTION(action)), VC_PROVIDER_NONE, NULL, 0, cost,  \
        limit, true, handler},
    VC_SECRET_OPERATIONS(X)
#undef X
#define X(name, method, pattern, permission, action, cost, limit, handler)     \
    {VC_STR_INIT(name), VC_PLANE_DATA, VC_STR_INIT(method),                    \
        VC_STR_INIT(pattern), VC_FAMILY_KEYS, permission,                      \
        VC_STR_INIT(VC_DATA_ACTION(action)), VC_PROVIDER_NONE, NULL, 0, cost,  \
        limit, true, handler},
        VC_KEY_OPERATIONS(X)
#undef X
#define X(name, method, pattern, cost, limit, recorded, handler)               \
    {VC_STR_INIT(name), VC_PLANE_AUTHORITY, VC_STR_INIT(method),               \
        VC_STR_INIT(pattern), VC_FAMILY_SECRETS, 0, VC_STR_INIT(""),           \
        VC_PROVIDER_NONE, NULL, 0, cost, limit, recorded, handler},
            VC_AUTHORITY_OPERATIONS(X)
#undef X
#define X(name, method, pattern, provider, action, rules, cost, handler)       \
    {VC_STR_INIT(name), VC_PLANE_MANAGEMENT, VC_STR_INIT(method),              \
        VC_STR_INIT(pattern), VC_FAMILY_SECRETS, 0, VC_STR_INIT(""),           \
        VC_PROVIDER_##provider, action, rules, cost,                           \
        VC_ARM_TAKES_BODY(method) ? VC_ARM_BODY_LIMIT : 0, true, handler},
                VC_ARM_OPERATIONS(X) VC_ARM_NEIGHBOUR_OPERATIONS(X)
#undef X
#define X(name, method, pattern, provider, action, rules, cost, handler)       \
    {VC_STR_INIT(name), VC_PLANE_MANAGEMENT, VC_STR_INIT(method),              \
        VC_STR_INIT(pattern), VC_FAMILY_KEYS, 0, VC_STR_INIT(""),              \
        VC_PROVIDER_##provider, action, rules, cost,                           \
        VC_ARM_TAKES_BODY(method) ? VC_ARM_BODY_LIMIT : 0, true, handler},
                    VC_ARM_KEY_OPERATIONS(X)
#undef X
};

const size_t vc_operation_count = sizeof(vc_operations)
                                  / sizeof(vc_operations[0]);
