/* vaultctl principal federate: whose tokens stand for a principal */

#include "vaultctl.h"

const ctl_option_t ctl_federate_add_options[] = {
    {"issuer", "URL", "who issues the tokens, as in their \"iss\"", false},
    {"subject", "TEXT", "whose tokens, as in their \"sub\"", false},
    {"audience", "TEXT", "their \"aud\" (else " VC_TRUST_AUDIENCE ")", false},
    {NULL, NULL, NULL, false},
};

static const ctl_column_t ctl_trust_columns[] = {
    {"name", "NAME", CTL_TEXT},
    {"issuer", "ISSUER", CTL_TEXT},
    {"subject", "SUBJECT", CTL_TEXT},
    {"audience", "AUDIENCE", CTL_TEXT},
    {NULL, NULL, CTL_TEXT},
};


static ctl_exit_t
ctl_federate_print(const ctl_t *ctl, const vc_local_principal_t *principal)
{
    size_t      i;
    ctl_cell_t *cell;
    ctl_table_t table;

    ctl_table_init(&table, ctl->arena, ctl_trust_columns);

    for (i = 0; i < principal->trust_count; i++) {
        cell = ctl_table_row(&table);
        if (cell == NULL) {
            return ctl_report(ctl, VC_NO_MEMORY);
        }

        cell[0].text = principal->trusts[i].name;
        cell[1].text = principal->trusts[i].issuer;
        cell[2].text = principal->trusts[i].subject;
        cell[3].text = principal->trusts[i].audience;
    }

    return ctl_print_list(ctl, &table);
}


/* the answer of each verb: what there is now */
static ctl_exit_t
ctl_federate_answer(const ctl_t *ctl, vc_status_t status,
    vc_local_principal_t *principal)
{
    ctl_exit_t code;

    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    code = ctl_federate_print(ctl, principal);
    vc_local_principal_clear(principal);

    return code;
}


ctl_exit_t
ctl_federate_add(ctl_t *ctl)
{
    vc_trust_t           trust;
    vc_status_t          status;
    vc_local_principal_t principal;

    if (ctl_value(ctl, "issuer") == NULL || ctl_value(ctl, "subject") == NULL) {
        return ctl_fail(CTL_USAGE, "--issuer and --subject are needed; "
                                   "see --help");
    }

    trust.name = vc_str(ctl->operands[1]);
    trust.issuer = vc_str(ctl_value(ctl, "issuer"));
    trust.subject = vc_str(ctl_value(ctl, "subject"));
    trust.audience = (ctl_value(ctl, "audience") == NULL)
                         ? VC_STR_NULL
                         : vc_str(ctl_value(ctl, "audience"));

    status = vc_local_principal_add_trust(ctl->session, ctl->arena,
        vc_str(ctl->operands[0]), &trust, &principal, &ctl->err);

    return ctl_federate_answer(ctl, status, &principal);
}


ctl_exit_t
ctl_federate_list(ctl_t *ctl)
{
    vc_status_t          status;
    vc_local_principal_t principal;

    status = vc_session_begin(ctl->session, &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    status = vc_local_principal_find(ctl->session, ctl->arena,
        vc_str(ctl->operands[0]), &principal);
    vc_session_end(ctl->session);

    if (status == VC_NOT_FOUND) {
        return ctl_fail(CTL_NOT_FOUND, "there is no principal \"%s\"",
            ctl->operands[0]);
    }

    return ctl_federate_answer(ctl, status, &principal);
}


ctl_exit_t
ctl_federate_remove(ctl_t *ctl)
{
    vc_status_t          status;
    vc_local_principal_t principal;

    status = vc_local_principal_remove_trust(ctl->session, ctl->arena,
        vc_str(ctl->operands[0]), vc_str(ctl->operands[1]), &principal,
        &ctl->err);

    return ctl_federate_answer(ctl, status, &principal);
}
