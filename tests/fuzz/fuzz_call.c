/*
 * A request to a vault that passed authentication: the first line is METHOD
 * and target, the rest the body.
 */

#include <string.h>

#include "fuzz.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vc_str_t       head, body;
    fixture_t     *fixture;
    vc_call_t     *call;
    vc_request_t   request;
    const uint8_t *end, *blank;

    fixture = fuzz_fixture();

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

    call = fixture_send(fixture, &request, body);
    fuzz_check_answer(call);
    vc_call_destroy(call);

    return 0;
}
