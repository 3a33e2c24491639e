/* a caller who is known by a TLS client certificate */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine_fixture.h"
#include "identity/certificate.h"

#define NOBODY "00000000-0000-0000-0000-000000000001"
#define THUMBPRINT "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
#define TARGET "/secrets/none?api-version=7.5"

static fixture_t fixture;
static char      administrator[VC_GUID_LEN + 1]; /* its object id */


static int
set_up(void **state)
{
    vc_str_t     id;
    vc_call_t   *call;
    vc_request_t request;

    (void) state;

    fixture_open(&fixture);
    request = fixture_request(&fixture, "GET", TARGET);
    call = fixture_send(&fixture, &request, VC_STR_NULL);
    id = vc_call_fact(call, VC_FACT_PRINCIPAL);
    assert_int_equal(id.len, VC_GUID_LEN);
    memcpy(administrator, id.data, id.len);
    vc_call_destroy(call);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    fixture_close(&fixture);

    return 0;
}


static vc_request_t
request_by(const char *principal, const char *tenant)
{
    vc_request_t request;

    request = fixture_request(&fixture, "GET", TARGET);
    request.authorization = VC_STR_NULL;
    request.certificate_principal = vc_str(principal);
    request.certificate_tenant = vc_str(tenant);
    request.certificate_thumbprint = VC_STR(THUMBPRINT);

    return request;
}


static vc_call_t *
expect(const vc_request_t *request, int status)
{
    vc_call_t *call;

    call = fixture_send(&fixture, request, VC_STR_NULL);

    if (vc_call_response(call)->status != status) {
        fail_msg("expected %d, got %d %.*s", status,
            vc_call_response(call)->status,
            VC_STR_ARG(vc_call_response(call)->body));
    }

    return call;
}


/* 404 for a secret that is not there: the caller may read */
static void
test_no_token_is_needed(void **state)
{
    size_t       i;
    vc_buf_t     record;
    vc_call_t   *call;
    const char  *text;
    vc_request_t request;

    const char *const tenants[] = {NULL, fixture.installation.tenant};

    (void) state;

    for (i = 0; i < sizeof(tenants) / sizeof(tenants[0]); i++) {
        request = request_by(administrator, tenants[i]);
        call = expect(&request, 404);
        assert_true(vc_str_eq(vc_call_fact(call, VC_FACT_PRINCIPAL),
            vc_str(administrator)));
        assert_true(vc_str_eq(vc_call_fact(call, VC_FACT_TENANT),
            vc_str(fixture.installation.tenant)));

        vc_buf_init(&record, vc_call_arena(call), 0);
        vc_call_record(call, 404, 1, &record);
        text = vc_str_dup(vc_call_arena(call), vc_buf_view(&record));
        assert_non_null(strstr(text, "\"x5t#S256\":\"" THUMBPRINT "\""));
        assert_non_null(strstr(text, administrator));
        vc_call_destroy(call);
    }
}


static void
test_a_stranger_may_nothing(void **state)
{
    vc_call_t   *call;
    vc_request_t request;

    (void) state;

    request = request_by(NOBODY, NULL);
    call = expect(&request, 403);
    assert_non_null(
        strstr(vc_str_dup(vc_call_arena(call), vc_call_response(call)->body),
            "oid=" NOBODY ";iss=" VC_CERTIFICATE_ISSUER));
    vc_call_destroy(call);

    /* the vault is another tenant's */
    request = request_by(administrator, NOBODY);
    call = expect(&request, 401);
    vc_call_destroy(call);

    request = request_by(NULL, NULL);
    call = expect(&request, 401);
    assert_int_equal(vc_call_fact(call, VC_FACT_PRINCIPAL).len, 0);
    vc_call_destroy(call);
}


/* whatever stands in Authorization, a certificate does not make good */
static void
test_a_token_wins(void **state)
{
    size_t       i;
    vc_call_t   *call;
    vc_request_t request;

    static const char *const bad[] = {"Bearer", "Bearer x", "Basic YTpi", " "};

    (void) state;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        request = request_by(administrator, NULL);
        request.authorization = vc_str(bad[i]);
        call = expect(&request, 401);
        vc_call_destroy(call);
    }

    request = request_by(NOBODY, NULL);
    request.authorization = vc_str(fixture.authorization);
    call = expect(&request, 404);
    assert_true(vc_str_eq(vc_call_fact(call, VC_FACT_PRINCIPAL),
        vc_str(administrator)));
    vc_call_destroy(call);
}


/* a host's mistake is no way in */
static void
test_ids_must_be_guids(void **state)
{
    vc_call_t   *call;
    vc_request_t request;

    (void) state;

    request = request_by("administrator", NULL);
    call = expect(&request, 500);
    vc_call_destroy(call);

    request = request_by(administrator, "tenant");
    call = expect(&request, 500);
    vc_call_destroy(call);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_token_is_needed),
        cmocka_unit_test(test_a_stranger_may_nothing),
        cmocka_unit_test(test_a_token_wins),
        cmocka_unit_test(test_ids_must_be_guids),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
