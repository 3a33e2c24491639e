#include "issuer_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

static int             listener;
static char           *served_keys; /* under served_lock */
static pthread_mutex_t served_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t       server;

issuer_fixture_t issuer = {
    .audiences = {VC_STR_INIT("https://vault.test"),
        VC_STR_INIT("cfa8b339-82a2-471a-a3c9-0fc0be7a4093")},
};


static void
send_text(int fd, const char *text, size_t n)
{
    while (n != 0) {
        ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);

        if (sent <= 0) {
            return;
        }

        text += sent;
        n -= (size_t) sent;
    }
}


static void
send_body(int fd, const char *status, const char *body)
{
    char head[256];

    (void) snprintf(head, sizeof(head),
        "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n"
        "Location: /elsewhere\r\n\r\n",
        status, strlen(body));
    send_text(fd, head, strlen(head));
    send_text(fd, body, strlen(body));
}


static void
send_huge(int fd, bool endless)
{
    char   block[4096];
    size_t i;

    static const char stated[] = "HTTP/1.1 200 OK\r\nContent-Length: 4194304"
                                 "\r\n\r\n{\"keys\":[";
    static const char open_end[] = "HTTP/1.1 200 OK\r\nConnection: close"
                                   "\r\n\r\n{\"keys\":[";

    if (endless) {
        send_text(fd, open_end, sizeof(open_end) - 1);

    } else {
        send_text(fd, stated, sizeof(stated) - 1);
    }

    memset(block, ' ', sizeof(block));
    for (i = 0; i < 1024; i++) {
        send_text(fd, block, sizeof(block));
    }
}


static void
send_keys(int fd, const char *status)
{
    char *body;

    (void) pthread_mutex_lock(&served_lock);
    body = strdup(served_keys);
    (void) pthread_mutex_unlock(&served_lock);

    send_body(fd, status, body);
    free(body);
}


static void
answer(int fd)
{
    char    request[2048];
    ssize_t n;

    n = recv(fd, request, sizeof(request) - 1, 0);
    if (n <= 0) {
        return;
    }

    request[n] = '\0';
    issuer.requests++;

    switch ((serve_t) issuer.serving) {
    case SERVE_SLOWLY:
        usleep(300000);
        send_keys(fd, "200 OK");
        break;
    case SERVE_KEYS:
        send_keys(fd, "200 OK");
        break;
    case SERVE_GARBAGE:
        send_body(fd, "200 OK", "<html>no keys here</html>");
        break;
    case SERVE_ERROR:
        send_keys(fd, "503 Service Unavailable");
        break;
    case SERVE_REDIRECT:
        /* a client that followed would find keys there */
        send_keys(fd,
            strstr(request, "/elsewhere") != NULL ? "200 OK" : "302 Found");
        break;
    case SERVE_HUGE:
        send_huge(fd, false);
        break;
    case SERVE_ENDLESS:
        send_huge(fd, true);
        break;
    case SERVE_SILENCE:
        (void) recv(fd, request, sizeof(request), 0); /* until it gives up */
        break;
    case SERVE_NOTHING:
        break;
    }
}


static void *
serve(void *data)
{
    int fd;

    (void) data;

    while ((fd = accept(listener, NULL, NULL)) >= 0) {
        answer(fd);
        (void) shutdown(fd, SHUT_WR);
        close(fd);
    }

    return NULL;
}


static void
start_server(void)
{
    socklen_t          n;
    struct sockaddr_in address;

    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    n = sizeof(address);

    listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *) &address, n), 0);
    assert_int_equal(listen(listener, 16), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *) &address, &n),
        0);
    issuer.port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server, NULL, serve, NULL), 0);
}


char *
keys_document(const json_t *jwk, const char *kid)
{
    char *text;
    json_t *public, *set;

    public = vc_jwk_public(jwk);
    json_object_set_new(public, "kid", json_string(kid));
    set = json_pack("{s:[o]}", "keys", public);
    text = json_dumps(set, 0);
    json_decref(set);

    return text;
}


void
serve_keys(const json_t *jwk, const char *kid)
{
    (void) pthread_mutex_lock(&served_lock);
    free(served_keys);
    served_keys = keys_document(jwk, kid);
    (void) pthread_mutex_unlock(&served_lock);
    issuer.serving = SERVE_KEYS;
}


int
issuer_set_up(void **state)
{
    (void) state;

    fixture_open(&issuer.f);
    issuer.rsa = make_key("RSA");
    issuer.rsa_next = make_key("RSA");
    issuer.p256 = make_key("P-256");
    start_server();

    return 0;
}


int
issuer_tear_down(void **state)
{
    (void) state;

    (void) shutdown(listener, SHUT_RDWR);
    close(listener);
    (void) pthread_join(server, NULL);
    free(served_keys);
    json_decref(issuer.rsa);
    json_decref(issuer.rsa_next);
    json_decref(issuer.p256);
    fixture_close(&issuer.f);

    return 0;
}


vc_authority_options_t
url_options(void)
{
    char                   url[64];
    vc_authority_options_t options;

    (void) snprintf(url, sizeof(url), "http://127.0.0.1:%d/keys", issuer.port);

    memset(&options, 0, sizeof(options));
    options.issuer = VC_STR("https://issuer.test/");
    options.audiences = issuer.audiences;
    options.audience_count = 2;
    options.jwks_url = vc_str_copy(issuer.f.arena, vc_str(url));

    return options;
}


vc_authority_options_t
file_options(const json_t *jwk)
{
    char                  *text;
    vc_authority_options_t options;

    options = url_options();
    text = keys_document(jwk, "k1");
    options.jwks_url = VC_STR_NULL;
    options.jwks_json = vc_str_copy(issuer.f.arena, vc_str(text));
    free(text);

    return options;
}


vc_authorities_t *
authorities_with(const vc_authority_options_t *options, int64_t floor)
{
    vc_error_t        err;
    vc_authorities_t *authorities;

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), floor, &authorities),
        VC_OK);
    assert_int_equal(vc_authorities_add(authorities, options, &err), VC_OK);

    return authorities;
}


void
assert_key(vc_authority_t *authority, const char *kid, int64_t now,
    vc_status_t expected)
{
    json_t *jwk;

    assert_int_equal(vc_authority_key(authority, NULL, vc_str(kid), now, &jwk),
        expected);
    assert_int_equal(jwk != NULL, expected == VC_OK);
    json_decref(jwk);
}
