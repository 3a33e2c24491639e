/*
 * vaultctl: the operator's command.
 *
 * It works on the store itself, next to running workers, so whoever can read
 * the seal key and write the store needs no other right.  A noun has a file
 * of its own with its table of commands and the functions behind it; main.c
 * finds the command, options.c reads the command line by the command's table,
 * help.c prints that table, output.c writes what a command found.
 */

#ifndef VAULTCTL_H
#define VAULTCTL_H

#include "vaultcore.h"

#define CTL_OPERANDS_MAX 2
#define CTL_VALUES_MAX 32


/* exit codes; scripts rely on them */
typedef enum {
    CTL_OK = 0,
    CTL_FAILED = 1,
    CTL_USAGE = 2,
    CTL_NOT_FOUND = 3,
    CTL_CONFLICT = 4,
    CTL_NOT_OPENED = 5 /* the store or the seal */
} ctl_exit_t;


typedef struct ctl         ctl_t;
typedef struct ctl_command ctl_command_t;

/* an array of them ends with a name of NULL */
typedef struct {
    const char *name;     /* without its dashes */
    const char *argument; /* what the help calls its value; NULL: a flag */
    const char *help;
    bool        repeats;
} ctl_option_t;

struct ctl_command {
    const char         *noun;
    const char         *verb;     /* one word or two; NULL: only the noun */
    const char         *operands; /* blank between them; NULL: none */
    const char         *summary;  /* one line, lower case, no full stop */
    const char         *text;     /* what is worth knowing; may be NULL */
    const char         *example;
    const ctl_option_t *options; /* NULL: only the global ones */
    bool                opens;   /* needs ctl->session */
    ctl_exit_t (*run)(ctl_t *ctl);
};

typedef struct {
    const ctl_option_t *option;
    const char         *value; /* empty for a flag */
} ctl_value_t;

/* one run of the program */
struct ctl {
    const ctl_command_t *command;
    const char          *operands[CTL_OPERANDS_MAX];
    ctl_value_t          values[CTL_VALUES_MAX];
    size_t               value_count;
    bool                 json;
    bool                 help;
    bool                 version;
    const char          *store_path;
    const char          *seal_path;
    vc_arena_t          *arena; /* wiped at the end */
    vc_seal_t           *seal;
    vc_vaultstore_t     *store;
    vc_session_t        *session;
    vc_error_t           err;
};


/* the tables of commands, each ending with a noun of NULL */
extern const ctl_command_t ctl_installation_commands[];
extern const ctl_command_t ctl_vault_commands[];
extern const ctl_command_t ctl_principal_commands[];
extern const ctl_command_t ctl_policy_commands[];
extern const ctl_command_t ctl_role_commands[];
extern const ctl_command_t ctl_authority_commands[];

/* principal_trusts.c: rows of the principal's table */
extern const ctl_option_t ctl_federate_add_options[];
ctl_exit_t                ctl_federate_add(ctl_t *ctl);
ctl_exit_t                ctl_federate_list(ctl_t *ctl);
ctl_exit_t                ctl_federate_remove(ctl_t *ctl);

/* all of the above, ending with NULL */
extern const ctl_command_t *const ctl_nouns[];


/* --- options.c ------------------------------------------------------------- */

extern const ctl_option_t ctl_global_options[];

/*
 * Takes the global options in front of the noun; *next gets the index of the
 * first word that is none.  CTL_USAGE after a message.
 */
ctl_exit_t ctl_options_global(ctl_t *ctl, int argc, char **argv, int *next);

/* reads all that follows the command's words, from argv[first] on */
ctl_exit_t ctl_options_command(ctl_t *ctl, int argc, char **argv, int first);

/* the last value given for an option, NULL if it was not given */
const char *ctl_value(const ctl_t *ctl, const char *name);

/* decimal, within min … max; *out stays as it is if the option is not there */
ctl_exit_t ctl_value_integer(const ctl_t *ctl, const char *name, int64_t min,
    int64_t max, int *out);

/* bytes, with an optional suffix k, m, g or t (powers of 1024) */
ctl_exit_t ctl_value_size(const ctl_t *ctl, const char *name, size_t *out);


/* --- help.c ---------------------------------------------------------------- */

void ctl_help_program(void);
/* the commands of a table */
void ctl_help_noun(const ctl_command_t *commands);
void ctl_help_command(const ctl_command_t *command);


/* --- session.c ------------------------------------------------------------- */

/* opens seal, store and session; CTL_USAGE or CTL_NOT_OPENED after a message */
ctl_exit_t ctl_open(ctl_t *ctl);
ctl_exit_t ctl_open_seal(ctl_t *ctl);
ctl_exit_t ctl_open_store(ctl_t *ctl);
void       ctl_close(ctl_t *ctl);

/* both paths are known, or says how to name them */
ctl_exit_t ctl_paths(const ctl_t *ctl);

/* says "vaultctl: …" on stderr and returns code */
ctl_exit_t ctl_fail(ctl_exit_t code, const char *fmt, ...) VC_PRINTF(2, 3);

/* the exit code of a library call; says ctl->err's message if it failed */
ctl_exit_t ctl_report(const ctl_t *ctl, vc_status_t status);


/* --- output.c --------------------------------------------------------------
 *
 * A command's answer is a table: one row is an object, any number a list.
 * Text for people, or with --json one object or array.
 */

typedef enum {
    CTL_TEXT,   /* JSON: a string */
    CTL_NUMBER, /* JSON: a number */
    CTL_DATE,   /* seconds; JSON: a number; 0: none */
    CTL_FLAG,   /* yes or no; JSON: true or false */
    CTL_WORDS   /* words with commas between; JSON: an array of strings */
} ctl_kind_t;

typedef struct {
    const char *key;   /* in JSON */
    const char *title; /* for people */
    ctl_kind_t  kind;
} ctl_column_t;

typedef struct {
    vc_str_t text;   /* CTL_TEXT, CTL_WORDS */
    int64_t  number; /* the others */
} ctl_cell_t;

typedef struct {
    const ctl_column_t *columns; /* ends with a key of NULL */
    size_t              column_count;
    size_t              row_count;
    size_t              capacity;
    ctl_cell_t         *cells;
    vc_arena_t         *arena;
} ctl_table_t;

void ctl_table_init(ctl_table_t *table, vc_arena_t *arena,
    const ctl_column_t *columns);
/* a row to fill in, one cell a column; NULL when out of memory.  Texts are
   not copied: they stay until the table is printed. */
ctl_cell_t *ctl_table_row(ctl_table_t *table);

/* the first row, or all of them */
ctl_exit_t ctl_print_object(const ctl_t *ctl, const ctl_table_t *table);
ctl_exit_t ctl_print_list(const ctl_t *ctl, const ctl_table_t *table);

ctl_cell_t ctl_text(const char *text);
ctl_cell_t ctl_number(int64_t number);


/* --- principal.c ------------------------------------------------------------ */

/*
 * The object id of whom somebody means, inside the session's snapshot.  A
 * GUID that no local principal has is taken as it is: it is a principal, or a
 * group, of another authority.  VC_NOT_FOUND.
 */
vc_status_t ctl_principal_id(ctl_t *ctl, const char *who,
    char id[VC_GUID_LEN + 1]);
/* the name of a local principal; others have none */
vc_str_t ctl_principal_name(ctl_t *ctl, const char *object_id);


/* --- scope.c ---------------------------------------------------------------- */

/* either --scope or --vault, which --object belongs to; needed: one of them */
ctl_exit_t ctl_scope_check(const ctl_t *ctl, bool needed);
/* the scope that they name, inside the session's snapshot.  VC_NOT_FOUND: the
   vault; VC_BAD_PARAMETER: it is no scope. */
vc_status_t ctl_scope(ctl_t *ctl, vc_str_t *out);


/* --- file.c ---------------------------------------------------------------- */

/* the whole of a small file, into the arena */
ctl_exit_t ctl_file_read(const ctl_t *ctl, const char *path, size_t limit,
    vc_str_t *out);

/*
 * A new file of mode 0600, made before the secret that goes into it; the
 * second call fills and closes it, the third takes it away again.
 */
ctl_exit_t ctl_file_create(const char *path, int *fd);
ctl_exit_t ctl_file_finish(const char *path, int fd, vc_str_t content);
void       ctl_file_abandon(const char *path, int fd);

/* all of text to fd; false with errno */
bool ctl_write(int fd, vc_str_t text);

/* asks on the terminal for the name to be typed again */
ctl_exit_t ctl_confirm(const char *question, const char *name);

#endif /* VAULTCTL_H */
