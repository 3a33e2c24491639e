/*
 * What fuzz targets share.  Each target is one function, for libFuzzer; the
 * corpus of fuzz_x lies in corpus/x.
 */

#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

#include "engine_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static fixture_t fuzz_fixture_kept __attribute__((unused));


static inline void
fuzz_fixture_close(void)
{
    fixture_close(&fuzz_fixture_kept);
}


/* one vault for all inputs of a run */
static inline fixture_t *
fuzz_fixture(void)
{
    static bool ready;

    if (!ready) {
        fixture_open(&fuzz_fixture_kept);
        (void) atexit(fuzz_fixture_close);
        ready = true;
    }

    return &fuzz_fixture_kept;
}


/* whatever was asked: an answer, its body JSON, and one record of it */
static inline void
fuzz_check_answer(vc_call_t *call)
{
    json_t              *json;
    vc_buf_t             line;
    const vc_response_t *response;

    response = vc_call_response(call);

    if (response->status < 200 || response->status == 500) {
        abort();
    }

    if (response->body.len != 0) {
        json = json_loadb((const char *) response->body.data,
            response->body.len, JSON_REJECT_DUPLICATES, NULL);
        if (json == NULL) {
            abort();
        }

        json_decref(json);
    }

    vc_buf_init(&line, vc_call_arena(call), 0);
    vc_call_record(call, response->status, 1, &line);

    if (line.failed || line.len == 0) {
        abort();
    }

    json = json_loadb((const char *) line.data, line.len,
        JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (json == NULL) {
        abort();
    }

    json_decref(json);
}

#endif /* TESTS_FUZZ_H */
