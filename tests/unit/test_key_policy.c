/* objects/key_policy.h: what is kept of a key, and what time brings to it */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "objects/key_policy.h"

#define CREATED INT64_C(1800000000)
#define DAY INT64_C(86400)
#define EXPIRES (CREATED + 365 * DAY)

static vc_arena_t *arena;


static int
set_up(void **state)
{
    (void) state;
    arena = vc_arena_create(4096);

    return (arena == NULL) ? -1 : 0;
}


static int
tear_down(void **state)
{
    (void) state;
    vc_arena_destroy(arena);

    return 0;
}


static vc_key_policy_t
after_create(unsigned days)
{
    vc_key_policy_t policy;

    memset(&policy, 0, sizeof(policy));
    policy.has_rotation = true;
    policy.rotation = vc_rotation_default();
    policy.rotation.has_rotate = true;
    policy.rotation.trigger = VC_TRIGGER_AFTER_CREATE;
    policy.rotation.rotate.days = days;

    return policy;
}


static vc_key_policy_t
before_expiry(unsigned days)
{
    vc_key_policy_t policy;

    policy = after_create(days);
    policy.rotation.trigger = VC_TRIGGER_BEFORE_EXPIRY;
    policy.rotation.has_expiry = true;
    policy.rotation.expiry.years = 1;

    return policy;
}


static vc_str_t
encode(const vc_key_policy_t *policy)
{
    vc_buf_t out;

    vc_buf_init(&out, arena, 128);
    vc_key_policy_encode(policy, &out);
    assert_false(out.failed);

    return vc_buf_view(&out);
}


/* a live key; policy NULL: nobody has set one */
static vc_object_t
key_with(const vc_key_policy_t *policy, bool expires)
{
    vc_buf_t        payload;
    vc_object_t     object;
    vc_stored_key_t key;

    memset(&object, 0, sizeof(object));
    memset(&key, 0, sizeof(key));
    key.spec.kty = VC_KTY_EC;
    key.spec.curve = VC_CURVE_P256;
    key.operations = VC_KEY_SIGN;

    vc_buf_init(&payload, arena, 64);
    vc_stored_key_encode(&key, &payload);
    assert_false(payload.failed);

    memset(object.version.id, 0x11, VC_VERSION_LEN);
    object.version.created = CREATED;
    object.version.enabled = true;
    object.version.has_expires = expires;
    object.version.expires = expires ? EXPIRES : 0;
    object.version.payload = vc_buf_view(&payload);

    if (policy != NULL) {
        object.policy = encode(policy);
    }

    return object;
}


/* the key of another payload */
static void
set_key(vc_object_t *object, bool imported, uint32_t operations)
{
    vc_buf_t        payload;
    vc_stored_key_t key;

    assert_int_equal(vc_stored_key_decode(object->version.payload, &key),
        VC_OK);
    key.imported = imported;
    key.operations = operations;

    vc_buf_init(&payload, arena, 64);
    vc_stored_key_encode(&key, &payload);
    assert_false(payload.failed);
    object->version.payload = vc_buf_view(&payload);
}


static void
assert_next(const vc_object_t *object, vc_key_due_t due, int64_t when)
{
    int64_t at;

    at = -1;
    assert_int_equal(vc_key_policy_next(object, &at), due);
    assert_true(at == when);
    assert_true(vc_key_policy_due(object) == when);
}


static void
test_round_trip(void **state)
{
    vc_key_policy_t policy, out;

    (void) state;

    policy = before_expiry(40);
    policy.rotation.notify.days = 11;
    policy.rotation.created = CREATED;
    policy.rotation.updated = CREATED + 1;
    memset(policy.announced, 0xa5, VC_VERSION_LEN);
    policy.announced_expiry = EXPIRES;

    memset(&out, 0x55, sizeof(out));
    assert_int_equal(vc_key_policy_decode(encode(&policy), &out), VC_OK);
    assert_true(out.has_rotation);
    assert_true(out.rotation.has_rotate);
    assert_int_equal(out.rotation.trigger, VC_TRIGGER_BEFORE_EXPIRY);
    assert_int_equal(out.rotation.rotate.days, 40);
    assert_int_equal(out.rotation.notify.days, 11);
    assert_true(out.rotation.has_expiry);
    assert_int_equal(out.rotation.expiry.years, 1);
    assert_true(out.rotation.created == CREATED);
    assert_true(out.rotation.updated == CREATED + 1);
    assert_memory_equal(out.announced, policy.announced, VC_VERSION_LEN);
    assert_true(out.announced_expiry == EXPIRES);

    /* without one the key has the default */
    policy.has_rotation = false;
    assert_int_equal(vc_key_policy_decode(encode(&policy), &out), VC_OK);
    assert_false(out.has_rotation);
    assert_false(out.rotation.has_rotate);
    assert_int_equal(out.rotation.notify.days, VC_ROTATION_NOTIFY_DEFAULT);
    assert_memory_equal(out.announced, policy.announced, VC_VERSION_LEN);
    assert_true(out.announced_expiry == EXPIRES);
}


static void
test_nothing_kept(void **state)
{
    static const uint8_t zero[VC_VERSION_LEN];

    vc_key_policy_t out;

    (void) state;

    memset(&out, 0x55, sizeof(out));
    assert_int_equal(vc_key_policy_decode(VC_STR_NULL, &out), VC_OK);
    assert_false(out.has_rotation);
    assert_int_equal(out.rotation.notify.days, VC_ROTATION_NOTIFY_DEFAULT);
    assert_memory_equal(out.announced, zero, VC_VERSION_LEN);
    assert_true(out.announced_expiry == 0);
}


static void
test_damaged(void **state)
{
    size_t          len;
    uint8_t        *bytes;
    vc_str_t        record;
    vc_key_policy_t policy, out;

    (void) state;

    policy = after_create(90);
    record = encode(&policy);
    bytes = vc_arena_calloc(arena, record.len + 1);
    assert_non_null(bytes);
    memcpy(bytes, record.data, record.len);

    for (len = 1; len < record.len; len++) {
        /* all but its rotation is a policy, too */
        assert_int_equal(vc_key_policy_decode((vc_str_t){bytes, len}, &out),
            (len == 1 + VC_VERSION_LEN + 8) ? VC_OK : VC_INVALID);
    }

    assert_int_equal(vc_key_policy_decode((vc_str_t){bytes, record.len + 1},
                         &out),
        VC_INVALID);

    bytes[0]++;
    assert_int_equal(vc_key_policy_decode((vc_str_t){bytes, record.len}, &out),
        VC_INVALID);
}


static void
test_default(void **state)
{
    vc_object_t object;

    (void) state;

    object = key_with(NULL, false);
    assert_next(&object, VC_KEY_DUE_NOTHING, 0);

    object = key_with(NULL, true);
    assert_next(&object, VC_KEY_DUE_ANNOUNCE, EXPIRES - 30 * DAY);
}


static void
test_rotate(void **state)
{
    vc_object_t     object;
    vc_key_policy_t policy;

    (void) state;

    policy = after_create(90);
    object = key_with(&policy, false);
    assert_next(&object, VC_KEY_DUE_ROTATE, CREATED + 90 * DAY);

    policy = before_expiry(60);
    object = key_with(&policy, true);
    assert_next(&object, VC_KEY_DUE_ROTATE, EXPIRES - 60 * DAY);

    /* there is no expiry before which it could happen */
    object = key_with(&policy, false);
    assert_next(&object, VC_KEY_DUE_NOTHING, 0);
}


static void
test_which_is_first(void **state)
{
    vc_object_t     object;
    vc_key_policy_t policy;

    (void) state;

    policy = before_expiry(29);
    object = key_with(&policy, true);
    assert_next(&object, VC_KEY_DUE_ANNOUNCE, EXPIRES - 30 * DAY);

    policy = before_expiry(31);
    object = key_with(&policy, true);
    assert_next(&object, VC_KEY_DUE_ROTATE, EXPIRES - 31 * DAY);

    /* a key that is replaced need not be announced any more */
    policy = before_expiry(30);
    object = key_with(&policy, true);
    assert_next(&object, VC_KEY_DUE_ROTATE, EXPIRES - 30 * DAY);
}


static void
test_announced_once(void **state)
{
    vc_object_t     object;
    vc_key_policy_t policy;

    (void) state;

    policy = before_expiry(20);
    memset(policy.announced, 0x11, VC_VERSION_LEN);
    policy.announced_expiry = EXPIRES;
    object = key_with(&policy, true);
    assert_next(&object, VC_KEY_DUE_ROTATE, EXPIRES - 20 * DAY);

    /* another end of the same version, and another version with this end */
    object.version.expires += DAY;
    assert_next(&object, VC_KEY_DUE_ANNOUNCE, EXPIRES - 29 * DAY);

    object.version.expires = EXPIRES;
    object.version.id[0]++;
    assert_next(&object, VC_KEY_DUE_ANNOUNCE, EXPIRES - 30 * DAY);

    /* it was announced, and has no end now */
    policy = after_create(90);
    memset(policy.announced, 0x11, VC_VERSION_LEN);
    policy.announced_expiry = EXPIRES;
    object = key_with(&policy, false);
    assert_next(&object, VC_KEY_DUE_ROTATE, CREATED + 90 * DAY);
}


/* what was never made here cannot be made again */
static void
test_not_rotated(void **state)
{
    vc_object_t     object;
    vc_key_policy_t policy;

    (void) state;

    policy = after_create(90);

    object = key_with(&policy, true);
    set_key(&object, true, VC_KEY_SIGN);
    assert_next(&object, VC_KEY_DUE_ANNOUNCE, EXPIRES - 30 * DAY);

    object = key_with(&policy, false);
    set_key(&object, true, VC_KEY_SIGN);
    assert_next(&object, VC_KEY_DUE_NOTHING, 0);

    object = key_with(&policy, false);
    set_key(&object, false, VC_KEY_IMPORT);
    assert_next(&object, VC_KEY_DUE_NOTHING, 0);
}


static void
test_waits(void **state)
{
    vc_object_t     object;
    vc_key_policy_t policy;

    (void) state;

    policy = after_create(90);

    object = key_with(&policy, true);
    object.version.enabled = false;
    assert_next(&object, VC_KEY_DUE_NOTHING, 0);

    /* what cannot be read brings nothing, and harms nothing */
    object = key_with(&policy, true);
    object.policy.len--;
    assert_next(&object, VC_KEY_DUE_NOTHING, 0);

    object = key_with(&policy, false);
    object.version.payload.len--;
    assert_next(&object, VC_KEY_DUE_NOTHING, 0);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_nothing_kept),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_default),
        cmocka_unit_test(test_rotate),
        cmocka_unit_test(test_which_is_first),
        cmocka_unit_test(test_announced_once),
        cmocka_unit_test(test_not_rotated),
        cmocka_unit_test(test_waits),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
