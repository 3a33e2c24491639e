#include "identity/jwks.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/err.h>

#include "crypto/jws.h"

#define VC_FETCH_TIMEOUT_MS 10000L
#define VC_CONNECT_TIMEOUT_MS 5000L


static bool
vc_jwk_is_usable(const json_t *jwk, uint32_t algorithms)
{
    uint32_t bit;

    for (bit = 1; bit != 0 && bit <= algorithms; bit <<= 1) {
        if ((algorithms & bit) != 0 && vc_alg_fits_key(bit, jwk)) {
            return true;
        }
    }

    return false;
}


static json_t *
vc_jwk_strip(const json_t *jwk)
{
    static const char *const names[] = {"kty", "kid", "use", "key_ops", "alg",
        "n", "e", "crv", "x", "y"};

    size_t  i;
    json_t *copy, *value;

    copy = json_object();

    for (i = 0; copy != NULL && i < sizeof(names) / sizeof(names[0]); i++) {
        value = json_object_get(jwk, names[i]);

        if (value != NULL && json_object_set(copy, names[i], value) != 0) {
            json_decref(copy);
            return NULL;
        }
    }

    return copy;
}


static vc_status_t
vc_jwks_select(const json_t *set, uint32_t algorithms, json_t **out)
{
    size_t  i;
    json_t *jwk, *keys;

    keys = json_array();
    if (keys == NULL) {
        return VC_NO_MEMORY;
    }

    json_array_foreach(set, i, jwk)
    {
        if (json_string_length(json_object_get(jwk, "kid")) == 0
            || !vc_jwk_is_usable(jwk, algorithms))
        {
            continue;
        }

        if (json_array_append_new(keys, vc_jwk_strip(jwk)) != 0) {
            json_decref(keys);
            return VC_NO_MEMORY;
        }
    }

    *out = keys;

    return VC_OK;
}


vc_status_t
vc_jwks_parse(vc_str_t text, uint32_t algorithms, json_t **out, vc_error_t *err)
{
    json_t      *document, *set;
    vc_status_t  status;
    json_error_t error;

    *out = NULL;

    document = (text.len > VC_JWKS_MAX)
                   ? NULL
                   : json_loadb((const char *) text.data, text.len,
                       JSON_REJECT_DUPLICATES, &error);
    set = json_object_get(document, "keys");

    if (!json_is_array(set)) {
        json_decref(document);
        return vc_fail(err, VC_INVALID,
            "The key set is not a JSON Web Key Set: it must be a JSON object "
            "of at most %u bytes with an array \"keys\".",
            VC_JWKS_MAX);
    }

    status = vc_jwks_select(set, algorithms, out);
    json_decref(document);

    if (status != VC_OK) {
        return vc_fail(err, status, "out of memory");
    }

    if (json_array_size(*out) == 0) {
        json_decref(*out);
        *out = NULL;
        return vc_fail(err, VC_INVALID,
            "The key set holds no usable key: one must have a \"kid\" and be "
            "RSA of 2048 bits or more, or EC on P-256 or P-384, as the "
            "authority's algorithms need it.");
    }

    return VC_OK;
}


json_t *
vc_jwks_find(const json_t *keys, vc_str_t kid)
{
    size_t  i;
    json_t *jwk, *id;

    json_array_foreach(keys, i, jwk)
    {
        id = json_object_get(jwk, "kid");

        if (json_string_length(id) == kid.len
            && memcmp(json_string_value(id), kid.data, kid.len) == 0)
        {
            return jwk;
        }
    }

    return NULL;
}


static bool
vc_host_is_loopback(const char *host)
{
    return strcmp(host, "127.0.0.1") == 0 || strcmp(host, "[::1]") == 0
           || strcasecmp(host, "localhost") == 0;
}


static bool
vc_url_part(CURLU *url, CURLUPart what, char **out)
{
    *out = NULL;

    return curl_url_get(url, what, out, 0) == CURLUE_OK;
}


/* RFC 3986 by curl's own parser, so that both see the same host */
static bool
vc_url_is_acceptable(CURLU *url)
{
    bool  good;
    char *scheme, *host, *user;

    if (vc_url_part(url, CURLUPART_USER, &user)) {
        curl_free(user);
        return false;
    }

    good = vc_url_part(url, CURLUPART_SCHEME, &scheme);
    good = vc_url_part(url, CURLUPART_HOST, &host) && good;

    good = good
           && (strcasecmp(scheme, "https") == 0
               || (strcasecmp(scheme, "http") == 0
                   && vc_host_is_loopback(host)));

    curl_free(scheme);
    curl_free(host);

    return good;
}


bool
vc_jwks_url_valid(const char *url)
{
    bool   good;
    CURLU *parsed;

    parsed = curl_url();
    if (parsed == NULL) {
        return false;
    }

    good = curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK
           && vc_url_is_acceptable(parsed);
    curl_url_cleanup(parsed);

    return good;
}


static void
vc_curl_init(void)
{
    (void) curl_global_init(CURL_GLOBAL_DEFAULT);
}


/* libcurl's callback: fewer bytes taken than given ends the transfer */
static size_t
vc_fetch_write(char *data, size_t size, size_t n, void *context)
{
    vc_buf_t *out;

    (void) size;
    out = context;

    if (n > VC_JWKS_MAX || out->len > VC_JWKS_MAX - n) {
        return 0;
    }

    vc_buf_put(out, data, n);

    return out->failed ? 0 : n;
}


static bool
vc_fetch_set_up(CURL *curl, const char *url, const char *ca_file, char *reason,
    vc_buf_t *out)
{
    CURLcode failed;

    /* CURLcode 0 is success, so the sum tells whether any call failed */
    failed = curl_easy_setopt(curl, CURLOPT_URL, url);
    failed |= curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
        strncasecmp(url, "http:", 5) == 0 ? "http" : "https");
    failed |= curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    failed |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    failed |= curl_easy_setopt(curl, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
    failed |= curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, VC_FETCH_TIMEOUT_MS);
    failed |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
        VC_CONNECT_TIMEOUT_MS);
    failed |= curl_easy_setopt(curl, CURLOPT_SSLVERSION,
        (long) CURL_SSLVERSION_TLSv1_2);
    failed |= curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long) VC_JWKS_MAX);
    failed |= curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, vc_fetch_write);
    failed |= curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
    failed |= curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);

    /* a proxy cannot reach our own loopback */
    if (strncasecmp(url, "http:", 5) == 0) {
        failed |= curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    }

    if (ca_file != NULL) {
        failed |= curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
    }

    return failed == CURLE_OK;
}


static vc_status_t
vc_fetch_run(CURL *curl, const char *url, const char *ca_file, vc_buf_t *out,
    vc_error_t *err)
{
    char     reason[CURL_ERROR_SIZE];
    long     http;
    CURLcode code;

    reason[0] = '\0';
    http = 0;

    if (!vc_fetch_set_up(curl, url, ca_file, reason, out)) {
        return vc_fail(err, VC_UNAVAILABLE,
            "The key set cannot be fetched: libcurl lacks an option.");
    }

    code = curl_easy_perform(curl);
    (void) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http);
    (void) curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);

    if (code != CURLE_OK) {
        return vc_fail(err, VC_UNAVAILABLE, "The key set at %s: %s.", url,
            reason[0] == '\0' ? curl_easy_strerror(code) : reason);
    }

    if (http != 200) {
        return vc_fail(err, VC_UNAVAILABLE,
            "The key set at %s: the answer's status is %ld, it must be 200.",
            url, http);
    }

    return VC_OK;
}


vc_status_t
vc_jwks_fetch(const char *url, const char *ca_file, vc_buf_t *out,
    vc_error_t *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    CURL       *curl;
    vc_status_t status;

    (void) pthread_once(&once, vc_curl_init);

    curl = curl_easy_init();
    if (curl == NULL) {
        return vc_fail(err, VC_UNAVAILABLE, "libcurl cannot be started.");
    }

    (void) ERR_set_mark();
    status = vc_fetch_run(curl, url, ca_file, out, err);
    curl_easy_cleanup(curl);
    (void) ERR_pop_to_mark();

    return status;
}
