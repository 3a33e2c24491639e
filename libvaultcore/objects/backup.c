/*
 * Backup blobs.  base64url of
 *
 *     format (1 byte) | salt (16) | sealed record of
 *         format (1) | kind (1) | tenant | name | count (4) | records
 *
 * Each record is the stored form of one version, the current one first, the
 * earlier ones in order of id.  Each blob has a key of its own, made from its
 * salt and the installation's backup key, so that no number of backups can
 * wear out a key's nonces.
 */

#include <string.h>

#include "crypto/cipher.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "objects/object_record.h"

#define VC_BACKUP_FORMAT 1
#define VC_BACKUP_SALT_LEN 16
#define VC_BACKUP_HEAD (1 + VC_BACKUP_SALT_LEN)
#define VC_BACKUP_KEY_ID 0

/* a blob taken apart: views into its plaintext */
typedef struct {
    vc_str_t    tenant;
    vc_str_t    name;
    uint32_t    count;
    vc_reader_t records;
} vc_backup_t;


static vc_status_t
vc_backup_cipher(const vc_objects_t *objects, const uint8_t *salt,
    vc_cipher_t **out)
{
    uint8_t     key[VC_KEY_LEN], blob_key[VC_SHA256_LEN];
    vc_status_t status;

    status = vc_vaultstore_derive(vc_session_vaultstore(objects->session),
        "backup", key);

    if (status == VC_OK) {
        status = vc_hmac_sha256(key, (vc_str_t){salt, VC_BACKUP_SALT_LEN},
            blob_key);
    }

    if (status == VC_OK) {
        status = vc_cipher_create(blob_key, VC_BACKUP_KEY_ID, out);
    }

    vc_wipe(key, sizeof(key));
    vc_wipe(blob_key, sizeof(blob_key));

    return status;
}


/* what a blob is bound to, beside its key */
static vc_key_t
vc_backup_place(const vc_objects_t *objects)
{
    vc_key_t place;

    memcpy(place.data, "backup", 6);
    place.data[6] = (uint8_t) objects->kind;
    place.len = 7;

    return place;
}


/* how many earlier versions there are, and how many bytes they take sealed */
static vc_status_t
vc_backup_measure(const vc_objects_t *objects, const vc_key_t *prefix,
    size_t *count, size_t *size)
{
    vc_str_t     key;
    vc_record_t  record;
    vc_status_t  status;
    vc_cursor_t *cursor;

    *count = 0;
    *size = 0;

    status = vc_cursor_open(vc_session_snapshot(objects->session),
        objects->arena, vc_key_view(prefix), VC_STR_NULL, &cursor);
    if (status != VC_OK) {
        return status;
    }

    while ((status = vc_cursor_next(cursor, &key, &record)) == VC_OK) {
        if (++*count >= VC_BACKUP_VERSIONS_MAX) {
            status = vc_fail(objects->err, VC_BAD_PARAMETER,
                "There are too many versions to back up: a backup holds at "
                "most %d.",
                VC_BACKUP_VERSIONS_MAX);
            break;
        }

        *size += record.payload.len;
        if (*size > VC_BACKUP_SIZE_MAX) {
            status = vc_fail(objects->err, VC_BAD_PARAMETER,
                "The versions are too large to back up: a backup holds at "
                "most %zu bytes.",
                VC_BACKUP_SIZE_MAX);
            break;
        }
    }

    vc_cursor_close(cursor);

    return (status == VC_NOT_FOUND) ? VC_OK : status;
}


static vc_status_t
vc_backup_versions(const vc_objects_t *objects, const vc_key_t *prefix,
    vc_buf_t *out)
{
    vc_str_t     key, plain;
    vc_record_t  record;
    vc_status_t  status;
    vc_cursor_t *cursor;

    status = vc_cursor_open(vc_session_snapshot(objects->session),
        objects->arena, vc_key_view(prefix), VC_STR_NULL, &cursor);
    if (status != VC_OK) {
        return status;
    }

    while ((status = vc_cursor_next(cursor, &key, &record)) == VC_OK) {
        status = vc_sealed_open(objects->session, objects->vault->domain, key,
            record.payload, objects->arena, &plain);
        if (status != VC_OK) {
            break;
        }

        vc_buf_block(out, plain);
    }

    vc_cursor_close(cursor);

    return (status == VC_NOT_FOUND) ? VC_OK : status;
}


static vc_status_t
vc_backup_collect(const vc_objects_t *objects, vc_str_t name, vc_buf_t *out)
{
    size_t      count, size;
    vc_key_t    head_key, prefix;
    vc_record_t head;
    vc_object_t object;
    vc_status_t status;

    head_key = vc_object_key(objects, 'h', name);
    prefix = vc_object_version_key(objects, name, NULL);

    status = vc_sealed_get(objects->session, objects->vault->domain,
        vc_key_view(&head_key), objects->arena, &head);

    if (status == VC_OK) {
        status = vc_object_decode(head.payload, &object);
    }

    if (status == VC_OK) {
        status = vc_backup_measure(objects, &prefix, &count, &size);
    }

    if (status != VC_OK) {
        return status;
    }

    vc_buf_init(out, objects->arena, head.payload.len + size + 512);
    vc_buf_u8(out, VC_BACKUP_FORMAT);
    vc_buf_u8(out, (uint8_t) objects->kind);
    vc_buf_block(out, vc_str(objects->vault->tenant));
    vc_buf_block(out, object.version.name);
    vc_buf_u32(out, (uint32_t) count + 1);
    vc_buf_block(out, head.payload);

    return vc_backup_versions(objects, &prefix, out);
}


static vc_status_t
vc_backup_seal(const vc_objects_t *objects, vc_str_t plain, vc_buf_t *out)
{
    uint8_t      salt[VC_BACKUP_SALT_LEN];
    vc_buf_t     sealed;
    vc_key_t     place;
    vc_status_t  status;
    vc_cipher_t *cipher;

    status = vc_random(salt, sizeof(salt));
    if (status != VC_OK) {
        return status;
    }

    status = vc_backup_cipher(objects, salt, &cipher);
    if (status != VC_OK) {
        return status;
    }

    vc_buf_init(&sealed, objects->arena,
        VC_BACKUP_HEAD + plain.len + VC_SEALED_OVERHEAD);
    vc_buf_u8(&sealed, VC_BACKUP_FORMAT);
    vc_buf_put(&sealed, salt, sizeof(salt));

    place = vc_backup_place(objects);
    status = vc_cipher_seal(cipher, vc_key_view(&place), plain, &sealed);
    vc_cipher_destroy(cipher);

    if (status != VC_OK) {
        return status;
    }

    vc_base64url_encode(out, vc_buf_view(&sealed));

    return (sealed.failed || out->failed) ? VC_NO_MEMORY : VC_OK;
}


vc_status_t
vc_object_backup(vc_objects_t *objects, vc_str_t name, vc_buf_t *out)
{
    vc_buf_t    plain;
    vc_status_t status;

    if (!vc_object_name_valid(name)) {
        return VC_INVALID;
    }

    status = vc_backup_collect(objects, name, &plain);
    if (status != VC_OK) {
        return status;
    }

    if (plain.failed) {
        return VC_NO_MEMORY;
    }

    return vc_backup_seal(objects, vc_buf_view(&plain), out);
}


static vc_status_t
vc_backup_refuse(const vc_objects_t *objects)
{
    return vc_fail(objects->err, VC_BAD_PARAMETER,
        "The backup cannot be restored: it is damaged, or of another "
        "installation, tenant or kind of object. It must be the value of a "
        "backup made by this installation, unchanged.");
}


static vc_status_t
vc_backup_open(const vc_objects_t *objects, vc_str_t blob, vc_str_t *plain)
{
    size_t       len;
    uint8_t     *data;
    vc_str_t     bytes, sealed;
    vc_key_t     place;
    vc_status_t  status;
    vc_cipher_t *cipher;

    if (!vc_base64url_decode(objects->arena, blob, &bytes)
        || bytes.len < VC_BACKUP_HEAD + VC_SEALED_OVERHEAD
        || bytes.data[0] != VC_BACKUP_FORMAT)
    {
        return vc_backup_refuse(objects);
    }

    sealed.data = bytes.data + VC_BACKUP_HEAD;
    sealed.len = bytes.len - VC_BACKUP_HEAD;

    data = vc_arena_alloc(objects->arena, sealed.len);
    if (data == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_backup_cipher(objects, bytes.data + 1, &cipher);
    if (status != VC_OK) {
        return status;
    }

    place = vc_backup_place(objects);
    status = vc_cipher_open(cipher, vc_key_view(&place), sealed, data, &len);
    vc_cipher_destroy(cipher);

    if (status == VC_UNSEAL_FAILED || status == VC_INVALID) {
        return vc_backup_refuse(objects);
    }

    *plain = (vc_str_t){data, len};

    return status;
}


/* takes the next record; it must be a version of this object */
static bool
vc_backup_next(vc_backup_t *backup, vc_str_t *record, vc_object_t *out)
{
    return vc_read_block(&backup->records, record)
           && vc_object_decode(*record, out) == VC_OK && out->deleted == 0
           && vc_str_eq(out->version.name, backup->name);
}


/* each version of the backup is there once, in its order, and nothing else */
static bool
vc_backup_complete(vc_backup_t backup)
{
    uint32_t    i;
    vc_str_t    record;
    vc_object_t head, last, next;

    if (!vc_backup_next(&backup, &record, &head)) {
        return false;
    }

    memset(&last, 0, sizeof(last));

    for (i = 1; i < backup.count; i++) {
        if (!vc_backup_next(&backup, &record, &next)
            || memcmp(next.version.id, head.version.id, VC_VERSION_LEN) == 0
            || memcmp(last.version.id, next.version.id, VC_VERSION_LEN) >= 0)
        {
            return false;
        }

        last = next;
    }

    return vc_read_done(&backup.records);
}


static bool
vc_backup_parse(const vc_objects_t *objects, vc_str_t plain,
    vc_backup_t *backup)
{
    uint8_t format, kind;

    backup->records = vc_reader(plain);

    return vc_read_u8(&backup->records, &format) && format == VC_BACKUP_FORMAT
           && vc_read_u8(&backup->records, &kind)
           && kind == (uint8_t) objects->kind
           && vc_read_block(&backup->records, &backup->tenant)
           && vc_str_ieq(backup->tenant, vc_str(objects->vault->tenant))
           && vc_read_block(&backup->records, &backup->name)
           && vc_object_name_valid(backup->name)
           && vc_read_u32(&backup->records, &backup->count)
           && backup->count >= 1 && backup->count <= VC_BACKUP_VERSIONS_MAX
           && vc_backup_complete(*backup);
}


/* the name must be free in both states, and stay so until the commit */
static vc_status_t
vc_backup_name_free(const vc_objects_t *objects, vc_batch_t *batch,
    vc_str_t name)
{
    vc_status_t       status;
    vc_object_place_t place;

    status = vc_object_place(objects, 'h', name, NULL, &place);
    if (status == VC_NOT_FOUND) {
        status = vc_object_place(objects, 'd', name, NULL, &place);
    }

    if (status != VC_NOT_FOUND) {
        return (status == VC_OK) ? VC_OBJECT_CONFLICT : status;
    }

    vc_batch_expect(batch, vc_key_view(&place.key), VC_REVISION_NONE);

    return VC_OK;
}


static vc_status_t
vc_backup_put(const vc_objects_t *objects, vc_backup_t *backup,
    vc_batch_t *batch, vc_object_t *out)
{
    uint32_t    i;
    vc_key_t    key;
    vc_str_t    record;
    vc_object_t object;
    vc_status_t status;

    status = VC_OK;

    for (i = 0; i < backup->count && status == VC_OK; i++) {
        if (!vc_backup_next(backup, &record, &object)) {
            return vc_backup_refuse(objects);
        }

        if (i == 0) {
            *out = object;
            key = vc_object_key(objects, 'h', backup->name);

        } else {
            key = vc_object_version_key(objects, backup->name,
                object.version.id);
        }

        status = vc_sealed_put(objects->session, objects->vault->domain, batch,
            vc_key_view(&key), VC_REVISION_NONE, record,
            vc_object_due(objects, &key, &object));
    }

    return status;
}


vc_status_t
vc_object_restore(vc_objects_t *objects, vc_str_t blob, vc_object_t *out)
{
    vc_str_t    plain;
    vc_backup_t backup;
    vc_batch_t *batch;
    vc_status_t status;

    status = vc_backup_open(objects, blob, &plain);
    if (status != VC_OK) {
        return status;
    }

    if (!vc_backup_parse(objects, plain, &backup)) {
        return vc_backup_refuse(objects);
    }

    batch = vc_object_batch(objects);
    if (batch == NULL) {
        return VC_NO_MEMORY;
    }

    memset(out, 0, sizeof(*out));
    out->version.name = backup.name;

    status = vc_backup_name_free(objects, batch, backup.name);
    if (status == VC_OK) {
        status = vc_backup_put(objects, &backup, batch, out);
    }

    return (status == VC_OK) ? vc_object_commit(objects, batch, &out->revision)
                             : status;
}
