#include "rate_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* names have seven digits */
#define SECRETS_MAX 10000000


static void
usage(void)
{
    fprintf(stderr, "usage: BENCH_TOKEN=… rate -p PORT -h HOST -n SECRETS "
                    "-c CONNECTIONS -r RATE -t SECONDS [-s SEED]\n");
    exit(2);
}


/* where the number of an option goes; NULL: there is no such option */
static long *
number_of(options_t *options, int option)
{
    switch (option) {
    case 'p':
        return &options->port;

    case 'n':
        return &options->secrets;

    case 'c':
        return &options->connections;

    case 'r':
        return &options->rate;

    case 't':
        return &options->seconds;

    case 's':
        return &options->seed;

    default:
        return NULL;
    }
}


void
options_read(options_t *options, int argc, char **argv)
{
    int   option;
    long *number;

    options->token = getenv("BENCH_TOKEN");

    while ((option = getopt(argc, argv, "h:p:n:c:r:t:s:")) != -1) {
        number = number_of(options, option);

        if (number != NULL) {
            *number = atol(optarg);

        } else if (option == 'h') {
            options->host = optarg;

        } else {
            usage();
        }
    }

    if (options->token == NULL || options->host == NULL || options->port < 1
        || options->port > 65535 || options->secrets < 1
        || options->secrets > SECRETS_MAX || options->connections < 1
        || options->rate < 0 || options->seconds < 1)
    {
        usage();
    }
}
