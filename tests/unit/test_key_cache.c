/* api/key_cache.h: what is kept, how long, and for whom */

#include "key_fixture.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "api/key_cache.h"
#include "crypto/software.h"

#define NOW INT64_C(1800000000)
#define EPOCH 7
#define THREADS 4
#define ROUNDS 20000
#define VERSIONS 6
#define KEPT_MAX (VC_KEY_CACHE_SETS * VC_KEY_CACHE_WAYS)

static const uint8_t domain_a[VC_DOMAIN_LEN] = {1};
static const uint8_t domain_b[VC_DOMAIN_LEN] = {2};

static vc_key_cache_t *cache;


static int
set_up(void **state)
{
    (void) state;
    cache = vc_key_cache_create(&vc_key_software);

    return (cache == NULL) ? -1 : 0;
}


static int
tear_down(void **state)
{
    (void) state;
    vc_key_cache_destroy(cache);

    return 0;
}


/* a record of this number, and when it is looked for */
typedef struct {
    vc_object_place_t record;
    vc_key_wanted_t   wanted;
} spot_t;


static void
spot_at(spot_t *spot, const uint8_t *domain, size_t number)
{
    uint8_t id[VC_VERSION_LEN] = {0};

    memcpy(id, &number, sizeof(number));
    spot->record.key = vc_key_version(domain, 'k', VC_STR("name"), id);
    spot->record.revision = number;
    spot->wanted = (vc_key_wanted_t){&spot->record, EPOCH, NOW};
}


/* the ids of versions are made of the revisions */
static void
version_at(const spot_t *spot, uint8_t id[VC_VERSION_LEN])
{
    memset(id, 0, VC_VERSION_LEN);
    memcpy(id, &spot->record.revision, sizeof(spot->record.revision));
}


static void
put(const spot_t *spot, vc_ready_key_t *ready)
{
    vc_kept_key_t kept = {.ready = ready, .version.name = VC_STR("name")};

    version_at(spot, kept.version.id);
    vc_key_cache_put(cache, &spot->wanted, &kept);
}


/* with a reference; NULL: it is not kept */
static vc_ready_key_t *
get(const spot_t *spot)
{
    vc_kept_key_t kept;

    return vc_key_cache_get(cache, &spot->wanted, &kept) ? kept.ready : NULL;
}


static void
drop(const spot_t *spot)
{
    uint8_t id[VC_VERSION_LEN];

    version_at(spot, id);
    vc_key_cache_drop(cache, id);
}


static vc_ready_key_t *
open_key(size_t kind)
{
    vc_error_t      err;
    vc_ready_key_t *key;

    assert_int_equal(vc_key_software.open(&key_made(kind)->spec,
                         key_made(kind)->material, &key, &err),
        VC_OK);

    return key;
}


static void
assert_kept(const spot_t *spot, const vc_ready_key_t *expected)
{
    vc_ready_key_t *key;

    key = get(spot);
    assert_ptr_equal(key, expected);
    vc_key_software.release(key);
}


static void
test_kept(void **state)
{
    spot_t a, b;

    (void) state;

    spot_at(&a, domain_a, 1);
    spot_at(&b, domain_a, 2);
    assert_kept(&a, NULL);

    put(&a, key_ready(KEY_P256));
    assert_kept(&a, key_ready(KEY_P256));
    assert_kept(&b, NULL);

    put(&b, key_ready(KEY_P384));
    assert_kept(&a, key_ready(KEY_P256));
    assert_kept(&b, key_ready(KEY_P384));

    /* the same version again takes no second place */
    put(&a, key_ready(KEY_P521));
    assert_kept(&a, key_ready(KEY_P521));
    drop(&a);
    assert_kept(&a, NULL);
    assert_kept(&b, key_ready(KEY_P384));
}


/* what the record says, but for what lies in the arena of who read it */
static void
test_what_is_kept(void **state)
{
    char          name[] = "name";
    vc_kept_key_t kept = {.ready = key_ready(KEY_P256)}, found;
    spot_t        spot;

    (void) state;

    kept.version.name = vc_str(name);
    kept.version.content_type = VC_STR("type");
    kept.version.tags = VC_STR("{}");
    kept.version.payload = VC_STR("payload");
    kept.version.enabled = true;
    kept.version.expires = NOW;
    kept.stored.spec = key_specs[KEY_P256];
    kept.stored.operations = VC_KEY_SIGN;
    kept.stored.material = VC_STR("material");
    kept.stored.release_policy = VC_STR("policy");
    kept.stored.release_content_type = VC_STR("type");
    kept.stored.public_members = VC_STR("members");

    spot_at(&spot, domain_a, 1);
    vc_key_cache_put(cache, &spot.wanted, &kept);
    memset(name, 'x', sizeof(name));
    assert_true(vc_key_cache_get(cache, &spot.wanted, &found));

    assert_true(vc_str_eq(found.version.name, VC_STR("name")));
    assert_true(found.version.enabled && found.version.expires == NOW);
    assert_int_equal(found.stored.operations, VC_KEY_SIGN);
    assert_memory_equal(&found.stored.spec, &kept.stored.spec,
        sizeof(vc_key_spec_t));
    assert_ptr_equal(found.ready, kept.ready);

    assert_null(found.version.content_type.data);
    assert_null(found.version.tags.data);
    assert_null(found.version.payload.data);
    assert_null(found.stored.material.data);
    assert_null(found.stored.release_policy.data);
    assert_null(found.stored.release_content_type.data);
    assert_null(found.stored.public_members.data);
    vc_key_software.release(found.ready);
}


static void
test_expires(void **state)
{
    spot_t spot;

    (void) state;

    spot_at(&spot, domain_a, 1);
    put(&spot, key_ready(KEY_P256));

    spot.wanted.now = NOW + VC_KEY_CACHE_SECONDS - 1;
    assert_kept(&spot, key_ready(KEY_P256));

    spot.wanted.now = NOW + VC_KEY_CACHE_SECONDS;
    assert_kept(&spot, NULL);

    /* it is forgotten, not only hidden */
    spot.wanted.now = NOW;
    assert_kept(&spot, NULL);
}


static void
test_epoch(void **state)
{
    spot_t spot;

    (void) state;

    spot_at(&spot, domain_a, 1);
    put(&spot, key_ready(KEY_P256));

    spot.wanted.epoch = EPOCH + 1;
    assert_kept(&spot, NULL);
    spot.wanted.epoch = EPOCH;
    assert_kept(&spot, NULL);
}


/* what is written together has one revision: an object's versions, when they
   are restored, or another vault's key */
static void
test_same_revision(void **state)
{
    spot_t a, b, c;

    (void) state;

    spot_at(&a, domain_a, 1);
    spot_at(&b, domain_b, 1);
    spot_at(&c, domain_a, 2);
    c.record.revision = a.record.revision;

    put(&a, key_ready(KEY_P256));
    assert_kept(&b, NULL);
    assert_kept(&c, NULL);

    put(&b, key_ready(KEY_P384));
    put(&c, key_ready(KEY_P521));
    assert_kept(&a, key_ready(KEY_P256));
    assert_kept(&b, key_ready(KEY_P384));
    assert_kept(&c, key_ready(KEY_P521));
}


static void
test_drop_and_clear(void **state)
{
    spot_t a, b;

    (void) state;

    spot_at(&a, domain_a, 1);
    spot_at(&b, domain_a, 2);

    drop(&a);
    vc_key_cache_clear(cache);

    put(&a, key_ready(KEY_P256));
    put(&b, key_ready(KEY_OCT256));
    drop(&a);
    assert_kept(&a, NULL);
    assert_kept(&b, key_ready(KEY_OCT256));

    put(&a, key_ready(KEY_P256));
    vc_key_cache_clear(cache);
    assert_kept(&a, NULL);
    assert_kept(&b, NULL);

    put(&a, key_ready(KEY_P256));
    assert_kept(&a, key_ready(KEY_P256));
}


/* the newest always has a place; sets are filled evenly enough */
static void
test_full(void **state)
{
    size_t          i, kept;
    spot_t          spot;
    vc_ready_key_t *key;

    (void) state;

    for (i = 1; i <= 4 * KEPT_MAX; i++) {
        spot_at(&spot, domain_a, i);
        put(&spot, key_ready(KEY_P256));
        assert_kept(&spot, key_ready(KEY_P256));
    }

    kept = 0;

    for (i = 1; i <= 4 * KEPT_MAX; i++) {
        spot_at(&spot, domain_a, i);
        key = get(&spot);
        kept += (key != NULL);
        vc_key_software.release(key);
    }

    assert_in_range(kept, KEPT_MAX * 3 / 4, KEPT_MAX);
}


/* a record that was changed: what was kept of it is not kept beside it */
static void
test_changed(void **state)
{
    spot_t          spot;
    vc_ready_key_t *key;

    (void) state;

    key = open_key(KEY_P256);
    spot_at(&spot, domain_a, 1);
    put(&spot, key);
    assert_int_equal(atomic_load(&key->references), 2);

    spot.record.revision++;
    assert_kept(&spot, NULL);
    assert_int_equal(atomic_load(&key->references), 1);

    put(&spot, key);
    spot.record.revision++;
    put(&spot, key);
    assert_int_equal(atomic_load(&key->references), 2);
    assert_kept(&spot, key);
    vc_key_software.release(key);
}


static void
assert_signs(vc_ready_key_t *key)
{
    vc_error_t           err;
    vc_key_use_t         use;
    vc_key_result_t      result;
    static const uint8_t digest[32] = {1};

    memset(&use, 0, sizeof(use));
    use.operation = VC_KEY_SIGN;
    use.jwa = vc_jwa_find(VC_STR("ES256"));
    use.value = (vc_str_t){digest, sizeof(digest)};

    assert_int_equal(vc_key_software.compute(key, &use, key_arena(), &result,
                         &err),
        VC_OK);
    assert_int_equal(result.value.len, 64);
}


/* whoever got a key has it, whatever becomes of the cache; sanitizers see
   whether the last reference wipes it */
static void
test_references(void **state)
{
    spot_t          spot;
    vc_ready_key_t *key, *got;

    (void) state;

    spot_at(&spot, domain_a, 1);
    key = open_key(KEY_P256);
    put(&spot, key);
    vc_key_software.release(key);

    got = get(&spot);
    assert_ptr_equal(got, key);
    drop(&spot);
    assert_signs(got);

    put(&spot, got);
    vc_key_cache_destroy(cache);
    cache = NULL;
    assert_signs(got);
    vc_key_software.release(got);

    vc_key_cache_destroy(NULL);
}


/* all of a few versions, so that threads meet */
static void *
use_cache(void *data)
{
    size_t          i, bad;
    uint8_t         number;
    unsigned        seed;
    spot_t          spot;
    vc_ready_key_t *key;

    seed = *(unsigned *) data;
    bad = 0;

    for (i = 0; i < ROUNDS; i++) {
        number = (uint8_t) (rand_r(&seed) % VERSIONS);
        spot_at(&spot, domain_a, number);
        key = get(&spot);

        if (key == NULL) {
            put(&spot, key_ready(number));

        } else {
            bad += (key != key_ready(number));
            vc_key_software.release(key);
        }

        if (rand_r(&seed) % 64 == 0) {
            drop(&spot);
        }

        if (rand_r(&seed) % 256 == 0) {
            vc_key_cache_clear(cache);
        }
    }

    *(unsigned *) data = (unsigned) bad;

    return NULL;
}


static void
test_threads(void **state)
{
    size_t    i;
    unsigned  data[THREADS];
    pthread_t threads[THREADS];

    (void) state;

    for (i = 0; i < THREADS; i++) {
        data[i] = (unsigned) i + 1;
        assert_int_equal(pthread_create(&threads[i], NULL, use_cache, &data[i]),
            0);
    }

    for (i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(data[i], 0);
    }

    /* and the keys are what they were */
    assert_signs(key_ready(KEY_P256));
}


/* also those that nobody asks for again: of a purged key, nobody can */
static void
test_expires_unasked(void **state)
{
    spot_t          a, b;
    vc_ready_key_t *key;

    (void) state;

    key = open_key(KEY_P256);
    spot_at(&a, domain_a, 1);
    spot_at(&b, domain_a, 2);
    b.wanted.now += 10;
    put(&a, key);
    put(&b, key);
    assert_int_equal(atomic_load(&key->references), 3);

    vc_key_cache_expire(cache, NOW + VC_KEY_CACHE_SECONDS - 1);
    assert_int_equal(atomic_load(&key->references), 3);
    vc_key_cache_expire(cache, NOW + VC_KEY_CACHE_SECONDS);
    assert_int_equal(atomic_load(&key->references), 2);

    /* a clock that was set back makes no key last longer */
    vc_key_cache_expire(cache, NOW - 1);
    assert_int_equal(atomic_load(&key->references), 1);
    vc_key_software.release(key);
}


#define CACHE_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CACHE_TEST(test_kept),
        CACHE_TEST(test_what_is_kept),
        CACHE_TEST(test_expires),
        CACHE_TEST(test_expires_unasked),
        CACHE_TEST(test_epoch),
        CACHE_TEST(test_same_revision),
        CACHE_TEST(test_drop_and_clear),
        CACHE_TEST(test_full),
        CACHE_TEST(test_changed),
        CACHE_TEST(test_references),
        CACHE_TEST(test_threads),
    };

    return cmocka_run_group_tests(tests, key_fixture_open, key_fixture_close);
}
