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
#define VERSIONS 6 /* more than a set has ways */

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


/* of versions whose first byte is the same, which so share a set */
static vc_key_place_t
place_of(uint8_t version[VC_VERSION_LEN], uint8_t set, uint8_t number)
{
    memset(version, 0, VC_VERSION_LEN);
    version[0] = set;
    version[VC_VERSION_LEN - 1] = number;

    return (vc_key_place_t){domain_a, version, EPOCH, NOW};
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
assert_kept(const vc_key_place_t *place, const vc_ready_key_t *expected)
{
    vc_ready_key_t *key;

    key = vc_key_cache_get(cache, place);
    assert_ptr_equal(key, expected);
    vc_key_software.release(key);
}


static void
test_kept(void **state)
{
    uint8_t        first[VC_VERSION_LEN], second[VC_VERSION_LEN];
    vc_key_place_t a, b;

    (void) state;

    a = place_of(first, 3, 1);
    b = place_of(second, 3, 2);
    assert_kept(&a, NULL);

    vc_key_cache_put(cache, &a, key_ready(KEY_P256));
    assert_kept(&a, key_ready(KEY_P256));
    assert_kept(&b, NULL);

    vc_key_cache_put(cache, &b, key_ready(KEY_P384));
    assert_kept(&a, key_ready(KEY_P256));
    assert_kept(&b, key_ready(KEY_P384));

    /* the same version again takes no second place */
    vc_key_cache_put(cache, &a, key_ready(KEY_P521));
    assert_kept(&a, key_ready(KEY_P521));
    vc_key_cache_drop(cache, first);
    assert_kept(&a, NULL);
    assert_kept(&b, key_ready(KEY_P384));
}


static void
test_expires(void **state)
{
    uint8_t        version[VC_VERSION_LEN];
    vc_key_place_t place;

    (void) state;

    place = place_of(version, 0, 1);
    vc_key_cache_put(cache, &place, key_ready(KEY_P256));

    place.now = NOW + VC_KEY_CACHE_SECONDS - 1;
    assert_kept(&place, key_ready(KEY_P256));

    place.now = NOW + VC_KEY_CACHE_SECONDS;
    assert_kept(&place, NULL);

    /* it is forgotten, not only hidden */
    place.now = NOW;
    assert_kept(&place, NULL);
}


static void
test_epoch(void **state)
{
    uint8_t        version[VC_VERSION_LEN];
    vc_key_place_t place;

    (void) state;

    place = place_of(version, 0, 1);
    vc_key_cache_put(cache, &place, key_ready(KEY_P256));

    place.epoch = EPOCH + 1;
    assert_kept(&place, NULL);
    place.epoch = EPOCH;
    assert_kept(&place, NULL);
}


/* a version restored into another vault has the same id there */
static void
test_domain(void **state)
{
    uint8_t        version[VC_VERSION_LEN];
    vc_key_place_t place;

    (void) state;

    place = place_of(version, 0, 1);
    vc_key_cache_put(cache, &place, key_ready(KEY_P256));

    place.domain = domain_b;
    assert_kept(&place, NULL);
    vc_key_cache_put(cache, &place, key_ready(KEY_P384));
    assert_kept(&place, key_ready(KEY_P384));

    place.domain = domain_a;
    assert_kept(&place, NULL);
}


static void
test_drop_and_clear(void **state)
{
    uint8_t        first[VC_VERSION_LEN], second[VC_VERSION_LEN];
    vc_key_place_t a, b;

    (void) state;

    a = place_of(first, 1, 1);
    b = place_of(second, 2, 1);

    vc_key_cache_drop(cache, first);
    vc_key_cache_clear(cache);

    vc_key_cache_put(cache, &a, key_ready(KEY_P256));
    vc_key_cache_put(cache, &b, key_ready(KEY_OCT256));
    vc_key_cache_drop(cache, first);
    assert_kept(&a, NULL);
    assert_kept(&b, key_ready(KEY_OCT256));

    vc_key_cache_put(cache, &a, key_ready(KEY_P256));
    vc_key_cache_clear(cache);
    assert_kept(&a, NULL);
    assert_kept(&b, NULL);

    vc_key_cache_put(cache, &a, key_ready(KEY_P256));
    assert_kept(&a, key_ready(KEY_P256));
}


/* one more than a set holds takes the place of one, and of no other set's */
static void
test_full(void **state)
{
    uint8_t         bytes[VC_VERSION_LEN], other[VC_VERSION_LEN];
    unsigned        i, kept;
    vc_key_place_t  place, elsewhere;
    vc_ready_key_t *key;

    (void) state;

    elsewhere = place_of(other, 6, 0);
    vc_key_cache_put(cache, &elsewhere, key_ready(KEY_P384));

    /* both fall into the set 5 */
    for (i = 0; i < 2 * VC_KEY_CACHE_WAYS; i++) {
        place = place_of(bytes, (uint8_t) (5 + (i % 2) * VC_KEY_CACHE_SETS),
            (uint8_t) i);
        vc_key_cache_put(cache, &place, key_ready(KEY_P256));
        assert_kept(&place, key_ready(KEY_P256));
    }

    kept = 0;

    for (i = 0; i < 2 * VC_KEY_CACHE_WAYS; i++) {
        place = place_of(bytes, (uint8_t) (5 + (i % 2) * VC_KEY_CACHE_SETS),
            (uint8_t) i);
        key = vc_key_cache_get(cache, &place);
        kept += (key != NULL);
        vc_key_software.release(key);
    }

    assert_int_equal(kept, VC_KEY_CACHE_WAYS);
    assert_kept(&elsewhere, key_ready(KEY_P384));
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
    uint8_t         version[VC_VERSION_LEN];
    vc_key_place_t  place;
    vc_ready_key_t *key, *got;

    (void) state;

    place = place_of(version, 0, 1);
    key = open_key(KEY_P256);
    vc_key_cache_put(cache, &place, key);
    vc_key_software.release(key);

    got = vc_key_cache_get(cache, &place);
    assert_ptr_equal(got, key);
    vc_key_cache_drop(cache, version);
    assert_signs(got);

    vc_key_cache_put(cache, &place, got);
    vc_key_cache_destroy(cache);
    cache = NULL;
    assert_signs(got);
    vc_key_software.release(got);

    vc_key_cache_destroy(NULL);
}


/* all of a few versions of one set, so that threads meet */
static void *
use_cache(void *data)
{
    size_t          i, bad;
    uint8_t         version[VC_VERSION_LEN], number;
    unsigned        seed;
    vc_key_place_t  place;
    vc_ready_key_t *key;

    seed = *(unsigned *) data;
    bad = 0;

    for (i = 0; i < ROUNDS; i++) {
        number = (uint8_t) (rand_r(&seed) % VERSIONS);
        place = place_of(version, 9, number);
        key = vc_key_cache_get(cache, &place);

        if (key == NULL) {
            vc_key_cache_put(cache, &place, key_ready(number));

        } else {
            bad += (key != key_ready(number));
            vc_key_software.release(key);
        }

        if (rand_r(&seed) % 64 == 0) {
            vc_key_cache_drop(cache, version);
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
    uint8_t         first[VC_VERSION_LEN], second[VC_VERSION_LEN];
    vc_key_place_t  a, b;
    vc_ready_key_t *key;

    (void) state;

    key = open_key(KEY_P256);
    a = place_of(first, 3, 1);
    b = place_of(second, 4, 2);
    b.now += 10;
    vc_key_cache_put(cache, &a, key);
    vc_key_cache_put(cache, &b, key);
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
        CACHE_TEST(test_expires),
        CACHE_TEST(test_expires_unasked),
        CACHE_TEST(test_epoch),
        CACHE_TEST(test_domain),
        CACHE_TEST(test_drop_and_clear),
        CACHE_TEST(test_full),
        CACHE_TEST(test_references),
        CACHE_TEST(test_threads),
    };

    return cmocka_run_group_tests(tests, key_fixture_open, key_fixture_close);
}
