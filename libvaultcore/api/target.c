#include "api/target.h"

#include <string.h>


static int
vc_hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}


bool
vc_target_is_encoded(vc_str_t text, bool query)
{
    return memchr(text.data, '%', text.len) != NULL
           || (query && memchr(text.data, '+', text.len) != NULL);
}


vc_str_t
vc_target_decode(vc_arena_t *arena, vc_str_t text, bool query)
{
    int      high, low;
    size_t   i, n;
    uint8_t *p;

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


void
vc_target_encode(vc_buf_t *out, vc_str_t text)
{
    size_t  i;
    uint8_t c;

    for (i = 0; i < text.len; i++) {
        c = text.data[i];

        if ((vc_byte_class[c] & VC_BYTE_HOST) != 0 || c == '_' || c == '~') {
            vc_buf_u8(out, c);

        } else {
            vc_buf_printf(out, "%%%02X", c);
        }
    }
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


/* the name in a URL of the configuration, without scheme, port and path */
static vc_str_t
vc_target_url_host(vc_str_t url)
{
    size_t         i;
    const uint8_t *colon;

    colon = memchr(url.data, ':', url.len);

    if (colon != NULL
        && vc_str_starts((vc_str_t){colon,
                             url.len - (size_t) (colon - url.data)},
            VC_STR("://")))
    {
        url.len -= (size_t) (colon + 3 - url.data);
        url.data = colon + 3;
    }

    for (i = 0; i < url.len; i++) {
        if ((vc_byte_class[url.data[i]] & VC_BYTE_HOST) == 0) {
            break;
        }
    }

    return (vc_str_t){url.data, i};
}


/*
 * The name in a Host header.  The header is repeated in ids, so nothing may
 * stand in it that is not a name and a port; nginx lets more through.
 */
static bool
vc_target_host(vc_str_t host, vc_str_t *name)
{
    vc_str_t port;

    port = host;
    *name = vc_target_split(&port, ':');

    return vc_str_is(*name, VC_BYTE_HOST) && vc_str_is(port, VC_BYTE_DIGIT);
}


vc_str_t
vc_target_vault(const vc_request_t *request)
{
    size_t   label;
    vc_str_t domain, host;

    domain = vc_target_url_host(request->resource);

    if (!vc_target_host(request->host, &host) || host.len <= domain.len + 1
        || domain.len == 0)
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
