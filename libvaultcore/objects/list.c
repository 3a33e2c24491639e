/* pages of objects, and of an object's versions */

#include <string.h>

#include "objects/object_record.h"


static void
vc_page_clear(vc_page_t *page)
{
    page->count = 0;
    page->more = false;
    page->marker = VC_STR_NULL;
}


static vc_status_t
vc_page_add(vc_objects_t *objects, vc_str_t key, const vc_record_t *record,
    vc_page_t *page)
{
    vc_str_t     plain;
    vc_status_t  status;
    vc_object_t *item;

    status = vc_sealed_open(objects->session, objects->vault->domain, key,
        record->payload, objects->arena, &plain);
    if (status != VC_OK) {
        return status;
    }

    item = &page->items[page->count];
    status = vc_object_decode(plain, item);
    item->revision = record->revision;
    page->count += (status == VC_OK) ? 1 : 0;

    return status;
}


/* another page follows, behind the last item of this one */
static vc_status_t
vc_page_continue(vc_objects_t *objects, vc_page_t *page, vc_str_t marker)
{
    page->more = true;
    page->marker = vc_str_copy(objects->arena, marker);

    return (page->marker.data == NULL) ? VC_NO_MEMORY : VC_OK;
}


static vc_status_t
vc_page_fill(vc_objects_t *objects, vc_cursor_t *cursor, size_t prefix,
    size_t max, vc_page_t *page)
{
    vc_str_t    key, last;
    vc_record_t record;
    vc_status_t status;

    last = VC_STR_NULL;

    while ((status = vc_cursor_next(cursor, &key, &record)) == VC_OK) {
        if (page->count == max) {
            return vc_page_continue(objects, page, last);
        }

        status = vc_page_add(objects, key, &record, page);
        if (status != VC_OK) {
            return status;
        }

        last = (vc_str_t){key.data + prefix, key.len - prefix};
    }

    return (status == VC_NOT_FOUND) ? VC_OK : status;
}


vc_status_t
vc_object_list(vc_objects_t *objects, uint8_t state, vc_str_t marker,
    size_t max, vc_page_t *out)
{
    vc_key_t     prefix, after;
    vc_status_t  status;
    vc_cursor_t *cursor;

    vc_page_clear(out);

    if (max == 0 || max > VC_PAGE_MAX
        || (marker.len != 0 && !vc_object_name_valid(marker)))
    {
        return VC_INVALID;
    }

    prefix = vc_object_key(objects, state, VC_STR_NULL);
    after = vc_object_key(objects, state, marker);

    status = vc_cursor_open(vc_session_snapshot(objects->session),
        objects->arena, vc_key_view(&prefix),
        marker.len == 0 ? VC_STR_NULL : vc_key_view(&after), &cursor);
    if (status != VC_OK) {
        return status;
    }

    status = vc_page_fill(objects, cursor, prefix.len, max, out);
    vc_cursor_close(cursor);

    return status;
}


/*
 * The head record holds the current version, so it has to be put among the
 * earlier ones at the place that its id gives it.
 */
static vc_status_t
vc_page_merge(vc_objects_t *objects, vc_cursor_t *cursor,
    const vc_object_t *head, size_t max, vc_page_t *page)
{
    vc_str_t    key, last;
    vc_record_t record;
    vc_status_t next, status;

    status = VC_OK;
    next = vc_cursor_next(cursor, &key, &record);

    while (status == VC_OK && (next == VC_OK || head != NULL)) {
        if (next != VC_OK && next != VC_NOT_FOUND) {
            return next;
        }

        if (page->count == max) {
            last.data = page->items[max - 1].version.id;
            last.len = VC_VERSION_LEN;
            return vc_page_continue(objects, page, last);
        }

        if (head != NULL
            && (next != VC_OK
                || memcmp(head->version.id, key.data + key.len - VC_VERSION_LEN,
                       VC_VERSION_LEN)
                       < 0))
        {
            page->items[page->count++] = *head;
            head = NULL;
            continue;
        }

        status = vc_page_add(objects, key, &record, page);
        if (status == VC_OK) {
            next = vc_cursor_next(cursor, &key, &record);
        }
    }

    if (status == VC_OK && next != VC_OK && next != VC_NOT_FOUND) {
        return next;
    }

    return status;
}


static vc_status_t
vc_page_versions(vc_objects_t *objects, const vc_object_t *head,
    vc_str_t marker, size_t max, vc_page_t *page)
{
    bool         passed;
    vc_str_t     behind;
    vc_key_t     prefix, after;
    vc_status_t  status;
    vc_cursor_t *cursor;

    behind = VC_STR_NULL;
    passed = false;

    if (marker.len != 0) {
        after = vc_object_version_key(objects, head->version.name, marker.data);
        behind = vc_key_view(&after);
        passed = memcmp(head->version.id, marker.data, VC_VERSION_LEN) <= 0;
    }

    prefix = vc_object_version_key(objects, head->version.name, NULL);

    status = vc_cursor_open(vc_session_snapshot(objects->session),
        objects->arena, vc_key_view(&prefix), behind, &cursor);
    if (status != VC_OK) {
        return status;
    }

    status = vc_page_merge(objects, cursor, passed ? NULL : head, max, page);
    vc_cursor_close(cursor);

    return status;
}


vc_status_t
vc_object_list_versions(vc_objects_t *objects, vc_str_t name, vc_str_t marker,
    size_t max, vc_page_t *out)
{
    vc_object_t head;
    vc_status_t status;

    vc_page_clear(out);

    if (max == 0 || max > VC_PAGE_MAX
        || (marker.len != 0 && marker.len != VC_VERSION_LEN))
    {
        return VC_INVALID;
    }

    status = vc_object_get(objects, 'h', name, &head);
    if (status != VC_OK) {
        return (status == VC_NOT_FOUND) ? VC_OK : status;
    }

    return vc_page_versions(objects, &head, marker, max, out);
}
