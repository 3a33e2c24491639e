/* What the files about vaults as resources share. */

#ifndef VC_API_ARM_VAULT_H
#define VC_API_ARM_VAULT_H

#include "api/arm.h"

#define VC_ARM_TAGS_MAX 50
#define VC_ARM_TAG_NAME_MAX 512
#define VC_ARM_TAG_VALUE_MAX 256
#define VC_ARM_VIRTUAL_RULES_MAX 200
#define VC_ARM_SUBNET_MAX 1024

/* --- arm_vault_json.c ---------------------------------------------------------- */

/* appends {"id":…,"properties":{…}}: a Vault */
void vc_arm_put_vault(const vc_call_t *call, const vc_vault_t *vault,
    vc_buf_t *out);
/* appends the members id to tags, which lists of resources have too, without
   braces */
void vc_arm_put_vault_head(const vc_call_t *call, const vc_vault_t *vault,
    vc_buf_t *out);
/* appends a DeletedVault */
void vc_arm_put_deleted(const vc_call_t *call, const vc_vault_t *vault,
    vc_buf_t *out);
/* appends [{"tenantId":…,"permissions":…},…] */
void vc_arm_put_policies(const vc_vault_t *vault, vc_buf_t *out);

/* --- arm_body.c ------------------------------------------------------------------ */

/* VC_ARM_BAD_REQUEST: "The property "name" …" */
vc_status_t vc_arm_bad_property(vc_call_t *call, const char *name,
    const char *rule);
/* a member that is a string, a boolean, an object or an array; absent and null
   leave *out as it was, and *said false */
vc_status_t vc_arm_member_text(vc_call_t *call, const json_t *object,
    const char *name, vc_str_t *out) VC_MUST_CHECK;
vc_status_t vc_arm_member_flag(vc_call_t *call, const json_t *object,
    const char *name, bool *said, bool *out) VC_MUST_CHECK;
/* "West US" is "westus"; copied.  It is required unless it is
   known already, and then it cannot be another.  name: the resource's */
vc_status_t vc_arm_member_location(vc_call_t *call, const json_t *body,
    const char *name, vc_str_t known, vc_str_t *out) VC_MUST_CHECK;
/* "tags", in their stored form; absent: they stay */
vc_status_t vc_arm_member_tags(vc_call_t *call, const json_t *body,
    vc_str_t *out) VC_MUST_CHECK;

/* --- arm_vault_body.c -------------------------------------------------------------- */

/*
 * Puts what a PUT's (whole) or PATCH's body says into the vault, which is the
 * stored one, or a new one that has only its name and a revision of 0.
 */
vc_status_t vc_arm_vault_read(vc_call_t *call, const json_t *body, bool whole,
    vc_vault_t *vault) VC_MUST_CHECK;

/* --- arm_vault.c ---------------------------------------------------------------- */

/*
 * Commits a vault that was read in this try's snapshot, and notes who changed
 * it and when.  VC_CONFLICT: somebody else was first.  Ends the snapshot.
 */
vc_status_t vc_arm_vault_store(vc_call_t *call, vc_vault_t *vault)
    VC_MUST_CHECK;

/* --- arm_network_body.c ------------------------------------------------------------ */

/* networkAcls and publicNetworkAccess of properties; whole: networkAcls has
   all rules if it is there, else its members that are not there stay */
vc_status_t vc_arm_network_read(vc_call_t *call, const json_t *properties,
    bool whole, vc_network_t *network) VC_MUST_CHECK;

/* --- arm_policies.c ----------------------------------------------------------------- */

/* properties.accessPolicies in place of the vault's, whose tenant is known */
vc_status_t vc_arm_policies_read(vc_call_t *call, const json_t *properties,
    vc_vault_t *vault) VC_MUST_CHECK;

#endif /* VC_API_ARM_VAULT_H */
