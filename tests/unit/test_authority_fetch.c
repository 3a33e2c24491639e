/* identity/authority.h: issuers that fail, are down, or slow */

#include "issuer_fixture.h"

#include <pthread.h>

#include "base/clock.h"


/* whatever goes wrong: the keys stay, and the floor holds */
static void
test_failing_issuer(void **state)
{
    static const serve_t kinds[] = {SERVE_GARBAGE, SERVE_ERROR, SERVE_REDIRECT,
        SERVE_HUGE, SERVE_ENDLESS, SERVE_NOTHING};

    int                    before;
    size_t                 i;
    int64_t                now;
    vc_error_t             err;
    vc_authority_t        *authority;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    serve_keys(issuer.rsa, "k1");
    options = url_options();
    authorities = authorities_with(&options, 30);
    authority = vc_authorities_at(authorities, 0);
    assert_int_equal(vc_authority_refresh(authority, NOW, &err), VC_OK);

    for (i = 0, now = NOW; i < COUNT(kinds); i++) {
        issuer.serving = (int) kinds[i];
        now += 100;
        before = issuer.requests;

        assert_key(authority, "k9", now, VC_AGAIN);
        assert_int_equal(vc_authority_refresh(authority, now, &err),
            VC_UNAVAILABLE);
        assert_int_equal(err.status, VC_UNAVAILABLE);
        assert_int_equal(issuer.requests - before, 1);
        assert_key(authority, "k1", now, VC_OK);

        assert_key(authority, "k9", now + 29, VC_NOT_FOUND);
        assert_int_equal(vc_authority_refresh(authority, now + 29, &err),
            VC_UNAVAILABLE);
        assert_int_equal(issuer.requests - before, 1);
        assert_false(vc_authority_refresh_due(authority, now + 29));
        assert_true(vc_authority_refresh_due(authority, now + 30));
    }

    vc_authorities_destroy(authorities);
}


static void
test_issuer_is_down(void **state)
{
    vc_error_t             err;
    vc_authority_t        *authority;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    options = url_options();
    options.jwks_url = VC_STR("http://127.0.0.1:1/keys");
    authorities = authorities_with(&options, 0);
    authority = vc_authorities_at(authorities, 0);

    assert_int_equal(vc_authority_refresh(authority, NOW, &err),
        VC_UNAVAILABLE);
    assert_null(strstr(err.message, "127.0.0.1")); /* clients may see it */
    assert_key(authority, "k1", NOW, VC_ISSUER_UNAVAILABLE);
    assert_key(authority, "k1", NOW + 30, VC_AGAIN);

    vc_authorities_destroy(authorities);
}


static void *
refresh(void *authority)
{
    vc_error_t err;

    return (vc_authority_refresh(authority, NOW, &err) == VC_OK) ? authority
                                                                 : NULL;
}


/* one fetch for all who ask at the same time, and nobody waits for a lock */
static void
test_slow_issuer(void **state)
{
    int                    before;
    void                  *good;
    size_t                 i, successes;
    uint64_t               start;
    pthread_t              threads[16];
    vc_authority_t        *authority;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    serve_keys(issuer.rsa, "k1");
    issuer.serving = SERVE_SLOWLY;
    options = url_options();
    authorities = authorities_with(&options, 30);
    authority = vc_authorities_at(authorities, 0);
    before = issuer.requests;

    for (i = 0; i < COUNT(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, refresh, authority),
            0);
    }

    usleep(100000);
    start = vc_monotonic_ns();
    assert_key(authority, "k1", NOW, VC_AGAIN);
    assert_false(vc_authority_refresh_due(authority, NOW));
    assert_true(vc_monotonic_ns() - start < 50000000);

    for (i = 0, successes = 0; i < COUNT(threads); i++) {
        assert_int_equal(pthread_join(threads[i], &good), 0);
        successes += (good != NULL);
    }

    assert_int_equal(issuer.requests - before, 1);
    assert_true(successes >= 9); /* who fetched, and eight who waited */
    assert_key(authority, "k1", NOW, VC_OK);

    vc_authorities_destroy(authorities);
}


/* an issuer that takes the request and says nothing costs ten seconds */
static void
test_silent_issuer(void **state)
{
    uint64_t               start, took;
    vc_error_t             err;
    vc_authorities_t      *authorities;
    vc_authority_options_t options;

    (void) state;

    issuer.serving = SERVE_SILENCE;
    options = url_options();
    authorities = authorities_with(&options, 30);

    start = vc_monotonic_ns();
    assert_int_equal(vc_authority_refresh(vc_authorities_at(authorities, 0),
                         NOW, &err),
        VC_UNAVAILABLE);
    took = (vc_monotonic_ns() - start) / 1000000;
    assert_in_range(took, 9000, 11500);

    vc_authorities_destroy(authorities);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failing_issuer),
        cmocka_unit_test(test_issuer_is_down),
        cmocka_unit_test(test_slow_issuer),
        cmocka_unit_test(test_silent_issuer),
    };

    return cmocka_run_group_tests(tests, issuer_set_up, issuer_tear_down);
}
