/* making, opening and refusing stores, and the form of their keys */

#include "test_store_support.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmdb.h>

static test_store_t test;


static int
setup(void **state)
{
    *state = &test;
    test_store_setup(&test);
    test_store_open(&test, TEST_STORE_SIZE, VC_STORE_CREATE);

    return 0;
}


static int
setup_empty(void **state)
{
    *state = &test;
    test_store_setup(&test);

    return 0;
}


static int
teardown(void **state)
{
    (void) state;
    test_store_teardown(&test);

    return 0;
}


static void
assert_open_fails(const char *path, size_t size, unsigned flags,
    vc_status_t expected, const char *why)
{
    vc_error_t  err;
    vc_store_t *store;

    assert_int_equal(vc_store_open(path, size, flags, &store, &err), expected);
    assert_int_equal(err.status, expected);
    if (strstr(err.message, why) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", err.message, why);
    }
}


static void
test_misuse(void **state)
{
    char long_path[5000];

    (void) state;

    memset(long_path, 'x', sizeof(long_path));
    long_path[sizeof(long_path) - 1] = '\0';

    vc_store_close(NULL);
    vc_snapshot_end(NULL);
    vc_cursor_close(NULL);

    assert_open_fails(NULL, 0, 0, VC_INVALID, "no path");
    assert_open_fails("", 0, 0, VC_INVALID, "no path");
    assert_open_fails(long_path, 0, 0, VC_INVALID, "too long");
    assert_open_fails(test.path, 4096, VC_STORE_CREATE, VC_INVALID, "4096");
    assert_open_fails(test.path, SIZE_MAX, VC_STORE_CREATE, VC_INVALID,
        "limited");
    assert_open_fails(test.path, 0, VC_STORE_INSPECT | VC_STORE_CREATE,
        VC_INVALID, "inspected");
    assert_int_equal(access(test.path, F_OK), -1);
}


static void
test_open_where_nothing_is(void **state)
{
    struct stat info;

    (void) state;

    assert_open_fails(test.path, 0, 0, VC_NOT_FOUND, test.path);
    assert_open_fails(test.path, 0, VC_STORE_INSPECT, VC_NOT_FOUND, test.path);

    /* an empty directory is no store either, and stays empty */
    assert_int_equal(mkdir(test.path, 0700), 0);
    assert_open_fails(test.path, 0, 0, VC_NOT_FOUND, test.path);
    assert_int_equal(rmdir(test.path), 0);

    assert_open_fails("/proc/none/store", 0, VC_STORE_CREATE, VC_IO,
        "cannot be made");

    test_store_open(&test, 0, VC_STORE_CREATE);
    assert_int_equal(stat(test.path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
}


static void
test_open_what_is_no_store(void **state)
{
    char  file[128];
    FILE *out;

    (void) state;

    assert_int_equal(mkdir(test.path, 0700), 0);
    (void) snprintf(file, sizeof(file), "%s/data.mdb", test.path);
    out = fopen(file, "w");
    assert_non_null(out);
    assert_int_equal(fprintf(out, "%8192d", 1), 8192);
    assert_int_equal(fclose(out), 0);

    assert_open_fails(test.path, 0, 0, VC_IO, "not a store");
    assert_open_fails(test.path, 0, VC_STORE_CREATE, VC_IO, "not a store");
}


static void
test_create_once(void **state)
{
    char            file[128];
    struct stat     info;
    vc_store_info_t about;

    (void) state;

    assert_int_equal(test_put(&test, "v1", VC_REVISION_NONE, "kept", 0), VC_OK);
    assert_int_equal(vc_store_info(test.store, &about), VC_OK);
    assert_int_equal(about.revision, 1);
    assert_int_equal(about.records, 1);
    assert_int_equal(about.format, VC_STORE_FORMAT);
    assert_int_equal(about.bytes_limit, TEST_STORE_SIZE);
    assert_in_range(about.bytes_used, 4096, 1 << 20);
    test_store_close(&test);

    assert_open_fails(test.path, 0, VC_STORE_CREATE, VC_CONFLICT, test.path);

    (void) snprintf(file, sizeof(file), "%s/data.mdb", test.path);
    assert_int_equal(stat(file, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    /* sparse: it grows as it is written to */
    assert_in_range(info.st_size, 1, 1 << 20);

    test_store_open(&test, 0, 0);
    assert_int_equal(vc_store_info(test.store, &about), VC_OK);
    assert_int_equal(about.bytes_limit, TEST_STORE_SIZE);
    test_assert_payload(&test, "v1", "kept");
    test_store_close(&test);

    test_store_open(&test, 2 * TEST_STORE_SIZE, 0);
    assert_int_equal(vc_store_info(test.store, &about), VC_OK);
    assert_int_equal(about.bytes_limit, 2 * TEST_STORE_SIZE);
}


static void
test_open_through_a_descriptor(void **state)
{
    DIR       *directory;
    char       path[64];
    vc_error_t err;

    (void) state;

    assert_int_equal(test_put(&test, "v1", VC_REVISION_ANY, "here", 0), VC_OK);
    test_store_close(&test);

    directory = opendir(test.path);
    assert_non_null(directory);
    (void) snprintf(path, sizeof(path), "/proc/self/fd/%d", dirfd(directory));

    assert_int_equal(vc_store_open(path, 0, VC_STORE_WRITER, &test.store, &err),
        VC_OK);
    test_assert_payload(&test, "v1", "here");
    assert_int_equal(test_put(&test, "v1", VC_REVISION_ANY, "there", 0), VC_OK);
    test_store_close(&test);
    (void) closedir(directory);
}


/* writes a number of the table meta behind the library's back */
static void
set_meta(const char *path, const char *name, uint64_t value)
{
    MDB_env *env;
    MDB_dbi  dbi;
    MDB_txn *txn;
    MDB_val  key, val;
    uint8_t  bytes[8];

    vc_store_be64(bytes, value);
    key = (MDB_val){strlen(name), (void *) (uintptr_t) name};
    val = (MDB_val){8, bytes};

    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 4), 0);
    assert_int_equal(mdb_env_open(env, path, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "meta", 0, &dbi), 0);
    assert_int_equal(mdb_put(txn, dbi, &key, &val, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}


static void
test_formats(void **state)
{
    (void) state;

    test_store_close(&test);

    set_meta(test.path, "format", VC_STORE_FORMAT + 1);
    assert_open_fails(test.path, 0, 0, VC_NEWER_FORMAT, "format 2");
    assert_open_fails(test.path, 0, VC_STORE_INSPECT, VC_NEWER_FORMAT,
        "up to 1");
    assert_open_fails(test.path, 0, VC_STORE_CREATE, VC_CONFLICT, "already");

    set_meta(test.path, "format", 0);
    assert_open_fails(test.path, 0, 0, VC_INVALID, "format");

    set_meta(test.path, "format", VC_STORE_FORMAT);
    test_store_open(&test, 0, 0);
}


/* names, sizes and times of all that is in a directory */
static const char *
listing(const char *path)
{
    char           file[512];
    DIR           *directory;
    vc_buf_t       text;
    struct stat    info;
    struct dirent *entry;

    vc_buf_init(&text, test.arena, 1024);
    directory = opendir(path);
    assert_non_null(directory);

    while ((entry = readdir(directory)) != NULL) {
        if (strcmp(entry->d_name, "..") == 0) {
            continue;
        }

        (void) snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
        assert_int_equal(stat(file, &info), 0);
        vc_buf_printf(&text, "%s %o %lld %lld.%09ld %lld.%09ld\n",
            entry->d_name, info.st_mode, (long long) info.st_size,
            (long long) info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
            (long long) info.st_ctim.tv_sec, info.st_ctim.tv_nsec);
    }

    (void) closedir(directory);
    vc_buf_u8(&text, 0);

    return (const char *) text.data;
}


static void
test_inspect_changes_nothing(void **state)
{
    char            file[128];
    const char     *before;
    vc_store_info_t about;

    (void) state;

    assert_int_equal(test_put(&test, "v1", VC_REVISION_ANY, "seen", 7), VC_OK);
    test_store_close(&test);

    (void) snprintf(file, sizeof(file), "%s/lock.mdb", test.path);
    assert_int_equal(unlink(file), 0);
    before = listing(test.path);

    test_store_open(&test, 4 * TEST_STORE_SIZE, VC_STORE_INSPECT);
    test_assert_payload(&test, "v1", "seen");
    assert_string_equal(test_due(&test, 7, 1), "v1,");
    assert_int_equal(vc_store_info(test.store, &about), VC_OK);
    vc_store_check_readers(test.store);
    assert_int_equal(test_put(&test, "v1", VC_REVISION_ANY, "no", 0),
        VC_INVALID);
    test_store_close(&test);

    assert_string_equal(listing(test.path), before);
}


static void
assert_key(vc_key_t key, const void *expected, size_t len)
{
    assert_int_equal(key.len, len);
    assert_memory_equal(key.data, expected, len);
}


static void
test_keys(void **state)
{
    static const uint8_t domain[] = "0123456789abcdef";
    static const uint8_t version[] = "VVVVVVVVVVVVVVVV";

    uint8_t  name[VC_NAME_MAX + 1];
    vc_str_t longest, too_long;

    (void) state;

    memset(name, 'n', sizeof(name));
    longest = (vc_str_t){name, VC_NAME_MAX};
    too_long = (vc_str_t){name, VC_NAME_MAX + 1};

    assert_key(vc_key_installation("root"), "iroot", 5);
    assert_key(vc_key_signing(0x0102, VC_STR("Kid")), "a\0\0\0\0\0\0\1\2Kid",
        12);
    assert_key(vc_key_principal(VC_STR("AZ-@[9")), "paz-@[9", 7);
    assert_key(vc_key_vault(VC_STR("az-`{9")), "vAZ-`{9", 7);
    assert_key(vc_key_sealing(domain), "k0123456789abcdef", 17);
    assert_key(vc_key_seal_count(domain), "n0123456789abcdef", 17);
    assert_key(vc_key_tombstone(domain), "t0123456789abcdef", 17);
    assert_key(vc_key_object('d', domain, 's', VC_STR("Name")),
        "d0123456789abcdefsNAME", 22);
    assert_key(vc_key_object('h', domain, 's', VC_STR_NULL),
        "h0123456789abcdefs", 18);
    assert_key(vc_key_version(domain, 's', VC_STR("Name"), version),
        "w0123456789abcdefsNAME\0VVVVVVVVVVVVVVVV", 39);
    assert_key(vc_key_version(domain, 's', VC_STR("Name"), NULL),
        "w0123456789abcdefsNAME\0", 23);

    assert_int_equal(vc_key_version(domain, 's', longest, version).len,
        VC_KEY_MAX);

    assert_int_equal(vc_key_signing(1, too_long).len, 0);
    assert_int_equal(vc_key_principal(too_long).len, 0);
    assert_int_equal(vc_key_vault(too_long).len, 0);
    assert_int_equal(vc_key_object('h', domain, 's', too_long).len, 0);
    assert_int_equal(vc_key_version(domain, 's', too_long, version).len, 0);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_misuse, setup_empty, teardown),
        cmocka_unit_test_setup_teardown(test_open_where_nothing_is, setup_empty,
            teardown),
        cmocka_unit_test_setup_teardown(test_open_what_is_no_store, setup_empty,
            teardown),
        cmocka_unit_test_setup_teardown(test_create_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_open_through_a_descriptor, setup,
            teardown),
        cmocka_unit_test_setup_teardown(test_formats, setup, teardown),
        cmocka_unit_test_setup_teardown(test_inspect_changes_nothing, setup,
            teardown),
        cmocka_unit_test(test_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
