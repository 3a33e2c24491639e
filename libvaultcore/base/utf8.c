/* UTF-8 (RFC 3629), as bytes.h declares it */

#include "base/bytes.h"

#include <string.h>


/* whether eight bytes are all below 0x80 */
static bool
vc_is_ascii(const uint8_t *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof(word));

    return (word & 0x8080808080808080U) == 0;
}


bool
vc_utf8_valid(vc_str_t s)
{
    size_t         i, n, k;
    uint32_t       point, least;
    const uint8_t *p;

    for (i = 0; i < s.len; i += n) {
        while (s.len - i > 8 && vc_is_ascii(s.data + i)) {
            i += 8;
        }

        p = s.data + i;

        if (p[0] < 0x80) {
            n = 1;
            continue;
        }

        if ((p[0] & 0xe0) == 0xc0) {
            n = 2;
            least = 0x80;
            point = p[0] & 0x1f;

        } else if ((p[0] & 0xf0) == 0xe0) {
            n = 3;
            least = 0x800;
            point = p[0] & 0x0f;

        } else if ((p[0] & 0xf8) == 0xf0) {
            n = 4;
            least = 0x10000;
            point = p[0] & 0x07;

        } else {
            return false;
        }

        if (s.len - i < n) {
            return false;
        }

        for (k = 1; k < n; k++) {
            if ((p[k] & 0xc0) != 0x80) {
                return false;
            }

            point = (point << 6) | (p[k] & 0x3f);
        }

        if (point < least || point > 0x10ffff
            || (point >= 0xd800 && point <= 0xdfff)) {
            return false;
        }
    }

    return true;
}
