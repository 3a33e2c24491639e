/*
 * Access records: one line of JSON an operation, in the schema of Key Vault's
 * AuditEvent category.  Never a secret's value, never a token: neither can be
 * put into the structure below.
 */

#ifndef VC_AUDIT_RECORD_H
#define VC_AUDIT_RECORD_H

#include <stdint.h>

#include "base/bytes.h"

/* views that are empty leave their member out, unless said otherwise */
typedef struct {
    vc_str_t operation;         /* "SecretGet"; copied as it is */
    vc_str_t operation_version; /* the api-version */
    int      status;            /* HTTP, as sent */
    vc_str_t description;       /* the error's message */
    uint64_t duration_us;       /* shown in whole milliseconds */
    vc_str_t caller_address;
    vc_str_t correlation_id;
    vc_str_t claims;       /* a JSON object, copied as it is; empty: {} */
    vc_str_t subscription; /* with vault: resourceId */
    vc_str_t group;        /* likewise; empty: the vault's is not known */
    vc_str_t vault;
    vc_str_t object_id; /* properties.id */
    vc_str_t key;       /* properties.keyProperties: a JSON object, as it is */
    vc_str_t client_info;  /* User-Agent */
    vc_str_t scheme;       /* of properties.requestUri; copied as it is, … */
    vc_str_t host, target; /* … and the rest of it; no host: none of it */
    bool     decided;      /* properties.isAccessPolicyMatch is known … */
    bool     granted;      /* … and this; … */
    bool     by_roles;    /* … properties.isRbacAuthorized instead, and … */
    vc_str_t assignment;  /* … appliedAssignmentId */
    vc_str_t tls_version; /* "TLSv1.3" */
} vc_access_record_t;

/* appends the line, newline included; what is not UTF-8 comes out as \u00XX */
void vc_access_record_write(const vc_access_record_t *record, vc_buf_t *out);

#endif /* VC_AUDIT_RECORD_H */
