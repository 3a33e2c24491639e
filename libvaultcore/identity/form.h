/* application/x-www-form-urlencoded bodies (WHATWG URL, section 5). */

#ifndef VC_IDENTITY_FORM_H
#define VC_IDENTITY_FORM_H

#include "base/bytes.h"

#define VC_FORM_BYTES_MAX 65536
#define VC_FORM_FIELDS_MAX 64

typedef struct {
    vc_str_t name;
    vc_str_t value;
} vc_form_field_t;

typedef struct {
    size_t          count;
    vc_form_field_t fields[VC_FORM_FIELDS_MAX];
} vc_form_t;

/*
 * Decoded into the arena.  VC_INVALID: too long, too many fields, a '%'
 * without two hexadecimal digits, no UTF-8, or a NUL.  VC_NO_MEMORY.
 */
vc_status_t vc_form_parse(vc_arena_t *arena, vc_str_t body, vc_form_t *out)
    VC_MUST_CHECK;

/* VC_OK; VC_NOT_FOUND (also when empty); VC_INVALID if it is there twice */
vc_status_t vc_form_get(const vc_form_t *form, const char *name, vc_str_t *out)
    VC_MUST_CHECK;

#endif /* VC_IDENTITY_FORM_H */
