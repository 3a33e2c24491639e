/*
 * Network rules of a vault: which addresses may call it.  Key Vault's
 * networkAcls and publicNetworkAccess, with IPv6 besides.
 */

#ifndef VC_ACCESS_NETWORK_H
#define VC_ACCESS_NETWORK_H

#include <stdint.h>

#include "base/bytes.h"

#define VC_NETWORK_RULES_MAX 1000

/* an address range; IPv4 addresses as IPv4-mapped ones (RFC 4291 section
   2.5.5.2), so that an IPv4 prefix of 24 is one of 120 here */
typedef struct {
    uint8_t address[16]; /* bits behind the prefix are zero */
    uint8_t prefix;      /* 0 … 128 */
} vc_range_t;

typedef struct {
    bool        has_rules;       /* networkAcls was given; else all may call */
    bool        deny;            /* defaultAction Deny; only with rules */
    bool        bypass;          /* "AzureServices": kept, grants nothing */
    bool        public_disabled; /* publicNetworkAccess Disabled */
    size_t      range_count;
    vc_range_t *ranges;
    vc_str_t    virtual_rules; /* virtualNetworkRules as JSON; grant nothing */
} vc_network_t;

/*
 * "192.0.2.1", "192.0.2.0/24", "2001:db8::/32"; bits behind the prefix may be
 * set and are cleared.  False for anything else.  A range of IPv6 addresses
 * never holds IPv4 ones: "::/0" does not name "192.0.2.1".
 */
bool vc_range_parse(vc_str_t text, vc_range_t *out);
/* appends it in its shortest form, always with a prefix: "192.0.2.1/32" */
void vc_range_text(const vc_range_t *range, vc_buf_t *out);

/* RFC 1918, RFC 4193, loopback, link-local and shared address space: what a
   vault without public access can still be called from */
bool vc_range_is_private(const vc_range_t *range);

/* whether every address may call, so that there is nothing to decide */
static inline bool
vc_network_is_open(const vc_network_t *network)
{
    return !network->deny && !network->public_disabled;
}


/*
 * Whether an address (text, no port; IPv6 without brackets) may call.  VC_OK;
 * VC_FORBIDDEN_BY_FIREWALL: not by the rules; VC_FORBIDDEN_BY_CONNECTION:
 * public access is off, and no rule names a private range that it lies in.
 * What is no address (a unix socket) is refused as soon as addresses matter.
 * No words: the caller knows who is asking.
 */
vc_status_t vc_network_decide(const vc_network_t *network, vc_str_t address)
    VC_MUST_CHECK;

#endif /* VC_ACCESS_NETWORK_H */
