/* the Authorization header of a request */

#include <string.h>

#include "fuzz.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fixture_t   *fixture;
    vc_call_t   *call;
    vc_request_t request;

    fixture = fuzz_fixture();
    request = fixture_request(fixture, "GET", "/secrets?api-version=7.4");
    request.authorization = (vc_str_t){data, size};

    call = fixture_send(fixture, &request, VC_STR_NULL);
    fuzz_check_answer(call);

    /* nothing that a fuzzer writes can be signed by the authority */
    if (vc_call_response(call)->status != 401) {
        abort();
    }

    vc_call_destroy(call);

    return 0;
}
