/*
 * Bodies of which a few members count, all of them text: what keys compute
 * with.  Such a request is often shorter than what the JSON library allocates
 * for it, so the plain ones are read where they lie.
 */

#ifndef VC_API_JSON_TEXTS_H
#define VC_API_JSON_TEXTS_H

#include "base/bytes.h"

/* a member, by its name; null is as good as none (vc_json_member()) */
typedef struct {
    const char *name;
    bool        given;
    vc_str_t    value; /* good like the body; .data NULL: it is no text */
} vc_text_t;

/*
 * Fills in the members of a body that is a JSON object with plain strings only:
 * printable ASCII, nothing escaped, at most eight members and none twice.
 * false: it is not, whether it is right or wrong, and what was filled in means
 * nothing.
 */
bool vc_texts_plain(vc_str_t body, vc_text_t *texts, size_t count);

#endif /* VC_API_JSON_TEXTS_H */
