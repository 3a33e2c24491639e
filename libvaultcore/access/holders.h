/*
 * Whom an entry of a vault's policies or an assignment of a role can name to
 * mean a principal: its object id, and its groups.  A list of thousands is
 * asked about each, so most are passed over by a look at a few bits.
 */

#ifndef VC_ACCESS_HOLDERS_H
#define VC_ACCESS_HOLDERS_H

#include <stdint.h>

#include "identity/principal.h"

#define VC_HOLDER_BITS 4096

typedef struct {
    const vc_principal_t *principal;
    uint64_t              bits[VC_HOLDER_BITS / 64];
} vc_holders_t;

/* the principal must outlive it; costs one look at each of its groups */
void vc_holders_of(const vc_principal_t *principal, vc_holders_t *out);

/* whether a GUID, in any case, is the principal's or one of its groups' */
bool vc_holders_have(const vc_holders_t *holders,
    const char                           id[VC_GUID_LEN + 1]);

#endif /* VC_ACCESS_HOLDERS_H */
