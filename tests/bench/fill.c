/*
 * Fills a vault with secrets, straight into the store: a benchmark of reading
 * millions of secrets should not have to write them over HTTP first.
 *
 *     fill STORE SEAL VAULT COUNT VALUE_BYTES
 *
 * Secrets are named bench-0000000, bench-0000001, …; nothing may be there yet.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "crypto/random.h"
#include "objects/object_record.h"
#include "vaultcore.h"

#define BATCH 2000

typedef struct {
    vc_session_t *session;
    vc_store_t   *store;
    vc_vault_t    vault;
    vc_str_t      value;
} filler_t;


static void
die(const char *what, const vc_error_t *err)
{
    fprintf(stderr, "fill: %s: %s %s\n", what, err->message, err->detail);
    exit(1);
}


static vc_status_t
add(filler_t *filler, vc_objects_t *objects, vc_batch_t *batch, long number)
{
    char        name[32];
    vc_key_t    key;
    vc_object_t object;

    (void) snprintf(name, sizeof(name), "bench-%07ld", number);

    memset(&object, 0, sizeof(object));
    object.version.created = objects->now;
    object.version.updated = objects->now;
    object.version.enabled = true;
    object.version.name = vc_str(name);
    object.version.payload = filler->value;

    if (vc_random(object.version.id, sizeof(object.version.id)) != VC_OK) {
        return VC_CRYPTO;
    }

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
    objects = (vc_objects_t){filler->session, arena, &filler->vault,
        VC_KIND_SECRET, vc_now(), &err};

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
    long             from, count;
    char            *value;
    size_t           size;
    filler_t         filler;
    vc_seal_t       *seal;
    vc_arena_t      *arena, *forever;
    vc_error_t       err;
    vc_vaultstore_t *vaultstore;

    if (argc != 6) {
        fprintf(stderr, "usage: fill STORE SEAL VAULT COUNT VALUE_BYTES\n");
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

    for (from = 0; from < count; from += BATCH) {
        fill_batch(&filler, arena, from,
            from + BATCH < count ? from + BATCH : count);
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
