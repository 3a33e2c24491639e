/* each algorithm in both directions, and what is refused */

#include "key_fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define NOT_DECRYPTED                                                          \
    "The ciphertext could not be decrypted with this key and algorithm."

static const uint8_t zeros[16384];


/* what an algorithm takes: its digest, or 32 bytes */
static vc_key_use_t
use_of(const vc_jwa_t *jwa)
{
    static const uint8_t bytes[64] = {9, 8, 7, 6, 5, 4, 3, 2, 1};

    return (vc_key_use_t){
        .value = {bytes, (jwa->digest == 0) ? 32 : jwa->digest}};
}


static bool
fits(size_t kind, const vc_jwa_t *jwa)
{
    const vc_key_spec_t *spec;

    spec = &key_specs[kind];

    return jwa->kty == spec->kty
           && (jwa->curve == VC_CURVE_NONE || jwa->curve == spec->curve)
           && (jwa->key_bits == 0 || jwa->key_bits == spec->bits);
}


static vc_str_t
flipped(vc_str_t bytes, size_t at)
{
    uint8_t *copy;

    copy = vc_arena_alloc(key_arena(), bytes.len);
    memcpy(copy, bytes.data, bytes.len);
    copy[at] ^= 1;

    return (vc_str_t){copy, bytes.len};
}


static void
sign_and_verify(size_t kind, const vc_jwa_t *jwa)
{
    size_t       i;
    vc_str_t     signature, digest;
    vc_key_use_t use;

    use = use_of(jwa);
    digest = use.value;
    signature = key_compute(kind, jwa->name, VC_KEY_SIGN, use).value;

    use.signature = signature;
    assert_true(key_compute(kind, jwa->name, VC_KEY_VERIFY, use).valid);

    for (i = 0; i < signature.len; i += 7) {
        use.signature = flipped(signature, i);
        assert_false(key_compute(kind, jwa->name, VC_KEY_VERIFY, use).valid);
    }

    use.signature = signature;

    for (i = 0; i < digest.len; i++) {
        use.value = flipped(digest, i);
        assert_false(key_compute(kind, jwa->name, VC_KEY_VERIFY, use).valid);
    }

    /* of any other length: not good, and no error */
    use.value = digest;

    for (i = 0; i <= signature.len + 1; i++) {
        if (i != signature.len) {
            use.signature = (vc_str_t){zeros, i};
            assert_false(
                key_compute(kind, jwa->name, VC_KEY_VERIFY, use).valid);
        }
    }

    use.signature = VC_STR_NULL;
    assert_false(key_compute(kind, jwa->name, VC_KEY_VERIFY, use).valid);
    use.signature = (vc_str_t){zeros, signature.len};
    assert_false(key_compute(kind, jwa->name, VC_KEY_VERIFY, use).valid);
}


static void
conceal_and_reveal(size_t kind, const vc_jwa_t *jwa, uint32_t operation)
{
    size_t          i;
    vc_str_t        changed;
    vc_key_use_t    use, back;
    vc_key_result_t hidden, shown;

    use = use_of(jwa);
    hidden = key_compute(kind, jwa->name, operation, use);
    assert_false(vc_str_eq(hidden.value, use.value));

    back = (vc_key_use_t){.value = hidden.value,
        .iv = hidden.iv,
        .tag = hidden.tag};
    shown = key_compute(kind, jwa->name, operation << 1, back);
    assert_true(vc_str_eq(shown.value, use.value));

    /* CBC alone does not notice what was changed */
    if (jwa->scheme == VC_JWA_CBC || jwa->scheme == VC_JWA_CBC_PAD) {
        return;
    }

    for (i = 0; i < hidden.value.len; i += 5) {
        changed = flipped(hidden.value, i);
        back.value = changed;
        assert_string_equal(key_refused(kind, jwa->name, operation << 1, back),
            NOT_DECRYPTED);
    }
}


static void
test_each_algorithm(void **state)
{
    size_t          i, kind, ran;
    const vc_jwa_t *jwa;

    (void) state;

    for (i = 0; (jwa = vc_jwa_at(i)) != NULL; i++) {
        for (kind = 0, ran = 0; kind < KEY_KINDS; kind++) {
            if (!fits(kind, jwa)) {
                continue;
            }

            ran++;

            if ((jwa->operations & VC_KEY_SIGN) != 0) {
                sign_and_verify(kind, jwa);
            }

            if ((jwa->operations & VC_KEY_ENCRYPT) != 0) {
                conceal_and_reveal(kind, jwa, VC_KEY_ENCRYPT);
            }

            if ((jwa->operations & VC_KEY_WRAP) != 0) {
                conceal_and_reveal(kind, jwa, VC_KEY_WRAP);
            }

            vc_arena_reset(key_arena());
        }

        assert_true(ran > 0);
    }
}


static void
test_lengths_of_results(void **state)
{
    static const struct {
        size_t      kind;
        const char *alg;
        size_t      len;
    } rows[] = {
        {KEY_RSA, "RS256", 256},
        {KEY_RSA, "PS512", 256},
        {KEY_RSA, "RSNULL", 256},
        {KEY_P256, "ES256", 64},
        {KEY_P256K, "ES256K", 64},
        {KEY_P384, "ES384", 96},
        {KEY_P521, "ES512", 132},
        {KEY_OCT128, "HS256", 32},
        {KEY_OCT192, "HS384", 48},
        {KEY_OCT256, "HS512", 64},
    };

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(key_compute(rows[i].kind, rows[i].alg, VC_KEY_SIGN,
                             use_of(vc_jwa_find(vc_str(rows[i].alg))))
                             .value.len,
            rows[i].len);
    }
}


/* a number that begins with zeroes is shorter in DER, and as long in raw form */
static void
test_short_numbers(void **state)
{
    size_t          tries;
    vc_key_use_t    use;
    vc_key_result_t made;
    bool            short_r, short_s;

    (void) state;
    short_r = false;
    short_s = false;
    use = use_of(vc_jwa_find(VC_STR("ES256")));

    for (tries = 0; tries < 10000 && !(short_r && short_s); tries++) {
        made = key_compute(KEY_P256, "ES256", VC_KEY_SIGN, use);
        short_r = short_r || made.value.data[0] == 0;
        short_s = short_s || made.value.data[32] == 0;

        use.signature = made.value;
        assert_true(key_compute(KEY_P256, "ES256", VC_KEY_VERIFY, use).valid);
    }

    assert_true(short_r && short_s);
}


static void
test_wrong_key(void **state)
{
    static const struct {
        size_t      kind;
        const char *alg;
        const char *words;
    } rows[] = {
        {KEY_RSA, "ES256",
            "The algorithm ES256 needs an EC key on curve P-256; this is an "
            "RSA key of 2048 bits."},
        {KEY_P256K, "ES256",
            "The algorithm ES256 needs an EC key on curve P-256; this is an "
            "EC key on curve P-256K."},
        {KEY_OCT128, "A256GCM",
            "The algorithm A256GCM needs an oct key of 256 bits; this is an "
            "oct key of 128 bits."},
        {KEY_P521, "RSA-OAEP",
            "The algorithm RSA-OAEP needs an RSA key; this is an EC key on "
            "curve P-521."},
    };

    size_t          i, kind;
    uint32_t        operation;
    const char     *message;
    const vc_jwa_t *jwa;

    (void) state;

    for (i = 0; (jwa = vc_jwa_at(i)) != NULL; i++) {
        for (kind = 0; kind < KEY_KINDS; kind++) {
            for (operation = VC_KEY_ENCRYPT; operation <= VC_KEY_UNWRAP;
                 operation <<= 1) {
                if ((jwa->operations & operation) == 0) {
                    message = key_refused(kind, jwa->name, operation,
                        use_of(jwa));
                    assert_non_null(strstr(message, "cannot be used for"));
                } else if (!fits(kind, jwa)) {
                    message = key_refused(kind, jwa->name, operation,
                        use_of(jwa));
                    assert_non_null(strstr(message, " needs an "));
                }
            }
        }
    }

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        jwa = vc_jwa_find(vc_str(rows[i].alg));
        assert_string_equal(key_refused(rows[i].kind, rows[i].alg,
                                jwa->operations
                                    & (VC_KEY_SIGN | VC_KEY_ENCRYPT),
                                use_of(jwa)),
            rows[i].words);
    }
}


static void
test_wrong_operation(void **state)
{
    (void) state;

    assert_string_equal(key_refused(KEY_RSA, "RS256", VC_KEY_ENCRYPT,
                            (vc_key_use_t){0}),
        "The algorithm RS256 cannot be used for the operation encrypt; it is "
        "for sign, verify.");
    assert_string_equal(key_refused(KEY_RSA, "RSA1_5", VC_KEY_SIGN,
                            (vc_key_use_t){0}),
        "The algorithm RSA1_5 cannot be used for the operation sign; it is for "
        "encrypt, decrypt, wrapKey, unwrapKey.");
    /* no operation, several at a time, one that computes nothing */
    (void) key_refused(KEY_RSA, "RS256", 0, (vc_key_use_t){0});
    (void) key_refused(KEY_RSA, "RS256", VC_KEY_SIGN | VC_KEY_VERIFY,
        (vc_key_use_t){0});
    (void) key_refused(KEY_RSA, "RS256", VC_KEY_EXPORT, (vc_key_use_t){0});
}


static void
test_digest_lengths(void **state)
{
    char         words[160];
    size_t       i, kind, len;
    vc_key_use_t use;

    const vc_jwa_t *jwa;

    (void) state;

    use = (vc_key_use_t){.value = {zeros, 10}};
    assert_string_equal(key_refused(KEY_RSA, "RS256", VC_KEY_SIGN, use),
        "Invalid length of 'value': 10 bytes. RS256 requires 32 bytes, encoded "
        "with base64url.");
    assert_string_equal(key_refused(KEY_P521, "ES512", VC_KEY_VERIFY, use),
        "Invalid length of 'digest': 10 bytes. ES512 requires 64 bytes, "
        "encoded with base64url.");

    for (i = 0; (jwa = vc_jwa_at(i)) != NULL; i++) {
        for (kind = 0; jwa->digest != 0 && kind < KEY_KINDS; kind++) {
            for (len = 0; fits(kind, jwa) && len < 70; len++) {
                if (len == jwa->digest) {
                    continue;
                }

                (void) snprintf(words, sizeof(words),
                    "Invalid length of 'value': %zu bytes. %s requires %zu "
                    "bytes, encoded with base64url.",
                    len, jwa->name, jwa->digest);
                use.value.len = len;
                assert_string_equal(key_refused(kind, jwa->name, VC_KEY_SIGN,
                                        use),
                    words);
            }
        }
    }
}


/* iv, aad and tag where they are not due */
static void
test_unexpected_members(void **state)
{
    static const struct {
        size_t      kind;
        const char *alg;
        uint32_t    operation;
        bool        iv; /* it takes one */
    } rows[] = {
        {KEY_RSA, "RSA-OAEP", VC_KEY_ENCRYPT, false},
        {KEY_RSA, "RSA1_5", VC_KEY_UNWRAP, false},
        {KEY_RSA, "RS256", VC_KEY_SIGN, false},
        {KEY_P256, "ES256", VC_KEY_VERIFY, false},
        {KEY_OCT128, "A128KW", VC_KEY_WRAP, false},
        {KEY_OCT128, "HS256", VC_KEY_SIGN, false},
        {KEY_OCT128, "A128CBC", VC_KEY_ENCRYPT, true},
        {KEY_OCT128, "A128CBCPAD", VC_KEY_DECRYPT, true},
    };

    size_t       i;
    char         words[96];
    vc_str_t     bytes = {zeros, 16};
    vc_key_use_t use;

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        use = use_of(vc_jwa_find(vc_str(rows[i].alg)));
        use.aad = bytes;
        (void) snprintf(words, sizeof(words),
            "The algorithm %s takes no 'aad'; leave it out.", rows[i].alg);
        assert_string_equal(key_refused(rows[i].kind, rows[i].alg,
                                rows[i].operation, use),
            words);

        use.aad = VC_STR_NULL;
        use.tag = bytes;
        (void) snprintf(words, sizeof(words),
            "The algorithm %s takes no 'tag'; leave it out.", rows[i].alg);
        assert_string_equal(key_refused(rows[i].kind, rows[i].alg,
                                rows[i].operation, use),
            words);

        use.tag = VC_STR_NULL;
        use.iv = bytes;

        if (!rows[i].iv) {
            (void) snprintf(words, sizeof(words),
                "The algorithm %s takes no 'iv'; leave it out.", rows[i].alg);
            assert_string_equal(key_refused(rows[i].kind, rows[i].alg,
                                    rows[i].operation, use),
                words);
        }
    }
}


#define ROUNDS 200

/* each thread with the keys of all */
static void *
compute_at_a_time(void *data)
{
    static const struct {
        size_t      kind;
        const char *alg;
    } rows[] = {
        {KEY_RSA, "RS256"},
        {KEY_RSA, "PS256"},
        {KEY_P256, "ES256"},
        {KEY_OCT256, "HS256"},
    };

    int             i;
    size_t          k;
    vc_arena_t     *arena;
    vc_error_t      err;
    vc_key_use_t    use;
    vc_key_result_t out;

    (void) data;
    arena = vc_arena_create(4096);

    for (i = 0; i < ROUNDS; i++) {
        for (k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
            use = (vc_key_use_t){.operation = VC_KEY_SIGN,
                .jwa = vc_jwa_find(vc_str(rows[k].alg)),
                .value = {zeros, 32}};

            if (vc_key_software.compute(key_ready(rows[k].kind), &use, arena,
                    &out, &err)
                != VC_OK)
            {
                return "signing failed";
            }

            use.operation = VC_KEY_VERIFY;
            use.signature = out.value;

            if (vc_key_software.compute(key_ready(rows[k].kind), &use, arena,
                    &out, &err)
                    != VC_OK
                || !out.valid)
            {
                return "a signature is not good";
            }
        }

        vc_arena_reset(arena);
    }

    vc_arena_destroy(arena);

    return NULL;
}


static void
test_threads(void **state)
{
    void     *failure;
    size_t    i;
    pthread_t threads[4];

    (void) state;

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, compute_at_a_time,
                             NULL),
            0);
    }

    for (i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], &failure), 0);
        assert_null(failure);
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        /* first, so that the threads also race for the first use of a key */
        cmocka_unit_test_setup(test_threads, key_setup),
        cmocka_unit_test_setup(test_each_algorithm, key_setup),
        cmocka_unit_test_setup(test_lengths_of_results, key_setup),
        cmocka_unit_test_setup(test_short_numbers, key_setup),
        cmocka_unit_test_setup(test_wrong_key, key_setup),
        cmocka_unit_test_setup(test_wrong_operation, key_setup),
        cmocka_unit_test_setup(test_digest_lengths, key_setup),
        cmocka_unit_test_setup(test_unexpected_members, key_setup),
    };

    return cmocka_run_group_tests(tests, key_fixture_open, key_fixture_close);
}
