/* the life of a token of the local authority: forged, revoked, rotated */

#include "local_fixture.h"

#include "base/clock.h"


/* claims as the local authority would make them, but for one */
static vc_status_t
verify_forged(vc_authorities_t *authorities, const char *name, json_t *value)
{
    vc_jws_t        jws;
    json_t         *claims;
    vc_str_t        token;
    vc_error_t      err;
    vc_status_t     status;
    vc_principal_t *p;

    assert_int_equal(vc_jws_parse(local.f.arena, token_by_secret(), &jws, &err),
        VC_OK);
    claims = json_deep_copy(jws.claims);
    json_object_set_new(claims, name, value);
    token = sign_token(local.f.arena, local.jwk, VC_ALG_RS256,
        vc_str_dup(local.f.arena, jws.kid), claims);
    vc_jws_clear(&jws);

    status = verify(authorities, token, NOW, &p, &err);
    if (status == VC_OK) {
        vc_principal_release(p);
    }

    return status;
}


static void
test_forged_tokens(void **state)
{
    vc_authorities_t *authorities;

    (void) state;

    authorities = make_authorities();
    /* the right kid, another key */
    assert_int_equal(verify_forged(authorities, "uti", json_string("x")),
        VC_UNAUTHORIZED);
    assert_int_equal(verify_forged(authorities, "iss",
                         json_string("https://sts.test/")),
        VC_UNAUTHORIZED);
    vc_authorities_destroy(authorities);
}


static vc_status_t
cached(vc_token_cache_t *cache, vc_authorities_t *authorities, vc_str_t token,
    vc_principal_t **out, vc_error_t *err)
{
    vc_status_t     status;
    vc_authority_t *refresh;

    fixture_begin(&local.f);
    status = vc_token_cache_verify(cache, authorities, local.f.session, token,
        NOW, out, &refresh, err);
    vc_session_end(local.f.session);

    return status;
}


/* a reset secret and a deleted principal end their tokens at once */
static void
test_revocation(void **state)
{
    char                 other_secret[VC_CLIENT_SECRET_LEN + 1];
    vc_str_t             token, old_token;
    vc_error_t           err;
    vc_principal_t      *p, *kept;
    vc_authorities_t    *authorities;
    vc_token_cache_t    *cache;
    vc_principal_spec_t  spec;
    vc_local_principal_t other, after;

    (void) state;

    authorities = make_authorities();
    assert_int_equal(vc_token_cache_create(8, &cache), VC_OK);
    old_token = token_by_secret();
    assert_int_equal(cached(cache, authorities, old_token, &kept, &err), VC_OK);

    /* a change elsewhere moves the epoch, and the entry is checked again */
    memset(&spec, 0, sizeof(spec));
    spec.name = VC_STR("another");
    spec.with_secret = true;
    assert_int_equal(vc_local_principal_create(local.f.session, local.f.arena,
                         &spec, &other, other_secret, &err),
        VC_OK);
    assert_int_equal(cached(cache, authorities, old_token, &p, &err), VC_OK);
    assert_ptr_equal(p, kept);
    vc_principal_release(p);

    assert_int_equal(vc_local_principal_reset_secret(local.f.session,
                         local.f.arena, vc_str(local.app.client_id), &after,
                         local.secret, &err),
        VC_OK);
    vc_local_principal_clear(&local.app);
    local.app = after;

    assert_int_equal(cached(cache, authorities, old_token, &p, &err),
        VC_UNAUTHORIZED);
    assert_non_null(strstr(err.message, "AKV10006"));
    assert_int_equal(cached(cache, authorities, old_token, &p, &err),
        VC_UNAUTHORIZED);
    assert_int_equal(verify(authorities, old_token, NOW, &p, &err),
        VC_UNAUTHORIZED);
    assert_int_equal(kept->references, 1);

    fixture_begin(&local.f);
    assert_int_equal(vc_token_recheck(kept, local.f.session, NOW, &err),
        VC_UNAUTHORIZED);
    vc_session_end(local.f.session);
    vc_principal_release(kept);

    token = token_by_secret();
    assert_int_equal(cached(cache, authorities, token, &p, &err), VC_OK);

    fixture_begin(&local.f);
    assert_int_equal(vc_token_recheck(p, local.f.session, NOW, &err), VC_OK);
    assert_int_equal(vc_token_recheck(p, local.f.session, NOW + 3660, &err),
        VC_UNAUTHORIZED);
    vc_session_end(local.f.session);
    vc_principal_release(p);

    assert_int_equal(vc_local_principal_delete(local.f.session, local.f.arena,
                         vc_str(local.app.client_id), &err),
        VC_OK);
    assert_int_equal(cached(cache, authorities, token, &p, &err),
        VC_UNAUTHORIZED);
    assert_int_equal(verify(authorities, token, NOW, &p, &err),
        VC_UNAUTHORIZED);

    /* the tests that follow go on with the other one */
    vc_local_principal_clear(&local.app);
    local.app = other;
    memcpy(local.secret, other_secret, sizeof(local.secret));

    vc_token_cache_destroy(cache);
    vc_authorities_destroy(authorities);
}


static void
put_signing_key(int64_t created, const char *kid)
{
    char       *text;
    vc_key_t    place;
    vc_error_t  err;
    vc_batch_t *batch;

    text = json_dumps(local.other_jwk, 0);
    place = vc_key_signing(created, vc_str(kid));

    fixture_begin(&local.f);
    batch = vc_batch_create(local.f.arena);
    assert_int_equal(vc_sealed_put(local.f.session, NULL, batch,
                         vc_key_view(&place), VC_REVISION_NONE, vc_str(text),
                         0),
        VC_OK);
    vc_session_end(local.f.session);
    assert_int_equal(vc_store_commit(vc_vaultstore_store(local.f.store), batch,
                         NULL, &err),
        VC_OK);
    free(text);
}


static bool
key_is_published(const char *kid, size_t *count)
{
    bool    found;
    size_t  i;
    json_t *keys, *entry;

    found = false;
    fixture_begin(&local.f);
    assert_int_equal(vc_local_authority_keys(local.f.session, local.f.arena,
                         &keys),
        VC_OK);
    vc_session_end(local.f.session);
    *count = json_array_size(keys);

    json_array_foreach(keys, i, entry)
    {
        if (strcmp(json_string_value(json_object_get(entry, "kid")), kid) == 0)
        {
            found = true;
        }
    }

    json_decref(keys);

    return found;
}


static void
test_rotation(void **state)
{
    char              kid[64], tiny[8];
    size_t            count;
    int64_t           now;
    vc_jws_t          jws;
    vc_str_t          before, after;
    vc_error_t        err;
    vc_principal_t   *p;
    vc_authorities_t *authorities;

    (void) state;

    authorities = make_authorities();
    before = token_by_secret();

    assert_int_equal(vc_local_authority_rotate(local.f.session, local.f.arena,
                         tiny, sizeof(tiny), &err),
        VC_INVALID);

    now = vc_now();
    put_signing_key(now - 400000, "oldest");
    put_signing_key(now - 300000, "old");
    put_signing_key(now - 86000, "younger");

    /* "old" signed until "younger" came, less than a day ago; "oldest" until
       "old" came */
    assert_int_equal(vc_local_authority_rotate(local.f.session, local.f.arena,
                         kid, sizeof(kid), &err),
        VC_OK);
    assert_false(key_is_published("oldest", &count));
    assert_true(key_is_published("old", &count));
    assert_true(key_is_published("younger", &count));
    assert_true(key_is_published(kid, &count));
    assert_int_equal(count, 4);

    /* the newest signs, and what was signed before is still good */
    after = token_by_secret();
    assert_int_equal(vc_jws_parse(local.f.arena, after, &jws, &err), VC_OK);
    assert_true(vc_str_eq(jws.kid, vc_str(kid)));
    vc_jws_clear(&jws);

    assert_int_equal(verify(authorities, before, NOW, &p, &err), VC_OK);
    vc_principal_release(p);
    assert_int_equal(verify(authorities, after, NOW, &p, &err), VC_OK);
    vc_principal_release(p);

    vc_authorities_destroy(authorities);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forged_tokens),
        cmocka_unit_test(test_revocation),
        cmocka_unit_test(test_rotation),
    };

    return cmocka_run_group_tests(tests, local_set_up, local_tear_down);
}
