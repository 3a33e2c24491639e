/*
 * The operation table: one row an operation drives routing, permission, audit
 * name, body limit, cost class and handler.  Adding an operation is one row
 * and one function.
 */

#ifndef VC_API_OPERATIONS_H
#define VC_API_OPERATIONS_H

#include "access/permissions.h"
#include "vaultcore.h"

typedef vc_status_t (*vc_handler_t)(vc_call_t *call);

typedef struct {
    vc_str_t     name; /* audit name: "SecretGet" */
    vc_plane_t   plane;
    vc_str_t     method;
    vc_str_t     pattern; /* "/secrets/{name}/{version?}" */
    vc_family_t  family;
    uint32_t     permission;  /* one bit; 0: no caller is needed */
    const char  *data_action; /* of roles: "secrets/getSecret/action" */
    vc_cost_t    cost;
    size_t       body_limit; /* bytes; 0: a body is not read */
    bool         recorded;   /* leaves an access record */
    vc_handler_t handler;
} vc_operation_t;

extern const vc_operation_t vc_operations[];
extern const size_t         vc_operation_count;

#endif /* VC_API_OPERATIONS_H */
