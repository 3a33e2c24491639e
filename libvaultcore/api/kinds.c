#include "api/kinds.h"

#include "api/key_json.h"
#include "api/secret_json.h"
#include "objects/key_policy.h"


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
    [VC_FAMILY_KEYS] =
        {
            .kind = VC_KIND_KEY,
            .collection = VC_STR_INIT("/keys/"),
            .deleted_collection = VC_STR_INIT("/deletedkeys/"),
            .noun = "key",
            .title = "Key",
            .not_found = VC_KEY_NOT_FOUND,
            .bundle = vc_key_bundle,
            .item = vc_key_item,
            .due = vc_key_policy_due,
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
