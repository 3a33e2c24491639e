/* identity/token.h: the cache of outcomes */

#include "token_fixture.h"


static vc_status_t
cached(vc_token_cache_t *cache, vc_str_t token, int64_t now,
    vc_principal_t **out)
{
    vc_error_t      err;
    vc_status_t     status;
    vc_authority_t *refresh;

    fixture_begin(&sts.f);
    status = vc_token_cache_verify(cache, sts.authorities, sts.f.session, token,
        now, out, &refresh, &err);
    vc_session_end(sts.f.session);

    return status;
}


static void
test_cache(void **state)
{
    size_t            i, k;
    vc_str_t          tokens[5];
    json_t           *claims;
    vc_principal_t   *first, *again;
    vc_token_cache_t *cache;

    (void) state;

    assert_int_equal(vc_token_cache_create((size_t) 1 << 30, &cache),
        VC_INVALID);
    vc_token_cache_destroy(NULL);
    assert_int_equal(vc_token_cache_create(3, &cache), VC_OK);

    for (i = 0; i < COUNT(tokens); i++) {
        claims = good_claims();
        json_object_set_new(claims, "uti", json_integer((json_int_t) i));
        tokens[i] = rsa_token(claims);
    }

    /* a hit is the same object */
    assert_int_equal(cached(cache, tokens[0], NOW, &first), VC_OK);
    assert_int_equal(first->references, 2);
    assert_int_equal(cached(cache, tokens[0], NOW, &again), VC_OK);
    assert_ptr_equal(first, again);
    assert_int_equal(first->references, 3);
    vc_principal_release(again);

    /* three fit; the one unused for longest makes room */
    for (i = 1; i < 3; i++) {
        assert_int_equal(cached(cache, tokens[i], NOW, &again), VC_OK);
        vc_principal_release(again);
    }

    assert_int_equal(cached(cache, tokens[0], NOW, &again), VC_OK);
    vc_principal_release(again);
    assert_int_equal(cached(cache, tokens[3], NOW, &again), VC_OK);
    vc_principal_release(again);
    assert_int_equal(first->references, 2); /* 0 is in, 1 is out */
    assert_int_equal(cached(cache, tokens[4], NOW, &again), VC_OK);
    vc_principal_release(again);
    assert_int_equal(cached(cache, tokens[1], NOW, &again), VC_OK);
    vc_principal_release(again);
    assert_int_equal(first->references, 1); /* now 0 is out */
    vc_principal_release(first);

    /* whatever the order of use */
    for (i = 0; i < 200; i++) {
        for (k = 0; k < COUNT(tokens); k++) {
            assert_int_equal(cached(cache, tokens[(i * k) % COUNT(tokens)], NOW,
                                 &again),
                VC_OK);
            vc_principal_release(again);
        }
    }

    vc_token_cache_clear(cache);
    assert_int_equal(cached(cache, tokens[0], NOW, &again), VC_OK);
    assert_int_equal(again->references, 2);
    vc_token_cache_destroy(cache);
    assert_int_equal(again->references, 1);
    vc_principal_release(again);
}


static void
test_cache_and_time(void **state)
{
    uint8_t          *altered;
    vc_str_t          token;
    vc_principal_t   *principal;
    vc_token_cache_t *cache;

    (void) state;

    assert_int_equal(vc_token_cache_create(0, &cache), VC_OK);
    token = rsa_token(good_claims());

    assert_int_equal(cached(cache, token, NOW, &principal), VC_OK);
    vc_principal_release(principal);
    assert_int_equal(cached(cache, token, NOW + 3659, &principal), VC_OK);
    vc_principal_release(principal);
    assert_int_equal(cached(cache, token, NOW + 3660, &principal),
        VC_UNAUTHORIZED);
    assert_null(principal);
    /* it was dropped, and is not taken back */
    assert_int_equal(cached(cache, token, NOW + 3660, &principal),
        VC_UNAUTHORIZED);

    /* a token that differs in its last character is another token */
    assert_int_equal(cached(cache, token, NOW, &principal), VC_OK);
    vc_principal_release(principal);
    altered = (uint8_t *) vc_str_dup(sts.f.arena, token);
    altered[token.len - 3] ^= 1;
    assert_int_equal(cached(cache, (vc_str_t){altered, token.len}, NOW,
                         &principal),
        VC_UNAUTHORIZED);
    assert_int_equal(cached(cache, (vc_str_t){altered, 0}, NOW, &principal),
        VC_UNAUTHORIZED);

    vc_token_cache_destroy(cache);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cache),
        cmocka_unit_test(test_cache_and_time),
    };

    return cmocka_run_group_tests(tests, token_set_up, token_tear_down);
}
