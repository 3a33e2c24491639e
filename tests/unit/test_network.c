/* network rules: ranges as text, and who may call */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "access/network.h"


static void
test_ranges(void **state)
{
    static const struct {
        const char *text;
        const char *shown; /* NULL: it is no range */
    } cases[] = {
        {"192.0.2.1", "192.0.2.1/32"},
        {"192.0.2.1/32", "192.0.2.1/32"},
        {"192.0.2.255/24", "192.0.2.0/24"},
        {"192.0.2.255/25", "192.0.2.128/25"},
        {"255.255.255.255/1", "128.0.0.0/1"},
        {"1.2.3.4/0", "0.0.0.0/0"},
        {"2001:db8::1", "2001:db8::1/128"},
        {"2001:DB8:0:0::/32", "2001:db8::/32"},
        {"2001:db8:ffff:ffff::/33", "2001:db8:8000::/33"},
        {"ffff::/1", "8000::/1"},
        {"::1/0", "::/0"},
        {"::", "::/128"},
        {"::ffff:192.0.2.1", "192.0.2.1/32"},
        {"::ffff:192.0.2.1/120", "192.0.2.0/24"},
        {"::ffff:c000:201/96", "0.0.0.0/0"},
        {"::ffff:192.0.2.1/95", "::fffe:0:0/95"},
        {"", NULL},
        {"/", NULL},
        {"/24", NULL},
        {"1.2.3", NULL},
        {"1.2.3.4.5", NULL},
        {"1.2.3.4/33", NULL},
        {"1.2.3.4/256", NULL},
        {"1.2.3.4/288", NULL},
        {"1.2.3.4/", NULL},
        {"1.2.3.4/+1", NULL},
        {"1.2.3.4/-1", NULL},
        {"1.2.3.4/08", NULL},
        {"1.2.3.4/8/8", NULL},
        {"1.2.3.4/0000", NULL},
        {"01.2.3.4", NULL},
        {"1.2.3.256", NULL},
        {"0x1.2.3.4", NULL},
        {" 1.2.3.4", NULL},
        {"1.2.3.4 ", NULL},
        {"1.2.3.4:443", NULL},
        {"::1/129", NULL},
        {"[::1]", NULL},
        {":::", NULL},
        {"1:2:3:4:5:6:7", NULL},
        {"1:2:3:4:5:6:7:8:9", NULL},
        {"fe80::1%eth0", NULL},
        {"fe80::1%1/64", NULL},
        {"unix:", NULL},
        {"vault.example", NULL},
        {"1111:2222:3333:4444:5555:6666:123.123.123.1234", NULL},
    };

    char       text[64];
    size_t     i;
    vc_buf_t   shown;
    vc_range_t range;

    (void) state;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (vc_range_parse(vc_str(cases[i].text), &range)
            != (cases[i].shown != NULL)) {
            fail_msg("\"%s\"", cases[i].text);
        }

        if (cases[i].shown == NULL) {
            continue;
        }

        vc_buf_fixed(&shown, text, sizeof(text));
        vc_range_text(&range, &shown);

        if (!vc_str_eq(vc_buf_view(&shown), vc_str(cases[i].shown))) {
            fail_msg("\"%s\" is shown as \"%.*s\"", cases[i].text,
                VC_STR_ARG(vc_buf_view(&shown)));
        }
    }

    assert_false(
        vc_range_parse((vc_str_t){(const uint8_t *) "::1\0", 4}, &range));
    assert_false(vc_range_parse(VC_STR_NULL, &range));
}


/* every prefix: its text is read as the same range, and holds what it should */
static void
test_prefixes(void **state)
{
    char         text[64], copy[64];
    unsigned     bits;
    uint8_t      prefix;
    vc_buf_t     shown;
    vc_range_t   range, again;
    vc_network_t network;

    (void) state;

    memset(&network, 0, sizeof(network));
    network.has_rules = true;
    network.deny = true;
    network.ranges = &range;
    network.range_count = 1;

    for (bits = 0; bits <= 32 + 1 + 128; bits++) {
        prefix = (uint8_t) (bits <= 32 ? bits : bits - 33);
        (void) snprintf(text, sizeof(text), "%s/%u",
            bits <= 32 ? "170.170.170.170"
                       : "aaaa:aaaa:aaaa:aaaa:aaaa:aaaa:aaaa:aaaa",
            prefix);
        assert_true(vc_range_parse(vc_str(text), &range));
        assert_int_equal(range.prefix, bits <= 32 ? 96 + prefix : prefix);

        vc_buf_fixed(&shown, copy, sizeof(copy));
        vc_range_text(&range, &shown);
        assert_true(vc_range_parse(vc_buf_view(&shown), &again));
        assert_memory_equal(&again, &range, sizeof(range));

        *strchr(text, '/') = '\0';
        assert_int_equal(vc_network_decide(&network, vc_str(text)), VC_OK);

        /* the last bit of the prefix is the other way round */
        if (prefix != 0) {
            range.address[(range.prefix - 1U) / 8] ^=
                (uint8_t) (0x80U >> ((range.prefix - 1U) % 8));
            assert_int_equal(vc_network_decide(&network, vc_str(text)),
                VC_FORBIDDEN_BY_FIREWALL);
        }
    }
}


static void
test_private(void **state)
{
    static const char *const private[] = {"10.0.0.0/8", "10.1.2.3",
        "172.16.0.0/12", "172.31.255.255", "192.168.0.0/16", "192.168.7.0/24",
        "127.0.0.1", "169.254.169.254", "100.64.0.0/10", "100.127.255.255",
        "fc00::/7", "fd12::1", "::1", "fe80::/10", "febf::1",
        "::ffff:10.0.0.1"};
    static const char *const public[] = {"10.0.0.0/7", "11.0.0.0/8",
        "172.16.0.0/11", "172.32.0.0", "192.168.0.0/15", "192.169.0.0",
        "100.64.0.0/9", "100.128.0.0", "126.0.0.0", "8.8.8.8", "0.0.0.0/0",
        "fc00::/6", "fe00::", "::", "::/0", "::2", "fec0::", "2001:db8::1"};

    size_t     i;
    vc_range_t range;

    (void) state;

    for (i = 0; i < sizeof(private) / sizeof(private[0]); i++) {
        assert_true(vc_range_parse(vc_str(private[i]), &range));
        if (!vc_range_is_private(&range)) {
            fail_msg("%s", private[i]);
        }
    }

    for (i = 0; i < sizeof(public) / sizeof(public[0]); i++) {
        assert_true(vc_range_parse(vc_str(public[i]), &range));
        if (vc_range_is_private(&range)) {
            fail_msg("%s", public[i]);
        }
    }
}


static void
test_decisions(void **state)
{
    enum {
        OPEN,    /* no rules */
        ALLOW,   /* rules, and allow what they do not name */
        DENY,    /* rules, and deny what they do not name */
        PRIVATE, /* no public access, with rules */
        SHUT     /* no public access, no rules */
    };
    static const char *const rules[] = {"203.0.113.0/24", "10.1.0.0/16",
        "2001:db8:1::/48", "fd00:1::/32", "::/0"};
    static const struct {
        int         what;
        const char *address;
        vc_status_t want;
    } cases[] = {
        {OPEN, "198.51.100.1", VC_OK},
        {OPEN, "unix:", VC_OK},
        {OPEN, "", VC_OK},
        {ALLOW, "198.51.100.1", VC_OK},
        {ALLOW, "unix:", VC_OK},
        {DENY, "203.0.113.77", VC_OK},
        {DENY, "::ffff:203.0.113.77", VC_OK},
        {DENY, "203.0.114.77", VC_FORBIDDEN_BY_FIREWALL},
        {DENY, "10.1.2.3", VC_OK},
        {DENY, "2001:db8:1::5", VC_OK},
        {DENY, "2001:db8:2::5", VC_OK},
        {DENY, "unix:", VC_FORBIDDEN_BY_FIREWALL},
        {DENY, "", VC_FORBIDDEN_BY_FIREWALL},
        {DENY, "203.0.113.77 ", VC_FORBIDDEN_BY_FIREWALL},
        {DENY, "203.0.113.0/24", VC_FORBIDDEN_BY_FIREWALL},
        {PRIVATE, "10.1.2.3", VC_OK},
        {PRIVATE, "fd00:1::5", VC_OK},
        {PRIVATE, "10.2.2.3", VC_FORBIDDEN_BY_CONNECTION},
        {PRIVATE, "203.0.113.77", VC_FORBIDDEN_BY_CONNECTION},
        {PRIVATE, "2001:db8:1::5", VC_FORBIDDEN_BY_CONNECTION},
        {PRIVATE, "::1", VC_FORBIDDEN_BY_CONNECTION},
        {PRIVATE, "unix:", VC_FORBIDDEN_BY_CONNECTION},
        {SHUT, "10.1.2.3", VC_FORBIDDEN_BY_CONNECTION},
        {SHUT, "127.0.0.1", VC_FORBIDDEN_BY_CONNECTION},
        {SHUT, "unix:", VC_FORBIDDEN_BY_CONNECTION},
    };

    size_t       i;
    vc_range_t   ranges[5];
    vc_network_t network;

    (void) state;

    for (i = 0; i < 5; i++) {
        assert_true(vc_range_parse(vc_str(rules[i]), &ranges[i]));
    }

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memset(&network, 0, sizeof(network));
        network.has_rules = (cases[i].what != OPEN && cases[i].what != SHUT);
        network.ranges = network.has_rules ? ranges : NULL;
        network.range_count = network.has_rules ? 5 : 0;
        network.deny = (cases[i].what == DENY);
        network.public_disabled = (cases[i].what == PRIVATE
                                   || cases[i].what == SHUT);

        if (vc_network_decide(&network, vc_str(cases[i].address))
            != cases[i].want) {
            fail_msg("case %zu: \"%s\"", i, cases[i].address);
        }

        assert_int_equal(vc_network_is_open(&network),
            cases[i].what == OPEN || cases[i].what == ALLOW);
    }
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_private),
        cmocka_unit_test(test_decisions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
