/* identity/authority.h: options, keys by file, keys by address */

#include "identity_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "identity/authority.h"
#include "identity/claims.h"
#include "identity/jwks.h"
#include "identity/local_authority.h"

static fixture_t f;
static json_t   *rsa, *rsa_next, *p256;
static vc_str_t  audiences[] = {
     {(const uint8_t *) "https://vault.test", 18},
     {(const uint8_t *) "cfa8b339-82a2-471a-a3c9-0fc0be7a4093", 36},
};


/* --- a tiny HTTP server */

typedef enum {
    SERVE_KEYS,
    SERVE_SLOWLY,
    SERVE_GARBAGE,
    SERVE_ERROR,
    SERVE_REDIRECT,
    SERVE_HUGE,
    SERVE_ENDLESS,
    SERVE_NOTHING,
    SERVE_SILENCE
} serve_t;

static int             listener;
static int             port;
static _Atomic int     serving;
static _Atomic int     requests;
static char           *served_keys; /* under served_lock */
static pthread_mutex_t served_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t       server;


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
    requests++;

    switch ((serve_t) serving) {
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
    port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server, NULL, serve, NULL), 0);
}


static char *
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


static void
serve_keys(const json_t *jwk, const char *kid)
{
    (void) pthread_mutex_lock(&served_lock);
    free(served_keys);
    served_keys = keys_document(jwk, kid);
    (void) pthread_mutex_unlock(&served_lock);
    serving = SERVE_KEYS;
}


static int
set_up(void **state)
{
    (void) state;

    fixture_open(&f);
    rsa = make_key("RSA");
    rsa_next = make_key("RSA");
    p256 = make_key("P-256");
    start_server();

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    (void) shutdown(listener, SHUT_RDWR);
    close(listener);
    (void) pthread_join(server, NULL);
    free(served_keys);
    json_decref(rsa);
    json_decref(rsa_next);
    json_decref(p256);
    fixture_close(&f);

    return 0;
}


/* --- the tests */

static vc_authority_options_t
url_options(void)
{
    char                   url[64];
    vc_authority_options_t options;

    (void) snprintf(url, sizeof(url), "http://127.0.0.1:%d/keys", port);

    memset(&options, 0, sizeof(options));
    options.issuer = VC_STR("https://issuer.test/");
    options.audiences = audiences;
    options.audience_count = 2;
    options.jwks_url = vc_str_copy(f.arena, vc_str(url));

    return options;
}


static vc_authority_options_t
file_options(const json_t *jwk)
{
    char                  *text;
    vc_authority_options_t options;

    options = url_options();
    text = keys_document(jwk, "k1");
    options.jwks_url = VC_STR_NULL;
    options.jwks_json = vc_str_copy(f.arena, vc_str(text));
    free(text);

    return options;
}


static vc_authorities_t *
authorities_with(const vc_authority_options_t *options, int64_t floor)
{
    vc_error_t        err;
    vc_authorities_t *authorities;

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), floor, &authorities),
        VC_OK);
    assert_int_equal(vc_authorities_add(authorities, options, &err), VC_OK);

    return authorities;
}


static void
assert_key(vc_authority_t *authority, const char *kid, int64_t now,
    vc_status_t expected)
{
    json_t *jwk;

    assert_int_equal(vc_authority_key(authority, NULL, vc_str(kid), now, &jwk),
        expected);
    assert_int_equal(jwk != NULL, expected == VC_OK);
    json_decref(jwk);
}


static void
test_misuse(void **state)
{
    vc_authorities_t *authorities;

    (void) state;

    assert_int_equal(vc_authorities_create(VC_STR_NULL, 0, &authorities),
        VC_INVALID);
    assert_int_equal(vc_authorities_create(VC_STR("tenant"), 0, &authorities),
        VC_INVALID);
    assert_int_equal(vc_authorities_create(VC_STR(TENANT), -1, &authorities),
        VC_INVALID);
    vc_authorities_destroy(NULL);

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &authorities),
        VC_OK);
    assert_null(vc_authorities_at(authorities, 0));
    assert_null(vc_authorities_find(authorities, VC_STR_NULL));
    assert_null(vc_authorities_of_tenant(authorities, VC_STR(TENANT)));
    vc_authorities_destroy(authorities);
}


static void
test_options_are_checked(void **state)
{
    size_t                 i;
    vc_str_t               empty;
    vc_error_t             err;
    vc_authority_options_t options;

    static const char *const urls[] = {"http://example.test/keys",
        "ftp://127.0.0.1/keys", "file:///etc/passwd", "127.0.0.1/keys", "",
        "https://", "http://127.0.0.1.example.test/", "http://127.0.0.2/",
        "http://127.0.0.1@example.test/", "http://localhost.example.test/",
        "https://user:pass@example.test/"};
    static const char *const good_urls[] = {"https://example.test/keys",
        "HTTPS://example.test:8443/a?b=c", "http://localhost:80/keys",
        "http://[::1]:8080/keys", "http://127.0.0.1"};
    static const char *const documents[] = {"{}", "[]", "x", "{\"keys\":{}}",
        "{\"keys\":[]}", "{\"keys\":[7,null,{}]}",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"a\"}]}"};

    (void) state;

    options = file_options(rsa);
    assert_int_equal(vc_authority_check(&options, &err), VC_OK);

    options.issuer = VC_STR_NULL;
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    assert_non_null(strstr(err.message, "issuer"));

    options = file_options(rsa);
    options.tenant = VC_STR("contoso.example");
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    assert_non_null(strstr(err.message, "GUID"));

    options = file_options(rsa);
    options.audience_count = 0;
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    options.audience_optional = true;
    assert_int_equal(vc_authority_check(&options, &err), VC_OK);
    options.audience_count = 1;
    empty = VC_STR_NULL;
    options.audiences = &empty;
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);

    options = file_options(rsa);
    options.algorithms = VC_ALG_ALL + 1;
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    options.algorithms = VC_ALG_ES256; /* which an RSA key does not serve */
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);

    options = file_options(rsa);
    options.jwks_url = VC_STR("https://example.test/keys");
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    options.jwks_json = VC_STR_NULL;
    assert_int_equal(vc_authority_check(&options, &err), VC_OK);
    options.ca_file = VC_STR("/nonexistent/ca.pem");
    assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);

    for (i = 0; i < COUNT(urls); i++) {
        options = url_options();
        options.jwks_url = vc_str(urls[i]);
        assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    }

    for (i = 0; i < COUNT(good_urls); i++) {
        options.jwks_url = vc_str(good_urls[i]);
        assert_int_equal(vc_authority_check(&options, &err), VC_OK);
    }

    for (i = 0; i < COUNT(documents); i++) {
        options = file_options(rsa);
        options.jwks_json = vc_str(documents[i]);
        assert_int_equal(vc_authority_check(&options, &err), VC_INVALID);
    }
}


static void
test_lookup(void **state)
{
    vc_buf_t               buf;
    vc_error_t             err;
    vc_authority_t        *authority;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    options = file_options(rsa);
    authorities = authorities_with(&options, 0);
    assert_int_equal(vc_authorities_add(authorities, &options, &err),
        VC_CONFLICT);
    assert_int_equal(vc_authorities_add_local(authorities, options.issuer,
                         VC_STR_NULL, audiences, 2, &err),
        VC_CONFLICT);

    options.issuer = VC_STR("https://login.other.test/x/v2.0");
    options.tenant = VC_STR("AAAAAAAA-2222-3333-4444-555555555555");
    assert_int_equal(vc_authorities_add(authorities, &options, &err), VC_OK);
    assert_int_equal(vc_authorities_add_local(authorities,
                         VC_STR("https://login.test:8443/" TENANT "/v2.0"),
                         VC_STR("https://login.test:8443"), audiences, 1, &err),
        VC_OK);

    authority = vc_authorities_find(authorities,
        VC_STR("https://issuer.test/"));
    assert_ptr_equal(authority, vc_authorities_at(authorities, 0));
    assert_null(
        vc_authorities_find(authorities, VC_STR("https://issuer.test")));
    assert_null(
        vc_authorities_find(authorities, VC_STR("https://ISSUER.test/")));
    assert_ptr_equal(authority,
        vc_authorities_of_tenant(authorities, VC_STR(TENANT)));
    assert_false(vc_authority_is_local(authority));
    assert_true(vc_str_eq(vc_authority_login_url(authority),
        VC_STR("https://issuer.test/" TENANT)));
    assert_int_equal(vc_authority_algorithms(authority),
        VC_ALG_RS256 | VC_ALG_PS256 | VC_ALG_ES256);

    assert_true(vc_authority_accepts(authority, VC_STR("https://vault.test")));
    assert_true(vc_authority_accepts(authority, VC_STR("https://vault.test/")));
    assert_true(vc_authority_accepts(authority, audiences[1]));
    assert_false(
        vc_authority_accepts(authority, VC_STR("https://vault.test//")));
    assert_false(vc_authority_accepts(authority, VC_STR("https://vault.tes")));
    assert_false(vc_authority_accepts(authority, VC_STR_NULL));
    assert_false(vc_authority_accepts(authority, VC_STR("/")));

    authority = vc_authorities_at(authorities, 1);
    assert_true(vc_str_eq(vc_authority_tenant(authority),
        VC_STR("aaaaaaaa-2222-3333-4444-555555555555")));
    assert_ptr_equal(authority,
        vc_authorities_of_tenant(authorities,
            VC_STR("aaaaAAAA-2222-3333-4444-555555555555")));
    assert_true(vc_str_eq(vc_authority_login_url(authority),
        VC_STR("https://login.other.test/"
               "aaaaaaaa-2222-3333-4444-555555555555")));

    authority = vc_authorities_at(authorities, 2);
    assert_true(vc_authority_is_local(authority));
    assert_true(vc_str_eq(vc_authority_login_url(authority),
        VC_STR("https://login.test:8443/" TENANT)));
    assert_null(vc_authorities_at(authorities, 3));

    vc_buf_init(&buf, f.arena, 0);
    vc_authorities_list_issuers(authorities, VC_STR(TENANT), &buf);
    assert_true(vc_str_eq(vc_buf_view(&buf),
        VC_STR("https://issuer.test/, "
               "https://login.test:8443/" TENANT "/v2.0")));
    buf.len = 0;
    vc_authorities_list_issuers(authorities, VC_STR_NULL, &buf);
    assert_non_null(strstr(vc_str_dup(f.arena, vc_buf_view(&buf)), "other"));
    buf.len = 0;
    vc_authority_list_audiences(vc_authorities_at(authorities, 0), VC_FOR_DATA,
        &buf);
    assert_true(vc_str_eq(vc_buf_view(&buf),
        VC_STR("https://vault.test, "
               "cfa8b339-82a2-471a-a3c9-0fc0be7a4093")));

    vc_authorities_destroy(authorities);
}


/* unusable and secret parts of a key set are left out */
static void
test_key_set(void **state)
{
    char      *text;
    json_t    *set, *keys, *jwk;
    vc_error_t err;

    (void) state;

    set = json_pack("{s:[o,o,o,o]}", "keys", json_deep_copy(rsa),
        json_deep_copy(p256), vc_jwk_public(rsa_next), json_null());
    json_object_set_new(json_array_get(json_object_get(set, "keys"), 0), "kid",
        json_string("private"));
    json_object_set_new(json_array_get(json_object_get(set, "keys"), 1), "kid",
        json_string("curve"));
    text = json_dumps(set, 0);

    assert_int_equal(vc_jwks_parse(vc_str(text), VC_ALG_RS256 | VC_ALG_ES256,
                         &keys, &err),
        VC_OK);
    assert_int_equal(json_array_size(keys), 2); /* the third has no id */
    jwk = vc_jwks_find(keys, VC_STR("private"));
    assert_non_null(jwk);
    assert_null(json_object_get(jwk, "d"));
    assert_non_null(vc_jwks_find(keys, VC_STR("curve")));
    assert_null(vc_jwks_find(keys, VC_STR("curv")));
    assert_null(vc_jwks_find(keys, VC_STR("Curve")));
    assert_null(vc_jwks_find(keys, VC_STR_NULL));
    json_decref(keys);

    assert_int_equal(vc_jwks_parse(vc_str(text), VC_ALG_ES256, &keys, &err),
        VC_OK);
    assert_int_equal(json_array_size(keys), 1);
    json_decref(keys);

    free(text);
    json_decref(set);
}


static void
test_keys_by_file(void **state)
{
    vc_error_t             err;
    vc_authority_t        *authority;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    options = file_options(rsa);
    authorities = authorities_with(&options, 0);
    authority = vc_authorities_at(authorities, 0);

    assert_key(authority, "k1", NOW, VC_OK);
    assert_key(authority, "k2", NOW, VC_NOT_FOUND); /* no fetch would help */
    assert_false(vc_authority_refresh_due(authority, NOW));
    assert_int_equal(vc_authority_refresh(authority, NOW, &err), VC_OK);

    vc_authorities_destroy(authorities);
}


static void
test_keys_by_address(void **state)
{
    int                    before;
    vc_error_t             err;
    vc_authority_t        *authority;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    serve_keys(rsa, "k1");
    options = url_options();
    authorities = authorities_with(&options, 30);
    authority = vc_authorities_at(authorities, 0);
    before = requests;

    assert_true(vc_authority_refresh_due(authority, NOW));
    assert_key(authority, "k1", NOW, VC_AGAIN);
    assert_int_equal(vc_authority_refresh(authority, NOW, &err), VC_OK);
    assert_key(authority, "k1", NOW, VC_OK);
    assert_int_equal(requests - before, 1);
    assert_false(vc_authority_refresh_due(authority, NOW + 60));

    /* unknown ids do not cause a fetch before the floor has passed */
    assert_key(authority, "k2", NOW + 1, VC_NOT_FOUND);
    assert_key(authority, "k2", NOW + 29, VC_NOT_FOUND);
    assert_int_equal(vc_authority_refresh(authority, NOW + 29, &err), VC_OK);
    assert_int_equal(requests - before, 1);

    /* the issuer has changed its keys */
    serve_keys(rsa_next, "k2");
    assert_key(authority, "k2", NOW + 30, VC_AGAIN);
    assert_int_equal(vc_authority_refresh(authority, NOW + 30, &err), VC_OK);
    assert_key(authority, "k2", NOW + 30, VC_OK);
    assert_key(authority, "k1", NOW + 31, VC_NOT_FOUND);
    assert_int_equal(requests - before, 2);

    /* within an hour it is time for a look anyway */
    assert_true(vc_authority_refresh_due(authority, NOW + 30 + 3600));
    /* and after a clock was set back by a day */
    assert_true(vc_authority_refresh_due(authority, NOW - 86400));
    assert_key(authority, "k3", NOW - 86400, VC_AGAIN);

    vc_authorities_destroy(authorities);
}


/* whatever goes wrong: the keys stay, and the floor holds */
static void
test_failing_issuer(void **state)
{
    static const serve_t kinds[] = {SERVE_GARBAGE, SERVE_ERROR, SERVE_REDIRECT,
        SERVE_HUGE, SERVE_ENDLESS, SERVE_NOTHING};

    int                    before;
    size_t                 i;
    int64_t                now;
    vc_error_t             err;
    vc_authority_t        *authority;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    serve_keys(rsa, "k1");
    options = url_options();
    authorities = authorities_with(&options, 30);
    authority = vc_authorities_at(authorities, 0);
    assert_int_equal(vc_authority_refresh(authority, NOW, &err), VC_OK);

    for (i = 0, now = NOW; i < COUNT(kinds); i++) {
        serving = (int) kinds[i];
        now += 100;
        before = requests;

        assert_key(authority, "k9", now, VC_AGAIN);
        assert_int_equal(vc_authority_refresh(authority, now, &err),
            VC_UNAVAILABLE);
        assert_int_equal(err.status, VC_UNAVAILABLE);
        assert_int_equal(requests - before, 1);
        assert_key(authority, "k1", now, VC_OK);

        assert_key(authority, "k9", now + 29, VC_NOT_FOUND);
        assert_int_equal(vc_authority_refresh(authority, now + 29, &err),
            VC_UNAVAILABLE);
        assert_int_equal(requests - before, 1);
        assert_false(vc_authority_refresh_due(authority, now + 29));
        assert_true(vc_authority_refresh_due(authority, now + 30));
    }

    vc_authorities_destroy(authorities);
}


static void
test_issuer_is_down(void **state)
{
    vc_error_t             err;
    vc_authority_t        *authority;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    options = url_options();
    options.jwks_url = VC_STR("http://127.0.0.1:1/keys");
    authorities = authorities_with(&options, 0);
    authority = vc_authorities_at(authorities, 0);

    assert_int_equal(vc_authority_refresh(authority, NOW, &err),
        VC_UNAVAILABLE);
    assert_null(strstr(err.message, "127.0.0.1")); /* clients may see it */
    assert_key(authority, "k1", NOW, VC_ISSUER_UNAVAILABLE);
    assert_key(authority, "k1", NOW + 30, VC_AGAIN);

    vc_authorities_destroy(authorities);
}


static void *
refresh(void *authority)
{
    vc_error_t err;

    return (vc_authority_refresh(authority, NOW, &err) == VC_OK) ? authority
                                                                 : NULL;
}


/* one fetch for all who ask at the same time, and nobody waits for a lock */
static void
test_slow_issuer(void **state)
{
    int                    before;
    void                  *good;
    size_t                 i, successes;
    uint64_t               start;
    pthread_t              threads[16];
    vc_authority_t        *authority;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    serve_keys(rsa, "k1");
    serving = SERVE_SLOWLY;
    options = url_options();
    authorities = authorities_with(&options, 30);
    authority = vc_authorities_at(authorities, 0);
    before = requests;

    for (i = 0; i < COUNT(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, refresh, authority),
            0);
    }

    usleep(100000);
    start = vc_monotonic_ns();
    assert_key(authority, "k1", NOW, VC_AGAIN);
    assert_false(vc_authority_refresh_due(authority, NOW));
    assert_true(vc_monotonic_ns() - start < 50000000);

    for (i = 0, successes = 0; i < COUNT(threads); i++) {
        assert_int_equal(pthread_join(threads[i], &good), 0);
        successes += (good != NULL);
    }

    assert_int_equal(requests - before, 1);
    assert_true(successes >= 9); /* who fetched, and eight who waited */
    assert_key(authority, "k1", NOW, VC_OK);

    vc_authorities_destroy(authorities);
}


/* an issuer that takes the request and says nothing costs ten seconds */
static void
test_silent_issuer(void **state)
{
    uint64_t               start, took;
    vc_error_t             err;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    serving = SERVE_SILENCE;
    options = url_options();
    authorities = authorities_with(&options, 30);

    start = vc_monotonic_ns();
    assert_int_equal(vc_authority_refresh(vc_authorities_at(authorities, 0),
                         NOW, &err),
        VC_UNAVAILABLE);
    took = (vc_monotonic_ns() - start) / 1000000;
    assert_in_range(took, 9000, 11500);

    vc_authorities_destroy(authorities);
}


static void
test_local_keys(void **state)
{
    char              kid[64], next[64];
    json_t           *jwk;
    vc_error_t        err;
    vc_authority_t   *authority;
    vc_authorities_t *authorities;

    (void) state;

    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &authorities),
        VC_OK);
    assert_int_equal(vc_authorities_add_local(authorities,
                         VC_STR("https://l.test"), VC_STR_NULL, audiences, 2,
                         &err),
        VC_OK);
    authority = vc_authorities_at(authorities, 0);
    assert_false(vc_authority_refresh_due(authority, NOW));
    assert_key(authority, "k", NOW, VC_INVALID); /* no session */

    fixture_begin(&f);
    assert_int_equal(vc_authority_key(authority, f.session, VC_STR("k"), NOW,
                         &jwk),
        VC_NOT_FOUND);
    vc_session_end(f.session);

    assert_int_equal(vc_local_authority_rotate(f.session, f.arena, kid,
                         sizeof(kid), &err),
        VC_OK);
    fixture_begin(&f);
    assert_int_equal(vc_authority_key(authority, f.session, vc_str(kid), NOW,
                         &jwk),
        VC_OK);
    json_decref(jwk);
    vc_session_end(f.session);

    /* both are good after the next rotation */
    assert_int_equal(vc_local_authority_rotate(f.session, f.arena, next,
                         sizeof(next), &err),
        VC_OK);
    assert_string_not_equal(kid, next);
    fixture_begin(&f);
    assert_int_equal(vc_authority_key(authority, f.session, vc_str(next), NOW,
                         &jwk),
        VC_OK);
    assert_null(json_object_get(jwk, "d"));
    json_decref(jwk);
    assert_int_equal(vc_authority_key(authority, f.session, vc_str(kid), NOW,
                         &jwk),
        VC_OK);
    json_decref(jwk);
    vc_session_end(f.session);

    vc_authorities_destroy(authorities);
}


static void
test_claims(void **state)
{
    static const struct {
        const char     *value;
        vc_claim_time_t kind;
        int64_t         time;
    } times[] = {
        {"1800000000", VC_TIME_GOOD, 1800000000},
        {"1800000000.75", VC_TIME_GOOD, 1800000000},
        {"-1.5", VC_TIME_GOOD, -2},
        {"4294967296", VC_TIME_GOOD, 4294967296},
        {"1.8e9", VC_TIME_GOOD, 1800000000},
        {"9007199254740993", VC_TIME_BAD, 0},
        {"1e300", VC_TIME_BAD, 0},
        {"\"1800000000\"", VC_TIME_BAD, 0},
        {"null", VC_TIME_BAD, 0},
        {"true", VC_TIME_BAD, 0},
        {"[1]", VC_TIME_BAD, 0},
    };

    char    echo[VC_ECHO_MAX + 1], big[300];
    size_t  i;
    json_t *claims;
    int64_t time;

    (void) state;

    for (i = 0; i < COUNT(times); i++) {
        claims = json_pack("{s:o}", "exp",
            json_loads(times[i].value, JSON_DECODE_ANY, NULL));
        time = 0;
        assert_int_equal(vc_claim_time(claims, "exp", &time), times[i].kind);
        assert_true(time == times[i].time);
        assert_int_equal(vc_claim_time(claims, "nbf", &time), VC_TIME_ABSENT);
        json_decref(claims);
    }

    assert_string_equal(vc_claim_echo(echo, VC_STR("a\r\nb\x1b[31m\xc3\xbc")),
        "a??b?[31m??");
    memset(big, 'x', sizeof(big));
    assert_int_equal(strlen(vc_claim_echo(echo,
                         (vc_str_t){(uint8_t *) big, sizeof(big)})),
        VC_ECHO_MAX);
    assert_string_equal(vc_claim_echo(echo, VC_STR_NULL), "");
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_options_are_checked),
        cmocka_unit_test(test_lookup),
        cmocka_unit_test(test_key_set),
        cmocka_unit_test(test_keys_by_file),
        cmocka_unit_test(test_keys_by_address),
        cmocka_unit_test(test_failing_issuer),
        cmocka_unit_test(test_issuer_is_down),
        cmocka_unit_test(test_slow_issuer),
        cmocka_unit_test(test_silent_issuer),
        cmocka_unit_test(test_local_keys),
        cmocka_unit_test(test_claims),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
