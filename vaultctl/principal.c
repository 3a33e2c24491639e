#include "vaultctl.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CTL_CERTIFICATE_SIZE_MAX 65536
#define CTL_PRINCIPAL_COLUMNS 7

/* one secret at a time, in the arena: it is wiped with it */
typedef struct {
    char       *secret;
    int         fd;   /* -1: to stdout */
    const char *path; /* where it goes, NULL: to stdout */
} ctl_secret_t;


/* the cells that ctl_principal_row() fills */
static const ctl_column_t ctl_principal_columns[] = {
    {"name", "Name", CTL_TEXT},
    {"clientId", "Client id", CTL_TEXT},
    {"objectId", "Object id", CTL_TEXT},
    {"certificates", "Certificates", CTL_NUMBER},
    {"hasSecret", "Client secret set", CTL_FLAG},
    {"created", "Created", CTL_DATE},
    {"updated", "Updated", CTL_DATE},
    {NULL, NULL, CTL_TEXT},
};

/* behind them: the one sight of the secret, or where it was put */
static const ctl_column_t ctl_secret_column = {"clientSecret", "Client secret",
    CTL_TEXT};
static const ctl_column_t ctl_secret_file_column = {"clientSecretFile",
    "Client secret in", CTL_TEXT};

static const ctl_column_t ctl_principal_list_columns[] = {
    {"name", "NAME", CTL_TEXT},
    {"clientId", "CLIENT ID", CTL_TEXT},
    {"objectId", "OBJECT ID", CTL_TEXT},
    {"certificates", "CERTIFICATES", CTL_NUMBER},
    {"hasSecret", "SECRET", CTL_FLAG},
    {"created", "CREATED", CTL_DATE},
    {"updated", "UPDATED", CTL_DATE},
    {NULL, NULL, CTL_TEXT},
};


vc_status_t
ctl_principal_id(ctl_t *ctl, const char *who, char id[VC_GUID_LEN + 1])
{
    vc_status_t          status;
    vc_local_principal_t principal;

    status = vc_local_principal_find(ctl->session, ctl->arena, vc_str(who),
        &principal);

    if (status == VC_OK) {
        memcpy(id, principal.object_id, VC_GUID_LEN + 1);
        vc_local_principal_clear(&principal);
        return VC_OK;
    }

    if (status == VC_NOT_FOUND && vc_guid_valid(vc_str(who))) {
        memcpy(id, who, VC_GUID_LEN + 1);
        return VC_OK;
    }

    if (status == VC_NOT_FOUND) {
        return vc_fail(&ctl->err, status,
            "there is no principal \"%s\"; one of another authority is named "
            "by its object id, a GUID",
            who);
    }

    return status;
}


vc_str_t
ctl_principal_name(ctl_t *ctl, const char *object_id)
{
    vc_str_t             name;
    vc_local_principal_t principal;

    if (vc_local_principal_find(ctl->session, ctl->arena, vc_str(object_id),
            &principal)
        != VC_OK)
    {
        return VC_STR_NULL;
    }

    name = vc_str_copy(ctl->arena, vc_str(principal.name));
    vc_local_principal_clear(&principal);

    return name;
}


/* copies: a principal of a walk is gone with the next one */
static vc_status_t
ctl_principal_row(const vc_local_principal_t *principal, void *data)
{
    ctl_cell_t  *cell;
    ctl_table_t *table = data;

    cell = ctl_table_row(table);
    if (cell == NULL) {
        return VC_NO_MEMORY;
    }

    cell[0].text = vc_str_copy(table->arena, vc_str(principal->name));
    cell[1].text = vc_str_copy(table->arena, vc_str(principal->client_id));
    cell[2].text = vc_str_copy(table->arena, vc_str(principal->object_id));
    cell[3] = ctl_number((int64_t) principal->certificate_count);
    cell[4] = ctl_number(principal->secret_hash.len != 0);
    cell[5] = ctl_number(principal->created);
    cell[6] = ctl_number(principal->updated);

    if (cell[0].text.data == NULL || cell[1].text.data == NULL
        || cell[2].text.data == NULL)
    {
        return VC_NO_MEMORY;
    }

    return VC_OK;
}


/* the file for the secret comes first: a secret that has nowhere to go must
   not take the place of one that works */
static ctl_exit_t
ctl_secret_prepare(const ctl_t *ctl, bool wanted, ctl_secret_t *secret)
{
    secret->fd = -1;
    secret->path = ctl_value(ctl, "output");

    secret->secret = vc_arena_calloc(ctl->arena, VC_CLIENT_SECRET_LEN + 1);
    if (secret->secret == NULL) {
        return ctl_report(ctl, VC_NO_MEMORY);
    }

    if (secret->path != NULL && !wanted) {
        return ctl_fail(CTL_USAGE, "--output has no secret to take");
    }

    if (secret->path == NULL) {
        return CTL_OK;
    }

    return ctl_file_create(secret->path, &secret->fd);
}


/* the principal, and the secret unless it goes into a file */
static ctl_exit_t
ctl_secret_print(const ctl_t *ctl, const vc_local_principal_t *principal,
    const ctl_secret_t *secret)
{
    ctl_table_t  table;
    vc_status_t  status;
    ctl_column_t columns[CTL_PRINCIPAL_COLUMNS + 2];

    memset(columns, 0, sizeof(columns));
    memcpy(columns, ctl_principal_columns, sizeof(ctl_principal_columns));

    if (secret->secret[0] != '\0') {
        columns[CTL_PRINCIPAL_COLUMNS] = (secret->path == NULL)
                                             ? ctl_secret_column
                                             : ctl_secret_file_column;
    }

    ctl_table_init(&table, ctl->arena, columns);

    status = ctl_principal_row(principal, &table);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    if (secret->secret[0] != '\0') {
        table.cells[CTL_PRINCIPAL_COLUMNS] = ctl_text(
            secret->path == NULL ? secret->secret : secret->path);
    }

    return ctl_print_object(ctl, &table);
}


static ctl_exit_t
ctl_secret_answer(const ctl_t *ctl, const vc_local_principal_t *principal,
    const ctl_secret_t *secret)
{
    ctl_exit_t code;

    if (secret->fd != -1) {
        code = ctl_file_finish(secret->path, secret->fd,
            vc_str(secret->secret));
        if (code != CTL_OK) {
            return code;
        }
    }

    code = ctl_secret_print(ctl, principal, secret);

    if (code == CTL_OK && secret->secret[0] != '\0' && secret->path == NULL
        && !ctl->json && isatty(STDERR_FILENO))
    {
        (void) fputs("The client secret is shown this once; keep it now.\n",
            stderr);
    }

    return code;
}


static ctl_exit_t
ctl_principal_certificates(const ctl_t *ctl, vc_principal_spec_t *spec)
{
    size_t     i;
    ctl_exit_t code;

    spec->certificates = vc_arena_calloc(ctl->arena,
        CTL_VALUES_MAX * sizeof(vc_str_t));
    if (spec->certificates == NULL) {
        return ctl_report(ctl, VC_NO_MEMORY);
    }

    for (i = 0; i < ctl->value_count; i++) {
        if (strcmp(ctl->values[i].option->name, "certificate") != 0) {
            continue;
        }

        code = ctl_file_read(ctl, ctl->values[i].value,
            CTL_CERTIFICATE_SIZE_MAX,
            &spec->certificates[spec->certificate_count++]);
        if (code != CTL_OK) {
            return code;
        }
    }

    return CTL_OK;
}


static ctl_exit_t
ctl_principal_create(ctl_t *ctl)
{
    ctl_exit_t           code;
    vc_status_t          status;
    ctl_secret_t         secret;
    vc_principal_spec_t  spec;
    vc_local_principal_t principal;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(ctl->operands[0]);
    spec.with_secret = (ctl_value(ctl, "no-secret") == NULL);

    code = ctl_principal_certificates(ctl, &spec);

    if (code == CTL_OK) {
        code = ctl_secret_prepare(ctl, spec.with_secret, &secret);
    }

    if (code != CTL_OK) {
        return code;
    }

    status = vc_local_principal_create(ctl->session, ctl->arena, &spec,
        &principal, secret.secret, &ctl->err);

    if (status != VC_OK) {
        if (secret.fd != -1) {
            ctl_file_abandon(secret.path, secret.fd);
        }

        return ctl_report(ctl, status);
    }

    code = ctl_secret_answer(ctl, &principal, &secret);
    vc_local_principal_clear(&principal);

    return code;
}


static ctl_exit_t
ctl_principal_list(ctl_t *ctl)
{
    ctl_table_t table;
    vc_status_t status;

    ctl_table_init(&table, ctl->arena, ctl_principal_list_columns);

    status = vc_session_begin(ctl->session, &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    status = vc_local_principal_each(ctl->session, ctl->arena,
        ctl_principal_row, &table);
    vc_session_end(ctl->session);

    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    return ctl_print_list(ctl, &table);
}


/* the principal's client id, by whichever name the operator knows it */
static ctl_exit_t
ctl_principal_client_id(ctl_t *ctl, char id[VC_GUID_LEN + 1])
{
    vc_status_t          status;
    vc_local_principal_t principal;

    status = vc_session_begin(ctl->session, &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    status = vc_local_principal_find(ctl->session, ctl->arena,
        vc_str(ctl->operands[0]), &principal);

    if (status == VC_OK) {
        memcpy(id, principal.client_id, VC_GUID_LEN + 1);
        vc_local_principal_clear(&principal);
    }

    vc_session_end(ctl->session);

    if (status == VC_NOT_FOUND) {
        return ctl_fail(CTL_NOT_FOUND, "there is no principal \"%s\"",
            ctl->operands[0]);
    }

    return ctl_report(ctl, status);
}


static ctl_exit_t
ctl_principal_delete(ctl_t *ctl)
{
    char        id[VC_GUID_LEN + 1];
    ctl_exit_t  code;
    vc_status_t status;

    code = ctl_principal_client_id(ctl, id);
    if (code != CTL_OK) {
        return code;
    }

    status = vc_local_principal_delete(ctl->session, ctl->arena, vc_str(id),
        &ctl->err);

    return ctl_report(ctl, status);
}


static ctl_exit_t
ctl_principal_reset_secret(ctl_t *ctl)
{
    char                 id[VC_GUID_LEN + 1];
    ctl_exit_t           code;
    vc_status_t          status;
    ctl_secret_t         secret;
    vc_local_principal_t principal;

    code = ctl_principal_client_id(ctl, id);

    if (code == CTL_OK) {
        code = ctl_secret_prepare(ctl, true, &secret);
    }

    if (code != CTL_OK) {
        return code;
    }

    status = vc_local_principal_reset_secret(ctl->session, ctl->arena,
        vc_str(id), &principal, secret.secret, &ctl->err);

    if (status != VC_OK) {
        if (secret.fd != -1) {
            ctl_file_abandon(secret.path, secret.fd);
        }

        return ctl_report(ctl, status);
    }

    code = ctl_secret_answer(ctl, &principal, &secret);
    vc_local_principal_clear(&principal);

    return code;
}


static const ctl_option_t ctl_principal_create_options[] = {
    {"certificate", "FILE", "a certificate (PEM) to sign in with", true},
    {"no-secret", NULL, "make no client secret", false},
    {"output", "FILE", "a new file for the client secret, mode 0600", false},
    {NULL, NULL, NULL, false},
};

static const ctl_option_t ctl_principal_reset_options[] = {
    {"output", "FILE", "a new file for the client secret, mode 0600", false},
    {NULL, NULL, NULL, false},
};

const ctl_command_t ctl_principal_commands[] = {
    {"principal", "create", "NAME", "make a principal of the local authority",
        "A principal signs in with its client id and either its client secret,\n"
        "which is made here and shown this once, or an assertion signed with "
        "the\n"
        "key of one of its certificates.  Only a hash of the secret is kept.\n",
        "  vaultctl principal create application --output application.secret\n",
        ctl_principal_create_options, true, ctl_principal_create},
    {"principal", "list", NULL, "list the principals", NULL,
        "  vaultctl principal list\n", NULL, true, ctl_principal_list},
    {"principal", "delete", "PRINCIPAL", "delete a principal",
        "PRINCIPAL is a name, a client id or an object id.  The principal's\n"
        "tokens stop working with the next request.  Policies that name it\n"
        "stay, without effect, until they are deleted.\n",
        "  vaultctl principal delete application\n", NULL, true,
        ctl_principal_delete},
    {"principal", "reset-secret", "PRINCIPAL",
        "give a principal a new client secret",
        "PRINCIPAL is a name, a client id or an object id.  The old secret and\n"
        "all tokens that the principal holds stop working at once.\n",
        "  vaultctl principal reset-secret application --json\n",
        ctl_principal_reset_options, true, ctl_principal_reset_secret},
    {"principal", "federate add", "PRINCIPAL NAME",
        "trust tokens of another issuer",
        "The local authority then takes a token of the issuer, with exactly "
        "this\n"
        "subject, in place of a client secret.  The issuer must be one of "
        "nginx's\n"
        "vault_authority directives, with the word federation.  NAME is the\n"
        "credential's own: 3 to 120 letters, digits, hyphens and "
        "underscores.\n",
        "  vaultctl principal federate add application deploy \\\n"
        "      --issuer https://token.actions.githubusercontent.com \\\n"
        "      --subject repo:example/site:ref:refs/heads/main\n",
        ctl_federate_add_options, true, ctl_federate_add},
    {"principal", "federate list", "PRINCIPAL", "list whose tokens are trusted",
        NULL, "  vaultctl principal federate list application\n", NULL, true,
        ctl_federate_list},
    {"principal", "federate remove", "PRINCIPAL NAME",
        "trust such tokens no more",
        "All tokens that the principal holds stop working at once: it gets new\n"
        "ones with what credentials it has left.\n",
        "  vaultctl principal federate remove application deploy\n", NULL, true,
        ctl_federate_remove},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL},
};
