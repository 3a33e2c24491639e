#include "api/arm_filter.h"


static vc_status_t
vc_filter_malformed(vc_str_t text, vc_error_t *err)
{
    char shown[128];

    return vc_fail(err, VC_ARM_BAD_FILTER,
        "The query parameter $filter is invalid: \"%s\". It must be at most "
        "%d terms like name eq 'value', name() or name('value'), joined by "
        "and.",
        vc_str_printable(text, shown, sizeof(shown)), VC_FILTER_TERMS_MAX);
}


static void
vc_filter_skip(vc_str_t *text, size_t n)
{
    text->data += n;
    text->len -= n;
}


static void
vc_filter_skip_blanks(vc_str_t *text)
{
    while (text->len > 0 && text->data[0] == ' ') {
        vc_filter_skip(text, 1);
    }
}


static bool
vc_filter_is_word(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '/';
}


static vc_str_t
vc_filter_word(vc_str_t *text)
{
    vc_str_t word;

    vc_filter_skip_blanks(text);
    word = (vc_str_t){text->data, 0};

    while (word.len < text->len && vc_filter_is_word(text->data[word.len])) {
        word.len++;
    }

    vc_filter_skip(text, word.len);

    return word;
}


static bool
vc_filter_take(vc_str_t *text, uint8_t wanted)
{
    vc_filter_skip_blanks(text);

    if (text->len == 0 || text->data[0] != wanted) {
        return false;
    }

    vc_filter_skip(text, 1);

    return true;
}


/* 'value', in which a quote is written twice; .data NULL: it does not end */
static bool
vc_filter_quoted(vc_str_t *text, vc_buf_t *value)
{
    uint8_t c;

    if (!vc_filter_take(text, '\'')) {
        return false;
    }

    while (text->len > 0) {
        c = text->data[0];
        vc_filter_skip(text, 1);

        if (c == '\'' && (text->len == 0 || text->data[0] != '\'')) {
            return true;
        }

        if (c == '\'') {
            vc_filter_skip(text, 1);
        }

        vc_buf_u8(value, c);
    }

    return false;
}


static bool
vc_filter_term(vc_str_t *text, vc_buf_t *value, vc_filter_term_t *term)
{
    bool given;

    term->name = vc_filter_word(text);
    term->function = vc_filter_take(text, '(');
    given = true;

    if (term->name.len == 0) {
        return false;
    }

    if (!term->function) {
        if (!vc_str_ieq(vc_filter_word(text), VC_STR("eq"))
            || !vc_filter_quoted(text, value))
        {
            return false;
        }

    } else if (vc_filter_take(text, ')')) {
        given = false;

    } else if (!vc_filter_quoted(text, value) || !vc_filter_take(text, ')')) {
        return false;
    }

    term->value = given ? vc_buf_view(value) : VC_STR_NULL;

    return true;
}


vc_status_t
vc_filter_parse(vc_arena_t *arena, vc_str_t text, vc_filter_t *out,
    vc_error_t *err)
{
    vc_buf_t value;
    vc_str_t rest;

    out->count = 0;
    rest = text;
    vc_filter_skip_blanks(&rest);

    while (rest.len > 0) {
        vc_buf_init(&value, arena, 1 + rest.len);

        if (out->count == VC_FILTER_TERMS_MAX
            || !vc_filter_term(&rest, &value, &out->terms[out->count]))
        {
            return vc_filter_malformed(text, err);
        }

        if (value.failed) {
            return VC_NO_MEMORY;
        }

        out->count++;
        vc_filter_skip_blanks(&rest);

        /* "and" is followed by a term */
        if (rest.len > 0
            && (!vc_str_ieq(vc_filter_word(&rest), VC_STR("and"))
                || rest.len == 0))
        {
            return vc_filter_malformed(text, err);
        }
    }

    return VC_OK;
}


bool
vc_filter_compares(const vc_filter_term_t *term, const char *name)
{
    return !term->function && vc_str_ieq(term->name, vc_str(name));
}


bool
vc_filter_calls(const vc_filter_term_t *term, const char *name)
{
    return term->function && vc_str_ieq(term->name, vc_str(name));
}


vc_status_t
vc_filter_refuse(const vc_filter_term_t *term, const char *known,
    vc_error_t *err)
{
    char shown[64];

    return vc_fail(err, VC_ARM_BAD_FILTER,
        "The query parameter $filter is invalid: this list cannot be filtered "
        "by %s%s. What it can be filtered by: %s.",
        vc_str_printable(term->name, shown, sizeof(shown)),
        term->function ? "()" : "", known);
}
