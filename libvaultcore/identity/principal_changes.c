/* making, changing and deleting the local authority's principals */

#include "identity/local_principals.h"

#include <string.h>

#include "base/clock.h"
#include "identity/principal_build.h"
#include "identity/principal_record.h"

#define VC_COMMIT_ATTEMPTS 16


static vc_status_t
vc_principal_put(vc_session_t *session, vc_batch_t *batch, vc_arena_t *arena,
    const vc_local_principal_t *principal)
{
    vc_buf_t    record;
    vc_key_t    key;
    vc_status_t status;

    vc_buf_init(&record, arena, 512);

    status = vc_principal_encode(principal, &record);
    if (status != VC_OK) {
        return status;
    }

    key = vc_key_principal(vc_str(principal->client_id));

    return vc_sealed_put(session, NULL, batch, vc_key_view(&key),
        principal->revision, vc_buf_view(&record), 0);
}


/*
 * One attempt at a change: `prepare` reads the snapshot and fills the batch,
 * then the batch is committed.  principal->revision becomes the commit's.
 */
typedef vc_status_t (*vc_principal_change_t)(vc_session_t *session,
    vc_arena_t *arena, vc_batch_t *batch, vc_local_principal_t *principal,
    void *data, vc_error_t *err);


static vc_status_t
vc_principal_attempt(vc_session_t *session, vc_arena_t *arena,
    vc_principal_change_t prepare, vc_local_principal_t *principal, void *data,
    vc_error_t *err)
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

    if (err != NULL) {
        err->status = VC_OK;
    }

    status = prepare(session, arena, batch, principal, data, err);
    vc_session_end(session);

    if (status != VC_OK) {
        return (err != NULL && err->status == status)
                   ? status
                   : vc_fail_detail(err, status,
                       "a principal cannot be read or sealed: %s",
                       vc_status_name(status));
    }

    return vc_store_commit(vc_vaultstore_store(vc_session_vaultstore(session)),
        batch, &principal->revision, err);
}


static vc_status_t
vc_principal_change(vc_session_t *session, vc_arena_t *arena,
    vc_principal_change_t prepare, vc_local_principal_t *principal, void *data,
    vc_error_t *err)
{
    unsigned    i;
    vc_status_t status;

    status = VC_CONFLICT;

    for (i = 0; i < VC_COMMIT_ATTEMPTS && status == VC_CONFLICT; i++) {
        status = vc_principal_attempt(session, arena, prepare, principal, data,
            err);
    }

    return status;
}


static vc_status_t
vc_principal_prepare_create(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_local_principal_t *principal, void *data,
    vc_error_t *err)
{
    vc_status_t          status;
    vc_local_principal_t other;

    (void) data;

    status = vc_local_principal_find(session, arena, vc_str(principal->name),
        &other);

    if (status == VC_OK) {
        vc_local_principal_clear(&other);
        return vc_fail(err, VC_OBJECT_CONFLICT,
            "A principal with the name '%s' is there already.",
            principal->name);
    }

    if (status != VC_NOT_FOUND) {
        return status;
    }

    status = vc_sealed_claim(session, batch, "principals");
    if (status != VC_OK) {
        return status;
    }

    return vc_principal_put(session, batch, arena, principal);
}


vc_status_t
vc_local_principal_create(vc_session_t *session, vc_arena_t *arena,
    const vc_principal_spec_t *spec, vc_local_principal_t *out, char *secret,
    vc_error_t *err)
{
    vc_status_t status;

    memset(out, 0, sizeof(*out));
    secret[0] = '\0';

    status = vc_principal_build(arena, spec, out, secret, err);

    if (status == VC_OK) {
        status = vc_principal_change(session, arena,
            vc_principal_prepare_create, out, NULL, err);
    }

    if (status != VC_OK) {
        vc_local_principal_clear(out);
        vc_wipe(secret, VC_CLIENT_SECRET_LEN + 1);
    }

    return status;
}


typedef struct {
    vc_str_t who;
    vc_str_t secret_hash;
    /* a federated credential to add, or the name of one to take away */
    const vc_trust_t *trust;
} vc_principal_target_t;


/* into principal, whatever an earlier attempt left there */
static vc_status_t
vc_principal_find_target(vc_session_t *session, vc_arena_t *arena,
    vc_local_principal_t *principal, vc_str_t who, vc_error_t *err)
{
    vc_status_t status;

    vc_local_principal_clear(principal);

    status = vc_local_principal_find(session, arena, who, principal);

    if (status == VC_NOT_FOUND) {
        return vc_fail(err, VC_NOT_FOUND,
            "There is no principal with this client id or name.");
    }

    return status;
}


static vc_status_t
vc_principal_prepare_reset(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_local_principal_t *principal, void *data,
    vc_error_t *err)
{
    vc_status_t            status;
    vc_principal_target_t *target;

    target = data;

    status = vc_principal_find_target(session, arena, principal, target->who,
        err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_principal_new_generation(principal);
    if (status != VC_OK) {
        return status;
    }

    principal->updated = vc_now();
    principal->secret_hash = target->secret_hash;

    return vc_principal_put(session, batch, arena, principal);
}


vc_status_t
vc_local_principal_reset_secret(vc_session_t *session, vc_arena_t *arena,
    vc_str_t who, vc_local_principal_t *out, char *secret, vc_error_t *err)
{
    vc_status_t           status;
    vc_principal_target_t target;

    memset(out, 0, sizeof(*out));
    secret[0] = '\0';
    target.who = who;

    status = vc_principal_new_secret(arena, secret, &target.secret_hash);

    if (status != VC_OK) {
        vc_fail_detail(err, status, "a client secret cannot be made: %s",
            vc_status_name(status));

    } else {
        status = vc_principal_change(session, arena, vc_principal_prepare_reset,
            out, &target, err);
    }

    if (status != VC_OK) {
        vc_local_principal_clear(out);
        vc_wipe(secret, VC_CLIENT_SECRET_LEN + 1);
    }

    return status;
}


static vc_status_t
vc_principal_prepare_delete(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_local_principal_t *principal, void *data,
    vc_error_t *err)
{
    vc_key_t    key;
    vc_status_t status;

    status = vc_principal_find_target(session, arena, principal,
        ((vc_principal_target_t *) data)->who, err);
    if (status != VC_OK) {
        return status;
    }

    key = vc_key_principal(vc_str(principal->client_id));
    vc_batch_delete(batch, vc_key_view(&key), principal->revision);

    return VC_OK;
}


vc_status_t
vc_local_principal_delete(vc_session_t *session, vc_arena_t *arena,
    vc_str_t who, vc_error_t *err)
{
    vc_status_t           status;
    vc_local_principal_t  principal;
    vc_principal_target_t target;

    memset(&principal, 0, sizeof(principal));
    target = (vc_principal_target_t){who, VC_STR_NULL, NULL};

    status = vc_principal_change(session, arena, vc_principal_prepare_delete,
        &principal, &target, err);
    vc_local_principal_clear(&principal);

    return status;
}


static bool
vc_trust_same(const vc_trust_t *a, const vc_trust_t *b)
{
    return vc_str_eq(a->issuer, b->issuer) && vc_str_eq(a->subject, b->subject)
           && vc_str_eq(a->audience, b->audience);
}


static vc_status_t
vc_principal_check_trust(const vc_local_principal_t *principal,
    const vc_trust_t *trust, vc_error_t *err)
{
    size_t            i;
    const vc_trust_t *other;

    if (principal->trust_count >= VC_TRUSTS_MAX) {
        return vc_fail(err, VC_BAD_PARAMETER,
            "A principal can have at most %d federated credentials.",
            VC_TRUSTS_MAX);
    }

    for (i = 0; i < principal->trust_count; i++) {
        other = &principal->trusts[i];

        if (vc_str_ieq(other->name, trust->name)) {
            return vc_fail(err, VC_OBJECT_CONFLICT,
                "A federated credential with the name '%.*s' is there already.",
                VC_STR_ARG(other->name));
        }

        if (vc_trust_same(other, trust)) {
            return vc_fail(err, VC_OBJECT_CONFLICT,
                "The federated credential '%.*s' has the same issuer, subject "
                "and audience already.",
                VC_STR_ARG(other->name));
        }
    }

    return VC_OK;
}


static vc_status_t
vc_principal_prepare_trust(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_local_principal_t *principal, void *data,
    vc_error_t *err)
{
    vc_trust_t            *trusts;
    vc_status_t            status;
    vc_principal_target_t *target;

    target = data;

    status = vc_principal_find_target(session, arena, principal, target->who,
        err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_principal_check_trust(principal, target->trust, err);
    if (status != VC_OK) {
        return status;
    }

    trusts = vc_arena_calloc(arena,
        (principal->trust_count + 1) * sizeof(vc_trust_t));
    if (trusts == NULL) {
        return VC_NO_MEMORY;
    }

    if (principal->trust_count != 0) {
        memcpy(trusts, principal->trusts,
            principal->trust_count * sizeof(vc_trust_t));
    }

    trusts[principal->trust_count++] = *target->trust;
    principal->trusts = trusts;
    principal->updated = vc_now();

    return vc_principal_put(session, batch, arena, principal);
}


vc_status_t
vc_local_principal_add_trust(vc_session_t *session, vc_arena_t *arena,
    vc_str_t who, const vc_trust_t *trust, vc_local_principal_t *out,
    vc_error_t *err)
{
    vc_trust_t            built;
    vc_status_t           status;
    vc_principal_target_t target;

    memset(out, 0, sizeof(*out));

    status = vc_trust_build(trust, &built, err);
    if (status != VC_OK) {
        return status;
    }

    target = (vc_principal_target_t){who, VC_STR_NULL, &built};

    status = vc_principal_change(session, arena, vc_principal_prepare_trust,
        out, &target, err);

    if (status != VC_OK) {
        vc_local_principal_clear(out);
    }

    return status;
}


static vc_status_t
vc_principal_prepare_distrust(vc_session_t *session, vc_arena_t *arena,
    vc_batch_t *batch, vc_local_principal_t *principal, void *data,
    vc_error_t *err)
{
    size_t                 i;
    vc_status_t            status;
    vc_principal_target_t *target;

    target = data;

    status = vc_principal_find_target(session, arena, principal, target->who,
        err);
    if (status != VC_OK) {
        return status;
    }

    for (i = 0; i < principal->trust_count; i++) {
        if (vc_str_ieq(principal->trusts[i].name, target->trust->name)) {
            break;
        }
    }

    if (i == principal->trust_count) {
        return vc_fail(err, VC_NOT_FOUND,
            "The principal has no federated credential of this name.");
    }

    status = vc_principal_new_generation(principal);
    if (status != VC_OK) {
        return status;
    }

    principal->trust_count--;
    memmove(&principal->trusts[i], &principal->trusts[i + 1],
        (principal->trust_count - i) * sizeof(vc_trust_t));
    principal->updated = vc_now();

    return vc_principal_put(session, batch, arena, principal);
}


vc_status_t
vc_local_principal_remove_trust(vc_session_t *session, vc_arena_t *arena,
    vc_str_t who, vc_str_t name, vc_local_principal_t *out, vc_error_t *err)
{
    vc_trust_t            trust;
    vc_status_t           status;
    vc_principal_target_t target;

    memset(out, 0, sizeof(*out));
    memset(&trust, 0, sizeof(trust));
    trust.name = name;
    target = (vc_principal_target_t){who, VC_STR_NULL, &trust};

    status = vc_principal_change(session, arena, vc_principal_prepare_distrust,
        out, &target, err);

    if (status != VC_OK) {
        vc_local_principal_clear(out);
    }

    return status;
}
