/* what a process opens once, and what each of its threads works with */

#include "api/engine.h"

#include <stdlib.h>
#include <string.h>

#include "identity/claims.h"

#define VC_TOKEN_CACHE_ENTRIES 16384
#define VC_VAULT_CACHE_ENTRIES 256


static void
vc_context_destroy(vc_context_t *context)
{
    if (context != NULL) {
        vc_vault_cache_destroy(context->vaults);
        vc_session_destroy(context->session);
        free(context);
    }
}


static vc_context_t *
vc_context_create(vc_engine_t *engine)
{
    vc_context_t *context;

    context = calloc(1, sizeof(vc_context_t));
    if (context == NULL) {
        return NULL;
    }

    if (vc_session_create(engine->store, &context->session) != VC_OK
        || vc_vault_cache_create(VC_VAULT_CACHE_ENTRIES,
               vc_str(engine->installation.id), &context->vaults)
               != VC_OK)
    {
        vc_context_destroy(context);
        return NULL;
    }

    return context;
}


vc_context_t *
vc_engine_context(vc_engine_t *engine)
{
    vc_context_t *context;

    (void) pthread_mutex_lock(&engine->lock);

    context = engine->free_contexts;
    if (context != NULL) {
        engine->free_contexts = context->next;
    }

    (void) pthread_mutex_unlock(&engine->lock);

    return (context != NULL) ? context : vc_context_create(engine);
}


void
vc_engine_context_release(vc_engine_t *engine, vc_context_t *context)
{
    (void) pthread_mutex_lock(&engine->lock);

    if (atomic_load(&engine->quiet)) {
        vc_session_forget(context->session);
    }

    context->next = engine->free_contexts;
    engine->free_contexts = context;

    (void) pthread_mutex_unlock(&engine->lock);
}


void
vc_engine_rest(vc_engine_t *engine)
{
    vc_session_end(engine->loop->session);
}


void
vc_engine_idle(vc_engine_t *engine)
{
    vc_context_t *context;

    (void) pthread_mutex_lock(&engine->lock);

    atomic_store(&engine->quiet, true);

    for (context = engine->free_contexts; context != NULL;
         context = context->next) {
        vc_session_forget(context->session);
    }

    (void) pthread_mutex_unlock(&engine->lock);

    vc_session_forget(engine->loop->session);
    vc_key_cache_clear(engine->key_cache);
}


/* what the local authority issues tokens for: vaults, and their management */
static bool
vc_engine_set_audiences(vc_engine_t *engine)
{
    size_t                     count;
    vc_str_t                  *audiences;
    const vc_engine_options_t *options;

    options = engine->options;
    count = options->resource_count;

    audiences = vc_arena_calloc(engine->arena, (count + 1) * sizeof(vc_str_t));
    if (audiences == NULL) {
        return false;
    }

    if (count != 0) {
        memcpy(audiences, options->resources, count * sizeof(vc_str_t));
    }

    /* without a vault's resource it has nothing to do, which is refused */
    if (count != 0 && options->management.base_url.len != 0) {
        audiences[count++] = options->management.base_url;
    }

    engine->local.audiences = audiences;
    engine->local.audience_count = count;

    return true;
}


static vc_status_t
vc_engine_add_local(vc_engine_t *engine, vc_error_t *err)
{
    vc_buf_t                  issuer, login;
    const vc_local_options_t *local;

    local = &engine->options->local;

    if (!vc_engine_set_audiences(engine)) {
        return vc_fail_detail(err, VC_NO_MEMORY, "out of memory");
    }

    engine->local.base_url = local->base_url;
    engine->local.tenant = vc_str(engine->installation.tenant);
    engine->local.token_lifetime = (local->token_lifetime == 0)
                                       ? VC_TOKEN_LIFETIME
                                       : local->token_lifetime;

    engine->local.authorities = engine->authorities;

    if (local->base_url.len == 0) {
        return VC_OK;
    }

    vc_buf_init(&issuer, engine->arena, 256);
    vc_local_authority_issuer(&engine->local, &issuer);

    vc_buf_init(&login, engine->arena, 256);
    vc_buf_str(&login, local->base_url);
    vc_buf_text(&login, "/");
    vc_buf_str(&login, engine->local.tenant);

    if (issuer.failed || login.failed) {
        return vc_fail_detail(err, VC_NO_MEMORY, "out of memory");
    }

    return vc_authorities_add_local(engine->authorities, vc_buf_view(&issuer),
        vc_buf_view(&login), engine->local.audiences,
        engine->local.audience_count, err);
}


/* an audience is either's, see vc_authorities_set_management() */
static vc_status_t
vc_engine_check_management(const vc_engine_options_t *options, vc_error_t *err)
{
    size_t   i;
    vc_str_t base_url;

    base_url = options->management.base_url;

    for (i = 0; base_url.len != 0 && i < options->resource_count; i++) {
        if (vc_address_eq(options->resources[i], base_url)) {
            return vc_fail(err, VC_BAD_PARAMETER,
                "The management plane and vaults cannot have the same "
                "resource, \"%.*s\": tokens for one must not be good for the "
                "other.",
                VC_STR_ARG(base_url));
        }
    }

    return VC_OK;
}


static vc_status_t
vc_engine_add_authorities(vc_engine_t *engine, vc_error_t *err)
{
    size_t      i;
    vc_status_t status;

    status = vc_engine_check_management(engine->options, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_authorities_create(vc_str(engine->installation.tenant), 0,
        &engine->authorities);

    if (status == VC_OK) {
        vc_authorities_set_management(engine->authorities,
            engine->options->management.base_url);
    }

    for (i = 0; status == VC_OK && i < engine->options->authority_count; i++) {
        status = vc_authorities_add(engine->authorities,
            &engine->options->authorities[i], err);
    }

    return (status == VC_OK) ? vc_engine_add_local(engine, err) : status;
}


static vc_status_t
vc_engine_add_attestations(vc_engine_t *engine, vc_error_t *err)
{
    size_t      i;
    vc_status_t status;

    status = vc_authorities_create(vc_str(engine->installation.tenant), 0,
        &engine->attestations);

    for (i = 0; status == VC_OK && i < engine->options->attestation_count; i++)
    {
        status = vc_authorities_add(engine->attestations,
            &engine->options->attestations[i], err);
    }

    return status;
}


/* what the configuration's authorities are together, in this installation */
static vc_status_t
vc_engine_check_authorities(const vc_engine_options_t *options,
    const vc_installation_t *installation, vc_arena_t *arena, vc_error_t *err)
{
    vc_engine_t engine;
    vc_status_t status;

    memset(&engine, 0, sizeof(engine));
    engine.options = options;
    engine.installation = *installation;
    engine.arena = arena;

    status = vc_engine_add_authorities(&engine, err);

    if (status == VC_OK) {
        status = vc_engine_add_attestations(&engine, err);
    }

    vc_authorities_destroy(engine.authorities);
    vc_authorities_destroy(engine.attestations);

    return status;
}


static vc_status_t
vc_engine_read_installation(vc_vaultstore_t *store, vc_arena_t *arena,
    vc_installation_t *out, vc_error_t *err)
{
    vc_status_t   status;
    vc_session_t *session;

    status = vc_session_create(store, &session);
    if (status != VC_OK) {
        return vc_fail_detail(err, status, "out of memory");
    }

    status = vc_session_begin(session, err);
    if (status == VC_OK) {
        status = vc_installation_get(session, arena, out);
        vc_session_end(session);

        if (status == VC_NOT_FOUND) {
            status = vc_fail(err, VC_NOT_FOUND,
                "the store was not initialised completely; run \"vaultctl "
                "init\"");
        }
    }

    vc_session_destroy(session);

    return status;
}


/* what follows once the store is open */
static vc_status_t
vc_engine_start(vc_engine_t *engine, vc_error_t *err)
{
    size_t      entries;
    vc_str_t    region;
    vc_status_t status;

    status = vc_engine_read_installation(engine->store, engine->arena,
        &engine->installation, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_engine_add_authorities(engine, err);

    if (status == VC_OK) {
        status = vc_engine_add_attestations(engine, err);
    }

    if (status != VC_OK) {
        return status;
    }

    region = engine->options->region;
    if (region.len == 0 || region.len >= sizeof(engine->region)) {
        region = VC_STR("local");
    }

    memcpy(engine->region, region.data, region.len);

    entries = engine->options->token_cache;
    status = vc_token_cache_create(entries == 0 ? VC_TOKEN_CACHE_ENTRIES
                                                : entries,
        &engine->tokens);

    if (status == VC_OK) {
        status = vc_vaultstore_derive(engine->store, "paging",
            engine->paging_key);
    }

    engine->loop = vc_context_create(engine);

    if (status != VC_OK || engine->loop == NULL) {
        return vc_fail_detail(err, VC_NO_MEMORY, "the engine has no memory");
    }

    return VC_OK;
}


vc_status_t
vc_engine_open(const vc_engine_options_t *options, vc_engine_t **out,
    vc_error_t *err)
{
    vc_engine_t *engine;
    vc_status_t  status;

    vc_json_secure_memory();

    engine = calloc(1, sizeof(vc_engine_t));
    if (engine == NULL) {
        return vc_fail_detail(err, VC_NO_MEMORY, "out of memory");
    }

    (void) pthread_mutex_init(&engine->lock, NULL);
    (void) pthread_mutex_init(&engine->turn, NULL);
    engine->options = options;
    engine->arena = vc_arena_create(1024);
    engine->keys = &vc_key_software;
    engine->key_cache = vc_key_cache_create(engine->keys);

    if (engine->arena == NULL || engine->key_cache == NULL) {
        vc_engine_close(engine);
        return vc_fail_detail(err, VC_NO_MEMORY, "out of memory");
    }

    status = vc_vaultstore_open(options->store_path, options->store_size,
        VC_STORE_WRITER, options->seal, &engine->store, err);
    if (status == VC_OK) {
        status = vc_engine_start(engine, err);
    }

    if (status != VC_OK) {
        vc_engine_close(engine);
        return status;
    }

    *out = engine;

    return VC_OK;
}


void
vc_engine_close(vc_engine_t *engine)
{
    vc_context_t *context;

    if (engine == NULL) {
        return;
    }

    while (engine->free_contexts != NULL) {
        context = engine->free_contexts;
        engine->free_contexts = context->next;
        vc_context_destroy(context);
    }

    while (engine->spare_count > 0) {
        vc_arena_destroy(engine->spare[--engine->spare_count]);
    }

    vc_context_destroy(engine->loop);
    vc_token_cache_destroy(engine->tokens);
    vc_key_cache_destroy(engine->key_cache);
    vc_authorities_destroy(engine->authorities);
    vc_authorities_destroy(engine->attestations);
    vc_vaultstore_close(engine->store);
    vc_arena_destroy(engine->arena);
    (void) pthread_mutex_destroy(&engine->turn);
    (void) pthread_mutex_destroy(&engine->lock);
    vc_wipe(engine, sizeof(vc_engine_t));
    free(engine);
}


static vc_status_t
vc_engine_check_options(const vc_engine_options_t *options, vc_error_t *err)
{
    size_t      i;
    vc_status_t status;

    status = VC_OK;

    for (i = 0; status == VC_OK && i < options->authority_count; i++) {
        status = vc_authority_check(&options->authorities[i], err);
    }

    for (i = 0; status == VC_OK && i < options->attestation_count; i++) {
        status = vc_authority_check(&options->attestations[i], err);
    }

    return status;
}


vc_status_t
vc_engine_check(const vc_engine_options_t *options, vc_error_t *err)
{
    vc_arena_t       *arena;
    vc_status_t       status;
    vc_vaultstore_t  *store;
    vc_installation_t installation;

    status = vc_engine_check_options(options, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_vaultstore_open(options->store_path, options->store_size,
        VC_STORE_INSPECT, options->seal, &store, err);
    if (status != VC_OK) {
        return status;
    }

    arena = vc_arena_create(1024);
    status = (arena == NULL)
                 ? vc_fail_detail(err, VC_NO_MEMORY, "out of memory")
                 : vc_engine_read_installation(store, arena, &installation,
                     err);

    if (status == VC_OK) {
        status = vc_engine_check_authorities(options, &installation, arena,
            err);
    }

    vc_arena_destroy(arena);
    vc_vaultstore_close(store);

    return status;
}
