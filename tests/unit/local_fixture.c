#include "local_fixture.h"

local_fixture_t local;


/* a private JWK of an OpenSSL key, so that both sides sign with the same */
static json_t *
private_jwk(EVP_PKEY *pkey)
{
    static const struct {
        const char *member;
        const char *param;
    } names[] = {{"n", "n"}, {"e", "e"}, {"d", "d"}, {"p", "rsa-factor1"},
        {"q", "rsa-factor2"}, {"dp", "rsa-exponent1"}, {"dq", "rsa-exponent2"},
        {"qi", "rsa-coefficient1"}};

    size_t   i;
    json_t  *out;
    BIGNUM  *number;
    uint8_t  bytes[512];
    vc_buf_t text;

    out = json_pack("{s:s}", "kty", "RSA");

    for (i = 0; i < COUNT(names); i++) {
        number = NULL;
        assert_int_equal(EVP_PKEY_get_bn_param(pkey, names[i].param, &number),
            1);
        vc_buf_init(&text, local.f.arena, 400);
        vc_base64url_encode(&text,
            (vc_str_t){bytes, (size_t) BN_bn2bin(number, bytes)});
        json_object_set_new(out, names[i].member,
            json_stringn((const char *) text.data, text.len));
        BN_clear_free(number);
    }

    return out;
}


int
local_set_up(void **state)
{
    char                kid[64];
    vc_str_t            certificates[2];
    vc_error_t          err;
    vc_principal_spec_t spec;

    (void) state;

    fixture_open(&local.f);

    local.audiences[0] = VC_STR(RESOURCE);
    local.audiences[1] = VC_STR("https://management.test:8443/");
    local.authority.base_url = VC_STR(BASE);
    local.authority.tenant = VC_STR(TENANT);
    local.authority.audiences = local.audiences;
    local.authority.audience_count = 2;
    local.authority.token_lifetime = VC_TOKEN_LIFETIME;

    local.key = EVP_RSA_gen(2048);
    local.expired_key = EVP_RSA_gen(2048);
    local.other_key = EVP_RSA_gen(2048);
    local.jwk = private_jwk(local.key);
    local.expired_jwk = private_jwk(local.expired_key);
    local.other_jwk = private_jwk(local.other_key);

    memset(&spec, 0, sizeof(spec));
    spec.name = VC_STR("app");
    spec.with_secret = true;
    spec.certificates = certificates;
    spec.certificate_count = 2;
    certificates[0] = make_certificate(local.f.arena, local.key, 4900000000);
    certificates[1] = make_certificate(local.f.arena, local.expired_key,
        NOW - 1);

    assert_int_equal(vc_local_authority_rotate(local.f.session, local.f.arena,
                         kid, sizeof(kid), &err),
        VC_OK);
    assert_int_equal(vc_local_principal_create(local.f.session, local.f.arena,
                         &spec, &local.app, local.secret, &err),
        VC_OK);

    return 0;
}


int
local_tear_down(void **state)
{
    (void) state;

    vc_local_principal_clear(&local.app);
    json_decref(local.jwk);
    json_decref(local.expired_jwk);
    json_decref(local.other_jwk);
    EVP_PKEY_free(local.key);
    EVP_PKEY_free(local.expired_key);
    EVP_PKEY_free(local.other_key);
    fixture_close(&local.f);

    return 0;
}


answer_t
ask_at(vc_str_t body, int64_t now)
{
    answer_t answer;
    vc_buf_t out;

    vc_buf_init(&out, local.f.arena, 0);
    fixture_begin(&local.f);
    assert_int_equal(vc_local_authority_token(&local.authority, local.f.session,
                         local.f.arena, body, now, NULL, &out, &answer.http,
                         &answer.client, &answer.result),
        VC_OK);
    vc_session_end(local.f.session);

    answer.json = json_loadb((const char *) out.data, out.len,
        JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(answer.json);
    assert_int_equal(answer.http == 200, answer.result.len == 0);

    return answer;
}


answer_t
ask(const char *fmt, ...)
{
    char    body[20000];
    va_list args;

    va_start(args, fmt);
    assert_in_range(vsnprintf(body, sizeof(body), fmt, args), 0,
        sizeof(body) - 1);
    va_end(args);

    return ask_at(vc_str(body), NOW);
}


void
assert_answer(answer_t answer, int http, const char *error, int code,
    const char *text)
{
    char        head[32];
    const char *description;

    description = json_string_value(
        json_object_get(answer.json, "error_description"));
    (void) snprintf(head, sizeof(head), "AADSTS%d: ", code);

    if (answer.http != http || description == NULL
        || strncmp(description, head, strlen(head)) != 0
        || strstr(description, text) == NULL)
    {
        fail_msg("expected %d %s%s, got %d %s", http, head, text, answer.http,
            description == NULL ? "a token" : description);
    }

    assert_string_equal(json_string_value(
                            json_object_get(answer.json, "error")),
        error);
    assert_int_equal(json_integer_value(
                         json_array_get(json_object_get(answer.json,
                                            "error_codes"),
                             0)),
        code);
    assert_true(vc_guid_valid(vc_str(
        json_string_value(json_object_get(answer.json, "correlation_id")))));
    assert_true(vc_guid_valid(
        vc_str(json_string_value(json_object_get(answer.json, "trace_id")))));
    assert_string_equal(json_string_value(
                            json_object_get(answer.json, "timestamp")),
        "2027-01-15 08:00:00Z");
    assert_true(vc_str_eq(answer.result, vc_str(description)));
    assert_null(json_object_get(answer.json, "access_token"));
    json_decref(answer.json);
}


/* the access token of a good answer, in the arena */
vc_str_t
token_of(answer_t answer)
{
    char *token;

    if (answer.http != 200) {
        fail_msg("%.*s", VC_STR_ARG(answer.result));
    }

    assert_string_equal(json_string_value(
                            json_object_get(answer.json, "token_type")),
        "Bearer");
    assert_int_equal(json_integer_value(
                         json_object_get(answer.json, "expires_in")),
        3599);
    assert_int_equal(json_integer_value(
                         json_object_get(answer.json, "ext_expires_in")),
        3599);
    assert_true(vc_str_eq(answer.client, vc_str(local.app.client_id)));

    token = vc_str_dup(local.f.arena,
        vc_str(
            json_string_value(json_object_get(answer.json, "access_token"))));
    json_decref(answer.json);

    return vc_str(token);
}


vc_str_t
token_by_secret(void)
{
    return token_of(ask("client_id=%s&grant_type=client_credentials&"
                        "client_secret=%s&scope=%s%%2F.default",
        local.app.client_id, local.secret, "https%3A%2F%2Fvault.test%3A8443"));
}


vc_authorities_t *
make_authorities(void)
{
    vc_buf_t          issuer;
    vc_error_t        err;
    vc_authorities_t *authorities;

    vc_buf_init(&issuer, local.f.arena, 0);
    vc_local_authority_issuer(&local.authority, &issuer);
    assert_int_equal(vc_authorities_create(VC_STR(TENANT), 0, &authorities),
        VC_OK);
    assert_int_equal(vc_authorities_add_local(authorities, vc_buf_view(&issuer),
                         VC_STR_NULL, local.audiences, 2, &err),
        VC_OK);

    return authorities;
}


vc_status_t
verify(vc_authorities_t *authorities, vc_str_t token, int64_t now,
    vc_principal_t **out, vc_error_t *err)
{
    vc_status_t     status;
    vc_authority_t *refresh;

    fixture_begin(&local.f);
    status = vc_token_verify(authorities, local.f.session, token, now, out,
        &refresh, err);
    vc_session_end(local.f.session);

    return status;
}
