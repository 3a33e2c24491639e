/* what keys are told by their owners: policies and transfer files; the first
   byte chooses which */

#include "fuzz.h"
#include "objects/byok.h"
#include "objects/duration.h"
#include "objects/release_policy.h"
#include "objects/rotation.h"


static void
fuzz_require(bool good)
{
    if (!good) {
        abort();
    }
}


/* good, or refused with words that can be sent */
static bool
fuzz_is_good(vc_status_t status, const vc_error_t *err)
{
    if (status == VC_OK) {
        return true;
    }

    fuzz_require(status == VC_BAD_PARAMETER && err->status == status);
    fuzz_require(
        err->message[0] != '\0' && vc_utf8_valid(vc_str(err->message)));

    return false;
}


static void
fuzz_duration(vc_arena_t *arena, vc_str_t input)
{
    size_t        i;
    vc_buf_t      text;
    vc_duration_t d, again;

    static const int64_t moments[] = {INT64_MIN, -1, 0, 1800000000, INT64_MAX};

    if (!vc_duration_parse(input, &d)) {
        return;
    }

    vc_buf_init(&text, arena, 0);
    vc_duration_text(&d, &text);
    fuzz_require(vc_duration_parse(vc_buf_view(&text), &again));
    fuzz_require(d.years == again.years && d.months == again.months
                 && d.days == again.days);

    for (i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        fuzz_require(vc_duration_after(moments[i], &d) >= moments[i]);
        fuzz_require(vc_duration_before(moments[i], &d) <= moments[i]);
    }
}


static bool
fuzz_read_rotation(vc_str_t text, vc_rotation_policy_t *out)
{
    bool       good;
    json_t    *body;
    vc_error_t err;

    body = json_loadb((const char *) text.data, text.len,
        JSON_REJECT_DUPLICATES, NULL);
    if (body == NULL) {
        return false;
    }

    good = fuzz_is_good(vc_rotation_parse(body, out, &err), &err);
    json_decref(body);

    return good;
}


/* what was read can be written again, and is the same then */
static void
fuzz_rotation(vc_arena_t *arena, vc_str_t input)
{
    vc_buf_t             text, stored, again;
    vc_rotation_policy_t policy;

    if (!fuzz_read_rotation(input, &policy)) {
        return;
    }

    vc_buf_init(&stored, arena, 0);
    vc_rotation_encode(&policy, &stored);
    fuzz_require(vc_rotation_decode(vc_buf_view(&stored), &policy) == VC_OK);

    vc_buf_init(&text, arena, 0);
    vc_buf_u8(&text, '{');
    vc_rotation_json(&policy, false, &text);
    vc_buf_u8(&text, '}');
    fuzz_require(fuzz_read_rotation(vc_buf_view(&text), &policy));

    vc_buf_init(&again, arena, 0);
    vc_rotation_encode(&policy, &again);
    fuzz_require(vc_str_eq(vc_buf_view(&stored), vc_buf_view(&again)));
}


/* a stored policy has one form only */
static void
fuzz_stored_rotation(vc_arena_t *arena, vc_str_t input)
{
    vc_buf_t             again;
    vc_rotation_policy_t policy;

    if (vc_rotation_decode(input, &policy) != VC_OK) {
        return;
    }

    vc_buf_init(&again, arena, 0);
    vc_rotation_encode(&policy, &again);
    fuzz_require(vc_str_eq(vc_buf_view(&again), input));
}


static void
fuzz_release(vc_str_t input)
{
    bool       met, good;
    json_t    *claims;
    vc_error_t err;

    claims = json_pack("{s:i,s:s,s:{s:b,s:n},s:f}", "a", 1, "b", "x", "c", "d",
        1, "e", "c.f", 0.5);

    good = fuzz_is_good(vc_release_policy_check(input, &err), &err);
    fuzz_require(
        good
        == fuzz_is_good(vc_release_policy_meets(input, VC_STR("https://a.test"),
                            claims, &met, &err),
            &err));
    fuzz_require(good || !met);

    /* nobody attests nothing */
    (void) !vc_release_policy_meets(input, VC_STR_NULL, claims, &met, NULL);
    fuzz_require(!met);

    json_decref(claims);
}


static void
fuzz_byok(vc_arena_t *arena, vc_str_t key_hsm)
{
    vc_byok_t  byok;
    vc_error_t err;

    if (fuzz_is_good(vc_byok_parse(key_hsm, arena, &byok, &err), &err)) {
        fuzz_require(byok.kid.len != 0 && byok.ciphertext.len != 0);
    }
}


/* the same, with the base64 around it, which a fuzzer finds hard to make */
static void
fuzz_byok_file(vc_arena_t *arena, vc_str_t file)
{
    vc_buf_t text;

    vc_buf_init(&text, arena, 0);
    vc_base64url_encode(&text, file);
    fuzz_byok(arena, vc_buf_view(&text));
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vc_str_t    input;
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
    case 'r':
        fuzz_rotation(arena, input);
        break;
    case 's':
        fuzz_stored_rotation(arena, input);
        break;
    case 'p':
        fuzz_release(input);
        break;
    case 'b':
        fuzz_byok(arena, input);
        break;
    case 'f':
        fuzz_byok_file(arena, input);
        break;
    default:
        fuzz_duration(arena, input);
        break;
    }

    vc_arena_destroy(arena);

    return 0;
}
