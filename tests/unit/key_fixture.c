#include "key_fixture.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "crypto/software.h"

const vc_key_spec_t key_specs[KEY_KINDS] = {
    {.kty = VC_KTY_RSA, .bits = 2048, .exponent = 65537},
    {.kty = VC_KTY_EC, .curve = VC_CURVE_P256},
    {.kty = VC_KTY_EC, .curve = VC_CURVE_P384},
    {.kty = VC_KTY_EC, .curve = VC_CURVE_P521},
    {.kty = VC_KTY_EC, .curve = VC_CURVE_P256K},
    {.kty = VC_KTY_OCT, .bits = 128},
    {.kty = VC_KTY_OCT, .bits = 192},
    {.kty = VC_KTY_OCT, .bits = 256},
};

static struct {
    vc_arena_t     *kept;
    vc_arena_t     *arena;
    vc_key_made_t   made[KEY_KINDS];
    vc_ready_key_t *ready[KEY_KINDS];
    vc_error_t      err;
} fixture;


int
key_fixture_open(void **state)
{
    size_t i;

    (void) state;

    fixture.kept = vc_arena_create(65536);
    fixture.arena = vc_arena_create(65536);

    for (i = 0; i < KEY_KINDS; i++) {
        if (vc_key_software.generate(&key_specs[i], NULL, fixture.kept,
                &fixture.made[i], &fixture.err)
                != VC_OK
            || vc_key_software.open(&fixture.made[i].spec,
                   fixture.made[i].material, &fixture.ready[i], &fixture.err)
                   != VC_OK)
        {
            return -1;
        }
    }

    return 0;
}


int
key_fixture_close(void **state)
{
    size_t i;

    (void) state;

    for (i = 0; i < KEY_KINDS; i++) {
        vc_key_software.release(fixture.ready[i]);
    }

    vc_arena_destroy(fixture.arena);
    vc_arena_destroy(fixture.kept);

    return 0;
}


int
key_setup(void **state)
{
    (void) state;
    vc_arena_reset(fixture.arena);

    return 0;
}


vc_arena_t *
key_arena(void)
{
    return fixture.arena;
}


const vc_key_made_t *
key_made(size_t kind)
{
    return &fixture.made[kind];
}


vc_ready_key_t *
key_ready(size_t kind)
{
    return fixture.ready[kind];
}


vc_key_made_t
key_make(const vc_key_spec_t *spec)
{
    vc_key_made_t made;

    assert_int_equal(vc_key_software.generate(spec, NULL, fixture.arena, &made,
                         &fixture.err),
        VC_OK);

    return made;
}


json_t *
key_base64url(vc_str_t bytes)
{
    vc_buf_t text;

    vc_buf_init(&text, fixture.arena, 0);
    vc_base64url_encode(&text, bytes);
    assert_false(text.failed);

    return json_stringn((const char *) text.data, text.len);
}


vc_str_t
key_member(const json_t *jwk, const char *name)
{
    json_t  *value;
    vc_str_t bytes;

    value = json_object_get(jwk, name);
    assert_true(json_is_string(value));
    assert_true(vc_base64url_decode(fixture.arena,
        (vc_str_t){(const uint8_t *) json_string_value(value),
            json_string_length(value)},
        &bytes));

    return bytes;
}


void
key_set(json_t *jwk, const char *name, vc_str_t bytes)
{
    assert_int_equal(json_object_set_new(jwk, name, key_base64url(bytes)), 0);
}


json_t *
key_jwk(const vc_key_made_t *made)
{
    size_t         i;
    json_t        *jwk;
    vc_key_parts_t parts;

    jwk = json_pack("{s:s}", "kty", vc_kty_name(made->spec.kty));

    if (made->spec.kty == VC_KTY_OCT) {
        key_set(jwk, "k", made->material);
        return jwk;
    }

    assert_int_equal(vc_pkcs8_read(made->material, fixture.arena, &parts,
                         &fixture.err),
        VC_OK);

    if (made->spec.kty == VC_KTY_EC) {
        (void) json_object_set_new(jwk, "crv",
            json_string(vc_curve_name(made->spec.curve)));
        key_set(jwk, "x", parts.x);
        key_set(jwk, "y", parts.y);
        key_set(jwk, "d", parts.d);
        return jwk;
    }

    for (i = 0; i < VC_RSA_PARTS; i++) {
        key_set(jwk, vc_rsa_part_names[i], parts.rsa[i]);
    }

    return jwk;
}


vc_str_t
key_pkcs8(EVP_PKEY *pkey)
{
    int                  len;
    uint8_t             *der;
    vc_str_t             copy;
    PKCS8_PRIV_KEY_INFO *info;

    assert_non_null(pkey);
    info = EVP_PKEY2PKCS8(pkey);
    assert_non_null(info);

    der = NULL;
    len = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
    assert_true(len > 0);

    copy = vc_str_copy(fixture.arena, (vc_str_t){der, (size_t) len});
    OPENSSL_clear_free(der, (size_t) len);
    PKCS8_PRIV_KEY_INFO_free(info);
    EVP_PKEY_free(pkey);

    return copy;
}


static vc_status_t
key_run(size_t kind, const char *alg, uint32_t operation, vc_key_use_t *use,
    vc_key_result_t *out)
{
    use->operation = operation;
    use->jwa = vc_jwa_find(vc_str(alg));
    assert_non_null(use->jwa);
    vc_error_clear(&fixture.err);

    return vc_key_software.compute(fixture.ready[kind], use, fixture.arena, out,
        &fixture.err);
}


vc_key_result_t
key_compute(size_t kind, const char *alg, uint32_t operation, vc_key_use_t use)
{
    vc_status_t     status;
    vc_key_result_t out;

    status = key_run(kind, alg, operation, &use, &out);

    if (status != VC_OK) {
        fail_msg("%s %s: %s %s", alg, vc_key_op_name(operation),
            fixture.err.message, fixture.err.detail);
    }

    assert_int_equal(ERR_peek_error(), 0);

    return out;
}


const char *
key_refused(size_t kind, const char *alg, uint32_t operation, vc_key_use_t use)
{
    vc_key_result_t out;

    assert_int_equal(key_run(kind, alg, operation, &use, &out),
        VC_BAD_PARAMETER);
    assert_null(out.value.data);
    assert_false(out.valid);
    assert_int_equal(ERR_peek_error(), 0);

    return fixture.err.message;
}


vc_status_t
key_import(const json_t *jwk, vc_key_made_t *made, vc_error_t *err)
{
    vc_error_clear(err);

    return vc_key_software.import_jwk(jwk, fixture.arena, made, err);
}


void
key_import_refused(json_t *jwk, const char *member, const char *words)
{
    json_t       *value;
    vc_error_t    err;
    vc_key_made_t made;

    assert_int_equal(key_import(jwk, &made, &err), VC_BAD_PARAMETER);
    assert_int_equal(err.status, VC_BAD_PARAMETER);
    assert_int_equal(ERR_peek_error(), 0);

    if (strstr(err.message, words) == NULL) {
        fail_msg("'%s' is not in: %s", words, err.message);
    }

    value = json_object_get(jwk, member);

    if (json_string_length(value) > 20) {
        assert_null(strstr(err.message, json_string_value(value)));
    }

    json_decref(jwk);
}
