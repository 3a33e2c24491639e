/* bodies of texts: what is read in place is what the JSON library reads */

#include "api/json_texts.h"
#include "api/object_body.h"
#include "fuzz.h"

#define MEMBERS 3


static void
fuzz_compare(const json_t *body, const vc_text_t *text)
{
    json_t *member;

    member = vc_json_member(body, text->name);

    if (text->given != json_is_string(member)
        || (text->given && !vc_str_eq(text->value, vc_json_text(member))))
    {
        abort();
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t    i;
    json_t   *body;
    vc_text_t texts[MEMBERS] = {{.name = "alg"}, {.name = "value"},
        {.name = ""}};

    if (!vc_texts_plain((vc_str_t){data, size}, texts, MEMBERS)) {
        return 0;
    }

    body = json_loadb((const char *) data, size, JSON_REJECT_DUPLICATES, NULL);

    if (!json_is_object(body)) {
        abort();
    }

    for (i = 0; i < MEMBERS; i++) {
        fuzz_compare(body, &texts[i]);
    }

    json_decref(body);

    return 0;
}
