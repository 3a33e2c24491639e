/*
 * Views of bytes, a growing buffer, a bounds-checked reader, and the text
 * forms of bytes that the product uses (hexadecimal, base64url, GUID).
 */

#ifndef VC_BASE_BYTES_H
#define VC_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/status.h"

/* a view: the bytes belong to somebody else; not NUL-terminated */
typedef struct {
    const uint8_t *data;
    size_t         len;
} vc_str_t;

#define VC_STR(literal)                                                        \
    ((vc_str_t){(const uint8_t *) (literal), sizeof(literal) - 1})
#define VC_STR_NULL ((vc_str_t){NULL, 0})
/* VC_STR() as an initializer of what is static */
#define VC_STR_INIT(literal)                                                   \
    {                                                                          \
        (const uint8_t *) (literal), sizeof(literal) - 1                       \
    }

/* for printf's "%.*s" */
#define VC_STR_ARG(s) (int) (s).len, (const char *) (s).data

vc_str_t vc_str(const char *text);

/* these two in the header: most that differ differ in length */
static inline bool
vc_str_eq(vc_str_t a, vc_str_t b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* ASCII letters compare without case; other bytes as they are */
bool vc_bytes_ieq(const uint8_t *a, const uint8_t *b, size_t len);

static inline bool
vc_str_ieq(vc_str_t a, vc_str_t b)
{
    return a.len == b.len
           && (a.len == 0 || vc_bytes_ieq(a.data, b.data, a.len));
}

bool vc_str_starts(vc_str_t s, vc_str_t prefix);
/* a NUL-terminated copy in the arena, NULL when out of memory */
char *vc_str_dup(vc_arena_t *arena, vc_str_t s);
/* a copy of the view in the arena; .data is NULL when out of memory */
vc_str_t vc_str_copy(vc_arena_t *arena, vc_str_t s);

/*
 * As much of s as fits into size bytes with a NUL, for a message: whatever is
 * not printable ASCII comes out as '?'.  Returns out.
 */
const char *vc_str_printable(vc_str_t s, char *out, size_t size);

/* decimal, all of s, no sign but '-', no blank; false if it does not fit */
bool vc_str_to_i64(vc_str_t s, int64_t *out);

bool vc_utf8_valid(vc_str_t s);

/* what a byte can be part of; ASCII only */
enum {
    VC_BYTE_DIGIT = 1U << 0,
    VC_BYTE_NAME = 1U << 1, /* of objects and vaults: letters, digits, '-' */
    VC_BYTE_HOST = 1U << 2, /* the same and '.' */
};

extern const uint8_t vc_byte_class[256];

/* whether all bytes of s are of a class; true for no bytes */
bool vc_str_is(vc_str_t s, unsigned class);

/* memset that the compiler may not drop */
void vc_wipe(void *p, size_t n);
/* equal in a time that depends on n only */
bool vc_equal_secret(const void *a, const void *b, size_t n);


/*
 * A growing buffer in an arena.  Appending never needs a check: the first
 * failure to grow sets `failed`, later appends do nothing, and the one check
 * stands where the buffer is used.
 */
typedef struct {
    vc_arena_t *arena;
    uint8_t    *data;
    size_t      len;
    size_t      cap;
    bool        failed;
} vc_buf_t;

void vc_buf_init(vc_buf_t *buf, vc_arena_t *arena, size_t capacity);
/* a buffer in the caller's memory: it does not grow, but fails */
void vc_buf_fixed(vc_buf_t *buf, void *memory, size_t capacity);
void vc_buf_i64(vc_buf_t *buf, int64_t value);
void vc_buf_printf(vc_buf_t *buf, const char *fmt, ...) VC_PRINTF(2, 3);
/* room for n bytes that the caller writes; len grows by n.  NULL on failure,
   and for no bytes in an empty buffer */
uint8_t *vc_buf_reserve(vc_buf_t *buf, size_t n);
vc_str_t vc_buf_view(const vc_buf_t *buf);

/* vc_buf_put() when there is no room yet, or no bytes */
void vc_buf_grow(vc_buf_t *buf, const void *data, size_t len);

/* in the header, so that appending a few bytes costs no call */
static inline void
vc_buf_put(vc_buf_t *buf, const void *data, size_t len)
{
    if (len == 0 || buf->failed || len > buf->cap - buf->len) {
        vc_buf_grow(buf, data, len);
        return;
    }

    memcpy(buf->data + buf->len, data, len);
    buf->len += len;
}

static inline void
vc_buf_str(vc_buf_t *buf, vc_str_t s)
{
    vc_buf_put(buf, s.data, s.len);
}

static inline void
vc_buf_text(vc_buf_t *buf, const char *text)
{
    vc_buf_put(buf, text, strlen(text));
}

/* a string literal, whose length the compiler knows */
#define vc_buf_literal(buf, literal)                                           \
    vc_buf_put(buf, literal, sizeof(literal) - 1)

/* integers in network order, and bytes behind a 32-bit length */
void vc_buf_u8(vc_buf_t *buf, uint8_t value);
void vc_buf_u32(vc_buf_t *buf, uint32_t value);
void vc_buf_u64(vc_buf_t *buf, uint64_t value);
void vc_buf_block(vc_buf_t *buf, vc_str_t s);


/*
 * Reads what the functions above wrote.  Each returns false, and leaves the
 * reader at its end, if the bytes are not there.
 */
typedef struct {
    const uint8_t *data;
    size_t         len;
    size_t         pos;
} vc_reader_t;

vc_reader_t vc_reader(vc_str_t s);
bool        vc_read_u8(vc_reader_t *r, uint8_t *out) VC_MUST_CHECK;
bool        vc_read_u32(vc_reader_t *r, uint32_t *out) VC_MUST_CHECK;
bool        vc_read_u64(vc_reader_t *r, uint64_t *out) VC_MUST_CHECK;
bool        vc_read_i64(vc_reader_t *r, int64_t *out) VC_MUST_CHECK;
bool vc_read_bytes(vc_reader_t *r, size_t n, vc_str_t *out) VC_MUST_CHECK;
bool vc_read_block(vc_reader_t *r, vc_str_t *out) VC_MUST_CHECK;
bool vc_read_done(const vc_reader_t *r);

static inline void
vc_store_be32(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t) (v >> 24);
    p[1] = (uint8_t) (v >> 16);
    p[2] = (uint8_t) (v >> 8);
    p[3] = (uint8_t) v;
}

static inline void
vc_store_be64(uint8_t *p, uint64_t v)
{
    vc_store_be32(p, (uint32_t) (v >> 32));
    vc_store_be32(p + 4, (uint32_t) v);
}

static inline uint32_t
vc_load_be32(const uint8_t *p)
{
    return ((uint32_t) p[0] << 24) | ((uint32_t) p[1] << 16)
           | ((uint32_t) p[2] << 8) | (uint32_t) p[3];
}

static inline uint64_t
vc_load_be64(const uint8_t *p)
{
    return ((uint64_t) vc_load_be32(p) << 32) | vc_load_be32(p + 4);
}


#define VC_GUID_LEN 36 /* 8-4-4-4-12, dashed lower-case hexadecimal */

/* writes 2 * n lower-case digits, no NUL */
void vc_hex_encode(char *out, const uint8_t *bytes, size_t n);
/* exactly n bytes from 2 * n digits of either case */
bool vc_hex_decode(uint8_t *out, size_t n, vc_str_t text);
/* RFC 4648 section 5 without padding */
void vc_base64url_encode(vc_buf_t *out, vc_str_t bytes);
/*
 * Decodes into the arena.  Accepts trailing '=' only where they are due;
 * refuses foreign characters and non-zero spare bits.
 */
bool vc_base64url_decode(vc_arena_t *arena, vc_str_t text, vc_str_t *out);
/* 16 bytes as a GUID of VC_GUID_LEN characters, no NUL */
void vc_guid_encode(char *out, const uint8_t bytes[16]);
bool vc_guid_valid(vc_str_t text);

/*
 * Appends text as the inside of a JSON string (RFC 8259 section 7): quotes,
 * backslashes and controls escaped, the rest of UTF-8 as it is.
 */
void vc_json_escape(vc_buf_t *out, vc_str_t text);
/* the same with quotes around */
void vc_json_string(vc_buf_t *out, vc_str_t text);
/* whether text is ASCII in which nothing is to be escaped */
bool vc_json_plain(vc_str_t text);

#endif /* VC_BASE_BYTES_H */
