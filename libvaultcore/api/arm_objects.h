/*
 * Secrets and keys as resources of their vault: what templates make and look
 * at.  Values and private keys are never answered.  The vault's access
 * policies are not asked: the row's action was decided by roles.
 */

#ifndef VC_API_ARM_OBJECTS_H
#define VC_API_ARM_OBJECTS_H

#include <jansson.h>

#include "api/operations.h"
#include "objects/object.h"

/* arm_secrets.c.  All: VC_BAD_PARAMETER; get and patch: VC_SECRET_NOT_FOUND;
   put: VC_OBJECT_DELETED. */
vc_status_t vc_arm_secret_list(vc_call_t *call);
vc_status_t vc_arm_secret_get(vc_call_t *call);
vc_status_t vc_arm_secret_put(vc_call_t *call);
vc_status_t vc_arm_secret_patch(vc_call_t *call);

/* arm_keys.c.  The same, VC_KEY_NOT_FOUND.  put makes the first version; a key
   that is there stays as it is. */
vc_status_t vc_arm_key_list(vc_call_t *call);
vc_status_t vc_arm_key_version_list(vc_call_t *call);
vc_status_t vc_arm_key_get(vc_call_t *call);
vc_status_t vc_arm_key_put(vc_call_t *call);

/* DELETE of either: VC_ARM_DISALLOWED */
vc_status_t vc_arm_object_delete(vc_call_t *call);


/* --- what both share (arm_objects.c) -------------------------------------------- */

/* the vault and the object's name become those of the data plane's handlers;
   VC_BAD_PARAMETER: it cannot be a name */
vc_status_t vc_arm_object_begin(vc_call_t *call, vc_objects_t *objects)
    VC_MUST_CHECK;

/*
 * The body's properties and tags in one object, as bodies of the data plane
 * have them; names: pairs of a name here and there, NULL behind the last,
 * for members that differ.  The caller gives the reference back.
 */
vc_status_t vc_arm_object_body(vc_call_t *call, const char *const *names,
    json_t **out) VC_MUST_CHECK;

/* what reading such an object has come to: refusals name the members as the
   body had them; names as above */
vc_status_t vc_arm_object_rename(vc_call_t *call, vc_status_t status,
    const char *const *names) VC_MUST_CHECK;

/* appends {"id":…,"tags":…,"properties":{"attributes":{…}; more stands within
   the attributes, and versioned says that it is a version's resource */
void vc_arm_put_object_head(vc_call_t *call, const vc_version_t *version,
    bool versioned, vc_str_t more);

/* appends ,"secretUri":"…","secretUriWithVersion":"…", or keyUri … */
void vc_arm_put_object_uris(vc_call_t *call, const vc_version_t *version,
    const char *member, const char *port);

/* answers a list: live objects, or the versions of the route's */
vc_status_t vc_arm_object_list(vc_call_t *call, bool versions,
    void (*put)(vc_call_t *call, const vc_object_t *object, bool versioned))
    VC_MUST_CHECK;

#endif /* VC_API_ARM_OBJECTS_H */
