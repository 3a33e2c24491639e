#include "identity/principal_record.h"

#include <string.h>

#include "identity/claims.h"


static json_t *
vc_principal_pack_certificates(const vc_local_principal_t *principal)
{
    size_t                            i;
    json_t                           *list, *entry;
    const vc_principal_certificate_t *certificate;

    list = json_array();

    for (i = 0; list != NULL && i < principal->certificate_count; i++) {
        certificate = &principal->certificates[i];

        entry = json_pack("{s:s,s:s,s:I,s:O}", "x5t", certificate->x5t,
            "x5t#S256", certificate->x5t_s256, "exp",
            (json_int_t) certificate->not_after, "jwk", certificate->jwk);

        if (json_array_append_new(list, entry) != 0) {
            json_decref(list);
            return NULL;
        }
    }

    return list;
}


static json_t *
vc_principal_pack_trusts(const vc_local_principal_t *principal)
{
    size_t            i;
    json_t           *list, *entry;
    const vc_trust_t *trust;

    list = json_array();

    for (i = 0; list != NULL && i < principal->trust_count; i++) {
        trust = &principal->trusts[i];

        entry = json_pack("{s:s%,s:s%,s:s%,s:s%}", "name", trust->name.data,
            trust->name.len, "issuer", trust->issuer.data, trust->issuer.len,
            "subject", trust->subject.data, trust->subject.len, "audience",
            trust->audience.data, trust->audience.len);

        if (json_array_append_new(list, entry) != 0) {
            json_decref(list);
            return NULL;
        }
    }

    return list;
}


static json_t *
vc_principal_pack(const vc_local_principal_t *principal, vc_str_t hash)
{
    return json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:s%,s:o,s:o}", "clientId",
        principal->client_id, "objectId", principal->object_id, "name",
        principal->name, "generation", (json_int_t) principal->generation,
        "created", (json_int_t) principal->created, "updated",
        (json_int_t) principal->updated, "secret", (const char *) hash.data,
        hash.len, "certificates", vc_principal_pack_certificates(principal),
        "trusts", vc_principal_pack_trusts(principal));
}


vc_status_t
vc_principal_encode(const vc_local_principal_t *principal, vc_buf_t *out)
{
    json_t  *record;
    vc_buf_t hash;

    vc_buf_init(&hash, out->arena, 128);
    vc_base64url_encode(&hash, principal->secret_hash);

    record = hash.failed ? NULL
                         : vc_principal_pack(principal, vc_buf_view(&hash));
    if (record == NULL) {
        return VC_NO_MEMORY;
    }

    vc_json_write(record, out);
    json_decref(record);

    return out->failed ? VC_NO_MEMORY : VC_OK;
}


static bool
vc_record_text(const json_t *record, const char *name, char *out, size_t size)
{
    vc_str_t value;

    value = vc_claim_text(record, name);
    if (value.data == NULL || value.len >= size) {
        return false;
    }

    memcpy(out, value.data, value.len);
    out[value.len] = '\0';

    return true;
}


static bool
vc_record_integer(const json_t *record, const char *name, int64_t *out)
{
    const json_t *value;

    value = json_object_get(record, name);
    *out = json_integer_value(value);

    return json_is_integer(value);
}


static bool
vc_principal_read_certificates(const json_t *list, vc_local_principal_t *out)
{
    size_t                      i;
    json_t                     *entry, *jwk;
    vc_principal_certificate_t *certificate;

    if (!json_is_array(list)
        || json_array_size(list) > VC_PRINCIPAL_CERTIFICATES_MAX)
    {
        return false;
    }

    json_array_foreach(list, i, entry)
    {
        certificate = &out->certificates[i];
        jwk = json_object_get(entry, "jwk");

        if (!json_is_object(jwk)
            || !vc_record_text(entry, "x5t", certificate->x5t,
                sizeof(certificate->x5t))
            || !vc_record_text(entry, "x5t#S256", certificate->x5t_s256,
                sizeof(certificate->x5t_s256))
            || !vc_record_integer(entry, "exp", &certificate->not_after))
        {
            return false;
        }

        certificate->jwk = json_incref(jwk);
        out->certificate_count = i + 1;
    }

    return true;
}


static bool
vc_principal_read_trust(vc_arena_t *arena, const json_t *entry,
    vc_trust_t *trust)
{
    trust->name = vc_str_copy(arena, vc_claim_text(entry, "name"));
    trust->issuer = vc_str_copy(arena, vc_claim_text(entry, "issuer"));
    trust->subject = vc_str_copy(arena, vc_claim_text(entry, "subject"));
    trust->audience = vc_str_copy(arena, vc_claim_text(entry, "audience"));

    return trust->name.len != 0 && trust->issuer.len != 0
           && trust->subject.len != 0 && trust->audience.len != 0;
}


/* list NULL: a record from before there were any */
static bool
vc_principal_read_trusts(vc_arena_t *arena, const json_t *list,
    vc_local_principal_t *out)
{
    size_t i, n;

    n = json_array_size(list);

    if (n > VC_TRUSTS_MAX) {
        return false;
    }

    out->trusts = (n == 0) ? NULL
                           : vc_arena_calloc(arena, n * sizeof(vc_trust_t));

    for (i = 0; i < n; i++) {
        if (out->trusts == NULL
            || !vc_principal_read_trust(arena, json_array_get(list, i),
                &out->trusts[i]))
        {
            return false;
        }

        out->trust_count = i + 1;
    }

    return true;
}


static bool
vc_principal_read(vc_arena_t *arena, const json_t *record,
    vc_local_principal_t *out)
{
    int64_t generation;

    if (!vc_record_text(record, "clientId", out->client_id,
            sizeof(out->client_id))
        || !vc_record_text(record, "objectId", out->object_id,
            sizeof(out->object_id))
        || !vc_record_text(record, "name", out->name, sizeof(out->name))
        || !vc_record_integer(record, "generation", &generation)
        || !vc_record_integer(record, "created", &out->created)
        || !vc_record_integer(record, "updated", &out->updated)
        || !vc_base64url_decode(arena, vc_claim_text(record, "secret"),
            &out->secret_hash)
        || !vc_principal_read_trusts(arena, json_object_get(record, "trusts"),
            out))
    {
        return false;
    }

    out->generation = (uint64_t) generation;

    return vc_principal_read_certificates(json_object_get(record,
                                              "certificates"),
        out);
}


vc_status_t
vc_principal_decode(vc_arena_t *arena, vc_str_t text, vc_local_principal_t *out)
{
    bool    good;
    json_t *record;

    memset(out, 0, sizeof(*out));

    record = json_loadb((const char *) text.data, text.len,
        JSON_REJECT_DUPLICATES, NULL);
    good = vc_principal_read(arena, record, out);
    json_decref(record);

    if (!good) {
        vc_local_principal_clear(out);
        return VC_INVALID;
    }

    return VC_OK;
}
