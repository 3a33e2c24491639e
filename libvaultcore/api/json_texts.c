/*
 * What is not plain (escapes, letters beyond ASCII, other values, mistakes) the
 * JSON library reads, and says what is wrong with it.  Both give the same, see
 * fuzz_texts.c.
 */

#include "api/json_texts.h"

#include "api/call.h"
#include "api/object_body.h"

/* of a plain body: all of them are compared to find one that is there twice */
#define VC_PLAIN_MEMBERS_MAX 8

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
} vc_scan_t;


static void
vc_texts_clear(vc_text_t *texts, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        texts[i].given = false;
        texts[i].value = VC_STR_NULL;
    }
}


/* --- plain bodies ----------------------------------------------------------------- */

static void
vc_scan_space(vc_scan_t *scan)
{
    while (scan->at < scan->end
           && (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r'
               || *scan->at == '\t'))
    {
        scan->at++;
    }
}


/* takes a character, and the space on both sides of it, if it is next */
static bool
vc_scan_mark(vc_scan_t *scan, uint8_t mark)
{
    vc_scan_space(scan);

    if (scan->at == scan->end || *scan->at != mark) {
        return false;
    }

    scan->at++;
    vc_scan_space(scan);

    return true;
}


/* a string of printable ASCII that stands for itself */
static bool
vc_scan_text(vc_scan_t *scan, vc_str_t *out)
{
    const uint8_t *start, *at;

    if (scan->at == scan->end || *scan->at != '"') {
        return false;
    }

    start = scan->at + 1;

    for (at = start; at < scan->end && *at != '"'; at++) {
        if (*at < ' ' || *at > '~' || *at == '\\') {
            return false;
        }
    }

    if (at == scan->end) {
        return false;
    }

    *out = (vc_str_t){start, (size_t) (at - start)};
    scan->at = at + 1;

    return true;
}


static bool
vc_scan_seen(const vc_str_t *names, size_t count, vc_str_t name)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (vc_str_eq(names[i], name)) {
            return true;
        }
    }

    return false;
}


static void
vc_texts_keep(vc_text_t *texts, size_t count, vc_str_t name, vc_str_t value)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (vc_str_eq(name, vc_str(texts[i].name))) {
            texts[i].given = true;
            texts[i].value = value;
        }
    }
}


/* from behind the brace to behind the other; false: it is not plain */
static bool
vc_scan_members(vc_scan_t *scan, vc_text_t *texts, size_t count)
{
    size_t   seen;
    vc_str_t value, names[VC_PLAIN_MEMBERS_MAX];

    for (seen = 0; seen < VC_PLAIN_MEMBERS_MAX; seen++) {
        if (!vc_scan_text(scan, &names[seen]) || !vc_scan_mark(scan, ':')
            || !vc_scan_text(scan, &value)
            || vc_scan_seen(names, seen, names[seen]))
        {
            return false;
        }

        vc_texts_keep(texts, count, names[seen], value);

        if (!vc_scan_mark(scan, ',')) {
            return vc_scan_mark(scan, '}');
        }
    }

    return false;
}


bool
vc_texts_plain(vc_str_t body, vc_text_t *texts, size_t count)
{
    vc_scan_t scan;

    vc_texts_clear(texts, count);

    if (body.len == 0) {
        return false;
    }

    scan = (vc_scan_t){body.data, body.data + body.len};

    return vc_scan_mark(&scan, '{') && vc_scan_members(&scan, texts, count)
           && scan.at == scan.end;
}


/* --- all others --------------------------------------------------------------------- */

static vc_status_t
vc_texts_library(vc_call_t *call, vc_text_t *texts, size_t count)
{
    size_t      i;
    json_t     *body, *member;
    vc_status_t status;

    status = vc_call_json(call, &body);
    if (status != VC_OK) {
        return status;
    }

    for (i = 0; status == VC_OK && i < count; i++) {
        member = vc_json_member(body, texts[i].name);
        texts[i].given = (member != NULL);

        if (json_is_string(member)) {
            texts[i].value = vc_str_copy(call->arena, vc_json_text(member));

            if (texts[i].value.data == NULL) {
                status = vc_fail_detail(&call->error, VC_NO_MEMORY,
                    "out of memory for a body");
            }
        }
    }

    json_decref(body);

    return status;
}


vc_status_t
vc_call_texts(vc_call_t *call, vc_text_t *texts, size_t count)
{
    if (vc_texts_plain(call->body, texts, count)) {
        return VC_OK;
    }

    vc_texts_clear(texts, count);

    return vc_texts_library(call, texts, count);
}
