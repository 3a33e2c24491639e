#include "api/key_compute.h"


/* runs work where long computations run, and returns after it */
static void
vc_key_run(vc_engine_t *engine, void (*work)(void *data), void *data)
{
    if (engine->options->compute != NULL) {
        engine->options->compute(work, data);
        return;
    }

    work(data);
}


/* one piece of work and how it came out; which members are used depends */
typedef struct {
    vc_engine_t         *engine;
    vc_arena_t          *arena;
    vc_error_t          *err;
    vc_status_t          status;
    const vc_key_spec_t *spec;
    const json_t        *jwk;
    vc_ready_key_t      *key;
    vc_str_t             ciphertext;
    vc_key_made_t       *made;
} vc_key_work_t;


static void
vc_key_work_generate(void *data)
{
    vc_key_work_t *work = data;

    work->status = work->engine->keys->generate(work->spec,
        work->engine->options->ending, work->arena, work->made, work->err);
}


vc_status_t
vc_key_generate(vc_engine_t *engine, const vc_key_spec_t *spec,
    vc_arena_t *arena, vc_key_made_t *out, vc_error_t *err)
{
    vc_key_work_t work = {
        .engine = engine,
        .arena = arena,
        .err = err,
        .spec = spec,
        .made = out,
    };

    vc_key_run(engine, vc_key_work_generate, &work);

    return work.status;
}


static void
vc_key_work_import_jwk(void *data)
{
    vc_key_work_t *work = data;

    work->status = work->engine->keys->import_jwk(work->jwk, work->arena,
        work->made, work->err);
}


vc_status_t
vc_key_import_jwk(vc_call_t *call, const json_t *jwk, vc_key_made_t *out)
{
    vc_key_work_t work = {
        .engine = call->engine,
        .arena = call->arena,
        .err = &call->error,
        .jwk = jwk,
        .made = out,
    };

    vc_key_run(call->engine, vc_key_work_import_jwk, &work);

    return work.status;
}


static void
vc_key_work_import_transfer(void *data)
{
    vc_str_t       pkcs8;
    vc_key_work_t *work = data;

    work->status = work->engine->keys->unwrap_transfer(work->key,
        work->ciphertext, work->arena, &pkcs8, work->err);

    if (work->status == VC_OK) {
        work->status = work->engine->keys->import_pkcs8(pkcs8, work->arena,
            work->made, work->err);
    }
}


vc_status_t
vc_key_import_transfer(vc_call_t *call, vc_ready_key_t *exchange,
    vc_str_t ciphertext, vc_key_made_t *out)
{
    vc_key_work_t work = {
        .engine = call->engine,
        .arena = call->arena,
        .err = &call->error,
        .key = exchange,
        .ciphertext = ciphertext,
        .made = out,
    };

    vc_key_run(call->engine, vc_key_work_import_transfer, &work);

    return work.status;
}
