#include "vaultctl.h"

#include <string.h>


static const ctl_column_t ctl_policy_columns[] = {
    {"objectId", "OBJECT ID", CTL_TEXT},
    {"name", "NAME", CTL_TEXT},
    {"applicationId", "APPLICATION", CTL_TEXT},
    {"secrets", "SECRETS", CTL_WORDS},
    {"keys", "KEYS", CTL_WORDS},
    {"certificates", "CERTIFICATES", CTL_WORDS},
    {"storage", "STORAGE", CTL_WORDS},
    {NULL, NULL, CTL_TEXT},
};


/*
 * The permissions of a family, by name, commas between; people get "all" for
 * all of them.
 */
static vc_str_t
ctl_permissions_text(const ctl_t *ctl, vc_family_t family, uint32_t bits)
{
    size_t      i;
    uint32_t    all;
    vc_buf_t    out;
    const char *name;

    vc_buf_init(&out, ctl->arena, 0);
    all = vc_permission_parse(family, VC_STR("all"));

    if (!ctl->json && (bits & all) == all) {
        vc_buf_text(&out, "all");
        bits &= ~all;
    }

    for (i = 0; (name = vc_permission_at(family, i)) != NULL; i++) {
        if ((bits & vc_permission_parse(family, vc_str(name))) != 0) {
            vc_buf_text(&out, out.len == 0 ? "" : ",");
            vc_buf_text(&out, name);
        }
    }

    return vc_buf_view(&out);
}


static ctl_exit_t
ctl_permission_unknown(vc_family_t family, vc_str_t word)
{
    size_t      i;
    char        names[512];
    const char *name;

    names[0] = '\0';

    for (i = 0; (name = vc_permission_at(family, i)) != NULL; i++) {
        (void) strncat(names, name, sizeof(names) - strlen(names) - 1);
        (void) strncat(names, ", ", sizeof(names) - strlen(names) - 1);
    }

    return ctl_fail(CTL_USAGE,
        "--%s: \"%.*s\" is no permission of %s; there are %sall and none",
        vc_family_name(family), VC_STR_ARG(word), vc_family_name(family),
        names);
}


/* "get,list", "all,purge", "none" */
static ctl_exit_t
ctl_permissions_parse(vc_family_t family, vc_str_t list, uint32_t *bits)
{
    size_t   i, start;
    uint32_t bit;
    vc_str_t word;

    *bits = 0;

    if (vc_str_ieq(list, VC_STR("none"))) {
        return CTL_OK;
    }

    for (i = 0, start = 0; i <= list.len; i++) {
        if (i < list.len && list.data[i] != ',') {
            continue;
        }

        word = (vc_str_t){list.data + start, i - start};
        start = i + 1;

        bit = vc_permission_parse(family, word);
        if (bit == 0) {
            return ctl_permission_unknown(family, word);
        }

        *bits |= bit;
    }

    return CTL_OK;
}


/* puts what the command line names in place of what was there */
static ctl_exit_t
ctl_policy_options(const ctl_t *ctl, uint32_t permissions[VC_FAMILY_COUNT])
{
    int         family, named;
    ctl_exit_t  code;
    const char *list;

    named = 0;

    for (family = 0; family < VC_FAMILY_COUNT; family++) {
        list = ctl_value(ctl, vc_family_name((vc_family_t) family));
        if (list == NULL) {
            continue;
        }

        code = ctl_permissions_parse((vc_family_t) family, vc_str(list),
            &permissions[family]);
        if (code != CTL_OK) {
            return code;
        }

        named++;
    }

    if (named == 0) {
        return ctl_fail(CTL_USAGE, "which permissions? give --secrets, --keys, "
                                   "--certificates or --storage");
    }

    return CTL_OK;
}


static vc_status_t
ctl_policy_vault(ctl_t *ctl, vc_vault_t *vault)
{
    vc_status_t status;

    status = vc_vault_get(ctl->session, ctl->arena, vc_str(ctl->operands[0]),
        vault);

    if (status == VC_NOT_FOUND) {
        return vc_fail(&ctl->err, status, "there is no vault \"%s\"",
            ctl->operands[0]);
    }

    return status;
}


static const vc_policy_t *
ctl_policy_find(const vc_vault_t *vault, const char *object_id,
    const char *application_id)
{
    size_t             i;
    const vc_policy_t *policy;

    for (i = 0; i < vault->policy_count; i++) {
        policy = &vault->policies[i];

        if (vc_str_ieq(vc_str(policy->object_id), vc_str(object_id))
            && vc_str_ieq(vc_str(policy->application_id),
                vc_str(application_id)))
        {
            return policy;
        }
    }

    return NULL;
}


static const char *
ctl_policy_application(const ctl_t *ctl)
{
    const char *application;

    application = ctl_value(ctl, "application");

    return (application == NULL) ? "" : application;
}


/*
 * Who is meant, and what they have now.  VC_NOT_FOUND: vault or principal;
 * a principal without an entry has no permissions and *found false.
 */
static vc_status_t
ctl_policy_read(ctl_t *ctl, char id[VC_GUID_LEN + 1],
    uint32_t permissions[VC_FAMILY_COUNT], bool *found)
{
    vc_vault_t         vault;
    vc_status_t        status;
    const vc_policy_t *policy;

    memset(permissions, 0, VC_FAMILY_COUNT * sizeof(uint32_t));
    *found = false;

    status = vc_session_begin(ctl->session, &ctl->err);
    if (status != VC_OK) {
        return status;
    }

    status = ctl_policy_vault(ctl, &vault);

    if (status == VC_OK) {
        status = ctl_principal_id(ctl, ctl->operands[1], id);
    }

    if (status == VC_OK) {
        policy = ctl_policy_find(&vault, id, ctl_policy_application(ctl));

        if (policy != NULL) {
            *found = true;
            memcpy(permissions, policy->permissions,
                sizeof(policy->permissions));
        }
    }

    vc_session_end(ctl->session);

    return status;
}


/* the vault's policies as a list; ends the session's snapshot */
static ctl_exit_t
ctl_policy_answer(ctl_t *ctl, const vc_vault_t *vault)
{
    size_t             i, family;
    ctl_cell_t        *cell;
    ctl_table_t        table;
    const vc_policy_t *policy;

    ctl_table_init(&table, ctl->arena, ctl_policy_columns);

    for (i = 0; i < vault->policy_count; i++) {
        policy = &vault->policies[i];

        cell = ctl_table_row(&table);
        if (cell == NULL) {
            return ctl_report(ctl, VC_NO_MEMORY);
        }

        cell[0] = ctl_text(policy->object_id);
        cell[1].text = ctl_principal_name(ctl, policy->object_id);
        cell[2] = ctl_text(policy->application_id);

        for (family = 0; family < VC_FAMILY_COUNT; family++) {
            cell[3 + family].text = ctl_permissions_text(ctl,
                (vc_family_t) family, policy->permissions[family]);
        }
    }

    return ctl_print_list(ctl, &table);
}


static ctl_exit_t
ctl_policy_show(ctl_t *ctl)
{
    ctl_exit_t  code;
    vc_vault_t  vault;
    vc_status_t status;

    status = vc_session_begin(ctl->session, &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    status = ctl_policy_vault(ctl, &vault);
    code = (status == VC_OK) ? ctl_policy_answer(ctl, &vault)
                             : ctl_report(ctl, status);

    vc_session_end(ctl->session);

    return code;
}


static ctl_exit_t
ctl_policy_change(ctl_t *ctl, const char *id,
    const uint32_t permissions[VC_FAMILY_COUNT])
{
    vc_vault_t  vault;
    vc_status_t status;

    status = vc_vault_set_policy(ctl->session, ctl->arena,
        vc_str(ctl->operands[0]), vc_str(id),
        vc_str(ctl_policy_application(ctl)), permissions, &vault, &ctl->err);

    return (status == VC_OK) ? ctl_policy_show(ctl) : ctl_report(ctl, status);
}


static ctl_exit_t
ctl_policy_set(ctl_t *ctl)
{
    bool        found;
    char        id[VC_GUID_LEN + 1];
    uint32_t    permissions[VC_FAMILY_COUNT];
    ctl_exit_t  code;
    vc_status_t status;

    status = ctl_policy_read(ctl, id, permissions, &found);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    code = ctl_policy_options(ctl, permissions);
    if (code != CTL_OK) {
        return code;
    }

    return ctl_policy_change(ctl, id, permissions);
}


static ctl_exit_t
ctl_policy_delete(ctl_t *ctl)
{
    bool        found;
    char        id[VC_GUID_LEN + 1];
    uint32_t    permissions[VC_FAMILY_COUNT];
    vc_status_t status;

    status = ctl_policy_read(ctl, id, permissions, &found);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    if (!found) {
        return ctl_fail(CTL_NOT_FOUND, "\"%s\" has no policy on vault \"%s\"",
            ctl->operands[1], ctl->operands[0]);
    }

    memset(permissions, 0, sizeof(permissions));

    return ctl_policy_change(ctl, id, permissions);
}


static const ctl_option_t ctl_policy_set_options[] = {
    {"secrets", "LIST", "permissions on secrets, commas between", false},
    {"keys", "LIST", "permissions on keys", false},
    {"certificates", "LIST", "permissions on certificates", false},
    {"storage", "LIST", "kept for clients that set them; no effect", false},
    {"application", "GUID", "only when it acts through this application",
        false},
    {NULL, NULL, NULL, false},
};

static const ctl_option_t ctl_policy_delete_options[] = {
    {"application", "GUID", "the entry for this application", false},
    {NULL, NULL, NULL, false},
};

const ctl_command_t ctl_policy_commands[] = {
    {"policy", "set", "VAULT PRINCIPAL",
        "give a principal permissions on a vault",
        "PRINCIPAL is a name, a client id or an object id; the object id of a\n"
        "principal or group of another authority works too.  A family that is\n"
        "named gets exactly the permissions in its list, one that is not keeps\n"
        "what it had.  \"all\" is every permission but purge, which is always\n"
        "named; \"none\" takes all away.  Valid with the next request.\n"
        "\n"
        "  secrets       get list set delete backup restore recover purge\n",
        "  vaultctl policy set demo application --secrets get,list\n"
        "  vaultctl policy set demo administrator --secrets all,purge\n",
        ctl_policy_set_options, true, ctl_policy_set},
    {"policy", "delete", "VAULT PRINCIPAL",
        "take a principal's permissions away",
        "PRINCIPAL as in policy set.  It is refused with its next request.\n",
        "  vaultctl policy delete demo application\n",
        ctl_policy_delete_options, true, ctl_policy_delete},
    {"policy", "show", "VAULT", "show who has which permissions on a vault",
        NULL, "  vaultctl policy show demo\n", NULL, true, ctl_policy_show},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL},
};
