#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>


vc_str_t
vc_str(const char *text)
{
    return (vc_str_t){(const uint8_t *) text, text == NULL ? 0 : strlen(text)};
}


static uint8_t
vc_lower(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') ? (uint8_t) (c | 0x20) : c;
}


bool
vc_bytes_ieq(const uint8_t *a, const uint8_t *b, size_t len)
{
    size_t i;

    /* most that are equal are equal to the letter */
    if (memcmp(a, b, len) == 0) {
        return true;
    }

    for (i = 0; i < len; i++) {
        if (vc_lower(a[i]) != vc_lower(b[i])) {
            return false;
        }
    }

    return true;
}


bool
vc_str_starts(vc_str_t s, vc_str_t prefix)
{
    return s.len >= prefix.len
           && (prefix.len == 0 || memcmp(s.data, prefix.data, prefix.len) == 0);
}


#define VC_NAME (VC_BYTE_NAME | VC_BYTE_HOST)

const uint8_t vc_byte_class[256] = {
    ['0' ... '9'] = VC_NAME | VC_BYTE_DIGIT,
    ['A' ... 'Z'] = VC_NAME,
    ['a' ... 'z'] = VC_NAME,
    ['-'] = VC_NAME,
    ['.'] = VC_BYTE_HOST,
};


bool
vc_str_is(vc_str_t s, unsigned class)
{
    size_t   i;
    unsigned common;

    common = class;

    for (i = 0; i < s.len; i++) {
        common &= vc_byte_class[s.data[i]];
    }

    return common != 0;
}


char *
vc_str_dup(vc_arena_t *arena, vc_str_t s)
{
    char *p;

    p = vc_arena_alloc(arena, s.len + 1);
    if (p == NULL) {
        return NULL;
    }

    if (s.len != 0) {
        memcpy(p, s.data, s.len);
    }

    p[s.len] = '\0';

    return p;
}


vc_str_t
vc_str_copy(vc_arena_t *arena, vc_str_t s)
{
    char *p;

    p = vc_str_dup(arena, s);

    return (vc_str_t){(const uint8_t *) p, p == NULL ? 0 : s.len};
}


const char *
vc_str_printable(vc_str_t s, char *out, size_t size)
{
    size_t i;

    for (i = 0; i < s.len && i + 1 < size; i++) {
        out[i] = (char) ((s.data[i] >= 0x20 && s.data[i] < 0x7f) ? s.data[i]
                                                                 : '?');
    }

    out[i] = '\0';

    return out;
}


bool
vc_str_to_i64(vc_str_t s, int64_t *out)
{
    bool    negative;
    size_t  i;
    int64_t value;

    negative = s.len > 0 && s.data[0] == '-';
    i = negative ? 1 : 0;

    if (i == s.len) {
        return false;
    }

    for (value = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9') {
            return false;
        }

        /* gathered below zero, where the type reaches one further */
        if (__builtin_mul_overflow(value, 10, &value)
            || __builtin_sub_overflow(value, s.data[i] - '0', &value))
        {
            return false;
        }
    }

    if (!negative && value == INT64_MIN) {
        return false;
    }

    *out = negative ? value : -value;

    return true;
}


void
vc_wipe(void *p, size_t n)
{
    /* several times as fast as OPENSSL_cleanse() on more than a few words */
    explicit_bzero(p, n);
}


bool
vc_equal_secret(const void *a, const void *b, size_t n)
{
    return CRYPTO_memcmp(a, b, n) == 0;
}


void
vc_buf_init(vc_buf_t *buf, vc_arena_t *arena, size_t capacity)
{
    buf->arena = arena;
    buf->len = 0;
    buf->cap = capacity;
    buf->data = (capacity == 0) ? NULL : vc_arena_alloc(arena, capacity);
    buf->failed = (capacity != 0 && buf->data == NULL);

    if (buf->failed) {
        buf->cap = 0;
    }
}


void
vc_buf_fixed(vc_buf_t *buf, void *memory, size_t capacity)
{
    buf->arena = NULL;
    buf->data = memory;
    buf->len = 0;
    buf->cap = capacity;
    buf->failed = false;
}


uint8_t *
vc_buf_reserve(vc_buf_t *buf, size_t n)
{
    size_t   cap;
    uint8_t *data;

    if (buf->failed || n == 0) {
        return NULL;
    }

    if (buf->cap - buf->len < n) {
        if (buf->arena == NULL || n > SIZE_MAX / 8 || buf->cap > SIZE_MAX / 8) {
            buf->failed = true;
            return NULL;
        }

        cap = buf->cap * 2;
        if (cap < buf->len + n) {
            cap = buf->len + n;
        }

        if (cap < 64) {
            cap = 64;
        }

        data = vc_arena_alloc(buf->arena, cap);
        if (data == NULL) {
            buf->failed = true;
            return NULL;
        }

        if (buf->len != 0) {
            memcpy(data, buf->data, buf->len);
        }

        buf->data = data;
        buf->cap = cap;
    }

    buf->len += n;

    return buf->data + buf->len - n;
}


void
vc_buf_grow(vc_buf_t *buf, const void *data, size_t len)
{
    uint8_t *p;

    if (len == 0) {
        return;
    }

    p = vc_buf_reserve(buf, len);
    if (p != NULL) {
        memcpy(p, data, len);
    }
}


void
vc_buf_i64(vc_buf_t *buf, int64_t value)
{
    char     digits[24];
    char    *p;
    uint64_t left;

    p = digits + sizeof(digits);
    left = (value < 0) ? 0 - (uint64_t) value : (uint64_t) value;

    do {
        *--p = (char) ('0' + left % 10);
        left /= 10;
    } while (left != 0);

    if (value < 0) {
        *--p = '-';
    }

    vc_buf_put(buf, p, (size_t) (digits + sizeof(digits) - p));
}


void
vc_buf_printf(vc_buf_t *buf, const char *fmt, ...)
{
    int      n;
    va_list  args;
    uint8_t *p;

    va_start(args, fmt);
    n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);

    if (n < 0) {
        buf->failed = true;
        return;
    }

    /* one byte more for vsnprintf's NUL, taken back at once */
    p = vc_buf_reserve(buf, (size_t) n + 1);
    if (p == NULL) {
        return;
    }

    va_start(args, fmt);
    (void) vsnprintf((char *) p, (size_t) n + 1, fmt, args);
    va_end(args);

    buf->len--;
}


vc_str_t
vc_buf_view(const vc_buf_t *buf)
{
    return (vc_str_t){buf->data, buf->len};
}


void
vc_buf_u8(vc_buf_t *buf, uint8_t value)
{
    vc_buf_put(buf, &value, 1);
}


void
vc_buf_u32(vc_buf_t *buf, uint32_t value)
{
    uint8_t bytes[4];

    vc_store_be32(bytes, value);
    vc_buf_put(buf, bytes, sizeof(bytes));
}


void
vc_buf_u64(vc_buf_t *buf, uint64_t value)
{
    uint8_t bytes[8];

    vc_store_be64(bytes, value);
    vc_buf_put(buf, bytes, sizeof(bytes));
}


void
vc_buf_block(vc_buf_t *buf, vc_str_t s)
{
    if (s.len > UINT32_MAX) {
        buf->failed = true;
        return;
    }

    vc_buf_u32(buf, (uint32_t) s.len);
    vc_buf_str(buf, s);
}


vc_reader_t
vc_reader(vc_str_t s)
{
    return (vc_reader_t){s.data, s.len, 0};
}


bool
vc_read_bytes(vc_reader_t *r, size_t n, vc_str_t *out)
{
    if (r->len - r->pos < n) {
        r->pos = r->len;
        return false;
    }

    out->data = r->data + r->pos;
    out->len = n;
    r->pos += n;

    return true;
}


bool
vc_read_u8(vc_reader_t *r, uint8_t *out)
{
    vc_str_t s;

    if (!vc_read_bytes(r, 1, &s)) {
        return false;
    }

    *out = s.data[0];

    return true;
}


bool
vc_read_u32(vc_reader_t *r, uint32_t *out)
{
    vc_str_t s;

    if (!vc_read_bytes(r, 4, &s)) {
        return false;
    }

    *out = vc_load_be32(s.data);

    return true;
}


bool
vc_read_u64(vc_reader_t *r, uint64_t *out)
{
    vc_str_t s;

    if (!vc_read_bytes(r, 8, &s)) {
        return false;
    }

    *out = vc_load_be64(s.data);

    return true;
}


bool
vc_read_i64(vc_reader_t *r, int64_t *out)
{
    uint64_t value;

    if (!vc_read_u64(r, &value)) {
        return false;
    }

    *out = (int64_t) value;

    return true;
}


bool
vc_read_block(vc_reader_t *r, vc_str_t *out)
{
    uint32_t len;

    return vc_read_u32(r, &len) && vc_read_bytes(r, len, out);
}


bool
vc_read_done(const vc_reader_t *r)
{
    return r->pos == r->len;
}
