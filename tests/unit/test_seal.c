#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/seal.h"
#include "test_directory.h"

#define GOOD_KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

static test_directory_t directory;
static char             path[128];


static int
setup(void **state)
{
    (void) state;

    directory = test_directory_make();
    (void) snprintf(path, sizeof(path), "%s/seal.key", directory.path);

    return 0;
}


static int
teardown(void **state)
{
    (void) state;

    test_directory_remove(&directory);

    return 0;
}


static void
write_file(const char *text, size_t len, mode_t mode)
{
    FILE *file;

    (void) unlink(path);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}


static void
assert_refused(vc_status_t expected, const char *why)
{
    vc_seal_t *seal;
    vc_error_t err;

    assert_int_equal(vc_seal_file_open(path, &seal, &err), expected);
    assert_int_equal(err.status, expected);
    assert_non_null(strstr(err.message, path));
    if (strstr(err.message, why) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", err.message, why);
    }

    assert_null(strstr(err.message, "AAECAwQF"));
}


static void
test_misuse(void **state)
{
    vc_seal_t *seal;
    vc_error_t err;

    (void) state;

    vc_seal_close(NULL);
    assert_int_equal(vc_seal_file_open(NULL, &seal, &err), VC_INVALID);
    assert_int_equal(vc_seal_file_open("", &seal, &err), VC_INVALID);
    assert_int_equal(vc_seal_file_create(NULL, &err), VC_INVALID);
    assert_int_equal(vc_seal_file_create("", &err), VC_INVALID);

    assert_refused(VC_IO, "cannot be opened");
}


static void
test_other_forms_are_refused(void **state)
{
    static const char *const forms[] = {
        "",
        "\n",
        "vault-seal-key-1 ",
        "vault-seal-key-1 \n",
        GOOD_KEY "\n",
        "vault-seal-key-2 " GOOD_KEY "\n",
        "vault-seal-key-1  " GOOD_KEY "\n",
        "vault-seal-key-1 " GOOD_KEY "\n\n",
        "vault-seal-key-1 " GOOD_KEY "\nvault",
        "vault-seal-key-1 " GOOD_KEY "A\n",
        "vault-seal-key-1 " GOOD_KEY "=\n",
        "vault-seal-key-1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg\n",
        "vault-seal-key-1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9\n",
        "vault-seal-key-1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH+8\n",
        " vault-seal-key-1 " GOOD_KEY "\n",
    };

    size_t i;

    (void) state;

    for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        write_file(forms[i], strlen(forms[i]), 0600);
        assert_refused(VC_INVALID, "not a seal key");
    }

    write_file("vault-seal-key-1 AAEC\0wQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        60, 0600);
    assert_refused(VC_INVALID, "not a seal key");
}


static void
test_good_forms(void **state)
{
    static const char *const forms[] = {
        "vault-seal-key-1 " GOOD_KEY "\n",
        "vault-seal-key-1 " GOOD_KEY,
    };

    size_t     i;
    vc_seal_t *seal;
    vc_error_t err;

    (void) state;

    for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        write_file(forms[i], strlen(forms[i]), i == 0 ? 0600 : 0400);
        assert_int_equal(vc_seal_file_open(path, &seal, &err), VC_OK);
        vc_seal_close(seal);
    }
}


static void
test_mode_and_owner(void **state)
{
    static const mode_t modes[] = {0640, 0604, 0620, 0602, 0610, 0601, 0666};

    size_t     i;
    vc_seal_t *seal;
    vc_error_t err;

    (void) state;

    for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        write_file("vault-seal-key-1 " GOOD_KEY "\n", 61, modes[i]);
        assert_refused(VC_INVALID, "group or others");
    }

    write_file("vault-seal-key-1 " GOOD_KEY "\n", 61, 0600);

    if (geteuid() != 0) {
        print_message("skipped: the owner can only be changed by root\n");
        return;
    }

    assert_int_equal(chown(path, 65534, 65534), 0);
    assert_refused(VC_INVALID, "must belong to root");

    assert_int_equal(chown(path, 0, 65534), 0);
    assert_int_equal(vc_seal_file_open(path, &seal, &err), VC_OK);
    vc_seal_close(seal);
}


static void
test_only_regular_files(void **state)
{
    (void) state;

    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused(VC_INVALID, "regular file");
    assert_int_equal(rmdir(path), 0);

    /* a FIFO that nobody writes to must not hold the caller up */
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_refused(VC_INVALID, "regular file");
}


static void
test_create(void **state)
{
    char        first[128], second[128];
    FILE       *file;
    vc_seal_t  *seal;
    vc_error_t  err;
    struct stat info;

    (void) state;

    assert_int_equal(vc_seal_file_create(path, &err), VC_OK);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);

    file = fopen(path, "r");
    assert_non_null(fgets(first, sizeof(first), file));
    assert_int_equal(fclose(file), 0);
    assert_int_equal(strncmp(first, "vault-seal-key-1 ", 17), 0);

    assert_int_equal(vc_seal_file_open(path, &seal, &err), VC_OK);
    vc_seal_close(seal);

    assert_int_equal(vc_seal_file_create(path, &err), VC_CONFLICT);
    assert_non_null(strstr(err.message, path));

    file = fopen(path, "r");
    assert_non_null(fgets(second, sizeof(second), file));
    assert_int_equal(fclose(file), 0);
    assert_string_equal(first, second);

    (void) snprintf(path, sizeof(path), "%s/none/seal.key", directory.path);
    assert_int_equal(vc_seal_file_create(path, &err), VC_IO);
}


static void
test_wrap(void **state)
{
    size_t      i;
    uint8_t     key[VC_KEY_LEN], out[VC_KEY_LEN], copy[128];
    vc_buf_t    wrapped;
    vc_str_t    view;
    vc_seal_t  *seal, *other;
    vc_arena_t *arena;

    (void) state;

    memset(key, 0x42, sizeof(key));
    arena = vc_arena_create(256);
    vc_buf_init(&wrapped, arena, 0);

    assert_int_equal(vc_seal_file_create(path, NULL), VC_OK);
    assert_int_equal(vc_seal_file_open(path, &seal, NULL), VC_OK);
    assert_int_equal(vc_seal_wrap(seal, key, &wrapped), VC_OK);
    view = vc_buf_view(&wrapped);

    assert_int_equal(vc_seal_unwrap(seal, view, out), VC_OK);
    assert_memory_equal(out, key, sizeof(key));

    for (i = 0; i < view.len; i++) {
        memcpy(copy, view.data, view.len);
        copy[i] ^= 1;
        assert_int_equal(vc_seal_unwrap(seal, (vc_str_t){copy, view.len}, out),
            VC_UNSEAL_FAILED);
    }

    assert_int_equal(vc_seal_unwrap(seal, VC_STR_NULL, out), VC_UNSEAL_FAILED);
    assert_int_equal(vc_seal_unwrap(seal, (vc_str_t){view.data, view.len - 1},
                         out),
        VC_UNSEAL_FAILED);

    assert_int_equal(unlink(path), 0);
    assert_int_equal(vc_seal_file_create(path, NULL), VC_OK);
    assert_int_equal(vc_seal_file_open(path, &other, NULL), VC_OK);
    assert_int_equal(vc_seal_unwrap(other, view, out), VC_UNSEAL_FAILED);

    vc_seal_close(other);
    vc_seal_close(seal);
    vc_arena_destroy(arena);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_misuse, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_forms_are_refused, setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_good_forms, setup, teardown),
        cmocka_unit_test_setup_teardown(test_mode_and_owner, setup, teardown),
        cmocka_unit_test_setup_teardown(test_only_regular_files, setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_create, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrap, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
