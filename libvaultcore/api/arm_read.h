/*
 * Readers of members of the management plane's request bodies.  What is read
 * is copied into the arena.  null is the same as absent.
 */

#ifndef VC_API_ARM_READ_H
#define VC_API_ARM_READ_H

#include <jansson.h>

#include "base/bytes.h"

/* a body and where in it one looks, for messages: "properties." */
typedef struct {
    vc_arena_t   *arena;
    const json_t *object;
    const char   *where;
    vc_error_t   *err;
} vc_arm_reader_t;

/* a member, written in any case as Azure takes it, so that none that narrows
   something is passed over; NULL: it is not there, or null */
const json_t *vc_arm_read_member(const vc_arm_reader_t *reader,
    const char *name);

/* the body's properties, which must be an object; VC_BAD_PARAMETER */
vc_status_t vc_arm_read_properties(vc_arena_t *arena, const json_t *body,
    vc_arm_reader_t *out, vc_error_t *err) VC_MUST_CHECK;

/* a text of at most max bytes, empty when it is not there and not required;
   VC_BAD_PARAMETER, VC_NO_MEMORY */
vc_status_t vc_arm_read_text(const vc_arm_reader_t *reader, const char *name,
    bool required, size_t max, vc_str_t *out) VC_MUST_CHECK;

/* a GUID, put in lower case; it must be there */
vc_status_t vc_arm_read_guid(const vc_arm_reader_t *reader, const char *name,
    char out[VC_GUID_LEN + 1]) VC_MUST_CHECK;

/* an array, NULL when it is not there; VC_BAD_PARAMETER */
vc_status_t vc_arm_read_array(const vc_arm_reader_t *reader, const char *name,
    const json_t **out) VC_MUST_CHECK;

/* true or false, fallback when it is not there; VC_BAD_PARAMETER */
vc_status_t vc_arm_read_bool(const vc_arm_reader_t *reader, const char *name,
    bool fallback, bool *out) VC_MUST_CHECK;

/* fills the error of a member: "Property properties.level has invalid value."
   and what it must be; returns VC_BAD_PARAMETER */
vc_status_t vc_arm_read_refuse(const vc_arm_reader_t *reader, const char *name,
    const char *wanted);

/* copies a GUID in lower case; false: it is none */
bool vc_arm_guid(vc_str_t text, char out[VC_GUID_LEN + 1]);

/* appends compact JSON; out->failed: no memory */
void vc_arm_put_json(vc_buf_t *out, const json_t *json);

/* appends "2026-01-02T03:04:05Z" with its quotes; 0: null */
void vc_arm_put_date(vc_buf_t *out, int64_t seconds);

#endif /* VC_API_ARM_READ_H */
