/*
 * Fills a vault with secrets, straight into the store: a benchmark of reading
 * millions of secrets should not have to write them over HTTP first.
 *
 *     fill STORE SEAL VAULT COUNT VALUE_BYTES OLDER
 *
 * Secrets are named bench-0000000, bench-0000001, …; nothing may be there yet.
 * The first OLDER of them have an earlier version, too.  Version ids follow
 * from the number, so that a generator can ask for them: the 32 digits are the
 * number in hexadecimal, and those of an earlier version begin with a 1.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "objects/object_record.h"
#include "vaultcore.h"

#define BATCH 2000
#define BATCH_BYTES (16L << 20)
#define EARLIER 0x10

typedef struct {
    vc_session_t *session;
    vc_store_t   *store;
    vc_vault_t    vault;
    vc_str_t      value;
    long          older;
} filler_t;


static void
die(const char *what, const vc_error_t *err)
{
    fprintf(stderr, "fill: %s: %s %s\n", what, err->message, err->detail);
    exit(1);
}


static void
version_id(uint8_t id[VC_VERSION_LEN], uint8_t first, long number)
{
    int i;

    memset(id, 0, VC_VERSION_LEN);
    id[0] = first;

    for (i = VC_VERSION_LEN - 1; number != 0; i--, number >>= 8) {
        id[i] = (uint8_t) number;
    }
}


static vc_status_t
add(filler_t *filler, vc_objects_t *objects, vc_batch_t *batch, long number)
{
    char        name[32];
    vc_key_t    key;
    vc_object_t object;
    vc_status_t status;

    (void) snprintf(name, sizeof(name), "bench-%07ld", number);

    memset(&object, 0, sizeof(object));
    object.version.created = objects->now;
    object.version.updated = objects->now;
    object.version.enabled = true;
    object.version.name = vc_str(name);
    object.version.payload = filler->value;

    if (number < filler->older) {
        version_id(object.version.id, EARLIER, number);
        key = vc_object_version_key(objects, object.version.name,
            object.version.id);

        status = vc_object_put(objects, batch, &key, VC_REVISION_NONE, &object);
        if (status != VC_OK) {
            return status;
        }

        memcpy(object.version.previous, object.version.id, VC_VERSION_LEN);
    }

    version_id(object.version.id, 0, number);
    key = vc_object_key(objects, 'h', object.version.name);

    return vc_object_put(objects, batch, &key, VC_REVISION_NONE, &object);
}


static void
fill_batch(filler_t *filler, vc_arena_t *arena, long from, long to)
{
    long         number;
    vc_error_t   err;
    vc_batch_t  *batch;
    vc_objects_t objects;

    memset(&err, 0, sizeof(err));
    objects = (vc_objects_t){.session = filler->session,
        .arena = arena,
        .vault = &filler->vault,
        .kind = VC_KIND_SECRET,
        .now = vc_now(),
        .err = &err};

    if (vc_session_begin(filler->session, &err) != VC_OK) {
        die("snapshot", &err);
    }

    batch = vc_batch_create(arena);

    for (number = from; number < to; number++) {
        if (add(filler, &objects, batch, number) != VC_OK) {
            die("secret", &err);
        }
    }

    vc_session_end(filler->session);

    if (vc_store_commit(filler->store, batch, NULL, &err) != VC_OK) {
        die("commit", &err);
    }
}


int
main(int argc, char **argv)
{
    long             from, to, count, batch;
    char            *value;
    size_t           size;
    filler_t         filler;
    vc_seal_t       *seal;
    vc_arena_t      *arena, *forever;
    vc_error_t       err;
    vc_vaultstore_t *vaultstore;

    if (argc != 7) {
        fprintf(stderr,
            "usage: fill STORE SEAL VAULT COUNT VALUE_BYTES OLDER\n");
        return 2;
    }

    count = atol(argv[4]);
    size = (size_t) atol(argv[5]);
    value = malloc(size + 1);
    forever = vc_arena_create(4096);
    arena = vc_arena_create(1 << 20);
    memset(&err, 0, sizeof(err));

    if (value == NULL || forever == NULL || arena == NULL
        || vc_seal_file_open(argv[2], &seal, &err) != VC_OK
        || vc_vaultstore_open(argv[1], 0, 0, seal, &vaultstore, &err) != VC_OK
        || vc_session_create(vaultstore, &filler.session) != VC_OK
        || vc_session_begin(filler.session, &err) != VC_OK
        || vc_vault_get(filler.session, forever, vc_str(argv[3]), &filler.vault)
               != VC_OK)
    {
        die("open", &err);
    }

    vc_session_end(filler.session);
    memset(value, 'v', size);
    value[size] = '\0';
    filler.store = vc_vaultstore_store(vaultstore);
    filler.value = (vc_str_t){(const uint8_t *) value, size};

    filler.older = atol(argv[6]);
    batch = BATCH_BYTES / (long) (size + 1);
    batch = (batch < BATCH) ? batch : BATCH;

    for (from = 0; from < count; from = to) {
        to = (from + batch < count) ? from + batch : count;
        fill_batch(&filler, arena, from, to);
        vc_arena_reset(arena);
    }

    vc_session_destroy(filler.session);
    vc_vaultstore_close(vaultstore);
    vc_seal_close(seal);
    vc_arena_destroy(forever);
    vc_arena_destroy(arena);
    free(value);

    return 0;
}
