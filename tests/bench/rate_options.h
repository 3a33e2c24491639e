/* What the rate generator is asked to do. */

#ifndef BENCH_RATE_OPTIONS_H
#define BENCH_RATE_OPTIONS_H

typedef struct {
    const char *host;  /* the header */
    const char *token; /* by the environment, where `ps` does not show it */
    long        port;
    long        secrets;
    long        connections;
    long        rate; /* requests a second; 0: as fast as answers come */
    long        seconds;
    long        seed;
} options_t;

/* ends the process, with a word of usage, when they cannot be followed */
void options_read(options_t *options, int argc, char **argv);

#endif /* BENCH_RATE_OPTIONS_H */
