/*
 * One status type for the whole library, and one error object.
 *
 * A function that can fail returns a vc_status_t and, where a client or an
 * operator may want to know why, fills the vc_error_t that it was given.
 * status.c holds the only table from a status to what a Key Vault client
 * sees: HTTP status, error `code`, and `innererror.code`.
 */

#ifndef VC_BASE_STATUS_H
#define VC_BASE_STATUS_H

#include <stddef.h>

#define VC_MUST_CHECK __attribute__((warn_unused_result))
#define VC_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))


/*
 * X(name, HTTP status, Key Vault code, inner code or NULL).
 *
 * The first group never reaches a client by itself: a handler turns it into
 * one of the second group, or it is answered as 500 InternalServerError.
 */
#define VC_STATUS_LIST(X)                                                      \
    X(VC_OK, 200, NULL, NULL)                                                  \
    /* the answer needs work off the event loop first; call again after it */  \
    X(VC_AGAIN, 500, "InternalServerError", NULL)                              \
    X(VC_NOT_FOUND, 500, "InternalServerError", NULL)                          \
    /* a key's revision is not the expected one; nothing was written */        \
    X(VC_CONFLICT, 500, "InternalServerError", NULL)                           \
    /* an argument or stored bytes do not have the form they must have */      \
    X(VC_INVALID, 500, "InternalServerError", NULL)                            \
    /* a sealed record or wrapped key does not authenticate */                 \
    X(VC_UNSEAL_FAILED, 500, "InternalServerError", NULL)                      \
    X(VC_NO_MEMORY, 500, "InternalServerError", NULL)                          \
    X(VC_IO, 500, "InternalServerError", NULL)                                 \
    X(VC_CRYPTO, 500, "InternalServerError", NULL)                             \
    /* the store was written by a newer format than this build knows */        \
    X(VC_NEWER_FORMAT, 500, "InternalServerError", NULL)                       \
    /* answers */                                                              \
    X(VC_BAD_PARAMETER, 400, "BadParameter", NULL)                             \
    X(VC_NOT_SUPPORTED, 400, "NotSupported", NULL)                             \
    X(VC_UNAUTHORIZED, 401, "Unauthorized", NULL)                              \
    X(VC_ACCESS_DENIED, 403, "Forbidden", "AccessDenied")                      \
    X(VC_FORBIDDEN_BY_POLICY, 403, "Forbidden", "ForbiddenByPolicy")           \
    X(VC_FORBIDDEN_BY_RBAC, 403, "Forbidden", "ForbiddenByRbac")               \
    X(VC_FORBIDDEN_BY_FIREWALL, 403, "Forbidden", "ForbiddenByFirewall")       \
    X(VC_FORBIDDEN_BY_CONNECTION, 403, "Forbidden", "ForbiddenByConnection")   \
    X(VC_SECRET_DISABLED, 403, "Forbidden", "SecretDisabled")                  \
    X(VC_PURGE_PROTECTED, 403, "Forbidden", NULL)                              \
    X(VC_KEY_DISABLED, 403, "Forbidden", "KeyDisabled")                        \
    X(VC_KEY_NOT_YET_VALID, 403, "Forbidden", "KeyNotYetValid")                \
    X(VC_KEY_EXPIRED, 403, "Forbidden", "KeyExpired")                          \
    X(VC_KEY_OPERATION_FORBIDDEN, 403, "Forbidden", "KeyOperationForbidden")   \
    X(VC_VAULT_NOT_FOUND, 404, "VaultNotFound", NULL)                          \
    X(VC_ROUTE_NOT_FOUND, 404, "NotFound", NULL)                               \
    X(VC_SECRET_NOT_FOUND, 404, "SecretNotFound", NULL)                        \
    X(VC_KEY_NOT_FOUND, 404, "KeyNotFound", NULL)                              \
    X(VC_METHOD_NOT_ALLOWED, 405, "MethodNotAllowed", NULL)                    \
    X(VC_OBJECT_DELETED, 409, "Conflict", "ObjectIsDeletedButRecoverable")     \
    X(VC_OBJECT_CONFLICT, 409, "Conflict", NULL)                               \
    X(VC_BODY_TOO_LARGE, 413, "RequestBodyTooLarge", NULL)                     \
    /* of the management plane */                                              \
    X(VC_ARM_BAD_REQUEST, 400, "BadRequest", NULL)                             \
    X(VC_ARM_BAD_CONTENT, 400, "InvalidRequestContent", NULL)                  \
    X(VC_ARM_NO_API_VERSION, 400, "MissingApiVersionParameter", NULL)          \
    X(VC_ARM_BAD_API_VERSION, 400, "InvalidApiVersionParameter", NULL)         \
    X(VC_ARM_NO_PROVIDER, 404, "InvalidResourceNamespace", NULL)               \
    X(VC_ARM_BAD_FILTER, 400, "InvalidFilterInQueryString", NULL)              \
    X(VC_ARM_LOCATION_REQUIRED, 400, "LocationRequired", NULL)                 \
    X(VC_ARM_BAD_VAULT_NAME, 400, "VaultNameNotValid", NULL)                   \
    X(VC_ARM_BAD_GROUP_NAME, 400, "ResourceGroupNameInvalid", NULL)            \
    X(VC_ARM_BAD_SKU, 400, "SkuNotSupported", NULL)                            \
    X(VC_ARM_BAD_OPERATION, 400, "InvalidOperation", NULL)                     \
    X(VC_ARM_DISALLOWED, 400, "DisallowedResourceOperation", NULL)             \
    X(VC_ARM_ASSIGNMENT_LIMIT, 400, "RoleAssignmentLimitExceeded", NULL)       \
    X(VC_ARM_NO_TOKEN, 401, "AuthenticationFailed", NULL)                      \
    X(VC_ARM_BAD_TOKEN, 401, "InvalidAuthenticationToken", NULL)               \
    X(VC_ARM_BAD_TENANT, 401, "InvalidAuthenticationTokenTenant", NULL)        \
    X(VC_ARM_FORBIDDEN, 403, "AuthorizationFailed", NULL)                      \
    X(VC_GRAPH_NOT_ALLOWED, 403, "Forbidden", NULL)                            \
    X(VC_ARM_NO_RESOURCE, 404, "ResourceNotFound", NULL)                       \
    X(VC_ARM_NO_GROUP, 404, "ResourceGroupNotFound", NULL)                     \
    X(VC_ARM_NO_SUBSCRIPTION, 404, "SubscriptionNotFound", NULL)               \
    X(VC_ARM_NO_ROLE, 404, "RoleDefinitionDoesNotExist", NULL)                 \
    X(VC_ARM_NO_ASSIGNMENT, 404, "RoleAssignmentNotFound", NULL)               \
    X(VC_ARM_NO_LOCK, 404, "LockNotFound", NULL)                               \
    X(VC_ARM_NO_DELETED_VAULT, 404, "DeletedVaultNotFound", NULL)              \
    X(VC_ARM_CONFLICT, 409, "ConflictError", NULL)                             \
    X(VC_ARM_VAULT_EXISTS, 409, "VaultAlreadyExists", NULL)                    \
    X(VC_ARM_OTHER_LOCATION, 409, "InvalidResourceLocation", NULL)             \
    X(VC_ARM_ASSIGNMENT_EXISTS, 409, "RoleAssignmentExists", NULL)             \
    X(VC_ARM_ROLE_ASSIGNED, 409, "RoleDefinitionHasAssignments", NULL)         \
    X(VC_ARM_LOCKED, 409, "ScopeLocked", NULL)                                 \
    X(VC_STORE_FULL, 507, "InsufficientStorage", NULL)                         \
    X(VC_ISSUER_UNAVAILABLE, 503, "ServiceUnavailable", NULL)                  \
    X(VC_UNAVAILABLE, 503, "ServiceUnavailable", NULL)                         \
    X(VC_INTERNAL, 500, "InternalServerError", NULL)

typedef enum {
#define X(name, http, code, inner) name,
    VC_STATUS_LIST(X)
#undef X
        VC_STATUS_COUNT
} vc_status_t;


/*
 * Why something failed.  `message` may be shown to whoever asked: what was
 * wrong, where, what would be right; never a secret, a path or an errno.
 * `detail` is for the operator's error log only.  Both are NUL-terminated.
 */
typedef struct {
    vc_status_t status;
    char        message[1024];
    char        detail[256];
} vc_error_t;


/* no error; what the texts held before is not wiped */
static inline void
vc_error_clear(vc_error_t *err)
{
    err->status = VC_OK;
    err->message[0] = '\0';
    err->detail[0] = '\0';
}


/* the symbolic name of a status ("VC_CONFLICT"), for logs and tests */
const char *vc_status_name(vc_status_t status);

/* what a client sees of a status; inner is NULL where there is none */
int         vc_status_http(vc_status_t status);
const char *vc_status_code(vc_status_t status);
const char *vc_status_inner(vc_status_t status);

/*
 * Fill an error and return its status, so that a failing path is one line:
 *     return vc_fail(err, VC_BAD_PARAMETER, "…", …);
 * err may be NULL.  A message that does not fit is cut at a UTF-8 boundary.
 */
vc_status_t vc_fail(vc_error_t *err, vc_status_t status, const char *fmt, ...)
    VC_PRINTF(3, 4);

/* the same for a failure whose reason only the operator may see */
vc_status_t vc_fail_detail(vc_error_t *err, vc_status_t status, const char *fmt,
    ...) VC_PRINTF(3, 4);

#endif /* VC_BASE_STATUS_H */
