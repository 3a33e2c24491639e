#include "access/network.h"

#include <arpa/inet.h>

#define VC_MAPPED_PREFIX 96 /* bits in front of an IPv4 address */
#define VC_ADDRESS_BITS 128
#define VC_ADDRESS_TEXT_MAX (INET6_ADDRSTRLEN - 1)

static const uint8_t vc_mapped[VC_MAPPED_PREFIX / 8] = {[10] = 0xff, 0xff};

#define VC_RANGE_IPV4(a, b, c, d, bits)                                        \
    {                                                                          \
        {[10] = 0xff, 0xff, a, b, c, d}, VC_MAPPED_PREFIX + (bits)             \
    }

static const vc_range_t vc_private_ranges[] = {
    VC_RANGE_IPV4(10, 0, 0, 0, 8),
    VC_RANGE_IPV4(172, 16, 0, 0, 12),
    VC_RANGE_IPV4(192, 168, 0, 0, 16),
    VC_RANGE_IPV4(100, 64, 0, 0, 10),
    VC_RANGE_IPV4(127, 0, 0, 0, 8),
    VC_RANGE_IPV4(169, 254, 0, 0, 16),
    {{0xfc}, 7},
    {{[15] = 1}, VC_ADDRESS_BITS},
    {{0xfe, 0x80}, 10},
};


/*
 * An address as 16 bytes, and how many bits of it stand in front of what a
 * prefix in the text counts.
 */
static bool
vc_address_parse(vc_str_t text, uint8_t out[16], uint8_t *offset)
{
    char copy[VC_ADDRESS_TEXT_MAX + 1];

    if (text.len == 0 || text.len > VC_ADDRESS_TEXT_MAX
        || memchr(text.data, '\0', text.len) != NULL)
    {
        return false;
    }

    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';

    *offset = 0;
    if (inet_pton(AF_INET6, copy, out) == 1) {
        return true;
    }

    *offset = VC_MAPPED_PREFIX;
    memcpy(out, vc_mapped, sizeof(vc_mapped));

    return inet_pton(AF_INET, copy, out + sizeof(vc_mapped)) == 1;
}


static bool
vc_address_is_mapped(const uint8_t address[16])
{
    return memcmp(address, vc_mapped, sizeof(vc_mapped)) == 0;
}


/* "0" to max, no leading zero */
static bool
vc_prefix_parse(vc_str_t text, unsigned max, uint8_t *out)
{
    size_t   i;
    unsigned value;

    if (text.len == 0 || text.len > 3 || !vc_str_is(text, VC_BYTE_DIGIT)
        || (text.data[0] == '0' && text.len > 1))
    {
        return false;
    }

    for (i = 0, value = 0; i < text.len; i++) {
        value = value * 10 + (unsigned) (text.data[i] - '0');
    }

    *out = (uint8_t) value;

    return value <= max;
}


static void
vc_range_mask(vc_range_t *range)
{
    size_t   whole;
    unsigned rest;

    whole = range->prefix / 8;
    rest = range->prefix % 8;

    if (rest != 0) {
        range->address[whole++] &= (uint8_t) (0xffU << (8 - rest));
    }

    memset(range->address + whole, 0, sizeof(range->address) - whole);
}


bool
vc_range_parse(vc_str_t text, vc_range_t *out)
{
    uint8_t        offset, prefix;
    vc_str_t       address, bits;
    const uint8_t *slash;

    slash = (text.len == 0) ? NULL : memchr(text.data, '/', text.len);
    address = text;

    if (slash != NULL) {
        address.len = (size_t) (slash - text.data);
    }

    if (!vc_address_parse(address, out->address, &offset)) {
        return false;
    }

    prefix = (uint8_t) (VC_ADDRESS_BITS - offset);

    if (slash != NULL) {
        bits = (vc_str_t){slash + 1, text.len - address.len - 1};

        if (!vc_prefix_parse(bits, prefix, &prefix)) {
            return false;
        }
    }

    out->prefix = (uint8_t) (offset + prefix);
    vc_range_mask(out);

    return true;
}


static bool
vc_range_is_ipv4(const vc_range_t *range)
{
    return range->prefix >= VC_MAPPED_PREFIX
           && vc_address_is_mapped(range->address);
}


void
vc_range_text(const vc_range_t *range, vc_buf_t *out)
{
    bool v4;
    char text[INET6_ADDRSTRLEN];

    v4 = vc_range_is_ipv4(range);

    if (inet_ntop(v4 ? AF_INET : AF_INET6,
            range->address + (v4 ? sizeof(vc_mapped) : 0), text, sizeof(text))
        == NULL)
    {
        out->failed = true;
        return;
    }

    vc_buf_printf(out, "%s/%d", text,
        range->prefix - (v4 ? VC_MAPPED_PREFIX : 0));
}


static bool
vc_address_is_in(const uint8_t address[16], const vc_range_t *range)
{
    size_t   whole;
    unsigned rest;

    /* whoever names all of IPv6 has not named all of IPv4 */
    if (vc_address_is_mapped(address) && range->prefix < VC_MAPPED_PREFIX) {
        return false;
    }

    whole = range->prefix / 8;
    rest = range->prefix % 8;

    return memcmp(address, range->address, whole) == 0
           && (rest == 0
               || ((address[whole] ^ range->address[whole])
                      & (0xffU << (8 - rest)))
                      == 0);
}


bool
vc_range_is_private(const vc_range_t *range)
{
    size_t i;
    const vc_range_t *private;

    for (i = 0; i < sizeof(vc_private_ranges) / sizeof(vc_private_ranges[0]);
         i++) {
        private = &vc_private_ranges[i];

        if (range->prefix >= private->prefix
            && vc_address_is_in(range->address, private))
        {
            return true;
        }
    }

    return false;
}


/* whether a rule names the address; one for a private range, if asked so */
static bool
vc_network_lists(const vc_network_t *network, vc_str_t text, bool private)
{
    size_t            i;
    uint8_t           offset, address[16];
    const vc_range_t *range;

    if (!vc_address_parse(text, address, &offset)) {
        return false;
    }

    for (i = 0; i < network->range_count; i++) {
        range = &network->ranges[i];

        if (vc_address_is_in(address, range)
            && (!private || vc_range_is_private(range)))
        {
            return true;
        }
    }

    return false;
}


vc_status_t
vc_network_decide(const vc_network_t *network, vc_str_t address)
{
    if (network->public_disabled) {
        return vc_network_lists(network, address, true)
                   ? VC_OK
                   : VC_FORBIDDEN_BY_CONNECTION;
    }

    if (!network->deny || vc_network_lists(network, address, false)) {
        return VC_OK;
    }

    return VC_FORBIDDEN_BY_FIREWALL;
}
