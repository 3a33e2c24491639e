#include "vaultctl.h"

#include <stdio.h>
#include <string.h>


static const ctl_column_t ctl_vault_columns[] = {
    {"name", "Name", CTL_TEXT},
    {"id", "Id", CTL_TEXT},
    {"tenant", "Tenant", CTL_TEXT},
    {"group", "Group", CTL_TEXT},
    {"location", "Location", CTL_TEXT},
    {"rbac", "Roles decide", CTL_FLAG},
    {"retentionDays", "Retention days", CTL_NUMBER},
    {"purgeProtection", "Purge protection", CTL_FLAG},
    {"recoveryLevel", "Recovery level", CTL_TEXT},
    {"policies", "Policies", CTL_NUMBER},
    {"created", "Created", CTL_DATE},
    {"deleted", "Deleted", CTL_DATE},
    {"scheduledPurge", "Scheduled purge", CTL_DATE},
    {NULL, NULL, CTL_TEXT},
};

static const ctl_column_t ctl_vault_key_columns[] = {
    {"name", "Name", CTL_TEXT},
    {"sealingKey", "Sealing key", CTL_NUMBER},
    {NULL, NULL, CTL_TEXT},
};

/* what a list has room for */
static const ctl_column_t ctl_vault_list_columns[] = {
    {"name", "NAME", CTL_TEXT},
    {"group", "GROUP", CTL_TEXT},
    {"location", "LOCATION", CTL_TEXT},
    {"rbac", "ROLES", CTL_FLAG},
    {"retentionDays", "RETENTION", CTL_NUMBER},
    {"purgeProtection", "PROTECTED", CTL_FLAG},
    {"policies", "POLICIES", CTL_NUMBER},
    {"created", "CREATED", CTL_DATE},
    {"deleted", "DELETED", CTL_DATE},
    {"scheduledPurge", "PURGED ON", CTL_DATE},
    {NULL, NULL, CTL_TEXT},
};


static ctl_exit_t
ctl_vault_answer(const ctl_t *ctl, const vc_vault_t *vault)
{
    char        id[VC_GUID_LEN + 1];
    ctl_cell_t *cell;
    ctl_table_t table;

    vc_guid_encode(id, vault->domain);
    id[VC_GUID_LEN] = '\0';

    ctl_table_init(&table, ctl->arena, ctl_vault_columns);

    cell = ctl_table_row(&table);
    if (cell == NULL) {
        return ctl_report(ctl, VC_NO_MEMORY);
    }

    cell[0] = ctl_text(vault->name);
    cell[1] = ctl_text(id);
    cell[2] = ctl_text(vault->tenant);
    cell[3] = ctl_text(vault->group);
    cell[4].text = vault->location;
    cell[5] = ctl_number(vault->rbac);
    cell[6] = ctl_number(vault->retention_days);
    cell[7] = ctl_number(vault->purge_protection);
    cell[8] = ctl_text(vc_vault_recovery_level(vault));
    cell[9] = ctl_number((int64_t) vault->policy_count);
    cell[10] = ctl_number(vault->created);
    cell[11] = ctl_number(vault->deleted);
    cell[12] = ctl_number(vault->scheduled_purge);

    return ctl_print_object(ctl, &table);
}


static vc_str_t
ctl_vault_text(const ctl_t *ctl, const char *option)
{
    const char *value;

    value = ctl_value(ctl, option);

    return (value == NULL) ? VC_STR_NULL : vc_str(value);
}


static ctl_exit_t
ctl_vault_create(ctl_t *ctl)
{
    ctl_exit_t      code;
    vc_vault_t      vault;
    vc_status_t     status;
    vc_vault_spec_t spec;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(ctl->operands[0]);
    spec.purge_protection = (ctl_value(ctl, "purge-protection") != NULL);
    spec.group = ctl_vault_text(ctl, "group");
    spec.location = ctl_vault_text(ctl, "location");
    spec.rbac = (ctl_value(ctl, "rbac") != NULL);

    code = ctl_value_integer(ctl, "retention-days", VC_RETENTION_MIN,
        VC_RETENTION_MAX, &spec.retention_days);
    if (code != CTL_OK) {
        return code;
    }

    status = vc_vault_create(ctl->session, ctl->arena, &spec, &vault,
        &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    return ctl_vault_answer(ctl, &vault);
}


static vc_status_t
ctl_vault_list_row(const vc_vault_t *vault, void *data)
{
    ctl_cell_t  *cell;
    ctl_table_t *table = data;

    cell = ctl_table_row(table);
    if (cell == NULL) {
        return VC_NO_MEMORY;
    }

    /* the vault is gone before the table is printed */
    cell[0].text = vc_str_copy(table->arena, vc_str(vault->name));
    cell[1].text = vc_str_copy(table->arena, vc_str(vault->group));
    cell[2].text = vc_str_copy(table->arena, vault->location);
    cell[3] = ctl_number(vault->rbac);
    cell[4] = ctl_number(vault->retention_days);
    cell[5] = ctl_number(vault->purge_protection);
    cell[6] = ctl_number((int64_t) vault->policy_count);
    cell[7] = ctl_number(vault->created);
    cell[8] = ctl_number(vault->deleted);
    cell[9] = ctl_number(vault->scheduled_purge);

    if (cell[0].text.data == NULL || cell[1].text.data == NULL
        || cell[2].text.data == NULL)
    {
        return VC_NO_MEMORY;
    }

    return VC_OK;
}


static ctl_exit_t
ctl_vault_list(ctl_t *ctl)
{
    ctl_table_t table;
    vc_status_t status;

    ctl_table_init(&table, ctl->arena, ctl_vault_list_columns);

    status = vc_session_begin(ctl->session, &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    status = vc_vault_each(ctl->session, ctl->arena, ctl_vault_list_row,
        &table);
    vc_session_end(ctl->session);

    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    return ctl_print_list(ctl, &table);
}


static ctl_exit_t
ctl_vault_show(ctl_t *ctl)
{
    ctl_exit_t  code;
    vc_vault_t  vault;
    vc_status_t status;

    status = vc_session_begin(ctl->session, &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    status = vc_vault_get(ctl->session, ctl->arena, vc_str(ctl->operands[0]),
        &vault);

    if (status == VC_NOT_FOUND) {
        code = ctl_fail(CTL_NOT_FOUND, "there is no vault \"%s\"",
            ctl->operands[0]);

    } else {
        code = (status == VC_OK) ? ctl_vault_answer(ctl, &vault)
                                 : ctl_report(ctl, status);
    }

    vc_session_end(ctl->session);

    return code;
}


static ctl_exit_t
ctl_vault_delete(ctl_t *ctl)
{
    vc_vault_t  vault;
    vc_status_t status;

    status = vc_vault_delete(ctl->session, ctl->arena, vc_str(ctl->operands[0]),
        &vault, &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    return ctl_vault_answer(ctl, &vault);
}


static ctl_exit_t
ctl_vault_recover(ctl_t *ctl)
{
    vc_vault_t  vault;
    vc_status_t status;

    status = vc_vault_recover(ctl->session, ctl->arena,
        vc_str(ctl->operands[0]), &vault, &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    return ctl_vault_answer(ctl, &vault);
}


static ctl_exit_t
ctl_vault_purge(ctl_t *ctl)
{
    ctl_exit_t  code;
    vc_status_t status;

    if (ctl_value(ctl, "yes") == NULL) {
        code = ctl_confirm("Purging a vault", ctl->operands[0]);
        if (code != CTL_OK) {
            return code;
        }
    }

    status = vc_vault_purge(ctl->session, ctl->arena, vc_str(ctl->operands[0]),
        &ctl->err);

    return ctl_report(ctl, status);
}


static ctl_exit_t
ctl_vault_rotate_key(ctl_t *ctl)
{
    uint32_t    key_id;
    ctl_cell_t *cell;
    ctl_table_t table;
    vc_status_t status;

    status = vc_vault_rotate_key(ctl->session, ctl->arena,
        vc_str(ctl->operands[0]), &key_id, &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    ctl_table_init(&table, ctl->arena, ctl_vault_key_columns);

    cell = ctl_table_row(&table);
    if (cell == NULL) {
        return ctl_report(ctl, VC_NO_MEMORY);
    }

    cell[0] = ctl_text(ctl->operands[0]);
    cell[1] = ctl_number(key_id);

    return ctl_print_object(ctl, &table);
}


static const ctl_option_t ctl_vault_create_options[] = {
    {"retention-days", "N", "days from deletion to purge, 7 to 90; else 90",
        false},
    {"purge-protection", NULL, "nothing can be purged before its time", false},
    {"group", "NAME", "its resource group; else default", false},
    {"location", "NAME", "its location; else local", false},
    {"rbac", NULL, "roles decide, and not access policies", false},
    {NULL, NULL, NULL, false},
};

static const ctl_option_t ctl_vault_purge_options[] = {
    {"yes", NULL, "do not ask", false},
    {NULL, NULL, NULL, false},
};

const ctl_command_t ctl_vault_commands[] = {
    {"vault", "create", "NAME", "make a vault",
        "A name has 3 to 24 letters, digits and hyphens, and begins with a\n"
        "letter.  Nobody has a right on a new vault: see vaultctl policy set.\n"
        "Purge protection cannot be taken away again.  A resource group that\n"
        "is not there is made, in the vault's location.\n",
        "  vaultctl vault create demo --retention-days 30\n",
        ctl_vault_create_options, true, ctl_vault_create},
    {"vault", "list", NULL, "list the vaults, deleted ones too", NULL,
        "  vaultctl vault list --json\n", NULL, true, ctl_vault_list},
    {"vault", "show", "NAME", "show one vault", NULL,
        "  vaultctl vault show demo\n", NULL, true, ctl_vault_show},
    {"vault", "delete", "NAME", "delete a vault, so that it can be recovered",
        "Its name stays taken, and its content is kept, until it is purged or\n"
        "its retention days are over.\n",
        "  vaultctl vault delete demo\n", NULL, true, ctl_vault_delete},
    {"vault", "recover", "NAME", "bring a deleted vault back", NULL,
        "  vaultctl vault recover demo\n", NULL, true, ctl_vault_recover},
    {"vault", "purge", "NAME", "destroy a deleted vault for good",
        "The vault's keys are destroyed at once, so that nothing in it can be\n"
        "read again, not from a copy of the store either unless the copy is\n"
        "older.  Asks on the terminal; without a terminal --yes is needed.\n",
        "  vaultctl vault purge demo --yes\n", ctl_vault_purge_options, true,
        ctl_vault_purge},
    {"vault", "rotate-key", "NAME", "seal from now on with a new key",
        "What is written from now on is sealed with a new key of the vault.\n"
        "What is there stays as it is and can be read; the older keys are\n"
        "kept for it.  Without this command a vault gets a new key after\n"
        "2^28 seals.\n",
        "  vaultctl vault rotate-key demo\n", NULL, true, ctl_vault_rotate_key},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL},
};
