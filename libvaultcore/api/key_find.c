#include "api/key_find.h"

#include <string.h>

#include "api/kinds.h"
#include "api/object_handlers.h"


static vc_key_wanted_t
vc_key_wanted(const vc_call_t *call, const vc_found_key_t *found)
{
    return (vc_key_wanted_t){
        .record = &found->record,
        .epoch = vc_snapshot_epoch(vc_session_snapshot(call->context->session)),
        .now = call->now,
    };
}


static bool
vc_key_is_kept(vc_call_t *call, vc_found_key_t *found)
{
    vc_key_wanted_t wanted;

    wanted = vc_key_wanted(call, found);

    return vc_key_cache_get(call->engine->key_cache, &wanted, &found->kept);
}


/* id NULL: whichever is current */
static bool
vc_key_is_current(vc_call_t *call, const uint8_t *id, vc_found_key_t *found)
{
    if (!vc_key_is_kept(call, found)) {
        return false;
    }

    if (id == NULL || memcmp(found->kept.version.id, id, VC_VERSION_LEN) == 0) {
        return true;
    }

    vc_key_release_found(call, found);

    return false;
}


/* the versions of a deleted object stay where they are, so the current one is
   looked for in any case */
static bool
vc_key_find_kept(vc_call_t *call, const vc_objects_t *objects,
    vc_found_key_t *found)
{
    uint8_t  id[VC_VERSION_LEN];
    vc_str_t name;

    name = call->route.name;

    if (vc_object_place(objects, 'h', name, NULL, &found->record) != VC_OK) {
        return false;
    }

    if (call->route.version.len == 0) {
        return vc_key_is_current(call, NULL, found);
    }

    return vc_hex_decode(id, VC_VERSION_LEN, call->route.version)
           && (vc_key_is_current(call, id, found)
               || (vc_object_place(objects, 'h', name, id, &found->record)
                       == VC_OK
                   && vc_key_is_kept(call, found)));
}


/* only earlier versions have a record of their own */
static vc_status_t
vc_key_find_place(const vc_objects_t *objects, vc_str_t name,
    vc_found_key_t *found)
{
    vc_status_t status;

    status = vc_object_place(objects, 'h', name, found->kept.version.id,
        &found->record);

    return (status == VC_NOT_FOUND)
               ? vc_object_place(objects, 'h', name, NULL, &found->record)
               : status;
}


static vc_status_t
vc_key_read(vc_call_t *call, vc_objects_t *objects, vc_found_key_t *found)
{
    vc_object_t object;
    vc_status_t status;

    status = vc_object_find_version(call, objects, &object);
    if (status != VC_OK) {
        return status;
    }

    found->kept.ready = NULL;
    found->kept.version = object.version;

    status = vc_stored_key_decode(object.version.payload, &found->kept.stored);

    return (status == VC_OK)
               ? vc_key_find_place(objects, call->route.name, found)
               : status;
}


vc_status_t
vc_key_find(vc_call_t *call, vc_found_key_t *out)
{
    vc_objects_t objects;

    objects = vc_call_objects(call);

    return vc_key_find_kept(call, &objects, out)
               ? VC_OK
               : vc_key_read(call, &objects, out);
}


static vc_status_t
vc_key_open(vc_call_t *call, vc_found_key_t *found)
{
    return call->engine->keys->open(&found->kept.stored.spec,
        found->kept.stored.material, &found->kept.ready, &call->error);
}


vc_status_t
vc_key_ready(vc_call_t *call, vc_found_key_t *found)
{
    vc_status_t     status;
    vc_engine_t    *engine;
    vc_key_wanted_t wanted;

    if (found->kept.ready != NULL) {
        return VC_OK;
    }

    engine = call->engine;
    wanted = vc_key_wanted(call, found);

    status = vc_key_open(call, found);

    /* locked memory is short: what calls need goes before what is kept */
    if (status == VC_NO_MEMORY) {
        vc_key_cache_clear(engine->key_cache);
        vc_error_clear(&call->error);
        status = vc_key_open(call, found);
    }

    /* while nobody asks the cache stays empty: this call began before that */
    if (status == VC_OK && !atomic_load(&engine->quiet)) {
        vc_key_cache_put(engine->key_cache, &wanted, &found->kept);
    }

    return status;
}


void
vc_key_release_found(vc_call_t *call, vc_found_key_t *found)
{
    call->engine->keys->release(found->kept.ready);
    found->kept.ready = NULL;
}
