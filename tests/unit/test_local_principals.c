/* identity/local_principals.h: applications, their secrets and certificates */

#include "identity_fixture.h"

#include <pthread.h>

#include "crypto/password.h"
#include "identity/local_principals.h"

static fixture_t f;


static int
set_up(void **state)
{
    (void) state;
    fixture_open(&f);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;
    fixture_close(&f);

    return 0;
}


static void
create(const char *name, bool with_secret, vc_local_principal_t *out,
    char *secret)
{
    vc_error_t          err;
    vc_principal_spec_t spec;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(name);
    spec.with_secret = with_secret;
    assert_int_equal(vc_local_principal_create(f.session, f.arena, &spec, out,
                         secret, &err),
        VC_OK);
}


static void
test_misuse(void **state)
{
    char                 secret[VC_CLIENT_SECRET_LEN + 1], name[200];
    size_t               i;
    EVP_PKEY            *key;
    vc_str_t             certificates[9];
    vc_error_t           err;
    vc_principal_spec_t  spec;
    vc_local_principal_t out;

    static const char *const names[] = {"", "a\nb", "a\x7f", "a\xff",
        "\xc0\x80", TENANT};

    (void) state;

    memset(&spec, 0, sizeof(spec));
    spec.with_secret = true;

    for (i = 0; i < COUNT(names); i++) {
        spec.name = vc_str(names[i]);
        memset(secret, 'x', sizeof(secret));
        assert_int_equal(vc_local_principal_create(f.session, f.arena, &spec,
                             &out, secret, &err),
            VC_BAD_PARAMETER);
        assert_int_equal(secret[0], 0);
        assert_int_equal(out.client_id[0], 0);
    }

    memset(name, 'n', sizeof(name));
    spec.name = (vc_str_t){(uint8_t *) name, VC_PRINCIPAL_NAME_MAX + 1};
    assert_int_equal(vc_local_principal_create(f.session, f.arena, &spec, &out,
                         secret, &err),
        VC_BAD_PARAMETER);

    spec.name = VC_STR("certificates");
    spec.certificates = certificates;
    spec.certificate_count = 1;
    certificates[0] = VC_STR("no certificate");
    assert_int_equal(vc_local_principal_create(f.session, f.arena, &spec, &out,
                         secret, &err),
        VC_BAD_PARAMETER);
    assert_int_equal(err.status, VC_BAD_PARAMETER);

    key = EVP_EC_gen("P-256");
    certificates[0] = make_certificate(f.arena, key, 4900000000);
    assert_int_equal(vc_local_principal_create(f.session, f.arena, &spec, &out,
                         secret, &err),
        VC_BAD_PARAMETER);
    assert_non_null(strstr(err.message, "RSA"));
    EVP_PKEY_free(key);

    spec.certificate_count = 9;
    assert_int_equal(vc_local_principal_create(f.session, f.arena, &spec, &out,
                         secret, &err),
        VC_BAD_PARAMETER);

    assert_int_equal(vc_local_principal_delete(f.session, f.arena, VC_STR_NULL,
                         &err),
        VC_NOT_FOUND);
    assert_int_equal(vc_local_principal_reset_secret(f.session, f.arena,
                         VC_STR("nobody"), &out, secret, &err),
        VC_NOT_FOUND);
    assert_int_equal(secret[0], 0);
}


static void
test_create_and_read(void **state)
{
    char                 secret[VC_CLIENT_SECRET_LEN + 1];
    char                 none[VC_CLIENT_SECRET_LEN + 1];
    vc_local_principal_t out, got, plain;

    (void) state;

    create("Überprüfung 1", true, &out, secret);
    assert_int_equal(strlen(secret), VC_CLIENT_SECRET_LEN);
    assert_true(vc_guid_valid(vc_str(out.client_id)));
    assert_true(vc_guid_valid(vc_str(out.object_id)));
    assert_string_not_equal(out.client_id, out.object_id);
    assert_true(out.generation != 0);
    assert_true(out.revision != 0);
    assert_int_equal(vc_password_verify(vc_str(secret), out.secret_hash),
        VC_OK);

    create("plain", false, &plain, none);
    assert_int_equal(none[0], 0);
    assert_int_equal(plain.secret_hash.len, 0);

    fixture_begin(&f);
    assert_int_equal(vc_local_principal_get(f.session, f.arena,
                         vc_str(out.client_id), &got),
        VC_OK);
    assert_string_equal(got.name, "Überprüfung 1");
    assert_string_equal(got.object_id, out.object_id);
    assert_true(got.generation == out.generation);
    assert_true(got.created == out.created);
    assert_true(got.revision == out.revision);
    assert_true(vc_str_eq(got.secret_hash, out.secret_hash));
    vc_local_principal_clear(&got);

    assert_int_equal(vc_local_principal_find(f.session, f.arena,
                         vc_str(out.object_id), &got),
        VC_OK);
    assert_string_equal(got.client_id, out.client_id);
    vc_local_principal_clear(&got);

    assert_int_equal(vc_local_principal_find(f.session, f.arena,
                         VC_STR("PLAIN"), &got),
        VC_OK);
    assert_string_equal(got.client_id, plain.client_id);
    vc_local_principal_clear(&got);

    assert_int_equal(vc_local_principal_get(f.session, f.arena,
                         vc_str(out.object_id), &got),
        VC_NOT_FOUND);
    assert_int_equal(vc_local_principal_get(f.session, f.arena, VC_STR("plain"),
                         &got),
        VC_NOT_FOUND);
    assert_int_equal(vc_local_principal_find(f.session, f.arena, VC_STR(TENANT),
                         &got),
        VC_NOT_FOUND);
    vc_session_end(f.session);

    vc_local_principal_clear(&out);
    vc_local_principal_clear(&plain);
}


static void
test_names_are_unique(void **state)
{
    char                 secret[VC_CLIENT_SECRET_LEN + 1];
    vc_error_t           err;
    vc_principal_spec_t  spec;
    vc_local_principal_t out;

    (void) state;

    create("unique", false, &out, secret);
    vc_local_principal_clear(&out);

    memset(&spec, 0, sizeof(spec));
    spec.name = VC_STR("Unique");
    spec.with_secret = true;
    assert_int_equal(vc_local_principal_create(f.session, f.arena, &spec, &out,
                         secret, &err),
        VC_OBJECT_CONFLICT);
    assert_int_equal(secret[0], 0);

    assert_int_equal(vc_local_principal_delete(f.session, f.arena,
                         VC_STR("unique"), &err),
        VC_OK);
    create("Unique", false, &out, secret);
    vc_local_principal_clear(&out);
}


static void
test_certificates(void **state)
{
    char                 secret[VC_CLIENT_SECRET_LEN + 1];
    size_t               i;
    EVP_PKEY            *key;
    vc_str_t             certificates[VC_PRINCIPAL_CERTIFICATES_MAX];
    vc_error_t           err;
    vc_principal_spec_t  spec;
    vc_local_principal_t out, got;

    (void) state;

    memset(&spec, 0, sizeof(spec));
    spec.name = VC_STR("certified");
    spec.certificates = certificates;
    spec.certificate_count = VC_PRINCIPAL_CERTIFICATES_MAX;

    key = EVP_RSA_gen(2048);

    for (i = 0; i < VC_PRINCIPAL_CERTIFICATES_MAX; i++) {
        certificates[i] = make_certificate(f.arena, key,
            4900000000 + (int64_t) i);
    }

    EVP_PKEY_free(key);

    assert_int_equal(vc_local_principal_create(f.session, f.arena, &spec, &out,
                         secret, &err),
        VC_OK);
    assert_int_equal(out.certificate_count, VC_PRINCIPAL_CERTIFICATES_MAX);

    fixture_begin(&f);
    assert_int_equal(vc_local_principal_get(f.session, f.arena,
                         vc_str(out.client_id), &got),
        VC_OK);
    assert_int_equal(got.certificate_count, VC_PRINCIPAL_CERTIFICATES_MAX);

    for (i = 0; i < got.certificate_count; i++) {
        assert_string_equal(got.certificates[i].x5t, out.certificates[i].x5t);
        assert_string_equal(got.certificates[i].x5t_s256,
            out.certificates[i].x5t_s256);
        assert_true(got.certificates[i].not_after == 4900000000 + (int64_t) i);
        assert_true(
            json_equal(got.certificates[i].jwk, out.certificates[i].jwk));
    }

    vc_session_end(f.session);
    vc_local_principal_clear(&got);
    vc_local_principal_clear(&out);
}


static void
test_reset_secret(void **state)
{
    char                 first[VC_CLIENT_SECRET_LEN + 1];
    char                 second[VC_CLIENT_SECRET_LEN + 1];
    vc_error_t           err;
    vc_local_principal_t before, after;

    (void) state;

    create("forgetful", true, &before, first);
    assert_int_equal(vc_local_principal_reset_secret(f.session, f.arena,
                         vc_str(before.client_id), &after, second, &err),
        VC_OK);

    assert_string_not_equal(first, second);
    assert_string_equal(before.client_id, after.client_id);
    assert_string_equal(before.object_id, after.object_id);
    assert_string_equal(after.name, "forgetful");
    assert_true(before.generation != after.generation);
    assert_true(after.revision > before.revision);
    assert_int_equal(vc_password_verify(vc_str(first), after.secret_hash),
        VC_UNAUTHORIZED);
    assert_int_equal(vc_password_verify(vc_str(second), after.secret_hash),
        VC_OK);

    vc_local_principal_clear(&before);
    vc_local_principal_clear(&after);

    /* by name as well, and for one that had none */
    assert_int_equal(vc_local_principal_reset_secret(f.session, f.arena,
                         VC_STR("forgetful"), &after, first, &err),
        VC_OK);
    vc_local_principal_clear(&after);
}


static vc_status_t
count_one(const vc_local_principal_t *principal, void *data)
{
    char **last;

    last = data;

    /* in the order of their client ids */
    assert_true(strcmp(*last, principal->client_id) < 0);
    *last = vc_str_dup(f.arena, vc_str(principal->client_id));

    return VC_OK;
}


static vc_status_t
stop_at_once(const vc_local_principal_t *principal, void *data)
{
    (void) principal;
    (*(int *) data)++;

    return VC_UNAVAILABLE;
}


static void
test_each_and_delete(void **state)
{
    int                  calls;
    char                 secret[VC_CLIENT_SECRET_LEN + 1];
    char                *last;
    vc_error_t           err;
    vc_local_principal_t out, got;

    (void) state;

    create("short-lived", false, &out, secret);

    last = "";
    calls = 0;

    fixture_begin(&f);
    assert_int_equal(vc_local_principal_each(f.session, f.arena, count_one,
                         &last),
        VC_OK);
    assert_string_not_equal(last, "");
    assert_int_equal(vc_local_principal_each(f.session, f.arena, stop_at_once,
                         &calls),
        VC_UNAVAILABLE);
    assert_int_equal(calls, 1);
    vc_session_end(f.session);

    assert_int_equal(vc_local_principal_delete(f.session, f.arena,
                         vc_str(out.client_id), &err),
        VC_OK);
    assert_int_equal(vc_local_principal_delete(f.session, f.arena,
                         vc_str(out.client_id), &err),
        VC_NOT_FOUND);
    assert_int_equal(err.status, VC_NOT_FOUND);

    fixture_begin(&f);
    assert_int_equal(vc_local_principal_get(f.session, f.arena,
                         vc_str(out.client_id), &got),
        VC_NOT_FOUND);
    vc_session_end(f.session);

    vc_local_principal_clear(&out);
}


static void *
race(void *data)
{
    char                 secret[VC_CLIENT_SECRET_LEN + 1];
    vc_arena_t          *arena;
    vc_error_t           err;
    vc_session_t        *session;
    vc_principal_spec_t  spec;
    vc_local_principal_t out;

    memset(&spec, 0, sizeof(spec));
    spec.name = vc_str(data);

    arena = vc_arena_create(4096);
    if (vc_session_create(f.store, &session) != VC_OK) {
        return NULL;
    }

    if (vc_local_principal_create(session, arena, &spec, &out, secret, &err)
        == VC_OK)
    {
        vc_local_principal_clear(&out);
        data = NULL;
    }

    vc_session_destroy(session);
    vc_arena_destroy(arena);

    return (data == NULL) ? &f : NULL;
}


/* of eight who take the same name at the same time one has it */
static void
test_concurrent_names(void **state)
{
    char      name[32];
    void     *won;
    size_t    i, round, winners;
    pthread_t threads[8];

    (void) state;

    for (round = 0; round < 10; round++) {
        (void) snprintf(name, sizeof(name), "race-%zu", round);

        for (i = 0; i < COUNT(threads); i++) {
            assert_int_equal(pthread_create(&threads[i], NULL, race, name), 0);
        }

        for (i = 0, winners = 0; i < COUNT(threads); i++) {
            assert_int_equal(pthread_join(threads[i], &won), 0);
            winners += (won != NULL);
        }

        assert_int_equal(winners, 1);
    }
}


/* neither names nor hashes lie open in the store */
static void
test_nothing_in_the_clear(void **state)
{
    char command[200];

    (void) state;

    (void) snprintf(command, sizeof(command),
        "grep -r -a -q -e forgetful -e x5t -e clientId '%s/store'",
        f.directory.path);
    assert_int_not_equal(system(command), 0);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_create_and_read),
        cmocka_unit_test(test_names_are_unique),
        cmocka_unit_test(test_certificates),
        cmocka_unit_test(test_reset_secret),
        cmocka_unit_test(test_each_and_delete),
        cmocka_unit_test(test_concurrent_names),
        cmocka_unit_test(test_nothing_in_the_clear),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
