/* One kept-alive connection of the rate generator: sends, reads answers. */

#ifndef BENCH_RATE_CONNECTION_H
#define BENCH_RATE_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* an answer with its headers; a secret of 25 KB fits */
#define CONNECTION_BUFFER 65536

typedef enum {
    CONNECTION_MORE, /* the answer is not complete */
    CONNECTION_ANSWER,
    CONNECTION_ENDED
} connection_state_t;

typedef struct connection connection_t;

struct connection {
    int           fd;
    bool          busy; /* a request is under way */
    bool          used; /* has had an answer */
    uint64_t      due;  /* the request under way was to be sent then */
    connection_t *next; /* among the idle ones */
    size_t        got;  /* bytes of the answer so far */
    size_t        size; /* of the whole answer; 0: not known yet */
    char          buffer[CONNECTION_BUFFER];
};

/* to a port of the loopback address; false: see errno */
bool connection_open(connection_t *c, uint16_t port);

void connection_close(connection_t *c);

/* a failure to send shows itself in connection_read() */
void connection_send(connection_t *c, const char *data, size_t len);

/* reads what is there; the status with CONNECTION_ANSWER */
connection_state_t connection_read(connection_t *c, int *status);

#endif /* BENCH_RATE_CONNECTION_H */
