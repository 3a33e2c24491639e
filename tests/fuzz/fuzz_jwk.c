/* keys for import: JSON, or the DER of PKCS#8; what is taken can be used */

#include "fuzz.h"
#include "crypto/key_provider.h"


static void
fuzz_use(const vc_key_made_t *made, vc_arena_t *arena)
{
    vc_error_t      err;
    vc_key_made_t   again;
    vc_ready_key_t *key;

    if (vc_key_software.open(&made->spec, made->material, &key, &err) != VC_OK)
    {
        abort();
    }

    vc_key_software.release(key);

    if (made->spec.kty != VC_KTY_OCT
        && (vc_key_software.import_pkcs8(made->material, arena, &again, &err)
                != VC_OK
            || !vc_str_eq(again.public_members, made->public_members)))
    {
        abort();
    }
}


static void
fuzz_check(vc_status_t status, const vc_key_made_t *made, vc_arena_t *arena)
{
    if (status == VC_OK) {
        fuzz_use(made, arena);

    } else if (status != VC_BAD_PARAMETER) {
        abort();
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t       *jwk;
    vc_arena_t   *arena;
    vc_error_t    err;
    vc_key_made_t made;

    arena = vc_arena_create(16384);
    if (arena == NULL) {
        return 0;
    }

    jwk = json_loadb((const char *) data, size,
        JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);

    if (jwk != NULL) {
        fuzz_check(vc_key_software.import_jwk(jwk, arena, &made, &err), &made,
            arena);
        json_decref(jwk);
    }

    fuzz_check(vc_key_software.import_pkcs8((vc_str_t){data, size}, arena,
                   &made, &err),
        &made, arena);
    vc_arena_destroy(arena);

    return 0;
}
