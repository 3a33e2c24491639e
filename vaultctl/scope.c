/* the options that say where a role is given */

#include "vaultctl.h"


ctl_exit_t
ctl_scope_check(const ctl_t *ctl, bool needed)
{
    bool scope, vault;

    scope = ctl_value(ctl, "scope") != NULL;
    vault = ctl_value(ctl, "vault") != NULL;

    if (scope && vault) {
        return ctl_fail(CTL_USAGE, "give either --scope or --vault, not both");
    }

    if (needed && !scope && !vault) {
        return ctl_fail(CTL_USAGE,
            "at which scope? give --vault, or --scope with \"/\" or a "
            "resource's id");
    }

    if (ctl_value(ctl, "object") != NULL && !vault) {
        return ctl_fail(CTL_USAGE,
            "--object names what lies in a vault: give --vault, too");
    }

    return CTL_OK;
}


static vc_status_t
ctl_scope_of_vault(ctl_t *ctl, vc_str_t subscription, vc_str_t *out)
{
    vc_buf_t    id;
    vc_vault_t  vault;
    vc_status_t status;
    const char *name, *object;

    name = ctl_value(ctl, "vault");
    object = ctl_value(ctl, "object");

    status = vc_vault_get(ctl->session, ctl->arena, vc_str(name), &vault);

    if (status == VC_NOT_FOUND || (status == VC_OK && vault.deleted != 0)) {
        return vc_fail(&ctl->err, VC_NOT_FOUND, "there is no vault \"%s\"",
            name);
    }

    if (status != VC_OK) {
        return status;
    }

    vc_buf_init(&id, ctl->arena, 256);
    vc_vault_resource_id(&vault, subscription, &id);

    if (object != NULL) {
        vc_buf_text(&id, "/");
        vc_buf_text(&id, object);
    }

    *out = vc_buf_view(&id);

    return id.failed ? VC_NO_MEMORY : VC_OK;
}


vc_status_t
ctl_scope(ctl_t *ctl, vc_str_t *out)
{
    vc_str_t          subscription, text;
    vc_status_t       status;
    vc_installation_t installation;

    status = vc_installation_get(ctl->session, ctl->arena, &installation);
    if (status != VC_OK) {
        return status;
    }

    subscription = vc_str_copy(ctl->arena, vc_str(installation.id));

    if (ctl_value(ctl, "scope") != NULL) {
        text = vc_str(ctl_value(ctl, "scope"));

    } else {
        status = ctl_scope_of_vault(ctl, subscription, &text);
        if (status != VC_OK) {
            return status;
        }
    }

    if (!vc_scope_normalize(text, subscription, ctl->arena, out)) {
        return vc_fail(&ctl->err, VC_BAD_PARAMETER,
            "\"%.*s\" is no scope: it must be \"/\" or "
            "\"/subscriptions/%s\", or there a resource group, a vault, or a "
            "vault's secrets, keys or certificates/NAME",
            VC_STR_ARG(text), installation.id);
    }

    return VC_OK;
}
