#include "crypto/random.h"

#include <limits.h>
#include <string.h>

#include <openssl/rand.h>


vc_status_t
vc_random(void *out, size_t n)
{
    if (n > INT_MAX || RAND_priv_bytes(out, (int) n) != 1) {
        return VC_CRYPTO;
    }

    return VC_OK;
}


void
vc_random_guid_from(char *out, const uint8_t random[VC_GUID_BYTES])
{
    uint8_t bytes[VC_GUID_BYTES];

    memcpy(bytes, random, sizeof(bytes));
    bytes[6] = (uint8_t) ((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (uint8_t) ((bytes[8] & 0x3f) | 0x80);
    vc_guid_encode(out, bytes);
}


vc_status_t
vc_random_guid(char *out)
{
    uint8_t     bytes[VC_GUID_BYTES];
    vc_status_t status;

    status = vc_random(bytes, sizeof(bytes));
    if (status == VC_OK) {
        vc_random_guid_from(out, bytes);
    }

    return status;
}
