#include "access/holders.h"

#include <string.h>

/* digits and '-' have this bit anyway */
#define VC_HOLDER_FOLD 0x2020202020202020U


/* two numbers below VC_HOLDER_BITS; ids differ at one end at least, whatever
   made them */
static void
vc_holder_slots(const uint8_t *id, unsigned slots[2])
{
    uint32_t head, tail;
    uint64_t mixed;

    memcpy(&head, id, sizeof(head));
    memcpy(&tail, id + VC_GUID_LEN - sizeof(tail), sizeof(tail));

    mixed = (((uint64_t) head << 32 | tail) | VC_HOLDER_FOLD);
    mixed = (mixed ^ mixed >> 32) * 0x9e3779b97f4a7c15U;

    slots[0] = (unsigned) (mixed >> 52);
    slots[1] = (unsigned) (mixed >> 40) % VC_HOLDER_BITS;
}


static bool
vc_holders_bit(const vc_holders_t *holders, unsigned slot)
{
    return (holders->bits[slot / 64] >> slot % 64 & 1) != 0;
}


/* what is no GUID is nobody's id in a list */
static void
vc_holders_add(vc_holders_t *holders, vc_str_t id)
{
    unsigned slots[2];

    if (id.len == VC_GUID_LEN) {
        vc_holder_slots(id.data, slots);
        holders->bits[slots[0] / 64] |= (uint64_t) 1 << slots[0] % 64;
        holders->bits[slots[1] / 64] |= (uint64_t) 1 << slots[1] % 64;
    }
}


void
vc_holders_of(const vc_principal_t *principal, vc_holders_t *out)
{
    size_t i;

    memset(out->bits, 0, sizeof(out->bits));
    out->principal = principal;
    vc_holders_add(out, principal->object_id);

    for (i = 0; i < principal->group_count; i++) {
        vc_holders_add(out, principal->groups[i]);
    }
}


bool
vc_holders_have(const vc_holders_t *holders, const char id[VC_GUID_LEN + 1])
{
    size_t                i;
    unsigned              slots[2];
    vc_str_t              view;
    const vc_principal_t *principal;

    view = (vc_str_t){(const uint8_t *) id, VC_GUID_LEN};
    vc_holder_slots(view.data, slots);

    if (!vc_holders_bit(holders, slots[0])
        || !vc_holders_bit(holders, slots[1])) {
        return false;
    }

    principal = holders->principal;

    if (vc_str_ieq(view, principal->object_id)) {
        return true;
    }

    for (i = 0; i < principal->group_count; i++) {
        if (vc_str_ieq(view, principal->groups[i])) {
            return true;
        }
    }

    return false;
}
