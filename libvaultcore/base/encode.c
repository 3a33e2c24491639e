/* the text forms of bytes that bytes.h declares */

#include "base/bytes.h"

#include <string.h>

static const char vc_digits[] = "0123456789abcdef";
static const char vc_base64url_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";


void
vc_hex_encode(char *out, const uint8_t *bytes, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        out[2 * i] = vc_digits[bytes[i] >> 4];
        out[2 * i + 1] = vc_digits[bytes[i] & 15];
    }
}


static int
vc_hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}


bool
vc_hex_decode(uint8_t *out, size_t n, vc_str_t text)
{
    int    high, low;
    size_t i;

    if (text.len != 2 * n) {
        return false;
    }

    for (i = 0; i < n; i++) {
        high = vc_hex_value(text.data[2 * i]);
        low = vc_hex_value(text.data[2 * i + 1]);

        if (high < 0 || low < 0) {
            return false;
        }

        out[i] = (uint8_t) (high << 4 | low);
    }

    return true;
}


void
vc_base64url_encode(vc_buf_t *out, vc_str_t bytes)
{
    size_t         i, left;
    uint8_t       *q;
    uint32_t       group;
    const uint8_t *p;

    left = bytes.len % 3;
    q = vc_buf_reserve(out, bytes.len / 3 * 4 + (left == 0 ? 0 : left + 1));
    if (q == NULL) {
        return;
    }

    p = bytes.data;

    for (i = 0; i + 3 <= bytes.len; i += 3) {
        group = (uint32_t) p[i] << 16 | (uint32_t) p[i + 1] << 8 | p[i + 2];
        *q++ = (uint8_t) vc_base64url_alphabet[group >> 18];
        *q++ = (uint8_t) vc_base64url_alphabet[(group >> 12) & 63];
        *q++ = (uint8_t) vc_base64url_alphabet[(group >> 6) & 63];
        *q++ = (uint8_t) vc_base64url_alphabet[group & 63];
    }

    if (left != 0) {
        group = (uint32_t) p[i] << 16;
        if (left == 2) {
            group |= (uint32_t) p[i + 1] << 8;
        }

        *q++ = (uint8_t) vc_base64url_alphabet[group >> 18];
        *q++ = (uint8_t) vc_base64url_alphabet[(group >> 12) & 63];
        if (left == 2) {
            *q++ = (uint8_t) vc_base64url_alphabet[(group >> 6) & 63];
        }
    }
}


static int
vc_base64url_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }

    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }

    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }

    return (c == '-') ? 62 : (c == '_') ? 63 : -1;
}


bool
vc_base64url_decode(vc_arena_t *arena, vc_str_t text, vc_str_t *out)
{
    int      value;
    size_t   i, n, padding;
    uint8_t *q;
    unsigned bits;
    uint32_t group;

    n = text.len;

    for (padding = 0; n > 0 && text.data[n - 1] == '='; n--) {
        padding++;
    }

    if (n % 4 == 1 || (padding != 0 && (padding > 2 || (n + padding) % 4 != 0)))
    {
        return false;
    }

    q = vc_arena_alloc(arena, n / 4 * 3 + 3);
    if (q == NULL) {
        return false;
    }

    out->data = q;
    group = 0;
    bits = 0;

    for (i = 0; i < n; i++) {
        value = vc_base64url_value(text.data[i]);
        if (value < 0) {
            return false;
        }

        group = (group << 6) | (uint32_t) value;
        bits += 6;

        if (bits >= 8) {
            bits -= 8;
            *q++ = (uint8_t) (group >> bits);
            group &= (1U << bits) - 1;
        }
    }

    out->len = (size_t) (q - out->data);

    return group == 0;
}


void
vc_guid_encode(char *out, const uint8_t bytes[16])
{
    static const uint8_t groups[] = {4, 2, 2, 2, 6};

    size_t i;

    for (i = 0; i < sizeof(groups); i++) {
        if (i != 0) {
            *out++ = '-';
        }

        vc_hex_encode(out, bytes, groups[i]);
        out += 2 * groups[i];
        bytes += groups[i];
    }
}


bool
vc_guid_valid(vc_str_t text)
{
    size_t i;

    if (text.len != VC_GUID_LEN) {
        return false;
    }

    for (i = 0; i < text.len; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text.data[i] != '-') {
                return false;
            }

        } else if (vc_hex_value(text.data[i]) < 0) {
            return false;
        }
    }

    return true;
}


/* whether any of eight bytes needs an escape: below 0x20, '"' or '\\' */
static bool
vc_json_special(const uint8_t *p)
{
    const uint64_t ones = 0x0101010101010101U, high = ones * 0x80;

    uint64_t word, quote, backslash, found;

    memcpy(&word, p, sizeof(word));
    quote = word ^ (ones * '"');
    backslash = word ^ (ones * '\\');

    /* in each of the three a borrow reaches the high bit of a byte that is
       less than what is taken from it */
    found = (word - ones * 0x20) & ~word;
    found |= (quote - ones) & ~quote;
    found |= (backslash - ones) & ~backslash;

    return (found & high) != 0;
}


/* sixteen bytes at a time, in a vector register where there is one */
typedef int8_t vc_block_t __attribute__((vector_size(16)));


static bool
vc_json_plain_block(const uint8_t *p)
{
    uint64_t   found[2];
    vc_block_t block, special;

    memcpy(&block, p, sizeof(block));

    /* signed: what is not ASCII lies below the blank, too */
    special = (vc_block_t) ((block < 0x20) | (block == '"') | (block == '\\'));
    memcpy(found, &special, sizeof(found));

    return (found[0] | found[1]) == 0;
}


bool
vc_json_plain(vc_str_t text)
{
    size_t  i;
    uint8_t last[sizeof(vc_block_t)];

    for (i = 0; text.len - i >= sizeof(vc_block_t); i += sizeof(vc_block_t)) {
        if (!vc_json_plain_block(text.data + i)) {
            return false;
        }
    }

    if (i == text.len) {
        return true;
    }

    memset(last, ' ', sizeof(last));
    memcpy(last, text.data + i, text.len - i);

    return vc_json_plain_block(last);
}


void
vc_json_escape(vc_buf_t *out, vc_str_t text)
{
    char   escape[6] = {'\\', 'u', '0', '0', 0, 0};
    size_t i, start;

    start = 0;

    for (i = 0; i < text.len; i++) {
        uint8_t c;

        while (text.len - i > 8 && !vc_json_special(text.data + i)) {
            i += 8;
        }

        c = text.data[i];

        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }

        vc_buf_put(out, text.data + start, i - start);
        start = i + 1;

        switch (c) {
        case '"':
            vc_buf_text(out, "\\\"");
            break;
        case '\\':
            vc_buf_text(out, "\\\\");
            break;
        case '\n':
            vc_buf_text(out, "\\n");
            break;
        case '\r':
            vc_buf_text(out, "\\r");
            break;
        case '\t':
            vc_buf_text(out, "\\t");
            break;
        default:
            vc_hex_encode(escape + 4, &c, 1);
            vc_buf_put(out, escape, sizeof(escape));
            break;
        }
    }

    /* nothing may have no address, to which nothing can be added */
    if (start < text.len) {
        vc_buf_put(out, text.data + start, text.len - start);
    }
}


void
vc_json_string(vc_buf_t *out, vc_str_t text)
{
    vc_buf_text(out, "\"");
    vc_json_escape(out, text);
    vc_buf_text(out, "\"");
}
