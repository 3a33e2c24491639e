#include "vaultctl.h"

#define CTL_KID_SIZE 64


static const ctl_column_t ctl_authority_columns[] = {
    {"signingKey", "Signing key", CTL_TEXT},
    {NULL, NULL, CTL_TEXT},
};


static ctl_exit_t
ctl_authority_rotate_key(ctl_t *ctl)
{
    char        kid[CTL_KID_SIZE];
    ctl_cell_t *cell;
    ctl_table_t table;
    vc_status_t status;

    status = vc_local_authority_rotate(ctl->session, ctl->arena, kid,
        sizeof(kid), &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    ctl_table_init(&table, ctl->arena, ctl_authority_columns);

    cell = ctl_table_row(&table);
    if (cell == NULL) {
        return ctl_report(ctl, VC_NO_MEMORY);
    }

    cell[0] = ctl_text(kid);

    return ctl_print_object(ctl, &table);
}


const ctl_command_t ctl_authority_commands[] = {
    {"authority", "rotate-key", NULL, "make a new key to sign tokens with",
        "New tokens are signed with the new key.  Tokens signed with an older\n"
        "one work until they expire; then that key is dropped.\n",
        "  vaultctl authority rotate-key\n", NULL, true,
        ctl_authority_rotate_key},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL},
};
