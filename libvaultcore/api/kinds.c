#include "api/kinds.h"

#include "api/secret_json.h"


static const vc_kind_info_t vc_kinds[] = {
    [VC_FAMILY_SECRETS] =
        {
            .kind = VC_KIND_SECRET,
            .collection = VC_STR_INIT("/secrets/"),
            .deleted_collection = VC_STR_INIT("/deletedsecrets/"),
            .noun = "secret",
            .title = "Secret",
            .not_found = VC_SECRET_NOT_FOUND,
            .bundle = vc_secret_bundle,
            .item = vc_secret_item,
        },
};


const vc_kind_info_t *
vc_call_kind(const vc_call_t *call)
{
    return &vc_kinds[call->operation->family];
}


vc_objects_t
vc_call_objects(vc_call_t *call)
{
    const vc_kind_info_t *kind;

    kind = vc_call_kind(call);

    return (vc_objects_t){
        .session = call->context->session,
        .arena = call->arena,
        .vault = call->vault,
        .kind = kind->kind,
        .due = kind->due,
        .now = call->now,
        .err = &call->error,
    };
}
