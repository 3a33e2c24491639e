/* The answers that keys are put into, and what access records say of a key. */

#ifndef VC_API_KEY_JSON_H
#define VC_API_KEY_JSON_H

#include "api/call.h"
#include "objects/stored_key.h"

/* of vc_kind_info_t: a KeyBundle or DeletedKeyBundle, public part only, and a
   KeyItem; bundles also note the key for the access record */
void vc_key_bundle(vc_call_t *call, const vc_object_t *object);
void vc_key_item(vc_call_t *call, const vc_object_t *object, bool versioned);

/* keyProperties of the call's access record */
void vc_key_note(vc_call_t *call, const vc_stored_key_t *key);

/* appends ["sign","verify"], and ,"release_policy":{…} if the key has one */
void vc_key_put_operations(vc_buf_t *out, uint32_t operations);
void vc_key_put_release_policy(vc_call_t *call, const vc_stored_key_t *key);

#endif /* VC_API_KEY_JSON_H */
