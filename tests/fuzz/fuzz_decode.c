/* stored bytes and small formats; the first byte chooses which */

#include "fuzz.h"
#include "identity/form.h"
#include "objects/object_record.h"
#include "vaults/vault_codec.h"


static void
fuzz_base64url(vc_arena_t *arena, vc_str_t input)
{
    vc_buf_t again;
    vc_str_t bytes;

    if (!vc_base64url_decode(arena, input, &bytes)) {
        return;
    }

    /* what decodes has one form only, apart from padding */
    vc_buf_init(&again, arena, 0);
    vc_base64url_encode(&again, bytes);

    if (again.len > input.len || !vc_str_starts(input, vc_buf_view(&again))) {
        abort();
    }
}


static void
fuzz_object(vc_arena_t *arena, vc_str_t input)
{
    vc_buf_t    again;
    vc_object_t object;

    if (vc_object_decode(input, &object) != VC_OK) {
        return;
    }

    vc_buf_init(&again, arena, 0);
    vc_object_encode(&object, &again);

    if (vc_object_decode(vc_buf_view(&again), &object) != VC_OK) {
        abort();
    }
}


static void
fuzz_jws(vc_arena_t *arena, vc_str_t input)
{
    vc_jws_t   jws;
    vc_error_t err;

    if (vc_jws_parse(arena, input, &jws, &err) == VC_OK) {
        vc_jws_clear(&jws);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vc_str_t    input;
    vc_form_t   form;
    vc_vault_t  vault;
    vc_arena_t *arena;

    if (size == 0) {
        return 0;
    }

    input = (vc_str_t){data + 1, size - 1};
    arena = vc_arena_create(1024);
    if (arena == NULL) {
        return 0;
    }

    switch (data[0]) {
    case 'b':
        fuzz_base64url(arena, input);
        break;
    case 'o':
        fuzz_object(arena, input);
        break;
    case 'v':
        (void) !vc_vault_decode(input, arena, &vault);
        break;
    case 'f':
        (void) !vc_form_parse(arena, input, &form);
        break;
    case 'j':
        fuzz_jws(arena, input);
        break;
    default:
        (void) vc_utf8_valid(input);
        break;
    }

    vc_arena_destroy(arena);

    return 0;
}
