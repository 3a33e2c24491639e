/* lists of secrets: order, pages, and the tokens between them */

#include "secret_fixture.h"

#define SECRETS 60
#define MARK "$skiptoken="


/* the path and query of a nextLink; false on the last page */
static bool
next_target(const answer_t *answer, char *target)
{
    const json_t *link;

    link = json_object_get(answer->json, "nextLink");
    assert_non_null(link);

    if (json_is_null(link)) {
        return false;
    }

    assert_int_equal(strncmp(json_string_value(link), FIXTURE_URL "/",
                         strlen(FIXTURE_URL) + 1),
        0);
    assert_true(json_string_length(link) < FIXTURE_TARGET_MAX);
    (void) strcpy(target, json_string_value(link) + strlen(FIXTURE_URL));

    return true;
}


/* follows a list to its end; each id must come behind the one before */
static size_t
walk(const char *first, size_t page_size, const char *prefix, size_t *pages)
{
    bool            more;
    char            target[FIXTURE_TARGET_MAX], before[160];
    size_t          i, count;
    json_t         *items;
    const char     *id;
    const answer_t *answer;

    (void) snprintf(target, sizeof(target), "%s", first);
    before[0] = '\0';
    count = 0;
    *pages = 0;

    do {
        answer = expect(200, "GET", target, NULL);
        items = json_object_get(answer->json, "value");
        assert_true(json_is_array(items));
        more = next_target(answer, target);
        assert_int_equal(json_object_size(answer->json), 2);
        assert_true(json_array_size(items) <= page_size);
        assert_true(!more || json_array_size(items) == page_size);

        for (i = 0; i < json_array_size(items); i++, count++) {
            id = text_of(json_array_get(items, i), "id");
            assert_int_equal(strncmp(id, prefix, strlen(prefix)), 0);
            assert_true(strcasecmp(before, id + strlen(prefix)) < 0);
            (void) snprintf(before, sizeof(before), "%s", id + strlen(prefix));
            assert_null(json_object_get(json_array_get(items, i), "value"));
        }

        ++*pages;
    } while (more);

    return count;
}


static void
test_empty(void **state)
{
    (void) state;

    assert_string_equal(expect(200, "GET", "/secrets", NULL)->text,
        "{\"value\":[],\"nextLink\":null}");
    assert_string_equal(expect(200, "GET", "/deletedsecrets", NULL)->text,
        "{\"value\":[],\"nextLink\":null}");
    (void) expect_error(404, "SecretNotFound", NULL, "GET",
        "/secrets/no/versions", NULL);
}


static void
test_pages(void **state)
{
    char   target[96];
    size_t i, pages;

    (void) state;

    for (i = 0; i < SECRETS; i++) {
        (void) snprintf(target, sizeof(target), "/secrets/%s-%02zu",
            (i % 3 == 0) ? "item" : "ITEM", i * 7 % SECRETS);
        (void) expect(200, "PUT", target,
            "{\"value\":\"v\",\"contentType\":\"c\",\"tags\":{\"k\":\"v\"}}");
    }

    assert_int_equal(walk("/secrets", 25, FIXTURE_URL "/secrets/", &pages),
        SECRETS);
    assert_int_equal(pages, 3);
    assert_int_equal(walk("/secrets?api-version=7.4&maxresults=25", 25,
                         FIXTURE_URL "/secrets/", &pages),
        SECRETS);
    assert_int_equal(pages, 3);
    assert_int_equal(walk("/secrets/?maxresults=1&api-version=2025-07-01", 1,
                         FIXTURE_URL "/secrets/", &pages),
        SECRETS);
    assert_int_equal(pages, SECRETS);
}


static void
test_page_sizes(void **state)
{
    static const char *const wrong[] = {"0", "26", "-1", "x", "", "1x", "+1",
        "1.0", "99999999999999999999"};

    char   target[96];
    size_t i;

    (void) state;

    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        (void) snprintf(target, sizeof(target),
            "/secrets?api-version=7.4&maxresults=%s", wrong[i]);
        (void) expect_error(400, "BadParameter", NULL, "GET", target, NULL);
    }
}


/* everything of a link but its token */
static void
assert_link(const answer_t *answer, const char *before, const char *after)
{
    size_t      len;
    const char *link, *token;

    assert_int_equal(answer->status, 200);
    link = text_of(answer->json, "nextLink");
    assert_int_equal(strncmp(link, before, strlen(before)), 0);

    token = link + strlen(before);
    len = strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789-_");
    assert_true(len > 16);
    assert_string_equal(token + len, after);
}


static void
test_links(void **state)
{
    (void) state;

    assert_link(expect(200, "GET", "/secrets", NULL),
        FIXTURE_URL "/secrets?api-version=7.4&" MARK, "");
    assert_link(expect(200, "GET",
                    "//SECRETS/?maxresults=3&x=y&api-version=7.0", NULL),
        FIXTURE_URL "/secrets?api-version=7.0&" MARK, "&maxresults=3");
    assert_link(ask_at("https", "demo.vault.localhost", "GET", "/secrets",
                    NULL),
        "https://demo.vault.localhost:443/secrets?api-version=7.4&" MARK, "");
    assert_link(ask_at("http", "demo.vault.localhost", "GET", "/secrets", NULL),
        "http://demo.vault.localhost:80/secrets?api-version=7.4&" MARK, "");
}


static void
test_items(void **state)
{
    char            expected[1024], version[33], target[96];
    json_int_t      created, deleted;
    const answer_t *answer;

    (void) state;

    answer = expect(200, "PUT", "/secrets/-First",
        "{\"value\":\"v\",\"contentType\":\"c\",\"tags\":{\"k\":\"v\"},"
        "\"attributes\":{\"enabled\":false,\"exp\":7}}");
    version_of(answer, version);
    created = number_of(json_object_get(answer->json, "attributes"), "created");

#define ITEM_REST                                                              \
    "\",\"attributes\":{\"enabled\":false,\"exp\":7,\"created\":%lld,"         \
    "\"updated\":%lld,\"recoveryLevel\":\"CustomizedRecoverable+Purgeable\","  \
    "\"recoverableDays\":7},\"tags\":{\"k\":\"v\"}}],\"nextLink\":"

    answer = expect(200, "GET", "/secrets?api-version=7.4&maxresults=1", NULL);
    (void) snprintf(expected, sizeof(expected),
        "{\"value\":[{\"contentType\":\"c\",\"id\":\"" FIXTURE_URL
        "/secrets/-First" ITEM_REST "\"",
        (long long) created, (long long) created);
    assert_memory_equal(answer->text, expected, strlen(expected));
    assert_string_equal(answer->record_id, "");

    (void) snprintf(target, sizeof(target), "/secrets/-first/versions");
    answer = expect(200, "GET", target, NULL);
    (void) snprintf(expected, sizeof(expected),
        "{\"value\":[{\"contentType\":\"c\",\"id\":\"" FIXTURE_URL
        "/secrets/-First/%s" ITEM_REST "null}",
        version, (long long) created, (long long) created);
    assert_string_equal(answer->text, expected);

    deleted = number_of(expect(200, "DELETE", "/secrets/-first", NULL)->json,
        "deletedDate");
    answer = expect(200, "GET", "/deletedsecrets", NULL);
    (void) snprintf(expected, sizeof(expected),
        "{\"value\":[{\"recoveryId\":\"" FIXTURE_URL
        "/deletedsecrets/-First\",\"deletedDate\":%lld,"
        "\"scheduledPurgeDate\":%lld,\"contentType\":\"c\",\"id\":\"" FIXTURE_URL
        "/secrets/-First" ITEM_REST "null}",
        (long long) deleted, (long long) deleted + 7 * 86400,
        (long long) created, (long long) created);
    assert_string_equal(answer->text, expected);
#undef ITEM_REST

    (void) expect(204, "DELETE", "/deletedsecrets/-first", NULL);
}


static void
test_versions(void **state)
{
    size_t i, pages;

    (void) state;

    for (i = 0; i < 30; i++) {
        (void) expect(200, "PUT", "/secrets/Many", "{\"value\":\"v\"}");
        (void) expect(200, "PUT", "/secrets/many-", "{\"value\":\"v\"}");
    }

    assert_int_equal(walk("/secrets/many/versions", 25,
                         FIXTURE_URL "/secrets/Many/", &pages),
        30);
    assert_int_equal(pages, 2);
    assert_int_equal(walk("/secrets/MANY/versions?api-version=7.4&maxresults=1",
                         1, FIXTURE_URL "/secrets/Many/", &pages),
        30);
    assert_int_equal(pages, 30);
    assert_link(expect(200, "GET", "/secrets/mAny/versions/", NULL),
        FIXTURE_URL "/secrets/mAny/versions?api-version=7.4&" MARK, "");
}


static void
test_deleted(void **state)
{
    char   target[96];
    size_t i, pages;

    (void) state;

    for (i = 0; i < SECRETS; i += 2) {
        (void) snprintf(target, sizeof(target), "/secrets/item-%02zu", i);
        (void) expect(200, "DELETE", target, NULL);
    }

    assert_int_equal(walk("/deletedsecrets", 25, FIXTURE_URL "/secrets/",
                         &pages),
        SECRETS / 2);
    assert_int_equal(pages, 2);
    assert_int_equal(walk("/deletedsecrets?api-version=7.4&maxresults=1", 1,
                         FIXTURE_URL "/secrets/", &pages),
        SECRETS / 2);
}


/* the token of a list's first page */
static void
token_of(const char *list, char *token)
{
    char            target[FIXTURE_TARGET_MAX], *end;
    const answer_t *answer;

    answer = expect(200, "GET", list, NULL);
    assert_true(next_target(answer, target));
    (void) strcpy(token, strstr(target, MARK) + strlen(MARK));
    end = strchr(token, '&');

    if (end != NULL) {
        *end = '\0';
    }
}


static int
status_with(const char *list, const char *token)
{
    char target[FIXTURE_TARGET_MAX + 64];

    (void) snprintf(target, sizeof(target), "%s?api-version=7.4&" MARK "%s",
        list, token);

    return ask("GET", target, NULL)->status;
}


static void
test_altered_tokens(void **state)
{
    static const char *const texts[] = {"x", "AAAA", "!", "%00", "%ff",
        "====", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAA",
        "eyJOZXh0TWFya2VyIjoic2VjcmV0L0EiLCJUYXJnZXRMb2NhdGlvbiI6MH0"};

    char   token[FIXTURE_TARGET_MAX], kept;
    size_t i, len;

    (void) state;

    token_of("/secrets", token);
    assert_int_equal(status_with("/secrets", token), 200);
    assert_int_equal(status_with("/secrets", ""), 200);
    len = strlen(token);

    for (i = 0; i < len; i++) {
        kept = token[i];
        token[i] = (kept == 'A') ? 'B' : 'A';
        assert_int_equal(status_with("/secrets", token), 400);
        token[i] = kept;
    }

    for (i = 1; i < len; i++) {
        kept = token[i];
        token[i] = '\0';
        assert_int_equal(status_with("/secrets", token), 400);
        token[i] = kept;
    }

    (void) strcpy(token + len, "AAAA");
    assert_int_equal(status_with("/secrets", token), 400);

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(status_with("/secrets", texts[i]), 400);
    }
}


static void
test_foreign_tokens(void **state)
{
    char   token[FIXTURE_TARGET_MAX];
    size_t i, k;

    static const char *const lists[] = {"/secrets", "/deletedsecrets",
        "/secrets/many/versions", "/secrets/many-/versions"};

    (void) state;

    for (i = 0; i < 4; i++) {
        token_of(lists[i], token);

        for (k = 0; k < 4; k++) {
            assert_int_equal(status_with(lists[k], token),
                (i == k) ? 200 : 400);
        }
    }

    /* the same name in another case is the same list */
    token_of("/secrets/many/versions", token);
    assert_int_equal(status_with("/secrets/MANY/versions", token), 200);
}


static void
test_other_vault(void **state)
{
    char            token[FIXTURE_TARGET_MAX], target[2 * FIXTURE_TARGET_MAX];
    const answer_t *answer;

    (void) state;

    make_vault("other", false);
    token_of("/secrets", token);
    (void) snprintf(target, sizeof(target),
        "/secrets?api-version=7.4&" MARK "%s", token);

    answer = ask_at("https", "other.vault.localhost:8443", "GET", "/secrets",
        "");
    assert_string_equal(answer->text, "{\"value\":[],\"nextLink\":null}");
    answer = ask_at("https", "other.vault.localhost:8443", "GET", target, "");
    assert_int_equal(answer->status, 400);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_page_sizes),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_items),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_deleted),
        cmocka_unit_test(test_altered_tokens),
        cmocka_unit_test(test_foreign_tokens),
        cmocka_unit_test(test_other_vault),
    };

    return cmocka_run_group_tests(tests, secrets_setup, secrets_teardown);
}
