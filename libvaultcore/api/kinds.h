/*
 * The kinds of objects that a vault holds, as one table: what is the same for
 * all of them (lists, deletion, backup, …) is written once, in
 * api/object_handlers.c, and asks here for what differs.
 */

#ifndef VC_API_KINDS_H
#define VC_API_KINDS_H

#include "api/call.h"

typedef struct {
    vc_kind_t   kind;
    vc_str_t    collection;         /* "/secrets/" */
    vc_str_t    deleted_collection; /* "/deletedsecrets/" */
    const char *noun;               /* "secret" */
    const char *title;              /* "Secret" */
    vc_status_t not_found;

    /*
     * Append to call->out: a bundle, or a deleted bundle when the object is
     * deleted, with the call's record_id becoming its id; an item of a list,
     * whose id is the base id unless it is versioned.
     */
    void (*bundle)(vc_call_t *call, const vc_object_t *object);
    void (*item)(vc_call_t *call, const vc_object_t *object, bool versioned);

    /* when time brings something to a live object; NULL: never */
    vc_object_due_t due;
} vc_kind_info_t;

/* of the call's operation */
const vc_kind_info_t *vc_call_kind(const vc_call_t *call);

/* a scope for the objects of that kind in the call's vault */
vc_objects_t vc_call_objects(vc_call_t *call);

#endif /* VC_API_KINDS_H */
