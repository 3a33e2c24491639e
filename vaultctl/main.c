#include "vaultctl.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#define CTL_ARENA_SIZE 16384


const ctl_command_t *const ctl_nouns[] = {
    ctl_installation_commands,
    ctl_vault_commands,
    ctl_principal_commands,
    ctl_policy_commands,
    ctl_role_commands,
    ctl_authority_commands,
    NULL,
};


static void
ctl_log(vc_log_level_t level, const char *text)
{
    if (level <= VC_LOG_WARN) {
        (void) fprintf(stderr, "vaultctl: %s\n", text);
    }
}


/* the table that has commands of a noun */
static const ctl_command_t *
ctl_find_noun(const char *noun)
{
    const ctl_command_t        *command;
    const ctl_command_t *const *table;

    for (table = ctl_nouns; *table != NULL; table++) {
        for (command = *table; command->noun != NULL; command++) {
            if (strcmp(command->noun, noun) == 0) {
                return *table;
            }
        }
    }

    return NULL;
}


/* how many words a verb is made of, if they are these; else -1 */
static int
ctl_verb_words(const char *verb, int argc, char **argv)
{
    int      words;
    size_t   len;
    vc_str_t word;

    for (words = 0; verb != NULL && *verb != '\0'; words++) {
        len = strcspn(verb, " ");
        word = (vc_str_t){(const uint8_t *) verb, len};

        if (words == argc || !vc_str_eq(word, vc_str(argv[words]))) {
            return -1;
        }

        verb += len + (verb[len] == ' ' ? 1 : 0);
    }

    return words;
}


/* the command that argv[first] begins; *next gets what follows its words */
static const ctl_command_t *
ctl_find_command(const ctl_command_t *table, int argc, char **argv, int first,
    int *next)
{
    int                  words;
    const ctl_command_t *command;

    for (command = table; command->noun != NULL; command++) {
        if (strcmp(command->noun, argv[first]) != 0) {
            continue;
        }

        words = ctl_verb_words(command->verb, argc - first - 1,
            argv + first + 1);

        if (words != -1) {
            *next = first + 1 + words;
            return command;
        }
    }

    return NULL;
}


/* finds the command that argv[first] begins and reads its options */
static ctl_exit_t
ctl_parse(ctl_t *ctl, int argc, char **argv, int first)
{
    int                  next;
    const char          *verb;
    const ctl_command_t *table;

    table = ctl_find_noun(argv[first]);
    if (table == NULL) {
        return ctl_fail(CTL_USAGE,
            "\"%s\" is no command; vaultctl --help lists them", argv[first]);
    }

    verb = (first + 1 < argc) ? argv[first + 1] : NULL;
    ctl->help = ctl->help || (verb != NULL && strcmp(verb, "--help") == 0);
    ctl->command = ctl_find_command(table, argc, argv, first, &next);

    if (ctl->command != NULL) {
        return ctl_options_command(ctl, argc, argv, next);
    }

    if (ctl->help) {
        ctl_help_noun(table);
        return CTL_OK;
    }

    if (verb == NULL) {
        return ctl_fail(CTL_USAGE,
            "%s needs a verb; vaultctl %s --help lists them", argv[first],
            argv[first]);
    }

    return ctl_fail(CTL_USAGE,
        "\"%s %s\" is no command; vaultctl %s --help lists the verbs",
        argv[first], verb, argv[first]);
}


static ctl_exit_t
ctl_execute(ctl_t *ctl)
{
    ctl_exit_t code;

    code = ctl->command->opens ? ctl_open(ctl) : CTL_OK;
    if (code == CTL_OK) {
        code = ctl->command->run(ctl);
    }

    ctl_close(ctl);

    return code;
}


static ctl_exit_t
ctl_run(ctl_t *ctl, int argc, char **argv)
{
    int        first;
    ctl_exit_t code;

    code = ctl_options_global(ctl, argc, argv, &first);

    if (code == CTL_OK && first < argc && !ctl->version) {
        code = ctl_parse(ctl, argc, argv, first);
    }

    if (code != CTL_OK) {
        return code;
    }

    if (ctl->version) {
        (void) printf("vaultctl %s\n", VC_PRODUCT_VERSION);
        return CTL_OK;
    }

    if (ctl->command != NULL && ctl->help) {
        ctl_help_command(ctl->command);
        return CTL_OK;
    }

    if (ctl->command != NULL) {
        return ctl_execute(ctl);
    }

    if (first == argc && !ctl->help) {
        return ctl_fail(CTL_USAGE, "no command; vaultctl --help lists them");
    }

    if (first == argc) {
        ctl_help_program();
    }

    return CTL_OK;
}


int
main(int argc, char **argv)
{
    ctl_t      ctl;
    ctl_exit_t code;

    /* neither core dumps nor debuggers of other users see keys and secrets */
    (void) prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);

    memset(&ctl, 0, sizeof(ctl));
    vc_log_set_writer(ctl_log);

    ctl.arena = vc_arena_create(CTL_ARENA_SIZE);
    if (ctl.arena == NULL) {
        return (int) ctl_fail(CTL_FAILED, "out of memory");
    }

    code = ctl_run(&ctl, argc, argv);
    vc_arena_destroy(ctl.arena);

    if (fflush(stdout) != 0 && code == CTL_OK) {
        code = ctl_fail(CTL_FAILED, "the answer cannot be written");
    }

    return (int) code;
}
