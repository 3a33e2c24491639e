/*
 * $filter of the management plane's lists, as far as clients use it: terms of
 * the forms  name eq 'value',  name()  and  name('value'),  joined by "and".
 */

#ifndef VC_API_ARM_FILTER_H
#define VC_API_ARM_FILTER_H

#include "base/bytes.h"

#define VC_FILTER_TERMS_MAX 4

typedef struct {
    vc_str_t name;     /* as it was written; compare without case */
    vc_str_t value;    /* without its quotes; .data NULL: none was given */
    bool     function; /* name() or name('value'), else name eq 'value' */
} vc_filter_term_t;

typedef struct {
    vc_filter_term_t terms[VC_FILTER_TERMS_MAX];
    size_t           count;
} vc_filter_t;

/*
 * Empty text: no terms.  Values lie in the arena.  VC_ARM_BAD_FILTER: it is of
 * another form, or has more terms; VC_NO_MEMORY.
 */
vc_status_t vc_filter_parse(vc_arena_t *arena, vc_str_t text, vc_filter_t *out,
    vc_error_t *err) VC_MUST_CHECK;

/* whether the term is "name eq …", or the function of that name */
bool vc_filter_compares(const vc_filter_term_t *term, const char *name);
bool vc_filter_calls(const vc_filter_term_t *term, const char *name);

/* VC_ARM_BAD_FILTER: the list knows no such term; known says which it does */
vc_status_t vc_filter_refuse(const vc_filter_term_t *term, const char *known,
    vc_error_t *err);

#endif /* VC_API_ARM_FILTER_H */
