#include "api/key_chore.h"

#include <string.h>

#include "api/key_compute.h"
#include "api/key_rotation.h"
#include "audit/record.h"
#include "base/clock.h"

#define VC_KEY_NAME_AT (1 + VC_DOMAIN_LEN + 1)
#define VC_DAY 86400

/* one due record; the arena holds all that is read for it */
typedef struct {
    vc_engine_t   *engine;
    vc_vault_t     vault;
    vc_objects_t   objects;
    vc_str_t       name;
    const uint8_t *domain;
    bool           found; /* the vault */
} vc_chore_t;


static bool
vc_chore_is_key(vc_str_t key)
{
    return key.len > VC_KEY_NAME_AT && key.len <= VC_KEY_NAME_AT + VC_NAME_MAX
           && key.data[0] == 'h'
           && key.data[1 + VC_DOMAIN_LEN] == (uint8_t) VC_KIND_KEY;
}


/* --- finding it ------------------------------------------------------------------ */

/* a record names its vault's domain, a vault is kept by name */
static vc_status_t
vc_chore_visit(const vc_vault_t *vault, void *data)
{
    vc_chore_t *chore = data;

    if (memcmp(vault->domain, chore->domain, VC_DOMAIN_LEN) == 0) {
        chore->vault = *vault;
        chore->found = true;

        /* the visitor's memory: nothing of it is needed */
        chore->vault.policies = NULL;
        chore->vault.policy_count = 0;
        chore->vault.location = VC_STR_NULL;
        chore->vault.tags = VC_STR_NULL;
        memset(&chore->vault.network, 0, sizeof(chore->vault.network));
    }

    return VC_OK;
}


/* begins a snapshot, and reads vault and key in it; VC_NOT_FOUND: gone */
static vc_status_t
vc_chore_begin(vc_chore_t *chore, vc_object_t *out)
{
    vc_status_t status;

    status = vc_session_begin(chore->objects.session, chore->objects.err);
    if (status != VC_OK) {
        return status;
    }

    chore->found = false;
    status = vc_vault_each(chore->objects.session, chore->objects.arena,
        vc_chore_visit, chore);

    if (status == VC_OK) {
        status = chore->found
                     ? vc_object_get(&chore->objects, 'h', chore->name, out)
                     : VC_NOT_FOUND;
    }

    if (status != VC_OK) {
        vc_session_end(chore->objects.session);
    }

    return status;
}


/* --- its access record ------------------------------------------------------------ */

/* "https://demo.vault.localhost/keys/n/…", by the first address that vaults
   are served at: nobody called */
static void
vc_chore_put_id(const vc_chore_t *chore, const vc_object_t *object,
    vc_buf_t *out)
{
    size_t   i;
    uint8_t *hex;
    vc_str_t resource;

    resource = (chore->engine->options->resource_count == 0)
                   ? VC_STR("https://localhost")
                   : chore->engine->options->resources[0];

    for (i = 0; i < resource.len; i++) {
        vc_buf_u8(out, resource.data[i]);

        if (i >= 2 && resource.data[i] == '/' && resource.data[i - 1] == '/') {
            vc_buf_text(out, chore->vault.name);
            vc_buf_literal(out, ".");
        }
    }

    vc_buf_literal(out, "/keys/");
    vc_buf_str(out, object->version.name);
    vc_buf_literal(out, "/");

    hex = vc_buf_reserve(out, (size_t) 2 * VC_VERSION_LEN);
    if (hex != NULL) {
        vc_hex_encode((char *) hex, object->version.id, VC_VERSION_LEN);
    }
}


static void
vc_chore_record(const vc_chore_t *chore, const vc_object_t *object,
    vc_str_t operation)
{
    vc_buf_t           id, line;
    vc_access_record_t record;

    if (chore->engine->options->record == NULL) {
        return;
    }

    vc_buf_init(&id, chore->objects.arena, 256);
    vc_chore_put_id(chore, object, &id);

    record = (vc_access_record_t){
        .operation = operation,
        .status = 200,
        .subscription = vc_str(chore->engine->installation.id),
        .group = vc_str(chore->vault.group),
        .vault = vc_str(chore->vault.name),
        .object_id = vc_buf_view(&id),
    };

    vc_buf_init(&line, chore->objects.arena, 1024);
    vc_access_record_write(&record, &line);

    if (id.failed || line.failed) {
        vc_log(VC_LOG_ERROR, "out of memory: a record of %.*s is lost",
            VC_STR_ARG(operation));
        return;
    }

    chore->engine->options->record(vc_buf_view(&line));
}


/* --- doing it ----------------------------------------------------------------------- */

static vc_status_t
vc_chore_announce(vc_chore_t *chore, vc_object_t *object)
{
    vc_buf_t        encoded;
    vc_status_t     status;
    vc_key_policy_t policy;

    status = vc_key_policy_decode(object->policy, &policy);
    if (status != VC_OK) {
        return status;
    }

    memcpy(policy.announced, object->version.id, VC_VERSION_LEN);
    policy.announced_expiry = object->version.expires;

    vc_buf_init(&encoded, chore->objects.arena, 128);
    vc_key_policy_encode(&policy, &encoded);

    if (encoded.failed) {
        return VC_NO_MEMORY;
    }

    status = vc_object_set_policy(&chore->objects, chore->name,
        vc_buf_view(&encoded), object);

    if (status == VC_OK) {
        vc_chore_record(chore, object,
            VC_STR("KeyNearExpiryEventGridNotification"));
    }

    return status;
}


/* stores the new version, unless the key has changed since it was made, or its
   vault is to go */
static vc_status_t
vc_chore_store(vc_chore_t *chore, const vc_key_made_t *made, uint64_t revision)
{
    vc_object_t head, next;
    vc_status_t status;

    status = vc_chore_begin(chore, &head);
    if (status != VC_OK) {
        return status;
    }

    status = (head.revision == revision && chore->vault.deleted == 0)
                 ? vc_key_rotate_version(&head, made, &chore->objects, &next)
                 : VC_CONFLICT;

    if (status == VC_OK) {
        status = vc_object_set(&chore->objects, &next);
    }

    vc_session_end(chore->objects.session);

    if (status == VC_OK) {
        vc_chore_record(chore, &next, VC_STR("KeyRotateIfDue"));
    }

    return status;
}


/* the snapshot is left while the key is made */
static vc_status_t
vc_chore_rotate(vc_chore_t *chore, const vc_object_t *head)
{
    vc_status_t     status;
    vc_key_made_t   made;
    vc_stored_key_t key;

    status = vc_stored_key_decode(head->version.payload, &key);
    vc_session_end(chore->objects.session);

    if (status == VC_OK) {
        status = vc_key_generate(chore->engine, &key.spec, chore->objects.arena,
            &made, chore->objects.err);
    }

    return (status == VC_OK) ? vc_chore_store(chore, &made, head->revision)
                             : status;
}


static int64_t
vc_chore_tomorrow(const vc_object_t *object)
{
    (void) object;

    return vc_now() + VC_DAY;
}


/* the keys of a deleted vault wait for its recovery, or its end */
static vc_status_t
vc_chore_put_off(vc_chore_t *chore, vc_object_t *object)
{
    vc_objects_t later;

    later = chore->objects;
    later.due = vc_chore_tomorrow;

    return vc_object_set_policy(&later, chore->name, object->policy, object);
}


static vc_status_t
vc_chore_do(vc_chore_t *chore)
{
    int64_t      at;
    vc_object_t  object;
    vc_status_t  status;
    vc_key_due_t due;

    status = vc_chore_begin(chore, &object);
    if (status != VC_OK) {
        return status;
    }

    due = vc_key_policy_next(&object, &at);

    if (due == VC_KEY_DUE_ROTATE && at <= chore->objects.now
        && chore->vault.deleted == 0)
    {
        return vc_chore_rotate(chore, &object);
    }

    if (chore->vault.deleted != 0) {
        status = vc_chore_put_off(chore, &object);

    } else if (due == VC_KEY_DUE_ANNOUNCE && at <= chore->objects.now) {
        status = vc_chore_announce(chore, &object);
    }

    vc_session_end(chore->objects.session);

    return status;
}


vc_status_t
vc_key_chore(vc_engine_t *engine, vc_context_t *context, vc_arena_t *arena,
    vc_str_t key, int64_t now, vc_error_t *err)
{
    vc_chore_t  chore;
    vc_status_t status;

    if (!vc_chore_is_key(key)) {
        return VC_NOT_FOUND;
    }

    memset(&chore, 0, sizeof(chore));
    chore.engine = engine;
    chore.domain = key.data + 1;
    chore.name = (vc_str_t){key.data + VC_KEY_NAME_AT,
        key.len - VC_KEY_NAME_AT};
    chore.objects.session = context->session;
    chore.objects.arena = arena;
    chore.objects.vault = &chore.vault;
    chore.objects.kind = VC_KIND_KEY;
    chore.objects.due = vc_key_policy_due;
    chore.objects.now = now;
    chore.objects.err = err;

    status = vc_chore_do(&chore);

    /* gone, or somebody else was first */
    return (status == VC_NOT_FOUND || status == VC_CONFLICT) ? VC_OK : status;
}
