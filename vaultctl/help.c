#include "vaultctl.h"

#include <stdio.h>
#include <string.h>

#define CTL_HELP_WIDTH 32


static void
ctl_help_options(const ctl_option_t *options)
{
    char                left[64];
    const ctl_option_t *option;

    for (option = options; option != NULL && option->name != NULL; option++) {
        (void) snprintf(left, sizeof(left), "--%s%s%s%s", option->name,
            option->argument == NULL ? "" : " ",
            option->argument == NULL ? "" : option->argument,
            option->repeats ? " …" : "");

        /* "…" is one column in three bytes */
        (void) printf("  %-*s %s\n",
            option->repeats ? CTL_HELP_WIDTH + 2 : CTL_HELP_WIDTH, left,
            option->help);
    }
}


static void
ctl_help_line(const ctl_command_t *command)
{
    char left[80];

    (void) snprintf(left, sizeof(left), "%s%s%s%s%s", command->noun,
        command->verb == NULL ? "" : " ",
        command->verb == NULL ? "" : command->verb,
        command->operands == NULL ? "" : " ",
        command->operands == NULL ? "" : command->operands);

    (void) printf("  %-*s %s\n", CTL_HELP_WIDTH, left, command->summary);
}


static void
ctl_help_lines(const ctl_command_t *commands)
{
    const ctl_command_t *command;

    for (command = commands; command->noun != NULL; command++) {
        ctl_help_line(command);
    }
}


void
ctl_help_program(void)
{
    const ctl_command_t *const *noun;

    (void) printf(
        "Usage: vaultctl [OPTION …] COMMAND …\n"
        "\n"
        "Administers a vault store.  It works on the store itself, also while\n"
        "nginx serves from it: workers see each change with their next "
        "request.\n"
        "\n"
        "Commands (vaultctl COMMAND --help explains one, with an example):\n");

    for (noun = ctl_nouns; *noun != NULL; noun++) {
        ctl_help_lines(*noun);
    }

    (void) printf("\nOptions, before or after the command:\n");
    ctl_help_options(ctl_global_options);

    (void) printf(
        "\n"
        "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found,\n"
        "4 conflict (it exists already, or its state forbids it),\n"
        "5 the store or the seal cannot be opened.\n"
        "\n"
        "Example, from nothing to an application that reads secrets:\n"
        "  export VAULT_STORE=/var/lib/vault/store "
        "VAULT_SEAL=/etc/vault/seal.key\n"
        "  vaultctl init\n"
        "  vaultctl vault create demo\n"
        "  vaultctl principal create application "
        "--output application.secret\n"
        "  vaultctl policy set demo application "
        "--secrets get,list\n");
}


void
ctl_help_noun(const ctl_command_t *commands)
{
    (void) printf("Usage: vaultctl %s VERB …\n\n", commands->noun);
    ctl_help_lines(commands);
    (void) printf("\nvaultctl %s VERB --help explains one, with an example.\n"
                  "\nExample:\n%s",
        commands->noun, commands->example);
}


void
ctl_help_command(const ctl_command_t *command)
{
    (void) printf("Usage: vaultctl %s%s%s%s%s [OPTION …]\n\n", command->noun,
        command->verb == NULL ? "" : " ",
        command->verb == NULL ? "" : command->verb,
        command->operands == NULL ? "" : " ",
        command->operands == NULL ? "" : command->operands);

    /* the summary is a clause of a list; alone it is a sentence */
    (void) printf("%c%s.\n", command->summary[0] - ('a' - 'A'),
        command->summary + 1);

    if (command->text != NULL) {
        (void) printf("\n%s", command->text);
    }

    (void) printf("\nOptions:\n");
    ctl_help_options(command->options);
    ctl_help_options(ctl_global_options);

    (void) printf("\nExample:\n%s", command->example);
}
