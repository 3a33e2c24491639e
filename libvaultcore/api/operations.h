/*
 * The operation table: one row an operation drives routing, permission, audit
 * name, body limit, cost class and handler.  Adding an operation is one row
 * and one function.
 */

#ifndef VC_API_OPERATIONS_H
#define VC_API_OPERATIONS_H

#include "access/permissions.h"
#include "access/roles.h"
#include "vaultcore.h"

typedef vc_status_t (*vc_handler_t)(vc_call_t *call);

/* what must be so before a row of the management plane is executed */
enum {
    VC_ARM_OPEN = 1U << 0,   /* no token is needed */
    VC_ARM_ANYONE = 1U << 1, /* a token is enough; the handler decides */
    VC_ARM_GROUP = 1U << 2, /* the resource group must exist, if one is named */
    VC_ARM_VAULT = 1U << 3, /* and so must the vault */
    VC_ARM_WRITES = 1U << 4, /* a ReadOnly lock forbids it */
    VC_ARM_DELETES = 1U << 5 /* any lock forbids it */
};

/* whose api-versions a row of the management plane takes */
typedef enum {
    VC_PROVIDER_NONE, /* not of the management plane */
    VC_PROVIDER_ANY,  /* any, also none */
    VC_PROVIDER_KEYVAULT,
    VC_PROVIDER_RESOURCES,
    VC_PROVIDER_AUTHORIZATION,
    VC_PROVIDER_LOCKS,
    VC_PROVIDER_INSIGHTS,
    VC_PROVIDER_COUNT
} vc_provider_t;

typedef struct {
    vc_str_t      name; /* audit name: "SecretGet" */
    vc_plane_t    plane;
    vc_str_t      method;
    vc_str_t      pattern; /* "/secrets/{name}/{version?}" */
    vc_family_t   family;
    uint32_t      permission;  /* one bit; 0: no caller is needed */
    vc_str_t      data_action; /* of roles: VC_DATA_ACTION() */
    vc_provider_t provider;    /* of the management plane, … */
    const char   *action;      /* … whole: "Microsoft.KeyVault/vaults/read" */
    uint32_t      rules;       /* … and VC_ARM_… */
    vc_cost_t     cost;
    size_t        body_limit; /* bytes; 0: a body is not read */
    bool          recorded;   /* leaves an access record */
    vc_handler_t  handler;
} vc_operation_t;

extern const vc_operation_t vc_operations[];
extern const size_t         vc_operation_count;

#endif /* VC_API_OPERATIONS_H */
