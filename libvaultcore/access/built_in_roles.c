/* the built-in roles: Azure's names, ids and actions */

#include "access/roles.h"

#define VC_ACTIONS(list)                                                       \
    {                                                                          \
        list, sizeof(list) / sizeof((list)[0])                                 \
    }
#define VC_NO_ACTIONS                                                          \
    {                                                                          \
        NULL, 0                                                                \
    }

#define VC_DATA_ADMINISTRATOR "8b54135c-b56d-4d72-a534-26097cfdc8d8"

/*
 * Azure's list has the pattern alone, which does not match the action that a
 * GET of the vault asks for, and its holders read vaults all the same.
 */
#define VC_VAULTS_READ                                                         \
    VC_STR_INIT("Microsoft.KeyVault/vaults/*/read"),                           \
        VC_STR_INIT("Microsoft.KeyVault/vaults/read")

/* what it takes to see a vault and its neighbourhood without its content */
#define VC_SURROUNDINGS                                                        \
    VC_STR_INIT("Microsoft.Authorization/*/read"),                             \
        VC_STR_INIT("Microsoft.Insights/alertRules/*"),                        \
        VC_STR_INIT("Microsoft.Resources/deployments/*"),                      \
        VC_STR_INIT("Microsoft.Resources/subscriptions/resourceGroups/read"),  \
        VC_STR_INIT("Microsoft.Support/*")

static const vc_str_t vc_everything[] = {VC_STR_INIT("*")};

static const vc_str_t vc_all_reads[] = {VC_STR_INIT("*/read")};

static const vc_str_t vc_vault_control[] = {
    VC_SURROUNDINGS,
    VC_STR_INIT("Microsoft.KeyVault/checkNameAvailability/read"),
    VC_STR_INIT("Microsoft.KeyVault/deletedVaults/read"),
    VC_STR_INIT("Microsoft.KeyVault/locations/*/read"),
    VC_VAULTS_READ,
    VC_STR_INIT("Microsoft.KeyVault/operations/read"),
};

static const vc_str_t vc_contributor_not[] = {
    VC_STR_INIT("Microsoft.Authorization/*/Delete"),
    VC_STR_INIT("Microsoft.Authorization/*/Write"),
    VC_STR_INIT("Microsoft.Authorization/elevateAccess/Action"),
};

static const vc_str_t vc_access_administration[] = {
    VC_STR_INIT("*/read"),
    VC_STR_INIT("Microsoft.Authorization/*"),
    VC_STR_INIT("Microsoft.Support/*"),
};

static const vc_str_t vc_assignment_administration[] = {
    VC_STR_INIT(VC_ASSIGNMENT_WRITE),
    VC_STR_INIT(VC_ASSIGNMENT_DELETE),
    VC_STR_INIT("*/read"),
    VC_STR_INIT("Microsoft.Support/*"),
};

static const vc_str_t vc_vaults_data[] = {
    VC_STR_INIT(VC_DATA_ACTION("*")),
};

static const vc_str_t vc_reader_data[] = {
    VC_STR_INIT(VC_DATA_ACTION("*/read")),
    VC_STR_INIT(VC_DATA_ACTION("secrets/readMetadata/action")),
};

static const vc_str_t vc_secrets_data[] = {
    VC_STR_INIT(VC_DATA_ACTION("secrets/*")),
};

static const vc_str_t vc_secrets_user_data[] = {
    VC_STR_INIT(VC_DATA_ACTION("secrets/getSecret/action")),
    VC_STR_INIT(VC_DATA_ACTION("secrets/readMetadata/action")),
};

static const vc_str_t vc_crypto_data[] = {
    VC_STR_INIT(VC_DATA_ACTION("keys/*")),
    VC_STR_INIT(VC_DATA_ACTION("keyrotationpolicies/*")),
};

static const vc_str_t vc_crypto_user_data[] = {
    VC_STR_INIT(VC_DATA_ACTION("keys/read")),
    VC_STR_INIT(VC_DATA_ACTION("keys/update/action")),
    VC_STR_INIT(VC_DATA_ACTION("keys/backup/action")),
    VC_STR_INIT(VC_DATA_ACTION("keys/encrypt/action")),
    VC_STR_INIT(VC_DATA_ACTION("keys/decrypt/action")),
    VC_STR_INIT(VC_DATA_ACTION("keys/wrap/action")),
    VC_STR_INIT(VC_DATA_ACTION("keys/unwrap/action")),
    VC_STR_INIT(VC_DATA_ACTION("keys/sign/action")),
    VC_STR_INIT(VC_DATA_ACTION("keys/verify/action")),
};

static const vc_str_t vc_encryption_data[] = {
    VC_STR_INIT(VC_DATA_ACTION("keys/read")),
    VC_STR_INIT(VC_DATA_ACTION("keys/wrap/action")),
    VC_STR_INIT(VC_DATA_ACTION("keys/unwrap/action")),
};

static const vc_str_t vc_encryption_control[] = {
    VC_STR_INIT("Microsoft.EventGrid/eventSubscriptions/write"),
    VC_STR_INIT("Microsoft.EventGrid/eventSubscriptions/read"),
    VC_STR_INIT("Microsoft.EventGrid/eventSubscriptions/delete"),
};

static const vc_str_t vc_release_data[] = {
    VC_STR_INIT(VC_DATA_ACTION("keys/release/action")),
};

static const vc_str_t vc_certificates_data[] = {
    VC_STR_INIT(VC_DATA_ACTION("certificatecas/*")),
    VC_STR_INIT(VC_DATA_ACTION("certificates/*")),
    VC_STR_INIT(VC_DATA_ACTION("certificatecontacts/write")),
};

static const vc_str_t vc_certificate_user_data[] = {
    VC_STR_INIT(VC_DATA_ACTION("certificates/read")),
    VC_STR_INIT(VC_DATA_ACTION("secrets/getSecret/action")),
    VC_STR_INIT(VC_DATA_ACTION("secrets/readMetadata/action")),
    VC_STR_INIT(VC_DATA_ACTION("keys/read")),
};

static const vc_str_t vc_vault_contributor[] = {
    VC_SURROUNDINGS,
    VC_STR_INIT("Microsoft.KeyVault/*"),
};

static const vc_str_t vc_vault_contributor_not[] = {
    VC_STR_INIT("Microsoft.KeyVault/locations/deletedVaults/purge/action"),
    VC_STR_INIT("Microsoft.KeyVault/hsmPools/*"),
    VC_STR_INIT("Microsoft.KeyVault/managedHsms/*"),
};

static const vc_str_t vc_data_administrator[] = {
    VC_STR_INIT(VC_ASSIGNMENT_WRITE),
    VC_STR_INIT(VC_ASSIGNMENT_DELETE),
    VC_SURROUNDINGS,
    VC_VAULTS_READ,
};

static const vc_str_t vc_purge_operator[] = {
    VC_STR_INIT("Microsoft.KeyVault/deletedVaults/read"),
    VC_STR_INIT("Microsoft.KeyVault/locations/deletedVaults/read"),
    VC_STR_INIT("Microsoft.KeyVault/locations/deletedVaults/purge/action"),
};

/* in the order of vc_role_t */
#define VC_ROLE(guid, title, text, control, control_not, data)                 \
    {                                                                          \
        guid, VC_STR_INIT(title), VC_STR_INIT(text), true, control,            \
            control_not, data, VC_NO_ACTIONS, VC_ACTIONS(vc_root_scope), 0, 0, \
            VC_STR_INIT(""), VC_STR_INIT(""), 0                                \
    }

static const vc_str_t vc_root_scope[] = {VC_STR_INIT("/")};

static const vc_role_t vc_built_in_roles[] = {
    VC_ROLE("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator",
        "Everything with the secrets, keys and certificates of a vault; no "
        "change of the vault itself or of who has roles.",
        VC_ACTIONS(vc_vault_control), VC_NO_ACTIONS,
        VC_ACTIONS(vc_vaults_data)),
    VC_ROLE("21090545-7ca7-4776-b22c-e363652d74d2", "Key Vault Reader",
        "Sees which secrets, keys and certificates there are and what is said "
        "of them, but no secret's value.",
        VC_ACTIONS(vc_vault_control), VC_NO_ACTIONS,
        VC_ACTIONS(vc_reader_data)),
    VC_ROLE("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer",
        "Everything with secrets.", VC_ACTIONS(vc_vault_control), VC_NO_ACTIONS,
        VC_ACTIONS(vc_secrets_data)),
    VC_ROLE("4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User",
        "Reads the values of secrets, and lists them.", VC_NO_ACTIONS,
        VC_NO_ACTIONS, VC_ACTIONS(vc_secrets_user_data)),
    VC_ROLE("14b46e9e-c2b7-41b4-b07b-48a6ebf60603", "Key Vault Crypto Officer",
        "Everything with keys and their rotation.",
        VC_ACTIONS(vc_vault_control), VC_NO_ACTIONS,
        VC_ACTIONS(vc_crypto_data)),
    VC_ROLE("12338af0-0e69-4776-bea7-57ae8d297424", "Key Vault Crypto User",
        "Uses keys, and changes what is said of them; makes and deletes none.",
        VC_NO_ACTIONS, VC_NO_ACTIONS, VC_ACTIONS(vc_crypto_user_data)),
    VC_ROLE("e147488a-f6f5-4113-8e2d-b22465e65bf6",
        "Key Vault Crypto Service Encryption User",
        "Wraps and unwraps with keys: for a service that encrypts what it "
        "stores.",
        VC_ACTIONS(vc_encryption_control), VC_NO_ACTIONS,
        VC_ACTIONS(vc_encryption_data)),
    VC_ROLE("08bbd89e-9f13-488c-ac41-acfcb10c90ab",
        "Key Vault Crypto Service Release User",
        "Has keys released to environments that attest what they are.",
        VC_NO_ACTIONS, VC_NO_ACTIONS, VC_ACTIONS(vc_release_data)),
    VC_ROLE("a4417e6f-fecd-4de8-b567-7b0420556985",
        "Key Vault Certificates Officer",
        "Everything with certificates, their issuers and contacts.",
        VC_ACTIONS(vc_vault_control), VC_NO_ACTIONS,
        VC_ACTIONS(vc_certificates_data)),
    VC_ROLE("db79e9a7-68ee-4b58-9aeb-b90e7c24fcba",
        "Key Vault Certificate User",
        "Reads certificates with their private keys.", VC_NO_ACTIONS,
        VC_NO_ACTIONS, VC_ACTIONS(vc_certificate_user_data)),
    VC_ROLE("f25e0fa2-a7c8-4377-a976-54943a77a395", "Key Vault Contributor",
        "Makes, changes and deletes vaults; has nothing of their content and "
        "gives no roles.",
        VC_ACTIONS(vc_vault_contributor), VC_ACTIONS(vc_vault_contributor_not),
        VC_NO_ACTIONS),
    VC_ROLE(VC_DATA_ADMINISTRATOR, "Key Vault Data Access Administrator",
        "Gives and takes the roles for the content of vaults, and no other.",
        VC_ACTIONS(vc_data_administrator), VC_NO_ACTIONS, VC_NO_ACTIONS),
    VC_ROLE("a68e7c17-0ab2-4c09-9a58-125dae29748c", "Key Vault Purge Operator",
        "Purges deleted vaults.", VC_ACTIONS(vc_purge_operator), VC_NO_ACTIONS,
        VC_NO_ACTIONS),
    VC_ROLE(VC_ROLE_OWNER, "Owner",
        "Manages everything, who has roles included; has nothing of the "
        "content of vaults.",
        VC_ACTIONS(vc_everything), VC_NO_ACTIONS, VC_NO_ACTIONS),
    VC_ROLE("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor",
        "Manages everything but who has roles.", VC_ACTIONS(vc_everything),
        VC_ACTIONS(vc_contributor_not), VC_NO_ACTIONS),
    VC_ROLE("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader",
        "Sees what there is to manage, and changes nothing.",
        VC_ACTIONS(vc_all_reads), VC_NO_ACTIONS, VC_NO_ACTIONS),
    VC_ROLE("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator",
        "Manages who has roles.", VC_ACTIONS(vc_access_administration),
        VC_NO_ACTIONS, VC_NO_ACTIONS),
    VC_ROLE("f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        "Role Based Access Control Administrator",
        "Gives and takes roles, and changes nothing else.",
        VC_ACTIONS(vc_assignment_administration), VC_NO_ACTIONS, VC_NO_ACTIONS),
};


const vc_role_t *
vc_role_built_in_at(size_t index)
{
    size_t count;

    count = sizeof(vc_built_in_roles) / sizeof(vc_built_in_roles[0]);

    return (index < count) ? &vc_built_in_roles[index] : NULL;
}


const vc_role_t *
vc_role_built_in(vc_str_t id)
{
    size_t           i;
    const vc_role_t *role;

    for (i = 0; (role = vc_role_built_in_at(i)) != NULL; i++) {
        if (vc_str_ieq(id, vc_str(role->id))) {
            break;
        }
    }

    return role;
}


bool
vc_role_may_assign(const vc_grant_t *grant, vc_str_t role_id)
{
    static const char *const given[] = {
        "00482a5a-887f-4fb3-b363-3b7fe8e74483", /* Administrator */
        "a4417e6f-fecd-4de8-b567-7b0420556985", /* Certificates Officer */
        "14b46e9e-c2b7-41b4-b07b-48a6ebf60603", /* Crypto Officer */
        "e147488a-f6f5-4113-8e2d-b22465e65bf6", /* … Service Encryption User */
        "12338af0-0e69-4776-bea7-57ae8d297424", /* Crypto User */
        "21090545-7ca7-4776-b22c-e363652d74d2", /* Reader */
        "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", /* Secrets Officer */
        "4633458b-17de-408a-b874-0445c86b69e6", /* Secrets User */
    };

    size_t i;

    if (!vc_str_eq(vc_str(grant->role->id), VC_STR(VC_DATA_ADMINISTRATOR))) {
        return true;
    }

    for (i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        if (vc_str_ieq(role_id, vc_str(given[i]))) {
            return true;
        }
    }

    return false;
}
