#include "identity/signing_keys.h"

#include <string.h>

#include "base/clock.h"
#include "crypto/jws.h"
#include "identity/token.h"

#define VC_SIGNING_BITS 2048
#define VC_SIGNING_HEAD (1 + 8) /* class and time, in front of the kid */
#define VC_SIGNING_KEYS_MAX 64

/* how long a key is needed after it has signed its last token */
#define VC_SIGNING_RETENTION (86400 + VC_TOKEN_LEEWAY)


static vc_status_t
vc_signing_key_parse(vc_arena_t *arena, vc_str_t place,
    const vc_record_t *record, vc_signing_key_t *out)
{
    if (place.len <= VC_SIGNING_HEAD || place.len > VC_KEY_MAX) {
        return VC_INVALID;
    }

    memcpy(out->place.data, place.data, place.len);
    out->place.len = place.len;
    out->created = (int64_t) vc_load_be64(place.data + 1);
    out->sealed = record->payload;
    out->kid = vc_str_copy(arena,
        (vc_str_t){place.data + VC_SIGNING_HEAD, place.len - VC_SIGNING_HEAD});

    return (out->kid.data == NULL) ? VC_NO_MEMORY : VC_OK;
}


static vc_status_t
vc_signing_keys_walk(vc_cursor_t *cursor, vc_arena_t *arena,
    vc_signing_key_t *keys, size_t *count)
{
    vc_str_t    place;
    vc_record_t record;
    vc_status_t status;

    for (*count = 0; *count < VC_SIGNING_KEYS_MAX; (*count)++) {
        status = vc_cursor_next(cursor, &place, &record);
        if (status != VC_OK) {
            return (status == VC_NOT_FOUND) ? VC_OK : status;
        }

        status = vc_signing_key_parse(arena, place, &record, &keys[*count]);
        if (status != VC_OK) {
            return status;
        }
    }

    return VC_OK;
}


vc_status_t
vc_signing_keys_list(vc_session_t *session, vc_arena_t *arena,
    vc_signing_key_t **out, size_t *count)
{
    vc_status_t  status;
    vc_cursor_t *cursor;

    *out = vc_arena_calloc(arena,
        VC_SIGNING_KEYS_MAX * sizeof(vc_signing_key_t));
    if (*out == NULL) {
        return VC_NO_MEMORY;
    }

    status = vc_cursor_open(vc_session_snapshot(session), arena, VC_STR("a"),
        VC_STR_NULL, &cursor);
    if (status != VC_OK) {
        return status;
    }

    status = vc_signing_keys_walk(cursor, arena, *out, count);
    vc_cursor_close(cursor);

    return status;
}


vc_status_t
vc_signing_key_open(vc_session_t *session, vc_arena_t *arena,
    const vc_signing_key_t *key, json_t **out)
{
    vc_str_t    plain;
    vc_status_t status;

    status = vc_sealed_open(session, NULL, vc_key_view(&key->place),
        key->sealed, arena, &plain);
    if (status != VC_OK) {
        return status;
    }

    *out = json_loadb((const char *) plain.data, plain.len,
        JSON_REJECT_DUPLICATES, NULL);

    return (*out == NULL) ? VC_INVALID : VC_OK;
}


/* as it stands in the JWKS document */
static json_t *
vc_signing_key_public(const json_t *jwk, vc_str_t kid)
{
    return json_pack("{s:s,s:s,s:s,s:s%,s:O,s:O}", "kty", "RSA", "use", "sig",
        "alg", "RS256", "kid", (const char *) kid.data, kid.len, "n",
        json_object_get(jwk, "n"), "e", json_object_get(jwk, "e"));
}


static vc_status_t
vc_signing_key_append(vc_session_t *session, vc_arena_t *arena,
    const vc_signing_key_t *key, json_t *list)
{
    int         failed;
    json_t     *jwk;
    vc_status_t status;

    status = vc_signing_key_open(session, arena, key, &jwk);
    if (status != VC_OK) {
        return status;
    }

    failed = json_array_append_new(list, vc_signing_key_public(jwk, key->kid));
    json_decref(jwk);

    return (failed == 0) ? VC_OK : VC_NO_MEMORY;
}


vc_status_t
vc_local_authority_keys(vc_session_t *session, vc_arena_t *arena, json_t **out)
{
    json_t           *list;
    size_t            i, count;
    vc_status_t       status;
    vc_signing_key_t *keys;

    status = vc_signing_keys_list(session, arena, &keys, &count);
    if (status != VC_OK) {
        return status;
    }

    list = json_array();

    for (i = count; i-- > 0 && status == VC_OK;) {
        status = vc_signing_key_append(session, arena, &keys[i], list);
    }

    if (status != VC_OK) {
        json_decref(list);
        return status;
    }

    *out = list;

    return (list == NULL) ? VC_NO_MEMORY : VC_OK;
}


vc_status_t
vc_local_authority_jwks(vc_session_t *session, vc_arena_t *arena, vc_buf_t *out)
{
    json_t     *keys;
    vc_status_t status;

    status = vc_local_authority_keys(session, arena, &keys);
    if (status != VC_OK) {
        return status;
    }

    vc_buf_text(out, "{\"keys\":");
    vc_json_write(keys, out);
    vc_buf_text(out, "}");
    json_decref(keys);

    return out->failed ? VC_NO_MEMORY : VC_OK;
}


typedef struct {
    vc_str_t record; /* the private JWK as text */
    vc_str_t kid;
} vc_new_signing_key_t;


/* the key's place in front of the others, and the end of those outlived */
static vc_status_t
vc_signing_keys_plan(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, const vc_new_signing_key_t *added)
{
    size_t            i, count;
    int64_t           created;
    vc_key_t          place;
    vc_status_t       status;
    vc_signing_key_t *keys;

    status = vc_signing_keys_list(session, arena, &keys, &count);
    if (status != VC_OK) {
        return status;
    }

    if (count == VC_SIGNING_KEYS_MAX) {
        return VC_OBJECT_CONFLICT;
    }

    created = vc_now();

    /* a key has signed until the next one was made */
    for (i = 0; i + 1 < count; i++) {
        if (created - keys[i + 1].created > VC_SIGNING_RETENTION) {
            vc_batch_delete(batch, vc_key_view(&keys[i].place),
                VC_REVISION_ANY);
        }
    }

    if (count != 0 && created <= keys[count - 1].created) {
        created = keys[count - 1].created + 1;
    }

    place = vc_key_signing(created, added->kid);

    return vc_sealed_put(session, NULL, batch, vc_key_view(&place),
        VC_REVISION_NONE, added->record, 0);
}


static vc_status_t
vc_signing_keys_commit(vc_session_t *session, vc_arena_t *arena,
    const vc_new_signing_key_t *added, vc_error_t *err)
{
    vc_batch_t *batch;
    vc_status_t status;

    batch = vc_batch_create(arena);
    if (batch == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_session_begin(session, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_signing_keys_plan(session, arena, batch, added);
    vc_session_end(session);

    if (status == VC_OBJECT_CONFLICT) {
        return vc_fail(err, status,
            "There are %d signing keys whose tokens can still be valid; "
            "rotate again when some of them have expired.",
            VC_SIGNING_KEYS_MAX);
    }

    if (status != VC_OK) {
        return vc_fail_detail(err, status,
            "the signing keys cannot be read or sealed: %s",
            vc_status_name(status));
    }

    return vc_store_commit(vc_vaultstore_store(vc_session_vaultstore(session)),
        batch, NULL, err);
}


static vc_status_t
vc_signing_key_make(vc_arena_t *arena, vc_new_signing_key_t *out)
{
    char       *kid;
    json_t     *jwk;
    vc_buf_t    record;
    vc_status_t status;

    status = vc_jwk_generate_rsa(VC_SIGNING_BITS, &jwk);
    if (status != VC_OK) {
        return status;
    }

    kid = vc_jwk_thumbprint(arena, jwk);
    vc_buf_init(&record, arena, 2048);
    vc_json_write(jwk, &record);
    json_decref(jwk);

    out->kid = vc_str(kid);
    out->record = vc_buf_view(&record);

    return (kid == NULL || record.failed) ? VC_NO_MEMORY : VC_OK;
}


vc_status_t
vc_local_authority_rotate(vc_session_t *session, vc_arena_t *arena, char *kid,
    size_t kid_size, vc_error_t *err)
{
    vc_status_t          status;
    vc_new_signing_key_t added;

    status = vc_signing_key_make(arena, &added);
    if (status != VC_OK) {
        return vc_fail_detail(err, status, "a signing key cannot be made: %s",
            vc_status_name(status));
    }

    if (added.kid.len >= kid_size) {
        return vc_fail(err, VC_INVALID, "A key id needs a buffer of %zu bytes.",
            added.kid.len + 1);
    }

    status = vc_signing_keys_commit(session, arena, &added, err);
    if (status == VC_OK) {
        memcpy(kid, added.kid.data, added.kid.len + 1);
    }

    return status;
}


vc_status_t
vc_local_authority_sign(vc_session_t *session, vc_arena_t *arena,
    const json_t *claims, vc_buf_t *out)
{
    json_t           *jwk;
    size_t            count;
    vc_status_t       status;
    vc_signing_key_t *keys;

    status = vc_signing_keys_list(session, arena, &keys, &count);
    if (status != VC_OK || count == 0) {
        return (status == VC_OK) ? VC_NOT_FOUND : status;
    }

    status = vc_signing_key_open(session, arena, &keys[count - 1], &jwk);
    if (status != VC_OK) {
        return status;
    }

    status = vc_jws_sign(jwk, VC_ALG_RS256,
        (const char *) keys[count - 1].kid.data, claims, out);
    json_decref(jwk);

    return status;
}
