/*
 * A request that passed authentication: the first line is METHOD and target,
 * the rest the body.  A '@' in front of the line asks the management plane, a
 * '~' at the beginning of its target stands for the subscription.
 */

#include <stdio.h>
#include <string.h>

#include "fuzz.h"


/* the target in a form that the management plane has an answer for */
static vc_str_t
fuzz_target(const fixture_t *fixture, vc_str_t target)
{
    static uint8_t text[8192];
    size_t         n;

    if (target.len == 0 || target.data[0] != '~'
        || target.len + 64 > sizeof(text)) {
        return target;
    }

    n = (size_t) snprintf((char *) text, sizeof(text), "/subscriptions/%s",
        fixture->installation.id);
    memcpy(text + n, target.data + 1, target.len - 1);

    return (vc_str_t){text, n + target.len - 1};
}


static void
fuzz_manage(const fixture_t *fixture, vc_request_t *request)
{
    request->plane = VC_PLANE_MANAGEMENT;
    request->resource = VC_STR(FIXTURE_MANAGEMENT);
    request->host = VC_STR("management.localhost:8443");
    request->authorization = vc_str(fixture->manager);
    request->target = fuzz_target(fixture, request->target);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool           manage;
    vc_str_t       head, body;
    fixture_t     *fixture;
    vc_call_t     *call;
    vc_request_t   request;
    const uint8_t *end, *blank;

    fixture = fuzz_fixture();
    manage = (size > 0 && data[0] == '@');
    data += manage ? 1 : 0;
    size -= manage ? 1 : 0;

    end = memchr(data, '\n', size);
    if (end == NULL) {
        return 0;
    }

    head = (vc_str_t){data, (size_t) (end - data)};
    body = (vc_str_t){end + 1, size - head.len - 1};

    blank = memchr(head.data, ' ', head.len);
    if (blank == NULL) {
        return 0;
    }

    request = fixture_request(fixture, "", "");
    request.method = (vc_str_t){head.data, (size_t) (blank - head.data)};
    request.target = (vc_str_t){blank + 1, head.len - request.method.len - 1};

    if (manage) {
        fuzz_manage(fixture, &request);
    }

    call = fixture_send(fixture, &request, body);
    fuzz_check_answer(call);
    vc_call_destroy(call);

    return 0;
}
