#include "api/target.h"

#include <string.h>

#include "objects/object.h"


static int
vc_hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}


vc_str_t
vc_target_decode(vc_arena_t *arena, vc_str_t text, bool query)
{
    int      high, low;
    size_t   i, n;
    uint8_t *p;

    if (memchr(text.data, '%', text.len) == NULL
        && (!query || memchr(text.data, '+', text.len) == NULL))
    {
        return text;
    }

    p = vc_arena_alloc(arena, text.len);
    if (p == NULL) {
        return VC_STR_NULL;
    }

    for (i = 0, n = 0; i < text.len; i++, n++) {
        p[n] = text.data[i];

        if (query && p[n] == '+') {
            p[n] = ' ';
        }

        if (p[n] != '%' || text.len - i < 3) {
            continue;
        }

        high = vc_hex_digit(text.data[i + 1]);
        low = vc_hex_digit(text.data[i + 2]);

        if (high >= 0 && low >= 0) {
            p[n] = (uint8_t) (high << 4 | low);
            i += 2;
        }
    }

    return (vc_str_t){p, n};
}


vc_str_t
vc_target_split(vc_str_t *rest, char separator)
{
    vc_str_t       head;
    const uint8_t *end;

    head = *rest;
    end = memchr(rest->data, separator, rest->len);

    if (end == NULL) {
        *rest = (vc_str_t){rest->data + rest->len, 0};
        return head;
    }

    head.len = (size_t) (end - rest->data);
    rest->data += head.len + 1;
    rest->len -= head.len + 1;

    return head;
}


/* a URL's or a Host header's name, without scheme, port and path */
static vc_str_t
vc_target_host(vc_str_t s)
{
    size_t i;

    for (i = 0; i + 2 < s.len; i++) {
        if (memcmp(s.data + i, "://", 3) == 0) {
            s.data += i + 3;
            s.len -= i + 3;
            break;
        }
    }

    for (i = 0; i < s.len; i++) {
        if (s.data[i] == ':' || s.data[i] == '/') {
            s.len = i;
        }
    }

    return s;
}


/*
 * The host is repeated in ids, so nothing may stand in it that is not a name
 * and a port; nginx lets more through.
 */
static bool
vc_target_host_valid(vc_str_t host)
{
    size_t   i;
    vc_str_t name, port;

    port = host;
    name = vc_target_split(&port, ':');

    for (i = 0; i < name.len; i++) {
        if (memchr("-.", name.data[i], 2) == NULL
            && !vc_object_name_valid((vc_str_t){name.data + i, 1}))
        {
            return false;
        }
    }

    for (i = 0; i < port.len; i++) {
        if (port.data[i] < '0' || port.data[i] > '9') {
            return false;
        }
    }

    return true;
}


vc_str_t
vc_target_vault(const vc_request_t *request)
{
    size_t   label;
    vc_str_t domain, host;

    host = vc_target_host(request->host);
    domain = vc_target_host(request->resource);

    if (host.len <= domain.len + 1 || domain.len == 0
        || !vc_target_host_valid(request->host))
    {
        return VC_STR_NULL;
    }

    label = host.len - domain.len - 1;

    if (host.data[label] != '.'
        || !vc_str_ieq((vc_str_t){host.data + label + 1, domain.len}, domain))
    {
        return VC_STR_NULL;
    }

    return (vc_str_t){host.data, label};
}
