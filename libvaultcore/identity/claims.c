#include "identity/claims.h"

#include <string.h>

#define VC_TIME_MAX ((int64_t) 1 << 53)


vc_str_t
vc_claim_text(const json_t *claims, const char *name)
{
    const json_t *value;

    value = json_object_get(claims, name);

    return (vc_str_t){(const uint8_t *) json_string_value(value),
        json_string_length(value)};
}


const json_t *
vc_claim_path(const json_t *claims, const char *path)
{
    const char   *dot;
    const json_t *whole;

    for (;;) {
        whole = json_object_get(claims, path);
        dot = strchr(path, '.');

        if (whole != NULL || dot == NULL) {
            return whole;
        }

        claims = json_object_getn(claims, path, (size_t) (dot - path));
        path = dot + 1;
    }
}


vc_claim_time_t
vc_claim_time(const json_t *claims, const char *name, int64_t *out)
{
    double        real;
    int64_t       whole;
    const json_t *value;

    value = json_object_get(claims, name);
    if (value == NULL) {
        return VC_TIME_ABSENT;
    }

    if (json_is_integer(value)) {
        whole = json_integer_value(value);

    } else if (json_is_real(value)) {
        real = json_real_value(value);
        if (!(real >= -(double) VC_TIME_MAX && real <= (double) VC_TIME_MAX)) {
            return VC_TIME_BAD;
        }

        whole = (int64_t) real;
        whole -= ((double) whole > real) ? 1 : 0; /* downwards, below 0 too */

    } else {
        return VC_TIME_BAD;
    }

    if (whole < -VC_TIME_MAX || whole > VC_TIME_MAX) {
        return VC_TIME_BAD;
    }

    *out = whole;

    return VC_TIME_GOOD;
}


static bool
vc_claim_one_audience(const json_t *value,
    bool (*accepts)(const void *data, vc_str_t audience), const void *data)
{
    return json_is_string(value)
           && accepts(data,
               (vc_str_t){(const uint8_t *) json_string_value(value),
                   json_string_length(value)});
}


bool
vc_claim_audience(const json_t *claims,
    bool (*accepts)(const void *data, vc_str_t audience), const void *data)
{
    size_t  i;
    json_t *audience, *each;

    audience = json_object_get(claims, "aud");

    json_array_foreach(audience, i, each)
    {
        if (vc_claim_one_audience(each, accepts, data)) {
            return true;
        }
    }

    return vc_claim_one_audience(audience, accepts, data);
}


static vc_str_t
vc_less_slash(vc_str_t s)
{
    if (s.len > 1 && s.data[s.len - 1] == '/') {
        s.len--;
    }

    return s;
}


bool
vc_address_eq(vc_str_t a, vc_str_t b)
{
    return vc_str_eq(vc_less_slash(a), vc_less_slash(b));
}


const char *
vc_claim_echo(char out[VC_ECHO_MAX + 1], vc_str_t value)
{
    return vc_str_printable(value, out, VC_ECHO_MAX + 1);
}
