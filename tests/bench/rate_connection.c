#define _GNU_SOURCE
#include "rate_connection.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define STATUS_AT 9 /* behind "HTTP/1.1 " */


bool
connection_open(connection_t *c, uint16_t port)
{
    int                on;
    struct sockaddr_in address;

    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    c->got = 0;
    c->size = 0;
    c->used = false;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    on = 1;

    return c->fd >= 0
           && connect(c->fd, (struct sockaddr *) &address, sizeof(address)) == 0
           && setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0
           && fcntl(c->fd, F_SETFL, O_NONBLOCK) == 0;
}


void
connection_close(connection_t *c)
{
    (void) close(c->fd);
}


/* a kilobyte or two always fits: nothing else is under way */
void
connection_send(connection_t *c, const char *data, size_t len)
{
    ssize_t n;

    n = send(c->fd, data, len, MSG_NOSIGNAL);

    if (n >= 0 && (size_t) n != len) {
        (void) shutdown(c->fd, SHUT_RDWR);
    }
}


/* the whole answer's size from its head; 0: the head is not complete */
static size_t
answer_size(connection_t *c)
{
    char *end, *length;

    c->buffer[c->got] = '\0';

    end = strstr(c->buffer, "\r\n\r\n");
    if (end == NULL) {
        return 0;
    }

    length = strcasestr(c->buffer, "\r\nContent-Length:");

    return (size_t) (end + 4 - c->buffer)
           + (length != NULL && length < end
                   ? strtoul(length + sizeof("\r\nContent-Length:") - 1, NULL,
                       10)
                   : 0);
}


connection_state_t
connection_read(connection_t *c, int *status)
{
    ssize_t n;

    n = recv(c->fd, c->buffer + c->got, CONNECTION_BUFFER - 1 - c->got, 0);

    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return CONNECTION_MORE;
    }

    if (n <= 0) {
        return CONNECTION_ENDED;
    }

    c->got += (size_t) n;

    if (c->size == 0) {
        c->size = answer_size(c);
    }

    if (c->size == 0 || c->got < c->size) {
        return CONNECTION_MORE;
    }

    *status = atoi(c->buffer + STATUS_AT);
    c->got = 0;
    c->size = 0;
    c->used = true;

    return CONNECTION_ANSWER;
}
