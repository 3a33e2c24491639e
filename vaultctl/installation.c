#include "vaultctl.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CTL_KID_SIZE 64


static const ctl_column_t ctl_init_columns[] = {
    {"installation", "Installation", CTL_TEXT},
    {"tenant", "Tenant", CTL_TEXT},
    {"created", "Created", CTL_DATE},
    {"signingKey", "Signing key", CTL_TEXT},
    {"store", "Store", CTL_TEXT},
    {"seal", "Seal", CTL_TEXT},
    {NULL, NULL, CTL_TEXT},
};

static const ctl_column_t ctl_status_columns[] = {
    {"version", "Version", CTL_TEXT},
    {"installation", "Installation", CTL_TEXT},
    {"tenant", "Tenant", CTL_TEXT},
    {"created", "Created", CTL_DATE},
    {"format", "Store format", CTL_NUMBER},
    {"revision", "Revision", CTL_NUMBER},
    {"records", "Records", CTL_NUMBER},
    {"bytesUsed", "Bytes used", CTL_NUMBER},
    {"bytesLimit", "Bytes at most", CTL_NUMBER},
    {"readers", "Readers", CTL_NUMBER},
    {"vaults", "Vaults", CTL_NUMBER},
    {"deletedVaults", "Deleted vaults", CTL_NUMBER},
    {"principals", "Principals", CTL_NUMBER},
    {NULL, NULL, CTL_TEXT},
};

typedef struct {
    int64_t vaults;
    int64_t deleted_vaults;
    int64_t principals;
} ctl_counts_t;


/* opens the seal, made first if there is none */
static ctl_exit_t
ctl_init_seal(ctl_t *ctl, bool *made)
{
    vc_status_t status;

    *made = (access(ctl->seal_path, F_OK) != 0 && errno == ENOENT);

    if (*made) {
        status = vc_seal_file_create(ctl->seal_path, &ctl->err);
        if (status != VC_OK) {
            *made = false;
            (void) ctl_report(ctl, status);
            return CTL_NOT_OPENED;
        }
    }

    return ctl_open_seal(ctl);
}


static ctl_exit_t
ctl_init_store(ctl_t *ctl)
{
    size_t      size;
    ctl_exit_t  code;
    vc_status_t status;

    size = 0;

    code = ctl_value_size(ctl, "max-size", &size);
    if (code != CTL_OK) {
        return code;
    }

    status = vc_vaultstore_create(ctl->store_path, size, ctl->seal, &ctl->err);

    /* a store without an installation is an init that was cut off: go on */
    if (status != VC_OK && status != VC_CONFLICT) {
        (void) ctl_report(ctl, status);
        return CTL_NOT_OPENED;
    }

    return ctl_open_store(ctl);
}


static ctl_exit_t
ctl_init_answer(const ctl_t *ctl, const vc_installation_t *installation,
    const char *kid)
{
    ctl_cell_t *cell;
    ctl_table_t table;

    ctl_table_init(&table, ctl->arena, ctl_init_columns);

    cell = ctl_table_row(&table);
    if (cell == NULL) {
        return ctl_report(ctl, VC_NO_MEMORY);
    }

    cell[0] = ctl_text(installation->id);
    cell[1] = ctl_text(installation->tenant);
    cell[2] = ctl_number(installation->created);
    cell[3] = ctl_text(kid);
    cell[4] = ctl_text(ctl->store_path);
    cell[5] = ctl_text(ctl->seal_path);

    return ctl_print_object(ctl, &table);
}


static ctl_exit_t
ctl_init_installation(ctl_t *ctl)
{
    char              kid[CTL_KID_SIZE];
    vc_status_t       status;
    vc_installation_t installation;

    status = vc_installation_create(ctl->session, ctl->arena,
        vc_str(ctl_value(ctl, "tenant")), &installation, &ctl->err);

    if (status == VC_OK) {
        status = vc_local_authority_rotate(ctl->session, ctl->arena, kid,
            sizeof(kid), &ctl->err);
    }

    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    return ctl_init_answer(ctl, &installation, kid);
}


static ctl_exit_t
ctl_init(ctl_t *ctl)
{
    bool        made;
    size_t      size;
    ctl_exit_t  code;
    const char *tenant;

    /* whatever can be wrong on the command line, before anything is made */
    tenant = ctl_value(ctl, "tenant");
    if (tenant != NULL && !vc_guid_valid(vc_str(tenant))) {
        return ctl_fail(CTL_USAGE,
            "--tenant %s: it must be a GUID, 8-4-4-4-12 hexadecimal digits",
            tenant);
    }

    code = ctl_paths(ctl);

    if (code == CTL_OK) {
        code = ctl_value_size(ctl, "max-size", &size);
    }

    if (code != CTL_OK) {
        return code;
    }

    code = ctl_init_seal(ctl, &made);
    if (code != CTL_OK) {
        return code;
    }

    code = ctl_init_store(ctl);

    /* it seals nothing: the store that is there has another one */
    if (code != CTL_OK && made && ctl->err.status == VC_UNSEAL_FAILED) {
        (void) unlink(ctl->seal_path);
    }

    return (code == CTL_OK) ? ctl_init_installation(ctl) : code;
}


static vc_status_t
ctl_count_vault(const vc_vault_t *vault, void *data)
{
    ctl_counts_t *counts = data;

    if (vault->deleted == 0) {
        counts->vaults++;

    } else {
        counts->deleted_vaults++;
    }

    return VC_OK;
}


static vc_status_t
ctl_count_principal(const vc_local_principal_t *principal, void *data)
{
    ctl_counts_t *counts = data;

    (void) principal;
    counts->principals++;

    return VC_OK;
}


static vc_status_t
ctl_status_read(ctl_t *ctl, vc_installation_t *installation,
    ctl_counts_t *counts)
{
    vc_status_t status;

    memset(counts, 0, sizeof(*counts));

    status = vc_session_begin(ctl->session, &ctl->err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_installation_get(ctl->session, ctl->arena, installation);

    if (status == VC_NOT_FOUND) {
        (void) vc_fail(&ctl->err, status,
            "the store holds no installation; run vaultctl init again");
    }

    if (status == VC_OK) {
        status = vc_vault_each(ctl->session, ctl->arena, ctl_count_vault,
            counts);
    }

    if (status == VC_OK) {
        status = vc_local_principal_each(ctl->session, ctl->arena,
            ctl_count_principal, counts);
    }

    vc_session_end(ctl->session);

    return status;
}


static ctl_exit_t
ctl_status(ctl_t *ctl)
{
    ctl_cell_t       *cell;
    ctl_table_t       table;
    vc_status_t       status;
    ctl_counts_t      counts;
    vc_store_info_t   info;
    vc_installation_t installation;

    status = ctl_status_read(ctl, &installation, &counts);

    if (status == VC_OK) {
        status = vc_store_info(vc_vaultstore_store(ctl->store), &info);
    }

    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    ctl_table_init(&table, ctl->arena, ctl_status_columns);

    cell = ctl_table_row(&table);
    if (cell == NULL) {
        return ctl_report(ctl, VC_NO_MEMORY);
    }

    cell[0] = ctl_text(VC_PRODUCT_VERSION);
    cell[1] = ctl_text(installation.id);
    cell[2] = ctl_text(installation.tenant);
    cell[3] = ctl_number(installation.created);
    cell[4] = ctl_number(info.format);
    cell[5] = ctl_number((int64_t) info.revision);
    cell[6] = ctl_number((int64_t) info.records);
    cell[7] = ctl_number((int64_t) info.bytes_used);
    cell[8] = ctl_number((int64_t) info.bytes_limit);
    cell[9] = ctl_number(info.readers);
    cell[10] = ctl_number(counts.vaults);
    cell[11] = ctl_number(counts.deleted_vaults);
    cell[12] = ctl_number(counts.principals);

    return ctl_print_object(ctl, &table);
}


static const ctl_option_t ctl_init_options[] = {
    {"tenant", "GUID", "the tenant's id; a random one if left out", false},
    {"max-size", "SIZE", "how far the store may grow; 16g if left out", false},
    {NULL, NULL, NULL, false},
};

const ctl_command_t ctl_installation_commands[] = {
    {"init", NULL, NULL, "make a store, and a seal key if it has none",
        "The seal key wraps the root key of the store, which wraps all others.\n"
        "Keep a copy of its file elsewhere: a store whose seal key is lost can\n"
        "never be opened again.  Also made are the installation (its id and\n"
        "tenant) and the first key with which the local authority signs "
        "tokens.\n"
        "A store that exists is left as it is (exit code 4).\n",
        "  vaultctl init --store /var/lib/vault/store --seal "
        "/etc/vault/seal.key\n",
        ctl_init_options, false, ctl_init},
    {"status", NULL, NULL, "show what the store holds and how full it is", NULL,
        "  vaultctl status --json\n", NULL, true, ctl_status},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL},
};
