#include "jws_fixture.h"

jws_fixture_t signer;

const signing_alg_t algs[8] = {
    {"RS256", VC_ALG_RS256, &signer.rsa},
    {"RS384", VC_ALG_RS384, &signer.rsa},
    {"RS512", VC_ALG_RS512, &signer.rsa},
    {"PS256", VC_ALG_PS256, &signer.rsa},
    {"PS384", VC_ALG_PS384, &signer.rsa},
    {"PS512", VC_ALG_PS512, &signer.rsa},
    {"ES256", VC_ALG_ES256, &signer.p256},
    {"ES384", VC_ALG_ES384, &signer.p384},
};


int
jws_set_up(void **state)
{
    (void) state;

    vc_json_secure_memory();
    signer.arena = vc_arena_create(4096);
    assert_int_equal(vc_jwk_generate_rsa(2048, &signer.rsa), VC_OK);
    assert_int_equal(vc_jwk_generate_rsa(2048, &signer.rsa_other), VC_OK);
    signer.p256 = make_key("P-256");
    signer.p384 = make_key("P-384");

    return 0;
}


int
jws_tear_down(void **state)
{
    (void) state;

    json_decref(signer.rsa);
    json_decref(signer.rsa_other);
    json_decref(signer.p256);
    json_decref(signer.p384);
    vc_arena_destroy(signer.arena);

    return 0;
}


vc_str_t
sign(const json_t *jwk, uint32_t alg, const char *claims_text)
{
    json_t  *claims;
    vc_buf_t buf;

    claims = json_loads(claims_text, 0, NULL);
    vc_buf_init(&buf, signer.arena, 64);
    assert_int_equal(vc_jws_sign(jwk, alg, "key-1", claims, &buf), VC_OK);
    json_decref(claims);

    return vc_buf_view(&buf);
}
