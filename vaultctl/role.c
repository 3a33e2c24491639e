#include "vaultctl.h"

#include <string.h>


static const ctl_column_t ctl_role_columns[] = {
    {"id", "ID", CTL_TEXT},
    {"name", "NAME", CTL_TEXT},
    {"builtIn", "BUILT IN", CTL_FLAG},
    {"description", "DESCRIPTION", CTL_TEXT},
    {NULL, NULL, CTL_TEXT},
};

static const ctl_column_t ctl_assignment_columns[] = {
    {"id", "ID", CTL_TEXT},
    {"role", "ROLE", CTL_TEXT},
    {"roleId", "ROLE ID", CTL_TEXT},
    {"principal", "PRINCIPAL", CTL_TEXT},
    {"name", "NAME", CTL_TEXT},
    {"scope", "SCOPE", CTL_TEXT},
    {"created", "CREATED", CTL_DATE},
    {NULL, NULL, CTL_TEXT},
};


/* --- roles ------------------------------------------------------------------- */

static vc_status_t
ctl_role_row(const vc_role_t *role, void *data)
{
    ctl_cell_t  *cell;
    ctl_table_t *table = data;

    cell = ctl_table_row(table);
    if (cell == NULL) {
        return VC_NO_MEMORY;
    }

    cell[0] = ctl_text(role->id);
    cell[1].text = role->name;
    cell[2] = ctl_number(role->built_in);
    cell[3].text = role->description;

    return VC_OK;
}


static ctl_exit_t
ctl_role_list(ctl_t *ctl)
{
    vc_status_t status;
    ctl_table_t table;

    ctl_table_init(&table, ctl->arena, ctl_role_columns);

    status = vc_session_begin(ctl->session, &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    status = vc_roles_each(ctl->session, ctl->arena, ctl_role_row, &table);
    vc_session_end(ctl->session);

    return (status == VC_OK) ? ctl_print_list(ctl, &table)
                             : ctl_report(ctl, status);
}


typedef struct {
    vc_str_t who; /* a name or an id */
    char    *id;  /* empty: not found yet */
} ctl_role_search_t;


static vc_status_t
ctl_role_compare(const vc_role_t *role, void *data)
{
    ctl_role_search_t *search = data;

    if (vc_str_ieq(role->name, search->who)
        || vc_str_ieq(vc_str(role->id), search->who))
    {
        memcpy(search->id, role->id, VC_GUID_LEN + 1);
    }

    return VC_OK;
}


static vc_status_t
ctl_role_find(ctl_t *ctl, const char *who, char id[VC_GUID_LEN + 1])
{
    vc_status_t       status;
    ctl_role_search_t search = {vc_str(who), id};

    id[0] = '\0';

    status = vc_roles_each(ctl->session, ctl->arena, ctl_role_compare, &search);

    if (status == VC_OK && id[0] == '\0') {
        return vc_fail(&ctl->err, VC_NOT_FOUND,
            "there is no role \"%s\"; \"vaultctl role list\" shows them", who);
    }

    return status;
}


/* --- who and what ------------------------------------------------------- */

/* what the command line names: role, principal, scope */
static vc_status_t
ctl_role_read(ctl_t *ctl, vc_assignment_t *out)
{
    vc_status_t status;

    memset(out, 0, sizeof(*out));

    status = vc_session_begin(ctl->session, &ctl->err);
    if (status != VC_OK) {
        return status;
    }

    status = ctl_role_find(ctl, ctl_value(ctl, "role"), out->role);

    if (status == VC_OK) {
        status = ctl_principal_id(ctl, ctl_value(ctl, "principal"),
            out->principal);
    }

    if (status == VC_OK) {
        status = ctl_scope(ctl, &out->scope);
    }

    vc_session_end(ctl->session);

    return status;
}


static ctl_exit_t
ctl_role_check_options(const ctl_t *ctl)
{
    if (ctl_value(ctl, "role") == NULL || ctl_value(ctl, "principal") == NULL) {
        return ctl_fail(CTL_USAGE,
            "which role, and whose? give --role and --principal");
    }

    return ctl_scope_check(ctl, true);
}


/* --- assignments ---------------------------------------------------------------- */

typedef struct {
    ctl_t      *ctl;
    vc_str_t    scope;     /* at it or below it; "": any */
    const char *principal; /* NULL: anybody */
    ctl_table_t table;
} ctl_assignments_t;


static vc_status_t
ctl_assignment_row(const vc_assignment_t *assignment, void *data)
{
    ctl_cell_t        *cell;
    vc_status_t        status;
    const vc_role_t   *role;
    ctl_assignments_t *list = data;

    if (!vc_scope_covers(list->scope, assignment->scope)
        || (list->principal != NULL
            && !vc_str_ieq(vc_str(list->principal),
                vc_str(assignment->principal))))
    {
        return VC_OK;
    }

    status = vc_role_get(list->ctl->session, list->ctl->arena,
        vc_str(assignment->role), &role);
    if (status != VC_OK) {
        return status;
    }

    cell = ctl_table_row(&list->table);
    if (cell == NULL) {
        return VC_NO_MEMORY;
    }

    cell[0].text = vc_str_copy(list->ctl->arena, vc_str(assignment->id));
    cell[1].text = role->name;
    cell[2].text = vc_str(role->id);
    cell[3].text = vc_str_copy(list->ctl->arena, vc_str(assignment->principal));
    cell[4].text = ctl_principal_name(list->ctl, assignment->principal);
    cell[5].text = (assignment->scope.len == 0) ? VC_STR("/")
                                                : assignment->scope;
    cell[6] = ctl_number(assignment->created);

    return VC_OK;
}


static vc_status_t
ctl_assignments_read(ctl_t *ctl, ctl_assignments_t *list,
    char principal[VC_GUID_LEN + 1])
{
    vc_status_t status;
    const char *who;

    who = ctl_value(ctl, "principal");
    status = VC_OK;

    if (ctl_value(ctl, "scope") != NULL || ctl_value(ctl, "vault") != NULL) {
        status = ctl_scope(ctl, &list->scope);
    }

    if (status == VC_OK && who != NULL) {
        status = ctl_principal_id(ctl, who, principal);
        list->principal = principal;
    }

    return (status == VC_OK) ? vc_assignments_each(ctl->session, ctl->arena,
               ctl_assignment_row, list)
                             : status;
}


static ctl_exit_t
ctl_role_assignments(ctl_t *ctl)
{
    char              principal[VC_GUID_LEN + 1];
    ctl_exit_t        code;
    vc_status_t       status;
    ctl_assignments_t list = {.ctl = ctl};

    code = ctl_scope_check(ctl, false);
    if (code != CTL_OK) {
        return code;
    }

    ctl_table_init(&list.table, ctl->arena, ctl_assignment_columns);

    status = vc_session_begin(ctl->session, &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    status = ctl_assignments_read(ctl, &list, principal);
    vc_session_end(ctl->session);

    return (status == VC_OK) ? ctl_print_list(ctl, &list.table)
                             : ctl_report(ctl, status);
}


static ctl_exit_t
ctl_assignment_answer(ctl_t *ctl, const vc_assignment_t *assignment)
{
    vc_status_t       status;
    ctl_assignments_t list = {.ctl = ctl};

    ctl_table_init(&list.table, ctl->arena, ctl_assignment_columns);

    status = vc_session_begin(ctl->session, &ctl->err);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    status = ctl_assignment_row(assignment, &list);
    vc_session_end(ctl->session);

    return (status == VC_OK) ? ctl_print_object(ctl, &list.table)
                             : ctl_report(ctl, status);
}


static ctl_exit_t
ctl_role_assign(ctl_t *ctl)
{
    bool            existed;
    ctl_exit_t      code;
    const char     *type;
    vc_status_t     status;
    vc_assignment_t assignment;

    code = ctl_role_check_options(ctl);
    if (code != CTL_OK) {
        return code;
    }

    status = ctl_role_read(ctl, &assignment);
    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    type = ctl_value(ctl, "type");
    assignment.principal_type = vc_str(type == NULL ? "" : type);

    status = vc_assignment_put(ctl->session, ctl->arena, &assignment, &existed,
        &ctl->err);

    return (status == VC_OK) ? ctl_assignment_answer(ctl, &assignment)
                             : ctl_report(ctl, status);
}


typedef struct {
    const vc_assignment_t *asked;
    vc_assignment_t       *found; /* id empty: not yet */
} ctl_assignment_search_t;


static vc_status_t
ctl_assignment_compare(const vc_assignment_t *assignment, void *data)
{
    ctl_assignment_search_t *search = data;

    if (vc_str_ieq(vc_str(assignment->principal),
            vc_str(search->asked->principal))
        && strcmp(assignment->role, search->asked->role) == 0
        && vc_str_ieq(assignment->scope, search->asked->scope))
    {
        *search->found = *assignment;
    }

    return VC_OK;
}


static ctl_exit_t
ctl_role_unassign(ctl_t *ctl)
{
    ctl_exit_t              code;
    vc_status_t             status;
    vc_assignment_t         asked, found = {.id = ""};
    ctl_assignment_search_t search = {&asked, &found};

    code = ctl_role_check_options(ctl);
    if (code != CTL_OK) {
        return code;
    }

    status = ctl_role_read(ctl, &asked);

    if (status == VC_OK) {
        status = vc_session_begin(ctl->session, &ctl->err);
    }

    if (status != VC_OK) {
        return ctl_report(ctl, status);
    }

    status = vc_assignments_each(ctl->session, ctl->arena,
        ctl_assignment_compare, &search);
    vc_session_end(ctl->session);

    if (status == VC_OK) {
        status = (found.id[0] == '\0')
                     ? VC_NOT_FOUND
                     : vc_assignment_delete(ctl->session, ctl->arena,
                         found.scope, vc_str(found.id), &asked, &ctl->err);
    }

    if (status == VC_NOT_FOUND) {
        return ctl_fail(CTL_NOT_FOUND,
            "\"%s\" does not have the role \"%s\" at that scope",
            ctl_value(ctl, "principal"), ctl_value(ctl, "role"));
    }

    return (status == VC_OK) ? CTL_OK : ctl_report(ctl, status);
}


#define CTL_SCOPE_OPTIONS                                                      \
    {"scope", "SCOPE", "\"/\" or a resource's id", false},                     \
        {"vault", "VAULT", "instead of --scope: this vault", false},           \
    {                                                                          \
        "object", "OBJECT", "of the vault only this: secrets/NAME", false      \
    }

static const ctl_option_t ctl_role_assign_options[] = {
    {"role", "ROLE", "its name or id", false},
    {"principal", "PRINCIPAL", "a name, a client id or an object id", false},
    CTL_SCOPE_OPTIONS,
    {"type", "TYPE", "ServicePrincipal (default), User, Group", false},
    {NULL, NULL, NULL, false},
};

static const ctl_option_t ctl_role_unassign_options[] = {
    {"role", "ROLE", "its name or id", false},
    {"principal", "PRINCIPAL", "a name, a client id or an object id", false},
    CTL_SCOPE_OPTIONS,
    {NULL, NULL, NULL, false},
};

static const ctl_option_t ctl_role_assignments_options[] = {
    {"principal", "PRINCIPAL", "only this one's", false},
    CTL_SCOPE_OPTIONS,
    {NULL, NULL, NULL, false},
};

const ctl_command_t ctl_role_commands[] = {
    {"role", "list", NULL, "list the roles that can be assigned", NULL,
        "  vaultctl role list\n", NULL, true, ctl_role_list},
    {"role", "assign", NULL, "give a principal a role",
        "The role is valid at the scope and everything below it, with the next\n"
        "request: on the management plane always, and for what lies in a vault\n"
        "if the vault was made with --rbac.  PRINCIPAL is a name, a client id\n"
        "or an object id; the object id of a principal or group of another\n"
        "authority works too.\n",
        "  vaultctl role assign --role Owner --principal administrator \\\n"
        "      --scope /\n"
        "  vaultctl role assign --role \"Key Vault Secrets User\" \\\n"
        "      --principal application --vault demo --object secrets/password\n",
        ctl_role_assign_options, true, ctl_role_assign},
    {"role", "unassign", NULL, "take a role away",
        "Role, principal and scope are those of role assign.  The principal is\n"
        "refused with its next request.\n",
        "  vaultctl role unassign --role \"Key Vault Secrets User\" \\\n"
        "      --principal application --vault demo\n",
        ctl_role_unassign_options, true, ctl_role_unassign},
    {"role", "assignments", NULL, "list who has which role where",
        "Of a scope: what is assigned there and below it.\n",
        "  vaultctl role assignments --vault demo\n",
        ctl_role_assignments_options, true, ctl_role_assignments},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL},
};
