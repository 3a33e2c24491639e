#include "vaultctl.h"

#include <stdlib.h>
#include <string.h>


const ctl_option_t ctl_global_options[] = {
    {"store", "DIR", "the store's directory (else $VAULT_STORE)", false},
    {"seal", "FILE", "the seal key's file (else $VAULT_SEAL)", false},
    {"json", NULL, "answer with JSON, for scripts", false},
    {"help", NULL, "explain, with an example", false},
    {"version", NULL, "print the version", false},
    {NULL, NULL, NULL, false},
};


static const ctl_option_t *
ctl_option_find(const ctl_option_t *options, vc_str_t name)
{
    const ctl_option_t *option;

    for (option = options; option != NULL && option->name != NULL; option++) {
        if (vc_str_eq(vc_str(option->name), name)) {
            return option;
        }
    }

    return NULL;
}


static void
ctl_option_global(ctl_t *ctl, const ctl_option_t *option, const char *value)
{
    switch (option - ctl_global_options) {
    case 0:
        ctl->store_path = value;
        break;
    case 1:
        ctl->seal_path = value;
        break;
    case 2:
        ctl->json = true;
        break;
    case 3:
        ctl->help = true;
        break;
    default:
        ctl->version = true;
    }
}


static ctl_exit_t
ctl_option_keep(ctl_t *ctl, const ctl_option_t *option, const char *value)
{
    if (!option->repeats && ctl_value(ctl, option->name) != NULL) {
        return ctl_fail(CTL_USAGE, "--%s is given twice", option->name);
    }

    if (ctl->value_count == CTL_VALUES_MAX) {
        return ctl_fail(CTL_USAGE, "more than %d options", CTL_VALUES_MAX);
    }

    ctl->values[ctl->value_count++] = (ctl_value_t){option, value};

    return CTL_OK;
}


/* argv[*i] is an option; *i is moved to its last word */
static ctl_exit_t
ctl_option_take(ctl_t *ctl, int argc, char **argv, int *i)
{
    vc_str_t            name;
    const char         *word, *value;
    const ctl_option_t *option, *global;

    word = argv[*i] + 2;
    value = strchr(word, '=');
    name = vc_str(word);

    if (value != NULL) {
        name.len = (size_t) (value - word);
        value++;
    }

    global = ctl_option_find(ctl_global_options, name);
    option = global;

    if (option == NULL && ctl->command != NULL) {
        option = ctl_option_find(ctl->command->options, name);
    }

    if (option == NULL) {
        return ctl_fail(CTL_USAGE, "--%.*s is no option here; see --help",
            VC_STR_ARG(name));
    }

    if (option->argument == NULL && value != NULL) {
        return ctl_fail(CTL_USAGE, "--%s takes no value", option->name);
    }

    if (option->argument != NULL && value == NULL) {
        if (*i + 1 == argc) {
            return ctl_fail(CTL_USAGE, "--%s needs its %s behind it",
                option->name, option->argument);
        }

        value = argv[++*i];
    }

    if (option->argument != NULL && value[0] == '\0') {
        return ctl_fail(CTL_USAGE, "--%s has an empty value", option->name);
    }

    if (global != NULL) {
        ctl_option_global(ctl, global, value);
        return CTL_OK;
    }

    return ctl_option_keep(ctl, option, value == NULL ? "" : value);
}


static bool
ctl_is_option(const char *word)
{
    return word[0] == '-' && word[1] == '-' && word[2] != '\0';
}


ctl_exit_t
ctl_options_global(ctl_t *ctl, int argc, char **argv, int *next)
{
    int        i;
    ctl_exit_t code;

    ctl->store_path = getenv("VAULT_STORE");
    ctl->seal_path = getenv("VAULT_SEAL");

    for (i = 1; i < argc && argv[i][0] == '-'; i++) {
        if (!ctl_is_option(argv[i])) {
            return ctl_fail(CTL_USAGE, "%s is no option; see --help", argv[i]);
        }

        code = ctl_option_take(ctl, argc, argv, &i);
        if (code != CTL_OK) {
            return code;
        }
    }

    *next = i;

    return CTL_OK;
}


static size_t
ctl_operands_wanted(const ctl_command_t *command)
{
    size_t      n;
    const char *p;

    if (command->operands == NULL) {
        return 0;
    }

    for (n = 1, p = command->operands; *p != '\0'; p++) {
        n += (*p == ' ') ? 1 : 0;
    }

    return n;
}


ctl_exit_t
ctl_options_command(ctl_t *ctl, int argc, char **argv, int first)
{
    int        i;
    bool       literal;
    size_t     count, wanted;
    ctl_exit_t code;

    literal = false;
    count = 0;
    wanted = ctl_operands_wanted(ctl->command);

    for (i = first; i < argc; i++) {
        if (!literal && strcmp(argv[i], "--") == 0) {
            literal = true;
            continue;
        }

        if (!literal && ctl_is_option(argv[i])) {
            code = ctl_option_take(ctl, argc, argv, &i);
            if (code != CTL_OK) {
                return code;
            }

            continue;
        }

        if (count == wanted) {
            return ctl_fail(CTL_USAGE,
                "\"%s\" is one word too many; see --help", argv[i]);
        }

        ctl->operands[count++] = argv[i];
    }

    if (count < wanted && !ctl->help && !ctl->version) {
        return ctl_fail(CTL_USAGE, "%s is missing; see --help",
            ctl->command->operands);
    }

    return CTL_OK;
}


const char *
ctl_value(const ctl_t *ctl, const char *name)
{
    size_t i;

    for (i = ctl->value_count; i > 0; i--) {
        if (strcmp(ctl->values[i - 1].option->name, name) == 0) {
            return ctl->values[i - 1].value;
        }
    }

    return NULL;
}


ctl_exit_t
ctl_value_integer(const ctl_t *ctl, const char *name, int64_t min, int64_t max,
    int *out)
{
    int64_t     number;
    const char *value;

    value = ctl_value(ctl, name);
    if (value == NULL) {
        return CTL_OK;
    }

    if (!vc_str_to_i64(vc_str(value), &number) || number < min || number > max)
    {
        return ctl_fail(CTL_USAGE,
            "--%s %s: it must be a whole number from %lld to %lld", name, value,
            (long long) min, (long long) max);
    }

    *out = (int) number;

    return CTL_OK;
}


/* the power of two that a suffix stands for; -1: it is none */
static int
ctl_size_shift(uint8_t suffix)
{
    switch (suffix | 0x20) {
    case 'k':
        return 10;
    case 'm':
        return 20;
    case 'g':
        return 30;
    case 't':
        return 40;
    default:
        return -1;
    }
}


ctl_exit_t
ctl_value_size(const ctl_t *ctl, const char *name, size_t *out)
{
    int      shift;
    int64_t  number;
    vc_str_t text;

    if (ctl_value(ctl, name) == NULL) {
        return CTL_OK;
    }

    text = vc_str(ctl_value(ctl, name));
    shift = ctl_size_shift(text.data[text.len - 1]);

    if (shift > 0) {
        text.len--;

    } else {
        shift = 0;
    }

    if (!vc_str_to_i64(text, &number) || number <= 0
        || number > (INT64_MAX >> shift))
    {
        return ctl_fail(CTL_USAGE,
            "--%s %s: it must be a number of bytes, or one with k, m, g or t "
            "behind it, such as 16g",
            name, ctl_value(ctl, name));
    }

    *out = (size_t) number << shift;

    return CTL_OK;
}
