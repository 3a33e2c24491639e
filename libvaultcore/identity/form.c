#include "identity/form.h"

#include <string.h>


/* everything before the first `end`, which is taken off *rest as well */
static vc_str_t
vc_form_take(vc_str_t *rest, uint8_t end)
{
    vc_str_t       part;
    const uint8_t *p;

    p = (rest->len == 0) ? NULL : memchr(rest->data, end, rest->len);
    part = *rest;

    if (p == NULL) {
        *rest = VC_STR_NULL;
        return part;
    }

    part.len = (size_t) (p - part.data);
    rest->data = p + 1;
    rest->len -= part.len + 1;

    return part;
}


static vc_status_t
vc_form_decode(vc_arena_t *arena, vc_str_t text, vc_str_t *out)
{
    size_t   i;
    uint8_t *p, *start;

    start = vc_arena_alloc(arena, text.len + 1);
    if (start == NULL) {
        return VC_NO_MEMORY;
    }

    p = start;

    for (i = 0; i < text.len; i++, p++) {
        *p = (text.data[i] == '+') ? ' ' : text.data[i];

        if (text.data[i] != '%') {
            continue;
        }

        if (text.len - i < 3
            || !vc_hex_decode(p, 1, (vc_str_t){text.data + i + 1, 2})) {
            return VC_INVALID;
        }

        i += 2;
    }

    *p = '\0';
    *out = (vc_str_t){start, (size_t) (p - start)};

    return (vc_utf8_valid(*out) && memchr(start, '\0', out->len) == NULL)
               ? VC_OK
               : VC_INVALID;
}


static vc_status_t
vc_form_add(vc_arena_t *arena, vc_form_t *form, vc_str_t pair)
{
    vc_str_t         name;
    vc_status_t      status;
    vc_form_field_t *field;

    if (form->count == VC_FORM_FIELDS_MAX) {
        return VC_INVALID;
    }

    field = &form->fields[form->count++];
    name = vc_form_take(&pair, '=');

    status = vc_form_decode(arena, name, &field->name);

    return (status == VC_OK) ? vc_form_decode(arena, pair, &field->value)
                             : status;
}


vc_status_t
vc_form_parse(vc_arena_t *arena, vc_str_t body, vc_form_t *out)
{
    vc_str_t    pair;
    vc_status_t status;

    out->count = 0;

    if (body.len > VC_FORM_BYTES_MAX) {
        return VC_INVALID;
    }

    while (body.len != 0) {
        pair = vc_form_take(&body, '&');
        if (pair.len == 0) {
            continue;
        }

        status = vc_form_add(arena, out, pair);
        if (status != VC_OK) {
            return status;
        }
    }

    return VC_OK;
}


vc_status_t
vc_form_get(const vc_form_t *form, const char *name, vc_str_t *out)
{
    bool   found;
    size_t i;

    found = false;
    *out = VC_STR_NULL;

    for (i = 0; i < form->count; i++) {
        if (!vc_str_eq(form->fields[i].name, vc_str(name))) {
            continue;
        }

        if (found) {
            return VC_INVALID;
        }

        found = true;
        *out = form->fields[i].value;
    }

    return (out->len == 0) ? VC_NOT_FOUND : VC_OK;
}
