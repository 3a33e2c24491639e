/* a sealed store with two domains, for the tests of sealed.h */

#ifndef VC_TEST_SEALED_SUPPORT_H
#define VC_TEST_SEALED_SUPPORT_H

#include "test_store_support.h"

#include "base/log.h"
#include "store/sealed.h"
#include "store/sealed_internal.h"

static const uint8_t domain_a[VC_DOMAIN_LEN] = "domain-a-0123456";
static const uint8_t domain_b[VC_DOMAIN_LEN] = "domain-b-0123456";

static struct {
    test_directory_t directory;
    char             store_path[80];
    char             seal_path[80];
    vc_seal_t       *seal;
    vc_vaultstore_t *vaultstore;
    vc_session_t    *session;
    vc_arena_t      *arena;
    vc_error_t       err;
} test;

static char logged[1024];

static inline void
keep_log(vc_log_level_t level, const char *text)
{
    (void) level;
    (void) snprintf(logged, sizeof(logged), "%s", text);
}

static inline int
setup_empty(void **state)
{
    (void) state;

    memset(&test, 0, sizeof(test));
    test.directory = test_directory_make();
    test.arena = vc_arena_create(4096);
    (void) snprintf(test.store_path, sizeof(test.store_path), "%s/store",
        test.directory.path);
    (void) snprintf(test.seal_path, sizeof(test.seal_path), "%s/seal",
        test.directory.path);
    assert_int_equal(vc_seal_file_create(test.seal_path, NULL), VC_OK);
    assert_int_equal(vc_seal_file_open(test.seal_path, &test.seal, NULL),
        VC_OK);
    vc_log_set_writer(keep_log);
    logged[0] = '\0';
    vc_seal_limit = UINT64_C(1) << 28;

    return 0;
}

static inline vc_status_t
open_vaultstore(void)
{
    vc_status_t status;

    status = vc_vaultstore_open(test.store_path, TEST_STORE_SIZE,
        VC_STORE_WRITER, test.seal, &test.vaultstore, &test.err);
    if (status == VC_OK) {
        assert_int_equal(vc_session_create(test.vaultstore, &test.session),
            VC_OK);
    }

    return status;
}

static inline void
close_vaultstore(void)
{
    vc_session_destroy(test.session);
    vc_vaultstore_close(test.vaultstore);
    test.session = NULL;
    test.vaultstore = NULL;
}

static inline vc_status_t
commit(vc_batch_t *batch)
{
    return vc_store_commit(vc_vaultstore_store(test.vaultstore), batch, NULL,
        &test.err);
}

static inline void
create_domain(const uint8_t *domain)
{
    vc_batch_t *batch;

    batch = vc_batch_create(test.arena);
    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);
    assert_int_equal(vc_domain_create(test.session, test.arena, batch, domain),
        VC_OK);
    vc_session_end(test.session);
    assert_int_equal(commit(batch), VC_OK);
}

static inline int
setup(void **state)
{
    (void) setup_empty(state);
    assert_int_equal(vc_vaultstore_create(test.store_path, TEST_STORE_SIZE,
                         test.seal, &test.err),
        VC_OK);
    assert_int_equal(open_vaultstore(), VC_OK);
    create_domain(domain_a);
    create_domain(domain_b);

    return 0;
}

static inline int
teardown(void **state)
{
    (void) state;

    close_vaultstore();
    vc_seal_close(test.seal);
    vc_arena_destroy(test.arena);
    vc_log_set_writer(NULL);
    test_directory_remove(&test.directory);

    return 0;
}

static inline vc_status_t
put(const uint8_t *domain, const char *key, const char *text)
{
    vc_batch_t *batch;
    vc_status_t status;

    batch = vc_batch_create(test.arena);
    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);
    status = vc_sealed_put(test.session, domain, batch, vc_str(key),
        VC_REVISION_ANY, vc_str(text), 0);
    vc_session_end(test.session);

    return (status == VC_OK) ? commit(batch) : status;
}

static inline vc_status_t
get_in(vc_session_t *session, const uint8_t *domain, const char *key,
    vc_str_t *out)
{
    vc_record_t record;
    vc_status_t status;

    assert_int_equal(vc_session_begin(session, NULL), VC_OK);
    status = vc_sealed_get(session, domain, vc_str(key), test.arena, &record);
    vc_session_end(session);

    if (status == VC_OK) {
        *out = record.payload;
    }

    return status;
}

static inline vc_status_t
get(const uint8_t *domain, const char *key, vc_str_t *out)
{
    return get_in(test.session, domain, key, out);
}

static inline void
assert_opens(const uint8_t *domain, const char *key, const char *expected)
{
    vc_str_t text = VC_STR_NULL;

    assert_int_equal(get(domain, key, &text), VC_OK);
    assert_true(vc_str_eq(text, vc_str(expected)));
}

/* what lies in the store, as it is */
static inline vc_str_t
raw(vc_str_t key)
{
    vc_str_t    copy;
    vc_record_t record;

    assert_int_equal(vc_session_begin(test.session, NULL), VC_OK);
    assert_int_equal(vc_snapshot_get(vc_session_snapshot(test.session), key,
                         &record),
        VC_OK);
    copy = vc_str_copy(test.arena, record.payload);
    vc_session_end(test.session);

    return copy;
}

static inline void
put_raw(vc_str_t key, vc_str_t payload)
{
    vc_batch_t *batch;

    batch = vc_batch_create(test.arena);
    vc_batch_put(batch, key, VC_REVISION_ANY, payload, 0);
    assert_int_equal(commit(batch), VC_OK);
}

static inline uint64_t
seal_count(const uint8_t *domain)
{
    vc_key_t key;

    key = vc_key_seal_count(domain);

    return vc_load_be64(raw(vc_key_view(&key)).data);
}

static inline uint32_t
sealed_by(const char *key)
{
    uint32_t key_id;

    assert_int_equal(vc_sealed_key_id(raw(vc_str(key)), &key_id), VC_OK);

    return key_id;
}

#endif /* VC_TEST_SEALED_SUPPORT_H */
