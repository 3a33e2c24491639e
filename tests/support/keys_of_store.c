/*
 * keys_of_store STORE SEAL: prints what must never be found outside of secret
 * memory, for the test that looks for it.  A line each:
 *
 *     root <hex>            the root key
 *     vault <hex>           a vault's key
 *     signing <JSON>        a private key of the local authority
 *     key <hex>             a version of a vault's key: PKCS#8, or its bytes
 */

#include <stdio.h>
#include <stdlib.h>

#include "identity/signing_keys.h"
#include "objects/object.h"
#include "objects/stored_key.h"
#include "store/sealed_internal.h"
#include "vaultcore.h"

#define DOMAIN_KEY_LEN (4 + 8 + VC_KEY_LEN)


static void
print_hex(const char *what, const uint8_t *data, size_t len)
{
    size_t i;

    (void) printf("%s ", what);

    for (i = 0; i < len; i++) {
        (void) printf("%02x", data[i]);
    }

    (void) printf("\n");
}


static vc_status_t
print_domains(vc_session_t *session, vc_arena_t *arena)
{
    size_t       i;
    vc_str_t     key, list;
    vc_cursor_t *cursor;
    vc_record_t  record;
    vc_status_t  status;

    status = vc_cursor_open(vc_session_snapshot(session), arena, VC_STR("k"),
        VC_STR_NULL, &cursor);

    while (status == VC_OK) {
        status = vc_cursor_next(cursor, &key, &record);

        if (status == VC_OK) {
            status = vc_sealed_open(session, NULL, key, record.payload, arena,
                &list);
        }

        for (i = 0; status == VC_OK && i < list.len; i += DOMAIN_KEY_LEN) {
            print_hex("vault", list.data + i + 4 + 8, VC_KEY_LEN);
        }
    }

    vc_cursor_close(cursor);

    return (status == VC_NOT_FOUND) ? VC_OK : status;
}


static vc_status_t
print_signing_keys(vc_session_t *session, vc_arena_t *arena)
{
    char             *text;
    json_t           *jwk;
    size_t            i, count;
    vc_status_t       status;
    vc_signing_key_t *keys;

    status = vc_signing_keys_list(session, arena, &keys, &count);

    for (i = 0; status == VC_OK && i < count; i++) {
        status = vc_signing_key_open(session, arena, &keys[i], &jwk);

        if (status == VC_OK) {
            text = json_dumps(jwk, JSON_COMPACT);
            (void) printf("signing %s\n", text);
            free(text);
            json_decref(jwk);
        }
    }

    return status;
}


static vc_status_t
print_versions(vc_objects_t *objects, vc_str_t name)
{
    size_t          i;
    vc_page_t      *page;
    vc_status_t     status;
    vc_stored_key_t key;

    page = vc_arena_alloc(objects->arena, sizeof(vc_page_t));
    if (page == NULL) {
        return VC_NO_MEMORY;
    }

    page->marker = VC_STR_NULL;

    do {
        status = vc_object_list_versions(objects, name, page->marker,
            VC_PAGE_MAX, page);

        for (i = 0; status == VC_OK && i < page->count; i++) {
            status = vc_stored_key_decode(page->items[i].version.payload, &key);

            if (status == VC_OK) {
                print_hex("key", key.material.data, key.material.len);
            }
        }

    } while (status == VC_OK && page->more);

    return status;
}


/* of vc_vault_each(): the live keys of one vault */
static vc_status_t
print_keys(const vc_vault_t *vault, void *data)
{
    size_t       i;
    vc_page_t   *page;
    vc_status_t  status;
    vc_objects_t objects;

    objects = *(vc_objects_t *) data;
    objects.vault = vault;

    page = vc_arena_alloc(objects.arena, sizeof(vc_page_t));
    if (page == NULL) {
        return VC_NO_MEMORY;
    }

    page->marker = VC_STR_NULL;

    do {
        status = vc_object_list(&objects, 'h', page->marker, VC_PAGE_MAX,
            page);

        for (i = 0; status == VC_OK && i < page->count; i++) {
            status = print_versions(&objects, page->items[i].version.name);
        }

    } while (status == VC_OK && page->more);

    return status;
}


int
main(int argc, char **argv)
{
    vc_seal_t       *seal;
    vc_error_t       err = {0};
    vc_arena_t      *arena;
    vc_status_t      status;
    vc_session_t    *session;
    vc_objects_t     objects;
    vc_vaultstore_t *store;

    if (argc != 3) {
        return 2;
    }

    arena = vc_arena_create(4096);

    if (arena == NULL || vc_seal_file_open(argv[2], &seal, &err) != VC_OK
        || vc_vaultstore_open(argv[1], 0, 0, seal, &store, &err) != VC_OK
        || vc_session_create(store, &session) != VC_OK
        || vc_session_begin(session, &err) != VC_OK)
    {
        (void) fprintf(stderr, "%s\n", err.message);
        return 1;
    }

    print_hex("root", store->root, VC_KEY_LEN);
    status = print_domains(session, arena);

    if (status == VC_OK) {
        status = print_signing_keys(session, arena);
    }

    if (status == VC_OK) {
        objects = (vc_objects_t){.session = session,
            .arena = arena,
            .kind = VC_KIND_KEY,
            .err = &err};
        status = vc_vault_each(session, arena, print_keys, &objects);
    }

    vc_session_end(session);
    vc_session_destroy(session);
    vc_vaultstore_close(store);
    vc_seal_close(seal);
    vc_arena_destroy(arena);

    return (status == VC_OK) ? 0 : 1;
}
